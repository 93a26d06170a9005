package fuzz

import (
	"testing"

	"chordsim/sim"
)

func drawingOf(n uint64) *drawing {
	return &drawing{rand: sim.NewRand(sim.NewStream(1, n, streamDrift))}
}

// Where reductions end, drifting goes on, to the same end every time.
func TestDriftingGoesOn(t *testing.T) {
	const limit = 25 // reductions that are cut short
	for i, on := uint64(0), 0; on < 3; i++ {
		if i == 100 {
			t.Fatal("hardly a draw of a hundred is large after its reductions")
		}
		s := Draw(9, i, "sigcomm2001")
		v, err := s.Run(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		reduced := Finding{Scenario: s, Verdict: v}
		if v.Class == Nothing || reduced.reduceAll(t.Context(), limit) != nil || reduced.small() {
			continue
		}
		f, err := Shrink(t.Context(), s, v, limit)
		if err != nil {
			t.Fatal(err)
		}
		excess, all := f.much()
		was, wereAll := reduced.much()
		if f.Class != v.Class || place(Assumptions, f.Assumes()) > place(Assumptions, s.Assumes()) {
			t.Errorf("draw %d: %s, %s came to %s, %s", i, v.Class, s.Assumes(), f.Class, f.Assumes())
		}
		if again, err := f.Run(t.Context()); err != nil || again.Class != f.Class || again.Digest != f.Digest {
			t.Errorf("draw %d: run again it comes to %s, %s: %v", i, again.Class, again.Digest, err)
		}
		if twice, err := Shrink(t.Context(), s, v, limit); err != nil || twice.Digest != f.Digest || twice.Runs != f.Runs {
			t.Errorf("draw %d: shrunk twice it is %s after %d runs and %s after %d: %v", i, f.Digest, f.Runs, twice.Digest, twice.Runs, err)
		}
		if excess >= was || all >= wereAll {
			t.Errorf("draw %d: reductions came to %d beyond and %d in all, drifting to %d and %d", i, was, wereAll, excess, all)
		}
		on++
	}
}

// A drift changes times and durations, identifiers, and what there is; who joins through
// a host goes on to do so when that gets another number.
func TestDriftsGoAside(t *testing.T) {
	join := Step{Verb: "join", At: 2000, Fields: []Field{hosts([]uint32{4}), word("through", "3")}}
	s := &Scenario{Protocol: "ton2003", Seed: 1, Ring: []Field{count("successors", 2, 2)}, Steps: []Step{
		{Verb: "start", Fields: []Field{hosts([]uint32{1, 3})}}, join,
		{Verb: "pause", At: 3000, Fields: []Field{lasting("for", 4000, 100), hosts([]uint32{4})}},
	}}
	times, durations, others, fewer := 0, 0, 0, 0
	for k := range uint64(400) {
		c := s.aside(drawingOf(k))
		if len(c.Steps) < 3 {
			fewer++
			continue
		}
		if at := c.Steps[1].At; at != 2000 {
			times++
		}
		if c.Steps[2].number("for") != 4000 {
			durations++
		}
		if len(c.Steps[0].hosts()) == 2 && c.Steps[0].hosts()[1] != 3 && c.Steps[1].has("through") {
			others++
			if through := text(c.Steps[1].Fields, "through"); through != numeral(c.Steps[0].hosts()[1]) {
				t.Errorf("host 3 is %v, and host 4 joins through %s", c.Steps[0].hosts(), through)
			}
		}
	}
	if times < 20 || durations < 20 || others < 10 || fewer < 20 {
		t.Errorf("%d other times, %d durations, %d hosts, %d fewer steps", times, durations, others, fewer)
	}
}
