package sim

import (
	"math"
	"math/bits"
)

// maxZipfItems bounds the table of a Zipf to 80 MB.
const maxZipfItems = 10_000_000

// Zipf draws one of n items by popularity: P(k) is proportional to 1/(k+1)^s for
// the ranks k = 0..n-1 (Zipf 1949; of web requests Breslau et al., "Web caching
// and Zipf-like distributions", INFOCOM 1999, who found an s of 0.64 to 0.83).
// It is made by NewZipf and then only read, by any number of goroutines.
//
// It is a table of cumulative weights that are integers, made of sums and
// products of Pow alone, so that a draw is the same on every architecture.
type Zipf struct {
	upto []uint64 // the weights of the ranks 0..k together; strictly ascending, below 2⁶³
}

// NewZipf returns the distribution over n items, 1 to 10,000,000, with the
// exponent s, above 0 and at most 5. The error names every parameter that is out
// of range, one line each. It takes Bytes of memory, and about 30 ns an item.
func NewZipf(n uint64, s float64) (*Zipf, error) {
	var bad problems
	if n < 1 || n > maxZipfItems {
		bad.addf("n: %d is outside of 1 to %d", n, maxZipfItems)
	}
	if !(s > 0 && s <= 5) {
		bad.addf("s: %v is not above 0 and at most 5", s)
	}
	if err := bad.joined(); err != nil {
		return nil, err
	}
	// First the bits of each weight, 1 or less, and their sum, which says how many
	// bits an integer has for each. Multiplying by a power of two is exact.
	z := &Zipf{upto: make([]uint64, n)}
	sum := 0.0
	for k := range z.upto {
		w := Pow(float64(k+1), -s)
		sum += w
		z.upto[k] = math.Float64bits(w)
	}
	_, exponent := math.Frexp(sum) // sum < 2^exponent
	scale := powerOfTwo(int64(62 - exponent))
	total := uint64(0)
	for k, b := range z.upto {
		// A weight that rounds to nothing is 1: whatever its rank, an item can be drawn.
		total += max(uint64(int64(float64(math.Float64frombits(b)*scale))), 1)
		z.upto[k] = total
	}
	return z, nil
}

// Draw turns one uniform word into a rank, 0..n-1, of which 0 is the most popular.
// A share is off by less than 2⁻⁶⁰ beside what Pow is off. It does not allocate.
func (z *Zipf) Draw(word uint64) uint64 {
	at, _ := bits.Mul64(word, z.upto[len(z.upto)-1])
	// The first rank whose weights, with those before it, go beyond that place.
	lo, hi := 0, len(z.upto)-1
	for lo < hi {
		middle := int(uint(lo+hi) / 2)
		if z.upto[middle] > at {
			hi = middle
		} else {
			lo = middle + 1
		}
	}
	return uint64(lo)
}

// Bytes is the memory of the table: 8 bytes an item.
func (z *Zipf) Bytes() int64 { return 8 * int64(len(z.upto)) }
