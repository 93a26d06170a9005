package chord

import "slices"

// failing is what a test has to say it by.
type failing interface{ Fatalf(string, ...any) }

// checkNodes holds every node to what is true of it after any event: a list of
// at most r, itself in it only if it is all the node knows, a finger table in
// order. With ordered, lists are in ring order, without repetition, and never
// empty: that is so while nothing fails.
func checkNodes(t failing, m *miniature, ordered bool) {
	for _, n := range m.nodes {
		list := n.AppendList(nil)
		if len(list) > m.cfg.Successors {
			t.Fatalf("%d: list %v is longer than %d", n.ID, list, m.cfg.Successors)
		}
		if m.cfg.Rules.Refresh != RefreshReconcile && len(list) > 1 && slices.ContainsFunc(list, func(p Peer) bool { return p.Addr == n.Addr }) {
			t.Fatalf("%d: itself in its list %v", n.ID, list)
		}
		if n.fingerLen < 1 || n.fingerLen > MaxFingers || n.fingerMask&1 == 0 || ones(n.fingerMask) != int(n.fingerLen) {
			t.Fatalf("%d: %d fingers for mask %b", n.ID, n.fingerLen, n.fingerMask)
		}
		if n.fingerMask&^Mask(m.cfg.Bits) != 0 && m.cfg.Bits < 64 && n.fingerMask>>uint(m.cfg.Bits) != 0 {
			t.Fatalf("%d: fingers beyond m: %b", n.ID, n.fingerMask)
		}
		if !ordered || !n.InRing() {
			continue
		}
		if len(list) == 0 {
			t.Fatalf("%d: a member without a list", n.ID)
		}
		for i := 1; i < len(list); i++ {
			if !Between(n.ID, list[i-1].ID, list[i].ID) {
				t.Fatalf("%d: list %v is out of order", n.ID, list)
			}
		}
	}
}

func ones(mask uint64) (count int) {
	for ; mask != 0; mask &= mask - 1 {
		count++
	}
	return count
}

// checkIdeal holds the members to the truth: these and no others are members,
// with the right predecessor, list and fingers.
func checkIdeal(t failing, m *miniature, ids []uint64) {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	ring := make([]Peer, len(ids))
	for i, id := range ids {
		ring[i] = named(id)
	}
	for i, id := range ids {
		n := m.node(id)
		if n.Status != Member {
			t.Fatalf("%d is no member", id)
		}
		if want := ring[(i+len(ring)-1)%len(ring)]; n.Pred != want {
			t.Fatalf("%d: predecessor %v, want %v", id, n.Pred, want)
		}
		if got, want := n.AppendList(nil), trueList(ring, i, m.cfg.Successors); !slices.Equal(got, want) {
			t.Fatalf("%d: list %v, want %v", id, got, want)
		}
		for f := range m.cfg.Bits {
			if got, want := n.Finger(&m.cfg, f), owner(ring, id+1<<uint(f), m.cfg.Mask()); got != want {
				t.Fatalf("%d: finger %d is %v, want %v", id, f, got, want)
			}
		}
	}
}
