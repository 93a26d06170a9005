package scenarios

import (
	"testing"

	"chordsim/sim"
)

// E-Chord has defaults of its own; what is written wins over each of them, and
// no other protocol has them.
func TestEChordDefaults(t *testing.T) {
	const rest = "timeline: [{start: {nodes: 5}}]\n"
	ring := func(text string) RingSpec { return specOf(t, "name: x\nring: {protocol: echord"+text+"}\n"+rest).Ring }
	own := RingSpec{
		Protocol: "echord", Bits: 14, Successors: 15, Stabilize: PeriodSpec{Every: 3 * Second}, RPCTimeout: 10 * Second, RPCTries: 1,
		Lookup: "fallback", FallbackFingers: 2, Candidates: 1, LookupDeadline: 200 * Second, HopAck: true, Retry: true,
		Detector: DetectorSpec{Model: "timeout"}, VirtualNodes: 1, Bootstrap: "random", IDs: "random",
	}
	if got := ring(""); got != own {
		t.Errorf("the ring of echord is %+v, want %+v", got, own)
	}
	for text, change := range map[string]func(*RingSpec){
		"bits: 20":                            func(r *RingSpec) { r.Bits, r.Successors = 20, 21 },
		"bits: 64":                            func(r *RingSpec) { r.Bits, r.Successors = 64, 64 },
		"successors: 4":                       func(r *RingSpec) { r.Successors = 4 },
		"stabilize: 5s":                       func(r *RingSpec) { r.Stabilize = PeriodSpec{Every: 5 * Second} },
		"stabilize: {every: 5s}":              func(r *RingSpec) { r.Stabilize = PeriodSpec{Every: 5 * Second} },
		"stabilize: {every: 3s, jitter: 50%}": func(r *RingSpec) { r.Stabilize.Jitter = defaultJitter },
		"fix_fingers: 9s":                     func(r *RingSpec) { r.FixFingers = PeriodSpec{Every: 9 * Second} },
		"check_predecessor: 9s":               func(r *RingSpec) { r.CheckPredecessor = PeriodSpec{Every: 9 * Second} },
		"rpc_timeout: 1s":                     func(r *RingSpec) { r.RPCTimeout, r.LookupDeadline = Second, 20*Second },
		"rpc_tries: 2":                        func(r *RingSpec) { r.RPCTries = 2 },
		"lookup_deadline: 1m":                 func(r *RingSpec) { r.LookupDeadline = Minute },
		"lookup: iterative":                   func(r *RingSpec) { r.Lookup = "iterative" },
		"fallback_fingers: 0":                 func(r *RingSpec) { r.FallbackFingers = 0 },
		"probe_owner: on":                     func(r *RingSpec) { r.ProbeOwner = true },
	} {
		want := own
		change(&want)
		if got := ring(", " + text); got != want {
			t.Errorf("with %s it is %+v, want %+v", text, got, want)
		}
	}
	// Its timers without a jitter, those of lookups with the usual one.
	s := specOf(t, "name: x\nring: {protocol: echord}\ntimeline: [{start: {nodes: 5}}, {lookup: {per_node: {every: 10s}, for: 1m}}]\n")
	if p := s.Timeline[1].Action.(*LookupStep).PerNode; p.Jitter != defaultJitter {
		t.Errorf("lookups have the jitter %v", p.Jitter)
	}
	rows := mustParse(t, "name: x\nvary: {ring.protocol: [echord, corrected]}\n"+rest, Overrides{}).Rows()
	if a, b := rows[0].Spec.Ring, rows[1].Spec.Ring; a != own || b.Bits != 64 || b.Stabilize.Jitter != defaultJitter {
		t.Errorf("a varied protocol has %+v and %+v", a, b)
	}
}

// Nodes that join upon one another, one every half second, become an ideal
// ring: successors and predecessors first, lists and fingers after. When half
// of them are killed, and the network reports it, two rounds put successors and
// predecessors right again: in the first the dead are found, in the second the
// living are made known. (E-Chord itself, 60 and 100 processes on one machine:
// 61 to 115 s after the last start, 6.2 and 6.4 s after the kill.)
func TestEChordGrowsAndHeals(t *testing.T) {
	for seed := uint64(1); seed <= 3; seed++ {
		tl := bed(t, `ring: {protocol: echord, detector: perfect}
network: {latency: 1ms}
timeline:
  - join: {nodes: 100, over: 50s}
  - wait: 5m
  - await: {ring: ideal, right_fingers: 100%, within: 5m, as: grown}
  - lookup: {count: 500, over: 10s, as: lookups}
  - fail: {fraction: 50%}
  - wait: 7s
  - measure: {ring: on, as: hit}
  - await: {ring: ideal, right_fingers: 100%, within: 5m, as: healed}
  - lookup: {count: 500, over: 10s, as: lookups_after}
`, seed, RunOptions{})
		right := sim.Time(0) // since when successors and predecessors are
		w := tl.w
		w.everyBarrier(func(now sim.Time) {
			if w.stable() < w.members.count && now < sim.Time(5*Minute) {
				right = now
			}
		})
		play(t, tl)
		if right < sim.Time(80*Second) || right > sim.Time(250*Second) {
			t.Errorf("seed %d: successors and predecessors are right after %v, not in the minutes that the real one takes", seed, right)
		}
		if !awaitOf(t, tl, "grown").Held || !awaitOf(t, tl, "healed").Held {
			t.Errorf("seed %d: the ring is not ideal: %+v", seed, w.ring(""))
		}
		for _, r := range tl.result().Rings {
			if r.Name == "hit" && (r.RightSuccessors != r.RightPredecessors || r.RightSuccessors != Ratio(1, 1) || r.Members != 50) {
				t.Errorf("seed %d: two rounds after the kill: %+v", seed, r)
			}
		}
		for _, name := range []string{"lookups", "lookups_after"} {
			if l := lookupsOf(t, tl, name); l.Correct != 500 {
				t.Errorf("seed %d: %d of 500 lookups are correct: %+v", seed, l.Correct, l)
			}
		}
	}
}

// A lookup in which the dead stand in the way: with fingers to fall back on
// more of them end well, and an answer that nobody probed may name a dead node.
func TestFallbackFingers(t *testing.T) {
	correct := map[string]int64{}
	for _, fingers := range []string{"0", "2"} {
		l := lookupsOf(t, played(t, `ring: {protocol: echord, detector: perfect, fallback_fingers: `+fingers+`}
timeline:
  - start: {nodes: 1000}
  - stabilization: off
  - fail: {fraction: 30%}
  - lookup: {count: 2000, as: hit}
`, 1), "hit")
		correct[fingers] = l.Correct
		if l.Wrong == 0 || l.Failed == 0 || l.Correct+l.Wrong+l.Failed != 2000 {
			t.Errorf("%s fingers: %+v", fingers, l)
		}
	}
	if correct["0"]+100 > correct["2"] {
		t.Errorf("correct answers: %v", correct)
	}
}
