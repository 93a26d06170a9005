package sim

import (
	"fmt"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// spins is how long a waiting worker looks before it sleeps: a few microseconds,
// longer than a short window takes and far shorter than a wake-up costs twice.
const spins = 4000

// crew runs a task on every shard with a number of goroutines, the caller's among
// them, and returns when all is done. A task is a shard taken from a counter: which
// worker takes which makes no difference to the results.
type crew struct {
	do      func(phase, shard int)
	tasks   int32
	helpers int

	phase int // what to do; written before epoch moves
	next  atomic.Int32
	epoch atomic.Uint32 // moves to start a phase
	busy  atomic.Int32  // helpers that have not finished it

	mu      sync.Mutex
	wake    *sync.Cond   // the epoch has moved
	asleep  atomic.Int32 // helpers that wait on wake
	idle    *sync.Cond   // no helper is busy
	waiting atomic.Bool  // the coordinator waits on idle
	done    sync.WaitGroup

	broken atomic.Pointer[brokenShard]
}

// brokenShard is a panic in a shard, on its way to the coordinator.
type brokenShard struct {
	cause any
	stack []byte
}

func (b *brokenShard) Error() string { return fmt.Sprintf("%v\n%s", b.cause, b.stack) }

const quit = -1

// newCrew starts the helpers; stop ends them.
func newCrew(workers, tasks int, do func(phase, shard int)) *crew {
	c := &crew{do: do, tasks: int32(tasks), helpers: workers - 1}
	c.wake, c.idle = sync.NewCond(&c.mu), sync.NewCond(&c.mu)
	for range c.helpers {
		c.done.Go(c.help)
	}
	return c
}

// run does a phase on every shard.
func (c *crew) run(phase int) {
	c.start(phase)
	c.work(phase)
	c.awaitIdle()
	if b := c.broken.Load(); b != nil {
		panic(b)
	}
}

func (c *crew) stop() {
	c.start(quit)
	c.done.Wait()
}

func (c *crew) start(phase int) {
	c.phase = phase
	c.next.Store(0)
	c.busy.Store(int32(c.helpers))
	c.epoch.Add(1)
	// A helper announces itself in asleep before it looks at the epoch for the last
	// time, so either it sees this one or it is seen here.
	if c.asleep.Load() != 0 {
		c.mu.Lock()
		c.wake.Broadcast()
		c.mu.Unlock()
	}
}

func (c *crew) help() {
	for seen := uint32(0); ; seen++ {
		c.await(seen)
		if c.phase == quit {
			return
		}
		c.work(c.phase)
		// The same agreement as in start, the other way around.
		if c.busy.Add(-1) == 0 && c.waiting.Load() {
			c.mu.Lock()
			c.idle.Signal()
			c.mu.Unlock()
		}
	}
}

// awaitIdle returns when no helper is busy any more.
func (c *crew) awaitIdle() {
	for range spins {
		if c.busy.Load() == 0 {
			return
		}
	}
	c.mu.Lock()
	// A store could be overtaken by the load below under qemu-user on amd64; a
	// read-modify-write is a full barrier there too.
	c.waiting.Swap(true)
	for c.busy.Load() != 0 {
		c.idle.Wait()
	}
	c.waiting.Store(false)
	c.mu.Unlock()
}

// await returns when the epoch is not `seen` any more.
func (c *crew) await(seen uint32) {
	for range spins {
		if c.epoch.Load() != seen {
			return
		}
	}
	c.mu.Lock()
	c.asleep.Add(1)
	for c.epoch.Load() == seen {
		c.wake.Wait()
	}
	c.asleep.Add(-1)
	c.mu.Unlock()
}

func (c *crew) work(phase int) {
	defer func() {
		if cause := recover(); cause != nil {
			c.broken.CompareAndSwap(nil, &brokenShard{cause, debug.Stack()})
		}
	}()
	for {
		i := c.next.Add(1) - 1
		if i >= c.tasks {
			return
		}
		c.do(phase, int(i))
	}
}
