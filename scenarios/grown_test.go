package scenarios

import (
	"slices"
	"sort"
	"testing"

	"chordsim/chord"
)

// realRing is a ring written down without any of the code under test: members
// sorted by identifier, and a search.
type realRing []chord.Peer

func ringOf(w *world) realRing {
	var ring realRing
	for a := 1; a <= w.used; a++ {
		if n := &w.nodes[a]; n.InRing() {
			ring = append(ring, n.Self())
		}
	}
	slices.SortFunc(ring, func(a, b chord.Peer) int {
		if a.ID < b.ID {
			return -1
		}
		return 1
	})
	return ring
}

// at returns the i-th member going around.
func (r realRing) at(i int) chord.Peer { return r[(i+len(r))%len(r)] }

// successor returns the place of the first member at or after a point.
func (r realRing) successor(point uint64) int {
	return sort.Search(len(r), func(i int) bool { return r[i].ID >= point }) % len(r)
}

// differs names the first thing in which a node, the i-th of the ring, is not
// as [SIGCOMM01] §4 and §5.2 define it: the member before it, the r members
// after it, and successor(id + 2^k) for every k.
func (r realRing) differs(n *chord.Node, i int, cfg *chord.Config) string {
	if n.Pred != r.at(i-1) {
		return "predecessor"
	}
	want := min(cfg.Successors, len(r)-1)
	if n.ListLen() != want {
		return "length of the list"
	}
	for k := range want {
		if n.Entry(k) != r.at(i+1+k) {
			return "list"
		}
	}
	for k := range cfg.Bits {
		if n.Finger(cfg, k) != r[r.successor((n.ID+1<<uint(k))&cfg.Mask())] {
			return "finger"
		}
	}
	return ""
}

// TestGrownRingIsASettledOne lets 10,000 nodes join one after another, by the
// protocol, on a network that mixes up their messages, and compares what every
// node then believes with what Settle gives it and with the definition:
// predecessor, list and all 64 fingers.
//
// Ten joins a second for seventeen minutes; then the ring is left until its
// fingers are right, each node refreshing one of its ten or so each 20 s.
func TestGrownRingIsASettledOne(t *testing.T) {
	nodes, over := "10000", "17m"
	if testing.Short() {
		nodes, over = "500", "1m"
	}
	const ring = `ring: {successors: 20, stabilize: 30s, fix_fingers: 20s, rpc_timeout: 2s}
network: {latency: {model: exponential, mean: 50ms, min: 5ms}}
`
	grown := played(t, ring+`timeline:
  - join: {nodes: `+nodes+`, over: `+over+`}
  - await: {ring: ideal, right_fingers: 100%, within: 2h, check: 10s, as: right}
output: {sample: 1h}
`, 3)
	settled := played(t, ring+"timeline: [{start: {nodes: "+nodes+"}}]\n", 3)
	if a := awaitOf(t, grown, "right"); !a.Held {
		t.Fatalf("the ring is not right: %+v", grown.w.ring(""))
	}
	want := ringOf(settled.w)
	if got := ringOf(grown.w); !slices.Equal(got, want) {
		t.Fatalf("the rings have other members: %d and %d", len(got), len(want))
	}
	var a, b []chord.Peer
	for i, p := range want {
		g, s := &grown.w.nodes[p.Addr], &settled.w.nodes[p.Addr]
		if what := want.differs(s, i, &settled.w.cfg); what != "" {
			t.Fatalf("node %d of the settled ring has a wrong %s", p.Addr, what)
		}
		if what := want.differs(g, i, &grown.w.cfg); what != "" {
			t.Fatalf("node %d of the grown ring has a wrong %s", p.Addr, what)
		}
		a, b = belief(g, &grown.w.cfg, a[:0]), belief(s, &settled.w.cfg, b[:0])
		if !slices.Equal(a, b) {
			t.Fatalf("node %d believes %v, settled it would believe %v", p.Addr, a, b)
		}
	}
	if len(want) < 500 {
		t.Fatalf("only %d members", len(want))
	}
}
