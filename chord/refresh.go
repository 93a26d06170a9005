package chord

// The round of [ToN03] as its authors ran it: beside the successor one of
// the distinct entries of list and fingers, round robin. List entry j+1 is
// refreshed by asking entry j for its successor; a finger by a lookup.

// refreshEntry refreshes the entry whose turn it is.
func (n *Node) refreshEntry(out *Out, ev *Event) {
	if n.calls[forEntry].number != 0 || n.listLen == 0 || n.listAddrs[0] == n.Addr || !n.InRing() {
		return
	}
	if n.askEntry(out, ev) {
		return
	}
	n.fixFingers(out, ev) // the turn begins anew when the last finger is done
	if !n.has(flagFinger) {
		n.askEntry(out, ev) // or at once where the list covers the ring
	}
}

// entryTurn reports whether it is the turn of an entry of the list: there is
// one, and the list may have another behind it.
func (n *Node) entryTurn(cfg *Config) bool {
	j := int(n.entryCursor)
	return j < int(n.listLen) && j+1 < cfg.Successors
}

// askEntry asks the entry whose turn it is.
func (n *Node) askEntry(out *Out, ev *Event) bool {
	if !n.entryTurn(out.Config) {
		return false
	}
	n.ask(out, ev.Now, forEntry, n.entry(int(n.entryCursor)))
	return true
}

// entryAnswered: entry e names its successor q, which is to follow it in
// the list.
func (n *Node) entryAnswered(out *Out, ev *Event, e, q Peer) {
	switch out.Config.Rules.Refresh {
	case RefreshListEntry:
		n.listEntryAnswered(out, ev, e, q)
		return
	case RefreshReconcile:
		n.reconciled(out.Config, e, q)
		return
	}
	n.entryCursor++
	i := n.findEntry(e.Addr)
	if out.Config.Frozen || i < 0 || q.None() {
		return
	}
	for i+1 < int(n.listLen) && Between(e.ID, n.listIDs[i+1], q.ID) {
		n.removeEntry(i + 1) // q does not know it any more
	}
	if q.Addr == n.Addr || !Between(e.ID, q.ID, n.ID) {
		for int(n.listLen) > i+1 {
			n.removeEntry(i + 1) // the list has come around
		}
		n.comeAround(out.Config)
		return
	}
	if i+1 < int(n.listLen) && n.listIDs[i+1] == q.ID {
		return
	}
	if i+1 < out.Config.Successors {
		n.insertEntry(out.Config, i+1, q)
	}
}

// entryDead: it is removed; the entry before it will be asked next.
func (n *Node) entryDead(out *Out, ev *Event, e Peer) {
	switch out.Config.Rules.Refresh {
	case RefreshListEntry:
		n.listEntryDead(out, ev, e)
		return
	case RefreshReconcile:
		return // reconcile needs a live successor
	}
	i := n.findEntry(e.Addr)
	if out.Config.Frozen || i < 0 {
		n.entryCursor++
		return
	}
	if i == 0 {
		if n.calls[forSuccessor].number == 0 {
			n.successorDead(out, ev, e)
		}
		return
	}
	n.removeEntry(i)
	n.entryCursor = uint8(i - 1)
}

// appendFingers appends the distinct fingers known, farthest first, as far
// as a list may be long.
func (n *Node) appendFingers(out *Out) {
	room := MaxSuccessors - int(n.listLen)
	for i := int(n.fingerLen) - 1; i >= 0 && room > 0; i-- {
		if n.fingerAddrs[i] != 0 {
			out.Peers = append(out.Peers, n.finger(i))
			room--
		}
	}
}
