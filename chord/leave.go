package chord

// leave starts a voluntary departure.
func (n *Node) leave(out *Out, ev *Event) {
	if n.Status == Leaving {
		return
	}
	if n.Status != Member {
		n.depart(out)
		return
	}
	n.Status = Leaving
	n.Part()
	rule := out.Config.Rules.Leave
	if alone := n.listLen == 0 || n.listAddrs[0] == n.Addr; !alone {
		if rule != LeaveSilent && !n.Pred.None() && n.Pred.Addr != n.Addr {
			n.ask(out, ev.Now, forLeavePred, n.Pred)
		}
		if rule == LeaveToN {
			n.ask(out, ev.Now, forLeaveSucc, n.entry(0))
		}
	}
	n.letGo(out)
}

// leaveMessage fills in what a leaver tells its predecessor. Its list may have
// died since it began.
func (n *Node) leaveMessage(out *Out, m *Message) {
	m.Kind = LeavePred
	if n.listLen == 0 {
		return
	}
	m.setA(n.entry(int(n.listLen) - 1))
	if out.Config.Rules.Leave == LeaveCorrected {
		out.beginList()
		n.appendList(out)
		out.endList()
	}
}

// Part tells a member that it is going to leave, when its host has done what comes
// before.
func (n *Node) Part() { n.set(flagParting) }

// parting reports whether the node is leaving or about to, and its predecessor is to
// take over its list (protocol §1c.8).
func (n *Node) parting(cfg *Config) bool {
	return n.has(flagParting) && cfg.Rules.Leave == LeaveCorrected
}

// passesOver reports whether the node leaves a better successor alone that has
// answered with m: both are leaving. What a leaver tells outlives it, and whoever took
// it for its successor would hold two that are about to go. One that stands alone has
// nobody else to give anything to.
func (n *Node) passesOver(cfg *Config, m *Message) bool {
	return m.Flags&FlagLeaving != 0 && n.parting(cfg) && n.listLen > 0 && n.listAddrs[0] != n.Addr
}

// letGo ends a leaver's life when nobody is left to hear of it. Without an
// acknowledgement it goes all the same: for the others that is a crash.
func (n *Node) letGo(out *Out) {
	if n.Status == Leaving && n.calls[forLeavePred].number == 0 && n.calls[forLeaveSucc].number == 0 {
		n.depart(out)
	}
}

func (n *Node) depart(out *Out) {
	n.Crash()
	out.Left = true
}

// predecessorLeaves: p = n.Pred leaves and names its own predecessor
// ([ToN03]: s sets pred := n.pred if pred = n).
func (n *Node) predecessorLeaves(out *Out, ev *Event) {
	out.reply(ev, LeaveAck)
	if n.Pred.Addr == ev.From && !out.Config.Frozen {
		n.Pred = ev.Msg.peerA()
	}
}

// successorLeaves: an entry of the list leaves.
func (n *Node) successorLeaves(out *Out, ev *Event) {
	out.reply(ev, LeaveAck)
	cfg := out.Config
	if cfg.Frozen || n.listLen == 0 {
		return
	}
	if cfg.Rules.Leave == LeaveCorrected {
		// [Zave17] in reverse: its list takes the place of this node's, in
		// one step, and only if it was the successor. What it was asked is
		// void.
		if n.listAddrs[0] == ev.From && len(ev.List) > 0 && ev.List[0].Addr != ev.From {
			n.calls[forSuccessor].number = 0
			n.replaceList(cfg, ev.List)
			n.removeFinger(ev.From)
			n.stabilize(out, ev)
		}
		return
	}
	// [ToN03]: n is removed, and the last entry of its list appended.
	if i := n.findEntry(ev.From); i >= 0 {
		n.removeEntry(i)
		last := ev.Msg.peerA()
		if !last.None() && last.Addr != n.Addr && last.Addr != ev.From && n.findEntry(last.Addr) < 0 &&
			int(n.listLen) < cfg.Successors && (n.listLen == 0 || Between(n.listIDs[n.listLen-1], last.ID, n.ID)) {
			n.push(last)
		}
		if n.listLen == 0 {
			n.standAlone()
		}
		n.removeFinger(ev.From)
	}
}

// leaveAcked: one of those told has acknowledged.
func (n *Node) leaveAcked(out *Out, ev *Event) {
	if _, _, ok := n.answered(out, ev.Msg); ok {
		n.letGo(out)
	}
}
