package sim

import "testing"

// A region in a space is a ball, whose middle is in it however small it is.
func TestRegionWithin(t *testing.T) {
	m := mustBuild(t, EuclideanLatency{Dimensions: 2, Diameter: 100 * ms}, 3, 200)
	for _, within := range []Time{1, 20 * ms, 100 * ms} {
		inside := 0
		for b := uint32(1); b <= 200; b++ {
			near := Near(m, RegionWithin, 7, b, within)
			if near != (b == 7 || m.Delay(7, b, 0) <= within) {
				t.Errorf("host %d, %v away, within %v: %v", b, m.Delay(7, b, 0), within, near)
			}
			if near {
				inside++
			}
		}
		if most := map[Time]int{1: 1, 100 * ms: 200}[within]; most > 0 && inside != most || inside == 0 || within == 20*ms && (inside < 5 || inside > 60) {
			t.Errorf("%d hosts are within %v", inside, within)
		}
	}
}

// Hosts of one stub are a few links apart; those of one transit domain have the
// same thousand of a routing table: both are equivalences, and a domain is a union
// of stubs.
func TestRegionsOfTransitStub(t *testing.T) {
	p := TransitStubLatency{Domains: 3, TransitNodes: 2, Stubs: 2, Routers: 120}
	const hosts = 300
	m := mustBuild(t, p, 5, hosts)
	up := Time(40 * ms) // between two stubs: up from one and down to the other
	domains, stubs := map[uint32]bool{}, map[uint32]bool{}
	for a := uint32(1); a <= hosts; a++ {
		firstOf := func(kind Region) uint32 {
			for b := uint32(1); ; b++ {
				if Near(m, kind, a, b, 0) {
					return b
				}
			}
		}
		d, s := firstOf(RegionDomain), firstOf(RegionStub)
		domains[d], stubs[s] = true, true
		for b := uint32(1); b <= hosts; b += 7 {
			if inStub := Near(m, RegionStub, a, b, 0); inStub != (m.Delay(a, b, 0) < up) {
				t.Fatalf("%d and %d in one stub: %v, and %v apart", a, b, inStub, m.Delay(a, b, 0))
			}
			if Near(m, RegionStub, a, b, 0) && !Near(m, RegionDomain, a, b, 0) {
				t.Fatalf("%d and %d are in one stub and not in one domain", a, b)
			}
		}
	}
	if len(domains) != 3 || len(stubs) != 12 {
		t.Errorf("there are %d domains and %d stubs, want 3 and 12", len(domains), len(stubs))
	}
}

func TestRegionsOfAMatrix(t *testing.T) {
	m := mustBuild(t, MatrixLatency{Table: readTestMatrix(t), Kind: "one-way", Missing: "drop", Sites: "in-turn"}, 5, 20)
	for b := uint32(1); b <= 20; b++ {
		if got := Near(m, RegionSite, 2, b, 0); got != (b%4 == 2) {
			t.Errorf("host %d is at the site of host 2: %v", b, got)
		}
	}
	mustPanic(t, "another's", func() { Near(m, RegionStub, 1, 2, 0) })
	mustPanic(t, "without regions", func() { Near(mustBuild(t, ConstantLatency{Delay: ms}, 1, 2), RegionSite, 1, 2, 0) })
}
