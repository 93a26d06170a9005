package sim

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// wholeNetwork lays every router and link out in one graph, transit nodes first,
// then stub after stub: what the model never builds.
func (p TransitStubLatency) wholeNetwork(seed uint64) [][]weighted {
	links := p.transitLinks(seed)
	for s := range p.Domains * p.TransitNodes * p.Stubs {
		first := len(links)
		for a, others := range p.stubGraph(seed, s, p.stubSize(s)) {
			links = append(links, nil)
			for _, b := range others {
				links[first+a] = append(links[first+a], weighted{first + b, p.IntraStub})
			}
		}
		transit := s / p.Stubs
		links[transit] = append(links[transit], weighted{first, p.TransitStub})
		links[first] = append(links[first], weighted{transit, p.TransitStub})
	}
	return links
}

// Dijkstra over the whole network agrees with the tables, for all pairs of
// routers and for latencies that make detours pay.
func TestTransitStubIsTheShortestPath(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := TransitStubLatency{
			Domains:       rapid.IntRange(1, 4).Draw(t, "domains"),
			TransitNodes:  rapid.IntRange(1, 5).Draw(t, "transit nodes"),
			Stubs:         rapid.IntRange(1, 2).Draw(t, "stubs"),
			DomainDegree:  rapid.Float64Range(0.1, 3).Draw(t, "domain degree"),
			TransitDegree: rapid.Float64Range(0.1, 3).Draw(t, "transit degree"),
			StubDegree:    rapid.Float64Range(0.1, 3).Draw(t, "stub degree"),
			InterTransit:  Time(rapid.IntRange(1, 100).Draw(t, "inter-transit")),
			IntraTransit:  Time(rapid.IntRange(1, 100).Draw(t, "intra-transit")),
			TransitStub:   Time(rapid.IntRange(1, 100).Draw(t, "transit-stub")),
			IntraStub:     Time(rapid.IntRange(1, 100).Draw(t, "intra-stub")),
			Min:           1,
		}
		transit := p.Domains * p.TransitNodes
		p.Routers = transit*(1+p.Stubs) + rapid.IntRange(0, 60).Draw(t, "more routers")
		m, err := NewLatency(p, 7, 1)
		if err != nil {
			t.Fatal(err)
		}
		network := p.wholeNetwork(7)
		if len(network) != p.Routers {
			t.Fatalf("%d routers, want %d", len(network), p.Routers)
		}
		times := allTimes(network)
		ts := m.(*transitStub)
		ts.at = []uint32{0, 0, 0}
		for a := range ts.routers {
			for b := range ts.routers {
				ts.at[1], ts.at[2] = uint32(a), uint32(b)
				want := max(times[(transit+a)*p.Routers+transit+b], 1)
				if got := ts.Delay(1, 2, 0); got != want {
					t.Fatalf("from router %d to %d: %d, want %d", a, b, got, want)
				}
			}
		}
	})
}

func TestTransitStubTriangles(t *testing.T) {
	m := mustBuild(t, TransitStubLatency{Min: 1}, 11, 300)
	rapid.Check(t, func(t *rapid.T) {
		host := rapid.Uint32Range(1, 300)
		a, b, c := host.Draw(t, "a"), host.Draw(t, "b"), host.Draw(t, "c")
		if m.Delay(a, c, 0) > m.Delay(a, b, 0)+m.Delay(b, c, 0) {
			t.Fatalf("the way from %d to %d is shorter through %d", a, c, b)
		}
		if m.Delay(a, b, 0) != m.Delay(b, a, 0) {
			t.Fatalf("the way from %d to %d is another than back", a, b)
		}
	})
}

func TestTransitStubShape(t *testing.T) {
	p := TransitStubLatency{}.WithDefaults()
	m := mustBuild(t, p, 1, 50_000).(*transitStub)
	if got := len(m.routers) + m.transits; got != 5000 {
		t.Errorf("%d routers, want 5000", got)
	}
	perStub := map[uint32]int{}
	for _, r := range m.routers {
		perStub[r.stub]++
	}
	if len(perStub) != 120 || perStub[0] != 42 || perStub[39] != 42 || perStub[40] != 41 || perStub[119] != 41 {
		t.Errorf("%d stubs, of %d, %d, %d, %d routers", len(perStub), perStub[0], perStub[39], perStub[40], perStub[119])
	}
	// 50,000 hosts on 4,960 routers leave e^-10 of them empty.
	used := map[uint32]bool{}
	for _, at := range m.at[1:] {
		used[at] = true
	}
	if len(used) < 4950 {
		t.Errorf("hosts are on %d routers only", len(used))
	}
}

// [ToN03] table 4 has, for 2^16 nodes and plain recursive lookups on such a network,
// a median stretch of 4.1 and a 10th percentile of 2.7; its 90th, 24, comes from no
// layout we tried (8 to 11, whatever the degrees and the domains). A lookup visits
// Binomial(16, ½) nodes; hosts and fingers are placed independently, so that each
// hop is between two random hosts, and the last one answers the initiator.
func TestTransitStubStretchIsPlausible(t *testing.T) {
	const hosts = 1 << 16
	m := mustBuild(t, TransitStubLatency{}, 1, hosts)
	r := NewRand(NewStream(5, 6, 7))
	host := func() uint32 { return 1 + uint32(r.Intn(hosts)) }
	var stretch []float64
	for range 20_000 {
		initiator, owner := host(), host()
		rtt := m.MeanRTT(initiator, owner)
		if rtt == 0 {
			continue
		}
		path, at := Time(0), initiator
		for bits := r.Uint64() & (1<<16 - 1); bits != 0; bits &= bits - 1 {
			next := host()
			path += m.Delay(at, next, 0)
			at = next
		}
		path += m.Delay(at, initiator, 0)
		stretch = append(stretch, float64(path)/float64(rtt))
	}
	slices.Sort(stretch)
	percentile := func(p int) float64 { return stretch[len(stretch)*p/100] }
	if math.Abs(percentile(50)-4.35) > 0.15 || math.Abs(percentile(10)-2.65) > 0.15 || percentile(90) < 8 {
		t.Errorf("stretch: median %.2f, 10th percentile %.2f, 90th %.2f", percentile(50), percentile(10), percentile(90))
	}
}

func TestRandomGraphHasItsDegree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 60).Draw(t, "n")
		degree := rapid.Float64Range(0.1, 70).Draw(t, "degree")
		g := randomGraph(n, degree, NewRand(NewStream(rapid.Uint64().Draw(t, "seed"), 0, 0)))
		ends := 0
		for a, others := range g {
			ends += len(others)
			sorted := slices.Clone(others)
			slices.Sort(sorted)
			if slices.Contains(others, a) || len(slices.Compact(sorted)) != len(others) {
				t.Fatalf("%d is linked to %v", a, others)
			}
			for _, b := range others {
				if !slices.Contains(g[b], a) {
					t.Fatalf("%d is linked to %d one way", a, b)
				}
			}
		}
		want := min(max(int(float64(n)*degree/2+0.5), n-1), n*(n-1)/2)
		if ends != 2*want {
			t.Fatalf("%d routers of degree %v have %d links, want %d", n, degree, ends/2, want)
		}
		allHops(g) // panics unless all are connected
	})
}
