package chord

import "slices"

// Mark is a corner of ring maintenance that a run may or may not have turned: one
// that can be seen from outside a Step, by the node before and after it.
type Mark uint8

// The marks. Counted over many runs they tell what a search has never reached.
const (
	MarkDeadSuccessor    Mark = iota // stabilize: the successor did not answer
	MarkSuccessorAnswer              // stabilize: it did
	MarkListExhausted                // the last entry of the list was dead
	MarkCutOff                       // the node has nobody left to turn to
	MarkAttached                     // a node without a list has one again
	MarkAlone                        // a member has become its own successor
	MarkHeadMoved                    // the answer of a successor came when another one headed the list
	MarkStabilizeWaits               // a round was due while another was under way
	MarkBetterAdopted                // a better successor answered, and is the head of the list
	MarkBetterDead                   // a better successor did not answer
	MarkRectifyBegins                // a notify has the old predecessor pinged
	MarkRectifyWaits                 // a notify came during a rectify
	MarkRectifyDead                  // the old predecessor did not answer
	MarkRectifyAlive                 // it did
	MarkRectifyOvertaken             // a closer notifier came during a rectify
	MarkCheckDead                    // check_predecessor emptied a dead predecessor
	MarkCheckOvertaken               // the predecessor changed while it was checked
	MarkTold                         // an old predecessor, told of the new one, took it as successor
	MarkEntryDead                    // an entry further down the list did not answer
	MarkEarlierLife                  // a joiner found its earlier life still listed
	MarkJoinAgain                    // a joiner or a cut-off node asked for a member anew
	MarkSentAgain                    // a request was sent a second time
	MarkLateAnswer                   // an answer to a request that was over
	MarkLeaveAnswered                // a leaver was let go
	MarkLeaveUnanswered              // who a leaver told did not answer
	MarkLookupDead                   // a lookup met a dead node
	MarkLookupAround                 // a lookup was led around dead nodes
	NumMarks             int  = iota
)

var markNames = [NumMarks]string{
	MarkDeadSuccessor:    "a stabilize met a dead successor",
	MarkSuccessorAnswer:  "a stabilize was answered",
	MarkListExhausted:    "a list was exhausted",
	MarkCutOff:           "a node was cut off",
	MarkAttached:         "a node without a list found one",
	MarkAlone:            "a member became its own successor",
	MarkHeadMoved:        "a successor answered that was none any more",
	MarkStabilizeWaits:   "a stabilize waited for another",
	MarkBetterAdopted:    "a better successor was adopted when it answered",
	MarkBetterDead:       "a better successor was dead",
	MarkRectifyBegins:    "a rectify pinged the old predecessor",
	MarkRectifyWaits:     "a notify waited for a rectify",
	MarkRectifyDead:      "a rectify found the old predecessor dead",
	MarkRectifyAlive:     "a rectify found the old predecessor alive",
	MarkRectifyOvertaken: "a closer notify overtook a rectify",
	MarkCheckDead:        "a check emptied a dead predecessor",
	MarkCheckOvertaken:   "a notify overtook a check of the predecessor",
	MarkTold:             "an old predecessor took over the new one",
	MarkEntryDead:        "an entry of the list was dead",
	MarkEarlierLife:      "a joiner found its earlier life",
	MarkJoinAgain:        "a node asked for a member anew",
	MarkSentAgain:        "a request was sent again",
	MarkLateAnswer:       "an answer came too late",
	MarkLeaveAnswered:    "a leaver was let go",
	MarkLeaveUnanswered:  "a leaver was not answered",
	MarkLookupDead:       "a lookup met a dead node",
	MarkLookupAround:     "a lookup was led around the dead",
}

// String says in words what was met.
func (m Mark) String() string { return markNames[m] }

// Marks is a set of marks.
type Marks uint32

// Has reports whether the set contains m.
func (s Marks) Has(m Mark) bool { return s>>m&1 != 0 }

func (s *Marks) add(m Mark, met bool) {
	if met {
		*s |= 1 << m
	}
}

// MarksOf returns what a step met: before and after are the node around it, ev
// what it was handed, out what it put out.
func MarksOf(before, after *Node, ev *Event, out *Out) Marks {
	var s Marks
	dead := func(p purpose) bool {
		c := &before.calls[p]
		return c.number != 0 && after.calls[p].number != c.number && slices.Contains(out.Suspects, c.Addr)
	}
	answered := func(p purpose) bool {
		return before.calls[p].number != 0 && after.calls[p].number != before.calls[p].number && !dead(p)
	}
	begins := func(p purpose) bool {
		return after.calls[p].number != 0 && after.calls[p].number != before.calls[p].number
	}
	again := false
	for p := range before.calls {
		again = again || before.calls[p].number == after.calls[p].number && before.calls[p].tries < after.calls[p].tries
	}
	kind := KindNone
	if ev.Msg != nil {
		kind = ev.Msg.Kind
	}
	member := before.InRing() && after.InRing()
	head := before.Successor() != after.Successor()

	s.add(MarkDeadSuccessor, dead(forSuccessor))
	s.add(MarkSuccessorAnswer, answered(forSuccessor))
	s.add(MarkListExhausted, dead(forSuccessor) && before.listLen == 1)
	s.add(MarkCutOff, !before.has(flagCutOff) && after.has(flagCutOff))
	s.add(MarkAttached, member && before.listLen == 0 && after.listLen > 0)
	s.add(MarkAlone, member && head && after.Successor() == after.Self())
	s.add(MarkHeadMoved, answered(forSuccessor) && before.Successor() != before.calls[forSuccessor].Peer)
	s.add(MarkStabilizeWaits, !before.has(flagAgain) && after.has(flagAgain) && before.calls[forSuccessor].number == after.calls[forSuccessor].number)
	s.add(MarkBetterAdopted, answered(forBetter) && head && after.Successor() == before.calls[forBetter].Peer)
	s.add(MarkBetterDead, dead(forBetter))
	s.add(MarkRectifyBegins, begins(forRectify))
	s.add(MarkRectifyWaits, !after.notify.None() && before.notify != after.notify)
	s.add(MarkRectifyDead, dead(forRectify))
	s.add(MarkRectifyAlive, answered(forRectify))
	s.add(MarkRectifyOvertaken, kind == Notify && before.calls[forRectify].number != 0 && before.Pred != after.Pred)
	s.add(MarkCheckDead, dead(forPredecessor) && after.Pred.None())
	s.add(MarkCheckOvertaken, kind == Notify && before.calls[forPredecessor].number != 0 && before.Pred != after.Pred)
	s.add(MarkTold, kind == NewSuccessor && head)
	s.add(MarkEntryDead, dead(forEntry))
	s.add(MarkEarlierLife, (kind == Owners || kind == Answer) && before.Status == Joining && after.Status == Joining &&
		len(ev.List) > 0 && ev.List[0].ID == before.ID)
	s.add(MarkJoinAgain, out.WantBootstrap)
	s.add(MarkSentAgain, again)
	s.add(MarkLateAnswer, (kind == State || kind == Pong) && ev.Msg.Flags&FlagLookup == 0 && !before.inFlight(ev.Msg.Slot, ev.Msg.Call))
	s.add(MarkLeaveAnswered, kind == LeaveAck && out.Left)
	s.add(MarkLeaveUnanswered, dead(forLeavePred) || dead(forLeaveSucc))
	s.add(MarkLookupDead, kind == Bounce && ev.Msg.Flags&FlagLookup != 0)
	s.add(MarkLookupAround, kind == FindNext && len(ev.List) > 0)
	return s
}

// SamePlace reports whether two states of a node have the same place in the ring:
// status, predecessor and successor list. Verdicts depend on nothing else.
func (n *Node) SamePlace(o *Node) bool {
	if n.Status != o.Status || n.Pred != o.Pred || n.listLen != o.listLen {
		return false
	}
	for i := range int(n.listLen) {
		if n.entry(i) != o.entry(i) {
			return false
		}
	}
	return true
}
