package plots

import (
	"math"
	"testing"

	"gonum.org/v1/plot/plotter"
	"pgregory.net/rapid"
)

// linear returns a linear scale from lo to hi.
func linear(lo, hi float64) scale { return scale{lo: lo, hi: hi, unit: 1} }

// flat puts the runs of a line together.
func flat(all []plotter.XYs) (points plotter.XYs) {
	for _, r := range all {
		points = append(points, r...)
	}
	return points
}

func TestShortLinesAreKept(t *testing.T) {
	nan := math.NaN()
	got := runs([]float64{0, 1, 2, 3, 4, 5, 6}, []float64{1, 2, nan, 4, math.Inf(1), nan, 7}, linear(0, 6), linear(0, 7), 2000)
	want := []plotter.XYs{{{X: 0, Y: 1}, {X: 1, Y: 2}}, {{X: 3, Y: 4}}, {{X: 6, Y: 7}}}
	if len(got) != len(want) {
		t.Fatalf("runs %v, want %v", got, want)
	}
	for i := range want {
		for k := range want[i] {
			if got[i][k] != want[i][k] {
				t.Errorf("runs %v, want %v", got, want)
			}
		}
	}
}

// Zero and negative values have no place on a logarithmic axis; times are
// converted to the unit of theirs.
func TestRunsConvert(t *testing.T) {
	y := linear(1, 100)
	y.log = 10
	x := linear(0, 3)
	x.unit = 60
	got := flat(runs([]float64{0, 60, 120, 180}, []float64{0, 10, -1, 100}, x, y, 2000))
	if len(got) != 2 || got[0] != (plotter.XY{X: 1, Y: 10}) || got[1] != (plotter.XY{X: 3, Y: 100}) {
		t.Errorf("points %v", got)
	}
}

// However long a line is, at most the limit is drawn, in order, and of each
// column nothing that sticks out is lost.
func TestDecimationKeepsExtremes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 6000).Draw(t, "n")
		limit := rapid.SampledFrom([]int{40, 400, linePoints}).Draw(t, "limit")
		phase := rapid.Float64Range(0, 10).Draw(t, "phase")
		spike := rapid.IntRange(0, n-1).Draw(t, "spike")
		xs, ys := make([]float64, n), make([]float64, n)
		for i := range xs {
			xs[i], ys[i] = float64(i/2), math.Sin(float64(i)*phase)
		}
		ys[spike] = 100
		x := linear(0, math.Max(1, xs[n-1]))
		got := flat(runs(xs, ys, x, linear(-1, 100), limit))
		if len(got) > limit {
			t.Fatalf("%d points of %d drawn, limit %d", len(got), n, limit)
		}
		if n <= limit && len(got) != n {
			t.Fatalf("%d points of %d kept", len(got), n)
		}
		if got[0] != (plotter.XY{X: xs[0], Y: ys[0]}) || got[len(got)-1] != (plotter.XY{X: xs[n-1], Y: ys[n-1]}) {
			t.Fatalf("ends %v and %v", got[0], got[len(got)-1])
		}
		found := false
		for i, p := range got {
			if i > 0 && p.X < got[i-1].X {
				t.Fatalf("x goes back at %d", i)
			}
			found = found || p == plotter.XY{X: xs[spike], Y: 100}
		}
		if !found {
			t.Fatalf("the spike at %d of %d is lost", spike, n)
		}
	})
}

// Of the holes of a long line those remain that are at least a column wide.
func TestDecimationKeepsWideHoles(t *testing.T) {
	xs, ys := ramp(100000, 0, 1), make([]float64, 100000)
	for i := range ys {
		ys[i] = 1
		if i%10 == 3 || 40000 <= i && i < 45000 {
			ys[i] = math.NaN()
		}
	}
	got := runs(xs, ys, linear(0, 1), linear(0, 1), linePoints)
	if len(got) != 2 {
		t.Fatalf("%d runs, want 2", len(got))
	}
	if end, start := got[0][len(got[0])-1].X, got[1][0].X; end > 0.4001 || start < 0.4499 {
		t.Errorf("the hole runs from %g to %g", end, start)
	}
}

func TestBudget(t *testing.T) {
	for n, want := range map[int]int{0: 2000, 1: 2000, 30: 2000, 60: 1000, 100000: 40} {
		if got := budget(n); got != want {
			t.Errorf("%d lines get %d points each, want %d", n, got, want)
		}
	}
}
