package chord

import "testing"

// What answers another question than the one that is open is late: candidates
// where a successor was asked for, a successor where candidates were, either
// in a lookup of another kind.
func TestAnswersToOtherQuestions(t *testing.T) {
	for _, c := range []struct {
		setting string
		asked   func(m *miniature, n *Node) // what the lookup has been answered so far
		kind    Kind
	}{
		{"lookup=fallback", nil, Next},
		{"lookup=fallback", nil, NoNext},
		{"lookup=fallback", func(m *miniature, n *Node) { replyState(m, n, onWay(1)) }, State},
		{"lookup=iterative", nil, State},
	} {
		m, n := leading(t, 8, c.setting)
		m.lookup(10, 250)
		if c.asked != nil {
			c.asked(m, n)
		}
		late, sent := m.out.Counters[CountLate], len(m.flight)
		if c.kind == State {
			replyState(m, n, onWay(2))
		} else {
			reply(m, n, c.kind, onWay(2), onWay(3))
		}
		if m.out.Counters[CountLate] != late+1 || len(m.flight) != sent || m.lookups.Active() != 1 {
			t.Errorf("%s, %s: %d counted late, %d sent, %d lookups", c.setting, c.kind, m.out.Counters[CountLate]-late, len(m.flight)-sent, m.lookups.Active())
		}
	}
}

// replyState answers the question for a successor that was sent last.
func replyState(m *miniature, n *Node, succ Peer) {
	p := m.flight[len(m.flight)-1]
	msg := Message{Kind: State, Call: p.msg.Call, Slot: p.msg.Slot, Flags: FlagLookup}
	msg.setB(succ)
	m.step(n, Event{From: p.to, Msg: &msg})
}

// No more candidates are taken than any node would name, and none of them is
// nobody.
func TestCandidatesAreBounded(t *testing.T) {
	m, n := leading(t, 8, "lookup=fallback")
	failed := 0
	m.watch = func(_ *Node, _ Event, step func()) {
		step()
		failed += len(m.out.Finished)
	}
	m.lookup(10, 250)
	replyState(m, n, onWay(0))
	var list []Peer
	for i := range MaxSuccessors {
		list = append(list, onWay(i+2))
	}
	reply(m, n, Next, onWay(1), list...)
	asked := 0
	for failed == 0 && m.timeout(n.Addr) {
		asked++
	}
	if asked != 1+MaxFallbacks+1 || failed != 1 { // the current node's successor comes last
		t.Errorf("%d were asked, %d lookups ended", asked, failed)
	}

	m, n = leading(t, 8, "lookup=fallback")
	m.lookup(10, 250)
	replyState(m, n, onWay(0))
	reply(m, n, Next, Peer{})
	if last := m.flight[len(m.flight)-1]; last.to != onWay(0).Addr {
		t.Errorf("without candidates %d is asked, not the successor", last.to)
	}
}

// Whoever is the successor by the time that the predecessor of an earlier one
// has turned out dead is not told to forget its own.
func TestForgettingIsForTheSuccessorThatNamedTheDead(t *testing.T) {
	for _, changed := range []bool{false, true} {
		m := newMiniature("echord", 3)
		m.mute = true
		m.settle(10, 50, 100, 150)
		n := m.node(10)
		m.node(50).Pred = named(30)
		m.node(30).Status = Absent
		m.fire(10, timerStabilize)
		m.arrive(0) // the question
		m.arrive(0) // the answer: 30 is polled
		if changed {
			n.removeEntry(0) // by the rules of another preset
		}
		m.timeout(n.Addr)
		told := 0
		for _, p := range m.flight {
			if p.msg.Flags&FlagForget != 0 {
				told++
			}
		}
		if want := map[bool]int{false: 1, true: 0}[changed]; told != want {
			t.Errorf("the successor has changed: %v; %d were told", changed, told)
		}
	}
}

// A member that joins again has been one all the time: it does not become one
// once more, and its rounds go on as they were.
func TestJoiningAgainKeepsTheRounds(t *testing.T) {
	m := newMiniature("echord", 3)
	m.mute = true
	m.settle(10, 50, 100, 150, 200)
	n := m.node(10)
	joined := 0
	m.watch = func(_ *Node, _ Event, step func()) {
		step()
		if m.out.Member {
			joined++
		}
	}
	m.crash(50)
	m.crash(100)
	m.crash(200)
	m.fire(10, timerStabilize)
	m.run(true)
	inc, timers := n.Inc, len(m.timers)
	if n.ListLen() != 0 || !n.InRing() {
		t.Fatalf("the list is %v", n.AppendList(nil))
	}
	n.calls[forJoin] = call{Peer: named(150), number: 4000}
	m.step(n, Event{From: named(150).Addr, Msg: &Message{Kind: State, Call: 4000, Slot: uint32(forJoin), Flags: FlagList, Path: 1}, List: []Peer{named(210)}})
	if joined != 0 || n.Inc != inc || n.ListLen() != 2 || len(m.timers) != timers {
		t.Errorf("it became a member %d times; %d lives, list %v, %d timers more", joined, n.Inc-inc, n.AppendList(nil), len(m.timers)-timers)
	}
}
