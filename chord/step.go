package chord

// Step is the one way into a node: it takes one event and puts what is to
// be done about it into out. All branching on the kind of an event is here.
// Step reads no clock, draws no random numbers, keeps no logs and starts
// nothing: the same node, event and configuration give the same node and the
// same output.
func (n *Node) Step(ev *Event, out *Out) {
	if ev.Timer != 0 {
		n.timer(out, ev)
		return
	}
	m := ev.Msg
	if m.Kind.request() && !n.InRing() {
		n.refuse(out, ev)
		return
	}
	if ev.From == n.Pred.Addr && m.Kind != Bounce {
		n.set(flagPredHeard)
	}
	switch m.Kind {
	case GetState:
		n.answerState(out, ev)
	case State:
		if m.Flags&FlagLookup != 0 {
			n.successorNamed(out, ev)
		} else {
			n.stateArrived(out, ev)
		}
	case Ping:
		m := out.reply(ev, Pong)
		if n.parting(out.Config) {
			m.Flags |= FlagLeaving
		}
	case Pong:
		if m.Flags&FlagLookup != 0 {
			n.ownerAnswered(out, ev)
		} else {
			n.pongArrived(out, ev)
		}
	case FindNext:
		n.answerFindNext(out, ev)
	case Next, Owners, NoNext:
		n.found(out, ev)
	case LeavePred:
		n.successorLeaves(out, ev)
	case LeaveSucc:
		n.predecessorLeaves(out, ev)
	case LeaveAck:
		n.leaveAcked(out, ev)
	case Forward:
		n.forwarded(out, ev)
	case ForwardAck:
		n.forwardAcked(out, ev)
	case Answer:
		n.answerArrived(out, ev)
	case Notify:
		switch {
		case !n.InRing():
		case m.Flags&FlagForget != 0:
			n.forgetPredecessor(out)
		default:
			n.notified(out, ev, Peer{m.AID, ev.From})
		}
	case NewSuccessor:
		if n.InRing() {
			n.toldNewSuccessor(out, ev, m.peerA())
		}
	case Bounce:
		if m.Flags&FlagLookup != 0 {
			n.contactBounce(out, ev)
		} else {
			n.callBounce(out, ev)
		}
	case CmdStart:
		if n.InRing() {
			out.Member = true
			n.startTimers(out, ev, false) // who was settled has been there for long
		}
	case CmdCreate:
		n.create(out, ev)
	case CmdJoin:
		n.join(out, ev, m.peerA())
	case CmdBootstrap:
		n.bootstrapped(out, ev, m.peerA())
	case CmdLeave:
		n.leave(out, ev)
	case CmdLookup:
		n.lookUp(out, ev)
	case CmdStabilize:
		n.stabilizeOnce(out, ev)
	case CmdReconcile:
		n.reconcile(out, ev)
	case CmdUpdate:
		n.update(out, ev)
	case CmdFlush:
		n.flush(out, ev)
	}
}

// refuse: a node that is no member yet answers no ring query. Under a
// perfect detector the asker is told.
func (n *Node) refuse(out *Out, ev *Event) {
	out.Counters[CountRefused]++
	if !out.Config.Perfect {
		return
	}
	if m, ok := BounceOf(ev.Msg); ok {
		*out.send(ev.From, Bounce) = m
	}
}

// timer is one of the node's own timers. Periodic ones are armed again
// first; those of an earlier life are dropped.
func (n *Node) timer(out *Out, ev *Event) {
	kind, slot, number := TimerParts(ev.Timer)
	cfg := out.Config
	switch timerKind(kind) {
	case timerCall:
		n.callTimer(out, ev, purpose(slot), number)
		return
	case timerContact:
		n.contactTimer(out, ev, slot, number)
		return
	case timerDeadline:
		n.lookupDeadline(out, ev, slot, number)
		return
	}
	if number != uint32(n.Inc) || n.Status == Absent {
		out.Counters[CountStray]++
		return
	}
	if timerKind(kind) == timerJoin {
		if n.Status == Joining || n.listLen == 0 {
			out.WantBootstrap = true
		}
		return
	}
	idle := cfg.RoundsOff || cfg.Frozen
	switch timerKind(kind) {
	case timerStabilize:
		out.timer(ev.Now+cfg.Stabilize.Next(fork(ev.Rand, 0)), timerStabilize, 0, number)
		if !idle {
			n.stabilizeRound(out, ev)
		}
	case timerFixFingers:
		out.timer(ev.Now+cfg.FixFingers.Next(fork(ev.Rand, 0)), timerFixFingers, 0, number)
		if !idle {
			n.fixFingers(out, ev)
		}
	case timerCheckPredecessor:
		out.timer(ev.Now+cfg.CheckPredecessor.Next(fork(ev.Rand, 0)), timerCheckPredecessor, 0, number)
		if !idle {
			n.checkPredecessor(out, ev)
		}
	}
}
