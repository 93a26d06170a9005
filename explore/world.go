package explore

import (
	"fmt"

	"chordsim/chord"
)

// world is a small ring at one instant: real nodes, and what is on its way to
// each. It changes by events, of which enabled lists those that may happen.
type world struct {
	m   *Model
	cfg chord.Config
	n   int // identifiers

	nodes  [MaxIDs]chord.Node
	flight [MaxIDs]flight
	dirty  uint8 // bit i: node i, or what is on its way to it, was touched

	// eager has a member's next round begin when the one before is over: the
	// question may then take as long as the timer would have, so that nothing is
	// lost, and fewer states are to be told apart.
	eager bool
	parts bool // maintenance comes in parts

	served int // in a fair round: to whom something was delivered last

	foreseen bool // what lists in flight come to is known without trying

	out     chord.Out
	lookups chord.Lookups
	msg     chord.Message
	event   chord.Event
	peers   []chord.Peer
	digest  digest
	handed  int64    // events mixed into it
	hashing bool     // mix what Step is handed into digest
	record  *[]Event // takes down what happens, if set
}

func newWorld(m *Model) *world {
	w := &world{m: m, n: m.IDs, cfg: m.config(), eager: m.eager(), parts: m.parts(), foreseen: foreseen(&m.Rules)}
	w.out.Config, w.out.Lookups = &w.cfg, &w.lookups
	for i := range w.nodes {
		w.nodes[i].Init(peer(i))
	}
	return w
}

func peer(i int) chord.Peer { return chord.Peer{ID: uint64(i), Addr: chord.Addr(i + 1)} }

// index is the inverse; nobody for nobody.
func index(a chord.Addr) uint8 {
	if a == 0 {
		return nobody
	}
	return uint8(a - 1)
}

func peerAt(i uint8) chord.Peer {
	if i == nobody {
		return chord.Peer{}
	}
	return peer(int(i))
}

// settle makes the given nodes, ascending, an ideal ring.
func (w *world) settle(members []int) {
	for i := range w.n {
		w.nodes[i].Init(peer(i))
		w.flight[i] = flight{}
	}
	for k, i := range members {
		var list []chord.Peer
		for j := 1; j <= min(w.m.Successors, max(len(members)-1, 1)); j++ {
			list = append(list, peer(members[(k+j)%len(members)]))
		}
		pred := peer(members[(k+len(members)-1)%len(members)])
		if len(members) == 1 {
			pred = chord.Peer{} // nobody has notified it
		}
		n := &w.nodes[i]
		n.Settle(&w.cfg, pred, list, func(start uint64) (uint64, chord.Peer) { return n.ID, n.Self() })
		n.ForgetFingers()
	}
	w.beginRounds()
}

func (w *world) member(i int) bool { return w.nodes[i].InRing() }

// step hands node i an event, and takes up what it wants sent. It returns the
// slot of the first question that the node asks, or −1.
func (w *world) step(i int, from chord.Addr, timer uint64, msg *chord.Message, list []chord.Peer) (first int) {
	w.dirty |= 1 << i
	n := &w.nodes[i]
	w.event = chord.Event{From: from, Timer: timer, Msg: msg, List: list}
	if w.hashing {
		w.digest.mix(i, &w.event)
		w.handed++
	}
	w.out.Reset()
	n.Step(&w.event, &w.out)
	n.NotHeard() // or the timer would have gone off once more
	n.ForgetFingers()
	f := &w.flight[i]
	first = -1
	for s := range w.out.Sends {
		send := &w.out.Sends[s]
		m := &send.Msg
		switch m.Kind {
		case chord.GetState, chord.Ping:
			f.parcels[m.Slot] = parcel{stage: asked, kind: m.Kind, flags: m.Flags}
			if first < 0 {
				first = int(m.Slot)
			}
		case chord.Notify:
			to := int(send.To) - 1
			if !w.arrives(to) {
				continue
			}
			if w.m.Many {
				w.flight[to].more |= w.flight[to].notify & (1 << i)
			}
			w.flight[to].notify |= 1 << i
			w.dirty |= 1 << to
		case chord.NewSuccessor:
			to := int(send.To) - 1
			if !w.arrives(to) {
				continue
			}
			w.flight[to].told |= 1 << i
			w.flight[to].closer[i] = index(m.A)
			w.dirty |= 1 << to
		case chord.FindNext, chord.Owners, chord.Next, chord.NoNext, chord.State, chord.Pong:
			// Taken up by who had it sent.
		default:
			panic(fmt.Sprintf("explore: no way to deliver %v", m.Kind))
		}
	}
	for p := range f.parcels {
		if f.parcels[p].stage != idle {
			if to, _ := n.Waiting(p); to.None() {
				f.parcels[p] = parcel{}
			}
		}
	}
	return first
}

// join has x ask m for its place, and m answer. How long the question is on its
// way changes nothing for anybody, so that it arrives at once.
func (w *world) join(x, m int) {
	question := w.seek(x, m)
	w.step(m, chord.Addr(x+1), 0, &question, nil)
	f := &w.flight[x]
	f.member = uint8(m)
	f.place = parcel{stage: answered, kind: w.out.Sends[0].Msg.Kind}
	w.pack(&f.place, w.out.List(&w.out.Sends[0]))
	// The table of lookups is empty between events: placed begins it anew.
	hashing := w.hashing
	w.hashing, question.Kind = false, chord.NoNext
	w.step(x, chord.Addr(m+1), 0, &question, nil)
	w.hashing = hashing
}

// seek begins a joiner's lookup at member m and returns its question.
func (w *world) seek(x, m int) chord.Message {
	w.nodes[x].Init(peer(x))
	w.msg = chord.Message{Kind: chord.CmdJoin, AID: uint64(m), A: chord.Addr(m + 1)}
	w.step(x, 0, 0, &w.msg, nil)
	return w.out.Sends[0].Msg
}

func (w *world) pack(p *parcel, list []chord.Peer) {
	p.n = uint8(len(list))
	for k, e := range list {
		p.list[k] = index(e.Addr)
	}
}

func (w *world) unpack(p *parcel) []chord.Peer {
	w.peers = w.peers[:0]
	for _, i := range p.list[:p.n] {
		w.peers = append(w.peers, peerAt(i))
	}
	return w.peers
}

// placed brings a joiner the answer. Its lookup begins anew for that: the
// question has been answered already.
func (w *world) placed(x int) {
	f := &w.flight[x]
	p, m := f.place, int(f.member)
	f.place, f.member = parcel{}, 0
	hashing := w.hashing
	w.hashing = false
	question := w.seek(x, m)
	w.hashing = hashing
	w.msg = chord.Message{Kind: p.kind, Call: question.Call, Slot: question.Slot, Flags: question.Flags & chord.FlagLookup}
	w.step(x, chord.Addr(m+1), 0, &w.msg, w.unpack(&p))
	w.settleJoiner(x)
}

// ask brings the question of node i in a slot to whom it is for.
func (w *world) ask(i, slot int) {
	to, number := w.nodes[i].Waiting(slot)
	p := &w.flight[i].parcels[slot]
	w.dirty |= 1 << i
	at := int(index(to.Addr))
	if !w.member(at) {
		*p = parcel{stage: reported}
		return
	}
	w.msg = chord.Message{Kind: p.kind, Flags: p.flags, Call: number, Slot: uint32(slot)}
	before := w.dirty
	w.step(at, chord.Addr(i+1), 0, &w.msg, nil)
	w.dirty = before // who is asked stays as it is
	s := &w.out.Sends[0]
	*p = parcel{stage: answered, kind: s.Msg.Kind, flags: s.Msg.Flags, a: nobody, b: nobody}
	if s.Msg.Kind == chord.State {
		p.a, p.b = index(s.Msg.A), index(s.Msg.B)
		w.pack(p, w.out.List(s)[:min(int(s.Msg.Path), int(s.ListLen))])
	}
}

// message is what a parcel is when it arrives at node i, and its list.
func (w *world) message(i, slot int) (*chord.Message, []chord.Peer) {
	_, number := w.nodes[i].Waiting(slot)
	p := &w.flight[i].parcels[slot]
	if p.stage == reported {
		w.msg = chord.Message{Kind: chord.Bounce, Call: number, Slot: uint32(slot)}
		return &w.msg, nil
	}
	w.msg = chord.Message{Kind: p.kind, Flags: p.flags, Call: number, Slot: uint32(slot), Path: uint16(p.n)}
	if p.kind == chord.State {
		a, b := peerAt(p.a), peerAt(p.b)
		w.msg.AID, w.msg.A, w.msg.BID, w.msg.B = a.ID, a.Addr, b.ID, b.Addr
	}
	return &w.msg, w.unpack(p)
}

// answer brings node i the answer, or the report, to its question in a slot.
func (w *world) answer(i, slot int) int {
	to, _ := w.nodes[i].Waiting(slot)
	msg, list := w.message(i, slot)
	w.flight[i].parcels[slot] = parcel{}
	first := w.step(i, to.Addr, 0, msg, list)
	w.settleJoiner(i)
	return first
}

// settleJoiner: a joiner that waits for nothing begins anew some time.
func (w *world) settleJoiner(i int) {
	n := &w.nodes[i]
	if to, _ := n.Waiting(chord.ForJoin); n.Status == chord.Joining && to.None() && w.flight[i].place.stage == idle {
		w.gone(i)
	}
}

// arrives reports whether what is sent to node i without being asked may arrive.
func (w *world) arrives(i int) bool { return w.m.Late || w.nodes[i].Status != chord.Absent }

// gone makes node i absent; what is on its way to it is dropped, unless it may
// arrive at its next life.
func (w *world) gone(i int) {
	w.nodes[i].Crash()
	w.nodes[i].Init(peer(i))
	f, kept := &w.flight[i], flight{}
	if w.m.Late {
		kept.notify, kept.more, kept.told, kept.closer = f.notify, f.more, f.told, f.closer
	}
	*f = kept
	w.dirty |= 1 << i
}

// query has the whole of a question happen.
func (w *world) query(i, slot int) {
	if w.flight[i].parcels[slot].stage == asked {
		w.ask(i, slot)
	}
	if w.flight[i].parcels[slot].stage != idle {
		w.answer(i, slot)
	}
}

// apply lets an event happen that is enabled.
func (w *world) apply(e Event) {
	w.carryOut(e)
	w.beginRounds()
}

// stabilize sets off the timer of a member's stabilization.
func (w *world) stabilize(i int) int {
	if w.parts {
		return w.command(i, chord.CmdStabilize)
	}
	return w.step(i, chord.Addr(i+1), chord.StabilizeTimer(&w.nodes[i]), nil, nil)
}

// command hands node i a command without anything in it.
func (w *world) command(i int, kind chord.Kind) int {
	w.msg = chord.Message{Kind: kind}
	return w.step(i, 0, 0, &w.msg, nil)
}

// beginRounds has every member begin its next round that may.
func (w *world) beginRounds() {
	if !w.eager {
		return
	}
	for i := range w.n {
		if w.mayStabilize(i) && w.nodes[i].Successor() != peer(i) {
			w.stabilize(i)
		}
	}
}

// notifyGone takes a notify of node p to node i off its way. Of several, as many
// as one likes stay as one: that one more is left is an event of its own.
func (w *world) notifyGone(i, p int) {
	f := &w.flight[i]
	if f.more>>p&1 == 0 {
		f.notify &^= 1 << p
	}
	f.more &^= 1 << p
}

// hear brings node i the new_successor of node p.
func (w *world) hear(i, p int) int {
	f := &w.flight[i]
	f.told &^= 1 << p
	w.dirty |= 1 << i
	if w.nodes[i].Status == chord.Absent {
		return -1
	}
	a := peerAt(f.closer[p])
	w.msg = chord.Message{Kind: chord.NewSuccessor, AID: a.ID, A: a.Addr}
	return w.step(i, chord.Addr(p+1), 0, &w.msg, nil)
}

// mayStabilize reports whether node i has a list, and no round under way.
func (w *world) mayStabilize(i int) bool {
	n := &w.nodes[i]
	if !n.InRing() || n.ListLen() == 0 {
		return false
	}
	for _, p := range [...]int{chord.ForSuccessor, chord.ForBetter, chord.ForEntry} {
		if _, number := n.Waiting(p); number != 0 {
			return false
		}
	}
	return !w.parts || w.member(int(n.Successor().ID)) // with a dead successor it is update's turn
}

func (w *world) carryOut(e Event) {
	i, p, slot := int(e.Node), int(e.Peer), int(e.Purpose)
	first := -1
	switch e.Kind {
	case Join:
		w.join(i, p)
		if w.m.Grain == Atomic {
			w.placed(i)
		}
		if !w.parts {
			return // the question of the place was the event's one
		}
		first = w.firstAsked(i)
	case Placed:
		w.placed(i)
		return
	case Stabilize:
		first = w.stabilize(i)
	case Check:
		first = w.step(i, chord.Addr(i+1), chord.CheckPredecessorTimer(&w.nodes[i]), nil, nil)
		if w.m.Perfect && first >= 0 {
			w.ask(i, first) // and arrives at once
		}
	case Query:
		w.query(i, slot)
		return
	case Ask:
		w.ask(i, slot)
		return
	case Answer, Report:
		w.answer(i, slot)
		return
	case Timeout:
		first = w.step(i, chord.Addr(i+1), chord.TimeoutOf(&w.nodes[i], slot), nil, nil)
		w.settleJoiner(i)
	case Notify, NotifyOne:
		if e.Kind == Notify {
			w.notifyGone(i, p)
		}
		if w.nodes[i].Status == chord.Absent {
			w.dirty |= 1 << i
			return
		}
		w.msg = chord.Message{Kind: chord.Notify, AID: uint64(p)}
		first = w.step(i, chord.Addr(p+1), 0, &w.msg, nil)
	case Told:
		first = w.hear(i, p)
	case Lose:
		w.notifyGone(i, p)
		w.dirty |= 1 << i
	case Crash:
		w.gone(i)
	case Reconcile:
		first = w.command(i, chord.CmdReconcile)
	case Update:
		first = w.command(i, chord.CmdUpdate)
	case Flush:
		first = w.command(i, chord.CmdFlush)
	default:
		panic(fmt.Sprintf("explore: no event %v", e))
	}
	if w.m.Grain == Atomic && w.m.Perfect && first >= 0 {
		w.query(i, first) // without a perfect detector its outcome is an event of its own
		for w.parts && w.firstAsked(i) >= 0 {
			w.query(i, w.firstAsked(i))
		}
	}
}
