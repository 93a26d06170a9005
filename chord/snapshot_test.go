package chord

import (
	"testing"

	"pgregory.net/rapid"
)

func TestSnapshotEntriesAreLiveByIdentifierAndAddress(t *testing.T) {
	s := NewSnapshot(4, 3)
	s.Add(Peer{1, 10}, Peer{5, 99}, []Peer{{5, 99}, {6, 20}, {5, 20}})
	s.Add(Peer{5, 20}, Peer{1, 10}, []Peer{{1, 10}})
	s.Seal()
	row := &s.rows[0]
	refs := s.refs(row)
	if refs[0] >= 0 || refs[1] >= 0 || refs[2] != 1 {
		t.Errorf("refs %d: want only the third entry live, as member 1", refs)
	}
	if row.pred >= 0 || s.rows[1].pred != 0 {
		t.Errorf("predecessors %d and %d, want dead and member 0", row.pred, s.rows[1].pred)
	}
	for _, c := range []struct {
		p    Peer
		i    int
		want bool
	}{
		{Peer{1, 10}, 0, true}, {Peer{5, 20}, 1, true}, {Peer{5, 10}, 0, false},
		{Peer{6, 20}, 0, false}, {Peer{}, 0, false}, {Peer{17, 10}, 0, false},
	} {
		if i, ok := s.Index(c.p); ok != c.want || i != c.i {
			t.Errorf("%v is member %d, %v; want %d, %v", c.p, i, ok, c.i, c.want)
		}
	}
}

func TestRightFinger(t *testing.T) {
	s := believe(4, 1, "3: 9 | 9: 14 | 14: 3")
	for start, want := range map[uint64]uint64{0: 3, 3: 3, 4: 9, 9: 9, 10: 14, 14: 14, 15: 3} {
		if p := s.RightFinger(start); p.ID != want || p.Addr != Addr(want+1) {
			t.Errorf("first member at or after %d is %v, want %d", start, p, want)
		}
	}
	if p := believe(4, 1, "").RightFinger(3); !p.None() {
		t.Errorf("an empty ring has the finger %v", p)
	}
}

// The search by buckets finds what a scan finds, on identifiers spread like
// hashes and on identifiers in one corner of the circle.
func TestSearchFindsTheFirstAtOrAfter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bits := rapid.IntRange(1, 64).Draw(t, "bits")
		limit := Mask(rapid.IntRange(1, bits).Draw(t, "corner"))
		ids := rapid.SliceOfNDistinct(rapid.Uint64Range(0, limit), 0, int(min(limit, 60)), rapid.ID).Draw(t, "ids")
		key := rapid.Uint64Range(0, Mask(bits)).Draw(t, "key")
		s := NewSnapshot(bits, 1)
		want := int32(0)
		for i, id := range ids {
			s.Add(Peer{id, Addr(i + 1)}, Peer{}, nil)
			if id < key {
				want++
			}
		}
		s.Seal()
		if have := s.lower(key); have != want {
			t.Fatalf("member %d is the first at or after %#x, want %d", have, key, want)
		}
	})
}

func TestSnapshotRefusesTheImpossible(t *testing.T) {
	mustPanic(t, "0 bits", func() { NewSnapshot(0, 1) })
	mustPanic(t, "65 bits", func() { NewSnapshot(65, 1) })
	mustPanic(t, "lists of nothing", func() { NewSnapshot(8, 0) })
	s := NewSnapshot(4, 1)
	mustPanic(t, "a member without an address", func() { s.Add(Peer{3, 0}, Peer{}, nil) })
	mustPanic(t, "an identifier beyond the circle", func() { s.Add(Peer{16, 1}, Peer{}, nil) })
	mustPanic(t, "an entry beyond the circle", func() { s.Add(Peer{3, 1}, Peer{}, []Peer{{16, 1}}) })
	mustPanic(t, "a predecessor beyond the circle", func() { s.Add(Peer{3, 1}, Peer{16, 1}, nil) })
	s.Seal()
	mustPanic(t, "sealing twice", func() { s.Seal() })
	mustPanic(t, "a member too late", func() { s.Add(Peer{3, 1}, Peer{}, nil) })
	mustPanic(t, "a list in flight too late", func() { s.AddGhost(Peer{3, 1}, nil) })
	s.Reset(0)
	s.Add(Peer{3, 1}, Peer{}, nil)
	s.Add(Peer{3, 2}, Peer{}, nil)
	mustPanic(t, "two members with one identifier", func() { s.Seal() })
}

// Snapshots are taken every virtual second: the second of a size is free.
func TestSnapshotsReuseTheirBuffers(t *testing.T) {
	ring := newBenchRing(500, 64, 8)
	s := NewSnapshot(64, 8)
	guard := &Guard{}
	perRun := testing.AllocsPerRun(5, func() {
		ring.build(s)
		if word := s.Report().Word; word != WordIdeal || !s.IsIdeal() {
			t.Errorf("an ideal ring is %s", word)
		}
		guard.Reset(s)
		for i := 0; i < s.Len(); i += 3 {
			if guard.CanRemove(i) {
				guard.Remove(i)
			}
		}
	})
	if perRun != 0 {
		t.Errorf("%v allocations a snapshot, its report and its guard; want none", perRun)
	}
}
