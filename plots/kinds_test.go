package plots

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"gonum.org/v1/plot/plotter"
)

var near = cmp.Options{cmpopts.EquateApprox(1e-12, 1e-12), cmpopts.EquateNaNs(), cmpopts.EquateEmpty()}

// series returns the series of a panel by their labels.
func series(c *Chart, panel int) map[string]Series {
	all := map[string]Series{}
	for _, s := range c.Panels[panel].Series {
		all[s.Label] = s
	}
	return all
}

func TestNamesAndDefaults(t *testing.T) {
	for name, c := range gallery(t) {
		for _, known := range []string{NameRingHealth, NamePathLength, NamePathNodes, NameLoadHistogram, NameLoadKeys,
			NameLoadVirtualNodes, NameOutcomes, NameLatency, NameTraffic, NameShare, NameLorenz, NameLoss, NamePublished, NameTradeoff} {
			if !strings.HasPrefix(name, known) {
				continue
			}
			if c.Name != known {
				t.Errorf("%s is called %q", name, c.Name)
			}
			if c.Title == "" || c.X.Label == "" || c.Panels[0].Y.Label == "" {
				t.Errorf("%s lacks a title or the label of an axis", name)
			}
		}
	}
	own := Head{Name: "n", Title: "t", Subtitle: "s", Note: "o"}
	if c := must(t, RingHealth{Head: own, Seconds: []float64{0}, Fingers: []float64{1}}); c.Head != own {
		t.Errorf("head %+v, want %+v", c.Head, own)
	}
}

func TestRingHealth(t *testing.T) {
	h := RingHealth{Seconds: []float64{0, 60}, Successors: []float64{100, 50}, Fingers: []float64{90, 40}}
	c := must(t, h)
	if len(c.Panels) != 1 || len(c.Panels[0].Series) != 2 {
		t.Errorf("without members: %+v", c.Panels)
	}
	h.Members = []float64{10, 5}
	c = must(t, h)
	if len(c.Panels) != 2 || c.Panels[0].Y.Max != 100 {
		t.Fatalf("with members: %+v", c.Panels)
	}
	if diff := cmp.Diff(h.Members, series(c, 1)["members"].Y); diff != "" {
		t.Error(diff)
	}
	h.Fingers = h.Fingers[:1]
	if _, err := h.Chart(); err == nil || !strings.Contains(err.Error(), `"fingers" has 2 x and 1 y`) {
		t.Errorf("error %v", err)
	}
	if _, err := (RingHealth{}).Chart(); err == nil || err.Error() != "nothing to draw in chart ring-health" {
		t.Errorf("error %v", err)
	}
}

func TestPathLength(t *testing.T) {
	c := must(t, PathLength{Groups: []Distribution{
		{Label: "before", Values: []float64{2, 1, 2, 3, math.NaN()}},
		{Label: "after", Values: []float64{4, 2}, Counts: []float64{3, 1}},
	}})
	want := map[string]Series{
		"before": {Label: "before", Mark: Bars, Width: 1, X: []float64{1, 2, 3}, Y: []float64{25, 50, 25}},
		"after":  {Label: "after", Mark: Bars, Width: 1, X: []float64{2, 4}, Y: []float64{25, 75}},
	}
	if diff := cmp.Diff(want, series(c, 0), near); diff != "" {
		t.Error(diff)
	}
	if len(c.Events) != 0 {
		t.Errorf("two groups have marks %v", c.Events)
	}
	c = must(t, PathLength{Groups: []Distribution{{Values: []float64{2, 5}}}})
	if diff := cmp.Diff([]Event{{3.5, "mean 3.5"}}, c.Events); diff != "" {
		t.Error(diff)
	}
}

func TestDistributionErrors(t *testing.T) {
	for want, d := range map[string]Distribution{
		`chart path-length: group "g" has 2 values and 1 counts; give one count for each value`: {Label: "g", Values: []float64{1, 2}, Counts: []float64{1}},
		`chart path-length: group "g" counts -1 times 2; counts are 0 or more`:                  {Label: "g", Values: []float64{2}, Counts: []float64{-1}},
		`nothing to draw in chart path-length`:                                                  {Values: []float64{2, math.Inf(1)}, Counts: []float64{0, 1}},
	} {
		if _, err := (PathLength{Groups: []Distribution{d}}).Chart(); err == nil || err.Error() != want {
			t.Errorf("error %v, want %s", err, want)
		}
	}
	if _, err := (Latency{Groups: []Distribution{{Label: "g", Values: []float64{1}, Counts: []float64{1, 2}}}}).Chart(); err == nil {
		t.Error("a latency with two counts passes")
	}
}

// Bins are 1, 2 or 5 times a power of ten wide, and no more than asked for.
func TestBinWidth(t *testing.T) {
	for _, tt := range []struct{ lo, hi, want float64 }{
		{0, 0, 1}, {3, 12, 1}, {0, 59, 1}, {0, 60, 2}, {0, 119, 2}, {0, 120, 5}, {0, 457, 10}, {100, 1e6, 20000}, {0, 5e13, 1e12},
	} {
		if got := binWidth(tt.lo, tt.hi, 60); got != tt.want {
			t.Errorf("binWidth(%g, %g) = %g, want %g", tt.lo, tt.hi, got, tt.want)
		}
	}
}

func TestLoadHistogram(t *testing.T) {
	d := Distribution{Label: "keys", Values: []float64{0, 1, 2, 3, 4, 7, 100}}
	c := must(t, LoadHistogram{Groups: []Distribution{d}})
	s := series(c, 0)["keys"]
	want := Series{Label: "keys", Mark: Bars, Width: 2, X: []float64{1, 3, 5, 7, 101}, Y: []float64{200. / 7, 200. / 7, 100. / 7, 100. / 7, 100. / 7}}
	if diff := cmp.Diff(want, s, near); diff != "" {
		t.Error(diff)
	}
	if c.X.Label != "keys a node in bins of 2" {
		t.Errorf("x axis %q", c.X.Label)
	}

	// Three groups of 51 bins are too many bars: outlines, with the same area.
	c = must(t, LoadHistogram{Groups: []Distribution{d, d, d}})
	line := c.Panels[0].Series[0]
	if line.Mark != Line || len(c.Events) != 0 {
		t.Fatalf("three groups are drawn as %v with marks %v", line.Mark, c.Events)
	}
	area := 0.0
	for i := 1; i < len(line.X); i++ {
		area += (line.X[i] - line.X[i-1]) * (line.Y[i] + line.Y[i-1]) / 2
	}
	if math.Abs(area-200) > 1e-9 { // 100 % in bins of 2
		t.Errorf("the outline holds %g, want 200", area)
	}
}

// What else a node can hold names axis and title; what is given comes first.
func TestLoadHistogramOfAnything(t *testing.T) {
	d := []Distribution{{Values: []float64{5e5, 2e6}}}
	c := must(t, LoadHistogram{What: "bytes a node", Groups: d})
	if c.Title != "Bytes a node" || c.X.Label != "bytes a node in bins of 50\u202f000" || c.Name != NameLoadHistogram {
		t.Errorf("%q: %q against %q", c.Name, c.Title, c.X.Label)
	}
	own := Head{Name: "load-bytes", Title: "Bytes held", Subtitle: "s", Note: "n"}
	if c := must(t, LoadHistogram{Head: own, What: "bytes a node", Groups: d}); c.Head != own {
		t.Errorf("head %+v", c.Head)
	}
}

// A few values far away do not press the others into one bar, and are not passed
// over in silence. A far value that is no exception stays.
func TestLoadHistogramCutsTheTail(t *testing.T) {
	d := Distribution{Values: []float64{1, 2, 3, 5, 9000}, Counts: []float64{400, 400, 195, 4, 1}}
	c := must(t, LoadHistogram{Groups: []Distribution{d}})
	want := Series{Mark: Bars, Width: 1, X: []float64{1, 2, 3, 5}, Y: []float64{40, 40, 19.5, 0.4}}
	if diff := cmp.Diff(want, c.Panels[0].Series[0], near); diff != "" {
		t.Error(diff)
	}
	if want := "Left out: nodes with more than 6 (0.1 %), up to 9000."; c.Note != want {
		t.Errorf("note %q, want %q", c.Note, want)
	}
	if diff := cmp.Diff([]Event{{10.805, "mean 10.8"}}, c.Events, near); diff != "" {
		t.Error(diff)
	}
	d.Counts = []float64{4, 4, 1, 1, 1}
	c = must(t, LoadHistogram{Groups: []Distribution{d}})
	if xs := c.Panels[0].Series[0].X; len(xs) != 2 || c.Note != "" {
		t.Errorf("bins %v, note %q", xs, c.Note)
	}
}

func TestLorenz(t *testing.T) {
	c := must(t, Lorenz{Groups: []Distribution{
		{Label: "alike", Values: []float64{7, 7, 7}},
		{Label: "uneven", Values: []float64{6, 0, 2, math.NaN(), 0}},
		{Label: "nothing", Values: []float64{0, 0}},
	}})
	want := map[string]Series{
		"alike":     {Label: "alike", X: []float64{0, 100}, Y: []float64{0, 100}},
		"uneven":    {Label: "uneven", X: []float64{0, 50, 75, 100}, Y: []float64{0, 0, 25, 100}},
		"all alike": {Label: "all alike", Mark: Guide, X: []float64{0, 100}, Y: []float64{0, 100}},
	}
	if diff := cmp.Diff(want, series(c, 0), near); diff != "" {
		t.Error(diff)
	}
	for want, d := range map[string]Distribution{
		`nothing to draw in chart lorenz`:                                                  {Label: "g", Values: []float64{0, 0}},
		`chart lorenz: group "g" has the load -1; loads are 0 or more`:                     {Label: "g", Values: []float64{1, -1}},
		`chart lorenz: group "g" has 1 values and 2 counts; give one count for each value`: {Label: "g", Values: []float64{1}, Counts: []float64{1, 1}},
	} {
		if _, err := (Lorenz{Groups: []Distribution{d}}).Chart(); err == nil || err.Error() != want {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}

// The area between the diagonal and the curve is half the Gini coefficient.
func TestLorenzAndGini(t *testing.T) {
	values := wave(500, 10, 9, 0)
	for i, v := range values {
		values[i] = math.Round(v * v)
	}
	c := must(t, Lorenz{Groups: []Distribution{{Values: values}}})
	s, area := c.Panels[0].Series[0], 0.0
	for i := 1; i < len(s.X); i++ {
		area += (s.X[i] - s.X[i-1]) * (s.Y[i] + s.Y[i-1]) / 2 / 1e4
	}
	apart, sum := 0.0, 0.0
	for _, a := range values {
		sum += a
		for _, b := range values {
			apart += math.Abs(a - b)
		}
	}
	if want := apart / (2 * 500 * sum); math.Abs(1-2*area-want) > 1e-9 {
		t.Errorf("Gini of the curve %g, want %g", 1-2*area, want)
	}
}

func TestLoss(t *testing.T) {
	l := Loss{
		Parameter: "p", LogShares: true,
		Groups: []Spread{
			{Label: "k = 1", X: []float64{0.1, 0.5}, Mean: []float64{10, 49}, Low: []float64{9, 48}, High: []float64{11, 50}},
			{Label: "k = 8", X: []float64{0.1, 0.5}, Mean: []float64{0, 0.4}, Low: []float64{0, 0.3}, High: []float64{0.003, 0.5}},
		},
		Expected: []Curve{{X: []float64{0.1}, Y: []float64{10}}, {X: []float64{0.1}, Y: []float64{1e-6}}, {Label: "published", X: []float64{0.1}, Y: []float64{3}}},
	}
	c := must(t, l)
	if y := c.Panels[0].Y; y.Log != 10 || y.Min != 0.001 || y.Max != 100 {
		t.Errorf("y axis %+v", y)
	}
	if want := "Whiskers are 95 % intervals. Open triangles at the lower edge: none lost."; c.Note != want {
		t.Errorf("note %q", c.Note)
	}
	var got []string
	for _, s := range c.Panels[0].Series[2:] {
		got = append(got, s.Label, fmt.Sprint(s.Mark == Guide, s.Colour == lineColours[0], s.Colour == lineColours[1], s.Colour == Auto))
	}
	if want := "|true true false false||true false true false|published|true false false true|expected|true false false true"; strings.Join(got, "|") != want {
		t.Errorf("curves %q", got)
	}
	l.LogShares = false
	if c := must(t, l); c.Panels[0].Y.Log != 0 || !c.Panels[0].Y.Zero || c.Note != "Whiskers are 95 % intervals." {
		t.Errorf("linear: %+v, %q", c.Panels[0].Y, c.Note)
	}
	if _, err := (Loss{LogShares: true}).Chart(); err == nil || err.Error() != "nothing to draw in chart loss" {
		t.Errorf("error %v", err)
	}
}

// The axis of shares holds what was measured, whatever was expected.
func TestLossDecades(t *testing.T) {
	for _, tt := range []struct {
		mean, high, expected []float64
		lo, hi               float64
	}{
		{[]float64{0.02, 30}, nil, []float64{1e-9}, 0.01, 100},
		{[]float64{0.01, 10}, nil, nil, 0.01, 10},
		{[]float64{0, 5}, []float64{0.0005, 20}, nil, 1e-4, 100},
		{[]float64{0, 0}, nil, []float64{0.2, 7}, 0.1, 10},
		{[]float64{0, 0}, nil, nil, 1e-3, 100},
		{[]float64{5}, nil, nil, 1, 10},
		{[]float64{1}, nil, nil, 0.1, 1},
		{[]float64{1e-30, 50}, nil, nil, 1e-6, 100},
	} {
		l := Loss{Groups: []Spread{{Mean: tt.mean, High: tt.high}}, Expected: []Curve{{Y: tt.expected}}}
		if lo, hi := l.decades(); lo != tt.lo || hi != tt.hi {
			t.Errorf("%v, %v, %v: %g to %g, want %g to %g", tt.mean, tt.high, tt.expected, lo, hi, tt.lo, tt.hi)
		}
	}
}

// A zero on a logarithmic axis has a mark on the lower edge, its own whisker, and
// no place on the line; one on a linear axis is a point like any other.
func TestNothingOnALogarithmicAxis(t *testing.T) {
	s := Series{Mark: Points, X: []float64{1, 2, 3}, Y: []float64{10, 0, 20}, Low: []float64{5, 0, 10}, High: []float64{15, 3, 30}}
	log := Axis{Log: 10, Min: 1, Max: 100}
	x, y := newScale(Axis{}, span{1, 3}, 0, false), newScale(log, span{1, 100}, 0, false)
	if diff := cmp.Diff(plotter.XYs{{X: 2, Y: 1}}, nones(s, log, x, y)); diff != "" {
		t.Error(diff)
	}
	bars := whiskers(s, x, y, ink, 100).(*plotter.YErrorBars)
	if diff := cmp.Diff(plotter.XYs{{X: 1, Y: 10}, {X: 2, Y: 1}, {X: 3, Y: 20}}, bars.XYs); diff != "" {
		t.Error(diff)
	}
	if e := bars.YErrors[1]; e.Low != 0 || e.High != 2 {
		t.Errorf("the whisker over nothing is %+v", e)
	}
	if lines := runs(s.X, s.Y, x, y, 100); len(lines) != 2 {
		t.Errorf("%d lines", len(lines))
	}
	if !s.standsApart(log) || len(nones(s, Axis{}, x, y)) != 0 {
		t.Error("a zero on a linear axis is nothing, or one on a logarithmic axis is not")
	}
	bare := Series{Mark: Points, X: []float64{1}, Y: []float64{0}}
	if !bare.standsApart(log) || bare.standsApart(Axis{}) {
		t.Error("marks on the lower edge cover each other, or what covers nothing is moved")
	}
	all := &Chart{Panels: []Panel{{Y: log, Series: []Series{bare}}}}
	if err := all.Validate(); err != nil {
		t.Errorf("a chart of nothing lost: %v", err)
	}
	data := noSpan()
	all.extentX(bare, all.Panels[0], &data)
	if data != (span{1, 1}) {
		t.Errorf("x from %g to %g", data.lo, data.hi)
	}
}

// A lone bar leaves room at its sides, and none below zero.
func TestRoomForBins(t *testing.T) {
	for _, tt := range []struct{ first, end, width, lo, hi float64 }{
		{3, 4, 1, 0.5, 5.5}, {0, 1, 1, -0.5, 4.5}, {1, 2, 1, -0.5, 4.5}, {2, 12, 1, 1.5, 11.5}, {0, 41, 10, 0, 410},
	} {
		if lo, hi := roomForBins(tt.first, tt.end, tt.width); lo != tt.lo || hi != tt.hi {
			t.Errorf("roomForBins(%g, %g, %g) = %g, %g, want %g, %g", tt.first, tt.end, tt.width, lo, hi, tt.lo, tt.hi)
		}
	}
}

func TestLatency(t *testing.T) {
	c := must(t, Latency{Log: true, Groups: []Distribution{{Label: "all", Values: []float64{0.2, 0, 0.1, 0.1}}}})
	s := series(c, 0)["all"]
	want := Series{Label: "all", X: []float64{0, 0, 0.1, 0.1, 0.2, 0.2}, Y: []float64{0, 25, 25, 75, 75, 100}}
	if diff := cmp.Diff(want, s, near); diff != "" {
		t.Error(diff)
	}
	if c.X.Log != 10 || !c.X.Time {
		t.Errorf("x axis %+v", c.X)
	}
}

func TestOutcomes(t *testing.T) {
	o := Outcomes{Seconds: []float64{60, 120, 180}, Correct: []float64{9, 0, 5}, Failed: []float64{1, 0, 0}}
	c := must(t, o)
	nan := math.NaN()
	for label, want := range map[string][]float64{
		"correct": {90, nan, 100}, "wrong": {0, nan, 0}, "failed": {10, nan, 0}, "abandoned": {0, nan, 0},
	} {
		if diff := cmp.Diff(want, series(c, 0)[label].Y, near); diff != "" {
			t.Errorf("%s: %s", label, diff)
		}
	}
	if len(c.Panels) != 2 || len(c.Panels[1].Series) != 1 {
		t.Fatalf("a tenth failed: %d panels", len(c.Panels))
	}
	o.Failed = []float64{90, 0, 0}
	if c := must(t, o); len(c.Panels) != 1 {
		t.Errorf("nine tenths failed: %d panels", len(c.Panels))
	}
	o.Failed = nil
	if c := must(t, o); len(c.Panels) != 1 {
		t.Errorf("nothing failed: %d panels", len(c.Panels))
	}
	if _, err := (Outcomes{Seconds: []float64{1, 2}, Correct: []float64{0, 0}}).Chart(); err == nil || err.Error() != "nothing to draw in chart outcomes" {
		t.Errorf("no lookup at all: %v", err)
	}
	o.Wrong = []float64{1}
	if _, err := o.Chart(); err == nil {
		t.Error("one wrong count for three intervals passes")
	}
}

func TestTrafficKeepsTheLargest(t *testing.T) {
	tr := Traffic{Seconds: []float64{1, 2}}
	for i := range 11 {
		tr.Kinds = append(tr.Kinds, Kind{string(rune('a' + i)), []float64{float64(i), 1}})
	}
	c := must(t, tr)
	var labels []string
	for _, s := range c.Panels[0].Series {
		labels = append(labels, s.Label)
	}
	if got := strings.Join(labels, " "); got != "k j i h g f e other (4 kinds)" {
		t.Errorf("kinds %q", got)
	}
	if diff := cmp.Diff([]float64{0 + 1 + 2 + 3, 4}, series(c, 0)["other (4 kinds)"].Y); diff != "" {
		t.Error(diff)
	}
	tr.Lines = true
	if c := must(t, tr); len(c.Panels[0].Series) != 11 || c.Panels[0].Series[0].Mark != Line {
		t.Errorf("%d lines", len(c.Panels[0].Series))
	}
	tr.Lines = false
	for _, i := range []int{0, 5, 10} { // a small, a middle and a large kind
		broken := tr
		broken.Kinds = append([]Kind(nil), tr.Kinds...)
		broken.Kinds[i].Rate = broken.Kinds[i].Rate[:1]
		if _, err := broken.Chart(); err == nil {
			t.Errorf("one rate of kind %d for two intervals passes", i)
		}
	}
}

func TestSpreads(t *testing.T) {
	s := Spread{Label: "corrected", X: []float64{8, 16}, Mean: []float64{2, 3}, Low: []float64{1, 1}, High: []float64{3, 5}}
	ref := Curve{Label: "published", X: []float64{8, 16}, Y: []float64{1.7, 2.1}}
	for _, c := range []*Chart{
		must(t, PathNodes{Groups: []Spread{s}, Reference: []Curve{ref}}),
		must(t, LoadPercentiles{Groups: []Spread{s}, Reference: []Curve{ref}}),
		must(t, Share{Groups: []Spread{s}, Expected: []Curve{ref}, Log: 2}),
	} {
		want := map[string]Series{
			"corrected": {Label: "corrected", Mark: Points, X: s.X, Y: s.Mean, Low: s.Low, High: s.High},
			"published": {Label: "published", Mark: Guide, X: ref.X, Y: ref.Y},
		}
		if diff := cmp.Diff(want, series(c, 0)); diff != "" {
			t.Errorf("%s: %s", c.Name, diff)
		}
		if !strings.Contains(strings.ToLower(c.Note), "whiskers") {
			t.Errorf("%s does not explain its whiskers: %q", c.Name, c.Note)
		}
	}
	s.Low, s.High = nil, nil
	if c := must(t, PathNodes{Groups: []Spread{s}}); strings.Contains(c.Note, "hiskers") {
		t.Errorf("explains whiskers there are none of: %q", c.Note)
	}
	s.Low = []float64{1, 1}
	if _, err := (Share{Groups: []Spread{s}}).Chart(); err == nil {
		t.Error("half a whisker passes")
	}
}

// Layers add up; a number that is missing in one counts as nothing there.
func TestStack(t *testing.T) {
	nan := math.NaN()
	x := []float64{1, 2, 3, 4}
	layers := stack(Panel{Series: []Series{
		{Mark: Area, X: x, Y: []float64{1, 2, nan, nan}},
		{Mark: Line, X: x, Y: []float64{9, 9, 9, 9}},
		{Mark: Area, X: x, Y: []float64{3, nan, 4, nan}},
	}})
	if len(layers) != 2 {
		t.Fatalf("%d layers", len(layers))
	}
	if diff := cmp.Diff([]float64{1, 2, nan, nan}, layers[0].sum, near); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]float64{4, 2, 4, nan}, layers[1].sum, near); diff != "" {
		t.Error(diff)
	}
}

// A value holds for the interval before it; an empty one leaves a hole.
func TestStairs(t *testing.T) {
	l := layer{Series{X: []float64{5, 15, 45}, Y: []float64{1, 0, 2}}, []float64{4, 3, 5}}
	x, y := l.stairs(1)
	nan := math.NaN()
	if diff := cmp.Diff([]float64{0, 5, 5, 15, 15, 45}, x); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]float64{4, 4, nan, nan, 5, 5}, y, near); diff != "" {
		t.Error(diff)
	}
	one := layer{Series{X: []float64{10}, Y: []float64{1}}, []float64{1}}
	if x, _ := one.stairs(3); x[0] != 7 || x[1] != 10 {
		t.Errorf("a lone interval of 3 runs from %g to %g", x[0], x[1])
	}
}

// Dots are drawn where they are, unsorted and unjoined; the hull is a straight line
// between its corners on every kind of axis.
func TestTradeoff(t *testing.T) {
	groups := []Spread{{Label: "a", X: []float64{9, 1, 4}, Mean: []float64{1, 9, 5}}, {Label: "b", X: []float64{2}, Mean: []float64{8}}}
	hull := Curve{"hull", []float64{1, 9}, []float64{9, 1}}
	c := must(t, Tradeoff{Cost: "cost", What: "what", Groups: groups, Hull: hull})
	got := series(c, 0)
	if a := got["a"]; a.Mark != Dots || cmp.Diff(groups[0].X, a.X) != "" || cmp.Diff(groups[0].Mean, a.Y) != "" || a.Colour == got["b"].Colour {
		t.Errorf("dots %+v and %+v", a, got["b"])
	}
	if h := got["hull"]; h.Mark != Guide || cmp.Diff(hull.X, h.X) != "" {
		t.Errorf("hull %+v", h)
	}
	h := series(must(t, Tradeoff{Cost: "cost", What: "what", LogWhat: true, Groups: groups, Hull: hull}), 0)["hull"]
	for i := range h.X {
		if math.Abs(h.X[i]+h.Y[i]-10) > 1e-9 {
			t.Errorf("the hull goes through %g, %g", h.X[i], h.Y[i])
		}
	}
	if len(h.X) != hullSteps+1 || h.X[0] != 1 || h.Y[hullSteps] != 1 {
		t.Errorf("the hull on a logarithmic axis has %d points: %+v", len(h.X), h)
	}
	drawn := panelDrawing(c.Panels[0], newScale(c.X, span{0, 10}, 0, false), newScale(c.Panels[0].Y, span{0, 10}, 0, false), &counters{}, 1000)
	dots := 0
	for _, l := range drawn.lines {
		if s, ok := l.(*plotter.Scatter); ok {
			dots += len(s.XYs)
		}
	}
	if dots != 4 || len(drawn.entries) != 3 {
		t.Errorf("%d dots and %d entries in the legend are drawn, want 4 and 3", dots, len(drawn.entries))
	}
}
