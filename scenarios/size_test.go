package scenarios

import (
	"math"
	"regexp"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"testing"

	"chordsim/sim"
)

func planOf(t *testing.T, text string) *plan {
	t.Helper()
	plans, err := mustParse(t, "name: x\n"+text, Overrides{}).plans()
	if err != nil {
		t.Fatal(err)
	}
	return plans[0]
}

// inUse is what is in use on the heap after a collection.
func inUse() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// The memory that a run is estimated to take is what it takes, to a factor of
// two, whatever takes most of it. A short test has what is soon done.
func TestEstimateIsNearTheHeap(t *testing.T) {
	for name, text := range map[string]string{
		"maintenance": "ring: {successors: 8, stabilize: 20s}\ntimeline: [{start: {nodes: 20000}}, {lookup: {per_node: 10s, for: 60s, as: l}}]\n",
		"long lists":  "ring: {successors: 20, lookup: recursive}\ntimeline: [{start: {nodes: 20000}}, {fail: {fraction: 20%}}, {lookup: {rate: 1000/s, for: 60s, as: l}}]\n",
		"seed server": "ring: {successors: 4, bootstrap: seed-server}\ntimeline: [{start: {nodes: 20000}}, {wait: 60s}]\n",
		"stored":      "ring: {successors: 4}\ndata: {replicas: 3}\ntimeline: [{start: {nodes: 2000}}, {put: {count: 200000, over: 5m}}]\n",
		"put at once": "ring: {successors: 4}\ndata: {replicas: 2}\ntimeline: [{start: {nodes: 2000}}, {put: {count: 30000}}]\n",
		"read too":    "ring: {successors: 4}\ntimeline: [{start: {nodes: 1000}}, {workload: {rate: 1000/s, for: 200s, keys: 5000, mix: {get: 50%, put: 50%}}}]\n",
		"one key":     "ring: {successors: 4}\ntimeline: [{start: {nodes: 1000}}, {workload: {rate: 1000/s, for: 100s, keys: 10, mix: {put: 100%}}}]\n",
		"at once":     "ring: {successors: 4}\ntimeline: [{start: {nodes: 2000}}, {lookup: {count: 50000, as: l}}]\n",
	} {
		if light := name == "at once" || name == "put at once" || name == "seed server"; testing.Short() && !light {
			continue
		}
		p := planOf(t, text)
		before := inUse()
		w, err := p.world(1, RunOptions{})
		if err != nil {
			t.Fatal(err)
		}
		tl := newTimeline(p, w, 1)
		play(t, tl)
		took := inUse() - before
		estimated := p.estimate() - 24<<20 // program and runtime
		if ratio := float64(estimated) / float64(took); ratio < 0.5 || ratio > 2 {
			t.Errorf("%s: estimated %s, took %s", name, sizeText(estimated), sizeText(took))
		}
		runtime.KeepAlive(tl)
	}
}

// An estimate grows with what it is for.
func TestEstimateGrows(t *testing.T) {
	base := planOf(t, "ring: {successors: 4}\ntimeline: [{start: {nodes: 100000}}]\n").estimate()
	for _, c := range []struct {
		text        string
		least, most int64 // more, in MB
	}{
		{"ring: {successors: 4}\ntimeline: [{start: {nodes: 200000}}]\n", 150, 300},
		{"ring: {successors: 4, virtual_nodes: 2}\ntimeline: [{start: {nodes: 100000}}]\n", 150, 300},
		{"ring: {successors: 20}\ntimeline: [{start: {nodes: 100000}}]\n", 15, 60},
		{"ring: {successors: 4, bootstrap: seed-server}\ntimeline: [{start: {nodes: 100000}}]\n", 8, 20},
		{"ring: {successors: 4}\ntimeline: [{start: {nodes: 100000}}, {lookup: {count: 10000000, over: 1h, as: l}}]\n", 120, 300},
		{"ring: {successors: 4}\ntimeline: [{start: {nodes: 100000}}, {lookup: {rate: 10000/s, for: 1000s, as: l}}]\n", 120, 300},
		{"ring: {successors: 4}\ntimeline: [{start: {nodes: 100000}}, {lookup: {per_node: 10s, for: 1000s, as: l}}]\n", 120, 300},
		{"ring: {successors: 4}\ntimeline: [{start: {nodes: 100000}}, {join: {nodes: 50000, over: 1h}}, {churn: {for: 1h, joins: 50000/h}}]\n", 150, 300},
		{"ring: {successors: 4}\ndata: {replicas: 1}\ntimeline: [{start: {nodes: 100000}}, {put: {count: 1000000, over: 1h}}]\n", 120, 250},
		{"ring: {successors: 4}\ndata: {replicas: 5}\ntimeline: [{start: {nodes: 100000}}, {put: {count: 1000000, over: 1h}}]\n", 320, 500},
		{"ring: {successors: 4}\ntimeline: [{start: {nodes: 100000}}, {put: {count: 1000000, over: 1h}}, {get: {each: on, over: 1h}}]\n", 350, 600},
		{"ring: {successors: 4}\ntimeline: [{start: {nodes: 100000}}, {put: {rate: 1000/s, for: 1000s, keys: 10}}, {delete: {count: 5}}]\n", 35, 80},
		{"ring: {successors: 4}\ntimeline: [{start: {nodes: 100000}}, {workload: {rate: 1000/s, for: 1000s, keys: 1000, mix: {get: 100%}}}, {measure: {data: on}}]\n", 150, 300},
	} {
		if more := (planOf(t, c.text).estimate() - base) >> 20; more < c.least || more > c.most {
			t.Errorf("%s takes %d MB more, want %d to %d", c.text, more, c.least, c.most)
		}
	}
	if mb := base >> 20; mb < 170 || mb > 350 {
		t.Errorf("100,000 nodes take %d MB", mb)
	}
}

// What does not fit is refused with both sizes: by the memory of the machine, or
// by GOMEMLIMIT; what fits once goes on once at a time.
func TestRunsFitIntoMemory(t *testing.T) {
	huge := planOf(t, "timeline: [{start: {nodes: 100000000}}]\n")
	_, err := sideBySide([]*plan{huge}, RunOptions{})
	if !isInput(err) || !regexp.MustCompile(`^a run takes about \d+\.\d GB and the [a-z ]+ is \d+(\.\d GB| MB); write fewer nodes$`).MatchString(err.Error()) {
		t.Errorf("100,000,000 nodes: %v", err)
	}
	large := planOf(t, "timeline: [{start: {nodes: 500000}}]\n") // about a gigabyte
	limit, _ := memoryLimit()
	if limit <= large.estimate() {
		t.Fatalf("this test needs %s of memory", sizeText(large.estimate()))
	}
	was := debug.SetMemoryLimit(900 << 20)
	limit, of := memoryLimit()
	_, err = sideBySide([]*plan{large}, RunOptions{})
	debug.SetMemoryLimit(2 * large.estimate())
	one, errOne := sideBySide([]*plan{large}, RunOptions{Jobs: 1})
	_, errThree := sideBySide([]*plan{large, huge}[:1], RunOptions{Jobs: 3})
	debug.SetMemoryLimit(was)
	if limit != 900<<20 || !strings.Contains(of, "GOMEMLIMIT") {
		t.Errorf("the limit is %d, %s", limit, of)
	}
	if !isInput(err) || !strings.Contains(err.Error(), "and the limit set by GOMEMLIMIT is 944 MB; write fewer nodes") {
		t.Errorf("with 900 MiB: %v", err)
	}
	if one != 1 || errOne != nil {
		t.Errorf("one at a time: %d, %v", one, errOne)
	}
	if !isInput(errThree) || !strings.Contains(errThree.Error(), "--jobs 3: a run takes about") || !strings.HasSuffix(errThree.Error(), "room for 2") {
		t.Errorf("three at once: %v", errThree)
	}
}

// Left alone, as many runs go on at once as there are cores for their workers.
func TestRunsAtOnceByCores(t *testing.T) {
	small := planOf(t, "timeline: [{start: {nodes: 10}}]\n")
	cores := runtime.GOMAXPROCS(0)
	for _, c := range []struct{ workers, want int }{{0, cores}, {1, cores}, {2, max(1, cores/2)}, {1000, 1}} {
		if n, err := sideBySide([]*plan{small}, RunOptions{Workers: c.workers}); n != c.want || err != nil {
			t.Errorf("with %d workers %d runs go on at once, want %d: %v", c.workers, n, c.want, err)
		}
	}
}

func TestSizeText(t *testing.T) {
	for size, want := range map[int64]string{1: "1 MB", 1_000_000: "1 MB", 1_000_001: "2 MB", 1<<30 - 1: "1074 MB", 1 << 30: "1.1 GB", 1 << 40: "1099.5 GB"} {
		if got := sizeText(size); got != want {
			t.Errorf("%d is %s, want %s", size, got, want)
		}
	}
}

// Shards are as many as there is work for, and never more than asked for.
func TestShardsFor(t *testing.T) {
	window := 50 * sim.Time(Millisecond)
	for _, c := range []struct {
		nodes   int64
		window  sim.Time
		workers int
		want    int
	}{
		{1000, window, 1, 1},
		{50_000, window, 1, 1},
		{100_000, window, 1, 12},
		{1_000_000, window, 1, 122},
		{100_000_000, window, 1, 128},
		{100_000, 0, 1, 1}, // no least latency
		{10_000, window, 2, 7},
		{100_000, window, 4, 16},
		{1000, window, 4, 1},
	} {
		if got := shardsFor(c.nodes, c.window, c.workers); got != c.want {
			t.Errorf("%d nodes, window %v, %d workers: %d shards, want %d", c.nodes, c.window, c.workers, got, c.want)
		}
	}
	if strconv.IntSize == 32 {
		if limit, _ := memoryLimit(); limit > math.MaxInt32+1 {
			t.Errorf("the memory is %d", limit)
		}
	}
}
