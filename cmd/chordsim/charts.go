package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"chordsim/plots"
	"chordsim/scenarios"
)

// mostTimeCharts is how many rows get a chart over time of their own; with
// more, no chart over time is drawn: nobody looks through fifty.
const mostTimeCharts = 12

// Names of the charts, as scenarios and files call them.
const (
	chartRingHealth       = "ring-health"
	chartOutcomes         = "lookup-outcomes"
	chartTraffic          = "traffic"
	chartPathLength       = "path-length"
	chartPathNodes        = "path-length-by-nodes"
	chartLatency          = "latency"
	chartLoadHistogram    = "load-histogram"
	chartLorenz           = "lorenz"
	chartLoadKeys         = "load-by-keys"
	chartLoadVirtualNodes = "load-by-virtual-nodes"
	chartLoss             = "loss"
	chartBroken           = "broken-rings"
	chartTradeoff         = "tradeoff"
)

// chartKinds says for each chart how it is made from a result. A maker
// returns no chart where the result holds nothing for it. What is always drawn
// need not be asked for: rings that broke are news.
var chartKinds = []struct {
	name   string
	always bool
	make   func(*scenarios.Result) ([]*plots.Chart, error)
}{
	{chartRingHealth, false, perRow(ringHealth)},
	{chartOutcomes, false, perRow(outcomes)},
	{chartTraffic, false, perRow(traffic)},
	{chartPathLength, false, pathLength},
	{chartPathNodes, false, pathNodes},
	{chartLatency, false, latency},
	{chartLoadHistogram, false, loadHistogram},
	{chartLorenz, false, lorenz},
	{chartLoadKeys, false, loadKeys},
	{chartLoadVirtualNodes, false, loadVirtualNodes},
	{chartLoss, false, keysLost},
	{chartTradeoff, false, tradeoffs},
	{chartBroken, true, brokenShare},
}

// draw writes the charts asked for, or all there is something to draw for, as
// SVG and PNG, and returns the names of the files. What cannot be drawn is said
// and left out: the numbers are written already.
func (a *app) draw(r *scenarios.Result, folder *scenarios.Folder, asked []string) ([]string, error) {
	var files []string
	for _, kind := range chartKinds {
		if len(asked) > 0 && !kind.always && !slices.Contains(asked, kind.name) {
			continue
		}
		charts, err := kind.make(r)
		if err != nil {
			a.complain(fmt.Sprintf("%s: the chart %s is left out: %v", r.Name, kind.name, err))
			continue
		}
		for _, chart := range charts {
			for _, format := range []plots.Format{plots.SVG, plots.PNG} {
				name := chart.Name + "." + string(format)
				if err := folder.Write(name, func(w io.Writer) error { return chart.Render(w, format, plots.Size{}) }); err != nil {
					return files, err
				}
				files = append(files, name)
			}
		}
	}
	return files, nil
}

// headOf names a chart after its kind and row and says below its title what
// was run. An empty title is the default of the kind.
func headOf(r *scenarios.Result, kind, suffix string, labels []scenarios.Param, seed *uint64) plots.Head {
	subtitle := r.Name
	if suffix != "" {
		subtitle += ", " + suffix
	}
	for _, l := range labels {
		subtitle += ", " + l.Name + " = " + string(l.Value)
	}
	switch {
	case seed != nil:
		subtitle += fmt.Sprintf(", seed %d", *seed)
	case r.Repeat > 1:
		subtitle += fmt.Sprintf(", %d runs each from seed %d", r.Repeat, r.Seed)
	default:
		subtitle += fmt.Sprintf(", seed %d", r.Seed)
	}
	name := kind
	if suffix != "" {
		name += "-" + suffix
	}
	return plots.Head{Name: name, Subtitle: subtitle}
}

// perRow makes a chart of the first run of every row.
func perRow(one func(plots.Head, *scenarios.RunResult) (string, *plots.Chart, error)) func(*scenarios.Result) ([]*plots.Chart, error) {
	return func(r *scenarios.Result) ([]*plots.Chart, error) {
		if len(r.Rows) > mostTimeCharts {
			return nil, nil
		}
		var out []*plots.Chart
		for i := range r.Rows {
			row := &r.Rows[i]
			if len(row.Runs) == 0 {
				continue
			}
			run := &row.Runs[0]
			kind, chart, err := one(headOf(r, "", "", row.Labels, &run.Seed), run)
			if err != nil {
				return nil, err
			}
			if chart == nil {
				continue
			}
			chart.Name = kind
			if len(r.Rows) > 1 {
				chart.Name += fmt.Sprintf("-%d", i+1)
			}
			out = append(out, chart)
		}
		return out, nil
	}
}

// seriesOf returns a series of a run, nil if it is not there or empty.
func seriesOf(run *scenarios.RunResult, name string) *scenarios.Series {
	for i := range run.Series {
		if s := &run.Series[i]; s.Name == name && len(s.Rows) > 0 {
			return s
		}
	}
	return nil
}

// column returns a column of a series times a factor, nil if it is not there.
func column(s *scenarios.Series, name string, factor float64) []float64 {
	var out []float64
	for _, n := range s.Column(name) {
		out = append(out, float64(n)*factor)
	}
	return out
}

func eventsOf(run *scenarios.RunResult) []plots.Event {
	var out []plots.Event
	for _, m := range run.Marks {
		out = append(out, plots.Event{X: float64(m.Time), Label: m.Label})
	}
	return out
}

func ringHealth(head plots.Head, run *scenarios.RunResult) (string, *plots.Chart, error) {
	s := seriesOf(run, scenarios.SeriesRing)
	if s == nil || len(s.Rows) < 2 { // a moment is no time
		return "", nil, nil
	}
	chart, err := plots.RingHealth{
		Head: head, Seconds: column(s, "time", 1),
		Successors:   column(s, "right_successors", 100),
		Predecessors: column(s, "right_predecessors", 100),
		Lists:        column(s, "right_lists", 100),
		Fingers:      column(s, "right_fingers", 100),
		Members:      column(s, "members", 1),
		Events:       eventsOf(run),
	}.Chart()
	return chartRingHealth, chart, err
}

func outcomes(head plots.Head, run *scenarios.RunResult) (string, *plots.Chart, error) {
	s := seriesOf(run, scenarios.SeriesLookups)
	if s == nil || len(run.Lookups) == 0 {
		return "", nil, nil
	}
	chart, err := plots.Outcomes{
		Head: head, Seconds: column(s, "time", 1),
		Correct: column(s, "correct", 1), Wrong: column(s, "wrong", 1),
		Failed: column(s, "failed", 1), Abandoned: column(s, "abandoned", 1),
		Events: eventsOf(run),
	}.Chart()
	return chartOutcomes, chart, err
}

func traffic(head plots.Head, run *scenarios.RunResult) (string, *plots.Chart, error) {
	s := seriesOf(run, scenarios.SeriesTraffic)
	if s == nil {
		return "", nil, nil
	}
	t := plots.Traffic{Head: head, Seconds: column(s, "time", 1), Events: eventsOf(run)}
	for _, c := range s.Columns[1:] {
		rates := column(s, c.Name, 1)
		if slices.ContainsFunc(rates, func(x float64) bool { return x > 0 }) {
			t.Kinds = append(t.Kinds, plots.Kind{Label: strings.ReplaceAll(c.Name, "_", " "), Rate: rates})
		}
	}
	if len(t.Kinds) == 0 {
		return "", nil, nil
	}
	chart, err := t.Chart()
	return chartTraffic, chart, err
}
