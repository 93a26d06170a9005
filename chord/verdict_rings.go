package chord

// The verdicts on the graph of best successors. Each member has at most one
// edge, to b(n), the first live entry of its list; so a walk along the edges
// ends in a cycle or at a member without one. Every method here is O(N).
//
// A method returns whether the property holds and, where it does not, a
// member at which it fails (the zero Peer where no member is to blame). A
// statement about all members of an empty set is true: without a ring,
// OrderedRing, AtMostOneRing, OrderedMerges and OrderedAppendages hold.

// snapRings is the graph of b, coloured.
type snapRings struct {
	known  bool
	cycles int
	second int32   // a member of the second cycle found, when there is one
	root   []int32 // of each member: the first ring member on its walk (itself on a ring), or −1
}

// Colours of members whose root is not yet known.
const (
	unvisited int32 = -2
	onPath    int32 = -3
)

// colour finds the cycles of b and the root of every member.
func (s *Snapshot) colour() *snapRings {
	g := &s.rings
	if g.known {
		return g
	}
	g.known, g.cycles, g.second = true, 0, -1
	g.root = resize(g.root, len(s.next))
	for i := range g.root {
		g.root[i] = unvisited
	}
	path := resize(s.work, len(s.next))[:0]
	for i := range g.root {
		path = path[:0]
		v := int32(i)
		for v >= 0 && g.root[v] == unvisited {
			g.root[v] = onPath
			path = append(path, v)
			v = s.next[v]
		}
		root := int32(-1)
		if v >= 0 && g.root[v] == onPath {
			// The walk came back to itself: what follows v on the path is
			// a new cycle, what precedes it an appendage of v.
			g.cycles++
			if g.cycles == 2 {
				g.second = v
			}
			for closed := false; !closed; path = path[:len(path)-1] {
				u := path[len(path)-1]
				g.root[u] = u
				closed = u == v
			}
		}
		if v >= 0 {
			root = g.root[v]
		}
		for _, u := range path {
			g.root[u] = root
		}
	}
	s.work = path
	return g
}

// onRing reports whether member i reaches itself along b.
func (g *snapRings) onRing(i int32) bool { return g.root[i] == i }

// Rings returns the number of cycles of b.
func (s *Snapshot) Rings() int { return s.colour().cycles }

// OneLiveSuccessor: every member's list has a live entry. A member's own
// entry counts, as it is a live member of its own ring ([Zave12], event F).
// The witness is a member that is cut off.
func (s *Snapshot) OneLiveSuccessor() (bool, Peer) {
	for i, b := range s.next {
		if b < 0 {
			return false, s.Member(i)
		}
	}
	return true, Peer{}
}

// CutOff returns how many members have no live entry.
func (s *Snapshot) CutOff() int {
	n := 0
	for _, b := range s.next {
		if b < 0 {
			n++
		}
	}
	return n
}

// AtLeastOneRing: some member reaches itself along b. False on an empty
// network, which has no ring.
func (s *Snapshot) AtLeastOneRing() (bool, Peer) {
	return s.colour().cycles >= 1, Peer{}
}

// AtMostOneRing: any two ring members reach each other. The witness is a
// member of a second ring.
func (s *Snapshot) AtMostOneRing() (bool, Peer) {
	g := s.colour()
	if g.cycles <= 1 {
		return true, Peer{}
	}
	return false, s.Member(int(g.second))
}

// OrderedRing: no ring members n1, n3 have between(n1, n3, b(n1)). That is:
// b of every ring member is the next ring member in the order of
// identifiers, which gives one cycle that winds around exactly once. Since
// the arcs of one cycle cover the circle, it is false whenever there are
// several. The witness is an n1.
func (s *Snapshot) OrderedRing() (bool, Peer) {
	g := s.colour()
	last := int32(-1)
	for i := range int32(len(s.next)) {
		if !g.onRing(i) {
			continue
		}
		if last >= 0 && s.next[last] != i {
			return false, s.Member(int(last))
		}
		last = i
	}
	// b permutes the ring members: if it is right for all but the last, only
	// the first is left for that one.
	return true, Peer{}
}

// ConnectedAppendages: every member outside the rings reaches one. A walk
// along b that does not end in a cycle ends at a member without b, so this
// fails exactly when OneLiveSuccessor does; the witness is a member that
// reaches no ring.
func (s *Snapshot) ConnectedAppendages() (bool, Peer) {
	for i, root := range s.colour().root {
		if root < 0 {
			return false, s.Member(i)
		}
	}
	return true, Peer{}
}

// OrderedMerges: where an appendage n2 and a ring member n1 share their b,
// the ring member n3, n2 lies between n1 and n3. A ring member is b of
// exactly one ring member, so n1 follows from n3. The witness is an n2.
func (s *Snapshot) OrderedMerges() (bool, Peer) {
	g := s.colour()
	s.work = resize(s.work, len(s.next))
	from := s.work
	for i, b := range s.next {
		if g.onRing(int32(i)) {
			from[b] = int32(i)
		}
	}
	for n2, n3 := range s.next {
		if n3 < 0 || g.onRing(int32(n2)) || !g.onRing(n3) {
			continue
		}
		if !Between(s.ids[from[n3]], s.ids[n2], s.ids[n3]) {
			return false, s.Member(n2)
		}
	}
	return true, Peer{}
}

// OrderedAppendages: along every edge of an appendage the clockwise distance
// to its root, the ring member that it hangs on, strictly falls. With several
// rings each appendage is measured against its own; members that reach no
// ring have no root and hang on none, so they are ConnectedAppendages' affair.
// The witness is the member at whose edge the distance does not fall.
func (s *Snapshot) OrderedAppendages() (bool, Peer) {
	g := s.colour()
	for i, root := range g.root {
		if root < 0 || root == int32(i) {
			continue
		}
		at := s.ids[root]
		// Equal distances would be a member that is its own b, which is a ring.
		if Distance(s.ids[s.next[i]], at, s.mask) >= Distance(s.ids[i], at, s.mask) {
			return false, s.Member(i)
		}
	}
	return true, Peer{}
}

// AntecedentPredecessors: if n's predecessor is a live member, its list
// begins with n. The head itself is meant, dead or not, and not b. The
// witness is an n.
func (s *Snapshot) AntecedentPredecessors() (bool, Peer) {
	for i := range s.rows {
		p := s.rows[i].pred
		if p >= 0 && !s.heads(p, int32(i)) {
			return false, s.Member(i)
		}
	}
	return true, Peer{}
}

// heads reports whether the list of member p begins with member i.
func (s *Snapshot) heads(p, i int32) bool {
	refs := s.refs(&s.rows[p])
	return len(refs) > 0 && refs[0] == i
}
