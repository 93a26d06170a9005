package scenarios

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

const millisecond = int64(1e6)

// fiveLookups are one of each outcome and a second correct one.
func fiveLookups() *LookupTally {
	t := new(LookupTally)
	t.Add(Correct, 2, 0, true, 100*millisecond, 2_000_000)
	t.Add(Correct, 4, 1, true, 300*millisecond, 3_000_000)
	t.Add(Wrong, 0, 2, false, 50*millisecond, -1)
	t.Add(Failed, 9, 5, true, 10_000*millisecond, 9_000_000)
	t.Add(Abandoned, 7, 7, true, 7, 7)
	return t
}

func distribution(n int64, mean, p1, p10, p50, p90, p99, max Number) Distribution {
	return Distribution{n, mean, p1, p10, p50, p90, p99, max}
}

// fiveSummed is what fiveLookups come to, reckoned by hand: path, latency and
// stretch over the three answered, timeouts over the four judged.
func fiveSummed() Lookup {
	return Lookup{
		Name: "during", Count: 5, Correct: 2, Wrong: 1, Failed: 1, Abandoned: 1,
		FailedShare: 0.25, WrongShare: 0.25,
		Path:         distribution(3, 2, 0, 0, 2, 4, 4, 4),
		PathNonlocal: distribution(2, 3, 2, 2, 2, 4, 4, 4),
		Timeouts:     distribution(4, 2, 0, 0, 1, 5, 5, 5),
		Latency:      distribution(3, 0.15, 0.05, 0.05, 0.1, 0.3, 0.3, 0.3),
		Stretch:      distribution(2, 2.5, 2, 2, 2, 3, 3, 3),
	}
}

func TestLookupSummary(t *testing.T) {
	got := NewLookup("during", fiveLookups())
	if diff := cmp.Diff(fiveSummed(), got, cmpopts.IgnoreUnexported(Lookup{})); diff != "" {
		t.Error(diff)
	}
}

func TestLookupSummaryOfNothingIsUndefined(t *testing.T) {
	l := NewLookup("none", new(LookupTally))
	for name, n := range map[string]Number{
		"failed_share": l.FailedShare, "path.mean": l.Path.Mean, "path.p50": l.Path.P50,
		"latency.max": l.Latency.Max, "stretch.mean": l.Stretch.Mean,
	} {
		if n.Defined() {
			t.Errorf("%s is %v without a lookup", name, n)
		}
	}
	if l.Count != 0 || l.Failed != 0 {
		t.Errorf("counts are not zero: %+v", l)
	}
}

func TestMergedTalliesSumUpAsOne(t *testing.T) {
	var one, a, b LookupTally
	for i := range 1000 {
		part := &a
		if i%3 == 0 {
			part = &b
		}
		outcome := Outcome(i % int(numOutcomes))
		for _, tally := range []*LookupTally{&one, part} {
			tally.Add(outcome, uint16(i%17), uint16(i%5), i%2 == 0, int64(i*7919%1000)*millisecond, int64(i%7)*1_000_000_000)
		}
	}
	b.Merge(&a)
	if diff := cmp.Diff(one.Totals(), b.Totals()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(NewLookup("x", &one), NewLookup("x", &b), cmpopts.IgnoreUnexported(Lookup{})); diff != "" {
		t.Error(diff)
	}
}

func TestTotalsBetweenTwoInstants(t *testing.T) {
	tally := fiveLookups()
	before := tally.Totals()
	tally.Add(Correct, 3, 1, true, 200*millisecond, -1)
	tally.Add(Wrong, 6, 0, true, 400*millisecond, -1)
	tally.Add(Failed, 0, 3, true, 0, -1)
	since := tally.Totals().Since(before)
	want := LookupTotals{Correct: 1, Wrong: 1, Failed: 1, Path: 9, Timeouts: 4, LatencyNS: 600 * millisecond}
	if since != want {
		t.Errorf("got %+v, want %+v", since, want)
	}
	near9(t, "path", since.MeanPath(), 4.5)
	near9(t, "latency", since.MeanLatency(), 0.3)
	near9(t, "timeouts", since.MeanTimeouts(), 4.0/3)
	near9(t, "path of none", LookupTotals{Failed: 1}.MeanPath(), math.NaN())
}

func TestAddingDoesNotAllocateBySample(t *testing.T) {
	tally := new(LookupTally)
	for range 3 * lastChunk { // beyond the growing chunks
		tally.Add(Correct, 5, 1, true, 1, 1)
	}
	allocations := testing.AllocsPerRun(lastChunk/2, func() { tally.Add(Correct, 5, 1, true, 1, 1) })
	if allocations > 0 {
		t.Errorf("%v allocations a sample", allocations)
	}
}

func TestLoadSummary(t *testing.T) {
	got := NewLoad("before", NewLoadTally([]int64{3, 0, 1, 4}))
	want := Load{
		Name: "before", Keys: 8, Nodes: 4, Mean: 2, P1: 0, P50: 1, P99: 4, Max: 4,
		MaxOverMean: 2, P99OverMean: 2, P1OverMean: 0,
		Gini:       0.4375, // 2·(1·0+2·1+3·3+4·4)/(4·8) − 5/4
		EmptyShare: 0.25,
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreUnexported(Load{})); diff != "" {
		t.Error(diff)
	}
	empty := NewLoad("empty", NewLoadTally([]int64{0, 0}))
	near9(t, "mean", empty.Mean, 0)
	near9(t, "empty_share", empty.EmptyShare, 1)
	near9(t, "max_over_mean", empty.MaxOverMean, math.NaN())
	near9(t, "gini", empty.Gini, math.NaN())
}

func TestTrafficSummary(t *testing.T) {
	tally := NewTrafficTally([]string{"ping", "pong", "notify"})
	tally.Add(0, 20, 400)
	other := NewTrafficTally([]string{"ping", "pong", "notify"})
	other.Add(0, 10, 200)
	other.Add(2, 10, 280)
	tally.Merge(other)
	// 4 nodes for 5 seconds: 20 node-seconds.
	got := NewTraffic("calm", tally, 20_000_000)
	want := Traffic{Name: "calm", Rates: Rates{2, 44}, Kinds: []KindTraffic{
		{"ping", Rates{1.5, 30}}, {"notify", Rates{0.5, 14}},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if NewTraffic("nobody", tally, 0).Messages.Defined() {
		t.Error("a rate without a node is defined")
	}
}

func TestSeriesRecorder(t *testing.T) {
	r := NewSeriesRecorder("ring", SeriesColumn{Name: "members"}, SeriesColumn{Name: "latency", Unit: "s"})
	r.Append(1_500*millisecond, 3, Undefined())
	r.Append(2_000*millisecond, 4, 1.0/3)
	s := r.Series()
	if r.Len() != 2 || s.Rows[0][0] != 1.5 || s.Rows[0][2].Defined() || s.Rows[1][2] != 0.333333333 {
		t.Errorf("recorded %v", s.Rows)
	}
	if got := s.Column("members"); len(got) != 2 || got[1] != 4 {
		t.Errorf("members are %v", got)
	}
	defer func() {
		if recover() == nil {
			t.Error("a sample that does not fit was taken")
		}
	}()
	r.Append(0, 1)
}

// Neighbours are joined where there are more than a thousand, and as few as that
// takes: not because one value is far away.
func TestWideHistogramsAreJoined(t *testing.T) {
	far := histogram{{0, 1}, {1, 2}, {math.MaxInt64, 3}}
	want := Histogram{Name: "load.x", Width: 1, Values: []int64{0, 1, math.MaxInt64}, Counts: []int64{1, 2, 3}}
	if diff := cmp.Diff(want, histogramResult("load.x", far)); diff != "" {
		t.Error(diff)
	}
	var dense histogram
	for i := range int64(maxBins) {
		dense = append(dense, valueCount{i, 1})
	}
	if h := histogramResult("load.x", dense); h.Width != 1 || len(h.Values) != maxBins {
		t.Errorf("%d values: %d bins of %d", maxBins, len(h.Values), h.Width)
	}
	dense = append(dense, valueCount{7_654_321, 9})
	h := histogramResult("load.x", dense)
	if last := len(h.Values) - 1; h.Width != 10 || last != 100 || h.Values[99] != 990 || h.Counts[99] != 10 || h.Values[100] != 7_654_320 || h.Counts[100] != 9 {
		t.Errorf("bins of %d: %v, %v", h.Width, h.Values, h.Counts)
	}
	// Bytes up to the end of the range, no two alike.
	var bytes histogram
	for i := range int64(5000) {
		bytes = append(bytes, valueCount{(i + 1) * (math.MaxInt64 / 5000), 2})
	}
	h, total := histogramResult("load.x", bytes), int64(0)
	for i, n := range h.Counts {
		total += n
		if h.Values[i] < 0 || h.Values[i]%h.Width != 0 || i > 0 && h.Values[i] <= h.Values[i-1] {
			t.Fatalf("bin %d begins at %d, width %d", i, h.Values[i], h.Width)
		}
	}
	if n := len(h.Values); n > maxBins || n < maxBins/10 || total != 10_000 {
		t.Errorf("%d bins hold %d samples", n, total)
	}
}

// Bytes are larger than keys: what nodes hold together may not fit 63 bits.
func TestLoadOfBytes(t *testing.T) {
	const tera = int64(1) << 40
	small := NewLoad("keys", NewLoadTally([]int64{3, 0, 1, 4}))
	one := NewLoad("bytes", NewLoadTally([]int64{3 * tera, 0, tera, 4 * tera}))
	if one.Keys != 8*tera || one.Mean != number(float64(2*tera)) || one.Gini != small.Gini || one.MaxOverMean != 2 || one.P1OverMean != 0 {
		t.Errorf("%+v", one)
	}
	var values []int64
	for range 1_000_000 {
		values = append(values, 30*tera, 0, 10*tera, 40*tera) // 8·10⁷ tebibytes: 2⁶⁶
	}
	all := NewLoad("bytes", NewLoadTally(values))
	if all.Keys != math.MaxInt64 || all.Mean != number(float64(20*tera)) || all.Max != number(float64(40*tera)) || all.EmptyShare != 0.25 {
		t.Errorf("%+v", all)
	}
	near9(t, "max_over_mean", all.MaxOverMean, 2)
	near9(t, "p99_over_mean", all.P99OverMean, 2)
	near9(t, "gini", all.Gini, 0.4375) // as of four nodes: equal ones change nothing
	if h := loadHistogram("x", NewLoadTally(values)); h.Width != 1 || len(h.Values) != 4 {
		t.Errorf("%d bins of %d", len(h.Values), h.Width)
	}
}

// What only expectations and references may name: the shares of path lengths, and the
// latency of operations that went beyond the client's successor.
func TestNamesFromTallies(t *testing.T) {
	lookups, gets := new(LookupTally), new(OperationTally)
	for i, path := range []uint16{0, 3, 3, 20, 21} {
		lookups.Add(Correct, path, 0, true, int64(i), -1)
	}
	for _, ms := range []int64{40, 10, 30, 10, 20} {
		gets.answered(ms*millisecond, false)
	}
	gets.answered(10*millisecond, true)
	gets.answered(5*millisecond, true)
	gets.found = 7
	run := RunResult{
		Lookups:    []Lookup{NewLookup("walk", lookups)},
		Operations: []Operation{NewOperation("read", "get", gets)},
	}
	got := map[string]Number{}
	run.eachOfTallies(func(name string, v Value) { got[name] = v.Number })
	for name, want := range map[string]Number{
		"lookup.walk.path_share.hops_0": 0.2, "lookup.walk.path_share.hops_1": 0, "lookup.walk.path_share.hops_3": 0.4,
		"lookup.walk.path_share.hops_20": 0.2,
		"get.read.latency_nonlocal.mean": 0.022, "get.read.latency_nonlocal.p1": 0.01, "get.read.latency_nonlocal.p50": 0.02,
		"get.read.latency_nonlocal.max": 0.04,
	} {
		if got[name] != want {
			t.Errorf("%s = %v, want %v", name, got[name], want)
		}
	}
	if len(got) != mostHops+1+7 {
		t.Errorf("%d names: %v", len(got), got)
	}
}
