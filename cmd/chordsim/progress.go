package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"chordsim/scenarios"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// progress shows on a terminal where a run stands: virtual time, live nodes,
// events a second and, by the bar, the time left. Elsewhere it shows nothing.
type progress struct {
	mu     sync.Mutex
	bar    *progressbar.ProgressBar // nil: nothing is shown
	runs   int
	events int64 // at the last update
	run    int   // that they belong to
	at     time.Time
	rate   float64 // events a second, lately
}

// steps of the bar to a run.
const progressSteps = 1000

func (a *app) progress(runs int, quiet bool) *progress {
	if quiet || !a.terminal() {
		return &progress{}
	}
	return newProgress(a.stderr, max(runs, 1))
}

// terminal reports whether standard error is read by a person.
func (a *app) terminal() bool {
	file, ok := a.stderr.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

func newProgress(to io.Writer, runs int) *progress {
	return &progress{runs: runs, at: time.Now(), bar: progressbar.NewOptions64(int64(runs)*progressSteps,
		progressbar.OptionSetWriter(to),
		progressbar.OptionSetWidth(20),
		progressbar.OptionThrottle(100*time.Millisecond),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionSetPredictTime(true),
		progressbar.OptionSetElapsedTime(true),
		progressbar.OptionUseANSICodes(true),
	)}
}

// update is called by the runs, from any goroutine.
func (p *progress) update(now scenarios.Progress) {
	if p.bar == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if elapsed := time.Since(p.at); p.run != now.Run || elapsed > 500*time.Millisecond {
		if p.run == now.Run && now.Events > p.events {
			p.rate = float64(now.Events-p.events) / elapsed.Seconds()
		}
		p.run, p.events, p.at = now.Run, now.Events, time.Now()
	}
	p.bar.Describe(p.line(now))
	done := int64(now.Finished) * progressSteps
	if now.Until > 0 && now.Finished < p.runs {
		done += min(int64(progressSteps*now.Virtual.Seconds()/now.Until.Seconds()), progressSteps-1)
	}
	// A bar that cannot be drawn is no reason to stop a run.
	_ = p.bar.Set64(min(done, int64(p.runs)*progressSteps-1))
}

func (p *progress) line(now scenarios.Progress) string {
	line := fmt.Sprintf("%v, %d nodes, %.2gM events/s", now.Virtual.Round(100*time.Millisecond), now.Members, p.rate/1e6)
	if p.runs > 1 {
		line = fmt.Sprintf("run %d of %d: %s", min(now.Finished+1, p.runs), p.runs, line)
	}
	return line
}

// close takes the bar away, so that it does not stand in the tables.
func (p *progress) close() {
	if p.bar != nil {
		_ = p.bar.Clear()
		_ = p.bar.Exit()
	}
}
