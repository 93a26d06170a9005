package sim

import "cmp"

// entry is a pending event as the queue holds it: 24 bytes, and all that its
// order needs, so that sorting never follows a reference.
type entry struct {
	at  Time
	key uint64 // sender << 32 | the sender's number
	to  uint32 // the receiver; of a timer the low half of its data
	ref uint32 // the message's place in the slab; of a timer timerBit and the high half of its data
}

// timerBit marks a timer in entry.ref. A timer is for its own setter, so its
// sender says who is to be called, and `to` is free for data: a timer needs no
// place in the slab.
const timerBit = 1 << 31

// maxTimerData is the most that a timer carries: 63 bits.
const maxTimerData = 1<<63 - 1

func key(from Addr, seq uint32) uint64 { return uint64(from)<<32 | uint64(seq) }

func timerEntry(a Addr, at Time, seq uint32, data uint64) entry {
	return entry{at: at, key: key(a, seq), to: uint32(data), ref: timerBit | uint32(data>>32)}
}

func (e entry) from() Addr        { return Addr(e.key >> 32) }
func (e entry) seq() uint32       { return uint32(e.key) }
func (e entry) isTimer() bool     { return e.ref&timerBit != 0 }
func (e entry) data() uint64      { return uint64(e.ref&^timerBit)<<32 | uint64(e.to) }
func (e entry) header() Header    { return Header{At: e.at, From: e.from(), To: e.actor(), Seq: e.seq()} }
func (e entry) same(o entry) bool { return e.at == o.at && e.key == o.key }

// actor is who handles the event.
func (e entry) actor() Addr {
	if e.isTimer() {
		return e.from()
	}
	return Addr(e.to)
}

// before is the total order of events; it carries the determinism of all the rest.
func (e entry) before(o entry) bool {
	return e.at < o.at || e.at == o.at && e.key < o.key
}

func (e entry) compare(o entry) int {
	if e.at != o.at {
		return cmp.Compare(e.at, o.at)
	}
	return cmp.Compare(e.key, o.key)
}

// heap is a binary heap of entries, hand-typed: container/heap would box every one.
type heap []entry

func (h *heap) push(e entry) {
	s := append(*h, e)
	i := len(s) - 1
	for i > 0 {
		up := (i - 1) / 2
		if !e.before(s[up]) {
			break
		}
		s[i] = s[up]
		i = up
	}
	s[i] = e
	*h = s
}

// pop takes the least entry; the heap must not be empty.
func (h *heap) pop() entry {
	s := *h
	top, e := s[0], s[len(s)-1]
	s = s[:len(s)-1]
	*h = s
	if len(s) == 0 {
		return top
	}
	i := 0
	for {
		down := 2*i + 1
		if down >= len(s) {
			break
		}
		if down+1 < len(s) && s[down+1].before(s[down]) {
			down++
		}
		if !s[down].before(e) {
			break
		}
		s[i] = s[down]
		i = down
	}
	s[i] = e
	return top
}
