package explore

import (
	"math/bits"

	"chordsim/chord"
)

// expander finds what may come next. Each worker has one.
type expander struct {
	w      *world
	states *visited
	o      *Options
	done   uint32 // states below have been expanded, and lead to the ideal ring

	at, next records
	own      [MaxIDs][]byte // buffers for records that an event has changed
	events   []Event
	hashes   []uint64 // of the states that they lead to
	known    []bool   // and whether these have been visited
	seen     []uint64
}

// candidate is a state that was reached and not visited before.
type candidate struct {
	hash     uint64
	parent   uint32
	from, to uint32 // its code in the chunk
	choice   uint16
	bad      chord.Properties
}

// chunk is what comes of some states in a row.
type chunk struct {
	part        *part
	begin, end  int    // states of the part
	number      uint32 // of the first of them
	codes       []byte
	found       []candidate
	stuck       []uint32 // states from which fair rounds do not lead to the ideal ring
	transitions int64
	crashes     int64 // of the transitions
	members     int64 // of the states, together
}

func newExpander(m *Model, states *visited, o *Options) *expander {
	return &expander{w: newWorld(m), states: states, o: o}
}

// expand does a chunk.
func (x *expander) expand(c *chunk) {
	c.codes, c.found, c.stuck = c.codes[:0], c.found[:0], c.stuck[:0]
	c.transitions, c.crashes, c.members = 0, 0, 0
	for i := c.begin; i < c.end; i++ {
		number := c.number + uint32(i-c.begin)
		x.at.split(c.part.state(i), x.w.n)
		x.w.read(&x.at)
		x.events = x.w.enabled(x.events[:0])
		c.transitions += int64(len(x.events))
		c.members += int64(bits.OnesCount8(x.w.members()))
		x.hashes, x.known = x.hashes[:0], x.known[:0]
		for _, e := range x.events {
			if e.Kind == Crash {
				c.crashes++
			}
			x.w.apply(e)
			_, hash := x.reached()
			x.hashes, x.known = append(x.hashes, hash), append(x.known, false)
			x.back()
		}
		x.states.findAll(x.hashes, x.known)
		for k, e := range x.events {
			if !x.known[k] { // few: these are done again, so that all could be looked up together
				x.w.apply(e)
				x.note(c, number, k)
				x.back()
			}
		}
		if x.o.Liveness && x.o.Find == "" && !x.leadsToIdeal() {
			c.stuck = append(c.stuck, number)
		}
	}
}

// reached encodes the state that the world is in now: where its rotation begins, and
// its hash.
func (x *expander) reached() (first int, hash uint64) {
	w := x.w
	for i := range w.n {
		if w.dirty>>i&1 == 0 {
			x.next.code[i], x.next.hash[i] = x.at.code[i], x.at.hash[i]
			continue
		}
		x.own[i] = w.appendRecord(x.own[i][:0], i)
		x.next.code[i], x.next.hash[i] = x.own[i], hashRecord(x.own[i])
	}
	return leastRotation(x.next.hash[:w.n])
}

// note takes down the state that the world is in now, which is a new one.
func (x *expander) note(c *chunk, parent uint32, choice int) {
	w := x.w
	first, hash := x.reached()
	from := uint32(len(c.codes))
	c.codes = x.next.appendState(c.codes, w.n, first)
	bad := x.o.wrong(w)
	if bad != 0 && x.o.Find != "" && x.o.Liveness && !x.stays() {
		bad = 0
	}
	c.found = append(c.found, candidate{hash, parent, from, uint32(len(c.codes)), uint16(choice), bad})
}

// back makes the world again what it was before the event.
func (x *expander) back() {
	w := x.w
	for i := range w.n {
		if w.dirty>>i&1 != 0 {
			w.readRecord(i, x.at.code[i])
		}
	}
	w.dirty = 0
}
