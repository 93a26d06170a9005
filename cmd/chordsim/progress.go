package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"chordsim/scenarios"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// progress shows on a terminal where a run stands: virtual time, live nodes,
// events a second and, where the end is known, the time left. Elsewhere it
// shows nothing.
type progress struct {
	mu    sync.Mutex
	to    io.Writer                // nil: nothing is shown
	bar   *progressbar.ProgressBar // from the first update on
	runs  int
	began time.Time

	// The last reading of a run's events, for their rate.
	run    int
	events int64
	at     time.Time
	rate   float64 // events a second, lately
}

// progressSteps are the steps of the bar to a run.
const progressSteps = 1000

func (a *app) progress(runs int, quiet bool) *progress {
	if quiet || !a.terminal() {
		return &progress{}
	}
	return newProgress(a.stderr, runs)
}

// terminal reports whether standard error is read by a person.
func (a *app) terminal() bool { return isTerminal(a.stderr) }

func isTerminal(of any) bool {
	file, ok := of.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

func newProgress(to io.Writer, runs int) *progress {
	now := time.Now()
	return &progress{to: to, runs: max(runs, 1), began: now, at: now, run: -1}
}

// newBar makes a bar, or a spinner where nobody knows how far it is.
func (p *progress) newBar(known bool) *progressbar.ProgressBar {
	steps := int64(p.runs) * progressSteps
	if !known {
		steps = -1
	}
	return progressbar.NewOptions64(steps,
		progressbar.OptionSetWriter(p.to),
		progressbar.OptionSetWidth(20),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionSetPredictTime(false), // it knows steps, not virtual time
		progressbar.OptionSetElapsedTime(false),
		progressbar.OptionUseANSICodes(true),
	)
}

// update is called by the runs, from any goroutine.
func (p *progress) update(now scenarios.Progress) {
	if p.to == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	known := p.runs > 1 || now.Until > 0
	if p.bar == nil {
		p.bar = p.newBar(known)
	}
	p.measure(now)
	done := p.done(now)
	p.bar.Describe(p.line(now, done))
	// A bar that cannot be drawn is no reason to stop a run.
	if known {
		_ = p.bar.Set64(done)
	} else {
		_ = p.bar.Add(1)
	}
}

// done returns the steps done, at least one short of all of them: the end of
// the bar would be the end of the bar.
func (p *progress) done(now scenarios.Progress) int64 {
	done := int64(now.Finished) * progressSteps
	if now.Until > 0 && now.Finished < p.runs {
		done += min(int64(progressSteps*now.Virtual.Seconds()/now.Until.Seconds()), progressSteps-1)
	}
	return min(done, int64(p.runs)*progressSteps-1)
}

// measure takes the rate of events of the run that reports, at most twice a
// second.
func (p *progress) measure(now scenarios.Progress) {
	elapsed := time.Since(p.at)
	if p.run == now.Run && elapsed < 500*time.Millisecond {
		return
	}
	if p.run == now.Run && now.Events > p.events {
		p.rate = float64(now.Events-p.events) / elapsed.Seconds()
	}
	p.run, p.events, p.at = now.Run, now.Events, time.Now()
}

func (p *progress) line(now scenarios.Progress, done int64) string {
	parts := []string{fmt.Sprintf("%v virtual", now.Virtual.Round(100*time.Millisecond)), plural(now.Members, "node")}
	if p.rate > 0 {
		parts = append(parts, fmt.Sprintf("%.2fM events/s", p.rate/1e6))
	}
	elapsed := time.Since(p.began)
	// The first hundredth says too little about the rest.
	if all := int64(p.runs) * progressSteps; done >= all/100 && done > 0 {
		left := time.Duration(float64(elapsed) * float64(all-done) / float64(done))
		parts = append(parts, fmt.Sprintf("%v left", left.Round(time.Second)))
	}
	line := strings.Join(parts, ", ")
	if p.runs > 1 {
		line = fmt.Sprintf("run %d of %d: %s", min(now.Finished+1, p.runs), p.runs, line)
	}
	return line
}

// close takes the bar away, so that it does not stand in the tables.
func (p *progress) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar != nil {
		_ = p.bar.Clear()
		_ = p.bar.Exit()
	}
}
