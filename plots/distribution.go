package plots

import (
	"fmt"
	"math"
	"slices"
	"sort"
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

// binWidth returns the least round width (1, 2 or 5 times a power of ten, at least
// 1) with which whole numbers from lo to hi make at most n bins.
func binWidth(lo, hi float64, n int) float64 {
	width, next := 1.0, []float64{2, 2.5, 2}
	for i := 0; math.Floor(hi/width)-math.Floor(lo/width) >= float64(n); i++ {
		width *= next[i%3]
	}
	return width
}

// bins adds up shares by bins [k·width, (k+1)·width) and returns the left
// edges of the bins that hold something, ascending.
func bins(all []counted, width float64) (edges, shares []float64) {
	sum := map[float64]float64{}
	for _, c := range all { // ascending: the sums do not depend on the order of a map
		sum[math.Floor(c.value/width)*width] += c.share
	}
	for edge := range sum {
		edges = append(edges, edge)
	}
	sort.Float64s(edges)
	for _, edge := range edges {
		shares = append(shares, sum[edge])
	}
	return edges, shares
}

// outline returns the upper edge of a histogram as the corners of a line that
// starts and ends at zero and returns to it where bins are empty.
func outline(edges, shares []float64, width float64) (x, y []float64) {
	for i, edge := range edges {
		if i == 0 || edge > edges[i-1]+width*1.5 {
			x, y = append(x, edge), append(y, 0)
		}
		x, y = append(x, edge, edge+width), append(y, shares[i], shares[i])
		if i == len(edges)-1 || edges[i+1] > edge+width*1.5 {
			x, y = append(x, edge+width), append(y, 0)
		}
	}
	return x, y
}

// mostBars is how many bars fit beside each other and stay apart.
const mostBars = 100

// histogramChart draws the shares of some groups of whole numbers in bins of a
// round width, at most most of them: as bars side by side if they are few
// enough to be told apart, as outlines otherwise. A line marks the mean if there is one
// group.
func histogramChart(head Head, groups []Distribution, most int, x Axis, y string) (*Chart, error) {
	all := make([][]counted, len(groups))
	lo, hi := math.Inf(1), math.Inf(-1)
	for i, g := range groups {
		var err error
		if all[i], err = g.shares(head.Name); err != nil {
			return nil, err
		}
		if n := len(all[i]); n > 0 {
			lo, hi = math.Min(lo, all[i][0].value), math.Max(hi, all[i][n-1].value)
		}
	}
	if lo > hi {
		return nil, fmt.Errorf("nothing to draw in chart %s", head.Name)
	}
	width := binWidth(lo, hi, most)
	if width > 1 {
		x.Label += " in bins of " + compact(width)
	}
	c := &Chart{Head: head, X: x, Panels: []Panel{{Y: Axis{Label: y, Unit: "%", Zero: true}}}}
	count := math.Floor(hi/width) - math.Floor(lo/width) + 1
	c.X.Min, c.X.Max = roomForBins(math.Floor(lo/width), math.Floor(hi/width)+1, width)
	for i, g := range groups {
		edges, shares := bins(all[i], width)
		var s Series
		if count*float64(len(groups)) <= mostBars {
			s = barSeries(edges, shares, width)
		} else {
			s.X, s.Y = outline(edges, shares, width)
		}
		for k := range s.X {
			s.X[k] -= centre(width)
		}
		s.Label = g.Label
		c.Panels[0].Series = append(c.Panels[0].Series, s)
	}
	if len(groups) == 1 {
		m := mean(all[0])
		c.Events = []Event{{X: m, Label: "mean " + compact(m)}}
	}
	return finished(c)
}

// centre is how far bins of the width are moved left: a single whole number
// stands in the middle of its bin.
func centre(width float64) float64 {
	if width == 1 {
		return 0.5
	}
	return 0
}

// roomForBins returns the range of an axis for the bins first to end-1: theirs,
// or that of five bins, so that a lone bar does not fill the chart.
func roomForBins(first, end, width float64) (lo, hi float64) {
	for end-first < 5 {
		end++
		if first > 0 && end-first < 5 {
			first--
		}
	}
	return first*width - centre(width), end*width - centre(width)
}

// barSeries returns a bar for each bin.
func barSeries(edges, shares []float64, width float64) Series {
	s := Series{Mark: Bars, Width: width, X: make([]float64, len(edges)), Y: shares}
	for i, edge := range edges {
		s.X[i] = edge + width/2
	}
	return s
}
