package main

import (
	"fmt"
	"math"

	"chordsim/plots"
	"chordsim/scenarios"
)

// tradeoffs draws what the rows cost against how well they do, a chart for each
// performance.
func tradeoffs(r *scenarios.Result) ([]*plots.Chart, error) {
	var out []*plots.Chart
	for i := range r.Tradeoffs {
		head := headOf(r, chartTradeoff, "", nil, nil)
		if i > 0 {
			head.Name += fmt.Sprintf("-%d", i+1)
		}
		if len(r.Tradeoffs[i].Points) < 2 {
			continue
		}
		chart, err := tradeoffOf(&r.Tradeoffs[i], head).Chart()
		if err != nil {
			return nil, err
		}
		out = append(out, chart)
	}
	return out, nil
}

// tradeoffOf makes a group of each value of the param that is varied first, as far as
// there are colours for them.
func tradeoffOf(t *scenarios.Tradeoff, head plots.Head) plots.Tradeoff {
	out := plots.Tradeoff{Head: head, Cost: t.CostLabel, What: t.Label, Hull: plots.Curve{Label: "lower convex hull"}}
	place := map[string]int{}
	var costs, values decades
	for _, p := range t.Points {
		x, y := float64(p.Cost.Mean), float64(p.Performance.Mean)
		if math.IsNaN(x) || math.IsNaN(y) {
			continue
		}
		label := "measured"
		if len(p.Labels) > 0 {
			label = labelsText(p.Labels[:1])
		}
		at, known := place[label]
		if !known {
			at = len(out.Groups)
			place[label] = at
			out.Groups = append(out.Groups, plots.Spread{Label: label})
		}
		g := &out.Groups[at]
		g.X, g.Mean = append(g.X, x), append(g.Mean, y)
		costs.add(x)
		values.add(y)
	}
	if len(out.Groups) > mostGroups {
		all := plots.Spread{Label: "measured"}
		for _, g := range out.Groups {
			all.X, all.Mean = append(all.X, g.X...), append(all.Mean, g.Mean...)
		}
		out.Groups = []plots.Spread{all}
	}
	for _, p := range t.HullPoints() {
		out.Hull.X, out.Hull.Y = append(out.Hull.X, float64(p.Cost.Mean)), append(out.Hull.Y, float64(p.Performance.Mean))
	}
	out.LogCost, out.LogWhat = costs.apart(), values.apart()
	return out
}

// decadesApart is from where on numbers are drawn by their powers of ten.
const decadesApart = 50

// decades says of positive numbers whether they lie too far apart for a linear axis.
type decades struct {
	least, most float64
	any         bool
}

func (d *decades) add(v float64) {
	if !d.any {
		d.least, d.most, d.any = v, v, true
	}
	d.least, d.most = min(d.least, v), max(d.most, v)
}

func (d *decades) apart() bool { return d.least > 0 && d.most > decadesApart*d.least }
