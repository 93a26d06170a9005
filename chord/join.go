package chord

// create makes the node the first of a ring.
func (n *Node) create(out *Out, ev *Event) {
	if n.InRing() {
		return
	}
	n.Pred = Peer{}
	n.standAlone()
	n.becomeMember(out, ev)
}

// bootstrapped: the host has named a member, or nobody.
func (n *Node) bootstrapped(out *Out, ev *Event, p Peer) {
	switch {
	case n.Status == Joining:
		n.join(out, ev, p)
	case !n.InRing() || n.listLen > 0:
		// Gone, or a place was found meanwhile.
	case p.None() || p.Addr == n.Addr || out.Config.Frozen:
		n.askAgain(out, ev)
	case out.Config.Rules.DeadSuccessor == DeadJoinAgain:
		n.lookUpPlace(out, ev, p)
	default:
		n.reattach(out, ev, p)
	}
}

// placing reports whether the node looks for its place: a joiner and, by the
// rule of [E-Chord], a member whose list has run empty. That one stays a member
// meanwhile: it answers, and others keep it as their successor.
func (n *Node) placing(cfg *Config) bool {
	return n.Status == Joining || n.InRing() && n.listLen == 0 && cfg.Rules.DeadSuccessor == DeadJoinAgain
}

// placed: a joiner becomes a member.
func (n *Node) placed(out *Out, ev *Event) {
	if n.Status == Joining {
		n.becomeMember(out, ev)
	}
}

// join looks up the node's own identifier, starting at a member.
func (n *Node) join(out *Out, ev *Event, through Peer) {
	if n.InRing() {
		return
	}
	n.Status = Joining
	if through.None() || through.Addr == n.Addr {
		n.lookUpAgain(out, ev)
		return
	}
	n.lookUpPlace(out, ev, through)
}

func (n *Node) lookUpPlace(out *Out, ev *Event, through Peer) {
	slot, l := out.Lookups.add(n)
	l.purpose, l.key, l.wantList, l.start = lookupJoin, n.ID, true, ev.Now
	out.timer(ev.Now+out.Config.LookupDeadline, timerDeadline, slot, l.number)
	if out.Config.Recursive {
		n.forward(out, ev, through, &Message{
			Key: n.ID, Initiator: n.Addr, InitCall: l.number, InitSlot: slot, Flags: FlagList,
		})
		return
	}
	out.Lookups.steer(l)
	// Under Fallback that is already the first candidate: it is asked for its
	// successor.
	n.contact(out, ev, slot, l, contactNamed, through)
}

// placeFound: m is the member the joiner comes after, list is m's.
func (n *Node) placeFound(out *Out, ev *Event, m Peer, list []Peer) {
	if !n.placing(out.Config) {
		return
	}
	if len(list) > 0 && list[0].Addr == n.Addr && n.InRing() {
		// The member before it still has it: from there its predecessor leads
		// back around the ring.
		n.standAlone()
		return
	}
	if len(list) == 0 || list[0].ID == n.ID {
		// An earlier life is still listed: wait until it has been found dead.
		n.lookUpAgain(out, ev)
		return
	}
	s := list[0]
	switch out.Config.Rules.Join {
	case JoinSuccessor:
		n.followed(out, ev, s)
	case JoinSuccessorList, JoinThroughSuccessor, JoinShiftedList, JoinSuccessorAlive:
		n.ask(out, ev.Now, forJoin, s)
	case JoinPredecessorList:
		n.Pred = m
		n.replaceList(out.Config, list)
		n.placed(out, ev)
	}
}

// followed: the joiner has its successor, and needs no more ([SIGCOMM01] Fig. 7
// join; after a ping by JoinSuccessorAlive).
func (n *Node) followed(out *Out, ev *Event, s Peer) {
	if !n.placing(out.Config) {
		return
	}
	n.Pred = Peer{}
	n.listLen = 0
	n.push(s)
	n.placed(out, ev)
}

// successorTold: the joiner's successor has told its predecessor, its list
// and, in hints, its fingers.
func (n *Node) successorTold(out *Out, ev *Event, s, pred Peer, list, hints []Peer) {
	if !n.placing(out.Config) {
		return
	}
	if out.Config.Rules.Join == JoinThroughSuccessor && !pred.None() && pred.Addr != n.Addr && !Between(pred.ID, n.ID, s.ID) {
		n.lookUpAgain(out, ev) // somebody is closer to s by now ([Verdi])
		return
	}
	n.Pred = Peer{}
	if out.Config.Rules.Join == JoinShiftedList {
		n.takeShifted(out.Config, s, list)
	} else {
		n.replaceListWith(out.Config, s, list)
	}
	n.placed(out, ev)
	if len(hints) > 0 {
		n.adoptHints(out, hints)
	}
}

// becomeMember starts the node's life in the ring.
func (n *Node) becomeMember(out *Out, ev *Event) {
	n.Status = Member
	n.fingerCursor = uint8(out.Config.Bits - 1)
	out.Member = true
	n.startTimers(out, ev, out.Config.Rules.FirstRound == FirstRoundPeriod)
	if out.Config.Rules.JoinStabilizes {
		n.stabilize(out, ev)
	}
}

// startTimers arms the periodic timers, each with a uniform phase or, with
// whole, one whole period from now.
func (n *Node) startTimers(out *Out, ev *Event, whole bool) {
	// A later life has other timers: an old one is known by its incarnation.
	n.Inc++
	for i, t := range [...]struct {
		kind   timerKind
		period Period
	}{
		{timerStabilize, out.Config.Stabilize},
		{timerFixFingers, out.Config.FixFingers},
		{timerCheckPredecessor, out.Config.CheckPredecessor},
	} {
		if t.period.Every == 0 {
			continue
		}
		first := t.period.First(fork(ev.Rand, i))
		if whole {
			first = t.period.Next(fork(ev.Rand, i))
		}
		out.timer(ev.Now+first, t.kind, 0, uint32(n.Inc))
	}
}

// lookUpAgain waits one period and asks the host for a member to start from.
func (n *Node) lookUpAgain(out *Out, ev *Event) {
	if !n.placing(out.Config) {
		return
	}
	out.Counters[CountRestarts]++
	n.askAgain(out, ev)
}

func (n *Node) askAgain(out *Out, ev *Event) {
	wait := out.Config.Stabilize.Every
	if wait == 0 {
		wait = out.Config.RPCTimeout
	}
	out.timer(ev.Now+wait, timerJoin, 0, uint32(n.Inc))
}
