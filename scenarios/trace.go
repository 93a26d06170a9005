package scenarios

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"time"

	"chordsim/chord"
	"chordsim/dht"
	"chordsim/seed"
	"chordsim/sim"
)

// tracer writes the deliveries to some nodes as JSON lines, in the total
// order of events. It only looks: digests and results are the same with it.
type tracer struct {
	to          io.Writer
	all         bool
	nodes       map[chord.Addr]bool
	from, until sim.Time
	err         error
}

func newTracer(o *TraceOptions) *tracer {
	if o == nil {
		return nil
	}
	t := &tracer{to: o.To, all: len(o.Nodes) == 0, nodes: map[chord.Addr]bool{}, from: sim.Time(o.From), until: sim.Time(o.Until)}
	if t.until == 0 {
		t.until = sim.Forever
	}
	for _, a := range o.Nodes {
		t.nodes[chord.Addr(a)] = true
	}
	return t
}

// traced is a delivery that waits for the end of its window.
type traced struct {
	h    sim.Header
	line []byte
}

// traceLine is one line of a trace.
type traceLine struct {
	At    string   `json:"at"`
	From  uint32   `json:"from"`
	To    uint32   `json:"to"`
	Seq   uint32   `json:"seq"`
	Kind  string   `json:"kind"`
	Key   string   `json:"key,omitempty"`
	Call  uint32   `json:"call,omitempty"`
	A     string   `json:"a,omitempty"`
	B     string   `json:"b,omitempty"`
	Path  uint16   `json:"path,omitempty"`
	Flags uint8    `json:"flags,omitempty"`
	List  []string `json:"list,omitempty"`
}

func peerText(p chord.Peer) string {
	if p.None() {
		return ""
	}
	return fmt.Sprintf("%d/%x", p.Addr, p.ID)
}

func (t *tracer) wants(h sim.Header) bool {
	return t != nil && h.At >= t.from && h.At < t.until && (t.all || t.nodes[chord.Addr(h.To)])
}

func (s *shard) traceMessage(h sim.Header, m *chord.Message, list []chord.Peer) {
	l := traceLine{
		Kind: kindName(m.Kind), Call: m.Call, Path: m.Path, Flags: m.Flags,
		A: peerText(chord.Peer{ID: m.AID, Addr: m.A}), B: peerText(chord.Peer{ID: m.BID, Addr: m.B}),
	}
	if m.Key != 0 {
		l.Key = fmt.Sprintf("%x", m.Key)
	}
	for _, p := range list {
		l.List = append(l.List, peerText(p))
	}
	s.traceLine(h, l)
}

func (s *shard) traceTimer(h sim.Header, data uint64) {
	kind, _, number := chord.TimerParts(data)
	s.traceLine(h, traceLine{Kind: timerName(kind), Call: number})
}

// timerName names a timer; those of the host drive its lookups.
func timerName(kind uint8) string {
	if kind >= chord.TimerHost {
		return "timer lookup"
	}
	if seed.OwnsTimer(kind) {
		return "timer " + seed.TimerName(kind)
	}
	if dht.OwnsTimer(kind) {
		return "timer " + dht.TimerName(kind)
	}
	return "timer " + chord.TimerName(kind)
}

func (s *shard) traceLine(h sim.Header, l traceLine) {
	l.At, l.From, l.To, l.Seq = time.Duration(h.At).String(), uint32(h.From), uint32(h.To), h.Seq
	line, err := json.Marshal(l)
	if err != nil {
		panic(err) // plain strings and numbers
	}
	s.traced = append(s.traced, traced{h, append(line, '\n')})
}

// fault writes, at a barrier, that a fault begins or ends: an act of the timeline's,
// which is actor 0, to nobody.
func (t *tracer) fault(at sim.Time, what string) {
	if t == nil || at < t.from || at >= t.until {
		return
	}
	line, err := json.Marshal(traceLine{At: time.Duration(at).String(), Kind: what})
	if err != nil {
		panic(err) // plain strings and numbers
	}
	t.write(append(line, '\n'))
}

func (t *tracer) write(line []byte) {
	if _, err := t.to.Write(line); err != nil && t.err == nil {
		t.err = err
	}
}

// flush writes what the shards have traced in a window.
func (t *tracer) flush(shards []*shard) {
	if t == nil {
		return
	}
	var lines []traced
	for _, s := range shards {
		lines = append(lines, s.traced...)
		s.traced = s.traced[:0]
	}
	slices.SortFunc(lines, func(a, b traced) int {
		return cmp.Or(cmp.Compare(a.h.At, b.h.At), cmp.Compare(a.h.From, b.h.From), cmp.Compare(a.h.Seq, b.h.Seq))
	})
	for _, l := range lines {
		t.write(l.line)
	}
}
