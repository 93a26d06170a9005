package scenarios

import (
	"fmt"
	"slices"
	"testing"

	"chordsim/sim"
)

func seriesOf(t *testing.T, r *RunResult, name string) *Series {
	t.Helper()
	for i := range r.Series {
		if r.Series[i].Name == name {
			return &r.Series[i]
		}
	}
	t.Fatalf("no series is called %s", name)
	return nil
}

func sum(column []Number) (total int64) {
	for _, n := range column {
		total += int64(n)
	}
	return total
}

// A row at every interval from the first instant on, and one at the very end.
func TestSeriesHaveARowAtEveryInterval(t *testing.T) {
	tl := played(t, calm+`timeline:
  - start: {nodes: 20}
  - wait: 25s
  - fail: {count: 5}
  - wait: 18s
output: {sample: 10s}
`, 1)
	r := tl.result()
	ring := seriesOf(t, &r, SeriesRing)
	if got, want := ring.Column("time"), []Number{0, 10, 20, 30, 40, 43}; !slices.Equal(got, want) {
		t.Errorf("rows at %v, want %v", got, want)
	}
	if got, want := ring.Column("members"), []Number{20, 20, 20, 15, 15, 15}; !slices.Equal(got, want) {
		t.Errorf("members %v, want %v", got, want)
	}
	for _, name := range []string{SeriesLookups, SeriesTraffic, SeriesTrafficBytes} {
		if got, want := seriesOf(t, &r, name).Column("time"), []Number{10, 20, 30, 40, 43}; !slices.Equal(got, want) {
			t.Errorf("%s has rows at %v, want %v", name, got, want)
		}
	}
}

// The last row is the end of the run: also where the last steps are done at an
// instant at which a sample was just taken.
func TestTheLastRowIsTheEnd(t *testing.T) {
	tl := played(t, calm+`timeline:
  - start: {nodes: 20}
  - wait: 9980ms
  - lookup: {count: 300, background: on, as: l}
  - wait: {at: 10s}
  - fail: {count: 10}
output: {sample: 10s}
`, 1)
	r := tl.result()
	ring, lookups := seriesOf(t, &r, SeriesRing), seriesOf(t, &r, SeriesLookups)
	if got := last(ring.Column("members")); got != 10 || r.Ring.Members != 10 || len(ring.Rows) != 2 {
		t.Errorf("the last of %d rows has %v members, the ring %d", len(ring.Rows), got, r.Ring.Members)
	}
	if got := sum(lookups.Column("abandoned")); got != r.Lookups[0].Abandoned || got < 50 {
		t.Errorf("the rows have %d abandoned lookups, the run %d", got, r.Lookups[0].Abandoned)
	}
}

// What the intervals saw adds up to what the run saw: lookups by outcome, and
// messages by kind.
func TestIntervalsAddUpToTotals(t *testing.T) {
	tl := played(t, `ring: {successors: 4, stabilize: 5s, fix_fingers: 5s, probe_owner: off, retry: off}
network: {latency: {model: exponential, mean: 60ms, min: 5ms}, loss: 2%}
timeline:
  - start: {nodes: 60}
  - lookup: {rate: 20/s, for: 60s, background: on, as: a}
  - lookup: {per_node: 2s, for: 50s, background: on, as: b}
  - wait: {at: 30s}
  - fail: {fraction: 40%}
  - wait: {at: 100s}
output: {sample: 7s}
`, 1)
	r := tl.result()
	lookups := seriesOf(t, &r, SeriesLookups)
	want := map[string]int64{}
	for _, l := range r.Lookups {
		want["correct"] += l.Correct
		want["wrong"] += l.Wrong
		want["failed"] += l.Failed
		want["abandoned"] += l.Abandoned
	}
	for name, total := range want {
		if got := sum(lookups.Column(name)); got != total || total == 0 {
			t.Errorf("%s: the intervals saw %d, the run %d", name, got, total)
		}
	}
	sent := map[string]float64{}
	for i, s := 1, tl.sampler; i < len(s.times); i++ {
		_, micros := s.meters[i].since(s.meters[i-1], s.kinds)
		for _, kind := range kindNames(s.kinds) {
			row := seriesOf(t, &r, SeriesTraffic).Rows[i-1]
			column := slices.IndexFunc(seriesOf(t, &r, SeriesTraffic).Columns, func(c SeriesColumn) bool { return c.Name == kind })
			sent[kind] += float64(row[column]) * float64(micros) / 1e6
		}
	}
	all := 0.0
	for _, n := range sent {
		all += n
	}
	near(t, "the sum of all intervals", Number(all), float64(r.Run.Messages), 0.01)
	var answered, latency float64
	for _, row := range lookups.Rows {
		n := float64(row[1] + row[2])
		if n > 0 {
			answered += n
			latency += n * float64(row[7])
		}
	}
	var wantLatency float64
	for _, l := range r.Lookups {
		wantLatency += float64(l.Latency.Mean) * float64(l.Latency.N)
	}
	near(t, "the latencies of all intervals", Number(latency), wantLatency, 1e-3)
}

// Without an interval of its own a run takes a second for each thousand nodes,
// and forgets every other sample when it has many: what is left is at equal
// intervals, whatever the length of the run.
func TestSamplesAreThinned(t *testing.T) {
	for _, c := range []struct {
		nodes       int
		length      Duration
		every, rows int
	}{
		{10, 100 * Second, 1, 101},
		{3000, 90 * Second, 3, 31},
		{10, 511 * Second, 1, 512},
		{10, 512 * Second, 2, 257},
		{10, 5000 * Second, 16, 314},
	} {
		tl := played(t, calm+fmt.Sprintf("timeline: [{start: {nodes: %d}}, {wait: %v}]\n", c.nodes, c.length), 1)
		times := tl.sampler.times
		if len(times) != c.rows {
			t.Errorf("%d nodes for %v: %d samples, want %d", c.nodes, c.length, len(times), c.rows)
		}
		for i, at := range times[:len(times)-1] {
			if at != sim.Time(i*c.every)*sim.Time(Second) {
				t.Fatalf("%d nodes for %v: sample %d at %v", c.nodes, c.length, i, at)
			}
		}
		if end := times[len(times)-1]; end != sim.Time(c.length) {
			t.Errorf("%d nodes for %v: the last sample at %v", c.nodes, c.length, end)
		}
	}
	// An interval that was asked for is kept, up to a limit.
	tl := played(t, calm+"timeline: [{start: {nodes: 2}}, {wait: 1000s}]\noutput: {sample: 1s}\n", 1)
	if n := len(tl.sampler.times); n != 1001 {
		t.Errorf("%d samples, want 1001", n)
	}
	tl = played(t, calm+"timeline: [{start: {nodes: 2}}, {wait: 10001s}]\noutput: {sample: 1s}\n", 1)
	if n := len(tl.sampler.times); n != 5002 { // 0, 2, … 10,000 and the end
		t.Errorf("%d samples, want 5002", n)
	}
}
