package scenarios

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"
)

// watchedOf runs a golden scenario and returns what was seen of it, a line of
// JSON each.
func watchedOf(t *testing.T, text string, every time.Duration, shards int) (digest, hash string, seen []string) {
	t.Helper()
	watch := &WatchOptions{Every: every, Rows: 7, Show: func(w Watched) { seen = append(seen, mustJSON(t, w)) }}
	digest, hash = goldenCase{"watched", text}.outcome(t, Overrides{}, RunOptions{Shards: shards, Workers: min(shards, 2), Watch: watch})
	return digest, hash, seen
}

// A watch only looks: digest and result are the same with it, and any number of
// shards shows the same.
func TestWatchChangesNothing(t *testing.T) {
	for _, name := range []string{"churn", "corrected", "ton2003", "data"} {
		text := goldenText(t, name)
		digest, hash := goldenCase{"plain", text}.outcome(t, Overrides{}, RunOptions{})
		var first []string
		for _, shards := range []int{1, 4} {
			// Neither a divisor nor a multiple of anything in the scenarios.
			d, h, seen := watchedOf(t, text, 377*time.Millisecond, shards)
			if d != digest || h != hash {
				t.Errorf("%s, %d shards: digest %s and result %s when watched, else %s and %s", name, shards, d, h, digest, hash)
			}
			if len(seen) < 50 {
				t.Fatalf("%s, %d shards: seen only %d times", name, shards, len(seen))
			}
			if first == nil {
				first = seen
			}
			if !slices.Equal(seen, first) {
				t.Errorf("%s: %d shards show something else than one", name, shards)
			}
		}
	}
}

// It is looked at when time begins to pass, every so often before a step of the
// timeline at the same instant, and at the end.
func TestWatchIsRegular(t *testing.T) {
	var got []string
	tl := bed(t, calm+`timeline:
  - start: {nodes: 8}
  - wait: 6s
  - fail: {count: 1, at: 6s}
  - join: {nodes: 3, over: 3s}
  - wait: 1s
`, 1, RunOptions{})
	tl.watch = newWatcher(&WatchOptions{Every: 3 * time.Second, Rows: 2, Show: func(w Watched) {
		got = append(got, fmt.Sprintf("%v %v %d+%d %q %d", w.At, w.Ended, w.Members, w.Joining, w.Last, len(w.Rows)))
	}})
	play(t, tl)
	want := []string{
		`0s false 8+0 "" 2`, `3s false 8+0 "" 2`, `6s false 8+0 "" 2`, `9s false 10+0 "join 3" 2`, `10s true 10+0 "join 3" 2`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("seen\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if tl.watching <= 0 {
		t.Error("the time that showing took was not kept apart")
	}
}

// An interval as long as time itself shows the beginning and the end.
func TestWatchForEver(t *testing.T) {
	seen := 0
	tl := bed(t, calm+"timeline: [{start: {nodes: 8}}, {wait: 10s}]\n", 1, RunOptions{})
	tl.watch = newWatcher(&WatchOptions{Every: math.MaxInt64, Show: func(Watched) { seen++ }})
	play(t, tl)
	if seen != 2 {
		t.Errorf("seen %d times", seen)
	}
}

// What is seen of a ring is what counting it out gives: the share that is right,
// and in each row of the sample what that node believes.
func TestWatchedIsCountedOut(t *testing.T) {
	wrong := 0
	for seed := uint64(1); seed <= 10; seed++ {
		for _, nodes := range []int{2, 4, 30} {
			w := hurt(t, seed, nodes, 1)
			ring := ringOf(w)
			right := 0
			var want []WatchedNode
			for i, p := range ring {
				n := &w.nodes[p.Addr]
				row := WatchedNode{
					Node: WatchedPeer{uint32(p.Addr), p.ID}, Successor: watchedPeer(n.Successor()), Predecessor: watchedPeer(n.Pred),
					RightSuccessor: n.Successor() == ring.at(i+1), RightPredecessor: n.Pred == ring.at(i-1),
				}
				if row.RightSuccessor && row.RightPredecessor {
					right++
				}
				want = append(want, row)
			}
			wrong += len(ring) - right
			verdict := w.ring("").Verdict
			for _, rows := range []int{-1, 0, 1, 3, len(ring), 1000} {
				seen := w.look(rows)
				k := min(max(rows, 0), len(ring))
				if len(seen.Rows) != k {
					t.Fatalf("%d rows of %d when asked for %d", len(seen.Rows), len(ring), rows)
				}
				for i, row := range seen.Rows {
					if from := want[i*len(ring)/k]; row != from {
						t.Errorf("seed %d, row %d of %d: %+v, want %+v", seed, i, k, row, from)
					}
				}
				if seen.Stability != Ratio(int64(right), int64(len(ring))) || seen.Members != len(ring) || seen.Verdict != verdict || seen.Bits != 16 {
					t.Errorf("seed %d: %+v; %d of %d are right, and the ring is %s", seed, seen, right, len(ring), verdict)
				}
			}
		}
	}
	if wrong < 50 {
		t.Errorf("only %d nodes had anything wrong; this shows nothing", wrong)
	}
}

// Those that are told to join are counted until they are members.
func TestWatchedJoiners(t *testing.T) {
	tl := bed(t, calm+"timeline: [{start: {nodes: 8}}, {wait: 1s}, {join: {nodes: 5, background: on}}, {wait: 1ms}]\n", 1, RunOptions{})
	play(t, tl)
	if seen := tl.w.look(0); seen.Joining != 5 || seen.Members != 8 {
		t.Errorf("%d members and %d joining, want 8 and 5", seen.Members, seen.Joining)
	}
}

// An empty ring has no stability; one that is too large is not judged.
func TestWatchedWithoutStabilityOrVerdict(t *testing.T) {
	empty := bed(t, calm+"timeline: [{start: {nodes: 3}}]\n", 1, RunOptions{}).w.look(10)
	if empty.Stability.Defined() || len(empty.Rows) != 0 {
		t.Errorf("an empty ring: %+v", empty)
	}
	large := played(t, calm+fmt.Sprintf("timeline: [{start: {nodes: %d}}]\n", mostJudged+1), 1).w.look(3)
	if large.Verdict != "" || large.Stability != 1 || len(large.Rows) != 3 {
		t.Errorf("a large ring: %+v", large)
	}
}
