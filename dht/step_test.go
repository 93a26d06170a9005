package dht

import (
	"testing"

	"chordsim/chord"
)

// answers are all that come back to who has asked.
var answers = []chord.Kind{PutAck, Value, CopyAck, GiveAck, SyncAck, chord.Bounce}

// An answer to a request that is over, or that another kind of request waits for,
// is counted and changes nothing.
func TestLateAnswersChangeNothing(t *testing.T) {
	m := newMiniature("corrected", 2, 2)
	m.settle(10, 60, 110)
	m.put(10, 40, false)
	m.letRing() // 10 waits for the answer to a put
	n := m.node(10)
	waits := m.flight[0].msg
	for _, kind := range answers {
		for _, c := range []struct {
			what       string
			call, slot uint32
		}{
			{"no request", 0, waits.Slot},
			{"an earlier one", waits.Call - 1, waits.Slot},
			{"a later one", waits.Call + 1, waits.Slot},
			{"another place", waits.Call, waits.Slot + 1},
			{"a place that is not there", waits.Call, maxSlot},
			{"a put", waits.Call, waits.Slot},
		} {
			if c.what == "a put" && (kind == PutAck || kind == chord.Bounce) {
				continue // that is the answer
			}
			msg := chord.Message{Kind: kind, Call: c.call, Slot: c.slot, Path: uint16(Put)}
			if kind == chord.Bounce {
				msg.Flags = chord.FlagLayer
			}
			holder, active, late := n.Holder, m.store.Active(), m.out.Counters[CountLate]
			records := m.store.AppendRecords(nil, &n.Holder)
			m.store.Step(&n.Holder, &n.Node, &chord.Event{Now: m.now, From: named(60).Addr, Msg: &msg}, &m.out)
			if m.out.Counters[CountLate] != late+1 {
				t.Errorf("%s to %s is not counted", kindNameOf(kind), c.what)
			}
			if n.Holder != holder || m.store.Active() != active || len(m.ringOut.Sends)+len(m.ringOut.Timers)+len(m.out.Done) > 0 ||
				string(m.store.AppendRecords(nil, &n.Holder)) != string(records) {
				t.Errorf("%s to %s changes something", kindNameOf(kind), c.what)
			}
			m.ringOut.Reset()
			m.out.Reset()
		}
	}
	m.run(true)
	if len(m.done) != 1 || m.done[0].Outcome != Acknowledged {
		t.Errorf("the put has ended so: %+v", m.done)
	}
}

// kindNameOf names the report of a bounce, too.
func kindNameOf(k chord.Kind) string {
	if Owns(k) {
		return KindName(k)
	}
	return k.String()
}

// A node that is no member answers no question about keys; where the network tells
// of the dead, it tells of that one as well.
func TestWhoIsNoMemberAnswersNobody(t *testing.T) {
	for _, perfect := range []bool{false, true} {
		m := newMiniature("corrected", 1, 1)
		m.ring.Perfect = perfect
		n := m.node(60)
		for k := chord.DataKinds; k < EndKinds; k++ {
			msg := chord.Message{Kind: k, Call: 3, Slot: 4}
			m.store.Step(&n.Holder, &n.Node, &chord.Event{From: named(10).Addr, Msg: &msg}, &m.out)
			want := 0
			if perfect && request(k) {
				want = 1
			}
			if len(m.ringOut.Sends) != want || want == 1 && m.ringOut.Sends[0].Msg.Kind != chord.Bounce || m.store.Len() > 0 {
				t.Errorf("perfect detection %v: %s is answered with %+v", perfect, KindName(k), m.ringOut.Sends)
			}
			if failed := len(m.out.Done) == 1 && m.out.Done[0].Outcome == Failed; failed != Local(k) {
				t.Errorf("%s has ended so: %+v", KindName(k), m.out.Done)
			}
			m.ringOut.Reset()
			m.out.Reset()
		}
	}
}

// A version is greater than that of what the owner has, even at the instant at
// which that was written. What was written after a put began has overwritten it.
func TestVersionsGrow(t *testing.T) {
	m := newMiniature("corrected", 1, 1)
	m.settle(10, 60, 110)
	n := m.node(60)
	m.now = 1000 * ms
	now := uint64(m.now)
	for _, c := range []struct{ have, want uint64 }{{now - 1, now}, {now, now + 1}, {now + 1, now + 1}} {
		m.store.Clear(&n.Holder)
		m.store.merge(&n.Holder, n.Node.Addr, 0, Record{Key: 40, Version: c.have, Writer: 7}, true)
		put := chord.Message{Kind: Put, BID: now}
		setRecord(&put, NewRecord(40, 5, 10, false))
		m.step(n, chord.Event{From: named(110).Addr, Msg: &put})
		r, _ := m.store.Find(n.Node.Addr, 40)
		if done := c.have <= now; r.Version != c.want || done != (r.Writer == n.Node.Addr && r.Value == 5) {
			t.Errorf("a put at %d where version %d was has made %+v", now, c.have, r)
		}
	}
	m.put(60, 41, false)
	m.letRing()
	if r, _ := m.store.Find(n.Node.Addr, 41); r.Version != uint64(m.now) {
		t.Errorf("the first put of a key at %d has version %d", m.now, r.Version)
	}
}

// Requests that are sent on and on end: the client pauses and looks up anew.
func TestRequestsAreNotSentOnForEver(t *testing.T) {
	m := newMiniature("corrected", 1, 1)
	m.settle(10, 60, 110)
	m.put(10, 40, false)
	m.letRing()
	hops := 0
	for ; len(m.flight) > 0; hops++ {
		p := m.flight[0]
		m.flight = m.flight[:0]
		from, other := named(uint64(p.to)-256), named(60)
		if from == other {
			other = named(110)
		}
		m.step(m.node(10), chord.Event{From: from.Addr, Msg: &chord.Message{
			Kind: PutAck, Call: p.msg.Call, Slot: p.msg.Slot, Flags: flagElsewhere, BID: other.ID, B: other.Addr,
		}})
	}
	if hops != mostHops+1 {
		t.Errorf("a put was asked for %d times", hops)
	}
	if !m.timeout(0, true) {
		t.Fatal("the client does not pause")
	}
	m.run(true)
	if len(m.done) != 1 || m.done[0].Outcome != Acknowledged {
		t.Errorf("the put has ended so: %+v", m.done)
	}
}

// What reaches a node that has come back, and was meant for its life before, changes
// nothing: numbers of requests go on, and timers know their life.
func TestLivesAreToldApart(t *testing.T) {
	m := newMiniature("corrected", 2, 1)
	m.settle(10, 60, 110)
	n := m.node(110)
	first := n.life
	get := func() chord.Message {
		m.flight = m.flight[:0]
		m.get(110, 40)
		m.letRing()
		return m.flight[len(m.flight)-1].msg
	}
	asked := get()
	m.crash(110)
	n.Init(named(110))
	m.settle(10, 60, 110)
	if n.life == first || n.number != asked.Call {
		t.Fatalf("life %d follows %d, request %d is the last after %d", n.life, first, n.number, asked.Call)
	}
	again := get()
	if again.Call == asked.Call || again.Slot != asked.Slot {
		t.Fatalf("%+v and then %+v: the one could not be taken for the other", asked, again)
	}
	late := m.out.Counters[CountLate]
	m.step(n, chord.Event{From: named(60).Addr, Msg: &chord.Message{Kind: Value, Call: asked.Call, Slot: asked.Slot}})
	if len(m.done) > 0 || m.out.Counters[CountLate] != late+1 {
		t.Errorf("an answer to the first life counts in the second: %+v", m.done)
	}
	for life, want := range map[uint32]int{first: 0, n.life: 1} {
		m.flight = m.flight[:0]
		m.step(n, chord.Event{From: n.Node.Addr, Timer: chord.TimerData(timerRound, 0, life)})
		if len(m.flight) != want {
			t.Errorf("the round of life %d in life %d sends %d messages, want %d", life, n.life, len(m.flight), want)
		}
	}
}

// A leaver that nobody takes anything from says so once, and all of it.
func TestForsakenRecordsAreCountedOnce(t *testing.T) {
	m := newMiniature("corrected", 1, 1)
	m.settle(10, 60, 110)
	for key := uint32(11); key <= 60; key++ {
		m.put(60, key, false)
		m.letRing()
	}
	n := m.node(60)
	m.held = true // the ring does not let it go yet
	m.command(60, chord.Message{Kind: chord.CmdLeave})
	n.tries = mostGiven
	for range m.ring.Successors {
		m.flight = m.flight[:0]
		m.timeout(n.Node.Addr, true)
	}
	m.fire(60, timerRound, 0)
	if got := m.out.Counters[CountForsaken]; got != 50 || n.Status != chord.Leaving {
		t.Errorf("of 50 records %d are counted as forsaken", got)
	}
}

// Every operation that a client begins ends exactly once, with its own tag, unless
// its node goes.
func TestEveryOperationEndsOnce(t *testing.T) {
	for seed := range uint64(60) {
		b := &bytesLeft{script(1000+seed, 1500), 1500}
		m := scriptedRing(b)
		for len(b.data) > 0 {
			b.act(m)
		}
		m.rest(t)
		ended := map[uint32]bool{}
		for _, d := range m.done {
			if ended[d.Tag] || d.Tag == 0 || d.Tag > m.tag {
				t.Fatalf("seed %d: operation %d of %d ends twice, or was never begun", seed, d.Tag, m.tag)
			}
			ended[d.Tag] = true
			if (d.Outcome == Found || d.Outcome == Acknowledged) && (d.Record.Version == 0 || d.Record.Writer == 0) {
				t.Fatalf("seed %d: operation %d ends with %+v", seed, d.Tag, d)
			}
		}
		if len(ended) == 0 {
			t.Fatalf("seed %d: nothing has ended", seed)
		}
	}
}
