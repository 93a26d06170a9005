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

// A new member's first round comes at a phase of its period, by the rule of
// E-Chord one whole period later; who was placed in a settled ring has been
// there for long, and has a phase under every rule.
func TestFirstRound(t *testing.T) {
	for _, c := range []struct {
		settings []string
		whole    bool
	}{{nil, true}, {[]string{"first=phase"}, false}} {
		m := newMiniature("echord", 3)
		m.mute = true
		for _, s := range c.settings {
			if err := m.apply(s); err != nil {
				t.Fatal(err)
			}
		}
		m.settle(10, 100, 200)
		var settled, joined []int64
		waits := func(waits []int64) []int64 {
			for _, a := range m.timers {
				if kind, _, _ := TimerParts(a.Data); timerKind(kind) == timerStabilize {
					waits = append(waits, a.At-m.now)
				}
			}
			return waits
		}
		settled = waits(settled)
		for id := uint64(20); id < 90; id += 10 {
			m.timers = nil
			m.command(id, Message{Kind: CmdJoin, AID: 10, A: named(10).Addr})
			m.run(false)
			joined = waits(joined)
		}
		spread := func(waits []int64) (phases int) {
			for _, w := range waits {
				if w < 0 || w > m.cfg.Stabilize.Every {
					t.Errorf("a first round after %d", w)
				}
				if w < m.cfg.Stabilize.Every {
					phases++
				}
			}
			return phases
		}
		if len(settled) != 3 || spread(settled) != 3 {
			t.Errorf("settled nodes begin after %v", settled)
		}
		if want := map[bool]int{true: 0, false: 7}[c.whole]; len(joined) != 7 || spread(joined) != want {
			t.Errorf("%v: joiners begin after %v", c.settings, joined)
		}
	}
}
