package plots

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const (
	margin    = vg.Length(10)
	panelGap  = vg.Length(9)
	xAxisRoom = vg.Length(34) // what tick labels and the label of the x axis take, about
	yAxisRoom = vg.Length(58)
)

// layout tells where the parts of a painted chart are.
type layout struct {
	panels []vg.Rectangle // their data areas
	legend vg.Rectangle   // empty if there is none
}

// paint draws a valid chart. From the top: title, subtitle, labels of events,
// panels (with the legend to their right or below), note. Whatever has no
// room shrinks before the panels do: lanes, lines of text, the legend. It returns
// where it put things.
func (c *Chart) paint(dc draw.Canvas) layout {
	var done layout
	dc.SetColor(paper)
	dc.Fill(dc.Rectangle.Path())
	area := draw.Crop(dc, margin, -margin, margin*0.8, -margin*0.8)
	compact := area.Max.Y-area.Min.Y < 330
	lines, lanes := 2, 4
	if compact {
		lines, lanes = 1, 2
	}

	c.heading(&area, lines)
	x, ys, drawings := c.drawings(area.Max.Y - area.Min.Y)
	var entries []entry
	for _, d := range drawings {
		entries = append(entries, d.entries...)
	}
	on := onAxis(c.Events, x)
	note := clean(c.Note)
	size := area.Size()
	key, right := arrange(entries, size.X, size.Y)
	if right {
		corner := vg.Point{X: area.Max.X - key.width, Y: area.Max.Y - 6}
		area.Max.X = corner.X - legendGap
		done.legend = key.draw(dc, corner)
	}

	// The number of ticks needs the size of the panels, which needs the width of
	// the ticks' labels: an estimate of the former settles it.
	x.mark(sideBySide((area.Max.X - area.Min.X - yAxisRoom) * 0.95))
	weight := 0.0
	for _, p := range c.Panels {
		weight += p.weight()
	}
	rough := area.Max.Y - area.Min.Y - xAxisRoom
	if !right {
		rough -= key.height + 8
	}
	panels := make([]*plot.Plot, len(c.Panels))
	for i, p := range c.Panels {
		length := rough * 0.85 * vg.Length(p.weight()/weight)
		ys[i].mark(stacked(length))
		panels[i] = newPanel(x, ys[i], i == len(c.Panels)-1, length, area.Max.X-area.Min.X-yAxisRoom)
		panels[i].Add(verticals{labelled(x), draw.LineStyle{Color: rule, Width: 0.5}})
		panels[i].Add(horizontalGrid())
		panels[i].Add(drawings[i].plotters...)
		panels[i].Add(verticals{places(on), eventLine})
		x.limit(&panels[i].X)
		ys[i].limit(&panels[i].Y)
	}

	left, end := common(panels, area)
	var at []plotEvent
	for _, e := range on {
		at = append(at, plotEvent{left + vg.Length(x.norm(e.X))*(end-left), e.Label})
	}
	tags, leftOut := placeTags(at, left, area.Max.X, lanes)
	if leftOut == 1 {
		note = strings.TrimSpace(note + " One event label left out.")
	} else if leftOut > 0 {
		note = strings.TrimSpace(fmt.Sprintf("%s %d event labels left out.", note, leftOut))
	}
	footing(&area, note, lines)
	if !right && len(key.boxes) > 0 {
		corner := vg.Point{X: max(area.Min.X, min(left, area.Max.X-key.width)), Y: area.Min.Y + key.height}
		area.Min.Y = corner.Y + 8
		done.legend = key.draw(dc, corner)
	}
	area.Max.Y -= laneHeight*vg.Length(laneCount(tags)) + 3

	room := area.Max.Y - area.Min.Y - xAxisRoom - panelGap*vg.Length(len(panels)-1)
	top := area.Max.Y
	for i, p := range panels {
		box := area
		box.Max.Y = top
		box.Min.Y = top - room*vg.Length(c.Panels[i].weight()/weight)
		top = box.Min.Y - panelGap
		if i == len(panels)-1 {
			box.Min.Y = area.Min.Y
		}
		box = aligned(p, box, left, end)
		p.Draw(box)
		done.panels = append(done.panels, p.DataCanvas(box).Rectangle)
	}
	drawTags(dc, tags, area.Max.Y)
	return done
}

// heading writes title and subtitle and takes their room from the area.
func (c *Chart) heading(area *draw.Canvas, lines int) {
	title, subtitle := textStyle(titleSize, ink, true), textStyle(subtitleSize, soft, false)
	width := area.Max.X - area.Min.X
	for _, line := range wrap(c.Title, title, width, lines) {
		write(*area, title, area.Min.X, area.Max.Y, line)
		area.Max.Y -= title.Height(line) + 1
	}
	for _, line := range wrap(c.Subtitle, subtitle, width, lines) {
		write(*area, subtitle, area.Min.X, area.Max.Y, line)
		area.Max.Y -= subtitle.Height(line) + 1
	}
	area.Max.Y -= 5
}

// footing writes the note at the foot and takes its room from the area.
func footing(area *draw.Canvas, note string, lines int) {
	sty := textStyle(noteSize, soft, false)
	text := wrap(note, sty, area.Max.X-area.Min.X, lines)
	for i := len(text) - 1; i >= 0; i-- {
		area.Min.Y += sty.Height(text[i])
		write(*area, sty, area.Min.X, area.Min.Y, text[i])
	}
	if len(text) > 0 {
		area.Min.Y += 5
	}
}

// weight is the panel's part of the height.
func (p Panel) weight() float64 {
	if p.Height == 0 {
		return 1
	}
	return p.Height
}

// drawings decides the scales and turns every panel into plotters.
func (c *Chart) drawings(height vg.Length) (x scale, ys []scale, all []drawing) {
	dataX, widen, n := noSpan(), false, 0
	for _, p := range c.Panels {
		for _, s := range p.Series {
			n++
			c.extentX(s, p, &dataX)
			widen = widen || s.Mark == Points
		}
	}
	room := 0
	if c.X.Zero && !widen {
		room = 8
	}
	x = newScale(c.X, dataX, room, widen)
	var count counters
	weight := 0.0
	for _, p := range c.Panels {
		weight += p.weight()
	}
	for _, p := range c.Panels {
		room := int(math.Max(2, math.Min(6, float64(height)*p.weight()/weight/40)))
		y := newScale(p.Y, c.extentY(p), room, false)
		ys = append(ys, y)
		all = append(all, panelDrawing(p, x, y, &count, budget(n)))
	}
	return x, ys, all
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
		if !drawable(v, c.X.Log) || !drawable(s.Y[i], p.Y.Log) {
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
			if take(x, s.Y[i]); s.Low != nil && drawable(s.Y[i], p.Y.Log) {
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

// newPanel returns an empty plot with the axes set up; only the last panel
// labels the x axis. Labels are wrapped to the lengths of the axes.
func newPanel(x, y scale, last bool, height, width vg.Length) *plot.Plot {
	p := plot.New()
	p.BackgroundColor = nil
	for _, a := range []*plot.Axis{&p.X, &p.Y} {
		a.Padding = 0
		a.Color, a.Width = ink, 0.7
		a.Tick.Color, a.Tick.Width, a.Tick.Length = ink, 0.7, 4
		a.Tick.Label.Font, a.Tick.Label.Color = textStyle(tickSize, ink, false).Font, ink
		a.Label.TextStyle.Font, a.Label.TextStyle.Color = textStyle(labelSize, ink, false).Font, ink
		a.Label.Padding = 3
	}
	p.X.Scale, p.Y.Scale = x.normalizer(), y.normalizer()
	p.Y.Tick.Marker = plot.ConstantTicks(y.ticks)
	p.X.Tick.Marker = plot.ConstantTicks(nil)
	for _, word := range strings.Fields(y.label) { // never cut a word in two
		height = max(height, min(p.Y.Label.TextStyle.Width(word), 200))
	}
	p.Y.Label.Text = strings.Join(wrap(y.label, p.Y.Label.TextStyle, height, 2), "\n")
	if last {
		p.X.Tick.Marker = plot.ConstantTicks(x.ticks)
		p.X.Label.Text = strings.Join(wrap(x.label, p.X.Label.TextStyle, width, 1), "\n")
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

// common returns the left and right edge that the data areas of all panels can
// share.
func common(panels []*plot.Plot, area draw.Canvas) (left, right vg.Length) {
	left, right = area.Min.X, area.Max.X
	for _, p := range panels {
		data := p.DataCanvas(area)
		left, right = max(left, data.Min.X), min(right, data.Max.X)
	}
	return left, right
}

// aligned crops a panel's canvas so that its data area runs from left to right.
func aligned(p *plot.Plot, box draw.Canvas, left, right vg.Length) draw.Canvas {
	for range 3 { // padding shrinks with the width: this settles at once
		data := p.DataCanvas(box)
		box = draw.Crop(box, left-data.Min.X, right-data.Max.X, 0, 0)
	}
	return box
}
