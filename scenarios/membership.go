package scenarios

import (
	"chordsim/chord"
	"math/bits"
	"sort"
)

// membership is the truth about who is in the ring, kept beside the nodes:
// who owns a key, who comes next, who is the k-th member in address order.
// It is changed and read only while no node steps.
//
// Members are kept in ring order in chunks of at most chunkSize, so that a
// join or departure moves a few kilobytes however large the ring is.
type membership struct {
	chunks [][]chord.Peer
	count  int
	live   bitset // by address
}

const chunkSize = 512

func newMembership(capacity int) *membership {
	return &membership{live: newBitset(capacity + 1)}
}

// fill makes the given peers, sorted by identifier, the members of a ring
// that had none.
func (m *membership) fill(sorted []chord.Peer) {
	const fresh = chunkSize / 2
	for at := 0; at < len(sorted); at += fresh {
		chunk := make([]chord.Peer, 0, chunkSize)
		m.chunks = append(m.chunks, append(chunk, sorted[at:min(at+fresh, len(sorted))]...))
	}
	m.count = len(sorted)
	for _, p := range sorted {
		m.live.set(int(p.Addr))
	}
}

// place returns the first chunk and index at or after id; the chunk may be
// one past the last.
func (m *membership) place(id uint64) (int, int) {
	c := sort.Search(len(m.chunks), func(i int) bool {
		return m.chunks[i][len(m.chunks[i])-1].ID >= id
	})
	if c == len(m.chunks) {
		return c, 0
	}
	chunk := m.chunks[c]
	return c, sort.Search(len(chunk), func(i int) bool { return chunk[i].ID >= id })
}

// insert adds a member; it reports whether the identifier was free.
func (m *membership) insert(p chord.Peer) bool {
	c, i := m.place(p.ID)
	if c < len(m.chunks) && m.chunks[c][i].ID == p.ID {
		return false
	}
	if c == len(m.chunks) {
		if c == 0 {
			m.chunks = append(m.chunks, make([]chord.Peer, 0, chunkSize))
		} else {
			c--
		}
		i = len(m.chunks[c])
	}
	if len(m.chunks[c]) == chunkSize {
		old := m.chunks[c]
		half := append(make([]chord.Peer, 0, chunkSize), old[chunkSize/2:]...)
		m.chunks[c] = old[:chunkSize/2]
		m.chunks = append(m.chunks, nil)
		copy(m.chunks[c+2:], m.chunks[c+1:])
		m.chunks[c+1] = half
		if i > chunkSize/2 {
			c, i = c+1, i-chunkSize/2
		}
	}
	chunk := append(m.chunks[c], chord.Peer{})
	copy(chunk[i+1:], chunk[i:])
	chunk[i] = p
	m.chunks[c] = chunk
	m.count++
	m.live.set(int(p.Addr))
	return true
}

// remove takes a member out; it reports whether it was one.
func (m *membership) remove(p chord.Peer) bool {
	c, i := m.place(p.ID)
	if c == len(m.chunks) || m.chunks[c][i] != p {
		return false
	}
	m.chunks[c] = append(m.chunks[c][:i], m.chunks[c][i+1:]...)
	if len(m.chunks[c]) == 0 {
		m.chunks = append(m.chunks[:c], m.chunks[c+1:]...)
	}
	m.count--
	m.live.clear(int(p.Addr))
	return true
}

// has reports whether the address is a member's.
func (m *membership) has(a chord.Addr) bool { return m.live.get(int(a)) }

// owner returns the first member at or after key; nobody in an empty ring.
func (m *membership) owner(key uint64) chord.Peer {
	if m.count == 0 {
		return chord.Peer{}
	}
	c, i := m.place(key)
	if c == len(m.chunks) {
		return m.chunks[0][0]
	}
	return m.chunks[c][i]
}

// arc returns the owner of a key and the identifier of the member before it.
func (m *membership) arc(key uint64) (before uint64, owner chord.Peer) {
	c, i := m.place(key)
	if c == len(m.chunks) {
		c, i = 0, 0
	}
	owner = m.chunks[c][i]
	switch {
	case i > 0:
		before = m.chunks[c][i-1].ID
	case c > 0:
		before = m.chunks[c-1][len(m.chunks[c-1])-1].ID
	default:
		last := m.chunks[len(m.chunks)-1]
		before = last[len(last)-1].ID
	}
	return before, owner
}

// each calls f for every member in ring order.
func (m *membership) each(f func(chord.Peer)) {
	for _, chunk := range m.chunks {
		for _, p := range chunk {
			f(p)
		}
	}
}

// eachBetween calls f for every member in ring order, with the members before
// and after it; one alone is both to itself.
func (m *membership) eachBetween(f func(before, at, after chord.Peer)) {
	if m.count == 0 {
		return
	}
	end := m.chunks[len(m.chunks)-1]
	first, last := m.chunks[0][0], end[len(end)-1]
	before, at := last, first
	m.each(func(p chord.Peer) {
		if p != first {
			f(before, at, p)
			before, at = at, p
		}
	})
	f(before, at, first)
}

// pick returns the k-th member in address order, k from 0.
func (m *membership) pick(k int) chord.Addr { return chord.Addr(m.live.nth(k)) }

// bitset is a set of small numbers that knows its n-th element.
type bitset struct {
	words  []uint64
	blocks []int32 // elements in each blockWords words
}

const blockWords = 64

func newBitset(n int) bitset {
	words := (n + 63) / 64
	return bitset{make([]uint64, words), make([]int32, (words+blockWords-1)/blockWords)}
}

func (b *bitset) get(i int) bool { return b.words[i>>6]>>(i&63)&1 != 0 }

func (b *bitset) set(i int) {
	if !b.get(i) {
		b.words[i>>6] |= 1 << (i & 63)
		b.blocks[i/(64*blockWords)]++
	}
}

func (b *bitset) clear(i int) {
	if b.get(i) {
		b.words[i>>6] &^= 1 << (i & 63)
		b.blocks[i/(64*blockWords)]--
	}
}

// count returns how many elements there are.
func (b *bitset) count() int {
	n := 0
	for _, in := range b.blocks {
		n += int(in)
	}
	return n
}

// nth returns the k-th element in ascending order, k from 0; −1 if there are
// not that many.
func (b *bitset) nth(k int) int {
	for blk, n := range b.blocks {
		if k >= int(n) {
			k -= int(n)
			continue
		}
		for w := blk * blockWords; ; w++ {
			c := bits.OnesCount64(b.words[w])
			if k >= c {
				k -= c
				continue
			}
			word := b.words[w]
			for ; k > 0; k-- {
				word &= word - 1
			}
			return w<<6 + bits.TrailingZeros64(word)
		}
	}
	return -1
}

// next returns the first element at or after i; −1 if there is none.
func (b *bitset) next(i int) int {
	for w := i >> 6; w < len(b.words); w++ {
		word := b.words[w]
		if w == i>>6 {
			word &= ^uint64(0) << (i & 63)
		}
		if word != 0 {
			return w<<6 + bits.TrailingZeros64(word)
		}
	}
	return -1
}
