package scenarios

import (
	"fmt"
	"slices"
	"time"

	"chordsim/chord"
	"chordsim/sim"
)

// timeline carries out the steps of one run. It is actor 0: what it does at
// an instant it does at a barrier, after every event before that instant and
// before every node's event at it.
type timeline struct {
	w      *world
	plan   *plan
	spec   *Spec
	seed   uint64
	agenda agenda
	step   int // the index of the step being carried out, or of the one whose promise is kept

	gone    departed
	faults  faults
	unbegun int64 // puts, gets and deletes asked for where no member, or no key, was there
	spared  int64 // departures asked for beyond those who were there and whom the guard let go
	unmet   int64 // hosts meant by a choice beyond those who were there, or, to be restarted, gone
	churns  []*churning

	sampler  *sampler
	watch    *watcher
	measured []measured // in the order of finishing
	marks    []Mark
	placing  time.Duration // wall time spent on building rings: set-up
	watching time.Duration // wall time spent on being watched
}

// measured is what a step found, to be put in the timeline's order at the end.
type measured struct {
	step       int
	lookups    *lookupWatch
	load       *Load
	ring       *Ring
	await      *Await
	traffic    *Traffic
	operations *dataWatch
	data       *Data
}

// errStopped says that the run was interrupted.
var errStopped = fmt.Errorf("interrupted")

// Purposes of a step's streams.
const (
	drawVictims uint64 = iota
	drawThrough
	drawArrivals
	drawKeys
	drawInitiators
	drawLifetimes
	drawDowntimes
	drawSizes
	drawMix
	drawBridge
)

// rand returns the draws of the present step for a purpose.
func (t *timeline) rand(purpose uint64) *sim.Rand {
	return sim.NewRand(t.stream(purpose))
}

// stream is a stream of the present step, for draws by a number of their own.
func (t *timeline) stream(purpose uint64) sim.Stream {
	n := uint64(t.step)
	if d, ok := t.spec.Timeline[t.step].Action.(interface{ stream(place int) uint64 }); ok {
		n = d.stream(t.step)
	}
	return sim.NewStream(t.seed, 0, streamStep+n<<8|purpose<<56)
}

func (t *timeline) now() sim.Time { return t.w.engine.Now() }

// advance lets virtual time pass up to and including what the agenda holds
// for the given instant.
func (t *timeline) advance(until sim.Time) error {
	for {
		at, ok := t.agenda.next()
		if !ok || at > until {
			break
		}
		if !t.w.run(at) {
			return errStopped
		}
		promise, step := t.agenda.pop(), t.step
		t.step = promise.step
		promise.do()
		t.step = step
	}
	if !t.w.run(until) {
		return errStopped
	}
	return nil
}

// poll is how often a step that waits for its own end looks whether it has
// come.
const poll = sim.Time(100 * Millisecond)

// advanceUntil lets time pass until done holds, looking every interval.
func (t *timeline) advanceUntil(interval sim.Time, done func() bool) error {
	for !done() {
		if err := t.advance(t.now() + interval); err != nil {
			return err
		}
	}
	return nil
}

// untilAnswered lets time pass until the lookups or operations of a step have
// come to their ends. Each has a deadline and takes longest at most, so that
// they all do; one that does not is a defect, and no reason to go on for ever. Only
// where nodes are paused, or clocks slow, deadlines come late: then the step waits
// no longer than twice the time.
func (t *timeline) untilAnswered(longest sim.Time, done func() bool) error {
	last := t.now() + 2*longest + poll
	return t.advanceUntil(poll, func() bool {
		if t.now() > last {
			if t.w.faults != nil {
				return true // who is paused or slow, or whose clock is, may be at it for any time
			}
			panic("scenarios: a lookup, put, get or delete without an end")
		}
		return done()
	})
}

// run carries out all steps.
func (t *timeline) run() error {
	t.sampler.begin(t)
	t.watch.begin(t)
	for i := range t.spec.Timeline {
		s := &t.spec.Timeline[i]
		t.step = s.Index
		if at := s.Action.Common().At; at != nil && sim.Time(*at) > t.now() {
			if err := t.advance(sim.Time(*at)); err != nil {
				return err
			}
		}
		if err := t.do(s); err != nil {
			return err
		}
	}
	t.sampler.end(t)
	if t.w.engine.Stopped() {
		return errStopped // and what was measured last may have been cut short
	}
	t.watch.end(t)
	return nil
}

// do begins a step and, unless it is in the background, waits for its end.
func (t *timeline) do(s *Step) error {
	var wait func() error
	switch a := s.Action.(type) {
	case *StartStep:
		clocked(&t.placing, func() { t.start(a) })
	case *JoinStep:
		wait = t.join(a)
	case *LeaveStep:
		wait = t.leave(a)
	case *FailStep:
		wait = t.fail(a)
	case *RestartStep:
		wait = t.restart(a)
	case *ChurnStep:
		var err error
		if wait, err = t.churn(a); err != nil {
			return err
		}
	case *LookupStep:
		wait = t.lookup(s.Name, a)
	case *PutStep:
		wait = t.put(s.Name, a)
	case *GetStep:
		wait = t.get(s.Name, a)
	case *DeleteStep:
		wait = t.delete(s.Name, a)
	case *WorkloadStep:
		var err error
		if wait, err = t.workload(s.Name, a); err != nil {
			return err
		}
	case *SeedServerStep:
		t.seedServer(a)
	case *StabilizationStep:
		t.stabilization(a)
	case *GroupStep:
		t.group(s.Name, a)
	case *HealStep:
		t.heal(a)
	case fault:
		wait = t.fault(s.Name, a)
	case *WaitStep:
		return t.advance(t.now() + sim.Time(a.For))
	case *PlayStep:
		t.play(a)
	case *AwaitStep:
		wait = t.await(s.Name, a)
	case *MeasureStep:
		wait = t.measure(s.Name, a)
	default:
		panic(fmt.Sprintf("scenarios: no way to carry out %T", a))
	}
	if wait == nil || InBackground(s.Action) {
		return nil
	}
	return wait()
}

// until returns a wait for an instant.
func (t *timeline) until(at sim.Time) func() error {
	return func() error {
		if at <= t.now() {
			return nil
		}
		return t.advance(at)
	}
}

// mark notes a step for charts over time.
func (t *timeline) mark(format string, args ...any) {
	t.marks = append(t.marks, Mark{Time: Seconds(int64(t.now())), Label: fmt.Sprintf(format, args...)})
}

// spread calls do(i) for i = 0..n−1 at equal intervals over a while, the
// first now; all of them now if the while is 0.
func (t *timeline) spread(n int, over Duration, do func(i int)) {
	at := func(i int) sim.Time { return sim.Time(mulDiv(uint64(over), uint64(i), uint64(n))) }
	t.sequence(n, at, do)
}

// sequence calls do(i) at now + after(i), which must not fall.
func (t *timeline) sequence(n int, after func(i int) sim.Time, do func(i int)) {
	begin, step := t.now(), t.step
	var from func(i int)
	from = func(i int) {
		for ; i < n; i++ {
			if at := begin + after(i); at > t.now() {
				t.agenda.at(at, step, func() { from(i) })
				return
			}
			do(i)
		}
	}
	from(0)
}

// members returns the live hosts in address order.
func (t *timeline) members() []uint32 {
	w := t.w
	hosts := make([]uint32, 0, w.members.count/w.virtual)
	for a := w.members.live.next(1); a >= 0; a = w.members.live.next(a + 1) {
		h := w.host(chord.Addr(a))
		if len(hosts) == 0 || hosts[len(hosts)-1] != h {
			hosts = append(hosts, h)
		}
	}
	return hosts
}

// staying returns the live hosts that have not been told to leave.
func (t *timeline) staying() []uint32 {
	return slices.DeleteFunc(t.members(), t.gone.has)
}

// run advances the world to a time; false: it was stopped before.
func (w *world) run(until sim.Time) bool { return w.engine.Run(until) }

// nodesOf returns the addresses of a host's nodes.
func (w *world) nodesOf(host uint32) []chord.Addr {
	addrs := make([]chord.Addr, w.virtual)
	for i := range addrs {
		addrs[i] = chord.Addr(int(host-1)*w.virtual + i + 1)
	}
	return addrs
}
