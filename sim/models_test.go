package sim

import (
	"math"
	"slices"
	"testing"
)

// sample is what n draws of a model between two hosts look like, in nanoseconds.
type sample struct {
	mean, variance float64
	sorted         []Time
}

func sampled(n int, draw func(word uint64) Time) sample {
	s := sample{sorted: make([]Time, n)}
	words := NewStream(7, 8, 9)
	for i := range s.sorted {
		s.sorted[i] = draw(words.At(uint64(i)))
		s.mean += float64(s.sorted[i]) / float64(n)
	}
	for _, t := range s.sorted {
		s.variance += (float64(t) - s.mean) * (float64(t) - s.mean) / float64(n-1)
	}
	slices.Sort(s.sorted)
	return s
}

// near says that the share p of the sample lies below x, within five standard
// errors of a share.
func (s sample) near(t *testing.T, p float64, x Time) {
	t.Helper()
	n := float64(len(s.sorted))
	below, _ := slices.BinarySearch(s.sorted, x)
	if got := float64(below) / n; math.Abs(got-p) > 5*math.Sqrt(p*(1-p)/n) {
		t.Errorf("a share of %.5f is below %v, want %.5f", got, x, p)
	}
}

func (s sample) moments(t *testing.T, mean, variance float64) {
	t.Helper()
	if math.Abs(s.mean-mean) > 5*math.Sqrt(variance/float64(len(s.sorted))) {
		t.Errorf("mean %v, want %v", Time(s.mean), Time(mean))
	}
	if relative(s.variance, variance) > 0.03 {
		t.Errorf("standard deviation %v, want %v", Time(math.Sqrt(s.variance)), Time(math.Sqrt(variance)))
	}
}

func TestUniformLatency(t *testing.T) {
	m := mustBuild(t, UniformLatency{Min: 10 * ms, Max: 90 * ms}, 1, 2)
	s := sampled(200_000, func(w uint64) Time { return m.Delay(1, 2, w) })
	s.moments(t, 50e6, 80e6*80e6/12)
	for _, p := range []float64{0.1, 0.25, 0.5, 0.9} {
		s.near(t, p, 10*ms+Time(p*80e6))
	}
	if first, last := m.Delay(1, 2, 0), m.Delay(1, 2, math.MaxUint64); first != 10*ms || last != 90*ms {
		t.Errorf("the least and the greatest delay are %v and %v", first, last)
	}
	if d := mustBuild(t, UniformLatency{Max: 1}, 1, 2).Delay(1, 2, 0); d != 1 {
		t.Errorf("a draw of 0 is %d ns, want 1", d)
	}
}

func TestExponentialLatency(t *testing.T) {
	for _, min := range []Time{0, ms, 30 * ms} {
		m := mustBuild(t, ExponentialLatency{Mean: 50 * ms, Min: min}, 1, 2)
		tail := float64(50*ms - min)
		s := sampled(200_000, func(w uint64) Time { return m.Delay(1, 2, w) })
		s.moments(t, 50e6, tail*tail)
		for _, p := range []float64{0.01, 0.1, 0.5, 0.9, 0.99, 0.999} {
			s.near(t, p, min+Time(-tail*math.Log(1-p)))
		}
	}
	m := mustBuild(t, ExponentialLatency{Mean: 50 * ms}, 1, 2)
	if least, most := m.Delay(1, 2, math.MaxUint64), m.Delay(1, 2, 0); least != 1 || most < 36*50*ms || most > 37*50*ms {
		t.Errorf("the least and the greatest delay are %v and %v", least, most)
	}
	if d := mustBuild(t, ExponentialLatency{Mean: ms, Min: ms}, 1, 2).Delay(1, 2, 0); d != ms {
		t.Errorf("with the mean for floor a delay is %v", d)
	}
}

func TestLognormalLatency(t *testing.T) {
	const sigma = 0.6
	m := mustBuild(t, LognormalLatency{Median: 50 * ms, Sigma: sigma}, 1, 2)
	s := sampled(200_000, func(w uint64) Time { return m.Delay(1, 2, w) })
	s2 := sigma * sigma
	s.moments(t, 50e6*math.Exp(s2/2), 50e6*50e6*math.Exp(s2)*(math.Exp(s2)-1))
	s.near(t, 0.5, 50*ms)
	s.near(t, 0.841344746, Time(50e6*math.Exp(sigma)))
	s.near(t, 0.022750132, Time(50e6*math.Exp(-2*sigma)))

	// With a floor, what lies below is at the floor, and the mean grows.
	floored := mustBuild(t, LognormalLatency{Median: 50 * ms, Sigma: sigma, Min: 40 * ms}, 1, 2)
	s = sampled(200_000, func(w uint64) Time { return floored.Delay(1, 2, w) })
	s.near(t, NormalCDF(math.Log(0.8)/sigma), 40*ms+1)
	s.near(t, 0.5, 50*ms)
	if s.sorted[0] != 40*ms {
		t.Errorf("least delay %v, floor 40ms", s.sorted[0])
	}
	if a, b := m.MeanRTT(1, 2), floored.MeanRTT(1, 2); b <= a || relative(2*s.mean, float64(b)) > 0.005 {
		t.Errorf("mean round trips without and with a floor: %v, %v; drawn %v", a, b, Time(2*s.mean))
	}
}
