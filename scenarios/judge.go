package scenarios

import (
	"cmp"
	"slices"

	"chordsim/chord"
	"chordsim/dht"
	"chordsim/sim"
)

// logEntry is something that touches the truth: it changes it, is judged by
// it, or asks for it. Shards never read the truth; they write it down, and
// after each window one goroutine goes through all that was written, in the
// total order of the events that caused it.
type logEntry struct {
	at   sim.Time
	from sim.Addr // the event's key, with at
	seq  uint32
	kind logKind
	addr chord.Addr // the node it happened to
	what uint32     // by kind: a suspect's address, an index into finished
	of   *shard
}

type logKind uint8

const (
	logMember    logKind = iota // became a member
	logLeft                     // left, or gave up its place
	logBootstrap                // asks for a member to join through
	logSuspect                  // counts what as dead
	logFinished                 // a lookup has ended
	logAbandoned                // a lookup never began: its initiator is dead
	logDone                     // a put, get or delete has ended
	logForsaken                 // one never began
	logRefused                  // the seed server refused a joiner: its identifier is taken
	logGivenUp                  // a joiner has given up the seed server
	logReported                 // the seed server was told that what is dead
)

func (s *shard) note(h sim.Header, kind logKind, what uint32) {
	s.log = append(s.log, logEntry{h.At, h.From, h.Seq, kind, chord.Addr(h.To), what, s})
}

// judge keeps the truth and judges by it.
type judge struct {
	world *world
	log   []logEntry
	left  []chord.Addr // in the present window

	lookups         []*lookupWatch // by tag
	falseSuspicions int64
	refused         int64        // joins with an identifier that was taken
	falseReports    int64        // of members, to the seed server
	givenUp         []chord.Addr // joiners that found no seed server, until the timeline has taken note
	nodeTime        wideSum      // members × nanoseconds, up to counted
	counted         sim.Time
}

// lookupWatch follows the lookups of one step.
type lookupWatch struct {
	name    string
	tally   LookupTally
	started int64
	ended   int64
}

func (l *lookupWatch) abandon() {
	l.ended++
	l.tally.Add(Abandoned, 0, 0, false, 0, -1)
}

// watch gives a step's lookups a tag.
func (j *judge) watch(name string) (uint32, *lookupWatch) {
	l := &lookupWatch{name: name}
	j.lookups = append(j.lookups, l)
	return uint32(len(j.lookups) - 1), l
}

// window is called at every barrier.
func (j *judge) window(sim.Time) {
	j.world.trace.flush(j.world.shards)
	j.log = j.log[:0]
	for _, s := range j.world.shards {
		j.log = append(j.log, s.log...)
		s.log = s.log[:0]
	}
	if len(j.log) == 0 {
		return
	}
	// Even one shard's log is sorted: what a node sets for its own instant may
	// have a lower key than the event that made it set it.
	slices.SortStableFunc(j.log, func(a, b logEntry) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.from, b.from), cmp.Compare(a.seq, b.seq))
	})
	for i := range j.log {
		j.settle(&j.log[i])
	}
	for _, s := range j.world.shards {
		s.finished, s.done = s.finished[:0], s.done[:0]
	}
	if len(j.left) > 0 {
		j.abandon(j.left)
		j.left = j.left[:0]
	}
}

func (j *judge) settle(e *logEntry) {
	w := j.world
	switch e.kind {
	case logMember:
		j.elapse(e.at)
		w.joiners.clear(int(e.addr))
		if !w.members.has(e.addr) && !w.members.insert(w.nodes[e.addr].Self()) {
			// Two with one identifier joined at the same time.
			j.refused++
			w.nodes[e.addr].Crash()
			w.clearData(e.addr)
			j.left = append(j.left, e.addr)
		}
	case logLeft:
		j.elapse(e.at)
		w.joiners.clear(int(e.addr))
		w.members.remove(w.nodes[e.addr].Self())
		j.left = append(j.left, e.addr)
	case logBootstrap:
		m := chord.Message{Kind: chord.CmdBootstrap}
		if n := w.members.count; n > 0 {
			draw := sim.NewStream(w.seed, uint64(e.addr), streamBootstrap).At(uint64(e.seq))
			a := w.members.pick(int(sim.Uniform(draw, uint64(n))))
			p := w.nodes[a].Self()
			m.AID, m.A = p.ID, p.Addr
		}
		w.inject(e.at+w.net.bootstrap, e.addr, &m)
	case logSuspect:
		if w.members.has(chord.Addr(e.what)) {
			j.falseSuspicions++
		}
	case logAbandoned:
		j.lookups[e.what].abandon()
	case logDone:
		d := &e.of.done[e.what]
		w.data.history.done(e.at, *d)
	case logForsaken:
		w.data.history.abandon(e.what)
	case logRefused, logGivenUp, logReported:
		j.seeds(e)
	case logFinished:
		j.lookup(e, &e.of.finished[e.what])
	}
}

// lookup judges an answer at the instant its initiator received it.
func (j *judge) lookup(e *logEntry, f *chord.Finished) {
	l := j.lookups[f.Tag]
	l.ended++
	if f.Owner.None() {
		l.tally.Add(Failed, f.Path, f.Timeouts, false, 0, -1)
		return
	}
	outcome := Wrong
	if j.world.members.owner(f.Key).Addr == f.Owner.Addr {
		outcome = Correct
	}
	latency := f.Named - f.Start
	l.tally.Add(outcome, f.Path, f.Timeouts, !f.Local, latency, j.stretch(e.addr, f.Owner.Addr, latency))
}

// stretch is a latency in millionths of the mean round trip between two
// nodes, −1 within one host.
func (j *judge) stretch(from, owner chord.Addr, latency int64) int64 {
	w := j.world
	a, b := w.host(from), w.host(owner)
	if a == b {
		return -1
	}
	rtt := int64(w.net.latency.MeanRTT(a, b))
	if rtt <= 0 {
		return -1
	}
	q, r := latency/rtt, latency%rtt
	return q*1_000_000 + r*1_000_000/rtt
}

// abandon gives up the lookups that nodes had under way when they crashed or
// left.
func (j *judge) abandon(addrs []chord.Addr) {
	w := j.world
	for _, a := range addrs {
		w.shards[w.engine.Shard(sim.Addr(a)).Index()].losing = true
	}
	var operations []uint32
	for _, s := range w.shards {
		if !s.losing {
			continue
		}
		s.losing = false
		gone := func(a chord.Addr) bool { return w.nodes[a].Status == chord.Absent }
		s.lookups.Abandon(gone, func(tag uint32, _ chord.Addr) {
			if w.data == nil || tag&dht.LookupTag == 0 {
				j.lookups[tag].abandon()
			}
		})
		if w.data != nil {
			s.stored.Abandon(gone, func(tag uint32) { operations = append(operations, tag) })
		}
	}
	// Their tags are given to others, in an order that must not depend on where
	// they lie.
	slices.Sort(operations)
	for _, tag := range operations {
		w.data.history.abandon(tag)
	}
}
