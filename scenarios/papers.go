package scenarios

import (
	"context"
	"slices"
	"time"
)

// CompareOptions is how a scenario is run for its references alone.
type CompareOptions struct {
	RunOptions
	// Known returns what a run measured for the references of its row, nil if that
	// is to be found out.
	Known func(row int, seed uint64) []Number
	// Found is called with what a run measured, never from two goroutines at once.
	Found func(row int, seed uint64, numbers []Number) error
}

// Compare runs a scenario as far as its references need and holds them against what
// was published, row by row. Of a run nothing is kept but the numbers that are
// compared: they can be handed in again, and rows may have thousands of runs. Rows
// that the context ended before have no comparison; the error is then the context's.
// Expectations are not looked at, but for awaits that are required: what was not
// reached is undefined.
func Compare(ctx context.Context, sc *Scenario, o CompareOptions) ([]Comparison, error) {
	if !slices.ContainsFunc(sc.Rows(), func(r SpecRow) bool { return len(r.Spec.References) > 0 }) {
		return nil, Inputf("%s has no reference to compare with; add a section reference", sc.Name)
	}
	r, side, err := sc.prepare(o.RunOptions)
	if err != nil {
		return nil, err
	}
	jobs := r.jobs
	r.jobs, r.found = nil, o.Found
	for _, j := range jobs {
		if len(sc.Rows()[j.row].Spec.References) == 0 {
			continue
		}
		if o.Known != nil {
			if numbers := o.Known(j.row, j.seed); numbers != nil {
				r.note(j, numbers)
				continue
			}
		}
		r.jobs = append(r.jobs, j)
	}
	r.pause = time.Second
	r.all(ctx, side)
	if r.err != nil {
		return nil, r.err
	}
	var out []Comparison
	for i := range sc.Rows() {
		out = append(out, r.comparisons(i)...)
	}
	return out, ctx.Err()
}
