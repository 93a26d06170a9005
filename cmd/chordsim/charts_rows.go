package main

import (
	"math"
	"slices"
	"strings"

	"chordsim/plots"
	"chordsim/scenarios"
)

// mostGroups is how many groups a chart of distributions compares; of more,
// so many are taken at even distances, the first and the last among them.
const mostGroups = 8

// evenly thins a list to at most mostGroups.
func evenly[T any](all []T) []T {
	if len(all) <= mostGroups {
		return all
	}
	out := make([]T, mostGroups)
	for i := range out {
		out[i] = all[i*(len(all)-1)/(mostGroups-1)]
	}
	return out
}

// labelsText names a row in a legend: "p = 0.3".
func labelsText(labels []scenarios.Param) string {
	var parts []string
	for _, l := range labels {
		parts = append(parts, l.Name+" = "+string(l.Value))
	}
	return strings.Join(parts, ", ")
}

// distributions collects groups of one kind over the rows: one chart if there
// is one row, with a group for each name, else a chart a name, with a group
// for each row.
func distributions(r *scenarios.Result, of func(*scenarios.Aggregate) []named,
	make func(plots.Head, []plots.Distribution) (*plots.Chart, error), kind string) ([]*plots.Chart, error) {
	var order []string
	groups := map[string][]plots.Distribution{}
	for i := range r.Rows {
		row := &r.Rows[i]
		if row.All == nil {
			continue
		}
		for _, d := range of(row.All) {
			chart, label := d.name, labelsText(row.Labels)
			if len(r.Rows) == 1 {
				chart, label = "", d.name
			}
			label = strings.TrimSpace(label + " " + d.note)
			if groups[chart] == nil {
				order = append(order, chart)
			}
			groups[chart] = append(groups[chart], plots.Distribution{Label: label, Values: d.values, Counts: d.counts})
		}
	}
	var out []*plots.Chart
	for _, name := range order {
		suffix := name
		if len(order) == 1 {
			suffix = ""
		}
		chart, err := make(headOf(r, kind, suffix, nil, nil), evenly(groups[name]))
		if err != nil {
			return nil, err
		}
		out = append(out, chart)
	}
	return out, nil
}

// named is a distribution under the name a step gave it, with a note to it for the
// legend.
type named struct {
	name, note     string
	values, counts []float64
}

// histograms returns those whose name has a prefix and a suffix around it.
func histograms(prefix, suffix string) func(*scenarios.Aggregate) []named {
	return func(all *scenarios.Aggregate) []named {
		var out []named
		for _, h := range all.Histograms {
			name, ok := strings.CutPrefix(h.Name, prefix)
			name, ends := strings.CutSuffix(name, suffix)
			if !ok || !ends || len(h.Values) == 0 {
				continue
			}
			d := named{name: name}
			for i := range h.Values {
				d.values = append(d.values, float64(h.Values[i])+float64(h.Width-1)/2) // the middle of the bin
				d.counts = append(d.counts, float64(h.Counts[i]))
			}
			out = append(out, d)
		}
		return out
	}
}

func pathLength(r *scenarios.Result) ([]*plots.Chart, error) {
	return distributions(r, histograms("lookup.", ".path"), func(h plots.Head, g []plots.Distribution) (*plots.Chart, error) {
		return plots.PathLength{Head: h, Groups: g}.Chart()
	}, chartPathLength)
}

// latency draws the quantile curves, each percentile standing for a hundredth
// of the lookups.
func latency(r *scenarios.Result) ([]*plots.Chart, error) {
	of := func(all *scenarios.Aggregate) []named {
		var out []named
		for _, q := range all.Quantiles {
			name, ok := strings.CutSuffix(strings.TrimPrefix(q.Name, "lookup."), ".latency")
			if !ok || len(q.Values) < 2 {
				continue
			}
			d := named{name: name}
			for _, v := range q.Values[1:] {
				d.values = append(d.values, float64(v))
			}
			out = append(out, d)
		}
		return out
	}
	return distributions(r, of, func(h plots.Head, g []plots.Distribution) (*plots.Chart, error) {
		return plots.Latency{Head: h, Groups: g}.Chart()
	}, chartLatency)
}

// point is one row of a chart against a parameter.
type point struct{ mean, low, high float64 }

// spreads collects what a chart against a varied name shows: a group for each
// name of a measurement and combination of the other varied values.
func spreads(r *scenarios.Result, against func(name string) bool, of func(*scenarios.Aggregate, func(name string, p point))) []plots.Spread {
	var out []plots.Spread
	place := map[string]int{}
	for i := range r.Rows {
		row := &r.Rows[i]
		x, others, ok := varied(row, against)
		if row.All == nil || !ok {
			continue
		}
		of(row.All, func(name string, p point) {
			label := strings.Join(slices.DeleteFunc([]string{name, others}, func(s string) bool { return s == "" }), ", ")
			at, known := place[label]
			if !known {
				at = len(out)
				place[label] = at
				out = append(out, plots.Spread{Label: label})
			}
			s := &out[at]
			s.X, s.Mean = append(s.X, x), append(s.Mean, p.mean)
			s.Low, s.High = append(s.Low, p.low), append(s.High, p.high)
		})
	}
	return out
}

// varied returns the value of the varied name that is asked for and the rest
// of the labels in words.
func varied(row *scenarios.Row, against func(string) bool) (x float64, others string, ok bool) {
	var rest []scenarios.Param
	for _, l := range row.Labels {
		if value, isNumber := l.Value.Number(); !ok && isNumber && against(l.Name) {
			x, ok = value, true
		} else {
			rest = append(rest, l)
		}
	}
	return x, labelsText(rest), ok
}

// called returns whether a varied name, a param or the end of a path, is one
// of the given.
func called(names ...string) func(string) bool {
	return func(name string) bool {
		last := name[strings.LastIndexByte(name, '.')+1:]
		for _, n := range names {
			if last == n {
				return true
			}
		}
		return false
	}
}

// charted is one chart, or none where there is no group.
func charted(groups []plots.Spread, make func() (*plots.Chart, error)) ([]*plots.Chart, error) {
	if len(groups) == 0 {
		return nil, nil
	}
	chart, err := make()
	if err != nil {
		return nil, err
	}
	return []*plots.Chart{chart}, nil
}

func pathNodes(r *scenarios.Result) ([]*plots.Chart, error) {
	groups := spreads(r, called("nodes", "n"), func(all *scenarios.Aggregate, add func(string, point)) {
		for _, l := range all.Lookups {
			if l.Path.N > 0 {
				add(l.Name, point{mean: float64(l.Path.Mean.Mean), low: float64(l.Path.P1), high: float64(l.Path.P99)})
			}
		}
	})
	return charted(groups, func() (*plots.Chart, error) {
		half := plots.Curve{Label: "½ log₂ N"}
		for _, n := range groups[0].X {
			half.X, half.Y = append(half.X, n), append(half.Y, math.Log2(n)/2)
		}
		return plots.PathNodes{Head: headOf(r, chartPathNodes, "", nil, nil), Groups: groups, Reference: []plots.Curve{half}}.Chart()
	})
}

func loads(r *scenarios.Result, against plots.Parameter, kind string, names ...string) ([]*plots.Chart, error) {
	groups := spreads(r, called(names...), func(all *scenarios.Aggregate, add func(string, point)) {
		for _, l := range all.Loads {
			if l.Of == "" {
				add(l.Name, point{mean: float64(l.Mean.Mean), low: float64(l.P1), high: float64(l.P99)})
			}
		}
	})
	return charted(groups, func() (*plots.Chart, error) {
		return plots.LoadPercentiles{Head: headOf(r, kind, "", nil, nil), Against: against, Groups: groups}.Chart()
	})
}

func loadKeys(r *scenarios.Result) ([]*plots.Chart, error) {
	return loads(r, plots.Keys, chartLoadKeys, "keys")
}

func loadVirtualNodes(r *scenarios.Result) ([]*plots.Chart, error) {
	return loads(r, plots.VirtualNodes, chartLoadVirtualNodes, "virtual_nodes", "virtual")
}

// brokenShare draws the share of runs whose ring broke or split against the
// first varied number, beside the share expected where the params say enough.
func brokenShare(r *scenarios.Result) ([]*plots.Chart, error) {
	if r.Repeat < 2 || len(r.Rows) < 2 {
		return nil, nil
	}
	parameter, ever := "", false
	groups := spreads(r, func(name string) bool {
		if parameter == "" {
			parameter = name
		}
		return parameter == name
	}, func(all *scenarios.Aggregate, add func(string, point)) {
		rings := all.Rings
		if len(rings) == 0 { // nothing was measured on the way: the end has to do
			rings = []scenarios.RingAll{all.Ring}
		}
		for _, ring := range rings {
			name := ring.Name
			if name == "" {
				name = "at the end"
			}
			lost := ring.Lost()
			ever = ever || lost.Runs > 0
			add(name, point{mean: 100 * float64(lost.Share), low: 100 * float64(lost.Low), high: 100 * float64(lost.High)})
		}
	})
	if !ever {
		return nil, nil
	}
	return charted(groups, func() (*plots.Chart, error) {
		head := headOf(r, chartBroken, "", nil, nil)
		head.Title = "Rings broken or split"
		s := plots.Share{Head: head, What: "share of runs", Parameter: parameter, Groups: groups}
		if called("r", "successors")(parameter) {
			s.Whole = true
			s.Expected = expectedLosses(r, parameter)
		}
		return s.Chart()
	})
}

// expectedLosses is 1-(1-p^r)^(N(1-p)): the share of rings in which at least
// one survivor has lost all r entries of its list when a fraction p of N nodes
// fails at once (protocol §3).
func expectedLosses(r *scenarios.Result, parameter string) []plots.Curve {
	var p, nodes float64
	lengths := []float64{}
	for i := range r.Rows {
		value := map[string]float64{}
		for _, param := range slices.Concat(r.Rows[i].Params, r.Rows[i].Labels) {
			if x, ok := param.Value.Number(); ok {
				value[param.Name] = x
			}
		}
		if i > 0 && (value["p"] != p || value["nodes"] != nodes) {
			return nil // there is a curve for each of them, and which is whose?
		}
		p, nodes = value["p"], value["nodes"]
		lengths = append(lengths, value[parameter])
	}
	if p == 0 || nodes == 0 {
		return nil
	}
	const steps = 100
	curve := plots.Curve{Label: "1 − (1 − pʳ)^(N(1 − p))"}
	least, most := slices.Min(lengths), slices.Max(lengths)
	for i := range steps + 1 {
		length := least + (most-least)*float64(i)/steps
		curve.X = append(curve.X, length)
		curve.Y = append(curve.Y, 100*-math.Expm1(nodes*(1-p)*math.Log1p(-math.Pow(p, length))))
	}
	return []plots.Curve{curve}
}
