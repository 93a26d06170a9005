package scenarios

import (
	"fmt"
	"io"
	"time"
)

// RunOptions is how a scenario is run. Nothing in it changes a result, but for
// Only, which leaves runs out.
type RunOptions struct {
	Jobs    int    // runs side by side; 0: as many as cores and memory allow
	Shards  int    // inside one run; 0: chosen from the expected events
	Workers int    // goroutines that carry the shards of one run; 0: 1
	Only    string // "p=0.3,seed=44": the rows and seeds to run; "" for all
	Trace   *TraceOptions
	Watch   *WatchOptions

	// Observer, where set, looks on while a run goes, which has one shard then. It
	// is for one run alone.
	Observer Observer

	// Progress, where set, is called now and then from the goroutine of the run,
	// never from two at once. It must return quickly.
	Progress func(Progress)
	// OnRun, where set, is called for every finished run, never from two
	// goroutines at once: what it wrote survives an interruption.
	OnRun func(row int, run RunResult)
}

// Progress is where a run stands.
type Progress struct {
	Run      int // index of the run among all runs of the scenario
	Runs     int // of the scenario
	Finished int // runs
	Seed     uint64
	Virtual  time.Duration // since the start of the run
	Until    time.Duration // expected end of the run; 0: not known
	Members  int
	Events   int64 // since the start of the run
}

// TraceOptions asks for the deliveries to some nodes, as JSON lines.
type TraceOptions struct {
	To    io.Writer
	Nodes []uint32      // addresses; none: all
	From  time.Duration // virtual time
	Until time.Duration // 0: the end
}

// InputError is an error in what the user asked for: the scenario or the
// command line is wrong, not the machine.
type InputError struct{ Err error }

func (e *InputError) Error() string { return e.Err.Error() }
func (e *InputError) Unwrap() error { return e.Err }

// Inputf returns an InputError with a message.
func Inputf(format string, args ...any) error {
	return &InputError{fmt.Errorf(format, args...)}
}

// InternalError is a defect of chordsim met in one run: a panic, caught where
// the run was started.
type InternalError struct {
	Labels []Param // of the row
	Seed   uint64
	Cause  any // what was panicked with
	Stack  []byte
}

func (e *InternalError) Error() string {
	return fmt.Sprintf("internal error in the run with seed %d: %v", e.Seed, e.Cause)
}

// Only returns the value for --only that repeats the run.
func (e *InternalError) Only() string {
	return onlyOf(e.Labels, e.Seed)
}

// onlyOf names one run the way RunOptions.Only reads it.
func onlyOf(labels []Param, seed uint64) string {
	out := ""
	for _, l := range labels {
		out += l.Name + "=" + string(l.Value) + ","
	}
	return fmt.Sprintf("%sseed=%d", out, seed)
}

// Nearest returns the candidate that a misspelt word most likely means, "" if
// none is near enough.
func Nearest(word string, candidates []string) string { return nearest(word, candidates) }
