//go:build planted

package fuzz

import (
	"context"
	"testing"

	"chordsim/chord"
)

// Each mistake that a test build makes on purpose is found within so many draws,
// by a run that keeps the assumptions of the proof; without one nothing is.
func TestPlantedBugsAreFound(t *testing.T) {
	const draws = 1500
	defer func() { chord.Planted = chord.NoBug }()
	for bug := range chord.Bug(chord.NumBugs) {
		chord.Planted = bug
		found, proved := Nothing, 0
		at := uint64(0)
		for ; at < draws && found == Nothing; at++ {
			s := Draw(4, at, "corrected")
			if !s.Proved() {
				continue
			}
			proved++
			v, err := s.Run(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			found = v.Class
		}
		t.Logf("%v: %q after %d draws, %d of them within the proof", bug, found, at, proved)
		if (found == Nothing) != (bug == chord.NoBug) {
			t.Errorf("%v: %d draws found %q", bug, at, found)
		}
	}
}
