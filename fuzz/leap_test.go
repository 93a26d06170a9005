package fuzz

import (
	"testing"

	"chordsim/scenarios"
	"chordsim/sim"
)

// What is drawn from the parts of a finding is smaller or small, leaves the finding as
// it is, and is a scenario.
func TestMiniaturesAreSmaller(t *testing.T) {
	drawn, small, unfit := 0, 0, 0
	for i := range uint64(40) {
		f := Finding{Scenario: Draw(9, i, "")}
		if f.small() {
			continue
		}
		text := f.Text("", "")
		nodes, steps := f.Size()
		for k := range uint64(30) {
			c := f.miniature(sim.NewRand(sim.NewStream(1, k, streamLeap)))
			if c == nil {
				continue
			}
			drawn++
			m := Finding{Scenario: c}
			if n, s := m.Size(); m.small() {
				small++
			} else if n > nodes || s > steps || n+s == nodes+steps {
				t.Errorf("draw %d: of %d nodes and %d steps came %d and %d", i, nodes, steps, n, s)
			}
			if _, err := scenarios.Parse("miniature", []byte(c.Text("miniature", "")), scenarios.Overrides{}); err != nil {
				unfit++
			}
		}
		if f.Text("", "") != text {
			t.Fatalf("draw %d was changed by what was drawn from it", i)
		}
	}
	if drawn < 300 || small < drawn/10 || unfit > drawn/10 {
		t.Errorf("%d were drawn, %d of them small and %d no scenarios", drawn, small, unfit)
	}
}

// Where reductions end, leaps go on, to the same end every time.
func TestLeapsGoOn(t *testing.T) {
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
		nodes, steps := f.Size()
		was, wereSteps := reduced.Size()
		if f.Class != v.Class || place(Assumptions, f.Assumes()) > place(Assumptions, s.Assumes()) {
			t.Errorf("draw %d: %s, %s came to %s, %s", i, v.Class, s.Assumes(), f.Class, f.Assumes())
		}
		if again, err := f.Run(t.Context()); err != nil || again.Class != f.Class || again.Digest != f.Digest {
			t.Errorf("draw %d: run again it comes to %s, %s: %v", i, again.Class, again.Digest, err)
		}
		if twice, err := Shrink(t.Context(), s, v, limit); err != nil || twice.Digest != f.Digest || twice.Runs != f.Runs {
			t.Errorf("draw %d: shrunk twice it is %s after %d runs and %s after %d: %v", i, f.Digest, f.Runs, twice.Digest, twice.Runs, err)
		}
		if nodes+steps >= was+wereSteps {
			t.Errorf("draw %d: reductions came to %d nodes and %d steps, and leaps to %d and %d", i, was, wereSteps, nodes, steps)
		}
		on++
	}
}
