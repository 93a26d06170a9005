package sim

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// check verifies the numbered invariants at the head of queue.go and that no chunk
// is lost or held twice.
func (q *queue) check(t interface{ Fatalf(string, ...any) }) {
	held := uint32(0)
	wall := uint64(noWall)
	for i := range q.level {
		l := &q.level[i]
		for s := range uint64(slots) {
			b := l.buckets[s]
			if full := l.full[s/64]>>(s%64)&1 == 1; full != (b.n != 0) {
				t.Fatalf("level %d, bucket %d: %d entries, bit %v", i, s, b.n, full)
			}
			if (l.full[s/64] != 0) != (l.words>>(s/64)&1 == 1) {
				t.Fatalf("level %d: word %d is %#x in words %#x", i, s/64, l.full[s/64], l.words)
			}
			held += (b.n + chunkLen - 1) / chunkLen
			least := Forever
			q.chunks.each(b, func(e entry) {
				least = min(least, e.at)
				d := uint64(e.at) >> bucketBits
				place := d >> (i * levelBits)
				if d < q.base || place-q.base>>(i*levelBits) >= slots || place&slotMask != s {
					t.Fatalf("level %d, bucket %d holds time %d while the base is %d", i, s, e.at, q.base)
				}
				if i > 0 {
					wall = min(wall, place<<(i*levelBits))
				}
			})
			if b.n != 0 && least != b.least {
				t.Fatalf("level %d, bucket %d: least %d, noted %d", i, s, least, b.least)
			}
		}
	}
	held += (q.overflow.n + chunkLen - 1) / chunkLen
	if q.overflow.n != 0 {
		wall = min(wall, q.overflowFirst())
	}
	if wall != q.wall {
		t.Fatalf("wall %d, noted %d", wall, q.wall)
	}
	if held+q.chunks.nFree != q.chunks.used {
		t.Fatalf("%d chunks held, %d free, of %d", held, q.chunks.nFree, q.chunks.used)
	}
	for _, e := range append(slices.Clone(q.run[q.pos:]), q.early...) {
		if uint64(e.at)>>bucketBits >= q.base {
			t.Fatalf("time %d is open while the base is %d", e.at, q.base)
		}
	}
}

// anyDelay draws delays at every scale of the calendar: none, inside a bucket, into
// each level, into the overflow, and exactly onto the borders between them.
func anyDelay(t *rapid.T) Time {
	bits := rapid.SampledFrom([]int{0, 4, 19, 20, 21, 29, 30, 31, 39, 40, 41, 49, 50, 51, 55}).Draw(t, "scale")
	switch rapid.IntRange(0, 2).Draw(t, "kind") {
	case 0:
		return 1<<bits - 1
	case 1:
		return 1 << bits
	}
	return Time(rapid.Int64Range(0, 1<<bits).Draw(t, "delay"))
}

// The queue against a sorted slice: pushes at any distance from now, pops up to any
// limit, peeks in between.
func TestQueueIsASortedList(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := newQueue()
		var want []entry // sorted
		var now Time
		seq := uint32(0)
		push := func(at Time) {
			// Few senders and a number that runs backwards: ties are common and the
			// order of pushing is never the order of keys.
			seq++
			e := entry{at: at, key: key(Addr(rapid.IntRange(0, 3).Draw(t, "from")), 1<<31-seq), to: seq}
			q.push(e)
			i, _ := slices.BinarySearchFunc(want, e, entry.compare)
			want = slices.Insert(want, i, e)
		}
		pop := func(limit Time) {
			for {
				got, ok := q.pop(limit)
				if due := len(want) > 0 && want[0].at < limit; ok != due {
					t.Fatalf("pop before %d: %v, want %v", limit, ok, due)
				}
				if !ok {
					now = max(now, limit)
					return
				}
				if got != want[0] {
					t.Fatalf("popped %+v, want %+v", got, want[0])
				}
				now = got.at
				want = want[1:]
				if rapid.IntRange(0, 3).Draw(t, "push while popping") == 0 {
					push(now + anyDelay(t))
				}
			}
		}
		t.Repeat(map[string]func(*rapid.T){
			"push": func(t *rapid.T) { push(now + anyDelay(t)) },
			"push many at once": func(t *rapid.T) {
				at := now + anyDelay(t)
				for range rapid.IntRange(1, 100).Draw(t, "count") {
					push(at)
				}
			},
			"push many near": func(t *rapid.T) {
				at := now + anyDelay(t)
				for range rapid.IntRange(1, 100).Draw(t, "count") {
					push(at + Time(rapid.IntRange(0, 1<<22).Draw(t, "offset")))
				}
			},
			"pop": func(t *rapid.T) { pop(now + min(anyDelay(t), 1<<52)) },
			"pop exactly to the next": func(t *rapid.T) {
				if len(want) > 0 {
					pop(want[0].at)
				}
			},
			"": func(t *rapid.T) {
				q.check(t)
				at, ok := q.peek()
				if ok != (len(want) > 0) || ok && at != want[0].at {
					t.Fatalf("peek %d %v, want %+v", at, ok, want)
				}
				n := 0
				q.each(func(entry) { n++ })
				if n != len(want) {
					t.Fatalf("%d entries visited, want %d", n, len(want))
				}
			},
		})
		pop(Forever)
		if q.check(t); len(want) != 0 {
			t.Fatalf("%d left", len(want))
		}
	})
}

// Ties are broken by the sender, then the sender's number, whatever the order of
// pushing.
func TestOrderBreaksTiesBySenderThenNumber(t *testing.T) {
	want := []entry{
		{at: 5, key: key(9, 9)}, {at: 7, key: key(1, 1<<32-1)}, {at: 7, key: key(2, 0)}, {at: 7, key: key(2, 1)},
		{at: 7, key: key(1<<32-1, 0)}, {at: 8, key: key(0, 0)},
	}
	q := newQueue()
	for _, i := range []int{3, 5, 0, 4, 2, 1} {
		q.push(want[i])
	}
	for i := range want {
		if got, _ := q.pop(Forever); got != want[i] {
			t.Fatalf("pop %d: %+v, want %+v", i, got, want[i])
		}
		if i > 0 {
			a, b := want[i-1].header(), want[i].header()
			if a.Compare(b) != -1 || b.Compare(a) != 1 || a.Compare(a) != 0 {
				t.Fatalf("Compare(%+v, %+v) = %d", a, b, a.Compare(b))
			}
		}
	}
}

// A peek must not open or pour: what is pushed before it afterwards goes into a
// bucket, not into the heap of the late.
func TestPeekLeavesTheCalendarAlone(t *testing.T) {
	for _, far := range []Time{1 << 21, 1 << 32, 1 << 42, 1 << 52} {
		q := newQueue()
		q.push(entry{at: far})
		if at, ok := q.peek(); !ok || at != far {
			t.Fatalf("peek %d %v, want %d", at, ok, far)
		}
		if _, ok := q.pop(far); ok {
			t.Fatalf("popped %d, which is not before %d", far, far)
		}
		q.push(entry{at: 5})
		if len(q.early) != 0 {
			t.Errorf("after a peek at %d, time 5 went into the heap", far)
		}
		if at, _ := q.peek(); at != 5 {
			t.Errorf("peek %d, want 5", at)
		}
	}
}

func TestTimerEntryCarries63Bits(t *testing.T) {
	for _, data := range []uint64{0, 1, 1<<32 - 1, 1 << 32, 0x7123456789abcdef, maxTimerData} {
		e := timerEntry(77, 5, 3, data)
		if !e.isTimer() || e.data() != data || e.header() != (Header{At: 5, From: 77, To: 77, Seq: 3}) {
			t.Errorf("timer with data %#x became %+v with data %#x", data, e.header(), e.data())
		}
	}
}

// The hold model (Jones, "An empirical comparison of priority-queue and event-set
// implementations", CACM 1986): at a steady depth, take the least and push one
// again.
func BenchmarkQueueHold(b *testing.B) {
	for _, depth := range []struct {
		name string
		n    int
	}{{"1k", 1000}, {"100k", 100_000}, {"1M", 1_000_000}} {
		b.Run(depth.name, func(b *testing.B) {
			q := newQueue()
			s := NewStream(1, 0, 0)
			delay := func(n uint64) Time { // messages of 50 to 100 ms, one in eight a timer of up to 20 s
				d := s.At(n)
				if d%8 == 0 {
					return Time(Uniform(d, 20_000_000_000))
				}
				return Time(50_000_000 + Uniform(d, 50_000_000))
			}
			n := uint64(0)
			for range depth.n {
				q.push(entry{at: delay(n), key: n})
				n++
			}
			hold := func(count int) {
				for range count {
					e, _ := q.pop(Forever)
					e.at += delay(n)
					n++
					e.key = n
					q.push(e)
				}
			}
			hold(3 * depth.n)
			b.ReportAllocs()
			b.ResetTimer()
			hold(b.N)
		})
	}
}
