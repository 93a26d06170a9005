package fuzz

import (
	"slices"

	"chordsim/sim"
)

// Protocols are the presets that are drawn.
var Protocols = []string{"corrected", "ton2003", "sigcomm2001", "echord"}

// Purposes of the streams of a search.
const (
	streamDraw uint64 = iota + 1
	streamSeed
	streamDrift
)

// Draw draws a scenario from a seed: the run-th of a search. With protocol "" the
// preset is drawn as well.
func Draw(seed, run uint64, protocol string) *Scenario {
	d := &drawing{
		s:    &Scenario{Protocol: protocol, Seed: sim.NewStream(seed, run, streamSeed).At(0) % 1_000_000},
		rand: sim.NewRand(sim.NewStream(seed, run, streamDraw)),
	}
	if protocol == "" {
		d.s.Protocol = Protocols[d.intn(int64(len(Protocols)))]
	}
	d.span = d.between(1000, 30000)
	r := d.between(2, 8)
	if d.chance(500) {
		r = 2
	}
	d.ring(count("successors", r, 2))
	// A perfect detector with guarded departures is what the proof is about; the
	// others are drawn as often with and without each.
	proof := d.s.Protocol == "corrected" && d.chance(500)
	d.guards = proof || d.s.Protocol != "echord" && d.chance(300) // the guard does not know E-Chord's lookups
	if proof || d.chance(500) {
		d.ring(word("detector", "perfect"))
	}
	for _, c := range settings {
		if d.chance(250) {
			c.draw(d)
		}
	}
	d.found(r)
	if d.chance(300) {
		d.nameGroups()
	}
	for none := len(d.s.Steps); len(d.s.Steps) == none; {
		// Half of the draws have members that come and go, and nothing else.
		for _, c := range classes {
			if d.chance(300) {
				c.draw(d)
			}
		}
		if d.chance(500) {
			for _, c := range faultClasses {
				if d.chance(250) {
					c.draw(d)
				}
			}
		}
	}
	d.s.mend()
	return d.s
}

// mend puts the steps in their order, and takes back what the language refuses, or what
// would go on for ever: more copies than there are nodes or than lists lead to, hosts and
// groups that no step before brings or names, restarts before anybody is gone, a seed
// server that stays down.
func (s *Scenario) mend() {
	if i := find(s.Data, "replicas"); i >= 0 {
		s.Data[i].N = min(s.Data[i].N, s.nodes(), s.successors()+1)
	}
	s.sort()
	s.mendSeedServer()
	s.mendHosts()
	s.mendGroups()
	gone := false
	s.Steps = slices.DeleteFunc(s.Steps, func(step Step) bool {
		switch {
		case step.Verb == "fail", step.Verb == "leave", step.Verb == "churn", step.Short == "down":
			gone = true
		}
		return step.Verb == "restart" && !gone
	})
}

// mendSeedServer leaves out that the seed server goes down where it is not there or
// down already or never comes up again, and that it comes up where it is up.
func (s *Scenario) mendSeedServer() {
	there := text(s.Ring, "bootstrap") != ""
	down := -1 // the step, while it is down
	kept := s.Steps[:0]
	for _, step := range s.Steps {
		if step.Verb == "seed_server" {
			if !there || (step.Short == "up") != (down >= 0) {
				continue
			}
			down = -1
			if step.Short == "down" {
				down = len(kept)
			}
		}
		kept = append(kept, step)
	}
	if down >= 0 {
		kept = slices.Delete(kept, down, down+1)
	}
	s.Steps = kept
}

// mendGroups leaves out the steps that mean a group which no step before names.
func (s *Scenario) mendGroups() {
	var named []string
	if text(s.Ring, "bootstrap") != "" {
		named = append(named, seedServer)
	}
	s.Steps = slices.DeleteFunc(s.Steps, func(step Step) bool {
		if step.Verb == "group" {
			named = append(named, text(step.Fields, "as"))
		}
		return slices.ContainsFunc(step.groups(), func(name string) bool { return !slices.Contains(named, name) })
	})
}

// found draws the first step: a ring that is there, or one that grows from nothing.
func (d *drawing) found(r int64) {
	n := d.between(3, 8)
	switch d.intn(4) {
	case 0:
		n = d.between(9, 20)
	case 1:
		n = d.between(3, 40)
	}
	if d.s.Protocol == "corrected" && d.chance(900) {
		n = max(n, r+1) // the proof is of rings with as many
	}
	nodes := count("nodes", n, 1)
	if d.chance(700) {
		d.s.Steps = append(d.s.Steps, Step{Verb: "start", Fields: []Field{nodes}})
		return
	}
	d.at(0, "join", nodes, d.over())
}
