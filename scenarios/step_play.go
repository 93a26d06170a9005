package scenarios

import (
	"errors"
	"fmt"
	"slices"

	"chordsim/explore"
)

// PlayStep plays events on a ring of a few nodes, each when the one before has
// happened: no time passes, and nothing happens that is not named. It is what
// chordsim explore writes, and stands alone in its timeline.
type PlayStep struct {
	StepCommon
	IDs    int      `json:"ids" jsonschema:"required,minimum=1,maximum=8" jsonschema_description:"Identifiers there are: 0 to ids - 1."`
	Start  []int    `json:"start" jsonschema:"required,minItems=1,maxItems=8" jsonschema_description:"Members of the ideal ring that it begins with."`
	Grain  string   `json:"grain,omitempty" jsonschema:"enum=messages,enum=atomic" jsonschema_description:"messages: each message is delivered by an event of its own; atomic: a query and its answer are one event (default messages)."`
	Guard  string   `json:"guard,omitempty" jsonschema:"enum=on,enum=off,enum=blind,enum=entries" jsonschema_description:"Who may crash: on, as the proof assumes; blind, the same without the lists in flight; entries, whoever leaves each other member a live entry; off, any but the last (default off)."`
	Drops  Switch   `json:"drops,omitempty" jsonschema_description:"Notifies may be lost (default off)."`
	Many   Switch   `json:"many_notifies,omitempty" jsonschema_description:"Of the notifies of a node to another any number may be on the way; off: one stands for all (default off)."`
	Late   Switch   `json:"late_notifies,omitempty" jsonschema_description:"A notify on its way to who crashes may arrive at its next life; off: it is dropped (default off)."`
	Checks Switch   `json:"checks,omitempty" jsonschema_description:"check_predecessor is played, too (default off)."`
	Events []string `json:"events" jsonschema:"required,maxItems=10000" jsonschema_description:"What happens, in turn: join 3 2, stabilize 1, notify 0 1, crash 2."`
	Rounds int      `json:"rounds,omitempty" jsonschema:"minimum=0,maximum=1000" jsonschema_description:"Fair rounds after that: nobody comes or goes, everything is delivered (default 0)."`
}

// Verb returns "play".
func (*PlayStep) Verb() string { return "play" }

// Lasts returns 0.
func (*PlayStep) Lasts() Duration { return 0 }

// UnmarshalJSON decodes over the defaults.
func (s *PlayStep) UnmarshalJSON(data []byte) error {
	type form PlayStep
	f, err := decodeOver(data, form{Grain: explore.Messages.String(), Guard: explore.GuardOff.String()})
	*s = PlayStep(f)
	return err
}

// model is the ring that the events are played on.
func (s *PlayStep) model(ring *RingSpec) *explore.Model {
	m := &explore.Model{
		IDs: s.IDs, Successors: ring.Successors, Rules: ring.chordConfig().Rules, Perfect: ring.Detector.Perfect(),
		Drops: bool(s.Drops), Many: bool(s.Many), Late: bool(s.Late), Checks: bool(s.Checks), Start: s.Start,
	}
	m.Grain, _ = explore.ParseGrain(s.Grain)
	m.Guard, _ = explore.ParseGuard(s.Guard)
	return m
}

// parsed reads the events, and calls bad for each that is none.
func (s *PlayStep) parsed(bad func(i int, err error)) (events []explore.Event) {
	for i, text := range s.Events {
		e, err := explore.ParseEvent(text, s.IDs)
		if err != nil {
			bad(i, err)
			continue
		}
		events = append(events, e)
	}
	return events
}

// plays reports whether the timeline is a play: in one, a ring may be too small for
// its protocol.
func (s *semantics) plays() bool {
	return slices.ContainsFunc(s.spec.Timeline, func(step Step) bool {
		_, is := step.Action.(*PlayStep)
		return is
	})
}

// play checks a step of play: it stands alone, and its events can happen.
func (s *semantics) play(path string, a *PlayStep) {
	if len(s.spec.Timeline) > 1 {
		s.fail(path, "play is the only step of its timeline: no time passes in it, and no other node is there", "move the other steps to a scenario of their own")
		return
	}
	if s.dirty["ring"] {
		return
	}
	s.unplayed()
	ok := true
	events := a.parsed(func(i int, err error) {
		s.fail(fmt.Sprintf("%s.events[%d]", path, i), err.Error(), "")
		ok = false
	})
	if n := s.spec.Ring.Successors; n > explore.MaxList {
		s.fail("ring.successors", fmt.Sprintf("in a play lists have at most %d entries, and not %d", explore.MaxList, n), "write successors: 2 under ring")
		ok = false
	}
	if !ok {
		return
	}
	_, err := explore.Replay(a.model(&s.spec.Ring), events, a.Rounds)
	var impossible *explore.ImpossibleError
	switch {
	case errors.As(err, &impossible):
		s.fail(fmt.Sprintf("%s.events[%d]", path, impossible.Index), impossible.Error(), "")
	case err != nil:
		s.fail(path, err.Error(), "")
	}
}

// playedSettings are those under ring that a play may have: there is no time, no
// network, no lookup and no stored key. Identifiers have their own range, whatever bits
// says, which a ring of few may want for other reasons.
var playedSettings = []string{"protocol", "rules", "successors", "bits", "detector"}

// unplayed refuses the settings that no event of a play depends on.
func (s *semantics) unplayed() {
	for _, section := range []string{"network", "data"} {
		if s.root.child(section) != nil {
			s.fail(section, "play sends no message through a network and stores no key: "+section+" has no effect", "remove it")
		}
	}
	ring := s.root.child("ring")
	if ring == nil {
		return
	}
	for _, c := range ring.children {
		if !slices.Contains(playedSettings, c.key) {
			s.fail("ring."+c.key, "in a play no time passes and nothing is looked up: "+c.key+" has no effect",
				"remove it; what counts is protocol, rules, successors and detector")
		}
	}
}

// play plays a step that was checked.
func (t *timeline) play(a *PlayStep) {
	events := a.parsed(func(_ int, err error) { panic("scenarios: " + err.Error()) })
	var err error
	if t.w.played, err = explore.Replay(a.model(&t.spec.Ring), events, a.Rounds); err != nil {
		panic("scenarios: " + err.Error())
	}
}
