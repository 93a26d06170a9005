package sim

import "math/bits"

// MaxList is the longest list that travels beside a message.
const MaxList = 64

// slot is a message in flight with the place of its list. In a free slot `list` is
// the next free one.
type slot[M any] struct {
	m    M
	list uint32 // place in the arena of lists; of a mailbox, in its own
	n    uint32 // length of the list, 0 for none
}

const (
	slabBlockBits = 9
	slabBlockLen  = 1 << slabBlockBits
)

// slab holds messages in flight. It grows in blocks, so a slot never moves and a
// pointer into it stays good until it is freed; the last freed is used first, as
// it is the likeliest to be in the cache.
type slab[M any] struct {
	blocks   []*[slabBlockLen]slot[M]
	used     uint32 // slots ever handed out
	freeHead uint32
	nFree    uint32
}

func (s *slab[M]) at(i uint32) *slot[M] {
	return &s.blocks[i>>slabBlockBits][i&(slabBlockLen-1)]
}

func (s *slab[M]) alloc() (uint32, *slot[M]) {
	if s.nFree != 0 {
		i := s.freeHead
		p := s.at(i)
		s.freeHead = p.list
		s.nFree--
		return i, p
	}
	i := s.used
	if i == timerBit {
		fail("more than %d messages in flight in a shard", i)
	}
	if int(i>>slabBlockBits) == len(s.blocks) {
		s.blocks = append(s.blocks, new([slabBlockLen]slot[M]))
	}
	s.used++
	return i, s.at(i)
}

func (s *slab[M]) free(i uint32, p *slot[M]) {
	p.list = s.freeHead
	s.freeHead = i
	s.nFree++
}

const (
	// Class c holds lists of up to 4<<c elements.
	leastClassBits = 2
	classes        = 5
	// A block of any class has this many elements.
	listBlockBits = 10
)

// lists is the arena of the lists that travel beside messages: a slab for each of
// the size classes 4, 8, 16, 32 and 64. Which class a list is in follows from its
// length.
type lists[L any] struct{ class [classes]listClass[L] }

type listClass[L any] struct {
	blocks [][]L
	used   uint32   // lists ever handed out
	free   []uint32 // its capacity is kept at the number of all lists, so freeing never allocates
}

func classOf(n int) int { return bits.Len32(uint32(n-1) >> leastClassBits) }

// store copies a list of 1 to MaxList elements and returns its place.
func (a *lists[L]) store(list []L) uint32 {
	if len(list) > MaxList {
		fail("list of %d elements, the most is %d", len(list), MaxList)
	}
	c := classOf(len(list))
	cl := &a.class[c]
	var i uint32
	if n := len(cl.free); n != 0 {
		i = cl.free[n-1]
		cl.free = cl.free[:n-1]
	} else {
		i = cl.grow(c)
	}
	copy(cl.view(c, i, len(list)), list)
	return i
}

// grow hands out a list that never was, in a new block if need be.
func (cl *listClass[L]) grow(c int) uint32 {
	perBlockBits := listBlockBits - leastClassBits - c
	i := cl.used
	if int(i>>perBlockBits) == len(cl.blocks) {
		cl.blocks = append(cl.blocks, make([]L, 1<<listBlockBits))
		if all := len(cl.blocks) << perBlockBits; all > cap(cl.free) {
			cl.free = make([]uint32, 0, 2*all) // none is free, or nothing would grow
		}
	}
	cl.used++
	return i
}

func (cl *listClass[L]) view(c int, i uint32, n int) []L {
	perBlockBits := listBlockBits - leastClassBits - c
	at := int(i) & (1<<perBlockBits - 1) << (c + leastClassBits)
	return cl.blocks[i>>perBlockBits][at : at+n : at+n]
}

// at returns the list of n elements at place i.
func (a *lists[L]) at(i uint32, n int) []L {
	c := classOf(n)
	return a.class[c].view(c, i, n)
}

// drop frees the list of n elements at place i.
func (a *lists[L]) drop(i uint32, n int) {
	cl := &a.class[classOf(n)]
	cl.free = append(cl.free, i)
}
