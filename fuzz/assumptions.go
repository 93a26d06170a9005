package fuzz

import "slices"

// Assumption is what a run takes for granted of its failures and of how they are
// detected. Runs of one preset under different assumptions are counted apart.
type Assumption string

// The assumptions, from the strongest to the weakest. A run has the first that fits.
const (
	// Proof is all that the proof of [Zave17] assumes (Scenario.Proved).
	Proof Assumption = "within the proof"
	// Perfect is a perfect failure detector, without the rest of it: departures
	// without a guard, nodes that come back with their state, a seed server, fewer
	// than r+1 members.
	Perfect Assumption = "perfect detector"
	// Timeouts is a detector that takes late answers for deaths, on links that lose
	// nothing; Loss the same on links that lose some messages, Partition on links of
	// which some are cut for a while, whether others lose messages or not.
	Timeouts  Assumption = "timeouts"
	Loss      Assumption = "timeouts, loss"
	Partition Assumption = "timeouts, partition"
)

// Assumptions are all of them, in this order.
var Assumptions = []Assumption{Proof, Perfect, Timeouts, Loss, Partition}

// Assumes returns what the scenario takes for granted.
func (s *Scenario) Assumes() Assumption {
	does := func(verb string) bool {
		return slices.ContainsFunc(s.Steps, func(s Step) bool { return s.Verb == verb })
	}
	switch {
	case s.Proved():
		return Proof
	case s.perfect():
		return Perfect
	case does("partition"):
		return Partition
	case does("loss"):
		return Loss
	}
	return Timeouts
}

// Proved reports whether a scenario keeps the assumptions of the proof [Zave17]:
// the corrected rules, a perfect detector, r+1 members to begin with, and departures
// under the guard; and joiners that are named a member of the ring. A seed server
// that has forgotten all, because it crashed or nobody answered its polls, has the
// next joiner found a second ring. Of the other presets nothing is promised.
func (s *Scenario) Proved() bool {
	if s.Protocol != "corrected" || !s.perfect() || text(s.Ring, "bootstrap") != "" || s.Steps[0].nodes() <= s.successors() {
		return false
	}
	for i := range s.Steps {
		switch s.Steps[i].Verb {
		case "fail", "leave", "churn":
			if !s.Steps[i].has("guarded") {
				return false
			}
		case "restart":
			if s.Steps[i].has("keep") {
				return false
			}
		}
	}
	return true
}
