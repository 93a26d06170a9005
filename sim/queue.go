package sim

import (
	"math"
	"math/bits"
	"slices"
)

// The queue is a hierarchical calendar. Level 0 has 1024 buckets of 2^20 ns (about
// a millisecond, a bucket's worth of events fits the innermost cache), level 1
// 1024 of 2^30 ns (a second), level 2 1024 of 2^40 ns (18 minutes); what lies
// beyond 13 days waits in one overflow bucket. Pushing appends to a bucket. When
// the next bucket of level 0 is opened its entries are gathered and sorted; when
// there is something nearer in a higher level, its bucket is poured down first, so
// an entry moves at most three times.
//
// All places are counted in level-0 buckets since time 0. Numbered invariants,
// which check() in the tests verifies:
//
//  1. Everything at or after bucket `base` is in the calendar, everything before
//     it in `run` or `early`.
//  2. Level l holds bucket d only if d>>(10·l) is in [base>>(10·l), +1024), so a
//     place in its circle of 1024 says which bucket it is.
//  3. `wall` is the first level-0 bucket that a non-empty bucket of a higher level
//     covers: all before it can be opened without a look at the higher levels.
//  4. A bucket's `least` is the exact least time in it, so the next event's time is
//     known without opening or pouring anything.
const (
	bucketBits = 20 // of a time, below the number of its level-0 bucket
	levelBits  = 10
	levels     = 3
	slots      = 1 << levelBits
	slotMask   = slots - 1

	noWall = math.MaxUint64

	// scatterFrom is the length from which distributing beats insertion sort.
	scatterFrom = 32
)

// bucket is a chain of chunks, the head partly filled and all others full.
type bucket struct {
	least Time
	head  uint32 // chunk; meaningless while n is 0
	n     uint32 // entries
}

// level is a circle of buckets with a bit for each that is not empty.
type level struct {
	words   uint32 // bit i: full[i] is not zero
	full    [slots / 64]uint64
	buckets [slots]bucket
}

// queue holds the pending events of a shard in the total order.
type queue struct {
	run     []entry // the open bucket, sorted; run[pos:] is still to come
	pos     int
	touched int  // run[:touched] has been touched ahead, see Shard.touch
	early   heap // pushed into a bucket that was open already

	base     uint64
	wall     uint64
	level    [levels]level
	overflow bucket
	chunks   chunks
}

func newQueue() *queue { return &queue{wall: noWall} }

// push adds an entry, at any time from 0.
func (q *queue) push(e entry) {
	d := uint64(e.at) >> bucketBits
	if d-q.base < slots { // also false for d < base, which wraps around
		q.put(&q.level[0], d, e)
		return
	}
	if d < q.base {
		q.early.push(e)
		return
	}
	q.pushFar(d, e)
}

// pushFar adds an entry beyond the reach of level 0.
func (q *queue) pushFar(d uint64, e entry) {
	first := d >> (2 * levelBits) << (2 * levelBits)
	if s := d >> levelBits; s-q.base>>levelBits < slots {
		q.put(&q.level[1], s, e)
		first = s << levelBits
	} else if s := d >> (2 * levelBits); s-q.base>>(2*levelBits) < slots {
		q.put(&q.level[2], s, e)
	} else {
		q.chunks.add(&q.overflow, e)
	}
	q.wall = min(q.wall, first)
}

func (q *queue) put(l *level, s uint64, e entry) {
	s &= slotMask
	b := &l.buckets[s]
	if b.n == 0 {
		l.full[s/64] |= 1 << (s % 64)
		l.words |= 1 << (s / 64)
	}
	q.chunks.add(b, e)
}

// pop takes the least entry if its time is before limit.
func (q *queue) pop(limit Time) (entry, bool) {
	for {
		if q.pos < len(q.run) {
			e := q.run[q.pos]
			if len(q.early) != 0 && q.early[0].before(e) {
				break
			}
			if e.at >= limit {
				return entry{}, false
			}
			q.pos++
			return e, true
		}
		if len(q.early) != 0 {
			break
		}
		if !q.open(limit) {
			return entry{}, false
		}
	}
	if q.early[0].at >= limit {
		return entry{}, false
	}
	return q.early.pop(), true
}

// peek returns the time of the least entry.
func (q *queue) peek() (Time, bool) {
	if q.pos < len(q.run) || len(q.early) != 0 {
		t := Forever
		if q.pos < len(q.run) {
			t = q.run[q.pos].at
		}
		if len(q.early) != 0 {
			t = min(t, q.early[0].at)
		}
		return t, true
	}
	return q.least()
}

// least returns the time of the least entry in the calendar.
func (q *queue) least() (Time, bool) {
	l := &q.level[0]
	d, ok := l.next(q.base)
	if ok && d < q.wall {
		return l.buckets[d&slotMask].least, true
	}
	t := Forever
	if ok {
		t = l.buckets[d&slotMask].least
	}
	for i := 1; i < levels; i++ {
		l := &q.level[i]
		if s, some := l.next(q.base >> (i * levelBits)); some {
			t, ok = min(t, l.buckets[s&slotMask].least), true
		}
	}
	if q.overflow.n != 0 {
		t, ok = min(t, q.overflow.least), true
	}
	return t, ok
}

// open makes the first bucket of the calendar the run, if it has an entry before
// limit. Nothing is opened or poured for an entry that will not be popped now:
// until it is, others may still be pushed before it, and they belong in buckets.
func (q *queue) open(limit Time) bool {
	if t, ok := q.least(); !ok || t >= limit {
		return false
	}
	for {
		d, ok := q.level[0].next(q.base)
		if !ok {
			d = noWall
		}
		if d < q.wall {
			q.base = d + 1
			q.gather(q.level[0].take(d))
			return true
		}
		q.pour()
	}
}

// pour empties the higher bucket that begins at the wall into the levels below.
func (q *queue) pour() {
	// Everything before the wall is gone, so the circles may turn up to it, and then
	// what is poured fits below.
	q.base = max(q.base, q.wall)
	for i := levels - 1; i > 0; i-- {
		l := &q.level[i]
		if s, ok := l.next(q.base >> (i * levelBits)); ok && s<<(i*levelBits) == q.wall {
			q.refill(l.take(s))
		}
	}
	if q.overflow.n != 0 && q.overflowFirst() == q.wall {
		b := q.overflow
		q.overflow = bucket{}
		q.refill(b)
	}
	q.wall = noWall
	for i := 1; i < levels; i++ {
		if s, ok := q.level[i].next(q.base >> (i * levelBits)); ok {
			q.wall = min(q.wall, s<<(i*levelBits))
		}
	}
	if q.overflow.n != 0 {
		q.wall = min(q.wall, q.overflowFirst())
	}
}

// overflowFirst is where the level-2 bucket of the overflow's least entry begins.
func (q *queue) overflowFirst() uint64 {
	const shift = 2 * levelBits
	return uint64(q.overflow.least) >> (bucketBits + shift) << shift
}

// refill pushes all entries of a bucket taken from its level, freeing its chunks
// on the way.
func (q *queue) refill(b bucket) {
	for b.n != 0 {
		c, n := b.head, b.inHead()
		from := q.chunks.entries(c)
		b.head = q.chunks.next(c)
		b.n -= n
		for i := range n {
			q.push(from[i])
		}
		q.chunks.free(c)
	}
}

// gather makes the run of a bucket taken from level 0, in order.
func (q *queue) gather(b bucket) {
	n := int(b.n)
	if cap(q.run) < n {
		q.run = make([]entry, 1<<bits.Len(uint(n)))
	}
	q.run, q.pos, q.touched = q.run[:n], 0, 0
	if n >= scatterFrom {
		q.scatter(b)
		return
	}
	// From the back, so that the run keeps the order of pushing: it is often nearly
	// the order of times.
	for at := n; at > 0; {
		c, in := b.head, b.inHead()
		at -= int(in)
		copy(q.run[at:], q.chunks.entries(c)[:in])
		b.head = q.chunks.next(c)
		b.n -= in
		q.chunks.free(c)
	}
	insertionSort(q.run)
}

// scatter is gather for a long bucket: one distribution by time, about an entry to
// a place, then each place is sorted.
func (q *queue) scatter(b bucket) {
	const maxBits = 10
	binBits := min(bits.Len32(b.n), maxBits)
	shift := bucketBits - binBits
	mask := uint64(1)<<binBits - 1
	var ends [1<<maxBits + 1]uint32

	for c, n, in := b.head, b.n, b.inHead(); n != 0; c, in = q.chunks.next(c), chunkLen {
		for i := range q.chunks.entries(c)[:in] {
			ends[uint64(q.chunks.entries(c)[i].at)>>shift&mask+1]++
		}
		n -= in
	}
	for i := range mask + 1 {
		ends[i+1] += ends[i]
	}
	// ends[i] is where bin i begins, and, when it is full, where it ends.
	for b.n != 0 {
		c, in := b.head, b.inHead()
		from := q.chunks.entries(c)
		for i := range from[:in] {
			at := &ends[uint64(from[i].at)>>shift&mask]
			q.run[*at] = from[i]
			*at++
		}
		b.head = q.chunks.next(c)
		b.n -= in
		q.chunks.free(c)
	}
	start := uint32(0)
	for _, end := range ends[:mask+1] {
		if end-start > 1 {
			sortEntries(q.run[start:end])
		}
		start = end
	}
}

// sortEntries sorts what fell into one bin. Bins are short unless many events
// share an instant, and then nothing may become quadratic.
func sortEntries(s []entry) {
	if len(s) < scatterFrom {
		insertionSort(s)
	} else {
		slices.SortFunc(s, entry.compare)
	}
}

func insertionSort(s []entry) {
	for i := 1; i < len(s); i++ {
		e := s[i]
		j := i
		for j > 0 && e.before(s[j-1]) {
			s[j] = s[j-1]
			j--
		}
		s[j] = e
	}
}

// next returns the first non-empty bucket at or after bucket `from`, of the 1024
// that the circle holds.
func (l *level) next(from uint64) (uint64, bool) {
	if l.words == 0 {
		return 0, false
	}
	at := from & slotMask
	w := at / 64
	slot := uint64(0)
	if x := l.full[w] >> (at % 64); x != 0 {
		slot = at + uint64(bits.TrailingZeros64(x))
	} else {
		// Later words first; then around, where word w may come back with its low bits.
		i := uint64(bits.TrailingZeros32(l.words &^ (2<<w - 1)))
		if i == 32 {
			i = uint64(bits.TrailingZeros32(l.words))
		}
		slot = i*64 + uint64(bits.TrailingZeros64(l.full[i]))
	}
	return from + (slot-at)&slotMask, true
}

// take empties bucket s of the level and hands out what was in it.
func (l *level) take(s uint64) bucket {
	s &= slotMask
	b := l.buckets[s]
	l.buckets[s] = bucket{}
	l.full[s/64] &^= 1 << (s % 64)
	if l.full[s/64] == 0 {
		l.words &^= 1 << (s / 64)
	}
	return b
}

// each visits every pending entry, in no particular order.
func (q *queue) each(visit func(entry)) {
	for _, e := range q.run[q.pos:] {
		visit(e)
	}
	for _, e := range q.early {
		visit(e)
	}
	for i := range q.level {
		for _, b := range q.level[i].buckets {
			q.chunks.each(b, visit)
		}
	}
	q.chunks.each(q.overflow, visit)
}
