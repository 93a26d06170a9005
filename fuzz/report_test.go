package fuzz

import (
	"context"
	"testing"

	"chordsim/chord"

	"github.com/google/go-cmp/cmp"
)

// found is a run of a preset under an assumption, and what it came to.
func found(protocol string, assumes Assumption, v Verdict) *Finding {
	s := proved()
	s.Protocol = protocol
	switch assumes {
	case Proof:
		v.Promised = true
	case Perfect:
		s.Steps[1].Fields = s.Steps[1].Fields[:1]
	case Timeouts, Loss, Partition:
		s.Ring = s.Ring[:1]
	}
	switch assumes {
	case Loss:
		s.Steps = append(s.Steps, Step{Verb: "loss"})
	case Partition:
		s.Steps = append(s.Steps, Step{Verb: "partition"})
	}
	return &Finding{Scenario: s, Verdict: v}
}

// Each run is counted in the row of its preset and of what it assumes, under its
// class, and once more if it was violated on the way, healed, or ended empty.
func TestRunsAreCountedInTheirRows(t *testing.T) {
	two := chord.Properties(0).With(chord.AtMostOneRing)
	var r Report
	for _, f := range []*Finding{
		found("echord", Timeouts, Verdict{Class: Lost, Violated: two, Healed: true}),
		found("corrected", Partition, Verdict{Class: Split, Violated: two}),
		found("corrected", Proof, Verdict{}),
		found("corrected", Loss, Verdict{Violated: two, Healed: true}),
		found("corrected", Loss, Verdict{Class: Split, Violated: two}),
		found("corrected", Loss, Verdict{Class: Split, Violated: two}),
		found("corrected", Loss, Verdict{Class: Broken, Violated: two}),
		found("corrected", Loss, Verdict{Class: Loopy, Violated: two}),
		found("corrected", Loss, Verdict{Class: Stuck}),
		found("corrected", Timeouts, Verdict{Class: Stuck, Violated: two}),
		found("corrected", Timeouts, Verdict{Class: Panics}),
		found("corrected", Perfect, Verdict{Empty: true, Violated: two}),
		found("ton2003", Perfect, Verdict{Class: Unreadable}),
		found("ton2003", Perfect, Verdict{Class: Wrong}),
		found("corrected", Proof, Verdict{Class: Unsafe, Violated: two, Healed: true}),
	} {
		r.count(f)
	}
	r.sort()
	want := []Row{
		{"corrected", Proof, 2, 1, 1, 0, map[Class]int{Unsafe: 1}},
		{"corrected", Perfect, 1, 1, 0, 1, map[Class]int{}},
		{"corrected", Timeouts, 2, 1, 0, 0, map[Class]int{Stuck: 1, Panics: 1}},
		{"corrected", Loss, 6, 5, 1, 0, map[Class]int{Split: 2, Broken: 1, Loopy: 1, Stuck: 1}},
		{"corrected", Partition, 1, 1, 0, 0, map[Class]int{Split: 1}},
		{"ton2003", Perfect, 2, 0, 0, 0, map[Class]int{Unreadable: 1, Wrong: 1}},
		{"echord", Timeouts, 1, 1, 1, 0, map[Class]int{Lost: 1}},
	}
	if diff := cmp.Diff(want, r.Rows); diff != "" {
		t.Error(diff)
	}
	if n := r.violations(); n != 12 || len(r.Findings) != 12 {
		t.Errorf("%d violations in all and %d findings, want 12 each", n, len(r.Findings))
	}
}

// The rows add up: of the runs that were violated on the way, those that did not heal
// ended split, loopy or broken, stuck or empty; and a ring that ends split, loopy or
// broken was seen so on the way.
func TestRowsAddUp(t *testing.T) {
	r, err := Search(context.Background(), Options{Seed: 8, Runs: 300, Jobs: 2, Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	runs := 0
	for _, row := range r.Rows {
		runs += row.Runs
		least := row.Healed + row.Count[Split] + row.Count[Loopy] + row.Count[Broken]
		if most := least + row.Count[Stuck] + row.Empty; row.Violated < least || row.Violated > most {
			t.Errorf("%s, %s: %d violated on the way; by the ends it is %d to %d", row.Protocol, row.Assumes, row.Violated, least, most)
		}
	}
	if runs != 300 || len(r.Rows) < 12 {
		t.Errorf("%d runs in %d rows", runs, len(r.Rows))
	}
}

// A violation of what is promised breaks a search, whether a run that was drawn has
// it or one that was made smaller.
func TestWhatIsPromised(t *testing.T) {
	var failed Report
	failed.count(found("echord", Loss, Verdict{Class: Panics}))
	if !failed.Broken() {
		t.Error("chordsim itself may fail")
	}
	for _, assumes := range Assumptions {
		f := found("corrected", assumes, Verdict{Class: Stuck})
		var drawn Report
		drawn.count(f)
		made := Report{Findings: []Finding{*f}}
		if drawn.Broken() != (assumes == Proof) || made.Broken() != (assumes == Proof) {
			t.Errorf("%s: broken %v if it was drawn, %v if it was made", assumes, drawn.Broken(), made.Broken())
		}
	}
}

// Of several findings of one class, preset and assumption the smallest stays.
func TestTheSmallestFindingsStay(t *testing.T) {
	large := found("corrected", Loss, Verdict{Class: Split, Digest: "large"})
	large.Steps[0].Fields[0].N = 9
	r := Report{Findings: []Finding{
		*found("ton2003", Loss, Verdict{Class: Split}),
		*large,
		*found("corrected", Loss, Verdict{Class: Stuck}),
		*found("corrected", Loss, Verdict{Class: Split, Digest: "small"}),
		*found("corrected", Timeouts, Verdict{Class: Split}),
	}}
	r.keepSmallest()
	var got []string
	for _, f := range r.Findings {
		got = append(got, f.Title()+" "+f.Digest)
	}
	if diff := cmp.Diff([]string{
		"split under corrected, timeouts ", "split under corrected, timeouts, loss small", "stuck under corrected, timeouts, loss ",
		"split under ton2003, timeouts, loss ",
	}, got); diff != "" {
		t.Error(diff)
	}
}

// A smaller scenario breaks in the same way if it assumes as much or more.
func TestWhatBreaksInTheSameWay(t *testing.T) {
	f := found("corrected", Timeouts, Verdict{Class: Split})
	for i, assumes := range Assumptions {
		s := found("corrected", assumes, Verdict{Class: Split})
		if got := f.breaksSo(s.Scenario, &s.Verdict); got != (i <= 2) {
			t.Errorf("a split with %s for one with timeouts: %v", assumes, got)
		}
	}
	if stuck := found("corrected", Timeouts, Verdict{Class: Stuck}); f.breaksSo(stuck.Scenario, &stuck.Verdict) {
		t.Error("a ring that is stuck is not split")
	}
}
