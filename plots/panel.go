package plots

import (
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// pane is a panel on its way to the canvas.
type pane struct {
	y       scale
	drawing drawing
	share   vg.Length // of the height of all panels
	plot    *plot.Plot
	label   []string // lines of the label of the y axis
}

// weight is the panel's part of the height.
func (p Panel) weight() float64 {
	if p.Height == 0 {
		return 1
	}
	return p.Height
}

// panes decides the scales and turns every panel into what the library draws.
// height is that of all of them, about.
func (c *Chart) panes(height vg.Length) (x scale, panes []pane) {
	data, widen, lines, weight := noSpan(), false, 0, 0.0
	for _, p := range c.Panels {
		weight += p.weight()
		for _, s := range p.Series {
			lines++
			c.extentX(s, p, &data)
			widen = widen || s.Mark == Points || s.Mark == Dots && !c.X.Zero
		}
	}
	room := 0
	if c.X.Zero && !widen {
		room = 8
	}
	x = newScale(c.X, data, room, widen)
	var count counters
	for _, p := range c.Panels {
		share := vg.Length(p.weight() / weight)
		room := int(max(2, min(6, height*share/40)))
		y := newScale(p.Y, c.extentY(p), room, false)
		panes = append(panes, pane{y: y, share: share, drawing: panelDrawing(p, x, y, &count, budget(lines))})
	}
	return x, panes
}

// build sets up the plot of a pane, with ticks and label for the height of all
// panels.
func (p *pane) build(x scale, on []Event, height vg.Length, last bool) {
	p.y.mark(stacked(height * p.share))
	p.label = upright(p.y.label, height*p.share)
	p.plot = newPlot(x, p.y, last)
	p.plot.Add(verticals{places: labelled(x), style: draw.LineStyle{Color: rule, Width: 0.5}})
	p.plot.Add(horizontalGrid())
	p.plot.Add(p.drawing.fills...)
	p.plot.Add(verticals{places: places(on), style: eventLine, halo: true})
	p.plot.Add(p.drawing.lines...)
	x.limit(&p.plot.X)
	p.y.limit(&p.plot.Y)
}

// extentX widens data to the x values a series is drawn at. (A bar needs its
// whole slot, an area the interval before its first point.)
func (c *Chart) extentX(s Series, p Panel, data *span) {
	half := 0.0
	if s.Mark == Bars {
		if half = s.Width / 2; half == 0 {
			half = 0.5
		}
	}
	first := true
	for i, v := range s.X {
		if !drawable(v, c.X.Log) || !drawable(s.Y[i], p.Y.Log) && !s.none(i, p.Y) {
			continue
		}
		if s.Mark == Area && first {
			if before := v - interval(s.X); drawable(before, c.X.Log) && (v < 0 || before >= 0) {
				data.add(before)
			}
		}
		first = false
		data.add(v - half)
		data.add(v + half)
	}
}

// extentY returns the range of what a panel draws, stacked areas and whiskers
// included.
func (c *Chart) extentY(p Panel) span {
	data := noSpan()
	take := func(x, y float64) {
		if drawable(x, c.X.Log) && drawable(y, p.Y.Log) {
			data.add(y)
		}
	}
	for _, s := range p.Series {
		if s.Mark == Area {
			continue
		}
		for i, x := range s.X {
			if take(x, s.Y[i]); s.Low != nil && (drawable(s.Y[i], p.Y.Log) || s.none(i, p.Y)) {
				take(x, s.Low[i])
				take(x, s.High[i])
			}
		}
	}
	for _, l := range stack(p) {
		for i, x := range l.series.X {
			take(x, l.sum[i])
		}
	}
	return data
}

// sideBySide returns the fitter of a horizontal axis.
func sideBySide(length vg.Length) fitter {
	sty := textStyle(tickSize, ink, false)
	return func(labels []string, apart float64) bool {
		widest := vg.Length(0)
		for _, l := range labels {
			widest = max(widest, sty.Width(l))
		}
		return length*vg.Length(apart) >= widest+12
	}
}

// stacked returns the fitter of a vertical axis.
func stacked(length vg.Length) fitter {
	return func(_ []string, apart float64) bool { return length*vg.Length(apart) >= 25 }
}

// newPlot returns an empty plot with the axes set up; only the last panel has
// labels at the ticks of the x axis. What the axes are called is written by
// axisLabels: the library would give up room for a long label on a logarithmic
// axis.
func newPlot(x, y scale, last bool) *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.Padding = 0
		a.Color, a.Width = ink, 0.7
		a.Tick.Color, a.Tick.Width, a.Tick.Length = ink, 0.7, 4
		a.Tick.Label.Font, a.Tick.Label.Color = textStyle(tickSize, ink, false).Font, ink
	}
	p.X.Scale, p.Y.Scale = x.normalizer(), y.normalizer()
	p.Y.Tick.Marker = plot.ConstantTicks(y.ticks)
	p.X.Tick.Marker = plot.ConstantTicks(nil)
	if last {
		p.X.Tick.Marker = plot.ConstantTicks(x.ticks)
	}
	return p
}

// limit sets the range of an axis. (Adding plotters moved it.)
func (s scale) limit(a *plot.Axis) { a.Min, a.Max = s.lo, s.hi }

// labelled returns where the labelled ticks of an axis are.
func labelled(s scale) []float64 {
	var at []float64
	for _, t := range s.ticks {
		if !t.IsMinor() {
			at = append(at, t.Value)
		}
	}
	return at
}

// places returns where events are.
func places(events []Event) []float64 {
	at := make([]float64, len(events))
	for i, e := range events {
		at[i] = e.X
	}
	return at
}

// horizontalGrid returns thin lines at the labelled ticks of the y axis.
func horizontalGrid() plot.Plotter {
	return &plotter.Grid{Horizontal: draw.LineStyle{Color: rule, Width: 0.5}}
}
