package fuzz

import (
	"cmp"
	"context"
	"slices"
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

// Row counts the violations of one class under one preset.
type Row struct {
	Protocol string
	Class    Class
	Promised bool // by runs that keep the assumptions of the proof
	Count    int
}

// Preset is how many runs there were of one preset.
type Preset struct {
	Protocol string
	Runs     int
	Proved   int // within what the preset promises
	Healed   int // with an unrepairable violation on the way, ideal within the bound
}

// Report is what a search came to.
type Report struct {
	Runs     uint64
	Presets  []Preset
	Rows     []Row
	Tally    Tally
	Findings []Finding // one of each row, made small
}

// Broken reports whether anything was violated that a preset promises.
func (r *Report) Broken() bool {
	return slices.ContainsFunc(r.Rows, func(row Row) bool { return row.Promised })
}

// batch is how many runs are drawn between two looks at the time.
const batch = 64

// Search draws and runs scenarios until it has as many as were asked for, and makes
// the first violation of each class under each preset small. What was found comes
// back beside the context's error.
func Search(ctx context.Context, o Options) (*Report, error) {
	r := &Report{}
	var first []Finding
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
			r.Findings = first
			r.sort()
			return r, err
		}
		for _, f := range drawn {
			if r.count(&f) {
				first = append(first, f)
			}
		}
		r.Runs += n
		o.report(r, 0)
	}
	r.sort()
	left := len(first)
	var mu sync.Mutex
	err := o.sideBySide(len(first), func(i int) (err error) {
		first[i], err = Shrink(ctx, first[i].Scenario, first[i].Verdict, o.Limit)
		mu.Lock()
		defer mu.Unlock()
		left--
		o.report(r, left)
		return err
	})
	r.Findings = first
	return r, err
}

// sort puts rows and presets into the order in which they are shown.
func (r *Report) sort() {
	slices.SortFunc(r.Rows, Row.compare)
	slices.SortFunc(r.Presets, func(a, b Preset) int { return cmp.Compare(place(Protocols, a.Protocol), place(Protocols, b.Protocol)) })
}

func (o *Options) report(r *Report, shrinking int) {
	if o.Progress == nil {
		return
	}
	p := Progress{Runs: r.Runs, Of: o.Runs, Shrinking: shrinking}
	for _, row := range r.Rows {
		p.Violations += row.Count
	}
	o.Progress(p)
}

// count adds a run, and reports whether it is the first with its violation.
func (r *Report) count(f *Finding) bool {
	r.Tally.add(&f.Tally)
	i := slices.IndexFunc(r.Presets, func(p Preset) bool { return p.Protocol == f.Protocol })
	if i < 0 {
		i = len(r.Presets)
		r.Presets = append(r.Presets, Preset{Protocol: f.Protocol})
	}
	p := &r.Presets[i]
	p.Runs++
	if f.Promised {
		p.Proved++
	}
	if f.Healed {
		p.Healed++
	}
	if f.Class == Nothing {
		return false
	}
	for i := range r.Rows {
		if row := &r.Rows[i]; row.Protocol == f.Protocol && row.Class == f.Class && row.Promised == f.Promised {
			row.Count++
			return false
		}
	}
	r.Rows = append(r.Rows, Row{f.Protocol, f.Class, f.Promised, 1})
	return true
}

func (r Row) compare(o Row) int {
	promised := func(r Row) int {
		if r.Promised {
			return 0
		}
		return 1
	}
	return cmp.Or(cmp.Compare(place(Protocols, r.Protocol), place(Protocols, o.Protocol)),
		cmp.Compare(promised(r), promised(o)), cmp.Compare(place(Classes, r.Class), place(Classes, o.Class)))
}

func place[T comparable](of []T, what T) int { return slices.Index(of, what) }

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
