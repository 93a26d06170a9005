package chord

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Snapshot is what every member of a ring believed at one instant, laid out
// for judging: members sorted by identifier, their lists end to end in one
// flat array, and every list entry resolved to the member it names, once.
//
// Build one with NewSnapshot (or Reset), Add for each member, AddGhost for
// each list in flight, then Seal; only then ask it anything. Buffers are kept
// between uses: a second snapshot of the same size allocates nothing.
//
// Memory: 44 bytes a member, 12 a list entry, 4 to 8 more a member for the
// index, and 12 for the verdicts; one million members with lists of 4 take
// about 112 MB. A sealed snapshot answers from caches that it fills on first
// use, so one goroutine at a time may ask.
//
// A list entry is live when a member has both its identifier and its address:
// an address that came back with another identifier is not the node that the
// entry names. No two members share an identifier; a join that would make
// them is refused, so Seal panics on it.
type Snapshot struct {
	Bits int // the circle has 2^Bits points; read only
	R    int // the configured length of lists, entries; read only

	mask   uint64
	sealed bool

	rows   []snapRow
	ghosts []snapRow
	ids    []uint64 // ids[i] = rows[i].id, dense because it is searched

	// The lists. entryRef holds an entry's address until Seal replaces it by
	// a ref; the two share the array because nothing needs an address after
	// that, and at a million nodes each such array weighs 16 MB.
	entryID  []uint64
	entryRef []int32

	// first[id>>shift] is the first member whose identifier is at or after
	// that many high bits: identifiers are hashes, so a bucket holds about
	// one member and a search is one step.
	first []int32
	shift uint

	next []int32 // b(n): the first live entry of each member's list, or −1

	rings snapRings
	cover snapCover
	work  []int32 // scratch of one method at a time
}

// snapRow is one member, or one list in flight.
//
// A ref names a place among the members: i ≥ 0 is member i; a negative one is
// dead, and ^ref is the first member at or after the dead identifier (the
// number of members when there is none), which is all that the sums over arcs
// need to know of it.
type snapRow struct {
	id     uint64
	predID uint64
	addr   Addr
	pred   int32  // address until Seal, then a ref; a ghost keeps its own ref here
	start  uint32 // its list is entries start to start+n
	n      uint32
}

// NewSnapshot returns an empty snapshot of a ring on a circle of 2^bits
// points (1 to 64) whose successor lists are configured to hold r entries (at
// least 1). It panics outside these ranges.
func NewSnapshot(bits, r int) *Snapshot {
	if bits < 1 || bits > 64 || r < 1 {
		panic(fmt.Sprintf("chord: snapshot of %d bits and lists of %d: want 1 to 64 bits and at least 1 entry", bits, r))
	}
	return &Snapshot{Bits: bits, R: r, mask: Mask(bits)}
}

// Reset empties the snapshot and makes room for that many members with full
// lists (0 if unknown), so that building it copies nothing twice.
func (s *Snapshot) Reset(members int) {
	s.rows = slices.Grow(s.rows[:0], members)
	s.ghosts = s.ghosts[:0]
	s.entryID = slices.Grow(s.entryID[:0], members*s.R)
	s.entryRef = slices.Grow(s.entryRef[:0], members*s.R)
	s.ids = s.ids[:0]
	s.next = s.next[:0]
	s.sealed = false
}

// Add adds a live member with its predecessor (the zero Peer for none) and
// its successor list, which is copied. Members come in any order; in order
// of identifier Seal has nothing to sort and later passes walk memory in a
// straight line. Add panics on a member without an address and on an
// identifier beyond the circle.
func (s *Snapshot) Add(self, pred Peer, list []Peer) {
	row := s.newRow(self, list)
	s.inCircle(pred.ID)
	row.predID, row.pred = pred.ID, int32(pred.Addr)
	s.rows = append(s.rows, row)
}

// AddGhost adds an extended successor list that is in flight: a list in an
// answer, a half-done stabilization, the pair of a joiner and the successor
// it has looked up. It holds for self when it arrives. It is not a member,
// and no verdict sees it; a Guard counts it (protocol §1c.7).
func (s *Snapshot) AddGhost(self Peer, list []Peer) {
	s.ghosts = append(s.ghosts, s.newRow(self, list))
}

func (s *Snapshot) newRow(self Peer, list []Peer) snapRow {
	s.unsealed()
	if self.None() {
		panic(fmt.Sprintf("chord: snapshot of a node without an address, id %#x", self.ID))
	}
	s.inCircle(self.ID)
	if len(s.entryID)+len(list) > math.MaxInt32 {
		panic("chord: a snapshot holds at most 2^31 list entries")
	}
	row := snapRow{id: self.ID, addr: self.Addr, start: uint32(len(s.entryID)), n: uint32(len(list))}
	for _, e := range list {
		s.inCircle(e.ID)
		s.entryID = append(s.entryID, e.ID)
		s.entryRef = append(s.entryRef, int32(e.Addr))
	}
	return row
}

func (s *Snapshot) unsealed() {
	if s.sealed {
		panic("chord: snapshot is sealed: Reset it before building another")
	}
}

func (s *Snapshot) inCircle(id uint64) {
	if id > s.mask {
		panic(fmt.Sprintf("chord: snapshot: id %#x lies beyond a circle of %d bits", id, s.Bits))
	}
}

// Seal sorts the members and resolves every entry: O(N·r), and O(N log N)
// more when they were not added in order. It panics when two members share an
// identifier and, as the Adds do, on a snapshot that is sealed already.
func (s *Snapshot) Seal() {
	s.unsealed()
	s.sealed = true
	byID := func(a, b snapRow) int { return cmp.Compare(a.id, b.id) }
	if !slices.IsSortedFunc(s.rows, byID) {
		slices.SortFunc(s.rows, byID)
	}
	s.ids = slices.Grow(s.ids[:0], len(s.rows))
	for i := range s.rows {
		if i > 0 && s.rows[i].id == s.rows[i-1].id {
			panic(fmt.Sprintf("chord: snapshot: members %d and %d share the id %#x", s.rows[i-1].addr, s.rows[i].addr, s.rows[i].id))
		}
		s.ids = append(s.ids, s.rows[i].id)
	}
	s.index()
	s.next = resize(s.next, len(s.rows))
	for i := range s.rows {
		row := &s.rows[i]
		if row.pred != 0 {
			row.pred = s.resolve(row.predID, Addr(row.pred), s.before(int32(i)))
		} else {
			row.pred = noRef
		}
		s.resolveList(row, int32(i))
		s.next[i] = s.firstLive(row)
	}
	for i := range s.ghosts {
		row := &s.ghosts[i]
		row.pred = s.resolve(row.id, row.addr, 0)
		s.resolveList(row, s.lower(row.id))
	}
	s.rings.known = false
	s.cover.known = false
}

// index builds the buckets over the high bits, about one a member.
func (s *Snapshot) index() {
	k := 0
	for k < s.Bits && 1<<k < len(s.ids) {
		k++
	}
	s.shift = uint(s.Bits - k)
	s.first = resize(s.first, 1<<k+1)
	b := 0
	for i, id := range s.ids {
		for ; b <= int(id>>s.shift); b++ {
			s.first[b] = int32(i)
		}
	}
	for ; b < len(s.first); b++ {
		s.first[b] = int32(len(s.ids))
	}
}

// lower returns the first member at or after id in the order of identifiers,
// without going around; the number of members when there is none. One step
// on hashed identifiers, O(log N) on identifiers placed closely by hand.
func (s *Snapshot) lower(id uint64) int32 {
	b := id >> s.shift
	lo, hi := s.first[b], s.first[b+1]
	for lo < hi {
		mid := lo + (hi-lo)/2
		if s.ids[mid] < id {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// resolveList replaces the addresses of a list by refs. Lists mostly run
// through neighbouring members, so that the member after the last one found
// is tried first.
func (s *Snapshot) resolveList(row *snapRow, at int32) {
	ids := s.entryID[row.start : row.start+row.n]
	refs := s.entryRef[row.start : row.start+row.n]
	for k, id := range ids {
		ref := s.resolve(id, Addr(refs[k]), s.after(at))
		refs[k] = ref
		if ref >= 0 {
			at = ref
		}
	}
}

// noRef is the ref of nobody, where a peer that is no member has another below 0.
const noRef = math.MinInt32

// resolve returns the ref of a peer, trying the member `likely` first.
func (s *Snapshot) resolve(id uint64, addr Addr, likely int32) int32 {
	at := likely
	if int(at) >= len(s.ids) || s.ids[at] != id {
		at = s.lower(id)
		if int(at) == len(s.ids) || s.ids[at] != id {
			return ^at
		}
	}
	if s.rows[at].addr != addr {
		return ^at
	}
	return at
}

// after and before are the neighbours of member i going around.
func (s *Snapshot) after(i int32) int32 {
	if int(i)+1 >= len(s.ids) {
		return 0
	}
	return i + 1
}

func (s *Snapshot) before(i int32) int32 {
	if i == 0 {
		return int32(len(s.ids)) - 1
	}
	return i - 1
}

func (s *Snapshot) firstLive(row *snapRow) int32 {
	for _, ref := range s.refs(row) {
		if ref >= 0 {
			return ref
		}
	}
	return -1
}

// refs and entries are a row's list: its refs, and its identifiers.
func (s *Snapshot) refs(row *snapRow) []int32 {
	return s.entryRef[row.start : row.start+row.n]
}

func (s *Snapshot) entries(row *snapRow) []uint64 {
	return s.entryID[row.start : row.start+row.n]
}

// Len returns the number of members.
func (s *Snapshot) Len() int { return len(s.ids) }

// Member returns the i-th member in the order of identifiers, 0 ≤ i < Len.
func (s *Snapshot) Member(i int) Peer {
	return Peer{ID: s.rows[i].id, Addr: s.rows[i].addr}
}

// Index returns the place of a peer among the members in the order of
// identifiers, and whether it is one.
func (s *Snapshot) Index(p Peer) (int, bool) {
	if p.None() || p.ID > s.mask {
		return 0, false
	}
	ref := s.resolve(p.ID, p.Addr, 0)
	return int(max(ref, 0)), ref >= 0
}

// Arc returns the first member at or after key and the identifier of the
// member before that one: the keys in (before, owner] are the owner's. It
// panics on a snapshot without members.
func (s *Snapshot) Arc(key uint64) (before uint64, owner Peer) {
	i := s.lower(key)
	if int(i) == len(s.ids) {
		i = 0
	}
	return s.ids[s.before(i)], s.Member(int(i))
}

// RightFinger returns the first member at or after start, going around: the
// owner of the key start, and what a finger with that start should hold. It
// is the zero Peer when there are no members. start is at most the largest
// identifier.
func (s *Snapshot) RightFinger(start uint64) Peer {
	if len(s.ids) == 0 {
		return Peer{}
	}
	i := s.lower(start)
	if int(i) == len(s.ids) {
		i = 0
	}
	return s.Member(int(i))
}

// resize returns buf with length n and any content, allocating only to grow.
func resize[T any](buf []T, n int) []T {
	return slices.Grow(buf[:0], n)[:n]
}
