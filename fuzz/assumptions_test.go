package fuzz

import "testing"

// What a run assumes is in its scenario: the proof is about some of them only, and a
// timeout on a sound network is not one on a lossy one.
func TestWhatIsAssumed(t *testing.T) {
	ring := func(words ...Field) func(*Scenario) {
		return func(s *Scenario) { s.Ring = append(s.Ring[:1], words...) }
	}
	step := func(verb string, fields ...Field) func(*Scenario) {
		return func(s *Scenario) { s.Steps = append(s.Steps, Step{Verb: verb, At: 9000, Fields: fields}) }
	}
	for _, c := range []struct {
		name    string
		changes []func(s *Scenario)
		want    Assumption
	}{
		{"as it is", nil, Proof},
		{"late messages", []func(*Scenario){step("delay"), step("pause")}, Proof},
		{"another preset", []func(*Scenario){func(s *Scenario) { s.Protocol = "ton2003" }}, Perfect},
		{"too few nodes", []func(*Scenario){func(s *Scenario) { s.Steps[0].Fields[0].N = 2 }}, Perfect},
		{"no guard", []func(*Scenario){func(s *Scenario) { s.Steps[1].Fields = s.Steps[1].Fields[:1] }}, Perfect},
		{"one departure of two without a guard", []func(*Scenario){step("leave", count("count", 1, 1))}, Perfect},
		{"a seed server", []func(*Scenario){ring(word("detector", "perfect"), word("bootstrap", "seed-server"))}, Perfect},
		{"state that is kept", []func(*Scenario){step("restart", word("keep", "on"))}, Perfect},
		{"timeouts", []func(*Scenario){ring()}, Timeouts},
		{"timeouts, late messages", []func(*Scenario){ring(), step("delay"), step("pause")}, Timeouts},
		{"timeouts, losses", []func(*Scenario){ring(), step("loss")}, Loss},
		{"timeouts, a partition", []func(*Scenario){ring(), step("partition")}, Partition},
		{"timeouts, both", []func(*Scenario){ring(), step("loss"), step("partition")}, Partition},
	} {
		s := proved()
		for _, change := range c.changes {
			change(s)
		}
		if got := s.Assumes(); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
		if s.Proved() != (c.want == Proof) {
			t.Errorf("%s: proved %v", c.name, s.Proved())
		}
	}
}

// proved is a scenario within the proof.
func proved() *Scenario {
	return &Scenario{
		Protocol: "corrected", Ring: []Field{count("successors", 2, 2), word("detector", "perfect")},
		Steps: []Step{
			{Verb: "start", Fields: []Field{count("nodes", 5, 1)}},
			{Verb: "fail", At: 1000, Fields: []Field{count("count", 1, 1), word("guarded", "on")}},
		},
	}
}
