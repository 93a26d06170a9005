package plots

import (
	"fmt"
	"sort"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const laneHeight = vg.Length(12)

// tag is the label of an event, placed above the panels.
type tag struct {
	text string
	line vg.Length // x of the event's line
	left vg.Length // where the text begins
	wide vg.Length
	lane int // 0 is the lowest
}

func (t tag) right() vg.Length { return t.left + t.wide }

// placeTags puts the labels of events into as few lanes as it can, at most
// lanes, between left and right. A label stands to the right of its line, or is moved left to stay
// on the canvas. Labels never overlap; a lane is preferred in which the line does not
// pass behind another label, which is why the last event goes first: its label
// then lies below those that reach over it. Events that lie on
// the same spot with the same label become one, "label ×3". left out counts
// the labels there was no room for.
func placeTags(events []plotEvent, left, right vg.Length, lanes int) (placed []tag, leftOut int) {
	sty := textStyle(eventSize, soft, false)
	gap := vg.Length(4)
	var tags []tag
	for _, e := range events {
		if e.label == "" {
			continue
		}
		if n := len(tags); n > 0 && tags[n-1].text == e.label && e.x-tags[n-1].line < 1 {
			tags[n-1].lane++ // counts here how often it came
			continue
		}
		tags = append(tags, tag{text: e.label, line: e.x, lane: 1})
	}
	for i := len(tags) - 1; i >= 0; i-- {
		t := tags[i]
		if t.lane > 1 {
			t.text = fmt.Sprintf("%s ×%d", t.text, t.lane)
		}
		t.text = cut(t.text, sty, (right-left)/3)
		t.wide = sty.Width(t.text) + gap
		t.left = max(left, min(t.line-1, right-t.wide))
		best, bestCost := -1, 0
		for lane := range lanes {
			cost := lane
			for _, o := range placed {
				apart := t.left >= o.right() || o.left >= t.right()
				if o.lane == lane && !apart {
					cost = -1
					break
				}
				behind := o.lane < lane && o.left < t.line-1 && t.line+1 < o.right() ||
					lane < o.lane && t.left < o.line-1 && o.line+1 < t.right()
				if behind {
					cost += lanes
				}
			}
			if cost >= 0 && (best < 0 || cost < bestCost) {
				best, bestCost = lane, cost
			}
		}
		if best < 0 {
			leftOut++
			continue
		}
		t.lane = best
		placed = append(placed, t)
	}
	return placed, leftOut
}

// plotEvent is an event with its place on the canvas.
type plotEvent struct {
	x     vg.Length
	label string
}

// onAxis returns the events that lie on the axis, in its order and unit.
func onAxis(events []Event, x scale) []Event {
	var on []Event
	for _, e := range events {
		v, ok := x.place(e.X)
		if at := x.norm(v); ok && at >= -1e-9 && at <= 1+1e-9 {
			on = append(on, Event{v, clean(e.Label)})
		}
	}
	sort.SliceStable(on, func(i, j int) bool { return on[i].X < on[j].X })
	return on
}

// laneCount returns how many lanes the labels use.
func laneCount(tags []tag) int {
	n := 0
	for _, t := range tags {
		n = max(n, t.lane+1)
	}
	return n
}

var eventLine = draw.LineStyle{Color: soft, Width: 0.8, Dashes: []vg.Length{3, 2}}

// verticals draws lines through the whole height of a panel: grid and events.
type verticals struct {
	places []float64 // in units of x, ascending
	style  draw.LineStyle
}

// Plot implements plot.Plotter. Of lines on the same spot it draws one.
func (v verticals) Plot(c draw.Canvas, p *plot.Plot) {
	last := c.Min.X - 1
	for _, place := range v.places {
		x := c.X(p.X.Norm(place))
		if !c.ContainsX(x) || x-last < 0.5 {
			continue
		}
		c.StrokeLine2(v.style, x, c.Min.Y, x, c.Max.Y)
		last = x
	}
}

// drawTags draws the labels above the base line, each at the upper end of its line.
func drawTags(c draw.Canvas, tags []tag, base vg.Length) {
	sty := textStyle(eventSize, soft, false)
	for _, t := range tags {
		c.StrokeLine2(eventLine, t.line, base, t.line, base+laneHeight*vg.Length(t.lane+1))
	}
	for _, t := range tags {
		bottom := base + laneHeight*vg.Length(t.lane)
		c.FillPolygon(paper, []vg.Point{
			{X: t.left + 2, Y: bottom + 1}, {X: t.right(), Y: bottom + 1},
			{X: t.right(), Y: bottom + laneHeight}, {X: t.left + 2, Y: bottom + laneHeight},
		})
		write(c, sty, t.left+4, bottom+laneHeight, t.text)
	}
}
