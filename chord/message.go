package chord

// Kind says what an event is: a message from another node, a command of the
// host, or the report that a message could not be delivered.
type Kind uint8

const (
	KindNone Kind = iota

	// Requests and their answers.
	GetState // (pred, list)? of stabilize; Flags say what is wanted
	State    // A: predecessor; the list beside it or, if none is wanted, B: successor
	Ping
	Pong
	FindNext   // an iterative lookup's question: Key, the dead nodes D beside it
	Next       // A: closest preceding node; beside it, those to fall back on
	Owners     // the entries of the list from the owner on
	NoNext     // nobody left to name
	LeavePred  // a leaver's list for its predecessor; A: its last entry
	LeaveSucc  // A: the leaver's predecessor, for its successor
	LeaveAck   // the leaver may go
	Forward    // a recursive lookup on its way: Key, Initiator
	ForwardAck // a hop has taken it over
	Answer     // the owner of Key to the initiator: A; none: the lookup failed; B: who named it, if the owner answers

	// One way.
	Notify       // the sender believes to be the receiver's predecessor
	NewSuccessor // A: the node that replaced the receiver as predecessor
	Bounce       // the request Call reached nobody

	// Commands of the host.
	CmdStart     // arm the timers of a node that was placed in a settled ring
	CmdCreate    // be the first node of a ring
	CmdJoin      // A: a member to join through
	CmdLeave     // leave voluntarily
	CmdLookup    // look up Key; Call is the host's tag; FlagList: name the owners, do not contact them
	CmdBootstrap // A: the member asked for; none: nobody is there
	CmdStabilize // stabilize once, without the rest of a round
	CmdReconcile // ask the successor for its own (RefreshReconcile)
	CmdUpdate    // let the next entry take the place of a dead successor (DeadUpdate)
	CmdFlush     // empty a dead predecessor (ClearPredecessor)
	NumKinds
)

var kindNames = [NumKinds]string{
	KindNone: "none", GetState: "get_state", State: "state", Ping: "ping", Pong: "pong",
	FindNext: "find_next", Next: "next", Owners: "owners", NoNext: "no_next",
	LeavePred: "leave_predecessor", LeaveSucc: "leave_successor", LeaveAck: "leave_ack",
	Forward: "forward", ForwardAck: "forward_ack", Answer: "answer",
	Notify: "notify", NewSuccessor: "new_successor", Bounce: "bounce",
	CmdStart: "start", CmdCreate: "create", CmdJoin: "join", CmdLeave: "leave",
	CmdLookup: "lookup", CmdBootstrap: "bootstrap",
	CmdStabilize: "stabilize", CmdReconcile: "reconcile", CmdUpdate: "update", CmdFlush: "flush",
}

func (k Kind) String() string {
	if k < NumKinds {
		return kindNames[k]
	}
	return "unknown"
}

// Local reports whether k never crosses the network.
func (k Kind) Local() bool { return k >= CmdStart || k == KindNone }

// request reports whether k is a question that only a member answers.
func (k Kind) request() bool {
	switch k {
	case GetState, Ping, FindNext, LeavePred, LeaveSucc, Forward:
		return true
	}
	return false
}

// Flags of a message.
const (
	FlagList    = 1 << iota // the list is wanted, or there
	FlagFingers             // fingers are wanted, or there: list entries from Path on
	FlagBusy                // a state query met a stabilization under way
	FlagLookup              // Call and Slot belong to a lookup, not to maintenance
	FlagLayer               // Call and Slot belong to a layer above the ring
	FlagForget              // a notify that says only this: the receiver's predecessor is dead ([E-Chord])
	FlagSilent              // a question whose dead are to be avoided, and no more: a refresh that tells nobody
	FlagDeep                // a lookup whose owner may be named from anywhere in a list ([ToN03] table IV)
)

// FlagOwner, of a Forward, says that the owner itself is to answer. It is the bit of
// FlagSilent, which only a FindNext carries.
const FlagOwner = FlagSilent

// FlagLeaving, of a State or a Pong, says that who answers is leaving or about to, and
// that its predecessor is to take over its list (LeaveCorrected). It is the bit of
// FlagForget, which only a Notify carries.
const FlagLeaving = FlagForget

// Message is what one node sends another. It is a plain value of at most 64
// bytes; a list of peers may travel beside it. Call is the number the asker
// gave the request and Slot where it keeps its record: answers return both,
// and Slot, being a matter of the host's memory, is never part of a digest.
type Message struct {
	Key       uint64
	AID, BID  uint64
	A, B      Addr
	Initiator Addr   // of a recursive lookup
	InitCall  uint32 // its number there
	InitSlot  uint32
	Call      uint32
	Slot      uint32
	Path      uint16 // distinct live nodes so far
	Timeouts  uint16
	Kind      Kind
	Flags     uint8
}

func (m *Message) peerA() Peer { return Peer{m.AID, m.A} }
func (m *Message) peerB() Peer { return Peer{m.BID, m.B} }

func (m *Message) setA(p Peer) { m.AID, m.A = p.ID, p.Addr }
func (m *Message) setB(p Peer) { m.BID, m.B = p.ID, p.Addr }

// IDs returns how many identifiers and addresses the message carries with
// a list of n entries: what its size in bytes is reckoned from. A peer is
// two, a key one, a dead node named in a lookup one (its address).
func (m *Message) IDs(n int) int {
	switch m.Kind {
	case State:
		ids := 2 * n
		if m.A != 0 {
			ids += 2
		}
		if m.B != 0 {
			ids += 2
		}
		return ids
	case FindNext:
		return 1 + n
	case Next:
		return 2 + 2*n
	case NewSuccessor:
		return 2
	case LeavePred, LeaveSucc:
		ids := 2 * n
		if m.A != 0 {
			ids += 2
		}
		return ids
	case Answer:
		ids := 2 * n
		for _, p := range [...]Addr{m.A, m.B} { // the owner; who named it, where the owner answers
			if p != 0 {
				ids += 2
			}
		}
		return ids
	case Forward:
		if m.A != 0 {
			return 4 // and who has named the receiver, A, as the owner
		}
		return 2 // the key, the initiator's address
	case Notify:
		return 2
	}
	return 2 * n
}

// BounceOf returns the report that request m reached nobody and whether the
// asker is owed one: only questions are reported, and the answer goes to
// whoever sent m.
func BounceOf(m *Message) (Message, bool) {
	if !m.Kind.request() {
		return Message{}, false
	}
	return Message{Kind: Bounce, Call: m.Call, Slot: m.Slot, Flags: m.Flags & FlagLookup}, true
}
