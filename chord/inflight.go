package chord

// What is in flight and about to be believed. Whoever watches over the
// assumptions of the proof has to count it beside what the nodes hold already
// (protocol §1c.7): a list in an answer, a report that a successor is dead, a
// node that a joiner's lookup goes around.

// AppendListAfter appends to buf the successor list that n will have under the
// rules of [Zave17] when m has arrived with a list beside it; nothing where m
// leaves n's list as it is, or as nothing. Of a joiner that is going to ask s
// for its list it appends s alone.
func (n *Node) AppendListAfter(cfg *Config, buf []Peer, m *Message, list []Peer) []Peer {
	switch m.Kind {
	case State:
		if !n.inFlight(m.Slot, m.Call) || m.Flags&FlagBusy != 0 {
			return buf
		}
		switch p := purpose(m.Slot); {
		case p == forBetter && n.passesOver(cfg, m):
		case m.Flags&FlagList == 0: // lists have one entry
			if p == forBetter {
				return append(buf, n.calls[m.Slot].Peer)
			}
		case p == forSuccessor, p == forBetter, p == forJoin:
			head := n.calls[m.Slot].Peer
			return n.appendCut(cfg, append(buf, head), len(buf), list[:min(int(m.Path), len(list))])
		}
	case Bounce:
		if m.Flags&FlagLookup == 0 && n.inFlight(m.Slot, m.Call) && purpose(m.Slot) == forSuccessor {
			return n.appendWithoutHead(buf)
		}
	case LeavePred:
		if n.InRing() {
			return n.appendCut(cfg, buf, len(buf), list)
		}
	case Owners, Answer:
		if n.Status != Joining || len(list) == 0 || list[0].ID == n.ID {
			return buf
		}
		if cfg.Rules.Join != JoinPredecessorList {
			return append(buf, list[0])
		}
		return n.appendCut(cfg, buf, len(buf), list)
	}
	return buf
}

// appendCut appends list as extendList does: buf has a list from `from` on.
func (n *Node) appendCut(cfg *Config, buf []Peer, from int, list []Peer) []Peer {
	for _, p := range list {
		have := len(buf) - from
		if have == cfg.Successors || have > 0 && (p.Addr == n.Addr || buf[from].Addr == n.Addr || p.Addr == buf[from].Addr) {
			break
		}
		buf = append(buf, p)
	}
	return buf
}

func (n *Node) appendWithoutHead(buf []Peer) []Peer {
	for i := 1; i < int(n.listLen); i++ {
		buf = append(buf, n.entry(i))
	}
	return buf
}

// AppendListHalfDone appends what n's list will be when a request that is out
// has come to its end: without a head that the network has reported dead,
// where the report is not acted on yet (Config.After); of a joiner, the
// successor that it has looked up and is asking for its list. Nothing where
// there is no such request.
func (n *Node) AppendListHalfDone(buf []Peer) []Peer {
	if c := &n.calls[forSuccessor]; n.InRing() && c.number != 0 && c.state&callBounced != 0 {
		return n.appendWithoutHead(buf)
	}
	if c := &n.calls[forJoin]; n.Status == Joining && c.number != 0 {
		return append(buf, c.Peer)
	}
	return buf
}

// EachAvoided calls each for every node that the lookup of a joiner goes
// around, because it was dead when it was asked, or will go around, because the
// network has reported it and the report is not acted on yet (Config.After). The
// list that the joiner gets will be without it, should it be back by then.
func (t *Lookups) EachAvoided(each func(Addr)) {
	for b := range t.records {
		for i := range t.records[b] {
			l := &t.records[b][i]
			if !l.placing() {
				continue
			}
			if l.contact != 0 && l.state&callBounced != 0 {
				each(l.to.Addr)
			}
			if l.walk == 0 {
				continue
			}
			w := t.walkOf(l)
			for _, a := range w.dead[:w.nDead] {
				each(a)
			}
		}
	}
}

// AvoidedAfter returns the node that the lookup of a joiner will go around when m,
// a report that it is dead, has arrived at n; nobody where m is none.
func (t *Lookups) AvoidedAfter(n Addr, m *Message) Addr {
	if m.Kind != Bounce || m.Flags&FlagLookup == 0 {
		return 0
	}
	if l := t.contact(m.Slot, n, m.Call); l != nil && l.placing() {
		return l.to.Addr
	}
	return 0
}

// placing reports whether a lookup, or this hop of it, is to find a joiner's place.
func (l *lookup) placing() bool {
	return l.purpose == lookupJoin || l.purpose == lookupRelay && l.wantList
}
