package explore

import "chordsim/chord"

// digest is a hash of everything that nodes were handed, in order. Of the
// numbers of requests it knows nothing.
type digest uint64

func (d *digest) add(v uint64) { *d = digest(fold(uint64(*d)^v, 0x8bb84b93962eacc9)) }

func (d *digest) mix(node int, ev *chord.Event) {
	d.add(uint64(node)<<32 | uint64(ev.From))
	if ev.Timer != 0 {
		kind, slot, _ := chord.TimerParts(ev.Timer)
		d.add(1<<63 | uint64(kind)<<32 | uint64(slot))
		return
	}
	m := ev.Msg
	d.add(uint64(m.Kind)<<32 | uint64(m.Flags)<<24 | uint64(m.Path))
	d.add(m.Key)
	d.add(uint64(m.A)<<32 | uint64(m.B))
	for _, p := range ev.List {
		d.add(p.ID<<32 | uint64(p.Addr))
	}
}
