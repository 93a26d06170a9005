// Package fuzz searches for scenarios that break a ring: it draws them from a seed,
// runs them, judges each while faults go on and again when all has healed, and makes
// what breaks as small as it gets.
//
// It promises that what it finds is a function of the seed, the number of runs and
// what was asked for alone; that a small scenario is a file that chordsim run takes,
// and breaks there as it did here; and that a finding is small: no single reduction
// of it (reduce.go) breaks in the same way, under the same assumption or a stronger
// one, as long as the limit of runs to try them was not reached. What is still larger than
// six nodes and eight steps has all that it draws said (named.go), and is carried by a
// random walk to where reductions go on (drift.go).
//
// Drawing is swarm testing (A. Groce and others, "Swarm testing", ISSTA 2012): each
// draw first switches whole classes of faults, sizes and settings off, for what is
// always there hides what it gets in the way of. Shrinking is delta debugging (A.
// Zeller, R. Hildebrandt, "Simplifying and isolating failure-inducing input", IEEE
// TSE 2002) over the parts of a scenario.
//
// Order of reading: scenario.go (what is drawn), classes.go, classes_faults.go and
// draw.go (how), assumptions.go (what a run assumes), judge.go (what is wrong with it),
// observe.go (what is seen on the way), reduce.go, reduce_hosts.go, named.go, drift.go and
// shrink.go (smaller ones),
// search.go and report.go (all of it), corpus.go (what is kept).
package fuzz
