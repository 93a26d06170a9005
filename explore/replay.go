package explore

import (
	"fmt"

	"chordsim/chord"
)

// Outcome is what events have come to.
type Outcome struct {
	Snapshot *chord.Snapshot // of the members, sealed
	Digest   uint64          // of everything that nodes were handed
	Handed   int64           // how many events that is
}

// ImpossibleError is the error of an event that cannot happen when its turn comes.
type ImpossibleError struct {
	Index int // among the events, from 0
	Event Event
	can   string // happen instead
}

func (e *ImpossibleError) Error() string {
	return fmt.Sprintf("event %d, %q, cannot happen there; what can: %s", e.Index+1, e.Event, e.can)
}

// Replay lets events happen one after the other, from the ideal ring of
// m.Start, and then some fair rounds, as a search follows them: without churn,
// with every message delivered, and begun at the rotation of the ring that
// stands for its state. The error is the model's, or an *ImpossibleError.
func Replay(m *Model, events []Event, rounds int) (*Outcome, error) {
	if err := m.Validate(); err != nil {
		return nil, err
	}
	w := newWorld(m)
	w.hashing = true
	w.settle(m.starts()[0])
	var may []Event
	for i, e := range events {
		may = w.enabled(may[:0])
		if !contains(may, e) {
			return nil, &ImpossibleError{i, e, list(may)}
		}
		w.apply(e)
	}
	var r records
	for range rounds {
		w.canonize(&r)
		w.round()
	}
	return &Outcome{Snapshot: w.snapshot(), Digest: uint64(w.digest), Handed: w.handed}, nil
}

func contains(events []Event, e Event) bool {
	for _, o := range events {
		if o == e {
			return true
		}
	}
	return false
}

// list writes at most eight events.
func list(events []Event) string {
	text := ""
	for i, e := range events {
		switch {
		case i == 8:
			return text + ", ..."
		case i > 0:
			text += ", "
		}
		text += e.String()
	}
	return text
}
