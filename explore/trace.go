package explore

import (
	"slices"

	"chordsim/chord"
)

// Violation is a shortest way to a state that should not be.
type Violation struct {
	Start    []int            // members of the ideal ring that it begins with
	Events   []Event          // what happens
	Violated chord.Properties // in the last state
	Rounds   []Event          // of lost liveness: fair rounds after that, until a state comes a second time
	Stuck    bool             // fair rounds never lead to the ideal ring
}

// trace finds the way to what was found: the choices back to the start, then
// all events in turn, from the state that stands for its rotations to the
// identifiers that the start has.
func (s *search) trace(f *finding) *Violation {
	var choices []int
	at := f.state
	for {
		parent, choice := s.states.from(at)
		if parent == at {
			break
		}
		choices = append(choices, choice)
		at = parent
	}
	slices.Reverse(choices)

	w := newWorld(s.m)
	v := &Violation{Violated: f.bad, Stuck: f.stuck}
	var here, canonical records
	turn := 0 // node i of the canonical state is identifier i+turn
	for _, members := range s.m.starts() {
		w.settle(members)
		w.write(&here)
		_, hash := leastRotation(here.hash[:w.n])
		if hash == s.states.hash(at) {
			v.Start = members
			break
		}
	}
	absolute := func(events []Event) []Event {
		for i := range events {
			e := &events[i]
			e.Node, e.Peer = uint8((int(e.Node)+turn)%w.n), uint8((int(e.Peer)+turn)%w.n)
		}
		return events
	}
	canonize := func() {
		w.write(&here)
		first, _ := leastRotation(here.hash[:w.n])
		canonical.split(here.appendState(nil, w.n, first), w.n)
		w.read(&canonical)
		turn = (turn + first) % w.n
	}
	turn = 0
	canonize()
	for _, choice := range choices {
		e := w.enabled(nil)[choice]
		w.apply(e)
		v.Events = append(v.Events, absolute([]Event{e})...)
		canonize()
	}
	if f.stuck {
		v.Rounds = rounds(w, canonize, absolute)
	}
	return v
}

// rounds are fair rounds until a state comes again, each begun at the state
// that stands for its rotations, as the search does.
func rounds(w *world, canonize func(), absolute func([]Event) []Event) (all []Event) {
	var events []Event
	w.record = &events
	var r records
	var seen []uint64
	for range maxDeliveries {
		events = events[:0]
		ended := w.round()
		all = append(all, absolute(events)...)
		if !ended {
			break
		}
		canonize()
		w.write(&r)
		_, hash := leastRotation(r.hash[:w.n])
		if slices.Contains(seen, hash) {
			break
		}
		seen = append(seen, hash)
	}
	return all
}
