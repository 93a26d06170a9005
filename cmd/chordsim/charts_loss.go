package main

import (
	"math"
	"slices"

	"chordsim/plots"
	"chordsim/scenarios"
)

// keysLost draws for each measure of stored keys which share of them was lost since
// the measure before, against the first varied number, beside what was to be
// expected. A measure at which nothing was lost nor expected to be is left out.
func keysLost(r *scenarios.Result) ([]*plots.Chart, error) {
	if len(r.Rows) < 2 {
		return nil, nil
	}
	var names []string
	for i := range r.Rows {
		if r.Rows[i].All == nil {
			continue
		}
		for _, d := range r.Rows[i].All.Data {
			if (d.NewlyLost > 0 || d.ExpectedLostShare.Mean > 0) && !slices.Contains(names, d.Name) {
				names = append(names, d.Name)
			}
		}
	}
	var out []*plots.Chart
	for _, name := range names {
		loss, ok := lossOf(r, name)
		if !ok {
			return nil, nil // no number is varied
		}
		suffix := name
		if len(names) == 1 {
			suffix = ""
		}
		loss.Head = headOf(r, chartLoss, suffix, nil, nil)
		chart, err := loss.Chart()
		if err != nil {
			return nil, err
		}
		out = append(out, chart)
	}
	return out, nil
}

// lossOf gathers a measure over the rows: a group for each combination of the varied
// values beside the parameter.
func lossOf(r *scenarios.Result, name string) (plots.Loss, bool) {
	out := plots.Loss{Formula: "expected"}
	against := func(label string) bool {
		if out.Parameter == "" {
			out.Parameter = label
		}
		return label == out.Parameter
	}
	measure := func(all *scenarios.Aggregate) *scenarios.DataAll {
		for i := range all.Data {
			if d := &all.Data[i]; d.Name == name && d.NewlyLostShare.Mean.Defined() {
				return d
			}
		}
		return nil
	}
	out.Groups = spreads(r, against, func(all *scenarios.Aggregate, add func(string, point)) {
		if d := measure(all); d != nil {
			mean := 100 * float64(d.NewlyLostShare.Mean)
			half := 100 * float64(d.NewlyLostShare.CI95)
			if !d.NewlyLostShare.CI95.Defined() {
				half = 0
			}
			add("", point{mean, max(mean-half, 0), min(mean+half, 100)})
		}
	})
	expected := spreads(r, against, func(all *scenarios.Aggregate, add func(string, point)) {
		if d := measure(all); d != nil {
			add("", point{mean: 100 * float64(d.ExpectedLostShare.Mean)})
		}
	})
	var shares decades
	out.Whole = true
	for i := range out.Groups {
		g, curve := &out.Groups[i], plots.Curve{}
		sortSpread(g)
		sortSpread(&expected[i])
		for k, share := range expected[i].Mean {
			if !math.IsNaN(share) {
				curve.X, curve.Y = append(curve.X, g.X[k]), append(curve.Y, share)
			}
		}
		out.Expected = append(out.Expected, curve)
		for _, share := range slices.Concat(g.Mean, curve.Y) {
			if share > 0 {
				shares.add(share)
			}
		}
		out.Whole = out.Whole && !slices.ContainsFunc(g.X, func(x float64) bool { return x != math.Trunc(x) })
		if r.Repeat < 2 {
			g.Low, g.High = nil, nil
		}
		if g.Label == "" {
			g.Label = "measured"
		}
	}
	if !slices.ContainsFunc(out.Expected, func(c plots.Curve) bool { return len(c.X) > 0 }) {
		out.Expected = nil
	}
	out.Groups, out.Expected = evenly(out.Groups), evenly(out.Expected)
	out.LogShares = shares.apart()
	return out, len(out.Groups) > 0
}

// sortSpread puts the points of a group in the order of the parameter.
func sortSpread(s *plots.Spread) {
	order := make([]int, len(s.X))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch {
		case s.X[a] < s.X[b]:
			return -1
		case s.X[a] > s.X[b]:
			return 1
		}
		return 0
	})
	for _, values := range []*[]float64{&s.X, &s.Mean, &s.Low, &s.High} {
		sorted := make([]float64, len(order))
		for i, at := range order {
			sorted[i] = (*values)[at]
		}
		*values = sorted
	}
}
