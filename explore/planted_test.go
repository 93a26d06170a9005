//go:build planted

package explore

import (
	"testing"

	"chordsim/chord"
)

// Each mistake that a test build makes on purpose is found by a search, but for the
// stale reply: with a perfect detector there is none. Without one nothing is found.
func TestPlantedBugsAreExplored(t *testing.T) {
	defer func() { chord.Planted = chord.NoBug }()
	for bug := range chord.Bug(chord.NumBugs) {
		chord.Planted = bug
		m := presetModel("corrected", 4, Atomic)
		r := search1(t, m, Options{Properties: quick, Liveness: true, Workers: 2})
		if missed := bug == chord.NoBug || bug == chord.BugStaleReply; missed != (r.Violation == nil) || missed && !r.Exhaustive {
			t.Errorf("%v: %d states, %+v", bug, r.States, r.Violation)
		}
	}
}
