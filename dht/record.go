package dht

import "chordsim/chord"

// Record is one key with the latest value that a node has heard of: a plain
// value. A key stands for its text and a value for its bytes: both are numbers
// that the host gives out, so that a million of either take four bytes each.
// No two puts have the same value, so that a reader can tell whose value it has
// got.
type Record struct {
	Version uint64     // virtual nanoseconds of the put, or one more than the version before it
	Writer  chord.Addr // the owner that gave the version: of equal versions the larger writer's is later
	Key     uint32
	Value   uint32 // number of the put
	size    uint32 // bytes, and whether it is a tombstone
}

// tombstoneBit marks a record that says that its key was deleted.
const tombstoneBit = 1 << 31

// MaxValue is the most bytes of a value.
const MaxValue = tombstoneBit - 1

// NewRecord returns what a put of a value of so many bytes, 0 to MaxValue, or a
// delete writes; the owner adds the version.
func NewRecord(key, value uint32, size int64, deleted bool) Record {
	r := Record{Key: key, Value: value, size: uint32(size)}
	if deleted {
		r.size = tombstoneBit
	}
	return r
}

// Deleted reports whether the record is a tombstone.
func (r Record) Deleted() bool { return r.size&tombstoneBit != 0 }

// Size returns the bytes of the value, 0 for a tombstone.
func (r Record) Size() int64 { return int64(r.size &^ tombstoneBit) }

// Newer reports whether r replaces o: by version, then by writer (last writer
// wins). The zero Record is older than all others.
func (r Record) Newer(o Record) bool {
	if r.Version != o.Version {
		return r.Version > o.Version
	}
	return r.Writer > o.Writer
}

// listed is how many elements of a list a record takes beside a message.
const listed = 2

// MaxBatch is how many records travel in one message.
const MaxBatch = chord.MaxSuccessors / listed

// appendTo appends the record to a list: elements of a list hold twelve bytes
// each, whatever they are called there.
func (r Record) appendTo(list []chord.Peer) []chord.Peer {
	return append(list,
		chord.Peer{ID: r.Version, Addr: r.Writer},
		chord.Peer{ID: uint64(r.Key)<<32 | uint64(r.Value), Addr: r.size})
}

// recordAt returns the i-th record of a list.
func recordAt(list []chord.Peer, i int) Record {
	a, b := list[listed*i], list[listed*i+1]
	return Record{Version: a.ID, Writer: a.Addr, Key: uint32(b.ID >> 32), Value: uint32(b.ID), size: b.Addr}
}

// setRecord puts a record into a message of its own.
func setRecord(m *chord.Message, r Record) {
	m.Key = uint64(r.Key)<<32 | uint64(r.Value)
	m.AID, m.A, m.Initiator = r.Version, r.Writer, r.size
}

// recordOf takes it out again.
func recordOf(m *chord.Message) Record {
	return Record{Version: m.AID, Writer: m.A, Key: uint32(m.Key >> 32), Value: uint32(m.Key), size: m.Initiator}
}
