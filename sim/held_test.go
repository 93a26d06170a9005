package sim

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// A slow actor takes its time for each message, first come first served; its timers
// do not wait, and what it was given before it is well again it still takes time for.
func TestSlowness(t *testing.T) {
	e, x := newEchoes(3)
	id := x.faults.Begin(Slowness{actors(2), 20 * ms})
	ask(e, 0, 3, 2)
	ask(e, 1*ms, 1, 2)
	ask(e, 2*ms, 3, 2)
	e.Run(60 * ms)
	tell(e, 60*ms, 3, timerKind+uint64(ms)) // not slow
	e.Run(300 * ms)
	tell(e, 300*ms, 2, timerKind+uint64(25*ms)) // set at 320, due at 345
	tell(e, 330*ms, 2, 1)                       // processed at 350, beside the timer
	e.Run(335 * ms)
	x.faults.End(id)
	e.Run(halfASecond)
	want := []string{"70ms from 3: message 0", "90ms from 1: message 0", "110ms from 3: message 0",
		"320ms from 0: message 4319967296", "345ms from 2: timer 7", "350ms from 0: message 1"}
	if !slices.Equal(x.seen[2], want) {
		t.Errorf("the slow actor saw\n%s\nwant\n%s", strings.Join(x.seen[2], "\n"), strings.Join(want, "\n"))
	}
	if want := []string{"61ms from 3: timer 7", "120ms from 2: message 1", "160ms from 2: message 1"}; !slices.Equal(slices.DeleteFunc(x.seen[3],
		func(s string) bool { return strings.Contains(s, "from 0") }), want) {
		t.Errorf("its neighbour saw %v, want %v", x.seen[3], want)
	}
}

// A paused actor handles nothing; after the end come messages and timers in the
// order in which they came, and before whatever comes then.
func TestPause(t *testing.T) {
	e, x := newEchoes(3)
	tell(e, 0, 2, timerKind+uint64(70*ms))
	ask(e, 20*ms, 3, 2) // there at 70 ms, as the timer: the timer is of the lesser sender
	ask(e, 10*ms, 1, 2) // there at 60 ms
	ask(e, 30*ms, 3, 2) // there at 80 ms
	e.Run(40 * ms)
	id := x.faults.Begin(Pause{actors(2)})
	e.Run(100 * ms)
	if len(x.seen[2]) != 1 {
		t.Errorf("paused, it saw %v", x.seen[2][1:])
	}
	pending := 0
	e.Pending(func(Header, *word, []peer) { pending++ })
	if pending != 3 {
		t.Errorf("%d messages are pending, want the 3 that wait", pending)
	}
	ask(e, 50*ms+50*ms, 1, 2)
	x.faults.End(id)
	e.Run(halfASecond)
	want := []string{"60ms from 1: message 0", "70ms from 2: timer 7", "70ms from 3: message 0", "80ms from 3: message 0"}
	for i := range want {
		_, what, _ := strings.Cut(want[i], " ")
		want[i] = fmt.Sprintf("%v %s", 100*ms+Time(i+1), what)
	}
	want = append(want, "150ms from 1: message 0")
	if !slices.Equal(x.seen[2][1:], want) {
		t.Errorf("resumed, it saw\n%s\nwant\n%s", strings.Join(x.seen[2][1:], "\n"), strings.Join(want, "\n"))
	}
	e.Pending(func(h Header, _ *word, _ []peer) { t.Errorf("%+v is still pending", h) })
}

// What is being processed when a pause begins is handled when it ends, still first.
func TestPauseOfASlowActor(t *testing.T) {
	e, x := newEchoes(2)
	slow := x.faults.Begin(Slowness{actors(2), 30 * ms})
	ask(e, 0, 1, 2)
	ask(e, 1*ms, 1, 2)
	e.Run(60 * ms)
	pause := x.faults.Begin(Pause{actors(2)})
	e.Run(200 * ms)
	x.faults.End(pause)
	e.Run(210 * ms)
	x.faults.End(slow)
	e.Run(halfASecond)
	if want := []string{"230ms from 1: message 0", "230.000001ms from 1: message 0"}; !slices.Equal(x.seen[2], want) {
		t.Errorf("it saw %v, want %v", x.seen[2], want)
	}
}

// A process that has died holds nothing back: what waited goes to its address.
func TestDeathEndsAPause(t *testing.T) {
	e, x := newEchoes(3)
	x.faults.Begin(Pause{actors(2, 3)})
	ask(e, 0, 1, 2)
	ask(e, 0, 1, 3)
	e.Run(80 * ms)
	x.faults.Died(2)
	e.Run(halfASecond)
	if want := "1 at 130.000001ms from 2: message 1; 2 at 80.000001ms from 1: message 0"; x.heard() != want {
		t.Errorf("%s, want %s", x.heard(), want)
	}
}

// A timer is set by the clock of its actor: by the one it has at that time.
func TestDrift(t *testing.T) {
	e, x := newEchoes(3)
	tell(e, 0, 1, timerKind+uint64(60*ms)) // set before
	e.Run(10 * ms)
	fast := x.faults.Begin(Drift{actors(1, 3), 3, 1})
	slow := x.faults.Begin(Drift{actors(2, 3), 1, 2})
	for a := Addr(1); a <= 3; a++ {
		tell(e, 10*ms, a, timerKind+uint64(60*ms))
	}
	e.Run(20 * ms)
	x.faults.End(fast)
	x.faults.End(slow)
	tell(e, 20*ms, 1, timerKind+uint64(60*ms))
	e.Run(halfASecond)
	want := "1 at 30ms from 1: timer 7; 1 at 60ms from 1: timer 7; 1 at 80ms from 1: timer 7; 2 at 130ms from 2: timer 7; 3 at 50ms from 3: timer 7"
	if x.heard() != want {
		t.Errorf("%s, want %s", x.heard(), want)
	}
	if got := x.faults.clock(1, Forever); got != Forever {
		t.Errorf("for ever is %v by a right clock", got)
	}
	x.faults.Begin(Drift{actors(1), 1, 1000})
	if got := x.faults.clock(1, Forever/10); got != Forever {
		t.Errorf("a thousand tenths of for ever are %v", got)
	}
}
