package sim

import (
	"fmt"
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

func relative(got, want float64) float64 { return math.Abs(got-want) / math.Abs(want) }

func TestExpAgreesWithTheLibrary(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64Range(-700, 709).Draw(t, "x")
		if d := relative(Exp(x), math.Exp(x)); d > 1e-15 {
			t.Fatalf("Exp(%v) = %v, the library %v: %g apart", x, Exp(x), math.Exp(x), d)
		}
	})
	for _, c := range [][2]float64{{0, 1}, {-746, 0}, {710, math.Inf(1)}, {math.Inf(1), math.Inf(1)}, {math.Inf(-1), 0}, {-745, 5e-324}} {
		if got := Exp(c[0]); got != c[1] {
			t.Errorf("Exp(%v) = %v, want %v", c[0], got, c[1])
		}
	}
	if got := Exp(math.NaN()); got == got {
		t.Errorf("Exp(NaN) = %v", got)
	}
}

func TestLogAgreesWithTheLibrary(t *testing.T) {
	check := func(t interface{ Fatalf(string, ...any) }, x float64) {
		if d := relative(Log(x), math.Log(x)); d > 1e-15 {
			t.Fatalf("Log(%v) = %v, the library %v: %g apart", x, Log(x), math.Log(x), d)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		check(t, math.Float64frombits(rapid.Uint64Range(1<<52, math.Float64bits(math.MaxFloat64)).Draw(t, "bits")))
	})
	// Below the normal numbers the library itself is wrong on some architectures.
	rapid.Check(t, func(t *rapid.T) {
		x := math.Float64frombits(rapid.Uint64Range(1, 1<<52).Draw(t, "bits"))
		if d := relative(Log(x), math.Log(x*0x1p100)-100*math.Ln2); d > 1e-15 {
			t.Fatalf("Log(%v) = %v", x, Log(x))
		}
	})
	// Near 1 the logarithm is near 0, and the error must be small against it.
	rapid.Check(t, func(t *rapid.T) {
		x := 1 + rapid.Float64Range(-0.5, 0.5).Draw(t, "d")
		if x != 1 {
			check(t, x)
		}
	})
	if Log(1) != 0 || Log(0) != math.Inf(-1) || Log(math.Inf(1)) != math.Inf(1) {
		t.Errorf("Log(1), Log(0), Log(∞) = %v, %v, %v", Log(1), Log(0), Log(math.Inf(1)))
	}
	if got := Log(-1); got == got {
		t.Errorf("Log(-1) = %v", got)
	}
}

// The library is itself only nearly right; ln 2, e and ln 10 to 60 digits are not in doubt.
func TestExactAgainstDigits(t *testing.T) {
	digits := func(s string) float64 {
		f, _, _ := big.ParseFloat(s, 10, 200, big.ToNearestEven)
		v, _ := f.Float64()
		return v
	}
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"ln 2", Log(2), digits("0.693147180559945309417232121458176568075500134360255254120680")},
		{"ln 10", Log(10), digits("2.302585092994045684017991454684364207601101488628772976033328")},
		{"e", Exp(1), digits("2.718281828459045235360287471352662497757247093699959574966968")},
		{"e^-20", Exp(-20), digits("2.06115362243855782796594038015582097637580727559910369297e-9")},
		{"2^0.5", Pow(2, 0.5), digits("1.414213562373095048801688724209698078569671875376948073176680")},
		{"lnΓ(1/2)", LogGamma(0.5), digits("0.572364942924700087071713675676529355823647406457655785756811")},
		{"z(0.975)", NormalQuantile(0.975), digits("1.959963984540054235524594430520551527955550185563217886948")},
		{"z(1e-9)", NormalQuantile(1e-9), digits("-5.997807015007686871989234466")},
		{"Φ(1.96)", NormalCDF(1.96), digits("0.975002104851779549486")},
	} {
		if relative(c.got, c.want) > 1e-14 {
			t.Errorf("%s = %.17g, want %.17g", c.name, c.got, c.want)
		}
	}
}

func TestPow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, y := rapid.Float64Range(1e-16, 1e6).Draw(t, "x"), rapid.Float64Range(-10, 10).Draw(t, "y")
		if d := relative(Pow(x, y), math.Pow(x, y)); d > 1e-12 {
			t.Fatalf("Pow(%v, %v) = %v, the library %v", x, y, Pow(x, y), math.Pow(x, y))
		}
	})
	if Pow(0, 0) != 1 || Pow(0, 2) != 0 || Pow(0, -1) != math.Inf(1) {
		t.Errorf("Pow(0, 0), Pow(0, 2), Pow(0, -1) = %v, %v, %v", Pow(0, 0), Pow(0, 2), Pow(0, -1))
	}
}

func TestLogGamma(t *testing.T) {
	factorial := 1.0
	for n := 1.0; n <= 20; n++ {
		if got := Exp(LogGamma(n)); relative(got, factorial) > 1e-13 {
			t.Errorf("Γ(%v) = %v, want %v", n, got, factorial)
		}
		factorial *= n
	}
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64Range(1e-3, 1e6).Draw(t, "x")
		want, _ := math.Lgamma(x)
		if d := math.Abs(LogGamma(x) - want); d > 1e-13*math.Max(1, math.Abs(want)) {
			t.Fatalf("ln Γ(%v) = %v, the library %v", x, LogGamma(x), want)
		}
	})
	if got := LogGamma(0); got == got {
		t.Errorf("ln Γ(0) = %v", got)
	}
}

func TestNormalQuantile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.Float64Range(1e-300, 1-1e-16).Draw(t, "p")
		z := NormalQuantile(p)
		if back := math.Erfc(-z/math.Sqrt2) / 2; relative(back, p) > 1e-12 {
			t.Fatalf("quantile of %v = %v, below which the library sees %v", p, z, back)
		}
		if back := NormalCDF(z); math.Abs(back-p) > 1e-14 {
			t.Fatalf("Φ(quantile of %v) = %v", p, back)
		}
		if q := math.Ldexp(float64(rapid.Uint64Range(1, 1<<52).Draw(t, "q")), -53); NormalQuantile(1-q) != -NormalQuantile(q) {
			t.Fatalf("quantiles of %v and 1 − it are not opposite", q)
		}
	})
	if NormalQuantile(0.5) != 0 || NormalQuantile(0) != math.Inf(-1) || NormalQuantile(1) != math.Inf(1) {
		t.Errorf("quantiles of 0.5, 0, 1 = %v, %v, %v", NormalQuantile(0.5), NormalQuantile(0), NormalQuantile(1))
	}
	if got := NormalQuantile(1.1); got == got {
		t.Errorf("quantile of 1.1 = %v", got)
	}
	if NormalCDF(-9) != 0 || NormalCDF(9) != 1 || NormalCDF(0) != 0.5 {
		t.Errorf("Φ(-9), Φ(9), Φ(0) = %v, %v, %v", NormalCDF(-9), NormalCDF(9), NormalCDF(0))
	}
}

// One number for ten thousand results a function: a single bit that differs on some architecture changes it.
func TestExactBits(t *testing.T) {
	functions := []struct {
		name string
		f    func(uint64) float64
		want uint64
	}{
		{"Exp", func(u uint64) float64 { return Exp(float64(int64(u>>11))*0x1p-43 - 700) }, 0x88f2948f492077ea},
		{"Log", func(u uint64) float64 { return Log(math.Float64frombits(u >> 2)) }, 0x005dd9565f4726b7},
		{"Log of a probability", func(u uint64) float64 { return Log(float64(int64(u>>11)+1) * 0x1p-53) }, 0xe5be39d539831011},
		{"Pow", func(u uint64) float64 { return Pow(float64(int64(u>>11)+1)*0x1p-53, float64(int64(u&1023))/64-8) }, 0x7abff396264db432},
		{"LogGamma", func(u uint64) float64 { return LogGamma(float64(int64(u>>11)+1) * 0x1p-48) }, 0xf57882791d0e5edd},
		{"NormalQuantile", func(u uint64) float64 { return NormalQuantile(float64(int64(u>>11)+1) * 0x1p-53) }, 0xecc79ba5e1326e4b},
		{"NormalQuantile of a tail", func(u uint64) float64 { return NormalQuantile(float64(int64(u>>11)+1) * 0x1p-90) }, 0xcfeede06e7f7b555},
		{"NormalCDF", func(u uint64) float64 { return NormalCDF(float64(int64(u>>11))*0x1p-50 - 4) }, 0x4e4fe93af3289c47},
	}
	for _, c := range functions {
		sum, draws := uint64(0), NewStream(1, 2, 3)
		for i := range uint64(10000) {
			sum = scramble(sum ^ math.Float64bits(c.f(draws.At(i))))
		}
		if sum != c.want {
			t.Errorf("%s: bits %#016x, want %#016x", c.name, sum, c.want)
		}
	}
}

func ExampleExp() {
	fmt.Printf("%.15f %.15f %.15f\n", Exp(1), Log(2), NormalQuantile(0.975))
	// Output: 2.718281828459046 0.693147180559945 1.959963984540054
}
