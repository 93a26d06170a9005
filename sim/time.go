package sim

import (
	"fmt"
	"math"
	"time"
)

// Time is virtual time: nanoseconds since the start of the run, never negative.
type Time int64

// Forever is later than every event.
const Forever Time = math.MaxInt64

// String prints t as a Go duration.
func (t Time) String() string { return time.Duration(t).String() }

// after is t+d, or Forever where the sum does not fit. Neither is negative.
func (t Time) after(d Time) Time {
	if d > Forever-t {
		return Forever
	}
	return t + d
}

// Addr names an actor. 0 is the timeline, nodes start at 1.
type Addr uint32

// Header is the envelope of an event. (At, From, Seq) is its key and is unique;
// To takes no part in the order. A timer has From equal to To.
type Header struct {
	At   Time   // when it is handled
	From Addr   // who sent it or set it
	To   Addr   // who handles it
	Seq  uint32 // the sender's own number of it, from Shard.Next
}

// Compare is the total order of events: by time, then sender, then the sender's
// own number. It is the reason why a run does not depend on how it is divided:
// each of the three is known to the sender alone, at the instant of sending.
func (h Header) Compare(o Header) int {
	a, b := entry{at: h.At, key: key(h.From, h.Seq)}, entry{at: o.At, key: key(o.From, o.Seq)}
	return a.compare(b)
}

// fail is how an impossible state ends: only ever by a mistake in the program,
// so it is a panic and not an error.
func fail(format string, args ...any) {
	panic("sim: " + fmt.Sprintf(format, args...))
}
