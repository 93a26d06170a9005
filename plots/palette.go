package plots

import (
	"image/color"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Colour names one colour of the palette of Okabe and Ito ("Color Universal
// Design", 2008), which stays distinguishable with every common form of colour
// blindness. The zero value lets the chart choose.
type Colour int

const (
	Auto Colour = iota
	Blue
	Vermillion
	Green
	Purple
	Orange
	SkyBlue
	Black
	Yellow // too light for thin lines: areas and bars only, unless asked for by name
	Grey   // not of the palette: guides and what is beside the point
	colourCount
)

var rgb = [colourCount]color.RGBA{
	Auto:       {0x00, 0x00, 0x00, 0xff},
	Blue:       {0x00, 0x72, 0xb2, 0xff},
	Vermillion: {0xd5, 0x5e, 0x00, 0xff},
	Green:      {0x00, 0x9e, 0x73, 0xff},
	Purple:     {0xcc, 0x79, 0xa7, 0xff},
	Orange:     {0xe6, 0x9f, 0x00, 0xff},
	SkyBlue:    {0x56, 0xb4, 0xe9, 0xff},
	Black:      {0x00, 0x00, 0x00, 0xff},
	Yellow:     {0xf0, 0xe4, 0x42, 0xff},
	Grey:       {0x80, 0x80, 0x80, 0xff},
}

// RGBA returns the red, green and blue of c, opaque; c need not be of the
// palette's range: an unknown colour is black.
func (c Colour) RGBA() (r, g, b, a uint32) {
	if c < 0 || c >= colourCount {
		c = Black
	}
	return rgb[c].RGBA()
}

// The order in which colours are given out. Lines avoid yellow. Areas and bars
// alternate light and dark, so that neighbours differ on a grey printer too.
var (
	lineColours = []Colour{Blue, Vermillion, Green, Purple, Orange, SkyBlue, Black}
	fillColours = []Colour{Blue, SkyBlue, Vermillion, Yellow, Green, Orange, Black, Purple}
)

// dashes are the line patterns, in points drawn and left out. Their number has
// no divisor in common with the number of line colours: 42 lines go by before
// a pair of colour and pattern comes again.
var dashes = [][]vg.Length{
	nil,
	{7, 3},
	{2, 2},
	{8, 3, 2, 3},
	{12, 3},
	{8, 2, 2, 2, 2, 2},
}

// shapes are the markers, filled ones first.
var shapes = []draw.GlyphDrawer{
	draw.CircleGlyph{},
	draw.BoxGlyph{},
	draw.PyramidGlyph{},
	diamond{},
	downward{},
	draw.RingGlyph{},
	draw.SquareGlyph{},
	draw.TriangleGlyph{},
}

// guideDashes are the patterns of the grey curves.
var guideDashes = [][]vg.Length{{4, 3}, {1.5, 2}, {8, 3, 1.5, 3}, nil}

// style is how one series looks.
type style struct {
	colour color.Color
	dash   []vg.Length
	shape  draw.GlyphDrawer
}

// lineStyle returns the look of the i-th line of a chart.
func lineStyle(i int, c Colour) style {
	if c == Auto {
		c = lineColours[i%len(lineColours)]
	}
	return style{c, dashes[i%len(dashes)], shapes[i%len(shapes)]}
}

// fillStyle returns the look of the i-th area or group of bars of a panel.
func fillStyle(i int, c Colour) style {
	if c == Auto {
		c = fillColours[i%len(fillColours)]
	}
	return style{c, nil, shapes[0]}
}

// guideStyle returns the look of the i-th guide of a chart. One that was given a
// colour, that of the series it belongs to, is told apart by it.
func guideStyle(i int, c Colour) style {
	if c != Auto {
		return style{c, guideDashes[0], shapes[0]}
	}
	return style{Grey, guideDashes[i%len(guideDashes)], shapes[0]}
}

// diamond is a filled square on its corner.
type diamond struct{}

// DrawGlyph implements draw.GlyphDrawer.
func (diamond) DrawGlyph(c *draw.Canvas, g draw.GlyphStyle, at vg.Point) {
	r := g.Radius * 1.15
	c.FillPolygon(g.Color, []vg.Point{{X: at.X - r, Y: at.Y}, {X: at.X, Y: at.Y + r}, {X: at.X + r, Y: at.Y}, {X: at.X, Y: at.Y - r}})
}

// standing is an open triangle on its corner, above the place it marks.
type standing struct{}

// DrawGlyph implements draw.GlyphDrawer.
func (standing) DrawGlyph(c *draw.Canvas, g draw.GlyphStyle, at vg.Point) {
	r := g.Radius * 1.2
	c.SetLineStyle(draw.LineStyle{Color: g.Color, Width: lineWidth * 0.8})
	var p vg.Path
	p.Move(at)
	p.Line(vg.Point{X: at.X + r, Y: at.Y + r*1.8})
	p.Line(vg.Point{X: at.X - r, Y: at.Y + r*1.8})
	p.Close()
	c.Stroke(p)
}

// downward is a filled triangle on its corner.
type downward struct{}

// DrawGlyph implements draw.GlyphDrawer.
func (downward) DrawGlyph(c *draw.Canvas, g draw.GlyphStyle, at vg.Point) {
	r := g.Radius * 1.1
	c.FillPolygon(g.Color, []vg.Point{{X: at.X - r, Y: at.Y + r*0.6}, {X: at.X + r, Y: at.Y + r*0.6}, {X: at.X, Y: at.Y - r*1.1}})
}
