package plots

import (
	"math"
	"strconv"
	"testing"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/recorder"
)

// kind is what every kind of chart offers.
type kind interface{ Chart() (*Chart, error) }

// must returns the chart of valid data.
func must(t testing.TB, k kind) *Chart {
	t.Helper()
	c, err := k.Chart()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// ramp returns n values from lo to hi.
func ramp(n int, lo, hi float64) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = lo + (hi-lo)*float64(i)/math.Max(1, float64(n-1))
	}
	return v
}

// wave returns n values around mid, up to amplitude away.
func wave(n int, mid, amplitude, phase float64) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = mid + amplitude*math.Sin(float64(i)*0.7+phase)
	}
	return v
}

// words returns a text of n characters.
func words(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = "lookup stabilize "[i%17]
	}
	return string(b)
}

// gallery returns a chart of every kind, with ordinary and with awkward data.
func gallery(t testing.TB) map[string]*Chart {
	t.Helper()
	events := []Event{{0, "join 10,000"}, {3500, "lookup before"}, {3600, "fail 50 %"}, {3600, "lookup during"}, {5000, "await ideal"}, {7200, "end"}}
	health := func(n int, end float64) RingHealth {
		return RingHealth{
			Head:    Head{Subtitle: "10,000 nodes, half fail at once, seed 42"},
			Seconds: ramp(n, 0, end), Successors: wave(n, 90, 10, 0), Predecessors: wave(n, 80, 10, 1),
			Lists: wave(n, 70, 10, 2), Fingers: wave(n, 60, 10, 3), Members: ramp(n, 10000, 5000), Events: events,
		}
	}
	crowded := health(300, 300)
	crowded.Events = nil
	for i := range 40 {
		crowded.Events = append(crowded.Events, Event{float64(i) * 7.5, "fail some of the members " + words(i)})
	}
	wordy := health(50, 90)
	wordy.Head = Head{Title: words(280), Subtitle: words(290), Note: words(290)}

	groups := func(n, values int, scale float64) []Distribution {
		var all []Distribution
		for g := range n {
			d := Distribution{Label: "group " + words(3*g)}
			for i := range values {
				d.Values = append(d.Values, math.Round(scale*float64(i)))
				d.Counts = append(d.Counts, float64(1+(i*7+g)%values))
			}
			all = append(all, d)
		}
		return all
	}
	spread := func(xs ...float64) Spread {
		s := Spread{Label: "corrected"}
		for _, x := range xs {
			m := 40 + 5*math.Log2(x)
			s.X, s.Mean, s.Low, s.High = append(s.X, x), append(s.Mean, m), append(s.Low, m/2), append(s.High, m*1.5)
		}
		return s
	}
	losses := func(n int, factor float64) []Spread {
		var all []Spread
		for k := range n {
			s := Spread{Label: "k = " + strconv.Itoa(k+1)}
			for _, p := range []float64{0.1, 0.2, 0.3, 0.4, 0.5} {
				m := 100 * math.Pow(p, float64(k+1)) * factor
				if m < 0.01 {
					m = 0
				}
				s.X, s.Mean, s.Low, s.High = append(s.X, p), append(s.Mean, m), append(s.Low, m*0.7), append(s.High, m*1.3+0.003)
			}
			all = append(all, s)
		}
		return all
	}
	var kinds []Kind
	for i := range 14 {
		kinds = append(kinds, Kind{"kind of message " + words(i), wave(2500, float64(20-i), 1, float64(i))})
	}
	share := func(s Spread) Spread {
		for i := range s.X {
			s.High[i] = math.Min(100, s.High[i])
		}
		return s
	}
	tradeoff := func(log bool) Tradeoff {
		out := Tradeoff{Cost: "bytes a node a second", What: "failed lookups", LogCost: log, LogWhat: log,
			Hull: Curve{"lower convex hull", []float64{1, 10, 100}, []float64{50, 5, 0.01}}}
		for g := range 4 {
			out.Groups = append(out.Groups, Spread{Label: words(5 + g), X: wave(12, 50, 49, float64(g)), Mean: wave(12, 30, 29, float64(2*g))})
		}
		return out
	}
	long := make([]float64, 3000)
	for i := range long {
		long[i] = math.Mod(float64(i)*math.Phi, 1) * 3
	}

	charts := map[string]*Chart{}
	for name, k := range map[string]kind{
		"ring-health":         health(600, 7200),
		"ring-health-3000":    health(3000, 86400),
		"ring-health-1":       RingHealth{Seconds: []float64{60}, Fingers: []float64{50}, Members: []float64{1e6}},
		"ring-health-crowded": crowded,
		"ring-health-wordy":   wordy,
		"path-length":         PathLength{Groups: groups(3, 14, 1)},
		"path-length-1":       PathLength{Groups: groups(1, 1, 1)},
		"path-length-many":    PathLength{Groups: groups(24, 20, 1)},
		"path-length-long":    PathLength{Groups: groups(1, 500, 1)},
		"path-nodes": PathNodes{Groups: []Spread{spread(8, 64, 512, 4096, 16384), spread(8, 100, 1e6)},
			Reference: []Curve{{"½·log₂ N", ramp(20, 8, 16384), ramp(20, 1.5, 7)}}},
		"path-nodes-1":        PathNodes{Groups: []Spread{spread(1000)}},
		"load-histogram":      LoadHistogram{Groups: groups(1, 400, 1)},
		"load-histogram-3":    LoadHistogram{Groups: groups(3, 400, 1)},
		"load-histogram-huge": LoadHistogram{Groups: groups(2, 300, 1e13)},
		"load-keys":           LoadPercentiles{Groups: []Spread{spread(ramp(10, 1e5, 1e6)...)}},
		"load-virtual-nodes":  LoadPercentiles{Against: VirtualNodes, Groups: []Spread{spread(1, 2, 5, 10, 20)}},
		"outcomes": Outcomes{Seconds: ramp(120, 30, 3600), Correct: wave(120, 100, 5, 0), Wrong: wave(120, 2, 1, 1),
			Failed: wave(120, 3, 1, 2), Abandoned: wave(120, 1, 0.5, 3), Events: events},
		"outcomes-bad":  Outcomes{Seconds: ramp(120, 30, 3600), Correct: wave(120, 100, 5, 0), Failed: wave(120, 300, 100, 2)},
		"outcomes-1":    Outcomes{Seconds: []float64{600}, Correct: []float64{5}, Failed: []float64{1}},
		"latency":       Latency{Groups: []Distribution{{Label: "before", Values: long}, {Label: "during", Values: wave(200, 2, 1, 0)}}},
		"latency-log":   Latency{Groups: []Distribution{{Label: "before", Values: long}}, Log: true},
		"latency-1":     Latency{Groups: []Distribution{{Label: "constant", Values: []float64{0.05}}}},
		"traffic":       Traffic{Seconds: ramp(2500, 10, 25000), Kinds: kinds},
		"traffic-lines": Traffic{Seconds: ramp(2500, 10, 25000), Kinds: kinds, Lines: true, Bytes: true, Events: events},
		"traffic-1":     Traffic{Seconds: []float64{100}, Kinds: []Kind{{"a", []float64{1e9}}, {"b", []float64{2e9}}}, Bytes: true},
		"share": Share{Parameter: "length of the successor list", Whole: true, Groups: []Spread{share(spread(1, 2, 4, 8, 16, 20))},
			Expected: []Curve{{"1 − (1 − p^r)^(N(1−p))", ramp(50, 1, 20), ramp(50, 100, 0)}}},
		"load-histogram-bytes": LoadHistogram{What: "bytes a node", Groups: groups(1, 300, 12345)},
		"load-histogram-wordy": LoadHistogram{What: words(200), Groups: []Distribution{{Values: []float64{1, 2, 3, 1e9}, Counts: []float64{500, 300, 200, 1}}}},
		"lorenz":               Lorenz{Groups: groups(4, 400, 7)},
		"lorenz-1":             Lorenz{Groups: []Distribution{{Label: "one of two", Values: []float64{0, 5}}}},
		"lorenz-wordy":         Lorenz{Head: Head{Title: words(200)}, What: words(200), Groups: []Distribution{{Label: words(200), Values: []float64{5}}}},
		"lorenz-many":          Lorenz{Groups: groups(24, 30, 1e13)},
		"loss":                 Loss{Parameter: "p", Groups: losses(5, 1), Expected: []Curve{{X: ramp(50, 0.1, 0.5), Y: ramp(50, 10, 50)}}, Formula: "expected: p^k"},
		"loss-log":             Loss{Parameter: "p", LogShares: true, Groups: losses(5, 1), Expected: []Curve{{"p", ramp(50, 0.1, 0.5), ramp(50, 1e-9, 50)}}},
		"loss-1":               Loss{Parameter: "p", LogShares: true, Groups: []Spread{{Label: "k = 1", X: []float64{0.5}, Mean: []float64{0}}}},
		"loss-wordy":           Loss{What: words(200), Parameter: words(200), LogShares: true, Groups: losses(1, 1), Formula: words(200), Expected: []Curve{{}}},
		"loss-none":            Loss{Parameter: "p", LogShares: true, Log: 10, Groups: losses(8, 0)},
		"published": Published{What: "stretch", Parameter: "s", Ours: []Spread{spread(1, 2, 4, 8, 16), spread(1, 2, 4)},
			Theirs: []Curve{{"corrected (published)", ramp(5, 1, 16), ramp(5, 40, 60)}, {}}},
		"published-wordy": Published{Head: Head{Title: words(200)}, What: words(200), Parameter: words(200), Log: 2, Ours: []Spread{spread(1, 1000)}},
		"tradeoff":        tradeoff(false),
		"tradeoff-log":    tradeoff(true),
		"tradeoff-wordy":  Tradeoff{Cost: words(200), What: words(200), Groups: []Spread{spread(1)}},
		"share-log":       Share{What: words(200), Parameter: words(200), Unit: "%", Log: 10, Groups: []Spread{share(spread(0.01, 0.02, 3, 400))}},
	} {
		charts[name] = must(t, k)
	}
	charts["tiny"] = &Chart{Head: Head{Name: "tiny"}, X: Axis{Label: "x"},
		Panels: []Panel{{Y: Axis{Label: "y"}, Series: []Series{{Label: "s", X: ramp(9, -1e-12, 1e-12), Y: ramp(9, 0, 3e-300)}}}}}
	charts["huge"] = &Chart{Head: Head{Name: "huge"}, X: Axis{Label: "x"},
		Panels: []Panel{{Y: Axis{Label: "y"}, Series: []Series{{Label: "s", X: ramp(9, -1e99, 1e99), Y: ramp(9, 1e15, 1e99)}}}}}
	charts["far"] = &Chart{Head: Head{Name: "far"}, X: Axis{Label: "time", Time: true},
		Panels: []Panel{{Y: Axis{Label: "y", Log: 10}, Series: []Series{{Label: "s", X: ramp(9, 1e6, 1e6+5), Y: ramp(9, 1e-30, 1e30)}}}}}
	return charts
}

// textBox is a text as drawn, with the room its letters take.
type textBox struct {
	text string
	vg.Rectangle
}

// record paints a chart and returns where its parts and its texts are.
func record(t testing.TB, c *Chart, size Size) (layout, []textBox, vg.Rectangle) {
	t.Helper()
	if err := c.Validate(); err != nil {
		t.Fatal(err)
	}
	var rec recorder.Canvas
	dc := draw.NewCanvas(&rec, vg.Length(size.Width)*0.75, vg.Length(size.Height)*0.75)
	done := c.paint(dc)

	var boxes []textBox
	turn := []float64{0} // of the text, in radians; the charts turn text and do not move the canvas
	for _, a := range rec.Actions {
		switch a := a.(type) {
		case *recorder.Push:
			turn = append(turn, turn[len(turn)-1])
		case *recorder.Pop:
			turn = turn[:len(turn)-1]
		case *recorder.Rotate:
			turn[len(turn)-1] += a.Angle
		case *recorder.Translate, *recorder.Scale:
			t.Fatalf("the chart moves the canvas: %s", a.Call())
		case *recorder.FillString:
			sty := textStyle(a.Size, ink, a.Font.Weight > 0)
			// Capitals reach up 0.72 of the size, tails of letters down 0.21.
			w, up, down := sty.Width(a.String), 0.72*a.Size, 0.21*a.Size
			box := vg.Rectangle{Min: vg.Point{X: a.Point.X, Y: a.Point.Y - down}, Max: vg.Point{X: a.Point.X + w, Y: a.Point.Y + up}}
			if turn[len(turn)-1] != 0 { // a quarter turn to the left: (x, y) is drawn at (-y, x)
				box = vg.Rectangle{Min: vg.Point{X: -a.Point.Y - up, Y: a.Point.X}, Max: vg.Point{X: -a.Point.Y + down, Y: a.Point.X + w}}
			}
			boxes = append(boxes, textBox{a.String, box})
		}
	}
	return done, boxes, dc.Rectangle
}

// overlap reports whether two rectangles have an area in common.
func overlap(a, b vg.Rectangle) bool {
	const hair = 0.01
	return a.Min.X+hair < b.Max.X && b.Min.X+hair < a.Max.X && a.Min.Y+hair < b.Max.Y && b.Min.Y+hair < a.Max.Y
}
