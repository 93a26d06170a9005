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
	Word     chord.Word       // of the last state; ring also stands for ideal
	Rounds   [][]Event        // with liveness: fair rounds after that, until a state comes a second time
	Stuck    bool             // fair rounds never lead to the ideal ring
}

// path returns the choices that lead to a state, and the state that they begin
// with.
func (s *search) path(at uint32) (start uint32, choices []int) {
	for {
		parent, choice := s.states.from(at)
		if parent == at {
			break
		}
		choices = append(choices, choice)
		at = parent
	}
	slices.Reverse(choices)
	return at, choices
}

// settleAt makes w a state to begin with, and returns its members, or none if
// it is no such state.
func (s *search) settleAt(w *world, start uint32) []int {
	var r records
	for _, members := range s.m.starts() {
		w.settle(members)
		w.write(&r)
		if _, hash := leastRotation(r.hash[:w.n]); hash == s.states.hash(start) {
			return members
		}
	}
	return nil
}

// trace finds the way to what was found: the choices back to the start, then
// all events in turn, from the state that stands for its rotations to the
// identifiers that the start has.
func (s *search) trace(f *finding) *Violation {
	start, choices := s.path(f.state)
	w := newWorld(s.m)
	v := &Violation{Violated: f.bad, Stuck: f.stuck}
	var here records
	turn := 0 // node i of the canonical state is identifier i+turn
	v.Start = s.settleAt(w, start)
	absolute := func(events []Event) []Event {
		for i := range events {
			e := &events[i]
			e.Node, e.Peer = uint8((int(e.Node)+turn)%w.n), uint8((int(e.Peer)+turn)%w.n)
		}
		return events
	}
	turn = w.canonize(&here)
	for _, choice := range choices {
		e := w.enabled(nil)[choice]
		w.apply(e)
		v.Events = append(v.Events, absolute([]Event{e})...)
		turn = (turn + w.canonize(&here)) % w.n
	}
	v.Word = w.word()
	if !f.stuck && (s.o.Find == "" || !s.o.Liveness) {
		return v
	}
	var events []Event
	w.record = &events
	var seen []uint64
	for {
		events = events[:0]
		w.round()
		v.Rounds = append(v.Rounds, slices.Clone(absolute(events)))
		turn = (turn + w.canonize(&here)) % w.n
		_, hash := leastRotation(here.hash[:w.n])
		if slices.Contains(seen, hash) {
			break
		}
		seen = append(seen, hash)
	}
	return v
}

// canonize turns the world to the rotation that stands for its state, and
// returns by how much: node i is now the one that was at i + turn. r is a
// buffer, and has the records of the state then.
func (w *world) canonize(r *records) (turn int) {
	w.write(r)
	turn, _ = leastRotation(r.hash[:w.n])
	if turn != 0 {
		var turned records
		for i := range w.n {
			k := (turn + i) % w.n
			turned.code[i], turned.hash[i] = r.code[k], r.hash[k]
		}
		*r = turned
		w.read(r)
	}
	return turn
}
