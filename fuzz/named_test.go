package fuzz

import (
	"regexp"
	"slices"
	"testing"

	"chordsim/scenarios"
)

// digestUpTo returns the digest of a run of a scenario that ends with a wait of so long
// that all that a churn might still do is over.
func digestUpTo(t *testing.T, s *Scenario) string {
	t.Helper()
	last := regexp.MustCompile(`(?m)^  - await: .*$`)
	text := last.ReplaceAllString(s.Text("named", ""), "  - await: {at: 5m, ring: ideal, within: 1m, required: off, as: heal}")
	v, err := judge(t.Context(), "named", []byte(text), newObserver(false), scenarios.Overrides{})
	if err != nil {
		t.Fatalf("%v:\n%s", err, text)
	}
	return v.Digest
}

// With all hosts by their numbers a scenario has the run that it had: every draw of
// every class is in its steps then.
func TestNamedScenariosRunAsBefore(t *testing.T) {
	verbs, streams := map[string]int{}, 0
	for i := range uint64(150) {
		s := Draw(11, i, "")
		if text(s.Ring, "bootstrap") != "" {
			continue // the seed server has the address after all that there may be: another one
		}
		was := digestUpTo(t, s)
		before := s.Text("", "")
		c, err := s.named(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if s.Text("", "") != before {
			t.Fatalf("draw %d was changed by naming its hosts", i)
		}
		is := digestUpTo(t, c)
		if is != was || c.Assumes() != s.Assumes() {
			t.Errorf("draw %d: %s with digest %s came to %s with digest %s:\n%s", i, s.Assumes(), was, c.Assumes(), is, c.Text("", ""))
		}
		for _, step := range c.Steps {
			verbs[step.Verb]++
			if slices.Contains(population, step.Verb) && step.hosts() == nil || step.Verb == "churn" {
				t.Errorf("draw %d: a step is drawn: %+v", i, step)
			}
			if step.has("stream") {
				streams++
			}
		}
	}
	for _, verb := range append([]string{"pause", "partition", "group", "workload"}, population...) {
		if verbs[verb] < 5 {
			t.Errorf("%d steps %s", verbs[verb], verb)
		}
	}
	if streams < 20 {
		t.Errorf("%d steps draw from the streams that they had", streams)
	}
}

// Whatever a scenario with named hosts is reduced to, or drifts to, is a scenario.
func TestNamedScenariosStayScenarios(t *testing.T) {
	tried := 0
	for i := range uint64(9) {
		s := Draw(12, i, "")
		if s.most() > 15 {
			continue
		}
		c, err := s.named(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		text := c.Text("", "")
		candidates := all(c)
		for k := range uint64(40) {
			candidates = append(candidates, c.aside(drawingOf(k)))
		}
		if c.Text("", "") != text {
			t.Fatalf("draw %d was changed by what it was reduced to", i)
		}
		for k, smaller := range candidates {
			tried++
			if k < len(candidates)-40 && smaller.Text("", "") == text {
				t.Errorf("a reduction of draw %d is as large as it", i)
			}
			if _, err := scenarios.Parse("named", []byte(smaller.Text("named", "")), scenarios.Overrides{}); err != nil {
				t.Fatalf("draw %d: %v\n%s", i, err, smaller.Text("named", ""))
			}
		}
	}
	if tried < 500 {
		t.Errorf("%d were tried", tried)
	}
}

// Hosts that nobody brings any more are meant by no step, and two steps become one.
func TestHostsLeaveTogether(t *testing.T) {
	at := func(ms int64, verb string, of ...uint32) Step {
		return Step{Verb: verb, At: ms, Fields: []Field{hosts(of)}}
	}
	s := &Scenario{Protocol: "ton2003", Seed: 1, Ring: []Field{count("successors", 2, 2)}, Steps: []Step{
		at(0, "start", 1, 2), at(10, "join", 5), at(30, "join", 4), at(40, "fail", 5), at(50, "fail", 2, 4),
	}}
	s.Steps[2].Fields = append(s.Steps[2].Fields, word("through", "5"))
	var texts []string
	for _, c := range all(s) {
		texts = append(texts, c.Text("", ""))
	}
	step := func(steps ...Step) string {
		c := s.clone()
		c.Steps = steps
		return c.Text("", "")
	}
	both := at(10, "join", 5, 4)
	both.Fields = append(both.Fields, Field{Key: "over", Unit: Millis, N: 40})
	for what, want := range map[string]string{
		"without host 5":               step(s.Steps[0], at(30, "join", 4), s.Steps[4]),
		"host 2 fails no more":         step(s.Steps[0], s.Steps[1], s.Steps[2], s.Steps[3], at(50, "fail", 4)),
		"both join at the first time":  step(s.Steps[0], at(10, "join", 5, 4), s.Steps[3], s.Steps[4]),
		"both join in one step":        step(s.Steps[0], both, s.Steps[3], s.Steps[4]),
		"all fail at the second time":  step(s.Steps[0], s.Steps[1], s.Steps[2], at(50, "fail", 5, 2, 4)),
		"both join at the second time": step(s.Steps[0], at(30, "join", 5, 4), s.Steps[3], s.Steps[4]),
		"host 4 joins through anybody": step(s.Steps[0], s.Steps[1], at(30, "join", 4), s.Steps[3], s.Steps[4]),
	} {
		if !slices.Contains(texts, want) {
			t.Errorf("%s: it is not reduced to\n%s", what, want)
		}
	}
}

// What was seen at an instant of the safety phase is not measured in what is named, and
// what cannot be named stays as it was.
func TestWhatIsNamed(t *testing.T) {
	s := Draw(11, 1, "ton2003")
	s.Probe = 1_000_000
	c, err := s.named(t.Context())
	if err != nil || c.Probe != 0 {
		t.Fatalf("it is probed at %d: %v", c.Probe, err)
	}
	empty := s.clone()
	empty.Steps = empty.Steps[:1]
	empty.Steps[0] = Step{Verb: "group", Fields: []Field{fixed("as", "left"), count("count", 1, 1)}}
	f := Finding{Scenario: empty}
	if err := f.nameAll(t.Context()); err != nil || f.Scenario != empty {
		t.Errorf("a scenario that nobody comes to was named, or not: %v", err)
	}
}
