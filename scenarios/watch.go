package scenarios

import (
	"math"
	"time"

	"chordsim/chord"
	"chordsim/sim"
)

// WatchOptions asks for a run to be shown while it goes on, as the visualizer of
// E-Chord does. It is for one run: of several side by side nobody could tell
// whose state is shown.
type WatchOptions struct {
	Every time.Duration // virtual time from one look to the next; above 0
	Rows  int           // nodes listed, at most
	// Show is called from the goroutine of the run, at its beginning, every so
	// often, and with Ended at its end, be it in the same instant. The run stands
	// still meanwhile, so that Show sets the pace.
	Show func(Watched)
}

// Watched is a run at one instant.
type Watched struct {
	At        time.Duration // virtual, since the start of the run
	Ended     bool          // the timeline is at its end
	Members   int
	Joining   int    // told to join, and not members yet
	Stability Number // share of the members whose successor and predecessor are both right; undefined without members
	Verdict   string // the word of a report; "" beyond a size where it would slow the run down
	Last      string // what the timeline did last: "fail 50%"; "" for nothing yet
	Bits      int    // of identifiers
	Stores    bool   // the run stores keys, and each node has some number of them
	Keys      int64  // on all members
	Rows      []WatchedNode
}

// WatchedNode is one member and what it believes. Rows are in ring order, every
// member or as many as were asked for, evenly spread by rank.
type WatchedNode struct {
	Node                             WatchedPeer
	Successor, Predecessor           WatchedPeer
	RightSuccessor, RightPredecessor bool
	Keys                             int64
}

// WatchedPeer is an address with its identifier; address 0 is nobody.
type WatchedPeer struct {
	Addr uint32
	ID   uint64
}

// mostJudged is how many members a ring may have and be judged at every look:
// with lists of 20 it takes some milliseconds.
const mostJudged = 10_000

// watchStep is the step of the looks in the agenda: behind whatever else was
// promised for the same instant.
const watchStep = math.MaxInt

// watcher has a run looked at. It only looks: digests and results are the same
// with it.
type watcher struct{ o WatchOptions }

func newWatcher(o *WatchOptions) *watcher {
	if o == nil {
		return nil
	}
	return &watcher{*o}
}

// begin promises the looks. The first is when time begins to pass: after the
// steps at its very beginning.
func (v *watcher) begin(t *timeline) {
	if v == nil {
		return
	}
	var again func()
	again = func() {
		v.show(t, false)
		if next := t.now() + sim.Time(v.o.Every); next > t.now() { // an interval may be as long as time itself
			t.agenda.at(next, watchStep, again)
		}
	}
	t.agenda.at(t.now(), watchStep, again)
}

// end shows what the run has come to.
func (v *watcher) end(t *timeline) {
	if v != nil {
		v.show(t, true)
	}
}

func (v *watcher) show(t *timeline, ended bool) {
	clocked(&t.watching, func() {
		seen := t.w.look(v.o.Rows)
		seen.Ended = ended
		if n := len(t.marks); n > 0 {
			seen.Last = t.marks[n-1].Label
		}
		v.o.Show(seen)
	})
}

// look takes the state of the world as it is now, with at most so many rows.
func (w *world) look(rows int) Watched {
	count := w.members.count
	seen := Watched{
		At: time.Duration(w.engine.Now()), Members: count, Joining: w.joiners.count(),
		Bits: w.cfg.Bits, Stores: w.stores(),
	}
	rows = max(min(rows, count), 0)
	seen.Rows = make([]WatchedNode, 0, rows)
	rank, stable := 0, 0
	w.members.eachBetween(func(before, at, after chord.Peer) {
		n := &w.nodes[at.Addr]
		successor := n.Successor()
		rightSuccessor, rightPredecessor := successor == after, n.Pred == before
		if rightSuccessor && rightPredecessor {
			stable++
		}
		keys := w.keysAt(at.Addr)
		seen.Keys += keys
		if k := len(seen.Rows); k < rows && rank == int(mulDiv(uint64(k), uint64(count), uint64(rows))) {
			seen.Rows = append(seen.Rows, WatchedNode{
				Node: watchedPeer(at), Successor: watchedPeer(successor), Predecessor: watchedPeer(n.Pred),
				RightSuccessor: rightSuccessor, RightPredecessor: rightPredecessor, Keys: keys,
			})
		}
		rank++
	})
	seen.Stability = Ratio(int64(stable), int64(count))
	if count <= mostJudged {
		seen.Verdict = string(w.takeSnapshot().Report().Word)
	}
	return seen
}

func watchedPeer(p chord.Peer) WatchedPeer { return WatchedPeer{uint32(p.Addr), p.ID} }

// stores reports whether the nodes of this run store keys.
func (w *world) stores() bool { return w.data != nil }

// keysAt returns how many keys a node stores; 0 where stores says that none does.
func (w *world) keysAt(a chord.Addr) int64 {
	if !w.stores() {
		return 0
	}
	h, _ := w.holder(a)
	return h.Keys()
}
