package chord

// The rest of a round of [E-Chord], once its stabilization is over: one entry
// of the list is refreshed, then one finger drawn at random. An index walks
// the list, the successor being its entry 0 here: the entry it stands at is
// asked for its successor, which is to stand behind it.

// askListEntry asks the entry whose turn it is. It waits for the answer to the
// one before: the steps of a round come one after another.
func (n *Node) askListEntry(out *Out, ev *Event) {
	if n.calls[forEntry].number != 0 || n.listLen == 0 || n.listAddrs[0] == n.Addr || !n.InRing() || out.Config.Frozen {
		return
	}
	if !out.Config.listWanted() {
		n.fixFingers(out, ev)
		return
	}
	if n.entryCursor >= n.listLen {
		n.entryCursor = 0 // the list has become shorter
	}
	n.ask(out, ev.Now, forEntry, n.entry(int(n.entryCursor)))
}

// listPlace returns the index of the entry that was asked, or −1. The list may
// have been shifted since, and may name it twice for a while.
func (n *Node) listPlace(e Peer) int {
	if i := int(n.entryCursor); i < int(n.listLen) && n.listAddrs[i] == e.Addr {
		return i
	}
	return n.findEntry(e.Addr)
}

// listEntryAnswered: entry e names its successor q. Only the one place behind
// e is written; what stands farther behind is put right when its turn comes.
// The index starts over at the end of a full list, and where the list has come
// around: [E-Chord] goes on there with the node itself and then the list once
// more, none of which would be of any use.
func (n *Node) listEntryAnswered(out *Out, ev *Event, e, q Peer) {
	if i := n.listPlace(e); i >= 0 && !q.None() {
		switch {
		case q.Addr == n.Addr || !Between(e.ID, q.ID, n.ID):
			n.listLen = uint8(i + 1)
			n.comeAround(out.Config)
			n.entryCursor = 0
		case i+1 == out.Config.Successors:
			n.entryCursor = 0
		case i+1 < int(n.listLen):
			n.listIDs[i+1], n.listAddrs[i+1] = q.ID, q.Addr
			n.entryCursor = uint8(i + 1)
		default:
			n.insertEntry(out.Config, i+1, q)
			n.entryCursor = uint8(i + 1)
		}
	}
	n.fixFingers(out, ev)
}

// listEntryDead: it is removed, and the one before it will be asked next. The
// successor is the next stabilization's business.
func (n *Node) listEntryDead(out *Out, ev *Event, e Peer) {
	if out.Config.Frozen {
		return
	}
	if i := n.listPlace(e); i > 0 {
		n.removeEntry(i)
		n.entryCursor = uint8(i - 1)
	}
	n.fixFingers(out, ev)
}
