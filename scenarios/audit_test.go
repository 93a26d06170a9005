package scenarios

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"chordsim/chord"
	"chordsim/dht"
	"chordsim/sim"

	"github.com/google/go-cmp/cmp"
)

// dataOf returns what a named measure of the data saw.
func dataOf(t testing.TB, tl *timeline, name string) Data {
	t.Helper()
	for _, d := range tl.result().Data {
		if d.Name == name {
			return d
		}
	}
	t.Fatalf("no measure of the data is called %s", name)
	return Data{}
}

// audited is a ring of 8 whose 40 keys have three copies each, and which repairs
// nothing by itself.
const audited = calm + `data: {replicas: 3, write_quorum: 3, repair: 0s}
timeline:
  - start: {nodes: 8}
  - put: {count: 40}
`

const auditedKeys = 40

// holders returns the nodes that are to hold a key, its owner first.
func (w *world) holders(key uint32) []chord.Addr {
	var out []chord.Addr
	p := w.members.owner(w.data.keys.IDs[key])
	for range w.data.cfg.Replicas {
		out = append(out, p.Addr)
		p = w.members.owner((p.ID + 1) & w.cfg.Mask())
	}
	return out
}

// recordsOf returns what a node holds.
func (w *world) recordsOf(a chord.Addr) []dht.Record {
	var out []dht.Record
	h, s := w.holder(a)
	s.Each(h, func(r dht.Record) { out = append(out, r) })
	return out
}

// plant has a node hold records, in a message as from another holder.
func (w *world) plant(a chord.Addr, records ...dht.Record) {
	for _, r := range records {
		size := uint32(r.Size())
		if r.Deleted() {
			size = 1 << 31
		}
		list := []chord.Peer{{ID: r.Version, Addr: r.Writer}, {ID: uint64(r.Key)<<32 | uint64(r.Value), Addr: size}}
		h := sim.Header{At: w.engine.Now(), To: sim.Addr(a), Seq: w.engine.Shard(0).Next(0)}
		w.engine.Inject(h, &chord.Message{Kind: dht.Copy}, list)
	}
	w.run(w.engine.Now() + sim.Time(Millisecond))
}

// take takes a key away from nodes.
func (w *world) take(key uint32, from ...chord.Addr) {
	for _, a := range from {
		rest := slices.DeleteFunc(w.recordsOf(a), func(r dht.Record) bool { return r.Key == key })
		w.clearData(a)
		w.plant(a, rest...)
	}
}

// newer is a record that replaces another.
func newer(r dht.Record, by uint64) dht.Record {
	r.Version += by
	return r
}

// What the nodes hold is compared with what was acknowledged.
func TestAuditSeesWhatWasTakenAway(t *testing.T) {
	const key = 7
	for _, c := range []struct {
		what   string
		tamper func(w *world, holders []chord.Addr, r dht.Record)
		want   Data // difference to a ring that has all
		full   int64
	}{
		{"nothing", func(*world, []chord.Addr, dht.Record) {}, Data{}, 40},
		{"the owner's copy is gone", func(w *world, h []chord.Addr, _ dht.Record) { w.take(key, h[0]) }, Data{Readable: -1, Unreadable: 1, Copies: -1}, 39},
		{"another copy is gone", func(w *world, h []chord.Addr, _ dht.Record) { w.take(key, h[2]) }, Data{Copies: -1}, 39},
		{"two copies are gone", func(w *world, h []chord.Addr, _ dht.Record) { w.take(key, h[:2]...) }, Data{Readable: -1, Unreadable: 1, Copies: -2}, 39},
		{"all copies are gone", func(w *world, h []chord.Addr, _ dht.Record) { w.take(key, h...) }, Data{Readable: -1, Lost: 1, NewlyLost: 1, Copies: -3}, 39},
		{"a copy where it does not belong", func(w *world, h []chord.Addr, r dht.Record) {
			other := slices.IndexFunc(w.alive(), func(a chord.Addr) bool { return !slices.Contains(h, a) })
			w.plant(w.alive()[other], r)
			w.take(key, h...)
		}, Data{Readable: -1, Unreadable: 1, Copies: -2}, 39},
		{"the owner has an older value", func(w *world, h []chord.Addr, r dht.Record) {
			w.data.history.truth[key] = newer(r, 1)
			w.plant(h[1], newer(r, 1))
			w.plant(h[2], newer(r, 1))
		}, Data{Readable: -1, Unreadable: 1}, 39},
		{"another holder has an older value", func(w *world, h []chord.Addr, r dht.Record) {
			w.data.history.truth[key] = newer(r, 1)
			w.plant(h[0], newer(r, 1))
			w.plant(h[1], newer(r, 1))
		}, Data{}, 39},
		{"all have an older value", func(w *world, _ []chord.Addr, r dht.Record) {
			w.data.history.truth[key] = newer(r, 1)
		}, Data{Readable: -1, Lost: 1, NewlyLost: 1}, 39},
		{"a newer value that nobody was told of will do", func(w *world, h []chord.Addr, r dht.Record) {
			for _, a := range h {
				w.plant(a, newer(r, 1))
			}
		}, Data{}, 40},
		{"only the owner has a newer value", func(w *world, h []chord.Addr, r dht.Record) { w.plant(h[0], newer(r, 1)) }, Data{}, 40},
	} {
		tl := played(t, audited, 3)
		w := tl.w
		before := w.audit("before")
		if diff := cmp.Diff([4]int64{auditedKeys, auditedKeys, 3 * auditedKeys, 0}, [4]int64{before.Keys, before.Readable, before.Copies, before.Lost}); diff != "" {
			t.Fatal(diff)
		}
		holders := w.holders(key)
		r := w.data.history.newest(key)
		c.tamper(w, holders, r)
		got := w.audit("after")
		diff := Data{Keys: got.Keys - before.Keys, Readable: got.Readable - before.Readable, Unreadable: got.Unreadable, Lost: got.Lost,
			NewlyLost: got.NewlyLost, Resurrected: got.Resurrected, Copies: got.Copies - before.Copies}
		if d := cmp.Diff(c.want, diff, cmp.AllowUnexported(Data{})); d != "" {
			t.Errorf("%s: %s", c.what, d)
		}
		if got.FullShare != Ratio(c.full-c.want.Lost*(c.full-39), 40-c.want.Lost) {
			t.Errorf("%s: full share %v, want %d of %d", c.what, got.FullShare, c.full, 40-c.want.Lost)
		}
		if got.LostShare != Ratio(c.want.Lost, 40) || got.NewlyLostShare != Ratio(c.want.NewlyLost, 40) {
			t.Errorf("%s: shares %v and %v of %d lost", c.what, got.LostShare, got.NewlyLostShare, c.want.Lost)
		}
	}
}

// A deleted key is none; if its owner has an older value than the delete, it has
// risen from the dead.
func TestAuditOfDeletedKeys(t *testing.T) {
	tl := played(t, audited+"  - delete: {each: on}\n  - put: {count: 1}\n", 3)
	w := tl.w
	tomb := w.data.history.newest(7)
	if !tomb.Deleted() {
		t.Fatal("the newest of a deleted key is no tombstone")
	}
	check := func(what string, resurrected, copies int64) {
		t.Helper()
		got := w.audit("a")
		want := Data{Keys: 1, Readable: 1, Resurrected: resurrected, Copies: 3 + copies}
		diff := Data{Keys: got.Keys, Readable: got.Readable, Unreadable: got.Unreadable, Lost: got.Lost, Resurrected: got.Resurrected, Copies: got.Copies}
		if d := cmp.Diff(want, diff, cmp.AllowUnexported(Data{})); d != "" {
			t.Errorf("%s: %s", what, d)
		}
	}
	check("all deleted but one", 0, 0)
	holders := w.holders(7)
	old := dht.NewRecord(7, 1, 100, false)
	old.Version, old.Writer = tomb.Version-1, 1
	w.take(7, holders...)
	check("tombstones gone", 0, 0)
	w.plant(holders[1], old)
	check("an old value beside the owner", 0, 1)
	w.plant(holders[0], old)
	check("an old value at the owner", 1, 2)
	late := old
	late.Version = tomb.Version + 1
	w.plant(holders[0], late)
	check("a later value that nobody was told of", 0, 2)
}

// A key is newly lost once: if there were copies at the audit before. Which it had
// none of then, it has again when somebody puts it.
func TestNewlyLostIsSinceTheLastAudit(t *testing.T) {
	tl := played(t, audited, 3)
	w := tl.w
	look := func(what string, lost, newly, had int64) {
		t.Helper()
		got := w.audit("a")
		if got.Lost != lost || got.NewlyLost != newly || got.NewlyLostShare != Ratio(newly, had) {
			t.Errorf("%s: lost %d, newly %d, share %v; want %d, %d, %v", what, got.Lost, got.NewlyLost, got.NewlyLostShare, lost, newly, Ratio(newly, had))
		}
	}
	w.take(7, w.holders(7)...)
	look("at the first audit all counts", 1, 1, 40)
	look("nothing since", 1, 0, 39)
	w.take(8, w.holders(8)...)
	look("another", 2, 1, 39)
	again := newer(w.data.history.newest(7), 1)
	w.data.history.truth[7] = again
	w.plant(w.holders(7)[0], again)
	look("put again", 1, 0, 38)
	w.take(7, w.holders(7)...)
	look("and lost again", 2, 1, 39)
}

// Nodes that crash take their copies with them; what nobody was told to be held
// does not count.
func TestAuditAfterCrashes(t *testing.T) {
	tl := played(t, audited, 3)
	w := tl.w
	holders := w.holders(7)
	w.crash(holders[:2])
	got := w.audit("two")
	if want := w.data.history.newest(7); got.Lost != 0 || got.Keys != auditedKeys || got.Copies >= 3*auditedKeys || got.FullShare == 1 {
		t.Errorf("after two crashes: %+v of %v", got, want)
	}
	w.crash(holders[2:])
	got = w.audit("three")
	lost := int64(0)
	for k := range uint32(auditedKeys) {
		live := 0
		for _, a := range w.alive() {
			for _, r := range w.recordsOf(a) {
				if r.Key == k {
					live++
				}
			}
		}
		if live == 0 {
			lost++
		}
	}
	if lost == 0 || got.Lost != lost || got.NewlyLost != lost || got.Readable+got.Unreadable+got.Lost != auditedKeys {
		t.Errorf("after three crashes %d are lost, and the audit says %+v", lost, got)
	}

	empty := played(t, audited+"  - fail: {count: 8}\n  - put: {count: 5}\n  - measure: {data: on, as: end}\n", 3)
	if d := dataOf(t, empty, "end"); d.Keys != auditedKeys || d.Lost != auditedKeys || d.Copies != 0 || d.FullShare.Defined() {
		t.Errorf("of an empty ring: %+v", d)
	}
	// Puts that nobody acknowledged are no keys.
	none := played(t, calm+"data: {replicas: 5, write_quorum: 5}\ntimeline:\n  - start: {nodes: 6}\n  - fail: {count: 3}\n  - put: {count: 5}\n  - measure: {data: on, as: end}\n", 3)
	if d := dataOf(t, none, "end"); d.Keys != 0 || d.Lost != 0 || d.LostShare.Defined() {
		t.Errorf("without a quorum: %+v", d)
	}
}

// What a failure is expected to cost is known for one failure at one instant.
func TestExpectedLoss(t *testing.T) {
	const n = 20
	product := func(f, k int) float64 {
		p := 1.0
		for j := range k {
			p *= float64(max(f-j, 0)) / float64(n-j)
		}
		return p
	}
	for _, c := range []struct {
		steps string
		want  func(k int) float64
	}{
		{"fail: {probability: 0.3}", func(k int) float64 { return math.Pow(0.3, float64(k)) }},
		{"fail: {probability: 0}", func(int) float64 { return 0 }},
		{"fail: {fraction: 50%}", func(k int) float64 { return product(10, k) }},
		{"fail: {count: 4}", func(k int) float64 { return product(4, k) }},
		{"fail: {count: 1}", func(k int) float64 { return product(1, k) }},
		{"fail: {count: 20}", func(int) float64 { return 1 }},
		{"fail: {count: 200}", func(int) float64 { return 1 }},
		{"fail: {arc: 6}", func(k int) float64 { return float64(6-k+1) / n }},
		{"fail: {arc: 25%}", func(k int) float64 { return float64(5-k+1) / n }},
		{"fail: {arc: 2}", func(k int) float64 { return float64(max(2-k+1, 0)) / n }},
		{"fail: {arc: 40}", func(int) float64 { return 1 }},
		{"fail: {count: 18}}, {measure: {data: on}}, {fail: {count: 2}", func(int) float64 { return 1 }},
		{"fail: {count: 18}}, {measure: {data: on}}, {fail: {probability: 0.5}", func(k int) float64 { return math.Pow(0.5, float64(min(k, 2))) }},
		{"fail: {count: 2}}, {wait: 1s", func(k int) float64 { return product(2, k) }},
		{"join: {nodes: 1}}, {fail: {count: 21}", func(int) float64 { return 1 }},
		{"measure: {data: on}}, {fail: {count: 2}", func(k int) float64 { return product(2, k) }},
		{"fail: {count: 2}}, {measure: {data: on}}, {fail: {probability: 0.5}", func(k int) float64 { return math.Pow(0.5, float64(k)) }},
		{"wait: 1s", nil},
		{"fail: {count: 2}}, {fail: {count: 2}", nil},
		{"fail: {count: 2, over: 1s}", nil},
		{"fail: {count: 2, guarded: on}", nil},
		{"fail: {hosts: [3, 7]}", nil},
		{"leave: {count: 2}", nil},
		{"leave: {count: 2}}, {fail: {count: 2}", nil},
		{"fail: {count: 2}}, {leave: {count: 2}", nil},
		{"churn: {for: 1h, departures: 1/m}}, {fail: {count: 2}", nil},
		{"churn: {for: 1s, departures: 1/h}}, {fail: {count: 2}", func(k int) float64 { return product(2, k) }},
		{"churn: {for: 1h, departures: 1/s, background: on}}, {wait: 1s}, {measure: {data: on}}, {fail: {count: 2}}, {wait: 5s", nil},
		{"leave: {count: 4, over: 10s, background: on}}, {measure: {data: on}}, {fail: {count: 2}}, {wait: 10s", nil},
		{"fail: {count: 4, over: 10s, background: on}}, {measure: {data: on}}, {fail: {count: 2}}, {wait: 10s", nil},
		{"fail: {count: 2}}, {measure: {data: on}", nil},
	} {
		for k := 1; k <= 3; k++ {
			text := fmt.Sprintf(calm+"data: {replicas: %d}\ntimeline: [{start: {nodes: %d}}, {put: {count: 1}}, {%s}, {measure: {data: on, as: end}}]\n", k, n, c.steps)
			got := dataOf(t, played(t, text, 1), "end").ExpectedLostShare
			switch {
			case c.want == nil && got.Defined():
				t.Errorf("%s, %d copies: %v is expected, want nothing", c.steps, k, got)
			case c.want != nil && (!got.Defined() || math.Abs(float64(got)-c.want(k)) > 1e-9):
				t.Errorf("%s, %d copies: %v is expected, want %g", c.steps, k, got, c.want(k))
			}
		}
	}
	text := "ring: {successors: 4, detector: perfect, virtual_nodes: 2}\ntimeline: [{start: {nodes: 20}}, {put: {count: 1}}, {fail: {count: 2}}, {measure: {data: on, as: end}}]\n"
	if got := dataOf(t, played(t, text, 1), "end").ExpectedLostShare; got.Defined() {
		t.Errorf("of hosts with two nodes each %v is expected", got)
	}
}
