package explore

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"reflect"
	"strings"
	"testing"

	"chordsim/chord"
)

const unrepairable = quick &^ (1 << chord.SufficientPrincipals)

func search1(t *testing.T, m *Model, o Options) *Result {
	t.Helper()
	if o.Workers == 0 {
		o.Workers = 2
	}
	r, err := Search(context.Background(), m, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The corrected protocol on four identifiers, with failures as the proof
// assumes them: no violation anywhere, and every state leads to the ideal ring.
// How many workers share the search changes nothing.
func TestCorrectedHoldsOnFour(t *testing.T) {
	var first *Result
	for workers := 1; workers <= 3; workers++ {
		r := search1(t, presetModel("corrected", 4, Atomic), Options{Properties: quick, Liveness: true, Workers: workers})
		if !r.Exhaustive || r.Violation != nil {
			t.Fatalf("not exhaustive (%s), or violated: %+v", r.Stopped, r.Violation)
		}
		if r.BytesPerState() > 100 {
			t.Errorf("%d bytes a state, want at most 100", r.BytesPerState())
		}
		if first == nil {
			first = r
		}
		if r.States != first.States || r.Transitions != first.Transitions || r.Depth != first.Depth {
			t.Errorf("%d workers: %+v; one: %+v", workers, r.Progress, first.Progress)
		}
	}
	if first.States != 28284 {
		t.Errorf("%d states: another number than ever", first.States)
	}
}

// The same with any number of notifies of a node to another on their way. A short
// test has three identifiers, of which nobody may crash.
func TestCorrectedHoldsWithManyNotifies(t *testing.T) {
	ids, states := 4, int64(445884)
	if testing.Short() {
		ids, states = 3, 11
	}
	m := presetModel("corrected", ids, Atomic)
	m.Many = true
	r := search1(t, m, Options{Properties: quick, Liveness: true, Workers: 2})
	if !r.Exhaustive || r.States != states {
		t.Fatalf("%d states, exhaustive: %v (%s), %+v", r.States, r.Exhaustive, r.Stopped, r.Violation)
	}
}

// The same with notifies that arrive at the next life of whom they were sent to.
func TestCorrectedHoldsWithLateNotifies(t *testing.T) {
	m, states := presetModel("corrected", 4, Atomic), int64(101026)
	m.Late = true
	r := search1(t, m, Options{Properties: quick, Liveness: true, Workers: 2})
	if !r.Exhaustive || r.States != states {
		t.Fatalf("%d states, exhaustive: %v (%s), %+v", r.States, r.Exhaustive, r.Stopped, r.Violation)
	}
}

// replays lets a violation happen again, outside of the search.
func replays(t *testing.T, m *Model, v *Violation) *Outcome {
	t.Helper()
	one := *m
	one.Start = v.Start
	out, err := Replay(&one, v.Events, len(v.Rounds))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestWhatIsFound(t *testing.T) {
	with := func(m *Model, change func(*Model)) *Model { change(m); return m }
	for _, c := range []struct {
		name   string
		m      *Model
		o      Options
		events int
		breaks chord.Property
	}{
		{
			"the ring is lost in five steps, and no fewer ids or steps will do ([Zave12])",
			with(presetModel("zave2012", 2, Atomic), func(m *Model) { m.Start = []int{0} }), Options{Properties: unrepairable}, 5, chord.AtLeastOneRing,
		},
		{
			"two rings where failures are not guarded",
			with(presetModel("corrected", 4, Atomic), func(m *Model) { m.Guard = GuardOff }), Options{Properties: 1 << chord.AtMostOneRing}, 14, chord.AtMostOneRing,
		},
		{
			"the guard is blind to lists in flight",
			with(presetModel("corrected", 4, Messages), func(m *Model) { m.Guard = GuardBlind }), Options{Properties: quick}, 0, chord.SufficientPrincipals,
		},
		{
			"without a perfect detector nothing is sure",
			with(presetModel("corrected", 4, Messages), func(m *Model) { m.Perfect = false }), Options{Properties: quick}, 1, chord.SufficientPrincipals,
		},
		{
			"the published rules of 2003 break, too",
			with(presetModel("ton2003", 4, Atomic), func(m *Model) { m.Guard = GuardEntries }), Options{Properties: unrepairable}, 7, chord.OneLiveSuccessor,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := search1(t, c.m, c.o)
			v := r.Violation
			if v == nil || r.Exhaustive {
				t.Fatalf("nothing found in %d states", r.States)
			}
			if !v.Violated.Has(c.breaks) || c.events > 0 && len(v.Events) != c.events {
				t.Errorf("%v violated after %d events: %v", v.Violated, len(v.Events), v.Events)
			}
			out := replays(t, c.m, v)
			if bad := violations(out.Snapshot, c.o.Properties); bad != v.Violated {
				t.Errorf("replayed it violates %v, found was %v", bad, v.Violated)
			}
			if again := replays(t, c.m, v); again.Digest != out.Digest || out.Handed < int64(len(v.Events)-1)/2 {
				t.Errorf("digest %x after %d events, then %x", out.Digest, out.Handed, again.Digest)
			}
			alone := search1(t, c.m, Options{Properties: c.o.Properties, Workers: 1})
			if !reflect.DeepEqual(alone.Violation, v) || alone.States != r.States {
				t.Errorf("one worker finds %+v in %d states, two %+v in %d", alone.Violation, alone.States, v, r.States)
			}
		})
	}
}

// With chase and no rectify the predecessor of a node that has crashed stays:
// liveness is lost, and fair rounds go around.
func TestLivenessIsLost(t *testing.T) {
	m := presetModel("corrected", 4, Atomic)
	m.Rules.Notify, m.Checks = chord.NotifyCloser, false
	r := search1(t, m, Options{Properties: quick, Liveness: true})
	v := r.Violation
	if v == nil || !v.Stuck || len(v.Rounds) == 0 {
		t.Fatalf("found %+v in %d states", v, r.States)
	}
	if out := replays(t, m, v); out.Snapshot.IsIdeal() {
		t.Error("replayed, the rounds lead to the ideal ring")
	}
}

// A ring that is loopy for a while is not what Find with Liveness looks for: the one
// that it finds comes later, and is loopy after every round of its replay.
func TestWhatStays(t *testing.T) {
	m := presetModel("zave2012", 4, Atomic)
	m.Start = []int{0, 1, 2}
	after := func(v *Violation, rounds int) chord.Word {
		one := *m
		one.Start = v.Start
		out, err := Replay(&one, v.Events, rounds)
		if err != nil {
			t.Fatal(err)
		}
		return out.Snapshot.Word()
	}
	passing := search1(t, m, Options{Find: chord.WordLoopy}).Violation
	if passing == nil || len(passing.Events) != 12 || after(passing, 0) != chord.WordLoopy || after(passing, 5) == chord.WordLoopy {
		t.Fatalf("the first loopy ring is no passing one: %+v", passing)
	}
	v := search1(t, m, Options{Find: chord.WordLoopy, Liveness: true}).Violation
	if v == nil || len(v.Events) <= len(passing.Events) || len(v.Rounds) == 0 {
		t.Fatalf("found %+v", v)
	}
	for rounds := range len(v.Rounds) + 4 {
		if word := after(v, rounds); word != chord.WordLoopy {
			t.Errorf("after %d rounds the ring is %s", rounds, word)
		}
	}
}

// places are what the members of all states that can be reached believe, by states
// that are told apart without regard to what is under way.
func places(m *Model, eager bool) map[string]bool {
	all, known := map[string]bool{}, map[uint64]bool{}
	var queue [][]byte
	w := newWorld(m)
	w.eager = eager
	reached := func() {
		var r records
		w.write(&r)
		first, hash := leastRotation(r.hash[:w.n])
		if known[hash] {
			return
		}
		known[hash] = true
		queue = append(queue, r.appendState(nil, w.n, first))
		least := ""
		for turn := range w.n {
			text := ""
			for d := range w.n {
				n := &w.nodes[(turn+d)%w.n]
				if !n.InRing() {
					text += "-;"
					continue
				}
				text += fmt.Sprint(distance(w, turn, n.Pred))
				for k := range n.ListLen() {
					text += fmt.Sprint(" ", distance(w, turn, n.Entry(k)))
				}
				text += ";"
			}
			if turn == 0 || text < least {
				least = text
			}
		}
		all[least] = true
	}
	for _, members := range m.starts() {
		w.settle(members)
		reached()
	}
	var at records
	for len(queue) > 0 {
		state := queue[0]
		queue = queue[1:]
		at.split(state, w.n)
		w.read(&at)
		for _, e := range w.enabled(nil) {
			w.read(&at)
			w.apply(e)
			reached()
		}
	}
	return all
}

func distance(w *world, from int, p chord.Peer) int {
	if p.None() {
		return -1
	}
	return (int(p.ID) - from + w.n) % w.n
}

// Rounds that begin as early as they may come to all that rounds come to that begin
// at any time.
func TestEagerRoundsLoseNothing(t *testing.T) {
	for _, c := range []struct {
		ids, successors int
		grain           Grain
	}{{3, 1, Messages}, {4, 1, Atomic}, {4, 2, Atomic}} {
		if testing.Short() && c.successors > 1 {
			continue
		}
		m := presetModel("corrected", c.ids, c.grain)
		m.Successors = c.successors
		if !m.eager() {
			t.Fatal("the model is not eager at all")
		}
		early, any := places(m, true), places(m, false)
		if !maps.Equal(early, any) {
			t.Errorf("%+v: %d places of nodes, and %d with rounds at any time", c, len(early), len(any))
		}
		t.Logf("%+v: %d places", c, len(early))
	}
}

// A node that asks for ever, in every fair round, keeps no other from having its
// answers, nor from going on to the next round.
func TestFairRoundsServeEverybody(t *testing.T) {
	m := presetModel("corrected", 4, Atomic)
	m.Rules.BetterSuccessor, m.Rules.ClearPredecessor = chord.BetterAdopt, false
	v := search1(t, m, Options{Properties: quick, Liveness: true}).Violation
	if v == nil || !v.Stuck || len(v.Rounds) == 0 {
		t.Fatalf("found %+v", v)
	}
	most := 0
	for r, round := range v.Rounds {
		served := map[uint8]int{}
		for _, e := range round {
			if e.Kind == Query {
				served[e.Node]++
			}
		}
		for i := range uint8(3) { // 3 has crashed
			most = max(most, served[i])
			if served[i] == 0 {
				t.Errorf("round %d: node %d has no answer: %v", r+1, i, served)
			}
		}
	}
	if most < 20 {
		t.Errorf("nobody asks for ever: at most %d times a round", most)
	}
}

// A search that was cut short says so.
func TestLimits(t *testing.T) {
	r := search1(t, presetModel("corrected", 4, Messages), Options{Properties: quick, Depth: 6})
	if r.Exhaustive || r.Depth != 6 || !strings.Contains(r.Stopped, "depth 6") || r.Waiting == 0 {
		t.Errorf("depth 6: %+v", r)
	}
	r = search1(t, presetModel("corrected", 5, Messages), Options{Properties: quick, Memory: 6 << 20})
	if r.Exhaustive || !strings.Contains(r.Stopped, "memory") || r.Peak > 6<<20 {
		t.Errorf("6 MB: %+v", r)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if r, err := Search(ctx, presetModel("corrected", 4, Messages), Options{Properties: quick}); err != nil || r.Exhaustive || r.Stopped != "interrupted" {
		t.Errorf("interrupted: %+v, %v", r, err)
	}
}

func TestModelsThatAreRefused(t *testing.T) {
	echord, _, _ := chord.Preset("echord", 2)
	for want, m := range map[string]*Model{
		"ids is 9: want 1 to 8":         {IDs: 9, Successors: 2},
		"successors is 7: want 1 to 6":  {IDs: 8, Successors: 7},
		"does not fit into 2 ids":       {IDs: 2, Successors: 2},
		"start: 4 is no identifier":     {IDs: 4, Successors: 2, Start: []int{0, 4}},
		"rules of echord rest on finge": {IDs: 4, Successors: 2, Rules: echord},
	} {
		if _, err := Search(context.Background(), m, Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q", m, err, want)
		}
	}
}

func TestReplayRefusesWhatCannotHappen(t *testing.T) {
	m := presetModel("corrected", 4, Atomic)
	m.Start = []int{0, 1, 2}
	_, err := Replay(m, []Event{{Kind: Join, Node: 3, Peer: 2}, {Kind: Join, Node: 3, Peer: 2}}, 0)
	if err == nil || !strings.HasPrefix(err.Error(), `event 2, "join 3 2", cannot happen there; what can: `) {
		t.Error(err)
	}
}

func TestDiagrams(t *testing.T) {
	m := presetModel("zave2012", 2, Atomic)
	m.Start = []int{0}
	v := search1(t, m, Options{Properties: unrepairable}).Violation
	var mermaid, svg bytes.Buffer
	if err := WriteMermaid(&mermaid, m, v); err != nil {
		t.Fatal(err)
	}
	if err := WriteSVG(&svg, m, v); err != nil {
		t.Fatal(err)
	}
	want := "sequenceDiagram\n    participant n0 as 0\n    participant n1 as 1\n    n1->>n0: join\n    n0-->>n1: list\n"
	if !strings.HasPrefix(mermaid.String(), want) || !strings.Contains(mermaid.String(), "Note over n1: crashes") {
		t.Errorf("%s", &mermaid)
	}
	if s := svg.String(); strings.Count(s, "<line") != 2+3 || !strings.Contains(s, ">crashes<") || !strings.HasSuffix(s, "</svg>\n") {
		t.Errorf("%s", s)
	}
}
