package explore

import (
	"slices"

	"chordsim/chord"
)

// Liveness: nobody comes or goes any more, and rounds are fair: every message
// is delivered, every question has its outcome, and every member's timers go
// off in turn. From every state such rounds have to lead to the ideal ring.

// maxDeliveries bounds what is delivered before the next timer goes off: a node may
// ask for ever, of its own accord. Nodes are served in turn, so that what is on its way
// to others arrives, and their timers go off.
const maxDeliveries = 64

// happen applies an event and takes it down where somebody keeps a record.
func (w *world) happen(e Event) {
	if w.record != nil {
		*w.record = append(*w.record, e)
	}
	w.apply(e)
}

// deliverAll delivers everything until nothing is on its way, or for long
// enough, and reports whether nothing is left.
func (w *world) deliverAll() bool {
	for range maxDeliveries {
		e, ok := w.delivery()
		if !ok {
			return true
		}
		w.served = int(e.Node)
		w.happen(e)
	}
	_, more := w.delivery()
	return !more
}

// delivery returns the next event that delivers something, to the first node that
// has anything on its way after the one that was served last.
func (w *world) delivery() (Event, bool) {
	for d := range w.n {
		i := (w.served + 1 + d) % w.n
		if e, ok := w.deliveryTo(i); ok {
			return e, true
		}
	}
	return Event{}, false
}

// deliveryTo returns an event that delivers something to node i.
func (w *world) deliveryTo(i int) (Event, bool) {
	n, f := &w.nodes[i], &w.flight[i]
	if f.place.stage != idle {
		return Event{Kind: Placed, Node: uint8(i), Peer: f.member}, true
	}
	for j := range w.n {
		if f.notify>>j&1 != 0 {
			return Event{Kind: Notify, Node: uint8(i), Peer: uint8(j)}, true
		}
		if f.told>>j&1 != 0 {
			return Event{Kind: Told, Node: uint8(i), Peer: uint8(j)}, true
		}
	}
	for p := range f.parcels {
		to, _ := n.Waiting(p)
		if to.None() {
			continue
		}
		e := Event{Node: uint8(i), Peer: index(to.Addr), Purpose: uint8(p)}
		switch s := f.parcels[p].stage; {
		case s == answered:
			e.Kind = Answer
		case s == reported:
			e.Kind = Report
		case !w.m.Perfect && !w.member(int(e.Peer)):
			e.Kind = Timeout
		case w.m.Grain == Atomic:
			e.Kind = Query
		default:
			e.Kind = Ask
		}
		return e, true
	}
	return Event{}, false
}

// round is one fair round. It reports whether nothing is on its way at its end
// but the questions of the next.
func (w *world) round() bool {
	defer func(eager bool) { w.eager = eager; w.beginRounds() }(w.eager)
	w.eager, w.served = false, w.n-1
	quiet := w.deliverAll()
	for i := range w.n {
		at := uint8(i)
		if !w.member(i) {
			continue
		}
		if w.parts {
			for _, e := range w.partsOf(nil, i) {
				w.happen(e)
				quiet = w.deliverAll()
			}
		}
		if w.mayStabilize(i) {
			w.happen(Event{Kind: Stabilize, Node: at, Peer: at})
			quiet = w.deliverAll()
		}
		if !w.parts && w.checks(i) {
			w.happen(Event{Kind: Check, Node: at, Peer: at})
			quiet = w.deliverAll()
		}
	}
	return quiet
}

// checks reports whether a check of node i's predecessor may come to anything:
// that it lives is nothing new.
func (w *world) checks(i int) bool {
	n := &w.nodes[i]
	if !w.cfg.Rules.ClearPredecessor || n.Pred.None() {
		return false
	}
	if to, _ := n.Waiting(chord.ForPredecessor); !to.None() {
		return false
	}
	return !w.m.Perfect || !w.member(int(index(n.Pred.Addr)))
}

// leadsToIdeal follows fair rounds from the state at, until the ring is ideal,
// or the state is one from which that is known, or one met before.
func (x *expander) leadsToIdeal() bool {
	w := x.w
	x.seen = x.seen[:0]
	for {
		if w.round() && w.ideal() {
			return true
		}
		hash := x.turn()
		if number, known := x.states.find(hash); known && number < x.done {
			return true
		}
		if slices.Contains(x.seen, hash) {
			return false
		}
		x.seen = append(x.seen, hash)
	}
}

// stays reports whether the ring, from the state that the world is in, is
// called the same after every fair round. The world is as before afterwards.
func (x *expander) stays() bool {
	w, kept := x.w, *x.w
	defer func() { *w = kept }()
	x.turn() // rounds begin at the rotation that stands for the state, as in a replay
	x.seen = x.seen[:0]
	for {
		if w.round(); w.word() != x.o.Find {
			return false
		}
		hash := x.turn()
		if slices.Contains(x.seen, hash) {
			return true
		}
		x.seen = append(x.seen, hash)
	}
}

// turn makes the world the rotation that stands for its state, and returns the
// state's hash.
func (x *expander) turn() uint64 {
	w := x.w
	for i := range w.n {
		x.own[i] = w.appendRecord(x.own[i][:0], i)
		x.next.code[i], x.next.hash[i] = x.own[i], hashRecord(x.own[i])
	}
	first, hash := leastRotation(x.next.hash[:w.n])
	if first != 0 {
		for i := range w.n {
			w.readRecord(i, x.next.code[(first+i)%w.n])
		}
	}
	return hash
}
