package sim

import (
	"math"
	"testing"
)

// The mean distance of two random points of the unit square and cube is known:
// (2 + √2 + 5 ln(1+√2))/15 and Robbins' constant.
func TestEuclideanDistances(t *testing.T) {
	for _, c := range []struct {
		dimensions int
		mean       float64
	}{
		{2, 0.521405433164721},
		{3, 0.661707182267176},
	} {
		const hosts, diameter = 2000, 1000 * ms
		m := mustBuild(t, EuclideanLatency{Dimensions: c.dimensions, Diameter: diameter}, 3, hosts)
		sum, most := 0.0, Time(0)
		for a := uint32(1); a < hosts; a += 2 {
			d := m.Delay(a, a+1, 0)
			sum += float64(d)
			most = max(most, d)
			if d != m.Delay(a+1, a, 99) {
				t.Fatalf("%d-d: the distance of %d and %d is not symmetric", c.dimensions, a, a+1)
			}
		}
		want := c.mean / math.Sqrt(float64(c.dimensions)) * float64(diameter)
		if got := sum / (hosts / 2); relative(got, want) > 0.04 {
			t.Errorf("%d-d: mean delay %v, want %v", c.dimensions, Time(got), Time(want))
		}
		if most > diameter || most < diameter*7/10 {
			t.Errorf("%d-d: greatest delay %v of a diameter of %v", c.dimensions, most, diameter)
		}
	}
}

func TestEuclideanTriangles(t *testing.T) {
	m := mustBuild(t, EuclideanLatency{Dimensions: 3, Diameter: 100 * ms, Min: 1}, 5, 60)
	for a := uint32(1); a <= 60; a++ {
		for b := uint32(1); b <= 60; b++ {
			for c := uint32(1); c <= 60; c += 7 {
				if m.Delay(a, c, 0) > m.Delay(a, b, 0)+m.Delay(b, c, 0)+2 {
					t.Fatalf("the way from %d to %d is shorter through %d", a, c, b)
				}
			}
		}
	}
}

// The corners of the grid are a diameter apart, to the nanosecond.
func TestEuclideanDiameter(t *testing.T) {
	for dimensions := 2; dimensions <= 3; dimensions++ {
		m := mustBuild(t, EuclideanLatency{Dimensions: dimensions, Diameter: 123456789}, 5, 2).(*euclidean)
		for d := range dimensions {
			m.at[dimensions+d], m.at[2*dimensions+d] = 0, math.MaxUint32
		}
		if got := m.Delay(1, 2, 0); got != 123456789 {
			t.Errorf("%d-d: from corner to corner %d ns", dimensions, got)
		}
		if want := 3 * dimensions; len(m.at) != want {
			t.Errorf("%d-d: %d coordinates for 2 hosts and a host 0, want %d", dimensions, len(m.at), want)
		}
	}
}
