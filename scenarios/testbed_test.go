package scenarios

import (
	"testing"

	"chordsim/chord"
	"chordsim/sim"
)

// bed prepares one run of a scenario, given as YAML without its name, and
// leaves it in the hands of a test: it may look into the world, add observers
// and then run the timeline.
func bed(t testing.TB, text string, seed uint64, o RunOptions) *timeline {
	t.Helper()
	sc, err := Parse("testdata/bed.yaml", []byte("name: bed\n"+text), Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	plans, err := sc.plans()
	if err != nil {
		t.Fatal(err)
	}
	w, err := plans[0].world(seed, o)
	if err != nil {
		t.Fatal(err)
	}
	return newTimeline(plans[0], w, seed)
}

// played runs a scenario to its end and returns the timeline as it stands
// then.
func played(t testing.TB, text string, seed uint64) *timeline {
	t.Helper()
	tl := bed(t, text, seed, RunOptions{})
	play(t, tl)
	return tl
}

func play(t testing.TB, tl *timeline) {
	t.Helper()
	if err := tl.run(); err != nil {
		t.Fatal(err)
	}
}

// lookupsOf returns what the lookups of a name came to.
func lookupsOf(t testing.TB, tl *timeline, name string) Lookup {
	t.Helper()
	for _, l := range tl.result().Lookups {
		if l.Name == name {
			return l
		}
	}
	t.Fatalf("no lookups are called %s", name)
	return Lookup{}
}

// awaitOf returns how an await of a name ended.
func awaitOf(t testing.TB, tl *timeline, name string) Await {
	t.Helper()
	for _, a := range tl.result().Awaits {
		if a.Name == name {
			return a
		}
	}
	t.Fatalf("no await is called %s", name)
	return Await{}
}

// everyBarrier calls look after all that the world itself does at a barrier.
func (w *world) everyBarrier(look func(sim.Time)) {
	before := w.engine.OnWindow
	w.engine.OnWindow = func(end sim.Time) {
		before(end)
		look(end)
	}
}

// alive returns the addresses of the members in ascending order.
func (w *world) alive() []chord.Addr {
	var out []chord.Addr
	for a := w.members.live.next(1); a >= 0; a = w.members.live.next(a + 1) {
		out = append(out, chord.Addr(a))
	}
	return out
}

// belief is all of a node's routing state: predecessor, list and fingers, one
// after the other.
func belief(n *chord.Node, cfg *chord.Config, buf []chord.Peer) []chord.Peer {
	buf = n.AppendList(append(buf, n.Pred))
	for i := range cfg.Bits {
		buf = append(buf, n.Finger(cfg, i))
	}
	return buf
}

// hashOf hashes peers; the order counts.
func hashOf(peers []chord.Peer) uint64 {
	h := uint64(len(peers))
	for _, p := range peers {
		h = sim.Mix(sim.Mix(h, p.ID), uint64(p.Addr))
	}
	return h
}
