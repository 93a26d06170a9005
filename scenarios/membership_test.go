package scenarios

import (
	"slices"
	"testing"

	"chordsim/chord"

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
				if o := m.owner(10*nth(i) - 5); o.ID != 10*nth(i) && nth(i) > 0 {
					t.Fatalf("the key before %d is owned by %v", 10*nth(i), o)
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

// The n-th element and the next one, across words and blocks of words.
func TestBitset(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.IntRange(1, 3*64*blockWords).Draw(t, "size")
		b := newBitset(size)
		member := rapid.IntRange(0, size-1)
		set := map[int]bool{}
		for _, i := range rapid.SliceOfN(member, 0, 200).Draw(t, "set") {
			b.set(i)
			set[i] = true
		}
		for _, i := range rapid.SliceOfN(member, 0, 100).Draw(t, "clear") {
			b.clear(i)
			delete(set, i)
		}
		var want []int
		for i := range set {
			want = append(want, i)
		}
		slices.Sort(want)
		at := b.next(0)
		for k, i := range want {
			if !b.get(i) || b.nth(k) != i || at != i {
				t.Fatalf("element %d is %d, by next %d; want %d", k, b.nth(k), at, i)
			}
			at = b.next(i + 1)
		}
		if at != -1 || b.nth(len(want)) != -1 || b.next(size+64) != -1 {
			t.Fatalf("elements beyond the last: %d, %d", at, b.nth(len(want)))
		}
		if i := member.Draw(t, "i"); b.get(i) != set[i] {
			t.Fatalf("%d is in the set: %v", i, b.get(i))
		}
	})
}
