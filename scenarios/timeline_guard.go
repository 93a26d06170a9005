package scenarios

import (
	"chordsim/chord"
	"chordsim/sim"
)

// departure is a way to go.
type departure uint8

const (
	crashing departure = iota // at once, without a word
	leaving                   // by the protocol
)

// departureOf reads the word of the language for it.
func departureOf(word string) departure {
	if word == "leave" {
		return leaving
	}
	return crashing
}

// guarded returns the first n of the candidates that may go, one after
// another, under the assumptions of the proof (protocol §1c.7): every other
// member keeps a live entry and at least r+1 principals remain, counting what
// is in flight. Those who are leaving already count as good as gone.
func (t *timeline) guarded(candidates []uint32, n int, how departure) []uint32 {
	w := t.w
	snap, discounted := w.withGhosts()
	guard := chord.NewGuard(snap)
	for _, a := range discounted {
		if i, ok := snap.Index(w.nodes[a].Self()); ok && guard.Stays(i) {
			guard.Retire(i)
		}
	}
	var allowed []uint32
	for _, h := range candidates {
		if len(allowed) == n {
			break
		}
		i, ok := snap.Index(w.nodes[w.nodesOf(h)[0]].Self())
		switch {
		case !ok:
			continue
		case how == crashing && guard.CanRemove(i):
			guard.Remove(i)
		case how == leaving && guard.CanRetire(i):
			guard.Retire(i)
		default:
			continue
		}
		allowed = append(allowed, h)
	}
	return allowed
}

// withGhosts is a snapshot with what is in flight and about to be believed.
// Beside it come the members on whom nobody may count: those who are leaving,
// or have been told to at this instant; and those whom the lookup of a joiner
// goes around, or will go around when a report that is under way has arrived,
// because they were dead when it asked them. They are back, but the list that the
// joiner gets will be without them.
func (w *world) withGhosts() (s *chord.Snapshot, discounted []chord.Addr) {
	s = w.snapshot
	s.Reset(w.members.count)
	var buf [chord.MaxSuccessors + 1]chord.Peer
	ghost := func(of *chord.Node, list []chord.Peer) {
		if len(list) > 0 {
			s.AddGhost(of.Self(), list)
		}
	}
	w.members.each(func(p chord.Peer) {
		n := &w.nodes[p.Addr]
		s.Add(p, n.Pred, n.AppendList(buf[:0]))
		if n.Status == chord.Leaving || w.data != nil && w.data.holders[p.Addr].Leaving() {
			discounted = append(discounted, p.Addr)
		}
	})
	for a := 1; a <= w.used; a++ {
		if n := &w.nodes[a]; n.Status != chord.Absent {
			ghost(n, n.AppendListHalfDone(buf[:0]))
		}
	}
	w.engine.Pending(func(h sim.Header, m *chord.Message, list []chord.Peer) {
		if int(h.To) >= len(w.nodes) || m.Flags&chord.FlagLayer != 0 {
			return // for the seed server, or of a layer above the ring
		}
		n := &w.nodes[h.To]
		if n.Status == chord.Absent {
			return
		}
		ghost(n, n.AppendListAfter(&w.cfg, buf[:0], m, list))
		if a := w.shards[w.engine.Shard(sim.Addr(n.Addr)).Index()].lookups.AvoidedAfter(n.Addr, m); a != 0 {
			discounted = append(discounted, a)
		}
		if m.Kind == chord.CmdLeave {
			discounted = append(discounted, n.Addr)
		}
	})
	for _, shard := range w.shards {
		shard.lookups.EachAvoided(func(a chord.Addr) { discounted = append(discounted, a) })
	}
	s.Seal()
	return s, discounted
}
