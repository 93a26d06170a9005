package scenarios

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"chordsim/chord"
	"chordsim/sim"
)

// history notes when each address becomes a member and when it stops being
// one, to the barrier.
type history struct {
	came, went [][]Duration // by address
}

func watchLives(w *world) *history {
	h := &history{make([][]Duration, len(w.nodes)), make([][]Duration, len(w.nodes))}
	was := make([]bool, len(w.nodes))
	w.everyBarrier(func(now sim.Time) {
		for a := range was {
			if is := w.members.has(chord.Addr(a)); is != was[a] {
				was[a] = is
				if is {
					h.came[a] = append(h.came[a], Duration(now))
				} else {
					h.went[a] = append(h.went[a], Duration(now))
				}
			}
		}
	})
	return h
}

// total sums up the lives begun or ended.
func total(times [][]Duration) int {
	n := 0
	for _, t := range times {
		n += len(t)
	}
	return n
}

const brisk = "successors: 4, stabilize: 2s, check_predecessor: 2s, detector: perfect"

// By rates joins and departures are Poisson processes of their own: their
// numbers are those of the rates to within five standard deviations, a seed
// always has its own, and the ring stays about as large as it was.
func TestChurnByRates(t *testing.T) {
	run := func(seed uint64, depart string) (joined, departed int, members int) {
		tl := bed(t, "ring: {"+brisk+"}\ntimeline:\n- start: {nodes: 100}\n- churn: {for: 200s, joins: 1/s, departures: 60/m, depart: "+depart+"}\n- wait: 20s\n", seed, RunOptions{})
		h := watchLives(tl.w)
		play(t, tl)
		for a, times := range h.came[101:] {
			if len(times) > 1 {
				t.Errorf("node %d, once gone, came back", a+101)
			}
		}
		return total(h.came) - 100, total(h.went), tl.w.members.count
	}
	counts := map[string]bool{}
	for seed := uint64(1); seed <= 4; seed++ {
		for _, depart := range []string{"crash", "leave"} {
			joined, departed, members := run(seed, depart)
			if math.Abs(float64(joined)-200) > 71 || math.Abs(float64(departed)-200) > 71 || members != 100+joined-departed {
				t.Errorf("seed %d, %s: %d joined, %d departed, %d are members", seed, depart, joined, departed, members)
			}
			if j, d, m := run(seed, depart); j != joined || d != departed || m != members {
				t.Errorf("seed %d, %s: another time %d joined and %d departed", seed, depart, j, d)
			}
			counts[fmt.Sprint(joined, departed)] = true
		}
	}
	if len(counts) < 4 {
		t.Errorf("eight runs have %d different outcomes", len(counts))
	}
}

// By lifetimes every member stays for its own time and is away for its own; who
// comes by another step is subject to it as well. Constants make it a clock.
func TestChurnByLifetimesIsAClock(t *testing.T) {
	for _, depart := range []string{"crash", "leave"} {
		tl := bed(t, `ring: {`+brisk+`}
network: {latency: 10ms}
timeline:
  - start: {nodes: 8}
  - join: {nodes: 2, at: 5s}
  - churn:
      at: 10s
      for: 100s
      lifetime: {distribution: constant, value: 21s}
      downtime: {distribution: constant, value: 9s}
      depart: `+depart+`
      background: on
  - join: {nodes: 1, at: 15s}
  - wait: {at: 150s}
`, 1, RunOptions{})
		h := watchLives(tl.w)
		play(t, tl)
		for a := 1; a <= 11; a++ {
			begin := 10 * Second
			if a == 11 {
				begin = 15 * Second
			}
			var want []Duration // 31 s, 61 s, 91 s: the churn is over at 110 s
			for k := range 3 {
				want = append(want, begin+21*Second+Duration(k)*30*Second)
			}
			if len(h.went[a]) != 3 || len(h.came[a]) != 4 {
				t.Fatalf("%s: node %d came at %v and went at %v, want %v", depart, a, h.came[a], h.went[a], want)
			}
			for k := range want {
				if late := h.went[a][k] - want[k]; late < 0 || late > Second {
					t.Errorf("%s: node %d went at %v, want %v", depart, a, h.went[a][k], want[k])
				}
				if late := h.came[a][k+1] - want[k] - 9*Second; late < 0 || late > 7*Second {
					t.Errorf("%s: node %d came back at %v, want %v", depart, a, h.came[a][k+1], want[k]+9*Second)
				}
			}
		}
	}
}

// Who returns does so with its identifier, as somebody new, or not at all. With
// 20 s up and 5 s down there are two departures of each in 52 s.
func TestReturns(t *testing.T) {
	for _, c := range []struct {
		back                      string
		used, members, departures int
	}{{"same", 10, 10, 20}, {"new", 30, 10, 20}, {"none", 10, 0, 10}} {
		down := "downtime: {distribution: constant, value: 5s}, "
		if c.back == "none" {
			down = ""
		}
		tl := bed(t, `ring: {`+brisk+`}
network: {latency: 10ms}
timeline:
  - start: {nodes: 10}
  - churn: {for: 52s, lifetime: {distribution: constant, value: 20s}, `+down+`return: `+c.back+`}
  - wait: 30s
`, 1, RunOptions{})
		h := watchLives(tl.w)
		play(t, tl)
		if tl.w.used != c.used || tl.w.members.count != c.members || total(h.went) != c.departures {
			t.Errorf("%s: %d addresses, %d members, %d departures", c.back, tl.w.used, tl.w.members.count, total(h.went))
		}
		for a := 1; a <= 20 && c.back == "new"; a++ {
			if len(h.came[a]) != 1 || tl.w.members.has(chord.Addr(a)) {
				t.Errorf("node %d came %d times", a, len(h.came[a]))
			}
		}
	}
}

// Lifetimes are drawn from the distribution: of exponential ones with a mean of
// 50 s, 1/e last longer than that.
func TestLifetimesAreDrawn(t *testing.T) {
	for seed := uint64(1); seed <= 3; seed++ {
		tl := played(t, calm+"timeline: [{start: {nodes: 1000}}, {churn: {for: 50s, lifetime: {distribution: exponential, mean: 50s}, return: none}}]\n", seed)
		if left := float64(tl.w.members.count); math.Abs(left-1000/math.E) > 5*15.3 { // √(1000·p·(1−p))
			t.Errorf("seed %d: %v of 1000 are left, want 368", seed, left)
		}
	}
}

// A file says when each host is up and down, line after line, from the
// beginning of the churn on; a host whose line is at its end stays as it is.
func TestChurnByAFile(t *testing.T) {
	for _, depart := range []string{"crash", "leave"} {
		tl := bed(t, "ring: {"+brisk+"}\nnetwork: {latency: 10ms}\ntimeline:\n- start: {nodes: 9}\n- wait: 100s\n"+
			"- churn: {for: 100s, lifetime: {distribution: file, file: churn/lives.txt}, depart: "+depart+"}\n- wait: 10s\n", 1, RunOptions{})
		h := watchLives(tl.w)
		play(t, tl)
		want := [][]Duration{ // went, by line; hosts 5 to 8 and 9 begin again with the first
			{110 * Second, 125 * Second, 140 * Second},
			{100 * Second, 140 * Second},
			{130 * Second},
			{},
		}
		for a := 1; a <= 9; a++ {
			line := want[(a-1)%4]
			if len(h.went[a]) != len(line) {
				t.Fatalf("%s: node %d went at %v, want %v", depart, a, h.went[a], line)
			}
			for k := range line {
				if late := h.went[a][k] - line[k]; late < 0 || late > Second {
					t.Errorf("%s: node %d went at %v, want %v", depart, a, h.went[a], line)
				}
			}
		}
		if tl.w.members.count != 2 { // 4 and 8, whose line has not come to its end
			t.Errorf("%s: %v are members in the end", depart, tl.w.alive())
		}
	}
}

// As somebody new a host goes on with the line of the one that it was.
func TestChurnByAFileWithNewIdentifiers(t *testing.T) {
	tl := bed(t, "ring: {"+brisk+"}\nnetwork: {latency: 10ms}\ntimeline:\n- start: {nodes: 4}\n- wait: 100s\n"+
		"- churn: {for: 100s, lifetime: {distribution: file, file: churn/lives.txt}, return: new}\n- wait: 10s\n", 1, RunOptions{})
	h := watchLives(tl.w)
	play(t, tl)
	var went []Duration
	for _, times := range h.went {
		went = append(went, times...)
	}
	slices.Sort(went)
	want := []Duration{100 * Second, 110 * Second, 125 * Second, 130 * Second, 140 * Second, 140 * Second}
	if len(went) != len(want) || tl.w.used != 7 {
		t.Fatalf("departures at %v with %d addresses, want %v with 7", went, tl.w.used, want)
	}
	for k := range want {
		if late := went[k] - want[k]; late < 0 || late > 2*Second {
			t.Errorf("departures at %v, want %v", went, want)
		}
	}
}

// The times of a line stand for up and down in turn, also for a host that was
// held back or kept away: it misses a time, and no more.
func TestALineStaysInStep(t *testing.T) {
	tl := bed(t, "timeline: [{start: {nodes: 4}}, {churn: {for: 1m, lifetime: {distribution: file, file: churn/lives.txt}}}]\n", 1, RunOptions{})
	c := &churning{t: tl, trace: tl.plan.traces["churn/lives.txt"], lives: map[uint32]life{}}
	for k, step := range []struct {
		up   bool
		want sim.Time
	}{{true, 10}, {true, 10}, {false, 5}, {false, sim.Forever}} {
		if got := c.next(1, step.up); got != step.want && got != step.want*sim.Time(Second) {
			t.Errorf("time %d is %v, want %v", k, got, step.want)
		}
	}
	if got := c.next(5, true); got != sim.Time(10*Second) {
		t.Errorf("the fifth host does not begin with the first line: %v", got)
	}
}

// Whose time is up while it joins goes, and never becomes a member.
func TestWhoseTimeIsUpWhileItJoinsGoes(t *testing.T) {
	tl := bed(t, "ring: {"+brisk+"}\nnetwork: {latency: 50ms}\ntimeline:\n- start: {nodes: 5}\n"+
		"- churn: {for: 100s, lifetime: {distribution: file, file: churn/brief.txt}, background: on}\n- join: {nodes: 1, at: 10s}\n- wait: {at: 60s}\n", 1, RunOptions{})
	h := watchLives(tl.w)
	play(t, tl)
	if len(h.came[6]) != 0 || tl.w.nodes[6].Status != chord.Absent || !tl.gone.has(6) || tl.w.members.count != 5 {
		t.Errorf("it came at %v and is there still: %v", h.came[6], tl.w.nodes[6].Status)
	}
}

// Whose absence is shorter than its leaving takes comes back all the same.
func TestAShortAbsenceIsNoneForEver(t *testing.T) {
	tl := bed(t, "ring: {"+brisk+"}\nnetwork: {latency: 200ms}\ntimeline:\n- start: {nodes: 20}\n"+
		"- churn: {for: 60s, lifetime: {distribution: constant, value: 25s}, downtime: {distribution: constant, value: 10ms}, depart: leave}\n- wait: 1m\n", 1, RunOptions{})
	h := watchLives(tl.w)
	play(t, tl)
	if total(h.went) != 40 || tl.w.members.count != 20 {
		t.Errorf("%d departures, %d members; want 40 and 20", total(h.went), tl.w.members.count)
	}
}

// Under guard a ring that has no member to spare loses none, whatever its times
// say, and one that has loses some.
func TestChurnUnderGuard(t *testing.T) {
	for _, c := range []struct {
		nodes int
		goes  bool
	}{{5, false}, {12, true}} {
		for _, churn := range []string{
			"departures: 1/s", "departures: 1/s, depart: leave",
			"lifetime: {distribution: exponential, mean: 10s}, downtime: {distribution: constant, value: 1s}",
			"lifetime: {distribution: file, file: churn/lives.txt}, depart: leave",
		} {
			tl := bed(t, fmt.Sprintf("ring: {%s}\ntimeline: [{start: {nodes: %d}}, {churn: {for: 60s, %s, guarded: on}}]\n", brisk, c.nodes, churn), 1, RunOptions{})
			h := watchLives(tl.w)
			least := c.nodes
			tl.w.everyBarrier(func(sim.Time) { least = min(least, tl.w.members.count) })
			play(t, tl)
			if went := total(h.went) > 0; went != c.goes || least < 5 {
				t.Errorf("%d nodes, %s: %d departures, at least %d members", c.nodes, churn, total(h.went), least)
			}
		}
	}
}
