package sim

import (
	"errors"
	"fmt"
	"sync/atomic"
)

const (
	// MaxActors is the largest address.
	MaxActors = 1<<31 - 1
	// MaxShards bounds the shards of an engine: each pair has a mailbox.
	MaxShards = 1024

	// loneWindow is how much a single shard does between two barriers where the
	// network has no least latency.
	loneWindow Time = 10_000_000
)

// Config is what an engine is made from.
type Config struct {
	Actors  int  // the largest address, 0..MaxActors
	Shards  int  // at most that many, 1..MaxShards; 0 is 1. See Layout
	Workers int  // goroutines that work on shards, at most one a shard; 0 is 1
	Window  Time // the least latency of the network; 0 forces a single shard
}

// Validate returns all that is wrong with the configuration.
func (c Config) Validate() error {
	var errs []error
	if c.Actors < 0 || c.Actors > MaxActors {
		errs = append(errs, fmt.Errorf("%d actors, the range is 0..%d", c.Actors, MaxActors))
	}
	if c.Shards < 0 || c.Shards > MaxShards {
		errs = append(errs, fmt.Errorf("%d shards, the range is 1..%d", c.Shards, MaxShards))
	}
	if c.Workers < 0 {
		errs = append(errs, fmt.Errorf("%d workers, give 1 or more", c.Workers))
	}
	if c.Window < 0 {
		errs = append(errs, fmt.Errorf("a window of %v, give the least latency", c.Window))
	}
	return errors.Join(errs...)
}

// Layout says how the addresses 0..Actors are divided: shard i has the block of
// addresses a with a>>Shift == i. A block is a power of two, so that an address
// knows its shard by a shift; there may be fewer shards than were asked for, and
// the last may be short.
type Layout struct {
	Shards int
	Shift  uint
}

// Layout returns the division the engine will use.
func (c Config) Layout() Layout {
	shards := max(c.Shards, 1)
	if c.Window <= 0 {
		shards = 1
	}
	shift := uint(0)
	for c.Actors>>shift >= shards {
		shift++
	}
	return Layout{Shards: c.Actors>>shift + 1, Shift: shift}
}

// ShardOf is the shard of an address.
func (l Layout) ShardOf(a Addr) int { return int(a >> l.Shift) }

// First is the first address of a shard.
func (l Layout) First(shard int) Addr { return Addr(shard) << l.Shift }

// Stats counts what the engine did.
type Stats struct {
	Events    uint64 // Delivered + Timers
	Sent      uint64 // messages given to Send
	Injected  uint64 // messages given to Inject
	Delivered uint64 // messages handled
	Timers    uint64 // timers handled
	Windows   uint64
}

// Engine drives actors through virtual time. M is the message, a struct of at most
// 64 bytes; L is the element of the list that may travel beside it. Neither may hold
// pointers: what is in flight lies in slabs that the garbage collector does not look
// into.
type Engine[M, L any] struct {
	// OnWindow, if set, is called at every barrier: after all events before end are
	// handled and all mail is in its queues. Nothing runs beside it, and it may
	// Inject and, through Shard, Send and SetTimer from end on. The windows, and so
	// the calls, do not depend on shards and workers, but they do on where Run was
	// cut.
	OnWindow func(end Time)

	shards  []*Shard[M, L]
	layout  Layout
	shift   uint
	maxAddr Addr
	workers int
	window  Time

	now      Time
	quiet    bool // nothing runs but the coordinator
	direct   bool // one goroutine may write to every shard
	stop     atomic.Bool
	windows  uint64
	injected uint64
}

// New makes an engine with a handler for each shard. It panics if the
// configuration is not valid.
func New[M, L any](c Config, handler func(shard int) Handler[M, L]) *Engine[M, L] {
	if err := c.Validate(); err != nil {
		fail("%v", err)
	}
	mustBePlain[M]("message", maxMessage)
	mustBePlain[L]("list element", maxMessage)
	l := c.Layout()
	e := &Engine[M, L]{
		layout: l, shift: l.Shift, maxAddr: Addr(c.Actors), window: c.Window, quiet: true, direct: true,
		workers: min(max(c.Workers, 1), l.Shards),
	}
	for i := range l.Shards {
		first := l.First(i)
		size := min(int64(1)<<l.Shift, int64(c.Actors)+1-int64(first))
		e.shards = append(e.shards, &Shard[M, L]{
			engine: e, handler: handler(i), index: i, first: first, last: entry{at: -1},
			actors: make([]actor, size),
			queue:  newQueue(), out: make([]mailbox[M, L], l.Shards),
		})
	}
	return e
}

// Layout is how the addresses are divided.
func (e *Engine[M, L]) Layout() Layout { return e.layout }

// Workers is how many goroutines work on the shards.
func (e *Engine[M, L]) Workers() int { return e.workers }

// Shard is the shard of an address, for use at a barrier.
func (e *Engine[M, L]) Shard(a Addr) *Shard[M, L] { return e.shards[a>>e.shift] }

// Now is the time of the barrier: every event before it has been handled.
func (e *Engine[M, L]) Now() Time { return e.now }

// Next is the time of the earliest pending event, false if there is none. Call it
// at a barrier.
func (e *Engine[M, L]) Next() (Time, bool) {
	next, some := Forever, false
	for _, sh := range e.shards {
		if t, ok := sh.queue.peek(); ok {
			next, some = min(next, t), true
		}
	}
	return next, some
}

// Stop makes Run return at the end of the window it is in, and every later Run at
// once. It may be called from any goroutine.
func (e *Engine[M, L]) Stop() { e.stop.Store(true) }

// Stopped says whether Stop was called.
func (e *Engine[M, L]) Stopped() bool { return e.stop.Load() }

// Inject puts a message of actor 0, or of any other, on its way at a barrier.
// h.At must not be before Now; h.Seq is from Shard(h.From).Next(h.From).
func (e *Engine[M, L]) Inject(h Header, m *M, list []L) {
	if !e.quiet || h.At < e.now || h.To > e.maxAddr {
		fail("message injected for %d at %v: only at a barrier, not before now (%v), and the largest address is %d", h.To, h.At, e.now, e.maxAddr)
	}
	e.injected++
	e.shards[h.To>>e.shift].accept(h, m, list)
}

// Run handles every event before until, in windows, and returns true; or, after
// Stop, false at an earlier barrier. Time without events is skipped. Cutting a run
// into several makes no difference to any actor.
func (e *Engine[M, L]) Run(until Time) bool {
	if until < e.now {
		fail("run until %v, in the past of %v", until, e.now)
	}
	length := e.window
	if length <= 0 {
		length = loneWindow
	}
	var c *crew
	if e.workers > 1 {
		c = newCrew(e.workers, len(e.shards), e.task)
		defer c.stop()
	}
	for !e.stop.Load() {
		start, ok := e.Next()
		if !ok || start >= until {
			e.barrier(until)
			return true
		}
		end := min(start.after(length), until)
		e.oneWindow(end, c)
		e.windows++
		e.barrier(end)
		if e.OnWindow != nil {
			e.OnWindow(end)
		}
	}
	return false
}

// barrier moves every shard's clock to now, so that what is sent at the barrier is
// checked against it.
func (e *Engine[M, L]) barrier(now Time) {
	e.now = now
	for _, sh := range e.shards {
		sh.now = now
	}
}

const (
	phaseWork = iota
	phaseCollect
)

func (e *Engine[M, L]) oneWindow(end Time, c *crew) {
	e.now, e.quiet, e.direct = end, false, c == nil
	for phase := phaseWork; phase <= phaseCollect; phase++ {
		if c != nil {
			c.run(phase)
			continue
		}
		for i := range e.shards {
			e.task(phase, i)
		}
	}
	e.quiet, e.direct = true, true
}

// task is a phase of a window on one shard. While it runs, e.now is the window's end.
func (e *Engine[M, L]) task(phase, shard int) {
	if phase == phaseWork {
		e.shards[shard].work(e.now)
	} else {
		e.shards[shard].collect()
	}
}

// Pending visits the messages in flight, in no particular order; timers are left
// out. Call it at a barrier. m and list are good for the call only.
func (e *Engine[M, L]) Pending(visit func(h Header, m *M, list []L)) {
	for _, sh := range e.shards {
		show := func(p entry) {
			if p.isTimer() {
				return
			}
			s := sh.slab.at(p.ref)
			var list []L
			if s.n != 0 {
				list = sh.lists.at(s.list, int(s.n))
			}
			visit(p.header(), &s.m, list)
		}
		sh.queue.each(show)
		sh.eachHeld(show)
	}
}

// Stats sums the counters of all shards. Call it at a barrier.
func (e *Engine[M, L]) Stats() Stats {
	s := Stats{Windows: e.windows, Injected: e.injected}
	for _, sh := range e.shards {
		s.Sent += sh.stats.Sent
		s.Timers += sh.stats.Timers
		s.Delivered += sh.stats.Delivered
	}
	s.Events = s.Delivered + s.Timers
	return s
}
