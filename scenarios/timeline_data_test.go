package scenarios

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"chordsim/chord"

	"github.com/google/go-cmp/cmp"
)

// commanded is an operation as its member was told of it.
type commanded struct {
	at    time.Duration
	kind  operationKind
	key   uint32
	node  chord.Addr
	value uint32 // its number
	size  uint32
}

// commandsOf plays a scenario and returns its operations in the order of time.
func commandsOf(t *testing.T, text string, seed uint64) (*timeline, []commanded) {
	t.Helper()
	var out bytes.Buffer
	tl := bed(t, text, seed, RunOptions{Trace: &TraceOptions{To: &out}})
	play(t, tl)
	tl.w.run(tl.now() + 1)
	var all []commanded
	for d := json.NewDecoder(&out); d.More(); {
		var l traceLine
		if err := d.Decode(&l); err != nil {
			t.Fatal(err)
		}
		if l.Kind != "cmd_put" && l.Kind != "cmd_get" {
			continue
		}
		what := uint64(0)
		if l.Key != "" {
			var err error
			if what, err = strconv.ParseUint(l.Key, 16, 64); err != nil {
				t.Fatal(err)
			}
		}
		c := commanded{at: instant(t, l), kind: getOperation, key: uint32(what >> 32), node: chord.Addr(l.To), value: uint32(what)}
		if l.Kind == "cmd_put" {
			v := tl.w.data.values[c.value]
			if c.kind, c.size = putOperation, v.size; v.deleted {
				c.kind = deleteOperation
			}
			if v.key != c.key {
				t.Errorf("value %d is written to key %d, and meant for %d", c.value, c.key, v.key)
			}
		}
		all = append(all, c)
	}
	return tl, all
}

func only(kind operationKind, all []commanded) []commanded {
	var out []commanded
	for _, c := range all {
		if c.kind == kind {
			out = append(out, c)
		}
	}
	return out
}

func keysIn(all []commanded) []uint32 {
	var out []uint32
	for _, c := range all {
		out = append(out, c.key)
	}
	return out
}

func upTo(n uint32) []uint32 {
	var out []uint32
	for k := range n {
		out = append(out, k)
	}
	return out
}

// likely reports whether a count is within five standard deviations of what is
// expected of so many draws with a probability.
func likely(got int, n float64, p float64) bool {
	return math.Abs(float64(got)-n*p) <= 5*math.Sqrt(n*p*(1-p))
}

const stored30 = calm + "timeline:\n  - start: {nodes: 30}\n"

// A count is that many operations: at one instant, or at equal intervals.
func TestOperationsByCount(t *testing.T) {
	_, all := commandsOf(t, stored30+`  - put: {count: 40, over: 20s, at: 1s}
  - get: {count: 10, at: 30s}
  - get: {each: on, over: 4s, at: 40s}
  - delete: {count: 5, over: 1s, at: 50s}
  - delete: {each: on, at: 60s}
`, 1)
	puts, gets, deletes := only(putOperation, all), only(getOperation, all), only(deleteOperation, all)
	if diff := cmp.Diff(upTo(40), keysIn(puts)); diff != "" {
		t.Errorf("puts name other keys than new ones: %s", diff)
	}
	if diff := cmp.Diff(upTo(40), keysIn(gets[10:])); diff != "" {
		t.Errorf("a get of each key: %s", diff)
	}
	if diff := cmp.Diff(upTo(40), keysIn(deletes[5:])); diff != "" {
		t.Errorf("a delete of each key: %s", diff)
	}
	for i, c := range all {
		want := 60 * time.Second
		switch {
		case i < 40:
			want = time.Second + time.Duration(i)*500*time.Millisecond
		case i < 50:
			want = 30 * time.Second
		case i < 90:
			want = 40*time.Second + time.Duration(i-50)*100*time.Millisecond
		case i < 95:
			want = 50*time.Second + time.Duration(i-90)*200*time.Millisecond
		}
		if c.at != want {
			t.Errorf("operation %d begins at %v, want %v", i, c.at, want)
		}
	}
	if len(all) != 135 {
		t.Errorf("%d operations, want 135", len(all))
	}
}

// A rate is a Poisson process for a time: of puts of new keys, or of a number of
// them; of gets and deletes of those that are known.
func TestOperationsByRate(t *testing.T) {
	for _, c := range []struct {
		step   string
		kind   operationKind
		from   uint32 // the first key
		keys   uint32 // how many are chosen from; 0: a new one each time
		per, n float64
	}{
		{"put: {rate: 20/s, for: 100s, at: 10s}", putOperation, 50, 0, 20, 2000},
		{"put: {rate: 20/s, for: 100s, keys: 20, at: 10s}", putOperation, 0, 20, 20, 2000},
		{"put: {rate: 20/s, for: 100s, keys: 90, at: 10s}", putOperation, 0, 90, 20, 2000},
		{"get: {rate: 20/s, for: 100s, at: 10s}", getOperation, 0, 50, 20, 2000},
		{"delete: {rate: 20/s, for: 100s, at: 10s}", deleteOperation, 0, 50, 20, 2000},
	} {
		_, all := commandsOf(t, stored30+"  - put: {count: 50}\n  - "+c.step+"\n", 1)
		all = only(c.kind, all[50:])
		if math.Abs(float64(len(all))-c.n) > 5*math.Sqrt(c.n) {
			t.Errorf("%s: %d operations, want about %v", c.step, len(all), c.n)
			continue
		}
		counts := make([]int, c.keys)
		short := 0 // gaps below the mean: 1 − 1/e of them
		for i, o := range all {
			if o.at < 10*time.Second || o.at > 110*time.Second {
				t.Errorf("%s: one begins at %v", c.step, o.at)
			}
			if i > 0 && (o.at-all[i-1].at).Seconds() < 1/c.per {
				short++
			}
			switch {
			case c.keys == 0 && o.key != c.from+uint32(i):
				t.Fatalf("%s: key %d is the %dth", c.step, o.key, i)
			case c.keys > 0 && o.key >= c.keys:
				t.Fatalf("%s: key %d", c.step, o.key)
			case c.keys > 0:
				counts[o.key]++
			}
		}
		if !likely(short, float64(len(all)-1), 1-1/math.E) {
			t.Errorf("%s: %d of %d gaps are below the mean", c.step, short, len(all)-1)
		}
		for k, n := range counts {
			if !likely(n, float64(len(all)), 1/float64(c.keys)) {
				t.Errorf("%s: key %d is chosen %d of %d times", c.step, k, n, len(all))
			}
		}
	}
}

// A get or delete with nothing to choose from is none.
func TestNothingToRead(t *testing.T) {
	_, all := commandsOf(t, calm+`timeline:
  - start: {nodes: 3}
  - put: {rate: 1/h, for: 1s}
  - get: {count: 5}
  - get: {each: on}
  - get: {rate: 5/s, for: 5s}
  - delete: {count: 5}
  - delete: {rate: 5/s, for: 5s}
`, 1)
	if len(all) != 0 {
		t.Errorf("%d operations on no key", len(all))
	}
}

// Values are uniform in length from the least to the most, both included.
func TestSizesOfValues(t *testing.T) {
	for _, step := range []string{
		"put: {count: 5000, size: {min: 10B, max: 19B}}",
		"put: {count: 5000, keys: 10, size: {min: 10B, max: 19B}}",
		"workload: {rate: 100/s, for: 50s, keys: 10, mix: {put: 100%}, size: {min: 10B, max: 19B}}",
	} {
		_, all := commandsOf(t, stored30+"  - "+step+"\n", 1)
		counts := map[uint32]int{}
		for _, c := range all {
			counts[c.size]++
		}
		for size := uint32(10); size < 20; size++ {
			if !likely(counts[size], float64(len(all)), 0.1) {
				t.Errorf("%s: %d of %d values have %d bytes", step, counts[size], len(all), size)
			}
		}
		if len(counts) != 10 {
			t.Errorf("%s: sizes %v", step, counts)
		}
	}
	_, all := commandsOf(t, stored30+"  - put: {count: 5}\n  - put: {count: 5, size: 1kB}\n  - delete: {count: 3}\n", 1)
	for i, c := range all {
		if want := []uint32{100, 1000, 0}[i/5]; c.size != want {
			t.Errorf("operation %d has %d bytes, want %d", i, c.size, want)
		}
	}
}

// Deletes by count are of different keys, all of them if they are not more.
func TestDeletesAreOfDifferentKeys(t *testing.T) {
	_, all := commandsOf(t, stored30+"  - put: {count: 100}\n  - delete: {count: 60}\n  - delete: {count: 500}\n", 1)
	some, most := keysIn(all[100:160]), keysIn(all[160:])
	if slices.IsSorted(some) {
		t.Error("the first so many were deleted, not random ones")
	}
	slices.Sort(some)
	if n := len(slices.Compact(some)); n != 60 {
		t.Errorf("60 deletes of %d keys", n)
	}
	slices.Sort(most)
	if diff := cmp.Diff(upTo(100), most); diff != "" {
		t.Errorf("more deletes than keys: %s", diff)
	}
}

// A workload has its mix, and its popularity: uniform, or by Zipf's law, where the
// k-th key is chosen as 1/k^s.
func TestMixAndPopularityOfWorkloads(t *testing.T) {
	const keys = 20
	for _, c := range []struct {
		text             string
		get, put, delete float64
		s                float64
	}{
		{"", 0.9, 0.1, 0, 0},
		{", mix: {get: 50%, put: 30%, delete: 20%}", 0.5, 0.3, 0.2, 0},
		{", mix: {put: 25%, delete: 0.75}, popularity: zipf", 0, 0.25, 0.75, 0.99},
		{", popularity: {model: zipf, exponent: 1.5}, mix: {get: 100%}", 1, 0, 0, 1.5},
	} {
		tl, all := commandsOf(t, stored30+"  - workload: {rate: 200/s, for: 50s, keys: 20, as: w"+c.text+"}\n", 1)
		n := float64(len(all))
		if n < 9000 || n > 11000 {
			t.Fatalf("%s: %v operations in 50 s", c.text, n)
		}
		for kind, share := range map[operationKind]float64{getOperation: c.get, putOperation: c.put, deleteOperation: c.delete} {
			if got := len(only(kind, all)); !likely(got, n, share) {
				t.Errorf("%s: %d of %v are %ss", c.text, got, n, operationNames[kind])
			}
		}
		weights, sum := make([]float64, keys), 0.0
		for k := range weights {
			weights[k] = math.Pow(float64(k+1), -c.s)
			sum += weights[k]
		}
		counts := make([]int, keys)
		for _, o := range all {
			counts[o.key]++
		}
		for k, got := range counts {
			if !likely(got, n, weights[k]/sum) {
				t.Errorf("%s: key %d is chosen %d of %v times, want about %.0f", c.text, k, got, n, n*weights[k]/sum)
			}
		}
		if got := len(tl.w.data.keys.IDs); got != keys {
			t.Errorf("%s: %d keys", c.text, got)
		}
	}
}

// Clients of a workload stay at their member until that is gone, and then find
// another; others ask a random member each time. All that are asked are members.
func TestClientsStayAtTheirMember(t *testing.T) {
	nodesOf := func(all []commanded) []chord.Addr {
		var out []chord.Addr
		for _, c := range all {
			out = append(out, c.node)
		}
		slices.Sort(out)
		return slices.Compact(out)
	}
	moved := false
	for seed := range uint64(10) {
		const text = stored30 + `  - workload: {rate: 20/s, for: 40s, keys: 5, background: on%s}
  - fail: {count: 15, at: 20s}
  - wait: 20s
`
		tl, all := commandsOf(t, fmt.Sprintf(text, ", clients: 3"), seed)
		at := slices.IndexFunc(all, func(c commanded) bool { return c.at >= 20*time.Second })
		before, after := nodesOf(all[:at]), nodesOf(all[at:])
		if len(before) == 0 || len(before) > 3 || len(after) == 0 || len(after) > 3 {
			t.Errorf("seed %d: three clients are at %v, and then at %v", seed, before, after)
		}
		for _, a := range before {
			switch {
			case tl.w.members.has(a) && !slices.Contains(after, a):
				t.Errorf("seed %d: %d is left although it is there", seed, a)
			case !tl.w.members.has(a):
				moved = true
			}
		}
		_, all = commandsOf(t, fmt.Sprintf(text, ""), seed)
		at = slices.IndexFunc(all, func(c commanded) bool { return c.at >= 20*time.Second })
		if before, after := nodesOf(all[:at]), nodesOf(all[at:]); len(before) != 30 || !slices.Equal(after, tl.w.alive()) {
			t.Errorf("seed %d: without clients %d members are asked, and then %v of %v", seed, len(before), after, tl.w.alive())
		}
	}
	if !moved {
		t.Error("no client has lost its member; this shows nothing")
	}
}

// In an empty ring nobody can be asked.
func TestNobodyToAsk(t *testing.T) {
	_, all := commandsOf(t, stored30+"  - fail: {count: 30}\n  - put: {count: 5}\n  - workload: {rate: 10/s, for: 2s, keys: 5}\n  - workload: {rate: 10/s, for: 2s, keys: 5, clients: 2}\n", 1)
	if len(all) != 0 {
		t.Errorf("%d operations in an empty ring", len(all))
	}
}

// Operations that take a while stand in charts over time and before those who watch,
// and so does a file that is put at once; other steps of one instant do not.
func TestMarksOfOperations(t *testing.T) {
	file := filepath.Join(t.TempDir(), "two.json")
	if err := os.WriteFile(file, []byte(`{"a": "1", "b": "2"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	sc := mustParse(t, `name: x
timeline:
  - start: {nodes: 5}
  - put: {count: 3}
  - put: {file: `+file+`, at: 10s}
  - put: {count: 3, over: 10s, at: 20s}
  - get: {rate: 2/s, for: 10s, at: 40s}
  - get: {each: on, at: 60s}
  - workload: {rate: 2/s, for: 10s, keys: 3, at: 70s}
  - delete: {each: on, over: 10s, at: 90s}
`, Overrides{})
	r, err := Run(context.Background(), sc, RunOptions{})
	if err != nil {
		t.Fatal(err)
	}
	want := []Mark{{10, "put 2"}, {20, "put 3"}, {40, "get 2/s"}, {70, "workload"}, {90, "delete 8"}}
	if diff := cmp.Diff(want, r.Rows[0].Runs[0].Marks); diff != "" {
		t.Error(diff)
	}
}
