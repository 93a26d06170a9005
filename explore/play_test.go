package explore

import (
	"slices"
	"testing"

	"chordsim/chord"
)

// counterexample is one of the published ways to break the original protocol
// ([Zave12]): from node 0 alone, with the repairs that are on, the properties
// fail first at a step, the n-th of that text, and fail at the end unless that
// heals them.
type counterexample struct {
	name   string
	breaks []chord.Property
	way    []chord.Property // fail on the way, too, and at no later step than breaks
	join   bool             // a joiner adopts a live successor only
	better bool             // so does a node that stabilizes
	steps  string
	bad    string // the first bad step
	nth    int
	healed bool // by the last step and by none before
}

var counterexamples = []counterexample{
	{
		name: "merges", breaks: []chord.Property{chord.OrderedMerges}, join: true, better: true,
		steps: "j3 s3 n0 s0 n3 j1 j2 s1 n3 s2 n3 s0 n2", bad: "s0", nth: 2,
	},
	{
		name: "appendages", breaks: []chord.Property{chord.OrderedAppendages}, way: []chord.Property{chord.OrderedMerges}, join: true, better: true,
		steps: "j1 j2 j3 s2 n0 s0 n2 s3 n0 s1 n3 r2 r3 F0 u2 u3 f3 s3 n2", bad: "F0", nth: 1,
	},
	{
		name: "valid-list", breaks: []chord.Property{chord.ValidSuccessorList}, join: true, better: true,
		steps: "j2 s2 n0 s0 n2 j1 r1 j3 s3 n0 s2 n3 r0 s1 n2 s0 n1 F2 u1", bad: "s0", nth: 2, healed: true,
	},
	{
		name: "connected", breaks: []chord.Property{chord.ConnectedAppendages, chord.OneLiveSuccessor}, better: true,
		steps: "j2 s2 n0 s0 n2 r0 F2 j1 u0", bad: "j1", nth: 1,
	},
	{
		name: "ring-lost", breaks: []chord.Property{chord.AtLeastOneRing, chord.OneLiveSuccessor}, join: true,
		steps: "j2 s2 n0 s0 n2 j1 s1 n2 F1 s0 n1 f2", bad: "s0", nth: 2,
	},
	{
		name: "shortest", breaks: []chord.Property{chord.AtLeastOneRing, chord.OneLiveSuccessor},
		steps: "j1 s1 n0 F1 s0", bad: "s0", nth: 1,
	},
}

// zave returns the rules of the model with repairs.
func zave(join, better bool) chord.Rules {
	rules, _, _ := chord.Preset("zave2012", 2)
	if join {
		rules.Join = chord.JoinSuccessorAlive
	}
	if better {
		rules.BetterSuccessor = chord.BetterAdoptAlive
	}
	return rules
}

func stepsOf(t *testing.T, text string) []Step {
	t.Helper()
	steps, err := ParseSteps(text)
	if err != nil {
		t.Fatal(err)
	}
	return steps
}

func holds(p *Play, property chord.Property) bool {
	ok, _ := p.Snapshot().Check(property)
	return ok
}

// nth returns the index of the n-th step of a text.
func nth(steps []Step, text string, n int) int {
	for i, s := range steps {
		if s.String() == text {
			if n--; n == 0 {
				return i
			}
		}
	}
	return -1
}

func TestCounterexamples(t *testing.T) {
	for _, c := range counterexamples {
		t.Run(c.name, func(t *testing.T) {
			steps := stepsOf(t, c.steps)
			bad := nth(steps, c.bad, c.nth)
			p := NewPlay(zave(c.join, c.better), 2)
			p.Found(0)
			met := make([]bool, len(c.way))
			err := p.Steps(steps, func(i int) {
				t.Logf("%v %s", steps[i], p)
				for _, property := range c.breaks {
					ok := holds(p, property)
					if ok != (i < bad) && (i <= bad || c.healed && i < len(steps)-1) {
						t.Errorf("after step %d, %v: %v holds: %v; %s", i+1, steps[i], property, ok, p)
					}
				}
				for k, property := range c.way {
					met[k] = met[k] || !holds(p, property)
				}
			})
			if err != nil {
				t.Fatal(err)
			}
			if slices.Contains(met, false) {
				t.Errorf("of %v not all fail on the way: %v", c.way, met)
			}
			for _, property := range c.breaks {
				if ok := holds(p, property); ok != c.healed {
					t.Errorf("in the end %v holds: %v; %s", property, ok, p)
				}
			}
		})
	}
}

// Each repair stops the counterexamples that it is missing from: where the
// repaired protocol takes every step, or refuses one, nothing is broken.
func TestRepairsStopCounterexamples(t *testing.T) {
	for _, c := range counterexamples {
		if c.join && c.better {
			continue
		}
		p := NewPlay(zave(true, true), 2)
		p.Found(0)
		for i, s := range stepsOf(t, c.steps) {
			err := p.Do(s)
			for _, property := range c.breaks {
				if !holds(p, property) {
					t.Errorf("%s: after step %d, %v (%v), %v fails: %s", c.name, i+1, s, err, property, p)
				}
			}
		}
	}
}

// proved are the properties that the corrected protocol keeps, as long as r+1
// principals remain.
var proved = []chord.Property{
	chord.OneLiveSuccessor, chord.SufficientPrincipals, chord.AtLeastOneRing, chord.AtMostOneRing, chord.OrderedRing, chord.ConnectedAppendages,
}

// The same steps, as far as they can be played, break nothing under the
// corrected rules. The first three nodes are an ideal ring in one step (protocol
// 1c.5), and nothing can happen before; or a base of other nodes is there.
func TestCorrectedStandsCounterexamples(t *testing.T) {
	rules, _, _ := chord.Preset("corrected", 2)
	for _, c := range counterexamples {
		for _, base := range [][]uint64{nil, {0, 10, 20}, {0, 2, 20}, {0, 10, 20, 30}} {
			p := NewPlay(rules, 2)
			p.Principals = true
			joiners := []uint64{0}
			if base != nil {
				p.Settle(base...)
			}
			played := 0
			for i, s := range stepsOf(t, c.steps) {
				if p.Snapshot().Len() > 0 {
					if p.Do(s) == nil {
						played++
					}
				} else if s.Event == StepJoin && !slices.Contains(joiners, s.Node) {
					if joiners = append(joiners, s.Node); len(joiners) == 3 {
						p.Settle(joiners...)
						played++
					}
				}
				for _, property := range proved {
					if p.Snapshot().Len() > 0 && !holds(p, property) {
						t.Errorf("%s upon %v: after step %d, %v, %v fails: %s", c.name, base, i+1, s, property, p)
					}
				}
			}
			if base != nil && played < len(c.steps)/6 {
				t.Errorf("%s upon %v: only %d steps were played", c.name, base, played)
			}
		}
	}
}

// A step is refused where its condition does not hold, by a word that names it,
// and changes nothing.
func TestRefusedSteps(t *testing.T) {
	for _, c := range []struct {
		join       bool
		principals bool
		steps      string
		want       string
	}{
		{false, false, "j0", "step 1, j0: 0 is a member"},
		{false, false, "j2 s2 n0 s0 n2 j3 j1 s1 n2 j1", "step 10, j1: 1 is a member"},
		{false, false, "s4", "step 1, s4: 4 is no member"},
		{false, false, "n0", "step 1, n0: no notify is on its way to 0"},
		{false, false, "j1 s1 F1 n0 n0", "step 5, n0: no notify is on its way to 0"},
		{false, false, "F0", "step 1, F0: 0 is the only member"},
		{false, false, "j1 F0", "step 2, F0: 1 would have no live successor"},
		{false, false, "u0", "step 1, u0: the successor of 0 lives"},
		{false, false, "j2 s2 n0 s0 r0 F2 s0", "step 7, s0: the successor of 0 is dead"},
		{false, false, "j2 s2 n0 s0 r0 F2 r0", "step 7, r0: the successor of 0 is dead"},
		{false, false, "j2 s2 n0 s0 r0 F2 j1 u1", "step 8, u1: 1 has no second successor"},
		{true, false, "j2 s2 n0 s0 r0 F2 j1", "step 7, j1: the successor of every member that 1 could join through is dead"},
		{true, false, "j2 s2 n0 s0 r0 F2 u0 j1 j1", "step 9, j1: 1 is a member"},
		{false, true, "j2 s2 n0 s0 r0 F2", "step 6, F2: no more than 2 principals would remain"},
	} {
		p := NewPlay(zave(c.join, false), 2)
		p.Principals = c.principals
		p.Found(0)
		steps := stepsOf(t, c.steps)
		if err := p.Steps(steps[:len(steps)-1], nil); err != nil {
			t.Errorf("%s: %v", c.steps, err)
			continue
		}
		before := p.String()
		err := p.Do(steps[len(steps)-1])
		if p.String() != before {
			t.Errorf("%s: %s became %s", c.steps, before, p)
		}
		p = NewPlay(zave(c.join, false), 2)
		p.Principals = c.principals
		p.Found(0)
		if all := p.Steps(steps, nil); err == nil || all == nil || all.Error() != c.want {
			t.Errorf("%s: %v, want %s", c.steps, all, c.want)
		}
	}
}

// Parts of a round that are none by the rules are no mistake.
func TestPartsThatAreNone(t *testing.T) {
	rules, _, _ := chord.Preset("corrected", 2)
	rules.ClearPredecessor = false
	p := NewPlay(rules, 2)
	p.Settle(0, 1, 2, 3)
	if err := p.Steps(stepsOf(t, "F2"), nil); err != nil {
		t.Fatal(err)
	}
	before := p.String()
	if err := p.Steps(stepsOf(t, "u1 r1 f3"), nil); err != nil || p.String() != before {
		t.Errorf("%v; %s became %s", err, before, p)
	}
	// By these rules a stabilization itself deals with the dead successor.
	if err := p.Steps(stepsOf(t, "s1 n3"), nil); err != nil || p.String() != "0: 1 2, pred 3; 1: 3 0, pred 0; 3: 0 1, pred 1" {
		t.Errorf("%v; %s", err, p)
	}
}

// A joiner goes through the nearest member before it that has a live successor
// beyond it.
func TestWhoIsAsked(t *testing.T) {
	p := NewPlay(zave(true, false), 2)
	p.Settle(0, 10, 20)
	if err := p.Steps(stepsOf(t, "j5 s5 F10 u5"), nil); err == nil || err.Error() != "step 3, F10: 5 would have no live successor" {
		t.Fatalf("%v; %s", err, p)
	}
	if err := p.Steps(stepsOf(t, "r5 F10 u0 j7 j10"), nil); err != nil {
		t.Fatal(err)
	}
	// 5 has the dead 10 still, which 7 would have to adopt from it; 0 has 20.
	if got, want := p.String(), "0: 20, pred 20; 5: 10 20, pred -; 7: 20, pred -; 10: 20, pred -; 20: 0 10, pred 10"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// A settled ring of any size is ideal, and its rounds leave it so where they
// have no second successor to learn.
func TestSettledPlay(t *testing.T) {
	rules, _, _ := chord.Preset("corrected", 3)
	for n := 1; n <= 6; n++ {
		p := NewPlay(rules, 3)
		var ids []uint64
		for i := range n {
			ids = append(ids, uint64(255-40*i))
		}
		p.Settle(ids...)
		before := p.String()
		for _, id := range ids {
			if err := p.Do(Step{StepStabilize, id}); err != nil {
				t.Fatal(err)
			}
		}
		if !p.Snapshot().IsIdeal() || n > 1 && len(p.held) != n {
			t.Errorf("%d nodes: %s became %s", n, before, p)
		}
	}
}
