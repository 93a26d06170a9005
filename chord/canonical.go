package chord

// The canonical encoding of a node of a small ring, for those who explore all
// that may happen to one. The i-th of size nodes has identifier i and address
// i+1, and is written as seen from the node itself: a peer is its clockwise
// distance. So the same node turned around the circle has the same encoding,
// and only the cyclic order of identifiers is kept. Left out is what no later
// step depends on under the rules: the numbers of requests and of incarnations,
// what lies in empty slots, and fingers, which Config.NoFingers keeps still. A node
// that leaves or is about to has no encoding.

// MaxCanonical is the greatest size of a ring whose nodes can be encoded. A
// list has at most 15 entries there, and a request was sent at most 3 times.
const MaxCanonical = 14

// NumPurposes is how many requests a node may have out at once, one for each
// purpose: the slots of messages that belong to no lookup.
const NumPurposes = int(numPurposes)

// The slots of the requests that maintenance makes.
const (
	ForSuccessor   = int(forSuccessor)   // stabilize asks the successor
	ForBetter      = int(forBetter)      // stabilize asks the successor's predecessor
	ForRectify     = int(forRectify)     // rectify pings the old predecessor
	ForPredecessor = int(forPredecessor) // check_predecessor
	ForJoin        = int(forJoin)        // a joiner asks its successor
	ForEntry       = int(forEntry)       // an entry of the list is asked for its successor
	ForUpdate      = int(forUpdate)      // update pings the successor ([Zave12])
)

var purposeNames = [numPurposes]string{
	forSuccessor: "successor", forBetter: "better", forRectify: "rectify", forPredecessor: "predecessor",
	forJoin: "join", forEntry: "entry", forLeavePred: "leave_predecessor", forLeaveSucc: "leave_successor", forUpdate: "update",
}

// PurposeName returns what the requests of a slot are for, 0 ≤ slot < NumPurposes.
func PurposeName(slot int) string { return purposeNames[slot] }

// Waiting returns whom the node has asked for a purpose, and the number of
// that request; nobody if no answer is awaited.
func (n *Node) Waiting(slot int) (Peer, uint32) {
	c := &n.calls[slot]
	if c.number == 0 {
		return Peer{}, 0
	}
	return c.Peer, c.number
}

// StabilizeTimer returns the data of the timer that begins a round of n.
func StabilizeTimer(n *Node) uint64 {
	return TimerData(uint8(timerStabilize), 0, uint32(n.Inc))
}

// CheckPredecessorTimer returns that of the timer of check_predecessor.
func CheckPredecessorTimer(n *Node) uint64 {
	return TimerData(uint8(timerCheckPredecessor), 0, uint32(n.Inc))
}

// TimeoutOf returns the data of the timeout of the request in a slot of n.
func TimeoutOf(n *Node, slot int) uint64 {
	return TimerData(uint8(timerCall), uint32(slot), n.calls[slot].number)
}

// NotHeard has the node forget that its predecessor was heard from: the next
// check_predecessor asks.
func (n *Node) NotHeard() { n.clear(flagPredHeard) }

// flagsThatMatter are the flags that a step may depend on under the rules,
// those about fingers left out.
func (c *Config) flagsThatMatter() nodeFlags {
	flags := flagPredHeard | flagAgain
	if c.Rules.Refresh == RefreshEntry {
		flags |= flagCopyList
	}
	if c.Rules.DeadSuccessor == DeadJoinAgain {
		flags |= flagAround
	}
	if c.Rules.inParts() {
		flags |= flagRound
	}
	return flags
}

// entryTurns reports whether entries of the list are refreshed in turn.
func (c *Config) entryTurns() bool {
	return c.Rules.Refresh == RefreshEntry || c.Rules.Refresh == RefreshListEntry
}

// around is a ring of size nodes as one of them sees it.
type around struct{ self, size int }

func (a around) code(p Peer) uint8 {
	if p.None() {
		return 0
	}
	d := int(p.Addr) - 1 - a.self
	if d < 0 {
		d += a.size
	}
	return uint8(d + 1)
}

func (a around) peer(c uint8) Peer {
	if c == 0 {
		return Peer{}
	}
	i := a.self + int(c) - 1
	if i >= a.size {
		i -= a.size
	}
	return Peer{uint64(i), Addr(i + 1)}
}

// AppendCanonical appends the node's encoding to buf, in whole bytes. It is
// its own end: DecodeCanonical knows where the next one begins.
func (n *Node) AppendCanonical(buf []byte, cfg *Config, size int) []byte {
	if n.Status == Absent {
		return append(buf, 0)
	}
	if n.Status == Leaving || n.has(flagParting) {
		panic("chord: a leaver is encoded")
	}
	a := around{int(n.Addr) - 1, size}
	w := Nibbles{Buf: buf}
	w.Put(uint8(n.Status))
	w.Put(n.listLen)
	flags := uint8(n.flags & cfg.flagsThatMatter())
	w.Put(flags & 15)
	w.Put(flags >> 4)
	w.Put(a.code(n.Pred))
	for i := range int(n.listLen) {
		w.Put(a.code(n.entry(i)))
	}
	if cfg.entryTurns() {
		w.Put(n.entryCursor & 15)
	}
	for p := range n.calls {
		if p&3 == 0 {
			w.Put(n.waitingMask(p))
		}
	}
	for p := range n.calls {
		if c := &n.calls[p]; c.number != 0 {
			w.Put(a.code(c.Peer))
			w.Put(c.state | c.tries<<2)
		}
	}
	if n.remembersSuccessor() {
		w.Put(a.code(n.calls[forSuccessor].Peer))
	}
	if n.calls[forRectify].number != 0 {
		w.Put(a.code(n.rect))
		w.Put(a.code(n.notify))
	}
	return w.Buf
}

// waitingMask says which of the slots from p to p+3 await an answer.
func (n *Node) waitingMask(p int) (mask uint8) {
	for i := p; i < min(p+4, len(n.calls)); i++ {
		if n.calls[i].number != 0 {
			mask |= 1 << (i - p)
		}
	}
	return mask
}

// remembersSuccessor reports whether whom the node asked last still matters,
// although that one has answered: it named the better successor being asked.
func (n *Node) remembersSuccessor() bool {
	return n.calls[forBetter].number != 0 && n.calls[forSuccessor].number == 0
}

// DecodeCanonical makes n the node at index self of a ring of size that code
// begins with, and returns the rest of code. Requests have other numbers than
// when they were encoded: those of a slot are found with Waiting.
func (n *Node) DecodeCanonical(cfg *Config, self, size int, code []byte) []byte {
	n.ID, n.Addr = uint64(self), Addr(self+1)
	n.Pred, n.rect, n.notify = Peer{}, Peer{}, Peer{}
	n.listLen, n.flags, n.entryCursor, n.fingerCursor = 0, 0, 0, 0
	n.numbers, n.Inc = uint32(numPurposes), 0
	n.ForgetFingers()
	n.calls = [numPurposes]call{}
	r := NibbleReader{Code: code}
	n.Status = Status(r.Take())
	if n.Status == Absent {
		return code[1:]
	}
	a := around{self, size}
	length := r.Take()
	n.flags = nodeFlags(r.Take())
	n.flags |= nodeFlags(r.Take() << 4)
	n.Pred = a.peer(r.Take())
	for range length {
		n.push(a.peer(r.Take()))
	}
	if cfg.entryTurns() {
		n.entryCursor = r.Take()
	}
	var waiting uint32
	for p := 0; p < len(n.calls); p += 4 {
		waiting |= uint32(r.Take()) << p
	}
	for p := range n.calls {
		if waiting>>p&1 != 0 {
			c := &n.calls[p]
			c.Peer, c.number = a.peer(r.Take()), uint32(p)+1
			state := r.Take()
			c.state, c.tries = state&3, state>>2
		}
	}
	if n.remembersSuccessor() {
		n.calls[forSuccessor].Peer = a.peer(r.Take())
	}
	if n.calls[forRectify].number != 0 {
		n.rect, n.notify = a.peer(r.Take()), a.peer(r.Take())
	}
	return r.Rest()
}
