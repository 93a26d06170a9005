package scenarios

import (
	"chordsim/chord"
	"chordsim/sim"
)

// guarded returns the first n of the candidates that may go, one after
// another, under the assumptions of the proof (protocol §1c.7): every other
// member keeps a live entry and at least r+1 principals remain, counting what
// is in flight. Those who are leaving already count as gone.
func (t *timeline) guarded(candidates []uint32, n int) []uint32 {
	w := t.w
	snap := t.withGhosts()
	guard := chord.NewGuard(snap)
	for i := 0; i < snap.Len(); i++ {
		if w.nodes[snap.Member(i).Addr].Status == chord.Leaving {
			guard.Remove(i)
		}
	}
	var allowed []uint32
	for _, h := range candidates {
		if len(allowed) == n {
			break
		}
		i, ok := snap.Index(w.nodes[w.nodesOf(h)[0]].Self())
		if ok && w.nodes[w.nodesOf(h)[0]].Status == chord.Member && guard.CanRemove(i) {
			guard.Remove(i)
			allowed = append(allowed, h)
		}
	}
	return allowed
}

// withGhosts is a snapshot with the lists in flight: those in answers to
// stabilizations and joins, those that leavers hand over, and the pair of a
// joiner and the successor it has looked up.
func (t *timeline) withGhosts() *chord.Snapshot {
	w := t.w
	s := w.snapshot
	s.Reset(w.members.count)
	var buf [chord.MaxSuccessors + 1]chord.Peer
	w.members.each(func(p chord.Peer) {
		n := &w.nodes[p.Addr]
		s.Add(p, n.Pred, n.AppendList(buf[:0]))
	})
	for a := 1; a <= w.used; a++ {
		n := &w.nodes[a]
		if n.Status != chord.Joining {
			continue
		}
		if p := n.AskedAtJoin(); !p.None() {
			s.AddGhost(n.Self(), append(buf[:0], p))
		}
	}
	w.engine.Pending(func(h sim.Header, m *chord.Message, list []chord.Peer) {
		to := &w.nodes[h.To]
		if to.Status == chord.Absent || len(list) == 0 {
			return
		}
		switch m.Kind {
		case chord.State:
			ghost := append(buf[:0], w.nodes[h.From].Self())
			for i, p := range list {
				if i == int(m.Path) || p.Addr == to.Addr || len(ghost) == w.cfg.Successors {
					break
				}
				ghost = append(ghost, p)
			}
			s.AddGhost(to.Self(), ghost)
		case chord.LeavePred, chord.Owners, chord.Answer:
			if m.Kind == chord.LeavePred || to.Status == chord.Joining {
				s.AddGhost(to.Self(), list)
			}
		}
	})
	s.Seal()
	return s
}
