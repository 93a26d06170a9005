package scenarios

import "testing"

// What the library's partition says of the rule that decides it in its ring: two
// rings become one again where a dead predecessor is neither cleared nor replaced,
// whatever the preset. (In smaller rings it does not decide alone: 60 nodes with lists
// of 4 merge under sigcomm2001 with the rule on.)
func TestRingsMergeWhereDeadPredecessorsStay(t *testing.T) {
	for _, c := range []struct {
		ring   string
		merges bool
	}{
		{"{protocol: sigcomm2001, successors: 8}", true},
		{"{protocol: sigcomm2001, successors: 8, rules: {clear_predecessor: on}}", false},
		{"{protocol: corrected, successors: 8}", false},
		{"{protocol: corrected, successors: 8, rules: {notify: closer, clear_predecessor: off}}", true},
		{"{protocol: ton2003, successors: 8}", false},
	} {
		tl := played(t, "ring: "+c.ring+`
network: {latency: {model: exponential, mean: 50ms, min: 1ms}}
timeline:
  - start: {nodes: 200}
  - wait: 1m
  - partition: {fraction: 50%, for: 5m}
  - await: {ring: ring, stability: 99%, within: 30m, required: off, as: whole}
`, 1)
		if a := awaitOf(t, tl, "whole"); a.Held != c.merges {
			t.Errorf("%s: one ring again %v, want %v", c.ring, a.Held, c.merges)
		}
	}
}
