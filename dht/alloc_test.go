package dht

import (
	"fmt"
	"testing"

	"chordsim/chord"
)

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
