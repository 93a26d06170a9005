package fuzz

import (
	"context"
	"sync"
)

// Options is what is searched, and how. The report is a function of Protocol, Seed
// and the number of runs alone.
type Options struct {
	Protocol string // a preset; "": all of them
	Seed     uint64
	Runs     uint64      // 0: until Enough
	Enough   func() bool // asked now and then whether to stop drawing; nil: never
	Jobs     int         // runs side by side, at least 1
	Limit    int         // runs to shrink one finding; 0: as many as it takes

	// Progress, where set, is called now and then, never from two goroutines at once.
	Progress func(Progress)
}

// Progress is where a search stands.
type Progress struct {
	Runs       uint64 // so far
	Of         uint64 // 0: not known
	Violations int
	Shrinking  int // findings still to be made small; 0: it is drawing
}

// batch is how many runs are drawn between two looks at the time.
const batch = 64

// Search draws and runs scenarios until it has as many as were asked for, and makes
// the smallest violation of each class under each preset and assumption smaller. What
// was found comes back beside the context's error.
func Search(ctx context.Context, o Options) (*Report, error) {
	r := &Report{}
	for (o.Runs == 0 || r.Runs < o.Runs) && (o.Enough == nil || !o.Enough()) {
		n := uint64(batch)
		if o.Runs > 0 {
			n = min(n, o.Runs-r.Runs)
		}
		drawn := make([]Finding, n)
		err := o.sideBySide(int(n), func(i int) (err error) {
			f := &drawn[i]
			f.Scenario = Draw(o.Seed, r.Runs+uint64(i), o.Protocol)
			f.Verdict, err = f.Scenario.Run(ctx)
			return err
		})
		if err != nil {
			r.sort()
			return r, err
		}
		for i := range drawn {
			r.count(&drawn[i])
		}
		r.keepSmallest()
		r.Runs += n
		o.report(r, 0)
	}
	r.sort()
	left := len(r.Findings)
	var mu sync.Mutex
	err := o.sideBySide(left, func(i int) (err error) {
		f := &r.Findings[i]
		*f, err = Shrink(ctx, f.Scenario, f.Verdict, o.Limit)
		mu.Lock()
		defer mu.Unlock()
		left--
		o.report(r, left)
		return err
	})
	r.keepSmallest()
	return r, err
}

func (o *Options) report(r *Report, shrinking int) {
	if o.Progress == nil {
		return
	}
	o.Progress(Progress{Runs: r.Runs, Of: o.Runs, Violations: r.violations(), Shrinking: shrinking})
}

// sideBySide does n things, Jobs at a time. It returns the error of the first that
// failed.
func (o *Options) sideBySide(n int, do func(i int) error) error {
	errs := make([]error, n)
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(max(o.Jobs, 1), n) {
		wg.Go(func() {
			for i := range next {
				errs[i] = do(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
