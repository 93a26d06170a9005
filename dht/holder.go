package dht

import (
	"slices"

	"chordsim/chord"
)

// Holder is what a node has beside its records: a plain value without pointers.
// The zero value is a node that holds nothing.
type Holder struct {
	bytes  int64  // of values
	head   uint32 // number + 1 of its first bunch of records
	count  uint32 // records, tombstones included
	graves uint32 // of these: tombstones
	served uint32 // requests answered

	number uint32 // given to requests so far, on through all lives
	life   uint32 // lives begun, which tells timers of an earlier one

	// Records are marked with the epoch at which they were last vouched for: by
	// their owner, when it told or asked this node to hold them. A record of
	// somebody else's that was not vouched for since the round before the
	// present one is offered to whoever owns it.
	epoch       uint32
	round       uint32 // the epoch at which the present round began
	roundBefore uint32

	flags holderFlags
	heir  uint8 // leaver: the entry of the list that it gives its records to
	tries uint16

	unsure uint64 // the newest version that it may lack of what it has come to own; 0: none
	waited uint8  // partial: rounds since it was last given anything

	pred      chord.Peer // as this layer knows it; a change begins a hand-over
	near      uint64     // hash of the other holders of its own keys; a change begins a repair
	giveFrom  uint64     // the arc (giveFrom, giveTo] is handed over
	giveTo    chord.Peer // leaver: who takes its records
	giveEpoch uint32     // records vouched for since do not go
}

type holderFlags uint16

const (
	holderMember   holderFlags = 1 << iota // it is part of the ring, for this layer too
	holderPartial                          // it has joined, and was not told yet that it has all its keys
	holderLeaving                          // it gives its records away
	holderFinal                            // it has: it takes nothing any more
	holderHanding                          // an arc is being handed over
	holderOffering                         // records that nobody vouches for are being offered
	holderGiving                           // a batch is on its way
	holderSoon                             // a repair is due
	holderForgot                           // its predecessor was found dead, and there is no other yet
	holderOwing                            // its predecessor was not told that it has all, for this node did not know
	holderBack                             // it has come back with its records, and is to enter the ring
)

func (h *Holder) has(f holderFlags) bool { return h.flags&f != 0 }
func (h *Holder) set(f holderFlags)      { h.flags |= f }
func (h *Holder) clear(f holderFlags)    { h.flags &^= f }

// Count returns how many records the node holds, tombstones included.
func (h *Holder) Count() int64 { return int64(h.count) }

// Keys returns how many of them are values.
func (h *Holder) Keys() int64 { return int64(h.count - h.graves) }

// tally counts a record in, or out.
func (h *Holder) tally(r Record, in bool) {
	n := uint32(1)
	if !in {
		n = ^uint32(0) // −1
	}
	h.count += n
	if r.Deleted() {
		h.graves += n
	}
	if in {
		h.bytes += r.Size()
	} else {
		h.bytes -= r.Size()
	}
}

// Bytes returns the bytes of all values it holds.
func (h *Holder) Bytes() int64 { return h.bytes }

// Served returns how many requests for keys it has answered in this life.
func (h *Holder) Served() int64 { return int64(h.served) }

// Leaving reports whether the node was told to leave and is giving its records
// away.
func (h *Holder) Leaving() bool { return h.has(holderLeaving) }

// Reset makes the holder that of a node without records, which may begin another
// life: the numbers of its requests go on. Its records are cleared before
// (Store.Clear).
func (h *Holder) Reset() { *h = Holder{number: h.number, life: h.life + 1} }

// Revive makes the holder that of a node that comes back with its records after a
// crash. Nobody is known to count on them, and until its successor says that it has
// given all keys the node counts as lacking what was put meanwhile. The numbers of
// its requests go on.
func (s *Store) Revive(h *Holder) {
	*h = Holder{
		bytes: h.bytes, head: h.head, count: h.count, graves: h.graves,
		number: h.number, life: h.life + 1, flags: holderBack,
	}
	s.each(h, func(r *stored) { r.mark = 0 })
}

func (h *Holder) next() uint32 {
	h.number++
	if h.number == 0 {
		h.number = 1
	}
	return h.number
}

// owns reports whether the node believes that a key is its own: it lies in
// (predecessor, self]. Without a predecessor it may be.
func owns(n *chord.Node, id uint64) bool {
	return n.Pred.None() || chord.BetweenRightIncl(n.Pred.ID, id, n.ID)
}

// otherHolders appends those who hold a key of n's beside itself: the first k−1
// of its list.
func otherHolders(buf []chord.Peer, n *chord.Node, replicas int) []chord.Peer {
	for i := 0; i < n.ListLen() && len(buf) < replicas-1; i++ {
		// An entry may be there twice for a while.
		if p := n.Entry(i); p.Addr != n.Addr && !slices.Contains(buf, p) {
			buf = append(buf, p)
		}
	}
	return buf
}
