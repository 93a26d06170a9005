package sim

import "io"

// maxTracePeriods bounds the memory of a trace: 64 MiB.
const maxTracePeriods = 8 << 20

// Trace is the life of nodes as it was measured: for each the times for which it
// was up, down, up, … in turn. It is read-only: any number of runs may share one.
type Trace struct {
	periods []Time // of all nodes, one after the other
	ends    []int  // where each node's end
}

// Nodes is the number of nodes, of lines that is.
func (t *Trace) Nodes() int { return len(t.ends) }

// Periods returns how long node i, from 0, is up, then down, then up, and so on,
// beginning with the instant at which the trace is started. Only the first may be
// 0: that node begins down. What follows the last is for the user to say. The
// slice must not be changed.
func (t *Trace) Periods(i int) []Time {
	from := 0
	if i > 0 {
		from = t.ends[i-1]
	}
	return t.periods[from:t.ends[i]:t.ends[i]]
}

// nanoseconds is the exponent of ten that turns seconds into them.
const nanoseconds = 9

// ReadTrace reads a file of up and down times: a line for each node, with the
// seconds for which it is up, then down, then up, and so on, decimal numbers
// separated by blanks, tabs or commas. The first is 0 for a node that begins down;
// every other is above 0, and none above ten years. # begins a comment and empty
// lines are passed over. file is the name that problems begin with.
//
// Refused are more than 8 million times, lines above 1 MiB and files above 512
// MiB. The error joins the first 20 problems, one line each, with line and column.
func ReadTrace(r io.Reader, file string) (*Trace, error) {
	in := newCellReader(r, file)
	t := &Trace{}
	for in.next() {
		if len(t.periods)+len(in.cells) > maxTracePeriods {
			in.stopAt(0, "more than the limit of %d times", maxTracePeriods)
			break
		}
		for i, c := range in.cells {
			t.periods = append(t.periods, readPeriod(in, c, i == 0))
		}
		t.ends = append(t.ends, len(t.periods))
		if len(in.bad) > 0 {
			t.periods, t.ends = t.periods[:0], t.ends[:0]
		}
	}
	if len(t.ends) == 0 && len(in.bad) == 0 {
		in.bad = append(in.bad, &FileError{File: file, Problem: "no times"})
	}
	if err := in.joined(); err != nil {
		return nil, err
	}
	return t, nil
}

// readPeriod reads one time; a problem is noted.
func readPeriod(in *cellReader, c cell, first bool) Time {
	ns, kind := c.parse(nanoseconds)
	switch {
	case kind == aMissing || kind == aNegative:
		in.problem(c.column, "%s is no time above 0", c.quoted())
	case kind == noNumber:
		in.problem(c.column, "%s is no number of seconds", c.quoted())
	case kind == tooLarge || ns > uint64(MaxPeriod):
		in.problem(c.column, "%s is above the limit of %d seconds", c.quoted(), MaxPeriod/1e9)
	case ns == 0 && !first:
		in.problem(c.column, "%s: only the first time of a line may be 0, for a node that begins down", c.quoted())
	}
	return Time(ns)
}

// LoadTrace reads a file as ReadTrace does.
func LoadTrace(path string) (*Trace, error) {
	f, err := OpenFile(path, maxFileBytes)
	if err != nil {
		return nil, err
	}
	defer f.Close() // only read: nothing can be lost
	return ReadTrace(f, path)
}
