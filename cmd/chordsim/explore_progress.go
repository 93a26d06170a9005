package main

import (
	"fmt"
	"io"
	"math"
	"time"

	"chordsim/explore"
)

// explorePace shows on a terminal where a search stands, and knows how fast it
// was.
type explorePace struct {
	to    io.Writer // nil: nothing is shown
	what  string    // is searched, if that has to be said
	began time.Time
	shown time.Time
	first *explore.Progress // where the search began, or went on
}

func (a *app) explorePace(what string) *explorePace {
	p := &explorePace{what: what, began: time.Now()}
	if a.terminal() {
		p.to = a.stderr
	}
	return p
}

// rate is how many states a second that many are, less those that were there
// before.
func (p *explorePace) rate(states int64) string {
	if p.first != nil {
		states -= p.first.States
	}
	return count(int64(math.Round(float64(states) / max(time.Since(p.began).Seconds(), 1e-3))))
}

func (p *explorePace) update(now explore.Progress) {
	if p.first == nil {
		p.first = &now
	}
	if p.to == nil || time.Since(p.shown) < 200*time.Millisecond {
		return
	}
	p.shown = time.Now()
	fmt.Fprintf(p.to, "\r\x1b[K%s%d states, %s a second, depth %d, %d waiting, %d MB",
		p.what, now.States, p.rate(now.States), now.Depth, now.Waiting, now.Bytes/1e6)
}

// close takes the line away.
func (p *explorePace) close() {
	if p.to != nil {
		fmt.Fprint(p.to, "\r\x1b[K")
	}
}

// finish leaves a line that says what came of it.
func (p *explorePace) finish(words string) {
	if p.to != nil {
		fmt.Fprintf(p.to, "\r\x1b[K%s%s\n", p.what, words)
	}
}

// keptEvery is how often a search is kept. Where writing takes long it is less
// often, so that it takes a twentieth of the time at most.
const keptEvery = 5 * time.Minute

// keepingClock says when a search is to be kept again.
type keepingClock struct {
	began time.Time // the last time, or the search
	wrote time.Time // when due said so last
	pause time.Duration
}

func (c *keepingClock) begin() { c.began, c.pause = time.Now(), keptEvery }

// due reports whether it is time.
func (c *keepingClock) due() bool {
	c.wrote = time.Now()
	return c.wrote.Sub(c.began) >= c.pause
}

// kept notes that it has just been done.
func (c *keepingClock) kept() {
	c.began = time.Now()
	c.pause = max(keptEvery, 20*c.began.Sub(c.wrote))
}
