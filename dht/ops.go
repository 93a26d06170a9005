package dht

import (
	"slices"
	"unsafe"

	"chordsim/chord"
)

// purpose says what an operation under way is for.
type purpose uint8

const (
	opFree   purpose = iota
	opClient         // a client's put, get or delete
	opWrite          // an owner brings records to the other holders
	opGive           // records go to their owner, or a leaver's to who comes after it
	opSync           // an owner asks the other holders whether they have the same
	opPush           // records go to a holder that has not the same
)

// op is an operation under way at a node. A record belongs to a node and a
// number, that of its request in flight; messages and timers carry the place as
// well.
type op struct {
	Record // client: what is put, or the newest that was read

	start    int64
	deadline int64
	node     chord.Addr
	number   uint32 // of the request in flight; 0: none
	next     uint32 // free list
	tag      uint32 // client: the host's
	call     uint32 // write: what the requester waits for
	slot     uint32
	cursor   uint32 // push: the next key
	asker    chord.Peer
	holders  [MaxReplicas]chord.Peer // write, sync: the other holders; client: whom to ask
	keys     [MaxBatch]uint32        // write, give: the batch
	has      uint16                  // bit i: holders[i] has it; client: is asked as the owner
	gone     uint16                  // bit i: holders[i] refuses, or is reported dead
	rounds   uint16                  // attempts, each with its tries
	kind     chord.Kind              // client: CmdPut, CmdGet. write: what to answer with; 0: nothing
	purpose  purpose
	flags    uint8
	tries    uint8
	nHolders uint8
	nKeys    uint8
	at       uint8 // client: the one of holders that is asked
	seen     uint8 // client: how many copies have answered
	lookup   bool  // its lookup is under way
	paused   bool  // nothing is asked until the timer comes
	arc      bool  // give: part of the arc that is handed over
	local    bool  // client: as in Done
}

const (
	opBits  = 7
	maxSlot = 1<<26 - 1

	// OpBytes is what an operation under way takes.
	OpBytes = int64(unsafe.Sizeof(op{}))
)

// ops is the table of what is under way at the nodes of a host.
type ops struct {
	blocks [][]op
	free   uint32 // place + 1
	active int
}

func (t *ops) at(slot uint32) *op { return &t.blocks[slot>>opBits][slot&(1<<opBits-1)] }

// add makes a record for a node.
func (t *ops) add(node chord.Addr, p purpose) (uint32, *op) {
	if t.free == 0 {
		base := uint32(len(t.blocks)) << opBits
		if base > maxSlot {
			panic("dht: more than 2^26 operations under way at one host")
		}
		block := make([]op, 1<<opBits)
		for i := range block {
			block[i].next = base + uint32(i) + 2
		}
		block[len(block)-1].next = 0
		t.blocks = append(t.blocks, block)
		t.free = base + 1
	}
	slot := t.free - 1
	o := t.at(slot)
	t.free = o.next
	*o = op{node: node, purpose: p}
	t.active++
	return slot, o
}

// get returns the operation of a node whose request in flight has the number,
// nil if that is over.
func (t *ops) get(slot uint32, node chord.Addr, number uint32) *op {
	if o := t.of(slot, node); o != nil && number != 0 && o.number == number {
		return o
	}
	return nil
}

// of returns the operation of a node at a place.
func (t *ops) of(slot uint32, node chord.Addr) *op {
	if slot>>opBits >= uint32(len(t.blocks)) {
		return nil
	}
	if o := t.at(slot); o.purpose != opFree && o.node == node {
		return o
	}
	return nil
}

func (t *ops) release(slot uint32, o *op) {
	*o = op{next: t.free}
	t.free = slot + 1
	t.active--
}

func (t *ops) clone() ops {
	c := *t
	c.blocks = nil
	for _, b := range t.blocks {
		c.blocks = append(c.blocks, slices.Clone(b))
	}
	return c
}

// Active returns how many operations are under way.
func (s *Store) Active() int { return s.ops.active }

// Abandon ends all operations of the nodes for which gone holds and hands the
// clients' ones to each. The host calls it when nodes have crashed or left.
func (s *Store) Abandon(gone func(chord.Addr) bool, each func(tag uint32)) {
	for b := range s.ops.blocks {
		for i := range s.ops.blocks[b] {
			o := &s.ops.blocks[b][i]
			if o.purpose == opFree || !gone(o.node) {
				continue
			}
			if o.purpose == opClient {
				each(o.tag)
			}
			s.ops.release(uint32(b)<<opBits|uint32(i), o)
		}
	}
}
