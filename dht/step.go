package dht

import "chordsim/chord"

// Out is the host's side of a step: what all nodes have in common goes in, what
// a node wants done comes out. Messages and timers go into the ring's own Out.
type Out struct {
	Ring   *chord.Out
	Config *Config
	Keys   *Keys

	Done []Done // operations that have come to an end at their client
	Gone bool   // the leaver has nothing left to give: the ring may let it go

	Counters [NumCounters]uint64 // since the start, not reset

	list []chord.Peer // of the message being made
}

// Reset forgets what a step put out.
func (o *Out) Reset() { o.Done, o.Gone = o.Done[:0], false }

// Outcome is how an operation ended for its client.
type Outcome uint8

const (
	Acknowledged Outcome = iota // the put or delete is held by its quorum
	Found                       // the get has a value
	Missing                     // the get was answered: there is none
	Failed                      // no answer in time
)

// Done is an operation that has come to its end.
type Done struct {
	Tag     uint32 // the host's, from CmdPut or CmdGet
	Outcome Outcome
	Local   bool   // the lookup for it was answered by the client or its own successor
	Record  Record // what was put, with its version; what was found, a tombstone for a key that was deleted
}

// Counter counts what occurs on the way.
type Counter uint8

const (
	CountHandedOver Counter = iota // records taken over from a node that does not own them any more, or leaves
	CountRepaired                  // records sent to a holder that had not the same
	CountDropped                   // copies dropped because others have taken them over
	CountElsewhere                 // requests sent on to the node that owns the key
	CountNoQuorum                  // puts that found too few holders
	CountForsaken                  // records of leavers that nobody took
	CountLate                      // answers to requests that are over
	NumCounters
)

var counterNames = [NumCounters]string{
	CountHandedOver: "records handed over",
	CountRepaired:   "records repaired",
	CountDropped:    "copies dropped, held by others",
	CountElsewhere:  "requests for keys sent on to their owner",
	CountNoQuorum:   "puts without a quorum",
	CountForsaken:   "records of leavers that nobody took",
	CountLate:       "answers about keys too late",
}

// String says in words what is counted.
func (c Counter) String() string { return counterNames[c] }

// Timers of this layer.
const (
	timerOp    = chord.DataTimers     // slot, number: of an operation
	timerRound = chord.DataTimers + 1 // number: of a life; slot: 0 the periodic one, 1 a repair that is due
)

// OwnsTimer reports whether a kind of timer is this layer's.
func OwnsTimer(kind uint8) bool { return kind == timerOp || kind == timerRound }

// TimerName returns what a timer of this layer is for: an answer or a pause that
// is waited for, or a repair.
func TimerName(kind uint8) string {
	if kind == timerOp {
		return "data_wait"
	}
	return "data_repair"
}

// LookupTag marks the lookups of this layer: what they find goes to Found.
const LookupTag = 1 << 31

// Step is the one way into what a node does about keys: a message, command or
// timer of this layer, or chord.CmdLeave, before the ring hears of it. It may
// start lookups of the ring; the host hands their ends to Found, and the ring's
// own steps to Observe. As with the ring's Step, the same input gives the same
// output.
func (s *Store) Step(h *Holder, n *chord.Node, ev *chord.Event, out *Out) {
	if ev.Timer != 0 {
		s.timer(h, n, ev, out)
		return
	}
	m := ev.Msg
	if request(m.Kind) && !n.InRing() {
		if bounce, ok := BounceOf(m); ok && out.Ring.Config.Perfect {
			*out.Ring.Send(ev.From, chord.Bounce) = bounce
		}
		return
	}
	switch m.Kind {
	case CmdPut, CmdGet:
		s.begin(h, n, ev, out)
	case Put:
		s.putArrived(h, n, ev, out)
	case PutAck:
		s.putAnswered(h, n, ev, out)
	case Get:
		s.getArrived(h, n, ev, out)
	case Value:
		s.valueArrived(h, n, ev, out)
	case Copy:
		s.copyArrived(h, n, ev, out)
	case CopyAck:
		s.copyAnswered(h, n, ev, out)
	case Give:
		s.giveArrived(h, n, ev, out)
	case GiveAck:
		s.giveAnswered(h, n, ev, out)
	case Sync:
		s.syncArrived(h, n, ev, out)
	case SyncAck:
		s.syncAnswered(h, n, ev, out)
	case chord.Bounce:
		s.bounced(h, n, ev, out)
	case chord.CmdLeave:
		s.leave(h, n, ev, out)
	}
}

// Local lets the node handle what it has sent to itself, without a network in
// between. Such messages are left with nobody as receiver.
func (s *Store) Local(h *Holder, n *chord.Node, ev *chord.Event, out *Out) {
	for i := 0; i < len(out.Ring.Sends); i++ {
		send := &out.Ring.Sends[i]
		if send.To != n.Addr || !send.Msg.Kind.Layer() {
			continue
		}
		send.To = 0
		m := send.Msg
		s.Step(h, n, &chord.Event{Now: ev.Now, From: n.Addr, Rand: chord.Fork(ev.Rand, 64+i), Msg: &m, List: out.Ring.List(send)}, out)
	}
}

// timer is a timeout, a pause that is over, or a round.
func (s *Store) timer(h *Holder, n *chord.Node, ev *chord.Event, out *Out) {
	kind, slot, number := chord.TimerParts(ev.Timer)
	switch kind {
	case timerOp:
		if o := s.ops.get(slot, n.Addr, number); o != nil {
			s.timedOut(h, n, ev, out, slot, o)
		}
	case timerRound:
		if number != h.life || !n.InRing() {
			return
		}
		if slot == 0 {
			s.repairRound(h, n, ev, out)
		} else {
			h.clear(holderSoon)
			s.syncHolders(h, n, ev, out)
		}
	}
}

// timedOut: a request was not answered in time, or a pause is over.
func (s *Store) timedOut(h *Holder, n *chord.Node, ev *chord.Event, out *Out, slot uint32, o *op) {
	switch o.purpose {
	case opClient:
		s.clientTimedOut(h, n, ev, out, slot, o)
	case opWrite:
		s.writeTimedOut(h, n, ev, out, slot, o)
	case opGive:
		s.giveTimedOut(h, n, ev, out, slot, o)
	case opSync:
		s.syncTimedOut(h, n, ev, out, slot, o)
	case opPush:
		s.pushTimedOut(h, n, ev, out, slot, o)
	}
}

// bounced: the network reports that a request reached nobody. There is no use in
// sending it again.
func (s *Store) bounced(h *Holder, n *chord.Node, ev *chord.Event, out *Out) {
	o := s.ops.get(ev.Msg.Slot, n.Addr, ev.Msg.Call)
	if o == nil {
		out.Counters[CountLate]++
		return
	}
	if o.purpose == opWrite || o.purpose == opSync {
		suspect(out, ev.From)
		s.refused(h, n, ev, out, ev.Msg.Slot, o)
		return
	}
	o.tries = givenUp
	s.timedOut(h, n, ev, out, ev.Msg.Slot, o)
}

// arm sets the timeout of an operation's request. The first try of a request is
// numbered; an answer to any of its tries will do.
func (s *Store) arm(h *Holder, ev *chord.Event, out *Out, slot uint32, o *op, after int64) {
	if o.tries <= 1 || o.number == 0 {
		o.number = h.next()
	}
	out.Ring.Wake(ev.Now+after, timerOp, slot, o.number)
}

// givenUp is the number of tries of a request that is not sent again.
const givenUp = 255

// try counts a send.
func (o *op) try() {
	if o.tries < givenUp-1 {
		o.tries++
	}
}

// mayTry reports whether a request without an answer is sent again. Where the
// network itself reports the dead it is, until it does: no live node is taken for
// dead, and one that has died after it was asked bounces the next try.
func (o *op) mayTry(out *Out) bool {
	if out.Ring.Config.Perfect {
		return o.tries < givenUp
	}
	return int(o.tries) < out.Config.Tries
}

// send queues a request of an operation.
func (s *Store) send(out *Out, to chord.Addr, kind chord.Kind, slot uint32, o *op) *chord.Message {
	m := out.Ring.Send(to, kind)
	m.Call, m.Slot = o.number, slot
	return m
}

// batch lays out the records of an operation, as they are now, to travel beside a
// message.
func (s *Store) batch(n *chord.Node, out *Out, o *op) {
	out.list = out.list[:0]
	for _, k := range o.keys[:o.nKeys] {
		if r := s.find(n.Addr, k); r != nil {
			out.list = r.appendTo(out.list)
		}
	}
}

// reply queues an answer.
func reply(out *Out, to chord.Addr, kind chord.Kind, call, slot uint32) *chord.Message {
	m := out.Ring.Send(to, kind)
	m.Call, m.Slot = call, slot
	return m
}

// suspect counts a peer as dead.
func suspect(out *Out, a chord.Addr) { out.Ring.Suspects = append(out.Ring.Suspects, a) }

// lookUp asks the ring for the owner of a key, on behalf of an operation.
func (s *Store) lookUp(n *chord.Node, ev *chord.Event, out *Out, slot uint32, o *op, id uint64) {
	o.lookup, o.number = true, 0
	m := chord.Message{Kind: chord.CmdLookup, Key: id, Call: LookupTag | slot, Flags: chord.FlagList}
	n.Step(&chord.Event{Now: ev.Now, Rand: chord.Fork(ev.Rand, 32), Msg: &m}, out.Ring)
}

// Found is the end of a lookup of this layer.
func (s *Store) Found(h *Holder, n *chord.Node, ev *chord.Event, f *chord.Finished, out *Out) {
	slot := f.Tag &^ LookupTag
	o := s.ops.of(slot, n.Addr)
	if o == nil || !o.lookup {
		out.Counters[CountLate]++
		return
	}
	o.lookup = false
	owners := out.Ring.Owners(f)
	o.nHolders = uint8(copy(o.holders[:], owners))
	if o.nHolders == 0 && !f.Owner.None() {
		o.holders[0], o.nHolders = f.Owner, 1
	}
	if o.purpose == opGive {
		s.ownerFound(h, n, ev, out, slot, o)
	} else {
		o.local = f.Local
		s.ownersFound(h, n, ev, out, slot, o)
	}
}
