package chord

import "testing"

// bytesLeft reads a script of bytes; zeros follow its end.
type bytesLeft struct{ data []byte }

func (b *bytesLeft) next() byte {
	if len(b.data) == 0 {
		return 0
	}
	c := b.data[0]
	b.data = b.data[1:]
	return c
}

func (b *bytesLeft) below(n int) int { return int(b.next()) % n }

func (b *bytesLeft) peer() Peer {
	c := b.next()
	switch {
	case c == 0:
		return Peer{}
	case c < 8:
		return Peer{uint64(c), Addr(300 + uint32(c))} // an identifier that another has
	}
	return named(uint64(c%8+1) * 30)
}

// scriptedRing is the configuration that the first bytes of a script stand
// for, with five of eight nodes settled.
func scriptedRing(b *bytesLeft) *miniature {
	preset := []string{"corrected", "ton2003", "sigcomm2001"}[b.below(3)]
	length := 1 + b.below(6)
	how := b.next()
	if how&128 != 0 {
		preset = "echord"
	}
	m := newMiniature(preset, length)
	m.mute = true
	c := &m.cfg
	c.Fallback = how&128 != 0 != (how&64 != 0)
	c.Fallbacks = int(how) % (MaxFallbacks + 1)
	c.Recursive, c.HopAck, c.NoRetry = how&1 != 0, how&2 != 0, how&4 != 0
	c.ProbeOwner, c.Perfect = how&8 == 0, how&16 != 0
	if how&32 != 0 {
		c.After = 500
	}
	rule := b.next()
	r := &c.Rules
	switch rule & 3 {
	case 1:
		r.Join = JoinRule(b.below(6))
		r.BetterSuccessor = BetterSuccessorRule(b.below(4))
	case 2:
		r.DeadSuccessor = DeadSuccessorRule(b.below(6))
		r.Refresh = RefreshRule(b.below(5))
	case 3:
		r.TimedOutEntry = TimedOutEntryRule(b.below(3))
		r.Leave = LeaveRule(b.below(3))
	}
	if rule&4 != 0 {
		r.Busy, r.Chase = true, !r.Chase
		r.TellOldPredecessor, r.RefreshTells, r.Notify = !r.TellOldPredecessor, !r.RefreshTells, NotifyRule(b.below(2))
	}
	m.settle(30, 60, 120, 150, 210)
	return m
}

// act lets one thing happen that a script stands for: a delivery, a loss, a
// timer, the end or beginning of a life, a command, or a forged message such
// as no node of this kind would send.
func (b *bytesLeft) act(m *miniature) {
	id := uint64(b.below(8)+1) * 30
	n := m.node(id)
	switch b.below(16) {
	default:
		if len(m.flight) > 0 {
			m.arrive(b.below(len(m.flight)))
		}
	case 7:
		if i := b.below(8); i < len(m.flight) {
			m.flight = append(m.flight[:i], m.flight[i+1:]...)
		}
	case 8, 9:
		if len(m.timers) > 0 {
			m.expire(b.below(len(m.timers)))
		}
	case 10:
		m.timeout(0)
	case 11:
		m.lookup(id, uint64(b.next()))
	case 12:
		switch b.below(4) {
		case 0:
			m.crash(id)
		case 1:
			m.command(id, Message{Kind: CmdLeave})
		default:
			if n.Status == Absent {
				n.Init(named(id))
				m.command(id, Message{Kind: CmdJoin, AID: 30, A: named(30).Addr})
			}
		}
	case 13:
		kind := CmdStart + Kind(b.below(int(NumKinds-CmdStart)))
		p := b.peer()
		m.command(id, Message{Kind: kind, AID: p.ID, A: p.Addr, Key: uint64(b.next())})
	case 14:
		m.cfg.Frozen, m.cfg.RoundsOff = b.below(4) == 0, b.below(4) == 0
	case 15:
		b.forge(m, n)
	}
}

// forge hands a node a message or timer of any content.
func (b *bytesLeft) forge(m *miniature, n *Node) {
	if b.below(4) == 0 {
		m.step(n, Event{From: n.Addr, Timer: TimerData(1+uint8(b.below(TimerHost-1)), uint32(b.next()), uint32(b.next()))})
		return
	}
	msg := Message{
		Kind: Kind(b.below(int(CmdStart))), Key: uint64(b.next()), Call: uint32(b.next()), Slot: uint32(b.next()),
		Path: uint16(b.next()), Timeouts: uint16(b.next()), Flags: b.next(), InitCall: uint32(b.next()), InitSlot: uint32(b.next()),
	}
	if b.below(2) == 0 && n.numbers > 0 { // in answer to a question it may have
		msg.Call = n.numbers - uint32(b.below(3))
	}
	msg.setA(b.peer())
	msg.setB(b.peer())
	msg.Initiator = b.peer().Addr
	list := make([]Peer, b.below(8))
	for i := range list {
		list[i] = b.peer()
	}
	if b.below(16) == 0 {
		for len(list) < MaxSuccessors+8 {
			list = append(list, b.peer())
		}
	}
	m.step(n, Event{From: b.peer().Addr, Msg: &msg, List: list})
}

// FuzzStep: no event, however absurd, makes a node panic, grow a list beyond r
// or list itself among others (but by RefreshReconcile).
func FuzzStep(f *testing.F) {
	for seed := range uint64(300) {
		f.Add(script(seed, 2000))
	}
	f.Add(script(6364, 2000)) // answers a forwarded lookup as if it were steered
	f.Fuzz(func(t *testing.T, data []byte) {
		b := &bytesLeft{data[:min(len(data), 2000)]}
		m := scriptedRing(b)
		for len(b.data) > 0 {
			b.act(m)
			checkNodes(t, m, false)
			checkTimers(t, m)
		}
	})
}

// checkTimers holds the timers that nodes set to their promise: data that fits
// 63 bits and is never 0, a time that is not past.
func checkTimers(t *testing.T, m *miniature) {
	for _, a := range m.timers {
		if a.Data == 0 || a.Data>>63 != 0 {
			t.Fatalf("timer data %#x", a.Data)
		}
	}
}

// script is n bytes that look random and are the same everywhere.
func script(seed uint64, n int) []byte {
	data := make([]byte, n)
	for i := range data {
		data[i] = byte(fork(seed<<32, i) >> 40)
	}
	return data
}
