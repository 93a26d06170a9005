package scenarios

import (
	"slices"

	"chordsim/chord"
	"chordsim/sim"
)

// takeSnapshot lays out what the members believe now.
func (w *world) takeSnapshot() *chord.Snapshot {
	if w.played != nil {
		return w.played.Snapshot
	}
	s := w.snapshot
	s.Reset(w.members.count)
	var buf [chord.MaxSuccessors]chord.Peer
	w.members.each(func(p chord.Peer) {
		n := &w.nodes[p.Addr]
		s.Add(p, n.Pred, n.AppendList(buf[:0]))
	})
	s.Seal()
	return s
}

// ring is the verdict on the ring as it is now.
func (w *world) ring(name string) Ring {
	s := w.takeSnapshot()
	r := s.Report()
	ring := Ring{
		Name: name, Time: Seconds(int64(w.engine.Now())), Verdict: string(r.Word),
		Members: int64(r.Members), Principals: int64(r.Principals), CutOff: int64(r.CutOff),
		RightSuccessors:   Ratio(int64(r.RightSuccessors), int64(r.Members)),
		RightPredecessors: Ratio(int64(r.RightPredecessors), int64(r.Members)),
		RightLists:        Ratio(r.RightListEntries, r.ListEntries),
		FalseSuspicions:   w.judge.falseSuspicions,
		BelowProof:        r.Members < w.cfg.Successors+1,
	}
	right, all := w.rightFingers(s)
	ring.RightFingers = Ratio(right, all)
	ring.Stability = Ratio(int64(w.stable()), int64(r.Members))
	for p := range chord.Property(chord.NumProperties) {
		if r.Violated().Has(p) {
			ring.Violated = append(ring.Violated, p.String())
		}
	}
	return ring
}

// stable counts the members whose successor and predecessor are both right.
func (w *world) stable() int {
	count := 0
	w.members.eachBetween(func(before, at, after chord.Peer) {
		n := &w.nodes[at.Addr]
		if n.Pred == before && n.Successor() == after {
			count++
		}
	})
	return count
}

// rightFingers counts the distinct true fingers that a node cannot read off
// its list, and those of them that are right: finger[i] is the first member
// at or after its start for every i that it stands for.
func (w *world) rightFingers(s *chord.Snapshot) (right, all int64) {
	mask := w.cfg.Mask()
	w.members.each(func(p chord.Peer) {
		n := &w.nodes[p.Addr]
		last := uint64(0)
		if k := n.ListLen(); k > 0 {
			last = chord.Distance(p.ID, n.Entry(k-1).ID, mask)
		}
		for i := w.cfg.Bits - 1; i >= 0 && uint64(1)<<i > last; {
			before, owner := s.Arc((p.ID + 1<<uint(i)) & mask)
			span := chord.Distance(before, owner.ID, mask) - 1 // of the last start that owner has; one alone has them all
			ok := n.Finger(&w.cfg, i) == owner
			for i--; i >= 0 && uint64(1)<<i > last && chord.Distance((p.ID+1<<uint(i))&mask, owner.ID, mask) <= span; i-- {
				ok = ok && n.Finger(&w.cfg, i) == owner
			}
			all++
			if ok {
				right++
			}
		}
	})
	return right, all
}

// loads counts keys by the host that owns them: count keys drawn uniformly
// from r are placed on their owners directly.
func (w *world) loads(count int64, r *sim.Rand) []int64 {
	hosts := make([]int64, w.used/w.virtual+1)
	mask := w.cfg.Mask()
	for i := range count {
		if i&0xffff == 0 && w.engine.Stopped() {
			break // the run ends before anybody reads this
		}
		if o := w.members.owner(r.Uint64() & mask); !o.None() {
			hosts[w.host(o.Addr)]++
		}
	}
	return w.ofAlive(hosts)
}

// ofAlive keeps what belongs to hosts that are there; hosts is by number, and
// is overwritten.
func (w *world) ofAlive(hosts []int64) []int64 {
	alive := hosts[:0]
	for h := 1; h < len(hosts); h++ {
		if w.hostAlive(uint32(h)) {
			alive = append(alive, hosts[h])
		}
	}
	return alive
}

// hostUp reports whether any of a host's nodes is there, be it still joining.
func (w *world) hostUp(h uint32) bool {
	return w.numbered(h) && slices.ContainsFunc(w.nodesOf(h), func(a chord.Addr) bool { return w.nodes[a].Status != chord.Absent })
}

// numbered reports whether a host of the number has an address: after a churn that
// brings hosts a timeline may name one that never comes.
func (w *world) numbered(h uint32) bool { return uint64(h)*uint64(w.virtual) <= uint64(w.used) }

// hostAlive reports whether any of a host's nodes is a member.
func (w *world) hostAlive(h uint32) bool { return w.memberOf(h) > 0 }

// memberOf returns the first of a host's nodes that is a member, 0 if none is.
func (w *world) memberOf(h uint32) chord.Addr {
	if !w.numbered(h) {
		return 0
	}
	first := int(h-1)*w.virtual + 1
	if a := w.members.live.next(first); a >= 0 && a < first+w.virtual {
		return chord.Addr(a)
	}
	return 0
}
