package chord

import (
	"fmt"
	"slices"
	"strings"
)

// miniature is a ring of a few nodes whose messages and timers wait until
// they are asked for: it loses and delays nothing by itself. Identifiers have
// 8 bits, and a node is called by its identifier; its address is that + 256,
// so that the two are never mistaken for one another.
//
// Times are milliseconds. A message takes 50, a timer goes off when it is
// fired; the clock only moves forward.
type miniature struct {
	cfg     Config
	lookups Lookups
	out     Out
	nodes   []*Node
	now     int64
	flight  []parcel
	timers  []alarm
	events  uint64
	tag     uint32
	quiet   bool                                 // print no sends: they are printed when they arrive
	mute    bool                                 // print nothing
	watch   func(n *Node, ev Event, step func()) // stands around a step, if set
	text    strings.Builder
}

// parcel is a message in flight.
type parcel struct {
	from, to Addr
	due      int64
	msg      Message
	list     []Peer
}

// alarm is a timer that is set.
type alarm struct {
	node Addr
	Timer
}

const latency = 50

func named(id uint64) Peer { return Peer{id, Addr(id) + 256} }

// newMiniature returns an empty ring of a preset with lists of r.
func newMiniature(preset string, r int) *miniature {
	rules, tries, ok := Preset(preset, r)
	if !ok {
		panic("no preset " + preset)
	}
	m := &miniature{cfg: Config{
		Bits: 8, Successors: r, Rules: rules, Tries: tries,
		Stabilize: Period{Every: 30_000}, FixFingers: Period{Every: 30_000}, CheckPredecessor: Period{Every: 30_000},
		RPCTimeout: 500, LookupDeadline: 10_000, ProbeOwner: true,
	}}
	if preset == "echord" {
		m.cfg.Stabilize.Every, m.cfg.ProbeOwner = 3_000, false
		m.cfg.FixFingers, m.cfg.CheckPredecessor = Period{}, Period{}
		m.cfg.Fallback, m.cfg.Fallbacks = true, 2
	}
	m.out.Config, m.out.Lookups = &m.cfg, &m.lookups
	return m
}

// node returns a node by its identifier, made on first use.
func (m *miniature) node(id uint64) *Node {
	for _, n := range m.nodes {
		if n.ID == id {
			return n
		}
	}
	n := &Node{}
	n.Init(named(id))
	m.nodes = append(m.nodes, n)
	return n
}

// settle makes ids an ideal ring.
func (m *miniature) settle(ids ...uint64) {
	slices.Sort(ids)
	ring := make([]Peer, len(ids))
	for i, id := range ids {
		ring[i] = named(id)
	}
	for i := range ring {
		n := m.node(ring[i].ID)
		n.Settle(&m.cfg, ring[(i+len(ring)-1)%len(ring)], trueList(ring, i, m.cfg.Successors), trueArc(ring))
		m.command(n.ID, Message{Kind: CmdStart})
	}
}

// trueList is the right list of the i-th of a sorted ring.
func trueList(ring []Peer, i, r int) []Peer {
	if len(ring) == 1 {
		return ring
	}
	var list []Peer
	for k := 1; k <= min(r, len(ring)-1); k++ {
		list = append(list, ring[(i+k)%len(ring)])
	}
	return list
}

// trueArc answers whose a key is in a sorted ring.
func trueArc(ring []Peer) func(key uint64) (uint64, Peer) {
	return func(key uint64) (uint64, Peer) {
		i := 0
		for i < len(ring) && ring[i].ID < key {
			i++
		}
		return ring[(i+len(ring)-1)%len(ring)].ID, ring[i%len(ring)]
	}
}

// step hands a node an event and takes up what it wants done.
func (m *miniature) step(n *Node, ev Event) {
	m.events++
	ev.Now, ev.Rand = m.now, fork(m.events, 0)
	var before nodeText
	counted := m.out.Counters
	if !m.mute {
		before = m.describeNode(n)
	}
	step := func() { n.Step(&ev, &m.out) }
	if m.watch != nil {
		m.watch(n, ev, step)
	} else {
		step()
	}
	for i := range m.out.Sends {
		s := &m.out.Sends[i]
		p := parcel{n.Addr, s.To, m.now + latency, s.Msg, slices.Clone(m.out.List(s))}
		m.flight = append(m.flight, p)
		if !m.quiet && !m.mute {
			m.print("  %s", p.describe())
		}
	}
	for _, t := range m.out.Timers {
		m.timers = append(m.timers, alarm{n.Addr, t})
	}
	if !m.mute {
		m.printChanges(n, before, &counted)
	}
	left := m.out.Left
	m.out.Reset()
	if left {
		m.abandon()
	}
}

func (m *miniature) command(id uint64, msg Message) {
	m.step(m.node(id), Event{Msg: &msg})
}

// arrive delivers the i-th message in flight. Nobody is at the address of a
// node that has crashed or left; with a perfect detector the sender is told.
func (m *miniature) arrive(i int) {
	p := m.flight[i]
	m.flight = slices.Delete(m.flight, i, i+1)
	m.now = max(m.now, p.due)
	n := m.node(uint64(p.to - 256))
	if n.Status != Absent {
		m.announce(&p, "")
		m.step(n, Event{From: p.from, Msg: &p.msg, List: p.list})
		return
	}
	m.announce(&p, ": nobody there")
	if bounce, ok := BounceOf(&p.msg); ok && m.cfg.Perfect {
		m.flight = append(m.flight, parcel{from: p.to, to: p.from, due: m.now + latency, msg: bounce})
	}
}

func (m *miniature) announce(p *parcel, fate string) {
	if !m.mute {
		m.print("%s%s", p.describe(), fate)
	}
}

// expire fires the i-th timer.
func (m *miniature) expire(i int) {
	t := m.timers[i]
	m.timers = slices.Delete(m.timers, i, i+1)
	if n := m.node(uint64(t.node - 256)); n.Status != Absent {
		m.step(n, Event{From: n.Addr, Timer: t.Data})
	}
}

// waiting reports whether a timer is the timeout of a request still open.
func (m *miniature) waiting(t alarm) bool {
	kind, slot, number := TimerParts(t.Data)
	switch timerKind(kind) {
	case timerCall:
		return m.node(uint64(t.node-256)).inFlight(slot, number)
	case timerContact:
		return m.lookups.contact(slot, t.node, number) != nil
	}
	return false
}

// timeout lets the earliest open request run out, of one node or, with 0, of
// any.
func (m *miniature) timeout(of Addr) bool {
	first := -1
	for i, t := range m.timers {
		if (of == 0 || t.node == of) && m.waiting(t) && (first < 0 || t.At < m.timers[first].At) {
			first = i
		}
	}
	if first < 0 {
		return false
	}
	m.now = max(m.now, m.timers[first].At)
	m.expire(first)
	return true
}

// fire sets off the first timer of a kind that a node has set.
func (m *miniature) fire(id uint64, kind timerKind) bool {
	for i, t := range m.timers {
		if k, _, _ := TimerParts(t.Data); t.node == named(id).Addr && timerKind(k) == kind {
			m.expire(i)
			return true
		}
	}
	return false
}

// run delivers messages in the order in which they were sent until none is
// in flight and, with timeouts, until no request is open either. It reports
// whether that came to an end.
func (m *miniature) run(timeouts bool) bool {
	m.quiet = true
	defer func() { m.quiet = false }()
	for range 5000 {
		switch {
		case len(m.flight) > 0:
			m.arrive(0)
		case !timeouts || !m.timeout(0):
			return true
		}
	}
	return false
}

// crash ends a node and its lookups.
func (m *miniature) crash(id uint64) {
	n := m.node(id)
	n.Crash()
	m.abandon()
}

func (m *miniature) abandon() {
	gone := func(a Addr) bool { return m.node(uint64(a-256)).Status == Absent }
	m.lookups.Abandon(gone, func(tag uint32, _ Addr) { m.print("  lookup %d abandoned", tag) })
}

// lookup starts a lookup at a node.
func (m *miniature) lookup(id, key uint64) {
	m.tag++
	m.command(id, Message{Kind: CmdLookup, Key: key, Call: m.tag})
}

func (m *miniature) print(format string, args ...any) {
	if !m.mute {
		fmt.Fprintf(&m.text, format+"\n", args...)
	}
}
