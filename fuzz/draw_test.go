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
			"as: left", "rest: on", "region: {within:", "region: stub", "region: domain", "group: left", "group: seed-server", "groups: [", "between: [",
			"from:", "to:", "state: down, keep: on", "fraction:",
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

// A reduction that goes too far is told apart from a run that fails.
func TestWhatCannotBeRun(t *testing.T) {
	s := &Scenario{Protocol: "corrected", Ring: []Field{count("successors", 1, 1)}, Steps: []Step{{Verb: "start", Fields: []Field{count("nodes", 3, 1)}}}}
	if _, err := s.Run(t.Context()); !errors.Is(err, errUnfit) {
		t.Errorf("lists of 1 under corrected: %v", err)
	}
}
