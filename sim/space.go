package sim

import "math"

// EuclideanLatency: hosts lie at uniform random points of the unit square or cube,
// without wrapping around; a message takes a time proportional to the distance,
// the same for every message of a pair. [ToN03] §V-F has the cube.
type EuclideanLatency struct {
	Dimensions int  // 2 or 3
	Diameter   Time // one way across the diagonal: the greatest delay there is
	Min        Time // the floor; 0: DefaultFloor
}

// Validate returns every problem, joined.
func (p EuclideanLatency) Validate() error {
	var bad problems
	if p.Dimensions != 2 && p.Dimensions != 3 {
		bad.addf("dimensions: %d is neither 2 nor 3", p.Dimensions)
	}
	bad.latency("diameter", p.Diameter)
	bad.optionalLatency("min", p.Min)
	if floor := orDefault(p.Min); p.Diameter > 0 && p.Diameter < floor {
		bad.addf("diameter: %v is below min: %v", p.Diameter, floor)
	}
	return bad.joined()
}

func orDefault(floor Time) Time {
	if floor == 0 {
		return DefaultFloor
	}
	return floor
}

// Bytes is 4 for each coordinate.
func (p EuclideanLatency) Bytes(hosts uint32) int64 {
	return 4 * int64(p.Dimensions) * (int64(hosts) + 1)
}

func (p EuclideanLatency) build(seed uint64, hosts uint32) (Latency, error) {
	m := &euclidean{floor: orDefault(p.Min), dimensions: p.Dimensions}
	m.scale = float64(p.Diameter) / float64(math.Sqrt(float64(p.Dimensions))*0x1p32)
	m.at = make([]uint32, (int(hosts)+1)*p.Dimensions)
	for host := uint32(1); host <= hosts && host != 0; host++ {
		draws := place(seed, host)
		for d := range m.dimensions {
			m.at[int(host)*m.dimensions+d] = uint32(draws.At(uint64(d)) >> 32)
		}
	}
	return m, nil
}

type euclidean struct {
	reliable
	floor      Time
	dimensions int
	scale      float64  // nanoseconds a unit of the grid
	at         []uint32 // the coordinates of host h from h·dimensions on, on a grid of 2³² a side
}

func (m *euclidean) Delay(from, to uint32, _ uint64) Time {
	a, b := m.at[int(from)*m.dimensions:], m.at[int(to)*m.dimensions:]
	sum := 0.0
	for d := range m.dimensions {
		apart := float64(int64(a[d]) - int64(b[d]))
		sum += float64(apart * apart)
	}
	return max(roundTime(m.scale*math.Sqrt(sum), maxDelay), m.floor)
}

func (m *euclidean) Floor() Time { return m.floor }

func (m *euclidean) MeanRTT(a, b uint32) Time { return unlessSame(a, b, 2*m.Delay(a, b, 0)) }
