package scenarios

import (
	"fmt"
	"testing"

	"chordsim/chord"
	"chordsim/sim"

	"pgregory.net/rapid"
)

// quiet is a ring whose timers never go off, so that nothing happens but what
// a test brings about.
const quiet = "stabilize: 0s, fix_fingers: 0s, check_predecessor: 0s"

// The search by buckets finds the arcs that a scan finds.
func TestSortedRingFindsTheArcsOfAScan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bits := rapid.IntRange(1, 64).Draw(t, "bits")
		limit := chord.Mask(rapid.IntRange(1, bits).Draw(t, "corner"))
		ids := rapid.SliceOfNDistinct(rapid.Uint64Range(0, limit), 1, int(min(limit, 60)), rapid.ID).Draw(t, "ids")
		w := &world{}
		for i, id := range ids {
			w.nodes = append(w.nodes, chord.Node{ID: id, Addr: chord.Addr(i + 1), Status: chord.Member})
		}
		w.nodes = append([]chord.Node{{}}, w.nodes...)
		w.used = len(ids)
		real := ringOf(w)
		ring := newSortedRing(real, bits)
		for _, key := range append([]uint64{0, chord.Mask(bits), rapid.Uint64Range(0, chord.Mask(bits)).Draw(t, "key")}, ids...) {
			i := real.successor(key)
			before, owner := ring.arc(key)
			if owner != real.at(i) || before != real.at(i-1).ID {
				t.Fatalf("%d lies in (%d, %v], want (%d, %v]", key, before, owner, real.at(i-1).ID, real.at(i))
			}
		}
	})
}

// A settled ring of any size, on a circle of any, is the ring of the
// definition: also where lists go around it, and where it is one node.
func TestSettledRingIsTheRealOne(t *testing.T) {
	for _, nodes := range []int{1, 2, 3, 5, 16, 100} {
		for _, bits := range []int{8, 64} {
			tl := played(t, fmt.Sprintf("ring: {bits: %d, successors: 4, %s}\ntimeline: [{start: {nodes: %d}}]\n", bits, quiet, nodes), 1)
			w := tl.w
			real := ringOf(w)
			if len(real) != nodes || w.members.count != nodes {
				t.Fatalf("%d of %d are members", w.members.count, nodes)
			}
			for i, p := range real {
				n := &w.nodes[p.Addr]
				if what := real.differs(n, i, &w.cfg); what != "" && (nodes > 1 || what != "length of the list") {
					t.Errorf("%d nodes, %d bits: node %d has a wrong %s", nodes, bits, i, what)
				}
			}
			if r := w.ring(""); r.Verdict != "ideal" || (r.RightFingers.Defined() && r.RightFingers != 1) ||
				(nodes > 1 && r.RightLists != 1) || r.Stability != 1 {
				t.Errorf("%d nodes: %+v", nodes, r)
			}
		}
	}
}

// Without settled, all is right but the fingers, which nobody knows yet.
func TestStartWithoutFingers(t *testing.T) {
	w := played(t, "ring: {successors: 4, "+quiet+"}\ntimeline: [{start: {nodes: 50, settled: off}}]\n", 1).w
	if r := w.ring(""); r.Verdict != "ideal" || r.RightFingers != 0 || r.RightLists != 1 {
		t.Errorf("%+v", r)
	}
}

// collide gives the addresses from 1 on the identifiers of a test.
func collide(w *world, ids ...uint64) []chord.Addr {
	addrs := w.place(len(ids))
	for i, id := range ids {
		w.nodes[addrs[i]].ID = id
	}
	return addrs
}

// Of equal identifiers the first address is settled, the others are refused and
// counted; who is a member already stays one.
func TestTakenIdentifiersAreRefused(t *testing.T) {
	tl := bed(t, "ring: {bits: 8, successors: 2, "+quiet+"}\ntimeline: [{start: {nodes: 20}}]\n", 1, RunOptions{})
	w := tl.w
	w.settle(collide(w, 9, 7, 7, 7, 200))
	w.settle(collide(w, 7, 30, 200, 31, 7, 7, 7, 200, 200, 7, 7, 7, 9))
	want := map[chord.Addr]bool{1: true, 2: true, 5: true, 7: true, 9: true}
	for a := chord.Addr(1); a <= 18; a++ {
		if w.members.has(a) != want[a] || w.nodes[a].InRing() != want[a] {
			t.Errorf("node %d with identifier %d is a member: %v, want %v", a, w.nodes[a].ID, w.members.has(a), want[a])
		}
	}
	if w.judge.refused != 13 {
		t.Errorf("%d refused, want 13", w.judge.refused)
	}
	if !w.run(sim.Time(Second)) || !w.takeSnapshot().IsIdeal() || w.members.count != 5 {
		t.Errorf("what is left is no ideal ring of 5: %+v", w.ring(""))
	}
}

// Of two that join with one identifier, at once or one after the other, one
// becomes a member and the other goes; so does one that comes back to find its
// identifier taken.
func TestNobodyJoinsWithATakenIdentifier(t *testing.T) {
	tl := bed(t, "ring: {bits: 8, successors: 2, stabilize: 1s}\ntimeline: [{start: {nodes: 20}}]\n", 1, RunOptions{})
	w, d := tl.w, tl.door(Through{})
	w.settle(collide(w, 10, 60, 110, 160, 210))
	twins := collide(w, 80, 80)
	tl.enter("join", twins[:1], d)
	tl.enter("join", twins[1:], d)
	if !w.run(sim.Time(10 * Second)) {
		t.Fatal("stopped")
	}
	if w.members.count != 6 || w.members.has(twins[0]) == w.members.has(twins[1]) {
		t.Fatalf("%d members; of the twins 1: %v, 2: %v", w.members.count, w.members.has(twins[0]), w.members.has(twins[1]))
	}
	for _, a := range twins {
		if w.nodes[a].InRing() != w.members.has(a) {
			t.Errorf("twin %d believes to be in the ring: %v", a, w.nodes[a].InRing())
		}
	}
	if w.judge.refused != 1 || !w.takeSnapshot().IsIdeal() {
		t.Errorf("%d refused, %+v", w.judge.refused, w.ring(""))
	}
	gone := w.members.owner(110).Addr
	tl.dies([]uint32{w.host(gone)})
	heir := collide(w, 110)
	tl.enter("join", heir, d)
	if !w.run(sim.Time(30 * Second)) {
		t.Fatal("stopped")
	}
	tl.returns(w.host(gone), d, false)
	if !w.run(sim.Time(60 * Second)) {
		t.Fatal("stopped")
	}
	if w.members.has(gone) || w.nodes[gone].InRing() || !w.members.has(heir[0]) || !w.takeSnapshot().IsIdeal() {
		t.Errorf("two nodes share an identifier: %+v", w.ring(""))
	}
}

// Whoever joins an empty ring at one instant is in one ring, however many they
// are and under every protocol, and so is who comes later; under the rules of
// [Zave17] the first r+1 are an ideal ring from that instant on.
func TestAnEmptyRingIsFoundedOnce(t *testing.T) {
	for _, protocol := range []string{"corrected", "ton2003", "sigcomm2001", "echord"} {
		for _, nodes := range []int{1, 2, 4, 5, 6, 100} {
			tl := bed(t, fmt.Sprintf(`ring: {protocol: %s, successors: 4, stabilize: 2s, check_predecessor: 2s}
timeline:
  - join: {nodes: %d, arrivals: burst}
  - measure: {ring: on, as: founded}
  - join: {nodes: 10, over: 10s}
  - wait: 20s
  - await: {ring: ideal, right_fingers: 100%%, within: 1h, as: whole}
  - measure: {ring: on, as: whole_ring}
  - fail: {fraction: 100%%}
  - measure: {ring: on, as: empty}
  - join: {nodes: 20, over: 20s, arrivals: poisson}
  - wait: 20s
  - await: {ring: ideal, within: 1h, as: again}
`, protocol, nodes), 1, RunOptions{})
			rings := 0
			tl.w.everyBarrier(func(sim.Time) {
				if r := tl.w.takeSnapshot().Rings(); r > 1 {
					rings = r
				}
			})
			play(t, tl)
			founders := 1
			if protocol == "corrected" {
				founders = min(nodes, 5)
			}
			if got := membersOf(t, tl, "founded"); got != int64(founders) {
				t.Errorf("%s, %d nodes: %d are members at once, want %d", protocol, nodes, got, founders)
			}
			if rings > 1 {
				t.Errorf("%s, %d nodes: %d rings", protocol, nodes, rings)
			}
			if !awaitOf(t, tl, "whole").Held || membersOf(t, tl, "whole_ring") != int64(nodes)+10 {
				t.Errorf("%s, %d nodes: %d members, %+v", protocol, nodes, membersOf(t, tl, "whole_ring"), awaitOf(t, tl, "whole"))
			}
			if membersOf(t, tl, "empty") != 0 || !awaitOf(t, tl, "again").Held || tl.w.members.count != 20 {
				t.Errorf("%s, %d nodes: the second ring is %+v", protocol, nodes, tl.w.ring(""))
			}
		}
	}
}
