package plots

import (
	"math"

	"gonum.org/v1/plot/plotter"
)

const (
	// linePoints bounds the points of one line: each of its columns keeps four.
	linePoints = 2000
	// chartPoints bounds the points of all lines of a chart together.
	chartPoints = 60000
)

// budget returns how many points each of n lines may have.
func budget(n int) int {
	return max(40, min(linePoints, chartPoints/max(n, 1)))
}

// runs converts a series to the units of its axes and splits it where points
// cannot be drawn. A series of more than limit points is decimated first: the
// x axis is cut into limit/4 columns, and each keeps its first, lowest,
// highest and last point in their order. A hole then splits the line only if a
// whole column is empty. norm says where an x lies on the axis, 0 to 1.
func runs(xs, ys []float64, x, y scale, limit int) []plotter.XYs {
	type point struct {
		plotter.XY
		hole bool // points were skipped between this and the one before
	}
	points := make([]point, 0, len(xs))
	hole := false
	for i := range xs {
		px, okX := x.place(xs[i])
		py, okY := y.place(ys[i])
		if !okX || !okY {
			hole = true
			continue
		}
		points = append(points, point{plotter.XY{X: px, Y: py}, hole})
		hole = false
	}

	var all []plotter.XYs
	put := func(p plotter.XY, split bool) {
		if split || len(all) == 0 {
			all = append(all, nil)
		}
		all[len(all)-1] = append(all[len(all)-1], p)
	}
	if len(points) <= limit {
		for _, p := range points {
			put(p.XY, p.hole)
		}
		return all
	}

	columns := float64(limit/4 - 2) // and one for what lies beyond either end
	column := func(p point) int {
		return int(math.Max(-1, math.Min(columns, math.Floor(x.norm(p.X)*columns))))
	}
	before := -2
	for from := 0; from < len(points); {
		here := column(points[from])
		to, low, high := from, from, from
		for ; to < len(points) && column(points[to]) == here; to++ {
			if points[to].Y < points[low].Y {
				low = to
			}
			if points[to].Y > points[high].Y {
				high = to
			}
		}
		split := points[from].hole && here > before+1
		last := -1
		for _, i := range [4]int{from, min(low, high), max(low, high), to - 1} {
			if i > last {
				put(points[i].XY, split && i == from)
				last = i
			}
		}
		before, from = here, to
	}
	return all
}
