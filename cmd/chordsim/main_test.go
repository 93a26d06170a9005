package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"chordsim/scenarios"

	"github.com/rogpeppe/go-internal/testscript"
)

// The scripts run two programs: chordsim, the real one, and fakesim, the same
// command line in front of an engine whose runs end as the scenario says.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"chordsim": func() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) },
		"fakesim":  func() { os.Exit(fakeApp().main(context.Background(), os.Args[1:])) },
	})
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"),
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"status": status,
			"lines":  lines,
		},
		RequireExplicitExec: true,
		UpdateScripts:       os.Getenv("REWRITE") != "",
	})
}

// status N PROGRAM ARGS...: the program ends with status N.
func status(ts *testscript.TestScript, negated bool, args []string) {
	if negated || len(args) < 2 {
		ts.Fatalf("usage: status N program args...")
	}
	err := ts.Exec(args[1], args[2:]...)
	got := "0"
	var ended interface{ ExitCode() int }
	if errors.As(err, &ended) {
		got = fmt.Sprint(ended.ExitCode())
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if got != args[0] {
		ts.Fatalf("exit status %s, want %s", got, args[0])
	}
}

// lines N stdout|stderr: the last program wrote so many lines there.
func lines(ts *testscript.TestScript, negated bool, args []string) {
	if negated || len(args) != 2 {
		ts.Fatalf("usage: lines N stdout|stderr")
	}
	if got := fmt.Sprint(strings.Count(ts.ReadFile(args[1]), "\n")); got != args[0] {
		ts.Fatalf("%s lines on %s, want %s:\n%s", got, args[1], args[0], ts.ReadFile(args[1]))
	}
}

func fakeApp() *app {
	return &app{engine: fakeEngine(), stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, debug: os.Getenv("CHORDSIM_DEBUG") != ""}
}

// fakeEngine takes the text of a scenario for how its run shall end.
func fakeEngine() engine {
	return engine{
		version: "fake",
		schema:  func() ([]byte, error) { return []byte("{}"), nil },
		library: func() []entry {
			return []entry{{"pass", "Holds", []byte("pass")}, {"mass-failure", "Half fails", []byte("fail")}, {"bench/steady", "Steady", []byte("pass")}}
		},
		parse: func(file string, data []byte, o scenarios.Overrides) (*plan, error) {
			ending := strings.TrimSpace(string(data))
			for _, set := range o.Set {
				if !strings.Contains(set, "=") {
					return nil, &scenarios.Problems{List: []scenarios.Problem{{File: "--set " + set, Message: "it has no value", Hint: "write --set name=value"}}}
				}
			}
			if ending == "bad" {
				return nil, &scenarios.Problems{List: []scenarios.Problem{
					{File: file, Line: 3, Column: 5, Message: "unknown key"}, {File: file, Line: 7, Column: 1, Message: "a fraction above 1"},
				}}
			}
			name := strings.TrimSuffix(filepath.Base(file), ".yaml")
			return &plan{
				name: name,
				runs: func(only string) (int, error) {
					if ending == "many" && only == "" {
						return 20, nil
					}
					if only == "" || only == "seed=7" {
						return 1, nil
					}
					return 0, scenarios.Inputf("--only %s: no row has these values", only)
				},
				run: func(_ context.Context, o scenarios.RunOptions) (*scenarios.Result, error) {
					return fakeRun(name, ending, o)
				},
			}, nil
		},
	}
}

func fakeRun(name, ending string, o scenarios.RunOptions) (*scenarios.Result, error) {
	switch ending {
	case "panic":
		panic("the ring\ncame off")
	case "internal":
		return nil, &scenarios.InternalError{Labels: []scenarios.Param{{Name: "p", Value: "0.3"}}, Seed: 44, Cause: "finger out of range", Stack: []byte("the stack\n")}
	case "huge":
		return nil, scenarios.Inputf("the run needs 12 TB of memory; there are 8 GB")
	case "disk":
		return nil, errors.New("the disk is on fire")
	}
	if o.Trace != nil {
		fmt.Fprintf(o.Trace.To, "nodes %v from %v until %v\n", o.Trace.Nodes, o.Trace.From, o.Trace.Until)
	}
	failed := 0
	if ending == "fail" || ending == "interrupt" {
		failed = 1
	}
	return fakeResult(name, failed, ending == "interrupt"), nil
}

// fakeResult is a run of four lookups, some of which failed.
func fakeResult(name string, failed int, interrupted bool) *scenarios.Result {
	tally := new(scenarios.LookupTally)
	for i := range 4 {
		outcome := scenarios.Correct
		if i < failed {
			outcome = scenarios.Failed
		}
		tally.Add(outcome, uint16(i), 0, true, int64(i+1)*100e6, 2e6)
	}
	ring := scenarios.NewSeriesRecorder(scenarios.SeriesRing, scenarios.RingColumns...)
	lookups := scenarios.NewSeriesRecorder(scenarios.SeriesLookups, scenarios.LookupColumns...)
	traffic := scenarios.NewSeriesRecorder(scenarios.SeriesTraffic, scenarios.SeriesColumn{Name: "ping", Unit: "1/s"})
	for i := range int64(5) {
		ring.Append(i*1e9, 64, 0, 1, 1, 0.5, 0.25)
		lookups.Append(i*1e9, 3, 0, 1, 0, 2, 0, 0.1)
		traffic.Append(i*1e9, 2)
	}
	r := &scenarios.Result{
		Name: name, Version: "fake", Seed: 7, Repeat: 1, Interrupted: interrupted,
		Rows: []scenarios.Row{{Runs: []scenarios.RunResult{{
			Seed:    7,
			Lookups: []scenarios.Lookup{scenarios.NewLookup("during", tally)},
			Loads:   []scenarios.Load{scenarios.NewLoad("placed", scenarios.NewLoadTally([]int64{0, 1, 5}))},
			Ring:    scenarios.Ring{Verdict: "ideal", Members: 64, RightFingers: 1},
			Run:     scenarios.RunSummary{Digest: "00c0ffee", Events: 1234567, Messages: 1000, Virtual: 240},
			Series:  []scenarios.Series{ring.Series(), lookups.Series(), traffic.Series()},
			Marks:   []scenarios.Mark{{Time: 2, Label: "fail 50%"}},
		}}}},
		Host: &scenarios.Host{Runs: []scenarios.HostRun{{Seed: 7, Wall: 2, MessagesPerWallSecond: 500, PeakMemory: 3e6}}},
	}
	expectations, _ := scenarios.CompileExpectations([]scenarios.Named{{Name: "during", Kind: scenarios.NamedLookup}},
		[]string{`lookup.during.failed == 0`, `ring.verdict == "ideal"`}, scenarios.ExpectOptions{Repeat: 1})
	r.Conclude([][]*scenarios.Expectation{expectations})
	return r
}

// Interrupted before its first run has ended, the real simulator leaves what
// lies in the folder as it is.
func TestInterruptedRunLeavesTheFolder(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	out := t.TempDir()
	before := []byte("an earlier result")
	if err := os.WriteFile(filepath.Join(out, "result.json"), before, 0o666); err != nil {
		t.Fatal(err)
	}
	var complaint bytes.Buffer
	a := &app{engine: simulator(), stdout: new(bytes.Buffer), stderr: &complaint}
	if got := a.main(ctx, []string{"run", "smoke", "--out", out}); got != exitInterrupted {
		t.Errorf("status %d, want %d: %s", got, exitInterrupted, complaint.String())
	}
	after, err := os.ReadFile(filepath.Join(out, "result.json"))
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the folder holds %q (%v), want what was there", after, err)
	}
}

func TestStatusOfSeveralErrorsIsTheWorst(t *testing.T) {
	for _, c := range []struct {
		errs []error
		want int
	}{
		{[]error{errMissed}, exitMissed},
		{[]error{errMissed, usagef("no")}, exitInput},
		{[]error{context.Canceled, errMissed}, exitInterrupted},
		{[]error{errMissed, errors.New("broken")}, exitBroken},
		{[]error{fmt.Errorf("wrapped: %w", scenarios.Inputf("too large"))}, exitInput},
	} {
		a := &app{stderr: new(bytes.Buffer)}
		if got := a.report(errors.Join(c.errs...)); got != c.want {
			t.Errorf("%v: status %d, want %d", c.errs, got, c.want)
		}
	}
}

func TestArgumentsAreQuotedForAShell(t *testing.T) {
	got := commandLine("chordsim", "run", "a b.yaml", "--set", "x='1'", "")
	if want := `chordsim run 'a b.yaml' --set 'x='\''1'\''' ''`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestEvenlyKeepsTheEnds(t *testing.T) {
	var all []int
	for i := range 29 {
		all = append(all, i)
	}
	if got, want := evenly(all), []int{0, 4, 8, 12, 16, 20, 24, 28}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got := evenly(all[:3]); len(got) != 3 {
		t.Errorf("a short list is thinned to %v", got)
	}
}

func TestProgressShowsRunTimeNodesAndWhatIsLeft(t *testing.T) {
	var shown bytes.Buffer
	p := newProgress(&shown, 3)
	line := p.line(scenarios.Progress{Finished: 1, Virtual: 90e9, Members: 1000}, 0)
	if want := "run 2 of 3: 1m30s virtual, 1000 nodes"; line != want {
		t.Errorf("%q, want %q", line, want)
	}
	p.began = p.began.Add(-time.Hour) // half of it took an hour
	line = p.line(scenarios.Progress{Finished: 1, Virtual: 30e9, Until: 60e9, Members: 1}, 3*progressSteps/2)
	if !strings.HasSuffix(line, ", 1 node, 1h0m0s left") {
		t.Errorf("%q", line)
	}
	p.update(scenarios.Progress{Virtual: 30e9, Until: 60e9, Members: 1000, Events: 10})
	if got := p.bar.State().CurrentNum; got != progressSteps/2 {
		t.Errorf("half of a run is %d steps of %d", got, progressSteps)
	}
	p.update(scenarios.Progress{Finished: 3, Virtual: 60e9, Until: 60e9})
	if got := p.bar.State().CurrentNum; got >= 3*progressSteps {
		t.Errorf("the bar is full before the results are there: %d", got)
	}
	p.close()

	// Nobody knows when an await ends: a spinner, and no time left.
	shown.Reset()
	p = newProgress(&shown, 1)
	p.update(scenarios.Progress{Virtual: 30e9})
	if strings.Contains(shown.String(), "%") || !strings.Contains(shown.String(), "30s virtual") {
		t.Errorf("without a known end it shows %q", shown.String())
	}
	new(progress).update(scenarios.Progress{}) // off a terminal: nothing
}
