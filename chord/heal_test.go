package chord

import (
	"testing"

	"pgregory.net/rapid"
)

// A settled ring from which members vanish or take their leave heals by its
// rounds, as long as every member keeps a live entry and r+1 remain (protocol
// 1c.7): the survivors end with the right predecessors, lists and fingers.
func TestRingHeals(t *testing.T) {
	for _, c := range []struct{ name, preset, setting string }{
		{"ton2003", "ton2003", "tries=1"},
		{"corrected", "corrected", "tries=2"},
		{"corrected, perfect", "corrected", "detector=perfect"},
		{"corrected, perfect after the timeout", "corrected", "detector=after"},
		{"corrected, acknowledged", "corrected", "lookup=acked"},
		{"echord", "echord", "tries=1"},
		{"echord, perfect", "echord", "detector=perfect"},
	} {
		t.Run(c.name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) { heal(t, c.preset, c.setting) })
		})
	}
}

func heal(t *rapid.T, preset, setting string) {
	r := rapid.IntRange(2, 4).Draw(t, "r")
	runs, rounds := r, 4
	if preset == "echord" {
		// It gives up the last entry of a list untried, and a list that has
		// become short grows by one entry a round. Fingers are drawn at random.
		r, runs, rounds = r+2, (r+2)/2, 24
	}
	m := newMiniature(preset, r)
	m.mute = true
	if err := m.apply(setting); err != nil {
		t.Fatal(err)
	}
	ids := rapid.SliceOfNDistinct(rapid.Uint64Range(1, 255), r+1, 14, rapid.ID).Draw(t, "ids")
	m.settle(ids...)

	// No r neighbours go (half as many of E-Chord's): m.settle has sorted ids, so
	// runs are easy to bound.
	gone := make([]bool, len(ids))
	left := len(ids)
	for i := range ids {
		if left > r+1 && rapid.Bool().Draw(t, "goes") {
			gone[i] = true
			if longestRun(gone) >= runs {
				gone[i] = false
				continue
			}
			left--
		}
	}
	var stay []uint64
	for i, id := range ids {
		switch {
		case !gone[i]:
			stay = append(stay, id)
		case rapid.Bool().Draw(t, "leaves"):
			m.command(id, Message{Kind: CmdLeave})
		default:
			m.crash(id)
		}
		for range rapid.IntRange(0, 3).Draw(t, "messages") {
			if len(m.flight) > 0 {
				m.arrive(rapid.IntRange(0, len(m.flight)-1).Draw(t, "message"))
			}
		}
	}
	for range rounds * len(ids) {
		for _, id := range stay {
			for _, kind := range []timerKind{timerStabilize, timerFixFingers, timerCheckPredecessor} {
				m.fire(id, kind)
				if !m.run(true) {
					t.Fatalf("the messages of a round never end")
				}
			}
		}
	}
	checkNodes(t, m, false)
	checkIdeal(t, m, stay)
	if m.out.Counters[CountCutOff] > 0 {
		t.Fatalf("%d nodes were cut off", m.out.Counters[CountCutOff])
	}
}

// longestRun is the length of the longest run of true around a ring.
func longestRun(ring []bool) (longest int) {
	run := 0
	for i := range 2 * len(ring) {
		if run++; !ring[i%len(ring)] {
			run = 0
		}
		longest = max(longest, run)
	}
	return longest
}
