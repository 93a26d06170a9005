package scenarios

import (
	"fmt"
	"slices"
	"testing"

	"chordsim/chord"
)

// A host has the identifier of its number, whoever else comes; those in between stay
// away until a step brings them.
func TestHostsComeByTheirNumbers(t *testing.T) {
	const head = "ring: {successors: 2, stabilize: 1s}\ntimeline:\n"
	all := played(t, head+"  - start: {nodes: 9}\n", 5)
	tl := played(t, head+`  - start: {hosts: [7, 2, 4]}
  - join: {nodes: 2}
  - join: {hosts: [5, 1], through: 4, over: 2s}
  - wait: 1m
`, 5)
	if got, want := tl.members(), []uint32{1, 2, 4, 5, 7, 8, 9}; !slices.Equal(got, want) {
		t.Errorf("the members are %v, want %v", got, want)
	}
	for a := range chord.Addr(10) {
		if a > 0 && tl.w.nodes[a].ID != all.w.nodes[a].ID {
			t.Errorf("host %d has identifier %x, and %x where all come", a, tl.w.nodes[a].ID, all.w.nodes[a].ID)
		}
	}
	if w := tl.w.takeSnapshot().Word(); w != chord.WordIdeal {
		t.Errorf("the ring is %v", w)
	}
	hosts := played(t, "ring: {virtual_nodes: 3, successors: 2}\ntimeline:\n  - start: {hosts: [4, 2]}\n", 5)
	if got := hosts.members(); !slices.Equal(got, []uint32{2, 4}) || hosts.w.members.count != 6 || hosts.w.used != 12 {
		t.Errorf("members %v, %d nodes of %d", got, hosts.w.members.count, hosts.w.used)
	}
}

// Hosts go in the order in which they are named, whether they are members or still
// joining; who is not there is passed over and counted.
func TestHostsGoByTheirNumbers(t *testing.T) {
	o := newOnlooker()
	tl := bed(t, `ring: {protocol: ton2003, successors: 2, stabilize: 1s}
network: {latency: 100ms}
timeline:
  - start: {nodes: 6}
  - fail: {hosts: [5, 2], over: 2s}
  - join: {hosts: [9], background: on}
  - fail: {hosts: [9, 2]}
  - leave: {hosts: [2, 3]}
  - wait: 10s
  - restart: {hosts: [9, 1, 3], through: 6}
  - group: {as: some, hosts: [4, 5]}
  - pause: {hosts: [6, 3], for: 1s}
  - pause: {group: some, for: 1s}
  - restart: all
  - wait: 1m
`, 3, RunOptions{Observer: o})
	tl.w.watch(o)
	play(t, tl)
	want := []string{"start [1 2 3 4 5 6]", "fail [5]", "fail [2]", "join [9]", "fail [9]", "leave [3]", "restart [9]", "restart [3]",
		"group [4]", "pause [6]"}
	if got := o.effects[:min(len(want), len(o.effects))]; !slices.Equal(got, want) {
		t.Errorf("the steps did %q, want %q", o.effects, want)
	}
	if len(o.effects) != len(want)+2 { // and the two that are back
		t.Errorf("the steps did %q", o.effects)
	}
	if o.through[6] != 2 {
		t.Errorf("%d joined through 6, want 2", o.through[6])
	}
	if got := tl.members(); !slices.Equal(got, []uint32{1, 2, 3, 4, 5, 6, 9}) {
		t.Errorf("the members are %v", got)
	}
	if tl.spared != 0 || tl.unmet != 5 {
		t.Errorf("%d departures spared, %d not there, want 0 and 5", tl.spared, tl.unmet)
	}
}

// After a churn that brings hosts any number may be meant, and some host may have none.
func TestHostsThatNeverCome(t *testing.T) {
	tl := played(t, `ring: {successors: 2, stabilize: 1s}
timeline:
  - start: {nodes: 6}
  - churn: {for: 10s, joins: 20/m}
  - fail: {hosts: [4000, 2, 99000000]}
  - leave: {hosts: [5000]}
  - restart: {hosts: [6000, 2], through: 7000}
  - pause: {hosts: [8000], for: 1s}
`, 3)
	if tl.spared != 0 || tl.unmet != 5 || !tl.w.hostUp(2) {
		t.Errorf("%d departures spared, %d not there, want 0 and 5; host 2 is up: %v", tl.spared, tl.unmet, tl.w.hostUp(2))
	}
}

// A guard passes over a host that is named as it does one that is drawn.
func TestNamedHostsAreGuarded(t *testing.T) {
	tl := played(t, `ring: {successors: 2, detector: perfect}
timeline:
  - start: {nodes: 4}
  - fail: {hosts: [3, 1, 2], guarded: on}
`, 3)
	if got := tl.members(); !slices.Equal(got, []uint32{1, 2, 4}) || tl.spared != 2 {
		t.Errorf("the members are %v, %d were spared", got, tl.spared)
	}
}

// A step with the stream of another place draws what it would draw there, and a host
// that is no member is no way in.
func TestStepsDrawFromTheirStreams(t *testing.T) {
	const steps = `ring: {protocol: ton2003, successors: 3, stabilize: 1s}
timeline:
  - start: {nodes: 40}
%s  - fail: {count: 9%s}
  - join: {nodes: 5, over: 3s, through: %s%s}
  - lookup: {count: 20%s}
`
	digest := func(before, fail, through, join, lookup string) uint64 {
		return played(t, fmt.Sprintf(steps, before, fail, through, join, lookup), 8).w.engine.Digest()
	}
	plain := digest("", "", "random", "", "")
	const others = "  - stabilization: on\n  - stabilization: on\n"
	if moved := digest(others, "", "random", "", ""); moved == plain {
		t.Error("steps at other places draw the same")
	}
	if kept := digest(others, ", stream: 1", "random", ", stream: 2", ", stream: 3"); kept != plain {
		t.Error("steps with the streams of their old places draw something else")
	}
	if fixed := digest("", "", "fixed", "", ""); fixed == plain {
		t.Error("joins through one member are as those through any")
	}
	gone := digest("  - fail: {hosts: [17]}\n", ", stream: 1", "random", ", stream: 2", ", stream: 3")
	if through := digest("  - fail: {hosts: [17]}\n", ", stream: 1", "17", ", stream: 2", ", stream: 3"); through != gone {
		t.Error("joins through a host that is gone are not as those through any")
	}
}
