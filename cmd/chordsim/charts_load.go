package main

import (
	"fmt"
	"slices"
	"strings"

	"chordsim/plots"
	"chordsim/scenarios"
)

// loadMeasures are what a load may be of, by scenarios.Load.Of.
var loadMeasures = []struct{ of, what, short string }{
	{"", "keys a node", "keys"}, {"bytes", "bytes a node", "bytes"}, {"requests", "requests a node", "requests"},
}

// loadsOf returns the histograms of the loads of one kind, by the names of their
// measures, with a note on each.
func loadsOf(of string, note func(l *scenarios.LoadAll) string) func(*scenarios.Aggregate) []named {
	return func(all *scenarios.Aggregate) []named {
		var out []named
		for i := range all.Loads {
			l := &all.Loads[i]
			if l.Of != of {
				continue
			}
			for _, d := range histograms("load.", "")(all) {
				if d.name == l.Name {
					d.name, d.note = strings.TrimSuffix(d.name, "."+of), note(l)
					out = append(out, d)
				}
			}
		}
		return out
	}
}

// kindOf names a chart of loads of one kind.
func kindOf(chart, of string) string {
	if of == "" {
		return chart
	}
	return chart + "-" + of
}

// loadHistogram draws keys, bytes and requests a node, each in a chart of its own.
func loadHistogram(r *scenarios.Result) ([]*plots.Chart, error) {
	var out []*plots.Chart
	for _, m := range loadMeasures {
		charts, err := distributions(r, loadsOf(m.of, func(*scenarios.LoadAll) string { return "" }),
			func(h plots.Head, g []plots.Distribution) (*plots.Chart, error) {
				return plots.LoadHistogram{Head: h, What: m.what, Groups: g}.Chart()
			}, kindOf(chartLoadHistogram, m.of))
		if err != nil {
			return nil, err
		}
		out = append(out, charts...)
	}
	return out, nil
}

// giniOf is the note on a curve, "" where there is nothing to be spread.
func giniOf(l *scenarios.LoadAll) string {
	if !l.Gini.Mean.Defined() {
		return ""
	}
	return fmt.Sprintf("(Gini %.2f)", float64(l.Gini.Mean))
}

// lorenz draws how evenly the load lies on the nodes, where there is any: of stored
// keys one chart for keys, bytes and requests together or, where that is more than
// can be told apart, one for each.
func lorenz(r *scenarios.Result) ([]*plots.Chart, error) {
	stored := storedMeasures(r)
	var out []*plots.Chart
	together := len(r.Rows)*len(loadMeasures) <= mostGroups
	for _, m := range loadMeasures {
		of := func(all *scenarios.Aggregate) []named {
			return slices.DeleteFunc(loadsOf(m.of, giniOf)(all), func(d named) bool {
				return d.note == "" || together && slices.Contains(stored, d.name)
			})
		}
		charts, err := distributions(r, of, lorenzChart, kindOf(chartLorenz, m.of))
		if err != nil {
			return nil, err
		}
		out = append(out, charts...)
	}
	if !together {
		return out, nil
	}
	for _, measure := range stored {
		groups := lorenzGroups(r, measure)
		if len(groups) == 0 {
			continue
		}
		suffix := measure
		if len(stored) == 1 && len(out) == 0 {
			suffix = ""
		}
		chart, err := lorenzChart(headOf(r, chartLorenz, suffix, nil, nil), groups)
		if err != nil {
			return nil, err
		}
		out = append(out, chart)
	}
	return out, nil
}

func lorenzChart(h plots.Head, g []plots.Distribution) (*plots.Chart, error) {
	return plots.Lorenz{Head: h, Groups: g}.Chart()
}

// storedMeasures names the measures of stored keys, which have bytes and requests.
func storedMeasures(r *scenarios.Result) []string {
	var out []string
	for i := range r.Rows {
		if r.Rows[i].All == nil {
			continue
		}
		for _, l := range r.Rows[i].All.Loads {
			if name, ok := strings.CutSuffix(l.Name, ".bytes"); ok && l.Of != "" && !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	return out
}

// lorenzGroups are the curves of a measure: for each row keys, bytes and requests.
func lorenzGroups(r *scenarios.Result, measure string) []plots.Distribution {
	var out []plots.Distribution
	for i := range r.Rows {
		row := &r.Rows[i]
		if row.All == nil {
			continue
		}
		for _, m := range loadMeasures {
			for _, d := range loadsOf(m.of, giniOf)(row.All) {
				if d.name != measure || d.note == "" {
					continue
				}
				label := m.short + " " + d.note
				if len(row.Labels) > 0 {
					label = labelsText(row.Labels) + ", " + label
				}
				out = append(out, plots.Distribution{Label: label, Values: d.values, Counts: d.counts})
			}
		}
	}
	return out
}
