package scenarios

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"chordsim/sim"
)

// What a file of data may be, so that no part of it can cost more than its limit.
const (
	maxMassBytes    = 64 << 20
	maxMassKeys     = 1_000_000
	maxMassKeyBytes = 1024
	maxMassProblems = 20
)

// massData is E-Chord's mass_data: the keys and values of a JSON file that is one
// object of texts. keys[i] belongs to values[i], in the order of the file; no two
// keys are equal.
type massData struct {
	keys, values []string
}

// readMassData reads such a file of at most 64 MiB, in UTF-8 with or without a byte
// order mark, and at most 1,000,000 keys of 1 to 1024 bytes with values of at most
// maxValue bytes; there is at least one key.
//
// The error joins sim.FileErrors, one line each, with the line and the column, in
// bytes, of what they are about. Broken syntax is one problem: the first place at
// which the file stops being JSON. Otherwise they are all that is wrong with the
// file, or the first 20 and where reading ended.
func readMassData(path string, maxValue int64) (*massData, error) {
	f, err := sim.OpenFile(path, maxMassBytes)
	if err != nil {
		return nil, err
	}
	defer f.Close() // only read: nothing can be lost
	data, err := io.ReadAll(io.LimitReader(f, maxMassBytes+1))
	if err == nil && len(data) > maxMassBytes {
		err = fmt.Errorf("the file is longer than the limit of %d MiB", maxMassBytes>>20)
	}
	if err != nil {
		return nil, &sim.FileError{File: path, Problem: err.Error()}
	}
	return parseMassData(path, data, maxValue, maxMassKeys)
}

// parseMassData is readMassData for bytes; file is the name that problems begin with.
func parseMassData(file string, data []byte, maxValue int64, maxKeys int) (*massData, error) {
	start := 0
	if bytes.HasPrefix(data, []byte("\xef\xbb\xbf")) {
		start = 3
	}
	r := massReader{file: file, data: data, base: start, lines: 1, maxValue: maxValue, maxKeys: maxKeys, seen: map[string]int{}}
	if i := firstNoUTF8(data); i >= 0 {
		r.problem(i, "byte 0x%02x is no UTF-8: save the file as UTF-8", data[i])
		return nil, r.joined()
	}
	r.decoder = json.NewDecoder(bytes.NewReader(data[start:]))
	if err := r.object(); err != nil {
		// The decoder's own count of bytes begins anew within the file. Reading the
		// whole says where it is broken, and what was found before is beside the point.
		r.bad, r.stopped, r.counted, r.lines, r.lineStart = nil, false, 0, 1, 0
		at, message := len(data), err.Error()
		var syntax *json.SyntaxError
		if errors.As(json.Unmarshal(data[start:], &ignored{}), &syntax) {
			at, message = start+int(syntax.Offset)-1, syntax.Error()
		}
		r.problem(max(at, 0), "no JSON: %s", message)
	}
	if err := r.joined(); err != nil {
		return nil, err
	}
	return &r.out, nil
}

// firstNoUTF8 returns the place of the first byte that is no UTF-8, or −1. (The
// decoder would put U+FFFD there, and two keys could become one.)
func firstNoUTF8(data []byte) int {
	if utf8.Valid(data) {
		return -1
	}
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

// ignored is a value that is read over.
type ignored struct{}

// UnmarshalJSON implements json.Unmarshaler.
func (*ignored) UnmarshalJSON([]byte) error { return nil }

// massReader goes through a file once, token by token, and collects what is wrong.
type massReader struct {
	file     string
	data     []byte
	base     int // where the JSON begins in data, which is where the decoder counts from
	decoder  *json.Decoder
	maxValue int64
	maxKeys  int

	out  massData
	seen map[string]int // the line of each key; only asked, never walked

	counted          int // bytes whose lines are counted
	lines, lineStart int // up to there: the present line, from 1, and where it begins

	bad     []error
	stopped bool // reading on would make no sense
}

// place returns the line of a byte, and its column from 1. It is asked in ascending
// order.
func (r *massReader) place(at int) (line, column int) {
	for r.counted < at {
		i := bytes.IndexByte(r.data[r.counted:at], '\n')
		if i < 0 {
			r.counted = at
			break
		}
		r.counted += i + 1
		r.lines, r.lineStart = r.lines+1, r.counted
	}
	return r.lines, at - r.lineStart + 1
}

// problem notes what is wrong at a byte, and stops the reading when there are enough.
func (r *massReader) problem(at int, format string, args ...any) {
	line, column := r.place(at)
	r.bad = append(r.bad, &sim.FileError{File: r.file, Line: line, Column: column, Problem: fmt.Sprintf(format, args...)})
	if len(r.bad) == maxMassProblems {
		r.stopped = true
		r.bad = append(r.bad, &sim.FileError{File: r.file, Problem: fmt.Sprintf("not read beyond line %d after %d problems", line, maxMassProblems)})
	}
}

func (r *massReader) joined() error { return errors.Join(r.bad...) }

// next returns where the next token begins: after blanks, and after the comma or
// colon that the decoder has not yet taken.
func (r *massReader) next() int {
	at := r.base + int(r.decoder.InputOffset())
	for at < len(r.data) && bytes.IndexByte([]byte(" \t\r\n,:"), r.data[at]) >= 0 {
		at++
	}
	return at
}

// object reads the file's one object; the error is that of the decoder.
func (r *massReader) object() error {
	at := r.next()
	if len(bytes.TrimLeft(r.data[r.base:], " \t\r\n")) == 0 {
		r.problem(at, "empty: give one object of keys and values")
		return nil
	}
	if at == len(r.data) || r.data[at] != '{' {
		var other ignored
		if err := r.decoder.Decode(&other); err != nil {
			return err
		}
		r.problem(at, "%s, not an object of keys and values", kindOfJSON(r.data[at]))
		return nil
	}
	if _, err := r.decoder.Token(); err != nil {
		return err
	}
	for keys := 0; r.decoder.More(); keys++ {
		if keys == r.maxKeys {
			r.problem(r.next(), "more keys than the limit of %d", r.maxKeys)
			return nil
		}
		if err := r.pair(); err != nil || r.stopped {
			return err
		}
	}
	if _, err := r.decoder.Token(); err != nil {
		return err
	}
	end := r.base + int(r.decoder.InputOffset())
	if rest := bytes.TrimLeft(r.data[end:], " \t\r\n"); len(rest) > 0 {
		r.problem(len(r.data)-len(rest), "something after the object: a file is one object")
	} else if len(r.seen) == 0 && len(r.bad) == 0 {
		r.problem(at, "no key in the object")
	}
	return nil
}

// pair reads a key and its value, and keeps them while nothing was wrong.
func (r *massReader) pair() error {
	at := r.next()
	token, err := r.decoder.Token()
	if err != nil {
		return err
	}
	key, _ := token.(string) // the decoder has no other key
	line, _ := r.place(at)
	first, twice := r.seen[key]
	switch {
	case r.half(at, key):
		r.problem(at, "half of a surrogate pair in a key is no text: write both halves")
	case key == "":
		r.problem(at, "an empty key: a key has 1 to %d bytes", maxMassKeyBytes)
	case len(key) > maxMassKeyBytes:
		r.problem(at, "key %s has %d bytes, above the limit of %d", shortText(key), len(key), maxMassKeyBytes)
	case twice:
		r.problem(at, "key %s twice: it is in line %d already", shortText(key), first)
	default:
		r.seen[key] = line
	}
	if r.stopped {
		return nil
	}
	at = r.next()
	if at >= len(r.data) || r.data[at] != '"' {
		var other ignored
		if err := r.decoder.Decode(&other); err != nil {
			return err
		}
		r.problem(at, "the value of %s is %s, not a text in quotes", shortText(key), kindOfJSON(r.data[at]))
		return nil
	}
	if token, err = r.decoder.Token(); err != nil {
		return err
	}
	value, _ := token.(string)
	switch {
	case r.half(at, value):
		r.problem(at, "half of a surrogate pair in the value of %s is no text: write both halves", shortText(key))
	case int64(len(value)) > r.maxValue:
		r.problem(at, "the value of %s has %d bytes, above the limit of %d", shortText(key), len(value), r.maxValue)
	case len(r.bad) == 0:
		r.out.keys, r.out.values = append(r.out.keys, key), append(r.out.values, value)
	}
	return nil
}

// half reports whether the text just read, which begins at a byte, has one half of a
// surrogate pair without the other, for which the decoder puts U+FFFD.
func (r *massReader) half(at int, text string) bool {
	if !strings.ContainsRune(text, utf8.RuneError) {
		return false
	}
	literal := r.data[at : r.base+int(r.decoder.InputOffset())]
	pending := rune(0) // the upper half before, if it waits for its lower one
	for i := 0; i < len(literal); {
		unit, size := uint64(0), 1
		if literal[i] == '\\' {
			size = 2
			if literal[i+1] == 'u' {
				size = 6
				unit, _ = strconv.ParseUint(string(literal[i+2:i+6]), 16, 16) // the decoder took these digits
			}
		}
		i += size
		r := rune(unit)
		switch {
		case pending != 0:
			if utf16.DecodeRune(pending, r) == utf8.RuneError {
				return true
			}
			pending = 0
		case utf16.IsSurrogate(r) && r >= 0xdc00:
			return true
		case utf16.IsSurrogate(r):
			pending = r
		}
	}
	return pending != 0
}

// kindOfJSON names the kind of a value by its first byte.
func kindOfJSON(first byte) string {
	switch first {
	case '{':
		return "an object"
	case '[':
		return "an array"
	case '"':
		return "a text"
	case 't', 'f':
		return "a truth value"
	case 'n':
		return "null"
	}
	return "a number"
}

// shortText is a text in a message: short, and printable.
func shortText(s string) string {
	const most = 24 // characters
	if utf8.RuneCountInString(s) > most {
		return fmt.Sprintf("%.*q…", most, s)
	}
	return fmt.Sprintf("%q", s)
}
