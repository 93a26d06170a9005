package chord

// The protocol as [Zave12] models it: a successor, a second one behind it and
// a predecessor, and maintenance in parts that come about apart from each
// other. Stabilize adopts a better successor and nothing else; reconcile
// learns the second one, update puts it in the place of a dead first one,
// flush empties a dead predecessor. Each is a command, so that a host can have
// them happen in any order; a node's own round stabilizes and then reconciles
// or, where the successor is dead, updates.
//
// The second successor may be the node itself, in a ring of two, and even both
// are in a ring of one: the model has it so, and what may fail hangs on it.

// inParts reports whether some of what a round does is left to reconcile or
// update.
func (r *Rules) inParts() bool { return r.DeadSuccessor == DeadUpdate || r.Refresh == RefreshReconcile }

// adoptHead makes p, which is better, the successor: before the list or, by
// RefreshReconcile, in the place of the old one, with the rest untouched.
func (n *Node) adoptHead(cfg *Config, p Peer) {
	if cfg.Rules.Refresh != RefreshReconcile || n.listLen == 0 {
		n.prependEntry(cfg, p)
		return
	}
	n.listIDs[0], n.listAddrs[0] = p.ID, p.Addr
}

// stabilizeOnce is stabilize as a command: no round goes on after it.
func (n *Node) stabilizeOnce(out *Out, ev *Event) {
	if n.calls[forSuccessor].number == 0 && n.calls[forBetter].number == 0 {
		n.clear(flagRound) // one that ended at a dead successor has left it
	}
	n.stabilize(out, ev)
}

// reconcile asks the successor for its own, to have it second.
func (n *Node) reconcile(out *Out, ev *Event) {
	if out.Config.Rules.Refresh != RefreshReconcile || !n.InRing() || n.listLen == 0 || out.Config.Frozen || n.calls[forEntry].number != 0 {
		return
	}
	s := n.entry(0)
	if s.Addr == n.Addr {
		n.reconciled(out.Config, s, s)
		return
	}
	n.ask(out, ev.Now, forEntry, s)
}

// reconciled: the successor s names its own, q ([Zave12] reconcile: q is not
// s itself, unless the node is alone).
func (n *Node) reconciled(cfg *Config, s, q Peer) {
	if !cfg.listWanted() || n.listLen == 0 || n.entry(0) != s || q.None() || q == s && s.Addr != n.Addr {
		return
	}
	if n.listLen == 1 {
		n.listLen = 2
	}
	n.listIDs[1], n.listAddrs[1] = q.ID, q.Addr
}

// update asks whether the successor lives.
func (n *Node) update(out *Out, ev *Event) {
	if out.Config.Rules.DeadSuccessor != DeadUpdate || !n.InRing() || n.listLen < 2 || n.listAddrs[0] == n.Addr ||
		out.Config.Frozen || n.calls[forUpdate].number != 0 {
		return
	}
	n.ask(out, ev.Now, forUpdate, n.entry(0))
}

// secondMovesUp: s is dead. Without a second successor it stays.
func (n *Node) secondMovesUp(cfg *Config, s Peer) {
	if cfg.Frozen || n.listLen < 2 || n.entry(0) != s {
		return
	}
	n.removeEntry(0)
	if n.listLen == 1 && n.listAddrs[0] == n.Addr {
		n.standAlone()
	}
}

// flush asks whether the predecessor lives.
func (n *Node) flush(out *Out, ev *Event) {
	if !out.Config.Rules.ClearPredecessor || !n.InRing() || n.Pred.None() || n.Pred.Addr == n.Addr ||
		out.Config.Frozen || n.calls[forPredecessor].number != 0 {
		return
	}
	n.ask(out, ev.Now, forPredecessor, n.Pred)
}
