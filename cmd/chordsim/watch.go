package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"chordsim/scenarios"

	tea "charm.land/bubbletea/v2"
)

// watchEvery is the virtual time from one look to the next, as in E-Chord.
const watchEvery = 3 * time.Second

// checkWatch finds what is wrong with the flags of a watch. changed reports
// whether a flag was given.
func (f *runFlags) checkWatch(changed func(string) bool) error {
	switch {
	case !f.watch && (changed("every") || changed("pace")):
		return usagef("--every and --pace say how a run is watched; add --watch")
	case f.watch && f.quiet:
		return usagef("--watch shows a run and --quiet shows nothing; choose one")
	case f.every < time.Millisecond:
		return usagef("--every %v is too short; the least is 1ms of virtual time", f.every)
	case f.pace != 0 && !(f.pace >= slowestPace && f.pace <= fastestPace):
		return usagef("--pace %v is none; it is from %v to %d virtual seconds a second, or 0 for as fast as it goes", f.pace, slowestPace, fastestPace)
	}
	return nil
}

// watch shows a run while it goes on: on a terminal as a table that is redrawn,
// with keys to act on it, elsewhere as a line a look. Both are on standard error,
// for standard output has the tables of the result.
type watch struct {
	ctx   context.Context // of the run
	stop  context.CancelFunc
	to    io.Writer
	pacer *pacer

	program *tea.Program // nil: lines
	screen  *screen
	ended   chan error // of the program
}

// newWatch begins a watch. The run is to be done under the context that comes
// back, which ends when somebody asks for that.
func (a *app) newWatch(ctx context.Context, f *runFlags) (context.Context, *watch) {
	ctx, stop := context.WithCancel(ctx)
	w := &watch{ctx: ctx, stop: stop, to: a.stderr, pacer: newPacer(f.pace)}
	if a.terminal() && os.Getenv("TERM") != "dumb" {
		var keys io.Reader // none if standard input is the scenario
		if isTerminal(a.stdin) {
			keys = a.stdin
		}
		w.open(keys)
	}
	return ctx, w
}

// open puts up the screen. Interrupts are the process's to handle; on a terminal
// that gives its keys one by one they are keys.
func (w *watch) open(keys io.Reader, more ...tea.ProgramOption) {
	w.screen = &screen{pacer: w.pacer, stop: w.stop, keys: keys != nil}
	w.program = tea.NewProgram(w.screen, append(more, tea.WithInput(keys), tea.WithOutput(w.to), tea.WithoutSignalHandler())...)
	w.ended = make(chan error, 1)
	go func() {
		_, err := w.program.Run()
		w.stop() // nobody is left to let a paused run go on
		w.ended <- err
	}()
}

// options asks for a run to be watched.
func (w *watch) options(every time.Duration) *scenarios.WatchOptions {
	o := &scenarios.WatchOptions{Every: every, Show: w.show}
	if w.program != nil {
		o.Rows = mostScrolled
	}
	return o
}

// show shows the run when that is due, and makes it wait until then.
func (w *watch) show(seen scenarios.Watched) {
	if !w.pacer.hold(w.ctx, seen.At) {
		return
	}
	if w.program != nil {
		w.program.Send(seen)
		return
	}
	parts := slices.Insert(summary(&seen), 1, nodes(seen.Members))
	fmt.Fprintln(w.to, strings.Join(parts, ", "))
}

// close takes the screen away and leaves what it showed last on the terminal.
func (w *watch) close() error {
	defer w.stop()
	if w.program == nil {
		return nil
	}
	w.program.Quit()
	err := <-w.ended
	w.screen.keys = false
	if w.screen.any {
		fmt.Fprintf(w.to, "%s\n\n", strings.Join(w.screen.lines(), "\n"))
	}
	if err != nil {
		return fmt.Errorf("cannot show the run: %w", err)
	}
	return nil
}

// summary says how a ring is, part by part, the virtual time first.
func summary(seen *scenarios.Watched) []string {
	value := func(unit scenarios.Unit, n scenarios.Number) string {
		return scenarios.Value{Unit: unit, Number: n}.String()
	}
	parts := []string{value(scenarios.UnitSeconds, scenarios.Number(seen.At.Seconds())) + " virtual"}
	if seen.Joining > 0 {
		parts = append(parts, count(int64(seen.Joining))+" joining")
	}
	if seen.Stores {
		parts = append(parts, count(seen.Keys)+" keys in all")
	}
	parts = append(parts, "stability "+value(scenarios.UnitShare, seen.Stability))
	if seen.Verdict != "" {
		parts = append(parts, "verdict "+seen.Verdict)
	}
	if seen.Last != "" {
		parts = append(parts, "last step: "+seen.Last)
	}
	if seen.Ended {
		parts = append(parts, "ended")
	}
	return parts
}

// count writes a number with its thousands set apart.
func count(n int64) string {
	return scenarios.Value{Unit: scenarios.UnitCount, Number: scenarios.Number(n)}.String()
}

func nodes(n int) string {
	if n == 1 {
		return "1 node"
	}
	return count(int64(n)) + " nodes"
}
