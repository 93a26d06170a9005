package scenarios

import (
	"fmt"
	"testing"

	"chordsim/chord"
	"chordsim/sim"
)

// With stabilization off the routing state of the living is frozen: no round,
// no timeout and no lookup that meets the dead changes a predecessor, a list or
// a finger of anybody, under any protocol. On again, the ring heals.
func TestStabilizationOffFreezesRoutingState(t *testing.T) {
	for _, c := range []struct{ protocol, more string }{
		{"corrected", "successors: 6"}, {"corrected", "successors: 6, lookup: recursive"}, {"corrected", "successors: 6, detector: perfect"},
		{"corrected", "successors: 2, detector: perfect"}, // members that are cut off look for a way back
		{"ton2003", "successors: 6"}, {"ton2003", "successors: 6, rules: {refresh: list}"},
		{"sigcomm2001", "successors: 6"}, {"sigcomm2001", "successors: 6, rules: {timed_out_entry: remove}"},
		{"echord", "successors: 6, rpc_timeout: 500ms"},
	} {
		tl := bed(t, fmt.Sprintf(`ring: {protocol: %s, %s, stabilize: 5s, fix_fingers: 5s, check_predecessor: 5s}
network: {latency: {model: exponential, mean: 50ms, min: 5ms}}
timeline:
  - start: {nodes: 100, settled: off}
  - lookup: {rate: 100/s, for: 30s, background: on, as: all_along}
  - wait: 20s
  - fail: {fraction: 40%%}
  - wait: 150ms
  - stabilization: off
  - wait: 4m
  - lookup: {count: 1000, as: frozen}
  - stabilization: on
  - await: {ring: ideal, within: 10m, required: off, as: heals}
`, c.protocol, c.more), 2, RunOptions{})
		w := tl.w
		var was []uint64
		var buf []chord.Peer
		changes, steps := 0, 0
		tl.agenda.at(sim.Time(20150*Millisecond), 0, func() {
			was = make([]uint64, len(w.nodes))
			for a := 1; a < len(was); a++ {
				was[a] = hashOf(belief(&w.nodes[a], &w.cfg, buf[:0]))
			}
		})
		w.stepped = func(n *chord.Node) {
			if !w.cfg.Frozen {
				return
			}
			steps++
			if hashOf(belief(n, &w.cfg, buf[:0])) != was[n.Addr] {
				changes++
			}
		}
		before := w.judge.falseSuspicions
		play(t, tl)
		if changes > 0 || steps < 1000 {
			t.Errorf("%s, %s: %d changes of routing state in %d steps while stabilization is off", c.protocol, c.more, changes, steps)
		}
		l := lookupsOf(t, tl, "frozen")
		if l.Timeouts.Max < 1 || l.Count != 1000 {
			t.Errorf("%s, %s: no lookup met the dead: %+v, %d suspicions before", c.protocol, c.more, l, before)
		}
		if !awaitOf(t, tl, "heals").Held && c.protocol != "sigcomm2001" {
			t.Errorf("%s, %s: on again, the ring does not heal: %+v", c.protocol, c.more, w.ring(""))
		}
	}
}

// A node that was cut off has asked for a member to join through; while
// stabilization is off the answer gives it none.
func TestStabilizationOffHoldsTheCutOff(t *testing.T) {
	tl := bed(t, `ring: {successors: 2, stabilize: 500ms, detector: perfect}
network: {latency: 50ms}
timeline:
  - start: {nodes: 300, settled: off}
  - wait: 10s
  - fail: {fraction: 60%}
  - wait: 400ms
  - stabilization: off
  - wait: 1m
  - measure: {ring: on, as: frozen}
  - stabilization: on
  - wait: 2m
`, 1, RunOptions{})
	w := tl.w
	at := sim.Time(10400 * Millisecond)
	lists := make([]int, len(w.nodes))
	asking := 0
	tl.agenda.at(at, 0, func() {
		for a := range w.nodes {
			lists[a] = w.nodes[a].ListLen()
			if lists[a] == 0 && w.nodes[a].InRing() {
				asking++
			}
		}
	})
	changes := 0
	w.stepped = func(n *chord.Node) {
		if w.cfg.Frozen && n.ListLen() != lists[n.Addr] {
			changes++
		}
	}
	play(t, tl)
	if changes > 0 || asking < 5 {
		t.Errorf("%d of %d nodes without a list found one while stabilization was off", changes, asking)
	}
	for _, r := range tl.result().Rings {
		if r.CutOff < int64(asking) {
			t.Errorf("only %d are cut off while frozen, %d were before", r.CutOff, asking)
		}
	}
	if n := w.ring("").CutOff; n != 0 {
		t.Errorf("on again, %d are still cut off", n)
	}
}

// With the rounds off nothing is sent of their own accord, but what lookups
// find out is still acted on; on again, they go on.
func TestRoundsOff(t *testing.T) {
	tl := bed(t, `ring: {protocol: ton2003, successors: 6, stabilize: 2s, check_predecessor: 2s, detector: perfect}
timeline:
  - start: {nodes: 60}
  - stabilization: {rounds: off}
  - wait: 5s
  - measure: {traffic: on, over: 60s, as: silence}
  - fail: {fraction: 50%}
  - measure: {ring: on, as: hurt}
  - lookup: {count: 3000, over: 60s, as: l}
  - measure: {ring: on, as: told}
  - stabilization: {rounds: on}
  - await: {ring: ideal, within: 10m, as: heals}
`, 1, RunOptions{})
	play(t, tl)
	r := tl.result()
	if r.Traffic[0].Messages != 0 || len(r.Traffic[0].Kinds) != 0 {
		t.Errorf("while rounds are off the ring sends %+v", r.Traffic[0])
	}
	if r.Rings[0].RightLists > 0.7 || r.Rings[1].RightSuccessors <= r.Rings[0].RightSuccessors {
		t.Errorf("lookups have removed nothing: right successors %v, then %v", r.Rings[0].RightSuccessors, r.Rings[1].RightSuccessors)
	}
	if !awaitOf(t, tl, "heals").Held {
		t.Errorf("it does not heal: %+v", tl.w.ring(""))
	}
}

// Periods are those of the scenario: a round each 10 s at every node, from a
// phase of its own, is three messages; a jitter moves each, not their number.
func TestRoundsComeAtTheirPeriod(t *testing.T) {
	for _, jitter := range []string{"0", "50%"} {
		tl := bed(t, "ring: {successors: 4, stabilize: {every: 10s, jitter: "+jitter+"}, fix_fingers: 0s, check_predecessor: 0s}\nnetwork: {latency: 50ms}\n"+
			"timeline: [{start: {nodes: 50}}, {wait: 1000s}]\n", 1, RunOptions{})
		last := make([]sim.Time, 51)
		var gaps []sim.Time
		rounds := int64(0)
		phases := map[sim.Time]bool{}
		tl.w.stepped = func(n *chord.Node) {
			out := &tl.w.shards[0].out
			for i := range out.Sends {
				if out.Sends[i].Msg.Kind != chord.GetState {
					continue
				}
				now := tl.w.engine.Shard(sim.Addr(n.Addr)).Now()
				if last[n.Addr] > 0 {
					gaps = append(gaps, now-last[n.Addr])
				} else {
					phases[now/sim.Time(Second)] = true
				}
				last[n.Addr] = now
				rounds++
			}
		}
		play(t, tl)
		if rounds < 4900 || rounds > 5100 || len(phases) < 8 {
			t.Errorf("jitter %s: %d rounds from %d phases, want about 5000", jitter, rounds, len(phases))
		}
		least, most := sim.Forever, sim.Time(0)
		for _, g := range gaps {
			least, most = min(least, g), max(most, g)
		}
		switch jitter {
		case "0":
			if least != sim.Time(10*Second) || most != least {
				t.Errorf("without jitter rounds are %v to %v apart", least, most)
			}
		default:
			if least < sim.Time(5*Second) || least > sim.Time(5100*Millisecond) || most > sim.Time(15*Second) || most < sim.Time(14900*Millisecond) {
				t.Errorf("with jitter rounds are %v to %v apart, want 5 to 15 s", least, most)
			}
		}
	}
}
