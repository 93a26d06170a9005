package chord

import (
	"fmt"
	"slices"
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
	if s == nil || s.Bits != g.bits || s.R != g.r {
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
