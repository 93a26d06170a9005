package main

import (
	"strconv"
	"testing"

	"chordsim/plots"
	"chordsim/scenarios"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// storing is a concluded result of stored keys, a row for each of some values of p
// and k: of 100 keys the first run loses one tenth more than the second, and k tenths
// fewer. Before the failure nothing is lost.
func storing(p, k []string) *scenarios.Result {
	r := &scenarios.Result{Name: "storing", Seed: 1, Repeat: 2}
	for i, value := range p {
		for j, copies := range k {
			row := scenarios.Row{Labels: []scenarios.Param{{Name: "p", Value: scenarios.Scalar(value)}}}
			if len(k) > 1 {
				row.Labels = append(row.Labels, scenarios.Param{Name: "k", Value: scenarios.Scalar(copies)})
			}
			x, _ := strconv.ParseFloat(value, 64)
			for run := range 2 {
				share := max(0, x-0.1*float64(run+j))
				row.Runs = append(row.Runs, scenarios.RunResult{
					Seed:  uint64(run + 1),
					Loads: storedLoads(int64(i)),
					Data: []scenarios.Data{
						{Name: "before", Keys: 100, ExpectedLostShare: scenarios.Undefined()},
						{Name: "hit", Keys: 100, NewlyLost: int64(100 * share), NewlyLostShare: scenarios.Number(share), ExpectedLostShare: scenarios.Number(x / float64(j+2))},
					},
					Ring: scenarios.Ring{Verdict: "ideal"},
				})
			}
			r.Rows = append(r.Rows, row)
		}
	}
	r.Conclude(make([][]*scenarios.Expectation, len(r.Rows)))
	return r
}

// storedLoads are those of two nodes, one of which has answered all requests.
func storedLoads(i int64) []scenarios.Load {
	load := func(name, of string, amounts ...int64) scenarios.Load {
		l := scenarios.NewLoad(name, scenarios.NewLoadTally(amounts))
		l.Of = of
		return l
	}
	return []scenarios.Load{
		load("held", "", 1+i, 3), load("held.bytes", "bytes", 1000, 5000+1000*i), load("held.requests", "requests", 0, 8),
	}
}

func TestChartsOfStoredKeys(t *testing.T) {
	one := storing([]string{"0.5"}, []string{"1"})
	one.Rows[0].Labels = nil
	both := storing([]string{"0.5"}, []string{"1"})
	both.Rows[0].Labels = nil
	for i := range both.Rows[0].Runs {
		both.Rows[0].Runs[i].Loads = append(both.Rows[0].Runs[i].Loads, scenarios.NewLoad("counted", scenarios.NewLoadTally([]int64{1, 2})))
	}
	both.Conclude(make([][]*scenarios.Expectation, 1))
	histograms := []string{"load-histogram", "load-histogram-bytes", "load-histogram-requests"}
	for _, c := range []struct {
		what   string
		result *scenarios.Result
		want   map[string][]string
	}{
		{"one row", one, map[string][]string{chartLoadHistogram: histograms, chartLorenz: {"lorenz"}, chartLoss: {}}},
		{"counted keys too", both, map[string][]string{chartLoadHistogram: histograms, chartLorenz: {"lorenz", "lorenz-held"}}},
		{"two rows", storing([]string{"0.1", "0.5"}, []string{"1"}), map[string][]string{
			chartLoadHistogram: histograms, chartLorenz: {"lorenz"}, chartLoss: {"loss"},
		}},
		{"many rows", storing([]string{"0.1", "0.5"}, []string{"1", "2"}), map[string][]string{
			chartLorenz: {"lorenz", "lorenz-bytes", "lorenz-requests"}, chartLoss: {"loss"},
		}},
		{"a sweep of words", storing([]string{"few", "many"}, []string{"1"}), map[string][]string{chartLoss: {}}},
	} {
		for kind, want := range c.want {
			if diff := cmp.Diff(want, namesOf(chartsOf(t, c.result, kind))); diff != "" {
				t.Errorf("%s: %s: %s", c.what, kind, diff)
			}
		}
	}
	var labels []string
	for _, s := range chartsOf(t, one, chartLorenz)[0].Panels[0].Series {
		labels = append(labels, s.Label)
	}
	if diff := cmp.Diff([]string{"keys (Gini 0.25)", "bytes (Gini 0.33)", "requests (Gini 0.50)", "all alike"}, labels); diff != "" {
		t.Error(diff)
	}
	if got := chartsOf(t, one, chartLoadHistogram)[1].X.Label; got != "bytes a node in bins of 100" {
		t.Errorf("the axis of bytes is %q", got)
	}
}

// Losses reach the chart in percent, in the order of the parameter, with the interval
// over runs, which ends at 0 and 100 %, beside what was expected.
func TestNumbersOfLosses(t *testing.T) {
	chart := chartsOf(t, storing([]string{"0.5", "0.1"}, []string{"1", "2"}), chartLoss)[0]
	half := 12.706205 * 5 // of two runs ten percent apart
	want := []plots.Series{
		{Label: "k = 1", Mark: plots.Points, X: []float64{0.1, 0.5}, Y: []float64{5, 45}, Low: []float64{0, 0}, High: []float64{5 + half, 100}},
		{Label: "k = 2", Mark: plots.Points, X: []float64{0.1, 0.5}, Y: []float64{0, 35}, Low: []float64{0, 0}, High: []float64{0, 35 + half}},
	}
	series := chart.Panels[0].Series
	if diff := cmp.Diff(want, series[:2], cmpopts.EquateApprox(1e-6, 0)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]float64{10. / 3, 50. / 3}, series[3].Y, cmpopts.EquateApprox(1e-6, 0)); diff != "" || chart.X.Label != "p" || chart.Panels[0].Y.Log != 0 {
		t.Errorf("expected for k = 2 against %s: %s", chart.X.Label, diff)
	}
	// Shares that are fifty times apart stand on an axis of powers of ten.
	wide := chartsOf(t, storing([]string{"0.002", "0.9"}, []string{"1"}), chartLoss)[0]
	if wide.Panels[0].Y.Log != 10 || wide.Panels[0].Series[0].Label != "measured" {
		t.Errorf("shares from 0.1 %% to 85 %% have an axis of base %d, the line is called %q", wide.Panels[0].Y.Log, wide.Panels[0].Series[0].Label)
	}
}
