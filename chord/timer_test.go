package chord

import (
	"testing"

	"pgregory.net/rapid"
)

// A timer's data holds what was packed, in 63 bits.
func TestTimerData(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kind := uint8(rapid.IntRange(1, 31).Draw(t, "kind"))
		slot := uint32(rapid.IntRange(0, maxSlot).Draw(t, "slot"))
		number := rapid.Uint32().Draw(t, "number")
		data := TimerData(kind, slot, number)
		if data == 0 || data>>63 != 0 {
			t.Fatalf("data %#x", data)
		}
		if k, s, n := TimerParts(data); k != kind || s != slot || n != number {
			t.Fatalf("%d %d %d came back as %d %d %d", kind, slot, number, k, s, n)
		}
	})
}

// The first interval is a phase in [0, Every), the others lie in Every ±
// Jitter, ends included and reached.
func TestPeriod(t *testing.T) {
	const most = ^uint64(0)
	p := Period{Every: 30, Jitter: 10}
	for _, c := range []struct {
		draw        uint64
		first, next int64
	}{{0, 0, 20}, {most / 2, 14, 30}, {most, 29, 40}} {
		if got := p.First(c.draw); got != c.first {
			t.Errorf("First(%#x) = %d, want %d", c.draw, got, c.first)
		}
		if got := p.Next(c.draw); got != c.next {
			t.Errorf("Next(%#x) = %d, want %d", c.draw, got, c.next)
		}
	}
	if got := (Period{Every: 30}).Next(most); got != 30 {
		t.Errorf("without jitter the interval is %d", got)
	}
	long := Period{Every: 1 << 62, Jitter: 1 << 61}
	if got := long.Next(most); got != 1<<62+1<<61 {
		t.Errorf("a long interval is %d", got)
	}
}

// The draws of one event differ from one another and from another event's.
func TestForkedDraws(t *testing.T) {
	seen := map[uint64]bool{}
	for draw := range uint64(1000) {
		for i := range 4 {
			if d := fork(draw, i); seen[d] {
				t.Fatalf("draw %d of %d came before", i, draw)
			} else {
				seen[d] = true
			}
		}
	}
}
