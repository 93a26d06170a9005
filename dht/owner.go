package dht

import "chordsim/chord"

// The owner's side: it orders the writes of a key, and brings them to the other
// holders.

// putArrived: a client's record; BID is when its client began. What was written
// after that is another try of this put, or one that went on at the same time:
// either way this one comes before it, however late it is here, and has been
// overwritten. What is acknowledged is that the later one is held.
//
// The version is the owner's clock, or one more than what it has: whoever was the
// owner before gave smaller ones, even where this node has not got its records yet
// (a hybrid logical clock, Kulkarni et al., OPODIS 2014).
func (s *Store) putArrived(h *Holder, n *chord.Node, ev *chord.Event, out *Out) {
	m, cfg := ev.Msg, out.Config
	r := recordOf(m)
	if cfg.HandOver == HandOverSafe {
		to, flags := chord.Peer{}, uint8(0)
		// A leaver sends on what is its own, and what another leaver took it for the heir of.
		switch mine := owns(n, out.Keys.IDs[r.Key]) || m.Flags&flagLeaving != 0; {
		case h.has(holderLeaving) && mine:
			to, flags = h.giveTo, flagLeaving
			if to.None() {
				reply(out, ev.From, PutAck, m.Call, m.Slot).Flags = flagRefused
				return
			}
		case !mine:
			to = n.Pred
		}
		if !to.None() {
			out.Counters[CountElsewhere]++
			a := reply(out, ev.From, PutAck, m.Call, m.Slot)
			a.BID, a.B, a.Flags = to.ID, to.Addr, flagElsewhere|flags
			return
		}
	}
	h.served++
	r.Version, r.Writer = uint64(ev.Now), n.Addr
	have := s.find(n.Addr, r.Key)
	switch {
	case have == nil:
	case cfg.versions() && have.Version > m.BID:
		r = have.Record
	case have.Version >= r.Version:
		r.Version = have.Version + 1
	}
	s.merge(h, n.Addr, out.Keys.IDs[r.Key], r, cfg.versions())
	slot, o := s.startWrite(n, ev, out, PutAck, chord.Peer{})
	o.Record = r
	o.keys[0], o.nKeys = r.Key, 1
	if cfg.AcknowledgeEarly {
		s.answerWrite(out, o, true)
	}
	if int(o.nHolders)+1 < cfg.WriteQuorum {
		s.answerWrite(out, o, false)
	}
	s.write(h, n, ev, out, slot, o)
}

// startWrite makes an operation that brings records to the other holders and
// then answers the event with a kind. The one without, if any, is not among them.
func (s *Store) startWrite(n *chord.Node, ev *chord.Event, out *Out, kind chord.Kind, without chord.Peer) (uint32, *op) {
	slot, o := s.ops.add(n.Addr, opWrite)
	o.kind, o.asker, o.call, o.slot = kind, chord.Peer{Addr: ev.From}, ev.Msg.Call, ev.Msg.Slot
	s.readHolders(n, out.Config.Replicas, o, without)
	return slot, o
}

// readHolders takes the other holders from the node's list as it is now. Those
// that have the records keep that.
func (s *Store) readHolders(n *chord.Node, replicas int, o *op, without chord.Peer) {
	old, had := o.holders, o.has
	oldLen := o.nHolders
	var buf [MaxReplicas]chord.Peer
	now := otherHolders(buf[:0], n, replicas)
	o.nHolders, o.has, o.gone = 0, 0, 0
	for _, p := range now {
		if p.Addr == without.Addr {
			continue
		}
		for i := range oldLen {
			if old[i].Addr == p.Addr && had>>i&1 != 0 {
				o.has |= 1 << o.nHolders
			}
		}
		o.holders[o.nHolders] = p
		o.nHolders++
	}
}

// count returns how many of the other holders have the records.
func (o *op) count() int {
	c := 0
	for i := range o.nHolders {
		c += int(o.has >> i & 1)
	}
	return c
}

// enough reports whether the requester can be answered: a put's quorum holds it,
// counting this node; what was given is held by all current holders.
func (o *op) enough(cfg *Config) bool {
	if o.kind == PutAck {
		return o.count()+1 >= cfg.WriteQuorum
	}
	return o.count() == int(o.nHolders)
}

// write sends the records to all holders that have not acknowledged them, and
// answers and ends where nothing is left to wait for.
func (s *Store) write(h *Holder, n *chord.Node, ev *chord.Event, out *Out, slot uint32, o *op) {
	if o.enough(out.Config) {
		s.answerWrite(out, o, true)
	}
	if o.count() == int(o.nHolders) {
		s.ops.release(slot, o)
		return
	}
	o.try()
	s.arm(h, ev, out, slot, o, out.Config.Timeout)
	s.batch(n, out, o)
	for i := range o.nHolders {
		if o.has>>i&1 == 0 {
			s.send(out, o.holders[i].Addr, Copy, slot, o)
			out.Ring.Attach(out.list)
		}
	}
}

// answerWrite tells the requester, once.
func (s *Store) answerWrite(out *Out, o *op, done bool) {
	if o.kind == 0 {
		return
	}
	m := reply(out, o.asker.Addr, o.kind, o.call, o.slot)
	setRecord(m, o.Record)
	m.Flags = o.flags
	if !done {
		m.Flags = flagRefused
		if o.kind == PutAck {
			out.Counters[CountNoQuorum]++
		}
	}
	o.kind = 0
}

// copyArrived: an owner has records for this node to hold, or another holder
// has some that this one may lack.
func (s *Store) copyArrived(h *Holder, n *chord.Node, ev *chord.Event, out *Out) {
	if h.has(holderFinal) {
		reply(out, ev.From, CopyAck, ev.Msg.Call, ev.Msg.Slot).Flags = flagRefused
		return
	}
	for i := range len(ev.List) / listed {
		r := recordAt(ev.List, i)
		s.merge(h, n.Addr, out.Keys.IDs[r.Key], r, out.Config.versions())
	}
	reply(out, ev.From, CopyAck, ev.Msg.Call, ev.Msg.Slot)
}

// copyAnswered: a holder has them.
func (s *Store) copyAnswered(h *Holder, n *chord.Node, ev *chord.Event, out *Out) {
	slot := ev.Msg.Slot
	o := s.ops.get(slot, n.Addr, ev.Msg.Call)
	switch {
	case o != nil && ev.Msg.Flags&flagRefused != 0:
		s.refused(h, n, ev, out, slot, o)
	case o != nil && o.purpose == opWrite:
		if o.mark(ev.From); o.enough(out.Config) {
			s.answerWrite(out, o, true)
		}
		if o.count() == int(o.nHolders) {
			s.ops.release(slot, o)
		}
	case o != nil && o.purpose == opPush:
		s.push(h, n, ev, out, slot, o)
	default:
		out.Counters[CountLate]++
	}
}

// mark notes that a holder has answered.
func (o *op) mark(from chord.Addr) {
	for i := range o.nHolders {
		if o.holders[i].Addr == from {
			o.has |= 1 << i
		}
	}
}

// refused: a holder that is asked beside others is leaving, or dead by the word
// of the network. When all others have answered there is nothing to wait for.
func (s *Store) refused(h *Holder, n *chord.Node, ev *chord.Event, out *Out, slot uint32, o *op) {
	all := uint16(1)<<o.nHolders - 1
	for i := range o.nHolders {
		if o.holders[i].Addr == ev.From {
			o.gone |= 1 << i
		}
	}
	if (o.has|o.gone)&all != all {
		return
	}
	o.tries = givenUp
	s.timedOut(h, n, ev, out, slot, o)
}

// mostRounds is how often a write turns to the holders of the moment before it
// gives up: repair brings the records to who lacks them.
const mostRounds = 3

// writeTimedOut sends again, or looks who the holders are by now.
func (s *Store) writeTimedOut(h *Holder, n *chord.Node, ev *chord.Event, out *Out, slot uint32, o *op) {
	if !o.mayTry(out) {
		for i := range o.nHolders {
			if (o.has|o.gone)>>i&1 == 0 {
				suspect(out, o.holders[i].Addr)
			}
		}
		// Whoever waits is told now: it will come again, and find more holders.
		s.answerWrite(out, o, false)
		if o.rounds++; o.rounds == mostRounds || !n.InRing() {
			s.ops.release(slot, o)
			return
		}
		o.tries = 0
		s.readHolders(n, out.Config.Replicas, o, chord.Peer{})
	}
	s.write(h, n, ev, out, slot, o)
}

// getArrived: a client asks for a key.
func (s *Store) getArrived(h *Holder, n *chord.Node, ev *chord.Event, out *Out) {
	key := uint32(ev.Msg.Key >> 32)
	m := reply(out, ev.From, Value, ev.Msg.Call, ev.Msg.Slot)
	if r := s.find(n.Addr, key); r != nil {
		setRecord(m, r.Record)
		m.Flags |= flagFound
	}
	if out.Config.HandOver == HandOverEChord {
		h.served++
		return
	}
	to := chord.Peer{}
	switch {
	case h.has(holderLeaving):
		to = h.giveTo
		m.Flags |= flagPartial
	case ev.Msg.Flags&flagKeep != 0: // asked for its copy
	case !owns(n, out.Keys.IDs[key]):
		to = n.Pred
		m.Flags |= flagPartial
	case h.has(holderPartial):
		to = n.Successor()
		m.Flags |= flagPartial
	case h.unsure != 0:
		m.Flags |= flagKeep
	}
	if !to.None() {
		m.BID, m.B = to.ID, to.Addr
		m.Flags |= flagElsewhere
	}
	if m.Flags&(flagFound|flagPartial) != flagPartial {
		h.served++ // and not only sent on
	}
}
