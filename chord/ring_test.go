package chord

import (
	"testing"

	"pgregory.net/rapid"
)

// walkArc visits the points strictly inside the clockwise arc from a to b on a
// circle of 2^bits points, the whole circle but a for a = b.
func walkArc(a, b, mask uint64, visit func(uint64)) {
	for x := (a + 1) & mask; x != b; x = (x + 1) & mask {
		visit(x)
	}
}

// The arcs are what walking them gives, on every circle of up to 5 bits and
// for every pair of ends.
func TestArcsAgainstWalking(t *testing.T) {
	for bits := 1; bits <= 5; bits++ {
		mask := Mask(bits)
		for a := uint64(0); a <= mask; a++ {
			for b := uint64(0); b <= mask; b++ {
				inside := make([]bool, mask+1)
				length := uint64(1)
				walkArc(a, b, mask, func(x uint64) { inside[x] = true; length++ })
				if want := length & mask; Distance(a, b, mask) != want {
					t.Fatalf("%d bits: Distance(%d, %d) = %d, want %d", bits, a, b, Distance(a, b, mask), want)
				}
				for x := uint64(0); x <= mask; x++ {
					if got := Between(a, x, b); got != inside[x] {
						t.Fatalf("%d bits: Between(%d, %d, %d) = %v", bits, a, x, b, got)
					}
					if got, want := BetweenRightIncl(a, x, b), inside[x] || x == b; got != want {
						t.Fatalf("%d bits: BetweenRightIncl(%d, %d, %d) = %v", bits, a, x, b, got)
					}
				}
			}
		}
	}
}

// On circles of any size: exactly one of x before y and y before x on the way
// from a, turning the circle changes nothing, and distances around add up.
func TestArcsOnLargeCircles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bits := rapid.IntRange(3, 64).Draw(t, "bits")
		mask := Mask(bits)
		id := rapid.Uint64Range(0, mask)
		a, x, y, turn := id.Draw(t, "a"), id.Draw(t, "x"), id.Draw(t, "y"), id.Draw(t, "turn")
		if a != x && x != y && a != y && Between(a, x, y) == Between(a, y, x) {
			t.Fatalf("both or neither of %d, %d come first after %d", x, y, a)
		}
		if Between(a, x, y) != Between((a+turn)&mask, (x+turn)&mask, (y+turn)&mask) {
			t.Fatal("turning the circle changes an arc")
		}
		if (Distance(a, x, mask)+Distance(x, y, mask)-Distance(a, y, mask))&mask != 0 {
			t.Fatal("distances do not add up")
		}
		if Distance(a, x, mask) > mask {
			t.Fatal("a distance is longer than the circle")
		}
		want := x != a && (a == y || Distance(a, x, mask) < Distance(a, y, mask))
		if Between(a, x, y) != want {
			t.Fatalf("Between(%d, %d, %d) = %v by distance", a, x, y, want)
		}
	})
}
