package scenarios

import (
	"context"
	"slices"
	"time"
)

// CompareOptions is how a scenario is run for its references and tradeoffs alone.
type CompareOptions struct {
	RunOptions
	// Known returns what a run measured for the references of its row, nil if that
	// is to be found out.
	Known func(row int, seed uint64) []Number
	// Found is called with what a run measured, never from two goroutines at once.
	Found func(row int, seed uint64, numbers []Number) error
}

// Compared is what a scenario came to beside what was published, row by row, and what
// its rows cost against how well they do.
type Compared struct {
	Comparisons []Comparison
	Tradeoffs   []Tradeoff
}

// Metric is a quantity that is compared, and the formula by which it is measured.
type Metric struct {
	Label, Formula string
	Source, Kind   string // of what was published; "": nothing was
}

// Metrics returns what the references and tradeoffs of a scenario compare, each once.
func (s *Scenario) Metrics() []Metric {
	var out []Metric
	add := func(m Metric) {
		if !slices.Contains(out, m) {
			out = append(out, m)
		}
	}
	spec := s.rows[0].Spec
	for _, r := range spec.Reference {
		add(Metric{r.Label, r.Metric, r.Source, r.Kind})
	}
	for _, t := range spec.Tradeoff {
		add(Metric{Label: t.CostLabel, Formula: t.Cost})
		add(Metric{Label: t.Label, Formula: t.Performance})
	}
	return out
}

// Comparable returns an error, an *InputError, if a scenario has nothing that Compare
// would measure.
func (s *Scenario) Comparable() error {
	switch {
	case slices.ContainsFunc(s.rows, func(r SpecRow) bool { return r.Spec.compares() }):
		return nil
	case len(s.rows[0].Spec.Reference) > 0:
		return Inputf("no reference of %s is about the rows that are left; give --set other values, or none", s.Name)
	}
	return Inputf("%s has nothing to compare with; add a section reference or tradeoff", s.Name)
}

// Judged reports whether what a scenario measures can differ from what was published.
func (s *Scenario) Judged() bool {
	return slices.ContainsFunc(s.rows[0].Spec.Reference, func(r ReferenceSpec) bool { return r.Judge != JudgeNone })
}

// Compare runs a scenario as far as its references and tradeoffs need. Of a run nothing is kept but the numbers that are
// compared: they can be handed in again, and rows may have thousands of runs. Rows
// that the context ended before have no comparison; the error is then the context's.
// Expectations are not looked at, but for awaits that are required: what was not
// reached is undefined.
func Compare(ctx context.Context, sc *Scenario, o CompareOptions) (Compared, error) {
	if err := sc.Comparable(); err != nil {
		return Compared{}, err
	}
	r, side, err := sc.prepare(o.RunOptions)
	if err != nil {
		return Compared{}, err
	}
	jobs := r.jobs
	r.jobs, r.found = nil, o.Found
	for _, j := range jobs {
		if !sc.Rows()[j.row].Spec.compares() {
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
		return Compared{}, r.err
	}
	out := Compared{Tradeoffs: r.tradeoffs()}
	for i := range sc.Rows() {
		out.Comparisons = append(out.Comparisons, r.comparisons(i)...)
	}
	return out, ctx.Err()
}
