package main

import (
	"fmt"
	"io"
	"time"

	"chordsim/explore"
)

// explorePace shows on a terminal where a search stands, and knows how fast it
// was.
type explorePace struct {
	to    io.Writer // nil: nothing is shown
	began time.Time
	shown *time.Time
}

func (a *app) explorePace() explorePace {
	p := explorePace{began: time.Now(), shown: new(time.Time)}
	if a.terminal() {
		p.to = a.stderr
	}
	return p
}

// rate is how many states a second that many are.
func (p explorePace) rate(states int64) string {
	return fmt.Sprintf("%.0f", float64(states)/max(time.Since(p.began).Seconds(), 1e-3))
}

func (p explorePace) update(now explore.Progress) {
	if p.to == nil || time.Since(*p.shown) < 200*time.Millisecond {
		return
	}
	*p.shown = time.Now()
	fmt.Fprintf(p.to, "\r\x1b[K%d states, %s a second, depth %d, %d waiting, %d MB", now.States, p.rate(now.States), now.Depth, now.Waiting, now.Bytes>>20)
}

func (p explorePace) close() {
	if p.to != nil {
		fmt.Fprint(p.to, "\r\x1b[K")
	}
}
