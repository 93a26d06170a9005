package chord

// The lookups of [E-Chord]: iterative, with fingers to fall back on. The
// initiator asks the current node, at first itself, for the closest preceding
// finger and the next lower ones of its table; it asks each of these in turn
// for its successor until one answers, which is the current node from then on;
// and it ends where the key lies between that node and its successor. No node
// is asked for its successor twice, and nobody is told who was found dead.

// MaxFallbacks bounds the fingers that a node on the way names beside the
// closest preceding one.
const MaxFallbacks = 8

// fallsBack reports whether l is such a lookup. Each node is asked once, so
// that its deadline and the ring's size bound it, and not the 4m contacts of
// the others: a ring whose fingers were never drawn is walked from list to
// list.
func (c *Config) fallsBack(l *lookup) bool { return c.Fallback && l.purpose != lookupRelay }

// atNode: cur has answered, with its successor. A cut-off node has none, and
// there is no way on from it.
func (n *Node) atNode(out *Out, ev *Event, slot uint32, l *lookup, w *walk, cur, succ Peer) {
	w.head, w.nOwners, w.owner = succ, 0, 0
	switch {
	case succ.None():
		n.lookupFailed(out, ev, slot, l)
	case BetweenRightIncl(cur.ID, l.key, succ.ID):
		w.owners[0], w.nOwners = succ, 1
		owners := [1]Peer{succ}
		n.ownersNamed(out, ev, slot, l, w, owners[:])
	case cur.Addr == n.Addr:
		w.nOwners = uint8(len(n.appendCandidates(out.Config, w.owners[:0], l.key)))
		n.tryCandidate(out, ev, slot, l, w)
	default:
		n.contact(out, ev, slot, l, contactNamer, cur)
	}
}

// tryCandidate asks the next of the candidates for its successor. After the
// last of them comes the current node's own successor, unless it was among
// them; after that one nobody.
func (n *Node) tryCandidate(out *Out, ev *Event, slot uint32, l *lookup, w *walk) {
	for {
		for ; w.owner < w.nOwners; w.owner++ {
			if c := w.owners[w.owner]; c.Addr != n.Addr && !w.asked(c.Addr) {
				n.contact(out, ev, slot, l, contactNamed, c)
				return
			}
		}
		if w.head.None() || among(w.owners[:w.nOwners], w.head.Addr) {
			n.lookupFailed(out, ev, slot, l)
			return
		}
		w.owners[w.nOwners] = w.head
		w.nOwners++
	}
}

// asked reports whether a node was asked for its successor before, dead or
// alive.
func (w *walk) asked(a Addr) bool {
	return contains(w.dead[:w.nDead], a) || among(w.visited[:w.nVisited], a)
}

func among(peers []Peer, a Addr) bool {
	for _, p := range peers {
		if p.Addr == a {
			return true
		}
	}
	return false
}

// candidateDead: the node in contact counts as dead. If it was the current
// one, which has told its successor and died before it named anybody, that
// successor is all there is.
func (n *Node) candidateDead(out *Out, ev *Event, slot uint32, l *lookup, w *walk) {
	if l.phase == contactNamed {
		w.owner++
	}
	n.tryCandidate(out, ev, slot, l, w)
}

// successorNamed: a candidate lives and has told its successor.
func (n *Node) successorNamed(out *Out, ev *Event) {
	slot := ev.Msg.Slot
	l := out.Lookups.contact(slot, n.Addr, ev.Msg.Call)
	if l == nil || !out.Config.fallsBack(l) || l.phase != contactNamed {
		out.Counters[CountLate]++
		return
	}
	w := out.Lookups.walkOf(l)
	n.reached(l, w)
	n.atNode(out, ev, slot, l, w, l.to, ev.Msg.peerB())
}

// candidatesNamed: the current node has named whom to ask.
func (n *Node) candidatesNamed(out *Out, ev *Event, slot uint32, l *lookup, w *walk) {
	if l.phase != contactNamer {
		out.Counters[CountLate]++
		return
	}
	l.contact = 0
	w.nOwners, w.owner = 0, 0
	if first := ev.Msg.peerA(); ev.Msg.Kind == Next && !first.None() {
		w.nOwners = uint8(1 + copy(w.owners[1:1+MaxFallbacks], ev.List))
		w.owners[0] = first
	}
	n.tryCandidate(out, ev, slot, l, w)
}

// answerCandidates is the other side of a node on the way.
func (n *Node) answerCandidates(out *Out, ev *Event) {
	var buf [MaxFallbacks + 1]Peer
	candidates := n.appendCandidates(out.Config, buf[:0], ev.Msg.Key)
	if len(candidates) == 0 {
		out.reply(ev, NoNext)
		return
	}
	m := out.reply(ev, Next)
	m.setA(candidates[0])
	out.beginList()
	out.Peers = append(out.Peers, candidates[1:]...)
	out.endList()
}

// appendCandidates appends the closest preceding finger and, as far as they
// are known, the next lower entries of the table, of which the lowest is the
// successor. Where the table has no more, entries of the list behind the
// successor fill up, be they before the key or not. Entries that are the same
// node count each and are named once.
func (n *Node) appendCandidates(cfg *Config, buf []Peer, key uint64) []Peer {
	i := cfg.Bits - 1
	for i >= 0 {
		if f := n.tableEntry(cfg, i); !f.None() && Between(n.ID, f.ID, key) {
			break
		}
		i--
	}
	if i < 0 {
		return buf
	}
	add := func(p Peer) {
		if !p.None() && p.Addr != n.Addr && !among(buf, p.Addr) {
			buf = append(buf, p)
		}
	}
	for j := i; j >= 0 && j >= i-cfg.Fallbacks; j-- {
		add(n.tableEntry(cfg, j))
	}
	for j := 1; j <= cfg.Fallbacks-i && j < int(n.listLen); j++ {
		add(n.entry(j))
	}
	return buf
}

// tableEntry returns finger[i], the successor being the lowest.
func (n *Node) tableEntry(cfg *Config, i int) Peer {
	if i == 0 {
		return n.Successor()
	}
	return n.Finger(cfg, i)
}
