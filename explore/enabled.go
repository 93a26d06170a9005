package explore

import "chordsim/chord"

// firstAsked is the first slot in which node i waits for an answer, or −1.
func (w *world) firstAsked(i int) int {
	for p := range chord.NumPurposes {
		if _, number := w.nodes[i].Waiting(p); number != 0 {
			return p
		}
	}
	return -1
}

// partsOf appends what node i may do apart from its stabilization.
func (w *world) partsOf(buf []Event, i int) []Event {
	n := &w.nodes[i]
	at := uint8(i)
	free := func(slot int) bool { _, number := n.Waiting(slot); return number == 0 }
	lives := func(p chord.Peer) bool { return !p.None() && w.member(int(p.ID)) }
	first := lives(n.Successor())
	if w.cfg.Rules.Refresh == chord.RefreshReconcile && first && free(chord.ForEntry) {
		buf = append(buf, Event{Kind: Reconcile, Node: at, Peer: at})
	}
	if w.cfg.Rules.DeadSuccessor == chord.DeadUpdate && !first && n.ListLen() > 1 && free(chord.ForUpdate) {
		buf = append(buf, Event{Kind: Update, Node: at, Peer: at})
	}
	if w.cfg.Rules.ClearPredecessor && !n.Pred.None() && !lives(n.Pred) && free(chord.ForPredecessor) {
		buf = append(buf, Event{Kind: Flush, Node: at, Peer: at})
	}
	return buf
}

// enabled appends the events that may happen now, in a fixed order.
func (w *world) enabled(buf []Event) []Event {
	guard := w.guard()
	for i := range w.n {
		at := uint8(i)
		n, f := &w.nodes[i], &w.flight[i]
		switch n.Status {
		case chord.Absent:
			buf = w.joins(buf, i)
		case chord.Joining:
			if f.place.stage != idle {
				buf = append(buf, Event{Kind: Placed, Node: at, Peer: f.member})
			}
		}
		for p := range f.parcels {
			if to, _ := n.Waiting(p); !to.None() {
				buf = w.questions(buf, Event{Node: at, Peer: index(to.Addr), Purpose: uint8(p)}, f.parcels[p].stage)
			}
		}
		if w.parts && n.InRing() {
			buf = w.partsOf(buf, i)
		}
		if w.mayStabilize(i) {
			buf = append(buf, Event{Kind: Stabilize, Node: at, Peer: at})
		}
		if n.InRing() && !w.parts && w.checks(i) {
			buf = append(buf, Event{Kind: Check, Node: at, Peer: at})
		}
		for j := range w.n {
			from := uint8(j)
			if f.notify>>j&1 != 0 {
				buf = append(buf, Event{Kind: Notify, Node: at, Peer: from})
				if f.more>>j&1 != 0 && n.Status != chord.Absent {
					buf = append(buf, Event{Kind: NotifyOne, Node: at, Peer: from})
				}
				if w.m.Drops && n.Status != chord.Absent { // where nobody is it is lost as it is
					buf = append(buf, Event{Kind: Lose, Node: at, Peer: from})
				}
			}
			if f.told>>j&1 != 0 {
				buf = append(buf, Event{Kind: Told, Node: at, Peer: from})
			}
		}
		if n.InRing() && guard>>i&1 != 0 {
			buf = append(buf, Event{Kind: Crash, Node: at, Peer: at})
		}
	}
	return buf
}

// questions appends what may become of a question at its stage.
func (w *world) questions(buf []Event, e Event, s stage) []Event {
	there := w.member(int(e.Peer))
	with := func(k Kind) { e.Kind = k; buf = append(buf, e) }
	switch {
	case s == answered:
		with(Answer)
	case s == reported:
		with(Report)
	case w.m.Grain == Atomic && (there || w.m.Perfect):
		with(Query)
	case w.m.Grain == Messages && (there || w.m.Perfect):
		with(Ask)
	}
	if !w.m.Perfect {
		with(Timeout)
	}
	return buf
}

// joins appends the joins of node x: through every member that it lies behind.
func (w *world) joins(buf []Event, x int) []Event {
	for m := range w.n {
		n := &w.nodes[m]
		if m == x || !n.InRing() {
			continue
		}
		s := n.Successor()
		if !s.None() && int(s.ID) != x && chord.BetweenRightIncl(n.ID, uint64(x), s.ID) {
			buf = append(buf, Event{Kind: Join, Node: uint8(x), Peer: uint8(m)})
		}
	}
	return buf
}
