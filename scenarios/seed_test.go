package scenarios

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"chordsim/chord"
	"chordsim/seed"
	"chordsim/sim"
)

// countedBy returns what was counted on the way of a run, by what it is.
func countedBy(tl *timeline) map[string]int64 {
	out := map[string]int64{}
	for _, c := range tl.result().Counted {
		out[c.What] = c.Count
	}
	return out
}

// sentOf returns how many messages of a kind were sent.
func (w *world) sentOf(k chord.Kind) int64 { return w.read().sent[k].messages }

// Under every preset a ring that is grown through the seed server becomes ideal,
// with every member known to it; nobody is named but by the server.
func TestJoinsThroughTheSeedServer(t *testing.T) {
	for _, protocol := range []string{"corrected", "ton2003", "sigcomm2001"} {
		for _, detector := range []string{"timeout", "perfect"} {
			tl := played(t, fmt.Sprintf(`ring: {protocol: %s, detector: %s, successors: 4, stabilize: 2s, bootstrap: seed-server}
timeline:
  - join: {nodes: 20, over: 20s}
  - join: {nodes: 20, arrivals: burst}
  - await: {ring: ideal, within: 1h, as: whole}
`, protocol, detector), 1)
			w, name := tl.w, protocol+" "+detector
			founders := 1
			if protocol == "corrected" {
				founders = 5
			}
			if !awaitOf(t, tl, "whole").Held || w.members.count != 40 || w.seeds.server.Known() != 40 {
				t.Errorf("%s: %d members, %d of them known, %+v", name, w.members.count, w.seeds.server.Known(), w.ring(""))
			}
			if asked, registered := w.sentOf(seed.GetSeed), w.sentOf(seed.AddNode); asked < int64(40-founders) || registered != int64(40-founders) {
				t.Errorf("%s: %d ask for a seed, %d register; %d founded the ring", name, asked, registered, founders)
			}
			if c := countedBy(tl); c["rings founded, the seed server knew nobody"]+c["joins given up, no seed server"] != 0 {
				t.Errorf("%s: %v", name, c)
			}
		}
	}
}

// Who comes with the identifier of another is refused by the server, and counted
// as it is without one.
func TestSeedServerRefusesATakenIdentifier(t *testing.T) {
	tl := bed(t, "ring: {bits: 8, successors: 2, stabilize: 1s, bootstrap: seed-server}\ntimeline: [{start: {nodes: 20}}]\n", 1, RunOptions{})
	w, d := tl.w, tl.door(Through{})
	w.settle(collide(w, 10, 60, 110, 160, 210))
	late := collide(w, 60, 80)
	tl.enter("join", late[:1], d)
	tl.enter("join", late[1:], d)
	w.run(10 * sim.Time(Second))
	if w.nodes[late[0]].Status != chord.Absent || w.judge.refused != 1 || w.joiners.nth(0) >= 0 {
		t.Errorf("status %d, %d refused, %d is joining", w.nodes[late[0]].Status, w.judge.refused, w.joiners.nth(0))
	}
	if !w.members.has(late[1]) || w.members.count != 6 || w.seeds.server.Known() != 6 || !w.takeSnapshot().IsIdeal() {
		t.Errorf("%d members, %d known: %+v", w.members.count, w.seeds.server.Known(), w.ring(""))
	}
	// The holder is back before anybody has found it dead: it has its own.
	host := w.host(late[1])
	tl.dies([]uint32{host})
	tl.returns(host, d, false)
	w.run(60 * sim.Time(Second))
	if !w.members.has(late[1]) || w.judge.refused != 1 || !w.takeSnapshot().IsIdeal() {
		t.Errorf("it is not back: %d refused, %+v", w.judge.refused, w.ring(""))
	}
	// Its heir is refused while the server takes it for alive, and not when it is
	// known to be dead; then it is refused itself, by the server and no other.
	tl.dies([]uint32{host})
	heir := collide(w, 80)
	tl.enter("join", heir, d)
	w.run(62 * sim.Time(Second))
	if w.nodes[heir[0]].Status != chord.Absent || w.judge.refused != 2 {
		t.Errorf("the heir of one who is known has status %d; %d refused", w.nodes[heir[0]].Status, w.judge.refused)
	}
	w.run(200 * sim.Time(Second))
	tl.enter("join", heir, d)
	w.run(220 * sim.Time(Second))
	asked := w.sentOf(seed.GetSeed)
	tl.returns(host, d, false)
	w.run(230 * sim.Time(Second))
	if !w.members.has(heir[0]) || w.nodes[late[1]].Status != chord.Absent || w.judge.refused != 3 || w.sentOf(seed.GetSeed) != asked+1 {
		t.Errorf("the heir is a member: %v; %d refused, %d questions", w.members.has(heir[0]), w.judge.refused, w.sentOf(seed.GetSeed)-asked)
	}
}

// outage is a ring whose server goes down at 10 s and comes up at 60 s; three
// nodes come when it is down for long yet, two within the last four tries.
const outage = `ring: {protocol: %s, detector: %s, successors: 4, stabilize: 2s, bootstrap: seed-server}
timeline:
  - start: {nodes: 20}
  - seed_server: {state: down, keep: %s, at: 10s}
  - join: {nodes: 3, over: 30s}
  - join: {nodes: 2, at: 55s}
  - wait: {at: 59s}
  - measure: {ring: on, as: before}
  - seed_server: {state: up, at: 60s}
  - wait: 30s
  - measure: {ring: on, as: later}
  - restart: {over: 30s}
  - wait: 60s
`

// During an outage joiners wait and give up, and the ring is none the worse. What
// the server knows afterwards decides whether they find the ring.
func TestSeedServerOutage(t *testing.T) {
	for _, protocol := range []string{"corrected", "ton2003", "sigcomm2001"} {
		for _, detector := range []string{"timeout", "perfect"} {
			for _, keep := range []string{"on", "off"} {
				name := strings.Join([]string{protocol, detector, keep}, " ")
				tl := played(t, fmt.Sprintf(outage, protocol, detector, keep), 1)
				var before, later Ring
				for _, r := range tl.result().Rings {
					switch r.Name {
					case "before":
						before = r
					case "later":
						later = r
					}
				}
				if before.Members != 20 || before.Verdict != "ideal" {
					t.Errorf("%s: before the server is up: %+v", name, before)
				}
				if later.Members != 22 {
					t.Errorf("%s: %d members when the waiting have joined, want 22", name, later.Members)
				}
				w, c := tl.w, countedBy(tl)
				if w.members.count != 25 || c["joins given up, no seed server"] != 3 || c["requests that did not reach the seed server"] != 3 {
					t.Errorf("%s: %d members, %v", name, w.members.count, c)
				}
				want, known, founded := "ideal", 25, int64(0)
				if keep == "off" {
					want, known, founded = "split", 5, 2 // two at one instant: neither is known yet
				}
				if word := string(w.takeSnapshot().Word()); word != want || w.seeds.server.Known() != known || c["rings founded, the seed server knew nobody"] != founded {
					t.Errorf("%s: %s, %d known, %v", name, word, w.seeds.server.Known(), c)
				}
				if len(tl.marks) != 5 || tl.marks[0].Label != "seed server down" || tl.marks[3].Label != "seed server up" {
					t.Errorf("%s: marks %v", name, tl.marks)
				}
			}
		}
	}
}

// An empty ring is not founded while the server is down: the first would ask it,
// too.
func TestNobodyFoundsWithoutTheSeedServer(t *testing.T) {
	tl := played(t, `ring: {successors: 4, stabilize: 2s, bootstrap: seed-server}
timeline:
  - seed_server: down
  - join: {nodes: 10, over: 10s}
  - wait: 20s
  - measure: {ring: on, as: down}
  - seed_server: up
  - restart: all
  - await: {ring: ideal, within: 10m, as: whole}
`, 1)
	if n := membersOf(t, tl, "down"); n != 0 {
		t.Errorf("%d members while the server is down", n)
	}
	if tl.w.members.count != 10 || !awaitOf(t, tl, "whole").Held || tl.w.seeds.server.Known() != 10 {
		t.Errorf("%+v, %d known", tl.w.ring(""), tl.w.seeds.server.Known())
	}
}

// The poll finds the dead in two rounds at most, one node every 5 s, and no
// others; a perfect detector spares it the 15 s.
func TestSeedServerPollDropsTheDead(t *testing.T) {
	for _, detector := range []string{"timeout", "perfect"} {
		tl := bed(t, fmt.Sprintf(`ring: {detector: %s, successors: 8, bootstrap: seed-server}
timeline:
  - start: {nodes: 20}
  - leave: {count: 3}
  - fail: {count: 4, at: 12s}
  - wait: {at: 400s}
`, detector), 1, RunOptions{})
		w := tl.w
		var drops []sim.Time
		w.everyBarrier(func(now sim.Time) {
			for 20-len(drops) > w.seeds.server.Known() {
				drops = append(drops, now)
			}
		})
		play(t, tl)
		if len(drops) != 7 {
			t.Fatalf("%s: %d dropped, want 7", detector, len(drops))
		}
		first, last := 5*sim.Time(Second), sim.Time(12*Second)+2*20*5*sim.Time(Second)
		if detector == "timeout" {
			first += 15 * sim.Time(Second)
			last += 15 * sim.Time(Second)
		}
		if drops[0] < first || drops[6] > last {
			t.Errorf("%s: dropped at %v, want all between %v and %v", detector, drops, first, last)
		}
		if c := countedBy(tl); c["nodes dropped by the poll of the seed server"] != 7 || c["members reported dead to the seed server"] != 0 {
			t.Errorf("%s: %v", detector, c)
		}
		for _, a := range w.alive() {
			before := w.seeds.server.Known()
			if w.seeds.server.Register(w.nodes[a].Self()); w.seeds.server.Known() != before {
				t.Errorf("%s: %d lives and is not known", detector, a)
			}
		}
	}
}

// A dead seed is reported by the joiner that it was named to, which then finds
// another; a living one that only lost the messages is reported, too, and that is
// counted.
func TestUselessSeedsAreReported(t *testing.T) {
	for _, lookup := range []string{"iterative", "recursive, hop_ack: off"} { // the second has no timeout but that of the lookup
		tl := played(t, fmt.Sprintf(`ring: {successors: 8, stabilize: 1s, bootstrap: seed-server, lookup: %s}
timeline:
  - start: {nodes: 20}
  - fail: {count: 10}
  - wait: 20s
  - join: {nodes: 10, over: 10s}
  - await: {ring: ideal, within: 10m, as: whole}
`, lookup), 1)
		w, c := tl.w, countedBy(tl)
		if reports := w.sentOf(seed.DeadNode); reports < 3 || w.seeds.server.Known() > 30-3 {
			t.Errorf("%s: %d reports, %d known", lookup, reports, w.seeds.server.Known())
		}
		if w.members.count != 20 || !awaitOf(t, tl, "whole").Held || c["members reported dead to the seed server"] != 0 {
			t.Errorf("%s: %+v, %v", lookup, w.ring(""), c)
		}
	}
	tl := played(t, `ring: {successors: 8, stabilize: 1s, bootstrap: seed-server}
network: {loss: 20%}
timeline:
  - start: {nodes: 20}
  - join: {nodes: 40, over: 40s}
  - wait: 1m
`, 1)
	if c := countedBy(tl); c["members reported dead to the seed server"] == 0 {
		t.Errorf("of %d reports none was of a member: %v", tl.w.sentOf(seed.DeadNode), c)
	}
}

// A member that has lost its whole list asks the server for its way back, again
// and again while it is down.
func TestTheCutOffAskTheSeedServer(t *testing.T) {
	text := `ring: {successors: 2, stabilize: 2s, check_predecessor: 2s, fix_fingers: 0s, detector: perfect, bootstrap: seed-server}
timeline:
  - start: {nodes: 60, settled: off}
  - seed_server: {state: down, keep: on}
  - fail: {fraction: 50%}
  - wait: 60s
  - measure: {ring: on, as: down}
  - seed_server: up
  - await: {ring: ideal, within: 10m, as: whole}
`
	tl := played(t, text, 1)
	down := tl.result().Rings[0]
	if down.CutOff == 0 || down.Verdict != "broken" {
		t.Errorf("while the server is down: %+v", down)
	}
	// 8 s of tries and a period of 2 s, in 60 s: 6 times 4 tries each.
	if asked := tl.w.sentOf(seed.GetSeed); asked < down.CutOff*20 {
		t.Errorf("%d cut off ask %d times", down.CutOff, asked)
	}
	if !awaitOf(t, tl, "whole").Held {
		t.Errorf("when it is up: %+v", tl.w.ring(""))
	}
}

// The guard looks at messages in flight; those for the seed server and its
// reports about itself are none of its business, even if their numbers are.
func TestGuardIsBlindToTheSeedServer(t *testing.T) {
	tl := played(t, `ring: {successors: 4, stabilize: 2s, bootstrap: seed-server, detector: perfect}
timeline:
  - start: {nodes: 30}
  - churn: {for: 2m, joins: 60/m, departures: 60/m, guarded: on}
  - await: {ring: ideal, within: 10m, as: whole}
`, 1)
	if !awaitOf(t, tl, "whole").Held || tl.w.sentOf(seed.GetSeed) < 50 || tl.result().Ring.CutOff != 0 {
		t.Errorf("%+v", tl.w.ring(""))
	}
	w := bed(t, "ring: {successors: 2, stabilize: 1s, fix_fingers: 0s, check_predecessor: 0s, bootstrap: seed-server, detector: perfect}\ntimeline: [{start: {nodes: 20}}]\n", 1, RunOptions{}).w
	w.settle(w.place(20))
	asking := func() (a chord.Addr, call uint32) {
		w.engine.Pending(func(h sim.Header, m *chord.Message, _ []chord.Peer) {
			if m.Kind == chord.GetState && m.Slot == 0 {
				a, call = chord.Addr(h.From), m.Call
			}
		})
		return a, call
	}
	for a, _ := asking(); a == 0; a, _ = asking() {
		w.run(w.engine.Now() + 10*sim.Time(Millisecond))
	}
	// Were a's successor found dead, only the second of its list would be left:
	// that one could not go.
	secondMayGo := func(flags uint8) bool {
		a, call := asking()
		server := sim.Addr(w.seeds.addr)
		h := sim.Header{At: w.engine.Now() + sim.Time(Second), From: server, To: sim.Addr(a), Seq: w.engine.Shard(server).Next(server)}
		w.engine.Inject(h, &chord.Message{Kind: chord.Bounce, Call: call, Flags: flags}, nil)
		s, _ := w.withGhosts()
		i, _ := s.Index(w.nodes[a].Entry(1))
		return chord.NewGuard(s).CanRemove(i)
	}
	if !secondMayGo(chord.FlagLayer) {
		t.Error("the guard takes the bounce of a client for one of the ring")
	}
	if secondMayGo(0) {
		t.Error("the guard overlooks a bounce of the ring")
	}
}

// A trace names what goes to and comes from the server.
func TestTraceNamesSeedMessages(t *testing.T) {
	var out bytes.Buffer
	sc, err := Parse("x.yaml", []byte("name: x\nring: {bootstrap: seed-server, successors: 2}\ntimeline: [{start: {nodes: 4}}, {join: {nodes: 1}}, {wait: 6s}]\n"), Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Run(context.Background(), sc, RunOptions{Trace: &TraceOptions{To: &out}}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`"from":0,"to":5,"seq":4,"kind":"join"`, `{"at":"50ms","from":5,"to":6,"seq":0,"kind":"get_seed"`, `{"at":"100ms","from":6,"to":5,`, `"kind":"seed_is","call":1,"a":"`,
		`"kind":"add_node"`, `"kind":"seed_ack"`, `"kind":"timer seed_try"`, `"kind":"timer seed_poll"`, `"kind":"seed_poll"`, `"kind":"seed_poll_ack"`,
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %s in\n%s", want, out.String())
		}
	}
}

// Messages of the seed server have kinds of their own in the traffic, and sizes by
// the rule; without it there are none of them.
func TestTrafficOfTheSeedServer(t *testing.T) {
	text := `ring: {%s, stabilize: 0s, fix_fingers: 0s, check_predecessor: 0s, successors: 2, bootstrap: %s}
network: {message_size: {header: 100, per_id: 10}}
timeline: [{start: {nodes: 4}}, {join: {nodes: 1}}, {wait: 6s}]
`
	w := played(t, fmt.Sprintf(text, "protocol: corrected", "seed-server"), 1).w
	for kind, want := range map[chord.Kind]traffic{
		seed.GetSeed: {1, 120}, seed.SeedIs: {1, 120}, seed.AddNode: {1, 120}, seed.Ack: {1, 100}, seed.Poll: {1, 100}, seed.PollAck: {1, 100}, seed.DeadNode: {},
	} {
		if got := w.read().sent[kind]; got != want {
			t.Errorf("%s: %+v, want %+v", kindName(kind), got, want)
		}
	}
	if n := len(w.kinds) - len(ringKinds()); n != 7 {
		t.Errorf("%d kinds of messages of the seed server, want 7", n)
	}
	if w := played(t, fmt.Sprintf(text, "protocol: corrected", "random"), 1).w; len(w.kinds) != len(ringKinds()) {
		t.Errorf("without a seed server there are %d kinds", len(w.kinds))
	}
}

// With a seed server, too, the steady state allocates nothing.
func TestSeedServerDoesNotAllocate(t *testing.T) {
	tl := played(t, "ring: {successors: 4, bootstrap: seed-server}\ntimeline: [{start: {nodes: 100}}, {wait: 10m}]\n", 1)
	if n := testing.AllocsPerRun(10, func() { tl.w.run(tl.w.engine.Now() + 20*sim.Time(Second)) }); n != 0 {
		t.Errorf("%v allocations in 20 s", n)
	}
}

// The scenario of the library shows what it says, with any seed.
func TestSeedServerDownShowsWhatItSays(t *testing.T) {
	data, _ := Open("seed-server-down")
	first := uint64(100)
	sc, err := Parse("seed-server-down.yaml", data, Overrides{Seed: &first, Set: []string{"nodes=100", "repeat=2"}})
	if err != nil {
		t.Fatal(err)
	}
	r, err := Run(context.Background(), sc, RunOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Rows) != 2 || r.Finished() != 4 || len(r.Failures()) != 0 {
		t.Errorf("%d rows, %d runs, failures %v", len(r.Rows), r.Finished(), r.Failures())
	}
}

// The table of runs has columns for the messages of the seed server where there
// were some, and no others.
func TestRunsHaveColumnsForWhatWasSent(t *testing.T) {
	for _, c := range []struct{ bootstrap, with, without string }{
		{"seed-server", "traffic.t.seed_poll.messages_per_node_second", "traffic.t.get_seed.messages_per_node_second"},
		{"random", "traffic.t.no_next.messages_per_node_second", "traffic.t.seed_poll.messages_per_node_second"},
	} {
		sc := mustParse(t, "name: x\nring: {bootstrap: "+c.bootstrap+"}\ntimeline: [{start: {nodes: 4}}, {measure: {traffic: on, over: 1m, as: t}}]\n", Overrides{})
		r, err := Run(context.Background(), sc, RunOptions{})
		if err != nil {
			t.Fatal(err)
		}
		names := map[string]bool{}
		for _, column := range runTable(r, shape{}).Columns {
			names[column.Name] = true
		}
		if !names[c.with] || names[c.without] {
			t.Errorf("%s: columns for %s: %v, for %s: %v", c.bootstrap, c.with, names[c.with], c.without, names[c.without])
		}
	}
}

// The server has a host of its own in every model of the network, be the hosts'
// nodes many: a node is never beside it.
func TestSeedServerHasAHostOfItsOwn(t *testing.T) {
	for _, model := range goldenLatencies {
		sc, err := Parse("testdata/golden/x.yaml", fmt.Appendf(nil, `name: x
ring: {successors: 4, virtual_nodes: 3, bootstrap: seed-server}
network: {latency: %s}
timeline: [{join: {nodes: 10, over: 10s}}, {wait: 1m}]
`, model), Overrides{})
		if err != nil {
			t.Fatal(err)
		}
		plans, err := sc.plans()
		if err != nil {
			t.Fatal(err)
		}
		w, err := plans[0].world(1, RunOptions{Shards: 4})
		if err != nil {
			t.Fatal(err)
		}
		play(t, newTimeline(plans[0], w, 1))
		if h := w.host(w.seeds.addr); h != 11 || w.members.count != 30 || w.seeds.server.Known() != 30 {
			t.Errorf("%s: the server is host %d; %d members, %d known", model, h, w.members.count, w.seeds.server.Known())
		}
	}
}
