package plots

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// farthest bounds what is drawn: beyond it differences and sums of values
// would overflow to infinity inside the drawing library.
const farthest = 1e100

// drawable reports whether v has a place on an axis with the given log base.
func drawable(v float64, log int) bool {
	if math.IsNaN(v) || math.Abs(v) > farthest {
		return false
	}
	return log == 0 || v > 1/farthest
}

// Validate reports everything that is wrong with the chart, joined: slices of
// unequal lengths, an x that goes backwards, an axis that cannot be, and a
// chart without a number to draw. Render and Save call it first.
func (c *Chart) Validate() error {
	v := validator{chart: c.Name}
	v.axis("x", c.X)
	drawn := false
	for i, p := range c.Panels {
		v.axis(fmt.Sprintf("y axis of panel %d", i+1), p.Y)
		if p.Height < 0 || math.IsNaN(p.Height) || p.Height > 100 {
			v.fault("panel %d has height %g; use 0 to 100", i+1, p.Height)
		}
		var stack *Series
		for k := range p.Series {
			s := &p.Series[k]
			if v.series(s, c.X, p.Y) {
				drawn = true
			}
			if s.Mark != Area {
				continue
			}
			if stack == nil {
				stack = s
			} else if !slices.Equal(stack.X, s.X) {
				v.fault("series %q is stacked on %q and needs the same x values", s.Label, stack.Label)
			}
		}
	}
	if !drawn && len(v.faults) == 0 {
		return fmt.Errorf("nothing to draw in chart %s", c.Name)
	}
	return errors.Join(v.faults...)
}

// validator gathers the faults of one chart.
type validator struct {
	chart  string
	faults []error
}

func (v *validator) fault(format string, args ...any) {
	v.faults = append(v.faults, fmt.Errorf("chart %s: %s", v.chart, fmt.Sprintf(format, args...)))
}

func (v *validator) axis(name string, a Axis) {
	if a.Log != 0 && a.Log != 2 && a.Log != 10 {
		v.fault("%s has log base %d; use 2, 10 or 0 for linear", name, a.Log)
		return
	}
	if !drawable(a.Min, 0) || !drawable(a.Max, 0) || a.Min > a.Max {
		v.fault("%s runs from %g to %g; give an ascending range or none", name, a.Min, a.Max)
		return
	}
	if a.Log != 0 && a.Min != a.Max && a.Min <= 0 {
		v.fault("%s is logarithmic and begins at %g; begin above zero", name, a.Min)
	}
}

// series checks one series and reports whether it holds a point to draw.
func (v *validator) series(s *Series, x, y Axis) bool {
	if len(s.X) != len(s.Y) {
		v.fault("series %q has %d x and %d y values; give one y for each x", s.Label, len(s.X), len(s.Y))
		return false
	}
	if s.Low != nil || s.High != nil {
		if s.Mark != Points {
			v.fault("series %q has whiskers; only points can", s.Label)
		}
		if len(s.Low) != len(s.X) || len(s.High) != len(s.X) {
			v.fault("series %q has %d points, %d low and %d high ends; give both for each point", s.Label, len(s.X), len(s.Low), len(s.High))
			return false
		}
	}
	switch s.Mark {
	case Line, Area, Guide:
		if i, before := firstDescent(s.X); i >= 0 {
			v.fault("series %q goes back from x = %g to %g at point %d; sort it", s.Label, before, s.X[i], i+1)
		}
	case Bars:
		if x.Log != 0 || y.Log != 0 {
			v.fault("series %q has bars; they need linear axes", s.Label)
		}
		if len(s.X) > linePoints {
			v.fault("series %q has %d bars; put them together into at most %d", s.Label, len(s.X), linePoints)
		}
	case Points, Dots:
	default:
		v.fault("series %q has the unknown mark %d", s.Label, s.Mark)
	}
	if s.Mark == Area && y.Log != 0 {
		v.fault("series %q is stacked; that needs a linear y axis", s.Label)
	}
	if s.Width < 0 || math.IsNaN(s.Width) || s.Width > farthest {
		v.fault("series %q has bars %g wide; use a positive width", s.Label, s.Width)
	}
	if s.Colour < Auto || s.Colour >= colourCount {
		v.fault("series %q has the unknown colour %d", s.Label, s.Colour)
	}
	for i := range s.X {
		if drawable(s.X[i], x.Log) && (drawable(s.Y[i], y.Log) || s.none(i, y)) {
			return true
		}
	}
	return false
}

// firstDescent returns the index of the first x smaller than one before it,
// NaN skipped, and that one; or -1.
func firstDescent(xs []float64) (at int, before float64) {
	last := math.Inf(-1)
	for i, x := range xs {
		if x < last {
			return i, last
		}
		if !math.IsNaN(x) {
			last = x
		}
	}
	return -1, 0
}
