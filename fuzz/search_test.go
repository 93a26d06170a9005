package fuzz

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A search finds rings that break under the published forms of Chord, and makes
// them as small as the project says.
func TestSearchFindsSmallScenarios(t *testing.T) {
	for _, protocol := range []string{"ton2003", "sigcomm2001"} {
		r, err := Search(context.Background(), Options{Protocol: protocol, Seed: 1, Runs: 40, Jobs: 2, Limit: 1500})
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Findings) == 0 {
			t.Errorf("40 runs of %s break nothing", protocol)
		}
		for _, f := range r.Findings {
			if f.Class != Broken && f.Class != Split && f.Class != Loopy && f.Class != Stuck {
				continue // stored keys need more
			}
			if nodes, steps := f.Size(); nodes > 6 || steps > 8 {
				t.Errorf("%s has %d nodes and %d steps, more than 6 and 8:\n%s", f.name(), nodes, steps, f.Text("large", ""))
			}
		}
		if r.Broken() {
			t.Errorf("%s promises nothing", protocol)
		}
	}
}

// Nothing breaks that the proof is about.
func TestSearchFindsNothingWhereTheProofHolds(t *testing.T) {
	r, err := Search(context.Background(), Options{Protocol: "corrected", Seed: 2, Runs: 200, Jobs: 2, Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	proof := r.row("corrected", Proof)
	if proof.Runs < 50 {
		t.Errorf("only %d of 200 runs are within the proof", proof.Runs)
	}
	for _, c := range Classes {
		if n := proof.Count[c]; n > 0 {
			t.Errorf("%d runs within the proof are %s", n, c)
		}
	}
}

// The outcome does not depend on how many runs go side by side.
func TestSearchIsAFunctionOfItsSeed(t *testing.T) {
	var reports []*Report
	for _, jobs := range []int{1, 3} {
		r, err := Search(context.Background(), Options{Seed: 5, Runs: 100, Jobs: jobs, Limit: 20})
		if err != nil {
			t.Fatal(err)
		}
		reports = append(reports, r)
	}
	if diff := cmp.Diff(reports[0], reports[1]); diff != "" {
		t.Errorf("one job and three differ:\n%s", diff)
	}
}

// No single reduction of what comes out breaks in the same way.
func TestShrinkingGoesAllTheWay(t *testing.T) {
	s := firstBroken(t, "sigcomm2001", Split)
	v, err := s.Run(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	f, err := Shrink(context.Background(), s, v, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range all(f.Scenario) {
		if v, err := c.Run(context.Background()); err == nil && f.breaksSo(c, &v) {
			t.Errorf("this is smaller, and %s too:\n%s", v.Class, c.Text("smaller", ""))
		}
	}
}

func firstBroken(t *testing.T, protocol string, class Class) *Scenario {
	t.Helper()
	for i := range uint64(1000) {
		s := Draw(1, i, protocol)
		if v, err := s.Run(context.Background()); err == nil && v.Class == class {
			return s
		}
	}
	t.Fatalf("none of 1000 runs of %s is %s", protocol, class)
	return nil
}
