package sim

import "math/bits"

// MaxList is the longest list that travels beside a message.
const MaxList = 64

// slot is a message in flight with the place of its list.
type slot[M any] struct {
	m    M
	list uint32 // the list's place in the arena; in a mailbox, in the mailbox's own
	n    uint32 // length of the list, 0 for none
}

const (
	slabBlockBits = 9
	slabBlockLen  = 1 << slabBlockBits
)

// slab holds messages in flight. It grows in blocks, so a slot never moves and a
// pointer into it stays good until it is freed. The last freed is used first, as it
// is the likeliest to be in the cache, and the free ones are listed apart, so that
// a slot that is not is written without waiting for it to be read.
type slab[M any] struct {
	blocks []*[slabBlockLen]slot[M]
	used   uint32 // slots ever handed out
	free   freeList
}

func (s *slab[M]) at(i uint32) *slot[M] {
	return &s.blocks[i>>slabBlockBits][i&(slabBlockLen-1)]
}

func (s *slab[M]) alloc() (uint32, *slot[M]) {
	i, ok := s.free.pop()
	if !ok {
		i = s.grow()
	}
	return i, s.at(i)
}

// grow hands out a slot that never was, in a new block if need be.
func (s *slab[M]) grow() uint32 {
	i := s.used
	if i == timerBit {
		fail("more than %d messages in flight in a shard", i)
	}
	if int(i>>slabBlockBits) == len(s.blocks) {
		s.blocks = append(s.blocks, new([slabBlockLen]slot[M]))
		s.free.reserve(len(s.blocks) << slabBlockBits)
	}
	s.used++
	return i
}

// freeList is a stack of free places. Its capacity is kept at the number of all
// places, so that freeing never allocates.
type freeList []uint32

func (f *freeList) push(i uint32) { *f = append(*f, i) }

func (f *freeList) pop() (uint32, bool) {
	s := *f
	if len(s) == 0 {
		return 0, false
	}
	i := s[len(s)-1]
	*f = s[:len(s)-1]
	return i, true
}

// reserve makes room for all places. Only a slab without a free place grows, so
// there is nothing to copy.
func (f *freeList) reserve(all int) {
	if all > cap(*f) {
		*f = make([]uint32, 0, all+all/2)
	}
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
	used   uint32 // lists ever handed out
	free   freeList
}

func classOf(n int) int { return bits.Len32(uint32(n-1) >> leastClassBits) }

// store copies a list of 1 to MaxList elements and returns its place.
func (a *lists[L]) store(list []L) uint32 {
	if len(list) > MaxList {
		fail("list of %d elements, the most is %d", len(list), MaxList)
	}
	c := classOf(len(list))
	cl := &a.class[c]
	i, ok := cl.free.pop()
	if !ok {
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
		cl.free.reserve(len(cl.blocks) << perBlockBits)
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
	a.class[classOf(n)].free.push(i)
}
