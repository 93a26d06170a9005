package fuzz

import (
	"errors"
	"strings"
	"testing"

	"chordsim/scenarios"
)

// Whatever is drawn can be read; every class of faults, every setting and every
// preset is drawn, and left out.
func TestDrawingsAreScenarios(t *testing.T) {
	const draws = 1500
	words := map[string]int{}
	for i := range uint64(draws) {
		text := Draw(9, i, "").Text("drawn", "")
		if _, err := scenarios.Parse("drawn.yaml", []byte(text), scenarios.Overrides{}); err != nil {
			t.Fatalf("draw %d: %v\n%s", i, err, text)
		}
		for _, word := range []string{
			"protocol: corrected", "protocol: ton2003", "protocol: sigcomm2001", "protocol: echord",
			"detector: perfect", "after: 300ms", "guarded: on", "bits:", "check_predecessor: 0s", "rpc_timeout", "bootstrap: seed-server",
			"lookup: recursive", "through_successor", "latency: {model: exponential", "- start:", "- join: {nodes:", "arrivals: burst",
			"- leave:", "- fail:", "arc:", "- restart:", "keep: on", "joins:", "lifetime:", "- seed_server:", "- put:", "- workload:", "- lookup:",
			"- loss:", "- partition:", "one_way: on", "bridge: 1", "- duplicate:", "- reorder:", "- delay:", "- slow:", "- pause:", "- drift:",
		} {
			if strings.Contains(text, word) {
				words[word]++
			} else {
				words[word] += 0
			}
		}
	}
	for word, n := range words {
		if n < 10 || n == draws {
			t.Errorf("%d of %d draws have %q", n, draws, word)
		}
	}
}

// The proof is about some of the draws only.
func TestWhatIsProved(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(s *Scenario)
		proved bool
	}{
		{"as it is", func(*Scenario) {}, true},
		{"another preset", func(s *Scenario) { s.Protocol = "ton2003" }, false},
		{"timeouts", func(s *Scenario) { s.Ring = s.Ring[:1] }, false},
		{"too few nodes", func(s *Scenario) { s.Steps[0].Fields[0].N = 2 }, false},
		{"no guard", func(s *Scenario) { s.Steps[1].Fields = s.Steps[1].Fields[:1] }, false},
		{"a seed server", func(s *Scenario) { s.Ring = append(s.Ring, word("bootstrap", "seed-server")) }, false},
		{"state that is kept", func(s *Scenario) {
			s.Steps = append(s.Steps, Step{Verb: "restart", At: 9000, Fields: []Field{word("keep", "on")}})
		}, false},
	} {
		s := &Scenario{
			Protocol: "corrected", Ring: []Field{count("successors", 2, 2), word("detector", "perfect")},
			Steps: []Step{
				{Verb: "start", Fields: []Field{count("nodes", 5, 1)}},
				{Verb: "fail", At: 1000, Fields: []Field{count("count", 1, 1), word("guarded", "on")}},
			},
		}
		c.change(s)
		if s.Proved() != c.proved {
			t.Errorf("%s: proved %v, want %v", c.name, s.Proved(), c.proved)
		}
	}
}

// A reduction that goes too far is told apart from a run that fails.
func TestWhatCannotBeRun(t *testing.T) {
	s := &Scenario{Protocol: "corrected", Ring: []Field{count("successors", 1, 1)}, Steps: []Step{{Verb: "start", Fields: []Field{count("nodes", 3, 1)}}}}
	if _, err := s.Run(t.Context()); !errors.Is(err, errUnfit) {
		t.Errorf("lists of 1 under corrected: %v", err)
	}
}
