package dht

import (
	"fmt"
	"slices"
	"strings"

	"chordsim/chord"
)

// How a miniature is written down: a record as KEY VALUE@VERSION/WRITER, the
// version in milliseconds and parts of them, a tombstone with a minus before its
// value.

func name(p chord.Peer) string {
	if p.None() {
		return "-"
	}
	return fmt.Sprint(p.ID)
}

func (r Record) describe() string {
	s := fmt.Sprintf("%d v%d", r.Key, r.Value)
	if r.Deleted() {
		s = fmt.Sprintf("%d -v%d", r.Key, r.Value)
	}
	return s + r.stamp()
}

// stamp is the version in words.
func (r Record) stamp() string {
	if r.Version == 0 {
		return ""
	}
	s := fmt.Sprintf("@%d", r.Version/ms)
	if part := r.Version % ms; part > 0 {
		s += fmt.Sprintf("+%d", part)
	}
	return s + fmt.Sprintf("/%d", r.Writer-256)
}

// spans writes keys in order, of neighbours the first and last.
func spans(keys []uint32) string {
	slices.Sort(keys)
	var words []string
	for i := 0; i < len(keys); {
		j := i
		for j+1 < len(keys) && keys[j+1] == keys[j]+1 {
			j++
		}
		if j-i < 2 {
			j = i
			words = append(words, fmt.Sprint(keys[i]))
		} else {
			words = append(words, fmt.Sprintf("%d..%d", keys[i], keys[j]))
		}
		i = j + 1
	}
	return strings.Join(words, " ")
}

func describeRecords(records []Record) string {
	if len(records) > 4 {
		var keys []uint32
		for _, r := range records {
			keys = append(keys, r.Key)
		}
		return fmt.Sprintf("%d records %s", len(records), spans(keys))
	}
	var words []string
	for _, r := range records {
		words = append(words, r.describe())
	}
	return strings.Join(words, ", ")
}

func listRecords(list []chord.Peer) []Record {
	var records []Record
	for i := range len(list) / listed {
		records = append(records, recordAt(list, i))
	}
	slices.SortFunc(records, func(a, b Record) int { return int(a.Key) - int(b.Key) })
	return records
}

func (p parcel) describe() string {
	return fmt.Sprintf("%d→%d %s", p.from-256, p.to-256, describe(&p.msg, p.list))
}

// describe is a message in words.
func describe(m *chord.Message, list []chord.Peer) string {
	if !layer(m) {
		return m.Kind.String()
	}
	if m.Kind == chord.Bounce {
		return "bounce of " + KindName(chord.Kind(m.Path))
	}
	s := KindName(m.Kind)
	add := func(format string, args ...any) { s += " " + fmt.Sprintf(format, args...) }
	flag := func(f uint8, word string) {
		if m.Flags&f != 0 {
			add("%s", word)
		}
	}
	switch m.Kind {
	case Put:
		add("%s", recordOf(m).describe())
		flag(flagLeaving, "from a leaver")
	case PutAck:
		flag(flagRefused, "refused")
		if m.Flags&flagElsewhere != 0 {
			add("elsewhere %s", name(chord.Peer{ID: m.BID, Addr: m.B}))
			flag(flagLeaving, "from a leaver")
		} else if m.Flags&flagRefused == 0 {
			s += " " + Record{Version: m.AID, Writer: m.A}.stamp()
		}
	case Get:
		add("%d", m.Key>>32)
		flag(flagKeep, "as a holder")
	case Value:
		if m.Flags&flagFound != 0 {
			add("%s", recordOf(m).describe())
		} else {
			add("none")
		}
		flag(flagPartial, "partial")
		if m.Flags&flagElsewhere != 0 {
			add("elsewhere %s", name(chord.Peer{ID: m.BID, Addr: m.B}))
		}
	case Copy, Give:
		if len(list) == 0 {
			add("nothing")
		} else {
			add("%s", describeRecords(listRecords(list)))
		}
		flag(flagLast, "last")
		flag(flagLeaving, "leaving")
	case GiveAck:
		flag(flagKeep, "keep")
		flag(flagRefused, "refused")
	case Sync:
		add("(%d, %d] %d records", m.AID, m.BID, m.Initiator)
	case SyncAck:
		if m.Flags&flagPartial != 0 {
			add("differs")
		} else {
			add("same")
		}
	}
	return s
}

var outcomeNames = [...]string{Acknowledged: "acknowledged", Found: "found", Missing: "missing", Failed: "failed"}

func (d Done) describe() string {
	s := fmt.Sprintf("operation %d: %s", d.Tag, outcomeNames[d.Outcome])
	if d.Outcome == Acknowledged || d.Outcome == Found {
		s += " " + d.Record.describe()
	}
	return s
}

var holderFlagNames = [...]string{
	"member", "partial", "leaving", "final", "handing", "offering", "giving", "soon", "forgot", "owing",
}

// nodeText is what a transcript shows of a node.
type nodeText struct {
	status, pred, list string
	flags              holderFlags
	records            []stored
}

func (m *miniature) describeNode(n *member) nodeText {
	var entries []string
	for i := range n.ListLen() {
		entries = append(entries, name(n.Entry(i)))
	}
	t := nodeText{
		status: [...]string{"absent", "joining", "member", "leaving"}[n.Status],
		pred:   name(n.Pred), list: strings.Join(entries, " "), flags: n.Holder.flags,
	}
	m.store.each(&n.Holder, func(r *stored) { t.records = append(t.records, *r) })
	slices.SortFunc(t.records, func(a, b stored) int { return int(a.Key) - int(b.Key) })
	return t
}

// state is what a mark says, as far as it is told.
func (r *stored) state() string {
	switch r.mark {
	case underWay:
		return "under way"
	case handed:
		return "handed over"
	}
	return "its own again"
}

// printChanges writes what a step did to a node and what it reported.
func (m *miniature) printChanges(n *member, was *nodeText, counted *[NumCounters]uint64) {
	is := m.describeNode(n)
	changed := func(what, before, after string) {
		if before != after {
			m.print("  %d: %s %s → %s", n.ID, what, orDash(before), orDash(after))
		}
	}
	changed("status", was.status, is.status)
	changed("pred", was.pred, is.pred)
	changed("list", was.list, is.list)
	m.printRecords(n.ID, was.records, is.records)
	words := ""
	for i, name := range holderFlagNames {
		switch f := holderFlags(1 << i); {
		case is.flags&f != 0 && was.flags&f == 0:
			words += " +" + name
		case is.flags&f == 0 && was.flags&f != 0:
			words += " -" + name
		}
	}
	if words != "" {
		m.print("  %d:%s", n.ID, words)
	}
	for _, a := range m.ringOut.Suspects {
		m.print("  %d: suspects %d", n.ID, a-256)
	}
	for _, d := range m.out.Done {
		m.print("  %d: %s", n.ID, d.describe())
	}
	counters := [NumCounters]string{"handed over", "repaired", "dropped", "elsewhere", "no quorum", "forsaken", "late"}
	for c, what := range counters {
		if d := m.out.Counters[c] - counted[c]; d > 0 {
			m.print("  %d: counts %s %d", n.ID, what, d)
		}
	}
}

// printRecords writes which records a node has now, and has no more.
func (m *miniature) printRecords(id uint64, was, is []stored) {
	find := func(in []stored, key uint32) *stored {
		for i := range in {
			if in[i].Key == key {
				return &in[i]
			}
		}
		return nil
	}
	var held []Record
	var gone []uint32
	marked := map[string][]uint32{}
	for i := range is {
		r := &is[i]
		old := find(was, r.Key)
		if old == nil || old.Record != r.Record {
			held = append(held, r.Record)
		} else if old.state() != r.state() {
			marked[r.state()] = append(marked[r.state()], r.Key)
		}
	}
	for i := range was {
		if find(is, was[i].Key) == nil {
			gone = append(gone, was[i].Key)
		}
	}
	if len(held) > 0 {
		m.print("  %d: holds %s", id, describeRecords(held))
	}
	for _, state := range []string{"under way", "handed over", "its own again"} {
		if keys := marked[state]; len(keys) > 0 {
			m.print("  %d: %s %s", id, state, spans(keys))
		}
	}
	if len(gone) > 0 {
		m.print("  %d: holds no more %s", id, spans(gone))
	}
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
