package plots

import "math"

// Loss draws which share of the keys was lost against a parameter, one line for
// each number of copies, beside what was to be expected. Shares may reach over many
// powers of ten: then LogShares gives them a logarithmic axis. Where nothing at all
// was lost, such an axis has no place; there, an open triangle stands on its lower
// edge, and its whisker, if it has one, says how much could have been lost unseen.
type Loss struct {
	Head
	What      string   // label of the y axis; "share of keys lost" if empty
	Parameter string   // label of the x axis
	Unit      string   // of the parameter; may be empty
	Log       int      // base of the x axis: 2, 10, or 0 for linear
	Whole     bool     // the parameter is a count
	LogShares bool     // y axis in powers of ten
	Groups    []Spread // Mean, Low and High in percent; a label such as "k = 3"
	// Expected has Y in percent. The i-th curve belongs to the i-th group and has its
	// colour; there may be fewer. One without a label shares the entry Formula.
	Expected []Curve
	Formula  string // what the curves without a label are, such as "expected: p^k"; "expected" if empty
}

// deepest is how many powers of ten a logarithmic axis of shares has at most: what
// is expected to be rarer cannot be measured.
const deepest = 8

// Chart returns the chart, or what is wrong with its data.
func (l Loss) Chart() (*Chart, error) {
	what := l.What
	if what == "" {
		what = "share of keys lost"
	}
	y := Axis{Label: what, Unit: "%", Zero: true}
	whiskers, none := false, false
	for _, g := range l.Groups {
		whiskers = whiskers || g.Low != nil
		for _, v := range g.Mean {
			none = none || v == 0
		}
	}
	note := ""
	if whiskers {
		note = "Whiskers are 95 % intervals."
	}
	if l.LogShares {
		y.Log = 10
		y.Min, y.Max = l.decades()
		if none {
			note += " Open triangles at the lower edge: none lost."
		}
	}
	series := compared(l.Groups, l.Expected)
	unnamed := false
	for i := range l.Expected {
		s := &series[len(l.Groups)+i]
		if i < len(l.Groups) {
			s.Colour = lineColours[i%len(lineColours)] // as addLines gives them out
		}
		unnamed = unnamed || s.Label == ""
	}
	if unnamed {
		label := l.Formula
		if label == "" {
			label = "expected"
		}
		series = append(series, Series{Label: label, Mark: Guide}) // an entry of the legend and no more
	}
	return finished(&Chart{
		Head:   l.Head.or(Head{Name: NameLoss, Title: "Keys lost", Note: clean(note)}),
		X:      Axis{Label: l.Parameter, Unit: l.Unit, Log: l.Log, Integer: l.Whole},
		Panels: []Panel{{Y: y, Series: series}},
	})
}

// decades returns the powers of ten, in percent, between which everything measured
// lies; a curve that goes beyond them is cut at the edge. Without anything lost or
// a whisker the curves decide, without those it is 0.001 % to 100 %.
func (l Loss) decades() (lo, hi float64) {
	data := noSpan()
	take := func(values []float64) {
		for _, v := range values {
			if drawable(v, 10) {
				data.add(v)
			}
		}
	}
	for _, g := range l.Groups {
		take(g.Mean)
		take(g.High)
	}
	if data.lo > data.hi {
		for _, c := range l.Expected {
			take(c.Y)
		}
	}
	if data.lo > data.hi {
		return 1e-3, 100
	}
	top := math.Ceil(math.Log10(data.hi) - 1e-9)
	bottom := math.Floor(math.Log10(data.lo) + 1e-9)
	bottom = math.Max(math.Min(bottom, top-1), top-deepest)
	return scale10(1, int(bottom)), scale10(1, int(top))
}
