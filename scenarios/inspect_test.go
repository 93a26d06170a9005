package scenarios

import (
	"fmt"
	"slices"
	"testing"

	"chordsim/chord"
	"chordsim/sim"
)

// hurt is a ring with much that is wrong in it: half of it has just failed,
// others have just joined, and little of either has got about.
func hurt(t *testing.T, seed uint64, nodes int, virtual int) *world {
	t.Helper()
	return played(t, fmt.Sprintf(`ring: {bits: 16, successors: 5, stabilize: 5s, fix_fingers: 5s, virtual_nodes: %d}
timeline:
  - start: {nodes: %d}
  - fail: {fraction: 50%%}
  - join: {nodes: %d, over: 4s}
  - wait: 3s
`, virtual, nodes, nodes/2), seed).w
}

// naiveFingers counts the distinct true fingers beyond a node's list, and those
// of them that the node has right, finger by finger.
func naiveFingers(w *world, ring realRing) (right, all int64) {
	for _, p := range ring {
		n := &w.nodes[p.Addr]
		reach := uint64(0)
		if n.ListLen() > 0 {
			reach = (n.Entry(n.ListLen()-1).ID - n.ID) & w.cfg.Mask()
		}
		var before chord.Peer
		ok := false
		for i := range w.cfg.Bits {
			if 1<<uint(i) <= reach {
				continue
			}
			owner := ring[ring.successor((p.ID+1<<uint(i))&w.cfg.Mask())]
			if owner != before {
				if ok {
					right++
				}
				before, ok = owner, true
				all++
			}
			ok = ok && n.Finger(&w.cfg, i) == owner
		}
		if ok {
			right++
		}
	}
	return right, all
}

// What is said of a ring is what counting it out one by one gives.
func TestRingIsCountedOut(t *testing.T) {
	partly := 0
	for seed := uint64(1); seed <= 30; seed++ {
		for _, nodes := range []int{2, 4, 30} {
			w := hurt(t, seed, nodes, 1)
			ring := ringOf(w)
			var successors, predecessors, both int64
			for i, p := range ring {
				n := &w.nodes[p.Addr]
				s, q := n.Successor() == ring.at(i+1), n.Pred == ring.at(i-1)
				if s {
					successors++
				}
				if q {
					predecessors++
				}
				if s && q {
					both++
				}
			}
			members := int64(len(ring))
			got := w.ring("it")
			right, all := naiveFingers(w, ring)
			want := got
			want.Name, want.Time, want.Members = "it", Seconds(int64(w.engine.Now())), members
			want.RightSuccessors, want.RightPredecessors = Ratio(successors, members), Ratio(predecessors, members)
			want.Stability, want.RightFingers = Ratio(both, members), Ratio(right, all)
			want.BelowProof = members < 6
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("seed %d, %d nodes: %+v\nwant %+v", seed, nodes, got, want)
			}
			if 0 < both && both < members && 0 < right && right < all {
				partly++
			}
			s := w.sampleRing()
			if s.members != members || s.successors != want.RightSuccessors && members > 0 || fmt.Sprint(s.fingers) != fmt.Sprint(want.RightFingers) {
				t.Errorf("seed %d, %d nodes: sampled %+v, want %+v", seed, nodes, s, want)
			}
		}
	}
	if partly < 20 {
		t.Errorf("only %d rings are partly right", partly)
	}
}

// A ring of nobody, of one, and one in which nothing is right.
func TestRingsAtTheEdge(t *testing.T) {
	w := bed(t, "ring: {bits: 8, successors: 2, "+quiet+"}\ntimeline: [{start: {nodes: 20}}]\n", 1, RunOptions{}).w
	if r := w.ring(""); r.Members != 0 || r.Verdict != "broken" || r.RightFingers.Defined() || r.Stability.Defined() || !r.BelowProof {
		t.Errorf("nobody: %+v", r)
	}
	addrs := collide(w, 10, 255, 100)
	w.settle(addrs[:1])
	if r := w.ring(""); r.Members != 1 || r.Verdict != "ideal" || r.Stability != 1 || r.RightSuccessors != 1 || !r.BelowProof {
		t.Errorf("one: %+v", r)
	}
	w.settle(addrs[1:])
	if r := w.ring(""); r.Members != 3 || r.Stability != 1 || r.BelowProof != false {
		t.Errorf("three: %+v", r)
	}
	for _, a := range addrs {
		w.nodes[a].Pred = chord.Peer{}
	}
	if r := w.ring(""); r.Stability != 0 || r.RightPredecessors != 0 || r.RightSuccessors != 1 || r.Verdict != "ring" || len(r.Violated) == 0 {
		t.Errorf("without predecessors: %+v", r)
	}
}

// Each key is counted at the host that owns it: all of them, at those alive.
func TestLoadsAreByHost(t *testing.T) {
	for _, virtual := range []int{1, 3} {
		w := hurt(t, 1, 40, virtual)
		ring := ringOf(w)
		const keys = 5000
		want := map[uint32]int64{}
		hosts := 0
		for _, p := range ring {
			if _, known := want[w.host(p.Addr)]; !known {
				hosts++
				want[w.host(p.Addr)] = 0
			}
		}
		r := sim.NewRand(sim.NewStream(1, 2, 3))
		for range keys {
			want[w.host(ring[ring.successor(r.Uint64()&w.cfg.Mask())].Addr)]++
		}
		got := w.loads(keys, sim.NewRand(sim.NewStream(1, 2, 3)))
		if len(got) != hosts {
			t.Fatalf("%d virtual nodes: %d hosts, want %d", virtual, len(got), hosts)
		}
		i, total := 0, int64(0)
		for h := uint32(1); int(h) <= w.used/virtual; h++ {
			if n, alive := want[h]; alive {
				if got[i] != n {
					t.Errorf("%d virtual nodes: host %d has %d keys, want %d", virtual, h, got[i], n)
				}
				total += got[i]
				i++
			}
		}
		if total != keys {
			t.Errorf("%d of %d keys are counted", total, keys)
		}
	}
}

// Every property of the proofs is a truth that expectations read, false where result.json lists it as violated.
func TestPropertiesAreTruths(t *testing.T) {
	w := hurt(t, 1, 40, 1)
	ring := w.ring("")
	holds := map[string]Value{}
	ring.each(func(name string, v Value) { holds[name] = v })
	violated := 0
	for p := range chord.Property(chord.NumProperties) {
		want := !slices.Contains(ring.Violated, p.String())
		if !want {
			violated++
		}
		if got := holds["holds."+p.String()]; got != truthOf(want) {
			t.Errorf("%v holds: %+v, want %v", p, got, want)
		}
	}
	if ok, _ := w.takeSnapshot().Ideal(); ok || violated == 0 || violated == chord.NumProperties {
		t.Errorf("%d properties are violated in a ring that was hurt", violated)
	}
}
