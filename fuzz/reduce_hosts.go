package fuzz

import "slices"

// ofHosts returns the reductions of a scenario with named hosts that are about these.
func (s *Scenario) ofHosts() (out []reduction) {
	try := func(by reduction) { out = append(out, by) }
	s.fewerHosts(try)
	s.fewerMoments(try)
	return out
}

// fewerHosts tries, where hosts are named, each left out of all steps and of each.
func (s *Scenario) fewerHosts(try func(by reduction)) {
	all := s.allHosts()
	for _, h := range all {
		if len(all) > 1 && !slices.Equal(s.Steps[0].hosts(), []uint32{h}) {
			try(func(c *Scenario) {
				for i := range c.Steps {
					c.Steps[i].replace(without(c.Steps[i].hosts(), h))
				}
			})
		}
	}
	for i := range s.Steps {
		if of := s.Steps[i].hosts(); len(of) > 1 {
			for _, h := range of {
				try(func(c *Scenario) { c.Steps[i].replace(without(of, h)) })
			}
		}
	}
}

// fewerMoments tries, where hosts are named, steps at a whole millisecond; and two of a
// kind as one: at either time or, one after the other, at both.
func (s *Scenario) fewerMoments(try func(by reduction)) {
	for i := range s.Steps {
		if s.Steps[i].Nanos > 0 {
			try(func(c *Scenario) { c.Steps[i].Nanos = 0 })
		}
	}
	for i := range s.Steps {
		for j := i + 1; j < len(s.Steps); j++ {
			if i > 0 && s.Steps[i].mergesWith(&s.Steps[j]) {
				s.merge(i, j, try)
			}
		}
	}
}

// mergesWith reports whether one step can do what two of the same verb do.
func (s *Step) mergesWith(later *Step) bool {
	return s.Verb == later.Verb && slices.Contains(population, s.Verb) && s.hosts() != nil && later.hosts() != nil
}

func (s *Scenario) merge(i, j int, try func(by reduction)) {
	a, b := &s.Steps[i], &s.Steps[j]
	both := slices.Clone(a.hosts())
	for _, h := range b.hosts() {
		if !slices.Contains(both, h) {
			both = append(both, h)
		}
	}
	for _, at := range [][2]int{{i, j}, {j, i}} {
		try(func(c *Scenario) {
			c.Steps[at[0]].replace(both)
			c.Steps = slices.Delete(c.Steps, at[1], at[1]+1)
		})
	}
	if between := b.At - a.At; between > 0 {
		// The first of the later ones comes when the later step did.
		over := Field{Key: "over", Unit: Millis, N: between * int64(len(both)) / int64(len(a.hosts())), Least: 1}
		try(func(c *Scenario) {
			step := &c.Steps[i]
			step.replace(both)
			step.Fields = slices.DeleteFunc(step.Fields, func(f Field) bool { return f.Key == over.Key })
			step.Fields = append(step.Fields, over)
			c.Steps = slices.Delete(c.Steps, j, j+1)
		})
	}
}
