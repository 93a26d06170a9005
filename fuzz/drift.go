package fuzz

import (
	"context"
	"errors"
	"slices"

	"chordsim/sim"
)

// A finding is small with so many nodes and steps (Finding.Size).
const (
	fewNodes = 6
	fewSteps = 8
)

// small reports whether a finding is small.
func (f *Finding) small() bool {
	excess, _ := f.much()
	return excess == 0
}

// much is how much there is of a finding: beyond what is small, and in all.
func (f *Finding) much() (excess, all int) {
	nodes, steps := f.Size()
	return max(0, nodes-fewNodes) + max(0, steps-fewSteps), nodes + steps
}

// drift makes a finding smaller that no reduction does. It walks at random among the
// scenarios that break in the same way and are no larger: at other times, with other
// hosts, with one part less and another more. Where nothing else can be left out any
// more, it often can a few steps aside. It ends with the first that is smaller, or when
// so many runs are used up.
func (f *Finding) drift(ctx context.Context, runs int) error {
	excess, all := f.much()
	for last := f.Runs + runs; f.Runs < last; {
		c := f.aside(&drawing{rand: sim.NewRand(sim.NewStream(f.Seed, uint64(f.Runs), streamDrift))})
		drawn := Finding{Scenario: c}
		e, n := drawn.much()
		if e > excess || n > all {
			f.Runs++ // it counts, for it may be that none is smaller
			continue
		}
		took, err := f.try(ctx, c)
		if err != nil && !errors.Is(err, errUnfit) {
			return err
		}
		if took && (e < excess || n < all) {
			return nil
		}
	}
	return nil
}

// aside draws a scenario near to one.
func (s *Scenario) aside(d *drawing) *Scenario {
	c := s.clone()
	c.Probe = 0
	for range d.between(0, 2) {
		var candidates []reduction
		if c.names() && d.chance(700) {
			candidates = c.ofHosts()
		} else {
			all, parts := c.reductions()
			candidates = all[:parts]
		}
		if len(candidates) > 0 {
			c = c.reduced(candidates[d.intn(int64(len(candidates)))])
		}
	}
	if d.chance(500) {
		c.retime(d)
	}
	if all := c.allHosts(); len(all) > 0 && d.chance(300) {
		if other := uint32(d.between(1, int64(slices.Max(all))+8)); !slices.Contains(all, other) {
			c.renumber(all[d.intn(int64(len(all)))], other)
		}
	}
	c.mend()
	return c
}

// retime draws other times and durations for some steps, near to theirs.
func (s *Scenario) retime(d *drawing) {
	near := []int64{10, 100, 500}[d.intn(3)]
	for i := 1; i < len(s.Steps); i++ {
		step := &s.Steps[i]
		if d.chance(300) {
			step.At = max(0, step.At+d.between(-near, near))
		}
		for j := range step.Fields {
			if f := &step.Fields[j]; f.Unit == Millis && d.chance(300) {
				f.N = max(f.Least, f.N+d.between(-near, near))
			}
		}
	}
}

// renumber has another host, with another identifier, in the place of one.
func (s *Scenario) renumber(host, with uint32) {
	for i := range s.Steps {
		if k := find(s.Steps[i].Fields, "through"); k >= 0 && s.Steps[i].Fields[k].Text == numeral(host) {
			s.Steps[i].Fields[k].Text = numeral(with)
		}
		of := slices.Clone(s.Steps[i].hosts())
		if k := slices.Index(of, host); k >= 0 {
			of[k] = with
			s.Steps[i].replace(of)
		}
	}
}
