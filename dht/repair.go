package dht

import "chordsim/chord"

// Repair: twice within Config.Repair, and when the other holders of its keys
// change, an owner asks them whether they have the same; where not, each tells
// the other all it has. And whatever a node holds that nobody has vouched for is
// offered to whoever owns it.

// nearHash stands for the other holders of a node's keys.
func nearHash(n *chord.Node, replicas int) uint64 {
	h := uint64(0)
	for i := 0; i < n.ListLen() && i < replicas-1; i++ {
		h = mix(h, uint64(n.Entry(i).Addr))
	}
	return h
}

// mix adds a word to a hash, one multiplication a word.
func mix(h, word uint64) uint64 {
	x := (h ^ word) * 0x9e3779b97f4a7c15
	return x ^ x>>32
}

// firstRound sets the timer of the first round, with a uniform phase.
func (s *Store) firstRound(h *Holder, ev *chord.Event, out *Out) {
	p := chord.Period{Every: out.Config.round()}
	out.Ring.Wake(ev.Now+p.First(chord.Fork(ev.Rand, 16)), timerRound, 0, h.life)
}

// soon is how long a repair waits after a change: several come together.
const soon = 1_000_000_000

// repairSoon has the holders asked before the next round.
func (s *Store) repairSoon(h *Holder, ev *chord.Event, out *Out) {
	if out.Config.Repair == 0 || out.Config.Replicas == 1 || h.has(holderSoon) {
		return
	}
	h.set(holderSoon)
	out.Ring.Wake(ev.Now+soon, timerRound, 1, h.life)
}

// repairRound is what the periodic timer does.
func (s *Store) repairRound(h *Holder, n *chord.Node, ev *chord.Event, out *Out) {
	out.Ring.Wake(ev.Now+out.Config.round(), timerRound, 0, h.life)
	if h.epoch++; h.epoch >= lastMark {
		panic("dht: a node has used up its epochs")
	}
	h.roundBefore, h.round = h.round, h.epoch
	if h.has(holderHanding) && n.Pred != h.giveTo && !n.Pred.None() {
		h.clear(holderHanding) // it is gone: what is there is this node's again, or somebody else's
	}
	if h.has(holderPartial) {
		if h.waited++; h.waited == mostWaited {
			h.clear(holderPartial | holderOwing) // so will its predecessor's patience end
		}
	}
	s.syncHolders(h, n, ev, out)
	h.set(holderOffering)
	s.giveMore(h, n, ev, out)
}

// mostWaited is for how many rounds a joiner believes that it lacks keys while
// nobody gives it any: who would have told it that it has all may have died, or
// have handed them to another that joined between the two. That is two whole
// rounds at least, in which whoever holds its keys tries to give them once more.
const mostWaited = 3

// summary returns how many records of the arc (from, to] a node has that are not
// younger than a version, and their hash, which does not depend on their order.
// It visits all of the arc.
func (s *Store) summary(h *Holder, from, to, version uint64, visit func(*stored)) (count uint32, hash uint64) {
	s.eachOf(h, from, to, func(r *stored) {
		if r.Version <= version {
			count++
			hash += mix(mix(uint64(r.Key)+1, r.Version), uint64(r.Writer))
		}
		if visit != nil {
			visit(r)
		}
	})
	return count, hash
}

// eachOf visits the records of the arc (from, to].
func (s *Store) eachOf(h *Holder, from, to uint64, visit func(*stored)) {
	s.each(h, func(r *stored) {
		if chord.BetweenRightIncl(from, r.id, to) {
			visit(r)
		}
	})
}

// settled is the youngest version that holders compare: what is younger may
// still be on its way to them.
func settled(now int64, cfg *Config) uint64 {
	return uint64(max(now-(1+mostRounds)*int64(cfg.Tries)*cfg.Timeout, 0))
}

// syncHolders asks the other holders of the node's own keys whether they have
// the same.
func (s *Store) syncHolders(h *Holder, n *chord.Node, ev *chord.Event, out *Out) {
	if out.Config.Replicas == 1 || n.Pred.None() || n.Pred.Addr == n.Addr || h.has(holderFinal) {
		return
	}
	slot, o := s.ops.add(n.Addr, opSync)
	s.readHolders(n, out.Config.Replicas, o, chord.Peer{})
	if o.nHolders == 0 {
		s.ops.release(slot, o)
		return
	}
	o.asker = n.Pred // the beginning of the arc
	s.sync(h, n, ev, out, slot, o)
}

func (s *Store) sync(h *Holder, n *chord.Node, ev *chord.Event, out *Out, slot uint32, o *op) {
	o.try()
	s.arm(h, ev, out, slot, o, out.Config.Timeout)
	version := settled(ev.Now, out.Config)
	o.Version = version
	count, hash := s.summary(h, o.asker.ID, n.ID, version, nil)
	for i := range o.nHolders {
		if o.has>>i&1 == 0 {
			m := s.send(out, o.holders[i].Addr, Sync, slot, o)
			m.AID, m.BID, m.Key, m.Initiator = o.asker.ID, n.ID, hash, count
			m.A, m.B = uint32(version>>32), uint32(version)
		}
	}
}

// syncArrived: an owner vouches for what this node holds of its arc, and learns
// whether it is the same.
func (s *Store) syncArrived(h *Holder, n *chord.Node, ev *chord.Event, out *Out) {
	if h.has(holderFinal) {
		reply(out, ev.From, SyncAck, ev.Msg.Call, ev.Msg.Slot).Flags = flagRefused
		return
	}
	m := ev.Msg
	version := uint64(m.A)<<32 | uint64(m.B)
	count, hash := s.summary(h, m.AID, m.BID, version, func(r *stored) { r.vouch(h) })
	a := reply(out, ev.From, SyncAck, m.Call, m.Slot)
	if count == m.Initiator && hash == m.Key {
		return
	}
	a.Flags = flagPartial
	if count > 0 {
		s.startPush(h, n, ev, out, chord.Peer{ID: m.BID, Addr: ev.From}, m.AID)
	}
}

// syncAnswered: a holder has the same, or is told all that there is.
func (s *Store) syncAnswered(h *Holder, n *chord.Node, ev *chord.Event, out *Out) {
	slot := ev.Msg.Slot
	o := s.ops.get(slot, n.Addr, ev.Msg.Call)
	if o == nil || o.purpose != opSync {
		out.Counters[CountLate]++
		return
	}
	if ev.Msg.Flags&flagRefused != 0 {
		s.refused(h, n, ev, out, slot, o)
		return
	}
	from := o.asker.ID
	o.flags |= ev.Msg.Flags
	if o.mark(ev.From); o.count() == int(o.nHolders) {
		switch {
		case h.unsure == 0:
		case o.flags&flagPartial == 0 && o.Version >= h.unsure:
			h.unsure = 0 // all holders have the same
		default:
			s.repairSoon(h, ev, out)
		}
		s.ops.release(slot, o)
	}
	if ev.Msg.Flags&flagPartial != 0 {
		s.startPush(h, n, ev, out, chord.Peer{ID: n.ID, Addr: ev.From}, from)
	}
}

func (s *Store) syncTimedOut(h *Holder, n *chord.Node, ev *chord.Event, out *Out, slot uint32, o *op) {
	if o.mayTry(out) {
		s.sync(h, n, ev, out, slot, o)
		return
	}
	for i := range o.nHolders {
		if o.has>>i&1 == 0 {
			suspect(out, o.holders[i].Addr)
		}
	}
	s.ops.release(slot, o)
}

// startPush tells a holder all that this node has of the arc (from, to.ID].
func (s *Store) startPush(h *Holder, n *chord.Node, ev *chord.Event, out *Out, to chord.Peer, from uint64) {
	slot, o := s.ops.add(n.Addr, opPush)
	o.holders[0], o.nHolders, o.asker = to, 1, chord.Peer{ID: from}
	s.push(h, n, ev, out, slot, o)
}

// push sends the next batch, in the order of keys.
func (s *Store) push(h *Holder, n *chord.Node, ev *chord.Event, out *Out, slot uint32, o *op) {
	if o.nKeys > 0 {
		o.cursor = o.keys[o.nKeys-1] + 1
	}
	o.nKeys, o.tries = 0, 0
	s.eachOf(h, o.asker.ID, o.holders[0].ID, func(r *stored) {
		if r.Key < o.cursor || o.nKeys == MaxBatch && r.Key > o.keys[MaxBatch-1] {
			return
		}
		at := int(min(o.nKeys, MaxBatch-1)) // the last makes room
		for ; at > 0 && o.keys[at-1] > r.Key; at-- {
			o.keys[at] = o.keys[at-1]
		}
		o.keys[at] = r.Key
		o.nKeys = min(o.nKeys+1, MaxBatch)
	})
	if o.nKeys == 0 {
		s.ops.release(slot, o)
		return
	}
	out.Counters[CountRepaired] += uint64(o.nKeys)
	s.pushAgain(h, n, ev, out, slot, o)
}

func (s *Store) pushAgain(h *Holder, n *chord.Node, ev *chord.Event, out *Out, slot uint32, o *op) {
	o.try()
	s.arm(h, ev, out, slot, o, out.Config.Timeout)
	s.batch(n, out, o)
	s.send(out, o.holders[0].Addr, Copy, slot, o)
	out.Ring.Attach(out.list)
}

func (s *Store) pushTimedOut(h *Holder, n *chord.Node, ev *chord.Event, out *Out, slot uint32, o *op) {
	if o.mayTry(out) {
		s.pushAgain(h, n, ev, out, slot, o)
		return
	}
	suspect(out, o.holders[0].Addr)
	s.ops.release(slot, o)
}

// orphan reports whether a record is to be offered to its owner: it is not this
// node's, and no owner has vouched for it since the round before the present
// one. With one copy, holding it is the owner's alone.
func (s *Store) orphan(h *Holder, n *chord.Node, out *Out, r *stored) bool {
	return r.mark != underWay && !owns(n, r.id) &&
		(out.Config.Replicas == 1 || r.mark < h.roundBefore)
}

// offerMore looks up who owns the nearest of the records that nobody vouches
// for.
func (s *Store) offerMore(h *Holder, n *chord.Node, ev *chord.Event, out *Out) {
	mask := out.Ring.Config.Mask()
	var nearest *stored
	s.each(h, func(r *stored) {
		if s.orphan(h, n, out, r) && (nearest == nil ||
			chord.Distance(n.ID, r.id, mask) < chord.Distance(n.ID, nearest.id, mask)) {
			nearest = r
		}
	})
	if nearest == nil {
		h.clear(holderOffering)
		return
	}
	h.set(holderGiving)
	slot, o := s.ops.add(n.Addr, opGive)
	o.keys[0], o.nKeys = nearest.Key, 1
	nearest.mark = underWay
	s.lookUp(n, ev, out, slot, o, nearest.id)
}

// ownerFound: all records between that key and its owner are the owner's. Where
// this node's predecessor lies between the two, the lookup was led by somebody
// who did not know of it: it is nearer to the key, so that whatever a lookup says
// a record does not go to and fro.
func (s *Store) ownerFound(h *Holder, n *chord.Node, ev *chord.Event, out *Out, slot uint32, o *op) {
	switch {
	case o.nHolders == 0 || !n.InRing() || h.has(holderLeaving):
		h.clear(holderOffering)
		s.giveOver(h, out, slot, o)
		s.giveMore(h, n, ev, out)
	case o.holders[0].Addr == n.Addr:
		// The ring says that it is this node's, whatever its predecessor was.
		if r := s.find(n.Addr, o.keys[0]); r != nil && r.mark == underWay {
			r.mark = h.epoch
		}
		h.clear(holderGiving | holderOffering)
		s.ops.release(slot, o)
	default:
		first, owner, mask := out.Keys.IDs[o.keys[0]], o.holders[0].ID, out.Ring.Config.Mask()
		if p := n.Pred; !p.None() && chord.Distance(first, p.ID, mask) < chord.Distance(first, owner, mask) {
			o.holders[0], owner = p, p.ID
		}
		s.gather(h, o, func(r *stored) bool {
			return s.orphan(h, n, out, r) && (r.id == first || chord.BetweenRightIncl(first, r.id, owner))
		})
		s.give(h, n, ev, out, slot, o)
	}
}
