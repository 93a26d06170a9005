package chord

import "testing"

// guardedBut is the condition of §1c.7 while some members are leaving, written
// from the comment on leavers.
func (g naiveRing) guardedBut(leaving map[Peer]bool) bool {
	lists := append(append([]naiveNode{}, g.m...), g.ghosts...)
	stays := func(e Peer) bool {
		_, ok := g.live(e)
		return ok && !leaving[e]
	}
	for _, n := range lists {
		alive := false
		for k, e := range n.list {
			alive = alive || stays(e) && (k == 0 || !leaving[n.self])
		}
		if !alive {
			return false
		}
	}
	principals := 0
	for _, p := range g.principals(lists) {
		if !leaving[g.m[p].self] {
			principals++
		}
	}
	return principals > g.r
}

// with is a set of leavers and one more.
func with(leaving map[Peer]bool, p Peer) map[Peer]bool {
	out := map[Peer]bool{p: true}
	for q := range leaving {
		out[q] = true
	}
	return out
}

func TestGuardOfLeaversAgreesWithBruteForce(t *testing.T) {
	draw := ringDraw{state: 5}
	guard := &Guard{}
	var crashes, leaves [2]int
	stricter := 0
	for range 20_000 {
		left := draw.ring()
		guard.Reset(left.snapshot(nil))
		leaving := map[Peer]bool{}
		for len(leaving) < len(left.m) {
			var staying []int
			for x, n := range left.m {
				i, _ := guard.s.Index(n.self)
				crash, leave := guard.CanRemove(i), guard.CanRetire(i)
				wantCrash, wantLeave := false, false
				if !leaving[n.self] {
					staying = append(staying, x)
					wantCrash = left.without(x).guardedBut(leaving)
					wantLeave = left.guardedBut(with(leaving, n.self))
				}
				if crash != wantCrash || leave != wantLeave {
					t.Fatalf("%v\nwhile %v are leaving, %x may crash: %v, by definition %v; leave: %v, by definition %v",
						left, leaving, n.self, crash, wantCrash, leave, wantLeave)
				}
				crashes[btoi(crash)]++
				leaves[btoi(leave)]++
				stricter += btoi(crash && !leave)
			}
			if guard.Holds() != left.guardedBut(leaving) || guard.Members() != len(staying) {
				t.Fatalf("%v\nleaving %v\nguard holds %v with %d members", left, leaving, guard.Holds(), guard.Members())
			}
			x := staying[draw.n(len(staying))]
			i, _ := guard.s.Index(left.m[x].self)
			if draw.n(2) == 0 {
				guard.Remove(i)
				left = left.without(x)
			} else {
				guard.Retire(i)
				leaving[left.m[x].self] = true
			}
		}
	}
	if min(crashes[0], crashes[1], leaves[0], leaves[1], stricter) < leastSeen {
		t.Errorf("crashes refused and allowed %v, leaves %v, %d crashes allowed where a leave was not: want %d of each", crashes, leaves, stricter, leastSeen)
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// 0 knows the leaver and the node behind it; whoever copies that list while
// the leaver still answers will hold these two and no more.
func TestGuardKeepsTheHeadOfALeaver(t *testing.T) {
	s := believe(3, 2, "0<7: 1 2 | 1<0: 2 3 | 2<1: 3 4 | 3<2: 4 5 | 4<3: 5 6 | 5<4: 6 7 | 6<5: 7 0 | 7<6: 0 1")
	g := NewGuard(s)
	if !g.CanRetire(1) {
		t.Fatal("1 may not leave an ideal ring")
	}
	g.Retire(1)
	if g.CanRemove(2) || g.CanRetire(2) {
		t.Error("2 may depart, although it is the head of a leaver's list")
	}
	if !g.CanRemove(4) || !g.CanRetire(4) {
		t.Error("4 may not depart, although nobody needs it")
	}
	if g.Members() != 7 {
		t.Errorf("%d members remain, want 7", g.Members())
	}
	mustPanic(t, "a second departure", func() { g.Retire(1) })
	mustPanic(t, "a crash of a leaver that departs", func() { g.Remove(1) })
}
