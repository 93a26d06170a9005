package scenarios

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"chordsim/chord"
	"chordsim/dht"
	"chordsim/sim"
)

func newTimeline(p *plan, w *world, seed uint64) *timeline {
	return &timeline{
		w: w, plan: p, spec: p.spec, seed: seed,
		sampler: newSampler(p.spec.Output.Sample, p.nodes, w.kinds),
	}
}

// result is what the run found, in the order of the timeline.
func (t *timeline) result() RunResult {
	w := t.w
	slices.SortStableFunc(t.measured, func(a, b measured) int { return cmp.Compare(a.step, b.step) })
	stats := w.engine.Stats()
	r := RunResult{
		Seed: t.seed, Ring: w.ring(""), Counted: w.counted(), Marks: t.marks, Series: t.sampler.series(),
		Run: RunSummary{
			Digest: fmt.Sprintf("%016x", w.engine.Digest()), Events: int64(stats.Events),
			Messages: w.messages(), Virtual: Seconds(int64(t.now())),
		},
	}
	if p := w.played; p != nil { // the engine had nothing to do
		r.Run.Digest, r.Run.Events = fmt.Sprintf("%016x", p.Digest), p.Handed
	}
	if t.spared > 0 {
		r.Counted = append(r.Counted, Counted{"departures spared, nobody could go", t.spared})
	}
	if t.unmet > 0 {
		r.Counted = append(r.Counted, Counted{"members meant by a step, not there", t.unmet})
	}
	if t.unbegun > 0 {
		r.Counted = append(r.Counted, Counted{"puts, gets and deletes not begun, no member or key was left", t.unbegun})
	}
	for _, m := range t.measured {
		switch {
		case m.lookups != nil:
			r.Lookups = append(r.Lookups, NewLookup(m.lookups.name, &m.lookups.tally))
		case m.load != nil:
			r.Loads = append(r.Loads, *m.load)
		case m.ring != nil:
			r.Rings = append(r.Rings, *m.ring)
		case m.await != nil:
			r.Awaits = append(r.Awaits, *m.await)
		case m.traffic != nil:
			r.Traffic = append(r.Traffic, *m.traffic)
		case m.operations != nil:
			for _, kind := range m.operations.kinds {
				r.Operations = append(r.Operations, NewOperation(m.operations.name, operationNames[kind], &m.operations.tallies[kind]))
			}
		case m.data != nil:
			r.Data = append(r.Data, *m.data)
		}
	}
	return r
}

// sum adds up something that every shard counts by itself.
func (w *world) sum(of func(*shard) int64) int64 {
	n := int64(0)
	for _, s := range w.shards {
		n += of(s)
	}
	return n
}

// counted returns what occurred on the way.
func (w *world) counted() []Counted {
	var sums [chord.NumCounters]uint64
	for _, s := range w.shards {
		for c, n := range s.out.Counters {
			sums[c] += n
		}
	}
	var out []Counted
	add := func(what string, n int64) {
		if n > 0 {
			out = append(out, Counted{what, n})
		}
	}
	add("messages lost", w.sum(func(s *shard) int64 { return s.lost }))
	w.countFaults(add)
	lookups, operations := w.heldCommands()
	add("lookups still under way at the end", w.sum(func(s *shard) int64 { return s.lookups.Users() })+lookups)
	add("puts, gets and deletes that wait at a paused or slow node at the end", operations)
	add("live nodes taken for dead", w.judge.falseSuspicions)
	add("joins refused, identifier taken", w.judge.refused)
	w.countSeeds(add)
	for c, n := range sums {
		add(chord.Counter(c).String(), int64(n))
	}
	var data [dht.NumCounters]uint64
	for _, s := range w.shards {
		for c, n := range s.dataOut.Counters {
			data[c] += n
		}
	}
	for c, n := range data {
		add(dht.Counter(c).String(), int64(n))
	}
	return out
}

// messages returns how many messages were sent over the network, lost ones
// included; the network's own reports are none.
func (w *world) messages() int64 {
	n := int64(0)
	for _, s := range w.shards {
		for k := range s.sent {
			n += s.sent[k].messages
		}
	}
	return n
}

// lasts is the least virtual time that the run takes, 0 if that says little:
// awaits end when they end.
func (t *timeline) lasts() sim.Time {
	total := Duration(0)
	for _, s := range t.spec.Timeline {
		if _, open := s.Action.(*AwaitStep); open {
			return 0
		}
		if at := s.Action.Common().At; at != nil {
			total = max(total, *at)
		}
		if !InBackground(s.Action) {
			total += s.Action.Lasts()
		}
	}
	return sim.Time(total)
}

// clocked adds the wall time that f takes to a sum of what is not running a ring:
// building one, or showing it to somebody.
func clocked(sum *time.Duration, f func()) {
	began := time.Now()
	f()
	*sum += time.Since(began)
}
