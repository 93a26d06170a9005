package scenarios

import (
	"slices"
	"strings"
	"testing"

	"chordsim/dht"
	"chordsim/sim"
)

// script is a history that a test writes by hand: operations on key 0, at times
// and with versions that it chooses, in any order. They are judged by run, in the
// order of time; as in a run what begins at an instant comes before what ends at
// it.
type script struct {
	d      *stored
	index  uint32
	watch  *dataWatch
	events []scripted
}

// scripted is the beginning or the end of an operation.
type scripted struct {
	at  sim.Time
	end int // 1 for an end
	do  func()
}

const scriptKeys = 4

func newScript() *script {
	d := newStored(dht.Config{Replicas: 1, WriteQuorum: 1, Timeout: 1, Tries: 1, Deadline: 1000}, 16, 4, true)
	d.upTo(scriptKeys)
	s := &script{d: d}
	s.index, s.watch = d.history.watch("script", putOperation, getOperation, deleteOperation)
	return s
}

// lasts writes down an operation from one time to another.
func (s *script) lasts(from, to sim.Time, kind operationKind, client uint32, r dht.Record, end func(tag uint32)) {
	var tag uint32
	s.events = append(s.events,
		scripted{from, 0, func() { tag = s.d.history.begin(from, s.index, kind, 0, r.Value, client) }},
		scripted{to, 1, func() { end(tag) }})
}

// puts has a client put a value that is acknowledged with a version. It returns
// the record.
func (s *script) puts(from, to sim.Time, client uint32, version uint64) dht.Record {
	return s.writes(from, to, client, s.value(100, version))
}

// deletes does so with a tombstone.
func (s *script) deletes(from, to sim.Time, client uint32, version uint64) dht.Record {
	return s.writes(from, to, client, s.tombstone(version))
}

func (s *script) writes(from, to sim.Time, client uint32, r dht.Record) dht.Record {
	kind := putOperation
	if r.Deleted() {
		kind = deleteOperation
	}
	s.lasts(from, to, kind, client, r, func(tag uint32) { s.d.history.done(to, dht.Done{Tag: tag, Outcome: dht.Acknowledged, Record: r}) })
	return r
}

// value is a value of so many bytes that nobody has put by this alone.
func (s *script) value(size int64, version uint64) dht.Record {
	r := s.d.write(0, size, false)
	r.Version, r.Writer = version, 1
	return r
}

func (s *script) tombstone(version uint64) dht.Record {
	r := s.d.write(0, 0, true)
	r.Version, r.Writer = version, 1
	return r
}

// gets has a client get the key and be answered with a record, the zero one for
// nothing. What that is judged to be is given in words.
func (s *script) gets(t *testing.T, from, to sim.Time, client uint32, r dht.Record, want ...string) {
	t.Helper()
	outcome := dht.Found
	if r.Version == 0 {
		outcome = dht.Missing
	}
	s.judged(t, from, to, client, outcome, r, want)
}

// fails has it get no answer.
func (s *script) fails(t *testing.T, from, to sim.Time, want ...string) {
	t.Helper()
	s.judged(t, from, to, 99, dht.Failed, dht.Record{}, want)
}

func (s *script) judged(t *testing.T, from, to sim.Time, client uint32, outcome dht.Outcome, r dht.Record, want []string) {
	t.Helper()
	s.lasts(from, to, getOperation, client, dht.Record{}, func(tag uint32) {
		before := s.watch.tallies[getOperation].counts()
		s.d.history.done(to, dht.Done{Tag: tag, Outcome: outcome, Record: r})
		after := s.watch.tallies[getOperation].counts()
		var got []string
		for i, word := range tallyWords {
			if after[i] > before[i] {
				got = append(got, word)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("the get of client %d from %d to %d is %s, want %s", client, from, to, strings.Join(got, ", "), strings.Join(want, ", "))
		}
	})
}

var tallyWords = []string{"acknowledged", "found", "missing", "failed", "abandoned", "stale", "unavailable", "wrong", "write not read", "read before"}

func (t *OperationTally) counts() []int64 {
	return []int64{t.acknowledged, t.found, t.missing, t.failed, t.abandoned, t.stale, t.unavailable, t.wrongValue, t.readYourWrites, t.monotonicReads}
}

func (s *script) run() {
	slices.SortStableFunc(s.events, func(a, b scripted) int {
		if a.at != b.at {
			return int(a.at - b.at)
		}
		return a.end - b.end
	})
	for _, e := range s.events {
		e.do()
	}
}

// Each operation comes to one end, and is counted with those of its kind.
func TestEndsOfOperations(t *testing.T) {
	s := newScript()
	put := s.puts(10, 15, 1, 12)
	s.deletes(20, 27, 1, 22)
	h := &s.d.history
	for kind := range numOperationKinds {
		s.lasts(30, 40, kind, 1, dht.Record{}, func(tag uint32) {
			if s.watch.answered() {
				t.Error("a step with operations under way has ended")
			}
			h.done(40, dht.Done{Tag: tag, Outcome: dht.Failed, Record: dht.Record{}})
		})
		s.lasts(30, 50, kind, 1, dht.Record{}, h.abandon)
	}
	s.gets(t, 5, 9, 3, dht.Record{}, "missing")
	s.gets(t, 5, 14, 3, put, "found") // not acknowledged yet, and there
	s.run()
	if !s.watch.answered() {
		t.Error("a step whose operations have ended has not")
	}
	for kind, want := range map[operationKind][]int64{
		putOperation:    {1, 0, 0, 1, 1, 0, 0, 0, 0, 0},
		deleteOperation: {1, 0, 0, 1, 1, 0, 0, 0, 0, 0},
		getOperation:    {0, 1, 1, 1, 1, 0, 0, 0, 0, 0},
	} {
		if got := s.watch.tallies[kind].counts(); !slices.Equal(got, want) {
			t.Errorf("%ss: %v, want %v", operationNames[kind], got, want)
		}
	}
	// Latencies are of those answered.
	for kind, want := range map[operationKind]uint64{putOperation: 5, deleteOperation: 7, getOperation: 4 + 9} {
		if got := s.watch.tallies[kind].latencySum.lo; got != want {
			t.Errorf("%ss took %d together, want %d", operationNames[kind], got, want)
		}
	}
}

// No operation ends twice.
func TestOperationsEndOnce(t *testing.T) {
	s := newScript()
	var tag uint32
	s.lasts(1, 2, putOperation, 1, dht.Record{}, func(of uint32) { tag = of; s.d.history.abandon(of) })
	s.run()
	defer func() {
		if recover() == nil {
			t.Error("an operation has ended twice")
		}
	}()
	s.d.history.abandon(tag)
}

// A get is stale if it finds something older than what was acknowledged before it
// began; what was acknowledged while it was under way it may find or not.
func TestStaleReads(t *testing.T) {
	s := newScript()
	first := s.puts(10, 20, 1, 15)
	second := s.puts(30, 40, 2, 35)
	s.gets(t, 25, 60, 3, first, "found")
	s.gets(t, 40, 60, 4, first, "found") // it begins before the put of this instant is known to be held
	s.gets(t, 25, 60, 5, second, "found")
	s.gets(t, 41, 60, 6, first, "found", "stale")

	// Of equal versions the larger writer's is newer.
	third := s.value(100, 35)
	third.Writer = 2
	s.writes(70, 80, 1, third)
	s.gets(t, 90, 95, 7, second, "found", "stale")
	s.gets(t, 90, 95, 8, third, "found")

	// Puts may be acknowledged in another order than that of their versions: the
	// newest counts.
	s.puts(100, 110, 1, 30)
	s.gets(t, 120, 130, 9, third, "found")
	s.gets(t, 120, 130, 10, second, "found", "stale")
	s.run()
}

// A get that finds nothing is one too many if a value was acknowledged before it
// began, and not deleted.
func TestUnavailableReads(t *testing.T) {
	s := newScript()
	s.gets(t, 1, 2, 1, dht.Record{}, "missing")
	s.fails(t, 1, 2, "failed")
	s.puts(10, 20, 1, 15)
	s.gets(t, 15, 60, 2, dht.Record{}, "missing")
	s.gets(t, 20, 60, 3, dht.Record{}, "missing")
	s.gets(t, 21, 60, 4, dht.Record{}, "missing", "unavailable")
	s.fails(t, 20, 60, "failed")
	s.fails(t, 21, 60, "failed", "unavailable")

	gone := s.deletes(100, 110, 1, 105)
	s.gets(t, 105, 120, 5, dht.Record{}, "missing") // it may have happened before the delete or after it
	s.fails(t, 100, 120, "failed")
	s.gets(t, 105, 109, 5, dht.Record{}, "missing", "unavailable") // nobody was told of a delete
	s.gets(t, 111, 120, 6, dht.Record{}, "missing")
	s.gets(t, 111, 120, 7, gone, "missing")
	s.fails(t, 111, 120, "failed")

	again := s.puts(200, 210, 1, 205)
	s.gets(t, 211, 220, 8, again, "found")
	s.gets(t, 211, 220, 9, gone, "missing", "unavailable")
	s.gets(t, 211, 220, 10, dht.Record{}, "missing", "unavailable")
	s.run()
}

// Whose value a get has found is checked.
func TestWrongValues(t *testing.T) {
	s := newScript()
	own, empty, deleted := s.value(100, 50), s.value(0, 50), s.tombstone(50)
	others := s.d.write(1, 100, false)
	of := func(r dht.Record) dht.Record {
		r.Version, r.Writer = 50, 1
		return r
	}
	for i, c := range []struct {
		what string
		r    dht.Record
		want []string
	}{
		{"what was put", own, []string{"found"}},
		{"an empty value that was put", empty, []string{"found"}},
		{"a tombstone that was written", deleted, []string{"missing"}},
		{"the value of another key", of(dht.NewRecord(0, others.Value, 100, false)), []string{"found", "wrong"}},
		{"the record of another key", of(others), []string{"found", "wrong"}},
		{"the value under another key", of(dht.NewRecord(1, own.Value, 100, false)), []string{"found", "wrong"}},
		{"another size", of(dht.NewRecord(0, own.Value, 99, false)), []string{"found", "wrong"}},
		{"a number that nobody wrote", of(dht.NewRecord(0, 1000, 100, false)), []string{"found", "wrong"}},
		{"the number of nobody", of(dht.NewRecord(0, 0, 0, false)), []string{"found", "wrong"}},
		{"a tombstone where a value was put", of(dht.NewRecord(0, own.Value, 0, true)), []string{"missing", "wrong"}},
		{"a tombstone where an empty value was put", of(dht.NewRecord(0, empty.Value, 0, true)), []string{"missing", "wrong"}},
		{"a value where a tombstone was written", of(dht.NewRecord(0, deleted.Value, 0, false)), []string{"found", "wrong"}},
	} {
		t.Log(i, c.what)
		s.gets(t, 30, 40, uint32(i), c.r, c.want...)
	}
	s.run()
}

// A client has to see what it wrote itself, if the write was acknowledged before
// it began to read; what others wrote is nothing to this.
func TestReadYourWrites(t *testing.T) {
	const me, you = 1, 2
	s := newScript()
	before := s.puts(1, 2, you, 1)
	s.puts(10, 20, me, 15)
	s.gets(t, 15, 30, me, before, "found") // it began while the put was under way
	s.gets(t, 20, 30, me, before, "found")
	s.gets(t, 21, 30, you, before, "found", "stale")
	s.gets(t, 21, 30, me, before, "found", "stale", "write not read")
	s.run()
}

// Nothing is as old as can be, unless there was a delete.
func TestReadYourWritesAndDeletes(t *testing.T) {
	const me, you = 1, 2
	s := newScript()
	mine := s.puts(10, 20, me, 15)
	s.gets(t, 21, 30, me, dht.Record{}, "missing", "unavailable", "write not read")
	gone := s.deletes(40, 50, me, 45)
	s.gets(t, 51, 60, me, dht.Record{}, "missing")
	s.gets(t, 51, 60, me, gone, "missing")
	s.gets(t, 51, 60, me, mine, "found", "stale", "write not read")
	s.puts(70, 80, me, 75)
	s.deletes(90, 100, you, 95) // anybody's will do
	s.gets(t, 95, 110, me, dht.Record{}, "missing")
	s.gets(t, 101, 110, me, dht.Record{}, "missing")
	s.gets(t, 101, 110, me, gone, "missing")
	// What was not acknowledged holds nobody.
	lost := s.value(100, 120)
	s.lasts(115, 125, putOperation, me, lost, func(tag uint32) { s.d.history.done(125, dht.Done{Tag: tag, Outcome: dht.Failed, Record: lost}) })
	s.gets(t, 130, 140, me, dht.Record{}, "missing")
	s.run()
}

// A write that is acknowledged while a get is under way does not hide what its
// client had written before.
func TestReadYourWritesBesideAnotherWrite(t *testing.T) {
	s := newScript()
	old := s.puts(1, 2, 9, 1)
	s.puts(10, 20, 1, 15)
	s.puts(40, 50, 1, 45)
	s.gets(t, 30, 60, 1, old, "found", "stale", "write not read")
	s.run()
}

// What a client has read it has to see again, or something newer, if it begins to
// read after that.
func TestMonotonicReads(t *testing.T) {
	const me, you = 1, 2
	s := newScript()
	first := s.puts(1, 2, 9, 1)
	second := s.value(100, 20) // never acknowledged, but there
	s.gets(t, 30, 40, me, second, "found")
	s.gets(t, 35, 50, me, first, "found") // at the same time
	s.gets(t, 40, 50, me, first, "found")
	s.gets(t, 41, 50, you, first, "found")
	s.gets(t, 41, 50, me, first, "found", "read before")
	s.gets(t, 41, 50, me, dht.Record{}, "missing", "unavailable", "read before")
	s.gets(t, 60, 70, me, second, "found") // and again: what was read is not forgotten
	s.gets(t, 80, 90, me, first, "found", "read before")
	s.run()
}

// A tombstone is read, too: after it nothing is right, and the value before it is
// not. Of another's delete nothing may be the first that a client sees.
func TestMonotonicReadsAndDeletes(t *testing.T) {
	const me, you = 1, 2
	s := newScript()
	value := s.puts(1, 2, 9, 1)
	gone := s.tombstone(15)
	s.gets(t, 5, 6, me, value, "found")
	s.gets(t, 5, 6, you, value, "found")
	s.gets(t, 20, 30, me, gone, "missing")
	s.gets(t, 31, 40, me, value, "found", "read before")
	s.gets(t, 31, 40, me, dht.Record{}, "missing", "unavailable") // nobody's delete was acknowledged
	s.gets(t, 31, 40, you, dht.Record{}, "missing", "unavailable", "read before")
	s.writes(10, 50, 9, gone)
	s.gets(t, 60, 70, you, dht.Record{}, "missing")
	s.run()
}

// A read that ends while another is under way does not hide what was read before
// both.
func TestMonotonicReadsBesideAnotherRead(t *testing.T) {
	s := newScript()
	first, second, third := s.value(100, 1), s.value(100, 2), s.value(100, 3)
	s.gets(t, 10, 20, 1, second, "found")
	s.gets(t, 30, 60, 1, first, "found", "read before")
	s.gets(t, 40, 50, 1, third, "found")
	s.run()
}

// Without anybody who reads nothing is kept of clients.
func TestNoSessionsWithoutReads(t *testing.T) {
	tl := played(t, calm+"timeline: [{start: {nodes: 8}}, {put: {count: 20}}]\n", 1)
	if tl.w.data.history.sessions != nil {
		t.Error("sessions are kept of clients that read nothing")
	}
}

// The places of operations that have ended are given to others.
func TestPlacesOfOperationsAreReused(t *testing.T) {
	s := newScript()
	h := &s.d.history
	begin := func(at sim.Time, key, client uint32) uint32 {
		return h.begin(at, s.index, getOperation, key, 0, client)
	}
	tags := []uint32{begin(0, 0, 0), begin(1, 1, 1), begin(2, 2, 2)}
	if len(h.ops) != 3 || tags[0] == tags[1] || tags[1] == tags[2] || tags[0] == tags[2] {
		t.Fatalf("three operations under way have the tags %v in %d places", tags, len(h.ops))
	}
	h.abandon(tags[1])
	h.abandon(tags[0])
	taken := map[uint32]bool{tags[2]: true}
	for key := range uint32(2) {
		tag := begin(10, key, 7)
		if taken[tag] {
			t.Errorf("the place %d is taken", tag)
		}
		taken[tag] = true
		if o := h.ops[tag]; o.key != key || o.start != 10 || o.client != 7 {
			t.Errorf("in a place that was free before: %+v", o)
		}
	}
	if len(h.ops) != 3 {
		t.Errorf("%d places for three operations at once", len(h.ops))
	}
	if o := h.ops[tags[2]]; o.key != 2 || o.start != 2 {
		t.Errorf("the one that went on is %+v now", o)
	}
	// In a run they are as many as were under way at once.
	tl := played(t, calm+"timeline: [{start: {nodes: 8}}, {put: {count: 200, over: 100s}}, {get: {each: on, over: 100s}}]\n", 1)
	if n := len(tl.w.data.history.ops); n == 0 || n > 4 {
		t.Errorf("%d places for 400 operations, one after the other", n)
	}
}
