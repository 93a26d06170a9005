package plots

import (
	"fmt"
	"sort"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const (
	laneHeight = vg.Length(12)
	tagGap     = vg.Length(4) // beside a label
	mostTags   = 400          // labels that are tried; no image has room for more
)

// tag is the label of an event, placed above the panels.
type tag struct {
	text string
	line vg.Length // x of the event's line
	left vg.Length // where the text begins
	wide vg.Length
	lane int // 0 is the lowest
}

func (t tag) right() vg.Length { return t.left + t.wide }

// tagsOf returns the labels of events, in the order of the axis, with their
// lines at their place between left and right. Events that lie on the same
// spot with the same label become one, "label ×3".
func tagsOf(on []Event, x scale, left, right vg.Length) []tag {
	var tags []tag
	last, times := "", 0
	for _, e := range on {
		if e.Label == "" {
			continue
		}
		line := left + vg.Length(x.norm(e.X))*(right-left)
		if n := len(tags); e.Label == last && line-tags[n-1].line < 1 {
			times++
			tags[n-1].text = fmt.Sprintf("%s ×%d", e.Label, times)
			continue
		}
		last, times = e.Label, 1
		tags = append(tags, tag{text: e.Label, line: line})
	}
	return tags
}

// placeTags puts labels into as few lanes as it can, at most lanes, between
// left and edge. A label stands to the right of its line, or is moved left to
// stay on the canvas. Labels never overlap. A lane is preferred in which no
// line passes behind a label, which is why the last event goes first: its
// label then lies below those that reach over it. leftOut counts the labels
// there was no room for.
func placeTags(tags []tag, left, edge vg.Length, lanes int) (placed []tag, leftOut int) {
	if extra := len(tags) - mostTags; extra > 0 {
		tags, leftOut = tags[:mostTags], extra
	}
	sty := textStyle(eventSize, soft, false)
	for i := len(tags) - 1; i >= 0; i-- {
		t := tags[i]
		t.text = cut(t.text, sty, (edge-left)/3)
		t.wide = sty.Width(t.text) + tagGap
		t.left = max(left, min(t.line-1, edge-t.wide))
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
	halo   bool // a white line behind, to be seen on dark areas
}

// Plot implements plot.Plotter. Of lines on the same spot it draws one.
func (v verticals) Plot(c draw.Canvas, p *plot.Plot) {
	last := c.Min.X - 1
	for _, place := range v.places {
		x := c.X(p.X.Norm(place))
		if !c.ContainsX(x) || x-last < 0.5 {
			continue
		}
		if v.halo {
			c.StrokeLine2(draw.LineStyle{Color: paper, Width: 2 * v.style.Width}, x, c.Min.Y, x, c.Max.Y)
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
