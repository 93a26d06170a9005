package explore

import (
	"cmp"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc64"
	"io"
	"reflect"
	"slices"
	"strings"
	"unicode"
)

// A checkpoint is a search between two batches. It begins with three lines of
// text: what it is and in which format, a header, and the checksum of these two.
// Then come the states visited, by blocks of hashes, parents and choices; the
// parts of the frontier from the one under way on, and those found meanwhile,
// each with its length; and the checksum of all that. Numbers are little endian.

const (
	checkpointTitle  = "chordsim explore checkpoint, format "
	checkpointFormat = 1 // another if anything of a checkpoint is written otherwise
)

var checksums = crc64.MakeTable(crc64.ECMA)

// header is what a checkpoint says of its search, and of what follows.
type header struct {
	Settings    []setting
	Depth       int
	Transitions int64
	Crashes     int64
	Members     int64
	Peak        int64
	States      int
	First       uint32 // frontier.first of the states being expanded
	Count, Gone int    // of these
	Expanded    int
	Parts       int // of these
	Later       int // states found meanwhile
	LaterParts  int
}

// setting is something that decides what a search finds.
type setting struct{ Name, Value string }

// settings are all of a search: they have to be the same when it goes on.
func settings(m *Model, o *Options) []setting {
	detector := "timeout"
	if m.Perfect {
		detector = "perfect"
	}
	start := "any"
	if len(m.Start) > 0 {
		start = strings.Trim(fmt.Sprint(m.starts()[0]), "[]")
	}
	all := []setting{
		{"version", o.Program}, {"ids", fmt.Sprint(m.IDs)}, {"successors", fmt.Sprint(m.Successors)}, {"start", start},
		{"grain", m.Grain.String()}, {"detector", detector}, {"guard", m.Guard.String()},
		{"checks", fmt.Sprint(m.Checks)}, {"drops", fmt.Sprint(m.Drops)}, {"many-notifies", fmt.Sprint(m.Many)},
		{"late-notifies", fmt.Sprint(m.Late)},
		{"properties", cmp.Or(o.Properties.String(), "none")}, {"find", cmp.Or(string(o.Find), "nothing")}, {"liveness", fmt.Sprint(o.Liveness)},
	}
	rules := reflect.ValueOf(m.Rules)
	for i := range rules.NumField() {
		all = append(all, setting{ruleName(rules.Type().Field(i).Name), fmt.Sprint(rules.Field(i))})
	}
	return all
}

// ruleName is the name that a field of Rules has in a scenario.
func ruleName(field string) string {
	var b strings.Builder
	b.WriteString("rule ")
	for i, r := range field {
		if i > 0 && unicode.IsUpper(r) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// differences says how the settings of a checkpoint differ from those of this
// search; "" if they do not. How rules are counted says nothing to anybody.
func differences(there, here []setting) string {
	var parts []string
	for _, h := range here {
		i := slices.IndexFunc(there, func(t setting) bool { return t.Name == h.Name })
		rule := strings.HasPrefix(h.Name, "rule ")
		switch {
		case i < 0:
			parts = append(parts, h.Name+" is not in the checkpoint")
		case there[i].Value != h.Value && rule:
			parts = append(parts, h.Name)
		case there[i].Value != h.Value:
			parts = append(parts, fmt.Sprintf("%s (%s there, %s here)", h.Name, there[i].Value, h.Value))
		}
	}
	return strings.Join(parts, ", ")
}

// save writes a checkpoint.
func (s *search) save(w io.Writer) error {
	sum := crc64.New(checksums)
	to := io.MultiWriter(w, sum)
	text, err := json.Marshal(header{
		Settings: settings(s.m, &s.o), Depth: s.depth, Transitions: s.transitions, Crashes: s.crashes, Members: s.members,
		Peak: max(s.peak, s.bytes()), States: s.states.count,
		First: s.now.first, Count: s.now.count, Gone: s.now.gone, Expanded: s.expanded, Parts: len(s.now.parts),
		Later: s.later.count, LaterParts: len(s.later.parts),
	})
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(to, "%s%d\n%s\n", checkpointTitle, checkpointFormat, text); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(to, "%016x\n", sum.Sum64()); err != nil {
		return err
	}
	if err := s.states.save(to); err != nil {
		return err
	}
	for _, f := range []*frontier{&s.now, &s.later} {
		if err := f.save(to); err != nil {
			return err
		}
	}
	_, err = w.Write(binary.LittleEndian.AppendUint64(nil, sum.Sum64()))
	return err
}

// save writes all states, but not the index.
func (v *visited) save(w io.Writer) error {
	buf := make([]byte, 0, blockBytes)
	for at, b := range v.blocks {
		n := min(v.count-at<<blockBits, 1<<blockBits)
		buf = buf[:0]
		for _, h := range b.hash[:n] {
			buf = binary.LittleEndian.AppendUint64(buf, h)
		}
		for _, p := range b.parent[:n] {
			buf = binary.LittleEndian.AppendUint32(buf, p)
		}
		for _, c := range b.choice[:n] {
			buf = binary.LittleEndian.AppendUint16(buf, c)
		}
		if _, err := w.Write(buf); err != nil {
			return err
		}
	}
	return nil
}

// save writes the parts that are left. Where states end shows in their records.
func (f *frontier) save(w io.Writer) error {
	for i := range f.parts {
		codes := f.parts[i].codes
		if _, err := w.Write(binary.LittleEndian.AppendUint32(nil, uint32(len(codes)))); err != nil {
			return err
		}
		if _, err := w.Write(codes); err != nil {
			return err
		}
	}
	return nil
}
