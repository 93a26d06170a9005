package plots

import (
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const (
	margin    = vg.Length(10)
	panelGap  = vg.Length(9)
	tickRoom  = vg.Length(16) // what ticks and their labels take below a panel, about
	xAxisRoom = vg.Length(34) // with the label of the axis
	yAxisRoom = vg.Length(58) // the same beside a panel
)

// layout tells where the parts of a painted chart are.
type layout struct {
	panels []vg.Rectangle // their data areas
	legend vg.Rectangle   // empty if there is none
}

// paint draws a valid chart. From the top: title, subtitle, labels of events,
// panels (with the legend to their right or below), note. Whatever has no room
// shrinks before the panels do: lanes of labels, lines of text, the legend. It
// returns where it put things.
func (c *Chart) paint(dc draw.Canvas) layout {
	var done layout
	dc.SetColor(paper)
	dc.Fill(dc.Rectangle.Path())
	area := draw.Crop(dc, margin, -margin, margin*0.8, -margin*0.8)
	lines, lanes := 2, 4
	if area.Max.Y-area.Min.Y < 330 {
		lines, lanes = 1, 2
	}
	c.heading(&area, lines)

	x, panes := c.panes(area.Max.Y - area.Min.Y)
	var entries []entry
	for _, p := range panes {
		entries = append(entries, p.drawing.entries...)
	}
	size := area.Size()
	key, right := arrange(entries, size.X, size.Y)
	below := key.height + 8
	if right {
		corner := vg.Point{X: area.Max.X - key.width, Y: area.Max.Y - 6}
		area.Max.X = corner.X - legendGap
		done.legend = key.draw(dc, corner)
		below = 0
	}

	// The number of ticks needs the size of the panels, which needs the width of
	// the ticks' labels: an estimate of the former settles it.
	x.mark(sideBySide((area.Max.X - area.Min.X - yAxisRoom) * 0.95))
	on := onAxis(c.Events, x)
	deepest := 0
	for i := range panes {
		panes[i].build(x, on, (area.Max.Y-area.Min.Y-xAxisRoom-below)*0.85, i == len(panes)-1)
		deepest = max(deepest, len(panes[i].label))
	}
	outer := area.Min.X
	area.Min.X += textStyle(labelSize, ink, false).Height("x")*vg.Length(deepest) + 5
	left, end := common(panes, area)

	tags, leftOut := placeTags(tagsOf(on, x, left, end), left, area.Max.X, lanes)
	footing(&area, outer, c.note(leftOut), lines)
	if !right && len(key.boxes) > 0 {
		corner := vg.Point{X: max(outer, min(left, area.Max.X-key.width)), Y: area.Min.Y + key.height}
		area.Min.Y = corner.Y + 8
		done.legend = key.draw(dc, corner)
	}
	writeBelow(&area, x.label, outer, left, end)
	area.Max.Y -= laneHeight*vg.Length(laneCount(tags)) + 3

	room := area.Max.Y - area.Min.Y - tickRoom - panelGap*vg.Length(len(panes)-1)
	top := area.Max.Y
	for i, p := range panes {
		box := area
		box.Max.Y = top
		if i < len(panes)-1 {
			box.Min.Y = top - room*p.share
			top = box.Min.Y - panelGap
		}
		box = aligned(p.plot, box, left, end)
		p.plot.Draw(box)
		data := p.plot.DataCanvas(box).Rectangle
		writeUpright(dc, p.label, outer, data)
		done.panels = append(done.panels, data)
	}
	drawTags(dc, tags, area.Max.Y)
	return done
}

// note returns the text at the foot, with the number of events whose labels
// found no room.
func (c *Chart) note(leftOut int) string {
	switch leftOut {
	case 0:
		return c.Note
	case 1:
		return "One event label left out. " + c.Note
	}
	return fmt.Sprintf("%d event labels left out. %s", leftOut, c.Note)
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
func footing(area *draw.Canvas, left vg.Length, note string, lines int) {
	sty := textStyle(noteSize, soft, false)
	text := wrap(note, sty, area.Max.X-left, lines)
	for i := len(text) - 1; i >= 0; i-- {
		area.Min.Y += sty.Height(text[i])
		write(*area, sty, left, area.Min.Y, text[i])
	}
	if len(text) > 0 {
		area.Min.Y += 5
	}
}

// upright returns the lines of the label of a y axis that is about length
// long. Words are never cut in two.
func upright(label string, length vg.Length) []string {
	sty := textStyle(labelSize, ink, false)
	for _, word := range strings.Fields(label) {
		length = max(length, min(sty.Width(word), 200))
	}
	return wrap(label, sty, length, 2)
}

// writeBelow writes the label of the x axis under the panels, around the middle
// between left and right, and takes its room from the area.
func writeBelow(area *draw.Canvas, label string, outer, left, right vg.Length) {
	sty := textStyle(labelSize, ink, false)
	for _, line := range wrap(label, sty, right-outer, 1) {
		width := sty.Width(line)
		area.Min.Y += sty.Height(line)
		write(*area, sty, max(outer, min((left+right-width)/2, area.Max.X-width)), area.Min.Y, line)
	}
	area.Min.Y += 4
}

// writeUpright writes the label of a y axis, turned to the left, around the
// middle of a panel.
func writeUpright(c draw.Canvas, lines []string, left vg.Length, panel vg.Rectangle) {
	sty := textStyle(labelSize, ink, false)
	sty.Rotation, sty.XAlign = math.Pi/2, draw.XCenter
	for i, line := range lines {
		height := sty.Height(line)
		c.FillText(sty, vg.Point{
			X: left + height*vg.Length(i) - height + sty.Font.Size, // see write
			Y: (panel.Min.Y + panel.Max.Y) / 2,
		}, line)
	}
}

// common returns the left and right edge that the data areas of all panels can
// share.
func common(panes []pane, area draw.Canvas) (left, right vg.Length) {
	left, right = area.Min.X, area.Max.X
	for _, p := range panes {
		data := p.plot.DataCanvas(area)
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
