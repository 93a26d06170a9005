package dht

import (
	"testing"

	"chordsim/chord"
)

// bytesLeft reads a script of bytes; zeros follow its end.
type bytesLeft struct {
	data    []byte
	crashes int // that may still happen
}

func (b *bytesLeft) next() byte {
	if len(b.data) == 0 {
		return 0
	}
	c := b.data[0]
	b.data = b.data[1:]
	return c
}

func (b *bytesLeft) below(n int) int { return int(b.next()) % n }

// script is n bytes that look random and are the same everywhere.
func script(seed uint64, n int) []byte {
	data := make([]byte, n)
	for i := range data {
		data[i] = byte(chord.Fork(seed<<32, i) >> 40)
	}
	return data
}

// scriptedRing is the configuration that the first bytes of a script stand for,
// with five of eight nodes settled.
func scriptedRing(b *bytesLeft) *miniature {
	how := b.next()
	preset := []string{"corrected", "ton2003", "sigcomm2001", "echord"}[how&3]
	k := 1 + b.below(4)
	m := newMiniature(preset, k, 1+b.below(k))
	m.mute = true
	m.ring.Perfect = how&4 != 0
	m.cfg.AcknowledgeEarly, m.cfg.DropEarly = how&8 != 0, how&16 != 0
	if how&32 != 0 {
		m.cfg.Repair = 0
	}
	if how&64 != 0 {
		m.cfg.HandOver = HandOverEChord
	}
	m.held = how&128 != 0
	m.settle(30, 60, 120, 150, 210)
	return m
}

// act lets one thing happen that a script stands for: a delivery, a loss, a timer,
// the end or beginning of a life, a command.
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
		if !m.timeout(0, true) {
			m.timeout(0, false)
		}
	case 11, 12:
		m.put(id, uint32(b.next()), b.below(8) == 0)
	case 13:
		m.get(id, uint32(b.next()))
	case 14:
		b.life(m, n)
	}
	m.letRing()
}

// life ends or begins one.
func (b *bytesLeft) life(m *miniature, n *member) {
	how := b.below(4)
	switch {
	case n.Status == chord.Absent:
		n.Init(named(n.ID))
		through := m.members()
		if len(through) == 0 {
			m.command(n.ID, chord.Message{Kind: chord.CmdCreate})
			return
		}
		p := named(through[int(b.next())%len(through)])
		m.command(n.ID, chord.Message{Kind: chord.CmdJoin, AID: p.ID, A: p.Addr})
	case how == 0 && b.crashes > 0:
		b.crashes--
		m.crash(n.ID)
	case how < 2:
		m.command(n.ID, chord.Message{Kind: chord.CmdLeave})
	}
}

// peer is somebody: nobody, a stranger, or one of the eight.
func (b *bytesLeft) peer() chord.Peer {
	c := b.next()
	switch {
	case c == 0:
		return chord.Peer{}
	case c < 8:
		return chord.Peer{ID: uint64(c), Addr: 300 + chord.Addr(c)}
	}
	return named(uint64(c%8+1) * 30)
}

// forge hands a node a message or timer about keys of any content, such as no node
// of this kind would send. But a message has a sender: the network delivers none
// from nobody, and where it reports who is dead it never does so of nobody.
func (b *bytesLeft) forge(m *miniature) {
	n := m.node(uint64(b.below(8)+1) * 30)
	if n.Status == chord.Absent {
		return
	}
	if b.below(4) == 0 {
		kind := chord.DataTimers + uint8(b.below(2))
		m.step(n, chord.Event{From: n.Node.Addr, Timer: chord.TimerData(kind, uint32(b.next()), uint32(b.next()))})
		return
	}
	msg := chord.Message{
		Kind: chord.DataKinds + chord.Kind(b.below(int(EndKinds-chord.DataKinds))), Flags: b.next(),
		Call: uint32(b.next()), Slot: uint32(b.next()),
		A: b.peer().Addr, AID: uint64(b.next()), Initiator: chord.Addr(b.next()), Key: uint64(b.next())<<32 | uint64(b.next()),
	}
	p := b.peer()
	msg.BID, msg.B = p.ID, p.Addr
	if b.below(8) == 0 {
		msg.Kind, msg.Flags, msg.Path = chord.Bounce, chord.FlagLayer, uint16(Put)
	}
	if b.below(2) == 0 && n.number > 0 { // in answer to a question it may have
		msg.Call = n.number - uint32(b.below(3))
	}
	var list []chord.Peer
	records := b.below(6)
	if b.below(16) == 0 {
		records = MaxBatch + 4
	}
	for range records {
		list = Record{Version: uint64(b.next()), Writer: b.peer().Addr, Key: uint32(b.next()), Value: uint32(b.next())}.appendTo(list)
	}
	if b.below(8) == 0 && len(list) > 0 {
		list = list[1:]
	}
	from := b.peer()
	if from.None() {
		from = chord.Peer{Addr: 300}
	}
	m.step(n, chord.Event{From: from.Addr, Msg: &msg, List: list})
}

// FuzzStep: no event, however absurd, makes a node panic or leaves anything under
// way that nothing will end.
func FuzzStep(f *testing.F) {
	for seed := range uint64(200) {
		f.Add(script(seed, 1500))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		b := &bytesLeft{data[:min(len(data), 1500)], 1500}
		m := scriptedRing(b)
		for len(b.data) > 0 {
			if b.below(8) == 0 {
				b.forge(m)
			} else {
				b.act(m)
			}
			m.check(t)
		}
		m.rest(t)
	})
}
