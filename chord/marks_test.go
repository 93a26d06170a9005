package chord

import "testing"

// Random play of the corrected and the 2003 rules meets every mark; what is no step
// of maintenance meets none.
func TestEveryMarkIsMet(t *testing.T) {
	var met [NumMarks]int
	for seed := range uint64(2000) {
		b := &bytesLeft{script(seed, 2000)}
		m := scriptedRing(b)
		m.watch = func(n *Node, ev Event, step func()) {
			before := *n
			step()
			marks := MarksOf(&before, n, &ev, &m.out)
			for mark := range Mark(NumMarks) {
				if marks.Has(mark) {
					met[mark]++
				}
			}
			if marks != 0 && before == *n && ev.Msg != nil && ev.Msg.Kind == Ping {
				t.Fatalf("seed %d: a ping met %b", seed, marks)
			}
		}
		for len(b.data) > 0 {
			b.act(m)
		}
	}
	for mark := range Mark(NumMarks) {
		if met[mark] == 0 {
			t.Errorf("never met: %v", mark)
		}
	}
}

func TestSamePlace(t *testing.T) {
	m := newMiniature("corrected", 2)
	m.settle(10, 20, 30)
	a := *m.node(10)
	for name, change := range map[string]func(n *Node){
		"status": func(n *Node) { n.Status = Leaving }, "predecessor": func(n *Node) { n.Pred = named(20) },
		"length": func(n *Node) { n.listLen-- }, "entry": func(n *Node) { n.listAddrs[1] = named(20).Addr },
	} {
		b := a
		change(&b)
		if a.SamePlace(&b) || b.SamePlace(&a) {
			t.Errorf("another %s is the same place", name)
		}
	}
	b := a
	b.numbers, b.fingerCursor = 7, 3
	if !a.SamePlace(&b) {
		t.Error("numbers of requests and fingers are no place in the ring")
	}
}
