package explore

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"chordsim/chord"

	"pgregory.net/rapid"
)

// presetModel is a model of a preset, with lists of two.
func presetModel(preset string, ids int, grain Grain) *Model {
	rules, _, known := chord.Preset(preset, 2)
	if !known {
		panic("no preset " + preset)
	}
	m := &Model{IDs: ids, Successors: 2, Rules: rules, Grain: grain, Perfect: true, Checks: rules.Notify != chord.NotifyRectify}
	if preset == "zave2012" {
		m.Guard = GuardEntries
	}
	return m
}

// drawModel draws any model there is.
func drawModel(t *rapid.T) *Model {
	preset := rapid.SampledFrom([]string{"corrected", "ton2003", "sigcomm2001", "zave2012"}).Draw(t, "preset")
	m := presetModel(preset, rapid.IntRange(3, 6).Draw(t, "ids"), Grain(rapid.IntRange(0, 1).Draw(t, "grain")))
	if preset != "zave2012" {
		m.Successors = rapid.IntRange(1, min(4, m.IDs-1)).Draw(t, "successors")
		m.Rules, _, _ = chord.Preset(preset, m.Successors)
		m.Rules.TellOldPredecessor = rapid.Bool().Draw(t, "tell")
	}
	m.Perfect = preset == "zave2012" || rapid.Bool().Draw(t, "perfect")
	m.Guard = rapid.SampledFrom([]Guard{GuardOn, GuardOff, GuardBlind, GuardEntries}).Draw(t, "guard")
	m.Drops = rapid.Bool().Draw(t, "drops")
	m.Many = rapid.Bool().Draw(t, "many")
	m.Late = rapid.Bool().Draw(t, "late")
	if preset == "corrected" {
		m.Checks = rapid.Bool().Draw(t, "checks")
		m.Rules.Busy = rapid.Bool().Draw(t, "busy")
		if rapid.Bool().Draw(t, "through") {
			m.Rules.Join = chord.JoinThroughSuccessor
		}
	}
	return m
}

// walk draws events and calls each in every state on the way.
func walk(t *rapid.T, each func(w *world, may []Event)) {
	w := newWorld(drawModel(t))
	starts := w.m.starts()
	w.settle(starts[rapid.IntRange(0, len(starts)-1).Draw(t, "start")])
	for range rapid.IntRange(1, 60).Draw(t, "events") {
		may := w.enabled(nil)
		each(w, may)
		if len(may) == 0 {
			return
		}
		w.apply(may[rapid.IntRange(0, len(may)-1).Draw(t, "event")])
	}
}

func sameRecords(a, b *records, n int) bool {
	for i := range n {
		if !bytes.Equal(a.code[i], b.code[i]) {
			return false
		}
	}
	return true
}

// A world read from its records, or from those of one that is turned around,
// allows the same events, and they lead to the same.
func TestAWorldReadBackGoesOnTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		turn := 0
		walk(t, func(w *world, may []Event) {
			var here, there, turned records
			w.write(&here)
			n := w.n
			turn = (turn + 1) % n
			for i := range n {
				turned.code[i] = here.code[(i+turn)%n]
			}
			twin := newWorld(w.m)
			twin.read(&turned)
			twin.write(&there)
			for i := range n {
				if !bytes.Equal(there.code[i], here.code[(i+turn)%n]) {
					t.Fatalf("record %d is % x, and read and written again % x", i, here.code[(i+turn)%n], there.code[i])
				}
			}
			want := map[Event]bool{}
			for _, e := range may {
				e.Node, e.Peer = uint8((int(e.Node)-turn+n)%n), uint8((int(e.Peer)-turn+n)%n)
				want[e] = true
			}
			for _, e := range twin.enabled(nil) {
				if !want[e] {
					t.Fatalf("%v may happen by %d, and not before that was read back; there: %v", e, turn, may)
				}
				delete(want, e)
				var after, afterTurned records
				original := newWorld(w.m)
				original.read(&here)
				back := e
				back.Node, back.Peer = uint8((int(e.Node)+turn)%n), uint8((int(e.Peer)+turn)%n)
				original.apply(back)
				original.write(&after)
				twin.read(&turned)
				twin.apply(e)
				twin.write(&afterTurned)
				_, one := leastRotation(after.hash[:n])
				if _, other := leastRotation(afterTurned.hash[:n]); one != other {
					t.Fatalf("%v leads elsewhere than turned by %d", back, turn)
				}
			}
			if len(want) > 0 {
				t.Fatalf("%v may not happen any more when the world is read back", want)
			}
		})
	})
}

// What an event does to a world that was never written is what it does to one
// that was: nothing that matters is left out of a record.
func TestARecordLeavesNothingOut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var twin *world
		walk(t, func(w *world, may []Event) {
			var here, there records
			w.write(&here)
			if twin == nil {
				twin = newWorld(w.m)
			} else {
				for _, e := range twin.enabled(nil) { // one of them leads here
					before := *twin
					var kept records
					twin.write(&kept)
					twin.apply(e)
					twin.write(&there)
					if sameRecords(&here, &there, w.n) {
						twin.read(&here)
						return
					}
					*twin = before
					twin.read(&kept)
				}
				t.Fatal("no event of the world that was read back leads to where the other one is")
			}
			twin.read(&here)
		})
	})
}

// The verdicts and guards on small sets are those of package chord.
func TestVerdictsAreThoseOfASnapshot(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		walk(t, func(w *world, _ []Event) {
			s := w.snapshot()
			if got, want := w.violated(quick), violations(s, quick); got != want {
				t.Fatalf("violated: %v; of the snapshot: %v", got, want)
			}
			if ideal := s.IsIdeal(); !w.parts && w.ideal() != ideal {
				t.Fatalf("ideal: %v; the snapshot: %v", w.ideal(), ideal)
			}
			word := s.Word()
			if word == chord.WordIdeal {
				word = chord.WordRing
			}
			if w.word() != word {
				t.Fatalf("%v; the snapshot: %v", w.word(), word)
			}
			if w.m.Guard == GuardOn && s.Len() > 1 {
				guard, may := chord.NewGuard(s), w.guard()
				for i := range s.Len() {
					id := int(s.Member(i).ID)
					if got, want := may>>id&1 != 0, guard.CanRemove(i); got != want {
						t.Fatalf("node %d may crash: %v; by the guard: %v", id, got, want)
					}
				}
			}
		})
	})
}

func TestEventsReadAsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		walk(t, func(w *world, may []Event) {
			for _, e := range may {
				back, err := ParseEvent(e.String(), w.n)
				if err != nil || back != e {
					t.Fatalf("%q is read as %v, %v", e, back, err)
				}
				if e.Words() == e.String() {
					t.Fatalf("%v is not said in words", e)
				}
			}
		})
	})
	for text, want := range map[string]string{
		"":                       "an event is empty",
		"jion 3 2":               `no event is called "jion"`,
		"join 3":                 "has 2 words: join takes 3",
		"join 3 4":               `"4" is no identifier below 4`,
		"query 3 2 something":    `nothing is asked for "something"`,
		"crash 1 2":              "has 3 words: crash takes 2",
		"answer 3 2 better more": "has 5 words: answer takes 4",
	} {
		if _, err := ParseEvent(text, 4); err == nil || !bytes.Contains([]byte(err.Error()), []byte(want)) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

// Whatever the rules, the list that a message leaves a node with is the one that it
// had, or one of those that were about to become its own.
func TestNoListComesUnforeseen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		walk(t, func(w *world, may []Event) {
			if w.m.Grain == Atomic {
				return // an event goes on with what is asked and answered within it
			}
			var here records
			w.write(&here)
			for _, e := range may {
				if e.Kind != Answer && e.Kind != Report && e.Kind != Placed && e.Kind != Told {
					continue
				}
				i := int(e.Node)
				about := append(lists(w, i), fmt.Sprint(w.listOf(i)), "[]")
				w.apply(e)
				if got := fmt.Sprint(w.listOf(i)); !slices.Contains(about, got) {
					t.Fatalf("%v gives node %d the list %s, of %v", e, i, got, about)
				}
				w.read(&here)
			}
		})
	})
}

// Where it is known what a message makes of a list, trying it out comes to the
// same; and a try leaves nothing behind.
func TestListsInFlightAreThoseThatArrive(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		walk(t, func(w *world, _ []Event) {
			known := w.foreseen
			var before, after records
			w.write(&before)
			for i := range w.n {
				now := lists(w, i)
				w.foreseen = false
				then := lists(w, i)
				if w.foreseen = known; !known {
					continue
				}
				own := fmt.Sprint(w.listOf(i))
				for _, l := range then {
					if !slices.Contains(now, l) && l != own {
						t.Fatalf("node %d will have %s, which was not foreseen: %v", i, l, now)
					}
				}
				for _, l := range now {
					// A joiner may look up again instead; and who takes the living for dead may
					// have another head by now, and the one that it asked once more before
					// that one's answer comes.
					if w.m.Perfect && w.nodes[i].Status != chord.Joining && !slices.Contains(then, l) {
						t.Fatalf("node %d will not have %s, as was foreseen; but %v", i, l, then)
					}
				}
			}
			w.write(&after)
			if !sameRecords(&before, &after, w.n) {
				t.Fatalf("a try has left something behind")
			}
		})
	})
}

// lists are the lists that are about to become node i's, as texts.
func lists(w *world, i int) (all []string) {
	w.inFlight(i, func(list []chord.Peer) { all = append(all, fmt.Sprint(list)) })
	return all
}
