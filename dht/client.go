package dht

import "chordsim/chord"

// The client's side: any node that puts, gets or deletes a key. It looks up the
// owner and asks it. A put that is not acknowledged is tried again until its
// deadline; a get turns to the copies where the owner does not answer, has
// nothing, or may not have all yet.

// begin starts an operation. The record of a put comes without a version.
func (s *Store) begin(h *Holder, n *chord.Node, ev *chord.Event, out *Out) {
	r := recordOf(ev.Msg)
	if !n.InRing() {
		out.Done = append(out.Done, Done{Tag: ev.Msg.Call, Outcome: Failed, Record: r})
		return
	}
	slot, o := s.ops.add(n.Addr, opClient)
	o.Record, o.kind, o.tag = r, ev.Msg.Kind, ev.Msg.Call
	o.start, o.deadline = ev.Now, ev.Now+out.Config.Deadline
	s.lookUp(n, ev, out, slot, o, out.Keys.IDs[r.Key])
}

// ownersFound: a client's lookup has ended.
func (s *Store) ownersFound(h *Holder, n *chord.Node, ev *chord.Event, out *Out, slot uint32, o *op) {
	if o.nHolders == 0 {
		s.again(h, n, ev, out, slot, o)
		return
	}
	o.at, o.seen, o.flags, o.rounds, o.has = 0, 0, 0, 0, 1
	o.nKeys = uint8(min(int(o.nHolders), out.Config.Replicas)) // a get's candidates
	s.askHolder(h, n, ev, out, slot, o, true)
}

// askHolder asks the holder whose turn it is: for the first time, or again.
func (s *Store) askHolder(h *Holder, n *chord.Node, ev *chord.Event, out *Out, slot uint32, o *op, first bool) {
	if first {
		o.tries = 0
	}
	o.try()
	to := o.holders[o.at].Addr
	if o.kind == CmdGet {
		s.arm(h, ev, out, slot, o, out.Config.Timeout)
		m := s.send(out, to, Get, slot, o)
		m.Key = uint64(o.Key) << 32
		if !o.asOwner() {
			m.Flags = flagKeep
		}
		return
	}
	wait := out.Config.Timeout
	if out.Config.Replicas > 1 {
		wait *= int64(1 + out.Config.Tries) // the owner asks others in turn
	}
	s.arm(h, ev, out, slot, o, wait)
	m := s.send(out, to, Put, slot, o)
	setRecord(m, o.Record)
	m.BID, m.Flags = uint64(o.start), o.flags
}

// clientTimedOut: the holder did not answer, or it is time for another attempt.
func (s *Store) clientTimedOut(h *Holder, n *chord.Node, ev *chord.Event, out *Out, slot uint32, o *op) {
	switch {
	case o.paused:
		o.paused = false
		s.lookUp(n, ev, out, slot, o, out.Keys.IDs[o.Key])
	case o.mayTry(out):
		s.askHolder(h, n, ev, out, slot, o, false)
	default:
		suspect(out, o.holders[o.at].Addr)
		s.nextHolder(h, n, ev, out, slot, o)
	}
}

// nextHolder turns to the next that may know. A put goes on to the one that
// takes over from a dead owner.
func (s *Store) nextHolder(h *Holder, n *chord.Node, ev *chord.Event, out *Out, slot uint32, o *op) {
	o.at++
	last := o.nKeys
	if o.kind == CmdPut && out.Config.HandOver == HandOverSafe {
		last = min(o.nHolders, 2)
	}
	switch {
	case o.at < last:
		s.askHolder(h, n, ev, out, slot, o, true)
	case o.kind == CmdGet && o.seen > 0:
		s.got(out, slot, o)
	default:
		s.again(h, n, ev, out, slot, o)
	}
}

// again pauses before the next attempt, or ends the operation if there is no
// time for one. E-Chord makes one attempt.
func (s *Store) again(h *Holder, n *chord.Node, ev *chord.Event, out *Out, slot uint32, o *op) {
	if out.Config.HandOver == HandOverEChord || ev.Now+out.Config.Pause >= o.deadline || !n.InRing() {
		s.end(out, slot, o, Failed)
		return
	}
	o.paused, o.number = true, 0
	s.arm(h, ev, out, slot, o, out.Config.Pause)
}

// end hands the outcome to the host.
func (s *Store) end(out *Out, slot uint32, o *op, outcome Outcome) {
	out.Done = append(out.Done, Done{Tag: o.tag, Outcome: outcome, Local: o.local, Record: o.Record})
	s.ops.release(slot, o)
}

// mostHops bounds how often a request is sent on.
const mostHops = 6

// putAnswered: the owner holds it, with its quorum; or it does not, or somebody
// else is the owner.
func (s *Store) putAnswered(h *Holder, n *chord.Node, ev *chord.Event, out *Out) {
	m := ev.Msg
	o := s.ops.get(m.Slot, n.Addr, m.Call)
	if o == nil || o.purpose != opClient || o.kind != CmdPut || o.paused {
		out.Counters[CountLate]++
		return
	}
	switch {
	case m.Flags&flagRefused != 0:
		s.again(h, n, ev, out, m.Slot, o)
	case m.Flags&flagElsewhere != 0:
		o.rounds++
		if o.rounds > mostHops {
			s.again(h, n, ev, out, m.Slot, o)
			return
		}
		o.holders[0], o.nHolders, o.at = chord.Peer{ID: m.BID, Addr: m.B}, 1, 0
		o.flags = m.Flags & flagLeaving
		s.askHolder(h, n, ev, out, m.Slot, o, true)
	default:
		o.Record = recordOf(m)
		s.end(out, m.Slot, o, Acknowledged)
	}
}

// valueArrived: a holder has answered. What the owner says is final if it has
// the key; otherwise as many are asked as a read quorum takes, and the newest
// counts.
func (s *Store) valueArrived(h *Holder, n *chord.Node, ev *chord.Event, out *Out) {
	m := ev.Msg
	o := s.ops.get(m.Slot, n.Addr, m.Call)
	if o == nil || o.purpose != opClient || o.kind != CmdGet || o.paused {
		out.Counters[CountLate]++
		return
	}
	if m.Flags&flagFound != 0 {
		if r := recordOf(m); r.Newer(o.Record) {
			o.Record = r
		}
	}
	if out.Config.HandOver == HandOverEChord {
		o.seen = 1
		s.got(out, m.Slot, o)
		return
	}
	if m.Flags&flagElsewhere != 0 {
		s.insertHolder(o, chord.Peer{ID: m.BID, Addr: m.B})
	}
	if m.Flags&flagPartial != 0 {
		o.nKeys = min(o.nKeys+1, o.nHolders)
	} else {
		o.seen++
		quorum := uint8(out.Config.readQuorum())
		final := o.asOwner() && m.Flags&flagKeep == 0
		if o.Version != 0 && (final || o.seen >= quorum) {
			s.got(out, m.Slot, o)
			return
		}
	}
	if o.seen == 0 && o.at+1 >= o.nKeys && o.Version != 0 {
		o.seen = 1 // everybody may lack something, but this is what there is
	}
	s.nextHolder(h, n, ev, out, m.Slot, o)
}

// insertHolder makes a node the next to be asked, if it was not named yet.
func (s *Store) insertHolder(o *op, p chord.Peer) {
	for i := range o.nHolders {
		if o.holders[i].Addr == p.Addr {
			return
		}
	}
	if int(o.at)+1 == len(o.holders) {
		return
	}
	o.nHolders = min(o.nHolders+1, MaxReplicas) // the farthest makes room
	copy(o.holders[o.at+2:o.nHolders], o.holders[o.at+1:])
	o.holders[o.at+1] = p
	o.has |= 1 << (o.at + 1)
}

// asOwner reports whether the holder whose turn it is was named as the owner.
func (o *op) asOwner() bool { return o.has>>o.at&1 != 0 }

// got ends a get with what was found.
func (s *Store) got(out *Out, slot uint32, o *op) {
	if o.Version == 0 {
		s.end(out, slot, o, Missing)
		return
	}
	s.end(out, slot, o, Found)
}
