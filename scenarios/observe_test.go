package scenarios

import (
	"fmt"
	"strings"
	"testing"

	"chordsim/chord"
	"chordsim/dht"
)

// onlooker counts what it is shown.
type onlooker struct {
	steps, changes, ends, mislaid int
	effects                       []string
	through                       map[uint32]int
	words                         map[chord.Word]int
	before                        int // instants that did not come after the one before
	last                          Duration
	joining                       bool
}

func newOnlooker() *onlooker {
	return &onlooker{words: map[chord.Word]int{}, through: map[uint32]int{}}
}

func (o *onlooker) Stepped(before, after *chord.Node, ev *chord.Event, _ *chord.Out) {
	o.steps++
	if before.Addr != after.Addr || (ev.Msg == nil) == (ev.Timer == 0) {
		panic("another node's state, or no event")
	}
}

func (o *onlooker) Changed(s *Standing) {
	o.changes++
	o.words[s.Snapshot().Word()]++
	if s.Now() <= o.last {
		o.before++
	}
	o.last, o.joining = s.Now(), o.joining || s.Joining()
}

func (o *onlooker) Befell(e *Effect) {
	o.effects = append(o.effects, fmt.Sprint(e.Verb, " ", e.Hosts))
	o.through[e.Through] += len(e.Hosts)
}

func (o *onlooker) Ended(s *Standing) {
	o.ends++
	o.mislaid = s.Mislaid()
}

const observedRing = `ring: {successors: 3, stabilize: 1s, detector: perfect}
data: {replicas: 2, repair: 5s}
timeline:
  - start: {nodes: 12}
  - put: {count: 40}
  - wait: 10s
  - join: {nodes: 4, over: 2s}
  - fail: {count: 1}
  - wait: 30s
`

// An observer sees each step and each change of the ring, and changes nothing.
func TestObserverSeesAndChangesNothing(t *testing.T) {
	plain := played(t, observedRing, 7)
	o := newOnlooker()
	seen := bed(t, observedRing, 7, RunOptions{Observer: o, Shards: 4, Workers: 2})
	seen.w.watch(o)
	err := seen.run()
	seen.w.watched.end(err)
	if got, want := seen.w.engine.Digest(), plain.w.engine.Digest(); got != want {
		t.Errorf("observed the digest is %x, else %x", got, want)
	}
	if o.steps < 1000 || o.changes < 10 || o.changes > o.steps/10 || o.before > 0 || o.ends != 1 || !o.joining {
		t.Errorf("it saw %+v", o)
	}
	if len(o.effects) != 6 || o.effects[0] != "start [1 2 3 4 5 6 7 8 9 10 11 12]" || o.effects[4] != "join [16]" || !strings.HasPrefix(o.effects[5], "fail [") {
		t.Errorf("the steps did %q", o.effects)
	}
	if o.words[chord.WordIdeal] == 0 || o.words[chord.WordRing] == 0 {
		t.Errorf("the crash and the joins do not show: %v", o.words)
	}
	if o.mislaid != 0 {
		t.Errorf("%d keys are mislaid where one of 12 nodes crashed and each key has two copies", o.mislaid)
	}
}

// A key whose last copy went with a crash is lost, and not mislaid; one that went
// otherwise is both.
func TestMislaidIsWhatNoCrashTook(t *testing.T) {
	for _, crashed := range []bool{true, false} {
		tl := bed(t, observedRing, 7, RunOptions{})
		tl.w.watch(newOnlooker())
		play(t, tl)
		all := tl.w.alive()
		gone := all[:len(all)-2]
		if crashed {
			tl.w.crash(gone)
		} else {
			for _, a := range gone {
				tl.w.clearData(a)
			}
		}
		tl.w.watched.reach()
		lost, mislaid := int(tl.w.audit("").Lost), tl.w.watched.Mislaid()
		if lost == 0 || (mislaid == 0) != crashed || !crashed && mislaid != lost {
			t.Errorf("crashed %v: %d keys are lost and %d mislaid", crashed, lost, mislaid)
		}
	}
}

// A deleted key of which an old value is back has risen if no crash took the last copy
// of the delete.
func TestRaisedIsWhatNoCrashLetRise(t *testing.T) {
	for _, crashed := range []bool{true, false} {
		tl := bed(t, audited+"  - delete: {each: on}\n", 3, RunOptions{})
		w := tl.w
		w.watch(newOnlooker())
		play(t, tl)
		holders := w.holders(7)
		w.watched.reach()
		if n := w.watched.Raised(); n != 0 {
			t.Errorf("%d keys have risen after their deletes", n)
		}
		if crashed {
			w.watched.crash(holders)
		}
		old := dht.NewRecord(7, 1, 100, false)
		old.Version, old.Writer = w.data.history.newest(7).Version-1, 1
		w.take(7, holders...)
		w.plant(holders[0], old)
		if n := w.watched.Raised(); w.audit("").Resurrected != 1 || (n == 1) == crashed {
			t.Errorf("crashed %v: %d keys have risen", crashed, n)
		}
	}
}
