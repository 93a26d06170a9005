package scenarios

import (
	"cmp"
	"fmt"
	"slices"
)

// TradeoffSpec weighs what the rows of a scenario cost against how well they do, as
// in J. Li, J. Stribling, R. Morris, M. F. Kaashoek, T. M. Gil, "A performance vs. cost
// framework for evaluating DHT design tradeoffs under churn" (Infocom 2005): of both,
// less is better.
type TradeoffSpec struct {
	Cost        string `json:"cost" jsonschema:"required,maxLength=4096" jsonschema_description:"What a row costs: a number of one run, as in an expectation: traffic.busy.bytes_per_node_second."`
	Performance string `json:"performance" jsonschema:"required,maxLength=4096" jsonschema_description:"What it achieves by that, less being better: lookup.busy.latency.p50, or a formula."`
	CostLabel   string `json:"cost_label,omitempty" jsonschema:"maxLength=100" jsonschema_description:"What the cost is, for tables and charts (default: its formula)."`
	Label       string `json:"label,omitempty" jsonschema:"maxLength=100" jsonschema_description:"What the performance is, for tables and charts (default: its formula)."`
}

// UnmarshalJSON decodes over the defaults.
func (t *TradeoffSpec) UnmarshalJSON(data []byte) error {
	type form TradeoffSpec
	f, err := decodeOver(data, form{})
	*t = TradeoffSpec(f)
	t.CostLabel, t.Label = cmp.Or(t.CostLabel, t.Cost), cmp.Or(t.Label, t.Performance)
	return err
}

// Weighed is a tradeoff with its formulas compiled for one row.
type Weighed struct{ cost, performance *Expectation }

// tradeoffs checks the section tradeoff for one row.
func (s *semantics) tradeoffs(params []Param, named []Named) {
	list := s.root.child("tradeoff")
	if list == nil || list.kind != sequenceNode || s.dirty["tradeoff"] {
		return
	}
	tree := newNameTree(named, params, MessageKinds())
	for i, t := range s.spec.Tradeoff {
		path := fmt.Sprintf("tradeoff[%d]", i)
		w := Weighed{s.metric(path+".cost", t.Cost, tree), s.metric(path+".performance", t.Performance, tree)}
		s.spec.Weighed = append(s.spec.Weighed, w)
	}
}

// Tradeoff is one cost against one performance, over the rows of a scenario.
type Tradeoff struct {
	CostLabel string          `json:"cost_label"`
	Label     string          `json:"label"` // of the performance
	Points    []TradeoffPoint `json:"points"`
}

// TradeoffPoint is one row.
type TradeoffPoint struct {
	Row         int      `json:"row"` // index into Result.Rows
	Labels      []Param  `json:"labels,omitempty"`
	Cost        Interval `json:"cost"`
	Performance Interval `json:"performance"`
	Hull        bool     `json:"hull"` // on the lower convex hull: no mixture of other rows does as well at this cost
}

// tradeoffs weighs the rows whose runs are all done.
func (r *runner) tradeoffs() []Tradeoff {
	specs := r.sc.Rows()[0].Spec.Tradeoff
	out := make([]Tradeoff, len(specs))
	for i := range specs {
		t := &out[i]
		t.CostLabel, t.Label = specs[i].CostLabel, specs[i].Label
		for row := range r.sc.Rows() {
			runs, spec := r.measured[row].first, r.sc.Rows()[row]
			if !r.complete(row) {
				continue
			}
			at := len(spec.Spec.References) + 2*i
			t.Points = append(t.Points, TradeoffPoint{
				Row: row, Labels: spec.Labels,
				Cost: intervalOf(columnOf(runs, at)), Performance: intervalOf(columnOf(runs, at+1)),
			})
		}
		t.markHull()
	}
	return out
}

// markHull finds the part of the lower convex hull on which more cost is better
// performance: from the cheapest row to the best (A. M. Andrew, "Another efficient
// algorithm for convex hulls in two dimensions", 1979).
func (t *Tradeoff) markHull() {
	var order []*TradeoffPoint
	for i := range t.Points {
		if p := &t.Points[i]; p.Cost.Mean.Defined() && p.Performance.Mean.Defined() {
			order = append(order, p)
		}
	}
	slices.SortStableFunc(order, func(a, b *TradeoffPoint) int {
		return cmp.Or(cmp.Compare(a.Cost.Mean, b.Cost.Mean), cmp.Compare(a.Performance.Mean, b.Performance.Mean))
	})
	var hull []*TradeoffPoint
	for _, p := range order {
		if n := len(hull); n > 0 && p.Performance.Mean >= hull[n-1].Performance.Mean {
			continue // dearer and no better
		}
		for len(hull) > 1 && !below(hull[len(hull)-2], hull[len(hull)-1], p) {
			hull = hull[:len(hull)-1]
		}
		hull = append(hull, p)
	}
	for _, p := range hull {
		p.Hull = true
	}
}

// HullPoints returns the points on the hull, the cheapest first.
func (t *Tradeoff) HullPoints() []TradeoffPoint {
	return slices.DeleteFunc(t.byCost(), func(p TradeoffPoint) bool { return !p.Hull })
}

// byCost returns the points, the cheapest first.
func (t *Tradeoff) byCost() []TradeoffPoint {
	points := slices.Clone(t.Points)
	slices.SortStableFunc(points, func(p, q TradeoffPoint) int { return cmp.Compare(p.Cost.Mean, q.Cost.Mean) })
	return points
}

// below reports whether b lies below the line from a to c.
func below(a, b, c *TradeoffPoint) bool {
	x := func(p, q *TradeoffPoint) float64 { return float64(q.Cost.Mean) - float64(p.Cost.Mean) }
	y := func(p, q *TradeoffPoint) float64 { return float64(q.Performance.Mean) - float64(p.Performance.Mean) }
	return float64(x(a, b)*y(a, c)) > float64(y(a, b)*x(a, c))
}

// TradeoffTable shows the rows of tradeoffs, all or those on the hulls, the cheapest
// of each first.
func TradeoffTable(list []Tradeoff, hullOnly bool) Table {
	var s shape
	if len(list) > 0 && len(list[0].Points) > 0 {
		for _, l := range list[0].Points[0].Labels {
			s.labels = append(s.labels, l.Name)
		}
	}
	b := newBuilder("tradeoffs", "Cost against performance", s)
	for i := range list {
		points := list[i].byCost()
		if hullOnly {
			points = list[i].HullPoints()
		}
		for _, p := range points {
			b.start(&Row{Labels: p.Labels})
			b.cell("cost", textOf(list[i].CostLabel))
			b.cell("mean_cost", numberOf(UnitRatio, p.Cost.Mean))
			b.cell("ci95_cost", numberOf(UnitRatio, p.Cost.CI95))
			b.cell("performance", textOf(list[i].Label))
			b.cell("mean", numberOf(UnitRatio, p.Performance.Mean))
			b.cell("ci95", numberOf(UnitRatio, p.Performance.CI95))
			if !hullOnly {
				hull := ""
				if p.Hull {
					hull = "on it"
				}
				b.cell("hull", textOf(hull))
			}
			b.end()
		}
	}
	return b.done()
}
