package scenarios

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"chordsim/sim"
)

// delivered is one line of a trace.
type delivered struct {
	at       time.Duration
	from, to uint32
	kind     string
}

// traced runs a scenario with everything traced. Commands of the timeline and
// timers are left out, marks of faults are not.
func tracedRun(t *testing.T, text string) ([]delivered, *timeline) {
	t.Helper()
	var buf bytes.Buffer
	tl := bed(t, text, 1, RunOptions{Trace: &TraceOptions{To: &buf}})
	play(t, tl)
	var out []delivered
	for line := range bytes.Lines(buf.Bytes()) {
		var l traceLine
		if err := json.Unmarshal(line, &l); err != nil {
			t.Fatal(err)
		}
		at, err := time.ParseDuration(l.At)
		if err != nil {
			t.Fatal(err)
		}
		if l.To == 0 || l.From != 0 && l.From != l.To {
			out = append(out, delivered{at, l.From, l.To, l.Kind})
		}
	}
	return out, tl
}

// crossings counts the deliveries from one set of nodes to another in a time.
func crossings(ds []delivered, from, to []uint32, after, before time.Duration) (n int) {
	for _, d := range ds {
		if d.at >= after && d.at < before && slices.Contains(from, d.from) && slices.Contains(to, d.to) {
			n++
		}
	}
	return n
}

// others are the nodes 1 to n that are not in a set.
func others(n uint32, of []uint32) (rest []uint32) {
	for a := uint32(1); a <= n; a++ {
		if !slices.Contains(of, a) {
			rest = append(rest, a)
		}
	}
	return rest
}

const faultyRing = `
ring: {successors: 4, stabilize: 2s, check_predecessor: 2s}
network: {latency: {model: uniform, min: 10ms, max: 90ms}}
timeline:
  - start: {nodes: 30}
  - group: {as: left, count: 12}
  - group: {as: right, rest: on}
  - wait: 10s
`

// A partition lets nothing through that is sent while it lasts, and everything
// before and after.
func TestPartitionCuts(t *testing.T) {
	ds, tl := tracedRun(t, faultyRing+"  - partition: {groups: [left, right], for: 10s, as: cut}\n  - wait: 10s\n")
	left := tl.faults.groups["left"]
	right := tl.faults.groups["right"]
	if len(left) != 12 || !slices.Equal(others(30, left), right) {
		t.Fatalf("left %v, right %v", left, right)
	}
	const s, late = time.Second, 90 * time.Millisecond
	for _, c := range []struct {
		name     string
		from, to []uint32
		a, b     time.Duration
		through  bool
	}{
		{"before", left, right, 0, 10 * s, true},
		{"what was under way", left, right, 10 * s, 10*s + late, true},
		{"cut", left, right, 10*s + late, 20 * s, false},
		{"cut, back", right, left, 10*s + late, 20 * s, false},
		{"within left", left, left, 10*s + late, 20 * s, true},
		{"within right", right, right, 10*s + late, 20 * s, true},
	} {
		if n := crossings(ds, c.from, c.to, c.a, c.b); n > 0 != c.through {
			t.Errorf("%s: %d messages came through", c.name, n)
		}
	}
	// The two rings know nothing of each other any more: a lookup of a member that
	// was dropped tells them.
	if lost := countedOf(tl, "messages lost to faults"); lost == 0 {
		t.Error("no message was lost")
	}
	if got := marksOf(tl); got != "0s group left of 12; 0s group right of 18; 10s partition cut begins; 20s partition cut ends" {
		t.Errorf("marks: %s", got)
	}
	var acts []string
	for _, d := range ds {
		if d.to == 0 {
			acts = append(acts, fmt.Sprintf("%v %s", d.at, d.kind))
		}
	}
	if got := strings.Join(acts, "; "); got != "10s partition cut begins; 20s partition cut ends" {
		t.Errorf("the trace has %s", got)
	}
}

func countedOf(tl *timeline, what string) int64 {
	for _, c := range tl.w.counted() {
		if c.What == what {
			return c.Count
		}
	}
	return 0
}

func marksOf(tl *timeline) string {
	var marks []string
	for _, m := range tl.marks {
		marks = append(marks, fmt.Sprintf("%vs %s", m.Time, m.Label))
	}
	return strings.Join(marks, "; ")
}

// Without a duration a partition lasts until it is healed, by its name or with all
// others; one way is one way; who is outside of all groups reaches all.
func TestPartitionForms(t *testing.T) {
	const s, late = time.Second, 90 * time.Millisecond
	// The cut is on from 10 s to 15 s.
	during := func(ds []delivered, from, to []uint32) bool { return crossings(ds, from, to, 10*s+late, 15*s) > 0 }
	t.Run("one way", func(t *testing.T) {
		ds, tl := tracedRun(t, faultyRing+"  - partition: {group: left, one_way: on}\n  - wait: 5s\n  - heal: all\n  - wait: 5s\n")
		left, right := tl.faults.groups["left"], tl.faults.groups["right"]
		if during(ds, left, right) || !during(ds, right, left) {
			t.Error("not the messages from left to right are cut, or those back")
		}
		if crossings(ds, left, right, 15*s, 20*s) == 0 {
			t.Error("nothing is healed")
		}
	})
	t.Run("heal by name", func(t *testing.T) {
		ds, tl := tracedRun(t, faultyRing+"  - partition: {group: left, as: cut}\n  - loss: {probability: 0%, as: other}\n  - wait: 5s\n  - heal: other\n  - wait: 5s\n  - heal: {fault: cut}\n  - wait: 5s\n")
		left, right := tl.faults.groups["left"], tl.faults.groups["right"]
		if crossings(ds, left, right, 10*s+late, 20*s) > 0 || crossings(ds, left, right, 20*s, 25*s) == 0 {
			t.Error("the cut did not last from 10 s to 20 s")
		}
	})
	t.Run("bridge and joiners", func(t *testing.T) {
		tl := played(t, faultyRing+"  - partition: {group: left, bridge: 2}\n  - join: {nodes: 1}\n", 1)
		left, right := tl.faults.groups["left"], tl.faults.groups["right"]
		var everywhere, cut []uint32
		for a := uint32(1); a <= 31; a++ {
			reached := 0
			for b := uint32(1); b <= 31; b++ {
				if !tl.w.faults.Lost(sim.Addr(a), sim.Addr(b), 0) && !tl.w.faults.Lost(sim.Addr(b), sim.Addr(a), 0) {
					reached++
				}
			}
			if reached == 31 {
				everywhere = append(everywhere, a)
			} else if slices.Contains(left, a) != slices.Contains(right, a) {
				cut = append(cut, a)
			}
		}
		if len(everywhere) != 3 || everywhere[2] != 31 || len(cut) != 28 {
			t.Errorf("%v reach all, %d do not; want two bridges and the joiner 31", everywhere, len(cut))
		}
	})
}
