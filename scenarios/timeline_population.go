package scenarios

import (
	"math/bits"
	"slices"

	"chordsim/chord"
	"chordsim/sim"
)

// mulDiv returns a·b/c without overflow in between; c > 0 and the result
// must fit.
func mulDiv(a, b, c uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	q, _ := bits.Div64(hi, lo, c)
	return q
}

// start builds a ring whose members are all there from the first instant on.
func (t *timeline) start(a *StartStep) {
	addrs := t.w.bring(a.Nodes, a.Hosts)
	t.befellNodes("start", addrs, Effect{})
	t.w.settle(addrs)
	if !a.Settled {
		for _, addr := range addrs {
			t.w.nodes[addr].ForgetFingers()
			t.w.forgetFollowers(addr)
		}
	}
	t.arrived(addrs)
}

// door says through which member nodes join.
type door struct {
	t     *timeline
	rand  *sim.Rand
	fixed bool
	host  uint32 // in particular
	last  chord.Addr
}

func (t *timeline) door(through Through) *door {
	return &door{t: t, rand: t.rand(drawThrough), fixed: through.Fixed, host: through.Host}
}

// next returns a member; nobody in an empty ring. A fixed one is drawn again
// when it is gone, and one is drawn in the place of a host that is no member.
func (d *door) next() chord.Addr {
	m := d.t.w.members
	if d.host > 0 {
		if a := d.t.w.memberOf(d.host); a > 0 {
			return a
		}
	}
	if d.fixed && d.last != 0 && m.has(d.last) {
		return d.last
	}
	d.last = 0
	if m.count > 0 {
		d.last = m.pick(int(d.rand.Intn(uint64(m.count))))
	}
	return d.last
}

// enter lets nodes join or come back, each through a member or the seed server. An
// empty ring is founded: under the rules of [Zave17] by as many of them as the proof
// needs, as an ideal ring in one step (protocol §1c.5), else by the first alone. It
// returns how many of the nodes were used.
func (t *timeline) enter(verb string, addrs []chord.Addr, d *door) int {
	w := t.w
	used, through := 1, uint32(0)
	if w.asksServer() {
		w.joinBySeed(addrs[0])
	} else if by := d.next(); by != 0 {
		through = w.host(by)
		w.join(addrs[0], by)
	} else if w.cfg.Rules.BetterSuccessor == chord.BetterAsk {
		used = min(w.cfg.Successors+1, len(addrs))
		w.settle(addrs[:used])
	} else {
		w.found(addrs[0])
	}
	t.befellNodes(verb, addrs[:used], Effect{Through: through})
	return used
}

// join lets new hosts join.
func (t *timeline) join(a *JoinStep) func() error {
	addrs := t.w.bring(a.Nodes, a.Hosts)
	n := len(addrs) / t.w.virtual
	t.mark("join %d", n)
	d := t.door(a.Through)
	founded := 0
	virtual := t.w.virtual
	do := func(i int) {
		for k := i * virtual; k < (i+1)*virtual; k++ {
			if k >= founded && !t.w.taken(addrs[k]) {
				if used := t.enter("join", addrs[k:], d); used > 1 {
					founded = k + used
				}
			}
		}
		t.arrived(addrs[i*virtual : (i+1)*virtual])
	}
	end := t.now() + sim.Time(a.Over)
	switch a.Arrivals {
	case "burst":
		t.spread(n, 0, do)
	case "poisson":
		r := t.rand(drawArrivals)
		at := make([]sim.Time, n)
		for i := range at {
			at[i] = sim.Time(r.Intn(uint64(a.Over) + 1))
		}
		slices.Sort(at)
		t.sequence(n, func(i int) sim.Time { return at[i] }, do)
	default:
		t.spread(n, a.Over, do)
	}
	return t.until(end)
}

// arrived tells the churns of new hosts.
func (t *timeline) arrived(addrs []chord.Addr) {
	for _, c := range t.churns {
		for i := 0; i < len(addrs); i += t.w.virtual {
			c.stays(t.w.host(addrs[i]))
		}
	}
}

// leave lets members leave voluntarily.
func (t *timeline) leave(a *LeaveStep) func() error {
	hosts := t.staying()
	var who []uint32
	n := 0
	switch {
	case a.Fraction != nil:
		n = a.Fraction.RoundHalfUp(len(hosts))
		t.mark("leave %s", percent(a.Fraction))
		who = t.draw(hosts, n, bool(a.Guarded))
	case len(a.Hosts) > 0:
		who = t.those(a.Hosts, func(h uint32) bool { return t.w.hostUp(h) && !t.gone.has(h) })
		n = len(who)
		t.mark("leave %d", n)
	default:
		n = int(min(a.Count, int64(len(hosts))))
		t.spared += a.Count - int64(n)
		t.mark("leave %d", n)
		who = t.draw(hosts, n, bool(a.Guarded))
	}
	t.departOver(who, n, a.Over, bool(a.Guarded), leaving)
	return t.until(t.now() + sim.Time(a.Over))
}

// fail lets members crash.
func (t *timeline) fail(a *FailStep) func() error {
	hosts := t.members()
	victims, n := []uint32(nil), 0
	switch {
	case a.Fraction != nil:
		n = a.Fraction.RoundHalfUp(len(hosts))
		t.mark("fail %s", percent(a.Fraction))
		victims = t.draw(hosts, n, bool(a.Guarded))
	case a.Probability != nil:
		t.mark("fail p=%s", a.Probability)
		r := t.rand(drawVictims)
		for _, h := range hosts {
			if a.Probability.Hit(r.Uint64()) {
				victims = append(victims, h)
			}
		}
		n = len(victims)
	case a.Arc != nil:
		n = a.Arc.Of(len(hosts))
		t.spared += max(0, a.Arc.Count-int64(len(hosts)))
		t.mark("fail arc of %d", n)
		victims = t.arc(n)
	case len(a.Hosts) > 0:
		victims = t.those(a.Hosts, t.w.hostUp)
		n = len(victims)
		t.mark("fail %d", n)
	case a.Region != nil || a.Group != "":
		victims = slices.DeleteFunc(slices.Clone(t.selected(a.selection(), hosts)), func(h uint32) bool { return !t.w.hostUp(h) })
		n = len(victims)
		t.mark("fail %s of %d", a.selection().word(), n)
	default:
		n = int(min(a.Count, int64(len(hosts))))
		t.spared += a.Count - int64(n)
		t.mark("fail %d", n)
		victims = t.draw(hosts, n, bool(a.Guarded))
	}
	expected := t.expectLoss(a, n, len(hosts))
	t.departOver(victims, n, a.Over, bool(a.Guarded), crashing)
	t.w.data.expect(expected)
	return t.until(t.now() + sim.Time(a.Over))
}

func percent(f *Fraction) string {
	return number(f.Float()*100).String() + " %"
}

// draw returns n of the hosts, drawn without replacement; all of them in the
// order of the draw where some may have to be passed over.
func (t *timeline) draw(hosts []uint32, n int, guarded bool) []uint32 {
	if guarded {
		n = len(hosts)
	}
	return t.sample(hosts, n)
}

// sample returns n of the hosts, drawn without replacement.
func (t *timeline) sample(hosts []uint32, n int) []uint32 {
	drawn := make([]uint32, 0, n)
	for _, i := range t.rand(drawVictims).Sample(uint64(n), uint64(len(hosts))) {
		drawn = append(drawn, hosts[i])
	}
	return drawn
}

// arc returns the hosts of neighbours on the ring, n of them, from a random
// member on.
func (t *timeline) arc(n int) []uint32 {
	w := t.w
	ring := make([]uint32, 0, w.members.count)
	w.members.each(func(p chord.Peer) { ring = append(ring, w.host(p.Addr)) })
	if len(ring) == 0 {
		return nil
	}
	at := int(t.rand(drawVictims).Intn(uint64(len(ring))))
	taken := newBitset(w.used/w.virtual + 2)
	var victims []uint32
	for i := 0; i < len(ring) && len(victims) < n; i++ {
		if h := ring[(at+i)%len(ring)]; !taken.get(int(h)) {
			taken.set(int(h))
			victims = append(victims, h)
		}
	}
	return victims
}

// departOver lets n of the candidates go, over a while. Under guard those are
// passed over whose departure would leave the assumptions of the proof.
func (t *timeline) departOver(candidates []uint32, n int, over Duration, guarded bool, how departure) {
	if over == 0 {
		if guarded {
			candidates = t.guarded(candidates, n, how)
			t.spared += int64(n - len(candidates))
		}
		t.depart(how, candidates...)
		return
	}
	next := 0
	t.spread(n, over, func(int) {
		if guarded {
			allowed := t.guarded(candidates[next:], 1, how)
			if len(allowed) == 0 {
				t.spared++
				return
			}
			i := next + slices.Index(candidates[next:], allowed[0])
			candidates[next], candidates[i] = candidates[i], candidates[next]
		}
		if next < len(candidates) {
			t.depart(how, candidates[next])
			next++
		}
	})
}

// depart lets hosts go, all at this instant.
func (t *timeline) depart(how departure, hosts ...uint32) {
	if len(hosts) > 0 {
		t.w.data.expect(unknownLoss)
	}
	switch {
	case len(hosts) == 0:
	case how == leaving:
		t.befellUp("leave", hosts)
		t.goes(hosts)
	default:
		t.befellUp("fail", hosts)
		t.dies(hosts)
	}
}

// dies lets hosts crash.
func (t *timeline) dies(hosts []uint32) {
	var addrs []chord.Addr
	for _, h := range hosts {
		for _, a := range t.w.nodesOf(h) {
			if t.w.nodes[a].Status != chord.Absent {
				addrs = append(addrs, a)
			}
		}
		t.gone.add(h)
	}
	t.w.crash(addrs)
}

// goes lets hosts leave voluntarily.
func (t *timeline) goes(hosts []uint32) {
	for _, h := range hosts {
		for _, a := range t.w.nodesOf(h) {
			if t.w.nodes[a].Status != chord.Absent {
				// It knows at once, however late a slow node takes up the command: the
				// guard reckons with what it tells from now on.
				t.w.nodes[a].Part()
				t.w.command(a, &chord.Message{Kind: chord.CmdLeave})
			}
		}
		t.gone.add(h)
	}
}

// departed are the hosts that crashed or left and are not back, in the order
// in which they went.
type departed struct {
	order []going
	last  map[uint32]int // the latest going of a host that is gone; only ever looked up
	count int
}

// going is the n-th time that somebody went.
type going struct {
	host uint32
	n    int
}

func (d *departed) has(host uint32) bool { return d.last[host] > 0 }

func (d *departed) add(host uint32) {
	if d.has(host) {
		return
	}
	if d.last == nil {
		d.last = map[uint32]int{}
	}
	d.count++
	d.last[host] = d.count
	d.order = append(d.order, going{host, d.count})
}

func (d *departed) remove(host uint32) { delete(d.last, host) }

// list returns the hosts. Those that have been back are dropped here, all at
// once.
func (d *departed) list() []uint32 {
	d.order = slices.DeleteFunc(d.order, func(g going) bool { return d.last[g.host] != g.n })
	hosts := make([]uint32, len(d.order))
	for i, g := range d.order {
		hosts[i] = g.host
	}
	return hosts
}

// restart lets hosts that are gone come back with their identifiers.
func (t *timeline) restart(a *RestartStep) func() error {
	t.hopeless()
	gone := t.gone.list()
	n := len(gone)
	switch {
	case a.Fraction != nil:
		n = a.Fraction.RoundHalfUp(n)
	case a.Count > 0:
		n = int(min(a.Count, int64(n)))
	}
	var back []uint32
	if len(a.Hosts) > 0 {
		back = t.those(a.Hosts, t.gone.has)
		n = len(back)
	} else {
		back = t.sample(gone, n)
	}
	t.mark("restart %d", n)
	d := t.door(a.Through)
	t.spread(n, a.Over, func(i int) { t.returns(back[i], d, bool(a.Keep)) })
	return t.until(t.now() + sim.Time(a.Over))
}

// returns lets a host come back with its identifiers and, if asked to, with what its
// nodes knew when they crashed. It waits for one that is still on its way out; one
// that is back already stays as it is.
func (t *timeline) returns(host uint32, d *door, keep bool) {
	w := t.w
	addrs := w.nodesOf(host)
	if w.hostUp(host) {
		if t.gone.has(host) {
			t.agenda.at(t.now()+poll, t.step, func() { t.returns(host, d, keep) })
		}
		return
	}
	t.gone.remove(host)
	for k := 0; k < len(addrs); k++ {
		if w.taken(addrs[k]) {
			continue // by somebody who came meanwhile
		}
		if w.wakes(addrs[k], keep) {
			t.befellNodes("restart", addrs[k:k+1], Effect{Keep: true})
			continue
		}
		w.nodes[addrs[k]].Init(w.nodes[addrs[k]].Self())
		w.forgetFollowers(addrs[k])
		t.enter("restart", addrs[k:k+1], d)
	}
	t.arrived(addrs)
}

// stabilization switches maintenance.
func (t *timeline) stabilization(a *StabilizationStep) {
	cfg := &t.w.cfg
	switch {
	case a.State != nil && bool(*a.State):
		cfg.Frozen, cfg.RoundsOff = false, false
		t.mark("stabilization on")
	case a.State != nil:
		cfg.Frozen = true
		t.mark("stabilization off")
	case a.Rounds != nil:
		cfg.RoundsOff = !bool(*a.Rounds)
		t.mark("rounds %s", map[bool]string{true: "on", false: "off"}[bool(*a.Rounds)])
	}
}
