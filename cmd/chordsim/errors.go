package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"chordsim/scenarios"
)

// Exit statuses.
const (
	exitHolds       = 0 // all expectations hold
	exitMissed      = 1 // one does not
	exitInput       = 2 // the scenario or the command line is wrong
	exitInterrupted = 3 // what was finished is written; of explore: cut short
	exitBroken      = 4 // the machine or chordsim itself failed
)

// errMissed is the error of a run with an expectation that does not hold; the
// lines that say so are out already.
var errMissed = errors.New("an expectation does not hold")

// errNothingFinished says that a scenario was interrupted before any of its runs
// had come to its end.
var errNothingFinished = fmt.Errorf("nothing was finished: %w", context.Canceled)

// incompleteError is a search that was cut short, with what to do.
type incompleteError struct{ message string }

func (e *incompleteError) Error() string { return e.message }

// usageError is a command line that makes no sense.
type usageError struct {
	err     error
	command string // whose help helps
}

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

func usagef(format string, args ...any) error {
	return &usageError{err: fmt.Errorf(format, args...)}
}

// statusOf returns the exit status of an error. What is not known to be the
// user's doing is the machine's or chordsim's own.
func statusOf(err error) int {
	var usage *usageError
	var input *scenarios.InputError
	var problems *scenarios.Problems
	var incomplete *incompleteError
	switch {
	case err == nil:
		return exitHolds
	case errors.Is(err, context.Canceled), errors.As(err, &incomplete):
		return exitInterrupted
	case errors.Is(err, errMissed):
		return exitMissed
	case errors.As(err, &usage), errors.As(err, &input), errors.As(err, &problems):
		return exitInput
	}
	return exitBroken
}

// report shows an error and returns its status. Of several errors, one for each
// scenario, the highest status counts.
func (a *app) report(err error) int {
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		status := exitHolds
		for _, e := range several.Unwrap() {
			status = max(status, a.report(e))
		}
		return status
	}
	status := statusOf(err)
	var usage *usageError
	var problems *scenarios.Problems
	var input *scenarios.InputError
	var internal *scenarios.InternalError
	var incomplete *incompleteError
	switch {
	case status == exitMissed:
	case errors.As(err, &incomplete):
		a.complain(incomplete.Error())
	case status == exitInterrupted:
		if errors.Is(err, errNothingFinished) {
			a.complain("interrupted before a run was finished; nothing is written")
			break
		}
		a.complain("interrupted; what was finished is written")
	case errors.As(err, &problems):
		fmt.Fprint(a.stderr, strings.TrimRight(problems.Annotate(a.coloured()), "\n")+"\n")
	case errors.As(err, &usage):
		a.complain(usage.Error())
		if usage.command != "" {
			fmt.Fprintf(a.stderr, "run %q for help\n", usage.command+" --help")
		}
	case errors.As(err, &internal):
		a.complain(internal.Error())
		a.repeat += " --only " + quoteArg(internal.Only())
		a.hint()
		if a.debug {
			a.stderr.Write(internal.Stack)
		}
	case errors.As(err, &input):
		for _, e := range eachOf(input.Err) { // the problems of a file that the scenario names
			a.complain(e.Error())
		}
	default:
		a.complain(err.Error())
		var output *scenarios.OutputError
		if status == exitBroken && !errors.As(err, &output) {
			a.hint()
		}
	}
	return status
}

// eachOf returns the errors that were joined.
func eachOf(err error) []error {
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		return several.Unwrap()
	}
	return []error{err}
}

// coloured follows the convention of no-color.org.
func (a *app) coloured() bool { return a.terminal() && os.Getenv("NO_COLOR") == "" }

// complain writes one line to standard error.
func (a *app) complain(message string) {
	fmt.Fprintf(a.stderr, "chordsim: %s\n", strings.ReplaceAll(strings.TrimSpace(message), "\n", "; "))
}

// hint says how to repeat what failed.
func (a *app) hint() {
	if a.repeat != "" {
		fmt.Fprintf(a.stderr, "this repeats it: %s\n", a.repeat)
	}
}

// commandLine writes arguments the way a shell reads them.
func commandLine(args ...string) string {
	quoted := make([]string, len(args))
	for i, arg := range args {
		quoted[i] = quoteArg(arg)
	}
	return strings.Join(quoted, " ")
}

func quoteArg(arg string) string {
	if arg != "" && !strings.ContainsAny(arg, " \t\n'\"\\$`!*?[](){}<>|&;#~") {
		return arg
	}
	return "'" + strings.ReplaceAll(arg, "'", `'\''`) + "'"
}
