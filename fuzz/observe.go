package fuzz

import (
	"slices"

	"chordsim/chord"
	"chordsim/scenarios"
)

// observer sees what a run meets on its way.
type observer struct {
	tally    Tally
	violated chord.Properties
	at       int64 // when something first did not hold that is promised
	promised bool
	mislaid  int
	raised   int
	effects  *[]scenarios.Effect // of the steps; nil: they are not noted
	dead     map[chord.Addr]bool // whose last successor did not answer; only ever looked up
}

func newObserver(promised bool) *observer {
	return &observer{promised: promised, dead: map[chord.Addr]bool{}}
}

// Stepped counts the marks of a step.
func (o *observer) Stepped(before, after *chord.Node, ev *chord.Event, out *chord.Out) {
	marks := chord.MarksOf(before, after, ev, out)
	if marks == 0 {
		return
	}
	for m := range chord.Mark(chord.NumMarks) {
		if marks.Has(m) {
			o.tally.Marks[m]++
		}
	}
	switch {
	case marks.Has(chord.MarkDeadSuccessor):
		if o.dead[after.Addr] {
			o.tally.DeadTwice++
		}
		o.dead[after.Addr] = true
	case marks.Has(chord.MarkSuccessorAnswer):
		o.dead[after.Addr] = false
	}
}

// Changed judges the ring at a barrier.
func (o *observer) Changed(s *scenarios.Standing) {
	snapshot := s.Snapshot()
	if snapshot.Len() == 0 {
		return
	}
	for p := range chord.Property(chord.NumProperties) {
		if p.Repairable() || o.violated.Has(p) {
			continue
		}
		if ok, _ := snapshot.Check(p); !ok {
			o.violated = o.violated.With(p)
			o.unsafe(s)
		}
	}
	if !o.promised || o.at > 0 {
		return
	}
	if ok, _ := snapshot.Check(chord.SufficientPrincipals); !ok {
		o.unsafe(s)
	}
}

// unsafe notes when something did not hold first, of a run that promises it: the
// invariant of the proof is OneLiveSuccessor and SufficientPrincipals, and what else
// maintenance cannot restore follows from it.
func (o *observer) unsafe(s *scenarios.Standing) {
	if o.promised && o.at == 0 {
		o.at = int64(s.Now())
	}
}

// Befell notes what a step does.
func (o *observer) Befell(e *scenarios.Effect) {
	if o.effects != nil {
		noted := *e
		noted.Hosts = slices.Clone(e.Hosts)
		*o.effects = append(*o.effects, noted)
	}
}

// Ended counts the keys that were mislaid, and the deleted ones that are back.
func (o *observer) Ended(s *scenarios.Standing) { o.mislaid, o.raised = s.Mislaid(), s.Raised() }
