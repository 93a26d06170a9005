package sim

import "math"

// The rational functions of Wichura, "Algorithm AS 241: the percentage points
// of the normal distribution" (Applied Statistics 37, 1988), routine PPND16,
// numerators and denominators from the highest power down: the middle, the
// tails, the far tails.
var (
	quantileMid = [2][8]float64{
		{2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
			13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608},
		{5226.495278852854561, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
			5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1},
	}
	quantileTail = [2][8]float64{
		{7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
			3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734},
		{1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
			0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1},
	}
	quantileFar = [2][8]float64{
		{2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093,
			0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772},
		{2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
			0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769, 1},
	}
)

func ratio(c *[2][8]float64, r float64) float64 {
	top, bottom := c[0][0], c[1][0]
	for i := 1; i < 8; i++ {
		top, bottom = mulAdd(top, r, c[0][i]), mulAdd(bottom, r, c[1][i])
	}
	return top / bottom
}

// NormalQuantile returns the z below which a standard normal variable lies with
// probability p, within 1e-14 · max(1, |z|) in exact terms of p: −Inf at 0,
// +Inf at 1, NaN outside.
func NormalQuantile(p float64) float64 {
	q := p - 0.5
	switch {
	case !(p >= 0 && p <= 1):
		return math.NaN()
	case p == 0 || p == 1:
		return math.Inf(int(math.Copysign(1, q)))
	case q >= -0.425 && q <= 0.425:
		return float64(q * ratio(&quantileMid, 0.180625-float64(q*q)))
	}
	tail := p
	if q > 0 {
		tail = 1 - p
	}
	r := math.Sqrt(-Log(tail))
	z := 0.0
	if r <= 5 {
		z = ratio(&quantileTail, r-1.6)
	} else {
		z = ratio(&quantileFar, r-5)
	}
	return math.Copysign(z, q)
}

// NormalCDF returns the probability that a standard normal variable lies below
// z, within 1e-14 (absolute): the series of Marsaglia, "Evaluating the normal
// distribution" (Journal of Statistical Software 11, 2004). NaN for NaN.
func NormalCDF(z float64) float64 {
	switch {
	case z < -8:
		return 0
	case z > 8:
		return 1
	}
	// Φ(z) = ½ + φ(z) (z + z³/3 + z⁵/(3·5) + …)
	sum, term := z, z
	for n := 3.0; sum != sum+term; n += 2 {
		term = float64(term * (z * z / n))
		sum += term
	}
	return 0.5 + float64(sum*Exp(-0.91893853320467274178-float64(0.5*z*z)))
}
