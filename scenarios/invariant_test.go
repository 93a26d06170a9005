package scenarios

import (
	"fmt"
	"math/bits"
	"testing"

	"chordsim/chord"
	"chordsim/sim"
)

// breach is a barrier at which the ring is not as the proof has it.
type breach struct {
	at   sim.Time
	what chord.Properties
}

// vigil is what a watch over a run has seen.
type vigil struct {
	barriers, departures int
	breaches             []breach
}

// watchInvariant judges [Zave17]'s invariant, OneLiveSuccessor and
// SufficientPrincipals, at every barrier of a run.
func watchInvariant(w *world) *vigil {
	v := &vigil{}
	before := make([]uint64, len(w.members.live.words))
	w.everyBarrier(func(end sim.Time) {
		v.barriers++
		for i, now := range w.members.live.words {
			v.departures += bits.OnesCount64(before[i] &^ now)
			before[i] = now
		}
		s := w.takeSnapshot()
		var broken chord.Properties
		for _, p := range []chord.Property{chord.OneLiveSuccessor, chord.SufficientPrincipals} {
			if ok, _ := s.Check(p); !ok {
				broken = broken.With(p)
			}
		}
		if broken != 0 {
			v.breaches = append(v.breaches, breach{end, broken})
		}
	})
	return v
}

// busyRing is a small ring that hardly comes to rest: on the average it loses a
// member each second, by a crash or by leaving, and as many join or come back
// with their identifiers, some of them before all others have missed them.
// Latencies are spread widely, so that messages overtake each other.
func busyRing(successors int, join, guarded string) string {
	return fmt.Sprintf(`ring:
  successors: %d
  stabilize: 1s
  fix_fingers: 5s
  check_predecessor: 2s
  detector: perfect
  rules: {join: %s}
network: {latency: {model: exponential, mean: 50ms, min: 5ms}}
timeline:
  - start: {nodes: 16}
  - churn: {for: 2m, joins: 0.4/s, departures: 0.2/s, depart: crash, guarded: %[3]s, background: on}
  - churn: {for: 2m, departures: 0.2/s, depart: leave, guarded: %[3]s, background: on}
  - churn:
      for: 2m
      lifetime: {distribution: exponential, mean: 20s}
      downtime: {distribution: exponential, mean: 500ms}
      guarded: %[3]s
output: {sample: 1h}
`, successors, join, guarded)
}

// The invariant of the corrected protocol holds at every barrier of every run,
// as long as departures are guarded and detection is perfect (protocol.md
// §1c.7): 200 seeds for each way of joining and each length of lists.
func TestInvariantHoldsUnderGuard(t *testing.T) {
	seeds := uint64(200)
	if testing.Short() {
		seeds = 10
	}
	for _, join := range []string{"predecessor_list", "through_successor"} {
		for _, r := range []int{2, 3} {
			t.Run(fmt.Sprintf("%s %d", join, r), func(t *testing.T) {
				t.Parallel()
				barriers, departures := 0, 0
				for seed := uint64(1); seed <= seeds; seed++ {
					tl := bed(t, busyRing(r, join, "on"), seed, RunOptions{})
					v := watchInvariant(tl.w)
					play(t, tl)
					if len(v.breaches) > 0 {
						t.Errorf("seed %d: %v is violated at %v", seed, v.breaches[0].what, v.breaches[0].at)
					}
					barriers += v.barriers
					departures += v.departures
				}
				if barriers < 1000*int(seeds) || departures < 50*int(seeds) {
					t.Errorf("%d barriers and %d departures in %d runs show too little", barriers, departures, seeds)
				}
			})
		}
	}
}

// Without the guard the same rings break, and the same watch sees it.
func TestInvariantBreaksWithoutGuard(t *testing.T) {
	for _, join := range []string{"predecessor_list", "through_successor"} {
		for _, r := range []int{2, 3} {
			var seen chord.Properties
			for seed := uint64(1); seed <= 5; seed++ {
				tl := bed(t, busyRing(r, join, "off"), seed, RunOptions{})
				v := watchInvariant(tl.w)
				play(t, tl)
				for _, b := range v.breaches {
					seen |= b.what
				}
			}
			if !seen.Has(chord.OneLiveSuccessor) || !seen.Has(chord.SufficientPrincipals) {
				t.Errorf("%s, lists of %d: only %q was violated in five runs", join, r, seen)
			}
		}
	}
}
