package chord

// Limits of a node's tables.
const (
	MaxSuccessors = 64
	MaxFingers    = 32 // distinct ones
)

// Status is where a node is in its life.
type Status uint8

const (
	Absent  Status = iota // not there: never started, left, or crashed
	Joining               // looking for its place; answers no ring query
	Member                // part of the ring
	Leaving               // still part of the ring, waiting to be let go
)

// Node is one node of a Chord ring: a plain value without pointers, so that
// a copy is a clone and a million of them are one slab. The fields a lookup
// reads come first.
type Node struct {
	ID      uint64
	Pred    Peer
	Addr    Addr
	numbers uint32 // given to requests and lookups so far
	Inc     uint16 // incarnation: lives begun at this address
	Status  Status

	listLen      uint8
	fingerLen    uint8
	fingerCursor uint8 // the next finger to refresh, farthest first
	entryCursor  uint8 // the next entry to refresh ([ToN03] round robin)
	flags        nodeFlags
	fingerMask   uint64 // bit i: finger i begins a new distinct entry

	fingerIDs   [MaxFingers]uint64
	listIDs     [MaxSuccessors]uint64
	fingerAddrs [MaxFingers]Addr
	listAddrs   [MaxSuccessors]Addr

	calls  [numPurposes]call
	notify Peer // the latest notifier that came during a rectify
	rect   Peer // the notifier a rectify is about
}

type nodeFlags uint16

const (
	flagPredHeard  nodeFlags = 1 << iota // the predecessor was heard from since the last check
	flagCopyList                         // the successor has changed, and its list was not copied since
	flagAgain                            // stabilize again when the present round is over
	flagAllFingers                       // the round refreshes every finger in turn
	flagFinger                           // a finger is being looked up
	flagCutOff                           // the whole list was dead
	flagAround                           // the node itself would follow the last entry of its list (DeadJoinAgain)
	flagRound                            // the stabilization is a round's, which goes on (Rules.inParts)
	flagParting                          // the node leaves, or is about to
)

func (n *Node) has(f nodeFlags) bool { return n.flags&f != 0 }
func (n *Node) set(f nodeFlags)      { n.flags |= f }
func (n *Node) clear(f nodeFlags)    { n.flags &^= f }

// Self returns the node as others know it.
func (n *Node) Self() Peer { return Peer{n.ID, n.Addr} }

// InRing reports whether the node is a member (a leaver still is one).
func (n *Node) InRing() bool { return n.Status >= Member }

// Successor returns the head of the list; nobody if the node is cut off.
func (n *Node) Successor() Peer {
	if n.listLen == 0 {
		return Peer{}
	}
	return n.entry(0)
}

// Init makes n a node that has not started, at an address and with an
// identifier of its own. The incarnation and the numbers of its requests go
// on where an earlier life ended, so that nothing of that life can be
// mistaken for this one's.
func (n *Node) Init(self Peer) {
	*n = Node{ID: self.ID, Addr: self.Addr, Inc: n.Inc + 1, numbers: n.numbers, fingerLen: 1, fingerMask: 1}
}

// Crash ends the node's life without a word. Lookups it had under way are
// the host's to give up (Lookups.Abandon).
func (n *Node) Crash() {
	n.Status = Absent
	n.calls = [numPurposes]call{}
}

// Revive makes a node that has crashed a member again, with the predecessor, list
// and fingers that it had, as from a disk. What was under way is forgotten: answers
// are late, and its timers are those of an earlier life. The host sends CmdStart
// next.
func (n *Node) Revive() {
	n.Status = Member
	n.calls = [numPurposes]call{}
	n.notify, n.rect = Peer{}, Peer{}
	n.flags = n.flags&(flagCutOff|flagAround) | flagCopyList
}

// Settle places the node in a ring: its predecessor, its list, and its
// fingers by asking arc, which returns the first member at or after a start
// and the identifier of the member before that one. It returns how many
// fingers had no room, as CountDropped counts them. The host sends CmdStart
// next.
func (n *Node) Settle(cfg *Config, pred Peer, list []Peer, arc func(start uint64) (before uint64, owner Peer)) (dropped int) {
	n.Pred = pred
	n.replaceList(cfg, list)
	n.comeAround(cfg)
	n.Status = Member
	n.fingerCursor = uint8(cfg.Bits - 1)
	mask := cfg.Mask()
	var r runs
	i := cfg.Bits - 1
	for ; i >= 0 && !n.inList(fingerStart(n.ID, i, mask)); i-- {
		start := fingerStart(n.ID, i, mask)
		before, owner := arc(start)
		r.add(i, owner)
		for i > 0 && !n.inList(fingerStart(n.ID, i-1, mask)) &&
			Distance(fingerStart(n.ID, i-1, mask), owner.ID, mask) < Distance(before, owner.ID, mask) {
			i--
			r.add(i, owner)
		}
	}
	if i >= 0 {
		r.add(i, Peer{})
		r.from[r.count-1] = 0
	}
	return n.storeFingers(&r)
}

// call is a request in flight. There is one place for each purpose.
type call struct {
	Peer
	number uint32 // 0: none
	tries  uint8  // sends so far
	state  uint8
}

const (
	callBounced = 1 << iota // the network has reported the peer dead
	callLate                // the time to act on such a report has come
)

// purpose says what a request is for.
type purpose uint8

const (
	forSuccessor   purpose = iota // stabilize asks the successor
	forBetter                     // stabilize asks the successor's predecessor
	forRectify                    // rectify pings the old predecessor
	forPredecessor                // check_predecessor
	forJoin                       // a joiner asks its successor
	forEntry                      // an entry of the list is asked for its successor
	forLeavePred                  // a leaver tells its predecessor
	forLeaveSucc                  // a leaver tells its successor
	forUpdate                     // update pings the successor
	numPurposes
)

func (n *Node) nextCall() uint32 {
	n.numbers++
	if n.numbers == 0 {
		n.numbers = 1
	}
	return n.numbers
}

// ask sends the request for a purpose to a peer and arms its timeout.
func (n *Node) ask(out *Out, now int64, p purpose, to Peer) {
	c := &n.calls[p]
	*c = call{Peer: to, number: n.nextCall()}
	n.sendCall(out, now, p)
}

func (n *Node) sendCall(out *Out, now int64, p purpose) {
	c := &n.calls[p]
	c.tries++
	m := out.send(c.Addr, GetState)
	m.Call, m.Slot = c.number, uint32(p)
	switch p {
	case forSuccessor:
		if n.copiesList(out.Config) {
			m.Flags = FlagList
		}
	case forBetter:
		switch {
		case out.Config.Rules.BetterSuccessor != BetterAsk:
			m.Kind = Ping
		case out.Config.listWanted():
			m.Flags = FlagList
		}
	case forRectify, forPredecessor, forUpdate:
		m.Kind = Ping
	case forJoin:
		if out.Config.Rules.Join == JoinSuccessorAlive {
			m.Kind = Ping
			break
		}
		m.Flags = FlagList
		if out.Config.Rules.Join == JoinSuccessorList {
			m.Flags |= FlagFingers
		}
	case forEntry:
	case forLeavePred:
		n.leaveMessage(out, m)
	case forLeaveSucc:
		m.Kind = LeaveSucc
		m.setA(n.Pred)
	}
	if d := out.Config.patience(); d > 0 {
		out.timer(now+d, timerCall, uint32(p), c.number)
	}
}

// listWanted reports whether a successor's list is of use: with r = 1, Fig. 7
// of [SIGCOMM01], there is nothing behind the head.
func (c *Config) listWanted() bool { return c.Successors > 1 }

// copiesList reports whether a stabilization copies the successor's list.
func (n *Node) copiesList(cfg *Config) bool {
	switch cfg.Rules.Refresh {
	case RefreshEntry:
		return cfg.listWanted() && n.has(flagCopyList)
	case RefreshListEntry, RefreshReconcile:
		return false
	}
	return cfg.listWanted()
}

// patience is how long after a request its timer fires; 0: never, the
// network reports the dead at once.
func (c *Config) patience() int64 {
	if c.Perfect {
		return c.After
	}
	return c.RPCTimeout
}

// answered takes the call off the table if m answers it.
func (n *Node) answered(out *Out, m *Message) (purpose, Peer, bool) {
	stale := planted(BugStaleReply) && m.Slot < uint32(numPurposes) && n.calls[m.Slot].number != 0
	if !stale && !n.inFlight(m.Slot, m.Call) {
		out.Counters[CountLate]++
		return 0, Peer{}, false
	}
	p := purpose(m.Slot)
	n.calls[p].number = 0
	return p, n.calls[p].Peer, true
}

// inFlight reports whether the call of that number waits in that slot. Number
// 0 is no call's: an empty slot has it.
func (n *Node) inFlight(slot, number uint32) bool {
	return slot < uint32(numPurposes) && number != 0 && n.calls[slot].number == number
}

// callTimer is the timeout of a request.
func (n *Node) callTimer(out *Out, ev *Event, p purpose, number uint32) {
	if !n.inFlight(uint32(p), number) {
		return
	}
	c := &n.calls[p]
	if out.Config.Perfect {
		c.state |= callLate
		if c.state&callBounced != 0 {
			n.gaveUp(out, ev, p)
		}
		return
	}
	if int(c.tries) < out.Config.Tries {
		n.sendCall(out, ev.Now, p)
		return
	}
	n.gaveUp(out, ev, p)
}

// callBounce is the network's report that a request reached nobody.
func (n *Node) callBounce(out *Out, ev *Event) {
	if !n.inFlight(ev.Msg.Slot, ev.Msg.Call) {
		out.Counters[CountLate]++
		return
	}
	p := purpose(ev.Msg.Slot)
	c := &n.calls[p]
	c.state |= callBounced
	if out.Config.After == 0 || c.state&callLate != 0 {
		n.gaveUp(out, ev, p)
	}
}

// gaveUp: the peer asked for purpose p counts as dead.
func (n *Node) gaveUp(out *Out, ev *Event, p purpose) {
	peer := n.calls[p].Peer
	n.calls[p].number = 0
	out.Suspects = append(out.Suspects, peer.Addr)
	switch p {
	case forSuccessor:
		n.successorDead(out, ev, peer)
	case forBetter:
		n.betterDead(out, ev)
	case forRectify:
		n.oldPredecessorDead(out, ev, peer)
	case forPredecessor:
		n.predecessorDead(out, peer)
	case forJoin:
		n.lookUpAgain(out, ev)
	case forEntry:
		n.entryDead(out, ev, peer)
	case forLeavePred, forLeaveSucc:
		n.letGo(out)
	case forUpdate:
		n.secondMovesUp(out.Config, peer)
	}
}

// Touch loads what a step reads first and returns something of it, so that
// the loads are not optimised away. It changes nothing.
func (n *Node) Touch() uint64 {
	return n.ID + n.fingerIDs[7] + n.listIDs[0] + uint64(n.listAddrs[0]) + uint64(n.fingerAddrs[0])
}

// ForgetFingers empties the finger table.
func (n *Node) ForgetFingers() {
	n.fingerMask, n.fingerLen = 1, 1
	n.fingerIDs[0], n.fingerAddrs[0] = 0, 0
}
