package plots

import (
	"math"

	"gonum.org/v1/plot"
)

// scale is an Axis with everything decided: the range, the unit, the ticks.
type scale struct {
	label  string  // with the unit
	lo, hi float64 // in the unit
	unit   float64 // a value is divided by it before it is drawn
	log    int
	clock  []int64 // round steps of a time unit
	whole  bool    // ticks at whole numbers only
	ticks  []plot.Tick
}

// timeUnit is a unit a time axis can have.
type timeUnit struct {
	name    string
	seconds float64
	upto    float64 // the longest time shown in it, in seconds
	clock   []int64
}

var timeUnits = []timeUnit{
	{"µs", 1e-6, 1e-3, nil},
	{"ms", 1e-3, 1, nil},
	{"s", 1, 180, clock60},
	{"min", 60, 180 * 60, clock60},
	{"h", 3600, 96 * 3600, clock24},
	{"d", 86400, math.Inf(1), nil},
}

// unitOf returns the unit for times up to seconds. A logarithmic axis shows
// the small beside the large: it stays with milliseconds up to 10 s.
func unitOf(seconds float64, log int) timeUnit {
	for _, u := range timeUnits {
		upto := u.upto
		if log != 0 {
			upto *= 10
		}
		if seconds <= upto {
			return u
		}
	}
	return timeUnits[2]
}

// span is the least interval that holds some values.
type span struct{ lo, hi float64 }

func noSpan() span { return span{math.Inf(1), math.Inf(-1)} }

func (s *span) add(v float64) {
	s.lo, s.hi = math.Min(s.lo, v), math.Max(s.hi, v)
}

// fitter tells whether labels fit beside each other, given their distance as a
// share of the axis.
type fitter func(labels []string, apart float64) bool

// newScale decides unit and range of an axis for the values in data. room is
// the number of steps to aim at when its end is rounded up, 0 to leave it; widen
// adds a margin at both sides of a range taken from the data, so that markers
// and whiskers do not stand on the frame.
func newScale(a Axis, data span, room int, widen bool) scale {
	if data.lo > data.hi { // an empty panel beside a full one
		data = span{1, 1}
	}
	fixed := a.Min != a.Max
	if fixed {
		data = span{a.Min, a.Max}
	}
	unit := timeUnit{name: a.Unit, seconds: 1}
	if a.Time {
		unit = unitOf(math.Max(math.Abs(data.lo), math.Abs(data.hi)), a.Log)
	}
	s := scale{label: clean(a.Label), unit: unit.seconds, log: a.Log, clock: unit.clock, whole: a.Integer}
	if unit.name != "" {
		s.label += " (" + clean(unit.name) + ")"
	}
	s.lo, s.hi = data.lo/s.unit, data.hi/s.unit
	switch {
	case fixed:
	case s.log != 0:
		s.spreadLog(widen)
	default:
		s.spreadLinear(a, room, widen)
	}
	return s
}

// mark sets the ticks, as many as fit.
func (s *scale) mark(fits fitter) {
	switch s.log {
	case 2:
		s.ticks = log2Ticks(s.lo, s.hi, fits)
	case 10:
		s.ticks = log10Ticks(s.lo, s.hi, fits)
	default:
		s.ticks, _ = linearTicks(s.lo, s.hi, steps(s.hi-s.lo, s.clock, s.whole), fits)
	}
}

// spreadLog gives a logarithmic range at least two doublings, and a margin.
func (s *scale) spreadLog(widen bool) {
	const least = 4.0
	if s.hi < s.lo*least {
		f := math.Sqrt(least * s.lo / s.hi)
		s.lo, s.hi = s.lo/f, s.hi*f
	}
	if widen {
		f := math.Pow(s.hi/s.lo, 0.03)
		s.lo, s.hi = s.lo/f, s.hi*f
	}
}

// spreadLinear widens a linear range taken from the data: never empty, from
// zero if asked for, and up to a round number on an axis with room for it.
func (s *scale) spreadLinear(a Axis, room int, widen bool) {
	size := math.Max(math.Abs(s.lo), math.Abs(s.hi))
	touched := s.lo
	if a.Zero {
		s.lo, s.hi = math.Min(s.lo, 0), math.Max(s.hi, 0)
	}
	if s.hi-s.lo <= 1e-9*size || s.hi == s.lo {
		switch {
		case size < 1/farthest:
			s.lo, s.hi = 0, 1
		case a.Integer && !a.Zero:
			s.lo, s.hi = s.lo-1, s.hi+1
		default:
			s.lo, s.hi = s.lo-size/2, s.hi+size/2
		}
	}
	if widen {
		margin := (s.hi - s.lo) * 0.03
		if s.hi += margin; touched-margin < s.lo {
			s.lo -= margin
		}
	}
	if a.Integer && s.hi-s.lo < 1 {
		s.lo, s.hi = math.Floor(s.lo), math.Ceil(s.hi)
	}
	if room <= 0 {
		return
	}
	_, by := linearTicks(s.lo, s.hi, steps(s.hi-s.lo, s.clock, s.whole), func(labels []string, apart float64) bool {
		return apart*float64(room) >= 1
	})
	s.hi = by.at(int64(math.Ceil(s.hi/by.size() - 1e-9)))
	s.lo = by.at(int64(math.Floor(s.lo/by.size() + 1e-9)))
	if s.hi <= s.lo { // whole numbers, and data within a hair of one
		s.hi = s.lo + by.size()
	}
}

// normalizer returns the library's scale.
func (s scale) normalizer() plot.Normalizer {
	if s.log != 0 {
		return plot.LogScale{}
	}
	return plot.LinearScale{}
}

// norm returns where v, in the unit, lies on the axis: 0 at its start, 1 at
// its end.
func (s scale) norm(v float64) float64 { return s.normalizer().Normalize(s.lo, s.hi, v) }

// place converts a value of the data to the unit of the axis; ok is false
// where it cannot be drawn.
func (s scale) place(v float64) (float64, bool) {
	if !drawable(v, s.log) {
		return 0, false
	}
	return v / s.unit, true
}
