package scenarios

import (
	"context"
	"slices"
	"testing"
)

// Each experiment of the papers at a size that takes a moment: it agrees with what was
// published where the number does not depend on the size, and no quantity would if what
// was published were twice as large.
func TestPapersAtReducedSize(t *testing.T) {
	for _, c := range []struct {
		name   string
		set    []string
		repeat int
		// Quantities that are compared at this size; none: all.
		labels []string
	}{
		{"figure-8a", []string{"keys=500000"}, 5, nil},
		{"figure-8b", []string{"nodes=2000", "keys=100000"}, 20, []string{"share of nodes without a key"}},
		{"figure-9", []string{"nodes=2000", "keys=200000", "virtual=10"}, 5, nil},
		{"figure-10a", []string{"nodes=256", "lookups=5000"}, 10, nil},
		{"figure-10b", []string{"lookups=5000"}, 5, []string{"5 hops", "6 hops", "7 hops"}},
		{"figure-11", []string{"nodes=1000", "keys=2000", "p=0.05"}, 20, nil},
		{"figure-12", []string{"rate=0.05", "successors=14", "duration=1h", "reference[1].judge=inside"}, 6, []string{"lists of 14"}},
		{"figure-13", []string{"nodes=90"}, 20, nil},
		{"table-2", []string{"p=0.2", "lookups=2000"}, 10, []string{"mean path", "mean timeouts", "failed lookups"}},
		{"table-3", []string{"rate=0.40"}, 3, nil},
		{"table-4-3d", []string{"mode=recursive", "s=4", "lookups=2000"}, 2, nil},
		{"table-4-transit-stub", []string{"mode=recursive", "s=4", "lookups=2000"}, 2, nil},
	} {
		if testing.Short() && !slices.Contains([]string{"figure-8b", "figure-10a", "figure-13"}, c.name) {
			continue // these take seconds
		}
		t.Run(c.name, func(t *testing.T) {
			compareReduced(t, "papers/"+c.name, Overrides{Set: c.set, Repeat: &c.repeat}, c.labels)
		})
	}
}

func compareReduced(t *testing.T, name string, o Overrides, labels []string) {
	data, ok := Open(name)
	if !ok {
		t.Fatalf("there is no %s", name)
	}
	sc, err := Parse(name, data, o)
	if err != nil {
		t.Fatal(err)
	}
	wanted := map[string]bool{}
	for _, l := range labels {
		wanted[l] = true
	}
	var runs [][]Number
	compared, err := Compare(context.Background(), sc, CompareOptions{Found: func(_ int, _ uint64, numbers []Number) error {
		runs = append(runs, numbers)
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	list, references := compared.Comparisons, sc.Rows()[0].Spec.References
	if len(sc.Rows()) != 1 || len(list) != len(references) {
		t.Fatalf("%d rows with %d of %d comparisons", len(sc.Rows()), len(list), len(references))
	}
	counted := 0
	for i, got := range list {
		r := references[i]
		if len(labels) > 0 && !wanted[r.Label] || len(labels) == 0 && r.Judge == JudgeNone {
			continue
		}
		counted++
		if got.Verdict == Shown || !got.Agrees() {
			t.Errorf("%s: published %v, ours %v ± %v in %v to %v: %s", r.Label, got.Published, got.Ours.Mean, got.Ours.CI95, got.Low, got.High, got.Verdict)
		}
		r.Published = 2*r.Published + 2*r.Tolerance.Absolute.Float()
		r.Low, r.High = r.Low*2, r.High*2
		if off := r.compare(columnOf(runs, i)); off.Agrees() && r.Published > 0 {
			t.Errorf("%s: ours %v ± %v in %v to %v agrees with twice as much, %v, as well: %s", r.Label, off.Ours.Mean, off.Ours.CI95, off.Low, off.High, off.Published, off.Verdict)
		}
	}
	if counted == 0 {
		t.Error("nothing is compared")
	}
}
