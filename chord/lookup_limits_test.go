package chord

import "testing"

// leading is a node in whose lookups the test plays all others.
func leading(t *testing.T, bits int, settings ...string) (*miniature, *Node) {
	t.Helper()
	m := newMiniature("corrected", 2)
	m.mute, m.cfg.Bits, m.cfg.Tries = true, bits, 1
	for _, s := range settings {
		if err := m.apply(s); err != nil {
			t.Fatal(err)
		}
	}
	m.settle(10, 60, 110)
	return m, m.node(10)
}

// reply answers the request sent last.
func reply(m *miniature, n *Node, kind Kind, a Peer, list ...Peer) {
	p := m.flight[len(m.flight)-1]
	msg := Message{Kind: kind, Call: p.msg.Call, Slot: p.msg.Slot, Flags: p.msg.Flags & FlagLookup}
	msg.setA(a)
	m.step(n, Event{From: p.to, Msg: &msg, List: list})
}

// onWay is the i-th of many nodes that lead to a key, none of which is there.
func onWay(i int) Peer { return Peer{uint64(200 + i), Addr(5000 + i)} }

// A lookup that is led on and on fails when it has made more than 4m contacts.
func TestLookupFailsAfter4mContacts(t *testing.T) {
	for _, bits := range []int{8, 16, 64} {
		m, n := leading(t, bits)
		var ended []Finished
		m.watch = func(_ *Node, _ Event, step func()) {
			step()
			ended = append(ended, m.out.Finished...)
		}
		m.lookup(10, 100)
		contacts := 1
		for len(ended) == 0 {
			before := len(m.flight)
			reply(m, n, Next, onWay(contacts))
			contacts += len(m.flight) - before
		}
		if contacts != 4*bits || !ended[0].Owner.None() || int(ended[0].Path) != contacts {
			t.Errorf("%d bits: %d contacts, path %d, owner %v", bits, contacts, ended[0].Path, ended[0].Owner)
		}
	}
}

// A predecessor that names no owner, or a next one that is nobody, has no
// answer: the lookup fails at once.
func TestLookupFailsOnEmptyAnswers(t *testing.T) {
	for _, kind := range []Kind{Owners, Next, NoNext} {
		m, n := leading(t, 8)
		failed := 0
		m.watch = func(_ *Node, _ Event, step func()) {
			step()
			for _, f := range m.out.Finished {
				if f.Owner.None() {
					failed++
				}
			}
		}
		m.lookup(10, 100)
		reply(m, n, kind, Peer{})
		if failed != 1 || m.lookups.Active() != 0 {
			t.Errorf("%s of nobody: %d failed, %d under way", kind, failed, m.lookups.Active())
		}
	}
}

// A search that is led back farther than the initiator remembers goes on from
// where it remembers, and the path counts the living all the same.
func TestLookupIsLedBackAsFarAsItRemembers(t *testing.T) {
	m, n := leading(t, 64)
	var ended []Finished
	m.watch = func(_ *Node, _ Event, step func()) {
		step()
		ended = append(ended, m.out.Finished...)
	}
	m.lookup(10, 100)
	const far = maxVisited + 20
	for i := range far {
		reply(m, n, Next, onWay(i))
	}
	back := 0
	for len(ended) == 0 && m.timeout(n.Addr) {
		back++
	}
	if len(ended) != 1 || !ended[0].Owner.None() {
		t.Fatalf("the lookup ended with %v", ended)
	}
	if back != maxDead+1 || int(ended[0].Timeouts) != back || int(ended[0].Path) != far-(back-2) {
		t.Errorf("%d timeouts, %d counted, path %d", back, ended[0].Timeouts, ended[0].Path)
	}
}

// A forwarder that has made more than 4m contacts tells the initiator.
func TestForwarderGivesUp(t *testing.T) {
	m, n := leading(t, 8, "lookup=acked")
	m.cfg.Successors = 40
	var list []Peer
	for id := range uint64(40) {
		list = append(list, named(11+id))
	}
	n.replaceList(&m.cfg, list)
	m.step(n, Event{From: 999, Msg: &Message{
		Kind: Forward, Key: 60, Initiator: 999, InitCall: 5, InitSlot: 6, Path: 3, Timeouts: 2, Call: 1, Flags: FlagLookup,
	}})
	for m.lookups.Active() > 0 && m.timeout(n.Addr) {
	}
	var contacts int
	var answers []Message
	for _, p := range m.flight {
		switch p.msg.Kind {
		case Forward:
			contacts++
		case Answer:
			answers = append(answers, p.msg)
		}
	}
	if contacts != 4*8 || len(answers) != 1 {
		t.Fatalf("%d contacts, %d answers", contacts, len(answers))
	}
	if a := answers[0]; a.A != 0 || a.Call != 5 || a.Slot != 6 || a.Path != 3 || int(a.Timeouts) != 2+contacts {
		t.Errorf("answer %+v", a)
	}
	if m.lookups.Active() != 0 {
		t.Errorf("%d records left", m.lookups.Active())
	}
}

// A forwarded lookup that has gone through 4m nodes goes no farther.
func TestForwardEndsAfter4mHops(t *testing.T) {
	m, n := leading(t, 8, "lookup=recursive")
	for _, c := range []struct {
		path uint16
		kind Kind
	}{{4*8 - 1, Forward}, {4 * 8, Answer}} {
		m.step(n, Event{From: 999, Msg: &Message{Kind: Forward, Key: 200, Initiator: 999, InitCall: 1, Path: c.path, Flags: FlagLookup}})
		if got := m.flight[len(m.flight)-1].msg; got.Kind != c.kind || (got.Kind == Answer && got.A != 0) {
			t.Errorf("after %d nodes it sends %s to %v", c.path, got.Kind, got.peerA())
		}
	}
}

// Lookups of a node that is gone are given up, each of a user's once, and
// their places are used again.
func TestAbandonedLookups(t *testing.T) {
	m := newMiniature("corrected", 2)
	m.mute = true
	m.settle(10, 60, 110, 160)
	for range 300 { // more than one block of records
		m.lookup(10, 150)
		m.lookup(60, 5)
	}
	m.fire(10, timerFixFingers)
	active := m.lookups.Active()
	seen := map[uint32]bool{}
	m.lookups.Abandon(func(a Addr) bool { return a == named(10).Addr }, func(tag uint32, node Addr) {
		if seen[tag] || node != named(10).Addr || tag%2 == 0 {
			t.Fatalf("lookup %d of %d", tag, node)
		}
		seen[tag] = true
	})
	if len(seen) != 300 || m.lookups.Active() != 300 {
		t.Fatalf("%d abandoned, %d of %d left", len(seen), m.lookups.Active(), active)
	}
	blocks := len(m.lookups.records)
	for range 300 {
		m.lookup(110, 70)
	}
	if len(m.lookups.records) != blocks {
		t.Errorf("%d blocks became %d: free places were not used", blocks, len(m.lookups.records))
	}
}
