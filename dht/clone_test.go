package dht

import (
	"bytes"
	"slices"
	"testing"

	"chordsim/chord"
)

// clone copies a ring that has no lookups under way, which are the ring's own.
func (m *miniature) clone(t *testing.T) *miniature {
	if n := m.lookups.Active(); n != 0 {
		t.Fatalf("%d lookups are under way", n)
	}
	c := &miniature{
		ring: m.ring, cfg: m.cfg, keys: m.keys, store: m.store.Clone(), now: m.now,
		events: m.events, tag: m.tag, value: m.value, timers: slices.Clone(m.timers),
	}
	c.connect()
	for _, n := range m.nodes {
		twin := *n
		c.nodes = append(c.nodes, &twin)
	}
	for _, p := range m.flight {
		p.list = slices.Clone(p.list)
		c.flight = append(c.flight, p)
	}
	return c
}

// state is all that a ring holds, in bytes and words.
func (m *miniature) state() ([]byte, []Holder, string) {
	var records []byte
	var holders []Holder
	for _, n := range m.nodes {
		records = m.store.AppendRecords(append(records, 0xff), &n.Holder)
		holders = append(holders, n.Holder)
	}
	return records, holders, m.text.String()
}

// goOn lets the rest of a hand-over happen, with another joiner, a crash, and a
// round of repair.
func (m *miniature) goOn(t *testing.T) {
	m.mute = false
	m.text.Reset()
	m.run(false)
	m.command(90, chord.Message{Kind: chord.CmdJoin, AID: 10, A: named(10).Addr})
	m.run(false)
	m.put(10, 130, false)
	m.crash(120)
	m.run(true)
	for _, id := range m.members() {
		m.fire(id, timerRound, 0)
	}
	m.rest(t)
}

// A ring copied in the middle of a hand-over goes on as the first does, message by
// message, and neither touches the other: the first goes on after the copy has.
func TestACloneGoesOnTheSame(t *testing.T) {
	for _, k := range []int{1, 3} {
		m := newMiniature("corrected", k, 1)
		m.mute = true
		m.settle(10, 60, 120, 200)
		for key := range uint32(256) {
			m.put(200, key, key%7 == 0)
			m.run(false)
		}
		m.command(160, chord.Message{Kind: chord.CmdJoin, AID: 10, A: named(10).Addr})
		m.letRing()
		copies := 0
		for ; len(m.flight) > 0; m.letRing() {
			if copies++; m.store.Active() == 0 {
				t.Fatal("the hand-over has ended before its messages have arrived")
			}
			first, second := m.clone(t), m.clone(t)
			before, _, _ := first.state()
			second.goOn(t)
			if after, _, _ := first.state(); !bytes.Equal(before, after) {
				t.Fatalf("k=%d, message %d: the copy has changed the first", k, copies)
			}
			first.goOn(t)
			r1, h1, t1 := first.state()
			r2, h2, t2 := second.state()
			if !bytes.Equal(r1, r2) || !slices.Equal(h1, h2) || t1 != t2 {
				t.Fatalf("k=%d, message %d: one goes on\n%s\nand the other\n%s", k, copies, t1, t2)
			}
			if len(t1) < 500 {
				t.Fatalf("too little happens to tell: %s", t1)
			}
			m.arrive(0)
		}
		if copies < 4 {
			t.Errorf("k=%d: %d copies were made", k, copies)
		}
	}
}

// Steps of a copy and of the first give the same, from the store, a node and what
// it has beside it, whatever happens.
func TestACopyStepsTheSame(t *testing.T) {
	steps := 0
	for seed := range uint64(40) {
		b := &bytesLeft{script(seed, 1500), 1500}
		m := scriptedRing(b)
		for len(b.data) > 0 {
			b.act(m)
			if m.lookups.Active() > 0 || len(m.flight) == 0 {
				continue
			}
			twin := m.clone(t)
			twin.mute, twin.held = true, m.held
			m.arrive(0)
			twin.arrive(0)
			steps++
			r1, h1, _ := m.state()
			r2, h2, _ := twin.state()
			if !bytes.Equal(r1, r2) || !slices.Equal(h1, h2) || !slices.Equal(m.timers, twin.timers) || !slices.EqualFunc(m.flight, twin.flight, sameParcel) {
				t.Fatalf("seed %d, step %d: the copy differs", seed, steps)
			}
		}
	}
	if steps < 1000 {
		t.Errorf("%d steps show too little", steps)
	}
}

// sameParcel compares messages but for the place of a lookup, which is a matter of
// its table's history.
func sameParcel(a, b parcel) bool {
	if !layer(&a.msg) {
		a.msg.Slot, b.msg.Slot = 0, 0
	}
	return a.from == b.from && a.to == b.to && a.due == b.due && a.msg == b.msg && slices.Equal(a.list, b.list)
}
