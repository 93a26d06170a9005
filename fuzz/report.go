package fuzz

import (
	"cmp"
	"slices"
	"strings"
)

// Row counts the runs of one preset under one assumption.
type Row struct {
	Protocol string
	Assumes  Assumption
	Runs     int
	// Violated are those in which a property that maintenance cannot restore did not
	// hold on the way; Healed are those of them that were ideal within the bound. The
	// others ended split, loopy or broken, as an ordered ring that is stuck, or empty.
	Violated int
	Healed   int
	Empty    int // nobody was left, of a run that promises nothing
	Count    map[Class]int
}

// Report is what a search came to.
type Report struct {
	Runs     uint64
	Rows     []Row // by preset and assumption; those without a run are left out
	Tally    Tally
	Findings []Finding // made small: one of each class under each preset and assumption
}

// Broken reports whether anything was violated that a preset promises, or chordsim
// itself failed.
func (r *Report) Broken() bool {
	return slices.ContainsFunc(r.Rows, func(row Row) bool { return row.Assumes == Proof && row.Violations() > 0 || row.Count[Panics] > 0 }) ||
		slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Promised })
}

// Violations returns how many of the runs violated anything, by the class of each.
func (r *Row) Violations() int {
	n := 0
	for _, c := range Classes {
		n += r.Count[c]
	}
	return n
}

// violations are those of all rows.
func (r *Report) violations() int {
	n := 0
	for i := range r.Rows {
		n += r.Rows[i].Violations()
	}
	return n
}

// count adds a run, and what it violates to the findings.
func (r *Report) count(f *Finding) {
	r.Tally.add(&f.Tally)
	row := r.row(f.Protocol, f.Assumes())
	row.Runs++
	if f.Violated != 0 {
		row.Violated++
	}
	if f.Healed {
		row.Healed++
	}
	if f.Empty {
		row.Empty++
	}
	if f.Class != Nothing {
		row.Count[f.Class]++
		r.Findings = append(r.Findings, *f)
	}
}

// row returns the row of a preset under an assumption, a new one if there is none.
func (r *Report) row(protocol string, assumes Assumption) *Row {
	i := slices.IndexFunc(r.Rows, func(row Row) bool { return row.Protocol == protocol && row.Assumes == assumes })
	if i < 0 {
		i = len(r.Rows)
		r.Rows = append(r.Rows, Row{Protocol: protocol, Assumes: assumes, Count: map[Class]int{}})
	}
	return &r.Rows[i]
}

// sort puts rows and counts into the order in which they are shown.
func (r *Report) sort() {
	slices.SortFunc(r.Rows, func(a, b Row) int {
		return cmp.Or(cmp.Compare(place(Protocols, a.Protocol), place(Protocols, b.Protocol)),
			cmp.Compare(place(Assumptions, a.Assumes), place(Assumptions, b.Assumes)))
	})
	slices.SortFunc(r.Tally.Counted, func(a, b Met) int { return strings.Compare(a.What, b.What) })
}

// keepSmallest sorts the findings as the rows, and leaves the smallest of each class
// under each preset and assumption, the first of those of one size. What was found under
// a weak assumption may have become small under a stronger one that has a finding, too.
func (r *Report) keepSmallest() {
	same := func(a, b Finding) int {
		return cmp.Or(cmp.Compare(place(Protocols, a.Protocol), place(Protocols, b.Protocol)),
			cmp.Compare(place(Assumptions, a.Assumes()), place(Assumptions, b.Assumes())),
			cmp.Compare(place(Classes, a.Class), place(Classes, b.Class)))
	}
	slices.SortStableFunc(r.Findings, func(a, b Finding) int {
		nodesA, stepsA := a.Size()
		nodesB, stepsB := b.Size()
		return cmp.Or(same(a, b), cmp.Compare(nodesA+stepsA, nodesB+stepsB))
	})
	r.Findings = slices.CompactFunc(r.Findings, func(a, b Finding) bool { return same(a, b) == 0 })
}

func place[T comparable](of []T, what T) int { return slices.Index(of, what) }
