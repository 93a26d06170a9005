package fuzz

import (
	"context"
	"errors"
	"slices"

	"chordsim/sim"
)

// A finding is small with so many nodes and steps (Finding.Size). Reductions, each
// of which has to break by itself, often end before that: in a smaller ring the same
// comes about by other times, other victims and fewer steps, all at once.
const (
	fewNodes = 6
	fewSteps = 8
)

// small reports whether a finding is small.
func (f *Finding) small() bool {
	nodes, steps := f.Size()
	return nodes <= fewNodes && steps <= fewSteps
}

// leap draws smaller scenarios out of the parts of a finding until one breaks in the
// same way, which then takes its place, or so many runs are used up. It reports
// whether one did.
func (f *Finding) leap(ctx context.Context, runs int) (bool, error) {
	for i := range uint64(max(runs, 0)) {
		c := f.miniature(sim.NewRand(sim.NewStream(f.Seed, i, streamLeap)))
		if c == nil {
			f.Runs++ // or this would never end
			continue
		}
		if took, err := f.try(ctx, c); took || err != nil && !errors.Is(err, errUnfit) {
			return took, err
		}
	}
	return false, nil
}

// miniature draws a scenario out of the parts of a finding that is not small. nil: what
// was drawn is not smaller after all.
func (f *Finding) miniature(rand *sim.Rand) *Scenario {
	d := drawing{s: f.clone(), rand: rand}
	c := d.s
	c.Probe = 0
	c.Seed = uint64(d.intn(1_000_000))
	nodes, steps := f.Size()
	if d.chance(500) {
		// A few steps or nodes less, and all the rest as it is.
		c.pick(&d, len(c.Steps)-int(d.between(0, 3)))
		for range d.between(0, 3) {
			if fewer := c.fewer(); len(fewer) > 0 {
				*c = *fewer[d.intn(int64(len(fewer)))]
			}
		}
	} else {
		// Somewhere between what is there and what is small, at other times.
		mostNodes := d.between(fewNodes, max(fewNodes, int64(nodes)))
		mostSteps := d.between(fewSteps, max(fewSteps, int64(steps)))
		if first := &c.Steps[0]; first.Verb == "join" {
			first.Verb = "start"
			first.Fields = slices.DeleteFunc(first.Fields, func(f Field) bool { return f.Key != "nodes" })
		}
		room := min(int(mostSteps)-(steps-len(f.Steps)), len(c.Steps)) // beside those that come after the faults
		c.pick(&d, int(d.between(int64(min(2, room)), int64(room))))
		c.resize(&d, mostNodes)
		c.retime(&d)
	}
	c.mend()
	drawn := Finding{Scenario: c}
	if n, k := drawn.Size(); !drawn.small() && (n > nodes || k > steps || n+k == nodes+steps) {
		return nil
	}
	return c
}

// pick leaves so many steps, the first of them always.
func (s *Scenario) pick(d *drawing, left int) {
	for len(s.Steps) > max(left, 1) {
		i := 1 + int(d.intn(int64(len(s.Steps)-1)))
		s.Steps = slices.Delete(s.Steps, i, i+1)
	}
}

// retime draws other times and durations: all shorter by one factor, and gaps between
// steps by others.
func (s *Scenario) retime(d *drawing) {
	shorter := d.between(0, 5)
	last, was := int64(0), int64(0)
	for i := 1; i < len(s.Steps); i++ {
		step := &s.Steps[i]
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
}

// resize draws how many nodes there are, and how many of them each step befalls.
func (s *Scenario) resize(d *drawing, most int64) {
	nodes := d.between(1, most)
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
