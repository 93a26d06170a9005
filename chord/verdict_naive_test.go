package chord

import (
	"fmt"
	"slices"
	"testing"
)

// ringDraw draws rings of a few nodes for the comparison with the naive
// definitions: from ideal ones with a few beliefs bent to wholly random ones.
type ringDraw struct{ state uint64 }

// n returns a number in [0, limit).
func (d *ringDraw) n(limit int) int {
	d.state += 0x9e3779b97f4a7c15 // splitmix64
	z := d.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return int((z ^ z>>31) >> 33 % uint64(limit))
}

func (d *ringDraw) word() uint64 {
	return uint64(d.n(1<<16))<<48 | uint64(d.n(1<<16))<<32 | uint64(d.n(1<<16))<<16 | uint64(d.n(1<<16))
}

func (d *ringDraw) ring() naiveRing {
	g := naiveRing{bits: 3 + d.n(5), r: 1 + d.n(4)}
	if g.bits == 7 {
		g.bits = 64
	}
	members := d.n(9)
	taken := map[uint64]bool{}
	for len(g.m) < members {
		id := d.word() & Mask(g.bits)
		if taken[id] {
			continue
		}
		taken[id] = true
		g.m = append(g.m, naiveNode{self: Peer{id, Addr(len(g.m) + 1)}})
	}
	for a := range g.m {
		if d.n(4) == 0 {
			g.m[a].self.Addr += 40
		}
	}
	for a := range g.m {
		g.m[a].list = g.rightList(a)
	}
	for a, n := range g.m {
		if s, ok := g.live(n.list[0]); ok {
			g.m[s].pred = g.m[a].self
		}
	}
	switch d.n(8) {
	case 0: // left ideal
	case 1: // nothing ordered
		for a := range g.m {
			g.m[a].pred = d.peer(g)
			g.m[a].list = d.list(g)
		}
	case 2: // lists of one live head each, so that cycles are many
		for a := range g.m {
			g.m[a].list = g.m[d.n(members)].list
		}
	case 3: // every node's head skips the same number of members
		for a := range g.m {
			g.m[a].list = []Peer{g.kth(a, min(2, members-1))}
		}
	default:
		for range 1 + d.n(4) {
			d.bend(&g)
		}
	}
	for range d.n(4) {
		self := d.peer(g)
		if self.None() {
			continue
		}
		list := d.list(g)
		if n := len(g.m); n > 0 && d.n(4) > 0 {
			self, list = g.m[d.n(n)].self, g.m[d.n(n)].list
		}
		g.ghosts = append(g.ghosts, naiveNode{self: self, list: list})
	}
	for i := range g.m { // the order in which members are added is no order
		j := d.n(i + 1)
		g.m[i], g.m[j] = g.m[j], g.m[i]
	}
	return g
}

// bend spoils one belief, or kills or hides a member.
func (d *ringDraw) bend(g *naiveRing) {
	if len(g.m) == 0 {
		return
	}
	n := &g.m[d.n(len(g.m))]
	switch list := slices.Clone(n.list); d.n(9) {
	case 0:
		n.pred = d.peer(*g)
	case 1:
		n.list = d.list(*g)
	case 2: // one entry
		if len(list) > 0 {
			list[d.n(len(list))] = d.peer(*g)
			n.list = list
		}
	case 3: // shorter
		n.list = list[:d.n(len(list)+1)]
	case 4: // longer
		n.list = append(list, d.peer(*g))
	case 5: // the head missed
		if len(list) > 0 {
			n.list = list[1:]
		}
	case 6: // two entries swapped
		if len(list) > 1 {
			k := d.n(len(list) - 1)
			list[k], list[k+1] = list[k+1], list[k]
			n.list = list
		}
	case 7: // a member dies
		i := d.n(len(g.m))
		g.m = slices.Delete(g.m, i, i+1)
	case 8: // a member that nobody knows yet
		id := d.word() & Mask(g.bits)
		if slices.ContainsFunc(g.m, func(m naiveNode) bool { return m.self.ID == id }) {
			return
		}
		m := naiveNode{self: Peer{id, Addr(90 + d.n(1<<20))}}
		if slices.ContainsFunc(g.m, func(o naiveNode) bool { return o.self.Addr == m.self.Addr }) {
			return
		}
		g.m = append(g.m, m)
		a := len(g.m) - 1
		g.m[a].list = g.rightList(a)
	}
}

// peer draws nobody, a member, an earlier life of a member's address or
// identifier, or a dead node.
func (d *ringDraw) peer(g naiveRing) Peer {
	dead := Peer{d.word() & Mask(g.bits), Addr(2000 + d.n(5))}
	if len(g.m) == 0 {
		return dead
	}
	m := g.m[d.n(len(g.m))].self
	switch d.n(12) {
	case 0:
		return Peer{}
	case 1:
		return Peer{m.ID, dead.Addr}
	case 2:
		return Peer{dead.ID, m.Addr}
	case 3:
		return dead
	}
	return m
}

func (d *ringDraw) list(g naiveRing) []Peer {
	var list []Peer
	for range d.n(g.r + 2) {
		list = append(list, d.peer(g))
	}
	return list
}

func (g naiveRing) snapshot(s *Snapshot) *Snapshot {
	if s == nil || s.bits != g.bits || s.r != g.r {
		s = NewSnapshot(g.bits, g.r)
	}
	s.Reset(len(g.m))
	for _, n := range g.m {
		s.Add(n.self, n.pred, n.list)
	}
	for _, n := range g.ghosts {
		s.AddGhost(n.self, n.list)
	}
	s.Seal()
	return s
}

func (g naiveRing) String() string {
	text := fmt.Sprintf("%d bits, r %d", g.bits, g.r)
	for _, n := range g.m {
		text += fmt.Sprintf("\n  %x: pred %x list %x", n.self, n.pred, n.list)
	}
	for _, n := range g.ghosts {
		text += fmt.Sprintf("\n  in flight for %x: list %x", n.self, n.list)
	}
	return text
}

const (
	comparedRings = 100_000
	// Each truth value of each property must come up this often for the
	// comparison to mean something.
	leastSeen = 100
)

func TestVerdictsAgreeWithTheDefinitions(t *testing.T) {
	draw := ringDraw{state: 1}
	var held, failed [NumProperties]int
	words := map[Word]int{}
	snaps := map[[2]int]*Snapshot{}
	for range comparedRings {
		g := draw.ring()
		key := [2]int{g.bits, g.r}
		snaps[key] = g.snapshot(snaps[key])
		s := snaps[key]

		want, have := g.report(), s.Report()
		if want != have {
			t.Fatalf("%v\nreported %+v (%v)\nby definition %+v (%v)", g, have, have.Holds, want, want.Holds)
		}
		if s.Word() != want.Word || s.IsIdeal() != (want.Word == WordIdeal) {
			t.Fatalf("%v\nword %s, ideal %v; by definition %s", g, s.Word(), s.IsIdeal(), want.Word)
		}
		var principals []Peer
		for _, p := range g.principals(g.m) {
			principals = append(principals, g.m[p].self)
		}
		slices.SortFunc(principals, func(a, b Peer) int {
			if a.ID < b.ID {
				return -1
			}
			return 1
		})
		if set := s.AppendPrincipals(nil); !slices.Equal(set, principals) {
			t.Fatalf("%v\nprincipals %v, by definition %v", g, set, principals)
		}
		words[want.Word]++
		for p := range Property(NumProperties) {
			if want.Holds.Has(p) {
				held[p]++
			} else {
				failed[p]++
			}
		}
	}
	for p := range Property(NumProperties) {
		if held[p] < leastSeen || failed[p] < leastSeen {
			t.Errorf("%v held %d times and failed %d times: want %d of each", p, held[p], failed[p], leastSeen)
		}
	}
	for _, w := range []Word{WordIdeal, WordRing, WordLoopy, WordSplit, WordBroken} {
		if words[w] < leastSeen {
			t.Errorf("%s came up %d times, want %d", w, words[w], leastSeen)
		}
	}
}

// A witness must be to blame: with the definition restricted to it, the
// property fails.
func TestWitnessesAreMembers(t *testing.T) {
	draw := ringDraw{state: 2}
	for range 5_000 {
		g := draw.ring()
		s := g.snapshot(nil)
		for p := range Property(NumProperties) {
			ok, who := s.Check(p)
			if ok && !who.None() {
				t.Fatalf("%v\n%v holds, and blames %x", g, p, who)
			}
			if !ok && !who.None() {
				if _, member := g.live(who); !member {
					t.Fatalf("%v\n%v blames %x, which is no member", g, p, who)
				}
			}
		}
	}
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
