package plots

import (
	"image/color"
	"math"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const (
	lineWidth    = vg.Length(1.4)
	guideWidth   = vg.Length(1.1)
	markerRadius = vg.Length(3)
	// dodge is how far series with whiskers stand apart, so that whiskers at the
	// same x do not cover each other.
	dodge = vg.Length(5)
	// spread bounds how far the first and the last of them are apart, so that they
	// stay at their value and inside of the panel.
	spread = vg.Length(25)
	// markers is how many markers a line gets.
	markers = 9
)

// drawing is a panel turned into what the library draws, with its share of the
// legend.
type drawing struct {
	fills   []plot.Plotter // areas and bars, behind the lines of events
	lines   []plot.Plotter // in front of them
	entries []entry
}

// counters number the series of a chart, so that styles go on from one panel
// to the next.
type counters struct{ lines, guides int }

// panelDrawing turns the series of a panel into plotters. limit is the number
// of points each line may have.
func panelDrawing(p Panel, x, y scale, n *counters, limit int) drawing {
	var d, behind drawing
	behind.addGuides(p, x, y, n, limit)
	d.lines = behind.lines
	d.addAreas(p, x, y, limit)
	d.addBars(p, x, y)
	d.addLines(p, x, y, n, limit)
	d.addDots(p, x, y, n)
	d.entries = append(d.entries, behind.entries...)
	return d
}

// legend adds an entry, unless the series has no name.
func (d *drawing) legend(label string, thumbs ...plot.Thumbnailer) {
	if label != "" {
		d.entries = append(d.entries, entry{label, thumbs})
	}
}

// addGuides draws the curves to compare with: behind the other lines, and last in
// the legend.
func (d *drawing) addGuides(p Panel, x, y scale, n *counters, limit int) {
	for _, s := range p.Series {
		if s.Mark != Guide {
			continue
		}
		st := guideStyle(n.guides, s.Colour)
		if s.Colour == Auto {
			n.guides++
		}
		line := draw.LineStyle{Color: st.colour, Width: guideWidth, Dashes: st.dash}
		for _, run := range runs(s.X, s.Y, x, y, limit) {
			d.lines = append(d.lines, &plotter.Line{XYs: run, LineStyle: line})
		}
		d.legend(s.Label, &plotter.Line{LineStyle: line})
	}
}

// addAreas stacks the areas of a panel. The sums are painted from the highest
// down, each covering the lower part of the one before: so every edge is
// decimated on its own, and a spike in a thin layer stays.
func (d *drawing) addAreas(p Panel, x, y scale, limit int) {
	layers := stack(p)
	for i := len(layers) - 1; i >= 0; i-- {
		l := layers[i]
		st := fillStyle(i, l.series.Colour)
		area := plotter.Line{FillColor: st.colour}
		xs, ys := l.series.X, l.sum
		if len(xs) <= limit/2 {
			xs, ys = l.stairs((x.hi - x.lo) * x.unit / 50)
		} else { // steps narrower than a pixel; the edge keeps a lone spike visible
			area.LineStyle = draw.LineStyle{Color: st.colour, Width: 0.7}
		}
		for _, run := range runs(xs, ys, x, y, limit) {
			part := area
			part.XYs = run
			d.fills = append(d.fills, &part)
		}
		d.legend(l.series.Label, swatch{st.colour})
	}
}

// layer is one area with the sum of it and of those below.
type layer struct {
	series Series
	sum    []float64
}

// stack returns the areas of a panel from the bottom up. Where one layer has
// no number it counts as zero, where all have none the sum has none either.
func stack(p Panel) []layer {
	var layers []layer
	for _, s := range p.Series {
		if s.Mark != Area {
			continue
		}
		l := layer{s, make([]float64, len(s.Y))}
		for i, v := range s.Y {
			below := math.NaN()
			if len(layers) > 0 {
				below = layers[len(layers)-1].sum[i]
			}
			switch {
			case !drawable(v, 0) || v < 0:
				l.sum[i] = below
			case math.IsNaN(below):
				l.sum[i] = v
			default:
				l.sum[i] = below + v
			}
		}
		layers = append(layers, l)
	}
	return layers
}

// interval returns the least distance of two x values, which is how long the
// interval before the first one is taken to be; 0 where there is none.
func interval(xs []float64) float64 {
	least := math.Inf(1)
	for i := 1; i < len(xs); i++ {
		if by := xs[i] - xs[i-1]; by > 0 && by < least {
			least = by
		}
	}
	if math.IsInf(least, 1) {
		return 0
	}
	return least
}

// stairs turns the points of a layer into the steps they stand for: y[i] from
// x[i-1] to x[i]. The interval before the first point is taken to be as long as the
// shortest, or width if there is one point only. Where the layer is empty the steps
// have a hole, or its colour would shine through at the ends of what covers it.
func (l layer) stairs(width float64) (x, y []float64) {
	if w := interval(l.series.X); w > 0 {
		width = w
	}
	for i, to := range l.series.X {
		from := to - width
		if i > 0 {
			from = l.series.X[i-1]
		} else if to >= 0 {
			from = math.Max(0, from)
		}
		top := l.sum[i]
		if v := l.series.Y[i]; !drawable(v, 0) || v <= 0 {
			top = math.NaN()
		}
		x, y = append(x, from, to), append(y, top, top)
	}
	return x, y
}

// addBars stands the groups of bars side by side in the slots around their x.
func (d *drawing) addBars(p Panel, x, y scale) {
	groups := 0
	for _, s := range p.Series {
		if s.Mark == Bars {
			groups++
		}
	}
	k := 0
	for _, s := range p.Series {
		if s.Mark != Bars {
			continue
		}
		slot := s.Width / x.unit
		if slot == 0 {
			slot = 1
		}
		room := slot
		if groups > 1 { // leave a gap between the slots
			room *= 0.86
		}
		st := fillStyle(k, s.Colour)
		bars := &plotter.Histogram{Width: slot, FillColor: st.colour, LineStyle: draw.LineStyle{Color: color.White, Width: 0.3}}
		for i := range s.X {
			px, okX := x.place(s.X[i])
			py, okY := y.place(s.Y[i])
			if okX && okY && py != 0 {
				left := px - room/2 + room*float64(k)/float64(groups)
				bars.Bins = append(bars.Bins, plotter.HistogramBin{Min: left, Max: left + room/float64(groups), Weight: py})
			}
		}
		k++
		d.fills = append(d.fills, bars)
		d.legend(s.Label, swatch{st.colour})
	}
}

// addLines draws lines and joined points, with markers and whiskers.
func (d *drawing) addLines(p Panel, x, y scale, n *counters, limit int) {
	apart, a := 0, 0 // series that stand apart
	for _, s := range p.Series {
		if s.standsApart(p.Y) {
			apart++
		}
	}
	for _, s := range p.Series {
		if s.Mark != Line && s.Mark != Points {
			continue
		}
		st := lineStyle(n.lines, s.Colour)
		line := draw.LineStyle{Color: st.colour, Width: lineWidth, Dashes: st.dash}
		glyph := draw.GlyphStyle{Color: st.colour, Radius: markerRadius, Shape: st.shape}
		aside := vg.Length(0)
		if s.standsApart(p.Y) {
			aside = (vg.Length(a) - vg.Length(apart-1)/2) * min(dodge, spread/vg.Length(apart))
			a++
		}
		if s.Low != nil {
			d.lines = append(d.lines, shifted{whiskers(s, x, y, st.colour, limit/8), aside})
		}
		if nothing := nones(s, p.Y, x, y); len(nothing) > 0 {
			open := draw.GlyphStyle{Color: st.colour, Radius: markerRadius, Shape: standing{}}
			d.lines = append(d.lines, shifted{&plotter.Scatter{XYs: nothing, GlyphStyle: open}, aside})
		}
		for i, run := range runs(s.X, s.Y, x, y, limit) {
			d.lines = append(d.lines, shifted{&plotter.Line{XYs: run, LineStyle: line}, aside})
			dots := run
			if s.Mark == Line {
				dots = spaced(run, x, n.lines, i)
			}
			d.lines = append(d.lines, shifted{&plotter.Scatter{XYs: dots, GlyphStyle: glyph}, aside})
		}
		n.lines++
		d.legend(s.Label, &plotter.Line{LineStyle: line}, &plotter.Scatter{GlyphStyle: glyph})
	}
}

// addDots draws markers that nothing joins.
func (d *drawing) addDots(p Panel, x, y scale, n *counters) {
	for _, s := range p.Series {
		if s.Mark != Dots {
			continue
		}
		st := lineStyle(n.lines, s.Colour)
		n.lines++
		dots := &plotter.Scatter{GlyphStyle: draw.GlyphStyle{Color: st.colour, Radius: markerRadius, Shape: st.shape}}
		for i := range s.X {
			px, okX := x.place(s.X[i])
			py, okY := y.place(s.Y[i])
			if okX && okY {
				dots.XYs = append(dots.XYs, plotter.XY{X: px, Y: py})
			}
		}
		d.lines = append(d.lines, dots)
		d.legend(s.Label, dots)
	}
}

// standsApart reports whether what is drawn of a series at an x could cover that of
// another: whiskers, and marks on the lower edge.
func (s *Series) standsApart(y Axis) bool {
	for i := range s.Y {
		if s.none(i, y) {
			return true
		}
	}
	return s.Low != nil
}

// nones returns the places on the lower edge where a series says that there is
// nothing.
func nones(s Series, axis Axis, x, y scale) plotter.XYs {
	var all plotter.XYs
	for i := range s.X {
		if px, ok := x.place(s.X[i]); ok && s.none(i, axis) {
			all = append(all, plotter.XY{X: px, Y: y.lo})
		}
	}
	return all
}

// spaced picks the points of a line that get a marker: those nearest to evenly
// spaced places, shifted from line to line so that the markers of lines that
// run together do not cover each other. A point that stands alone always
// has one.
func spaced(run plotter.XYs, x scale, series, nth int) plotter.XYs {
	if len(run) == 1 {
		return run
	}
	var dots plotter.XYs
	last := -1
	for k := range markers {
		at := (float64(k) + 0.15 + 0.7*math.Mod(float64(series)*0.382, 1)) / markers
		best := -1
		for i := max(last, 0); i < len(run); i++ {
			if best < 0 || math.Abs(x.norm(run[i].X)-at) < math.Abs(x.norm(run[best].X)-at) {
				best = i
			}
		}
		if best > last && math.Abs(x.norm(run[best].X)-at) < 0.5/markers {
			dots = append(dots, run[best])
			last = best
		}
	}
	if len(dots) == 0 && nth == 0 {
		dots = run[:1]
	}
	return dots
}

// whiskers returns the vertical bars from low to high through each point, or
// through every n-th of more points than limit, cut to the axis.
func whiskers(s Series, x, y scale, c color.Color, limit int) plot.Plotter {
	bars := &plotter.YErrorBars{LineStyle: draw.LineStyle{Color: c, Width: 0.9}, CapWidth: 5}
	for i := 0; i < len(s.X); i += 1 + (len(s.X)-1)/limit {
		px, okX := x.place(s.X[i])
		py, okY := y.place(s.Y[i])
		if !okY && y.log != 0 && s.Y[i] == 0 { // the mark on the lower edge
			py, okY = y.lo, true
		}
		low, okLow := y.place(s.Low[i])
		high, okHigh := y.place(s.High[i])
		if !okX || !okY || !okHigh {
			continue
		}
		if !okLow && y.log != 0 && s.Low[i] <= 0 { // the whisker runs off a logarithmic axis
			low, okLow = y.lo, true
		}
		if !okLow {
			continue
		}
		low, high = math.Max(math.Min(low, py), y.lo), math.Min(math.Max(high, py), y.hi)
		bars.XYs = append(bars.XYs, plotter.XY{X: px, Y: py})
		bars.YErrors = append(bars.YErrors, struct{ Low, High float64 }{py - low, high - py})
	}
	return bars
}

// shifted draws a plotter some points to the side.
type shifted struct {
	plot.Plotter
	by vg.Length
}

// Plot implements plot.Plotter.
func (s shifted) Plot(c draw.Canvas, p *plot.Plot) {
	c.Min.X += s.by
	c.Max.X += s.by
	s.Plotter.Plot(c, p)
}

// swatch is the legend's sample of an area or bar.
type swatch struct{ colour color.Color }

// Thumbnail implements plot.Thumbnailer.
func (s swatch) Thumbnail(c *draw.Canvas) {
	c.FillPolygon(s.colour, []vg.Point{c.Min, {X: c.Max.X, Y: c.Min.Y}, c.Max, {X: c.Min.X, Y: c.Max.Y}})
}
