package chord

// stabilize asks the successor for its predecessor and, as the rules say,
// its list ([SIGCOMM01] Fig. 7; [Zave17] StabilizeFromSuccessor and
// StabilizeFromPredecessor). At most two queries, one round at a time.
func (n *Node) stabilize(out *Out, ev *Event) {
	if n.calls[forSuccessor].number != 0 || n.calls[forBetter].number != 0 {
		n.set(flagAgain)
		return
	}
	n.clear(flagAgain)
	if !n.InRing() || n.listLen == 0 || out.Config.Frozen {
		return
	}
	s := n.entry(0)
	if n.listRunEmpty(out.Config) {
		n.joinAgain(out, ev)
		return
	}
	if s.Addr == n.Addr {
		// A ring of one asks itself: its predecessor is whoever notified it.
		n.calls[forSuccessor].Peer = s
		n.successorAnswered(out, ev, s, n.Pred, nil, false)
		return
	}
	n.ask(out, ev.Now, forSuccessor, s)
}

// stabilizeRound is what the timer does.
func (n *Node) stabilizeRound(out *Out, ev *Event) {
	if out.Config.Rules.inParts() && n.InRing() {
		n.set(flagRound)
	}
	n.stabilize(out, ev)
	switch out.Config.Rules.Refresh {
	case RefreshEntry:
		n.refreshEntry(out, ev)
	case RefreshFingers:
		if !n.has(flagAllFingers) || !n.has(flagFinger) {
			n.fingerCursor = uint8(out.Config.Bits) // from the farthest on
			n.set(flagAllFingers)
			n.fixFingers(out, ev)
		}
	}
}

// successorAnswered: s = L[0] has told its predecessor and, with whole, its
// list.
func (n *Node) successorAnswered(out *Out, ev *Event, s, pred Peer, list []Peer, whole bool) {
	cfg := out.Config
	if n.listLen == 0 || n.entry(0) != s {
		n.stabilize(out, ev) // the head has changed meanwhile
		return
	}
	n.clear(flagCutOff)
	if whole {
		n.replaceListWith(cfg, s, list)
		n.clear(flagCopyList)
	}
	if cfg.Rules.BetterSuccessor == BetterPoll {
		n.pollPredecessor(out, ev, pred)
		return
	}
	if pred.None() || pred.Addr == n.Addr || !Between(n.ID, pred.ID, s.ID) {
		n.notifySuccessor(out, ev)
		return
	}
	better := cfg.Rules.BetterSuccessor
	if planted(BugAdoptUnasked) {
		better = BetterAdopt
	}
	switch better {
	case BetterAdopt:
		n.adoptHead(cfg, pred)
		n.adopted(cfg)
		n.notifySuccessor(out, ev)
	case BetterAdoptAlive, BetterAsk:
		n.ask(out, ev.Now, forBetter, pred)
	}
}

// betterAnswered: p, the predecessor of the successor, lives. The head and
// the list behind it are replaced together where the answer has the list,
// and only while the successor is still the one that named p.
func (n *Node) betterAnswered(out *Out, ev *Event, p Peer, list []Peer, whole bool) {
	cfg := out.Config
	if n.listLen > 0 && n.entry(0) == n.calls[forSuccessor].Peer && !n.passesOver(cfg, ev.Msg) {
		better := true
		switch {
		case cfg.Rules.BetterSuccessor == BetterPoll:
			better = n.shiftList(cfg, p)
		case whole:
			n.replaceListWith(cfg, p, list)
		default:
			n.adoptHead(cfg, p)
		}
		if better {
			n.adopted(cfg)
		}
	}
	n.notifySuccessor(out, ev)
}

// adopted: the new successor may know a better one still. Of k nodes that
// joined between the same two members at once, each finds its place in k
// round trips this way; with one step a round it takes them k rounds.
func (n *Node) adopted(cfg *Config) {
	if cfg.Rules.Chase {
		n.set(flagAgain)
	}
}

// betterDead: it does not; L stays.
func (n *Node) betterDead(out *Out, ev *Event) {
	if out.Config.Rules.BetterSuccessor == BetterPoll {
		n.tellToForget(out)
		n.stabilized(out, ev)
		return
	}
	n.notifySuccessor(out, ev)
}

// notifySuccessor ends a stabilization.
func (n *Node) notifySuccessor(out *Out, ev *Event) {
	if n.listLen > 0 && n.listAddrs[0] != n.Addr {
		to := n.listAddrs[0]
		if planted(BugNotifyAstray) {
			to = n.listAddrs[n.listLen-1]
		}
		m := out.send(to, Notify)
		m.AID = n.ID
	}
	n.stabilized(out, ev)
}

// stabilized: the round goes on with what is refreshed after a stabilization,
// and another one begins if it was asked for meanwhile.
func (n *Node) stabilized(out *Out, ev *Event) {
	if out.Config.Rules.Refresh == RefreshListEntry {
		n.askListEntry(out, ev)
	}
	if n.has(flagRound) {
		n.clear(flagRound)
		n.reconcile(out, ev)
	}
	if n.has(flagAgain) {
		n.stabilize(out, ev)
	}
}

// successorDead applies the rule for a successor that did not answer.
func (n *Node) successorDead(out *Out, ev *Event, s Peer) {
	cfg := out.Config
	if n.listLen == 0 || n.entry(0) != s {
		n.stabilize(out, ev) // the head has changed meanwhile
		return
	}
	if cfg.Frozen {
		return
	}
	switch cfg.Rules.DeadSuccessor {
	case DeadKeep:
		return
	case DeadUpdate:
		if n.has(flagRound) {
			n.clear(flagRound)
			n.secondMovesUp(cfg, s)
		}
		return
	case DeadNext:
		if n.listLen == 1 {
			return
		}
		n.removeEntry(0)
	case DeadReconcile:
		n.removeEntry(0)
		n.removeFinger(s.Addr)
		if n.listLen == 0 {
			if f := n.nearestFinger(out.Config); !f.None() {
				n.push(f)
			} else {
				n.standAlone()
			}
		}
	case DeadDrop:
		n.removeEntry(0)
		if n.listLen == 0 {
			n.removeFinger(s.Addr)
			n.cutOff(out, ev)
			return
		}
	case DeadJoinAgain:
		if !n.nextEntry(out, ev, s) {
			return
		}
	}
	n.stabilize(out, ev)
}

// cutOff: the whole list is dead. The proof assumes that it never happens
// ([Zave17]). With the rejoin rule the node looks for a new successor: its
// nearest finger that answers or, without any, a member that the bootstrap
// names. From there the predecessors lead back to its place.
//
// It stays a member meanwhile. Were it to give up its place and join anew,
// its predecessor would find it dead, with a list of which all other entries
// are the same dead nodes; it would be cut off in turn, and so on around the
// ring until nobody is left.
func (n *Node) cutOff(out *Out, ev *Event) {
	if !n.has(flagCutOff) {
		n.set(flagCutOff)
		out.Counters[CountCutOff]++
	}
	if !out.Config.Rules.Rejoin || n.Status == Leaving {
		return
	}
	if out.Config.Rules.DeadSuccessor == DeadJoinAgain {
		out.WantBootstrap = true
		return
	}
	if f := n.nearestFinger(out.Config); !f.None() {
		n.reattach(out, ev, f)
		return
	}
	out.WantBootstrap = true
}

// reattach makes p the only entry of the list of a node that was cut off.
func (n *Node) reattach(out *Out, ev *Event, p Peer) {
	n.listLen = 0
	n.push(p)
	n.set(flagCopyList)
	n.stabilize(out, ev)
}

// answerState is the other side of stabilize, of the two-step join and of
// the refresh of an entry.
func (n *Node) answerState(out *Out, ev *Event) {
	want := ev.Msg.Flags
	m := out.reply(ev, State)
	if n.parting(out.Config) {
		m.Flags |= FlagLeaving
	}
	if out.Config.Rules.Busy && want&FlagLookup == 0 && n.calls[forSuccessor].number|n.calls[forBetter].number != 0 {
		out.Counters[CountBusy]++
		m.Flags |= FlagBusy
		return
	}
	m.setA(n.Pred)
	if want&FlagList == 0 && n.listLen > 0 {
		m.setB(n.entry(0)) // the list begins with it
	}
	if want&FlagList != 0 {
		m.Flags |= FlagList
		m.Path = uint16(n.listLen)
		out.beginList()
		n.appendList(out)
		if n.goesAround(out.Config) {
			out.Peers = append(out.Peers, n.Self())
			m.Path++
		}
		if want&FlagFingers != 0 {
			n.appendFingers(out)
		}
		out.endList()
	}
}

// stateArrived hands the answer to whoever asked.
func (n *Node) stateArrived(out *Out, ev *Event) {
	p, peer, ok := n.answered(out, ev.Msg)
	if !ok {
		return
	}
	if out.Config.Frozen && p != forJoin {
		return
	}
	m := ev.Msg
	if m.Flags&FlagBusy != 0 {
		switch p {
		case forSuccessor, forBetter:
			n.clear(flagAgain | flagRound) // the round ends unchanged; nobody waits for anybody
		case forJoin:
			n.lookUpAgain(out, ev)
		}
		return
	}
	whole := m.Flags&FlagList != 0
	list := ev.List
	if whole && int(m.Path) <= len(list) {
		list = list[:m.Path]
	}
	switch p {
	case forSuccessor:
		n.successorAnswered(out, ev, peer, m.peerA(), list, whole)
	case forBetter:
		n.betterAnswered(out, ev, peer, list, whole)
	case forJoin:
		n.successorTold(out, ev, peer, m.peerA(), list, ev.List[len(list):])
	case forEntry:
		n.entryAnswered(out, ev, peer, m.peerB())
	}
}

// pongArrived hands the answer to a ping to whoever asked.
func (n *Node) pongArrived(out *Out, ev *Event) {
	p, peer, ok := n.answered(out, ev.Msg)
	if !ok {
		return
	}
	if out.Config.Frozen && p != forJoin {
		return
	}
	switch p {
	case forBetter:
		n.betterAnswered(out, ev, peer, nil, false)
	case forRectify:
		n.oldPredecessorAlive(out, ev)
	case forJoin:
		n.followed(out, ev, peer)
	}
}
