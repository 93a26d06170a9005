package scenarios

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"chordsim/chord"
	"chordsim/sim"
)

// A step begins when the one before it has ended, or at its time; what goes on
// in the background holds nobody up. The run ends with its last foreground
// step.
func TestStepsBeginAndEnd(t *testing.T) {
	for _, c := range []struct {
		steps string
		want  Duration // the end of the run
	}{
		{"wait: 10s", 10 * Second},
		{"wait: {at: 7s}", 7 * Second},
		{"wait: {for: 2s, at: 7s}", 9 * Second},
		{"fail: {count: 5, over: 10s}", 10 * Second},
		{"fail: {count: 5, over: 10s, background: on}\n- wait: 3s", 3 * Second},
		{"leave: {count: 5, over: 4s, at: 1s}", 5 * Second},
		{"join: {nodes: 10, over: 6s}", 6 * Second},
		{"join: {nodes: 10, over: 6s, background: on}\n- join: {nodes: 3, over: 1s}", Second},
		{"churn: {for: 8s, joins: 1/s}", 8 * Second},
		{"measure: {traffic: on, over: 5s, as: cost}", 5 * Second},
		{"measure: {traffic: on, over: 5s, as: cost, background: on}\n- wait: 9s", 9 * Second},
		{"measure: {ring: on, as: seen}\n- stabilization: off\n- fail: {count: 1}", 0},
		{"wait: 5s\n- fail: {count: 1, at: 9s}\n- wait: 1s", 10 * Second},
	} {
		tl := played(t, calm+"timeline:\n- start: {nodes: 20}\n- "+c.steps+"\n", 1)
		if got := Duration(tl.now()); got != c.want {
			t.Errorf("%s\nends after %v, want %v", c.steps, got, c.want)
		}
	}
}

// What falls on one instant is done in the order of steps, the samples first
// (but for the very beginning, where nothing is yet), and all of it before any
// event of a node.
func TestOrderAtOneInstant(t *testing.T) {
	tl := bed(t, "ring: {successors: 4, stabilize: {every: 1s, jitter: 0}}\nnetwork: {latency: 50ms}\n"+`timeline:
  - start: {nodes: 10}
  - fail: {count: 2, over: 4s, background: on}
  - join: {nodes: 4, over: 8s, background: on}
  - wait: {at: 2s}
  - measure: {ring: on, as: two}
  - leave: {count: 1, at: 20s}
  - measure: {ring: on, as: told}
  - wait: 10s
  - measure: {ring: on, as: over}
output: {sample: 2s}
`, 1, RunOptions{})
	play(t, tl)
	// At 2 s the second node fails and the second joiner begins; the first
	// joiner is a member since.
	for name, want := range map[string]int64{"two": 9, "told": 12, "over": 11} {
		if got := membersOf(t, tl, name); got != want {
			t.Errorf("%s: %d members, want %d", name, got, want)
		}
	}
	for i, at := range tl.sampler.times[:3] {
		if got, want := tl.sampler.rings[i].members, []int64{9, 10, 10}[i]; got != want {
			t.Errorf("the sample at %v sees %d members, want %d", at, got, want)
		}
	}
}

// Of two steps that go on side by side, the earlier one acts first at every
// instant, whoever promised first.
func TestStepsSideBySideKeepTheirOrder(t *testing.T) {
	tl := bed(t, calm+"timeline: [{start: {nodes: 1}}]\n", 1, RunOptions{})
	var order []byte
	tl.step = 1
	tl.sequence(3, func(i int) sim.Time { return sim.Time(i) * 2 }, func(int) { order = append(order, 'a') })
	tl.step = 2
	tl.sequence(2, func(i int) sim.Time { return sim.Time(i) * 4 }, func(int) { order = append(order, 'b') })
	if err := tl.advance(4); err != nil || string(order) != "abaab" {
		t.Errorf("they act in the order %s, want abaab: %v", order, err)
	}
}

// A run that is stopped says so even if nothing of it is left to do.
func TestAStoppedRunIsNotFinished(t *testing.T) {
	tl := bed(t, calm+"timeline: [{start: {nodes: 5}}, {measure: {load: {keys: 100}}}]\n", 1, RunOptions{})
	tl.w.engine.Stop()
	if err := tl.run(); err != errStopped {
		t.Errorf("got %v", err)
	}
}

// Joiners arrive at equal intervals, at random instants in order, or at once,
// through a random member or through one and the same.
func TestArrivals(t *testing.T) {
	arrivals := func(step string, seed uint64) (at []sim.Time, through map[chord.Addr]bool) {
		tl := bed(t, "ring: {successors: 4, stabilize: 30s}\nnetwork: {latency: 50ms}\ntimeline:\n- start: {nodes: 50}\n- join: {nodes: 20, "+step+"}\n- wait: 2m\n", seed, RunOptions{})
		through = map[chord.Addr]bool{}
		born := make([]bool, 71)
		tl.w.stepped = func(n *chord.Node) {
			if n.Addr > 50 && !born[n.Addr] {
				born[n.Addr] = true
				at = append(at, tl.w.shards[0].world.engine.Shard(1).Now())
				for i := range tl.w.shards[0].out.Sends {
					through[tl.w.shards[0].out.Sends[i].To] = true
				}
			}
		}
		play(t, tl)
		if tl.w.members.count != 70 {
			t.Errorf("%s: %d members", step, tl.w.members.count)
		}
		return at, through
	}
	even, random := arrivals("over: 40s", 1)
	for i, at := range even {
		if at != sim.Time(i)*sim.Time(2*Second) {
			t.Errorf("joiner %d arrives at %v", i, at)
		}
	}
	if len(even) != 20 || len(random) < 12 {
		t.Errorf("%d joiners come through %d members", len(even), len(random))
	}
	burst, fixed := arrivals("arrivals: burst, through: fixed", 1)
	if len(burst) != 20 || burst[19] != 0 || len(fixed) != 1 {
		t.Errorf("%d joiners come at %v through %d members", len(burst), burst, len(fixed))
	}
	poisson, _ := arrivals("over: 40s, arrivals: poisson", 1)
	other, _ := arrivals("over: 40s, arrivals: poisson", 2)
	again, _ := arrivals("over: 40s, arrivals: poisson", 1)
	if !slices.IsSorted(poisson) || len(poisson) != 20 || poisson[19] > sim.Time(40*Second) || slices.Equal(poisson, even) {
		t.Errorf("joiners come at %v", poisson)
	}
	if !slices.Equal(poisson, again) || slices.Equal(poisson, other) {
		t.Error("the instants are not a function of the seed")
	}
}

// A fixed door is drawn again when its member has gone.
func TestAFixedDoorIsReplaced(t *testing.T) {
	tl := bed(t, calm+"timeline: [{start: {nodes: 10}}]\n", 1, RunOptions{})
	tl.start(&StartStep{Nodes: 10, Settled: true})
	d := tl.door(Through{Fixed: true})
	first := d.next()
	for range 10 {
		if d.next() != first {
			t.Fatal("a fixed door moves")
		}
	}
	tl.dies([]uint32{tl.w.host(first)})
	if second := d.next(); second == first || second == 0 || d.next() != second {
		t.Errorf("the door is %d, then %d", first, second)
	}
}

// An await ends when the ring is as described, or when its time is up; it looks
// at its interval.
func TestAwait(t *testing.T) {
	const ring = "ring: {successors: 4, stabilize: {every: 4s, jitter: 0}, fix_fingers: 1s, check_predecessor: 2s, detector: perfect}\ntimeline:\n- start: {nodes: 40, settled: off}\n"
	for _, c := range []struct {
		steps string
		held  bool
		least Duration
		most  Duration
	}{
		{"await: {ring: ideal, within: 10s, as: it}", true, 0, 0},
		{"fail: {count: 8}\n- await: {ring: ring, within: 10s, as: it}", true, 0, 0},
		{"fail: {count: 8}\n- await: {ring: ideal, within: 2m, as: it}", true, Second, 20 * Second},
		{"fail: {count: 8}\n- await: {ring: ideal, within: 2m, check: 7s, as: it}", true, 7 * Second, 21 * Second},
		{"fail: {count: 8}\n- await: {right_lists: 50%, within: 2m, as: it}", true, 0, 0},
		{"fail: {count: 8}\n- await: {right_lists: 100%, within: 2m, as: it}", true, Second, 20 * Second},
		{"await: {right_fingers: 100%, within: 2m, as: it}", true, 2 * Second, 30 * Second},
		{"await: {right_fingers: 100%, right_lists: 100%, ring: ideal, within: 2m, as: it}", true, 2 * Second, 30 * Second},
		{"await: {right_fingers: 100%, within: 1500ms, required: off, as: it}", false, 0, Second},
		{"stabilization: off\n- fail: {count: 8}\n- await: {ring: ideal, within: 10s, check: 3s, as: it}", false, 0, 9 * Second},
		{"fail: {count: 40}\n- await: {ring: ring, within: 2s, as: it}", false, 0, 2 * Second},
	} {
		tl := played(t, ring+"- "+c.steps+"\n", 1)
		a := awaitOf(t, tl, "it")
		if a.Held != c.held || a.Required == strings.Contains(c.steps, "required: off") {
			t.Errorf("%s\nheld: %v", c.steps, a.Held)
		}
		if now := Duration(tl.now()); now < c.least || now > c.most {
			t.Errorf("%s\nends after %v, want %v to %v", c.steps, now, c.least, c.most)
		}
		if a.Held && a.Time != Seconds(int64(tl.now())) || !a.Held && a.Time.Defined() {
			t.Errorf("%s\nlasted %v s, the run %v", c.steps, a.Time, tl.now())
		}
		if strings.Contains(c.steps, "check: 7s") && Duration(tl.now())%(7*Second) != 0 {
			t.Errorf("it was looked at %v", tl.now())
		}
	}
}

// In the background an await looks beside what goes on, and says how long it
// took from its own beginning.
func TestAwaitInTheBackground(t *testing.T) {
	tl := played(t, `ring: {successors: 4, stabilize: 2s, detector: perfect}
timeline:
  - start: {nodes: 40}
  - wait: 10s
  - fail: {count: 8}
  - await: {ring: ideal, within: 1m, background: on, as: heals}
  - await: {ring: ideal, within: 500ms, background: on, required: off, as: hardly}
  - wait: 30s
`, 1)
	if a := awaitOf(t, tl, "heals"); !a.Held || a.Time < 1 || a.Time > 20 {
		t.Errorf("%+v", a)
	}
	if a := awaitOf(t, tl, "hardly"); a.Held || a.Time.Defined() {
		t.Errorf("%+v", a)
	}
}

// The marks of charts say what happened when.
func TestMarks(t *testing.T) {
	tl := played(t, calm+`timeline:
  - start: {nodes: 20}
  - fail: {fraction: 12.5%}
  - leave: {count: 2, at: 1s}
  - join: {nodes: 3, at: 2s}
  - fail: {arc: 10%, at: 3s}
  - restart: {count: 4, at: 4s}
  - stabilization: off
  - stabilization: {rounds: on, at: 5s}
  - fail: {probability: 0.5, at: 6s}
  - churn: {for: 1s, joins: 1/s, at: 7s}
`, 1)
	var got []string
	for _, m := range tl.result().Marks {
		got = append(got, fmt.Sprintf("%v %s", m.Time, m.Label))
	}
	want := "0 fail 12.5 %|1 leave 2|2 join 3|3 fail arc of 2|4 restart 4|4 stabilization off|5 rounds on|6 fail p=0.5|7 churn"
	if strings.Join(got, "|") != want {
		t.Errorf("%s\nwant\n%s", strings.Join(got, "|"), want)
	}
}

// What steps measured stands in the order of the timeline, whatever ended
// first.
func TestMeasuresStandInTheOrderOfTheTimeline(t *testing.T) {
	r := played(t, calm+`timeline:
  - start: {nodes: 20}
  - measure: {traffic: on, over: 20s, background: on, as: long}
  - lookup: {count: 5, as: l1}
  - measure: {traffic: on, over: 1s, as: short}
  - lookup: {rate: 1/s, for: 5s, as: l2}
  - measure: {load: {keys: 100}, ring: on, as: both}
  - wait: {at: 30s}
`, 1).result()
	if len(r.Traffic) != 2 || r.Traffic[0].Name != "long" || r.Traffic[1].Name != "short" {
		t.Errorf("traffic %+v", r.Traffic)
	}
	if len(r.Lookups) != 2 || r.Lookups[0].Name != "l1" || r.Lookups[1].Name != "l2" {
		t.Errorf("lookups %+v", r.Lookups)
	}
	if len(r.Loads) != 1 || r.Loads[0].Name != "both" || r.Loads[0].Keys != 100 || r.Loads[0].Nodes != 20 || len(r.Rings) != 1 {
		t.Errorf("loads %+v, rings %+v", r.Loads, r.Rings)
	}
}
