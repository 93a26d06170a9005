package scenarios

import (
	"container/heap"

	"chordsim/sim"
)

// agenda is what the timeline has promised to do at later instants: the next
// arrival, the next departure, the next sample. It is done at barriers, in
// the order of times, then of steps, then of promises.
type agenda struct {
	items agendaHeap
	count uint64
}

type agendaItem struct {
	at    sim.Time
	step  int
	order uint64
	do    func()
}

// at promises to do something.
func (a *agenda) at(t sim.Time, step int, do func()) {
	a.count++
	heap.Push(&a.items, agendaItem{t, step, a.count, do})
}

// next returns when the first promise falls due.
func (a *agenda) next() (sim.Time, bool) {
	if len(a.items) == 0 {
		return sim.Forever, false
	}
	return a.items[0].at, true
}

func (a *agenda) pop() agendaItem { return heap.Pop(&a.items).(agendaItem) }

type agendaHeap []agendaItem

func (h agendaHeap) Len() int      { return len(h) }
func (h agendaHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h agendaHeap) Less(i, j int) bool {
	a, b := &h[i], &h[j]
	if a.at != b.at {
		return a.at < b.at
	}
	if a.step != b.step {
		return a.step < b.step
	}
	return a.order < b.order
}
func (h *agendaHeap) Push(x any) { *h = append(*h, x.(agendaItem)) }
func (h *agendaHeap) Pop() any {
	old := *h
	last := old[len(old)-1]
	*h = old[:len(old)-1]
	return last
}
