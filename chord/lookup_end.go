package chord

// startLookup sends a new lookup on its way.
func (n *Node) startLookup(out *Out, ev *Event, slot uint32, l *lookup) {
	l.start = ev.Now
	out.timer(ev.Now+out.Config.LookupDeadline, timerDeadline, slot, l.number)
	if out.Config.Recursive {
		n.forwardFirst(out, ev, slot, l)
		return
	}
	w := out.Lookups.steer(l)
	w.visit(n.Self())
	if out.Config.Fallback {
		n.atNode(out, ev, slot, l, w, n.Self(), n.Successor())
		return
	}
	n.askSelf(out, ev, slot, l, w)
}

// lookUp starts a user's lookup.
func (n *Node) lookUp(out *Out, ev *Event) {
	slot, l := out.Lookups.add(n)
	l.purpose, l.key, l.tag = lookupUser, ev.Msg.Key&out.Config.Mask(), ev.Msg.Call
	l.wantList = ev.Msg.Flags&FlagList != 0
	l.deep = out.Config.OwnerFromList && !l.wantList
	l.byOwner = out.Config.OwnerAnswers && !l.wantList
	n.startLookup(out, ev, slot, l)
}

// lookupDeadline ends a lookup that has taken too long.
func (n *Node) lookupDeadline(out *Out, ev *Event, slot, number uint32) {
	if l := out.Lookups.get(slot, n.Addr, number); l != nil {
		n.lookupFailed(out, ev, slot, l)
	}
}

// lookupFound ends a lookup at its initiator: answerer, the key's
// predecessor, has named the owner; list is what came with the answer.
func (n *Node) lookupFound(out *Out, ev *Event, slot uint32, l *lookup, answerer, owner Peer, list []Peer) {
	done := *l
	out.Lookups.release(slot, l)
	switch done.purpose {
	case lookupUser:
		local := answerer.Addr == n.Addr || answerer.Addr == n.Successor().Addr
		if answerer == owner && done.path > 0 {
			done.path-- // a member alone names itself: the owner is never in the path
		}
		f := Finished{
			Tag: done.tag, Key: done.key, Owner: owner, Answerer: answerer.Addr, Start: done.start, Named: done.named,
			Path: done.path, Timeouts: done.timeouts, Local: local,
		}
		if done.wantList {
			f.OwnersAt, f.OwnersLen = uint32(len(out.Peers)), uint8(len(list))
			out.Peers = append(out.Peers, list...)
		}
		out.Finished = append(out.Finished, f)
	case lookupFinger:
		if out.Config.Frozen {
			n.clear(flagFinger | flagAllFingers)
			return
		}
		n.fingerFound(out, ev, int(done.finger), answerer.ID, owner, list)
	case lookupJoin:
		n.placeFound(out, ev, answerer, list)
	}
}

// lookupFailed ends a lookup that has found nobody.
func (n *Node) lookupFailed(out *Out, ev *Event, slot uint32, l *lookup) {
	done := *l
	out.Lookups.release(slot, l)
	switch done.purpose {
	case lookupUser:
		out.Finished = append(out.Finished, Finished{
			Tag: done.tag, Key: done.key, Start: done.start,
			Path: done.path, Timeouts: done.timeouts,
		})
	case lookupFinger:
		if out.Config.Frozen {
			n.clear(flagFinger | flagAllFingers)
			return
		}
		n.fingerDone(out, ev, int(done.finger))
	case lookupJoin:
		out.JoinFailed = n.Status == Joining
		n.lookUpAgain(out, ev)
	case lookupRelay:
		n.answer(out, ev, done.relayed(), Peer{}, 0)
	}
}

// timedOut applies the rule for entries that time out in lookups: at the
// node that timed out on them, and at the node that had named them.
func (n *Node) timedOut(out *Out, ev *Event, dead []Addr) {
	if out.Config.Frozen || len(dead) == 0 || out.Config.Rules.TimedOutEntry == TimedOutKeep {
		return
	}
	head := n.listLen > 0 && contains(dead, n.listAddrs[0]) && n.listAddrs[0] != n.Addr
	for _, a := range dead {
		n.removeFinger(a)
	}
	if out.several() {
		out.Followers.forget(n, dead)
	}
	if out.Config.Rules.TimedOutEntry == TimedOutRemove {
		for i := int(n.listLen) - 1; i > 0; i-- {
			if contains(dead, n.listAddrs[i]) {
				n.removeEntry(i)
			}
		}
		if head {
			// The head goes through the rule for a dead successor, which
			// also says what to do when it was the last entry.
			dead := n.entry(0)
			if n.calls[forSuccessor].number != 0 && n.calls[forSuccessor].Addr == dead.Addr {
				n.calls[forSuccessor].number = 0
			}
			n.successorDead(out, ev, dead)
		}
		return
	}
	if head {
		n.stabilize(out, ev)
	}
}
