package sim

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"
)

func mustZipf(t testing.TB, n uint64, s float64) *Zipf {
	t.Helper()
	z, err := NewZipf(n, s)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestZipfErrors(t *testing.T) {
	for _, c := range []struct {
		n    uint64
		s    float64
		want string
	}{
		{0, 1, "n: 0 is outside of 1 to 10000000"},
		{10_000_001, 1, "n: 10000001 is outside of 1 to 10000000"},
		{1 << 63, 1, "n: 9223372036854775808 is outside of 1 to 10000000"},
		{10, 0, "s: 0 is not above 0 and at most 5"},
		{10, -1, "s: -1 is not above 0 and at most 5"},
		{10, 5.01, "s: 5.01 is not above 0 and at most 5"},
		{0, math.NaN(), "n: 0 is outside of 1 to 10000000\ns: NaN is not above 0 and at most 5"},
	} {
		if z, err := NewZipf(c.n, c.s); z != nil || err == nil || err.Error() != c.want {
			t.Errorf("NewZipf(%d, %v): %v, want %s", c.n, c.s, err, c.want)
		}
	}
}

// The table against the formula, computed by the library's functions.
func TestZipfSharesInTheTable(t *testing.T) {
	for _, s := range []float64{1e-9, 0.5, 0.99, 1, 1.5, 5} {
		for _, n := range []uint64{1, 2, 1000} {
			z := mustZipf(t, n, s)
			sum := 0.0
			for k := range n {
				sum += math.Pow(float64(k+1), -s)
			}
			before := uint64(0)
			for k, upto := range z.upto {
				got, want := float64(upto-before)/float64(z.upto[n-1]), math.Pow(float64(k+1), -s)/sum
				if math.Abs(got-want) > 1e-12*want+0x1p-60 {
					t.Errorf("n = %d, s = %v: rank %d has the share %v, want %v", n, s, k, got, want)
				}
				before = upto
			}
			if total := z.upto[n-1]; total < 1<<61 || total >= 1<<63 {
				t.Errorf("n = %d, s = %v: the weights are %d together", n, s, total)
			}
		}
	}
}

// What is drawn against theory, within five standard deviations of each share.
func TestZipfShares(t *testing.T) {
	const n, draws = 100, 200_000
	for i, s := range []float64{0.5, 0.99, 1, 2} {
		z, stream := mustZipf(t, n, s), NewStream(1, uint64(i), 2)
		var count [n]int
		for d := range uint64(draws) {
			count[z.Draw(stream.At(d))]++
		}
		sum := 0.0
		for k := range n {
			sum += math.Pow(float64(k+1), -s)
		}
		for k, got := range count {
			p := math.Pow(float64(k+1), -s) / sum
			if deviation := math.Sqrt(draws * p * (1 - p)); math.Abs(float64(got)-draws*p) > 5*deviation {
				t.Errorf("s = %v: rank %d drawn %d times, want %.0f ± %.0f", s, k, got, draws*p, deviation)
			}
		}
	}
}

// The first and the last word give the first and the last rank, a larger word
// never a smaller one, and every rank is drawn by some word.
func TestZipfRanks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, s := rapid.Uint64Range(1, 3000).Draw(t, "n"), rapid.Float64Range(1e-6, 5).Draw(t, "s")
		z, err := NewZipf(n, s)
		if err != nil {
			t.Fatal(err)
		}
		if first, last := z.Draw(0), z.Draw(math.MaxUint64); first != 0 || last != n-1 {
			t.Fatalf("the words 0 and 2⁶⁴ − 1 give %d and %d", first, last)
		}
		a, b := rapid.Uint64().Draw(t, "a"), rapid.Uint64().Draw(t, "b")
		if z.Draw(min(a, b)) > z.Draw(max(a, b)) {
			t.Fatalf("%d gives %d, %d gives %d", a, z.Draw(a), b, z.Draw(b))
		}
		for k := 1; k < len(z.upto); k++ {
			if z.upto[k] <= z.upto[k-1] {
				t.Fatalf("rank %d has no weight", k)
			}
		}
		if z.Bytes() != 8*int64(n) {
			t.Fatalf("%d bytes of %d items", z.Bytes(), n)
		}
	})
	if got := mustZipf(t, 1, 0.99).Draw(0x123456789abcdef0); got != 0 {
		t.Errorf("one item: drew rank %d", got)
	}
}

// One number for ten thousand draws: one that differs on some architecture changes it.
func TestZipfBits(t *testing.T) {
	for _, c := range []struct {
		n    uint64
		s    float64
		want uint64
	}{
		{1000, 1, 0x6076fcce84fe86bd}, {1000, 0.99, 0xf7e0751ee3fca3a0}, {100_000, 0.5, 0x3a2e90a922f4429b}, {50_000, 3, 0xa6d5f6b9e27458eb},
	} {
		z := mustZipf(t, c.n, c.s)
		sum, draws := uint64(0), NewStream(1, 2, 3)
		for i := range uint64(10_000) {
			sum = scramble(sum ^ z.Draw(draws.At(i)))
		}
		for _, upto := range z.upto {
			sum = scramble(sum ^ upto)
		}
		if sum != c.want {
			t.Errorf("n = %d, s = %v: %#016x, want %#016x", c.n, c.s, sum, c.want)
		}
	}
}

func TestZipfDrawsDoNotAllocate(t *testing.T) {
	z, i, stream := mustZipf(t, 10_000, 0.99), uint64(0), NewStream(1, 2, 3)
	sum := uint64(0)
	if got := testing.AllocsPerRun(1000, func() { sum += z.Draw(stream.At(i)); i++ }); got != 0 || sum == 0 {
		t.Errorf("%v allocations a draw", got)
	}
}

func ExampleZipf() {
	z, err := NewZipf(1000, 0.99)
	if err != nil {
		fmt.Println(err)
		return
	}
	stream := NewStream(42, 0, 0)
	for i := range uint64(8) {
		fmt.Print(z.Draw(stream.At(i)), " ")
	}
	// Output: 168 16 3 130 23 8 37 16
}

func BenchmarkZipf(b *testing.B) {
	for _, n := range []uint64{1000, 1_000_000, 10_000_000} {
		b.Run(fmt.Sprintf("make-%d", n), func(b *testing.B) {
			for range b.N {
				mustZipf(b, n, 0.99)
			}
		})
		b.Run(fmt.Sprintf("draw-%d", n), func(b *testing.B) {
			z, stream := mustZipf(b, n, 0.99), NewStream(1, 2, 3)
			b.ReportAllocs()
			sum := uint64(0)
			for i := range b.N {
				sum += z.Draw(stream.At(uint64(i)))
			}
		})
	}
}
