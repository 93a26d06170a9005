package scenarios

import (
	"fmt"
	"slices"
	"testing"

	"chordsim/chord"
	"chordsim/sim"
)

const calm = "ring: {successors: 4, " + quiet + ", detector: perfect}\n"

// membersOf returns the members that a named measure of the ring saw.
func membersOf(t testing.TB, tl *timeline, name string) int64 {
	t.Helper()
	for _, r := range tl.result().Rings {
		if r.Name == name {
			return r.Members
		}
	}
	t.Fatalf("no measure is called %s", name)
	return 0
}

// Victims are as many as the fraction says, rounded half up; all go at once.
func TestVictimsAreTheFractionRoundedHalfUp(t *testing.T) {
	for _, c := range []struct {
		nodes int
		step  string
		left  int64
	}{
		{7, "fail: {fraction: 50%}", 3},
		{10, "fail: {fraction: 0.25}", 7},
		{10, "fail: {fraction: 0.24}", 8},
		{1000, "fail: {fraction: 33.35%}", 666},
		{1000, "fail: {fraction: 33.34%}", 667},
		{10, "fail: {fraction: 100%}", 0},
		{10, "fail: {fraction: 0}", 10},
		{10, "fail: {count: 3}", 7},
		{10, "fail: {count: 30}", 0},
		{10, "fail: {arc: 4}", 6},
		{10, "fail: {arc: 25%}", 7},
		{10, "fail: {arc: 40}", 0},
		{10, "fail: {probability: 100%}", 0},
		{10, "fail: {probability: 0}", 10},
		{10, "leave: {fraction: 25%}", 7},
		{10, "leave: {count: 4}", 6},
	} {
		tl := played(t, calm+fmt.Sprintf("timeline: [{start: {nodes: %d}}, {%s}, {wait: 10s}]\n", c.nodes, c.step), 1)
		if got := int64(tl.w.members.count); got != c.left {
			t.Errorf("%s leaves %d of %d, want %d", c.step, got, c.nodes, c.left)
		}
		if got := len(ringOf(tl.w)); int64(got) != c.left {
			t.Errorf("%s: %d of %d nodes are in the ring, want %d", c.step, got, c.nodes, c.left)
		}
		if got := len(tl.gone.list()); int64(got) != int64(c.nodes)-c.left {
			t.Errorf("%s: %d of %d hosts are gone, want %d", c.step, got, c.nodes, int64(c.nodes)-c.left)
		}
	}
}

// Each member fails with the probability, on its own: over the seeds the
// numbers have the mean and the variance of a binomial distribution, to within
// five standard deviations; each seed always gives its own victims.
func TestProbabilityIsBinomial(t *testing.T) {
	const nodes, seeds = 100, 400
	victims := func(seed uint64) []chord.Addr {
		return played(t, calm+fmt.Sprintf("timeline: [{start: {nodes: %d}}, {fail: {probability: 30%%}}]\n", nodes), seed).w.alive()
	}
	sum, squares := 0.0, 0.0
	for seed := uint64(1); seed <= seeds; seed++ {
		failed := float64(nodes - len(victims(seed)))
		sum += failed
		squares += failed * failed
	}
	mean := sum / seeds
	variance := squares/seeds - mean*mean
	if mean < 30-5*0.23 || mean > 30+5*0.23 { // √(21/400)
		t.Errorf("%.2f of 100 fail on the average, want 30", mean)
	}
	if variance < 21-5*1.48 || variance > 21+5*1.48 { // 21·√(2/400)
		t.Errorf("the variance is %.2f, want 21", variance)
	}
	if a, b := victims(1), victims(1); !slices.Equal(a, b) {
		t.Error("one seed has two outcomes")
	}
	if a, b := victims(1), victims(2); slices.Equal(a, b) {
		t.Error("two seeds have one outcome")
	}
}

// An arc takes neighbours on the ring, anywhere on it.
func TestArcTakesNeighbours(t *testing.T) {
	starts := map[int]bool{}
	for seed := uint64(1); seed <= 20; seed++ {
		tl := bed(t, calm+"timeline: [{start: {nodes: 20}}, {fail: {arc: 6}}]\n", seed, RunOptions{})
		tl.start(&StartStep{Nodes: 20, Settled: true})
		ring := ringOf(tl.w)
		tl.fail(&FailStep{Arc: &Amount{Count: 6}})
		dead := make([]bool, len(ring))
		for i, p := range ring {
			dead[i] = !tl.w.members.has(p.Addr)
		}
		edges := 0
		for i := range dead {
			if dead[i] && !dead[(i+len(dead)-1)%len(dead)] {
				edges++
				starts[i] = true
			}
		}
		if tl.w.members.count != 14 || edges != 1 {
			t.Fatalf("seed %d: %d are left, the dead lie in %d arcs", seed, tl.w.members.count, edges)
		}
	}
	if len(starts) < 8 {
		t.Errorf("20 arcs begin at only %d places", len(starts))
	}
}

// Who fails at the instant of its start has never taken a step: no node acts
// before it, and it never comes back to life.
func TestFailAtTheInstantOfTheStart(t *testing.T) {
	for _, begin := range []string{
		"ring: {protocol: corrected, successors: 4}\ntimeline: [{start: {nodes: 20}}",
		"ring: {protocol: corrected, successors: 4}\ntimeline: [{join: {nodes: 3}}",
		"ring: {protocol: ton2003, successors: 4}\ntimeline: [{join: {nodes: 1}}",
		"ring: {protocol: sigcomm2001, successors: 1}\ntimeline: [{join: {nodes: 1}}",
	} {
		tl := bed(t, begin+", {fail: {fraction: 100%}}, {wait: 1m}]\n", 1, RunOptions{})
		steps := 0
		tl.w.stepped = func(*chord.Node) { steps++ }
		play(t, tl)
		if steps != 0 || tl.w.members.count != 0 || len(ringOf(tl.w)) != 0 {
			t.Errorf("%s: %d steps of the dead, %d members", begin, steps, tl.w.members.count)
		}
		if r := tl.result(); r.Run.Messages != 0 {
			t.Errorf("%s: the dead sent %d messages", begin, r.Run.Messages)
		}
	}
}

// Over spreads departures at equal intervals, the first at once.
func TestOverSpreadsDepartures(t *testing.T) {
	for _, verb := range []string{"fail", "leave"} {
		tl := played(t, calm+`timeline:
  - start: {nodes: 20}
  - `+verb+`: {count: 10, over: 10s, background: on}
  - wait: 500ms
  - measure: {ring: on, as: early}
  - wait: 4s
  - measure: {ring: on, as: fifth}
  - wait: {at: 9500ms}
  - measure: {ring: on, as: tenth}
  - wait: 1m
`, 1)
		for name, want := range map[string]int64{"early": 19, "fifth": 15, "tenth": 10} {
			if got := membersOf(t, tl, name); got != want {
				t.Errorf("%s: %d members after %s, want %d", verb, got, name, want)
			}
		}
	}
}

// Everybody leaves, at one instant or one after the other, and nobody stays
// behind waiting for a word: under every rule of leaving.
func TestTheLastOneLeaves(t *testing.T) {
	for _, protocol := range []string{"corrected", "ton2003", "sigcomm2001", "echord"} {
		for _, how := range []string{"fraction: 100%", "fraction: 100%, over: 1m"} {
			tl := played(t, fmt.Sprintf(`ring: {protocol: %s, successors: 4, stabilize: 5s}
timeline:
  - start: {nodes: 30}
  - leave: {%s}
  - wait: 30s
`, protocol, how), 1)
			if n := tl.w.members.count + len(ringOf(tl.w)); n != 0 {
				t.Errorf("%s, %s: %d are still there", protocol, how, n)
			}
			if got := len(tl.gone.list()); got != 30 {
				t.Errorf("%s, %s: %d hosts are gone, want 30", protocol, how, got)
			}
		}
	}
}

// Who is leaving already is not asked to leave again: two steps at one instant
// take twice as many.
func TestNobodyLeavesTwice(t *testing.T) {
	for seed := uint64(1); seed <= 10; seed++ {
		tl := played(t, calm+"timeline: [{start: {nodes: 20}}, {leave: {count: 8}}, {leave: {count: 8}}, {wait: 10s}]\n", seed)
		if tl.w.members.count != 4 || len(tl.gone.list()) != 16 {
			t.Errorf("seed %d: %d members, %d gone; want 4 and 16", seed, tl.w.members.count, len(tl.gone.list()))
		}
	}
}

// Who restarts has its identifier, a new life and nothing of the old one, and
// finds its place again.
func TestRestartKeepsTheIdentifier(t *testing.T) {
	tl := bed(t, `ring: {successors: 4, stabilize: 2s, fix_fingers: 2s, check_predecessor: 2s}
timeline:
  - start: {nodes: 30}
  - fail: {count: 6}
  - leave: {count: 6}
  - wait: 1m
  - measure: {ring: on, as: without}
  - restart: {fraction: 50%}
  - wait: 1m
  - measure: {ring: on, as: half}
  - restart: {fraction: 100%, over: 10s}
  - await: {ring: ideal, within: 2m, as: whole}
`, 1, RunOptions{})
	play(t, tl)
	w := tl.w
	if a, b := membersOf(t, tl, "without"), membersOf(t, tl, "half"); a != 18 || b != 24 || w.members.count != 30 {
		t.Errorf("%d, %d and %d members; want 18, 24 and 30", a, b, w.members.count)
	}
	if !awaitOf(t, tl, "whole").Held || len(tl.gone.list()) != 0 || w.used != 30 {
		t.Errorf("the ring is %+v, %d are gone, %d addresses are used", w.ring(""), len(tl.gone.list()), w.used)
	}
	for a := chord.Addr(1); a <= 30; a++ {
		if w.nodes[a].ID != w.ids.of(a) {
			t.Errorf("node %d came back with another identifier", a)
		}
	}
}

// A host that goes, comes back and goes again is gone once.
func TestDepartedCountsAHostOnce(t *testing.T) {
	var d departed
	for _, h := range []uint32{3, 1, 2} {
		d.add(h)
	}
	d.remove(3)
	d.add(3)
	d.add(1)
	d.remove(2)
	if got, want := d.list(), []uint32{1, 3}; !slices.Equal(got, want) {
		t.Errorf("%v are gone, want %v", got, want)
	}
}

// With virtual nodes all of a host's die together, and come back together; a
// fraction is one of hosts.
func TestVirtualNodesGoTogether(t *testing.T) {
	for _, step := range []string{"fail: {fraction: 50%}", "fail: {arc: 5}", "leave: {count: 5}", "fail: {probability: 50%}"} {
		tl := bed(t, "ring: {successors: 4, stabilize: 1s, virtual_nodes: 6}\ntimeline: [{start: {nodes: 10}}, {"+step+
			"}, {wait: 10s}, {measure: {ring: on, as: half}}, {restart: all}, {wait: 10s}, {await: {ring: ideal, within: 5m, as: whole}}]\n", 4, RunOptions{})
		torn := 0
		tl.w.everyBarrier(func(now sim.Time) {
			if now > sim.Time(5*Second) && now < sim.Time(10*Second) {
				for h := uint32(1); h <= 10; h++ {
					alive := 0
					for _, a := range tl.w.nodesOf(h) {
						if tl.w.members.has(a) {
							alive++
						}
					}
					if alive != 0 && alive != 6 {
						torn++
					}
				}
			}
		})
		play(t, tl)
		half := membersOf(t, tl, "half")
		if torn > 0 || half%6 != 0 || half == 0 || half == 60 || (step != "fail: {probability: 50%}" && half != 30) {
			t.Errorf("%s: %d members of 10 hosts with 6 each, %d hosts torn", step, half, torn)
		}
		if tl.w.members.count != 60 || !awaitOf(t, tl, "whole").Held {
			t.Errorf("%s: %d members are back", step, tl.w.members.count)
		}
	}
}

// Who may leave says so from then on, however late it takes up the command: it is
// paused when it is told, and answers nothing else than that it is leaving.
func TestLeaversKnowAtOnce(t *testing.T) {
	tl := played(t, `
ring: {successors: 2}
timeline:
  - start: {nodes: 5}
  - pause: {fraction: 100%}
  - leave: {count: 1, background: on}
`, 1)
	w, leaving := tl.w, 0
	for a := 1; a <= w.used; a++ {
		n := w.nodes[a]
		var out chord.Out
		out.Config, out.Lookups = &w.cfg, &chord.Lookups{}
		n.Step(&chord.Event{From: 1, Msg: &chord.Message{Kind: chord.GetState}}, &out)
		if n.Status != chord.Member {
			t.Fatalf("node %d is no member any more", a)
		}
		if out.Sends[0].Msg.Flags&chord.FlagLeaving != 0 {
			leaving++
		}
	}
	if leaving != 1 {
		t.Errorf("%d nodes say that they are leaving", leaving)
	}
}
