package dht

import "chordsim/chord"

// A leaver gives all that it holds to the first of its list that stays, and goes
// when that is done: copies of others' keys, too, for their owner may be leaving
// at the same instant.

// leave begins a departure: keys first (protocol §1b, §1c.8).
func (s *Store) leave(h *Holder, n *chord.Node, ev *chord.Event, out *Out) {
	if h.has(holderLeaving) {
		return
	}
	if !n.InRing() {
		out.Gone = true
		return
	}
	h.set(holderLeaving)
	h.clear(holderHanding | holderOffering)
	h.giveTo = chord.Peer{}
	h.heir, h.tries = 0, 0
	h.epoch++
	h.giveEpoch = h.epoch
	s.giveMore(h, n, ev, out)
}

// alone reports whether a node without a successor has nobody to give its records
// to. One that knows a predecessor is not the last of its ring.
func alone(n *chord.Node, cfg *Config) bool {
	return cfg.HandOver == HandOverEChord || n.ListLen() > 0 && (n.Pred.None() || n.Pred.Addr == n.Addr)
}

// mostGiven bounds the attempts of a leaver to find somebody who takes its
// records.
const mostGiven = 256

// leaveMore gives the next records to the first of the list that stays. Under
// E-Chord's rule what comes after the command is not given away.
func (s *Store) leaveMore(h *Holder, n *chord.Node, ev *chord.Event, out *Out) {
	stays := func(r *stored) bool {
		return r.mark != handed && (out.Config.HandOver == HandOverSafe || r.mark < h.giveEpoch)
	}
	slot, o := s.ops.add(n.Addr, opGive)
	left := s.gather(h, o, stays)
	nobody := n.ListLen() == 0 || n.Entry(0).Addr == n.Addr
	if left == 0 || nobody && alone(n, out.Config) || h.tries > mostGiven {
		s.giveOver(h, out, slot, o)
		s.each(h, func(r *stored) {
			if stays(r) {
				out.Counters[CountForsaken]++
			}
		})
		h.set(holderFinal)
		out.Gone = true
		return
	}
	o.flags = flagLeaving
	if nobody { // cut off, or not found yet by who comes after it: it may find its way
		h.tries++
		h.set(holderGiving)
		o.paused = true
		s.arm(h, ev, out, slot, o, out.Config.Pause)
		return
	}
	o.holders[0], o.nHolders = n.Entry(int(h.heir)%n.ListLen()), 1
	s.give(h, n, ev, out, slot, o)
}

// after returns the index in the list of the entry after a node; 0 if that is
// not in the list any more: those before it may have left meanwhile, too.
func after(n *chord.Node, a chord.Addr) int {
	for i := range n.ListLen() {
		if n.Entry(i).Addr == a {
			return i + 1
		}
	}
	return 0
}
