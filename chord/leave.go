package chord

// leave starts a voluntary departure.
func (n *Node) leave(out *Out, ev *Event) {
	if n.Status != Member {
		n.depart(out)
		return
	}
	n.Status = Leaving
	rule := out.Config.Rules.Leave
	if rule != LeaveSilent && !n.Pred.None() && n.Pred.Addr != n.Addr && n.listLen > 0 {
		n.ask(out, ev.Now, forLeavePred, n.Pred)
	}
	if rule == LeaveToN && n.listLen > 0 && n.listAddrs[0] != n.Addr {
		n.ask(out, ev.Now, forLeaveSucc, n.entry(0))
	}
	n.letGo(out)
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
	if len(ev.List) > 0 {
		// [Zave17] in reverse: its list takes the place of this node's, in
		// one step, and only if it was the successor.
		if n.listAddrs[0] == ev.From {
			n.replaceList(cfg, ev.List)
			if n.listAddrs[0] == ev.From {
				n.removeEntry(0)
			}
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
			n.push(n.Self())
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
