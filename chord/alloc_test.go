package chord

import "testing"

// steady is a settled ring of 1000 nodes with identifiers of 32 bits and what
// its steps need. Messages arrive at once, in the order they were sent, from
// buffers that are used again.
type steady struct {
	cfg     Config
	lookups Lookups
	out     Out
	nodes   []Node // by address
	queue   []sent
	peers   []Peer // the lists of the queue
	draw    uint64
	count   int // messages sent
}

type sent struct {
	from, to   Addr
	first, end int // its list in peers
	msg        Message
}

const steadyNodes = 1000

// newSteady settles the ring with lists of r.
func newSteady(r int) *steady {
	rules, tries, _ := Preset("corrected", r)
	s := &steady{cfg: Config{
		Bits: 32, Successors: r, Rules: rules, Tries: tries, ProbeOwner: true,
		Stabilize: Period{Every: 20e9, Jitter: 1e9}, FixFingers: Period{Every: 20e9}, RPCTimeout: 500e6, LookupDeadline: 10e9,
	}}
	s.out.Config, s.out.Lookups = &s.cfg, &s.lookups
	ring := make([]Peer, steadyNodes)
	for i := range ring {
		ring[i] = Peer{uint64(i) << 32 / steadyNodes, Addr(i + 1)}
	}
	s.nodes = make([]Node, steadyNodes+1)
	for i, p := range ring {
		n := &s.nodes[p.Addr]
		n.Init(p)
		n.Settle(&s.cfg, ring[(i+steadyNodes-1)%steadyNodes], trueList(ring, i, r), trueArc(ring))
	}
	return s
}

// event hands a node an event and queues what it sends.
func (s *steady) event(to Addr, ev Event) {
	s.draw++
	ev.Now, ev.Rand = 1, fork(s.draw, 0)
	s.nodes[to].Step(&ev, &s.out)
	for i := range s.out.Sends {
		m := &s.out.Sends[i]
		first := len(s.peers)
		s.peers = append(s.peers, s.out.List(m)...)
		s.count++
		s.queue = append(s.queue, sent{to, m.To, first, len(s.peers), m.Msg})
	}
	s.out.Reset()
}

// drain delivers all that is queued and all that comes of it.
func (s *steady) drain() {
	for i := 0; i < len(s.queue); i++ {
		m := s.queue[i]
		s.event(m.to, Event{From: m.from, Msg: &m.msg, List: s.peers[m.first:m.end]})
	}
	s.queue, s.peers = s.queue[:0], s.peers[:0]
}

// discard forgets what is queued.
func (s *steady) discard() { s.queue, s.peers = s.queue[:0], s.peers[:0] }

func (s *steady) key() uint64 { return fork(s.draw, 1) & s.cfg.Mask() }

func (s *steady) someone() Addr { return 1 + Addr(s.draw%steadyNodes) }

// forward is one hop of a recursive lookup without acknowledgement.
func (s *steady) forward() {
	m := Message{Kind: Forward, Key: s.key(), Initiator: 2, InitCall: 1, Path: 1, Flags: FlagLookup}
	s.event(s.someone(), Event{From: 2, Msg: &m})
	s.discard()
}

// findNext is one answer to an iterative lookup that has met two dead nodes.
func (s *steady) findNext() {
	m := Message{Kind: FindNext, Key: s.key(), Call: 1, Flags: FlagLookup}
	dead := [2]Peer{{Addr: 5007}, {Addr: 5008}}
	s.event(s.someone(), Event{From: 2, Msg: &m, List: dead[:]})
	s.discard()
}

// round is a round of stabilization: question, answer, notify.
func (s *steady) round() { s.periodic(timerStabilize) }

// fixFingers is the refresh of one finger.
func (s *steady) fixFingers() { s.periodic(timerFixFingers) }

func (s *steady) periodic(kind timerKind) {
	n := &s.nodes[s.someone()]
	s.event(n.Addr, Event{From: n.Addr, Timer: TimerData(uint8(kind), 0, uint32(n.Inc))})
	s.drain()
}

// lookup is a whole one, from command to answer.
func (s *steady) lookup() {
	m := Message{Kind: CmdLookup, Key: s.key()}
	s.event(s.someone(), Event{Msg: &m})
	s.drain()
}

func (s *steady) recursively(acked bool, do func()) func() {
	return func() {
		s.cfg.Recursive, s.cfg.HopAck = true, acked
		do()
		s.cfg.Recursive, s.cfg.HopAck = false, false
	}
}

// withEChord plays the rules and lookups of E-Chord.
func (s *steady) withEChord(do func()) func() {
	return func() {
		rules := s.cfg.Rules
		s.cfg.Rules, _, _ = Preset("echord", s.cfg.Successors)
		s.cfg.Fallback, s.cfg.Fallbacks, s.cfg.ProbeOwner = true, 2, false
		do()
		s.cfg.Rules, s.cfg.Fallback, s.cfg.ProbeOwner = rules, false, true
	}
}

// withZave plays the rules of [Zave12].
func (s *steady) withZave(do func()) func() {
	return func() {
		rules := s.cfg.Rules
		s.cfg.Rules, _, _ = Preset("zave2012", 2)
		do()
		s.cfg.Rules = rules
	}
}

// Nothing allocates once the buffers have grown.
func TestStepsDoNotAllocate(t *testing.T) {
	s := newSteady(20)
	for _, c := range []struct {
		name string
		do   func()
	}{
		{"forward", s.forward},
		{"find next", s.findNext},
		{"stabilization round", s.round},
		{"finger", s.fixFingers},
		{"iterative lookup", s.lookup},
		{"recursive lookup", s.recursively(false, s.lookup)},
		{"acknowledged lookup", s.recursively(true, s.lookup)},
		{"round of E-Chord", s.withEChord(s.round)},
		{"round of the 2012 model", s.withZave(s.round)},
		{"lookup of E-Chord", s.withEChord(s.lookup)},
	} {
		for range 3000 {
			c.do()
		}
		s.count = 0
		if n := testing.AllocsPerRun(1000, c.do); n != 0 {
			t.Errorf("%s: %v allocations", c.name, n)
		}
		if s.count < 1000 {
			t.Errorf("%s: %d messages in a thousand runs", c.name, s.count)
		}
		if n := s.lookups.Active(); n != 0 {
			t.Errorf("%s: %d lookups never ended", c.name, n)
		}
	}
}

func benchmark(b *testing.B, r int, what func(*steady) func()) {
	s := newSteady(r)
	do := what(s)
	for range 3000 {
		do()
	}
	b.ReportAllocs()
	for b.Loop() {
		do()
	}
}

func BenchmarkForward(b *testing.B) {
	benchmark(b, 4, func(s *steady) func() { return s.forward })
}

func BenchmarkFindNext(b *testing.B) {
	benchmark(b, 20, func(s *steady) func() { return s.findNext })
}

// BenchmarkRound is three messages: with lists of 20 the second carries one.
func BenchmarkRound(b *testing.B) {
	benchmark(b, 20, func(s *steady) func() { return s.round })
}

// BenchmarkState is the answer to a question of stabilization with its list.
func BenchmarkState(b *testing.B) {
	benchmark(b, 20, func(s *steady) func() {
		return func() {
			m := Message{Kind: GetState, Call: 1, Flags: FlagList}
			s.event(s.someone(), Event{From: 2, Msg: &m})
			s.discard()
		}
	})
}

func BenchmarkLookup(b *testing.B) {
	benchmark(b, 20, func(s *steady) func() { return s.lookup })
}
