package scenarios

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"chordsim/chord"
	"chordsim/sim"
)

// delivered is one line of a trace.
type delivered struct {
	at       time.Duration
	from, to uint32
	kind     string
}

// tracedRun runs a scenario with everything traced.
func tracedRun(t *testing.T, text string) ([]delivered, *timeline) {
	t.Helper()
	var buf bytes.Buffer
	tl := bed(t, text, 1, RunOptions{Trace: &TraceOptions{To: &buf}})
	play(t, tl)
	var out []delivered
	for line := range bytes.Lines(buf.Bytes()) {
		var l traceLine
		if err := json.Unmarshal(line, &l); err != nil {
			t.Fatal(err)
		}
		at, err := time.ParseDuration(l.At)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, delivered{at, l.From, l.To, l.Kind})
	}
	return out, tl
}

// crossings counts the deliveries from one set of nodes to others of another in a
// time.
func crossings(ds []delivered, from, to []uint32, after, before time.Duration) (n int) {
	for _, d := range ds {
		if d.at >= after && d.at < before && d.from != d.to && slices.Contains(from, d.from) && slices.Contains(to, d.to) {
			n++
		}
	}
	return n
}

// others are the nodes 1 to n that are not in a set.
func others(n uint32, of []uint32) (rest []uint32) {
	for a := uint32(1); a <= n; a++ {
		if !slices.Contains(of, a) {
			rest = append(rest, a)
		}
	}
	return rest
}

const faultyRing = `
ring: {successors: 4, stabilize: 2s, check_predecessor: 2s}
network: {latency: {model: uniform, min: 10ms, max: 90ms}}
timeline:
  - start: {nodes: 30}
  - group: {as: left, count: 12}
  - group: {as: right, rest: on}
  - wait: 10s
`

// A partition lets nothing through that is sent while it lasts, and everything
// before and after.
func TestPartitionCuts(t *testing.T) {
	ds, tl := tracedRun(t, faultyRing+"  - partition: {groups: [left, right], for: 10s, as: cut}\n  - wait: 10s\n")
	left := tl.faults.groups["left"]
	right := tl.faults.groups["right"]
	if len(left) != 12 || !slices.Equal(others(30, left), right) {
		t.Fatalf("left %v, right %v", left, right)
	}
	const s, late = time.Second, 90 * time.Millisecond
	for _, c := range []struct {
		name     string
		from, to []uint32
		a, b     time.Duration
		through  bool
	}{
		{"before", left, right, 0, 10 * s, true},
		{"what was under way", left, right, 10 * s, 10*s + late, true},
		{"cut", left, right, 10*s + late, 20 * s, false},
		{"cut, back", right, left, 10*s + late, 20 * s, false},
		{"within left", left, left, 10*s + late, 20 * s, true},
		{"within right", right, right, 10*s + late, 20 * s, true},
	} {
		if n := crossings(ds, c.from, c.to, c.a, c.b); n > 0 != c.through {
			t.Errorf("%s: %d messages came through", c.name, n)
		}
	}
	// The two rings know nothing of each other any more: a lookup of a member that
	// was dropped tells them.
	if lost := countedOf(tl, "messages lost to faults"); lost == 0 {
		t.Error("no message was lost")
	}
	if got := marksOf(tl); got != "0s group left of 12; 0s group right of 18; 10s partition cut begins; 20s partition cut ends" {
		t.Errorf("marks: %s", got)
	}
	var acts []string
	for _, d := range ds {
		if d.to == 0 {
			acts = append(acts, fmt.Sprintf("%v %s", d.at, d.kind))
		}
	}
	if got := strings.Join(acts, "; "); got != "10s partition cut begins; 20s partition cut ends" {
		t.Errorf("the trace has %s", got)
	}
}

func countedOf(tl *timeline, what string) int64 {
	for _, c := range tl.w.counted() {
		if c.What == what {
			return c.Count
		}
	}
	return 0
}

func marksOf(tl *timeline) string {
	var marks []string
	for _, m := range tl.marks {
		marks = append(marks, fmt.Sprintf("%vs %s", m.Time, m.Label))
	}
	return strings.Join(marks, "; ")
}

// Without a duration a partition lasts until it is healed, by its name or with all
// others; one way is one way; who is outside of all groups reaches all.
func TestPartitionForms(t *testing.T) {
	const s, late = time.Second, 90 * time.Millisecond
	// The cut is on from 10 s to 15 s.
	during := func(ds []delivered, from, to []uint32) bool { return crossings(ds, from, to, 10*s+late, 15*s) > 0 }
	t.Run("one way", func(t *testing.T) {
		ds, tl := tracedRun(t, faultyRing+"  - partition: {group: left, one_way: on}\n  - wait: 5s\n  - heal: all\n  - wait: 5s\n")
		left, right := tl.faults.groups["left"], tl.faults.groups["right"]
		if during(ds, left, right) || !during(ds, right, left) {
			t.Error("not the messages from left to right are cut, or those back")
		}
		if crossings(ds, left, right, 15*s, 20*s) == 0 {
			t.Error("nothing is healed")
		}
	})
	t.Run("heal by name", func(t *testing.T) {
		ds, tl := tracedRun(t, faultyRing+"  - partition: {group: left, as: cut}\n  - loss: {probability: 0%, as: other}\n  - wait: 5s\n  - heal: other\n  - wait: 5s\n  - heal: {fault: cut}\n  - wait: 5s\n")
		left, right := tl.faults.groups["left"], tl.faults.groups["right"]
		if crossings(ds, left, right, 10*s+late, 20*s) > 0 || crossings(ds, left, right, 20*s, 25*s) == 0 {
			t.Error("the cut did not last from 10 s to 20 s")
		}
	})
	t.Run("bridge and joiners", func(t *testing.T) {
		tl := played(t, faultyRing+"  - partition: {groups: [left, right], bridge: 2}\n  - join: {nodes: 1}\n", 1)
		left, right := tl.faults.groups["left"], tl.faults.groups["right"]
		var everywhere, cut []uint32
		for a := uint32(1); a <= 31; a++ {
			reached := 0
			for b := uint32(1); b <= 31; b++ {
				if !tl.w.faults.Lost(sim.Addr(a), sim.Addr(b), 0) && !tl.w.faults.Lost(sim.Addr(b), sim.Addr(a), 0) {
					reached++
				}
			}
			if reached == 31 {
				everywhere = append(everywhere, a)
			} else if slices.Contains(left, a) != slices.Contains(right, a) {
				cut = append(cut, a)
			}
		}
		if len(everywhere) != 3 || everywhere[2] != 31 || len(cut) != 28 {
			t.Errorf("%v reach all, %d do not; want two bridges and the joiner 31", everywhere, len(cut))
		}
		tl = played(t, faultyRing+"  - partition: {group: left}\n  - join: {nodes: 1}\n", 1)
		if in := sim.Addr(left[0]); !tl.w.faults.Lost(in, 31, 0) || tl.w.faults.Lost(sim.Addr(right[0]), 31, 0) {
			t.Error("who joins later is not on the side of the rest")
		}
	})
}

// sidesOf returns the groups of a faulty ring.
func sidesOf(tl *timeline) (left, right []uint32) {
	return tl.faults.groups["left"], tl.faults.groups["right"]
}

// Faults on links are on the links that a step names.
func TestFaultsOnLinks(t *testing.T) {
	const s, late = time.Second, 90 * time.Millisecond
	run := func(step string) (through [4]bool, tl *timeline) { // left to left, to right, right to left, to right
		ds, tl := tracedRun(t, faultyRing+"  - "+step+"\n  - wait: 5s\n  - heal: all\n")
		l, r := sidesOf(tl)
		for i, c := range [][2][]uint32{{l, l}, {l, r}, {r, l}, {r, r}} {
			through[i] = crossings(ds, c[0], c[1], 10*s+late, 15*s) > 0
		}
		return through, tl
	}
	for _, c := range []struct {
		step string
		want [4]bool
	}{
		{"loss: {probability: 100%, from: left}", [4]bool{false, false, true, true}},
		{"loss: {probability: 100%, to: left}", [4]bool{false, true, false, true}},
		{"loss: {probability: 100%, from: left, to: right}", [4]bool{true, false, true, true}},
		{"loss: {probability: 100%, between: [left, right]}", [4]bool{true, false, false, true}},
		{"loss: {probability: 100%, group: left}", [4]bool{false, false, false, true}},
		{"loss: {probability: 100%}", [4]bool{}},
		{"loss: {probability: 0%}", [4]bool{true, true, true, true}},
		{"delay: {by: 10s, from: left, to: right}", [4]bool{true, false, true, true}},
		{"delay: {by: 10s, group: right}", [4]bool{true, false, false, false}},
	} {
		if got, _ := run(c.step); got != c.want {
			t.Errorf("%s: through are %v, want %v", c.step, got, c.want)
		}
	}
}

// Half of the messages are late by a tenth of a second, or arrive twice, where a
// step says so; and all of those to one side, where no probability is given.
func TestSharesOfMessages(t *testing.T) {
	for _, c := range []struct {
		step, what string
		least      float64
		most       float64
	}{
		{"reorder: {probability: 50%, by: 100ms, for: 20s}", "messages delayed by faults", .45, .55},
		{"delay: {probability: 50%, by: 100ms, for: 20s}", "messages delayed by faults", .45, .55},
		{"delay: {by: 100ms, for: 20s}", "messages delayed by faults", 1, 1},
		{"duplicate: {probability: 50%, for: 20s}", "messages duplicated by faults", .45, .55},
		{"loss: {probability: 10%, for: 20s}", "messages lost to faults", .07, .13},
	} {
		tl := bed(t, faultyRing, 1, RunOptions{})
		play(t, tl)
		before := tl.w.messages()
		tl = played(t, faultyRing+"  - "+c.step+"\n", 1)
		share := float64(countedOf(tl, c.what)) / float64(tl.w.messages()-before)
		if share < c.least || share > c.most {
			t.Errorf("%s: a share of %.3f, want %v to %v", c.step, share, c.least, c.most)
		}
	}
}

// handledBy returns the times at which a node handled anything, timers included.
func handledBy(ds []delivered, a uint32, after, before time.Duration) (at []time.Duration) {
	for _, d := range ds {
		if d.to == a && d.at >= after && d.at < before {
			at = append(at, d.at)
		}
	}
	return at
}

// A slow node takes its time for every message; a paused one handles nothing until
// the end and then all at once; fast clocks fire more often. Others go on as ever.
func TestFaultsOfNodes(t *testing.T) {
	const s = time.Second
	t.Run("slow", func(t *testing.T) {
		ds, tl := tracedRun(t, faultyRing+"  - lookup: {rate: 50/s, for: 10s, background: on}\n  - slow: {group: left, each: 25ms, for: 10s}\n")
		left, right := sidesOf(tl)
		closest := func(nodes []uint32) time.Duration {
			least := time.Hour
			for _, a := range nodes {
				last := time.Duration(-time.Hour)
				for _, d := range ds {
					if d.to == a && d.at > 10*s && !strings.HasPrefix(d.kind, "timer") {
						least, last = min(least, d.at-last), d.at
					}
				}
			}
			return least
		}
		if l, r := closest(left), closest(right); l != 25*time.Millisecond || r > 5*time.Millisecond {
			t.Errorf("messages are handled %v apart by the slow and %v by the others", l, r)
		}
	})
	t.Run("pause", func(t *testing.T) {
		ds, tl := tracedRun(t, faultyRing+"  - pause: {group: left, for: 6s}\n  - wait: 3s\n")
		left, right := sidesOf(tl)
		for _, a := range left {
			if n := len(handledBy(ds, a, 10*s, 16*s)); n > 0 {
				t.Errorf("%d, paused, handles %d events", a, n)
			}
			if n := len(handledBy(ds, a, 16*s, 16*s+time.Microsecond)); n < 3 {
				t.Errorf("%d, resumed, handles %d events at once", a, n)
			}
		}
		for _, a := range right {
			if len(handledBy(ds, a, 10*s, 16*s)) < 5 {
				t.Errorf("%d, not paused, handles nothing", a)
			}
		}
	})
	t.Run("drift", func(t *testing.T) {
		ds, tl := tracedRun(t, faultyRing+"  - drift: {group: left, rate: 3, for: 40s}\n")
		left, right := sidesOf(tl)
		rounds := func(nodes []uint32) (n int) {
			for _, d := range ds {
				if d.at >= 14*s && d.at < 50*s && d.kind == "timer stabilize" && slices.Contains(nodes, d.to) {
					n++
				}
			}
			return n / len(nodes)
		}
		if l, r := rounds(left), rounds(right); l < 50 || l > 58 || r < 17 || r > 19 {
			t.Errorf("in 36 s a node makes %d rounds with a fast clock and %d with a right one, want 54 and 18", l, r)
		}
	})
}

// Selections mean whom they say.
func TestSelections(t *testing.T) {
	hosts := func(tl *timeline, name string) []uint32 { return tl.faults.groups[name] }
	tl := played(t, `
network: {latency: {model: transit-stub, domains: 2, transit_nodes: 2, stubs: 2, routers: 60}}
timeline:
  - start: {nodes: 100}
  - group: {as: neighbours, arc: 10}
  - group: {as: some, count: 7}
  - group: {as: quarter, fraction: 25%}
  - group: {as: home, region: stub}
  - group: {as: land, region: domain}
  - group: {as: others, rest: on}
`, 3)
	seen := map[uint32]string{}
	for _, name := range []string{"neighbours", "some", "quarter", "home", "land", "others"} {
		for _, h := range hosts(tl, name) {
			if seen[h] != "" {
				t.Errorf("host %d is in %s and in %s", h, seen[h], name)
			}
			seen[h] = name
		}
	}
	if len(seen) != 100 || len(hosts(tl, "some")) != 7 || len(hosts(tl, "quarter")) != 25 {
		t.Errorf("%d hosts are in groups, %d in some, %d in quarter", len(seen), len(hosts(tl, "some")), len(hosts(tl, "quarter")))
	}
	var ring []uint32
	tl.w.members.each(func(p chord.Peer) { ring = append(ring, tl.w.host(p.Addr)) })
	from := slices.Index(ring, hosts(tl, "neighbours")[0])
	for i, h := range hosts(tl, "neighbours") {
		if ring[(from+i)%100] != h {
			t.Errorf("the arc has %v, no neighbours on the ring", hosts(tl, "neighbours"))
		}
	}
	for name, kind := range map[string]sim.Region{"home": sim.RegionStub, "land": sim.RegionDomain} {
		in := hosts(tl, name)
		if len(in) < 2 {
			t.Fatalf("%s has %v", name, in)
		}
		for h := uint32(1); h <= 100; h++ {
			near := sim.Near(tl.w.net.latency, kind, in[0], h, 0)
			if is := slices.Contains(in, h); is && !near || near && !is && seen[h] == "others" {
				t.Errorf("host %d: near %v, in %s %v", h, near, name, is)
			}
		}
	}
}

// Correlated failures: a region of the network, or a group, crashes at once.
func TestFailOfARegionAndAGroup(t *testing.T) {
	tl := played(t, `
network: {latency: {model: euclidean, dimensions: 2, diameter: 100ms, min: 1ms}}
timeline:
  - start: {nodes: 200}
  - fail: {region: {within: 20ms}}
`, 2)
	dead, alive := []uint32{}, []uint32{}
	for h := uint32(1); h <= 200; h++ {
		if tl.w.hostUp(h) {
			alive = append(alive, h)
		} else {
			dead = append(dead, h)
		}
	}
	middles := 0
	for _, m := range dead {
		if !slices.ContainsFunc(dead, func(h uint32) bool {
			return !sim.Near(tl.w.net.latency, sim.RegionWithin, m, h, sim.Time(20*Millisecond))
		}) &&
			!slices.ContainsFunc(alive, func(h uint32) bool {
				return sim.Near(tl.w.net.latency, sim.RegionWithin, m, h, sim.Time(20*Millisecond))
			}) {
			middles++
		}
	}
	if len(dead) < 5 || len(dead) > 80 || middles == 0 {
		t.Errorf("%d died, and none of them is in the middle of the others", len(dead))
	}
	tl = played(t, faultyRing+"  - fail: {count: 3}\n  - fail: {group: left}\n", 2)
	left, right := sidesOf(tl)
	for _, h := range left {
		if tl.w.hostUp(h) {
			t.Errorf("host %d of left is up", h)
		}
	}
	up := slices.DeleteFunc(slices.Clone(right), func(h uint32) bool { return !tl.w.hostUp(h) })
	if len(up) < len(right)-3 {
		t.Errorf("of the %d of right %d are up", len(right), len(up))
	}
}

// The network's word of the dead is true under pauses, duplicates and delays: no live
// node is taken for dead, and what waited for a paused node that crashes is reported.
func TestPerfectDetectorUnderFaults(t *testing.T) {
	tl := played(t, `
ring: {successors: 4, stabilize: 2s, check_predecessor: 2s, detector: perfect}
timeline:
  - start: {nodes: 40}
  - duplicate: {probability: 30%}
  - reorder: {probability: 30%, by: 300ms}
  - group: {as: asleep, count: 8}
  - lookup: {rate: 20/s, for: 30s, background: on, as: own}
  - pause: {group: asleep, for: 10s}
  - pause: {group: asleep}
  - wait: 10s
  - fail: {group: asleep}
  - heal: all
  - await: {ring: ideal, within: 2m, as: heal}
`, 5)
	if !awaitOf(t, tl, "heal").Held || tl.w.judge.falseSuspicions != 0 {
		t.Errorf("ideal again: %v, live nodes taken for dead: %d", awaitOf(t, tl, "heal").Held, tl.w.judge.falseSuspicions)
	}
	pending := 0
	tl.w.engine.Pending(func(h sim.Header, _ *chord.Message, _ []chord.Peer) {
		if slices.Contains(tl.faults.groups["asleep"], uint32(h.To)) {
			pending++
		}
	})
	if pending > 0 {
		t.Errorf("%d messages wait for nodes that have crashed", pending)
	}
}

// A step does not wait for ever for answers that a pause holds back.
func TestLookupsOfPausedNodes(t *testing.T) {
	tl := played(t, faultyRing+"  - pause: {group: left}\n  - lookup: {count: 200, as: look}\n  - heal: all\n  - wait: 30s\n", 1)
	l := lookupsOf(t, tl, "look")
	if l.Count != 200 || l.Correct+l.Wrong < 60 {
		t.Errorf("of %d lookups %d found somebody", l.Count, l.Correct+l.Wrong)
	}
	if now := tl.now(); now > sim.Time(70*Second) {
		t.Errorf("the run took until %v", now)
	}
}

// Lookups of nodes that are paused when the run ends are under way: none is in no class at all.
func TestLookupsOfNodesPausedAtTheEnd(t *testing.T) {
	tl := played(t, faultyRing+"  - pause: {group: left}\n  - lookup: {count: 200, as: look, background: on}\n  - wait: 10s\n", 1)
	l := lookupsOf(t, tl, "look")
	if late := countedOf(tl, "lookups still under way at the end"); late < 50 || l.Count+late != 200 {
		t.Errorf("of 200 lookups %d have ended and %d are under way", l.Count, late)
	}
}

// A seed server that is cut off, or paused, is not reached by those who ask it.
func TestFaultsOfTheSeedServer(t *testing.T) {
	for _, step := range []string{"partition: {group: seed-server}", "loss: {probability: 100%, to: seed-server}", "pause: {group: seed-server}"} {
		text := "ring: {successors: 4, bootstrap: seed-server}\ntimeline:\n  - start: {nodes: 20}\n  - STEP\n  - join: {nodes: 5}\n  - wait: 30s\n" +
			"  - heal: all\n  - join: {nodes: 3}\n  - wait: 30s\n"
		tl := played(t, strings.Replace(text, "STEP", step, 1), 1)
		if n := countedOf(tl, "joins given up, no seed server"); n != 5 || tl.w.members.count != 23 {
			t.Errorf("%s: %d joins given up, %d members", step, n, tl.w.members.count)
		}
	}
}

// The promise of the digest, for a scenario with every fault, beside the divisions
// that the golden digests are made with.
func TestFaultsInAnyDivision(t *testing.T) {
	cases := goldenCases(t)
	c := cases[len(cases)-1]
	if c.name != "faults" {
		t.Fatal("the faults are not the last of the golden cases")
	}
	digest, hash := c.outcome(t, Overrides{}, RunOptions{Shards: 1, Workers: 1})
	for _, o := range []RunOptions{{Shards: 7, Workers: 1}, {Shards: 7, Workers: 2}, {Shards: 16, Workers: 2}} {
		if d, h := c.outcome(t, Overrides{}, o); d != digest || h != hash {
			t.Errorf("%d shards and %d workers give digest %s, result %s; one of each %s, %s", o.Shards, o.Workers, d, h, digest, hash)
		}
	}
}
