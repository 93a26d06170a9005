package dht

import (
	"fmt"
	"slices"
	"strings"

	"chordsim/chord"
)

// miniature is a ring of a few nodes with stored keys, whose messages about keys
// wait until they are asked for. Identifiers have 8 bits, and a node is called by
// its identifier; its address is that + 256. Key number i has identifier i. The
// ring's own messages arrive at once and unseen unless they are held: only what
// they change is told.
//
// Times are nanoseconds and told in milliseconds. A message takes 50 ms; a timer
// goes off when it is fired, whenever it was set for. The clock moves forward
// with messages and with timeouts.
type miniature struct {
	ring    chord.Config
	cfg     Config
	keys    Keys
	lookups chord.Lookups
	ringOut chord.Out
	out     Out
	store   *Store
	nodes   []*member
	now     int64
	flight  []parcel
	timers  []alarm
	events  uint64
	tag     uint32
	value   uint32
	quiet   bool // print no sends: they are printed when they arrive
	mute    bool // print nothing
	held    bool // the ring's messages wait like the others
	done    []Done
	text    strings.Builder
}

// member is a node with what it has beside its records.
type member struct {
	chord.Node
	Holder
}

// parcel is a message in flight.
type parcel struct {
	from, to chord.Addr
	due      int64
	msg      chord.Message
	list     []chord.Peer
}

// alarm is a timer that is set.
type alarm struct {
	node chord.Addr
	chord.Timer
}

const (
	ms      = 1_000_000
	latency = 50 * ms
)

func named(id uint64) chord.Peer { return chord.Peer{ID: id, Addr: chord.Addr(id) + 256} }

// newMiniature returns an empty ring of a preset, with k copies of which w are a
// quorum.
func newMiniature(preset string, k, w int) *miniature {
	const r = 4
	rules, tries, ok := chord.Preset(preset, r)
	if !ok {
		panic("no preset " + preset)
	}
	m := &miniature{
		ring: chord.Config{
			Bits: 8, Successors: r, Rules: rules, Tries: tries,
			Stabilize: chord.Period{Every: 30_000 * ms}, CheckPredecessor: chord.Period{Every: 30_000 * ms},
			RPCTimeout: 500 * ms, LookupDeadline: 10_000 * ms,
		},
		cfg: Config{
			Replicas: k, WriteQuorum: w, Repair: 160_000 * ms,
			Timeout: 500 * ms, Tries: tries, Deadline: 10_000 * ms, Pause: 1_000 * ms,
		},
		store: &Store{},
	}
	if preset == "echord" {
		m.ring.Fallback, m.ring.Fallbacks = true, 2
		m.cfg.HandOver, m.cfg.Repair = HandOverEChord, 0
	}
	for i := range uint64(256) {
		m.keys.IDs = append(m.keys.IDs, i)
		m.keys.Bytes = append(m.keys.Bytes, 5)
	}
	m.connect()
	return m
}

// connect makes the outputs those of this miniature.
func (m *miniature) connect() {
	m.ringOut.Config, m.ringOut.Lookups = &m.ring, &m.lookups
	m.out.Ring, m.out.Config, m.out.Keys = &m.ringOut, &m.cfg, &m.keys
}

// node returns a node by its identifier, made on first use.
func (m *miniature) node(id uint64) *member {
	for _, n := range m.nodes {
		if n.ID == id {
			return n
		}
	}
	n := &member{}
	n.Init(named(id))
	m.nodes = append(m.nodes, n)
	return n
}

func (m *miniature) at(a chord.Addr) *member { return m.node(uint64(a - 256)) }

// settle makes ids an ideal ring.
func (m *miniature) settle(ids ...uint64) {
	slices.Sort(ids)
	ring := make([]chord.Peer, len(ids))
	for i, id := range ids {
		ring[i] = named(id)
	}
	arc := func(key uint64) (uint64, chord.Peer) {
		i := 0
		for i < len(ring) && ring[i].ID < key {
			i++
		}
		return ring[(i+len(ring)-1)%len(ring)].ID, ring[i%len(ring)]
	}
	for i := range ring {
		var list []chord.Peer
		for k := 1; k <= min(m.ring.Successors, len(ring)-1); k++ {
			list = append(list, ring[(i+k)%len(ring)])
		}
		n := m.node(ring[i].ID)
		n.Settle(&m.ring, ring[(i+len(ring)-1)%len(ring)], list, arc)
		m.command(n.ID, chord.Message{Kind: chord.CmdStart})
	}
}

// layer reports whether a message is about keys.
func layer(msg *chord.Message) bool {
	return Owns(msg.Kind) || msg.Kind == chord.Bounce && msg.Flags&chord.FlagLayer != 0
}

// layerTimer reports whether a timer is.
func layerTimer(data uint64) bool {
	kind, _, _ := chord.TimerParts(data)
	return kind >= chord.LayerTimers
}

// handle is what a host does with an event.
func (m *miniature) handle(n *member, ev *chord.Event) {
	switch {
	case ev.Timer != 0 && layerTimer(ev.Timer), ev.Timer == 0 && (layer(ev.Msg) || ev.Msg.Kind == chord.CmdLeave):
		if ev.Timer == 0 && ev.Msg.Kind == chord.CmdLeave {
			n.Part()
		}
		m.store.Step(&n.Holder, &n.Node, ev, &m.out)
	default:
		n.Step(ev, &m.ringOut)
	}
	for ended := 0; ; {
		m.store.Observe(&n.Holder, &n.Node, ev, &m.out)
		m.store.Local(&n.Holder, &n.Node, ev, &m.out)
		if m.out.Gone {
			m.out.Gone = false
			n.Step(&chord.Event{Now: ev.Now, Rand: ev.Rand, Msg: &chord.Message{Kind: chord.CmdLeave}}, &m.ringOut)
			continue
		}
		if ended == len(m.ringOut.Finished) {
			return
		}
		for ; ended < len(m.ringOut.Finished); ended++ {
			if f := &m.ringOut.Finished[ended]; f.Tag&LookupTag != 0 {
				m.store.Found(&n.Holder, &n.Node, ev, f, &m.out)
			}
		}
	}
}

// step hands a node an event and takes up what it wants done.
func (m *miniature) step(n *member, ev chord.Event) {
	m.events++
	ev.Now, ev.Rand = m.now, chord.Fork(m.events, 0)
	var before nodeText
	counted := m.out.Counters
	if !m.mute {
		before = m.describeNode(n)
	}
	m.handle(n, &ev)
	for i := range m.ringOut.Sends {
		s := &m.ringOut.Sends[i]
		if s.To == 0 {
			continue // the node has handled it itself
		}
		p := parcel{n.Node.Addr, s.To, m.now + latency, s.Msg, slices.Clone(m.ringOut.List(s))}
		m.flight = append(m.flight, p)
		if !m.quiet && (layer(&p.msg) || m.held) {
			m.print("  %s", p.describe())
		}
	}
	for _, t := range m.ringOut.Timers {
		m.timers = append(m.timers, alarm{n.Node.Addr, t})
	}
	if !m.mute {
		m.printChanges(n, &before, &counted)
	}
	m.done = append(m.done, m.out.Done...)
	left := m.ringOut.Left
	m.ringOut.Reset()
	m.out.Reset()
	if left {
		m.gone(n)
	}
}

// gone: a node has crashed or left, and with it what it held.
func (m *miniature) gone(n *member) {
	m.store.Clear(&n.Holder)
	n.Reset()
	m.abandon()
}

func (m *miniature) abandon() {
	absent := func(a chord.Addr) bool { return m.at(a).Status == chord.Absent }
	m.lookups.Abandon(absent, func(uint32, chord.Addr) {})
	m.store.Abandon(absent, func(tag uint32) { m.print("  operation %d abandoned", tag) })
}

func (m *miniature) crash(id uint64) {
	n := m.node(id)
	n.Crash()
	m.gone(n)
}

// fall is a crash that the records outlast.
func (m *miniature) fall(id uint64) {
	m.node(id).Crash()
	m.abandon()
}

func (m *miniature) command(id uint64, msg chord.Message) {
	m.step(m.node(id), chord.Event{Msg: &msg})
}

// put writes the next value of a key, of 10 bytes; with deleted it is a delete.
func (m *miniature) put(id uint64, key uint32, deleted bool) {
	m.tag++
	m.value++
	m.command(id, CommandPut(NewRecord(key, m.value, 10, deleted), m.tag))
}

func (m *miniature) get(id uint64, key uint32) {
	m.tag++
	m.command(id, CommandGet(key, m.tag))
}

// arrive delivers the i-th message in flight. Nobody is at the address of a
// node that has crashed or left; with a perfect detector the sender is told.
func (m *miniature) arrive(i int) {
	p := m.flight[i]
	m.flight = slices.Delete(m.flight, i, i+1)
	m.now = max(m.now, p.due)
	if m.at(p.to).Status != chord.Absent {
		m.announce(&p, "")
		m.step(m.at(p.to), chord.Event{From: p.from, Msg: &p.msg, List: p.list})
		return
	}
	m.announce(&p, ": nobody there")
	bounceOf := chord.BounceOf
	if layer(&p.msg) {
		bounceOf = BounceOf
	}
	if bounce, ok := bounceOf(&p.msg); ok && m.ring.Perfect {
		m.flight = append(m.flight, parcel{from: p.to, to: p.from, due: m.now + latency, msg: bounce})
	}
}

func (m *miniature) announce(p *parcel, fate string) {
	if !m.mute && (layer(&p.msg) || m.held) {
		m.print("%s%s", p.describe(), fate)
	}
}

// letRing delivers the messages of the ring alone.
func (m *miniature) letRing() {
	for range 10_000 {
		i := slices.IndexFunc(m.flight, func(p parcel) bool { return !layer(&p.msg) })
		if i < 0 || m.held {
			return
		}
		m.arrive(i)
	}
	panic("the ring does not come to rest")
}

// expire fires the i-th timer.
func (m *miniature) expire(i int) {
	t := m.timers[i]
	m.timers = slices.Delete(m.timers, i, i+1)
	if n := m.at(t.node); n.Status != chord.Absent {
		m.step(n, chord.Event{From: t.node, Timer: t.Data})
	}
}

// Timers of the ring, as its own timer.go numbers them.
const (
	ringStabilize   = 1
	ringPredecessor = 3
	ringCall        = 4
	ringContact     = 5
	ringDeadline    = 6
)

// open reports whether a timer waits for an answer or ends a pause. Of the
// ring's it cannot be told whether the answer has come.
func (m *miniature) open(t alarm) bool {
	kind, slot, number := chord.TimerParts(t.Data)
	if kind == timerOp {
		return m.store.ops.get(slot, t.node, number) != nil
	}
	return kind == ringCall || kind == ringContact
}

// timeout fires the earliest of the open timers, about keys or else of the ring,
// of one node or, with 0, of any.
func (m *miniature) timeout(of chord.Addr, keys bool) bool {
	first := -1
	for i, t := range m.timers {
		if (of == 0 || t.node == of) && layerTimer(t.Data) == keys && m.open(t) && (first < 0 || t.At < m.timers[first].At) {
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

// fire sets off the timer of a kind, and slot, that a node has set last: earlier
// ones may be an earlier life's.
func (m *miniature) fire(id uint64, kind uint8, slot uint32) bool {
	for i, t := range slices.Backward(m.timers) {
		if k, s, _ := chord.TimerParts(t.Data); t.node == named(id).Addr && k == kind && s == slot {
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
	for range 20_000 {
		m.letRing()
		switch {
		case len(m.flight) > 0:
			m.arrive(0)
		case !timeouts || !m.timeout(0, false) && !m.timeout(0, true):
			return true
		}
	}
	return false
}

func (m *miniature) print(format string, args ...any) {
	if !m.mute {
		fmt.Fprintf(&m.text, format+"\n", args...)
	}
}
