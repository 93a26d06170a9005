package chord

import (
	"reflect"
	"slices"
	"testing"
)

// cloneLookups copies a table of lookups, which lies beside the nodes.
func cloneLookups(t *Lookups) Lookups {
	c := *t
	c.records, c.walks = nil, nil
	for _, block := range t.records {
		c.records = append(c.records, append([]lookup(nil), block...))
	}
	for _, block := range t.walks {
		c.walks = append(c.walks, append([]walk(nil), block...))
	}
	return c
}

// A node copied by value and handed the same event ends the same and wants the
// same done: it hides nothing behind a pointer, and no map, clock or random
// source of its own decides.
func TestACopyStepsTheSame(t *testing.T) {
	steps := 0
	for seed := range uint64(12) {
		b := &bytesLeft{script(seed, 2000)}
		m := scriptedRing(b)
		m.watch = func(n *Node, ev Event, step func()) {
			twin, lookups := *n, cloneLookups(&m.lookups)
			out := Out{Config: &m.cfg, Lookups: &lookups, Counters: m.out.Counters}
			if ev.Msg != nil {
				msg := *ev.Msg
				defer func(was Message) {
					if msg != was {
						t.Fatalf("the message changed from %v to %v", was, msg)
					}
				}(msg)
				ev.Msg = &msg
			}
			twin.Step(&ev, &out)
			step()
			if twin != *n {
				t.Fatalf("after %v the copy is\n%+v, the node\n%+v", ev, twin, *n)
			}
			if !sameOutput(&out, &m.out) || out.Counters != m.out.Counters {
				t.Fatalf("after %v the copy wants\n%+v, the node\n%+v", ev, out, m.out)
			}
			if lookups.free != m.lookups.free || lookups.active != m.lookups.active ||
				!reflect.DeepEqual(lookups.records, m.lookups.records) {
				t.Fatalf("after %v the lookups of the copy differ", ev)
			}
			steps++
		}
		for len(b.data) > 0 {
			b.act(m)
		}
	}
	if steps < 1000 {
		t.Errorf("%d steps show too little", steps)
	}
}

// sameOutput compares what two steps put out.
func sameOutput(a, b *Out) bool {
	return slices.Equal(a.Sends, b.Sends) && slices.Equal(a.Peers, b.Peers) && slices.Equal(a.Timers, b.Timers) &&
		slices.Equal(a.Finished, b.Finished) && slices.Equal(a.Suspects, b.Suspects) &&
		a.Member == b.Member && a.Left == b.Left && a.WantBootstrap == b.WantBootstrap
}
