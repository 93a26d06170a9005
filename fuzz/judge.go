package fuzz

import (
	"context"
	"errors"
	"slices"

	"chordsim/chord"
	"chordsim/scenarios"
)

// Class is what is wrong with a run.
type Class string

// The classes, from worst to least. Of several a run has the first.
const (
	Nothing Class = ""
	// Panics is a defect of chordsim itself.
	Panics Class = "panic"
	// Broken, Split and Loopy are rings that the protocol has not repaired within
	// the bound, and that [Zave12] says it cannot: the word for the ring at the end.
	Broken Class = "broken"
	Split  Class = "split"
	Loopy  Class = "loopy"
	// Stuck is one ordered ring that has not become ideal within the bound, or one
	// that somebody could not join.
	Stuck Class = "stuck"
	// Unsafe is an invariant of the proof violated on the way, by a run of which
	// the proof holds; the ring may have healed.
	Unsafe Class = "unsafe"
	// Lost, Unreadable and Wrong are about stored keys: lost although every crash
	// left a copy; there, but not at the owner; a value that nobody put there, or that
	// is back although every crash left a copy of its delete.
	Lost       Class = "lost"
	Unreadable Class = "unreadable"
	Wrong      Class = "wrong"
)

// Classes are all classes of violations.
var Classes = []Class{Panics, Broken, Split, Loopy, Stuck, Unsafe, Lost, Unreadable, Wrong}

// Unrepairable reports whether a run of this class ended in a ring that maintenance
// cannot repair. A ring that is stuck lacks none of the properties that it cannot
// restore; the other classes are not about the ring.
func (c Class) Unrepairable() bool { return c == Broken || c == Split || c == Loopy }

// Verdict is what a run came to.
type Verdict struct {
	Class Class
	// Promised: the run keeps the assumptions under which its preset is proved, so
	// that any violation is a defect.
	Promised bool
	// Violated are the properties that did not hold on the way, of those that
	// maintenance cannot restore.
	Violated chord.Properties
	Healed   bool   // some were violated, and the ring was ideal within the bound all the same
	Empty    bool   // nobody is left of whom anything could be said
	Word     string // the word for the ring at the end
	Digest   string
	At       int64 // virtual nanoseconds at which something first did not hold that is promised; 0: never
	Tally    Tally
}

// errUnfit is the error of a scenario that cannot be run: a reduction went too far.
var errUnfit = errors.New("the scenario cannot be run")

// Run carries out a scenario and judges it.
func (s *Scenario) Run(ctx context.Context) (Verdict, error) {
	return s.runUnder(ctx, newObserver(s.Proved()))
}

// runUnder carries out a scenario under an observer.
func (s *Scenario) runUnder(ctx context.Context, seen *observer) (Verdict, error) {
	// Time series cost more than all else, and change nothing.
	return judge(ctx, "fuzz", []byte(s.Text("fuzz", "")), seen, scenarios.Overrides{Set: []string{"output.sample=1h"}})
}

// judge runs a scenario under an observer, which knows whether anything is promised.
func judge(ctx context.Context, file string, text []byte, seen *observer, o scenarios.Overrides) (Verdict, error) {
	v := Verdict{Promised: seen.promised}
	sc, err := scenarios.Parse(file, text, o)
	if err != nil {
		return v, errors.Join(errUnfit, err)
	}
	result, err := scenarios.Run(ctx, sc, scenarios.RunOptions{Jobs: 1, Observer: seen})
	v.Tally = seen.tally
	var internal *scenarios.InternalError
	var input *scenarios.InputError
	switch {
	case errors.As(err, &internal):
		v.Class = Panics
		return v, nil
	case errors.As(err, &input):
		return v, errors.Join(errUnfit, err)
	case err != nil:
		return v, err
	case result.Interrupted || len(result.Rows[0].Runs) == 0:
		return v, context.Canceled
	}
	run := &result.Rows[0].Runs[0]
	for _, c := range run.Counted {
		v.Tally.Counted = append(v.Tally.Counted, Met{c.What, c.Count})
	}
	v.Digest, v.Word, v.Violated, v.At = run.Run.Digest, run.Ring.Verdict, seen.violated, seen.at
	held := !slices.ContainsFunc(run.Awaits, func(a scenarios.Await) bool { return !a.Held })
	v.Empty = run.Ring.Members == 0 && !seen.promised
	switch word := Class(v.Word); {
	case v.Empty:
	case word.Unrepairable():
		v.Class = word // broken if nobody is left, too: r+1 members stay, by the guard
	case !held:
		v.Class = Stuck
	case seen.at > 0:
		v.Class = Unsafe
	default:
		v.Class = dataClass(run, seen)
	}
	v.Healed = held && v.Violated != 0 && !v.Empty && !v.Class.Unrepairable()
	return v, nil
}

// dataClass is what is wrong with the stored keys.
func dataClass(run *scenarios.RunResult, seen *observer) Class {
	for _, o := range run.Operations {
		if o.WrongValue > 0 {
			return Wrong
		}
	}
	for _, d := range run.Data {
		switch {
		case seen.mislaid > 0:
			return Lost
		case seen.raised > 0:
			return Wrong
		case d.Unreadable > 0:
			return Unreadable
		}
	}
	return Nothing
}
