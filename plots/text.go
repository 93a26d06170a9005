package plots

import (
	"image/color"
	"strings"
	"unicode"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Sizes of the text, in points (4/3 pixels).
const (
	titleSize    = 13
	labelSize    = 10.5
	subtitleSize = 10
	tickSize     = 9.5
	legendSize   = 9.5
	eventSize    = 9
	noteSize     = 8.5
)

var (
	ink   = color.Gray{Y: 0x20} // text and axes
	soft  = color.Gray{Y: 0x58} // what stands back: subtitle, note, event lines
	rule  = color.Gray{Y: 0xdc} // grid lines
	paper = color.White
)

// write puts one line of text with its upper left corner at (x, top). (The
// library sets text lower than its box by the difference of the line's height
// and the font's size.)
func write(c draw.Canvas, sty text.Style, x, top vg.Length, s string) {
	c.FillText(sty, vg.Point{X: x, Y: top + sty.Height(s) - sty.Font.Size}, s)
}

// longest bounds what is measured of any text, in characters.
const longest = 300

// textStyle returns the style of left-aligned text whose top is at the point
// it is drawn at. Liberation Sans has the widths of Arial, so that an SVG keeps its
// layout where only the latter is installed.
func textStyle(size vg.Length, c color.Color, bold bool) text.Style {
	f := font.Font{Typeface: "Liberation", Variant: "Sans", Size: size}
	if bold {
		f.Weight = xfont.WeightBold
	}
	return text.Style{Color: c, Font: f, YAlign: text.YTop, Handler: plot.DefaultTextHandler}
}

// clean makes a user's text safe to draw: valid UTF-8 without control
// characters (XML has no place for them), on one line, of bounded length.
func clean(s string) string {
	var b strings.Builder
	n := 0
	for _, r := range strings.ToValidUTF8(s, "\uFFFD") {
		if n++; n > longest {
			b.WriteRune('…')
			break
		}
		switch {
		case unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r == '\uFFFE' || r == '\uFFFF':
			r = ' '
		}
		b.WriteRune(r)
	}
	return strings.TrimSpace(b.String())
}

// wrap breaks a text into at most lines lines no wider than width: between
// words where it can, inside a word that is wider than a line. What does not
// fit is cut, with an ellipsis at the end.
func wrap(s string, sty text.Style, width vg.Length, lines int) []string {
	var done []string
	line := ""
	words := strings.FieldsFunc(clean(s), func(r rune) bool { return r == ' ' })
	for len(words) > 0 {
		try := words[0]
		if line != "" {
			try = line + " " + words[0]
		}
		if sty.Width(try) <= width {
			line, words = try, words[1:]
			continue
		}
		if len(done) == lines-1 { // the last line: cut it
			return append(done, cut(strings.TrimSpace(line+" "+strings.Join(words, " ")), sty, width))
		}
		if line == "" { // one word, wider than a line
			n := fitting(words[0], sty, width)
			line, words[0] = words[0][:n], words[0][n:]
		}
		done, line = append(done, line), ""
	}
	if line != "" {
		done = append(done, line)
	}
	return done
}

// cut shortens a line to the width, ending it with an ellipsis if it must.
func cut(s string, sty text.Style, width vg.Length) string {
	if sty.Width(s) <= width {
		return s
	}
	return strings.TrimSpace(s[:fitting(s, sty, width-sty.Width("…"))]) + "…"
}

// fitting returns how many bytes of s, at least one character, fit into width.
func fitting(s string, sty text.Style, width vg.Length) int {
	n := 0
	for i, r := range s {
		end := i + len(string(r))
		if n > 0 && sty.Width(s[:end]) > width {
			break
		}
		n = end
	}
	return n
}
