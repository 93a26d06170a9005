package chord

// The stabilization of [E-Chord], where it differs from the others': every
// predecessor of the successor but the node itself is polled, and the list
// lies behind a successor of its own. So the head of L is that successor here,
// and "the list" of [E-Chord] is what stands behind it.
//
// That list is never cut there: in a small ring it names the node itself and
// goes on with everybody once more. Here it is cut before the node, and a flag
// says that it has come around: such a list has not run empty, and has no last
// entry to drop.

// pollPredecessor: the successor has told its predecessor. It is polled whether
// it lies between the two or not.
func (n *Node) pollPredecessor(out *Out, ev *Event, pred Peer) {
	switch {
	case pred.None():
		n.notifySuccessor(out, ev)
	case pred.Addr == n.Addr:
		n.stabilized(out, ev)
	default:
		n.ask(out, ev.Now, forBetter, pred)
	}
}

// shiftList makes p the successor if it lies before the present one, which
// moves to the front of the list behind it. The last entry of that list drops,
// be it full or short. It reports whether the successor is another now.
func (n *Node) shiftList(cfg *Config, p Peer) bool {
	if !Between(n.ID, p.ID, n.listIDs[0]) {
		return false
	}
	before := n.listLen
	n.prependEntry(cfg, p)
	if n.listLen > before && !n.has(flagAround) {
		n.listLen = before
	}
	return true
}

// tellToForget: the predecessor of the successor is dead. In the next round
// the successor has none, and this node takes its place.
func (n *Node) tellToForget(out *Out) {
	switch {
	case n.listLen == 0 || n.entry(0) != n.calls[forSuccessor].Peer:
	case n.listAddrs[0] == n.Addr:
		n.forgetPredecessor(out)
	default:
		m := out.send(n.listAddrs[0], Notify)
		m.AID, m.Flags = n.ID, FlagForget
	}
}

// nextEntry drops the dead successor s, and reports whether there is another
// one to ask. A predecessor that is the same node goes with it.
func (n *Node) nextEntry(out *Out, ev *Event, s Peer) bool {
	if n.Pred == s {
		n.Pred = Peer{}
	}
	n.removeEntry(0)
	if n.listLen > 0 {
		return true
	}
	if n.has(flagAround) {
		n.standAlone()
		return true
	}
	n.cutOff(out, ev)
	return false
}

// listRunEmpty reports whether nothing stands behind the successor. It is not
// even asked then.
func (n *Node) listRunEmpty(cfg *Config) bool {
	return cfg.Rules.DeadSuccessor == DeadJoinAgain && n.listLen == 1 && cfg.listWanted() && !n.has(flagAround)
}

// joinAgain gives up the successor and looks for another through the
// bootstrap.
func (n *Node) joinAgain(out *Out, ev *Event) {
	n.listLen = 0
	n.cutOff(out, ev)
}

// goesAround reports whether the list that the node tells ends with the node
// itself, which says that it has come around.
func (n *Node) goesAround(cfg *Config) bool {
	return cfg.Rules.DeadSuccessor == DeadJoinAgain && n.has(flagAround) && 0 < n.listLen && int(n.listLen) < cfg.Successors
}

// takeShifted makes s the successor and, behind it, list, which s has told,
// without its last entry: a list that has come around has none to spare.
func (n *Node) takeShifted(cfg *Config, s Peer, list []Peer) {
	if last := len(list) - 1; last > 0 && list[last].Addr != s.Addr {
		list = list[:last]
	}
	n.replaceListWith(cfg, s, list)
}
