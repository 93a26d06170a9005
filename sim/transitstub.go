package sim

import (
	"cmp"
	"time"
)

// TransitStubLatency is a network of routers in two layers, after Zegura, Calvert
// and Bhattacharjee, "How to model an internetwork" (Infocom 1996), as [ToN03]
// §V-F uses it: transit domains in the middle, stub domains hanging from single
// transit nodes, hosts on random routers of the stubs. A message takes the
// shortest path, the same time for every message of a pair. Inside each domain,
// and between the transit domains, routers are linked at random such that all are
// connected.
//
// A zero stands for the default. [ToN03] gives the number of routers and the
// three latencies; the layout and the degrees are ours.
type TransitStubLatency struct {
	Domains      int     // transit domains; default 4
	TransitNodes int     // in each transit domain; default 10
	Stubs        int     // stub domains at each transit node; default 3
	Routers      int     // all transit and stub routers together; default 5000. Stubs are as even as they can be
	DomainDegree float64 // links of a transit domain to others, mean; default 3
	// TransitDegree and StubDegree are the mean number of links of a router to
	// others of its domain; defaults 5 and 3.
	TransitDegree, StubDegree float64

	InterTransit Time // a link between transit domains; default 50 ms
	IntraTransit Time // a link inside a transit domain; default 50 ms
	TransitStub  Time // the link from a stub domain to its transit node; default 20 ms
	IntraStub    Time // a link inside a stub domain; default 1 ms
	Min          Time // the floor; default DefaultFloor
}

const (
	maxTransitNodes = 1000    // all together: their table is squared
	maxRouters      = 1 << 16 // all together
	maxHopCells     = 1 << 23 // of all stubs: 16 MiB
)

// WithDefaults replaces every zero by its default.
func (p TransitStubLatency) WithDefaults() TransitStubLatency {
	return TransitStubLatency{
		Domains:       cmp.Or(p.Domains, 4),
		TransitNodes:  cmp.Or(p.TransitNodes, 10),
		Stubs:         cmp.Or(p.Stubs, 3),
		Routers:       cmp.Or(p.Routers, 5000),
		DomainDegree:  cmp.Or(p.DomainDegree, 3),
		TransitDegree: cmp.Or(p.TransitDegree, 5),
		StubDegree:    cmp.Or(p.StubDegree, 3),
		InterTransit:  cmp.Or(p.InterTransit, Time(50*time.Millisecond)),
		IntraTransit:  cmp.Or(p.IntraTransit, Time(50*time.Millisecond)),
		TransitStub:   cmp.Or(p.TransitStub, Time(20*time.Millisecond)),
		IntraStub:     cmp.Or(p.IntraStub, Time(time.Millisecond)),
		Min:           cmp.Or(p.Min, DefaultFloor),
	}
}

// Validate returns every problem, joined. Zeros count as their defaults.
func (p TransitStubLatency) Validate() error {
	p = p.WithDefaults()
	var bad problems
	count := func(name string, n, most int) {
		if n < 1 || n > most {
			bad.addf("%s: %d is outside of 1 to %d", name, n, most)
		}
	}
	count("domains", p.Domains, maxTransitNodes)
	count("transit_nodes", p.TransitNodes, maxTransitNodes)
	count("stubs", p.Stubs, maxRouters)
	count("routers", p.Routers, maxRouters)
	degree := func(name string, d float64) {
		if !(d > 0 && d <= maxRouters) {
			bad.addf("%s: %v is outside of (0, %d]", name, d, maxRouters)
		}
	}
	degree("domain_degree", p.DomainDegree)
	degree("transit_degree", p.TransitDegree)
	degree("stub_degree", p.StubDegree)
	bad.latency("inter_transit", p.InterTransit)
	bad.latency("intra_transit", p.IntraTransit)
	bad.latency("transit_stub", p.TransitStub)
	bad.latency("intra_stub", p.IntraStub)
	bad.optionalLatency("min", p.Min)
	if len(bad) > 0 {
		return bad.joined() // what follows multiplies numbers that are in range
	}
	transit := int64(p.Domains) * int64(p.TransitNodes)
	stubs := transit * int64(p.Stubs)
	switch {
	case transit > maxTransitNodes:
		bad.addf("transit_nodes: %d in %d domains are above the limit of %d together", p.TransitNodes, p.Domains, maxTransitNodes)
	case int64(p.Routers) < transit+stubs:
		bad.addf("routers: %d are too few for %d transit nodes and %d stub domains of at least one router", p.Routers, transit, stubs)
	case p.hopCells() > maxHopCells:
		bad.addf("routers: %d in %d stub domains make stubs too large: give more stubs or fewer routers", p.Routers, stubs)
	}
	return bad.joined()
}

// hopCells bounds the size of all tables of hops.
func (p TransitStubLatency) hopCells() int64 {
	transit := int64(p.Domains) * int64(p.TransitNodes)
	stubs := transit * int64(p.Stubs)
	inStubs := int64(p.Routers) - transit
	return inStubs * ((inStubs + stubs - 1) / stubs)
}

// Bytes is 4 a host, and the tables of the routers.
func (p TransitStubLatency) Bytes(hosts uint32) int64 {
	p = p.WithDefaults()
	transit := int64(p.Domains) * int64(p.TransitNodes)
	return 4*(int64(hosts)+1) + 2*p.hopCells() + 8*transit*transit + 24*int64(p.Routers)
}

func (p TransitStubLatency) build(seed uint64, hosts uint32) (Latency, error) {
	p = p.WithDefaults()
	m := &transitStub{
		floor:     p.Min,
		intraStub: p.IntraStub,
		transits:  p.Domains * p.TransitNodes,
		perDomain: p.TransitNodes,
		times:     allTimes(p.transitLinks(seed)),
		at:        make([]uint32, int(hosts)+1),
	}
	m.addStubs(p, seed)
	for host := uint32(1); host <= hosts && host != 0; host++ {
		m.at[host] = uint32(Uniform(place(seed, host).At(0), uint64(len(m.routers))))
	}
	return m, nil
}

// topology is the stream of one domain: 0 for the transit domains among
// themselves, then each transit domain, then each stub domain.
func topology(seed uint64, domain int) *Rand {
	return NewRand(NewStream(seed, uint64(domain), purposeTopology))
}

// transitLinks returns the links of each transit node to others, those of one
// domain next to each other. Two domains that are linked are so between random
// nodes of each.
func (p TransitStubLatency) transitLinks(seed uint64) [][]weighted {
	links := make([][]weighted, p.Domains*p.TransitNodes)
	r := topology(seed, 0)
	for a, others := range randomGraph(p.Domains, p.DomainDegree, r) {
		for _, b := range others {
			if a < b {
				x := a*p.TransitNodes + int(r.Intn(uint64(p.TransitNodes)))
				y := b*p.TransitNodes + int(r.Intn(uint64(p.TransitNodes)))
				links[x] = append(links[x], weighted{y, p.InterTransit})
				links[y] = append(links[y], weighted{x, p.InterTransit})
			}
		}
	}
	for d := range p.Domains {
		for a, others := range randomGraph(p.TransitNodes, p.TransitDegree, topology(seed, 1+d)) {
			for _, b := range others {
				a, b := d*p.TransitNodes+a, d*p.TransitNodes+b
				links[a] = append(links[a], weighted{b, p.IntraTransit})
			}
		}
	}
	return links
}

// stubGraph returns stub domain s, of size routers.
func (p TransitStubLatency) stubGraph(seed uint64, s, size int) [][]int {
	return randomGraph(size, p.StubDegree, topology(seed, 1+p.Domains+s))
}

// stubSize is the number of routers of stub domain s: the first are one larger
// where the routers do not divide evenly.
func (p TransitStubLatency) stubSize(s int) int {
	transit := p.Domains * p.TransitNodes
	stubs := transit * p.Stubs
	size := (p.Routers - transit) / stubs
	if s < (p.Routers-transit)%stubs {
		size++
	}
	return size
}

// transitStub has no table of all routers by all: a path from one stub to another
// goes through the gateways of both, and one inside a stub never leaves it,
// because a stub has a single gateway.
type transitStub struct {
	reliable
	floor, intraStub Time
	transits         int
	perDomain        int      // transit nodes
	times            []Time   // between transit nodes
	hops             []uint16 // between the routers of one stub, stub after stub
	routers          []router // of the stubs
	at               []uint32 // the router of each host
}

// router is one of a stub domain.
type router struct {
	up      Time   // to the transit node of its stub
	row     uint32 // in hops: where its distances to the routers of its stub begin
	stub    uint32
	transit uint16
	place   uint16 // in its stub
}

// addStubs builds the stub domains: router 0 of each is its gateway.
func (m *transitStub) addStubs(p TransitStubLatency, seed uint64) {
	m.hops = make([]uint16, 0, p.hopCells())
	m.routers = make([]router, 0, p.Routers-m.transits)
	for s := range m.transits * p.Stubs {
		size := p.stubSize(s)
		h := allHops(p.stubGraph(seed, s, size))
		for i := range size {
			m.routers = append(m.routers, router{
				up:      p.TransitStub + Time(h.between(0, i))*p.IntraStub,
				row:     uint32(len(m.hops) + i*size),
				stub:    uint32(s),
				transit: uint16(s / p.Stubs),
				place:   uint16(i),
			})
		}
		m.hops = append(m.hops, h.links...)
	}
}

func (m *transitStub) Delay(from, to uint32, _ uint64) Time {
	a, b := &m.routers[m.at[from]], &m.routers[m.at[to]]
	if a.stub == b.stub {
		return max(Time(m.hops[int(a.row)+int(b.place)])*m.intraStub, m.floor)
	}
	return max(a.up+m.times[int(a.transit)*m.transits+int(b.transit)]+b.up, m.floor)
}

func (m *transitStub) Floor() Time { return m.floor }

func (m *transitStub) MeanRTT(a, b uint32) Time { return unlessSame(a, b, 2*m.Delay(a, b, 0)) }
