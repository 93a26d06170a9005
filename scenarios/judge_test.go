package scenarios

import (
	"fmt"
	"testing"

	"chordsim/chord"
	"chordsim/sim"
)

// courtroom is a world of a few nodes that do nothing, for a judge to be
// handed what they might have written down.
func courtroom(t *testing.T, shards int) *world {
	t.Helper()
	return bed(t, "ring: {bits: 8, successors: 2, "+quiet+"}\nnetwork: {latency: 50ms}\ntimeline: [{start: {nodes: 20}}]\n", 1, RunOptions{Shards: shards}).w
}

// write puts an entry into the log of a shard.
func (s *shard) write(at sim.Time, kind logKind, addr chord.Addr, what uint32) {
	s.note(sim.Header{At: at, From: sim.Addr(addr), To: sim.Addr(addr), Seq: uint32(len(s.log))}, kind, what)
}

// answer writes down that a node was told the owner of a key.
func (s *shard) answer(at sim.Time, addr chord.Addr, tag uint32, key uint64, owner chord.Peer) {
	s.write(at, logFinished, addr, uint32(len(s.finished)))
	s.finished = append(s.finished, chord.Finished{Tag: tag, Key: key, Owner: owner, Named: int64(at), Path: 1})
}

// An answer is judged at the instant it arrives, by who is a member then: a
// joiner is one from the moment it has its list, who leaves none from the moment
// it has gone. What one shard has written after another counts in the order in
// which it happened.
func TestAnswersAreJudgedAtTheirInstant(t *testing.T) {
	w := courtroom(t, 4)
	w.settle(collide(w, 50, 100, 200))
	joiner := collide(w, 150)[0]
	peer := func(a chord.Addr) chord.Peer { return w.nodes[a].Self() }
	if len(w.shards) != 3 {
		t.Fatalf("%d shards, want 3 of 8 addresses each", len(w.shards))
	}
	for _, c := range []struct {
		at    sim.Time
		key   uint64
		owner chord.Peer
		want  Outcome
	}{
		{10, 140, peer(3), Correct}, // nobody is nearer yet
		{20, 140, peer(joiner), Wrong},
		{30, 140, peer(joiner), Correct}, // 25: the joiner has its list
		{30, 140, peer(3), Wrong},
		{30, 180, peer(3), Correct},
		{30, 40, peer(1), Correct},
		{30, 201, peer(1), Correct}, // around the circle
		{30, 50, peer(1), Correct},  // its own identifier
		{30, 51, peer(1), Wrong},
		{40, 180, peer(3), Wrong}, // 35: it has left
		{40, 180, peer(1), Correct},
		{40, 140, chord.Peer{}, Failed},
		{40, 100, chord.Peer{ID: 100, Addr: 17}, Wrong}, // the right place, another node
	} {
		w := courtroom(t, 4)
		w.settle(collide(w, 50, 100, 200))
		collide(w, 150)
		tag, watch := w.judge.watch("l")
		// The later entries stand in the earlier shards.
		w.shards[2].answer(c.at, 1, tag, c.key, c.owner)
		w.shards[1].write(25, logMember, joiner, 0)
		w.shards[0].write(35, logLeft, 3, 0)
		w.judge.window(50)
		var got [numOutcomes]int64
		got[c.want] = 1
		if watch.tally.outcomes != got {
			t.Errorf("at %d, key %d: node %d is judged %v (correct, wrong, failed, abandoned)", c.at, c.key, c.owner.Addr, watch.tally.outcomes)
		}
		if watch.ended != 1 || w.members.count != 3 || !w.members.has(joiner) || w.members.has(3) {
			t.Errorf("%d ended, %d members", watch.ended, w.members.count)
		}
	}
}

// What an answer is counted with: path and timeouts as they were, and whether the
// initiator or its own successor knew it.
func TestAnswersAreCounted(t *testing.T) {
	w := courtroom(t, 1)
	w.settle(collide(w, 50, 100, 200))
	tag, watch := w.judge.watch("l")
	s := w.shards[0]
	for i, f := range []chord.Finished{
		{Path: 0, Local: true}, {Path: 1, Local: true, Timeouts: 2}, {Path: 1}, {Path: 4, Timeouts: 1},
	} {
		f.Tag, f.Key, f.Owner, f.Start, f.Named = tag, 60, w.nodes[2].Self(), 100, int64(200+i)
		s.write(sim.Time(1000+i), logFinished, 1, uint32(len(s.finished)))
		s.finished = append(s.finished, f)
	}
	w.judge.window(2000)
	l := NewLookup("l", &watch.tally)
	if l.Correct != 4 || l.Path.N != 4 || l.Path.Mean != 1.5 || l.PathNonlocal.N != 2 || l.PathNonlocal.Mean != 2.5 {
		t.Errorf("path %+v, of those not local %+v", l.Path, l.PathNonlocal)
	}
	if l.Timeouts.Mean != 0.75 || l.Latency.Max != 103e-9 || watch.ended != 4 || len(s.finished) != 0 || len(s.log) != 0 {
		t.Errorf("%d ended, timeouts %+v, latency %+v", watch.ended, l.Timeouts, l.Latency)
	}
}

// At every barrier the truth is what the nodes themselves are: who has its list
// is a member, who has crashed or left is none, whatever comes and goes.
func TestTheTruthIsWhatTheNodesAre(t *testing.T) {
	for _, shards := range []int{1, 4} {
		tl := bed(t, `ring: {successors: 4, stabilize: 1s, fix_fingers: 1s}
network: {latency: {model: uniform, min: 5ms, max: 200ms}}
timeline:
  - join: {nodes: 30, over: 20s}
  - churn: {for: 1m, joins: 2/s, departures: 1/s, background: on}
  - churn: {for: 1m, departures: 1/s, depart: leave, background: on}
  - churn: {for: 1m, lifetime: {distribution: exponential, mean: 10s}, downtime: {distribution: exponential, mean: 1s}, depart: leave}
  - fail: {fraction: 50%}
  - restart: all
  - wait: 1m
`, 1, RunOptions{Shards: shards})
		w := tl.w
		wrong, barriers := 0, 0
		w.everyBarrier(func(sim.Time) {
			barriers++
			count := 0
			for a := 1; a <= w.used; a++ {
				if w.nodes[a].InRing() {
					count++
				}
				if w.nodes[a].InRing() != w.members.has(chord.Addr(a)) {
					wrong++
				}
			}
			if count != w.members.count {
				wrong++
			}
		})
		play(t, tl)
		if wrong > 0 || barriers < 1000 {
			t.Errorf("%d shards: %d differences at %d barriers", len(w.shards), wrong, barriers)
		}
	}
}

// A live node that is counted as dead is a false suspicion, a dead one is not;
// a perfect detector has none.
func TestFalseSuspicions(t *testing.T) {
	for _, c := range []struct {
		detector string
		false_   bool
	}{
		{"rpc_timeout: 120ms, rpc_tries: 1", true}, // round trips are of 100 ms on the average
		{"rpc_timeout: 30s", false},
		{"detector: perfect", false},
	} {
		tl := bed(t, `ring: {successors: 8, stabilize: 5s, lookup_deadline: 1m, `+c.detector+`}
network: {latency: {model: uniform, min: 20ms, max: 80ms}}
timeline:
  - start: {nodes: 60}
  - wait: 1m
  - fail: {count: 20}
  - wait: 2m
`, 1, RunOptions{})
		w := tl.w
		live, dead := int64(0), 0
		w.stepped = func(*chord.Node) {
			for _, a := range w.shards[0].out.Suspects {
				if w.members.has(a) {
					live++
				} else {
					dead++
				}
			}
		}
		play(t, tl)
		if got := w.judge.falseSuspicions; got != live || (got > 0) != c.false_ || w.ring("").FalseSuspicions != got {
			t.Errorf("%s: %d false suspicions are counted, %d were seen", c.detector, got, live)
		}
		if dead < 20 {
			t.Errorf("%s: only %d suspicions of the dead", c.detector, dead)
		}
	}
}

// The latency of a lookup ends with the answer that names the owner: whether
// the owner is then asked, too, does not change it.
func TestLatencyEndsWithTheNameOfTheOwner(t *testing.T) {
	var latency [2]Distribution
	for i, probe := range []string{"on", "off"} {
		tl := played(t, "ring: {successors: 4, "+quiet+", probe_owner: "+probe+"}\nnetwork: {latency: 50ms}\ntimeline: [{start: {nodes: 100}}, {lookup: {count: 400, as: l}}]\n", 1)
		l := lookupsOf(t, tl, "l")
		latency[i] = l.Latency
		// Each visit on the way is a round trip.
		if l.Correct != 400 || 10*l.Latency.Max != l.Path.Max || 10*l.Latency.P50 != l.Path.P50 {
			t.Errorf("probe_owner %s: latency %+v, path %+v", probe, l.Latency, l.Path)
		}
	}
	if latency[0] != latency[1] {
		t.Errorf("asking the owner makes the latency %+v of %+v", latency[0], latency[1])
	}
}

// Stretch is a latency in millionths of the mean round trip; within one host
// there is none.
func TestStretch(t *testing.T) {
	w := bed(t, "ring: {virtual_nodes: 2}\nnetwork: {latency: 50ms}\ntimeline: [{start: {nodes: 5}}]\n", 1, RunOptions{}).w
	for _, c := range []struct {
		from, owner chord.Addr
		latency     Duration
		want        int64
	}{
		{1, 3, 100 * Millisecond, 1_000_000},
		{1, 3, 250 * Millisecond, 2_500_000},
		{1, 3, 0, 0},
		{4, 1, 1, 0},
		{4, 1, 1000, 10},
		{1, 2, 100 * Millisecond, -1},
		{3, 3, 100 * Millisecond, -1},
		{1, 3, 365 * 24 * Hour, 315_360_000_000_000},
	} {
		if got := w.judge.stretch(c.from, c.owner, int64(c.latency)); got != c.want {
			t.Errorf("from %d to %d in %v the stretch is %d, want %d", c.from, c.owner, c.latency, got, c.want)
		}
	}
}

// Who asks for a member to join through is given one at random, from a stream
// of its own; an empty ring gives nobody, and the asker asks again.
func TestBootstrap(t *testing.T) {
	named := map[string]bool{}
	for seed := uint64(1); seed <= 8; seed++ {
		w := bed(t, "ring: {bits: 8, successors: 2, "+quiet+"}\nnetwork: {latency: 50ms}\ntimeline: [{start: {nodes: 20}}]\n", seed, RunOptions{}).w
		addrs := collide(w, 10, 20, 30, 40, 50, 60, 70, 80)
		w.settle(addrs[:7])
		w.nodes[addrs[7]].Status = chord.Joining
		var asked []sim.Time
		w.stepped = func(n *chord.Node) {
			if n.Addr == addrs[7] {
				asked = append(asked, w.engine.Shard(1).Now())
				for _, s := range w.shards[0].out.Sends {
					named[fmt.Sprint(s.To)] = true
				}
			}
		}
		w.shards[0].write(sim.Time(Second), logBootstrap, addrs[7], 0)
		w.judge.window(sim.Time(Second))
		if !w.run(sim.Time(Second + 101*Millisecond)) {
			t.Fatal("stopped")
		}
		if len(asked) != 1 || asked[0] != sim.Time(Second+100*Millisecond) {
			t.Errorf("the asker is told at %v, want after two latencies", asked)
		}
	}
	if len(named) < 4 {
		t.Errorf("eight seeds name only %d members", len(named))
	}
}
