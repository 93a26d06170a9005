package scenarios

import (
	"fmt"
	"testing"

	"chordsim/chord"
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
