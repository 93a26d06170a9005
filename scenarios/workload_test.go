package scenarios

import (
	"fmt"
	"testing"

	"chordsim/chord"
	"chordsim/sim"
)

// lookupRing is a settled ring in which every lookup takes some round trips of
// 100 ms.
const lookupRing = "ring: {successors: 4, stabilize: 30s, detector: perfect, probe_owner: off%s}\nnetwork: {latency: 50ms}\n"

// A count of lookups starts at one instant, or at equal intervals; the step
// ends with the last answer, and not before.
func TestLookupsOfACount(t *testing.T) {
	for _, c := range []struct {
		step     string
		min, max Duration // of virtual time
	}{
		{"lookup: {count: 500, as: l}", 200 * Millisecond, 2 * Second},
		{"lookup: {count: 500, over: 50s, as: l}", 49*Second + 900*Millisecond, 52 * Second},
	} {
		tl := bed(t, fmt.Sprintf(lookupRing, "")+"timeline: [{start: {nodes: 200}}, {"+c.step+"}]\n", 1, RunOptions{})
		under, most := int64(0), int64(0)
		tl.w.everyBarrier(func(sim.Time) {
			under = tl.w.shards[0].lookups.Users()
			most = max(most, under)
		})
		play(t, tl)
		l := lookupsOf(t, tl, "l")
		if l.Count != 500 || l.Correct != 500 || l.Wrong+l.Failed+l.Abandoned != 0 {
			t.Errorf("%s: %+v", c.step, l)
		}
		if now := Duration(tl.now()); now < c.min || now > c.max || under != 0 {
			t.Errorf("%s ends after %v with %d lookups under way", c.step, now, under)
		}
		if atOnce := most > 400; atOnce != (c.max < 10*Second) {
			t.Errorf("%s: at most %d lookups are under way at once", c.step, most)
		}
		if l.Path.Mean < 1 || l.Path.Max < 3 || l.Timeouts.Max != 0 {
			t.Errorf("%s: path %+v, timeouts %+v", c.step, l.Path, l.Timeouts)
		}
		if l.Latency.Mean < 0.1 || l.Latency.Mean > 1 || l.Stretch.Mean < 0.5 || l.Latency.N != 500 {
			t.Errorf("%s: latency %+v, stretch %+v", c.step, l.Latency, l.Stretch)
		}
	}
}

// A rate makes a Poisson process: about as many lookups as it says, each seed
// its own number and always the same.
func TestLookupsOfARate(t *testing.T) {
	count := func(seed uint64) int64 {
		tl := played(t, fmt.Sprintf(lookupRing, "")+"timeline: [{start: {nodes: 50}}, {lookup: {rate: 20/s, for: 50s, as: l}}]\n", seed)
		if tl.now() < sim.Time(50*Second) {
			t.Errorf("it ends after %v", tl.now())
		}
		return lookupsOf(t, tl, "l").Correct
	}
	seen := map[int64]bool{}
	for seed := uint64(1); seed <= 6; seed++ {
		n := count(seed)
		if n < 1000-160 || n > 1000+160 { // five standard deviations of √1000
			t.Errorf("seed %d: %d lookups, want about 1000", seed, n)
		}
		if again := count(seed); again != n {
			t.Errorf("seed %d: %d lookups, another time %d", seed, n, again)
		}
		seen[n] = true
	}
	if len(seen) < 4 {
		t.Errorf("six seeds give only %d different numbers", len(seen))
	}
}

// By its own timer every member looks up a key each period, from a phase of its
// own: with periods of 10 s exactly six a minute.
func TestLookupsPerNode(t *testing.T) {
	tl := bed(t, fmt.Sprintf(lookupRing, "")+`timeline:
  - start: {nodes: 40}
  - lookup: {per_node: {every: 10s, jitter: 0}, for: 60s, as: l}
`, 1, RunOptions{})
	begun := map[chord.Addr]int{}
	seconds := map[sim.Time]bool{}
	active := int64(0)
	tl.w.stepped = func(n *chord.Node) {
		if now := tl.w.shards[0].lookups.Users(); now > active {
			begun[n.Addr]++
			seconds[tl.w.engine.Shard(1).Now()/sim.Time(Second)%10] = true
		}
		active = tl.w.shards[0].lookups.Users()
	}
	play(t, tl)
	if l := lookupsOf(t, tl, "l"); l.Count != 240 || l.Correct != 240 {
		t.Errorf("%+v", l)
	}
	for a := chord.Addr(1); a <= 40; a++ {
		if begun[a] > 6 || begun[a] < 3 { // those that the node answers itself are begun and ended in one step
			t.Errorf("node %d began %d lookups", a, begun[a])
		}
	}
	if len(seconds) < 8 {
		t.Errorf("the lookups begin in only %d of ten seconds", len(seconds))
	}
}

// Who joins while the lookups go on takes its share; who goes away stops, and
// begins again with one timer when it is back.
func TestWhoComesTakesUpTheWork(t *testing.T) {
	tl := bed(t, fmt.Sprintf(lookupRing, "")+`timeline:
  - start: {nodes: 20}
  - lookup: {per_node: {every: 1s, jitter: 0}, for: 100s, background: on, as: l}
  - wait: {at: 20s}
  - join: {nodes: 20}
  - wait: {at: 40s}
  - fail: {count: 20}
  - wait: {at: 60s}
  - restart: all
  - wait: {at: 102s}
`, 1, RunOptions{})
	play(t, tl)
	l := lookupsOf(t, tl, "l")
	// 20 for 20 s, 40 for 20 s, 20 for 20 s, 40 for 40 s, less the seconds that
	// joins take: 3200 in all.
	if sum := l.Count; sum < 3200-100 || sum > 3200+40 {
		t.Errorf("%d lookups, want about 3200: %+v", sum, l)
	}
	if l.Failed > 0 {
		t.Errorf("%+v", l)
	}
}

// Lookups whose initiators crash or leave are abandoned: counted as such and
// nothing else, and nobody waits for them, however they were begun.
func TestLookupsOfTheDepartedAreAbandoned(t *testing.T) {
	for _, how := range []string{"fail: {count: 20}", "leave: {count: 20}"} {
		for _, lookup := range []string{"iterative", "recursive"} {
			for _, step := range []string{
				"lookup: {count: 1000, background: on, as: l}",
				"lookup: {rate: 1000/s, for: 1s, background: on, as: l}",
				"lookup: {per_node: {every: 10ms, jitter: 0}, for: 1s, background: on, as: l}",
			} {
				text := fmt.Sprintf(lookupRing, ", lookup: "+lookup) + "timeline: [{start: {nodes: 40}}, {" + step + "}, {wait: 70ms}, {" + how + "}, {wait: 30s}]\n"
				tl := played(t, text, 1)
				l := lookupsOf(t, tl, "l")
				began := int64(1000)
				if len(tl.w.work) > 0 {
					began = tl.w.startedBy(tl.w.work[0])
				} else if tl.w.judge.lookups[0].started != tl.w.judge.lookups[0].ended {
					t.Errorf("%s, %s: %d lookups were started and %d ended", step, how, tl.w.judge.lookups[0].started, tl.w.judge.lookups[0].ended)
				} else {
					began = tl.w.judge.lookups[0].started
				}
				if sum := l.Correct + l.Wrong + l.Failed + l.Abandoned; sum != began || sum != l.Count {
					t.Errorf("%s, %s: %d lookups began, %d ended: %+v", step, how, began, sum, l)
				}
				if l.Abandoned < 5 || l.Timeouts.N != l.Correct+l.Wrong+l.Failed {
					t.Errorf("%s, %s, %s: %+v", lookup, step, how, l)
				}
				for _, s := range tl.w.shards {
					if s.lookups.Users() != 0 {
						t.Errorf("%s, %s: %d lookups never ended", step, how, s.lookups.Users())
					}
				}
			}
		}
	}
}

// Those that begin at the instant at which their initiators crash, too.
func TestLookupsThatNeverBegin(t *testing.T) {
	tl := played(t, fmt.Sprintf(lookupRing, "")+
		"timeline: [{start: {nodes: 40}}, {wait: 1s}, {lookup: {count: 1000, background: on, as: l}}, {fail: {count: 20}}, {wait: 30s}]\n", 1)
	l := lookupsOf(t, tl, "l")
	if l.Abandoned < 400 || l.Abandoned > 600 || l.Count != 1000 {
		t.Errorf("half of the members crash before they begin: %+v", l)
	}
}

// In an empty ring nobody looks up anything, and the step ends.
func TestLookupsInAnEmptyRing(t *testing.T) {
	for _, step := range []string{"count: 10", "rate: 10/s, for: 5s", "per_node: 1s, for: 5s"} {
		tl := played(t, fmt.Sprintf(lookupRing, "")+"timeline: [{start: {nodes: 3}}, {fail: {count: 3}}, {lookup: {"+step+", as: l}}]\n", 1)
		if l := lookupsOf(t, tl, "l"); l.Count != 0 || l.FailedShare.Defined() {
			t.Errorf("%s: %+v", step, l)
		}
	}
}
