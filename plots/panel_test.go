package plots

import (
	"math"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
)

// The range of an axis holds all that is drawn: whiskers, sums of areas, the
// whole of a bar, the interval before the first point of an area.
func TestExtents(t *testing.T) {
	nan := math.NaN()
	for _, tt := range []struct {
		name  string
		panel Panel
		x, y  span
	}{
		{"a line", Panel{Series: []Series{{X: []float64{1, 2, nan}, Y: []float64{5, 3, 9}}}}, span{1, 2}, span{3, 5}},
		{"points that cannot be drawn", Panel{Series: []Series{{X: []float64{1, 2, 3}, Y: []float64{5, nan, 7}}}}, span{1, 3}, span{5, 7}},
		{"whiskers", Panel{Series: []Series{{Mark: Points, X: []float64{1, 2}, Y: []float64{5, 6}, Low: []float64{2, nan}, High: []float64{8, 7}}}}, span{1, 2}, span{2, 8}},
		{"bars", Panel{Series: []Series{{Mark: Bars, Width: 4, X: []float64{10, 20}, Y: []float64{5, 6}}}}, span{8, 22}, span{5, 6}},
		{"bars one wide", Panel{Series: []Series{{Mark: Bars, X: []float64{3}, Y: []float64{5}}}}, span{2.5, 3.5}, span{5, 5}},
		{"areas", Panel{Series: []Series{{Mark: Area, X: []float64{30, 40}, Y: []float64{5, 6}}, {Mark: Area, X: []float64{30, 40}, Y: []float64{1, 2}}}},
			span{20, 40}, span{5, 8}},
		{"areas from the start", Panel{Series: []Series{{Mark: Area, X: []float64{5, 15}, Y: []float64{5, 6}}}}, span{5, 15}, span{5, 6}},
	} {
		c := &Chart{Panels: []Panel{tt.panel}}
		x := noSpan()
		for _, s := range tt.panel.Series {
			c.extentX(s, tt.panel, &x)
		}
		if y := c.extentY(tt.panel); x != tt.x || y != tt.y {
			t.Errorf("%s: x %v, y %v, want %v and %v", tt.name, x, y, tt.x, tt.y)
		}
	}
}

// Whiskers run from low to high, are cut to the axis, and those of two series
// stand beside each other.
func TestWhiskers(t *testing.T) {
	nan := math.NaN()
	a := Series{Mark: Points, X: []float64{1, 2, 3}, Y: []float64{5, 6, 7}, Low: []float64{1, -3, nan}, High: []float64{9, 12, 9}}
	d := panelDrawing(Panel{Series: []Series{a, a}}, linear(0, 4), linear(0, 10), &counters{}, 100)
	var bars []*plotter.YErrorBars
	var aside []vg.Length
	for _, p := range d.lines {
		s := p.(shifted)
		if b, ok := s.Plotter.(*plotter.YErrorBars); ok {
			bars, aside = append(bars, b), append(aside, s.by)
		}
	}
	if len(bars) != 2 {
		t.Fatalf("%d sets of whiskers for two series", len(bars))
	}
	if diff := cmp.Diff(plotter.YErrors{{Low: 4, High: 4}, {Low: 6, High: 4}}, bars[0].YErrors); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(plotter.XYs{{X: 1, Y: 5}, {X: 2, Y: 6}}, bars[0].XYs); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]vg.Length{-dodge / 2, dodge / 2}, aside); diff != "" {
		t.Error(diff)
	}
}

// However many series stand apart, all stay near their value.
func TestManyWhiskersStayTogether(t *testing.T) {
	a := Series{Mark: Points, X: []float64{1, 2}, Y: []float64{5, 6}, Low: []float64{1, 3}, High: []float64{9, 9}}
	for _, n := range []int{2, 5, 12} {
		p := Panel{}
		for range n {
			p.Series = append(p.Series, a)
		}
		var far vg.Length
		for _, l := range panelDrawing(p, linear(0, 4), linear(0, 10), &counters{}, 100).lines {
			far = max(far, l.(shifted).by)
		}
		if want := min(dodge*vg.Length(n-1), spread*vg.Length(n-1)/vg.Length(n)) / 2; math.Abs(float64(far-want)) > 1e-9 || far > spread/2 {
			t.Errorf("of %d series the last stands %v aside, want %v", n, far, want)
		}
	}
}

// The line of an event runs through every panel, and grid lines leave from
// every labelled tick.
func TestEventAndGridLines(t *testing.T) {
	c := must(t, RingHealth{Seconds: []float64{0, 100}, Fingers: []float64{0, 100}, Members: []float64{0, 10}})
	plain := string(rendered(t, c, SVG, Size{}))
	c.Events = []Event{{50, "fail"}}
	marked := string(rendered(t, c, SVG, Size{}))
	const dashed, grid = "stroke-dasharray:3,2", "stroke:#DCDCDC"
	if before, after := strings.Count(plain, dashed), strings.Count(marked, dashed); before != 0 || after != 3 {
		t.Errorf("%d event lines without, %d with an event; want 0 and 3: two panels and a label", before, after)
	}
	across, up := 0, 0
	for _, m := range regexp.MustCompile(`d="M([\d.]+),([\d.]+)L([\d.]+),([\d.]+)" style="[^"]*`+grid).FindAllStringSubmatch(plain, -1) {
		if m[1] == m[3] {
			up++
		}
		if m[2] == m[4] {
			across++
		}
	}
	if across < 6 || up < 6 || up%2 != 0 { // the same number upwards in both panels
		t.Errorf("%d grid lines across and %d up", across, up)
	}
}

// Where Liberation Sans is missing, a font of the same widths stands in.
func TestSVGNamesOtherFonts(t *testing.T) {
	c := must(t, RingHealth{Seconds: []float64{0, 1}, Fingers: []float64{1, 2}})
	svg := string(rendered(t, c, SVG, Size{}))
	if n, all := strings.Count(svg, "Liberation Sans,Arial,"), strings.Count(svg, "<text"); n != all || n == 0 {
		t.Errorf("%d of %d texts name a second font", n, all)
	}
}
