package scenarios

import (
	"fmt"
	"testing"
)

// lostUnder plays a scenario under many seeds and returns how many acknowledged
// keys are lost in all.
func lostUnder(t *testing.T, text string, seeds uint64) int64 {
	t.Helper()
	lost := int64(0)
	for seed := uint64(1); seed <= seeds; seed++ {
		d := dataOf(t, played(t, text, seed), "end")
		if d.Keys == 0 {
			t.Fatalf("seed %d stores nothing", seed)
		}
		lost += d.Lost
	}
	return lost
}

// A put that is acknowledged before its quorum holds it is lost when its owner
// crashes right afterwards and the network has lost the copies. With a quorum of
// three the two nodes that crash cannot be all that have it.
func TestAcknowledgingEarlyIsCaught(t *testing.T) {
	lost := map[string]int64{}
	for _, rule := range []string{"early", "quorum"} {
		lost[rule] = lostUnder(t, fmt.Sprintf(`ring: {successors: 4}
data: {replicas: 3, write_quorum: 3, rules: {acknowledge: %s}}
network: {latency: {model: uniform, min: 20ms, max: 80ms}, loss: 20%%}
timeline:
  - start: {nodes: 24}
  - put: {rate: 500/s, for: 2s, background: on}
  - fail: {count: 2, at: 2s}
  - wait: 30s
  - measure: {data: on, as: end}
`, rule), 40)
	}
	if lost["early"] < 5 || lost["quorum"] != 0 {
		t.Errorf("lost %v", lost)
	}
}

// A copy that is dropped when it is sent to its new holders is lost with the
// message. With the right rule nothing is, under the same seeds.
func TestDroppingEarlyIsCaught(t *testing.T) {
	lost := map[string]int64{}
	for _, rule := range []string{"early", "acknowledged"} {
		lost[rule] = lostUnder(t, fmt.Sprintf(`ring: {successors: 6, stabilize: 5s, fix_fingers: 10s, check_predecessor: 5s}
data: {replicas: 1, repair: 10s, rules: {drop: %s}}
network: {latency: {model: uniform, min: 20ms, max: 80ms}, loss: 5%%}
timeline:
  - start: {nodes: 10}
  - put: {count: 300, over: 10s}
  - join: {nodes: 20, over: 20s}
  - wait: 1m
  - measure: {data: on, as: end}
`, rule), 20)
	}
	if lost["early"] < 50 || lost["acknowledged"] != 0 {
		t.Errorf("lost %v", lost)
	}
}
