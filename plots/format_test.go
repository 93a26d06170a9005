package plots

import (
	"math"
	"slices"
	"strings"
	"testing"
)

// visible replaces the thin space, so that expectations can be read.
func visible(s string) string { return strings.ReplaceAll(s, thin, "_") }

func TestTickLabels(t *testing.T) {
	for _, tt := range []struct {
		values []float64
		exp    int
		want   string
	}{
		{[]float64{0, 20, 40, 60, 80, 100}, 1, "0 20 40 60 80 100"},
		{[]float64{0, 0.5, 1}, -1, "0 0.5 1.0"},
		{[]float64{-0.02, 0, 0.02}, -2, "−0.02 0 0.02"},
		{[]float64{0, 5000}, 3, "0 5000"},
		{[]float64{0, 5000, 10000}, 3, "0 5_000 10_000"},
		{[]float64{0, 50000}, 4, "0 50_000"},
		{[]float64{0, 2e5, 1e6}, 5, "0 0.2_M 1.0_M"},
		{[]float64{1e5, 3e5}, 5, "100_k 300_k"},
		{[]float64{0, 5e12}, 12, "0 5_T"},
		{[]float64{0, 2e-9, 1e-8}, -9, "0 0.2e−8 1.0e−8"},
		{[]float64{0, 5e30}, 30, "0 5e30"},
		{[]float64{-2e5}, 5, "−200_k"},
	} {
		if got := visible(strings.Join(tickLabels(tt.values, tt.exp), " ")); got != tt.want {
			t.Errorf("tickLabels(%v, %d) = %q, want %q", tt.values, tt.exp, got, tt.want)
		}
	}
}

func TestCompact(t *testing.T) {
	for v, want := range map[float64]string{
		0: "0", 4.61: "4.61", 5: "5", 50.349: "50.3", 457: "457", 1234: "1230", 12300: "12_300",
		1e6: "1_M", 1.25e6: "1.25_M", 0.05: "0.05", -3.5: "−3.5", 2e-7: "2e−7", 999999: "1_M",
	} {
		if got := visible(compact(v)); got != want {
			t.Errorf("compact(%g) = %q, want %q", v, got, want)
		}
	}
}

func TestExact(t *testing.T) {
	for v, want := range map[float64]string{8: "8", 1024: "1024", 16384: "16_384", 131072: "131_072", 1 << 20: "1_048_576", 1e5: "100_k", 0.5: "0.5", 1e-4: "1e−4"} {
		if got := visible(exact(v)); got != want {
			t.Errorf("exact(%g) = %q, want %q", v, got, want)
		}
	}
}

// Powers of ten are exact: 3·10^-1 is the 0.3 a reader would write.
func TestScale10(t *testing.T) {
	for i, want := range []float64{0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9} {
		if got := scale10(float64(i), -1); got != want {
			t.Errorf("%d tenths are %v", i, got)
		}
	}
}

func TestClean(t *testing.T) {
	for in, want := range map[string]string{
		"fail 50 %":      "fail 50 %",
		" a\nb\x00c\t":   "a b c",
		"a\xffb":         "a\uFFFDb",
		"<b>&amp;</b>":   "<b>&amp;</b>",
		"a\u2028b\uFFFF": "a b",
	} {
		if got := clean(in); got != want {
			t.Errorf("clean(%q) = %q, want %q", in, got, want)
		}
	}
	if n := len([]rune(clean(strings.Repeat("ä", 1<<20)))); n != longest+1 {
		t.Errorf("a million characters become %d", n)
	}
}

func TestWrap(t *testing.T) {
	sty := textStyle(10, ink, false)
	width := sty.Width("list of twenty")
	for _, tt := range []struct {
		in    string
		lines int
		want  []string
	}{
		{"", 2, nil},
		{"list of twenty", 1, []string{"list of twenty"}},
		{"list of twenty and more", 2, []string{"list of twenty", "and more"}},
		{"list of twenty and a good deal more", 2, []string{"list of twenty", "and a goo…"}},
		{"one two", 3, []string{"one two"}},
	} {
		if got := wrap(tt.in, sty, width, tt.lines); !slices.Equal(got, tt.want) {
			t.Errorf("wrap(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
	for _, line := range wrap(strings.Repeat("x", 100), sty, width, 3) {
		if w := sty.Width(line); w > width || w < width*0.8 {
			t.Errorf("a long word is cut to %q, %v of %v", line, w, width)
		}
	}
	if got := wrap("xyz", sty, -5, 1); len(got) != 1 || math.Abs(float64(len([]rune(got[0]))-2)) > 1 {
		t.Errorf("without room: %q", got)
	}
}
