package chord

import (
	"testing"

	"pgregory.net/rapid"
)

// drawKnowing draws a node that knows a few others: a settled one with some
// of its fingers and entries replaced by strangers, as churn leaves them.
func drawKnowing(t *rapid.T) (*Node, []Peer, Config) {
	ring, cfg := drawRing(t)
	n := settled(ring, rapid.IntRange(0, len(ring)-1).Draw(t, "node"), &cfg)
	out := Out{Config: &cfg}
	stranger := rapid.Custom(func(t *rapid.T) Peer {
		return Peer{rapid.Uint64Range(0, cfg.Mask()).Draw(t, "stranger"), Addr(rapid.IntRange(1000, 1010).Draw(t, "addr"))}
	})
	for range rapid.IntRange(0, 3).Draw(t, "strange fingers") {
		i, p := rapid.IntRange(0, cfg.Bits-1).Draw(t, "finger"), stranger.Draw(t, "peer")
		if p.ID != n.ID { // no two members share an identifier
			n.setFingers(&out, i, i, p)
		}
	}
	for range rapid.IntRange(0, 2).Draw(t, "strange entries") {
		i, p := rapid.IntRange(0, min(int(n.listLen), cfg.Successors-1)).Draw(t, "at"), stranger.Draw(t, "peer")
		before, after := n.ID, n.ID
		if i > 0 {
			before = n.listIDs[i-1]
		}
		if i < int(n.listLen) {
			after = n.listIDs[i]
		}
		if n.Entry(0) != n.Self() && Between(before, p.ID, after) { // lists are in ring order
			n.insertEntry(&cfg, i, p)
		}
	}
	return n, ring, cfg
}

// drawDead draws D from what the node knows.
func drawDead(t *rapid.T, n *Node) []Addr {
	var dead []Addr
	for _, p := range append(n.AppendList(nil), storedPeers(n)...) {
		if rapid.IntRange(0, 2).Draw(t, "dead") == 0 {
			dead = append(dead, p.Addr)
		}
	}
	return dead
}

func storedPeers(n *Node) []Peer {
	var peers []Peer
	for i := range int(n.fingerLen) {
		if f := n.finger(i); !f.None() {
			peers = append(peers, f)
		}
	}
	return peers
}

// steps is how far clockwise it is from a to b, and the whole circle if they
// are the same.
func steps(a, b, mask uint64) uint64 { return (b - a - 1) & mask }

// find is protocol §2: with e the first entry not in D, the owners from e on
// if the key lies in (n, e]; else the closest preceding of what the node
// knows; nothing left: none. Fingers that lie within the list are the list's,
// unless nobody else is left.
func TestFindAgainstDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, _, cfg := drawKnowing(t)
		dead, mask := drawDead(t, n), cfg.Mask()
		key := rapid.Uint64Range(0, mask).Draw(t, "key")
		list := n.AppendList(nil)

		first := -1
		for i := len(list) - 1; i >= 0; i-- {
			if !contains(dead, list[i].Addr) {
				first = i
			}
		}
		known := list
		for _, f := range storedPeers(n) {
			if len(list) == 0 || Between(list[len(list)-1].ID, f.ID, n.ID) {
				known = append(known, f)
			}
		}
		closest := func(known []Peer) (best Peer) {
			for _, p := range known {
				if contains(dead, p.Addr) || p.ID == n.ID || steps(n.ID, p.ID, mask) >= steps(n.ID, key, mask) {
					continue
				}
				if best.None() || Between(best.ID, p.ID, key) {
					best = p
				}
			}
			return best
		}
		best := closest(known)
		if best.None() {
			best = closest(storedPeers(n))
		}
		r, at, p := n.find(&cfg, key, dead)
		switch {
		case first >= 0 && steps(n.ID, key, mask) <= steps(n.ID, list[first].ID, mask):
			if r != routeOwners || at != first {
				t.Fatalf("route %d at %d, want the owners from %d on", r, at, first)
			}
		case !best.None():
			if r != routeNext || p.ID != best.ID {
				t.Fatalf("route %d to %v, want %v", r, p, best)
			}
		case r != routeNone:
			t.Fatalf("route %d to %v, want none", r, p)
		}
	})
}

// Every hop of a lookup in a settled ring comes closer to the key, and it ends
// at the key's predecessor in no more than m hops.
func TestRoutesEndAtThePredecessor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ring, cfg := drawRing(t)
		mask := cfg.Mask()
		at, key := rapid.IntRange(0, len(ring)-1).Draw(t, "from"), rapid.Uint64Range(0, mask).Draw(t, "key")
		for hops := 0; ; hops++ {
			n := settled(ring, at, &cfg)
			r, first, p := n.find(&cfg, key, nil)
			if r == routeOwners {
				if want := owner(ring, key, mask); n.Entry(first) != want {
					t.Fatalf("%v names %v, the owner is %v", n.Self(), n.Entry(first), want)
				}
				return
			}
			if r != routeNext || steps(p.ID, key, mask) >= steps(n.ID, key, mask) {
				t.Fatalf("%v goes on to %v on the way to %d", n.Self(), p, key)
			}
			if hops > cfg.Bits {
				t.Fatalf("%d hops on %d bits", hops, cfg.Bits)
			}
			for i := range ring {
				if ring[i] == p {
					at = i
				}
			}
		}
	})
}

// A list is walked in order: the first entry at or after a key that it covers.
func TestOwnerInListAgainstDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ring, cfg := drawRing(t)
		n := settled(ring, rapid.IntRange(0, len(ring)-1).Draw(t, "node"), &cfg)
		key := rapid.Uint64Range(0, cfg.Mask()).Draw(t, "key")
		last := n.Entry(n.ListLen() - 1)
		covered := steps(n.ID, key, cfg.Mask()) <= steps(n.ID, last.ID, cfg.Mask())
		if got := n.inList(key); got != covered {
			t.Fatalf("inList(%d) = %v", key, got)
		}
		want := Peer{}
		if covered {
			want = owner(ring, key, cfg.Mask())
		}
		if got := n.ownerInList(key); got != want {
			t.Fatalf("ownerInList(%d) = %v, want %v", key, got, want)
		}
	})
}
