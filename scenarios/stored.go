package scenarios

import (
	"strconv"

	"chordsim/chord"
	"chordsim/dht"
	"chordsim/sim"
)

// stored is the layer of stored keys of one run: what keys there are, and what
// the nodes hold of them. A run that stores nothing has none.
type stored struct {
	cfg     dht.Config
	bits    int
	keys    dht.Keys
	texts   []string          // of the keys of files; "" for the others
	numbers map[string]uint32 // of the keys of files; only ever looked up
	values  []writtenValue    // by number; 0 is nobody's
	holders []dht.Holder      // by address
	history dataHistory

	held     keySet // keys with copies at the last audit
	known    keySet // keys that there were
	expected expectedLoss
}

// writtenValue is what a put or delete has written, whatever becomes of it.
type writtenValue struct {
	key, size uint32
	deleted   bool
}

func newStored(cfg dht.Config, bits, addresses int, sessions bool) *stored {
	d := &stored{cfg: cfg, bits: bits, numbers: map[string]uint32{}, values: make([]writtenValue, 1), holders: make([]dht.Holder, addresses+1)}
	d.history.init(d, sessions)
	return d
}

// store gives a world its stored keys.
func (w *world) store(d *stored) {
	w.data = d
	w.kinds = append(w.kinds, dataKinds()...)
	for _, s := range w.shards {
		s.dataOut = dht.Out{Ring: &s.out, Config: &d.cfg, Keys: &d.keys}
	}
}

// newKey makes a key of a text of its own.
func (d *stored) newKey() uint32 {
	k := uint32(len(d.keys.IDs))
	d.addKey(syntheticKey(k), false)
	return k
}

// upTo makes keys until there are so many.
func (d *stored) upTo(n int64) {
	for int64(len(d.keys.IDs)) < n {
		d.newKey()
	}
}

// keyOf returns the key of a text of a file.
func (d *stored) keyOf(text string) uint32 {
	k, known := d.numbers[text]
	if !known {
		k = uint32(len(d.keys.IDs))
		d.numbers[text] = k
		d.addKey(text, true)
	}
	return k
}

func (d *stored) addKey(text string, keep bool) {
	d.keys.IDs = append(d.keys.IDs, hashed(text, d.bits))
	d.keys.Bytes = append(d.keys.Bytes, uint16(len(text)))
	if keep {
		for len(d.texts) < len(d.keys.IDs)-1 {
			d.texts = append(d.texts, "")
		}
		d.texts = append(d.texts, text)
	}
}

// keyText returns the text of a key.
func (d *stored) keyText(k uint32) string {
	if int(k) < len(d.texts) && d.texts[k] != "" {
		return d.texts[k]
	}
	return syntheticKey(k)
}

func syntheticKey(k uint32) string { return "key-" + strconv.FormatUint(uint64(k), 10) }

// write gives the value of a put, or a delete, its number and returns its
// record.
func (d *stored) write(key uint32, size int64, deleted bool) dht.Record {
	v := uint32(len(d.values))
	d.values = append(d.values, writtenValue{key, uint32(size), deleted})
	return dht.NewRecord(key, v, size, deleted)
}

// dataKind reports whether a message is the layer's of stored keys.
func dataKind(m *chord.Message) bool {
	return dht.Owns(m.Kind) ||
		m.Kind == chord.Bounce && m.Flags&chord.FlagLayer != 0 && chord.Kind(m.Path) >= chord.DataKinds
}

// step lets a node handle an event, with its stored keys if the run has any: the
// layer above the ring first, then the ring itself, and then what each has for
// the other.
func (s *shard) step(n *chord.Node, ev *chord.Event) {
	d := s.world.data
	if d == nil {
		n.Step(ev, &s.out)
		return
	}
	h := &d.holders[n.Addr]
	o := &s.dataOut
	switch {
	case ev.Timer != 0 && dataTimer(ev.Timer), ev.Timer == 0 && (dataKind(ev.Msg) || ev.Msg.Kind == chord.CmdLeave):
		s.stored.Step(h, n, ev, o)
	default:
		n.Step(ev, &s.out)
	}
	for ended := 0; ; {
		s.stored.Observe(h, n, ev, o)
		s.stored.Local(h, n, ev, o)
		if o.Gone {
			o.Gone = false
			n.Step(&chord.Event{Now: ev.Now, Rand: ev.Rand, Msg: &chord.Message{Kind: chord.CmdLeave}}, &s.out)
			continue
		}
		if ended == len(s.out.Finished) {
			return
		}
		for ; ended < len(s.out.Finished); ended++ {
			if f := &s.out.Finished[ended]; f.Tag&dht.LookupTag != 0 {
				s.stored.Found(h, n, ev, f, o)
			}
		}
	}
}

func dataTimer(data uint64) bool {
	kind, _, _ := chord.TimerParts(data)
	return dht.OwnsTimer(kind)
}

// carryOutData logs the operations that have ended in a step, and empties the
// store of a node that has left.
func (s *shard) carryOutData(h sim.Header) {
	o := &s.dataOut
	for i := range o.Done {
		s.note(h, logDone, uint32(len(s.done)))
		s.done = append(s.done, o.Done[i])
	}
	o.Reset()
	if s.out.Left {
		s.clearData(chord.Addr(h.To))
	}
}

// clearData drops what a node holds: it is gone.
func (s *shard) clearData(a chord.Addr) {
	h := &s.world.data.holders[a]
	s.stored.Clear(h)
	h.Reset()
}

// clearData does so at a barrier.
func (w *world) clearData(a chord.Addr) {
	if w.data != nil {
		w.shards[w.engine.Shard(sim.Addr(a)).Index()].clearData(a)
	}
}

// holder returns what a node has beside its records, and the store they lie in.
func (w *world) holder(a chord.Addr) (*dht.Holder, *dht.Store) {
	return &w.data.holders[a], &w.shards[w.engine.Shard(sim.Addr(a)).Index()].stored
}
