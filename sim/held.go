package sim

// waiting is what has come to an actor that was paused or slow, in the order in
// which it came. The messages stay where they lie in the shard's slab.
type waiting struct {
	events  []entry
	serving bool // the first is in the calendar, for the time when it has been processed
}

// UseFaults lets the engine heed faults from now on: it holds what comes to who is
// paused or slow, and sets timers by clocks that drift. What the faults do to
// messages between actors is the handlers' to ask when they send (Lost, Twice,
// Extra). Call it at a barrier.
func (e *Engine[M, L]) UseFaults(f *Faults) {
	if !e.quiet {
		fail("faults are put in force only at a barrier")
	}
	f.resume = e.resume
	for _, sh := range e.shards {
		sh.faults = f
		sh.held = make([]*waiting, len(sh.actors))
	}
}

// hold keeps an event that its actor cannot handle now, and reports whether it did.
// The event comes again when it is its turn. Messages keep their order, and so does
// all that comes in a pause; an actor that is merely slow handles its timers at once.
func (sh *Shard[M, L]) hold(e entry) bool {
	a := e.actor()
	paused := sh.faults.paused(a)
	w := sh.held[a-sh.first]
	if w == nil || len(w.events) == 0 {
		if !paused && (e.isTimer() || sh.faults.processing(a) == 0) {
			return false
		}
		if w == nil {
			w = new(waiting)
			sh.held[a-sh.first] = w
		}
		w.events = append(w.events, e)
		if !paused {
			sh.serve(w)
		}
		return true
	}
	if w.serving && w.events[0].key == e.key {
		w.serving = false
		if paused {
			return true
		}
		w.events = w.events[1:]
		if len(w.events) > 0 {
			sh.serve(w)
		} else {
			w.events = nil
		}
		return false
	}
	if e.isTimer() && !paused {
		return false
	}
	w.events = append(w.events, e)
	return true
}

// serve puts the first of those that wait into the calendar: a message for when the
// actor has processed it, at least 1 ns from now, so that no two are handled at one
// instant and in another order.
func (sh *Shard[M, L]) serve(w *waiting) {
	e := w.events[0]
	each := Time(1)
	if !e.isTimer() {
		each = max(each, sh.faults.processing(e.actor()))
	}
	e.at = sh.now.after(each)
	w.serving = true
	sh.queue.push(e)
}

// resume serves all who wait for nothing but their turn.
func (e *Engine[M, L]) resume() {
	if !e.quiet {
		fail("faults end only at a barrier")
	}
	for _, sh := range e.shards {
		for i, w := range sh.held {
			if w != nil && len(w.events) > 0 && !w.serving && !sh.faults.paused(sh.first+Addr(i)) {
				sh.serve(w)
			}
		}
	}
}

// eachHeld visits what waits and is not in the calendar.
func (sh *Shard[M, L]) eachHeld(visit func(entry)) {
	for _, w := range sh.held {
		if w == nil {
			continue
		}
		for i, e := range w.events {
			if i > 0 || !w.serving {
				visit(e)
			}
		}
	}
}
