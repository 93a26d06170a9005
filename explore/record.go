package explore

import (
	"math/bits"

	"chordsim/chord"
)

// A state is written as a record for each identifier in turn: the canonical
// encoding of the node and then what is on its way to it, both relative to the
// node. Each record is preceded by its length. Only the cyclic order of
// identifiers matters, so that a state turned around is the same state: the
// least rotation, in the order of the records' hashes, stands for all.

// appendRecord appends the record of node i.
func (w *world) appendRecord(buf []byte, i int) []byte {
	n, f := &w.nodes[i], &w.flight[i]
	buf = n.AppendCanonical(buf, &w.cfg, w.n)
	if n.Status == chord.Absent && f.notify|f.told == 0 {
		return buf
	}
	r := recorder{chord.Nibbles{Buf: buf}, i, w.n}
	for p := range f.parcels {
		if to, _ := n.Waiting(p); !to.None() {
			kept := w.kept(i, p)
			r.parcel(&kept)
		}
	}
	if n.Status == chord.Joining {
		r.Put(uint8(f.place.stage))
		if f.place.stage != idle {
			r.id(f.member)
			r.list(&f.place)
		}
	}
	r.set(f.notify)
	if w.m.Many {
		r.set(f.more)
	}
	r.set(f.told)
	for d := range w.n {
		if j := r.absolute(d); f.told>>j&1 != 0 {
			r.id(f.closer[j])
		}
	}
	return r.Buf
}

// kept is a parcel without what its receiver will not look at: a predecessor
// that is no better successor, entries for which its list has no room.
func (w *world) kept(i, slot int) parcel {
	p := w.flight[i].parcels[slot]
	if p.stage != answered || p.kind != chord.State || p.flags&chord.FlagFingers != 0 {
		return p
	}
	n := &w.nodes[i]
	head, _ := n.Waiting(slot)
	if slot == chord.ForBetter || slot == chord.ForSuccessor && (p.a == nobody || int(p.a) == i || !chord.Between(n.ID, uint64(p.a), head.ID)) {
		p.a = nobody
	}
	if p.flags&chord.FlagList != 0 {
		kept := uint8(0)
		for kept < p.n && int(kept) < w.m.Successors-1 && int(p.list[kept]) != i && uint64(p.list[kept]) != head.ID {
			kept++
		}
		p.n = kept
	}
	return p
}

// recorder writes what is on its way to a node, behind the node itself.
type recorder struct {
	chord.Nibbles
	self, n int
}

// absolute is the index at a clockwise distance from the node.
func (r *recorder) absolute(d int) int {
	i := r.self + d
	if i >= r.n {
		i -= r.n
	}
	return i
}

// id writes an index as a distance.
func (r *recorder) id(i uint8) {
	if i == nobody {
		r.Put(15)
		return
	}
	d := int(i) - r.self
	if d < 0 {
		d += r.n
	}
	r.Put(uint8(d))
}

// set writes a set of indices, as distances.
func (r *recorder) set(s uint8) {
	turned := s>>r.self | s<<(r.n-r.self)
	turned &= 1<<r.n - 1
	r.Put(turned & 15)
	if r.n > 4 {
		r.Put(turned >> 4)
	}
}

func (r *recorder) list(p *parcel) {
	r.Put(p.n)
	for _, e := range p.list[:p.n] {
		r.id(e)
	}
}

// parcel writes a question under way.
func (r *recorder) parcel(p *parcel) {
	form := uint8(p.stage)
	if p.kind == chord.Ping || p.kind == chord.Pong {
		r.Put(form | 4)
		return
	}
	r.Put(form)
	if p.stage == reported {
		return
	}
	r.Put(p.flags & (chord.FlagList | chord.FlagFingers | chord.FlagBusy))
	if p.stage == answered {
		r.id(p.a)
		r.id(p.b)
		r.list(p)
	}
}

// reader is the inverse.
type reader struct {
	chord.NibbleReader
	self, n int
}

func (r *reader) id() uint8 {
	d := r.Take()
	if d == 15 {
		return nobody
	}
	i := r.self + int(d)
	if i >= r.n {
		i -= r.n
	}
	return uint8(i)
}

func (r *reader) set() uint8 {
	s := r.Take()
	if r.n > 4 {
		s |= r.Take() << 4
	}
	return (s<<r.self | s>>(r.n-r.self)) & (1<<r.n - 1)
}

func (r *reader) list(p *parcel) {
	p.n = r.Take()
	for k := range p.n {
		p.list[k] = r.id()
	}
}

func (r *reader) parcel(p *parcel) {
	form := r.Take()
	p.stage = stage(form & 3)
	ping := form&4 != 0
	switch {
	case ping && p.stage == asked:
		p.kind = chord.Ping
	case ping:
		p.kind = chord.Pong
	case p.stage == asked:
		p.kind, p.flags = chord.GetState, r.Take()
	case p.stage == answered:
		p.kind, p.flags = chord.State, r.Take()
		p.a, p.b = r.id(), r.id()
		r.list(p)
	}
}

// readRecord makes node i what a record says.
func (w *world) readRecord(i int, code []byte) {
	n, f := &w.nodes[i], &w.flight[i]
	*f = flight{}
	r := reader{chord.NibbleReader{Code: n.DecodeCanonical(&w.cfg, i, w.n, code)}, i, w.n}
	if len(r.Code) == 0 {
		return // absent, and nothing on its way
	}
	for p := range f.parcels {
		if to, _ := n.Waiting(p); !to.None() {
			r.parcel(&f.parcels[p])
		}
	}
	if n.Status == chord.Joining {
		if f.place.stage = stage(r.Take()); f.place.stage != idle {
			f.place.kind = chord.Owners
			f.member = r.id()
			r.list(&f.place)
		}
	}
	f.notify = r.set()
	if w.m.Many {
		f.more = r.set()
	}
	f.told = r.set()
	for d := range w.n {
		j := i + d
		if j >= w.n {
			j -= w.n
		}
		if f.told>>j&1 != 0 {
			f.closer[j] = r.id()
		}
	}
}

// hashRecord is a hash of 64 bits, by folded multiplication (wyhash).
func hashRecord(code []byte) uint64 {
	h := uint64(len(code)) ^ 0x9e3779b97f4a7c15
	for len(code) >= 8 {
		h = fold(h^word(code), 0xa0761d6478bd642f)
		code = code[8:]
	}
	var last uint64
	for k, b := range code {
		last |= uint64(b) << (8 * k)
	}
	return fold(h^last, 0xe7037ed1a0b428db)
}

func word(b []byte) uint64 {
	_ = b[7]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

func fold(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return hi ^ lo
}

// leastRotation returns at which record the canonical state begins, and the
// state's hash.
func leastRotation(hashes []uint64) (first int, hash uint64) {
	for i := 1; i < len(hashes); i++ {
		if lessRotation(hashes, i, first) {
			first = i
		}
	}
	hash = 0x8ebc6af09c88c6e3
	for k := range hashes {
		i := first + k
		if i >= len(hashes) {
			i -= len(hashes)
		}
		hash = fold(hash^hashes[i], 0x589965cc75374cc3)
	}
	return first, hash
}

func lessRotation(hashes []uint64, a, b int) bool {
	for range hashes {
		if hashes[a] != hashes[b] {
			return hashes[a] < hashes[b]
		}
		if a++; a == len(hashes) {
			a = 0
		}
		if b++; b == len(hashes) {
			b = 0
		}
	}
	return false
}

// records is a state cut into its records, each with its hash.
type records struct {
	code [MaxIDs][]byte
	hash [MaxIDs]uint64
}

// split cuts a state of n identifiers.
func (r *records) split(state []byte, n int) {
	for i := range n {
		k := int(state[0])
		r.code[i], state = state[1:1+k], state[1+k:]
		r.hash[i] = hashRecord(r.code[i])
	}
}

// appendState appends the canonical state, which begins at record first.
func (r *records) appendState(buf []byte, n, first int) []byte {
	for k := range n {
		c := r.code[(first+k)%n]
		buf = append(append(buf, byte(len(c))), c...)
	}
	return buf
}

// read makes the world what the records say.
func (w *world) read(r *records) {
	for i := range w.n {
		w.readRecord(i, r.code[i])
	}
	w.dirty = 0
}

// write makes r what the world is, on buffers of its own.
func (w *world) write(r *records) {
	for i := range w.n {
		r.code[i] = w.appendRecord(r.code[i][:0], i)
		r.hash[i] = hashRecord(r.code[i])
	}
}
