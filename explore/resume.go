package explore

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"hash/crc64"
	"io"
	"strings"
)

var (
	errNoCheckpoint = errors.New("it is no checkpoint of a search; name another file")
	errTruncated    = errors.New("it ends too early to be a whole checkpoint; remove it to begin anew")
	errDamaged      = errors.New("it is damaged, its checksum is another; remove it to begin anew")
	errStrange      = errors.New("its states are not those that this version of the program comes to; remove it to begin anew")
)

// replayed is how many of the states that wait are reached once more, from the
// start on, before a search goes on.
const replayed = 64

// resume makes the search what a checkpoint says.
func (s *search) resume(from io.Reader) error {
	sum := crc64.New(checksums)
	r := bufio.NewReaderSize(from, 1<<16)
	h, err := readHeader(r, sum)
	if err != nil {
		return err
	}
	if d := differences(h.Settings, settings(s.m, &s.o)); d != "" {
		return fmt.Errorf("it is of another search, which differs in %s; repeat that search, name another file, or remove it to begin anew", d)
	}
	if s.o.Depth > 0 && (h.Depth > s.o.Depth || h.Depth == s.o.Depth && h.Expanded > 0) {
		return fmt.Errorf("it has gone beyond depth %d already; allow a greater depth than %d", s.o.Depth, h.Depth)
	}
	body := io.TeeReader(r, sum)
	if err := s.states.restore(body, h.States); err != nil {
		return err
	}
	s.now = frontier{first: h.First, count: h.Count, gone: h.Gone}
	s.later = frontier{first: h.First + uint32(h.Count), count: h.Later}
	if err := s.now.restore(body, h.Parts); err != nil {
		return err
	}
	if err := s.later.restore(body, h.LaterParts); err != nil {
		return err
	}
	var end [8]byte
	if err := fill(r, end[:]); err != nil {
		return err
	}
	if binary.LittleEndian.Uint64(end[:]) != sum.Sum64() {
		return errDamaged
	}
	if _, err := r.ReadByte(); !errors.Is(err, io.EOF) {
		return errDamaged
	}
	s.depth, s.expanded, s.peak = h.Depth, h.Expanded, h.Peak
	s.transitions, s.crashes, s.members = h.Transitions, h.Crashes, h.Members
	if !s.sound() {
		return errStrange
	}
	s.states.grow()
	return nil
}

// fill reads a whole buffer.
func fill(r io.Reader, buf []byte) error {
	_, err := io.ReadFull(r, buf)
	return readError(err)
}

// readError is the error of a reader, or what it means that there is no more.
func readError(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errTruncated
	}
	return err
}

// readHeader reads the lines that a checkpoint begins with.
func readHeader(r *bufio.Reader, sum hash.Hash64) (*header, error) {
	var lines [3][]byte
	var before uint64 // the sum of the first two
	for i := range lines {
		line, err := r.ReadSlice('\n')
		switch {
		case i == 0 && !strings.HasPrefix(string(line), checkpointTitle[:min(len(line), len(checkpointTitle))]), errors.Is(err, bufio.ErrBufferFull):
			return nil, errNoCheckpoint
		case err != nil:
			return nil, readError(err)
		}
		before = sum.Sum64()
		sum.Write(line)
		lines[i] = bytes.TrimSuffix(bytes.Clone(line), []byte("\n"))
	}
	if string(lines[2]) != fmt.Sprintf("%016x", before) {
		return nil, errDamaged
	}
	if format := strings.TrimPrefix(string(lines[0]), checkpointTitle); format != fmt.Sprint(checkpointFormat) {
		return nil, fmt.Errorf("it has format %s, and this program reads format %d; remove it to begin anew", format, checkpointFormat)
	}
	h := new(header)
	if err := json.Unmarshal(lines[1], h); err != nil {
		return nil, errDamaged
	}
	return h, nil
}

// restore reads so many states. The index is made later.
func (v *visited) restore(r io.Reader, count int) error {
	buf := make([]byte, blockBytes)
	for v.count < count {
		n := min(count-v.count, 1<<blockBits)
		if err := fill(r, buf[:14*n]); err != nil {
			return err
		}
		b := new(visitedBlock)
		hashes, parents, choices := buf[:8*n], buf[8*n:12*n], buf[12*n:14*n]
		for i := range n {
			b.hash[i] = binary.LittleEndian.Uint64(hashes[8*i:])
			b.parent[i] = binary.LittleEndian.Uint32(parents[4*i:])
			b.choice[i] = binary.LittleEndian.Uint16(choices[2*i:])
		}
		v.blocks = append(v.blocks, b)
		v.count += n
	}
	return nil
}

// restore reads so many parts, without the ends of their states.
func (f *frontier) restore(r io.Reader, parts int) error {
	for range parts {
		var size [4]byte
		if err := fill(r, size[:]); err != nil {
			return err
		}
		n := binary.LittleEndian.Uint32(size[:])
		if n > partBytes {
			return errDamaged
		}
		p := part{codes: make([]byte, n, partBytes)}
		if err := fill(r, p.codes); err != nil {
			return err
		}
		f.parts = append(f.parts, p)
	}
	return nil
}

// cutUp finds the ends of the states of n records, and reports whether the
// frontier holds as many as it says.
func (f *frontier) cutUp(n int) bool {
	count := f.gone
	for k := range f.parts {
		p := &f.parts[k]
		for at := 0; at < len(p.codes); count++ {
			for range n {
				if at >= len(p.codes) {
					return false
				}
				at += 1 + int(p.codes[at])
			}
			if at > len(p.codes) {
				return false
			}
			p.ends = append(p.ends, uint32(at))
		}
	}
	return count == f.count
}

// sound reports whether what was read is a search: its numbers agree, the states
// that wait have the hashes under which they are known, and some of them, spread
// evenly, are reached by the events that are said to lead there.
func (s *search) sound() bool {
	if !s.now.cutUp(s.m.IDs) || !s.later.cutUp(s.m.IDs) {
		return false
	}
	skip := s.expanded - s.now.gone
	switch {
	case s.now.gone < 0 || s.depth < 0 || s.states.count == 0,
		int64(s.now.first)+int64(s.now.count)+int64(s.later.count) != int64(s.states.count),
		len(s.now.parts) == 0 && skip != 0,
		len(s.now.parts) > 0 && (skip < 0 || skip >= len(s.now.parts[0].ends) || skip%chunkStates != 0):
		return false
	}
	for i := range s.states.count {
		if parent, _ := s.states.from(uint32(i)); parent > uint32(i) {
			return false
		}
	}
	var r records
	w := newWorld(s.m)
	first := s.now.first + uint32(s.expanded)
	every := max(1, s.waiting()/replayed)
	for _, f := range []*frontier{&s.now, &s.later} {
		number := f.first + uint32(f.gone)
		for k := range f.parts {
			p := &f.parts[k]
			for i := range p.ends {
				r.split(p.state(i), w.n)
				if _, hash := leastRotation(r.hash[:w.n]); hash != s.states.hash(number) {
					return false
				}
				if number >= first && int64(number-first)%every == 0 && !s.reaches(w, number) {
					return false
				}
				number++
			}
		}
	}
	return true
}

// reaches reports whether the choices that are said to lead to a state do.
func (s *search) reaches(w *world, number uint32) bool {
	start, choices := s.path(number)
	if s.settleAt(w, start) == nil {
		return false
	}
	var here records
	w.canonize(&here)
	for _, choice := range choices {
		events := w.enabled(nil)
		if choice >= len(events) {
			return false
		}
		w.apply(events[choice])
		w.canonize(&here)
	}
	_, hash := leastRotation(here.hash[:w.n])
	return hash == s.states.hash(number)
}
