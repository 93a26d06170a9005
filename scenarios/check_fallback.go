package scenarios

import (
	"fmt"

	"chordsim/chord"
)

// fallback checks what the rules and lookups of E-Chord do not go together
// with.
func (s *semantics) fallback() {
	r := &s.spec.Ring
	rules := r.chordConfig().Rules
	bare := rules.Join == chord.JoinSuccessor || rules.Join == chord.JoinSuccessorAlive
	if rules.DeadSuccessor == chord.DeadJoinAgain && bare && r.Successors > 1 {
		s.fail("ring.rules", "by join_again a member without a list joins again, and a joiner that learns its successor only has none when it has joined",
			"write another join, or successors: 1")
	}
	if r.Lookup != "fallback" {
		if s.root.child("ring").child("fallback_fingers") != nil {
			s.fail("ring.fallback_fingers", "fallback_fingers belongs to lookup: fallback", "remove it, or write lookup: fallback")
		}
		return
	}
	if rules.Join == chord.JoinPredecessorList {
		s.fail("ring.lookup", "join: predecessor_list takes the list that comes with the answer, and lookup: fallback brings none",
			"write lookup: iterative, or rules: {join: through_successor}")
	}
	for i := range s.spec.Timeline {
		a := s.spec.Timeline[i].Action
		if g, ok := a.(interface{ guarded() bool }); ok && g.guarded() && !s.dirty[fmt.Sprintf("timeline[%d]", i)] {
			s.fail(fmt.Sprintf("timeline[%d].%s.guarded", i, a.Verb()), "the guard does not see who is named in lookups of the kind fallback",
				"write lookup: iterative, or guarded: off")
		}
	}
}
