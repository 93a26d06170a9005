package scenarios

import (
	"testing"

	"chordsim/chord"
	"chordsim/sim"
)

// TestSettledRingStaysAsItIs leaves a settled ring alone for an hour and looks
// at every node after each of its steps: under no preset does maintenance ever
// change a predecessor, a list or a finger of an ideal ring.
//
// The periods are such that each preset refreshes every list dozens of times
// and every finger several times in the hour: 10,000 nodes have about ten
// distinct fingers beyond lists of 8. sigcomm2001 refreshes all its fingers in
// each of its rounds, the others one of them at a time.
func TestSettledRingStaysAsItIs(t *testing.T) {
	const network = "network: {latency: 50ms}\n"
	const recursive = "lookup: recursive, hop_ack: off, "
	for _, c := range []struct{ name, preset, ring string }{
		{"corrected", "corrected", recursive + "successors: 8, stabilize: 1m, fix_fingers: 2m, check_predecessor: 2m"},
		{"ton2003", "ton2003", recursive + "successors: 8, stabilize: 1m, fix_fingers: 0s, check_predecessor: 2m"},
		{"sigcomm2001 with lists", "sigcomm2001", recursive + "successors: 8, stabilize: 10m, fix_fingers: 10m, check_predecessor: 0s"},
		{"sigcomm2001 as in Fig. 7", "sigcomm2001", recursive + "successors: 1, stabilize: 10m, fix_fingers: 10m, check_predecessor: 0s"},
		{"echord", "echord", "stabilize: 1m, successors: 8"},
		{"zave2012", "zave2012", recursive + "stabilize: 1m, fix_fingers: 2m, check_predecessor: 2m"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			nodes := "10000"
			if testing.Short() {
				nodes = "500"
			}
			tl := bed(t, "ring: {protocol: "+c.preset+", "+c.ring+"}\n"+network+
				"timeline: [{start: {nodes: "+nodes+"}}, {wait: 1h}]\noutput: {sample: 20m}\n", 7, RunOptions{})
			w := tl.w
			var want []uint64
			steps := make([]int64, len(w.nodes))
			var buf [1 + chord.MaxSuccessors + 64]chord.Peer
			changes := 0
			w.stepped = func(n *chord.Node) {
				if want == nil { // the ring was settled at this very instant
					want = make([]uint64, len(w.nodes))
					for a := 1; a < len(want); a++ {
						want[a] = hashOf(belief(&w.nodes[a], &w.cfg, buf[:0]))
					}
				}
				steps[n.Addr]++
				if hashOf(belief(n, &w.cfg, buf[:0])) != want[n.Addr] {
					if changes++; changes <= 3 {
						t.Errorf("node %d changed its routing state at %v", n.Addr, w.engine.Now())
					}
				}
			}
			play(t, tl)
			if changes > 0 {
				t.Errorf("%d steps left another routing state than the settled one", changes)
			}
			for a := 1; a < len(steps); a++ {
				if steps[a] < 12 {
					t.Fatalf("node %d took %d steps in an hour; the ring was not maintained at all", a, steps[a])
				}
			}
			if !w.takeSnapshot().IsIdeal() || w.engine.Now() < sim.Time(Hour) {
				t.Errorf("after %v the ring is not ideal", w.engine.Now())
			}
			if right, all := w.rightFingers(w.takeSnapshot()); right != all || all == 0 {
				t.Errorf("%d of %d fingers are right", right, all)
			}
		})
	}
}
