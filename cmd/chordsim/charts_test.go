package main

import (
	"fmt"
	"testing"

	"chordsim/plots"
	"chordsim/scenarios"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// swept is a concluded result with a row for each value of one varied name.
func swept(label string, values ...string) *scenarios.Result {
	r := &scenarios.Result{Name: "swept", Seed: 1, Repeat: 2}
	for _, value := range values {
		one := fakeResult("swept", 0, false).Rows[0].Runs[0]
		two := fakeResult("swept", 1, false).Rows[0].Runs[0]
		one.Rings = []scenarios.Ring{{Name: "hit", Verdict: "broken"}}
		two.Rings = []scenarios.Ring{{Name: "hit", Verdict: "ideal"}}
		params := []scenarios.Param{{Name: "p", Value: "0.5"}, {Name: "nodes", Value: "100"}}
		r.Rows = append(r.Rows, scenarios.Row{
			Labels: []scenarios.Param{{Name: label, Value: scenarios.Scalar(value)}},
			Params: params, Runs: []scenarios.RunResult{one, two},
		})
	}
	r.Conclude(make([][]*scenarios.Expectation, len(r.Rows)))
	return r
}

func chartsOf(t *testing.T, r *scenarios.Result, name string) []*plots.Chart {
	t.Helper()
	for _, kind := range chartKinds {
		if kind.name == name {
			charts, err := kind.make(r)
			if err != nil {
				t.Fatal(err)
			}
			return charts
		}
	}
	t.Fatalf("no chart is called %s", name)
	return nil
}

func namesOf(charts []*plots.Chart) []string {
	names := []string{}
	for _, c := range charts {
		names = append(names, c.Name)
	}
	return names
}

// Which charts there are for a single run, and for sweeps of different names.
func TestChartsByResult(t *testing.T) {
	single := fakeResult("single", 1, false)
	for _, c := range []struct {
		what   string
		result *scenarios.Result
		want   map[string][]string
	}{
		{"a single run", single, map[string][]string{
			chartRingHealth: {"ring-health"}, chartOutcomes: {"lookup-outcomes"}, chartTraffic: {"traffic"},
			chartPathLength: {"path-length"}, chartLatency: {"latency"}, chartLoadHistogram: {"load-histogram"},
			chartLorenz: {"lorenz"},
		}},
		{"a sweep of nodes", swept("nodes", "64", "128"), map[string][]string{
			chartRingHealth: {"ring-health-1", "ring-health-2"}, chartPathNodes: {"path-length-by-nodes"}, chartBroken: {"broken-rings"},
		}},
		{"a sweep of keys", swept("timeline[1].measure.load.keys", "100", "200"), map[string][]string{
			chartLoadKeys: {"load-by-keys"}, chartLoadHistogram: {"load-histogram"}, chartLorenz: {"lorenz"},
		}},
		{"a sweep of virtual nodes", swept("ring.virtual_nodes", "1", "20"), map[string][]string{
			chartLoadVirtualNodes: {"load-by-virtual-nodes"}, chartPathNodes: {},
		}},
		{"a sweep of words", swept("model", "constant", "uniform"), map[string][]string{
			chartPathNodes: {}, chartLoadKeys: {}, chartBroken: {}, chartPathLength: {"path-length"},
		}},
	} {
		for kind, want := range c.want {
			if diff := cmp.Diff(want, namesOf(chartsOf(t, c.result, kind))); diff != "" {
				t.Errorf("%s: %s: %s", c.what, kind, diff)
			}
		}
	}
	if n := len(chartsOf(t, single, chartPathNodes)) + len(chartsOf(t, single, chartBroken)); n > 0 {
		t.Errorf("%d charts against a parameter without one", n)
	}
}

func TestChartsOverTimeAreLeftOutForManyRows(t *testing.T) {
	var values []string
	for i := range mostTimeCharts + 1 {
		values = append(values, fmt.Sprint(i+1))
	}
	r := swept("r", values...)
	if n := len(chartsOf(t, r, chartRingHealth)); n != 0 {
		t.Errorf("%d charts over time", n)
	}
	if got := chartsOf(t, r, chartPathLength)[0]; len(got.Panels[0].Series) != mostGroups {
		t.Errorf("%d groups in one chart, want %d", len(got.Panels[0].Series), mostGroups)
	}
}

// Numbers reach the charts in their units: shares in percent, means with the
// 1st and 99th percentile.
func TestNumbersOfCharts(t *testing.T) {
	path := chartsOf(t, swept("nodes", "64", "256"), chartPathNodes)[0].Panels[0].Series
	// Paths 0 1 2 3 and 1 2 3: means 1.5 and 2.
	want := plots.Series{Label: "during", Mark: plots.Points, X: []float64{64, 256}, Y: []float64{1.75, 1.75}, Low: []float64{0, 0}, High: []float64{3, 3}}
	if diff := cmp.Diff(want, path[0]); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]float64{3, 4}, path[1].Y); diff != "" {
		t.Errorf("half of log2 N: %s", diff)
	}
	// Of loads 0, 1 and 5 the Gini coefficient is 2·17/(3·6) − 4/3.
	even := chartsOf(t, fakeResult("single", 1, false), chartLorenz)[0].Panels[0].Series[0]
	if diff := cmp.Diff([]float64{0, 0, 100. / 6, 100}, even.Y, cmpopts.EquateApprox(1e-12, 0)); diff != "" || even.Label != "placed (Gini 0.56)" {
		t.Errorf("the curve of %q: %s", even.Label, diff)
	}
	broken := chartsOf(t, swept("r", "1", "2"), chartBroken)[0].Panels[0].Series
	if diff := cmp.Diff([]float64{50, 50}, broken[0].Y); diff != "" {
		t.Errorf("broken in one of two runs: %s", diff)
	}
	// With r = 2: 1 − (1 − 1/4)^50 = 0.9999994.
	expected := broken[len(broken)-1]
	if last := expected.Y[len(expected.Y)-1]; last < 99.99994 || last > 99.99995 {
		t.Errorf("expected share %v", last)
	}
	health := chartsOf(t, fakeResult("single", 0, false), chartRingHealth)[0]
	if y := health.Panels[0].Series[3].Y[0]; y != 25 {
		t.Errorf("right fingers are %v %%, want 25", y)
	}
	if len(health.Events) != 1 || health.Events[0].X != 2 || health.Events[0].Label != "fail 50%" {
		t.Errorf("events %v", health.Events)
	}
}
