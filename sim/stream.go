package sim

import "math/bits"

// golden is 2^64 divided by the golden ratio, made odd: the step of splitmix64
// (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA
// 2014). Its multiples are spread evenly over 64 bits.
const golden = 0x9E3779B97F4A7C15

// scramble is the finaliser of splitmix64 (Stafford's variant 13 of murmur3's): a
// bijection of 64 bits in which each bit of the input flips each of the output
// with a chance of about one half.
func scramble(x uint64) uint64 {
	x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
	x = (x ^ x>>27) * 0x94D049BB133111EB
	return x ^ x>>31
}

// Stream is a sequence of random words that can be read at any place: a draw is
// a function of (seed, actor, purpose, n), so that neither the order of draws nor
// another actor's ever shifts it. It is a plain value of eight bytes.
type Stream struct{ key uint64 }

// NewStream returns the stream of an actor for a purpose. Each argument goes
// through the finaliser on its own, so that neighbouring seeds, actors and
// purposes, and those that merely swap values, have unrelated streams.
func NewStream(seed, actor, purpose uint64) Stream {
	k := scramble(seed + golden)
	k = scramble((k ^ actor) + golden)
	k = scramble((k ^ purpose) + golden)
	return Stream{key: k}
}

// At returns the n-th word of the stream, n from 0.
func (s Stream) At(n uint64) uint64 { return scramble(s.key + (n+1)*golden) }

// Uniform maps a random word to 0..n-1; n = 0 gives 0. It is Lemire's
// multiplication ("Fast random integer generation in an interval", 2019) without
// the rejection, which would take a varying number of draws: a value's share is
// off by less than n in 2^64.
func Uniform(draw, n uint64) uint64 {
	hi, _ := bits.Mul64(draw, n)
	return hi
}

// Float01 maps a random word to [0, 1): a multiple of 2^-53, exact everywhere.
func Float01(draw uint64) float64 { return float64(draw>>11) * (1.0 / (1 << 53)) }

// Rand reads a stream from the start, for who draws in sequence. Two of the same
// stream give the same sequence.
type Rand struct {
	stream Stream
	n      uint64
}

// NewRand returns a reader at the start of s.
func NewRand(s Stream) *Rand { return &Rand{stream: s} }

// Uint64 returns the next word.
func (r *Rand) Uint64() uint64 {
	w := r.stream.At(r.n)
	r.n++
	return w
}

// Intn returns a value of 0..n-1; n must not be 0.
func (r *Rand) Intn(n uint64) uint64 {
	if n == 0 {
		fail("draw of one out of none")
	}
	return Uniform(r.Uint64(), n)
}

// Float01 returns a value of [0, 1).
func (r *Rand) Float01() float64 { return Float01(r.Uint64()) }

// Shuffle permutes n things by swapping, every order equally likely (Fisher and
// Yates, from the front).
func (r *Rand) Shuffle(n int, swap func(i, j int)) {
	for i := 0; i+1 < n; i++ {
		swap(i, i+int(r.Intn(uint64(n-i))))
	}
}

// Sample draws k of 0..n-1 without replacement, k ≤ n, in the order in which they
// are drawn: every ordered choice is equally likely. It takes k draws and memory
// for O(k) values whatever n is.
func (r *Rand) Sample(k, n uint64) []uint64 {
	if k > n {
		fail("sample of %d out of %d", k, n)
	}
	// The first k steps of the same shuffle of 0..n-1. Where most of the places
	// stay untouched, only those that moved are remembered; the map is only asked,
	// never walked.
	out := make([]uint64, k)
	if n <= 4*k {
		all := make([]uint64, n)
		for i := range all {
			all[i] = uint64(i)
		}
		for i := range k {
			j := i + r.Intn(n-i)
			all[i], all[j] = all[j], all[i]
		}
		copy(out, all)
		return out
	}
	moved := make(map[uint64]uint64, k)
	at := func(i uint64) uint64 {
		if v, ok := moved[i]; ok {
			return v
		}
		return i
	}
	for i := range k {
		j := i + r.Intn(n-i)
		out[i] = at(j)
		moved[j] = at(i)
	}
	return out
}
