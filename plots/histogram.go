package plots

import (
	"fmt"
	"math"
	"sort"
	"strings"
)

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
// enough to be told apart, as outlines otherwise. A line marks the mean if
// there is one group. With tail, few values far beyond all others are left out, and
// the note says so.
func histogramChart(head Head, groups []Distribution, most int, x Axis, y string, tail bool) (*Chart, error) {
	all := make([][]counted, len(groups))
	for i, g := range groups {
		var err error
		if all[i], err = g.shares(head.Name); err != nil {
			return nil, err
		}
	}
	var events []Event
	if len(groups) == 1 {
		m := mean(all[0])
		events = []Event{{X: m, Label: "mean " + compact(m)}}
	}
	if tail {
		head.Note = strings.TrimSpace(head.Note + " " + cutTail(all))
	}
	lo, hi := math.Inf(1), math.Inf(-1)
	for i := range groups {
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
	c := &Chart{Head: head, X: x, Events: events, Panels: []Panel{{Y: Axis{Label: y, Unit: "%", Zero: true}}}}
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
	return finished(c)
}

// cutTail takes from some groups what lies more than ten times as far as 99 % of each
// of them, which would press all the rest into the first bars, and returns a note
// that says so. The shares stay those of the whole.
func cutTail(all [][]counted) string {
	far, hi := 0.0, 0.0
	for _, values := range all {
		share := 0.0
		for _, c := range values {
			if share < 99 {
				far = math.Max(far, c.value)
			}
			share += c.share
			hi = math.Max(hi, c.value)
		}
	}
	if hi <= 10*far || far <= 0 {
		return ""
	}
	most := 0.0 // the share that is left out of one group
	for i, values := range all {
		n, left := len(values), 0.0
		for ; n > 0 && values[n-1].value > 2*far; n-- {
			left += values[n-1].share
		}
		all[i], most = values[:n], math.Max(most, left)
	}
	share := compact(most) + " %"
	if len(all) > 1 {
		share = "at most " + share + " of a group"
	}
	return fmt.Sprintf("Left out: nodes with more than %s (%s), up to %s.", compact(2*far), share, compact(hi))
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
