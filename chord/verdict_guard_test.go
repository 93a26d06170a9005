package chord

import "testing"

// without is the ring after the departure of a member, with the ghosts that
// were meant for it.
func (g naiveRing) without(x int) naiveRing {
	gone := g.m[x].self
	next := naiveRing{bits: g.bits, r: g.r}
	for _, n := range g.m {
		if n.self != gone {
			next.m = append(next.m, n)
		}
	}
	for _, n := range g.ghosts {
		if n.self != gone {
			next.ghosts = append(next.ghosts, n)
		}
	}
	return next
}

// guarded is the condition of §1c.7, ghosts counted.
func (g naiveRing) guarded() bool {
	lists := append(append([]naiveNode{}, g.m...), g.ghosts...)
	for _, n := range lists {
		alive := false
		for _, e := range n.list {
			_, ok := g.live(e)
			alive = alive || ok
		}
		if !alive {
			return false
		}
	}
	return len(g.principals(lists)) >= g.r+1
}

func TestGuardAgreesWithBruteForce(t *testing.T) {
	draw := ringDraw{state: 3}
	guard := &Guard{}
	allowed, refused, byGhosts := 0, 0, 0
	for range 20_000 {
		g := draw.ring()
		s := g.snapshot(nil)
		guard.Reset(s)
		left := g
		for len(left.m) > 0 {
			if guard.Holds() != left.guarded() || guard.Members() != len(left.m) {
				t.Fatalf("%v\nleft %v\nguard holds %v with %d members", g, left, guard.Holds(), guard.Members())
			}
			for x, n := range left.m {
				i, ok := s.Index(n.self)
				if !ok {
					t.Fatalf("%v\nhas no member %x", g, n.self)
				}
				can, want := guard.CanRemove(i), left.without(x).guarded()
				if can != want {
					t.Fatalf("%v\nleft %v\n%x may depart: %v, by definition %v", g, left, n.self, can, want)
				}
				if can {
					allowed++
				} else {
					refused++
				}
				blind := left.without(x)
				blind.ghosts = nil
				if !can && blind.guarded() {
					byGhosts++
				}
			}
			x := draw.n(len(left.m))
			i, _ := s.Index(left.m[x].self)
			guard.Remove(i)
			if guard.CanRemove(i) {
				t.Fatalf("%v\n%x may depart twice", g, left.m[x].self)
			}
			left = left.without(x)
		}
	}
	if allowed < leastSeen || refused < leastSeen || byGhosts < leastSeen {
		t.Errorf("%d departures allowed, %d refused, %d only for lists in flight: want %d of each", allowed, refused, byGhosts, leastSeen)
	}
}

// Five members with lists of two, all principals: two may depart before the
// third would leave r.
func TestGuardKeepsPrincipals(t *testing.T) {
	s := believe(3, 2, "0<6: 1 3 | 1<0: 3 5 | 3<1: 5 6 | 5<3: 6 0 | 6<5: 0 1")
	g := NewGuard(s)
	for step, want := range []bool{true, true, false} {
		if g.CanRemove(0) && step > 0 {
			t.Fatal("a member departs twice")
		}
		i := []int{0, 2, 4}[step]
		if can := g.CanRemove(i); can != want {
			t.Fatalf("departure %d allowed: %v, with %d principals", step+1, can, g.Principals())
		}
		if want {
			g.Remove(i)
		}
	}
	if g.Principals() != 3 || g.Members() != 3 || !g.Holds() {
		t.Errorf("%d principals of %d members remain, want 3 of 3", g.Principals(), g.Members())
	}
}

// A member keeps one entry at least: with 1 gone, 2 is all that 0 knows.
func TestGuardKeepsLiveEntries(t *testing.T) {
	s := believe(3, 2, "0<7: 1 2 | 1<0: 2 3 | 2<1: 3 4 | 3<2: 4 5 | 4<3: 5 6 | 5<4: 6 7 | 6<5: 7 0 | 7<6: 0 1")
	g := NewGuard(s)
	g.Remove(1)
	if g.CanRemove(2) {
		t.Error("2 may depart, although 0 knows nobody else alive")
	}
	if !g.CanRemove(3) {
		t.Error("3 may not depart, although 1 has gone and 2 still knows 4")
	}
}

// The pair of a joiner and the successor that it has looked up keeps that
// successor in the ring, and departs with nobody but the joiner.
func TestGuardCountsTheJoinersPair(t *testing.T) {
	g := NewGuard(fiveAndAGhost(Peer{2, 3}, Peer{3, 4}))
	if g.CanRemove(2) {
		t.Error("3 may depart, although a joiner has looked it up")
	}
	if !g.CanRemove(1) {
		t.Error("1 may not depart, although no list in flight needs it")
	}
}

// A list in flight departs with the member that it is meant for: afterwards
// it binds nobody.
func TestGuardDropsListsOfTheDeparted(t *testing.T) {
	g := NewGuard(fiveAndAGhost(Peer{0, 1}, Peer{3, 4}))
	if g.CanRemove(2) {
		t.Error("3 may depart, although 0 is about to know nobody else")
	}
	g.Remove(0)
	if !g.CanRemove(2) {
		t.Error("3 may not depart, although the list that needed it has gone with 0")
	}
}

// A list in flight skips members as a member's own does.
func TestGuardCountsSkipsInFlight(t *testing.T) {
	g := NewGuard(fiveAndAGhost(Peer{0, 1}, Peer{6, 7}))
	if g.Principals() != 2 || g.Holds() {
		t.Errorf("%d principals, want 2: the list from 0 to 6 skips three of five", g.Principals())
	}
	if !g.CanRemove(0) {
		t.Error("0 may not depart, although its list skips the others")
	}
}

// fiveAndAGhost is an ideal ring of 0, 1, 3, 5, 6 with lists of two, and a
// list in flight for one node.
func fiveAndAGhost(self Peer, list ...Peer) *Snapshot {
	s := NewSnapshot(3, 2)
	ids := []uint64{0, 1, 3, 5, 6}
	peer := func(i int) Peer { return Peer{ids[i%5], Addr(ids[i%5] + 1)} }
	for i := range ids {
		s.Add(peer(i), peer(i+4), []Peer{peer(i + 1), peer(i + 2)})
	}
	s.AddGhost(self, list)
	s.Seal()
	return s
}

func TestGuardPanicsWhenAMemberDepartsTwice(t *testing.T) {
	g := NewGuard(believe(3, 2, "0<1: 1 | 1<0: 0"))
	g.Remove(0)
	mustPanic(t, "a second departure", func() { g.Remove(0) })
}
