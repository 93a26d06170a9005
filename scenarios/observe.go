package scenarios

import (
	"slices"

	"chordsim/chord"
	"chordsim/dht"
	"chordsim/sim"
)

// Observer looks on while a run goes: for who searches runs for what goes wrong on
// the way. What it is handed is valid during the call only, and nothing that it
// does may change it. It is called by the goroutine of the run.
type Observer interface {
	// Stepped is called after each step of a node: what the node was before, what
	// it is now, what it was handed and what it put out.
	Stepped(before, after *chord.Node, ev *chord.Event, out *chord.Out)
	// Changed is called at each barrier, between the events before an instant and
	// those from it on, after which the ring may be judged differently from the
	// barrier before.
	Changed(s *Standing)
	// Befell is called when a step has hosts come or go, or has chosen some.
	Befell(e *Effect)
	// Ended is called at the end of a run that was not interrupted.
	Ended(s *Standing)
}

// Effect is what a step of a timeline does to hosts at an instant: what it drew, and
// what follows from lifetimes, rates and guards. A timeline with these effects as its
// steps has the same run, if what draws beside keeps its streams and each host is one node:
// of several each comes by itself.
type Effect struct {
	// Verb is start, join, restart, leave or fail; else the one of the step, which
	// has chosen the hosts.
	Verb    string
	Step    int // that has this effect: its place in the timeline, from 0
	At      Duration
	Hosts   []uint32 // in the order in which it does; valid during the call
	Through uint32   // the host that they join through; 0: they found a ring, ask a seed server, or are back
	Keep    bool     // of a restart: they have what they kept
}

// Standing is a run at a barrier, as the truth has it.
type Standing struct{ w *world }

// Now returns the virtual time.
func (s *Standing) Now() Duration { return Duration(s.w.engine.Now()) }

// Snapshot returns what all members believe.
func (s *Standing) Snapshot() *chord.Snapshot { return s.w.takeSnapshot() }

// Joining reports whether any node is on its way into the ring.
func (s *Standing) Joining() bool { return s.w.joiners.nth(0) >= 0 }

// Mislaid returns how many keys are lost of which every crash had left a copy: what
// was acknowledged is held by no member, and no crash took the last copy of it.
func (s *Standing) Mislaid() int {
	w := s.w
	if w.data == nil {
		return 0
	}
	count := 0
	held := make([]dht.Record, len(w.data.keys.IDs))
	w.eachHolder(func(_ chord.Addr, h *dht.Holder, s *dht.Store) {
		s.Each(h, func(r dht.Record) {
			if r.Newer(held[r.Key]) {
				held[r.Key] = r
			}
		})
	})
	for k := range w.data.history.truth {
		need := w.data.history.newest(uint32(k))
		if need.Version != 0 && !need.Deleted() && need.Newer(held[k]) && need.Newer(w.watched.perished[k]) {
			count++
		}
	}
	return count
}

// Raised returns how many keys are back that were deleted although every crash had
// left a copy of the delete: their owner has an older value.
func (s *Standing) Raised() int {
	w := s.w
	if w.data == nil {
		return 0
	}
	count := 0
	for k := range w.data.history.truth {
		need := w.data.history.newest(uint32(k))
		if !need.Deleted() || !need.Newer(w.watched.perished[k]) {
			continue
		}
		if at, ok := w.ownersRecord(uint32(k)); ok && need.Newer(at) && !at.Deleted() {
			count++
		}
	}
	return count
}

// watched is a world under observation.
type watched struct {
	Standing
	observer Observer
	changed  bool     // a node's place since the last barrier
	members  []uint64 // who was a member at the last barrier
	before   chord.Node

	perished []dht.Record // by key: the newest version whose last copy went with a crash
}

// befell tells the observer, if there is one.
func (t *timeline) befell(verb string, hosts []uint32, e Effect) {
	if v := t.w.watched; v != nil && len(hosts) > 0 {
		e.Verb, e.Step, e.At, e.Hosts = verb, t.step, v.Now(), hosts
		v.observer.Befell(&e)
	}
}

// befellUp tells of those of some hosts that are not down already.
func (t *timeline) befellUp(verb string, hosts []uint32) {
	if t.w.watched != nil {
		t.befell(verb, slices.DeleteFunc(slices.Clone(hosts), func(h uint32) bool { return !t.w.hostUp(h) }), Effect{})
	}
}

// befellNodes tells of nodes, each of a host.
func (t *timeline) befellNodes(verb string, addrs []chord.Addr, e Effect) {
	if t.w.watched == nil {
		return
	}
	hosts := make([]uint32, len(addrs))
	for i, a := range addrs {
		hosts[i] = t.w.host(a)
	}
	t.befell(verb, slices.Compact(hosts), e)
}

// watch puts a world under observation.
func (w *world) watch(o Observer) {
	if o == nil {
		return
	}
	w.watched = &watched{Standing: Standing{w}, observer: o}
	window := w.engine.OnWindow
	w.engine.OnWindow = func(now sim.Time) {
		window(now)
		w.watched.barrier()
	}
}

func (v *watched) barrier() {
	if live := v.w.members.live.words; v.changed || !slices.Equal(live, v.members) {
		v.changed = false
		v.members = append(v.members[:0], live...)
		v.observer.Changed(&v.Standing)
	}
}

func (v *watched) end(err error) {
	if v != nil && err == nil {
		v.reach()
		v.observer.Ended(&v.Standing)
	}
}

// reach makes room for every key that there is.
func (v *watched) reach() {
	if d := v.w.data; d != nil && len(v.perished) < len(d.keys.IDs) {
		v.perished = append(v.perished, make([]dht.Record, len(d.keys.IDs)-len(v.perished))...)
	}
}

// crash notes of which keys the last copy goes. Copies count at those who are to
// hold a key; what else has one has been told that it may drop it, or soon will be:
// a crash of all who are to hold it can be survived by luck alone. Where none of them
// has one yet, those that are being handed over count. Of a single copy there is
// always one latency during which it is at its new holder, and the old one does not
// know it yet: a crash of either takes it.
func (v *watched) crash(addrs []chord.Addr) {
	if v == nil || v.w.data == nil {
		return
	}
	v.reach()
	for k := range v.perished {
		all, left := v.w.copies(uint32(k), addrs)
		if v.w.data.cfg.Replicas == 1 && v.w.heldBy(uint32(k), addrs) {
			left = dht.Record{}
		}
		if all.Newer(left) && all.Newer(v.perished[k]) {
			v.perished[k] = all
		}
	}
}

// heldBy reports whether any of some nodes has a copy of a key.
func (w *world) heldBy(key uint32, addrs []chord.Addr) bool {
	return slices.ContainsFunc(addrs, func(a chord.Addr) bool {
		_, s := w.holder(a)
		_, ok := s.Find(a, key)
		return ok
	})
}

// copies returns the newest copy of a key and the newest that is left without some
// nodes, at those who are to hold it; at all members if none of those has one.
func (w *world) copies(key uint32, without []chord.Addr) (all, left dht.Record) {
	newest := func(a chord.Addr) {
		_, s := w.holder(a)
		r, ok := s.Find(a, key)
		if !ok {
			return
		}
		if r.Newer(all) {
			all = r
		}
		if r.Newer(left) && !slices.Contains(without, a) {
			left = r
		}
	}
	p := w.members.owner(w.data.keys.IDs[key])
	for range min(w.data.cfg.Replicas, w.members.count) {
		newest(p.Addr)
		p = w.members.owner((p.ID + 1) & w.cfg.Mask())
	}
	if all.Version == 0 {
		w.eachHolder(func(a chord.Addr, _ *dht.Holder, _ *dht.Store) { newest(a) })
	}
	return all, left
}

// step lets a node step under the eyes of the observer. The event is copied: were
// it to reach the observer itself, every event of every run would be allocated.
func (v *watched) step(s *shard, n *chord.Node, ev *chord.Event) {
	v.before = *n
	s.step(n, ev)
	v.changed = v.changed || !n.SamePlace(&v.before)
	seen := *ev
	v.observer.Stepped(&v.before, n, &seen, &s.out)
}
