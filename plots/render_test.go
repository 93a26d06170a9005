package plots

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
)

// rendered returns the bytes of a chart.
func rendered(t testing.TB, c *Chart, f Format, s Size) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := c.Render(&b, f, s); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// texts parses an SVG and returns the contents of its text elements.
func texts(t testing.TB, svg []byte) []string {
	t.Helper()
	var all []string
	inside := false
	for d := xml.NewDecoder(bytes.NewReader(svg)); ; {
		token, err := d.Token()
		if err == io.EOF {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if inside = token.Name.Local == "text"; inside {
				all = append(all, "")
			}
		case xml.EndElement:
			inside = false
		case xml.CharData:
			if inside {
				all[len(all)-1] += string(token)
			}
		}
	}
}

// Every SVG is well-formed and says in words what it shows.
func TestSVGHasItsTexts(t *testing.T) {
	for name, c := range gallery(t) {
		got := texts(t, rendered(t, c, SVG, Size{}))
		if strings.Contains(name, "wordy") || name == "share-log" || strings.HasSuffix(name, "-many") {
			continue // texts are cut
		}
		all := strings.Join(got, " ") // wrapped texts have several elements
		for _, want := range append([]string{c.Title, c.Subtitle, c.Note, c.X.Label}, labelsOf(c)...) {
			if !strings.Contains(all, want) {
				t.Errorf("%s: no text %q in %q", name, want, got)
			}
		}
	}
}

// labelsOf returns what the axes and the series of a chart are called.
func labelsOf(c *Chart) []string {
	var all []string
	for _, p := range c.Panels {
		all = append(all, p.Y.Label)
		for _, s := range p.Series {
			all = append(all, strings.TrimSpace(s.Label))
		}
	}
	return all
}

// Text that would be markup is text.
func TestSVGEscapes(t *testing.T) {
	c := must(t, RingHealth{
		Head:    Head{Title: `<script>"&amp;'</script>` + "\x00\x1b", Subtitle: "\xff\xfe"},
		Seconds: []float64{0, 1}, Fingers: []float64{1, 2},
		Events: []Event{{0.5, "]]> <a>"}},
	})
	got := texts(t, rendered(t, c, SVG, Size{}))
	for _, want := range []string{`<script>"&amp;'</script>`, "\uFFFD", "]]> <a>"} {
		if !slices.Contains(got, want) {
			t.Errorf("no text %q in %q", want, got)
		}
	}
}

// Every PNG has the size asked for and shows its series: some pixels have
// exactly the colour of each.
func TestPNGShowsEverySeries(t *testing.T) {
	for name, c := range gallery(t) {
		if name != c.Name && !strings.HasSuffix(name, "-1") { // one of each kind, and lone points
			continue
		}
		size := Size{900, 540}
		img, err := png.Decode(bytes.NewReader(rendered(t, c, PNG, size)))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if got := img.Bounds().Size(); got != image.Pt(size.Width, size.Height) {
			t.Errorf("%s: size %v", name, got)
		}
		done, _, _ := record(t, c, size)
		_, panes := c.panes(400)
		inside := map[color.RGBA]int{} // pixels by colour in the data areas, the legend left out
		for _, p := range done.panels {
			for y := int((405 - p.Max.Y) / 0.75); y <= int((405-p.Min.Y)/0.75); y++ {
				for x := int(p.Min.X / 0.75); x <= int(p.Max.X/0.75); x++ {
					inside[img.(*image.RGBA).RGBAAt(x, y)]++
				}
			}
		}
		var n counters
		for i, p := range c.Panels {
			fills := len(stack(p))
			bars := 0
			for _, s := range p.Series {
				var st style
				switch s.Mark {
				case Area:
					fills--
					st = fillStyle(len(stack(p))-1-fills, s.Colour)
				case Bars:
					st = fillStyle(bars, s.Colour)
					bars++
				case Guide:
					st = guideStyle(0, s.Colour)
				default:
					st = lineStyle(n.lines, s.Colour)
					n.lines++
				}
				r, g, b, _ := st.colour.RGBA()
				if s.Mark == Area && !positive(s.Y) || len(s.X) == 0 {
					continue
				}
				if seen := inside[color.RGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), 255}]; seen < 5 {
					t.Errorf("%s: %d pixels of series %q in panel %d of %d", name, seen, s.Label, i+1, len(panes))
				}
			}
		}
	}
}

// The same chart gives the same bytes, again and in parallel.
func TestBytesAreDeterministic(t *testing.T) {
	charts := gallery(t)
	again := gallery(t)
	var wait sync.WaitGroup
	for name := range charts {
		for _, f := range []Format{SVG, PNG} {
			if f == PNG && name != NameRingHealth && name != NameOutcomes { // those take longer
				continue
			}
			wait.Go(func() {
				var a, b bytes.Buffer
				if charts[name].Render(&a, f, Size{}) != nil || again[name].Render(&b, f, Size{}) != nil {
					t.Errorf("%s as %s fails", name, f)
				}
				if !bytes.Equal(a.Bytes(), b.Bytes()) {
					t.Errorf("%s as %s differs", name, f)
				}
			})
		}
	}
	wait.Wait()
}

// Rendering leaves the data of the caller alone.
func TestInputIsNotChanged(t *testing.T) {
	ys := []float64{5, 3, 1}
	counts := []float64{3, 1, 2}
	k := PathLength{Groups: []Distribution{{Label: "a", Values: ys, Counts: counts}}}
	rendered(t, must(t, k), SVG, Size{})
	var kinds []Kind
	for range 12 {
		kinds = append(kinds, Kind{"k", ys})
	}
	rendered(t, must(t, Traffic{Seconds: []float64{1, 2, 3}, Kinds: kinds}), SVG, Size{})
	rendered(t, must(t, Outcomes{Seconds: []float64{1, 2, 3}, Correct: ys, Failed: counts}), SVG, Size{})
	if !slices.Equal(ys, []float64{5, 3, 1}) || !slices.Equal(counts, []float64{3, 1, 2}) {
		t.Errorf("now %v and %v", ys, counts)
	}
}

// What a run of any length draws is bounded.
func TestSizeOfSVGIsBounded(t *testing.T) {
	n := 200000
	for name, k := range map[string]kind{
		"lines": RingHealth{Seconds: ramp(n, 0, 1e6), Fingers: wave(n, 50, 50, 0), Lists: wave(n, 40, 40, 1), Members: wave(n, 500, 200, 2)},
		"areas": Outcomes{Seconds: ramp(n, 1, 1e6), Correct: wave(n, 50, 50, 0), Failed: wave(n, 50, 50, 1)},
		"means": PathNodes{Groups: []Spread{{X: ramp(n, 1, 1e6), Mean: wave(n, 5, 1, 0), Low: wave(n, 4, 1, 0), High: wave(n, 6, 1, 0)}}},
		"cdf":   Latency{Groups: []Distribution{{Label: "all", Values: wave(n, 5, 4, 0)}}},
	} {
		if got := len(rendered(t, must(t, k), SVG, Size{})); got > 300<<10 {
			t.Errorf("%s: %d KiB for %d points", name, got>>10, n)
		}
	}
}

func TestRenderRefuses(t *testing.T) {
	c := must(t, RingHealth{Seconds: []float64{0, 1}, Fingers: []float64{1, 2}})
	for _, tt := range []struct {
		chart  *Chart
		format Format
		size   Size
		want   string
	}{
		{c, "gif", Size{}, `chart ring-health: unknown image format "gif"; use svg or png`},
		{c, "", Size{}, `chart ring-health: unknown image format ""; use svg or png`},
		{c, PNG, Size{100, 100}, "chart ring-health: an image of 100×100 pixels; use 640×400 to 4096×4096"},
		{c, SVG, Size{900, 100000}, "chart ring-health: an image of 900×100000 pixels; use 640×400 to 4096×4096"},
		{&Chart{Head: Head{Name: "x"}}, SVG, Size{}, "nothing to draw in chart x"},
	} {
		var b bytes.Buffer
		err := tt.chart.Render(&b, tt.format, tt.size)
		if err == nil || err.Error() != tt.want {
			t.Errorf("error %v, want %s", err, tt.want)
		}
		if b.Len() > 0 {
			t.Errorf("%s: %d bytes are written", tt.want, b.Len())
		}
	}
}

var errFull = errors.New("no space left")

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

func TestRenderReportsTheWriter(t *testing.T) {
	c := must(t, RingHealth{Seconds: []float64{0, 1}, Fingers: []float64{1, 2}})
	for _, f := range []Format{SVG, PNG} {
		if err := c.Render(full{}, f, Size{}); !errors.Is(err, errFull) || !strings.HasPrefix(err.Error(), "chart ring-health: ") {
			t.Errorf("%s: error %v", f, err)
		}
	}
}

func TestSave(t *testing.T) {
	c := must(t, RingHealth{Seconds: []float64{0, 1}, Fingers: []float64{1, 2}})
	folder := t.TempDir()
	for _, name := range []string{"a.svg", "b.PNG"} {
		file := filepath.Join(folder, name)
		for range 2 { // the second time over the first
			if err := c.Save(file, Size{}); err != nil {
				t.Fatal(err)
			}
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		format := Format(strings.ToLower(name[2:]))
		if !bytes.Equal(data, rendered(t, c, format, Size{})) {
			t.Errorf("%s holds something else than Render writes", name)
		}
		if info, err := os.Stat(file); err != nil || runtime.GOOS != "windows" && info.Mode().Perm()&0o044 == 0 {
			t.Errorf("%s: mode %v, error %v", name, info.Mode(), err)
		}
	}

	if err := c.Save(filepath.Join(folder, "none", "a.svg"), Size{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("into a missing folder: %v", err)
	}
	if err := c.Save(filepath.Join(folder, "c.pdf"), Size{}); err == nil {
		t.Error("a pdf was saved")
	}
	if err := os.Mkdir(filepath.Join(folder, "d.svg"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := c.Save(filepath.Join(folder, "d.svg"), Size{}); err == nil {
		t.Error("a folder was replaced")
	}
	left, err := os.ReadDir(folder)
	if err != nil || len(left) != 3 {
		t.Errorf("the folder holds %v, error %v", left, err)
	}
}

func BenchmarkRender(b *testing.B) {
	c := gallery(b)["traffic"]
	for _, f := range []Format{SVG, PNG} {
		b.Run(string(f), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if err := c.Render(io.Discard, f, Size{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
