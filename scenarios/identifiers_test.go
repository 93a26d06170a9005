package scenarios

import (
	"math"
	"testing"

	"chordsim/chord"
	"chordsim/sim"
)

func drawnIDs(bits int, seed uint64) identifiers {
	return identifiers{bits: bits, key: sim.NewStream(seed, 0, streamIDs)}
}

// Every identifier of the circle goes to one address: none twice, none beyond
// the circle, and so, by counting, none left out.
func TestDrawnIdentifiersAreOneToOne(t *testing.T) {
	for bits := 1; bits <= 16; bits++ {
		for seed := range uint64(3) {
			ids := drawnIDs(bits, seed)
			taken := make([]bool, 1<<bits)
			for a := chord.Addr(1); a <= 1<<bits; a++ {
				id := ids.of(a)
				if id >= 1<<bits || taken[id] {
					t.Fatalf("%d bits, seed %d: address %d has the identifier %d, beyond the circle or taken", bits, seed, a, id)
				}
				taken[id] = true
			}
		}
	}
}

// Wider circles cannot be counted out; a hundred thousand addresses do not meet.
func TestDrawnIdentifiersDoNotMeet(t *testing.T) {
	for _, bits := range []int{17, 24, 31, 32, 33, 63, 64} {
		ids := drawnIDs(bits, 1)
		seen := make(map[uint64]bool, 100_000)
		for a := chord.Addr(1); a <= 100_000; a++ {
			id := ids.of(a)
			if id > chord.Mask(bits) || seen[id] {
				t.Fatalf("%d bits: address %d has the identifier %x", bits, a, id)
			}
			seen[id] = true
		}
	}
}

// Identifiers lie as evenly as random ones: in 256 equal arcs, by their high
// bits as by their low ones, chi-squared is within five standard deviations of
// its mean, and neighbouring addresses differ in half of the bits.
func TestDrawnIdentifiersAreSpread(t *testing.T) {
	const n, arcs = 1 << 16, 256
	for seed := range uint64(4) {
		ids := drawnIDs(64, seed)
		var high, low [arcs]int
		flipped := 0
		for a := chord.Addr(1); a <= n; a++ {
			id := ids.of(a)
			high[id>>56]++
			low[id&255]++
			for x := id ^ ids.of(a+1); x != 0; x &= x - 1 {
				flipped++
			}
		}
		for name, counts := range map[string]*[arcs]int{"high": &high, "low": &low} {
			chi := 0.0
			for _, c := range counts {
				d := float64(c) - n/arcs
				chi += d * d / (n / arcs)
			}
			if math.Abs(chi-(arcs-1)) > 5*math.Sqrt(2*(arcs-1)) {
				t.Errorf("seed %d: chi-squared of the %s bits is %.0f, want about %d", seed, name, chi, arcs-1)
			}
		}
		if mean := float64(flipped) / n; math.Abs(mean-32) > 0.1 {
			t.Errorf("seed %d: neighbours differ in %.2f bits, want 32", seed, mean)
		}
		if seed > 0 && ids.of(1) == drawnIDs(64, 0).of(1) {
			t.Errorf("seeds 0 and %d give the same identifiers", seed)
		}
	}
}

// printf 10.0.0.0:1 | sha1sum, cut to the last bits; the seed plays no part.
func TestHashedIdentifiers(t *testing.T) {
	for _, c := range []struct {
		addr chord.Addr
		bits int
		want uint64
	}{
		{1, 64, 0x6cfbfd1473c309aa}, {1, 16, 0x09aa}, {2, 64, 0x61c26e66bcbc63a7}, {4294967295, 24, 0x941381},
	} {
		ids := drawnIDs(c.bits, 5)
		ids.hashed = true
		if got := ids.of(c.addr); got != c.want {
			t.Errorf("address %d has the identifier %x in %d bits, want %x", c.addr, got, c.bits, c.want)
		}
	}
}
