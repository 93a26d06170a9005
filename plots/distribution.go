package plots

import (
	"fmt"
	"slices"
)

// Distribution is a set of samples with one entry in the legend.
type Distribution struct {
	Label  string
	Values []float64 // in any order; NaN and infinities are skipped
	Counts []float64 // how often each value occurred, ≥ 0; nil is once each
}

// counted is a value with its share of all, in percent.
type counted struct{ value, share float64 }

// shares returns the values in ascending order, equal ones put together,
// each with its percentage of the whole. It is empty if nothing was counted.
func (d Distribution) shares(chart string) ([]counted, error) {
	if d.Counts != nil && len(d.Counts) != len(d.Values) {
		return nil, fmt.Errorf("chart %s: group %q has %d values and %d counts; give one count for each value", chart, d.Label, len(d.Values), len(d.Counts))
	}
	all := make([]counted, 0, len(d.Values))
	total := 0.0
	for i, v := range d.Values {
		n := 1.0
		if d.Counts != nil {
			n = d.Counts[i]
		}
		if n < 0 || !drawable(n, 0) {
			return nil, fmt.Errorf("chart %s: group %q counts %g times %g; counts are 0 or more", chart, d.Label, n, v)
		}
		if n > 0 && drawable(v, 0) {
			all = append(all, counted{v, n})
			total += n
		}
	}
	slices.SortFunc(all, func(a, b counted) int {
		switch {
		case a.value < b.value:
			return -1
		case a.value > b.value:
			return 1
		}
		return 0
	})
	merged := all[:0]
	for _, c := range all {
		c.share *= 100 / total
		if n := len(merged); n > 0 && merged[n-1].value == c.value {
			merged[n-1].share += c.share
			continue
		}
		merged = append(merged, c)
	}
	return merged, nil
}

// mean returns the mean of a distribution in shares.
func mean(all []counted) float64 {
	sum := 0.0
	for _, c := range all {
		sum += c.value * c.share / 100
	}
	return sum
}

// cdf returns the cumulated shares as the corners of a staircase: it stands at
// zero at the first value and at 100 at the last.
func cdf(all []counted) (x, y []float64) {
	sum := 0.0
	for i, c := range all {
		x = append(x, c.value, c.value)
		y = append(y, sum)
		if sum += c.share; i == len(all)-1 {
			sum = 100
		}
		y = append(y, sum)
	}
	return x, y
}
