package scenarios

import (
	"fmt"

	"chordsim/sim"
)

// churn lets nodes come and go for a while.
func (t *timeline) churn(a *ChurnStep) (func() error, error) {
	t.mark("churn")
	end := t.now() + sim.Time(a.For)
	if !a.ByLifetimes() {
		t.churnByRates(a, end)
		return t.until(end), nil
	}
	c := &churning{
		t: t, end: end, step: t.step, door: t.door(a.Through), how: departureOf(a.Depart),
		guarded: bool(a.Guarded), back: a.Return,
		up:    t.stream(drawLifetimes),
		down:  t.stream(drawDowntimes),
		lives: map[uint32]life{},
	}
	var err error
	if c.lifetime, c.trace, err = t.plan.times(a.Lifetime); err != nil {
		return nil, err
	}
	if a.Downtime != nil {
		if c.downtime, _, err = t.plan.times(a.Downtime); err != nil {
			return nil, err
		}
	}
	t.churns = append(t.churns, c)
	for _, h := range t.members() {
		c.stays(h)
	}
	return t.until(end), nil
}

// churnByRates runs two Poisson processes: joins of new hosts and departures
// of random ones.
func (t *timeline) churnByRates(a *ChurnStep, end sim.Time) {
	d := t.door(a.Through)
	if a.Joins != nil {
		t.poisson(*a.Joins, end, func() {
			addrs := t.w.place(1)
			for k := range addrs {
				if !t.w.taken(addrs[k]) {
					t.enter("join", addrs[k:k+1], d)
				}
			}
			t.arrived(addrs)
		})
	}
	if a.Departures != nil {
		victims, how := t.rand(drawVictims), departureOf(a.Depart)
		// The instants are drawn from a purpose of their own, apart from the
		// joins'.
		t.poissonOf(drawLifetimes, *a.Departures, end, func() { t.oneGoes(victims, bool(a.Guarded), how) })
	}
}

// oneGoes lets a random member depart; under guard the first of a random
// order that may.
func (t *timeline) oneGoes(r *sim.Rand, guarded bool, how departure) {
	w := t.w
	if w.members.count == 0 {
		return
	}
	if !guarded {
		host := w.host(w.members.pick(int(r.Intn(uint64(w.members.count)))))
		if t.gone.has(host) { // it is leaving: another takes its place
			hosts := t.staying()
			if len(hosts) == 0 {
				return
			}
			host = hosts[r.Intn(uint64(len(hosts)))]
		}
		t.depart(how, host)
		return
	}
	hosts := t.staying()
	r.Shuffle(len(hosts), func(i, j int) { hosts[i], hosts[j] = hosts[j], hosts[i] })
	t.depart(how, t.guarded(hosts, 1, how)...)
}

// churning is a churn by lifetimes under way: every host stays for a time,
// is away for a time, and returns.
type churning struct {
	t        *timeline
	step     int
	end      sim.Time
	door     *door
	how      departure
	guarded  bool
	back     string // same, new or none
	lifetime sim.Distribution
	downtime sim.Distribution
	trace    *sim.Trace // instead of both
	up       sim.Stream
	down     sim.Stream
	lives    map[uint32]life // by host; only ever looked up
}

// life is how far a host has come: who its times are drawn for, itself or the
// one that it came back for, and how many of them it has had.
type life struct {
	as    uint32
	n     uint64
	begun uint32 // lives so far: what an earlier one had planned is void
}

// next draws how long a host stays, or is away. A host of a trace follows the
// line of its number, and stays as it is when that is at its end.
func (c *churning) next(host uint32, up bool) sim.Time {
	l, known := c.lives[host]
	if !known {
		l.as = host
	}
	if up != (l.n%2 == 0) {
		l.n++ // it was held back, or was kept away by another step: it misses a time
	}
	c.lives[host] = life{l.as, l.n + 1, l.begun}
	if c.trace != nil {
		line := c.trace.Periods(int(l.as-1) % c.trace.Nodes())
		if l.n >= uint64(len(line)) {
			return sim.Forever
		}
		return line[l.n]
	}
	word := uint64(l.as)<<32 | l.n
	if up {
		return c.lifetime.Draw(c.up.At(word))
	}
	return c.downtime.Draw(c.down.At(word))
}

// stays plans the departure of a host that has just come.
func (c *churning) stays(host uint32) {
	while := c.next(host, true)
	l := c.lives[host]
	l.begun++
	c.lives[host] = l
	c.after(while, func() {
		if c.lives[host].begun == l.begun {
			c.departs(host)
		}
	})
}

// after promises to do something in a while, if the churn lasts that long.
func (c *churning) after(while sim.Time, do func()) {
	if now := c.t.now(); while < c.end-now {
		c.t.agenda.at(now+while, c.step, do)
	}
}

// departs lets a host go, unless it has gone already or the guard holds it
// back: then it stays for another lifetime. Who is still joining goes too, and
// the ring is none the wiser.
func (c *churning) departs(host uint32) {
	t := c.t
	if t.gone.has(host) || !t.w.hostUp(host) {
		return
	}
	if c.guarded && t.w.hostAlive(host) && len(t.guarded([]uint32{host}, 1, c.how)) == 0 {
		c.stays(host)
		return
	}
	t.depart(c.how, host)
	if c.back == "none" {
		return
	}
	while, begun := c.next(host, false), c.lives[host].begun
	c.after(while, func() {
		if c.lives[host].begun == begun {
			c.returns(host)
		}
	})
}

// returns brings a host back, with its identifiers or as somebody new.
func (c *churning) returns(host uint32) {
	t := c.t
	if c.back == "same" {
		t.returns(host, c.door, false)
		return
	}
	addrs := t.w.place(1)
	c.lives[t.w.host(addrs[0])] = c.lives[host]
	for k := range addrs {
		if !t.w.taken(addrs[k]) {
			t.enter("join", addrs[k:k+1], c.door)
		}
	}
	t.arrived(addrs)
}

// times returns a distribution of times, or the trace that takes its place.
func (p *plan) times(d *DistributionSpec) (sim.Distribution, *sim.Trace, error) {
	if d.Distribution == "file" {
		return sim.Distribution{}, p.traces[d.File], nil
	}
	dist, err := sim.NewDistribution(d.Params())
	if err != nil {
		return sim.Distribution{}, nil, Inputf("%s: %v", d.Distribution, err)
	}
	return dist, nil, nil
}

// tooMany is what place panics with when a run makes more nodes than it was
// built for; run turns it into an error.
type tooMany struct{ limit int }

func (e tooMany) Error() string {
	return fmt.Sprintf("the churn makes more than the %d nodes that were expected; shorten it, or raise the lifetimes", e.limit)
}
