package sim

const (
	// chunkLen entries of 24 bytes are six cache lines.
	chunkLen       = 16
	chunkBlockBits = 7
	chunkBlockLen  = 1 << chunkBlockBits
)

// chunkBlock is a block of chunks with their links beside them, so that a chunk
// begins at a cache line.
type chunkBlock struct {
	entries [chunkBlockLen][chunkLen]entry
	next    [chunkBlockLen]uint32
}

// chunks is the slab that the queue's buckets are made of.
type chunks struct {
	blocks   []*chunkBlock
	used     uint32 // chunks ever handed out
	freeHead uint32 // the first free one, if nFree is not 0
	nFree    uint32
}

func (c *chunks) entries(i uint32) *[chunkLen]entry {
	return &c.blocks[i>>chunkBlockBits].entries[i&(chunkBlockLen-1)]
}

func (c *chunks) next(i uint32) uint32 {
	return c.blocks[i>>chunkBlockBits].next[i&(chunkBlockLen-1)]
}

func (c *chunks) setNext(i, to uint32) {
	c.blocks[i>>chunkBlockBits].next[i&(chunkBlockLen-1)] = to
}

func (c *chunks) alloc() uint32 {
	if c.nFree != 0 {
		i := c.freeHead
		c.freeHead = c.next(i)
		c.nFree--
		return i
	}
	i := c.used
	if int(i>>chunkBlockBits) == len(c.blocks) {
		c.blocks = append(c.blocks, new(chunkBlock))
	}
	c.used++
	return i
}

func (c *chunks) free(i uint32) {
	c.setNext(i, c.freeHead)
	c.freeHead = i
	c.nFree++
}

// inHead is how many entries the first chunk of a non-empty bucket holds.
func (b *bucket) inHead() uint32 { return (b.n-1)%chunkLen + 1 }

// add appends an entry to a bucket.
func (c *chunks) add(b *bucket, e entry) {
	at := b.n % chunkLen
	if at == 0 {
		i := c.alloc()
		c.setNext(i, b.head)
		b.head = i
		if b.n == 0 {
			b.least = e.at
		}
	}
	b.least = min(b.least, e.at)
	b.n++
	c.entries(b.head)[at] = e
}

// each visits the entries of a bucket.
func (c *chunks) each(b bucket, visit func(entry)) {
	for b.n != 0 {
		in := b.inHead()
		for _, e := range c.entries(b.head)[:in] {
			visit(e)
		}
		b.head = c.next(b.head)
		b.n -= in
	}
}
