// Command chordsim runs scenarios of Chord rings on a virtual clock and says in
// tables, charts and an exit status what happened.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is the whole program but for the process around it. A first interrupt
// ends the runs under way and what was finished is written; a second one ends
// the process.
func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	a := &app{
		engine: simulator(),
		stdin:  stdin, stdout: stdout, stderr: stderr,
		debug: os.Getenv("CHORDSIM_DEBUG") != "",
	}
	return a.main(ctx, args)
}

// app is the command line with what it acts on.
type app struct {
	engine engine
	stdin  io.Reader
	stdout io.Writer
	stderr io.Writer
	debug  bool   // show stacks of internal errors
	repeat string // the command that repeats what is under way, for internal errors
}

// main carries out one command line and returns the exit status. It is the one
// place where errors are shown and turned into statuses.
func (a *app) main(ctx context.Context, args []string) (status int) {
	defer func() {
		if cause := recover(); cause != nil {
			a.complain(fmt.Sprintf("internal error: %v", cause))
			a.hint()
			if a.debug {
				a.stderr.Write(debug.Stack())
			}
			status = exitBroken
		}
	}()
	root := a.root()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return exitHolds
	}
	return a.report(err)
}
