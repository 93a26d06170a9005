package scenarios

import (
	"slices"
	"testing"

	"chordsim/sim"

	"pgregory.net/rapid"
)

// What was promised is done in the order of times, then of steps, then of
// promises, whatever was promised meanwhile.
func TestAgendaOrder(t *testing.T) {
	type promise struct {
		at    sim.Time
		step  int
		order int
	}
	rapid.Check(t, func(t *rapid.T) {
		var a agenda
		var done, want []promise
		add := func(from sim.Time) {
			p := promise{
				at: from + sim.Time(rapid.IntRange(0, 3).Draw(t, "after")), step: rapid.IntRange(-1, 2).Draw(t, "step"),
				order: len(want),
			}
			want = append(want, p)
			a.at(p.at, p.step, func() { done = append(done, p) })
		}
		for range rapid.IntRange(0, 20).Draw(t, "promises") {
			add(0)
		}
		if len(want) == 0 {
			if at, ok := a.next(); ok || at != sim.Forever {
				t.Fatalf("an empty agenda has something to do at %v", at)
			}
		}
		for more := 5; ; {
			at, ok := a.next()
			if !ok {
				break
			}
			item := a.pop()
			if item.at != at {
				t.Fatalf("due at %v, done at %v", at, item.at)
			}
			item.do()
			if more > 0 && rapid.Bool().Draw(t, "another") {
				more--
				add(at + 1) // as every step of a process promises the next
			}
		}
		slices.SortFunc(want, func(p, q promise) int {
			switch {
			case p.at != q.at:
				return int(p.at - q.at)
			case p.step != q.step:
				return p.step - q.step
			}
			return p.order - q.order
		})
		if !slices.Equal(done, want) {
			t.Fatalf("done %v, want %v", done, want)
		}
	})
}
