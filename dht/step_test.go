package dht

import (
	"fmt"
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
				t.Errorf("%s to %s is not counted", KindNameOf(kind), c.what)
			}
			if n.Holder != holder || m.store.Active() != active || len(m.ringOut.Sends)+len(m.ringOut.Timers)+len(m.out.Done) > 0 ||
				string(m.store.AppendRecords(nil, &n.Holder)) != string(records) {
				t.Errorf("%s to %s changes something", KindNameOf(kind), c.what)
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

// KindNameOf names the report of a bounce, too.
func KindNameOf(k chord.Kind) string {
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

// A version is greater than that of what the owner has, whatever its clock says.
func TestVersionsGrow(t *testing.T) {
	m := newMiniature("corrected", 1, 1)
	m.settle(10, 60, 110)
	n := m.node(60)
	const ahead = 1000 * ms
	m.store.merge(&n.Holder, n.Node.Addr, 0, Record{Key: 40, Version: ahead, Writer: 7}, true)
	for i := range uint64(3) {
		m.put(60, 40, false)
		m.letRing()
		r, _ := m.store.Find(n.Node.Addr, 40)
		if r.Version != ahead+1+i || r.Writer != n.Node.Addr || r.Value != m.value {
			t.Errorf("put %d after version %d has made %+v", i, uint64(ahead), r)
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

// calm lets one thing happen such as happens in a network: few losses, and nobody
// taken for dead that is not.
func (b *bytesLeft) calm(m *miniature) {
	id := uint64(b.below(8)+1) * 30
	switch b.below(24) {
	default:
		if len(m.flight) > 0 {
			m.arrive(b.below(len(m.flight)))
		}
	case 0:
		if i := b.below(16); i < len(m.flight) && layer(&m.flight[i].msg) {
			m.flight = append(m.flight[:i], m.flight[i+1:]...)
		}
	case 1, 2:
		// No request of the ring runs out early: nobody is taken for dead that is not.
		if i := b.below(max(len(m.timers), 1)); i < len(m.timers) && (layerTimer(m.timers[i].Data) || !m.open(m.timers[i])) {
			m.expire(i)
		}
	case 3:
		if !m.timeout(0, true) {
			m.timeout(0, false)
		}
	case 4, 5, 6, 7:
		m.put(id, uint32(b.next()), b.below(8) == 0)
	case 8:
		m.get(id, uint32(b.next()))
	case 9:
		if m.staying() > 3 || m.node(id).Status == chord.Absent {
			b.life(m, m.node(id))
		}
	}
	m.letRing()
}

// survivors plays a script of joins, leaves, a number of crashes, losses and
// requests, lets the ring
// heal, and returns how many acknowledged keys nobody holds any more. What was
// acknowledged has to be there in the version acknowledged, or a later one.
func survivors(t *testing.T, seed uint64, k, crashes int, change func(*Config)) (acknowledged, lost, misplaced int) {
	b := &bytesLeft{script(seed, 3000), crashes}
	m := newMiniature("corrected", k, k/2+1)
	change(&m.cfg)
	m.mute = true
	m.settle(30, 60, 120, 150, 210)
	for len(b.data) > 0 {
		b.calm(m)
	}
	if !m.heal() || m.out.Counters[CountForsaken] > 0 {
		return 0, 0, 0 // the ring is none, or a leaver had been cut off from it
	}
	m.rest(t)
	all := m.newest()
	for _, d := range m.done {
		if d.Outcome != Acknowledged {
			continue
		}
		acknowledged++
		if have, ok := all[d.Record.Key]; !ok || d.Record.Newer(have) {
			lost++
		}
	}
	return acknowledged, lost, len(m.misplaced())
}

// losesNothing holds a hundred scripts to losing nothing, and to everything being
// where it belongs in the end.
func losesNothing(t *testing.T, k, crashes int) {
	acknowledged := 0
	for seed := range uint64(100) {
		a, lost, misplaced := survivors(t, 7000+seed, k, crashes, func(*Config) {})
		if acknowledged += a; lost > 0 || misplaced > 0 {
			t.Errorf("k=%d, seed %d: of %d acknowledged puts %d are lost, and %d keys are not where they belong", k, seed, a, lost, misplaced)
		}
	}
	if acknowledged < 2000 {
		t.Errorf("k=%d: %d acknowledged puts show too little", k, acknowledged)
	}
}

// With a quorum of two and more, one crash loses nothing either, whenever it is.
func TestOneCrashLosesNothing(t *testing.T) {
	for _, k := range []int{2, 3, 4} {
		losesNothing(t, k, 1)
	}
}

// No acknowledged key is lost by a hand-over, whatever order messages arrive in,
// while some are lost, nodes join and leave, and none crashes; and when the ring has
// become ideal, every key is where it belongs, in its newest version, and nowhere
// else. Each of the rules that are to be broken on purpose does lose keys, or
// acknowledges what is not held.
func TestHandOverLosesNothing(t *testing.T) {
	for _, k := range []int{1, 2, 3} {
		losesNothing(t, k, 0)
	}
	for what, change := range map[string]func(*Config){
		"drop early": func(c *Config) { c.DropEarly = true },
		"echord":     func(c *Config) { c.HandOver, c.Repair = HandOverEChord, 0 },
	} {
		lost := 0
		for seed := range uint64(100) {
			_, l, _ := survivors(t, 7000+seed, 1, 0, change)
			lost += l
		}
		if lost == 0 {
			t.Errorf("%s loses nothing, so that this test tells nothing", what)
		}
	}
}

// A put and the get after it take no new memory once tables and buffers have grown,
// with and without copies, over the network and at the owner itself.
func TestStepsDoNotAllocate(t *testing.T) {
	for _, k := range []int{1, 3} {
		for _, client := range []uint64{60, 160} {
			t.Run(fmt.Sprintf("k=%d, client %d", k, client), func(t *testing.T) {
				s := newSteady(k)
				turn := func() {
					s.put(client, 40)
					s.get(client, 40)
				}
				for range 500 {
					turn()
				}
				s.ended = 0
				if n := testing.AllocsPerRun(500, turn); n != 0 {
					t.Errorf("%v allocations", n)
				}
				if s.ended != 2*501 || s.m.store.Active() != 0 {
					t.Errorf("%d of 1002 operations have ended well, %d are under way", s.ended, s.m.store.Active())
				}
			})
		}
	}
}

// A round of repair takes none either.
func TestRoundsDoNotAllocate(t *testing.T) {
	s := newSteady(3)
	for key := uint32(20); key < 60; key++ {
		s.put(160, key) // all are 60's
	}
	life := s.m.node(60).life
	turn := func() {
		s.event(60, chord.Event{From: named(60).Addr, Timer: chord.TimerData(timerRound, 0, life)})
		s.drain()
	}
	for range 200 {
		turn()
	}
	s.sent = 0
	if n := testing.AllocsPerRun(200, turn); n != 0 || s.sent != 4*201 {
		t.Errorf("%v allocations, %d messages in 201 rounds", n, s.sent)
	}
}

// steady is a miniature whose messages arrive at once, in the order they were sent,
// from buffers that are used again. Its timers never fire.
type steady struct {
	m     *miniature
	queue []parcel
	peers []chord.Peer // the lists of the queue
	sent  int
	ended int // operations that have ended well
}

func newSteady(k int) *steady {
	m := newMiniature("corrected", k, 1)
	m.settle(10, 60, 110, 160)
	return &steady{m: m}
}

// event hands a node an event and queues what it sends.
func (s *steady) event(id uint64, ev chord.Event) {
	m := s.m
	m.events++
	m.now++
	ev.Now, ev.Rand = m.now, chord.Fork(m.events, 0)
	m.handle(m.node(id), &ev)
	for i := range m.ringOut.Sends {
		send := &m.ringOut.Sends[i]
		if send.To == 0 {
			continue
		}
		s.sent++
		from := len(s.peers)
		s.peers = append(s.peers, m.ringOut.List(send)...)
		s.queue = append(s.queue, parcel{from: chord.Addr(id) + 256, to: send.To, msg: send.Msg, list: s.peers[from:]})
	}
	for _, d := range m.out.Done {
		if d.Outcome == Acknowledged || d.Outcome == Found {
			s.ended++
		}
	}
	m.ringOut.Reset()
	m.out.Reset()
}

// drain delivers all that is queued and all that comes of it.
func (s *steady) drain() {
	for i := 0; i < len(s.queue); i++ {
		p := &s.queue[i]
		msg, list := p.msg, p.list
		s.event(uint64(p.to-256), chord.Event{From: p.from, Msg: &msg, List: list})
	}
	s.queue, s.peers = s.queue[:0], s.peers[:0]
}

func (s *steady) put(client uint64, key uint32) {
	s.m.value++
	msg := CommandPut(NewRecord(key, s.m.value, 10, false), 1)
	s.event(client, chord.Event{Msg: &msg})
	s.drain()
}

func (s *steady) get(client uint64, key uint32) {
	msg := CommandGet(key, 1)
	s.event(client, chord.Event{Msg: &msg})
	s.drain()
}
