package scenarios

import (
	"strings"
	"testing"

	"chordsim/chord"
)

// Who kept its state is a member again at once, with the list it had, and nobody has
// to tell it anything; who did not joins anew and knows nobody at first.
func TestRestartWithState(t *testing.T) {
	const text = `
ring: {successors: 4, stabilize: 10s, check_predecessor: 10s}
timeline:
  - start: {nodes: 40}
  - wait: 1m
  - fail: {count: 10}
  - wait: 5s
  - restart: {keep: KEEP}
`
	at := func(keep string) *timeline { return played(t, strings.ReplaceAll(text, "KEEP", keep), 4) }
	kept, anew := at("on"), at("off")
	for a := chord.Addr(1); a <= 40; a++ {
		if !kept.w.members.has(a) {
			t.Errorf("node %d is no member at the instant of its return", a)
		}
		if n := &kept.w.nodes[a]; n.Successor().None() || n.Status != chord.Member {
			t.Errorf("node %d has come back with status %d and no successor", a, n.Status)
		}
	}
	if anew.w.members.count != 30 {
		t.Errorf("%d are members at once who join anew, want the 30 that stayed", anew.w.members.count)
	}
	healed := played(t, strings.ReplaceAll(text, "KEEP", "on")+"  - await: {ring: ideal, within: 5m, as: heal}\n  - lookup: {count: 200, as: look}\n", 4)
	if a := awaitOf(t, healed, "heal"); !a.Held {
		t.Error("the ring does not become ideal")
	}
	if l := lookupsOf(t, healed, "look"); l.Correct != 200 {
		t.Errorf("%d of 200 lookups are correct", l.Correct)
	}
}

// With their state come their keys: a whole ring that goes down and comes up has
// lost none, and all without; and what was put in the absence of some is newer than
// what they have.
func TestRestartWithKeys(t *testing.T) {
	const text = `
ring: {successors: 4, stabilize: 2s, check_predecessor: 2s}
timeline:
  - start: {nodes: 20}
  - put: {count: 300, over: 5s}
  - fail: {fraction: SHARE}
  - wait: 20s
  - put: {count: MORE, keys: 300, over: 5s}
  - restart: {keep: KEEP}
  - wait: 2m
  - measure: {data: on, as: end}
  - get: {each: on, as: all_keys}
`
	for _, c := range []struct {
		share, more, keep string
		lost, stale       bool
	}{
		{"100%", "1", "on", false, false},
		{"100%", "1", "off", true, false},
		{"30%", "300", "on", false, false},
		{"30%", "1", "off", true, false},
	} {
		tl := played(t, strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(text, "SHARE", c.share), "MORE", c.more), "KEEP", c.keep), 4)
		r := tl.result()
		d := r.Data[0]
		if d.Lost > 0 != c.lost || d.Unreadable > 0 {
			t.Errorf("%s fail, keep %s: %d keys are lost, %d unreadable", c.share, c.keep, d.Lost, d.Unreadable)
		}
		get := r.Operations[len(r.Operations)-1]
		if get.Stale > 0 || !c.lost && get.Found != 300 {
			t.Errorf("%s fail, keep %s: of 300 gets %d found a value, %d a stale one", c.share, c.keep, get.Found, get.Stale)
		}
	}
}

// State is kept for one return: who comes back anew, or has left by itself, has none.
func TestStateIsKeptOnce(t *testing.T) {
	tl := played(t, `
timeline:
  - start: {nodes: 20}
  - put: {count: 200}
  - fail: {count: 5}
  - leave: {count: 5}
  - wait: 1m
  - restart: {count: 10}
  - wait: 3m
  - restart: {keep: on}
  - fail: {count: 20}
  - restart: {keep: on, over: 10s}
`, 4)
	if got := tl.w.kept.count(); got != 0 {
		t.Errorf("the state of %d nodes is kept that are there", got)
	}
	if tl.w.members.count != 20 {
		t.Errorf("%d members", tl.w.members.count)
	}
}

// A node that returns with its state registers with the seed server, which may have
// forgotten it.
func TestRestartWithStateBesideASeedServer(t *testing.T) {
	tl := played(t, `
ring: {bootstrap: seed-server}
timeline:
  - start: {nodes: 20}
  - wait: 10s
  - fail: {count: 4}
  - seed_server: down
  - seed_server: up
  - restart: {keep: on}
  - wait: 5s
`, 4)
	if n := tl.w.seeds.server.Known(); n != 4 || tl.w.members.count != 20 {
		t.Errorf("the seed server knows %d nodes, want the 4 that are back; %d are members", n, tl.w.members.count)
	}
}
