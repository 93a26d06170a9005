package scenarios

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// The statistics that an expectation may ask for. Quantiles come out of iterations
// whose last bits differ between architectures, so they are cut.

func shareBound(k, n float64, upper bool) float64 {
	low, high := wilson95(int64(k), int64(n))
	if upper {
		return float64(high)
	}
	return float64(low)
}

// halfwidth returns the half-width of Student's interval at a level, a share from 0
// to 1, from that at 95 % over n runs.
func halfwidth(ci95, n, level float64) any {
	if err := checkInterval("halfwidth", n, level); err != nil {
		return err
	}
	freedom := int(n) - 1
	return ci95 * sevenDigits(student(freedom, level)/student95(freedom))
}

// checkInterval reports what is wrong with the runs and the level of an interval.
func checkInterval(function string, n, level float64) error {
	switch {
	case n != math.Trunc(n) || n < 2 || n > math.MaxInt32:
		return fmt.Errorf("%s: %v runs have no interval; give the runs as a whole number of 2 or more", function, n)
	case !(0 < level && level < 1):
		return fmt.Errorf("%s: a level of %v is not between 0 and 1; write 0.998 for 99.8 %%", function, level)
	}
	return nil
}

// gammaBound returns a bound of the gamma interval at a level of a mean over n runs, 10
// or more, to which each of rare events adds about one, all else being nothing: a share
// of keys lost, where one is the reciprocal of all keys of all runs. Like Student's
// interval it takes the spread from the runs, whatever events come together; unlike
// that it is as skewed as few events are. With events that come singly it is nearly
// the interval of a Poisson count, with many events Student's.
//
// Adapted from M. P. Fay, E. J. Feuer, Statistics in Medicine 16, 1997: there the upper
// bound takes the largest weight of an event, here the mean one that the spread says.
// That the variance is one of n − 1 degrees of freedom widens it as Student's
// quantile is wider than the normal one.
func gammaBound(mean, ci95, n, level, one float64, upper bool) any {
	name := "gamma_low"
	if upper {
		name = "gamma_high"
	}
	if err := checkInterval(name, n, level); err != nil {
		return err
	}
	switch {
	case !(mean >= 0 && ci95 >= 0):
		return fmt.Errorf("%s: a mean of %v with a half-width of %v is none of events that are counted; both are 0 or more", name, mean, ci95)
	case !(one > 0):
		return fmt.Errorf("%s: an event that adds %v to the mean is none; give what one adds, such as 1 / all.runs", name, one)
	}
	freedom := int(n) - 1
	if n < leastGamma {
		return fmt.Errorf("%s: %v runs say too little about how events come together; give %d or more", name, n, leastGamma)
	}
	spread := ci95 / student95(freedom) * student(freedom, level) / student(manyRuns, level)
	variance, tail := float64(spread*spread), 0.5+float64(level/2)
	if !upper {
		tail = 1 - tail
	} else {
		if mean > 0 {
			one = max(one, variance/mean)
		}
		mean, variance = mean+one, variance+float64(one*one)
	}
	if mean == 0 || variance == 0 {
		return mean
	}
	shape, rate := float64(mean*mean)/variance, mean/variance
	if !(0 < tail && tail < 1) || !(0 < rate) || math.IsInf(float64(shape*rate), 0) || math.IsNaN(float64(shape*rate)) {
		return math.NaN() // beyond what floats hold: the search for a quantile would not end
	}
	return sevenDigits(distuv.Gamma{Alpha: shape, Beta: rate}.Quantile(tail))
}

// manyRuns are so many that Student's quantile is the normal one, to nine digits.
const manyRuns = 1_000_000_000

// leastGamma is how many runs the gamma interval needs: of fewer the spread may be
// nothing by chance.
const leastGamma = 10

// poissonValue returns the exact two-sided p-value of a count where so many are
// expected: twice the probability of the nearer tail, the count itself included, and
// at most 1.
func poissonValue(count, mean float64) any {
	switch {
	case count != math.Trunc(count) || count < 0 || count > 1<<53:
		return fmt.Errorf("poisson: %v is no count", count)
	case !(mean >= 0) || mean > 1<<53:
		return fmt.Errorf("poisson: a mean of %v is not 0 or more", mean)
	case mean == 0 && count == 0:
		return 1.0
	case mean == 0:
		return 0.0 // what cannot happen has happened
	}
	p := distuv.Poisson{Lambda: mean}
	atMost, atLeast := p.CDF(count), 1.0
	if count > 0 {
		atLeast = 1 - p.CDF(count-1)
	}
	// Nine places, for the last bits differ between architectures.
	return min(1, math.Round(float64(2e9*max(0, min(atMost, atLeast))))/1e9)
}
