package sim

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"math/bits"
	"os"
)

const (
	maxFileBytes    = 512 << 20
	maxLineBytes    = 1 << 20
	maxFileProblems = 20
)

// FileError is one problem of a file that a scenario names, at a place.
type FileError struct {
	File         string
	Line, Column int // from 1, in bytes; 0 where the problem is of the whole line or file
	Problem      string
}

// Error is one line, of printable characters whatever was in the file.
func (e *FileError) Error() string {
	switch {
	case e.Line == 0:
		return fmt.Sprintf("%s: %s", e.File, e.Problem)
	case e.Column == 0:
		return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Problem)
	}
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Problem)
}

// cellReader reads a file of numbers line by line, into memory of a fixed size,
// and collects what is wrong with it. Numbers are separated by blanks, tabs or
// one comma with or without them; # begins a comment; lines without a number are
// passed over; a line may end in CR LF; a byte order mark at the beginning is
// passed over. Bytes that are no text are never more than part of a cell that is
// no number.
type cellReader struct {
	file  string
	in    *bufio.Reader
	read  int64 // bytes so far
	limit int64

	line  int
	cells []cell // of the present line
	bad   []error
	// stopped says that reading on would make no sense.
	stopped bool
}

// cell is one number as it is written, valid until the next line.
type cell struct {
	text   []byte
	column int
}

func newCellReader(r io.Reader, file string) *cellReader {
	return &cellReader{file: file, in: bufio.NewReaderSize(r, maxLineBytes), limit: maxFileBytes}
}

// OpenFile opens a file of at most so many bytes to be read. What is no regular
// file is refused before it is opened, since opening a pipe may wait for ever. The
// error is a FileError of the file as a whole.
func OpenFile(path string, limit int64) (*os.File, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, withoutOperation(path, err)
	case !info.Mode().IsRegular():
		return nil, &FileError{File: path, Problem: "not a regular file"}
	case info.Size() > limit:
		const mib = 1 << 20
		return nil, &FileError{File: path, Problem: fmt.Sprintf("%d MiB are above the limit of %d", (info.Size()+mib-1)/mib, limit/mib)}
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, withoutOperation(path, err)
	}
	return f, nil
}

// withoutOperation words an error of the file system as this package does.
func withoutOperation(path string, err error) error {
	var p *os.PathError
	if errors.As(err, &p) {
		err = p.Err
	}
	return &FileError{File: path, Problem: err.Error()}
}

// next goes to the next line that has a cell; false at the end and when stopped.
func (c *cellReader) next() bool {
	for !c.stopped {
		text, err := c.in.ReadSlice('\n')
		c.read += int64(len(text))
		if len(text) > 0 {
			c.line++
		}
		switch {
		case err == bufio.ErrBufferFull:
			c.stopAt(0, "longer than the limit of %d KiB", maxLineBytes>>10)
			return false
		case err != nil && err != io.EOF:
			c.stopped = true
			c.bad = append(c.bad, withoutOperation(c.file, err))
			return false
		case c.read > c.limit:
			c.stopAt(0, "the file is longer than the limit of %d MiB", c.limit>>20)
			return false
		case len(text) == 0:
			return false
		}
		c.split(text)
		if len(c.cells) > 0 {
			return true
		}
	}
	return false
}

// split cuts a line into cells.
func (c *cellReader) split(text []byte) {
	c.cells = c.cells[:0]
	at := 0
	if c.line == 1 && bytes.HasPrefix(text, []byte("\xef\xbb\xbf")) {
		at = 3
	}
	comma := -1 // where the last one was, if no cell followed it
	first := true
	for at < len(text) {
		switch b := text[at]; {
		case b == '#':
			at = len(text)
		case b == ' ' || b == '\t' || b == '\r' || b == '\n':
			at++
		case b == ',':
			if comma >= 0 || first {
				c.problem(at+1, "an empty cell before the comma: write - for a missing one")
			}
			comma, first = at, false
			at++
		default:
			end := at + 1
			for end < len(text) && !separates(text[end]) {
				end++
			}
			c.cells = append(c.cells, cell{text: text[at:end], column: at + 1})
			comma, first = -1, false
			at = end
		}
	}
	if comma >= 0 {
		c.problem(comma+1, "an empty cell after the comma: write - for a missing one")
	}
}

func separates(b byte) bool {
	return b == ' ' || b == ',' || b == '\t' || b == '\r' || b == '\n' || b == '#'
}

// problem notes what is wrong at a column of the present line, and stops the
// reading when there are enough.
func (c *cellReader) problem(column int, format string, args ...any) {
	if c.stopped {
		return
	}
	c.bad = append(c.bad, &FileError{c.file, c.line, column, fmt.Sprintf(format, args...)})
	if len(c.bad) == maxFileProblems {
		c.stopped = true
		c.bad = append(c.bad, &FileError{File: c.file, Problem: fmt.Sprintf("not read beyond line %d after %d problems", c.line, maxFileProblems)})
	}
}

// stopAt notes a problem after which reading on would make no sense.
func (c *cellReader) stopAt(column int, format string, args ...any) {
	c.problem(column, format, args...)
	c.stopped = true
}

// joined returns all problems, one line each, or nil.
func (c *cellReader) joined() error { return errors.Join(c.bad...) }

// quoted is a cell in a message: short, and printable.
func (c cell) quoted() string {
	if len(c.text) > 24 {
		return fmt.Sprintf("%.24q…", c.text)
	}
	return fmt.Sprintf("%q", c.text)
}

// number is what a cell says.
type number uint8

const (
	aNumber  number = iota
	aMissing        // -, -1 in any spelling, nan
	aNegative
	tooLarge // the value does not fit 63 bits
	noNumber
)

// parse reads a decimal number, with or without a fraction and an exponent, times
// 10^scale, rounded half up to an integer. All of it is integer arithmetic.
func (c cell) parse(scale int) (uint64, number) {
	text := c.text
	if isMissing(text) {
		return 0, aMissing
	}
	negative := false
	if text[0] == '-' || text[0] == '+' {
		negative = text[0] == '-'
		text = text[1:]
	}
	mantissa, exponent, digits := uint64(0), scale, 0
	fraction := false
	i := 0
	for ; i < len(text); i++ {
		b := text[i]
		if b == '.' && !fraction {
			fraction = true
			continue
		}
		if b < '0' || b > '9' {
			break
		}
		digits++
		switch {
		case mantissa < 1e17:
			mantissa = mantissa*10 + uint64(b-'0')
			if fraction {
				exponent--
			}
		case !fraction:
			exponent++ // the digit is below a unit in 10¹⁷, and only counted
		}
	}
	if digits == 0 {
		return 0, noNumber
	}
	if i < len(text) {
		e, ok := parseExponent(text[i:])
		if !ok {
			return 0, noNumber
		}
		exponent += e
	}
	if negative && mantissa != 0 {
		for mantissa%10 == 0 {
			mantissa /= 10
			exponent++
		}
		if mantissa == 1 && exponent == scale {
			return 0, aMissing
		}
		return 0, aNegative
	}
	return timesPower(mantissa, exponent)
}

// isMissing knows the words for a missing cell.
func isMissing(text []byte) bool {
	switch len(text) {
	case 1:
		return text[0] == '-'
	case 2:
		return text[0] == '-' && text[1] == '1'
	case 3:
		return bytes.EqualFold(text, []byte("nan"))
	}
	return false
}

// parseExponent reads e, a sign or none, and digits.
func parseExponent(text []byte) (int, bool) {
	if text[0] != 'e' && text[0] != 'E' {
		return 0, false
	}
	text = text[1:]
	sign := 1
	if len(text) > 0 && (text[0] == '-' || text[0] == '+') {
		if text[0] == '-' {
			sign = -1
		}
		text = text[1:]
	}
	e := 0
	for _, b := range text {
		if b < '0' || b > '9' {
			return 0, false
		}
		e = min(e*10+int(b-'0'), 1<<24)
	}
	return sign * e, len(text) > 0
}

// timesPower returns m · 10^e, rounded half up.
func timesPower(m uint64, e int) (uint64, number) {
	for ; e > 0 && m != 0; e-- {
		if m > math.MaxInt64/10 {
			return 0, tooLarge
		}
		m *= 10
	}
	power := uint64(1)
	for ; e < 0 && m != 0; e++ {
		if power > math.MaxInt64/10 {
			return 0, aNumber // m is below 10¹⁸, the power at least that
		}
		power *= 10
	}
	if power == 1 {
		return m, aNumber
	}
	lo, carry := bits.Add64(m, power/2, 0)
	quotient, _ := bits.Div64(carry, lo, power)
	return quotient, aNumber
}
