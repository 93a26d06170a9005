package chord

// Recursive lookups: each hop hands the lookup on, and the node that knows
// the owner answers the initiator directly; under OwnerAnswers it hands the
// lookup on to the owner, which does. With HopAck each hop is
// acknowledged, and a forwarder without an ack takes its next best; a node
// that dies after its ack is seen only at the initiator's deadline.

// forwardFirst is the initiator's own step.
func (n *Node) forwardFirst(out *Out, ev *Event, slot uint32, l *lookup) {
	r, i, p := n.route(out, l.key, nil, l.deep)
	switch r {
	case routeOwners:
		if in := l.first(slot); n.ownerAnswers(&in, n.entry(i)) {
			n.handToOwner(out, ev, n.entry(i), &in)
			return
		}
		l.named = ev.Now
		n.lookupFound(out, ev, slot, l, n.Self(), n.entry(i), n.listFrom(out, i))
	case routeNext:
		m := l.first(slot)
		m.Path = 1
		n.forward(out, ev, p, &m)
	case routeNone:
		n.lookupFailed(out, ev, slot, l)
	}
}

// first is a recursive lookup as its initiator hands it on, with no node on its
// path yet.
func (l *lookup) first(slot uint32) Message {
	return Message{Key: l.key, Initiator: l.node, InitCall: l.number, InitSlot: slot, Flags: l.flags()}
}

// flags are those that a recursive lookup carries from hop to hop.
func (l *lookup) flags() (flags uint8) {
	if l.wantList {
		flags = FlagList
	}
	if l.deep {
		flags |= FlagDeep
	}
	if l.byOwner {
		flags |= FlagOwner
	}
	return flags
}

// ownerAnswers reports whether a lookup goes on to the owner that this node names.
func (n *Node) ownerAnswers(in *Message, owner Peer) bool {
	return in.Flags&FlagOwner != 0 && owner.Addr != n.Addr && owner.Addr != in.Initiator
}

// handToOwner hands a lookup on to the owner that this node names, as who has
// named it.
func (n *Node) handToOwner(out *Out, ev *Event, owner Peer, in *Message) {
	last := *in
	last.setA(owner)
	last.setB(n.Self())
	n.forward(out, ev, owner, &last)
}

// listFrom returns the list from entry i on, good for this step.
func (n *Node) listFrom(out *Out, i int) []Peer {
	at := len(out.Peers)
	for ; i < int(n.listLen); i++ {
		out.Peers = append(out.Peers, n.entry(i))
	}
	return out.Peers[at:]
}

// forward hands a lookup to the next hop. in carries key, initiator, path
// and timeouts so far; on the way to the owner A is that one, and B who has
// named it.
func (n *Node) forward(out *Out, ev *Event, to Peer, in *Message) {
	if out.Config.HopAck {
		slot, l := out.Lookups.add(n)
		l.purpose, l.key, l.start = lookupRelay, in.Key, ev.Now
		l.initiator, l.initCall, l.initSlot = in.Initiator, in.InitCall, in.InitSlot
		l.path, l.timeouts, l.wantList = in.Path, in.Timeouts, in.Flags&FlagList != 0
		l.deep, l.byOwner = in.Flags&FlagDeep != 0, in.Flags&FlagOwner != 0
		l.answerer = in.peerB()
		n.contact(out, ev, slot, l, contactNamed, to)
		return
	}
	m := out.send(to.Addr, Forward)
	m.Key, m.Initiator, m.InitCall, m.InitSlot = in.Key, in.Initiator, in.InitCall, in.InitSlot
	m.Path, m.Timeouts, m.Flags = in.Path, in.Timeouts, in.Flags&(FlagList|FlagDeep|FlagOwner)|FlagLookup
	m.AID, m.A, m.BID, m.B = in.AID, in.A, in.BID, in.B
}

// relayDead: a hop did not acknowledge; the next best is tried.
func (n *Node) relayDead(out *Out, ev *Event, slot uint32, l *lookup, w *walk) {
	dead := w.dead[:w.nDead]
	r, i, p := routeNone, 0, Peer{}
	if !out.Config.NoRetry && n.InRing() {
		r, i, p = n.route(out, l.key, dead, l.deep)
	}
	in := l.relayed()
	switch {
	case r == routeNext:
		l.path, l.answerer = in.Path+1, Peer{}
		n.contact(out, ev, slot, l, contactNamed, p)
		return
	case r == routeOwners && n.ownerAnswers(in, n.entry(i)):
		l.path, l.answerer = in.Path, n.Self()
		n.contact(out, ev, slot, l, contactNamed, n.entry(i))
		return
	}
	out.Lookups.release(slot, l)
	owner := Peer{}
	if r == routeOwners {
		owner = n.entry(i)
	}
	n.answer(out, ev, in, owner, i)
}

// relayed is the lookup as it came to the forwarder: its path goes without
// the hop that did not acknowledge. The owner is on no path.
func (l *lookup) relayed() *Message {
	in := Message{
		Key: l.key, Initiator: l.initiator, InitCall: l.initCall, InitSlot: l.initSlot,
		Path: l.path, Timeouts: l.timeouts, Flags: l.flags(),
	}
	if l.answerer.None() {
		in.Path = max(l.path, 1) - 1
	}
	return &in
}

// forwarded is a lookup passing through.
func (n *Node) forwarded(out *Out, ev *Event) {
	if out.Config.HopAck {
		out.reply(ev, ForwardAck)
	}
	m := ev.Msg
	if m.A == n.Addr {
		n.answerAsOwner(out, m)
		return
	}
	r, i, p := n.route(out, m.Key, nil, m.Flags&FlagDeep != 0)
	switch {
	case r == routeNext && int(m.Path) < 4*out.Config.Bits:
		next := *m
		if p.Addr != m.Initiator {
			next.Path++
		}
		n.forward(out, ev, p, &next)
	case r == routeOwners && n.ownerAnswers(m, n.entry(i)):
		n.handToOwner(out, ev, n.entry(i), m)
	case r == routeOwners:
		n.answer(out, ev, m, n.entry(i), i)
	default:
		n.answer(out, ev, m, Peer{}, 0)
	}
}

// answer tells the initiator the owner, nobody if the lookup has failed. A
// joiner gets the list from its owner on with it.
func (n *Node) answer(out *Out, ev *Event, in *Message, owner Peer, from int) {
	if in.Initiator == n.Addr {
		if l := out.Lookups.get(in.InitSlot, n.Addr, in.InitCall); l != nil {
			l.path, l.timeouts, l.named = in.Path, in.Timeouts, ev.Now
			if owner.None() {
				n.lookupFailed(out, ev, in.InitSlot, l)
			} else {
				n.lookupFound(out, ev, in.InitSlot, l, n.Self(), owner, n.listFrom(out, from))
			}
		}
		return
	}
	m := out.send(in.Initiator, Answer)
	m.Key, m.Call, m.Slot, m.Path, m.Timeouts, m.Flags = in.Key, in.InitCall, in.InitSlot, in.Path, in.Timeouts, FlagLookup
	m.setA(owner)
	m.BID = n.ID
	if in.Flags&FlagList != 0 && !owner.None() {
		m.Flags |= FlagList
		out.beginList()
		for i := from; i < int(n.listLen); i++ {
			out.Peers = append(out.Peers, n.entry(i))
		}
		out.endList()
	}
}

// answerAsOwner tells the initiator that this node is the owner, and who has said so.
func (n *Node) answerAsOwner(out *Out, in *Message) {
	m := out.send(in.Initiator, Answer)
	m.Key, m.Call, m.Slot, m.Path, m.Timeouts, m.Flags = in.Key, in.InitCall, in.InitSlot, in.Path, in.Timeouts, FlagLookup
	m.setA(n.Self())
	m.setB(in.peerB())
}

// forwardAcked: the next hop has taken the lookup over.
func (n *Node) forwardAcked(out *Out, ev *Event) {
	l := out.Lookups.contact(ev.Msg.Slot, n.Addr, ev.Msg.Call)
	if l == nil || l.purpose != lookupRelay {
		out.Counters[CountLate]++
		return
	}
	out.Lookups.release(ev.Msg.Slot, l)
}

// answerArrived ends a recursive lookup at its initiator.
func (n *Node) answerArrived(out *Out, ev *Event) {
	m := ev.Msg
	l := out.Lookups.get(m.Slot, n.Addr, m.Call)
	if l == nil || l.purpose == lookupRelay {
		out.Counters[CountLate]++
		return
	}
	l.path, l.timeouts, l.named = m.Path, m.Timeouts, ev.Now
	if m.A == 0 {
		n.lookupFailed(out, ev, m.Slot, l)
		return
	}
	answerer := Peer{m.BID, ev.From}
	if m.B != 0 {
		answerer = m.peerB()
	}
	n.lookupFound(out, ev, m.Slot, l, answerer, m.peerA(), ev.List)
}
