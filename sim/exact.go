package sim

import "math"

// The functions of this file give the same bits on every architecture. The
// standard library's do not: math.Exp and math.Log are written in assembly on
// some architectures, and the compiler may fuse x*y+z into one instruction with
// one rounding where the processor has it. What is left, and is all that is
// used here, is rounded exactly by IEEE 754 everywhere: + - * / and the square
// root of float64, comparisons, and conversions of integers below 2⁵³. A
// product that meets an addition, in whatever statement, stands in float64(…),
// which the language promises not to fuse. The goldens in the tests are bit
// patterns, so that an architecture that differs fails there, and not in the
// digest of a run.

const (
	ln2Hi       = 0x1.62e42feep-1                      // the upper 32 bits of ln 2: its product with an exponent (11 bits) is exact
	ln2Lo       = 1.908214929270587816144265680755e-10 // ln 2 − ln2Hi
	leastNormal = 0x1p-1022
)

// mulAdd returns x·y + z with both roundings: the product first, then the sum.
// The name is the warning: never x*y+z.
func mulAdd(x, y, z float64) float64 { return float64(x*y) + z }

// expTerms are 1/n! for n = 13 … 0: on |r| ≤ ln 2 / 2 the series cut there is
// wrong by less than 2⁻⁵⁷.
var expTerms = [...]float64{
	1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800, 1.0 / 362880, 1.0 / 40320, 1.0 / 5040,
	1.0 / 720, 1.0 / 120, 1.0 / 24, 1.0 / 6, 1.0 / 2, 1, 1,
}

// Exp returns eˣ within 1e-15 of its value: +Inf above 709.79, 0 below −745.14,
// NaN for NaN.
func Exp(x float64) float64 {
	switch {
	case x != x:
		return x
	case x > 709.79:
		return math.Inf(1)
	case x < -745.14:
		return 0
	}
	// x = k ln 2 + r with |r| ≤ ln 2 / 2, so that eˣ = 2ᵏ eʳ.
	k := int64(float64(x*math.Log2E) + math.Copysign(0.5, x))
	r := x - float64(float64(k)*ln2Hi)
	r -= float64(float64(k) * ln2Lo)
	sum := expTerms[0]
	for _, term := range expTerms[1:] {
		sum = mulAdd(sum, r, term)
	}
	// In two halves: 2ᵏ alone may be out of range where the result is not.
	half := k / 2
	return float64(sum * powerOfTwo(half) * powerOfTwo(k-half))
}

// powerOfTwo returns 2ᵏ for −1022 ≤ k ≤ 1023.
func powerOfTwo(k int64) float64 { return math.Float64frombits(uint64(k+1023) << 52) }

// Log returns the natural logarithm of x within 1e-15 of its value: NaN below 0
// and for NaN, −Inf for 0.
func Log(x float64) float64 {
	switch {
	case x != x || x < 0:
		return math.NaN()
	case x == 0:
		return math.Inf(-1)
	case x > math.MaxFloat64:
		return x
	}
	k := int64(0)
	if x < leastNormal {
		x *= 0x1p54
		k = -54
	}
	// x = 2ᵏ m with √½ ≤ m < √2.
	bits := math.Float64bits(x)
	k += int64(bits>>52) - 1023
	m := math.Float64frombits(bits&(1<<52-1) | 1023<<52)
	if m >= math.Sqrt2 {
		m *= 0.5
		k++
	}
	// ln m = 2 artanh s = 2 (s + s³/3 + s⁵/5 + …) with s = (m−1)/(m+1), |s| ≤
	// 0.172. m − 1 is exact. The powers of s² are summed in two chains, even
	// and odd, which the processor runs side by side.
	s := (m - 1) / (m + 1)
	s2 := s * s
	s4 := s2 * s2
	even := mulAdd(mulAdd(mulAdd(mulAdd(mulAdd(1.0/21, s4, 1.0/17), s4, 1.0/13), s4, 1.0/9), s4, 1.0/5), s4, 1)
	odd := mulAdd(mulAdd(mulAdd(mulAdd(mulAdd(1.0/23, s4, 1.0/19), s4, 1.0/15), s4, 1.0/11), s4, 1.0/7), s4, 1.0/3)
	ln := float64(2 * s * mulAdd(odd, s2, even))
	return float64(float64(k)*ln2Hi) + (float64(float64(k)*ln2Lo) + ln)
}

// Pow returns xʸ for x ≥ 0 as e^(y ln x): its relative error is about |y ln x|
// · 1e-16. Pow(0, y) is 0 for y > 0, 1 for y = 0 and +Inf below. NaN for x < 0.
func Pow(x, y float64) float64 {
	if y == 0 {
		return 1
	}
	return Exp(y * Log(x))
}

// LogGamma returns ln Γ(x) for x > 0 within 1e-13 (absolute, or relative where
// that is more): Stirling's series, after the recurrence Γ(x) = Γ(x+1)/x has
// carried x above 12. NaN for x ≤ 0.
func LogGamma(x float64) float64 {
	if !(x > 0) {
		return math.NaN()
	}
	below := 1.0
	for x < 12 {
		below *= x
		x++
	}
	const halfLog2Pi = 0.918938533204672741780329736405617639861397473637783412817
	z := 1 / x
	z2 := z * z
	// B₂ₙ / (2n (2n−1)) for n = 6 … 1.
	series := -691.0 / 360360
	for _, term := range [...]float64{1.0 / 1188, -1.0 / 1680, 1.0 / 1260, -1.0 / 360, 1.0 / 12} {
		series = mulAdd(series, z2, term)
	}
	return float64((x-0.5)*Log(x)) - x + halfLog2Pi + float64(series*z) - Log(below)
}
