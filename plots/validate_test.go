package plots

import (
	"math"
	"strings"
	"testing"
)

func TestValidate(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	one := func(s Series) *Chart {
		return &Chart{Head: Head{Name: "c"}, Panels: []Panel{{Series: []Series{s}}}}
	}
	xy := Series{Label: "s", X: []float64{1, 2}, Y: []float64{3, 4}}
	with := func(change func(*Chart)) *Chart {
		c := one(xy)
		change(c)
		return c
	}
	for _, tt := range []struct {
		name  string
		chart *Chart
		want  []string // lines of the error
	}{
		{"fine", one(xy), nil},
		{"one point among many", one(Series{X: []float64{nan, 1, inf}, Y: []float64{1, 2, 3}}), nil},
		{"no panel", &Chart{Head: Head{Name: "c"}}, []string{"nothing to draw in chart c"}},
		{"no series", &Chart{Head: Head{Name: "c"}, Panels: []Panel{{}}}, []string{"nothing to draw in chart c"}},
		{"empty series", one(Series{Label: "s"}), []string{"nothing to draw in chart c"}},
		{"nothing finite", one(Series{X: []float64{1, nan, 3, 4}, Y: []float64{nan, 1, inf, 1e101}}), []string{"nothing to draw in chart c"}},
		{"nothing positive on a logarithmic axis", with(func(c *Chart) { c.X.Log = 10; c.Panels[0].Series[0].X = []float64{-1, 0} }), []string{"nothing to draw in chart c"}},
		{"lengths", one(Series{Label: "s", X: []float64{1}, Y: []float64{1, 2}}), []string{`chart c: series "s" has 1 x and 2 y values; give one y for each x`}},
		{"x goes back", one(Series{Label: "s", X: []float64{1, nan, 0.5}, Y: []float64{1, 2, 3}}), []string{`chart c: series "s" goes back from x = 1 to 0.5 at point 3; sort it`}},
		{"points may go back", one(Series{Mark: Points, X: []float64{1, 0.5}, Y: []float64{1, 2}}), nil},
		{"one whisker", one(Series{Label: "s", Mark: Points, X: []float64{1}, Y: []float64{1}, Low: []float64{0}}), []string{`chart c: series "s" has 1 points, 1 low and 0 high ends; give both for each point`}},
		{"whiskers on a line", one(Series{Label: "s", X: []float64{1}, Y: []float64{1}, Low: []float64{0}, High: []float64{2}}), []string{`chart c: series "s" has whiskers; only points can`}},
		{"bars on a logarithmic axis", with(func(c *Chart) { c.X.Log = 2; c.Panels[0].Series[0].Mark = Bars }), []string{`chart c: series "s" has bars; they need linear axes`}},
		{"more bars than pixels", one(Series{Label: "s", Mark: Bars, X: ramp(2001, 0, 1), Y: ramp(2001, 0, 1)}), []string{`chart c: series "s" has 2001 bars; put them together into at most 2000`}},
		{"area on a logarithmic axis", with(func(c *Chart) { c.Panels[0].Y.Log = 2; c.Panels[0].Series[0].Mark = Area }), []string{`chart c: series "s" is stacked; that needs a linear y axis`}},
		{"areas with different x", &Chart{Head: Head{Name: "c"}, Panels: []Panel{{Series: []Series{
			{Label: "a", Mark: Area, X: []float64{1, 2}, Y: []float64{1, 2}}, {Label: "b", Mark: Area, X: []float64{1, 3}, Y: []float64{1, 2}},
		}}}}, []string{`chart c: series "b" is stacked on "a" and needs the same x values`}},
		{"log base", with(func(c *Chart) { c.X.Log = 3 }), []string{"chart c: x has log base 3; use 2, 10 or 0 for linear"}},
		{"range upside down", with(func(c *Chart) { c.Panels[0].Y.Min, c.Panels[0].Y.Max = 2, 1 }), []string{"chart c: y axis of panel 1 runs from 2 to 1; give an ascending range or none"}},
		{"range from zero", with(func(c *Chart) { c.X.Log, c.X.Max = 10, 5 }), []string{"chart c: x is logarithmic and begins at 0; begin above zero"}},
		{"several faults", with(func(c *Chart) {
			c.Panels[0].Height = -1
			c.Panels[0].Series[0].Mark = 99
			c.Panels[0].Series[0].Colour = 99
			c.Panels[0].Series[0].Width = -1
		}), []string{
			"chart c: panel 1 has height -1; use 0 to 100",
			`chart c: series "s" has the unknown mark 99`,
			`chart c: series "s" has bars -1 wide; use a positive width`,
			`chart c: series "s" has the unknown colour 99`,
		}},
	} {
		err := tt.chart.Validate()
		got := ""
		if err != nil {
			got = err.Error()
		}
		if want := strings.Join(tt.want, "\n"); got != want {
			t.Errorf("%s:\n%s\nwant\n%s", tt.name, got, want)
		}
	}
}
