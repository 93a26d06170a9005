package main

import (
	"fmt"
	"io"
	"strconv"

	"chordsim/scenarios"
)

// mostRunsShown is how many runs are listed one by one at the end; more are
// summed up, and runs.csv has them all.
const mostRunsShown = 10

// printSummary writes the end of a result: digest, events, messages, wall
// time, messages a wall second, peak memory.
func printSummary(w io.Writer, format string, r *scenarios.Result) error {
	t := scenarios.Table{Title: "Runs"}
	shown := scenarios.Value{Unit: scenarios.UnitText}
	text := func(s string) scenarios.Value { shown.Text = s; return shown }
	count := r.Finished()
	if count == 0 {
		return nil
	}
	names := []scenarios.Column{{Name: "run", Unit: scenarios.UnitText}, {Name: "digest", Unit: scenarios.UnitText},
		{Name: "virtual", Unit: scenarios.UnitSeconds}, {Name: "events"}, {Name: "messages"},
		{Name: "setup"}, {Name: "wall"}, {Name: "messages_per_wall_second"}, {Name: "peak_memory"}, {Name: "bytes_per_node"}}
	t.Columns = names
	sum := newTotals()
	for i, row := range r.Rows {
		for _, run := range row.Runs {
			host := hostOf(r, i, run.Seed)
			sum.add(&run, host)
			if count <= mostRunsShown {
				t.Rows = append(t.Rows, append([]scenarios.Value{text(whereOf(row.Labels, run.Seed)), text(run.Run.Digest)}, costs(&run, host)...))
			}
		}
	}
	if count > mostRunsShown {
		t.Rows = append(t.Rows, append([]scenarios.Value{text(plural(count, "run")), text("in runs.csv")}, costs(&sum.run, &sum.host)...))
	}
	fmt.Fprintf(w, "\n%s\n", heading(format, 2, t.Title))
	return printTable(w, format, &t)
}

func costs(run *scenarios.RunResult, host *scenarios.HostRun) []scenarios.Value {
	value := func(unit scenarios.Unit, n scenarios.Number) scenarios.Value {
		return scenarios.Value{Unit: unit, Number: n}
	}
	return []scenarios.Value{
		value(scenarios.UnitSeconds, run.Run.Virtual),
		value(scenarios.UnitCount, scenarios.Number(run.Run.Events)),
		value(scenarios.UnitCount, scenarios.Number(run.Run.Messages)),
		value(scenarios.UnitSeconds, host.Setup),
		value(scenarios.UnitSeconds, host.Wall),
		value(scenarios.UnitCount, rounded(host.MessagesPerWallSecond)),
		value(scenarios.UnitBytes, host.PeakMemory),
		value(scenarios.UnitBytes, host.BytesPerNode),
	}
}

// rounded leaves a rate its whole part: a wall clock knows no more.
func rounded(n scenarios.Number) scenarios.Number {
	if !n.Defined() {
		return n
	}
	return scenarios.Number(int64(n))
}

// totals sums up what many runs cost.
type totals struct {
	run  scenarios.RunResult
	host scenarios.HostRun
}

func newTotals() *totals {
	t := &totals{}
	t.host.BytesPerNode = scenarios.Undefined()
	return t
}

func (t *totals) add(run *scenarios.RunResult, host *scenarios.HostRun) {
	t.run.Run.Events += run.Run.Events
	t.run.Run.Messages += run.Run.Messages
	t.run.Run.Virtual += run.Run.Virtual
	t.host.Wall += host.Wall
	t.host.Setup += host.Setup
	t.host.PeakMemory = max(t.host.PeakMemory, host.PeakMemory)
	t.host.MessagesPerWallSecond = scenarios.Undefined()
	if t.host.Wall > 0 {
		t.host.MessagesPerWallSecond = scenarios.Number(float64(t.run.Run.Messages) / float64(t.host.Wall))
	}
}

// hostOf returns what a run cost, undefined where that was not recorded.
func hostOf(r *scenarios.Result, row int, seed uint64) *scenarios.HostRun {
	if r.Host != nil {
		for i := range r.Host.Runs {
			if h := &r.Host.Runs[i]; h.Row == row && h.Seed == seed {
				return h
			}
		}
	}
	u := scenarios.Undefined()
	return &scenarios.HostRun{Wall: u, Setup: u, MessagesPerWallSecond: u, PeakMemory: u, BytesPerNode: u}
}

// whereOf names a run: p=0.3 seed=44.
func whereOf(labels []scenarios.Param, seed uint64) string {
	where := ""
	for _, l := range labels {
		where += l.Name + "=" + string(l.Value) + " "
	}
	return where + "seed=" + strconv.FormatUint(seed, 10)
}

// printExpectations writes how many expectations hold and each that does not.
func printExpectations(w io.Writer, format string, r *scenarios.Result) error {
	all, failures := r.AllExpectations(), r.Failures()
	fmt.Fprintf(w, "\n%s\n", heading(format, 2, "Expectations"))
	prefix := ""
	if format == formatMarkdown {
		prefix = "- "
	}
	for _, e := range failures {
		fmt.Fprintln(w, prefix+failureLine(r, &e))
	}
	if partial(r) {
		fmt.Fprintln(w, prefix+"those over all runs of a row are left out where not all were done")
	}
	var err error
	switch {
	case len(all) == 0:
		_, err = fmt.Fprintln(w, prefix+"none")
	case len(failures) == 0:
		_, err = fmt.Fprintf(w, "%sall %d hold\n", prefix, len(all))
	default:
		_, err = fmt.Fprintf(w, "%s%d of %d do not hold\n", prefix, len(failures), len(all))
	}
	return err
}

// partial reports whether a row has some of its runs, but not all.
func partial(r *scenarios.Result) bool {
	for _, row := range r.Rows {
		if n := len(row.Runs); n > 0 && !row.Complete(r.Repeat) {
			return true
		}
	}
	return false
}

// failureLine says which expectation of which scenario failed where, and what
// it read: FAIL mass-failure seed=42: heal.time < 1: heal.time = 1312.5s.
func failureLine(r *scenarios.Result, e *scenarios.ExpectResult) string {
	line := e.String()
	word := e.Word()
	return word + " " + r.Name + line[len(word):]
}

// plural counts things.
func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}
