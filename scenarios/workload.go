package scenarios

import (
	"chordsim/chord"
	"chordsim/sim"
)

// workload is a lookup step driven by the nodes themselves: every member
// looks up a uniform key at each firing of a timer of its own, with a uniform
// phase. Inside a window it is only read.
type workload struct {
	index  uint32
	tag    uint32
	period chord.Period
	until  sim.Time
}

// addWork starts a workload at every member; nodes that become members while
// it lasts take it up then.
func (w *world) addWork(tag uint32, period chord.Period, until sim.Time) *workload {
	work := &workload{index: uint32(len(w.work)), tag: tag, period: period, until: until}
	w.work = append(w.work, work)
	for _, s := range w.shards {
		s.started = append(s.started, 0)
	}
	for k, a := 0, 0; k < w.members.count; k++ {
		a = w.members.live.next(a + 1)
		addr := sim.Addr(a)
		sh := w.engine.Shard(addr)
		w.shards[sh.Index()].arm(sh, addr, w.engine.Now(), work)
	}
	return work
}

// startedBy returns how many lookups a workload has begun.
func (w *world) startedBy(work *workload) int64 {
	n := int64(0)
	for _, s := range w.shards {
		n += s.started[work.index]
	}
	return n
}

// takeUpWork gives a new member its share.
func (s *shard) takeUpWork(sh *sim.Shard[chord.Message, chord.Peer], h sim.Header) {
	for _, work := range s.world.work {
		if h.At < work.until {
			s.arm(sh, h.To, h.At, work)
		}
	}
}

// arm sets the first timer of a node's share. The incarnation in it tells it
// from one of an earlier life.
func (s *shard) arm(sh *sim.Shard[chord.Message, chord.Peer], a sim.Addr, now sim.Time, work *workload) {
	seq := sh.Next(a)
	phase := work.period.First(s.phases.At(uint64(a)<<32 | uint64(seq)))
	number := uint32(s.world.nodes[a].Inc)
	sh.SetTimer(a, now+sim.Time(phase), seq, chord.TimerData(chord.TimerHost, work.index, number))
}

// workTimer begins one lookup and sets the next timer.
func (s *shard) workTimer(sh *sim.Shard[chord.Message, chord.Peer], h sim.Header, index, number uint32) {
	w := s.world
	work, n := w.work[index], &w.nodes[h.To]
	if h.At >= work.until || number != uint32(n.Inc) {
		return
	}
	seq := sh.Next(h.To)
	draw := uint64(h.To)<<32 | uint64(seq)
	sh.SetTimer(h.To, h.At+sim.Time(work.period.Next(s.phases.At(draw))), seq, chord.TimerData(chord.TimerHost, index, number))
	if !n.InRing() {
		return
	}
	s.started[index]++
	m := chord.Message{Kind: chord.CmdLookup, Key: s.keys.At(draw), Call: work.tag}
	ev := chord.Event{Now: int64(h.At), Msg: &m}
	s.step(n, &ev)
	s.carryOut(sh, h)
}
