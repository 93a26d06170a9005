package scenarios

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"testing"
)

const sweep = `name: sweep
seed: 40
repeat: 3
params: {p: 10%, nodes: 30}
vary: {p: [10%, 50%], ring.successors: [2, 4]}
ring: {stabilize: 5s, detector: perfect}
timeline:
  - start: {nodes: "${nodes}"}
  - fail: {fraction: "${p}"}
  - lookup: {count: 20, as: l}
  - wait: 20s
expect:
  - ring.members == nodes - round(p * nodes)
`

func runOf(t *testing.T, text string, o RunOptions) *Result {
	t.Helper()
	r, err := Run(context.Background(), mustParse(t, text, Overrides{}), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// plain is a result without what depends on the machine.
func plain(t *testing.T, r *Result) string {
	t.Helper()
	c := *r
	c.Host = nil
	data, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// Runs stand in the order of rows and seeds, however many go on at once; each
// is the run that its row and seed make alone.
func TestRunsStandByRowAndSeed(t *testing.T) {
	var called []string
	one := runOf(t, sweep, RunOptions{Jobs: 1, OnRun: func(row int, run RunResult) { called = append(called, fmt.Sprint(row, run.Seed)) }})
	if len(one.Rows) != 4 || one.Host.Jobs != 1 {
		t.Fatalf("%d rows with %d jobs", len(one.Rows), one.Host.Jobs)
	}
	for _, e := range one.Expectations {
		if e.Outcome != Passed {
			t.Errorf("%+v", e)
		}
	}
	digests := map[string]bool{}
	var order []string
	for i, row := range one.Rows {
		if len(row.Runs) != 3 || len(row.Labels) != 2 {
			t.Fatalf("row %d has %d runs and the labels %v", i, len(row.Runs), row.Labels)
		}
		want := map[Scalar]int64{"10%": 27, "50%": 15}[row.Labels[0].Value]
		for k, run := range row.Runs {
			if run.Seed != 40+uint64(k) || run.Ring.Members != want {
				t.Errorf("row %d, run %d has the seed %d and %d members", i, k, run.Seed, run.Ring.Members)
			}
			digests[run.Run.Digest] = true
			order = append(order, fmt.Sprint(i, run.Seed))
		}
	}
	if len(digests) != 12 {
		t.Errorf("twelve runs have %d digests", len(digests))
	}
	if !slices.Equal(called, order) {
		t.Errorf("with one job OnRun is called for %v", called)
	}
	for _, jobs := range []int{2, 3, 100} {
		if got := plain(t, runOf(t, sweep, RunOptions{Jobs: jobs})); got != plain(t, one) {
			t.Errorf("%d jobs give another result", jobs)
		}
	}
	if r := runOf(t, sweep, RunOptions{Shards: 3, Workers: 2}); plain(t, r) != plain(t, one) || r.Host.Workers != 2 {
		t.Error("3 shards and 2 workers give another result")
	}
	for _, h := range one.Host.Runs {
		if !h.Wall.Defined() || h.MessagesPerWallSecond <= 0 || h.PeakMemory <= 0 {
			t.Errorf("a run cost %+v", h)
		}
	}
	only := runOf(t, sweep, RunOptions{Only: "p=50%,ring.successors=4,seed=41"})
	alone := only.Rows[3].Runs
	if only.Finished() != 1 || alone[0].Run.Digest != one.Rows[3].Runs[1].Run.Digest {
		t.Errorf("alone the run is %+v", alone)
	}
	if n := runOf(t, sweep, RunOptions{Only: "ring.successors=2"}).Finished(); n != 6 {
		t.Errorf("%d of six runs", n)
	}
	if _, err := Run(context.Background(), mustParse(t, sweep, Overrides{}), RunOptions{Only: "q=1"}); !isInput(err) {
		t.Errorf("a name that is not varied gives %v", err)
	}
}

func isInput(err error) bool {
	var input *InputError
	return errors.As(err, &input)
}

// When the context is cancelled between two runs, those that have finished come
// back.
func TestCancelBetweenRuns(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	runs := 0
	r, err := Run(ctx, mustParse(t, sweep, Overrides{}), RunOptions{Jobs: 1, OnRun: func(int, RunResult) {
		if runs++; runs == 5 {
			cancel()
		}
	}})
	if err != nil || !r.Interrupted || r.Finished() != 5 || len(r.Rows) != 4 || len(r.Rows[1].Runs) != 2 {
		t.Fatalf("%d runs have finished, interrupted: %v, %v", r.Finished(), r.Interrupted, err)
	}
}

// writing is a trace that does something when it is first written to: in the
// middle of a run.
type writing struct {
	do    func()
	wrote bool
}

func (w *writing) Write(p []byte) (int, error) {
	if !w.wrote {
		w.wrote = true
		w.do()
	}
	return len(p), nil
}

// When it is cancelled in the middle of a run, that run ends long before its
// time, and none of it comes back.
func TestCancelInARun(t *testing.T) {
	for _, steps := range []string{"{wait: 8760h}", "{await: {ring: ideal, right_lists: 100%, within: 8760h}}", "{lookup: {rate: 1/s, for: 8760h}}", "{measure: {load: {keys: 10000000000}}}"} {
		ctx, cancel := context.WithCancel(context.Background())
		text := "name: long\nring: {stabilize: 1s, successors: 2}\ntimeline: [{start: {nodes: 3}}, {wait: 10s}, {fail: {count: 2}}, " + steps + "]\n"
		r, err := Run(ctx, mustParse(t, text, Overrides{}), RunOptions{Trace: &TraceOptions{To: &writing{do: cancel}}})
		cancel()
		if err != nil || !r.Interrupted || r.Finished() != 0 {
			t.Errorf("%s: %d runs have finished, interrupted: %v, %v", steps, r.Finished(), r.Interrupted, err)
		}
	}
}

// A panic in a run is an internal error that says which run it was; what had
// finished before comes back beside it.
func TestAPanicIsAnInternalError(t *testing.T) {
	sc := mustParse(t, strings.ReplaceAll(sweep, "repeat: 3", "repeat: 1"), Overrides{})
	trace := &writing{}
	runs := 0
	trace.do = func() { panic("a defect") }
	o := RunOptions{Jobs: 1, Trace: &TraceOptions{To: io.Discard}}
	o.OnRun = func(int, RunResult) {
		if runs++; runs == 2 {
			o.Trace.To = trace
		}
	}
	r, err := Run(context.Background(), sc, o)
	var internal *InternalError
	if !errors.As(err, &internal) {
		t.Fatalf("got %v", err)
	}
	if internal.Cause != "a defect" || internal.Seed != 40 || internal.Only() != "p=50%,ring.successors=2,seed=40" {
		t.Errorf("it happened in %s, because of %v", internal.Only(), internal.Cause)
	}
	if !bytes.Contains(internal.Stack, []byte("TestAPanicIsAnInternalError")) || strings.Contains(err.Error(), "\n") {
		t.Errorf("the error is %q, its stack\n%s", err, internal.Stack)
	}
	if r == nil || r.Finished() != 2 || len(r.Rows[2].Runs) != 0 {
		t.Error("what had finished is lost")
	}
}

// What files and machine cannot give is the user's error, said before anything
// is run.
func TestWhatCannotBeRun(t *testing.T) {
	for _, c := range []struct {
		text, want string
		o          RunOptions
	}{
		{"network: {latency: {model: matrix, file: missing.txt, unit: ms, kind: rtt}}\ntimeline: [{start: {nodes: 3}}]\n", "missing.txt", RunOptions{}},
		{"timeline: [{start: {nodes: 3}}, {churn: {for: 1s, lifetime: {distribution: file, file: nowhere.txt}}}]\n", "nowhere.txt", RunOptions{}},
		{"timeline: [{start: {nodes: 100000000}}]\n", "write fewer nodes", RunOptions{}},
		{"timeline: [{start: {nodes: 3}}]\nrepeat: 10000\n", "--jobs 10000: a run takes about", RunOptions{Jobs: math.MaxInt32}},
		{"timeline: [{start: {nodes: 3}}]\n", "--shards 5000: at most 1024", RunOptions{Shards: 5000}},
	} {
		ran := 0
		c.o.OnRun = func(int, RunResult) { ran++ }
		_, err := Run(context.Background(), mustParse(t, "name: x\n"+c.text, Overrides{}), c.o)
		if !isInput(err) || !strings.Contains(err.Error(), c.want) || ran > 0 {
			t.Errorf("%s: %v after %d runs", c.text, err, ran)
		}
	}
}

// Progress says which run it is, how far it has come and how far it will go: all
// the while, also when nothing is done but waiting.
func TestProgress(t *testing.T) {
	sc := mustParse(t, "name: x\nrepeat: 2\nring: {stabilize: 1s, successors: 4}\ntimeline:\n- start: {nodes: 20}\n- wait: 100s\n- wait: {at: 300s, for: 20s}\n", Overrides{})
	plans, err := sc.plans()
	if err != nil {
		t.Fatal(err)
	}
	jobs, err := sc.jobs("")
	if err != nil {
		t.Fatal(err)
	}
	var seen []Progress
	r := newRunner(sc, RunOptions{Progress: func(p Progress) { seen = append(seen, p) }}, plans, jobs)
	r.pause = 0
	r.all(context.Background(), 1)
	for i, p := range seen {
		if p.Runs != 2 || p.Run != p.Finished || p.Seed != uint64(1+p.Run) || p.Members != 20 || p.Until != Duration(320*Second).Std() || p.Events <= 0 {
			t.Fatalf("%+v", p)
		}
		before := Duration(0)
		if i > 0 && seen[i-1].Run == p.Run {
			before = Duration(seen[i-1].Virtual)
		}
		if now := Duration(p.Virtual); now < before || now > before+2*Second {
			t.Fatalf("from %v to %v of run %d", before, now, p.Run)
		}
	}
	if len(seen) < 640 || r.err != nil {
		t.Errorf("%d reports of 640 s, %v", len(seen), r.err)
	}
}
