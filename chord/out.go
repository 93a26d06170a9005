package chord

// Event is one thing that happens to a node: a message or command, or, with
// Timer set, one of its own timers.
type Event struct {
	Now   int64  // virtual nanoseconds
	From  Addr   // sender; 0 for the host
	Rand  uint64 // 64 random bits of this event's own
	Timer uint64 // the data of a timer, 0 for a message
	Msg   *Message
	List  []Peer // travels beside Msg; valid for the call only
}

// Send is a message to be sent; its list is Out.Peers[ListAt:ListAt+ListLen].
type Send struct {
	To      Addr
	ListAt  uint32
	ListLen uint32
	Msg     Message
}

// Timer asks to be woken at a time with its data, which is never 0 and has
// its top bit clear. A timer is never cancelled: a late one is recognised by
// its number and dropped.
type Timer struct {
	At   int64
	Data uint64
}

// Finished is a lookup that has come to its end at its initiator.
type Finished struct {
	Tag      uint32 // the host's, from CmdLookup
	Key      uint64
	Owner    Peer  // nobody: it failed
	Answerer Addr  // the key's predecessor, which named the owner
	Start    int64 // virtual nanoseconds
	Named    int64 // when the answer naming the owner came, before any probe of it; under OwnerAnswers when the owner's did
	Path     uint16
	Timeouts uint16
	Local    bool // answered by the initiator itself or by its own successor

	OwnersAt  uint32 // with FlagList: what was named (Out.Owners)
	OwnersLen uint8
}

// Counter counts what a node met that is neither an error nor an answer.
type Counter uint8

const (
	CountLate     Counter = iota // answers to a call that is over
	CountStray                   // timers of a call that is over
	CountRefused                 // questions to a node that is no member
	CountDropped                 // fingers beyond MaxFingers distinct ones
	CountCutOff                  // nodes whose whole list was dead
	CountBusy                    // state queries answered with busy
	CountRestarts                // joins that had to look up again
	NumCounters
)

var counterNames = [NumCounters]string{
	CountLate:     "answers too late",
	CountStray:    "timers of an earlier life",
	CountRefused:  "questions to nodes that are no members",
	CountDropped:  "fingers dropped, too many distinct ones",
	CountCutOff:   "nodes cut off",
	CountBusy:     "questions answered with busy",
	CountRestarts: "joins begun again",
}

// String says in words what is counted.
func (c Counter) String() string { return counterNames[c] }

// Out is the caller's side of a Step: the shared configuration and the table
// of lookups go in, what the node wants done comes out. The caller carries it
// out and calls Reset. One Out serves all nodes that step one after another.
type Out struct {
	Config  *Config
	Lookups *Lookups

	Followers *Followers // of the fingers of all nodes; nil where Config.Candidates is below 2

	Sends    []Send
	Peers    []Peer
	Timers   []Timer
	Finished []Finished
	Suspects []Addr // peers given up for dead in this step

	Member        bool // the node has become a member
	Left          bool // the node has left
	WantBootstrap bool // the node needs a member to join through: CmdBootstrap
	JoinFailed    bool // a joiner's lookup has found nobody, from the member it began at

	Counters [NumCounters]uint64 // since the start, not reset
}

// Reset forgets what a step put out.
func (o *Out) Reset() {
	o.Sends = o.Sends[:0]
	o.Peers = o.Peers[:0]
	o.Timers = o.Timers[:0]
	o.Finished = o.Finished[:0]
	o.Suspects = o.Suspects[:0]
	o.Member, o.Left, o.WantBootstrap, o.JoinFailed = false, false, false, false
}

// send queues a message and returns it to be filled in.
func (o *Out) send(to Addr, kind Kind) *Message {
	o.Sends = append(o.Sends, Send{To: to, Msg: Message{Kind: kind}})
	return &o.Sends[len(o.Sends)-1].Msg
}

// beginList starts the list of the message queued last.
func (o *Out) beginList() { o.Sends[len(o.Sends)-1].ListAt = uint32(len(o.Peers)) }

// endList ends it.
func (o *Out) endList() {
	s := &o.Sends[len(o.Sends)-1]
	s.ListLen = uint32(len(o.Peers)) - s.ListAt
}

// List returns the list that travels with s.
func (o *Out) List(s *Send) []Peer { return o.Peers[s.ListAt : s.ListAt+s.ListLen] }

// reply queues the answer to the request in ev.
func (o *Out) reply(ev *Event, kind Kind) *Message {
	m := o.send(ev.From, kind)
	m.Call, m.Slot = ev.Msg.Call, ev.Msg.Slot
	m.Flags = ev.Msg.Flags & FlagLookup
	return m
}
