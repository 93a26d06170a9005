package sim

// Region is a kind of neighbourhood in a topology.
type Region uint8

const (
	RegionWithin Region = iota // hosts that a message reaches within a time: euclidean
	RegionDomain               // hosts whose stubs hang from one transit domain: transit-stub
	RegionStub                 // hosts of one stub domain: transit-stub
	RegionSite                 // hosts at one site: matrix
)

// neighbourhoods is a model that has regions.
type neighbourhoods interface {
	// near reports whether b lies in a's region; within is for RegionWithin.
	near(kind Region, a, b uint32, within Time) bool
}

// Near reports whether host b lies in the region around host a; within, the
// greatest delay from a, is for RegionWithin alone. It panics if the model has no
// such regions.
func Near(l Latency, kind Region, a, b uint32, within Time) bool {
	n, ok := l.(neighbourhoods)
	if !ok {
		fail("a model without regions was asked for one of kind %d", kind)
	}
	return n.near(kind, a, b, within)
}

func (m *euclidean) near(kind Region, a, b uint32, within Time) bool {
	mustHave(kind == RegionWithin)
	return a == b || m.Delay(a, b, 0) <= within
}

func (m *transitStub) near(kind Region, a, b uint32, _ Time) bool {
	x, y := &m.routers[m.at[a]], &m.routers[m.at[b]]
	if kind == RegionStub {
		return x.stub == y.stub
	}
	mustHave(kind == RegionDomain)
	return int(x.transit)/m.perDomain == int(y.transit)/m.perDomain
}

func (m *matrix) near(kind Region, a, b uint32, _ Time) bool {
	mustHave(kind == RegionSite)
	return m.at[a] == m.at[b]
}

func mustHave(has bool) {
	if !has {
		fail("a model was asked for a region of another's")
	}
}
