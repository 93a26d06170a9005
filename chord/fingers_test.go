package chord

import (
	"testing"

	"pgregory.net/rapid"
)

// plainTable is a finger table without compression: entry i is finger[i].
type plainTable [64]Peer

// keep drops what has no room beyond MaxFingers runs of equal entries, from the
// farthest on, and returns how many distinct entries that were.
func (f *plainTable) keep(bits int) (dropped int) {
	count := 0
	for i := bits - 1; i >= 0; i-- {
		if i == bits-1 || f[i] != f[i+1] {
			count++
		}
	}
	if count <= MaxFingers {
		return 0
	}
	count = 0
	last := Peer{}
	for i := bits - 1; i >= 0; i-- {
		if i == bits-1 || f[i] != last {
			count++
			last = f[i]
			if count >= MaxFingers && !last.None() {
				dropped++
			}
		}
		if count >= MaxFingers {
			f[i] = Peer{}
		}
	}
	return dropped
}

// The table under random operations is the plain one; more than 31 distinct
// entries beside "none" lose the nearest, and each loss is counted.
func TestFingersAgainstPlainTable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := newFingerPair(rapid.IntRange(1, 64).Draw(t, "bits"))
		peers := rapid.IntRange(1, 90).Draw(t, "peers")
		peer := rapid.Custom(func(t *rapid.T) Peer {
			if id := rapid.IntRange(0, peers).Draw(t, "id"); id > 0 {
				return named(uint64(id))
			}
			return Peer{}
		})
		t.Repeat(map[string]func(*rapid.T){
			"set": func(t *rapid.T) {
				low := rapid.IntRange(0, f.bits-1).Draw(t, "low")
				f.set(low, rapid.IntRange(low, f.bits-1).Draw(t, "high"), peer.Draw(t, "peer"))
			},
			"fill": func(t *rapid.T) {
				for i := f.bits - 1; i >= 0; i-- {
					f.set(i, i, peer.Draw(t, "peer"))
				}
			},
			"remove": func(t *rapid.T) { f.remove(peer.Draw(t, "peer")) },
			"":       func(t *rapid.T) { f.compare(t) },
		})
	})
}

// As many entries as a table can have are more than it has room for.
func TestFingersOverflow(t *testing.T) {
	f := newFingerPair(64)
	for i := range f.bits {
		f.set(i, i, named(uint64(i+1)))
		f.compare(t)
	}
	if f.lost == 0 {
		t.Error("64 distinct fingers had room")
	}
	f.remove(named(64))
	f.compare(t)
}

// fingerPair is a node's table and the plain one it stands for.
type fingerPair struct {
	bits  int
	out   Out
	node  Node
	model plainTable
	lost  int
}

func newFingerPair(bits int) *fingerPair {
	f := &fingerPair{bits: bits, out: Out{Config: &Config{Bits: bits, Successors: 1}}}
	f.node.Init(named(7))
	return f
}

func (f *fingerPair) set(low, high int, p Peer) {
	f.node.setFingers(&f.out, low, high, p)
	for i := low; i <= high; i++ {
		f.model[i] = p
	}
	f.lost += f.model.keep(f.bits)
}

func (f *fingerPair) remove(p Peer) {
	f.node.removeFinger(p.Addr)
	for i := range f.model {
		if f.model[i] == p {
			f.model[i] = Peer{}
		}
	}
}

func (f *fingerPair) compare(t rapid.TB) {
	t.Helper()
	for i := range f.bits {
		if got := f.node.Finger(f.out.Config, i); got != f.model[i] {
			t.Fatalf("finger %d is %v, want %v", i, got, f.model[i])
		}
	}
	if got := int(f.out.Counters[CountDropped]); got != f.lost {
		t.Fatalf("%d dropped, want %d", got, f.lost)
	}
	for i := range int(f.node.fingerLen) {
		if p := f.node.finger(i); !p.None() && !holds(f.model[:f.bits], p) {
			t.Fatalf("%v is stored and no finger", p)
		}
	}
}

func holds(list []Peer, p Peer) bool {
	for _, e := range list {
		if e == p {
			return true
		}
	}
	return false
}

// Settle gives exactly finger[i] = successor(self + 2^i), the predecessor and
// the list, whatever the circle, the number of members and the length of
// lists; fingers that have no room are the nearest, and counted.
func TestSettleAgainstDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ring, cfg := drawRing(t)
		checkSettle(t, ring, rapid.IntRange(0, len(ring)-1).Draw(t, "node"), cfg)
	})
}

// A member at the start of every finger is more than a table has room for.
func TestSettleOverflow(t *testing.T) {
	ring := []Peer{{0, 1}}
	for i := range 64 {
		ring = append(ring, Peer{1 << uint(i), Addr(i + 2)})
	}
	if checkSettle(t, ring, 0, Config{Bits: 64, Successors: 3, LookupDeadline: 1}) == 0 {
		t.Error("61 distinct fingers had room")
	}
}

// checkSettle settles the i-th member of a ring and returns how many of its
// fingers had no room.
func checkSettle(t rapid.TB, ring []Peer, i int, cfg Config) (dropped int) {
	t.Helper()
	n := settled(ring, i, &cfg)
	list := trueList(ring, i, cfg.Successors)
	dropped = n.Settle(&cfg, n.Pred, list, trueArc(ring))

	if n.Pred != ring[(i+len(ring)-1)%len(ring)] || n.Status != Member {
		t.Fatalf("predecessor %v", n.Pred)
	}
	for k, want := range list {
		if n.Entry(k) != want {
			t.Fatalf("list %v, want %v", n.AppendList(nil), list)
		}
	}
	missing, near := map[Peer]bool{}, true
	for f := range cfg.Bits {
		want := owner(ring, n.ID+1<<uint(f), cfg.Mask())
		switch got := n.Finger(&cfg, f); {
		case n.inList((n.ID + 1<<uint(f)) & cfg.Mask()):
			if got != want {
				t.Fatalf("finger %d is %v in the list, want %v", f, got, want)
			}
		case got.None() && near:
			missing[want] = true
		case got != want || missing[want]:
			t.Fatalf("finger %d is %v, want %v", f, got, want)
		default:
			near = false
		}
	}
	if len(missing) != dropped || (dropped > 0 && int(n.fingerLen) != MaxFingers) {
		t.Fatalf("%d fingers missing, %d counted as dropped, %d stored", len(missing), dropped, n.fingerLen)
	}
	return dropped
}

// owner is the first of a sorted ring at or after key.
func owner(ring []Peer, key, mask uint64) Peer {
	for _, p := range ring {
		if p.ID >= key&mask {
			return p
		}
	}
	return ring[0]
}

// An answer to a finger's lookup sets the finger asked for and all around it
// whose start lies between the answering node and the owner, and no other.
func TestFingerFoundAgainstDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ring, cfg := drawRing(t)
		n := settled(ring, rapid.IntRange(0, len(ring)-1).Draw(t, "node"), &cfg)
		asked := rapid.IntRange(0, cfg.Bits-1).Draw(t, "finger")
		start := (n.ID + 1<<uint(asked)) & cfg.Mask()
		if n.inList(start) {
			return // never asked for
		}
		var before plainTable
		for i := range cfg.Bits {
			before[i] = n.Finger(&cfg, i)
		}
		from, _ := trueArc(ring)(start)
		fresh := Peer{owner(ring, start, cfg.Mask()).ID, 9999} // told from whoever was there
		out := Out{Config: &cfg, Lookups: &Lookups{}}
		n.fingerFound(&out, &Event{}, asked, from, fresh, nil)
		if out.Counters[CountDropped] > 0 || n.fingerLen == MaxFingers {
			return
		}
		for i := range cfg.Bits {
			want, at := before[i], (n.ID+1<<uint(i))&cfg.Mask()
			if !n.inList(at) && BetweenRightIncl(from, at, fresh.ID) {
				want = fresh
			}
			if got := n.Finger(&cfg, i); got != want {
				t.Fatalf("finger %d is %v, want %v", i, got, want)
			}
		}
	})
}

// The nearest finger is the nearest by distance, also where a stale one of a
// higher index lies before it, and never the node itself.
func TestNearestFinger(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, _, cfg := drawKnowing(t)
		want := Peer{}
		for _, f := range storedPeers(n) {
			if f.Addr != n.Addr && (want.None() || steps(n.ID, f.ID, cfg.Mask()) < steps(n.ID, want.ID, cfg.Mask())) {
				want = f
			}
		}
		if got := n.nearestFinger(&cfg); got.ID != want.ID || got.None() != want.None() {
			t.Fatalf("nearest finger %v, want %v", got, want)
		}
	})
}

// Hints fill every finger that one of them can be: the first of them at or
// after its start, before the node comes around.
func TestHintsAgainstDefinition(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ring, cfg := drawRing(t)
		i := rapid.IntRange(0, len(ring)-1).Draw(t, "node")
		var n Node
		n.Init(ring[i])
		n.replaceList(&cfg, trueList(ring, i, cfg.Successors))
		hints := []Peer{{}, n.Self()}
		for range rapid.IntRange(0, 20).Draw(t, "hints") {
			hints = append(hints, rapid.SampledFrom(ring).Draw(t, "hint"))
		}
		out := Out{Config: &cfg}
		n.adoptHints(&out, hints)
		if out.Counters[CountDropped] > 0 {
			return
		}
		for f := range cfg.Bits {
			start := (n.ID + 1<<uint(f)) & cfg.Mask()
			if n.inList(start) {
				continue
			}
			want := Peer{}
			for _, h := range hints {
				if h.None() || h == n.Self() || !BetweenRightIncl(start-1, h.ID, n.ID) && h.ID != start {
					continue
				}
				if want.None() || steps(start-1, h.ID, cfg.Mask()) < steps(start-1, want.ID, cfg.Mask()) {
					want = h
				}
			}
			if got := n.Finger(&cfg, f); got != want {
				t.Fatalf("finger %d is %v, want %v", f, got, want)
			}
		}
	})
}
