package sim

import (
	"math/bits"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Streams are part of the promise: a changed word changes every digest.
func TestStreamGoldens(t *testing.T) {
	// The finaliser with the golden step is splitmix64: the first words from state
	// 1234567 are those of its reference implementation.
	s := Stream{key: 1234567}
	for n, want := range []uint64{6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821} {
		if got := s.At(uint64(n)); got != want {
			t.Errorf("word %d is %d, splitmix64 gives %d", n, got, want)
		}
	}
	for _, c := range []struct{ seed, actor, purpose, n, want uint64 }{
		{0, 0, 0, 0, 0x2130748aaac80268},
		{42, 1, 2, 3, 0x4da5d252b0d9a507},
		{42, 2, 1, 3, 0xf60e5731f19f63c6},
		{1<<64 - 1, 1<<32 - 1, 7, 1 << 40, 0x7da43d6a0c7511c0},
	} {
		if got := NewStream(c.seed, c.actor, c.purpose).At(c.n); got != c.want {
			t.Errorf("stream (%d, %d, %d) at %d is %#x, want %#x", c.seed, c.actor, c.purpose, c.n, got, c.want)
		}
	}
}

// No two words among neighbouring seeds, actors, purposes and places are equal. By
// chance alone one of 160,000 words would meet another once in 1.4 billion tests.
func TestNeighbouringStreamsDoNotMeet(t *testing.T) {
	var words []uint64
	for seed := range uint64(4) {
		for actor := range uint64(100) {
			for purpose := range uint64(20) {
				s := NewStream(seed, actor, purpose)
				for n := range uint64(20) {
					words = append(words, s.At(n))
				}
			}
		}
	}
	all := len(words)
	slices.Sort(words)
	if words = slices.Compact(words); len(words) != all {
		t.Errorf("%d of %d words are equal to another", all-len(words), all)
	}
}

// Every bit of a word is set half of the time, and a step of the place, the actor or
// the purpose flips every bit half of the time. Five standard deviations of 40,000
// tosses are 500.
func TestStreamBitsAreBalanced(t *testing.T) {
	const tosses = 40_000
	for name, word := range map[string]func(uint64) uint64{
		"set":                         func(i uint64) uint64 { return NewStream(1, 2, 3).At(i) },
		"flipped by the next place":   func(i uint64) uint64 { s := NewStream(1, 2, 3); return s.At(i) ^ s.At(i+1) },
		"flipped by the next actor":   func(i uint64) uint64 { return NewStream(1, i, 3).At(0) ^ NewStream(1, i+1, 3).At(0) },
		"flipped by the next purpose": func(i uint64) uint64 { return NewStream(1, 2, i).At(0) ^ NewStream(1, 2, i+1).At(0) },
		"flipped by the next seed":    func(i uint64) uint64 { return NewStream(i, 2, 3).At(0) ^ NewStream(i+1, 2, 3).At(0) },
		"flipped by swapping":         func(i uint64) uint64 { return NewStream(1, i, i+1).At(0) ^ NewStream(1, i+1, i).At(0) },
	} {
		var ones [64]int
		for i := range uint64(tosses) {
			for w := word(i); w != 0; w &= w - 1 {
				ones[bits.TrailingZeros64(w)]++
			}
		}
		for bit, n := range ones {
			if n < tosses/2-500 || n > tosses/2+500 {
				t.Errorf("bit %d is %s %d times in %d", bit, name, n, tosses)
			}
		}
	}
}

func TestUniformAndFloat01(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw, n := rapid.Uint64().Draw(t, "draw"), rapid.Uint64Min(1).Draw(t, "n")
		if v := Uniform(draw, n); v >= n {
			t.Fatalf("Uniform(%d, %d) = %d", draw, n, v)
		}
		if f := Float01(draw); f < 0 || f >= 1 || uint64(f*(1<<53)) != draw>>11 {
			t.Fatalf("Float01(%d) = %g", draw, f)
		}
	})
	if Uniform(1<<64-1, 6) != 5 || Uniform(0, 6) != 0 || Uniform(1<<63, 6) != 3 {
		t.Error("Uniform does not spread the words over 0..5")
	}
	if Float01(1<<64-1) != 1-1.0/(1<<53) || Float01(0) != 0 || Float01(1<<63) != 0.5 {
		t.Error("Float01 does not spread the words over [0, 1)")
	}
}

// A sample is the beginning of a shuffle, whether it remembers all places or only
// those that moved.
func TestSampleIsTheStartOfAShuffle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Uint64Range(0, 300).Draw(t, "n")
		k := rapid.Uint64Range(0, n).Draw(t, "k")
		s := NewStream(rapid.Uint64().Draw(t, "seed"), 0, 0)
		all := make([]uint64, n)
		for i := range all {
			all[i] = uint64(i)
		}
		r := NewRand(s)
		r.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		if got := NewRand(s).Sample(k, n); !slices.Equal(got, all[:k]) {
			t.Fatalf("sample of %d out of %d is %v, the shuffle is %v", k, n, got, all)
		}
		slices.Sort(all)
		for i, v := range all {
			if v != uint64(i) {
				t.Fatalf("shuffled %d values into %v", n, all)
			}
		}
	})
	if got := NewRand(NewStream(1, 2, 3)).Sample(3, 1<<60); len(got) != 3 || got[0] == got[1] || got[1] == got[2] {
		t.Errorf("sample of 3 out of 2^60 is %v", got)
	}
}

// All 24 orders of four things come up alike: 24,000 shuffles, 1,000 each, five
// standard deviations are 155.
func TestShuffleIsFair(t *testing.T) {
	r := NewRand(NewStream(7, 0, 0))
	count := map[[4]int]int{}
	for range 24_000 {
		v := [4]int{0, 1, 2, 3}
		r.Shuffle(4, func(i, j int) { v[i], v[j] = v[j], v[i] })
		count[v]++
	}
	for v, n := range count {
		if n < 845 || n > 1155 {
			t.Errorf("order %v came up %d times", v, n)
		}
	}
	if len(count) != 24 {
		t.Errorf("%d orders of 24 came up", len(count))
	}
}

func TestRandReadsItsStream(t *testing.T) {
	s := NewStream(1, 2, 3)
	r := NewRand(s)
	if a, b, c := r.Uint64(), r.Intn(10), r.Float01(); a != s.At(0) || b != Uniform(s.At(1), 10) || c != Float01(s.At(2)) {
		t.Errorf("read %d, %d, %g", a, b, c)
	}
	mustPanic(t, "draw of one out of none", func() { r.Intn(0) })
	mustPanic(t, "sample of 3 out of 2", func() { r.Sample(3, 2) })
}
