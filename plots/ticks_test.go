package plots

import (
	"math"
	"strings"
	"testing"

	"gonum.org/v1/plot"
	"pgregory.net/rapid"
)

// upTo is a fitter that lets n labels stand on an axis.
func upTo(n float64) fitter {
	return func(_ []string, apart float64) bool { return apart*n >= 1 }
}

// shown returns the labels of the ticks.
func shown(ticks []plot.Tick) string {
	var all []string
	for _, t := range ticks {
		if !t.IsMinor() {
			all = append(all, visible(t.Label))
		}
	}
	return strings.Join(all, " ")
}

func TestTicks(t *testing.T) {
	for _, tt := range []struct {
		name string
		axis Axis
		data span
		room int
		want string
		as   string // the label of the axis
	}{
		{"percent", Axis{Label: "right", Unit: "%", Max: 100}, span{3, 80}, 6, "0 20 40 60 80 100", "right (%)"},
		{"counts from zero", Axis{Label: "members", Zero: true, Integer: true}, span{4321, 9876}, 6, "0 2_000 4_000 6_000 8_000 10_000", "members"},
		{"a constant", Axis{Zero: true}, span{7, 7}, 6, "0 1 2 3 4 5 6 7 8", ""},
		{"nothing but zeros", Axis{Zero: true}, span{0, 0}, 6, "0 0.2 0.4 0.6 0.8 1.0", ""},
		{"whole numbers", Axis{Integer: true}, span{1, 3}, 0, "1 2 3", ""},
		{"one whole number", Axis{Integer: true}, span{3, 3}, 0, "2 3 4", ""},
		{"seconds", Axis{Time: true, Label: "time"}, span{0, 100}, 0, "0 15 30 45 60 75 90", "time (s)"},
		{"minutes", Axis{Time: true, Label: "time"}, span{0, 7200}, 0, "0 15 30 45 60 75 90 105 120", "time (min)"},
		{"a few minutes", Axis{Time: true, Label: "time"}, span{0, 240}, 0, "0 0.5 1.0 1.5 2.0 2.5 3.0 3.5 4.0", "time (min)"},
		{"hours", Axis{Time: true, Label: "time"}, span{0, 86400}, 0, "0 3 6 9 12 15 18 21 24", "time (h)"},
		{"days", Axis{Time: true, Label: "time"}, span{0, 8 * 86400}, 0, "0 1 2 3 4 5 6 7 8", "time (d)"},
		{"milliseconds", Axis{Time: true, Zero: true, Label: "latency"}, span{0.02, 0.49}, 6, "0 100 200 300 400 500", "latency (ms)"},
		{"microseconds", Axis{Time: true, Zero: true, Label: "latency"}, span{0, 4e-4}, 6, "0 50 100 150 200 250 300 350 400", "latency (µs)"},
		{"powers of two", Axis{Log: 2, Label: "nodes"}, span{8, 16384}, 0, "16 64 256 1024 4096 16_384", "nodes"},
		{"one power of two", Axis{Log: 2}, span{1000, 1000}, 0, "512 1024", ""},
		{"powers of ten", Axis{Log: 10}, span{1e-3, 1e4}, 0, "0.001 0.01 0.1 1 10 100 1000 10_000", ""},
		{"a decade", Axis{Log: 10, Time: true, Label: "latency"}, span{0.03, 2.5}, 0, "50 200 500 2000 100 1000", "latency (ms)"},
	} {
		s := newScale(tt.axis, tt.data, tt.room, false)
		s.mark(upTo(8.5))
		if got := shown(s.ticks); got != tt.want || s.label != tt.as {
			t.Errorf("%s: ticks %q on %q, want %q on %q", tt.name, got, s.label, tt.want, tt.as)
		}
	}
}

// On any axis, over any range, ticks lie inside it, and what the fitter allows
// holds.
func TestTicksStayOnTheAxis(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		axis := Axis{
			Log:     rapid.SampledFrom([]int{0, 0, 2, 10}).Draw(t, "log"),
			Zero:    rapid.Bool().Draw(t, "zero"),
			Time:    rapid.Bool().Draw(t, "time"),
			Integer: rapid.Bool().Draw(t, "integer"),
		}
		value := rapid.Custom(func(t *rapid.T) float64 {
			v := rapid.Float64Range(1, 10).Draw(t, "digits") * math.Pow10(rapid.IntRange(-90, 90).Draw(t, "exponent"))
			if axis.Log == 0 && rapid.Bool().Draw(t, "negative") {
				v = -v
			}
			return v
		})
		data := noSpan()
		data.add(value.Draw(t, "a"))
		data.add(value.Draw(t, "b"))
		s := newScale(axis, data, rapid.IntRange(0, 8).Draw(t, "room"), rapid.Bool().Draw(t, "widen"))
		if !(s.lo < s.hi) || math.IsInf(s.hi-s.lo, 0) {
			t.Fatalf("range %g to %g", s.lo, s.hi)
		}
		if hair := (s.hi - s.lo) * 1e-6; s.lo > data.lo/s.unit+hair || s.hi < data.hi/s.unit-hair {
			t.Fatalf("range %g to %g leaves out data %g to %g in units of %g", s.lo, s.hi, data.lo, data.hi, s.unit)
		}
		n := rapid.Float64Range(2, 20).Draw(t, "n")
		s.mark(upTo(n))
		labels := 0
		for _, tick := range s.ticks {
			if at := s.norm(tick.Value); at < -1e-6 || at > 1+1e-6 {
				t.Fatalf("tick %g off the axis %g to %g", tick.Value, s.lo, s.hi)
			}
			if !tick.IsMinor() {
				labels++
			}
		}
		if axis.Log == 0 && !axis.Time && !axis.Integer && float64(labels) > n+1 {
			t.Fatalf("%d labels where %g fit", labels, n)
		}
		if len(s.ticks) > 300 {
			t.Fatalf("%d ticks", len(s.ticks))
		}
	})
}

// Markers and whiskers do not stand on the frame; zero does.
func TestMargin(t *testing.T) {
	if s := newScale(Axis{}, span{1, 20}, 0, true); s.lo >= 1 || s.lo < 0 || s.hi <= 20 || s.hi > 22 {
		t.Errorf("range %g to %g for 1 to 20", s.lo, s.hi)
	}
	if s := newScale(Axis{Zero: true}, span{5, 20}, 0, true); s.lo != 0 || s.hi <= 20 {
		t.Errorf("range %g to %g for 5 to 20 from zero", s.lo, s.hi)
	}
	if s := newScale(Axis{Log: 2}, span{8, 1024}, 0, true); s.lo >= 8 || s.lo < 6 || s.hi <= 1024 || s.hi > 1300 {
		t.Errorf("range %g to %g for 8 to 1024", s.lo, s.hi)
	}
}
