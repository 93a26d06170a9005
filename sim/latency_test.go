package sim

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

const ms = Time(time.Millisecond)

// testMatrix is 4 × 4, in milliseconds, asymmetric, with a hole from 2 to 0.
const testMatrix = "0 10 20 30\n12 0 40 50.5\n- 60 0 70\n80 90 100 0\n"

func readTestMatrix(t testing.TB) *LatencyMatrix {
	t.Helper()
	m, err := ReadMatrix(strings.NewReader(testMatrix), "test", "ms", true)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// everyModel is one of each, with 200 hosts.
func everyModel(t testing.TB) map[string]Latency {
	t.Helper()
	models := map[string]Latency{}
	for name, p := range map[string]LatencyParams{
		"constant":             ConstantLatency{Delay: 50 * ms},
		"uniform":              UniformLatency{Min: 10 * ms, Max: 90 * ms},
		"exponential":          ExponentialLatency{Mean: 50 * ms, Min: ms},
		"exponential no floor": ExponentialLatency{Mean: 50 * ms},
		"lognormal":            LognormalLatency{Median: 50 * ms, Sigma: 0.6, Min: 20 * ms},
		"euclidean 2":          EuclideanLatency{Dimensions: 2, Diameter: 100 * ms},
		"euclidean 3":          EuclideanLatency{Dimensions: 3, Diameter: 100 * ms, Min: 5 * ms},
		"transit-stub":         TransitStubLatency{},
		"matrix":               MatrixLatency{Table: readTestMatrix(t), Kind: "rtt", Missing: "drop"},
		"matrix one-way":       MatrixLatency{Table: readTestMatrix(t), Kind: "one-way", Missing: "drop"},
	} {
		m, err := NewLatency(p, 42, 200)
		if err != nil {
			t.Fatal(err)
		}
		models[name] = m
	}
	return models
}

// The first delays of every model: a change of one nanosecond on any architecture
// changes the digests of every run.
func TestDelaysAreGolden(t *testing.T) {
	want := map[string][]Time{
		"constant":             {50000000, 50000000, 50000000, 50000000, 50000000, 50000000},
		"euclidean 2":          {14013962, 61920697, 44382242, 10523049, 37069928, 23010057},
		"euclidean 3":          {48875206, 51541493, 37684394, 36326642, 30307591, 22297610},
		"exponential no floor": {131788541, 7347814, 51474405, 34161797, 25448546, 610805},
		"exponential":          {130152771, 8200858, 51444917, 34478561, 25939575, 1598589},
		"lognormal":            {20778442, 96473626, 40142460, 50375926, 58309309, 193173874},
		"matrix one-way":       {100000, 30000000, 90000000, 100000, 10000000, 100000000},
		"matrix":               {100000, 15000000, 45000000, 100000, 5000000, 50000000},
		"transit-stub":         {95000000, 193000000, 196000000, 95000000, 196000000, 247000000},
		"uniform":              {15733096, 79066538, 38575180, 50398421, 58089109, 89028658},
	}
	draws := NewStream(1, 2, 3)
	for name, m := range everyModel(t) {
		var got []Time
		for i := range uint32(6) {
			got = append(got, m.Delay(1+i, 7+2*i, draws.At(uint64(i))))
		}
		if diff := cmp.Diff(want[name], got); diff != "" {
			t.Errorf("%q: {%s}", name, strings.Trim(strings.Join(strings.Fields(fmt.Sprint(intsOf(got))), ", "), "[]"))
		}
	}
}

func intsOf(times []Time) (ints []int64) {
	for _, t := range times {
		ints = append(ints, int64(t))
	}
	return ints
}

// The draws that reach furthest: the first and last word, and a random one.
func drawWord(t *rapid.T) uint64 {
	return rapid.OneOf(rapid.Just(uint64(0)), rapid.Just(uint64(math.MaxUint64)), rapid.Uint64()).Draw(t, "draw")
}

func TestNoDelayBelowTheFloor(t *testing.T) {
	models := everyModel(t)
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Uint32Range(1, 200).Draw(t, "a"), rapid.Uint32Range(1, 200).Draw(t, "b")
		draw := drawWord(t)
		for name, m := range models {
			if m.Lost(a, b) {
				continue
			}
			if d := m.Delay(a, b, draw); d < m.Floor() || d < 1 || d > maxDelay {
				t.Fatalf("%s: delay %v from %d to %d, floor %v", name, d, a, b, m.Floor())
			}
			if d := m.Delay(a, a, draw); d != max(m.Floor(), 1) {
				t.Fatalf("%s: delay %v within host %d, floor %v", name, d, a, m.Floor())
			}
		}
	})
}

func TestFloors(t *testing.T) {
	got := map[string]Time{}
	for name, m := range everyModel(t) {
		got[name] = m.Floor()
	}
	want := map[string]Time{
		"constant": 50 * ms, "uniform": 10 * ms, "exponential": ms, "exponential no floor": 0, "lognormal": 20 * ms,
		"euclidean 2": 100_000, "euclidean 3": 5 * ms, "transit-stub": 100_000, "matrix": 100_000, "matrix one-way": 100_000,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestMeanRTTIsSymmetric(t *testing.T) {
	for name, m := range everyModel(t) {
		for a := uint32(1); a <= 20; a++ {
			for b := uint32(1); b <= 20; b++ {
				there, back := m.MeanRTT(a, b), m.MeanRTT(b, a)
				undefined := a == b || m.Lost(a, b) || m.Lost(b, a)
				if there != back || (there == 0) != undefined || there < 0 {
					t.Fatalf("%s: mean round trip of %d and %d is %v, of %d and %d %v", name, a, b, there, b, a, back)
				}
			}
		}
	}
}

// The mean over messages of both directions is MeanRTT: for drawn models over
// many draws, for placed ones at once.
func TestMeanRTTIsTheMeanOfDelays(t *testing.T) {
	for name, m := range everyModel(t) {
		if m.Lost(3, 4) || m.Lost(4, 3) {
			t.Fatalf("%s: choose other hosts", name)
		}
		const n = 200_000
		draws, sum := NewStream(9, 0, 0), 0.0
		for i := range uint64(n) {
			sum += float64(m.Delay(3, 4, draws.At(2*i)) + m.Delay(4, 3, draws.At(2*i+1)))
		}
		if rtt := float64(m.MeanRTT(3, 4)); relative(sum/n, rtt) > 0.01 {
			t.Errorf("%s: mean round trip %v, that of draws %v", name, m.MeanRTT(3, 4), Time(sum/n))
		}
	}
}

// A host's place depends on the seed and its number, not on how many there are.
func TestPlacesStayWhenHostsAreAdded(t *testing.T) {
	for _, p := range []LatencyParams{
		EuclideanLatency{Dimensions: 3, Diameter: 100 * ms},
		TransitStubLatency{},
		MatrixLatency{Table: readTestMatrix(t), Kind: "rtt"},
	} {
		few, many, other := mustBuild(t, p, 1, 10), mustBuild(t, p, 1, 1000), mustBuild(t, p, 2, 10)
		moved := 0
		for a := uint32(1); a <= 10; a++ {
			for b := uint32(1); b <= 10; b++ {
				if few.Delay(a, b, 0) != many.Delay(a, b, 0) {
					t.Errorf("%T: hosts %d and %d moved", p, a, b)
				}
				if few.Delay(a, b, 0) != other.Delay(a, b, 0) {
					moved++
				}
			}
		}
		if moved < 30 {
			t.Errorf("%T: another seed moves only %d of 90 pairs", p, moved)
		}
	}
}

func mustBuild(t testing.TB, p LatencyParams, seed uint64, hosts uint32) Latency {
	t.Helper()
	m, err := NewLatency(p, seed, hosts)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestLatencyProblems(t *testing.T) {
	for _, c := range []struct {
		p    LatencyParams
		want string
	}{
		{ConstantLatency{}, "delay: missing: give a latency above 0"},
		{ConstantLatency{Delay: -ms}, "delay: -1ms is negative"},
		{ConstantLatency{Delay: 2 * MaxLatency}, "delay: 2h0m0s is above the limit of 1h0m0s: check the unit"},
		{UniformLatency{Min: 2 * ms, Max: ms}, "max: 1ms is below min: 2ms"},
		{UniformLatency{Min: -ms}, "min: -1ms is negative\nmax: missing: give a latency above 0"},
		{ExponentialLatency{Min: ms}, "mean: missing: give a latency above 0"},
		{ExponentialLatency{Mean: ms, Min: 2 * ms}, "mean: 1ms is below min: 2ms"},
		{LognormalLatency{}, "median: missing: give a latency above 0\nsigma: 0 is outside of (0, 3]"},
		{LognormalLatency{Median: ms, Sigma: math.NaN()}, "sigma: NaN is outside of (0, 3]"},
		{LognormalLatency{Median: ms, Sigma: 1, Min: 2 * ms}, "median: 1ms is below min: 2ms"},
		{EuclideanLatency{Dimensions: 4}, "dimensions: 4 is neither 2 nor 3\ndiameter: missing: give a latency above 0"},
		{EuclideanLatency{Dimensions: 2, Diameter: 1000}, "diameter: 1µs is below min: 100µs"},
		{TransitStubLatency{Domains: -1, StubDegree: -2}, "domains: -1 is outside of 1 to 1000\nstub_degree: -2 is outside of (0, 65536]"},
		{TransitStubLatency{Domains: 40, TransitNodes: 40}, "transit_nodes: 40 in 40 domains are above the limit of 1000 together"},
		{TransitStubLatency{Routers: 159}, "routers: 159 are too few for 40 transit nodes and 120 stub domains of at least one router"},
		{TransitStubLatency{Domains: 1, TransitNodes: 1, Stubs: 1}, "routers: 5000 in 1 stub domains make stubs too large: give more stubs or fewer routers"},
		{TransitStubLatency{IntraStub: -1}, "intra_stub: -1ns is negative"},
		{MatrixLatency{Kind: "two-way", Missing: "ignore", Sites: "own"}, "file: missing: give the file of the matrix\nunit: \"\" is none of ns, us, ms, s\n" +
			"kind: \"two-way\" is neither rtt nor one-way\nmissing: \"ignore\" is neither error nor drop\nsites: \"own\" is neither random nor in-turn"},
		{MatrixLatency{File: "no/such", Unit: "ms", Kind: "rtt"}, "no/such: no such file or directory"},
	} {
		m, err := NewLatency(c.p, 1, 1)
		if err == nil || err.Error() != c.want || m != nil {
			t.Errorf("%+v: %v\nwant %s", c.p, err, c.want)
		}
	}
}

func TestDelayDoesNotAllocate(t *testing.T) {
	for name, m := range everyModel(t) {
		var sum Time
		if n := testing.AllocsPerRun(100, func() { sum += m.Delay(1, 2, 12345) + m.MeanRTT(1, 2) }); n != 0 {
			t.Errorf("%s: %v allocations", name, n)
		}
	}
}

func TestBytes(t *testing.T) {
	for _, c := range []struct {
		p           LatencyParams
		least, most int64
	}{
		{ConstantLatency{}, 0, 0}, {UniformLatency{}, 0, 0}, {ExponentialLatency{}, 0, 0}, {LognormalLatency{}, 0, 0},
		{EuclideanLatency{Dimensions: 2}, 8e6, 8e6 + 99}, {EuclideanLatency{Dimensions: 3}, 12e6, 12e6 + 99},
		{TransitStubLatency{}, 4e6, 5e6},
		{MatrixLatency{Table: readTestMatrix(t)}, 2e6, 2e6 + 99},
	} {
		if got := c.p.Bytes(1e6); got < c.least || got > c.most {
			t.Errorf("%T: %d bytes for a million hosts, want %d to %d", c.p, got, c.least, c.most)
		}
	}
}

func BenchmarkDelay(b *testing.B) {
	models := everyModel(b)
	for _, name := range slices.Sorted(maps.Keys(models)) {
		m := models[name]
		b.Run(strings.ReplaceAll(name, " ", "-"), func(b *testing.B) {
			b.ReportAllocs()
			draws, sum := NewStream(1, 2, 3), Time(0)
			for i := range b.N {
				sum += m.Delay(1+uint32(i)%200, 1+uint32(i/2)%200, draws.At(uint64(i)))
			}
			if sum == 0 {
				b.Fatal("no time passed")
			}
		})
	}
}
