package scenarios

import (
	"slices"
	"testing"

	"chordsim/chord"
	"chordsim/sim"

	"pgregory.net/rapid"
)

// modelRing is a membership as a plain sorted slice.
type modelRing []chord.Peer

func (m modelRing) place(id uint64) (int, bool) {
	return slices.BinarySearchFunc(m, id, func(p chord.Peer, id uint64) int {
		switch {
		case p.ID < id:
			return -1
		case p.ID > id:
			return 1
		}
		return 0
	})
}

// agrees compares everything that a membership can be asked.
func (m modelRing) agrees(t *rapid.T, got *membership, capacity int, keys []uint64) {
	if got.count != len(m) {
		t.Fatalf("%d members, want %d", got.count, len(m))
	}
	var order []chord.Peer
	got.each(func(p chord.Peer) { order = append(order, p) })
	if !slices.Equal(order, []chord.Peer(m)) {
		t.Fatalf("in ring order %v, want %v", order, m)
	}
	var addrs []chord.Addr
	for _, p := range m {
		addrs = append(addrs, p.Addr)
	}
	slices.Sort(addrs)
	for k, a := range addrs {
		if got.pick(k) != a {
			t.Fatalf("member %d in address order is %d, want %d", k, got.pick(k), a)
		}
	}
	if k := got.live.nth(len(addrs)); k != -1 {
		t.Fatalf("there is a member %d beyond the last: %d", len(addrs), k)
	}
	for a := range chord.Addr(capacity + 1) {
		if got.has(a) != slices.Contains(addrs, a) {
			t.Fatalf("address %d is a member: %v", a, got.has(a))
		}
	}
	for _, key := range keys {
		i, _ := m.place(key)
		if len(m) == 0 {
			if o := got.owner(key); !o.None() {
				t.Fatalf("in an empty ring %v owns %d", o, key)
			}
			continue
		}
		want, before := m[i%len(m)], m[(i+len(m)-1)%len(m)].ID
		if o := got.owner(key); o != want {
			t.Fatalf("%d is owned by %v, want %v", key, o, want)
		}
		if b, o := got.arc(key); b != before || o != want {
			t.Fatalf("%d lies in the arc (%d, %v], want (%d, %v]", key, b, o, before, want)
		}
	}
	for i, c := range got.chunks {
		if len(c) == 0 || len(c) > chunkSize {
			t.Fatalf("chunk %d has %d members", i, len(c))
		}
	}
}

// A membership answers as a sorted slice does, whatever joins and departs. The
// identifiers are few, so that they meet.
func TestMembershipAgreesWithASlice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const capacity = 40
		id := rapid.Uint64Range(0, 60)
		got := newMembership(capacity)
		var model modelRing
		for _, p := range rapid.SliceOfNDistinct(id, 0, 20, rapid.ID).Draw(t, "filled") {
			model = append(model, chord.Peer{ID: p, Addr: chord.Addr(len(model) + 1)})
		}
		slices.SortFunc(model, func(a, b chord.Peer) int { return int(a.ID) - int(b.ID) })
		got.fill(model)
		model = slices.Clone(model)
		for range rapid.IntRange(0, 80).Draw(t, "steps") {
			p := chord.Peer{ID: id.Draw(t, "id"), Addr: chord.Addr(rapid.IntRange(1, capacity).Draw(t, "addr"))}
			i, there := model.place(p.ID)
			known := slices.ContainsFunc(model, func(q chord.Peer) bool { return q.Addr == p.Addr })
			if rapid.Bool().Draw(t, "joins") {
				if known && !there {
					continue // one address is one member: the world sees to that
				}
				if got.insert(p) == there {
					t.Fatalf("insert(%v) into %v", p, model)
				}
				if !there {
					model = slices.Insert(model, i, p)
				}
			} else {
				there = there && model[i] == p
				if got.remove(p) != there {
					t.Fatalf("remove(%v) from %v", p, model)
				}
				if there {
					model = slices.Delete(model, i, i+1)
				}
			}
			model.agrees(t, got, capacity, []uint64{p.ID, id.Draw(t, "key"), ^uint64(0)})
		}
	})
}

// Large memberships split their chunks and lose them again. Members come in
// ascending, descending and mixed order, which fill chunks from either end.
func TestMembershipOfManyChunks(t *testing.T) {
	const n = 20 * chunkSize
	for name, nth := range map[string]func(i uint64) uint64{
		"ascending":  func(i uint64) uint64 { return i },
		"descending": func(i uint64) uint64 { return n - 1 - i },
		"mixed":      func(i uint64) uint64 { return i * 7919 % n }, // 7919 is prime
	} {
		t.Run(name, func(t *testing.T) {
			m := newMembership(n)
			for i := range uint64(n) {
				if !m.insert(chord.Peer{ID: 10 * nth(i), Addr: chord.Addr(i + 1)}) {
					t.Fatalf("%d was refused", nth(i))
				}
			}
			if m.count != n || len(m.chunks) < 20 || len(m.chunks) > 45 {
				t.Fatalf("%d members in %d chunks", m.count, len(m.chunks))
			}
			for i := range uint64(n) {
				key := (10*nth(i) + 10*n - 5) % (10 * n)
				before, owner := m.arc(key)
				if want := (10*nth(i) + 10*n - 10) % (10 * n); owner.ID != 10*nth(i) || before != want || m.owner(key) != owner {
					t.Fatalf("%d lies in (%d, %d], want (%d, %d]", key, before, owner.ID, want, 10*nth(i))
				}
			}
			for i := range uint64(n) {
				p := chord.Peer{ID: 10 * nth(i), Addr: chord.Addr(i + 1)}
				if m.owner(p.ID) != p || !m.remove(p) || m.remove(p) {
					t.Fatalf("%v is not there to be removed once", p)
				}
			}
			if m.count != 0 || len(m.chunks) != 0 || m.live.next(0) != -1 {
				t.Errorf("%d members in %d chunks are left", m.count, len(m.chunks))
			}
		})
	}
}

// A full chunk is split wherever the next member comes.
func TestMembershipSplitsAnywhere(t *testing.T) {
	for at := range uint64(chunkSize + 1) {
		m := newMembership(2 * chunkSize)
		for i := range uint64(chunkSize) {
			m.insert(chord.Peer{ID: 2*i + 1, Addr: chord.Addr(i + 1)})
		}
		if len(m.chunks) != 1 {
			t.Fatalf("%d members lie in %d chunks", chunkSize, len(m.chunks))
		}
		if !m.insert(chord.Peer{ID: 2 * at, Addr: chunkSize + 1}) || len(m.chunks) != 2 {
			t.Fatalf("before place %d: no split", at)
		}
		n, last := 0, chord.Peer{}
		m.each(func(p chord.Peer) {
			if n++; n > 1 && p.ID <= last.ID {
				t.Fatalf("before place %d: %v follows %v", at, p, last)
			}
			last = p
		})
		if n != chunkSize+1 || m.owner(2*at).Addr != chunkSize+1 {
			t.Fatalf("before place %d: %d members, of which %v is the new one", at, n, m.owner(2*at))
		}
	}
}

// The n-th element and the next one, across words and blocks of words.
func TestBitset(t *testing.T) {
	for seed := range uint64(60) {
		r := sim.NewRand(sim.NewStream(seed, 0, 0))
		size := int(1 + r.Intn(4*64*blockWords))
		b := newBitset(size)
		set := make([]bool, size)
		for range r.Intn(uint64(2 * size)) {
			i := int(r.Intn(uint64(size)))
			if set[i] = r.Intn(3) > 0; set[i] {
				b.set(i)
			} else {
				b.clear(i)
			}
		}
		k, at := 0, b.next(0)
		for i, in := range set {
			if b.get(i) != in {
				t.Fatalf("%d is in the set of %d: %v", i, size, b.get(i))
			}
			if !in {
				continue
			}
			if b.nth(k) != i || at != i {
				t.Fatalf("element %d of %d is %d, by next %d; want %d", k, size, b.nth(k), at, i)
			}
			k, at = k+1, b.next(i+1)
		}
		if at != -1 || b.nth(k) != -1 || b.next(size+64) != -1 {
			t.Fatalf("elements beyond the last: %d, %d", at, b.nth(k))
		}
	}
}
