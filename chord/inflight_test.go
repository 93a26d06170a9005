package chord

import (
	"slices"
	"testing"
)

// Whatever a message makes of a list was foretold: under the rules of [Zave17]
// a list changes by a message in no other way.
func TestListsInFlightAreForetold(t *testing.T) {
	foretold, passed := map[Kind]int{}, 0
	for seed := range uint64(400) {
		b := &bytesLeft{script(seed, 2000)}
		m := scriptedRing(b)
		join := JoinRule(JoinPredecessorList)
		if seed%2 == 1 {
			join = JoinThroughSuccessor
		}
		m.cfg.Rules, _, _ = Preset("corrected", 2)
		m.cfg.Rules.Join, m.cfg.Rules.Rejoin = join, false
		m.cfg.Successors, m.cfg.Fallback = max(m.cfg.Successors, 2), false
		m.watch = func(n *Node, ev Event, step func()) {
			before := n.AppendList(nil)
			var want []Peer
			switch {
			case ev.Msg != nil:
				want = n.AppendListAfter(&m.cfg, nil, ev.Msg, ev.List)
			case ev.Timer != 0:
				want = n.AppendListHalfDone(nil)
			}
			if ev.Msg != nil && ev.Msg.Kind == State && purpose(ev.Msg.Slot) == forBetter && n.inFlight(ev.Msg.Slot, ev.Msg.Call) && n.passesOver(&m.cfg, ev.Msg) {
				if passed++; len(want) > 0 {
					t.Fatalf("seed %d: leaving, %d passes over who is leaving, too, and was to have %v", seed, n.ID, want)
				}
			}
			step()
			after := n.AppendList(nil)
			if slices.Equal(before, after) || len(after) == 0 || ev.Msg == nil && !m.cfg.Perfect {
				return
			}
			if ev.Msg != nil && ev.Msg.Kind >= CmdStart {
				return // the host's doing
			}
			if !slices.Equal(after, want) {
				t.Fatalf("seed %d: after %v %v the list of %d is %v, was %v, foretold %v", seed, ev.Msg, ev.List, n.ID, after, before, want)
			}
			if ev.Msg != nil {
				foretold[ev.Msg.Kind]++
			} else {
				foretold[KindNone]++
			}
		}
		for len(b.data) > 0 {
			b.act(m)
		}
	}
	if passed == 0 {
		t.Error("no leaver was named another one")
	}
	for _, k := range []Kind{KindNone, State, Bounce, LeavePred, Owners, Answer} {
		if foretold[k] < 20 {
			t.Errorf("only %d lists changed by %v", foretold[k], k)
		}
	}
}

// 130 joins through 30, which names 120, which is dead: from then on to the end
// of the lookup, whatever 130 is told will be without 120.
func TestAJoinersLookupSaysWhomItGoesAround(t *testing.T) {
	for _, acked := range []bool{false, true} {
		m := newMiniature("corrected", 2)
		m.mute = true
		m.cfg.Perfect, m.cfg.Recursive, m.cfg.HopAck = true, acked, acked
		m.settle(30, 60, 90, 120, 180)
		m.crash(120)
		m.lookup(30, 170) // goes around 120 too, but gets no list
		m.command(130, Message{Kind: CmdJoin, AID: 30, A: named(30).Addr})
		var avoided []Addr
		reports := 0
		for len(m.flight) > 0 {
			p := m.flight[0]
			foretold := m.lookups.AvoidedAfter(p.to, &p.msg)
			if foretold != 0 && foretold != named(120).Addr {
				t.Errorf("recursive %v: it was foretold that it would go around %v", acked, foretold)
			}
			if foretold != 0 {
				reports++
			}
			m.arrive(0)
			var now []Addr
			m.lookups.EachAvoided(func(a Addr) { now = append(now, a) })
			if len(now) > 1 {
				t.Fatalf("it goes around %v", now)
			}
			avoided = append(avoided, now...)
		}
		if len(avoided) == 0 || slices.ContainsFunc(avoided, func(a Addr) bool { return a != named(120).Addr }) {
			t.Errorf("recursive %v: on its way the lookup went around %v, want 120 alone", acked, avoided)
		}
		if reports == 0 {
			t.Errorf("recursive %v: no report foretold that it would", acked)
		}
		if m.node(130).Status != Member {
			t.Errorf("recursive %v: 130 is no member", acked)
		}
	}
}
