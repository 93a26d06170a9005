package dht

import (
	"maps"
	"slices"

	"chordsim/chord"
)

// What holds of a store and its nodes after each step:
//
//  1. The records of each node are those that its index leads to (checkIndex).
//  2. As many operations are under way as are not free, each at a node that is
//     there, and none without a lookup or timer that will end it.
//  3. A node gives one batch at a time: it has the flag exactly while it has the
//     operation.
//  4. A record that is marked as under way is one of that batch.
//  5. Batches and holders stay within their bounds.
//  6. Only members hold anything; a leaver that is ready takes nothing more.
func (m *miniature) check(t interface{ Fatalf(string, ...any) }) {
	holders := map[chord.Addr]*Holder{}
	for _, n := range m.nodes {
		holders[n.Node.Addr] = &n.Holder
	}
	m.store.checkIndex(t, holders)
	batches := map[chord.Addr][]uint32{}
	active := 0
	for b, block := range m.store.ops.blocks {
		for i := range block {
			o := &block[i]
			if o.purpose == opFree {
				continue
			}
			active++
			slot := uint32(b)<<opBits | uint32(i)
			if m.at(o.node).Status == chord.Absent {
				t.Fatalf("%d is gone and has operation %+v", o.node-256, *o)
			}
			if o.lookup == (o.number != 0) || o.number != 0 && !m.willWake(o.node, slot, o.number) {
				t.Fatalf("nothing ends operation %d of %d: %+v", slot, o.node-256, *o)
			}
			if o.nKeys > MaxBatch || int(o.nHolders) > MaxReplicas || o.number != 0 && !o.paused && o.at > 0 && o.at >= o.nHolders {
				t.Fatalf("operation %d of %d is out of bounds: %+v", slot, o.node-256, *o)
			}
			if o.purpose == opGive {
				if _, two := batches[o.node]; two {
					t.Fatalf("%d gives two batches", o.node-256)
				}
				batches[o.node] = slices.Clone(o.keys[:o.nKeys])
			}
		}
	}
	if active != m.store.Active() {
		t.Fatalf("%d operations under way, %d noted", active, m.store.Active())
	}
	for _, n := range m.nodes {
		batch, gives := batches[n.Node.Addr]
		if gives != n.Holder.has(holderGiving) {
			t.Fatalf("%d gives a batch: %v; noted: %v", n.ID, gives, n.Holder.has(holderGiving))
		}
		m.store.each(&n.Holder, func(r *stored) {
			if r.mark == underWay && !slices.Contains(batch, r.Key) {
				t.Fatalf("%d: key %d is under way and not in the batch %v", n.ID, r.Key, batch)
			}
			if r.mark > underWay || r.mark > n.epoch && r.mark < handed {
				t.Fatalf("%d: key %d has mark %#x in epoch %d", n.ID, r.Key, r.mark, n.epoch)
			}
		})
		if !n.InRing() && (n.count > 0 || n.Holder.flags != 0) {
			t.Fatalf("%d is no member, has flags %b and holds %d records", n.ID, n.Holder.flags, n.count)
		}
	}
}

// willWake reports whether a timer of an operation's request is set.
func (m *miniature) willWake(node chord.Addr, slot, number uint32) bool {
	data := chord.TimerData(timerOp, slot, number)
	return slices.ContainsFunc(m.timers, func(t alarm) bool { return t.node == node && t.Data == data })
}

// rest lets everything come to its end without another round, and holds the ring
// to be quiet then: nothing is under way.
func (m *miniature) rest(t interface{ Fatalf(string, ...any) }) {
	m.held = false
	for ended := false; !ended; {
		if !m.run(true) {
			t.Fatalf("the ring does not come to rest: %d messages, %d operations", len(m.flight), m.store.Active())
		}
		// A lookup whose messages were lost ends by its deadline.
		i := slices.IndexFunc(m.timers, func(t alarm) bool {
			kind, _, _ := chord.TimerParts(t.Data)
			return kind == ringDeadline
		})
		if ended = i < 0; !ended {
			m.expire(i)
		}
	}
	m.check(t)
	if n := m.store.Active(); n != 0 {
		t.Fatalf("%d operations are still under way", n)
	}
}

// newest returns the newest record of each key that anybody holds.
func (m *miniature) newest() map[uint32]Record {
	all := map[uint32]Record{}
	for _, n := range m.nodes {
		m.store.Each(&n.Holder, func(r Record) {
			if have, ok := all[r.Key]; !ok || r.Newer(have) {
				all[r.Key] = r
			}
		})
	}
	return all
}

// members returns the identifiers of those in the ring, in order.
func (m *miniature) members() []uint64 {
	var ids []uint64
	for _, n := range m.nodes {
		if n.InRing() {
			ids = append(ids, n.ID)
		}
	}
	slices.Sort(ids)
	return ids
}

// staying returns how many members were not told to leave.
func (m *miniature) staying() int {
	count := 0
	for _, n := range m.nodes {
		if n.InRing() && !n.Leaving() {
			count++
		}
	}
	return count
}

// heal lets the ring become ideal and two rounds of repair go by, and reports
// whether it is.
func (m *miniature) heal() bool {
	for range 3 {
		m.stabilize()
		m.run(true) // leavers go, and others find that out
	}
	for range 4 {
		for _, id := range m.members() {
			m.fire(id, timerRound, 1)
			m.fire(id, timerRound, 0)
			m.run(true)
		}
	}
	ids := m.members()
	for i, id := range ids {
		n := m.node(id)
		next, before := ids[(i+1)%len(ids)], ids[(i+len(ids)-1)%len(ids)]
		if len(ids) > 1 && (n.Successor().ID != next || n.Pred.ID != before) {
			return false
		}
	}
	return true
}

// stabilize lets the ring go round until it has seen to everybody, while requests
// about keys run out one by one.
func (m *miniature) stabilize() {
	for range 8 {
		for _, id := range m.members() {
			m.fire(id, ringStabilize, 0)
			m.fire(id, ringPredecessor, 0)
			for m.run(false); m.timeout(0, false); m.run(false) {
			}
		}
		m.timeout(0, true)
	}
}

// misplaced returns the keys that are not where they belong on an ideal ring, and
// there alone: at their owner and the k−1 after it, each with the newest record.
func (m *miniature) misplaced() []uint32 {
	ids := m.members()
	var wrong []uint32
	all := m.newest()
	for _, key := range slices.Sorted(maps.Keys(all)) {
		owner, _ := slices.BinarySearch(ids, uint64(key))
		for i, id := range ids {
			belongs := (i-owner%len(ids)+len(ids))%len(ids) < m.cfg.Replicas
			r, ok := m.store.Find(named(id).Addr, key)
			if ok != belongs || ok && r != all[key] {
				wrong = append(wrong, key)
				break
			}
		}
	}
	return wrong
}
