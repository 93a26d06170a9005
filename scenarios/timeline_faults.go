package scenarios

import (
	"fmt"
	"slices"

	"chordsim/chord"
	"chordsim/sim"
)

// faults are those of a run, as the timeline knows them.
type faults struct {
	groups map[string][]uint32 // hosts by the name of their group; only ever looked up
	taken  bitset              // hosts that are in a group
	begun  []begunFault        // in the order in which they began; ended ones are dropped
}

type begunFault struct {
	id    sim.FaultID
	name  string // of the step, or ""
	label string
}

// begin puts a fault in force, promises its end, and returns the wait for it.
func (t *timeline) begin(name string, step fault, f sim.Fault) func() error {
	w := t.w
	if w.faults == nil {
		w.faults = sim.NewFaults(w.seed)
		w.engine.UseFaults(w.faults)
	}
	label := step.Verb()
	if name != "" {
		label += " " + name
	}
	id := w.faults.Begin(f)
	t.faults.begun = append(t.faults.begun, begunFault{id, name, label})
	t.faultMark(label, "begins")
	lasts := sim.Time(step.lasting().For)
	if lasts == 0 {
		return nil
	}
	end := t.now() + lasts
	t.agenda.at(end, t.step, func() { t.endFaults(func(b begunFault) bool { return b.id == id }) })
	return t.until(end)
}

// endFaults ends those that are meant.
func (t *timeline) endFaults(meant func(begunFault) bool) {
	t.faults.begun = slices.DeleteFunc(t.faults.begun, func(b begunFault) bool {
		if !meant(b) {
			return false
		}
		t.w.faults.End(b.id)
		t.faultMark(b.label, "ends")
		return true
	})
}

// faultMark notes a fault's beginning or end for charts and for the trace.
func (t *timeline) faultMark(label, what string) {
	t.mark("%s %s", label, what)
	t.w.trace.fault(t.now(), label+" "+what)
}

// heal ends a fault by its name, or all.
func (t *timeline) heal(a *HealStep) {
	t.endFaults(func(b begunFault) bool { return a.Fault == allFaults || a.Fault == b.name })
}

// group gives hosts a name.
func (t *timeline) group(name string, a *GroupStep) {
	f := &t.faults
	if f.groups == nil {
		f.groups = map[string][]uint32{}
		f.taken = newBitset(len(t.w.nodes))
	}
	free := slices.DeleteFunc(t.members(), func(h uint32) bool { return f.taken.get(int(h)) })
	hosts := free
	if !a.Rest {
		hosts = t.selected(&Selection{Choice: a.Choice}, free)
	}
	t.befell(a.Verb(), hosts, Effect{})
	for _, h := range hosts {
		f.taken.set(int(h))
	}
	f.groups[name] = hosts
	t.mark("group %s of %d", name, len(hosts))
}

// selected returns the hosts that are meant, among candidates in address order.
// A share is one of all members, as far as there are candidates.
func (t *timeline) selected(s *Selection, candidates []uint32) []uint32 {
	among := func(hosts []uint32) []uint32 {
		return slices.DeleteFunc(hosts, func(h uint32) bool { return !is(candidates, h) })
	}
	switch {
	case s.Count > 0:
		n := min(s.Count, int64(len(candidates)))
		t.unmet += s.Count - n
		return t.draw(candidates, int(n), false)
	case s.Fraction != nil:
		return t.draw(candidates, min(s.Fraction.RoundHalfUp(len(t.members())), len(candidates)), false)
	case s.Arc != nil:
		there := len(t.members())
		t.unmet += max(0, s.Arc.Count-int64(there))
		return among(t.arc(s.Arc.Of(there)))
	case len(s.Hosts) > 0:
		return t.those(s.Hosts, func(h uint32) bool { return is(candidates, h) })
	case s.Region != nil:
		return among(t.region(s.Region))
	case s.Group == seedServerGroup:
		return []uint32{t.w.host(t.w.seeds.addr)}
	}
	return t.faults.groups[s.Group]
}

// is reports whether a host is among others in address order.
func is(among []uint32, h uint32) bool {
	_, found := slices.BinarySearch(among, h)
	return found
}

// those returns the hosts of a list that a step can do something to, in the list's order,
// and counts the rest.
func (t *timeline) those(hosts Hosts, can func(host uint32) bool) []uint32 {
	who := slices.DeleteFunc(slices.Clone(hosts), func(h uint32) bool { return !can(h) })
	t.unmet += int64(len(hosts) - len(who))
	return who
}

// word says who is meant where no number does.
func (s *Selection) word() string {
	if s.Region != nil {
		return "region"
	}
	return "group " + s.Group
}

// seedServerGroup is how the seed server is called as a group.
const seedServerGroup = "seed-server"

// regions are the parts of a network by the words of the language.
var regions = map[string]sim.Region{
	"": sim.RegionWithin, "domain": sim.RegionDomain, "stub": sim.RegionStub, "site": sim.RegionSite,
}

// region returns the members around a random one, in address order.
func (t *timeline) region(r *RegionSpec) []uint32 {
	hosts := t.members()
	if len(hosts) == 0 {
		return nil
	}
	middle := hosts[t.rand(drawVictims).Intn(uint64(len(hosts)))]
	return slices.DeleteFunc(hosts, func(h uint32) bool {
		return !sim.Near(t.w.net.latency, regions[r.Of], middle, h, sim.Time(r.Within))
	})
}

// actors returns the addresses of all that run on some hosts.
func (t *timeline) actors(hosts []uint32) sim.Actors {
	set := sim.Actors{}
	for _, h := range hosts {
		if t.w.seeds != nil && h == t.w.host(t.w.seeds.addr) {
			set.Add(sim.Addr(t.w.seeds.addr))
			continue
		}
		for _, a := range t.w.nodesOf(h) {
			set.Add(sim.Addr(a))
		}
	}
	return set
}

// chosen returns the actors of a selection among all members.
func (t *timeline) chosen(s *Selection) sim.Actors {
	hosts := t.selected(s, t.members())
	if s.Group == "" {
		t.befell(t.spec.Timeline[t.step].Action.Verb(), hosts, Effect{})
	}
	return t.actors(hosts)
}

func (t *timeline) named(group string) sim.Actors {
	if group == "" {
		return nil // all
	}
	return t.chosen(&Selection{Group: group})
}

// partition cuts the network.
func (t *timeline) partition(name string, a *PartitionStep) func() error {
	p := sim.Partition{OneWay: bool(a.OneWay)}
	for _, g := range a.Groups {
		p.Groups = append(p.Groups, t.named(g))
	}
	if len(a.Groups) == 0 {
		p.Groups, p.Rest = []sim.Actors{t.chosen(&a.Selection)}, true
	}
	members := t.members()
	var bridge []uint32
	t.unmet += max(0, a.Bridge-int64(len(members)))
	for _, i := range t.rand(drawBridge).Sample(uint64(min(a.Bridge, int64(len(members)))), uint64(len(members))) {
		bridge = append(bridge, members[i])
	}
	p.Bridge = t.actors(bridge)
	return t.begin(name, a, p)
}

// links returns the ways that a fault is on.
func (t *timeline) links(l *Links) sim.Links {
	switch {
	case len(l.Between) > 0:
		return sim.Links{From: t.named(l.Between[0]), To: t.named(l.Between[1]), Both: true}
	case l.From != "" || l.To != "":
		return sim.Links{From: t.named(l.From), To: t.named(l.To)}
	case l.Selection.none():
		return sim.Links{}
	}
	return sim.Links{From: t.chosen(&l.Selection), Both: true}
}

func (f Fraction) chance() sim.Chance { return sim.Chance{Num: f.Num, Den: f.denominator()} }

// fault begins a fault.
func (t *timeline) fault(name string, step fault) func() error {
	var f sim.Fault
	switch a := step.(type) {
	case *PartitionStep:
		return t.partition(name, a)
	case *LossStep:
		f = sim.Loss{Links: t.links(&a.Links), Chance: a.Probability.chance()}
	case *DuplicateStep:
		f = sim.Duplication{Links: t.links(&a.Links), Chance: a.Probability.chance()}
	case *ReorderStep:
		f = sim.Reordering{Links: t.links(&a.Links), Chance: a.Probability.chance(), Most: sim.Time(a.By)}
	case *DelayStep:
		chance := sim.Chance{Num: 1, Den: 1}
		if a.Probability != nil {
			chance = a.Probability.chance()
		}
		f = sim.Spike{Links: t.links(&a.Links), Chance: chance, By: sim.Time(a.By)}
	case *SlowStep:
		f = sim.Slowness{Of: t.chosen(&a.Selection), Each: sim.Time(a.Each)}
	case *PauseStep:
		f = sim.Pause{Of: t.running(t.chosen(&a.Selection))}
	case *DriftStep:
		f = sim.Drift{Of: t.chosen(&a.Selection), Num: a.Rate.Num, Den: a.Rate.denominator()}
	default:
		panic(fmt.Sprintf("scenarios: no such fault as %T", step))
	}
	return t.begin(name, step, f)
}

// running leaves out nodes that are not there: a pause is of a process, and one
// that starts later is not paused.
func (t *timeline) running(of sim.Actors) sim.Actors {
	running := sim.Actors{}
	for a := range sim.Addr(len(t.w.nodes)) {
		if of.Has(a) && t.w.nodes[a].Status != chord.Absent {
			running.Add(a)
		}
	}
	if s := t.w.seeds; s != nil && of.Has(sim.Addr(s.addr)) && s.server.Up() {
		running.Add(sim.Addr(s.addr))
	}
	return running
}
