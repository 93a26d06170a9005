package scenarios

import (
	"math"
	"math/bits"
	"strconv"

	"gonum.org/v1/gonum/stat/distuv"
)

// rank returns the nearest-rank position, counted from 0, of the given
// percentile among n > 0 sorted samples: the ceil(percent/100 * n)-th smallest,
// and the smallest for percent 0.
func rank(percent int, n int64) int64 {
	hi, lo := bits.Mul64(uint64(percent), uint64(n))
	position, rest := bits.Div64(hi, lo, 100)
	if rest > 0 {
		position++
	}
	if position == 0 {
		return 0
	}
	return int64(position - 1)
}

// wideSum adds non-negative integers beyond 64 bits: a million lookups of a
// stretch in parts per million may not fit 63.
type wideSum struct{ hi, lo uint64 }

func (s *wideSum) add(x int64) {
	var carry uint64
	s.lo, carry = bits.Add64(s.lo, uint64(x), 0)
	s.hi += carry
}

func (s *wideSum) merge(o wideSum) {
	var carry uint64
	s.lo, carry = bits.Add64(s.lo, o.lo, 0)
	s.hi, _ = bits.Add64(s.hi, o.hi, carry)
}

// over returns the sum divided by n, undefined for n = 0. The whole part is
// divided in integers; only the last step is a float.
func (s wideSum) over(n int64) float64 {
	if n == 0 {
		return math.NaN()
	}
	d := uint64(n)
	whole, rest := bits.Div64(s.hi%d, s.lo, d)
	return float64(float64(s.hi/d)*0x1p64) + float64(whole) + float64(rest)/float64(d)
}

// float returns the sum, rounded.
func (s wideSum) float() float64 { return float64(float64(s.hi)*0x1p64) + float64(s.lo) }

// whole returns the sum, or the largest integer there is.
func (s wideSum) whole() int64 {
	if s.hi > 0 || s.lo > math.MaxInt64 {
		return math.MaxInt64
	}
	return int64(s.lo)
}

// Gini returns the Gini coefficient of ascending non-negative counts: 0 where
// all are equal, (n-1)/n where one holds everything, undefined without counts
// or where all are zero. With ranks i from 1 it is
// (2*sum(i*x_i) - (n+1)*sum(x_i)) / (n*sum(x_i)).
func gini(sorted []valueCount) Number {
	var n int64
	var total, weighted wideSum
	for _, v := range sorted {
		// The ranks of one value are n+1 .. n+count; their sum is whole.
		ranks := v.count*n + v.count*(v.count+1)/2
		hi, lo := bits.Mul64(uint64(ranks), uint64(v.value))
		weighted.merge(wideSum{hi, lo})
		hi, lo = bits.Mul64(uint64(v.value), uint64(v.count))
		total.merge(wideSum{hi, lo})
		n += v.count
	}
	if n == 0 || total == (wideSum{}) {
		return Undefined()
	}
	ratio := weighted.float() / total.float()
	if whole := total.whole(); whole < math.MaxInt64 {
		ratio = weighted.over(whole)
	}
	return number(float64(2*ratio)/float64(n) - float64(n+1)/float64(n))
}

// Interval is a quantity measured once a run, over the runs of a row: its
// mean with the half-width of Student's 95 % confidence interval.
type Interval struct {
	Mean Number `json:"mean"`
	CI95 Number `json:"ci95"` // half-width; undefined below two runs
	Min  Number `json:"min"`
	Max  Number `json:"max"`
	N    int    `json:"n"` // runs in which the quantity was defined
}

// intervalOf summarises one quantity over runs, leaving out the runs in which
// it is undefined.
func intervalOf(values []Number) Interval {
	out := Interval{Mean: Undefined(), CI95: Undefined(), Min: Undefined(), Max: Undefined()}
	var sum float64
	for _, v := range values {
		if !v.Defined() {
			continue
		}
		if out.N == 0 || v < out.Min {
			out.Min = v
		}
		if out.N == 0 || v > out.Max {
			out.Max = v
		}
		out.N++
		sum += float64(v)
	}
	if out.N == 0 {
		return out
	}
	n := float64(out.N)
	mean := sum / n
	out.Mean = number(mean)
	if out.N < 2 {
		return out
	}
	var squares float64
	for _, v := range values {
		if v.Defined() {
			d := float64(v) - mean
			squares += float64(d * d)
		}
	}
	out.CI95 = number(float64(student95(out.N-1) * math.Sqrt(squares/(n-1)/n)))
	return out
}

// student95 returns the 97.5 % quantile of Student's distribution with the
// given degrees of freedom, at least 1. It is the only number of a Result that
// comes out of an iteration with exponentials, whose last bits differ between
// architectures; cut to seven digits it does not.
func student95(freedom int) float64 {
	return math.Round(float64(student(freedom, 0.95)*1e6)) / 1e6
}

// student returns the factor of an interval of Student's at a level: the quantile
// with (1 − level)/2 above it, uncut.
func student(freedom int, level float64) float64 {
	return distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(freedom)}.Quantile(0.5 + float64(level/2))
}

// sevenDigits cuts a number to seven significant digits.
func sevenDigits(x float64) float64 {
	cut, err := strconv.ParseFloat(strconv.FormatFloat(x, 'e', 6, 64), 64)
	if err != nil {
		return math.NaN()
	}
	return cut
}

// normal95 is the 97.5 % quantile of the normal distribution.
const normal95 = 1.959963984540054

// Share is a proportion of runs with its 95 % interval.
type Share struct {
	Runs  int64  `json:"runs"` // in which it was so
	Share Number `json:"share"`
	CI95  Number `json:"ci95"` // Student's half-width, as for every mean
	Low   Number `json:"low"`  // Wilson's 95 % interval, which also holds
	High  Number `json:"high"` // near 0 and 1, where Student's does not
}

// shareOf returns the proportion k of n runs.
func shareOf(k, n int64) Share {
	low, high := wilson95(k, n)
	out := Share{Runs: k, Share: Ratio(k, n), CI95: Undefined(), Low: low, High: high}
	if n >= 2 {
		p := float64(k) / float64(n)
		out.CI95 = number(float64(student95(int(n-1)) * math.Sqrt(float64(p*(1-p))/float64(n-1))))
	}
	return out
}

// wilson95 returns the bounds of Wilson's score interval for k hits in n
// draws (E. B. Wilson, JASA 22, 1927), undefined for n = 0.
func wilson95(k, n int64) (low, high Number) {
	if n == 0 {
		return Undefined(), Undefined()
	}
	const z2 = normal95 * normal95
	count, p := float64(n), float64(k)/float64(n)
	spread := float64(normal95 * math.Sqrt(float64(p*(1-p))/count+z2/float64(4*count*count)))
	middle := p + z2/float64(2*count)
	scale := 1 + z2/count
	low, high = number((middle-spread)/scale), number((middle+spread)/scale)
	// At the ends the bound is exactly 0 or 1; the float need not be.
	if k == 0 {
		low = 0
	}
	if k == n {
		high = 1
	}
	return low, high
}
