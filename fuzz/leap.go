package fuzz

import (
	"context"
	"errors"
	"slices"

	"chordsim/sim"
)

// A finding is small with so many nodes and steps (Finding.Size). Reductions, each
// of which has to break by itself, often end before that: in a ring of half the size
// the same comes about by other times, other victims and fewer steps, all at once.
const (
	fewNodes = 6
	fewSteps = 8
)

// manyLeaps are the small scenarios that are drawn from a finding without a limit.
const manyLeaps = 10_000

// small reports whether a finding is small.
func (f *Finding) small() bool {
	nodes, steps := f.Size()
	return nodes <= fewNodes && steps <= fewSteps
}

// leap draws small scenarios out of the parts of a finding until one breaks in the
// same way, which then takes its place, or so many runs are used up. It reports
// whether one did.
func (f *Finding) leap(ctx context.Context, runs int) (bool, error) {
	for i := range uint64(max(runs, 0)) {
		c := f.miniature(sim.NewRand(sim.NewStream(f.Seed, i, streamLeap)))
		if c == nil {
			continue
		}
		f.Runs++
		v, err := c.Run(ctx)
		if errors.Is(err, errUnfit) {
			continue
		}
		if err != nil {
			return false, err
		}
		if f.breaksSo(c, &v) {
			f.Scenario, f.Verdict = c, v
			return true, nil
		}
	}
	return false, nil
}

// miniature draws a small scenario out of the parts of s: some of its steps, in
// their order, on a few nodes, with other times, durations and victims. nil: what was
// drawn is not small after all.
func (s *Scenario) miniature(rand *sim.Rand) *Scenario {
	d := drawing{s: s.clone(), rand: rand}
	c := d.s
	c.Probe = 0
	c.Seed = uint64(d.intn(1_000_000))
	if first := &c.Steps[0]; first.Verb == "join" {
		first.Verb = "start"
		first.Fields = slices.DeleteFunc(first.Fields, func(f Field) bool { return f.Key != "nodes" })
	}
	room := fewSteps - 1 // for the await
	if c.stores() {
		room -= 2
	}
	c.pick(&d, room)
	c.resize(&d)
	// All times are shorter by one factor, and the gaps between steps by others.
	shorter := d.between(0, 5)
	last, was := int64(0), int64(0)
	for i := 1; i < len(c.Steps); i++ {
		step := &c.Steps[i]
		gap := (step.At - was) >> shorter
		was = step.At
		if d.chance(500) {
			gap = d.between(0, max(gap, 1)*2)
		}
		last += gap
		step.At = last
		for j := range step.Fields {
			if f := &step.Fields[j]; f.Unit == Millis && d.chance(500) {
				f.N = max(f.Least, d.between(f.Least, f.N)>>d.between(0, shorter))
			}
		}
	}
	c.mend()
	if f := (Finding{Scenario: c}); !f.small() {
		return nil
	}
	return c
}

// pick leaves at most room steps, the first of them always.
func (s *Scenario) pick(d *drawing, room int) {
	most := min(room, len(s.Steps))
	left := int(d.between(int64(min(2, most)), int64(most)))
	for len(s.Steps) > left {
		i := 1 + int(d.intn(int64(len(s.Steps)-1)))
		s.Steps = slices.Delete(s.Steps, i, i+1)
	}
}

// resize draws how many nodes there are, and how many of them each step befalls.
func (s *Scenario) resize(d *drawing) {
	nodes := d.between(1, fewNodes)
	if i := find(s.Ring, "successors"); i >= 0 && d.chance(500) {
		s.Ring[i].N = s.Ring[i].Least
	}
	for i := len(s.Steps) - 1; i >= 0; i-- {
		for j := range s.Steps[i].Fields {
			f := &s.Steps[i].Fields[j]
			switch {
			case f.Unit != Count || f.N <= f.Least:
			case f.Key == "nodes" && i == 0:
				f.N = max(f.Least, nodes)
			case f.Key == "nodes":
				f.N = d.between(f.Least, min(f.N, 3))
			case f.Key == "count" || f.Key == "arc":
				f.N = d.between(f.Least, min(f.N, f.Least+2))
			case d.chance(300):
				f.N = d.between(f.Least, f.N)
			}
			if f.Key == "nodes" {
				nodes -= f.N
			}
		}
	}
}
