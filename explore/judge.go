package explore

import (
	"math/bits"

	"chordsim/chord"
)

// The verdicts of chord.Snapshot that hold the proof together, and its guard,
// on sets of small integers: bit i is node i. A test holds them to
// chord.Snapshot and chord.Guard on random states.

// inside[a][b] are the identifiers strictly inside the arc from a to b, of
// MaxIDs: those of a smaller ring are cut by the set of its members.
var inside = func() (arcs [MaxIDs][MaxIDs]uint8) {
	for a := range MaxIDs {
		for b := range MaxIDs {
			for x := range MaxIDs {
				if chord.Between(uint64(a), uint64(x), uint64(b)) {
					arcs[a][b] |= 1 << x
				}
			}
		}
	}
	return arcs
}()

// row is an extended successor list as sets: whom it names and whom it skips.
type row struct{ names, skips uint8 }

func rowOf(self int, list []chord.Peer) (r row) {
	at := self
	for _, e := range list {
		i := int(e.ID)
		r.names |= 1 << i
		r.skips |= inside[at][i]
		at = i
	}
	return r
}

// listOf returns the successor list of node i, in a buffer of the world's.
func (w *world) listOf(i int) []chord.Peer {
	w.peers = w.nodes[i].AppendList(w.peers[:0])
	return w.peers
}

func (w *world) members() (set uint8) {
	for i := range w.n {
		if w.member(i) {
			set |= 1 << i
		}
	}
	return set
}

// quick are the properties that judge decides by itself.
const quick = chord.Properties(1<<chord.OneLiveSuccessor | 1<<chord.AtLeastOneRing | 1<<chord.AtMostOneRing |
	1<<chord.OrderedRing | 1<<chord.ConnectedAppendages | 1<<chord.SufficientPrincipals)

// violated returns which of the wanted properties do not hold.
func (w *world) violated(want chord.Properties) (bad chord.Properties) {
	if want&^quick != 0 {
		return violations(w.snapshot(), want)
	}
	members := w.members()
	var next [MaxIDs]uint8
	var skips uint8
	ring := members // those on cycles, when the walk has gone far enough
	lost := false   // some member has no live entry
	for i := range w.n {
		if members>>i&1 == 0 {
			continue
		}
		n := &w.nodes[i]
		next[i] = nobody
		at := i
		for k := range n.ListLen() {
			e := int(n.Entry(k).ID)
			skips |= inside[at][e]
			at = e
			if next[i] == nobody && members>>e&1 != 0 {
				next[i] = uint8(e)
			}
		}
		lost = lost || next[i] == nobody
	}
	for range w.n {
		var reached uint8
		for s := ring; s != 0; s &= s - 1 {
			if b := next[bits.TrailingZeros8(s)]; b != nobody {
				reached |= 1 << b
			}
		}
		if reached == ring {
			break
		}
		ring = reached
	}
	if lost {
		bad = bad.With(chord.OneLiveSuccessor).With(chord.ConnectedAppendages)
	}
	if ring == 0 {
		bad = bad.With(chord.AtLeastOneRing)
	} else {
		first := bits.TrailingZeros8(ring)
		cycle, i := uint8(0), first
		for cycle>>i&1 == 0 {
			cycle |= 1 << i
			i = int(next[i])
		}
		if cycle != ring {
			bad = bad.With(chord.AtMostOneRing)
		}
		last := -1
		for s := ring; s != 0; s &= s - 1 {
			i := bits.TrailingZeros8(s)
			if last >= 0 && int(next[last]) != i {
				bad = bad.With(chord.OrderedRing)
			}
			last = i
		}
	}
	if bits.OnesCount8(members&^skips) <= w.m.Successors {
		bad = bad.With(chord.SufficientPrincipals)
	}
	return bad & want
}

// ideal reports whether the members are an ideal ring. The second successors of
// [Zave12] go around rings of one and of two: of these only heads and predecessors
// count. Who is alone has itself or nobody for a predecessor.
func (w *world) ideal() bool {
	members := w.members()
	count := bits.OnesCount8(members)
	full := min(w.m.Successors, max(count-1, 1))
	around := w.parts && count <= 2
	for i := range w.n {
		if members>>i&1 == 0 {
			continue
		}
		n := &w.nodes[i]
		if n.ListLen() != full && !around {
			return false
		}
		at := i
		for k := range min(full, n.ListLen()) {
			if around && k > 0 {
				break
			}
			at = w.after(members, at)
			if int(n.Entry(k).ID) != at {
				return false
			}
		}
		if next := w.after(members, i); w.nodes[next].Pred != peer(i) && (count > 1 || !w.nodes[i].Pred.None()) {
			return false
		}
	}
	return count > 0
}

// after is the next member clockwise; i itself if there is no other.
func (w *world) after(members uint8, i int) int {
	for d := 1; d < w.n; d++ {
		if j := (i + d) % w.n; members>>j&1 != 0 {
			return j
		}
	}
	return i
}

// guard returns which members may crash.
func (w *world) guard() (may uint8) {
	members := w.members()
	if members&(members-1) == 0 {
		return 0 // the last one stays
	}
	if w.m.Guard == GuardOff {
		return members
	}
	var rows [MaxIDs]row // by member
	var ghosts [(chord.NumPurposes + 2) * MaxIDs]struct {
		row
		of uint8
	}
	count := 0
	for i := range w.n {
		if members>>i&1 != 0 {
			rows[i] = rowOf(i, w.listOf(i))
		}
		if w.m.Guard == GuardOn {
			w.inFlight(i, func(list []chord.Peer) {
				ghosts[count].row, ghosts[count].of = rowOf(i, list), uint8(i)
				count++
			})
		}
	}
	for x := range w.n {
		if members>>x&1 == 0 {
			continue
		}
		rest := members &^ (1 << x)
		var skips uint8
		ok := true
		for s := rest; s != 0; s &= s - 1 {
			r := &rows[bits.TrailingZeros8(s)]
			ok = ok && r.names&rest != 0
			skips |= r.skips
		}
		for _, g := range ghosts[:count] {
			if int(g.of) != x {
				ok = ok && g.names&rest != 0
				skips |= g.skips
			}
		}
		if ok && (w.m.Guard == GuardEntries || bits.OnesCount8(rest&^skips) > w.m.Successors) {
			may |= 1 << x
		}
	}
	return may
}

// inFlight calls each for every list that is about to become node i's.
func (w *world) inFlight(i int, each func(list []chord.Peer)) {
	n, f := &w.nodes[i], &w.flight[i]
	if n.Status == chord.Absent {
		return
	}
	var buf [MaxList + 2]chord.Peer
	if !w.foreseen {
		w.tried(i, each)
		return
	}
	for p := range f.parcels {
		if s := f.parcels[p].stage; s == answered || s == reported {
			msg, list := w.message(i, p)
			if after := n.AppendListAfter(&w.cfg, buf[:0], msg, list); len(after) > 0 {
				each(after)
			}
		}
	}
	if f.place.stage != idle {
		w.msg = chord.Message{Kind: f.place.kind}
		if after := n.AppendListAfter(&w.cfg, buf[:0], &w.msg, w.unpack(&f.place)); len(after) > 0 {
			each(after)
		}
	}
	if half := n.AppendListHalfDone(buf[:0]); len(half) > 0 {
		each(half)
	}
}

// tried calls each for the lists that node i has once one of the messages on
// their way to it has arrived, whatever its rules: each arrives, and is taken
// back.
func (w *world) tried(i int, each func(list []chord.Peer)) {
	if half := w.nodes[i].AppendListHalfDone(nil); len(half) > 0 {
		each(half)
	}
	before, dirty, hashing := w.flight, w.dirty, w.hashing
	code := w.appendRecord(nil, i)
	w.hashing = false
	arrives := func(arrive func()) {
		arrive()
		list := w.nodes[i].AppendListHalfDone(w.nodes[i].AppendList(nil))
		w.readRecord(i, code)
		w.flight, w.dirty = before, dirty
		if len(list) > 0 {
			each(list)
		}
	}
	for p := range before[i].parcels {
		if s := before[i].parcels[p].stage; s == answered || s == reported {
			arrives(func() { w.answer(i, p) })
		}
	}
	if before[i].place.stage != idle {
		arrives(func() { w.placed(i) })
	}
	for j := range w.n {
		if before[i].told>>j&1 != 0 {
			arrives(func() { w.hear(i, j) })
		}
	}
	w.hashing = hashing
}

// foreseen reports whether [chord.Node.AppendListAfter] knows what a message is
// going to make of a list under these rules: those of [Zave17] and [Verdi].
func foreseen(r *chord.Rules) bool {
	return (r.Join == chord.JoinPredecessorList || r.Join == chord.JoinThroughSuccessor) && r.BetterSuccessor == chord.BetterAsk &&
		r.DeadSuccessor == chord.DeadDrop && r.Refresh == chord.RefreshList && !r.TellOldPredecessor
}

// snapshot is what the members believe, with the lists in flight.
func (w *world) snapshot() *chord.Snapshot {
	s := chord.NewSnapshot(w.cfg.Bits, w.m.Successors)
	for i := range w.n {
		if w.member(i) {
			s.Add(peer(i), w.nodes[i].Pred, w.listOf(i))
		}
	}
	for i := range w.n {
		w.inFlight(i, func(list []chord.Peer) { s.AddGhost(peer(i), list) })
	}
	s.Seal()
	return s
}

// violations returns which of the wanted properties a snapshot violates.
func violations(s *chord.Snapshot, want chord.Properties) (bad chord.Properties) {
	for p := range chord.Property(chord.NumProperties) {
		if want.Has(p) {
			if ok, _ := s.Check(p); !ok {
				bad = bad.With(p)
			}
		}
	}
	return bad
}

// word is the state of the ring in one word, ideal and ring in one.
func (w *world) word() chord.Word {
	bad := w.violated(quick)
	switch {
	case bad.Has(chord.AtLeastOneRing) || bad.Has(chord.OneLiveSuccessor):
		return chord.WordBroken
	case bad.Has(chord.AtMostOneRing):
		return chord.WordSplit
	case bad.Has(chord.OrderedRing):
		return chord.WordLoopy
	}
	return chord.WordRing
}
