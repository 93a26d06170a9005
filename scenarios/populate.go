package scenarios

import (
	"slices"

	"chordsim/chord"
	"chordsim/sim"
)

// place gives n hosts new addresses and identifiers; the nodes have not
// started. Identifiers that are taken are refused: with hashed ones the
// nodes concerned are left out.
func (w *world) place(hosts int) []chord.Addr {
	first, ok := w.newAddresses(hosts * w.virtual)
	if !ok {
		panic(tooMany{len(w.nodes) - 1})
	}
	addrs := make([]chord.Addr, 0, hosts*w.virtual)
	for a := first; a < first+chord.Addr(hosts*w.virtual); a++ {
		w.nodes[a].Init(chord.Peer{ID: w.ids.of(a), Addr: a})
		addrs = append(addrs, a)
	}
	return addrs
}

// bring places n new hosts or, if some are named, those of these numbers: those in
// between are placed, too, and stay away.
func (w *world) bring(n int64, named Hosts) []chord.Addr {
	if len(named) == 0 {
		return w.place(int(n))
	}
	w.place(max(0, int(slices.Max(named))-w.used/w.virtual))
	addrs := make([]chord.Addr, 0, len(named)*w.virtual)
	for _, h := range named {
		addrs = append(addrs, w.nodesOf(h)...)
	}
	return addrs
}

// settle makes the placed nodes an ideal ring of their own, together with
// whoever is a member already: predecessors, lists and fingers are right, and
// the timers start.
func (w *world) settle(addrs []chord.Addr) {
	peers := make([]chord.Peer, 0, len(addrs)+w.members.count)
	w.members.each(func(p chord.Peer) { peers = append(peers, p) })
	for _, a := range addrs {
		peers = append(peers, w.nodes[a].Self())
	}
	slices.SortStableFunc(peers, func(a, b chord.Peer) int {
		if a.ID < b.ID {
			return -1
		}
		return int(min(a.ID-b.ID, 1))
	})
	peers = w.refuseTaken(peers)
	w.judge.elapse(w.engine.Now())
	w.members = newMembership(len(w.nodes) - 1)
	w.members.fill(peers)

	ring := newSortedRing(peers, w.cfg.Bits)
	n := len(peers)
	list := make([]chord.Peer, 0, chord.MaxSuccessors)
	for i, p := range peers {
		list = list[:0]
		for k := 1; k <= min(w.cfg.Successors, n-1); k++ {
			list = append(list, peers[(i+k)%n])
		}
		pred := peers[(i+n-1)%n]
		if n == 1 {
			list = append(list, p)
		}
		dropped := w.nodes[p.Addr].Settle(&w.cfg, pred, list, ring.arc)
		w.shards[0].out.Counters[chord.CountDropped] += uint64(dropped)
	}
	w.settleFollowers(ring)
	for _, a := range addrs {
		if w.members.has(a) {
			w.command(a, &chord.Message{Kind: chord.CmdStart})
			w.register(a)
		}
	}
}

// settleFollowers tells each member who follows its fingers.
func (w *world) settleFollowers(ring *sortedRing) {
	if w.followers == nil {
		return
	}
	n := len(ring.peers)
	most := min(w.cfg.Candidates-1, n-1)
	around := append(slices.Clone(ring.peers), ring.peers[:most]...)
	after := func(finger chord.Peer) []chord.Peer {
		i := ring.at(finger.ID) + 1
		return around[i : i+most : i+most]
	}
	for _, p := range ring.peers {
		w.followers.Settle(&w.nodes[p.Addr], after)
	}
}

// forgetFollowers is for a node that has lost its fingers.
func (w *world) forgetFollowers(a chord.Addr) {
	if w.followers != nil {
		w.followers.Forget(a)
	}
}

// refuseTaken leaves out all but the first of equal identifiers.
func (w *world) refuseTaken(sorted []chord.Peer) []chord.Peer {
	out := sorted[:0]
	for i, p := range sorted {
		if i > 0 && p.ID == out[len(out)-1].ID {
			w.judge.refused++
			continue
		}
		out = append(out, p)
	}
	return out
}

// join starts a node and lets it join through a member.
func (w *world) join(a chord.Addr, through chord.Addr) {
	w.joiners.set(int(a))
	// It is there from this instant on: should it crash at the same instant, it
	// does not begin to join.
	w.nodes[a].Status = chord.Joining
	p := w.nodes[through].Self()
	w.command(a, &chord.Message{Kind: chord.CmdJoin, AID: p.ID, A: p.Addr})
}

// found makes a node the first of a ring ([SIGCOMM01] Fig. 7 create). It is a
// member from this instant on: others that join at the same instant find it,
// and if it crashes at the same instant there is no ring.
func (w *world) found(a chord.Addr) {
	w.settle([]chord.Addr{a})
	w.nodes[a].Pred = chord.Peer{}
}

// crash ends nodes at once, without a word.
func (w *world) crash(addrs []chord.Addr) {
	w.judge.elapse(w.engine.Now())
	w.watched.crash(addrs)
	for _, a := range addrs {
		if w.members.remove(w.nodes[a].Self()) && w.keeps {
			w.kept.set(int(a))
		} else {
			w.clearData(a)
		}
		w.nodes[a].Crash()
		w.joiners.clear(int(a))
		w.died(sim.Addr(a))
	}
	w.judge.abandon(addrs)
}

// wakes lets a node that crashed as a member go on with what it kept, if it is asked
// to and there is something. Otherwise nothing is left of it.
func (w *world) wakes(a chord.Addr, keep bool) bool {
	if !w.keeps || !w.kept.get(int(a)) {
		return false
	}
	w.kept.clear(int(a))
	if !keep {
		w.clearData(a)
		return false
	}
	w.judge.elapse(w.engine.Now())
	if !w.members.insert(w.nodes[a].Self()) {
		w.judge.refused++ // somebody has its identifier
		w.clearData(a)
		return true
	}
	w.nodes[a].Revive()
	if w.data != nil {
		h, s := w.holder(a)
		s.Revive(h)
	}
	if w.seeds != nil {
		w.seeds.clients[a].Begin()
	}
	w.command(a, &chord.Message{Kind: chord.CmdStart})
	return true
}

// sortedRing answers whose a start is among members that do not change: the
// high bits of an identifier name a place to begin, and identifiers being
// uniform, the search ends there.
type sortedRing struct {
	peers []chord.Peer
	first []int32
	shift uint
}

func newSortedRing(peers []chord.Peer, bits int) *sortedRing {
	r := &sortedRing{peers: peers}
	wide := 0
	for 1<<wide < len(peers) && wide < bits {
		wide++
	}
	r.shift = uint(bits - wide)
	r.first = make([]int32, 1<<wide+1)
	at := 0
	for b := range r.first {
		for at < len(peers) && peers[at].ID>>r.shift < uint64(b) {
			at++
		}
		r.first[b] = int32(at)
	}
	return r
}

// at returns the place of the first member at or after key without going
// around; the number of members when there is none.
func (r *sortedRing) at(key uint64) int {
	i := int(r.first[key>>r.shift])
	for i < len(r.peers) && r.peers[i].ID < key {
		i++
	}
	return i
}

func (r *sortedRing) arc(key uint64) (before uint64, owner chord.Peer) {
	i := r.at(key)
	prev := i - 1
	if i == len(r.peers) {
		i = 0
	}
	if prev < 0 {
		prev = len(r.peers) - 1
	}
	return r.peers[prev].ID, r.peers[i]
}

// taken reports whether a node cannot join because a member has its
// identifier, and counts it.
func (w *world) taken(a chord.Addr) bool {
	if w.asksServer() {
		return false // the seed server will say
	}
	p := w.nodes[a].Self()
	if o := w.members.owner(p.ID); o.None() || o.ID != p.ID {
		return false
	}
	w.judge.refused++
	return true
}
