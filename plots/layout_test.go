package plots

import (
	"maps"
	"slices"
	"testing"

	"gonum.org/v1/plot/vg"
)

// Whatever the data: no text runs into another, leaves the image, or covers
// data, and the panels keep room to draw in.
func TestNothingOverlaps(t *testing.T) {
	charts := gallery(t)
	for _, name := range slices.Sorted(maps.Keys(charts)) {
		for _, size := range []Size{{900, 540}, {minWidth, minHeight}, {1800, 700}, {minWidth, 1200}} {
			done, texts, image := record(t, charts[name], size)
			for i, a := range texts {
				if a.Min.X < image.Min.X || a.Max.X > image.Max.X || a.Min.Y < image.Min.Y || a.Max.Y > image.Max.Y {
					t.Errorf("%s at %v: %q leaves the image: %v", name, size, a.text, a.Rectangle)
				}
				for _, b := range texts[:i] {
					if overlap(a.Rectangle, b.Rectangle) {
						t.Errorf("%s at %v: %q %v covers %q %v", name, size, a.text, a.Rectangle, b.text, b.Rectangle)
					}
				}
				for _, p := range done.panels {
					if overlap(a.Rectangle, p) {
						t.Errorf("%s at %v: %q covers data", name, size, a.text)
					}
				}
			}
			for i, p := range done.panels {
				if overlap(done.legend, p) {
					t.Errorf("%s at %v: the legend covers panel %d", name, size, i+1)
				}
				s := p.Size()
				if s.Y < 28 || s.X < 200 {
					t.Errorf("%s at %v: panel %d is left %v", name, size, i+1, s)
				}
				if first := done.panels[0]; abs(p.Min.X-first.Min.X) > 0.01 || abs(p.Max.X-first.Max.X) > 0.01 {
					t.Errorf("%s at %v: panel %d runs from %v to %v, the first from %v to %v", name, size, i+1, p.Min.X, p.Max.X, first.Min.X, first.Max.X)
				}
			}
		}
	}
}

func abs(l vg.Length) vg.Length { return max(l, -l) }

// Every axis has labelled ticks: two at least, unless it is one decade short.
func TestAxesHaveTicks(t *testing.T) {
	for name, c := range gallery(t) {
		x, panes := c.panes(500)
		x.mark(sideBySide(500))
		if n := len(labelled(x)); n < 2 {
			t.Errorf("%s: the x axis from %g to %g has %d labels", name, x.lo, x.hi, n)
		}
		for i, p := range panes {
			y := p.y
			y.mark(stacked(100))
			if n := len(labelled(y)); n < 2 {
				t.Errorf("%s: y axis %d from %g to %g has %d labels", name, i+1, y.lo, y.hi, n)
			}
		}
	}
}

func TestLegendPlace(t *testing.T) {
	entries := func(n int, label string) []entry {
		all := make([]entry, n)
		for i := range all {
			all[i] = entry{label: label, thumbs: nil}
			all[i].thumbs = append(all[i].thumbs, swatch{ink})
		}
		return all
	}
	for _, tt := range []struct {
		name    string
		entries []entry
		right   bool
		boxes   int
		more    bool
	}{
		{"none", nil, false, 0, false},
		{"a few short ones go below", entries(5, "fingers"), false, 5, false},
		{"long ones go to the right", entries(6, "p = 0.3, successor list of 20, stabilize every 30 s"), true, 6, false},
		{"many go below", entries(40, "series"), false, 40, false},
		{"too many are cut", entries(300, "p = 0.3, successor list of 20, stabilize every 30 s"), false, 0, true},
	} {
		l, right := arrange(tt.entries, 655, 340)
		if right != tt.right {
			t.Errorf("%s: right is %v", tt.name, right)
		}
		if !tt.more && len(l.boxes) != tt.boxes {
			t.Errorf("%s: %d boxes, want %d", tt.name, len(l.boxes), tt.boxes)
		}
		if tt.more && (l.boxes[len(l.boxes)-1].thumbs != nil || l.height > 340*0.32) {
			t.Errorf("%s: last %q, height %v", tt.name, l.boxes[len(l.boxes)-1].lines, l.height)
		}
		if l.width > 655 {
			t.Errorf("%s: %v wide", tt.name, l.width)
		}
	}
}
