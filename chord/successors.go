package chord

// The successor list L: the head is the successor, entries follow in ring
// order. It is cut before the node itself where the ring has no more than r
// members, and is [self] for a ring of one.

func (n *Node) entry(i int) Peer { return Peer{n.listIDs[i], n.listAddrs[i]} }

// ListLen returns the length of the successor list.
func (n *Node) ListLen() int { return int(n.listLen) }

// Entry returns the i-th entry of the successor list.
func (n *Node) Entry(i int) Peer { return n.entry(i) }

// AppendList appends the successor list to peers.
func (n *Node) AppendList(peers []Peer) []Peer {
	for i := 0; i < int(n.listLen); i++ {
		peers = append(peers, n.entry(i))
	}
	return peers
}

func (n *Node) appendList(out *Out) { out.Peers = n.AppendList(out.Peers) }

// replaceList makes list the successor list, cut before the node itself and
// to r entries.
func (n *Node) replaceList(cfg *Config, list []Peer) {
	n.listLen = 0
	n.extendList(cfg, list)
}

// replaceListWith makes head + list the successor list.
func (n *Node) replaceListWith(cfg *Config, head Peer, list []Peer) {
	n.listLen = 0
	n.push(head)
	if head.Addr != n.Addr {
		n.extendList(cfg, list)
	}
}

func (n *Node) extendList(cfg *Config, list []Peer) {
	n.clear(flagAround)
	for _, p := range list {
		// The second case is a list that has come around, to this node or,
		// its head being alone so far, to that head again.
		if int(n.listLen) == cfg.Successors && !planted(BugListUncut) {
			return
		}
		if n.listLen > 0 && (p.Addr == n.Addr || p.Addr == n.listAddrs[0]) {
			n.set(flagAround)
			return
		}
		n.push(p)
		if p.Addr == n.Addr {
			n.set(flagAround)
			return
		}
	}
}

// standAlone: the node is all that it knows.
func (n *Node) standAlone() {
	n.listLen = 0
	n.push(n.Self())
	n.set(flagAround)
}

// comeAround: the node itself follows the last entry of the list, unless the
// list is full.
func (n *Node) comeAround(cfg *Config) {
	if int(n.listLen) < cfg.Successors {
		n.set(flagAround)
	}
}

func (n *Node) push(p Peer) {
	n.listIDs[n.listLen], n.listAddrs[n.listLen] = p.ID, p.Addr
	n.listLen++
}

// prependEntry makes p the successor and keeps the old list behind it. A
// node that was alone had itself as successor, which is no entry to keep.
func (n *Node) prependEntry(cfg *Config, p Peer) {
	if n.listLen == 1 && n.listAddrs[0] == n.Addr {
		n.listLen = 0
	}
	n.insertEntry(cfg, 0, p)
}

// insertEntry puts p at index i; the last entry falls off a full list.
func (n *Node) insertEntry(cfg *Config, i int, p Peer) {
	if i == 0 {
		n.set(flagCopyList)
	}
	if int(n.listLen) < cfg.Successors {
		n.listLen++
	}
	if int(n.listLen) == cfg.Successors {
		n.clear(flagAround)
	}
	for j := int(n.listLen) - 1; j > i; j-- {
		n.listIDs[j], n.listAddrs[j] = n.listIDs[j-1], n.listAddrs[j-1]
	}
	if i < int(n.listLen) {
		n.listIDs[i], n.listAddrs[i] = p.ID, p.Addr
	}
}

// removeEntry takes out the i-th entry.
func (n *Node) removeEntry(i int) {
	if i == 0 {
		n.set(flagCopyList)
	}
	n.listLen--
	for j := i; j < int(n.listLen); j++ {
		n.listIDs[j], n.listAddrs[j] = n.listIDs[j+1], n.listAddrs[j+1]
	}
}

// findEntry returns the index of an address in the list, or −1.
func (n *Node) findEntry(a Addr) int {
	for i := 0; i < int(n.listLen); i++ {
		if n.listAddrs[i] == a {
			return i
		}
	}
	return -1
}

// inList reports whether key lies in (self, L[last]], where the list itself
// knows the owner.
func (n *Node) inList(key uint64) bool {
	if n.listLen == 0 {
		return false
	}
	return BetweenRightIncl(n.ID, key, n.listIDs[n.listLen-1])
}

// ownerInList returns the first entry at or after key.
func (n *Node) ownerInList(key uint64) Peer {
	prev := n.ID
	for i := 0; i < int(n.listLen); i++ {
		if BetweenRightIncl(prev, key, n.listIDs[i]) {
			return n.entry(i)
		}
		prev = n.listIDs[i]
	}
	return Peer{}
}
