package dht

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"chordsim/chord"
)

// checkIndex holds the store to what store.go says of it: every record of every
// list is found under its node and key, every place of the index is such a record,
// and bunches are either full, or the first of their node, or free.
func (s *Store) checkIndex(t interface{ Fatalf(string, ...any) }, holders map[chord.Addr]*Holder) {
	records, bunches := 0, 0
	for node, h := range holders {
		count, keys, size := 0, int64(0), int64(0)
		s.each(h, func(r *stored) {
			count++
			size += r.Size()
			if !r.Deleted() {
				keys++
			}
			if r.node != node {
				t.Fatalf("a record of node %d is listed at node %d", r.node, node)
			}
			if s.find(node, r.Key) != r {
				t.Fatalf("node %d lists key %d, the index does not lead there", node, r.Key)
			}
		})
		if int64(count) != h.Count() || keys != h.Keys() || size != h.Bytes() {
			t.Fatalf("node %d has %d records of %d bytes and notes %d of %d; %d of them are keys, it notes %d", node, count, size, h.Count(), h.Bytes(), keys, h.Keys())
		}
		records += count
		bunches += (count + bunchLen - 1) / bunchLen
	}
	placed := 0
	for _, p := range s.index {
		if p != 0 {
			placed++
		}
	}
	free := 0
	for p := s.free; p != 0; p = s.bunch(p - 1).next {
		free++
	}
	if records != s.Len() || placed != records || free != int(s.used)-bunches {
		t.Fatalf("%d records listed, %d counted, %d in the index; of %d bunches %d hold some and %d are free", records, s.Len(), placed, s.used, bunches, free)
	}
	if len(s.index)&(len(s.index)-1) != 0 || 4*records > 3*len(s.index) {
		t.Fatalf("an index of %d for %d records", len(s.index), records)
	}
}

// storeModel is a store, and what a plain map says it should hold.
type storeModel struct {
	store   *Store
	holders map[chord.Addr]*Holder
	want    map[chord.Addr]map[uint32]Record
}

const modelNodes = 4

func newStoreModel() *storeModel {
	m := &storeModel{&Store{}, map[chord.Addr]*Holder{}, map[chord.Addr]map[uint32]Record{}}
	for a := chord.Addr(1); a <= modelNodes; a++ {
		m.holders[a], m.want[a] = &Holder{}, map[uint32]Record{}
	}
	return m
}

func (m *storeModel) node(t *rapid.T) chord.Addr {
	return rapid.Uint32Range(1, modelNodes).Draw(t, "node")
}

// merge takes a record in, as an owner's word or as E-Chord's.
func (m *storeModel) merge(t *rapid.T) {
	node, r, versions := m.node(t), anyRecord(t), rapid.Bool().Draw(t, "versions")
	r.Key = rapid.Uint32Range(0, 40).Draw(t, "key")
	m.store.merge(m.holders[node], node, 0, r, versions)
	switch have, ok := m.want[node][r.Key]; {
	case !versions && r.Deleted():
		delete(m.want[node], r.Key)
	case !ok || !versions || r.Newer(have):
		m.want[node][r.Key] = r
	}
}

// sweep drops the keys that a number divides.
func (m *storeModel) sweep(t *rapid.T) {
	node, divisor := m.node(t), rapid.Uint32Range(1, 7).Draw(t, "divisor")
	m.store.sweep(m.holders[node], func(r *stored) bool { return r.Key%divisor == 0 })
	maps.DeleteFunc(m.want[node], func(k uint32, _ Record) bool { return k%divisor == 0 })
}

func (m *storeModel) clear(t *rapid.T) {
	node := m.node(t)
	m.store.Clear(m.holders[node])
	m.want[node] = map[uint32]Record{}
}

// clone goes on with a copy; what is done to the first does not show in it.
func (m *storeModel) clone(*rapid.T) {
	first := m.store
	m.store = first.Clone()
	for a := chord.Addr(1); a <= modelNodes; a++ {
		h := *m.holders[a]
		first.merge(&h, a, 0, Record{Key: 99, Version: 9}, true)
		first.sweep(&h, func(r *stored) bool { return r.Key%2 == 0 })
	}
}

func (m *storeModel) check(t *rapid.T) {
	m.store.checkIndex(t, m.holders)
	for a := chord.Addr(1); a <= modelNodes; a++ {
		got := map[uint32]Record{}
		m.store.Each(m.holders[a], func(r Record) { got[r.Key] = r })
		if !maps.Equal(got, m.want[a]) {
			t.Fatalf("node %d holds %v, want %v", a, got, m.want[a])
		}
		for key := range uint32(100) {
			r, ok := m.store.Find(a, key)
			if want, held := m.want[a][key]; ok != held || r != want {
				t.Fatalf("node %d, key %d: found %v, %v; want %v, %v", a, key, r, ok, want, held)
			}
		}
		if fresh := encodingOf(m.want[a]); !bytes.Equal(fresh, m.store.AppendRecords(nil, m.holders[a])) {
			t.Fatalf("node %d: another encoding than of the same records put in order", a)
		}
	}
}

// encodingOf is the encoding of a store that was never anything else.
func encodingOf(records map[uint32]Record) []byte {
	var s Store
	var h Holder
	for _, k := range slices.Sorted(maps.Keys(records)) {
		s.merge(&h, 7, 0, records[k], true)
	}
	return s.AppendRecords(nil, &h)
}

// A store holds what a map would, of many nodes side by side, whatever was put in
// and dropped on the way.
func TestStoreAgainstAMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := newStoreModel()
		t.Repeat(map[string]func(*rapid.T){
			"": m.check, "merge": m.merge, "again": m.merge, "sweep": m.sweep, "clear": m.clear, "clone": m.clone,
		})
	})
}

// Encodings differ where contents do, in any field.
func TestEncodingTellsRecordsApart(t *testing.T) {
	base := Record{Version: 5, Writer: 6, Key: 7, Value: 8, size: 9}
	seen := map[string]Record{}
	for _, r := range []Record{
		base,
		{Version: 6, Writer: 6, Key: 7, Value: 8, size: 9},
		{Version: 5, Writer: 7, Key: 7, Value: 8, size: 9},
		{Version: 5, Writer: 6, Key: 8, Value: 8, size: 9},
		{Version: 5, Writer: 6, Key: 7, Value: 9, size: 9},
		{Version: 5, Writer: 6, Key: 7, Value: 8, size: 10},
		{Version: 5, Writer: 6, Key: 7, Value: 8, size: tombstoneBit},
	} {
		code := string(encodingOf(map[uint32]Record{r.Key: r}))
		if other, ok := seen[code]; ok {
			t.Errorf("%+v and %+v have one encoding", r, other)
		}
		seen[code] = r
	}
	var s Store
	var h Holder
	if code := s.AppendRecords([]byte("before"), &h); string(code) != "before" {
		t.Errorf("nothing is encoded as %q", code)
	}
}

// Whoever sends a record counts on it: it is vouched for even where this node has
// a newer one; but not where it was handed to another.
func TestMergeVouches(t *testing.T) {
	var s Store
	h := Holder{epoch: 3}
	r := Record{Key: 1, Version: 5, Writer: 1}
	older := Record{Key: 1, Version: 4, Writer: 1}
	newer := Record{Key: 1, Version: 6, Writer: 1}
	for _, c := range []struct {
		what      string
		flags     holderFlags
		mark      uint32
		comes     Record
		want      uint32
		wantValue uint64
	}{
		{"an older one vouches", 0, 1, older, 3, 5},
		{"the same one vouches", 0, 1, r, 3, 5},
		{"one on offer stays", 0, underWay, r, 3, 5},
		{"a leaver's does not", holderLeaving, underWay, r, underWay, 5},
		{"but a newer one is to be given", holderLeaving, underWay, newer, 3, 6},
		{"one on offer is replaced", 0, underWay, newer, 3, 6},
		{"one handed over stays handed over", 0, handed, r, handed, 5},
		{"a newer one is to be handed over again", 0, handed, newer, 3, 6},
	} {
		s.Clear(&h)
		h.flags = c.flags
		s.merge(&h, 9, 0, r, true)
		s.find(9, 1).mark = c.mark
		s.merge(&h, 9, 0, c.comes, true)
		if got := s.find(9, 1); got.mark != c.want || got.Version != c.wantValue {
			t.Errorf("%s: mark %#x, version %d; want %#x, %d", c.what, got.mark, got.Version, c.want, c.wantValue)
		}
	}
}

// Deletions leave nothing behind in the index: it does not grow, and does not
// slow down, however many records come and go.
func TestIndexAfterManyDeletions(t *testing.T) {
	var s Store
	holders := map[chord.Addr]*Holder{1: {}, 2: {}, 3: {}}
	key := uint32(0)
	for round := range uint32(300) {
		for a := chord.Addr(1); a <= 3; a++ {
			h := holders[a]
			for range 50 {
				s.merge(h, a, 0, Record{Key: key * 2654435761, Version: 1}, true)
				key++
			}
			s.sweep(h, func(r *stored) bool { return r.Key%5 != round%5 })
		}
		if s.Len() > 700 {
			t.Fatal("too many are kept for this test to tell anything")
		}
	}
	s.checkIndex(t, holders)
	if len(s.index) > 1024 || len(s.blocks) > 1 {
		t.Errorf("45000 records have come and gone; %d are there, in an index of %d and %d blocks", s.Len(), len(s.index), len(s.blocks))
	}
	for a, h := range holders {
		s.sweep(h, func(*stored) bool { return true })
		if h.Count() != 0 || h.Bytes() != 0 || h.head != 0 {
			t.Errorf("node %d is left with %d records", a, h.Count())
		}
	}
	s.checkIndex(t, holders)
}

// A stored copy takes at most 64 bytes beyond key text and value, and no more than
// RecordBytes, however many there are; where the index has just doubled, no byte
// less than that.
func TestMemoryOfACopy(t *testing.T) {
	const most = 64
	var s Store
	holders := make([]Holder, 1001)
	reached := false
	for i := range uint32(1_000_000) {
		a := chord.Addr(1 + i%1000)
		s.merge(&holders[a], a, 0, Record{Key: i / 3, Version: 1, size: 100}, true)
		if n := int64(s.Len()); n >= 100_000 {
			reached = reached || s.Bytes() > (RecordBytes-1)*n
			if s.Bytes() > most*n {
				t.Fatalf("%d copies take %d bytes", n, s.Bytes())
			}
			// The last block is not full, nor the first bunch of a node.
			if s.Bytes() > RecordBytes*n+bunchBytes*1000+bunchBytes<<blockBits {
				t.Fatalf("%d copies take %d bytes, more than %d each, a bunch a node and one block", n, s.Bytes(), RecordBytes)
			}
		}
	}
	if s.Len() != 1_000_000 || RecordBytes > most {
		t.Errorf("%d copies of up to %d bytes", s.Len(), RecordBytes)
	}
	if !reached {
		t.Errorf("a copy never takes %d bytes, which are to bound it", RecordBytes)
	}
}

// Records that come and go take no new memory.
func TestStoreDoesNotAllocate(t *testing.T) {
	var s Store
	holders := make([]Holder, 11)
	key := uint32(0)
	turn := func() {
		a := chord.Addr(1 + key%10)
		h := &holders[a]
		for range 20 {
			s.merge(h, a, 0, Record{Key: key, Version: uint64(key)}, true)
			s.merge(h, a, 0, Record{Key: key, Version: uint64(key) + 1}, true)
			if _, ok := s.Find(a, key); !ok {
				panic(fmt.Sprintf("key %d is not there", key))
			}
			key++
		}
		s.sweep(h, func(r *stored) bool { return r.Key+400 < key })
	}
	for range 2000 {
		turn()
	}
	if n := testing.AllocsPerRun(1000, turn); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
