package sim

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

const hour = Time(time.Hour)

func mustDraw(t testing.TB, p DistributionParams) Distribution {
	t.Helper()
	d, err := NewDistribution(p)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// Mean, variance and quantiles of draws against the closed forms.
func TestDistributions(t *testing.T) {
	h := float64(hour)
	gamma := func(x float64) float64 { return math.Gamma(x) }
	for _, c := range []struct {
		p              DistributionParams
		mean, variance float64
		quantile       func(p float64) float64
	}{
		{ExponentialDist{Mean: hour}, h, h * h,
			func(p float64) float64 { return -h * math.Log(1-p) }},
		{ParetoDist{Shape: 6, Min: hour}, h * 6 / 5, h * h * 6 / (5 * 5 * 4),
			func(p float64) float64 { return h * math.Pow(1-p, -1.0/6) }},
		{ParetoDist{Shape: 6, Mean: hour}, h, h * h / 24,
			func(p float64) float64 { return h * 5 / 6 * math.Pow(1-p, -1.0/6) }},
		{WeibullDist{Shape: 0.7, Scale: hour}, h * gamma(1+1/0.7), h * h * (gamma(1+2/0.7) - gamma(1+1/0.7)*gamma(1+1/0.7)),
			func(p float64) float64 { return h * math.Pow(-math.Log(1-p), 1/0.7) }},
		{WeibullDist{Shape: 2, Mean: hour}, h, h * h * (4/math.Pi - 1),
			func(p float64) float64 { return h / gamma(1.5) * math.Sqrt(-math.Log(1-p)) }},
		{LognormalDist{Median: hour, Sigma: 0.5}, h * math.Exp(0.125), h * h * math.Exp(0.25) * (math.Exp(0.25) - 1),
			func(p float64) float64 { return h * math.Exp(0.5*math.Sqrt2*math.Erfinv(2*p-1)) }},
		{UniformDist{Min: hour, Max: 3 * hour}, 2 * h, 4 * h * h / 12,
			func(p float64) float64 { return h + 2*h*p }},
		{JitteredDist{Every: hour, Jitter: 0.5}, h, h * h / 12,
			func(p float64) float64 { return h/2 + h*p }},
	} {
		t.Run(fmt.Sprintf("%+v", c.p), func(t *testing.T) {
			d := mustDraw(t, c.p)
			s := sampled(200_000, d.Draw)
			s.moments(t, c.mean, c.variance)
			for _, p := range []float64{0.001, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999} {
				s.near(t, p, Time(c.quantile(p)))
			}
			if relative(float64(d.Mean()), c.mean) > 1e-12 {
				t.Errorf("Mean() = %v, want %v", d.Mean(), Time(c.mean))
			}
		})
	}
}

// A tail so heavy that there is no variance, or no mean: quantiles only.
func TestHeavyTails(t *testing.T) {
	for _, shape := range []float64{0.5, 1, 1.5} {
		s := sampled(200_000, mustDraw(t, ParetoDist{Shape: shape, Min: hour}).Draw)
		for _, p := range []float64{0.01, 0.5, 0.9, 0.99} {
			s.near(t, p, Time(float64(hour)*math.Pow(1-p, -1/shape)))
		}
	}
	if m := mustDraw(t, ParetoDist{Shape: 1, Min: hour}).Mean(); m != MaxDraw {
		t.Errorf("the mean of a Pareto distribution of shape 1 is %v", m)
	}
	if m := mustDraw(t, ParetoDist{Shape: 1.5, Min: hour}).Mean(); m != 3*hour {
		t.Errorf("the mean of a Pareto distribution of shape 1.5 is %v", m)
	}
	if d := mustDraw(t, ParetoDist{Shape: 0.05, Min: hour}).Draw(0); d != MaxDraw {
		t.Errorf("the longest time drawn is %v", d)
	}
}

func TestConstantDraws(t *testing.T) {
	for _, p := range []DistributionParams{ConstantDist{Value: hour}, UniformDist{Min: hour, Max: hour}, JitteredDist{Every: hour}} {
		d := mustDraw(t, p)
		if a, b := d.Draw(0), d.Draw(math.MaxUint64); a != hour || b != hour || d.Mean() != hour {
			t.Errorf("%+v draws %v and %v with mean %v", p, a, b, d.Mean())
		}
	}
}

// someDistributions are one of each, by the order of their names.
var someDistributions = []DistributionParams{
	ConstantDist{Value: hour}, ExponentialDist{Mean: hour}, JitteredDist{Every: hour, Jitter: 1}, LognormalDist{Median: hour, Sigma: 10},
	ParetoDist{Shape: 0.05, Min: hour}, ParetoDist{Shape: 1.1, Mean: hour}, UniformDist{Max: hour}, WeibullDist{Shape: 0.1, Mean: hour},
}

func TestDrawsStayInRange(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := drawWord(t)
		for _, p := range someDistributions {
			if d := mustDrawRapid(t, p).Draw(word); d < 1 || d > MaxDraw {
				t.Fatalf("%+v draws %v", p, d)
			}
		}
	})
}

func mustDrawRapid(t *rapid.T, p DistributionParams) Distribution {
	d, err := NewDistribution(p)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// The first draws of every distribution, to the nanosecond, on any architecture.
func TestDrawsAreGolden(t *testing.T) {
	want := map[string][]int64{
		"sim.ConstantDist {Value:1h0m0s}":                  {3600000000000, 3600000000000, 3600000000000, 3600000000000, 3600000000000},
		"sim.ExponentialDist {Mean:1h0m0s}":                {9488774984916, 529042636559, 3706157184049, 2459649369347, 1832295293974},
		"sim.JitteredDist {Every:1h0m0s Jitter:1}":         {515978694995, 6215988345158, 2571766249172, 3635857885271, 4328019776776},
		"sim.LognormalDist {Median:1h0m0s Sigma:10}":       {1586178, 205879207379056192, 92654971797, 4078681358023, 46676754988482},
		"sim.ParetoDist {Shape:0.05 Mean:0s Min:1h0m0s}":   {576460752303423488, 68037539486359, 576460752303423488, 576460752303423488, 94878475393958416},
		"sim.ParetoDist {Shape:1.1 Mean:1h0m0s Min:0s}":    {3593741541478, 374050373572, 834382666988, 609060392685, 519826282402},
		"sim.UniformDist {Min:0s Max:1h0m0s}":              {257989347497, 3107994172579, 1285883124586, 1817928942635, 2164009888388},
		"sim.WeibullDist {Shape:0.1 Mean:1h0m0s Scale:0s}": {16055208134, 1, 1326639, 21991, 1157},
	}
	words := NewStream(1, 2, 3)
	for _, p := range someDistributions {
		d, name := mustDraw(t, p), fmt.Sprintf("%T %+v", p, p)
		var got []Time
		for i := range uint64(5) {
			got = append(got, d.Draw(words.At(i)))
		}
		if diff := cmp.Diff(want[name], intsOf(got)); diff != "" {
			t.Errorf("%q: {%s}", name, strings.Trim(strings.Join(strings.Fields(fmt.Sprint(intsOf(got))), ", "), "[]"))
		}
	}
}

func TestDrawDoesNotAllocate(t *testing.T) {
	for _, p := range someDistributions {
		d, sum := mustDraw(t, p), Time(0)
		if n := testing.AllocsPerRun(100, func() { sum += d.Draw(12345) % hour }); n != 0 {
			t.Errorf("%+v: %v allocations", p, n)
		}
	}
}

func TestDistributionProblems(t *testing.T) {
	for _, c := range []struct {
		p    DistributionParams
		want string
	}{
		{ExponentialDist{}, "mean: missing: give a time above 0"},
		{ExponentialDist{Mean: -hour}, "mean: -1h0m0s is negative"},
		{ExponentialDist{Mean: 2 * MaxPeriod}, "mean: 175200h0m0s is above the limit of 87600h0m0s"},
		{ParetoDist{}, "shape: 0 is outside of 0.05 to 100\nmean: missing: give it or min"},
		{ParetoDist{Shape: 2, Mean: hour, Min: hour}, "mean: given beside min: give one of them"},
		{ParetoDist{Shape: 1, Mean: hour}, "mean: infinite for shape 1: give min, or a shape above 1"},
		{ParetoDist{Shape: math.NaN(), Min: -1}, "shape: NaN is outside of 0.05 to 100\nmin: -1ns is negative"},
		{WeibullDist{Shape: 101, Scale: hour}, "shape: 101 is outside of 0.1 to 100"},
		{WeibullDist{Shape: 1}, "mean: missing: give it or scale"},
		{LognormalDist{Sigma: 11}, "median: missing: give a time above 0\nsigma: 11 is outside of 0.001 to 10"},
		{UniformDist{Min: 2 * hour, Max: hour}, "max: 1h0m0s is below min: 2h0m0s"},
		{UniformDist{Min: -1}, "min: -1ns is negative\nmax: missing: give a time above 0"},
		{ConstantDist{}, "value: missing: give a time above 0"},
		{JitteredDist{Every: hour, Jitter: 1.1}, "jitter: 1.1 is outside of 0 to 1"},
	} {
		if _, err := NewDistribution(c.p); err == nil || err.Error() != c.want {
			t.Errorf("%+v: %v\nwant %s", c.p, err, c.want)
		}
	}
}

// Uniform gaps from an exponential distribution make a Poisson process: in a
// window of w mean gaps there are about w, with variance w.
func TestExponentialGapsArePoisson(t *testing.T) {
	d, words := mustDraw(t, ExponentialDist{Mean: hour}), NewStream(4, 4, 4)
	const windows, w = 2000, 50
	counts := make([]float64, windows)
	for at, i := Time(0), uint64(0); ; i++ {
		at += d.Draw(words.At(i))
		window := int(at / (w * hour))
		if window >= windows {
			break
		}
		counts[window]++
	}
	mean, variance := 0.0, 0.0
	for _, n := range counts {
		mean += n / windows
	}
	for _, n := range counts {
		variance += (n - mean) * (n - mean) / (windows - 1)
	}
	if math.Abs(mean-w) > 5*math.Sqrt(w/float64(windows)) || relative(variance, w) > 0.16 || slices.Max(counts) > 100 {
		t.Errorf("%d gaps a window: mean %v, variance %v", w, mean, variance)
	}
}
