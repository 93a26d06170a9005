package dht

import "chordsim/chord"

// Records change hands in batches. A node gives an arc to a new predecessor
// that owns it now; it gives everything to who comes after it when it leaves;
// and what nobody vouches for it offers to the owner that a lookup finds. The
// receiver answers when all current holders have the records; only then are
// they dropped here.

// Observe looks at a node after a step of the ring: has it become a member, has
// its predecessor changed, or who holds its keys beside it? The host calls it
// after each step, with the event that made it.
func (s *Store) Observe(h *Holder, n *chord.Node, ev *chord.Event, out *Out) {
	if !n.InRing() {
		return
	}
	if !h.has(holderMember) {
		s.entered(h, n, ev, out)
	}
	switch {
	case n.Pred.None():
		if !h.pred.None() && !h.has(holderForgot) {
			h.set(holderForgot)
			s.unsure(h, ev, out)
		}
	case n.Pred != h.pred:
		old := h.pred // the last that there was
		h.pred = n.Pred
		h.clear(holderForgot)
		s.predecessorChanged(h, n, ev, out, old)
	case h.has(holderForgot): // it was there all the time, or is back
		h.clear(holderForgot)
		h.set(holderOffering)
		s.giveMore(h, n, ev, out)
	}
	if near := nearHash(n, out.Config.Replicas); near != h.near {
		h.near = near
		s.repairSoon(h, ev, out)
	}
}

// unsure: the node owns more than before, and a put that the owner before it and
// another holder have acknowledged may not be here.
func (s *Store) unsure(h *Holder, ev *chord.Event, out *Out) {
	if out.Config.WriteQuorum < out.Config.Replicas {
		h.unsure = uint64(ev.Now)
	}
}

// entered: the node has become a member. One that has joined lacks its keys
// until its successor says that it has given them; so may one that is back.
func (s *Store) entered(h *Holder, n *chord.Node, ev *chord.Event, out *Out) {
	back := h.has(holderBack)
	h.set(holderMember)
	h.clear(holderBack)
	h.epoch, h.round, h.roundBefore = 1, 1, 0
	h.pred = n.Pred
	h.near = nearHash(n, out.Config.Replicas)
	if out.Config.HandOver == HandOverEChord {
		h.pred = chord.Peer{}
		return
	}
	if k := ev.Msg; back || k == nil || k.Kind != chord.CmdStart && k.Kind != chord.CmdCreate {
		h.set(holderPartial)
	}
	if out.Config.Repair > 0 {
		s.firstRound(h, ev, out)
	}
}

// predecessorChanged: a closer one owns what lies up to it.
func (s *Store) predecessorChanged(h *Holder, n *chord.Node, ev *chord.Event, out *Out, old chord.Peer) {
	p := n.Pred
	if p.Addr == n.Addr || h.has(holderLeaving) {
		return
	}
	if out.Config.HandOver == HandOverEChord {
		old = n.Self() // all that does not lie in (predecessor, self]
	} else {
		if old.None() || old.Addr == n.Addr {
			old = n.Self()
		}
		if !chord.Between(old.ID, p.ID, n.ID) {
			// The old one is gone: this node owns more than before, and what was
			// to go to it stays. What this node was given by one that left may be
			// somebody else's between the two.
			h.clear(holderHanding | holderOwing)
			s.unsure(h, ev, out)
			s.syncHolders(h, n, ev, out)
			h.set(holderOffering)
			s.giveMore(h, n, ev, out)
			return
		}
	}
	// What was to go to a predecessor farther away and has not gone goes to this
	// one, which will hand it on.
	if !h.has(holderHanding) {
		h.giveFrom = old.ID
	}
	h.set(holderHanding)
	h.giveTo = p
	h.epoch++
	h.giveEpoch = h.epoch
	s.giveMore(h, n, ev, out)
}

// giveMore sends the next batch, unless one is on its way.
func (s *Store) giveMore(h *Holder, n *chord.Node, ev *chord.Event, out *Out) {
	switch {
	case h.has(holderGiving|holderFinal) || !n.InRing():
	case h.has(holderLeaving):
		s.leaveMore(h, n, ev, out)
	case h.has(holderHanding):
		s.handOverMore(h, n, ev, out)
	case h.has(holderOffering):
		s.offerMore(h, n, ev, out)
	}
}

// gather marks up to a batch of records for which want holds as being under way
// and notes them in the operation. It returns how many there are.
func (s *Store) gather(h *Holder, o *op, want func(*stored) bool) int {
	if o.nKeys == MaxBatch {
		return MaxBatch
	}
	s.while(h, func(r *stored) bool {
		if r.mark != underWay && want(r) {
			r.mark = underWay
			o.keys[o.nKeys] = r.Key
			o.nKeys++
		}
		return o.nKeys < MaxBatch
	})
	return int(o.nKeys)
}

// handOverMore gives the next records of the arc to the new predecessor. The
// last message says that there is no more, if this node has all itself.
func (s *Store) handOverMore(h *Holder, n *chord.Node, ev *chord.Event, out *Out) {
	slot, o := s.ops.add(n.Addr, opGive)
	o.holders[0], o.nHolders, o.arc = h.giveTo, 1, true
	s.gather(h, o, func(r *stored) bool {
		return r.mark < h.giveEpoch && chord.BetweenRightIncl(h.giveFrom, r.id, h.giveTo.ID)
	})
	if o.nKeys < MaxBatch {
		h.clear(holderHanding)
		switch {
		case out.Config.HandOver != HandOverSafe:
		case h.has(holderPartial):
			h.set(holderOwing) // it is told when this node has all itself
		default:
			o.flags = flagLast
		}
		if o.nKeys == 0 && o.flags == 0 {
			s.ops.release(slot, o)
			s.giveMore(h, n, ev, out)
			return
		}
	}
	s.give(h, n, ev, out, slot, o)
}

// give sends the batch of an operation.
func (s *Store) give(h *Holder, n *chord.Node, ev *chord.Event, out *Out, slot uint32, o *op) {
	h.set(holderGiving)
	o.try()
	wait := out.Config.Timeout
	if out.Config.Replicas > 1 {
		wait *= int64(1 + out.Config.Tries) // the receiver asks others in turn
	}
	s.arm(h, ev, out, slot, o, wait)
	s.batch(n, out, o)
	s.send(out, o.holders[0].Addr, Give, slot, o).Flags = o.flags
	out.Ring.Attach(out.list)
	if out.Config.DropEarly && o.tries == 1 && o.flags&flagLeaving == 0 {
		s.settle(h, n, out, o, 0)
		o.nKeys = 0
	}
}

// giveArrived: records that this node is to own, or that are its anyway.
func (s *Store) giveArrived(h *Holder, n *chord.Node, ev *chord.Event, out *Out) {
	m, cfg := ev.Msg, out.Config
	if cfg.HandOver == HandOverSafe && (h.has(holderLeaving) || cfg.Replicas > 1 && n.ListLen() == 0) {
		// It is going itself; or it is cut off, and no other holder is known.
		reply(out, ev.From, GiveAck, m.Call, m.Slot).Flags = flagRefused
		return
	}
	count := min(len(ev.List)/listed, MaxBatch)
	for i := range count {
		r := recordAt(ev.List, i)
		s.merge(h, n.Addr, out.Keys.IDs[r.Key], r, cfg.versions())
	}
	if h.waited = 0; m.Flags&flagLast != 0 {
		s.complete(h, n, ev, out)
	}
	if cfg.HandOver == HandOverEChord {
		reply(out, ev.From, GiveAck, m.Call, m.Slot)
		return
	}
	// A giver that stays and is one of the holders has its copies already.
	without, keep := chord.Peer{Addr: ev.From}, uint8(0)
	if m.Flags&flagLeaving == 0 {
		var buf [MaxReplicas]chord.Peer
		others := otherHolders(buf[:0], n, cfg.Replicas)
		if len(others) < cfg.Replicas-1 {
			keep = flagKeep // the list is short: nobody knows whether there are enough
		}
		for _, p := range others {
			if p.Addr == ev.From {
				keep = flagKeep
			}
		}
	}
	slot, o := s.startWrite(n, ev, out, GiveAck, without)
	o.flags = keep
	strange := false
	for i := range count {
		o.keys[i] = recordAt(ev.List, i).Key
		strange = strange || !owns(n, out.Keys.IDs[o.keys[i]])
	}
	if o.nKeys = uint8(count); count == 0 {
		o.nHolders = 0
	}
	s.write(h, n, ev, out, slot, o)
	if strange && n.Pred.Addr != ev.From {
		// The giver did not know of the owner between the two.
		h.set(holderOffering)
		s.giveMore(h, n, ev, out)
	}
}

// complete: the node has all its keys now. Its predecessor, which it could not
// tell so, gets what has come for it meanwhile, and is told.
func (s *Store) complete(h *Holder, n *chord.Node, ev *chord.Event, out *Out) {
	h.clear(holderPartial)
	if !h.has(holderOwing) {
		return
	}
	h.clear(holderOwing)
	h.set(holderHanding)
	h.epoch++
	h.giveEpoch = h.epoch
	s.giveMore(h, n, ev, out)
}

// giveAnswered: all current holders have the batch; or the receiver does not
// take it.
func (s *Store) giveAnswered(h *Holder, n *chord.Node, ev *chord.Event, out *Out) {
	m := ev.Msg
	o := s.ops.get(m.Slot, n.Addr, m.Call)
	if o == nil || o.purpose != opGive || o.paused {
		out.Counters[CountLate]++
		return
	}
	if m.Flags&flagRefused != 0 {
		s.giveFailed(h, n, ev, out, m.Slot, o)
		return
	}
	out.Counters[CountHandedOver] += uint64(o.nKeys)
	s.settle(h, n, out, o, m.Flags)
	if o.flags&flagLeaving != 0 {
		h.giveTo = o.holders[0]
	}
	s.ops.release(m.Slot, o)
	h.clear(holderGiving)
	s.giveMore(h, n, ev, out)
}

// settle decides what becomes of a batch that others have: a leaver keeps it to
// answer until it goes, a holder keeps it, and so does who owns it again by now.
// What was written meanwhile is another record.
func (s *Store) settle(h *Holder, n *chord.Node, out *Out, o *op, answer uint8) {
	dropped := uint64(0)
	for _, k := range o.keys[:o.nKeys] {
		r := s.find(n.Addr, k)
		switch {
		case r == nil || r.mark != underWay:
		case o.flags&flagLeaving != 0:
			r.mark = handed
		case answer&flagKeep != 0:
			r.mark = h.epoch
		case out.Config.HandOver == HandOverSafe && owns(n, r.id):
			r.mark = h.epoch
		default:
			r.mark = dropping
			dropped++
		}
	}
	if dropped > 0 {
		s.sweep(h, func(r *stored) bool { return r.mark == dropping })
		out.Counters[CountDropped] += dropped
	}
}

// giveTimedOut sends again, or turns elsewhere.
func (s *Store) giveTimedOut(h *Holder, n *chord.Node, ev *chord.Event, out *Out, slot uint32, o *op) {
	switch {
	case o.paused:
		s.giveOver(h, out, slot, o)
		if out.Config.HandOver == HandOverEChord {
			h.epoch++ // all that it has by now
			h.giveEpoch = h.epoch
		}
		s.giveMore(h, n, ev, out)
	case o.mayTry(out):
		s.give(h, n, ev, out, slot, o)
	default:
		suspect(out, o.holders[0].Addr)
		s.giveFailed(h, n, ev, out, slot, o)
	}
}

// giveFailed: the batch stays here. A leaver turns to the next of its list; what
// is handed over or offered waits for the next round, but for the arc of a
// predecessor that has come meanwhile.
func (s *Store) giveFailed(h *Holder, n *chord.Node, ev *chord.Event, out *Out, slot uint32, o *op) {
	if to := o.holders[0]; o.flags&flagLeaving == 0 {
		another := h.has(holderHanding) && h.giveTo != to // waits for its arc
		if o.arc && !h.has(holderLeaving) {
			if h.giveTo == to && n.Pred == to {
				h.set(holderHanding)
			} else {
				h.set(holderOffering)
			}
		}
		s.giveOver(h, out, slot, o)
		if h.has(holderLeaving) || another {
			s.giveMore(h, n, ev, out)
		}
		return
	}
	h.tries++
	h.heir = uint8(after(n, o.holders[0].Addr))
	if int(h.heir) < n.ListLen() && out.Config.HandOver == HandOverSafe {
		s.giveOver(h, out, slot, o)
		s.giveMore(h, n, ev, out)
		return
	}
	h.heir = 0
	o.paused, o.number = true, 0
	s.arm(h, ev, out, slot, o, out.Config.Pause)
}

// giveOver ends an attempt whose batch stays.
func (s *Store) giveOver(h *Holder, out *Out, slot uint32, o *op) {
	for _, k := range o.keys[:o.nKeys] {
		if r := s.find(o.node, k); r != nil && r.mark == underWay {
			r.mark = 0
		}
	}
	h.clear(holderGiving)
	s.ops.release(slot, o)
}
