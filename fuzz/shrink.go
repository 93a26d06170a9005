package fuzz

import (
	"cmp"
	"context"
	"errors"
)

// Finding is a scenario with what is wrong with it.
type Finding struct {
	*Scenario
	Verdict
	Runs int // that it took to make it small
}

// seedsTried are the seeds that a reduction is tried with, its own first. Fewer
// nodes have other identifiers, delays and victims: whether a smaller ring can break
// in the same way is for several draws of them to say.
const seedsTried = 32

// breaksSo reports whether another scenario comes to the same class as a finding, and
// assumes no less: what breaks under a stronger assumption says more.
func (f *Finding) breaksSo(s *Scenario, v *Verdict) bool {
	return v.Class == f.Class && place(Assumptions, s.Assumes()) <= place(Assumptions, f.Assumes())
}

// try runs another scenario, which takes the place of the finding's if it breaks in the
// same way, and reports whether it did.
func (f *Finding) try(ctx context.Context, s *Scenario) (took bool, err error) {
	f.Runs++
	v, err := s.Run(ctx)
	if err != nil || !f.breaksSo(s, &v) {
		return false, err
	}
	f.Scenario, f.Verdict = s, v
	return true, nil
}

// DefaultLimit is how many runs chordsim fuzz spends on the reductions of one finding,
// and drifts how many times as many go into drifting and what it leads to.
const (
	DefaultLimit = 3000
	drifts       = 20
)

// Shrink makes a scenario small that was found to break: it takes the first
// reduction that breaks in the same way, until none does or limit runs are used up
// (0: as many as it takes). What is then not small has all named that was drawn in it,
// and drifts (drift.go) to where reductions go on; that takes up to twenty times as many
// runs. What comes out is a function of what went in.
func Shrink(ctx context.Context, s *Scenario, v Verdict, limit int) (Finding, error) {
	f := Finding{Scenario: s, Verdict: v}
	if err := f.reduceAll(ctx, limit); err != nil {
		return f, err
	}
	if !f.small() {
		if err := f.wander(ctx, drifts*cmp.Or(limit, DefaultLimit)); err != nil {
			return f, err
		}
	}
	if f.Class == Unsafe {
		probed := f.Scenario.clone()
		probed.Probe = f.At
		v, err := probed.Run(ctx)
		if err != nil {
			return f, err
		}
		if v.Class != Nothing { // the measure may move the draws of later steps, and something else break
			f.Scenario, f.Verdict = probed, v
		}
	}
	return f, nil
}

// wander has a finding named, and reduces it and lets it drift in turn, until it is small
// or so many runs are used up. What was smaller before its hosts were named stays as it
// was.
func (f *Finding) wander(ctx context.Context, runs int) error {
	before := *f
	err := f.nameAll(ctx)
	for most := f.Runs + runs; err == nil; {
		if err = f.reduceAll(ctx, max(1, most-f.Runs)); err != nil || f.small() || f.Runs >= most {
			break
		}
		err = f.drift(ctx, most-f.Runs)
	}
	excess, all := f.much()
	if e, n := before.much(); e < excess || e == excess && n < all {
		f.Scenario, f.Verdict = before.Scenario, before.Verdict
	}
	return err
}

// reduceAll reduces until nothing is left to reduce, or limit runs are used up.
func (f *Finding) reduceAll(ctx context.Context, limit int) error {
	if limit > 0 {
		limit += f.Runs
	}
	for {
		// With its own seed first, which is cheap, and from there on with others: of
		// hosts that are named the identifiers would be others.
		smaller, err := f.reduce(ctx, 0, limit)
		if err == nil && !smaller && !f.names() {
			smaller, err = f.reduce(ctx, seedsTried, limit)
		}
		if err != nil || !smaller {
			return err
		}
	}
}

// reduce goes once through all reductions, taking each that breaks in the same way,
// with its own seed or with one of the first few; the first such one with a seed of
// others ends it. false: none did.
func (f *Finding) reduce(ctx context.Context, seeds uint64, limit int) (bool, error) {
	took := false
	candidates, parts := f.reductions()
	if seeds > 0 {
		candidates = candidates[:parts]
	}
	for i := 0; i < len(candidates); i++ {
		c := f.reduced(candidates[i])
		for k := min(seeds, 1); k <= seeds; k++ {
			if limit > 0 && f.Runs >= limit {
				return false, nil
			}
			if k > 0 {
				c.Seed = k
			}
			broke, err := f.try(ctx, c)
			if errors.Is(err, errUnfit) {
				break
			}
			if err != nil {
				return took, err
			}
			if broke {
				if seeds > 0 {
					return true, nil
				}
				took = true
				candidates, _ = f.reductions()
				i--
				break
			}
		}
	}
	return took, nil
}
