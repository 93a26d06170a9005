package sim

// touchAhead is how many events before its own an actor's memory is asked for: far
// enough for a load from main memory, near enough to be there still.
const touchAhead = 8

// Handler is what the actors of one shard do. The engine calls a shard's handler
// from one goroutine at a time; handlers of different shards run side by side and
// must share nothing that changes inside a window.
type Handler[M, L any] interface {
	// Touch loads something of the actor's memory, so that it is in the cache when
	// its event comes, a few events later. It must have no other effect.
	Touch(to Addr)
	// Message handles a message. m and list are good for the call only.
	Message(sh *Shard[M, L], h Header, m *M, list []L)
	// Timer handles a timer; h.From and h.To are both its actor.
	Timer(sh *Shard[M, L], h Header, data uint64)
}

// Shard is a contiguous block of actors with all that is pending for them. A
// handler is given its own, and uses no other.
type Shard[M, L any] struct {
	engine  *Engine[M, L]
	handler Handler[M, L]
	index   int
	first   Addr // of the block

	now  Time // of the event being handled
	end  Time // of the window, at a barrier of the last
	last entry

	actors []actor // of the block

	queue *queue
	slab  slab[M]
	lists lists[L]
	out   []mailbox[M, L] // per receiving shard: what was sent in this window

	faults *Faults    // nil where there never was one
	held   []*waiting // with faults: by actor of the block, nil where nothing ever waited

	stats  Stats
	warmth uint32 // what touching loaded, kept so that the loads are not dropped
}

// actor is what the engine keeps of each actor, side by side because each event
// needs both.
type actor struct {
	digest uint64
	seq    uint32 // the next number
}

// mailbox is what one shard sent to another in a window.
type mailbox[M, L any] struct {
	letters []letter[M]
	lists   []L
}

type letter[M any] struct {
	e entry
	s slot[M]
}

// Index says which shard this is, from 0.
func (sh *Shard[M, L]) Index() int { return sh.index }

// Now is the time of the event being handled; at a barrier, of the barrier.
func (sh *Shard[M, L]) Now() Time { return sh.now }

// Digest is the running hash of an actor of this shard, for the handler to Mix
// into what the actor was handed.
func (sh *Shard[M, L]) Digest(a Addr) *uint64 { return &sh.actors[a-sh.first].digest }

// Next takes an actor's next number. Sends, sends that are lost on the way and
// timers share one sequence.
func (sh *Shard[M, L]) Next(from Addr) uint32 {
	p := &sh.actors[from-sh.first].seq
	n := *p
	*p = n + 1
	if n+1 == 0 {
		fail("actor %d has used up its 2^32 sequence numbers", from)
	}
	return n
}

// Send puts a message on its way, to be handled at h.At, with a copy of the list
// (at most MaxList elements). h.Seq is from Next(h.From). A message to another
// actor must not arrive inside the window, or runs would depend on the division
// into shards; that and an arrival in the past are panics.
func (sh *Shard[M, L]) Send(h Header, m *M, list []L) {
	e := sh.engine
	sh.stats.Sent++
	if h.To == h.From {
		if h.At < sh.now {
			fail("message from %d to itself at %v, in the past of %v", h.From, h.At, sh.now)
		}
	} else if h.At < sh.end && e.window > 0 {
		fail("message from %d to %d at %v, inside the window that ends at %v: shorter than the least latency %v", h.From, h.To, h.At, sh.end, e.window)
	}
	if h.At < sh.now || h.To > e.maxAddr {
		fail("message from %d to %d at %v: now it is %v, and the largest address is %d", h.From, h.To, h.At, sh.now, e.maxAddr)
	}
	to := int(h.To >> e.shift)
	if to == sh.index {
		sh.accept(h, m, list)
	} else if e.direct {
		e.shards[to].accept(h, m, list)
	} else {
		sh.out[to].add(h, m, list)
	}
}

// SetTimer sets a timer of an actor of this shard, with 63 bits of data for the
// handler and seq from Next(a). Timers are never cancelled.
func (sh *Shard[M, L]) SetTimer(a Addr, at Time, seq uint32, data uint64) {
	if at < sh.now || data > maxTimerData || int(a>>sh.engine.shift) != sh.index {
		fail("timer of %d at %v with data %#x: now it is %v, data has 63 bits, and this is shard %d", a, at, data, sh.now, sh.index)
	}
	if sh.faults != nil {
		at = sh.now.after(sh.faults.clock(a, at-sh.now))
	}
	sh.queue.push(timerEntry(a, at, seq, data))
}

// accept stores a message for an actor of this shard.
func (sh *Shard[M, L]) accept(h Header, m *M, list []L) {
	ref, s := sh.slab.alloc()
	s.m = *m
	s.n = uint32(len(list))
	if len(list) != 0 {
		s.list = sh.lists.store(list)
	}
	sh.queue.push(entry{at: h.At, key: key(h.From, h.Seq), to: uint32(h.To), ref: ref})
}

func (b *mailbox[M, L]) add(h Header, m *M, list []L) {
	b.letters = append(b.letters, letter[M]{
		e: entry{at: h.At, key: key(h.From, h.Seq), to: uint32(h.To)},
		s: slot[M]{m: *m, list: uint32(len(b.lists)), n: uint32(len(list))},
	})
	b.lists = append(b.lists, list...)
}

// collect takes what the other shards sent to this one. The order of taking does
// not matter: keys are a total order.
func (sh *Shard[M, L]) collect() {
	for _, src := range sh.engine.shards {
		b := &src.out[sh.index]
		for i := range b.letters {
			l := &b.letters[i]
			ref, s := sh.slab.alloc()
			*s = l.s
			if n := l.s.n; n != 0 {
				s.list = sh.lists.store(b.lists[l.s.list : l.s.list+n])
			}
			l.e.ref = ref
			sh.queue.push(l.e)
		}
		b.letters, b.lists = b.letters[:0], b.lists[:0]
	}
}

// work handles every event of the shard before end.
func (sh *Shard[M, L]) work(end Time) {
	sh.end = end
	q := sh.queue
	for {
		e, ok := q.pop(end)
		if !ok {
			break
		}
		if e.at < sh.now || e.same(sh.last) {
			fail("event (%v, %d, %d) after (%v, %d, %d)", e.at, e.from(), e.seq(), sh.last.at, sh.last.from(), sh.last.seq())
		}
		sh.now, sh.last = e.at, e
		sh.touch()
		if sh.faults != nil && sh.hold(e) {
			continue
		}
		h := e.header()
		if e.isTimer() {
			sh.stats.Timers++
			sh.handler.Timer(sh, h, e.data())
			continue
		}
		sh.stats.Delivered++
		s := sh.slab.at(e.ref)
		var list []L
		if s.n != 0 {
			list = sh.lists.at(s.list, int(s.n))
		}
		sh.handler.Message(sh, h, &s.m, list)
		if s.n != 0 {
			sh.lists.drop(s.list, int(s.n))
		}
		sh.slab.free.push(e.ref)
	}
}

// touch asks for the memory of the events to come, as far as they are known in
// order: to the end of the open bucket.
func (sh *Shard[M, L]) touch() {
	q := sh.queue
	q.touched = max(q.touched, q.pos)
	for to := min(q.pos+touchAhead, len(q.run)); q.touched < to; q.touched++ {
		e := &q.run[q.touched]
		if !e.isTimer() {
			sh.warmth += sh.slab.at(e.ref).n
		}
		a := e.actor()
		sh.warmth += sh.actors[a-sh.first].seq
		sh.handler.Touch(a)
	}
}
