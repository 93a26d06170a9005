package scenarios

import "testing"

// The protocol of the 2012 model has lists of two, and a timer of fix_fingers
// beside its rounds.
func TestDefaultsOfZave(t *testing.T) {
	ring := specOf(t, "name: x\nring: {protocol: zave2012}\ntimeline: [{start: {nodes: 5}}]\n").Ring
	want := Defaults().Ring
	want.Protocol, want.Successors, want.RPCTries = "zave2012", 2, 1
	want.FixFingers, want.LookupDeadline = want.Stabilize, 10*Second
	if ring != want {
		t.Errorf("the ring of zave2012 is %+v, want %+v", ring, want)
	}
}

// Joins alone end in an ideal ring. After failures the rounds of the model
// repaired by both switches heal the ring; without the repair of stabilize some
// members adopt a dead successor anew, have none behind it and are cut off.
func TestRoundsOfZave(t *testing.T) {
	for _, c := range []struct {
		rules  string
		healed bool
	}{
		{"{}", false},
		{"{join: successor_alive}", false},
		{"{better_successor: adopt_alive}", true},
		{"{join: successor_alive, better_successor: adopt_alive}", true},
	} {
		tl := played(t, `ring: {protocol: zave2012, stabilize: 10s, check_predecessor: 30s, detector: perfect, rules: `+c.rules+`}
timeline:
  - join: {nodes: 60, over: 10m}
  - await: {ring: ideal, within: 2h, as: grown}
  - fail: {count: 1}
  - wait: 20m
  - fail: {count: 1}
  - wait: 20m
  - fail: {count: 1}
  - wait: 20m
  - fail: {count: 1}
  - wait: 20m
  - lookup: {count: 500, as: after}
`, 3)
		if a := awaitOf(t, tl, "grown"); !a.Held {
			t.Errorf("%s: the ring that grew is %+v", c.rules, a)
		}
		ring := tl.w.ring("")
		if healed := ring.Verdict == "ideal"; healed != c.healed || c.healed != (ring.CutOff == 0) || ring.Members != 56 {
			t.Errorf("%s: after four failures the ring is %+v", c.rules, ring)
		}
		l := lookupsOf(t, tl, "after")
		if right := l.Correct == 500; right != c.healed {
			t.Errorf("%s: %d of 500 lookups are right", c.rules, l.Correct)
		}
	}
}
