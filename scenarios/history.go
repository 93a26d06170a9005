package scenarios

import (
	"chordsim/chord"
	"chordsim/dht"
	"chordsim/sim"
)

// dataHistory is the truth about stored keys, kept beside the nodes: which
// operations are under way, what was acknowledged when, and what each client
// has seen. It is changed only while no node steps.
type dataHistory struct {
	of      *stored
	watches []*dataWatch
	ops     []dataOp // under way, by tag
	free    uint32   // tag + 1
	truth   []keyTruth
	horizon sim.Time // an operation does not begin earlier than this before it ends
	sample  historySample

	// What a client has written and read of a key. Only asked, never walked; nil
	// where nobody reads.
	sessions map[uint64]session
}

// dataOp is an operation under way.
type dataOp struct {
	start  sim.Time
	watch  uint32
	key    uint32
	value  uint32 // that is put
	client uint32
	next   uint32 // free list
	sample int32  // its place in the sample of its key, -1: none
	kind   operationKind
	open   bool
}

type operationKind uint8

const (
	putOperation operationKind = iota
	getOperation
	deleteOperation
	numOperationKinds
)

var operationNames = [numOperationKinds]string{"put", "get", "delete"}

// keyTruth is what was acknowledged of a key: in the order of time, and only
// what is newer than everything acknowledged before. The last entry is what a
// reader has to see.
type keyTruth struct {
	acks []acknowledged
}

// acknowledged is a put or delete and when its client was told.
type acknowledged struct {
	at      sim.Time
	version dht.Record
}

// session is the newest that a client has written and read of a key.
type session struct {
	wrote, read     dht.Record
	wroteAt, readAt sim.Time
}

// dataWatch follows the operations of one step.
type dataWatch struct {
	name           string
	kinds          []operationKind // that the step is made of
	started, ended int64
	tallies        [numOperationKinds]OperationTally
}

// answered reports whether all of them have come to their ends.
func (w *dataWatch) answered() bool { return w.ended == w.started }

func (h *dataHistory) init(of *stored, sessions bool) {
	h.of = of
	h.horizon = sim.Time(of.cfg.Deadline)
	if sessions {
		h.sessions = map[uint64]session{}
	}
}

// watch gives a step's operations a place to be counted.
func (h *dataHistory) watch(name string, kinds ...operationKind) (uint32, *dataWatch) {
	w := &dataWatch{name: name, kinds: kinds}
	h.watches = append(h.watches, w)
	return uint32(len(h.watches) - 1), w
}

// begin notes an operation and returns its tag.
func (h *dataHistory) begin(now sim.Time, watch uint32, kind operationKind, key, value, client uint32) uint32 {
	if h.free == 0 {
		h.ops = append(h.ops, dataOp{})
		h.free = uint32(len(h.ops))
	}
	tag := h.free - 1
	h.free = h.ops[tag].next
	for int(key) >= len(h.truth) {
		h.truth = append(h.truth, keyTruth{})
	}
	h.ops[tag] = dataOp{start: now, watch: watch, key: key, value: value, client: client, kind: kind, open: true}
	h.ops[tag].sample = h.sample.begin(&h.ops[tag])
	h.watches[watch].started++
	return tag
}

// end takes an operation off the table.
func (h *dataHistory) end(tag uint32) (dataOp, *OperationTally) {
	o := h.ops[tag]
	h.ops[tag] = dataOp{next: h.free}
	h.free = tag + 1
	w := h.watches[o.watch]
	w.ended++
	return o, &w.tallies[o.kind]
}

// abandon: the client has gone.
func (h *dataHistory) abandon(tag uint32) {
	_, tally := h.end(tag)
	tally.abandoned++
}

// done judges an answer at the instant its client received it.
func (h *dataHistory) done(at sim.Time, tag uint32, outcome dht.Outcome, r dht.Record) {
	o, tally := h.end(tag)
	if outcome == dht.Failed {
		tally.failed++
		if o.kind == getOperation && h.readable(o.key, o.start) {
			tally.unavailable++
		}
		return
	}
	h.sample.end(&o, at, r)
	tally.answered(int64(at - o.start))
	if o.kind != getOperation {
		tally.acknowledged++
		h.acknowledge(at, &o, r)
		return
	}
	h.read(at, &o, tally, r)
}

// acknowledge notes a put or delete that its client knows to be held.
func (h *dataHistory) acknowledge(at sim.Time, o *dataOp, r dht.Record) {
	t := &h.truth[o.key]
	if n := len(t.acks); n == 0 || r.Newer(t.acks[n-1].version) {
		drop := 0 // what no operation under way can still be held to
		for drop+1 < n && t.acks[drop+1].at < at-h.horizon {
			drop++
		}
		if drop > 0 {
			t.acks = append(t.acks[:0], t.acks[drop:]...)
		}
		t.acks = append(t.acks, acknowledged{at, r})
	}
	if h.sessions != nil {
		s := h.sessions[sessionOf(o)]
		if r.Newer(s.wrote) {
			s.wrote, s.wroteAt = r, at
			h.sessions[sessionOf(o)] = s
		}
	}
}

func sessionOf(o *dataOp) uint64 { return uint64(o.client)<<32 | uint64(o.key) }

// read judges what a get has found: r, the zero record if nothing.
func (h *dataHistory) read(at sim.Time, o *dataOp, tally *OperationTally, r dht.Record) {
	found := r.Version != 0
	if found {
		if v := h.of.values; int(r.Value) >= len(v) || v[r.Value].key != o.key || v[r.Value].deleted != r.Deleted() || int64(v[r.Value].size) != r.Size() {
			tally.wrongValue++
		}
	}
	if found && !r.Deleted() {
		tally.found++
	} else {
		tally.missing++
	}
	need := h.newestBefore(o.key, o.start)
	switch {
	case !need.Newer(r):
	case found:
		tally.stale++
	case !need.Deleted():
		tally.unavailable++
	}
	if h.sessions == nil {
		return
	}
	s := h.sessions[sessionOf(o)]
	if s.wroteAt < o.start && s.wrote.Newer(r) && (found || !s.wrote.Deleted()) {
		tally.readYourWrites++
	}
	if s.readAt < o.start && s.read.Newer(r) && (found || !s.read.Deleted()) {
		tally.monotonicReads++
	}
	if r.Newer(s.read) {
		s.read, s.readAt = r, at
		h.sessions[sessionOf(o)] = s
	}
}

// newestBefore returns the newest version that was acknowledged before a time.
func (h *dataHistory) newestBefore(key uint32, before sim.Time) dht.Record {
	acks := h.truth[key].acks
	for i := len(acks) - 1; i >= 0; i-- {
		if acks[i].at < before {
			return acks[i].version
		}
	}
	return dht.Record{}
}

// readable reports whether a get that began at a time should find a value.
func (h *dataHistory) readable(key uint32, start sim.Time) bool {
	need := h.newestBefore(key, start)
	return need.Version != 0 && !need.Deleted()
}

// newest returns the newest version of a key that was acknowledged.
func (h *dataHistory) newest(key uint32) dht.Record {
	if acks := h.truth[key].acks; len(acks) > 0 {
		return acks[len(acks)-1].version
	}
	return dht.Record{}
}

// operate hands an operation to a member.
func (w *world) operate(watch uint32, kind operationKind, key, client uint32, size int64, at chord.Addr) {
	d := w.data
	var m chord.Message
	if kind == getOperation {
		tag := d.history.begin(w.engine.Now(), watch, kind, key, 0, client)
		m = dht.CommandGet(key, tag)
	} else {
		r := d.write(key, size, kind == deleteOperation)
		tag := d.history.begin(w.engine.Now(), watch, kind, key, r.Value, client)
		m = dht.CommandPut(r, tag)
	}
	w.command(at, &m)
}
