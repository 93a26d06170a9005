package scenarios

import (
	"fmt"
	"testing"

	"chordsim/chord"
	"chordsim/dht"
	"chordsim/sim"
)

// steadyWorld is bench/steady, warmed up: every slab, queue and scratch list has
// grown to what it needs.
func steadyWorld(tb testing.TB, nodes, shards int) *world {
	tb.Helper()
	data, ok := Open("bench/steady")
	if !ok {
		tb.Fatal("bench/steady is not in the library")
	}
	sc, err := Parse("steady.yaml", data, Overrides{Set: []string{fmt.Sprintf("nodes=%d", nodes)}})
	if err != nil {
		tb.Fatal(err)
	}
	plans, err := sc.plans()
	if err != nil {
		tb.Fatal(err)
	}
	w, err := plans[0].world(1, RunOptions{Shards: shards})
	if err != nil {
		tb.Fatal(err)
	}
	w.settle(w.place(nodes))
	w.run(5 * sim.Time(Minute))
	return w
}

// lookEvery lets every member look up a key each ten seconds.
func lookEvery(w *world) *lookupWatch {
	tag, watch := w.judge.watch("steady")
	w.addWork(tag, chord.Period{Every: 10 * int64(Second)}, sim.Forever)
	w.run(w.engine.Now() + 5*sim.Time(Minute))
	return watch
}

// In the steady state a world allocates nothing: neither maintenance nor
// lookups on their way. What lookups leave behind, their latencies, is kept in
// chunks, of which one in many lookups is new.
func TestSteadyStateDoesNotAllocate(t *testing.T) {
	for _, shards := range []int{1, 4} {
		w := steadyWorld(t, 400, shards)
		pass := func() { w.run(w.engine.Now() + 20*sim.Time(Second)) }
		if n := testing.AllocsPerRun(10, pass); n != 0 {
			t.Errorf("%d shards: maintenance allocates %v times in 20 s", shards, n)
		}
		watch := lookEvery(w)
		before := watch.ended
		n := testing.AllocsPerRun(10, pass)
		if lookups := float64(watch.ended-before) / 11; n > lookups/200 || lookups < 700 {
			t.Errorf("%d shards: %v allocations in 20 s, with %.0f lookups", shards, n, lookups)
		}
	}
}

// steadyData is a ring at rest that holds keys, three copies of each, and has read
// some of them.
func steadyData(tb testing.TB, shards int) (w *world, gets func()) {
	tb.Helper()
	tl := bed(tb, `ring: {successors: 8, stabilize: 10s, fix_fingers: 10s, check_predecessor: 10s}
data: {replicas: 3, repair: 10s}
network: {latency: {model: uniform, min: 20ms, max: 80ms}}
timeline:
  - start: {nodes: 100}
  - put: {count: 2000, over: 1m}
  - get: {rate: 20/s, for: 1m}
  - wait: 5m
`, 1, RunOptions{Shards: shards})
	play(tb, tl)
	w = tl.w
	index, _ := w.data.history.watch("steady", getOperation)
	return w, func() {
		for i := range uint32(100) {
			w.operate(index, getOperation, 100+i, 1+i, 0, chord.Addr(1+i))
		}
		w.run(w.engine.Now() + 20*sim.Time(Second))
	}
}

// So it is with stored keys: two repair periods, in which all copies are compared
// twice and more, allocate nothing. Of gets their latencies stay.
func TestSteadyStateOfStoredKeysDoesNotAllocate(t *testing.T) {
	for _, shards := range []int{1, 4} {
		w, gets := steadyData(t, shards)
		copies := 0
		for _, s := range w.shards {
			copies += s.stored.Len()
		}
		if copies != 6000 {
			t.Fatalf("%d copies of 2000 keys", copies)
		}
		syncs := func() (n int64) {
			for _, s := range w.shards {
				n += s.sent[dht.Sync].messages
			}
			return n
		}
		before := syncs()
		if n := testing.AllocsPerRun(10, func() { w.run(w.engine.Now() + 20*sim.Time(Second)) }); n != 0 {
			t.Errorf("%d shards: repair allocates %v times in 20 s", shards, n)
		}
		if asked := syncs() - before; asked < 11*4*200 {
			t.Errorf("%d shards: %d questions among holders in 220 s", shards, asked)
		}
		for range 5 {
			gets()
		}
		if n := testing.AllocsPerRun(10, gets); n > 1 {
			t.Errorf("%d shards: 100 gets allocate %v times", shards, n)
		}
		if got := w.data.history.watches[len(w.data.history.watches)-1].tallies[getOperation].found; got != 16*100 {
			t.Errorf("%d shards: %d of %d gets have found their key", shards, got, 16*100)
		}
	}
}

// A stored copy takes at most 64 bytes, with its place in the index, and the index
// and what was handed over do not make it more.
func TestMemoryOfStoredCopies(t *testing.T) {
	for _, shards := range []int{1, 4} {
		for _, puts := range []int{10_000, 20_000, 30_000} {
			tl := bed(t, fmt.Sprintf("ring: {successors: 4, %s}\ndata: {replicas: 3}\ntimeline: [{start: {nodes: 400}}, {put: {count: %d, over: 1m}}, {wait: 10s}]\n", quiet, puts),
				1, RunOptions{Shards: shards})
			play(t, tl)
			bytes, copies := int64(0), 0
			for _, s := range tl.w.shards {
				bytes += s.stored.Bytes()
				copies += s.stored.Len()
			}
			if copies != 3*puts {
				t.Errorf("%d copies of %d keys", copies, puts)
			}
			if each := float64(bytes) / float64(copies); each > 64 || each < 32 {
				t.Errorf("%d shards, %d keys: %.1f bytes a copy", shards, puts, each)
			}
		}
	}
}

func BenchmarkSteady(b *testing.B) {
	for _, nodes := range []int{1_000, 10_000, 100_000} {
		b.Run(fmt.Sprint(nodes), func(b *testing.B) {
			w := steadyWorld(b, nodes, shardsFor(int64(nodes), 50*sim.Time(Millisecond), 1))
			lookEvery(w)
			sent := w.messages()
			b.ReportAllocs()
			b.ResetTimer()
			for b.Loop() {
				w.run(w.engine.Now() + sim.Time(Second))
			}
			b.ReportMetric(float64(w.messages()-sent)/b.Elapsed().Seconds(), "msgs/s")
		})
	}
}
