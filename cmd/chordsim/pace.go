package main

import (
	"context"
	"strconv"
	"sync"
	"time"
)

// pacer holds a run back to so many virtual seconds a second of the host's
// clock, or altogether. The run and the keys act on it from two goroutines.
type pacer struct {
	mu      sync.Mutex
	pace    float64 // virtual seconds a second; 0: as fast as it goes
	paused  bool
	changed chan struct{} // closed when either changes

	// The last instant that was let through, and when.
	virtual time.Duration
	at      time.Time

	now   func() time.Time
	after func(time.Duration) <-chan time.Time
}

// Paces, in virtual seconds a second.
const (
	slowestPace  = 0.001
	fastestPace  = 1_000_000
	fastestKeyed = 1024 // beyond it a key lets the run go as fast as it goes
)

func newPacer(pace float64) *pacer {
	return &pacer{pace: pace, changed: make(chan struct{}), at: time.Now(), now: time.Now, after: time.After}
}

// hold waits until a virtual instant is due. It reports false if the context
// ended before. A run that is slower than its pace does not make up for it.
func (p *pacer) hold(ctx context.Context, virtual time.Duration) bool {
	for ctx.Err() == nil {
		wait, paused, changed := p.left(virtual)
		var due <-chan time.Time // for ever
		if !paused {
			if wait <= 0 {
				p.virtual, p.at = virtual, p.now()
				return true
			}
			due = p.after(wait)
		}
		select {
		case <-ctx.Done():
		case <-changed:
		case <-due:
		}
	}
	return false
}

// left returns how long it is until a virtual instant is due.
func (p *pacer) left(virtual time.Duration) (wait time.Duration, paused bool, changed <-chan struct{}) {
	const most = 1e9 // seconds, lest a duration overflow
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.pace > 0 {
		whole := min((virtual-p.virtual).Seconds()/p.pace, most)
		wait = time.Duration(whole*1e9) - p.now().Sub(p.at)
	}
	return wait, p.paused, p.changed
}

// change changes how the run is held back, and wakes it up to that.
func (p *pacer) change(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	f()
	close(p.changed)
	p.changed = make(chan struct{})
}

func (p *pacer) toggle() { p.change(func() { p.paused = !p.paused }) }

func (p *pacer) faster() {
	p.change(func() {
		if p.pace *= 2; p.pace > fastestKeyed {
			p.pace = 0
		}
	})
}

func (p *pacer) slower() {
	p.change(func() {
		switch {
		case p.pace == 0:
			p.pace = fastestKeyed
		case p.pace/2 >= slowestPace:
			p.pace /= 2
		}
	})
}

// String says how the run is held back.
func (p *pacer) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.paused:
		return "paused"
	case p.pace == 0:
		return "as fast as it goes"
	}
	return "pace " + strconv.FormatFloat(p.pace, 'g', -1, 64)
}
