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
	ops     []dataOp     // under way, by tag
	free    uint32       // tag + 1
	truth   []dht.Record // by key: the newest put or delete that was acknowledged, the zero record for none
	sample  historySample

	// What a client has written and read of a key. Only asked, never walked; nil
	// where nobody reads.
	sessions map[uint64]session
}

// dataOp is an operation under way. A get has to find what was known when it
// began: the newest that was acknowledged, and the newest that its client had
// written and read. What comes later it may find or not.
type dataOp struct {
	start  sim.Time
	need   dht.Record
	had    session
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

// session is the newest that a client has written and read of a key.
type session struct{ wrote, read dht.Record }

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
		h.truth = append(h.truth, dht.Record{})
	}
	o := &h.ops[tag]
	*o = dataOp{start: now, watch: watch, key: key, value: value, client: client, kind: kind, open: true}
	if kind == getOperation {
		o.need, o.had = h.truth[key], h.sessions[sessionOf(o)]
	}
	o.sample = h.sample.begin(o)
	h.watches[watch].started++
	return tag
}

// end takes an operation off the table.
func (h *dataHistory) end(tag uint32) (dataOp, *OperationTally) {
	o := h.ops[tag]
	if !o.open {
		panic("scenarios: a put, get or delete has ended twice")
	}
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
func (h *dataHistory) done(at sim.Time, d dht.Done) {
	r := d.Record
	o, tally := h.end(d.Tag)
	if d.Outcome == dht.Failed {
		tally.failed++
		if o.kind == getOperation && h.older(&o, dht.Record{}, o.need) {
			tally.unavailable++
		}
		return
	}
	h.sample.end(&o, at, r)
	tally.answered(int64(at-o.start), d.Local)
	if o.kind != getOperation {
		tally.acknowledged++
		h.acknowledge(&o, r)
		return
	}
	h.read(&o, tally, r)
}

// acknowledge notes a put or delete that its client knows to be held.
func (h *dataHistory) acknowledge(o *dataOp, r dht.Record) {
	if r.Newer(h.truth[o.key]) {
		h.truth[o.key] = r
	}
	if h.sessions != nil {
		if s := h.sessions[sessionOf(o)]; r.Newer(s.wrote) {
			s.wrote = r
			h.sessions[sessionOf(o)] = s
		}
	}
}

func sessionOf(o *dataOp) uint64 { return uint64(o.client)<<32 | uint64(o.key) }

// read judges what a get has found: r, the zero record if nothing.
func (h *dataHistory) read(o *dataOp, tally *OperationTally, r dht.Record) {
	found := r.Version != 0
	if found && !h.wrote(o.key, r) {
		tally.wrongValue++
	}
	if found && !r.Deleted() {
		tally.found++
	} else {
		tally.missing++
	}
	switch old := h.older(o, r, o.need); {
	case old && found && !r.Deleted():
		tally.stale++
	case old && !o.need.Deleted():
		tally.unavailable++
	}
	if h.sessions == nil {
		return
	}
	if h.older(o, r, o.had.wrote) {
		tally.readYourWrites++
	}
	if h.older(o, r, o.had.read) {
		tally.monotonicReads++
	}
	if s := h.sessions[sessionOf(o)]; r.Newer(s.read) {
		s.read = r
		h.sessions[sessionOf(o)] = s
	}
}

// wrote reports whether a record is what the put or delete with its number wrote
// to the key.
func (h *dataHistory) wrote(key uint32, r dht.Record) bool {
	if r.Key != key || r.Value == 0 || int(r.Value) >= len(h.of.values) {
		return false
	}
	v := &h.of.values[r.Value]
	return v.key == key && v.deleted == r.Deleted() && int64(v.size) == r.Size()
}

// older reports whether what a get has found is older than what was known of the
// key when it began. Nothing, or a tombstone, is not, where that or something newer
// was a delete.
func (h *dataHistory) older(o *dataOp, r, had dht.Record) bool {
	if !had.Newer(r) {
		return false
	}
	deleted := had.Deleted()
	for _, known := range [2]dht.Record{o.need, h.truth[o.key]} {
		deleted = deleted || known.Deleted() && known.Newer(had)
	}
	return r.Version != 0 && !r.Deleted() || !deleted
}

// newest returns the newest version of a key that was acknowledged.
func (h *dataHistory) newest(key uint32) dht.Record { return h.truth[key] }

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
