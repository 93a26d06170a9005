package chord

// The verdicts on successor lists: order, duplicates, principals, and the
// comparison with the ideal ring. Every method is O(N·r).
//
// Gaps are clockwise; a gap between equal identifiers counts the whole
// circle, 2^m, as between(x, y, x) does. A sum of gaps is never formed: it is
// (last − first) plus 2^m for every step that does not increase, so counting
// those steps decides any comparison with 2^m, at 64 bits as well.

// snapCover counts, for every member, the arcs of extended lists that skip it.
type snapCover struct {
	known      bool
	count      []int32
	principals int
}

// lowerRef is the first member at or after an entry, upperRef the first one
// after it, both without going around.
func (s *Snapshot) lowerRef(ref int32) int32 {
	if ref >= 0 {
		return ref
	}
	return ^ref
}

func (s *Snapshot) upperRef(id uint64, ref int32) int32 {
	if ref >= 0 {
		return ref + 1
	}
	at := ^ref
	// A dead entry can carry a member's identifier with another address.
	if int(at) < len(s.ids) && s.ids[at] == id {
		return at + 1
	}
	return at
}

// skipped calls span(from, to) for each run of members, from ≤ i < to, that
// lies strictly inside an arc between neighbours of the row's extended list;
// self is the ref of the row's own identifier. Calls are not made for empty
// runs, and an ideal row makes none.
func (s *Snapshot) skipped(row *snapRow, self int32, span func(from, to int32)) {
	n := int32(len(s.ids))
	refs := s.refs(row)
	x, from := row.id, s.upperRef(row.id, self)
	for k, y := range s.entries(row) {
		to := s.lowerRef(refs[k])
		switch {
		case x < y:
			if from < to {
				span(from, to)
			}
		default: // The arc passes zero; from x to x it is all but x.
			if from < n {
				span(from, n)
			}
			if to > 0 {
				span(0, to)
			}
		}
		x, from = y, s.upperRef(y, refs[k])
	}
}

// covered counts the arcs over each member by a difference array.
func (s *Snapshot) covered() *snapCover {
	c := &s.cover
	if c.known {
		return c
	}
	c.known = true
	c.count = resize(c.count, len(s.ids)+1)
	clear(c.count)
	count := c.count
	span := func(from, to int32) {
		count[from]++
		count[to]--
	}
	for i := range s.rows {
		s.skipped(&s.rows[i], int32(i), span)
	}
	c.principals = sumArcs(count[:len(s.ids)])
	return c
}

// sumArcs turns differences into counts and returns how many counts are 0.
func sumArcs(count []int32) int {
	zeros, arcs := 0, int32(0)
	for i, d := range count {
		arcs += d
		count[i] = arcs
		if arcs == 0 {
			zeros++
		}
	}
	return zeros
}

// Principal reports whether the i-th member (in the order of identifiers) is
// a principal: no adjacent pair (x, y) of any member's extended list, dead
// entries included, has between(x, member, y) ([Zave17], principal node).
func (s *Snapshot) Principal(i int) bool { return s.covered().count[i] == 0 }

// Principals returns how many members are principals.
func (s *Snapshot) Principals() int { return s.covered().principals }

// AppendPrincipals appends the principals to dst in the order of identifiers.
func (s *Snapshot) AppendPrincipals(dst []Peer) []Peer {
	c := s.covered()
	for i := range s.ids {
		if c.count[i] == 0 {
			dst = append(dst, s.Member(i))
		}
	}
	return dst
}

// SufficientPrincipals: at least r+1 members are principals, r being the
// configured length and not that of any list. A ring of r members or fewer
// never has them ([Zave17] assumes a stable base of r+1). The witness is a
// member that some list skips, if there is one.
func (s *Snapshot) SufficientPrincipals() (bool, Peer) {
	c := s.covered()
	if c.principals > s.R {
		return true, Peer{}
	}
	for i := range s.ids {
		if c.count[i] != 0 {
			return false, s.Member(i)
		}
	}
	return false, Peer{}
}

// winding walks an extended list and tells by how far it goes around: under
// reports that its gaps sum to less than the circle, within that they sum to
// no more.
func winding(self uint64, list []uint64) (under, within bool) {
	turns, x := 0, self
	for _, y := range list {
		if y <= x {
			turns++
		}
		x = y
	}
	return turns == 0 || turns == 1 && x < self, turns == 0 || turns == 1 && x <= self
}

// OrderedSuccessorLists: any three entries of an extended list, in order of
// place, lie in that order on the circle: between(j-th, k-th, l-th). So it
// goes around at most once. A list of one entry has no three and is ordered,
// whatever it names; so is one that ends with the member itself. The witness
// is a member whose list is not.
func (s *Snapshot) OrderedSuccessorLists() (bool, Peer) {
	for i := range s.rows {
		row := &s.rows[i]
		if _, within := winding(row.id, s.entries(row)); !within {
			return false, s.Member(i)
		}
	}
	return true, Peer{}
}

// NoDuplicates: no member is in its own list, and no list has two entries
// with the same identifier. Identifiers decide, not addresses: on the circle
// a node is its identifier. A node alone, whose list is itself, violates it.
// The witness is a member whose list does. An unordered list costs O(r²).
func (s *Snapshot) NoDuplicates() (bool, Peer) {
	for i := range s.rows {
		row := &s.rows[i]
		list := s.entries(row)
		if under, _ := winding(row.id, list); !under && repeats(row.id, list) {
			return false, s.Member(i)
		}
	}
	return true, Peer{}
}

// repeats reports whether an identifier occurs twice in an extended list.
func repeats(self uint64, list []uint64) bool {
	for k, x := range list {
		if x == self {
			return true
		}
		for _, y := range list[:k] {
			if x == y {
				return true
			}
		}
	}
	return false
}

// ValidSuccessorList: no member n skips a live v, between(L_n[0], v, L_n[1]),
// while an antecedent u, one with L_u[0] = n, has v next: L_u[1] = v. This is
// [Zave12]'s property of lists of two, and only the first two entries of
// longer ones; lists of one skip nothing. n's entries may be dead. O(N). The
// witness is an n.
func (s *Snapshot) ValidSuccessorList() (bool, Peer) {
	for i := range s.rows {
		u := s.refs(&s.rows[i])
		if len(u) < 2 || u[0] < 0 || u[1] < 0 {
			continue
		}
		n := s.entries(&s.rows[u[0]])
		if len(n) >= 2 && Between(n[0], s.ids[u[1]], n[1]) {
			return false, s.Member(int(u[0]))
		}
	}
	return true, Peer{}
}

// fullList is how many entries each list of the ideal ring has: r, or all
// other members when there are fewer. A node alone names itself, because a
// member's list is never empty; that entry is in no count of list entries.
func (s *Snapshot) fullList() int {
	if len(s.ids) == 1 {
		return 1
	}
	return min(s.R, len(s.ids)-1)
}

// Ideal: one ordered ring of all members, L_a[0] = b exactly where
// pred_b = a, and every list the next r members, cut before its owner where
// there are no more than r. Lists of any other length are not ideal. An empty
// network has no ring and is not ideal; a member that is alone may have no
// predecessor, for nobody notifies it (create, [SIGCOMM01] Fig. 7). It stops at the
// first member that is out of order, which is the witness.
func (s *Snapshot) Ideal() (bool, Peer) {
	if len(s.ids) == 0 {
		return false, Peer{}
	}
	full := s.fullList()
	for i := range s.rows {
		row := &s.rows[i]
		pred := row.pred == s.before(int32(i)) || row.pred == noRef && len(s.rows) == 1
		if !pred || int(row.n) != full || s.rightEntries(int32(i)) != full {
			return false, s.Member(i)
		}
	}
	return true, Peer{}
}

// rightEntries counts the entries k of member i's list that are its k-th
// successor, among the first fullList.
func (s *Snapshot) rightEntries(i int32) int {
	refs := s.refs(&s.rows[i])
	right, want := 0, i
	for _, ref := range refs[:min(len(refs), s.fullList())] {
		want = s.after(want)
		if ref == want {
			right++
		}
	}
	return right
}
