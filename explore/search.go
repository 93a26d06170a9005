package explore

import (
	"context"
	"fmt"
	"io"
	"sync"
	"sync/atomic"

	"chordsim/chord"
)

// Options say how to search and what for.
type Options struct {
	Properties chord.Properties // what has to hold in every state
	Liveness   bool             // from every state, fair rounds without churn have to lead to the ideal ring
	Find       chord.Word       // look for this instead: loopy, split or broken; with Liveness: and it stays so
	Depth      int              // events from the start, at most; 0: any number
	Memory     int64            // bytes that states may take; 0: any number
	Workers    int              // goroutines, at least 1; the outcome does not depend on it
	Progress   func(Progress)   // called between batches, if set

	// Checkpoint is called between batches and once more when the search is cut
	// short, if set. It may have save write what Resume needs to go on from there.
	Checkpoint func(cut Cut, save func(io.Writer) error)
	Resume     io.Reader // a checkpoint to go on from; nil: the search begins anew
	Program    string    // the version that is searching: checkpoints of another are refused
}

// Cut is why a search ended before its end.
type Cut uint8

// NotCut: it did not. CutByCount: a state more would have no number.
const (
	NotCut Cut = iota
	Interrupted
	CutByDepth
	CutByMemory
	CutByCount
)

// Progress is where a search stands.
type Progress struct {
	States, Transitions int64
	Depth               int   // events from the start to the states being expanded; of a result, to a violation
	Waiting             int64 // states not expanded yet
	Bytes               int64 // that states take
}

// Result is what a search found.
type Result struct {
	Progress
	Peak       int64      // bytes that states took at most, those not expanded yet included
	Exhaustive bool       // every state that can be reached was visited and nothing was violated
	Cut        Cut        // why the search ended before that, if not with a violation
	Stopped    string     // the same in words; "" if it was not cut short
	Violation  *Violation // a shortest one; with Liveness it may have an event more than one that lost only that

	// Crashes is in how many ways a member may crash in the states that were expanded,
	// Members how many members they have together: what a guard leaves over.
	Crashes, Members int64
}

// BytesPerState is Peak for each state visited.
func (r *Result) BytesPerState() int64 {
	if r.States == 0 {
		return 0
	}
	return (r.Peak + r.States - 1) / r.States
}

// wrong returns what is wrong with the state that w is in, as far as it shows.
func (o *Options) wrong(w *world) chord.Properties {
	if o.Find == "" {
		return w.violated(o.Properties)
	}
	if w.word() != o.Find {
		return 0
	}
	return w.violated(quick)
}

const (
	chunkStates = 256
	batchChunks = 64
)

// Search explores a model breadth first. The error is the model's, or that of
// the checkpoint to go on from.
func Search(ctx context.Context, m *Model, o Options) (*Result, error) {
	if err := m.Validate(); err != nil {
		return nil, err
	}
	s := &search{m: m, o: o, states: newVisited()}
	if o.Resume == nil {
		s.begin()
	} else if err := s.resume(o.Resume); err != nil {
		return nil, err
	}
	for range max(s.o.Workers, 1) {
		s.workers = append(s.workers, newExpander(s.m, s.states, &s.o))
	}
	s.chunks = make([]chunk, batchChunks)
	s.run(ctx)
	return s.result(), nil
}

// search is a search under way.
type search struct {
	m      *Model
	o      Options
	states *visited
	now    frontier // being expanded
	later  frontier // found meanwhile

	workers []*expander
	chunks  []chunk

	transitions int64
	crashes     int64
	members     int64
	depth       int
	expanded    int // states of now
	peak        int64
	cut         Cut
	stopped     string
	found       *finding
}

// finding is a violation: in a state that was reached, or because of where
// fair rounds from a state lead.
type finding struct {
	state uint32
	bad   chord.Properties
	stuck bool
}

// begin makes the states to begin with.
func (s *search) begin() {
	w := newWorld(s.m)
	var r records
	for _, members := range s.m.starts() {
		w.settle(members)
		w.write(&r)
		first, hash := leastRotation(r.hash[:w.n])
		number, isNew := s.states.add(hash, uint32(s.states.count), 0)
		if !isNew {
			continue
		}
		s.now.add(r.appendState(nil, w.n, first))
		if bad := s.o.wrong(w); bad != 0 && s.found == nil {
			s.found = &finding{state: number, bad: bad}
		}
	}
}

// run searches until there is nothing left, or a reason to stop.
func (s *search) run(ctx context.Context) {
	if s.found != nil || !s.goOn(ctx) {
		return
	}
	for s.found == nil && s.now.count > 0 {
		if s.o.Depth > 0 && s.depth == s.o.Depth {
			s.cut, s.stopped = CutByDepth, fmt.Sprintf("depth %d was the limit", s.o.Depth)
			s.checkpoint()
			return
		}
		s.later.first = s.now.first + uint32(s.now.count)
		if !s.level(ctx) {
			return
		}
		s.now, s.later = s.later, frontier{}
		s.expanded = 0
		s.depth++
	}
}

// level expands every state of the frontier that is not expanded yet, and
// reports whether it came to an end with nothing found.
func (s *search) level(ctx context.Context) bool {
	number := s.now.first + uint32(s.expanded)
	skip := s.expanded - s.now.gone
	batch := s.chunks[:0]
	flush := func() bool {
		ok := s.batch(batch) && s.goOn(ctx)
		batch = batch[:0]
		return ok
	}
	parts := s.now.parts
	for k := range parts {
		p := &parts[k]
		for begin := skip; begin < len(p.ends); begin += chunkStates {
			end := min(begin+chunkStates, len(p.ends))
			batch = batch[:len(batch)+1]
			c := &batch[len(batch)-1]
			c.part, c.begin, c.end, c.number = p, begin, end, number
			number += uint32(end - begin)
			if len(batch) == cap(batch) && !flush() {
				return false
			}
		}
		skip = 0
	}
	return len(batch) == 0 || flush()
}

// batch has the workers expand some chunks and then, alone and in their order,
// takes up what they found.
func (s *search) batch(chunks []chunk) bool {
	if len(chunks) == 0 {
		return true
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for _, x := range s.workers {
		x.done = chunks[0].number
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(chunks)); i = next.Add(1) - 1 {
				x.expand(&chunks[i])
			}
		})
	}
	wg.Wait()
	for i := range chunks {
		if !s.merge(&chunks[i]) {
			return false
		}
		s.expanded += chunks[i].end - chunks[i].begin
	}
	s.peak = max(s.peak, s.bytes())
	s.now.release(s.expanded)
	return true
}

// merge adds the new states of a chunk, and reports whether nothing is wrong
// with any.
func (s *search) merge(c *chunk) bool {
	s.transitions += c.transitions
	s.crashes += c.crashes
	s.members += c.members
	stuck := c.stuck
	for i := range c.found {
		f := &c.found[i]
		if len(stuck) > 0 && stuck[0] <= f.parent {
			break
		}
		number, isNew := s.states.add(f.hash, f.parent, int(f.choice))
		if !isNew {
			continue
		}
		s.later.add(c.codes[f.from:f.to])
		if f.bad != 0 {
			s.found = &finding{state: number, bad: f.bad}
			return false
		}
	}
	if len(stuck) > 0 {
		s.found = &finding{state: stuck[0], stuck: true}
		return false
	}
	return true
}

// goOn reports whether there is room and time for more.
func (s *search) goOn(ctx context.Context) bool {
	now, next := s.states.bytes()
	waiting := s.now.bytes() + s.later.bytes()
	if s.o.Progress != nil {
		s.o.Progress(s.progress())
	}
	switch {
	case s.waiting() == 0: // there is nothing left to stop
	case ctx.Err() != nil:
		s.cut, s.stopped = Interrupted, "interrupted"
	case s.o.Memory > 0 && next+waiting+2*partBytes > s.o.Memory:
		s.cut = CutByMemory
		s.stopped = fmt.Sprintf("memory: %d states take %d MB of the %d MB allowed", s.states.count, (now+waiting)/1e6, s.o.Memory/1e6)
	case int64(s.states.count) > 1<<32-1<<24:
		s.cut, s.stopped = CutByCount, "2^32 states is all that can be told apart"
	}
	s.checkpoint()
	return s.cut == NotCut
}

// checkpoint offers to keep the search as it is between two batches.
func (s *search) checkpoint() {
	if s.o.Checkpoint != nil {
		s.o.Checkpoint(s.cut, s.save)
	}
}

// waiting is how many states are not expanded yet.
func (s *search) waiting() int64 { return int64(s.now.count - s.expanded + s.later.count) }

// bytes is what all states take.
func (s *search) bytes() int64 {
	now, _ := s.states.bytes()
	return now + s.now.bytes() + s.later.bytes()
}

func (s *search) progress() Progress {
	return Progress{
		States: int64(s.states.count), Transitions: s.transitions, Depth: s.depth,
		Waiting: s.waiting(), Bytes: s.bytes(),
	}
}

func (s *search) result() *Result {
	r := &Result{Progress: s.progress(), Cut: s.cut, Stopped: s.stopped, Crashes: s.crashes, Members: s.members}
	r.Peak = max(s.peak, r.Bytes)
	r.Exhaustive = s.found == nil && s.cut == NotCut
	if s.found != nil {
		r.Violation = s.trace(s.found)
		r.Depth = max(r.Depth, len(r.Violation.Events)) // its last state was not expanded
	}
	return r
}
