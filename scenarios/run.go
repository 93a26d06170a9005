package scenarios

import (
	"cmp"
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"chordsim/sim"
)

// Run carries out the runs of a scenario, each value × seed, and judges them.
// An error of one run ends the others; those that had finished come back in the
// Result beside it. The error is an *InputError for what the scenario asks for and cannot be
// done, an *InternalError for a defect of chordsim, or the context's. When the
// context is cancelled the finished runs come back in a Result that says so.
func Run(ctx context.Context, sc *Scenario, o RunOptions) (*Result, error) {
	r, side, err := sc.prepare(o)
	if err != nil {
		return nil, err
	}
	began := time.Now()
	r.all(ctx, side)
	if r.err != nil && len(r.done) == 0 {
		return nil, r.err
	}
	result := r.result(side)
	result.Host.Wall = number(time.Since(began).Seconds())
	result.Interrupted = ctx.Err() != nil && result.Finished() < len(r.jobs)
	expectations := make([][]*Expectation, len(sc.Rows()))
	for i, row := range sc.Rows() {
		expectations[i] = row.Spec.Expectations
	}
	result.Conclude(expectations)
	for i := range result.Rows {
		r.compare(result, i)
	}
	result.Tradeoffs = r.tradeoffs()
	return result, r.err
}

// prepare looks at all that can be known to fail before a run, and returns who does
// the runs and how many of them side by side.
func (sc *Scenario) prepare(o RunOptions) (r *runner, side int, err error) {
	jobs, err := sc.jobs(o.Only)
	if err != nil {
		return nil, 0, err
	}
	plans, err := sc.plans()
	if err != nil {
		return nil, 0, err
	}
	o.Jobs = min(o.Jobs, len(jobs))
	if side, err = sideBySide(plans, o); err != nil {
		return nil, 0, err
	}
	return newRunner(sc, o, plans, jobs), side, nil
}

func newRunner(sc *Scenario, o RunOptions, plans []*plan, jobs []job) *runner {
	return &runner{
		sc: sc, o: o, plans: plans, jobs: jobs, pause: 100 * time.Millisecond,
		measured: make([]measuredRow, len(sc.Rows())),
	}
}

// job is one run to be done.
type job struct {
	row  int
	seed uint64
}

// compare orders runs by row and seed.
func (j job) compare(o job) int { return cmp.Or(j.row-o.row, cmp.Compare(j.seed, o.seed)) }

// jobs lists the runs that only leaves, row by row.
func (sc *Scenario) jobs(only string) ([]job, error) {
	rows, seeds, err := sc.SelectRow(only)
	if err != nil {
		return nil, err
	}
	var jobs []job
	for _, row := range rows {
		for _, seed := range seeds {
			jobs = append(jobs, job{row, seed})
		}
	}
	return jobs, nil
}

// runner shares the runs out to goroutines.
type runner struct {
	sc    *Scenario
	o     RunOptions
	plans []*plan
	jobs  []job
	pause time.Duration // of wall time between two reports of progress, at least

	mu       sync.Mutex
	next     int
	finished int
	done     []finishedRun
	measured []measuredRow                                      // by row, what its references compare
	found    func(row int, seed uint64, numbers []Number) error // nil: the results are kept
	paged    int                                                // 1 + the place in done of the run that keeps its histories; 0: none
	shards   int                                                // the most that a run had
	oneShard bool                                               // a run had no least latency and could not be divided
	err      error
}

type finishedRun struct {
	job
	result RunResult
	host   HostRun
}

func (r *runner) all(ctx context.Context, side int) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var wg sync.WaitGroup
	for range min(side, len(r.jobs)) {
		wg.Go(func() {
			for {
				r.mu.Lock()
				i := r.next
				r.next++
				failed := r.err != nil
				r.mu.Unlock()
				if i >= len(r.jobs) || failed || ctx.Err() != nil {
					return
				}
				if r.superfluous(r.jobs[i]) {
					continue
				}
				if err := r.one(ctx, i); err != nil {
					r.mu.Lock()
					if r.err == nil && err != errStopped {
						r.err = err
						cancel()
					}
					r.mu.Unlock()
					return
				}
			}
		})
	}
	wg.Wait()
}

// one does one run.
func (r *runner) one(ctx context.Context, i int) (err error) {
	j := r.jobs[i]
	defer func() {
		if p := recover(); p != nil {
			if many, ok := p.(tooMany); ok {
				err = &InputError{many}
				return
			}
			err = &InternalError{Labels: r.sc.Rows()[j.row].Labels, Seed: j.seed, Cause: p, Stack: debug.Stack()}
		}
	}()
	setup := time.Now()
	w, err := r.plans[j.row].world(j.seed, r.o)
	if err != nil {
		return err
	}
	w.watch(r.o.Observer)
	unhook := context.AfterFunc(ctx, w.engine.Stop)
	defer unhook()
	t := newTimeline(r.plans[j.row], w, j.seed)
	t.watch = newWatcher(r.o.Watch)
	r.report(i, t)
	began := time.Now()
	err = t.run()
	w.watched.end(err)
	wall := time.Since(began) - t.placing - t.watching
	if err != nil {
		return err
	}
	if w.trace != nil && w.trace.err != nil {
		return fmt.Errorf("cannot write the trace: %w", w.trace.err)
	}
	result := t.result()
	if first := i == 0 || r.jobs[i-1].row != j.row; !first && r.sc.Repeat > keepSeries {
		result.Series = nil // Conclude would drop it in the end
	}
	host := HostRun{
		Row: j.row, Seed: j.seed, Wall: number(wall.Seconds()),
		Setup:                 number((began.Sub(setup) + t.placing).Seconds()),
		MessagesPerWallSecond: quotient(float64(result.Run.Messages), wall.Seconds(), 1),
		PeakMemory:            Number(PeakMemory()),
		BytesPerNode:          Undefined(),
	}
	if len(r.jobs) == 1 {
		host.BytesPerNode = quotient(float64(PeakMemory()), float64(max(w.used, 1)), 1)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.finished++
	r.shards = max(r.shards, w.engine.Layout().Shards)
	r.oneShard = r.oneShard || w.net.window == 0
	numbers := r.measure(j, &result)
	if r.found != nil {
		return r.found(j.row, j.seed, numbers)
	}
	r.done = append(r.done, finishedRun{j, result, host})
	r.keepHistories()
	if r.o.OnRun != nil {
		r.o.OnRun(j.row, result)
	}
	return nil
}

// report has the progress of run i reported, a few times a second of wall time.
func (r *runner) report(i int, t *timeline) {
	if r.o.Progress == nil {
		return
	}
	last := time.Now()
	window := t.w.engine.OnWindow
	t.w.engine.OnWindow = func(now sim.Time) {
		window(now)
		if time.Since(last) < r.pause {
			return
		}
		last = time.Now()
		r.mu.Lock()
		defer r.mu.Unlock()
		r.o.Progress(Progress{
			Run: i, Runs: len(r.jobs), Finished: r.finished, Seed: r.jobs[i].seed,
			Virtual: time.Duration(now), Until: time.Duration(t.lasts()),
			Members: t.w.members.count, Events: int64(t.w.engine.Stats().Events),
		})
	}
}

// result puts the finished runs in the order of rows and seeds.
func (r *runner) result(side int) *Result {
	slices.SortFunc(r.done, func(a, b finishedRun) int { return a.compare(b.job) })
	sc := r.sc
	out := &Result{
		Name: sc.Name, Title: sc.Title, Version: Version, Seed: sc.Seed, Repeat: sc.Repeat,
		Set: sc.Set, Charts: sc.Output.Plots, Scenario: string(sc.Source),
		Host: &Host{
			GoVersion: runtime.Version(), OS: runtime.GOOS, Arch: runtime.GOARCH, Cores: runtime.NumCPU(),
			Jobs: side, Shards: r.shards, Workers: max(r.o.Workers, 1),
		},
	}
	if r.oneShard && max(r.o.Shards, r.o.Workers) > 1 {
		out.Host.Note = "the latency has no floor, so that runs are one shard and one worker; write min to divide them"
	}
	for _, row := range sc.Rows() {
		out.Rows = append(out.Rows, Row{Labels: row.Labels, Params: row.Params})
	}
	for _, d := range r.done {
		row := &out.Rows[d.row]
		if enough := r.measured[d.row].enough; enough > 0 {
			row.Enough = enough < sc.Repeat
			if d.seed-sc.Seed >= uint64(enough) {
				continue // begun before it was known
			}
		}
		row.Runs = append(row.Runs, d.result)
		out.Host.Runs = append(out.Host.Runs, d.host)
	}
	return out
}
