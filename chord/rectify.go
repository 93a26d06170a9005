package chord

// notified: q believes to be the predecessor ([SIGCOMM01] Fig. 7 notify,
// [Zave17] rectify).
func (n *Node) notified(out *Out, ev *Event, q Peer) {
	if q.Addr == n.Addr || out.Config.Frozen {
		return
	}
	// A closer one does not wait for a rectify under way: whatever the ping
	// says, it would be the predecessor when its turn came.
	if n.Pred.None() || Between(n.Pred.ID, q.ID, n.ID) {
		old := n.Pred
		n.Pred = q
		n.set(flagPredHeard)
		if out.Config.Rules.TellOldPredecessor && !old.None() && old.Addr != n.Addr {
			m := out.send(old.Addr, NewSuccessor)
			m.setA(q)
		}
		return
	}
	if out.Config.Rules.Notify != NotifyRectify || q == n.Pred {
		return
	}
	if n.calls[forRectify].number != 0 {
		n.notify = q // the latest is enough
		return
	}
	n.rect = q
	n.ask(out, ev.Now, forRectify, n.Pred)
}

// forgetPredecessor: whoever has this node as its successor has found the
// predecessor dead, and will notify in its next round ([E-Chord]).
func (n *Node) forgetPredecessor(out *Out) {
	if !out.Config.Frozen {
		n.Pred = Peer{}
	}
}

// oldPredecessorDead: the notifier takes its place, which check_predecessor
// may have emptied by now.
func (n *Node) oldPredecessorDead(out *Out, ev *Event, old Peer) {
	if (n.Pred == old || n.Pred.None()) && !out.Config.Frozen && !planted(BugRectifyNever) {
		n.Pred = n.rect
	}
	n.rectified(out, ev)
}

// oldPredecessorAlive: it keeps it.
func (n *Node) oldPredecessorAlive(out *Out, ev *Event) { n.rectified(out, ev) }

// rectified ends a rectify and turns to the notifier that waited.
func (n *Node) rectified(out *Out, ev *Event) {
	q := n.notify
	n.rect, n.notify = Peer{}, Peer{}
	if !q.None() {
		n.notified(out, ev, q)
	}
}

// toldNewSuccessor: the successor has replaced this node as predecessor by
// q, which is therefore closer ([ToN03]: the old predecessor is told). Where a
// better successor is asked first, being told is a reason to stabilize, and no
// more than that.
func (n *Node) toldNewSuccessor(out *Out, ev *Event, q Peer) {
	if out.Config.Frozen || n.listLen == 0 || q.Addr == n.Addr || !Between(n.ID, q.ID, n.listIDs[0]) {
		return
	}
	if out.Config.Rules.BetterSuccessor == BetterAsk {
		n.stabilize(out, ev)
		return
	}
	n.adoptHead(out.Config, q)
}

// checkPredecessor pings the predecessor unless it was heard from since the
// last check ([ToN03] check_predecessor). Where a dead one is never cleared
// nobody would do anything about the answer: [SIGCOMM01] has no such check.
func (n *Node) checkPredecessor(out *Out, ev *Event) {
	if !out.Config.Rules.ClearPredecessor {
		return
	}
	heard := n.has(flagPredHeard)
	n.clear(flagPredHeard)
	if !heard {
		n.flush(out, ev)
	}
}

func (n *Node) predecessorDead(out *Out, p Peer) {
	if n.Pred == p && out.Config.Rules.ClearPredecessor && !out.Config.Frozen {
		n.Pred = Peer{}
	}
}
