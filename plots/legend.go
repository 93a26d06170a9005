package plots

import (
	"fmt"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const (
	thumbWidth  = vg.Length(26)
	legendGap   = vg.Length(14) // between columns, and between legend and panels
	entryGap    = vg.Length(3.5)
	legendLines = 3 // of one entry
)

// entry is one line of the legend.
type entry struct {
	label  string
	thumbs []plot.Thumbnailer
}

// legend is a block of entries in columns of equal width.
type legend struct {
	boxes         []legendBox
	width, height vg.Length
	columns       int
}

// legendBox is an entry with its wrapped text and its place, from the top left
// corner of the legend.
type legendBox struct {
	entry
	lines         []string
	x, y          vg.Length // of the upper left corner, y downwards
	width, height vg.Length
}

// newLegend lays entries out in at most columns columns, row by row, each text
// no wider than textWidth. What goes beyond height is left out and counted in a
// last entry.
func newLegend(entries []entry, columns int, textWidth, height vg.Length) legend {
	sty := textStyle(legendSize, ink, false)
	lineHeight := sty.Height("x")
	boxes := make([]legendBox, len(entries))
	widest := vg.Length(0)
	for i, e := range entries {
		b := legendBox{entry: e, lines: wrap(e.label, sty, textWidth, legendLines)}
		for _, l := range b.lines {
			b.width = max(b.width, sty.Width(l))
		}
		b.width += thumbWidth + 5
		b.height = lineHeight * vg.Length(max(1, len(b.lines)))
		widest = max(widest, b.width)
		boxes[i] = b
	}
	columns = max(1, min(columns, len(boxes)))
	l := legend{columns: columns, width: widest*vg.Length(columns) + legendGap*vg.Length(columns-1)}
	for row := 0; row < len(boxes); row += columns {
		cells := boxes[row:min(row+columns, len(boxes))]
		tallest := vg.Length(0)
		for _, b := range cells {
			tallest = max(tallest, b.height)
		}
		more := row+columns < len(boxes)
		last := l.height + tallest + entryGap + lineHeight
		if row > 0 && (more && last > height || !more && l.height+tallest > height) {
			text := fmt.Sprintf("and %d more", len(boxes)-row)
			l.boxes = append(l.boxes, legendBox{lines: []string{text}, y: l.height, width: thumbWidth + 5 + sty.Width(text), height: lineHeight})
			l.height += lineHeight
			return l
		}
		for i, b := range cells {
			b.x, b.y = vg.Length(i)*(widest+legendGap), l.height
			l.boxes = append(l.boxes, b)
		}
		if l.height += tallest; more {
			l.height += entryGap
		}
	}
	return l
}

// rows returns how many rows the legend has.
func (l legend) rows() int { return (len(l.boxes) + l.columns - 1) / max(l.columns, 1) }

// arrange chooses the place of the legend on a canvas of the given size: below
// the panels if two rows are enough, to their right if one column there is
// not too high, and below again, in as many rows as it takes, otherwise.
func arrange(entries []entry, width, height vg.Length) (l legend, right bool) {
	if len(entries) == 0 {
		return legend{}, false
	}
	share := vg.Length(0.32)
	if height < 330 {
		share = 0.22
	}
	below := func(text vg.Length) legend {
		one := newLegend(entries, 1, text, height)
		columns := int((width + legendGap) / (one.width + legendGap))
		return newLegend(entries, columns, text, height*share)
	}
	if l = below(width * 0.45); l.rows() <= 2 && len(l.boxes) == len(entries) && l.height < height/6 {
		return l, false
	}
	if side := newLegend(entries, 1, width*0.22, height*0.62); len(side.boxes) == len(entries) && side.boxes[len(entries)-1].thumbs != nil {
		return side, true
	}
	return below(width * 0.27), false
}

// draw draws the legend with its upper left corner at the given point and
// returns the room it took.
func (l legend) draw(c draw.Canvas, corner vg.Point) vg.Rectangle {
	sty := textStyle(legendSize, ink, false)
	for _, b := range l.boxes {
		top := vg.Point{X: corner.X + b.x, Y: corner.Y - b.y}
		lineHeight := b.height / vg.Length(max(1, len(b.lines)))
		sample := draw.Canvas{Canvas: c.Canvas, Rectangle: vg.Rectangle{
			Min: vg.Point{X: top.X, Y: top.Y - lineHeight + 1.5},
			Max: vg.Point{X: top.X + thumbWidth, Y: top.Y - 1.5},
		}}
		for _, t := range b.thumbs {
			t.Thumbnail(&sample)
		}
		for i, line := range b.lines {
			write(c, sty, top.X+thumbWidth+5, top.Y-lineHeight*vg.Length(i), line)
		}
	}
	return vg.Rectangle{
		Min: vg.Point{X: corner.X, Y: corner.Y - l.height},
		Max: vg.Point{X: corner.X + l.width, Y: corner.Y},
	}
}
