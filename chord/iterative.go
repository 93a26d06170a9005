package chord

// Iterative lookups (protocol: the initiator steers). The initiator keeps
// the nodes that timed out in this lookup (D) and the stack of visited
// nodes; each node on the way is asked for the key, given D, and names the
// next or, if the key lies between it and its first successor not in D, the
// owners.

// askSelf lets the initiator answer its own lookup: the first step, and
// every time the search is led back to the start.
func (n *Node) askSelf(out *Out, ev *Event, slot uint32, l *lookup, w *walk) {
	dead := w.dead[:w.nDead]
	r, i, p := n.route(out, l.key, dead, l.deep)
	switch r {
	case routeNext:
		n.contact(out, ev, slot, l, contactNamed, p)
	case routeOwners:
		w.nOwners, w.owner = 0, 0
		for ; i < int(n.listLen); i++ {
			if !contains(dead, n.listAddrs[i]) {
				w.owners[w.nOwners] = n.entry(i)
				w.nOwners++
			}
		}
		n.ownersNamed(out, ev, slot, l, w, w.owners[:w.nOwners])
	case routeNone:
		n.lookupFailed(out, ev, slot, l)
	}
}

// contact sends the lookup's next request.
func (n *Node) contact(out *Out, ev *Event, slot uint32, l *lookup, phase lookupPhase, to Peer) {
	l.contacts++
	if int(l.contacts) > 4*out.Config.Bits && !out.Config.fallsBack(l) {
		n.lookupFailed(out, ev, slot, l)
		return
	}
	l.phase, l.to, l.tries, l.state = phase, to, 0, 0
	l.contact = n.nextCall()
	n.sendContact(out, ev, slot, l)
}

func (n *Node) sendContact(out *Out, ev *Event, slot uint32, l *lookup) {
	l.tries++
	kind := FindNext
	switch {
	case l.purpose == lookupRelay:
		kind = Forward
	case l.phase == contactOwner:
		kind = Ping
	case l.phase == contactNamed && out.Config.Fallback:
		kind = GetState
	}
	m := out.send(l.to.Addr, kind)
	m.Key, m.Call, m.Slot, m.Flags = l.key, l.contact, slot, FlagLookup
	if l.deep && kind != Ping {
		m.Flags |= FlagDeep
	}
	switch {
	case kind == Forward:
		m.Initiator, m.InitCall, m.InitSlot = l.initiator, l.initCall, l.initSlot
		m.Path, m.Timeouts = l.path, l.timeouts
		if !l.answerer.None() {
			m.setA(l.to)
			m.setB(l.answerer)
		}
		m.Flags |= l.flags()
	case kind == FindNext && !out.Config.Fallback:
		if l.purpose == lookupFinger && !out.Config.Rules.RefreshTells {
			m.Flags |= FlagSilent
		}
		w := out.Lookups.walkOf(l)
		out.beginList()
		for i := 0; i < int(w.nDead); i++ {
			out.Peers = append(out.Peers, Peer{Addr: w.dead[i]})
		}
		out.endList()
	}
	if d := out.Config.patience(); d > 0 {
		out.timer(ev.Now+d, timerContact, slot, l.contact)
	}
}

// contactTimer is the timeout of a lookup's request.
func (n *Node) contactTimer(out *Out, ev *Event, slot, number uint32) {
	l := out.Lookups.contact(slot, n.Addr, number)
	if l == nil {
		return
	}
	if out.Config.Perfect {
		l.state |= callLate
		if l.state&callBounced != 0 {
			n.contactDead(out, ev, slot, l)
		}
		return
	}
	if int(l.tries) < out.Config.Tries {
		n.sendContact(out, ev, slot, l)
		return
	}
	n.contactDead(out, ev, slot, l)
}

// contactBounce is the network's report on a lookup's request.
func (n *Node) contactBounce(out *Out, ev *Event) {
	l := out.Lookups.contact(ev.Msg.Slot, n.Addr, ev.Msg.Call)
	if l == nil {
		out.Counters[CountLate]++
		return
	}
	l.state |= callBounced
	if out.Config.After == 0 || l.state&callLate != 0 {
		n.contactDead(out, ev, ev.Msg.Slot, l)
	}
}

// contactDead: the node in contact counts as dead. This node acts on it by
// the rule for entries that timed out. It joins D, and whoever named it is
// asked again, which is also the telling; is the namer the dead one, the one
// before it.
func (n *Node) contactDead(out *Out, ev *Event, slot uint32, l *lookup) {
	out.Suspects = append(out.Suspects, l.to.Addr)
	l.contact = 0
	l.timeouts++
	n.timedOut(out, ev, []Addr{l.to.Addr})
	w := out.Lookups.steer(l)
	if w.nDead == maxDead || (oneTry(out.Config, l) && l.purpose != lookupRelay) {
		n.lookupFailed(out, ev, slot, l)
		return
	}
	w.dead[w.nDead] = l.to.Addr
	w.nDead++
	if l.purpose == lookupRelay {
		n.relayDead(out, ev, slot, l, w)
		return
	}
	switch {
	case l.phase == contactOwner:
		w.owner++
		n.tryOwner(out, ev, slot, l, w)
		return
	case out.Config.Fallback:
		n.candidateDead(out, ev, slot, l, w)
		return
	case l.phase == contactNamer:
		w.nVisited--
		if l.path > 0 {
			l.path--
		}
	}
	n.askNamer(out, ev, slot, l, w)
}

// oneTry reports whether the first timeout ends the lookup: under retry
// off, and for refreshing lookups where timed-out entries are kept
// ([SIGCOMM01]: figures 11 and 12).
func oneTry(cfg *Config, l *lookup) bool {
	return cfg.NoRetry || (l.purpose == lookupFinger && cfg.Rules.TimedOutEntry == TimedOutKeep && !cfg.Fallback)
}

// askNamer asks the node visited last again.
func (n *Node) askNamer(out *Out, ev *Event, slot uint32, l *lookup, w *walk) {
	if w.nVisited == 0 {
		n.lookupFailed(out, ev, slot, l)
		return
	}
	namer := w.visited[w.nVisited-1]
	if namer.Addr == n.Addr {
		n.askSelf(out, ev, slot, l, w)
		return
	}
	n.contact(out, ev, slot, l, contactNamer, namer)
}

// reached records that the node in contact has answered.
func (n *Node) reached(l *lookup, w *walk) {
	l.contact = 0
	if l.phase == contactNamed {
		w.visit(l.to)
		if l.to.Addr != n.Addr {
			l.path++
		}
	}
}

// answerFindNext is the other side: a node on the way says what it knows.
func (n *Node) answerFindNext(out *Out, ev *Event) {
	if out.Config.Fallback {
		n.answerCandidates(out, ev)
		return
	}
	var buf [maxDead]Addr
	dead := buf[:0]
	for _, p := range ev.List {
		if len(dead) < maxDead {
			dead = append(dead, p.Addr)
		}
	}
	if ev.Msg.Flags&FlagSilent == 0 {
		n.timedOut(out, ev, dead)
	}
	r, i, p := n.route(out, ev.Msg.Key, dead, ev.Msg.Flags&FlagDeep != 0)
	switch r {
	case routeNext:
		m := out.reply(ev, Next)
		m.setA(p)
	case routeOwners:
		out.reply(ev, Owners)
		out.beginList()
		for ; i < int(n.listLen); i++ {
			if !contains(dead, n.listAddrs[i]) {
				out.Peers = append(out.Peers, n.entry(i))
			}
		}
		out.endList()
	case routeNone:
		out.reply(ev, NoNext)
	}
}

// found handles the three answers to FindNext.
func (n *Node) found(out *Out, ev *Event) {
	slot := ev.Msg.Slot
	l := out.Lookups.contact(slot, n.Addr, ev.Msg.Call)
	if l == nil || l.phase == contactOwner || l.purpose == lookupRelay {
		out.Counters[CountLate]++
		return
	}
	w := out.Lookups.walkOf(l)
	if out.Config.Fallback {
		n.candidatesNamed(out, ev, slot, l, w)
		return
	}
	n.reached(l, w)
	switch ev.Msg.Kind {
	case Next:
		if ev.Msg.A == 0 {
			n.lookupFailed(out, ev, slot, l)
			return
		}
		n.contact(out, ev, slot, l, contactNamed, ev.Msg.peerA())
	case Owners:
		w.nOwners, w.owner = 0, 0
		for _, p := range ev.List {
			if int(w.nOwners) < len(w.owners) {
				w.owners[w.nOwners] = p
				w.nOwners++
			}
		}
		n.ownersNamed(out, ev, slot, l, w, ev.List)
	case NoNext:
		n.lookupFailed(out, ev, slot, l)
	}
}

// ownersNamed: the key's predecessor has answered. Only a user's lookup
// contacts the owner itself, and only under ProbeOwner or OwnerAnswers; who
// wants the list is going to contact it.
func (n *Node) ownersNamed(out *Out, ev *Event, slot uint32, l *lookup, w *walk, list []Peer) {
	if w.nOwners == 0 {
		n.lookupFailed(out, ev, slot, l)
		return
	}
	l.answerer, l.named = w.visited[w.nVisited-1], ev.Now
	if l.byOwner || out.Config.ProbeOwner && l.purpose == lookupUser && !l.wantList {
		n.tryOwner(out, ev, slot, l, w)
		return
	}
	n.lookupFound(out, ev, slot, l, l.answerer, w.owners[0], list)
}

// tryOwner contacts the next of the owners.
func (n *Node) tryOwner(out *Out, ev *Event, slot uint32, l *lookup, w *walk) {
	if w.owner == w.nOwners && l.deep {
		l.deep = false // a list has little behind a late entry: its holder is asked for the way
		n.askNamer(out, ev, slot, l, w)
		return
	}
	if w.owner == w.nOwners {
		n.lookupFailed(out, ev, slot, l)
		return
	}
	owner := w.owners[w.owner]
	if owner.Addr == n.Addr {
		n.lookupFound(out, ev, slot, l, l.answerer, owner, nil)
		return
	}
	n.contact(out, ev, slot, l, contactOwner, owner)
}

// ownerAnswered: the owner lives.
func (n *Node) ownerAnswered(out *Out, ev *Event) {
	slot := ev.Msg.Slot
	l := out.Lookups.contact(slot, n.Addr, ev.Msg.Call)
	if l == nil || l.phase != contactOwner {
		out.Counters[CountLate]++
		return
	}
	if l.byOwner {
		l.named = ev.Now
	}
	n.lookupFound(out, ev, slot, l, l.answerer, l.to, nil)
}
