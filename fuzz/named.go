package fuzz

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strconv"

	"chordsim/scenarios"
)

// A step that draws whom it befalls draws others as soon as a step or a node before it
// is left out: most reductions of a rare finding are other scenarios altogether. In one
// in which all is named, what has nothing to do with the violation can be left out
// while the rest stays as it was.

// named returns the scenario with the hosts of each step by their numbers. A step that
// lets hosts come or go becomes one for each instant at which it did, a churn its
// arrivals and departures. Its run is the same up to the end of the last step, which a
// churn may have outlasted. Without hosts that a first step brings it is errUnfit.
func (s *Scenario) named(ctx context.Context) (*Scenario, error) {
	c := s.clone()
	c.Probe = 0
	var effects []scenarios.Effect
	seen := newObserver(c.Proved())
	seen.effects = &effects
	if _, err := c.runUnder(ctx, seen); err != nil {
		return nil, err
	}
	type ordered struct {
		Step
		of int // the place of the step that it comes from
	}
	var steps []ordered
	chosen := map[int]scenarios.Hosts{} // by the place of a step
	for _, e := range effects {
		one := Step{Verb: e.Verb, At: int64(e.At / scenarios.Millisecond), Nanos: int64(e.At % scenarios.Millisecond)}
		if !slices.Contains(population, e.Verb) {
			chosen[e.Step] = e.Hosts
			continue
		}
		one.Fields = []Field{hosts(e.Hosts)}
		if e.Through > 0 {
			one.Fields = append(one.Fields, word("through", numeral(e.Through)))
		}
		if e.Keep {
			one.Fields = append(one.Fields, word("keep", "on"))
		}
		if (e.Verb == "fail" || e.Verb == "leave") && c.Proved() {
			one.Fields = append(one.Fields, word("guarded", "on"))
		}
		steps = append(steps, ordered{one, e.Step})
	}
	for i, step := range c.Steps {
		if step.Verb == "churn" || slices.Contains(population, step.Verb) {
			continue
		}
		if len(chosen[i]) > 0 {
			step.Fields = slices.DeleteFunc(step.Fields, func(f Field) bool { return slices.Contains(choices, f.Key) })
			step.Fields = append(step.Fields, hosts(chosen[i]))
		}
		if step.draws() {
			step.Fields = append(step.Fields, word("stream", strconv.Itoa(i)))
		}
		steps = append(steps, ordered{step, i})
	}
	slices.SortStableFunc(steps, func(a, b ordered) int {
		return cmp.Or(cmp.Compare(a.instant(), b.instant()), cmp.Compare(a.of, b.of))
	})
	c.Steps = c.Steps[:0]
	for _, step := range steps {
		c.Steps = append(c.Steps, step.Step)
	}
	if len(c.Steps) == 0 || !c.Steps[0].brings() {
		return nil, errUnfit
	}
	return c, nil
}

// population are the verbs of steps by which hosts come and go.
var population = []string{"start", "join", "restart", "leave", "fail"}

// choices are the keys by which a step says whom it means, and draws them.
var choices = []string{"count", "fraction", "arc", "region", "rest"}

// draws reports whether a step draws anything where all hosts are named.
func (s *Step) draws() bool {
	return slices.Contains([]string{"put", "workload", "lookup"}, s.Verb) || s.has("bridge") ||
		slices.ContainsFunc(s.Fields, func(f Field) bool { return slices.Contains(choices, f.Key) })
}

// numeral is how a host is named where it stands alone.
func numeral(host uint32) string { return strconv.FormatUint(uint64(host), 10) }

func hosts(of scenarios.Hosts) Field {
	return Field{Key: "hosts", Unit: Numbers, Hosts: slices.Clone(of), Fixed: true}
}

// names reports whether the hosts of a scenario have their numbers.
func (s *Scenario) names() bool { return s.Steps[0].hosts() != nil }

// nameAll has all hosts of a finding named, if it can be and breaks in the same way then.
func (f *Finding) nameAll(ctx context.Context) error {
	c, err := f.named(ctx)
	if err == nil {
		_, err = f.try(ctx, c)
	}
	if errors.Is(err, errUnfit) {
		return nil
	}
	return err
}

// replace puts other hosts into a step.
func (s *Step) replace(of scenarios.Hosts) {
	if i := find(s.Fields, "hosts"); i >= 0 {
		s.Fields[i].Hosts = of
	}
}

// without returns hosts without one.
func without(of scenarios.Hosts, host uint32) scenarios.Hosts {
	return slices.DeleteFunc(slices.Clone(of), func(h uint32) bool { return h == host })
}

// allHosts returns those that the steps bring by their numbers.
func (s *Scenario) allHosts() (all scenarios.Hosts) {
	for i := range s.Steps {
		if s.Steps[i].brings() {
			all = append(all, s.Steps[i].hosts()...)
		}
	}
	return all
}

// mendHosts leaves out hosts that no step before brings, and those that one has brought
// where they come anew; joins through the former; and steps that are left without any.
func (s *Scenario) mendHosts() {
	if !s.names() {
		return
	}
	var come scenarios.Hosts
	for i := range s.Steps {
		step := &s.Steps[i]
		step.Fields = slices.DeleteFunc(step.Fields, func(f Field) bool {
			through, err := strconv.Atoi(f.Text)
			return f.Key == "through" && err == nil && !slices.Contains(come, uint32(through))
		})
		var left scenarios.Hosts
		for _, h := range step.hosts() {
			if slices.Contains(come, h) != step.brings() && !slices.Contains(left, h) {
				left = append(left, h)
			}
		}
		if step.brings() {
			come = append(come, left...)
		}
		step.replace(left)
	}
	s.Steps = slices.DeleteFunc(s.Steps, func(step Step) bool { return step.has("hosts") && len(step.hosts()) == 0 })
}
