package dht

import (
	"math/bits"
	"slices"
	"unsafe"

	"chordsim/chord"
)

// Store holds the records of the nodes of one host (in a simulation: one
// shard), and what these nodes have under way. Records lie in bunches, each of one
// node, in blocks that never move and hold no pointers: whoever goes through the
// records of a node finds them side by side. An open hash table leads from (node,
// key) to the record. The zero value is empty and ready.
type Store struct {
	blocks [][]bunch
	free   uint32   // number + 1 of the first free bunch
	used   uint32   // bunches ever handed out
	live   uint32   // records
	index  []uint32 // place + 1 of a record, 0: none; its length is a power of two

	ops ops
}

// bunch is a few records of one node. Only the first bunch of a node may have
// fewer than it has room for.
type bunch struct {
	records [bunchLen]stored
	count   uint32
	next    uint32 // number + 1 of the node's next bunch, or the next free one
}

// stored is a record as it is kept.
type stored struct {
	Record
	id   uint64 // of the key
	mark uint32 // by whom it is vouched for (Holder.epoch), or one of the marks below
	node chord.Addr
}

// Marks of a record beside epochs.
const (
	underWay uint32 = 1 << 31       // offered to somebody, and not answered yet
	dropping uint32 = underWay + 1  // on its way out, within a step
	handed   uint32 = underWay - 1  // taken over by another, whatever the ring will be
	lastMark        = handed - 1024 // the last epoch
)

const (
	bunchBits = 3
	bunchLen  = 1 << bunchBits
	blockBits = 7  // bunches in a block
	leastSize = 16 // of the index

	bunchBytes = int64(unsafe.Sizeof(bunch{}))
)

// RecordBytes bounds what a stored copy takes on average, rounded up, where a node
// has many: its part of a bunch, and its place in an index that is between three
// eighths and three quarters full.
const RecordBytes = (bunchBytes+bunchLen-1)/bunchLen + (4*8+2)/3

// BunchBytes is what a node that holds any records takes beside them at most: a
// bunch of them that is not full.
const BunchBytes = bunchBytes

// Len returns how many records the store holds, tombstones included.
func (s *Store) Len() int { return int(s.live) }

// Bytes returns the memory that records and index take.
func (s *Store) Bytes() int64 {
	return int64(len(s.blocks))<<blockBits*bunchBytes + int64(len(s.index))*4
}

func (s *Store) bunch(number uint32) *bunch {
	return &s.blocks[number>>blockBits][number&(1<<blockBits-1)]
}

// at returns the record at a place: the number of a bunch and where in it.
func (s *Store) at(place uint32) *stored {
	return &s.bunch(place >> bunchBits).records[place&(bunchLen-1)]
}

func home(node chord.Addr, key uint32, size int) int {
	h := (uint64(node)<<32 | uint64(key)) * 0x9e3779b97f4a7c15
	hi, _ := bits.Mul64(h^h>>29, uint64(size))
	return int(hi)
}

// lookFor returns where in the index a record is, or the empty place where it
// would be.
func (s *Store) lookFor(node chord.Addr, key uint32) (i int, found bool) {
	for i = home(node, key, len(s.index)); ; {
		p := s.index[i]
		if p == 0 {
			return i, false
		}
		if r := s.at(p - 1); r.node == node && r.Key == key {
			return i, true
		}
		if i++; i == len(s.index) {
			i = 0
		}
	}
}

// find returns the record of a key at a node, nil if it has none.
func (s *Store) find(node chord.Addr, key uint32) *stored {
	if s.live == 0 {
		return nil
	}
	i, found := s.lookFor(node, key)
	if !found {
		return nil
	}
	return s.at(s.index[i] - 1)
}

// Find returns the record of a key at a node.
func (s *Store) Find(node chord.Addr, key uint32) (Record, bool) {
	if r := s.find(node, key); r != nil {
		return r.Record, true
	}
	return Record{}, false
}

// insert adds a record that the node does not have.
func (s *Store) insert(h *Holder, node chord.Addr, id uint64, r Record) *stored {
	if 4*(int(s.live)+1) > 3*len(s.index) {
		s.grow()
	}
	if h.head == 0 || s.bunch(h.head-1).count == bunchLen {
		s.newBunch(h)
	}
	b := s.bunch(h.head - 1)
	place := (h.head-1)<<bunchBits + b.count
	b.count++
	t := s.at(place)
	*t = stored{Record: r, id: id, node: node}
	i, _ := s.lookFor(node, r.Key)
	s.index[i] = place + 1
	s.live++
	h.tally(r, true)
	return t
}

// newBunch puts an empty bunch before the node's others.
func (s *Store) newBunch(h *Holder) {
	number := s.free
	if number != 0 {
		number--
		s.free = s.bunch(number).next
	} else {
		number = s.used
		if int(number>>blockBits) == len(s.blocks) {
			s.blocks = append(s.blocks, make([]bunch, 1<<blockBits))
		}
		s.used++
	}
	s.bunch(number).next = h.head
	h.head = number + 1
}

// grow doubles the index.
func (s *Store) grow() {
	old := s.index
	s.index = make([]uint32, max(2*len(old), leastSize))
	for _, p := range old {
		if p != 0 {
			r := s.at(p - 1)
			i, _ := s.lookFor(r.node, r.Key)
			s.index[i] = p
		}
	}
}

// remove drops the record at a place of a node; the last of its first bunch takes
// the place.
func (s *Store) remove(h *Holder, place uint32) {
	r := s.at(place)
	s.unindex(r.node, r.Key)
	s.live--
	h.tally(r.Record, false)
	first := s.bunch(h.head - 1)
	first.count--
	if last := (h.head-1)<<bunchBits + first.count; last != place {
		moved := s.at(last)
		i, _ := s.lookFor(moved.node, moved.Key)
		s.index[i] = place + 1
		*r = *moved
	}
	if first.count == 0 {
		number := h.head
		h.head = first.next
		first.next = s.free
		s.free = number
	}
}

// unindex takes a record out of the index. What stands behind it moves up, unless
// it is at home already.
func (s *Store) unindex(node chord.Addr, key uint32) {
	i, _ := s.lookFor(node, key)
	for j := i; ; {
		if j++; j == len(s.index) {
			j = 0
		}
		p := s.index[j]
		if p == 0 {
			break
		}
		o := s.at(p - 1)
		k := home(o.node, o.Key, len(s.index))
		if i <= j && (k <= i || k > j) || i > j && k <= i && k > j {
			s.index[i] = p
			i = j
		}
	}
	s.index[i] = 0
}

// sweep drops the records of a node for which drop holds; it may ask for one more
// than once.
func (s *Store) sweep(h *Holder, drop func(*stored) bool) {
	for number := h.head; number != 0; {
		b := s.bunch(number - 1)
		next := b.next
		for i := uint32(0); i < b.count; {
			place := (number-1)<<bunchBits + i
			if !drop(s.at(place)) {
				i++
				continue
			}
			last := number == h.head && b.count == 1
			s.remove(h, place) // another record may be there now
			if last {
				break
			}
		}
		number = next
	}
}

// while visits the records of a node as long as visit wants more.
func (s *Store) while(h *Holder, visit func(*stored) bool) {
	for number := h.head; number != 0; {
		b := s.bunch(number - 1)
		for i := range b.count {
			if !visit(&b.records[i]) {
				return
			}
		}
		number = b.next
	}
}

// each visits the records of a node.
func (s *Store) each(h *Holder, visit func(*stored)) {
	for number := h.head; number != 0; {
		b := s.bunch(number - 1)
		for i := range b.count {
			visit(&b.records[i])
		}
		number = b.next
	}
}

// Each visits the records of a node, in no order that means anything.
func (s *Store) Each(h *Holder, visit func(Record)) {
	s.each(h, func(r *stored) { visit(r.Record) })
}

// merge takes a record in: a newer one replaces an older one or, without
// versions, whatever comes replaces what is there. Either way whoever sent it may
// count on this node now.
func (s *Store) merge(h *Holder, node chord.Addr, id uint64, r Record, versions bool) {
	t := s.find(node, r.Key)
	switch {
	case t == nil && !versions && r.Deleted(): // without versions nothing has to be remembered
	case t == nil:
		s.insert(h, node, id, r).mark = h.epoch
	case versions && !r.Newer(t.Record):
		t.vouch(h)
	case !versions && r.Deleted():
		i, _ := s.lookFor(node, r.Key)
		s.remove(h, s.index[i]-1)
	default:
		h.tally(t.Record, false)
		h.tally(r, true)
		t.Record, t.mark = r, h.epoch
	}
}

// vouch notes that somebody counts on this copy. One that was offered to another
// stays, whatever the answer is: the two messages may have crossed, the other may
// have left and given the record back here, and be gone when the answer comes. To
// a leaver nothing is given back, and what it gives away it gives once: two of
// them would keep each other busy with each other's copies.
func (r *stored) vouch(h *Holder) {
	if r.mark == handed || r.mark == underWay && h.has(holderLeaving) {
		return
	}
	if h.has(holderHanding) && r.mark < h.giveEpoch {
		return // it has its turn still: who is told that it has all shall have it
	}
	r.mark = h.epoch
}

// Clear drops all records of a node: it has crashed or left.
func (s *Store) Clear(h *Holder) {
	s.sweep(h, func(*stored) bool { return true })
}

// Clone returns a copy that shares nothing with the store.
func (s *Store) Clone() *Store {
	c := *s
	c.blocks = nil
	for _, b := range s.blocks {
		c.blocks = append(c.blocks, slices.Clone(b))
	}
	c.index = slices.Clone(s.index)
	c.ops = s.ops.clone()
	return &c
}

// AppendRecords appends a canonical encoding of a node's records: the same for
// two nodes that hold the same, however they came to.
func (s *Store) AppendRecords(buf []byte, h *Holder) []byte {
	var all []Record
	s.Each(h, func(r Record) { all = append(all, r) })
	slices.SortFunc(all, func(a, b Record) int {
		if a.Key < b.Key {
			return -1
		}
		return 1 // a node has a key once
	})
	for _, r := range all {
		buf = appendUint64(buf, r.Version)
		buf = appendUint64(buf, uint64(r.Writer)<<32|uint64(r.Key))
		buf = appendUint64(buf, uint64(r.Value)<<32|uint64(r.size))
	}
	return buf
}

func appendUint64(buf []byte, x uint64) []byte {
	return append(buf, byte(x>>56), byte(x>>48), byte(x>>40), byte(x>>32), byte(x>>24), byte(x>>16), byte(x>>8), byte(x))
}
