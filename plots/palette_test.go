package plots

import (
	"fmt"
	"math"
	"testing"
)

// lightness returns L* (CIE 1976, D65) of a colour: what is left of it in grey.
func lightness(c Colour) float64 {
	linear := func(v uint8) float64 {
		if s := float64(v) / 255; s > 0.04045 {
			return math.Pow((s+0.055)/1.055, 2.4)
		} else {
			return s / 12.92
		}
	}
	p := rgb[c]
	y := 0.2126*linear(p.R) + 0.7152*linear(p.G) + 0.0722*linear(p.B)
	return 116*math.Cbrt(y) - 16
}

// Areas that lie on each other must differ on a grey printer.
func TestNeighbouringFillsDifferInGrey(t *testing.T) {
	for i := 1; i < len(fillColours); i++ {
		a, b := fillColours[i-1], fillColours[i]
		if d := math.Abs(lightness(a) - lightness(b)); d < 10 {
			t.Errorf("fills %d and %d differ by %.1f in lightness", i-1, i, d)
		}
	}
	outcomes := []Colour{SkyBlue, Vermillion, Yellow, Black}
	for i := 1; i < len(outcomes); i++ {
		if d := math.Abs(lightness(outcomes[i-1]) - lightness(outcomes[i])); d < 10 {
			t.Errorf("outcomes %d and %d differ by %.1f in lightness", i-1, i, d)
		}
	}
}

// Thin lines must stand out from the paper.
func TestLinesAreDark(t *testing.T) {
	for _, c := range lineColours {
		if l := lightness(c); l > 75 {
			t.Errorf("colour %d has lightness %.0f", c, l)
		}
	}
}

// No two of the first 42 lines look alike, and the first six differ in pattern and
// marker alone, without their colour.
func TestLinesAreDistinct(t *testing.T) {
	seen := map[string]int{}
	for i := range 42 {
		s := lineStyle(i, Auto)
		look := fmt.Sprint(s.colour, s.dash)
		if other, ok := seen[look]; ok {
			t.Errorf("lines %d and %d look alike", other, i)
		}
		seen[look] = i
	}
	grey := map[string]int{}
	for i := range len(dashes) {
		s := lineStyle(i, Blue)
		look := fmt.Sprintf("%v %T", s.dash, s.shape)
		if other, ok := grey[look]; ok {
			t.Errorf("lines %d and %d look alike in grey", other, i)
		}
		grey[look] = i
	}
}

func TestUnknownColourIsBlack(t *testing.T) {
	for _, c := range []Colour{-1, colourCount} {
		if r, g, b, a := c.RGBA(); r|g|b != 0 || a != 0xffff {
			t.Errorf("colour %d is %x %x %x %x", c, r, g, b, a)
		}
	}
}
