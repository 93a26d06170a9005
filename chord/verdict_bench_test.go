package chord

import "testing"

// benchRing is an ideal ring of n members whose identifiers lie as hashes do,
// given once so that building snapshots of it is all that is measured.
type benchRing struct {
	bits, r int
	members []Peer
	wrapped []Peer // the members and the first r again: lists are slices of it
}

func newBenchRing(n, bits, r int) *benchRing {
	draw := ringDraw{state: 4}
	b := &benchRing{bits: bits, r: r}
	// One identifier in each of n arcs, at a random place of it: sorted and
	// distinct without a table of a million drawn before.
	arc := Mask(bits)/uint64(n) - 1
	for i := range n {
		id := uint64(i)*(arc+1) + draw.word()%arc
		b.members = append(b.members, Peer{ID: id, Addr: Addr(i*7919%n + 1)})
	}
	b.wrapped = append(append(b.wrapped, b.members...), b.members[:r]...)
	return b
}

func (b *benchRing) build(s *Snapshot) {
	n := len(b.members)
	s.Reset(n)
	for i, m := range b.members {
		s.Add(m, b.members[(i+n-1)%n], b.wrapped[i+1:i+1+b.r])
	}
	s.Seal()
}

// Waiting for a ring to heal builds a snapshot and asks IsIdeal.
func benchmarkIsIdeal(b *testing.B, n, bits, r int) {
	ring, s := newBenchRing(n, bits, r), NewSnapshot(bits, r)
	b.ReportAllocs()
	b.ResetTimer()
	for b.Loop() {
		ring.build(s)
		if !s.IsIdeal() {
			b.Fatal("an ideal ring is not ideal")
		}
	}
}

func benchmarkReport(b *testing.B, n, bits, r int) {
	ring, s := newBenchRing(n, bits, r), NewSnapshot(bits, r)
	b.ReportAllocs()
	b.ResetTimer()
	for b.Loop() {
		ring.build(s)
		if rep := s.Report(); rep.Word != WordIdeal {
			b.Fatal(rep.String())
		}
	}
}

func BenchmarkSnapshotIsIdeal10kx20(b *testing.B) { benchmarkIsIdeal(b, 10_000, 64, 20) }
func BenchmarkSnapshotReport10kx20(b *testing.B)  { benchmarkReport(b, 10_000, 64, 20) }
func BenchmarkSnapshotIsIdeal1Mx4(b *testing.B)   { benchmarkIsIdeal(b, 1_000_000, 32, 4) }
func BenchmarkSnapshotReport1Mx4(b *testing.B)    { benchmarkReport(b, 1_000_000, 32, 4) }

// Half of the ring departs under guard, from a snapshot taken before.
func BenchmarkGuardedHalf10kx20(b *testing.B) {
	ring, s := newBenchRing(10_000, 64, 20), NewSnapshot(64, 20)
	ring.build(s)
	guard := NewGuard(s)
	b.ReportAllocs()
	for b.Loop() {
		guard.Reset(s)
		for i := 0; i < s.Len(); i += 2 {
			if guard.CanRemove(i) {
				guard.Remove(i)
			}
		}
	}
	b.ReportMetric(float64(s.Len()-guard.Members()), "departed")
}

// A ring grown by nobody's rules: every entry has to be searched for.
func BenchmarkSnapshotUnordered10kx20(b *testing.B) {
	ring, s := newBenchRing(10_000, 64, 20), NewSnapshot(64, 20)
	draw := ringDraw{state: 5}
	for i := range ring.wrapped {
		j := draw.n(i + 1)
		ring.wrapped[i], ring.wrapped[j] = ring.wrapped[j], ring.wrapped[i]
	}
	b.ReportAllocs()
	b.ResetTimer()
	for b.Loop() {
		ring.build(s)
	}
}
