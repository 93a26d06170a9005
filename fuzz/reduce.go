package fuzz

import (
	"cmp"
	"slices"
)

// reduction makes a copy of the scenario that it is of smaller.
type reduction func(c *Scenario)

// reduced returns the scenario with a reduction of it carried out.
func (s *Scenario) reduced(by reduction) *Scenario {
	c := s.clone()
	by(c)
	c.mend()
	c.Probe = 0
	return c
}

// reductions returns the reductions of s, the largest steps first: steps left out, then
// fields, then numbers made smaller. Those up to parts change what there is, those
// after them only when it happens.
func (s *Scenario) reductions() (out []reduction, parts int) {
	// try adds a reduction. Each has to change something, or shrinking never ends.
	try := func(by reduction) { out = append(out, by) }
	// Runs of steps first, half of them and less: most have nothing to do with it.
	for n := len(s.Steps) / 2; n >= 1; n /= 2 {
		for from := 1; from < len(s.Steps); from += n {
			to := min(from+n, len(s.Steps))
			try(func(c *Scenario) { c.Steps = slices.Delete(c.Steps, from, to) })
		}
	}
	sections := []func(c *Scenario) *[]Field{
		func(c *Scenario) *[]Field { return &c.Ring },
		func(c *Scenario) *[]Field { return &c.Network },
		func(c *Scenario) *[]Field { return &c.Data },
	}
	for i := range s.Steps {
		sections = append(sections, func(c *Scenario) *[]Field { return &c.Steps[i].Fields })
	}
	for _, of := range sections {
		for i, f := range *of(s) {
			if !f.Fixed {
				try(func(c *Scenario) { *of(c) = slices.Delete(*of(c), i, i+1) })
			}
		}
	}
	// A ring that is there is simpler than one that grows.
	if first := s.Steps[0]; first.Verb == "join" {
		try(func(c *Scenario) {
			c.Steps[0].Verb = "start"
			c.Steps[0].Fields = slices.DeleteFunc(c.Steps[0].Fields, func(f Field) bool { return f.Key != "nodes" && f.Key != "hosts" })
		})
	}
	out = append(out, s.ofHosts()...)
	for i := range s.Steps {
		for _, c := range s.simpler(i) {
			try(func(into *Scenario) { *into = *c.clone() })
		}
	}
	for _, of := range sections {
		for i, f := range *of(s) {
			for _, n := range smaller(f.N, f.Least, f.Unit) {
				if f.Unit != Words && f.Unit != Numbers {
					try(func(c *Scenario) { (*of(c))[i].N = n })
				}
			}
		}
	}
	for _, c := range s.fewer() {
		try(func(into *Scenario) { *into = *c.clone() })
	}
	parts = len(out)
	// Earlier, all that comes after moving along; and nearer to what comes before.
	for i := 1; i < len(s.Steps); i++ {
		before := int64(0)
		if i > 1 {
			before = s.Steps[i-1].At
		}
		for _, at := range smaller(s.Steps[i].At, before, Millis) {
			try(func(c *Scenario) {
				shift := c.Steps[i].At - at
				for j := i; j < len(c.Steps); j++ {
					c.Steps[j].At -= shift
				}
			})
			try(func(c *Scenario) { c.Steps[i].At = at })
		}
	}
	return out, parts
}

// fewer returns the scenarios with fewer nodes and fewer of whom something befalls, at
// once: all of them fewer by a half or a quarter, or one node and one victim.
func (s *Scenario) fewer() []*Scenario {
	counts := func(c *Scenario) (of []*Field) {
		for i := range c.Steps {
			for j := range c.Steps[i].Fields {
				if f := &c.Steps[i].Fields[j]; slices.Contains([]string{"nodes", "count", "arc"}, f.Key) && f.N > f.Least {
					of = append(of, f)
				}
			}
		}
		return of
	}
	var out []*Scenario
	n := len(counts(s))
	for _, quarters := range []int64{2, 3} {
		if n > 1 {
			c := s.clone()
			for _, f := range counts(c) {
				f.N = max(f.Least, f.N*quarters/4)
			}
			out = append(out, c)
		}
	}
	if n > 0 && counts(s)[0] == &s.Steps[0].Fields[0] {
		for i := 1; i < n; i++ {
			c := s.clone()
			of := counts(c)
			of[0].N--
			of[i].N--
			out = append(out, c)
		}
	}
	return out
}

// simpler returns the scenarios in which one step is another of a simpler kind: a
// churn one departure or arrival, neighbours or a group any nodes.
func (s *Scenario) simpler(i int) []*Scenario {
	var out []*Scenario
	replace := func(steps ...Step) {
		c := s.clone()
		c.Steps = slices.Replace(c.Steps, i, i+1, steps...)
		out = append(out, c)
	}
	step := s.Steps[i]
	guards := slices.DeleteFunc(slices.Clone(step.Fields), func(f Field) bool { return f.Key != "guarded" })
	one := func(verb string, at int64) Step {
		return Step{Verb: verb, At: at, Fields: append([]Field{count("count", 1, 1)}, guards...)}
	}
	verb := "fail"
	if text(step.Fields, "depart") == "leave" {
		verb = "leave"
	}
	middle := step.At + step.lasts()/2
	switch {
	case step.Verb == "churn":
		replace(one(verb, middle))
		replace(Step{Verb: "join", At: middle, Fields: []Field{count("nodes", 1, 1)}})
		replace(one(verb, middle), Step{Verb: "restart", At: middle + step.lasts()/10, Fields: []Field{count("count", 1, 1)}})
		replace(one(verb, step.At), one(verb, middle))
	case step.Verb == "fail" && step.has("arc"):
		c := one("fail", step.At)
		c.Fields[0].N = step.number("arc")
		replace(c)
	case step.has("group"), step.has("region"), step.has("fraction"), step.has("groups"):
		some := count("count", s.meant(&step), 1)
		c := s.clone().Steps[i]
		c.Fields = slices.DeleteFunc(c.Fields, func(f Field) bool { return slices.Contains([]string{"group", "region", "fraction", "groups"}, f.Key) })
		c.Fields = append(c.Fields, some)
		replace(c)
	case step.Verb == "leave":
		c := one("fail", step.At)
		c.Fields[0].N = step.number("count")
		if of := step.hosts(); of != nil {
			c.Fields[0] = hosts(of)
		}
		replace(c)
	}
	return out
}

// meant guesses how many a step means: as many as its first group was told to have, a
// share of the nodes, or a few.
func (s *Scenario) meant(step *Step) int64 {
	const few = 3
	if names := step.groups(); len(names) > 0 {
		for i := range s.Steps {
			if g := &s.Steps[i]; g.Verb == "group" && text(g.Fields, "as") == names[0] {
				return cmp.Or(max(g.number("count"), g.number("arc"), int64(len(g.hosts()))), few)
			}
		}
	}
	return cmp.Or(s.nodes()*step.number("fraction")/1000, few)
}

// smaller returns numbers below n that are worth a try, the smallest first. Things are
// taken away one at a time in the end; of a time, a share or a rate no less than a
// sixteenth of what there is above the least, lest it be whittled down by ones.
func smaller(n, least int64, unit Unit) []int64 {
	end := int64(1)
	if unit != Count {
		end = max(1, (n-least)/16)
	}
	var out []int64
	for _, m := range []int64{least, least + (n-least)/4, least + (n-least)/2, n - (n-least)/8, n - end} {
		if m < n && m >= least && !slices.Contains(out, m) {
			out = append(out, m)
		}
	}
	return out
}
