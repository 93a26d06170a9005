package sim

import (
	"fmt"
	"io"
	"math"
	"time"
)

const (
	maxMatrixRows = 8192
	// missingCell stands for a pair that cannot talk.
	missingCell = math.MaxUint32
)

// LatencyMatrix is a square table of latencies between sites, in microseconds. It
// is read-only: any number of runs may share one.
type LatencyMatrix struct {
	n       int
	rows    [][]uint32
	missing int // cells, without those of a site to itself
}

// Sites is the number of rows, and of columns.
func (m *LatencyMatrix) Sites() int { return m.n }

// Missing is the number of pairs in one direction that cannot talk.
func (m *LatencyMatrix) Missing() int { return m.missing }

// Cell returns the latency in row from and column to, from 0; false if it is
// missing.
func (m *LatencyMatrix) Cell(from, to int) (Time, bool) {
	us := m.rows[from][to]
	return Time(us) * Time(time.Microsecond), us != missingCell
}

// decimalUnits are the exponents of ten that turn a unit into microseconds.
var decimalUnits = map[string]int{"ns": -3, "us": 0, "ms": 3, "s": 6}

// ReadMatrix reads n lines of n latencies each, in a unit of ns, us, ms or s,
// which are kept to the microsecond. Numbers are decimal, not negative, at most an
// hour, separated by blanks, tabs or commas; # begins a comment and empty lines
// are passed over. A missing cell is written -1, nan or -: with drop it stands for
// a pair that cannot talk, without it is a problem, except on the diagonal, which
// counts as 0. file is the name that problems begin with.
//
// Refused are more than 8192 rows, lines above 1 MiB and files above 512 MiB.
// Rows take memory as they are read, and none from the first problem on. The error
// joins the first 20 problems, one line each, with line and column.
func ReadMatrix(r io.Reader, file, unit string, drop bool) (*LatencyMatrix, error) {
	scale, ok := decimalUnits[unit]
	if !ok {
		return nil, fmt.Errorf("unit: %q is none of ns, us, ms, s", unit)
	}
	in := newCellReader(r, file)
	m := &LatencyMatrix{}
	lines := 0
	for in.next() {
		if lines == 0 {
			m.n = len(in.cells)
			if m.n > maxMatrixRows {
				in.stopAt(0, "%d numbers in the row are above the limit of %d", m.n, maxMatrixRows)
				break
			}
		}
		if lines == m.n {
			in.stopAt(0, "one more row than the %d numbers of the first: a matrix is square", m.n)
			break
		}
		if len(in.cells) != m.n {
			in.problem(0, "%d numbers in the row, but %d in the first", len(in.cells), m.n)
		}
		var row []uint32
		if len(in.bad) == 0 {
			row = make([]uint32, m.n)
		}
		for i, c := range in.cells {
			us, good := m.cell(in, c, scale, drop, lines == i)
			if good && i < len(row) {
				row[i] = us
			}
		}
		if len(in.bad) == 0 {
			m.rows = append(m.rows, row)
		} else {
			m.rows = nil
		}
		lines++
	}
	switch {
	case in.stopped:
	case lines == 0:
		in.bad = append(in.bad, &FileError{File: file, Problem: "no numbers"})
	case lines < m.n:
		in.bad = append(in.bad, &FileError{File: file, Problem: fmt.Sprintf("%d rows, but %d numbers in the first: a matrix is square", lines, m.n)})
	}
	if err := in.joined(); err != nil {
		return nil, err
	}
	return m, nil
}

// cell reads one latency; false where it is a problem, which is noted.
func (m *LatencyMatrix) cell(in *cellReader, c cell, scale int, drop, diagonal bool) (uint32, bool) {
	us, kind := c.parse(scale)
	switch {
	case kind == aMissing && diagonal:
		return 0, true
	case kind == aMissing && drop:
		m.missing++
		return missingCell, true
	case kind == aMissing:
		in.problem(c.column, "missing: `missing: drop` loses the messages of such pairs")
	case kind == aNegative:
		in.problem(c.column, "%s is negative", c.quoted())
	case kind == noNumber:
		in.problem(c.column, "%s is no number", c.quoted())
	case kind == tooLarge || us > uint64(MaxLatency)/uint64(time.Microsecond):
		in.problem(c.column, "%s is above the limit of %v: check the unit", c.quoted(), MaxLatency)
	default:
		return uint32(us), true
	}
	return 0, false
}

// LoadMatrix reads a file as ReadMatrix does.
func LoadMatrix(path, unit string, drop bool) (*LatencyMatrix, error) {
	f, err := OpenFile(path, maxFileBytes)
	if err != nil {
		return nil, err
	}
	defer f.Close() // only read: nothing can be lost
	return ReadMatrix(f, path, unit, drop)
}
