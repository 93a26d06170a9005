package seed

import (
	"math/bits"

	"chordsim/chord"
)

// Server is the seed server. The zero value is one that has not started.
type Server struct {
	known []chord.Peer   // in the order of registration; the last takes the place of one that goes
	place map[uint64]int // where in known an identifier is; only ever looked up
	turn  int            // known[:turn] are still to be polled in this round
	polls [maxPolls]poll // under way
	calls uint32         // numbers given to polls
	life  uint32         // lives begun: timers of an earlier one are void
	up    bool
}

// poll is a question to a known node that waits for its answer.
type poll struct {
	of     chord.Peer
	number uint32 // 0: none
}

// maxPolls bounds the polls under way at once: one begins every 5 s and lasts
// 15 s at most.
const maxPolls = int(PollTimeout/PollEvery) + 1

// Up reports whether the server runs.
func (s *Server) Up() bool { return s.up }

// Known returns how many nodes are registered.
func (s *Server) Known() int { return len(s.known) }

// Start begins a life of the server: it arms the timer of its polls.
func (s *Server) Start(now int64, out *chord.Out) {
	if s.up {
		return
	}
	s.up = true
	s.life++
	out.Wake(now+PollEvery, timerServer, 0, s.life)
}

// Crash ends the server's life. The nodes it knows are forgotten, unless keep
// says that they outlast it.
func (s *Server) Crash(keep bool) {
	s.up = false
	s.polls = [maxPolls]poll{}
	if !keep {
		s.known, s.place, s.turn = nil, nil, 0
	}
}

// Register makes a node known, unless another has its identifier.
func (s *Server) Register(p chord.Peer) {
	if _, taken := s.place[p.ID]; taken {
		return
	}
	if s.place == nil {
		s.place = map[uint64]int{}
	}
	s.place[p.ID] = len(s.known)
	s.known = append(s.known, p)
}

// remove forgets a node and reports whether it was known. The last one takes
// its place. Rounds of polls go from the last to the first, so that it has had
// its turn by then and nobody is passed over.
func (s *Server) remove(p chord.Peer) bool {
	i, ok := s.place[p.ID]
	if !ok || s.known[i] != p {
		return false
	}
	last := len(s.known) - 1
	s.known[i] = s.known[last]
	s.place[s.known[i].ID] = i
	delete(s.place, p.ID)
	s.known = s.known[:last]
	s.turn = min(s.turn, last)
	return true
}

// Step takes one event of a server that is up. It returns the address of a node
// that it has forgotten: on DeadNode because it was told to, on anything else
// because the node did not answer a poll; 0 for none.
func (s *Server) Step(ev *chord.Event, out *chord.Out) (forgotten chord.Addr) {
	if ev.Timer != 0 {
		_, slot, number := chord.TimerParts(ev.Timer)
		if slot == 0 {
			if number == s.life {
				s.nextPoll(ev, out)
			}
			return 0
		}
		return s.unanswered(int(slot)-1, number)
	}
	m := ev.Msg
	switch m.Kind {
	case GetSeed:
		s.answer(ev, out)
	case AddNode:
		s.Register(chord.Peer{ID: m.Key, Addr: ev.From})
		reply(ev, out, Ack)
	case DeadNode:
		reply(ev, out, Ack)
		if s.remove(chord.Peer{ID: m.AID, Addr: m.A}) {
			return m.A
		}
	case PollAck:
		if p := s.poll(int(m.Slot), m.Call); p != nil {
			p.number = 0
		} else {
			out.Counters[chord.CountLate]++
		}
	case chord.Bounce:
		return s.unanswered(int(m.Slot), m.Call)
	}
	return 0
}

// answer names a random known node, never the asker.
func (s *Server) answer(ev *chord.Event, out *chord.Out) {
	m := reply(ev, out, SeedIs)
	at, held := s.place[ev.Msg.Key]
	others := len(s.known)
	if held {
		if s.known[at].Addr != ev.From {
			m.Flags |= FlagConflict
			return
		}
		others--
	}
	if others == 0 {
		return
	}
	hi, _ := bits.Mul64(ev.Rand, uint64(others))
	i := int(hi)
	if held && i >= at {
		i++
	}
	m.AID, m.A = s.known[i].ID, s.known[i].Addr
}

// nextPoll asks the node whose turn it is whether it is there. One that is
// being asked already is left alone.
func (s *Server) nextPoll(ev *chord.Event, out *chord.Out) {
	out.Wake(ev.Now+PollEvery, timerServer, 0, s.life)
	if s.turn == 0 {
		s.turn = len(s.known)
	}
	free := -1
	for i := range s.polls {
		if s.polls[i].number == 0 {
			free = i
		}
	}
	if free < 0 || s.turn == 0 {
		return
	}
	s.turn--
	p := s.known[s.turn]
	for i := range s.polls {
		if s.polls[i].number != 0 && s.polls[i].of == p {
			return
		}
	}
	s.calls++
	s.polls[free] = poll{of: p, number: s.calls}
	m := out.Send(p.Addr, Poll)
	m.Call, m.Slot = s.calls, uint32(free)
	if !out.Config.Perfect { // else the network tells who is not there
		out.Wake(ev.Now+PollTimeout, timerServer, uint32(free)+1, s.calls)
	}
}

// poll returns the poll of a number if it waits in that slot.
func (s *Server) poll(slot int, number uint32) *poll {
	if slot >= maxPolls || number == 0 || s.polls[slot].number != number {
		return nil
	}
	return &s.polls[slot]
}

// unanswered: the node polled in a slot did not answer.
func (s *Server) unanswered(slot int, number uint32) (forgotten chord.Addr) {
	p := s.poll(slot, number)
	if p == nil {
		return 0
	}
	p.number = 0
	if s.remove(p.of) {
		return p.of.Addr
	}
	return 0
}

// reply queues the answer to the request in ev.
func reply(ev *chord.Event, out *chord.Out, kind chord.Kind) *chord.Message {
	m := out.Send(ev.From, kind)
	m.Call, m.Slot = ev.Msg.Call, ev.Msg.Slot
	return m
}
