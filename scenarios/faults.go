package scenarios

import (
	"chordsim/chord"
	"chordsim/dht"
	"chordsim/sim"
)

// faultCount is something that faults have done to messages.
type faultCount uint8

const (
	countCut     faultCount = iota // lost
	countTwice                     // arrive twice
	countDelayed                   // late
	numFaultCounts
)

var faultCountNames = [numFaultCounts]string{
	countCut:     "messages lost to faults",
	countTwice:   "messages duplicated by faults",
	countDelayed: "messages delayed by faults",
}

// countFaults adds what faults have done to messages.
func (w *world) countFaults(add func(what string, n int64)) {
	for c, name := range faultCountNames {
		add(name, w.sum(func(s *shard) int64 { return s.faulty[c] }))
	}
}

// sendFaulty sends a message on a network with faults; h.At is now. What becomes of
// it is decided here, whatever begins or ends while it is under way.
func (s *shard) sendFaulty(
	sh *sim.Shard[chord.Message, chord.Peer], h sim.Header, delay sim.Time, m *chord.Message, list []chord.Peer,
) {
	w := s.world
	n := uint64(h.From)<<32 | uint64(h.Seq)
	if w.faults.Lost(h.From, h.To, n) {
		s.faulty[countCut]++
		return
	}
	s.sendLate(sh, h, delay, m, list)
	if !w.faults.Twice(h.From, h.To, n) {
		return
	}
	s.faulty[countTwice]++
	h.Seq = sh.Next(h.From)
	a, b := w.host(chord.Addr(h.From)), w.host(chord.Addr(h.To))
	s.sendLate(sh, h, w.net.latency.Delay(a, b, s.latency.At(uint64(h.From)<<32|uint64(h.Seq))), m, list)
}

// sendLate adds to a delay what faults do.
func (s *shard) sendLate(
	sh *sim.Shard[chord.Message, chord.Peer], h sim.Header, delay sim.Time, m *chord.Message, list []chord.Peer,
) {
	if extra := s.world.faults.Extra(h.From, h.To, uint64(h.From)<<32|uint64(h.Seq)); extra > 0 {
		s.faulty[countDelayed]++
		delay += extra
	}
	h.At += delay
	sh.Send(h, m, list)
}

// died says that the process at an address is no more.
func (w *world) died(a sim.Addr) {
	if w.faults != nil {
		w.faults.Died(a)
	}
}

// heldCommands counts the lookups, and the puts, gets and deletes, that have come to
// nodes that are paused or slow and have not begun there.
func (w *world) heldCommands() (lookups, operations int64) {
	if w.faults == nil {
		return 0, 0
	}
	now := w.engine.Now()
	w.engine.Pending(func(h sim.Header, m *chord.Message, _ []chord.Peer) {
		switch {
		case h.At > now:
		case m.Kind == chord.CmdLookup:
			lookups++
		case m.Kind == dht.CmdPut || m.Kind == dht.CmdGet:
			operations++
		}
	})
	return lookups, operations
}
