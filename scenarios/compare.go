package scenarios

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Comparison is a published number beside the mean of ours, in one row. A run is one
// experiment of the published size; what was published is the outcome of one such
// experiment or, with Of, the mean of so many.
type Comparison struct {
	Reference  int       `json:"reference"` // index into the scenario's list
	Row        int       `json:"row"`       // index into Result.Rows
	Labels     []Param   `json:"labels,omitempty"`
	Label      string    `json:"label"`
	Axis       string    `json:"axis"`
	Source     string    `json:"source,omitempty"`
	Kind       string    `json:"kind"`
	Against    string    `json:"against,omitempty"`
	AtLabel    string    `json:"at_label,omitempty"`
	At         Number    `json:"at"`
	Published  Number    `json:"published"`
	Of         int       `json:"of"` // runs that the published number is the mean of
	Ours       Interval  `json:"ours"`
	Low        Number    `json:"low"`  // judge inside or none: the published interval, of our mean;
	High       Number    `json:"high"` // else the 95 % prediction interval, of the published number
	Difference Number    `json:"difference"`
	Judge      string    `json:"judge"`
	Tolerance  Tolerance `json:"tolerance"`
	Verdict    string    `json:"verdict"` // one of those below
	Note       string    `json:"note,omitempty"`
}

// What a comparison came to.
const (
	AgreesInside = "inside" // the interval holds
	AgreesNear   = "near"   // it does not, but the difference is within the tolerance, or judge: inside and our own interval reaches the published one
	Shown        = "shown"  // not judged
	Differs      = "differs"
	NotMeasured  = "undefined" // no run has measured it, or judge: poisson and it is no count
)

// Agrees reports whether the published number was reproduced, or nobody asked.
func (c *Comparison) Agrees() bool {
	return c.Verdict == AgreesInside || c.Verdict == AgreesNear || c.Verdict == Shown
}

// compare holds a reference against what the runs of a row measured.
func (r *Reference) compare(values []Number) Comparison {
	c := Comparison{
		Reference: r.Index, Label: r.Label, Axis: r.Axis, Source: r.Source, Kind: r.Kind, Against: r.Against, AtLabel: r.AtLabel, At: r.At,
		Published: number(r.Published), Of: r.Runs, Ours: intervalOf(values), Low: r.Low, High: r.High,
		Difference: Undefined(), Judge: r.Judge, Tolerance: r.Tolerance, Verdict: NotMeasured, Note: r.Note,
	}
	if c.Ours.N == 0 {
		return c
	}
	judged := r.Published
	switch r.Judge {
	case JudgeNone:
	case JudgeInside:
		judged = float64(c.Ours.Mean)
	case JudgePoisson:
		if !areCounts(values) {
			return c
		}
		c.Low, c.High = predictCount(c.Ours, r.Runs)
	default:
		c.Low, c.High = predictMean(values, c.Ours, r.Runs)
	}
	// Seven digits: what was published has no more, and a difference that is the
	// tolerance but for its last bit is the tolerance.
	difference := sevenDigits(float64(c.Ours.Mean) - r.Published)
	tolerance := sevenDigits(r.Tolerance.Of(r.Published))
	c.Difference = number(difference)
	switch {
	case r.Judge == JudgeNone:
		c.Verdict = Shown
	case c.Low.Defined() && float64(c.Low) <= judged && judged <= float64(c.High):
		c.Verdict = AgreesInside
	case math.Abs(difference) <= tolerance, r.leftOpen(&c):
		c.Verdict = AgreesNear
	default:
		c.Verdict = Differs
	}
	return c
}

// leftOpen reports whether our mean lies outside of the published interval and our runs
// do not say that it does: its own 95 % interval reaches into it.
func (r *Reference) leftOpen(c *Comparison) bool {
	return r.Judge == JudgeInside && c.Ours.CI95.Defined() &&
		float64(c.Ours.Mean)+float64(c.Ours.CI95) >= float64(c.Low) && float64(c.Ours.Mean)-float64(c.Ours.CI95) <= float64(c.High)
}

// predictMean returns the 95 % prediction interval of the mean of m more runs: Student's
// (G. J. Hahn, W. Q. Meeker, Statistical Intervals, 1991, §4.7), which knows the spread
// of single runs no better than from ours, undefined below two runs. What a single run
// gives need not be normal: percentiles of whole numbers are two or three numbers, and
// a maximum is skewed. Of one more run the interval therefore reaches at least as far as
// the distribution-free one (§5.4), between two of our runs that leave out 2.5 % below
// and above, or the outermost where there are few: an outcome that so many of our own
// runs have is never ruled out.
func predictMean(values []Number, ours Interval, m int) (low, high Number) {
	if ours.N < 2 {
		return Undefined(), Undefined()
	}
	n := float64(ours.N)
	half := float64(float64(ours.CI95) * math.Sqrt(1+n/float64(m))) // CI95 is t·s/√n
	low, high = number(sevenDigits(float64(ours.Mean)-half)), number(sevenDigits(float64(ours.Mean)+half))
	if m == 1 {
		sorted := slices.DeleteFunc(slices.Clone(values), func(v Number) bool { return !v.Defined() })
		slices.Sort(sorted)
		out := max(int(0.025*(n+1)), 1) - 1 // left out on each side
		low, high = min(low, sorted[out]), max(high, sorted[len(sorted)-1-out])
	}
	return low, high
}

// predictCount returns the 95 % prediction interval of the mean of m more counts of
// rare events: given the sum of all, theirs is binomial (W. Nelson, Applied Life Data
// Analysis, 1982, §6.3).
func predictCount(ours Interval, m int) (low, high Number) {
	total := math.Round(float64(ours.Mean) * float64(ours.N))
	share := float64(m) / float64(m+ours.N)
	tail := func(count float64) (atMost, atLeast float64) {
		b := distuv.Binomial{N: total + count, P: share}
		atLeast = 1
		if count > 0 {
			atLeast = 1 - b.CDF(count-1)
		}
		return b.CDF(count), atLeast
	}
	expected := math.Round(float64(ours.Mean) * float64(m))
	first, last := expected, expected
	for first > 0 {
		if atMost, _ := tail(first - 1); atMost <= 0.025 {
			break
		}
		first--
	}
	for {
		if _, atLeast := tail(last + 1); atLeast <= 0.025 {
			break
		}
		last++
	}
	return number(first / float64(m)), number(last / float64(m))
}

// areCounts reports whether all numbers are whole and none is negative.
func areCounts(values []Number) bool {
	return !slices.ContainsFunc(values, func(v Number) bool { return v.Defined() && (v < 0 || float64(v) != math.Trunc(float64(v))) })
}

// expectation is the comparison as a line among the expectations.
func (c *Comparison) expectation() ExpectResult {
	out := ExpectResult{
		Expression: fmt.Sprintf("%s agrees with what was published", c.Label), Row: c.Row, Labels: c.Labels, Outcome: Missed,
		Values: []ReadValue{
			{"published", numberOf(UnitRatio, c.Published), UnitRatio}, {"ours", numberOf(UnitRatio, c.Ours.Mean), UnitRatio},
			{"low", numberOf(UnitRatio, c.Low), UnitRatio}, {"high", numberOf(UnitRatio, c.High), UnitRatio},
			{"tolerance", textOf(c.Tolerance.String()), UnitText},
		},
	}
	switch {
	case c.Agrees():
		out.Outcome = Passed
	case c.Verdict == NotMeasured:
		out.Outcome = NoSample
	}
	return out
}

// ReferenceTable shows what was published beside what was measured.
func ReferenceTable(comparisons []Comparison) Table {
	var s shape
	if len(comparisons) > 0 {
		for _, l := range comparisons[0].Labels {
			s.labels = append(s.labels, l.Name)
		}
	}
	b := newBuilder("references", "Published and ours", s)
	for i := range comparisons {
		c := &comparisons[i]
		b.start(&Row{Labels: c.Labels})
		for _, v := range c.cells() {
			b.cell(v.Name, v.Value)
		}
		b.end()
	}
	return b.done()
}

// cells returns the comparison as the cells of a table.
func (c *Comparison) cells() []ReadValue {
	difference := numberOf(UnitRatio, c.Difference)
	if c.Tolerance.Relative && c.Published != 0 {
		difference = numberOf(UnitShare, quotient(float64(c.Difference), math.Abs(float64(c.Published)), 1))
	}
	cell := func(name string, v Value) ReadValue { return ReadValue{name, v, v.Unit} }
	return []ReadValue{
		cell("quantity", textOf(c.Label)), cell("published", numberOf(UnitRatio, c.Published)),
		cell("ours", numberOf(UnitRatio, c.Ours.Mean)), cell("ci95", numberOf(UnitRatio, c.Ours.CI95)),
		cell("runs", countOf(int64(c.Ours.N))), cell("low", numberOf(UnitRatio, c.Low)), cell("high", numberOf(UnitRatio, c.High)),
		cell("difference", textOf(difference.String())), cell("tolerance", textOf(c.Tolerance.String())), cell("verdict", textOf(c.Verdict)),
	}
}
