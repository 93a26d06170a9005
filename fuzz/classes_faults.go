package fuzz

import "strings"

// faultClasses are the faults of links, hosts and clocks. Each ends by itself,
// within the safety phase. Those that lose messages are left out where the detector
// is perfect: no network that loses messages has one.
var faultClasses = []class{
	{"a lossy network", func(d *drawing) {
		d.losing("loss", 0, lasting("for", d.span+d.between(1, 10000), 1000), share("probability", d.between(5, 100)))
	}},
	{"losses on some links", func(d *drawing) {
		d.losing("loss", d.when(), append(d.links(), d.lasts(), share("probability", d.between(100, 900)))...)
	}},
	{"a partition", func(d *drawing) {
		d.losing("partition", d.when(), d.lasts(), d.sides(), d.word("one_way", "off", "on"), d.bridge())
	}},
	{"messages twice", func(d *drawing) {
		d.step("duplicate", append(d.links(), d.lasts(), share("probability", d.between(50, 600)))...)
	}},
	{"messages out of order", func(d *drawing) {
		d.step("reorder", append(d.links(), d.lasts(), share("probability", d.between(50, 600)), lasting("by", d.between(50, 2000), 10))...)
	}},
	{"late messages", func(d *drawing) {
		d.some(1, 2, func() {
			d.step("delay", append(d.links(), d.lasts(), lasting("by", d.between(20, 1500), 10), d.sometimes())...)
		})
	}},
	{"slow nodes", func(d *drawing) {
		d.step("slow", d.lasts(), d.selected(), lasting("each", d.between(5, 200), 1))
	}},
	{"pauses", func(d *drawing) {
		d.some(1, 3, func() { d.step("pause", d.lasts(), d.selected()) })
	}},
	{"clocks that drift", func(d *drawing) {
		d.step("drift", d.lasts(), d.selected(), fixed("rate", []string{"0.2", "0.7", "1.5", "4"}[d.intn(4)]))
	}},
	{"restarts with state", func(d *drawing) {
		if d.guards {
			return // a node that returns with lists of long ago is nothing that the proof knows
		}
		d.step("fail", count("count", d.between(1, 4), 1))
		d.step("restart", count("count", d.between(1, 4), 1), word("keep", "on"))
	}},
}

// losing adds a fault that loses messages, where that is possible.
func (d *drawing) losing(verb string, at int64, fields ...Field) {
	if !d.s.perfect() {
		d.at(at, verb, fields...)
	}
}

// lasts is how long a fault lasts.
func (d *drawing) lasts() Field { return lasting("for", d.between(200, 15000), 100) }

// seedServer is the seed server as a group.
const seedServer = "seed-server"

// nameGroups gives members names by which later steps mean them: two or three groups,
// of which the last is often the rest.
func (d *drawing) nameGroups() {
	d.grouped = d.when() / 2
	for _, name := range []string{"left", "middle", "right"}[:d.between(2, 3)] {
		who := d.choice()
		if len(d.groups) > 0 && d.chance(500) {
			who = fixed("rest", "on")
		}
		d.at(d.grouped, "group", fixed("as", name), who)
		d.groups = append(d.groups, name)
	}
}

// choice is a choice of a few members, of a share, of neighbours on the ring, or of
// neighbours in the network where that has any.
func (d *drawing) choice() Field {
	if r := d.region(); r.Key != "" && d.chance(500) {
		return r
	}
	switch d.intn(8) {
	case 0:
		return share("fraction", d.between(50, 700))
	case 1, 2:
		return count("arc", d.between(2, 8), 2)
	}
	return count("count", d.between(1, 8), 1)
}

// region is a part of the network around a member, or nothing if the network has none.
func (d *drawing) region() Field {
	switch latency := text(d.s.Network, "latency"); {
	case strings.HasPrefix(latency, "{model: euclidean"):
		return fixed("region", "{within: "+millis(d.between(5, 60))+"}")
	case strings.HasPrefix(latency, "{model: transit-stub"):
		return fixed("region", []string{"stub", "domain"}[d.intn(2)])
	}
	return Field{}
}

// selected is a choice of members, a group, or the seed server.
func (d *drawing) selected() Field {
	if names := d.names(); len(names) > 0 && d.chance(500) {
		return fixed("group", names[d.intn(int64(len(names)))])
	}
	return d.choice()
}

// victims are a group, a region or a share of the members.
func (d *drawing) victims() Field {
	if len(d.groups) > 0 && d.chance(700) {
		return fixed("group", d.groups[d.intn(int64(len(d.groups)))])
	}
	if r := d.region(); r.Key != "" {
		return r
	}
	return share("fraction", d.between(50, 700))
}

// names are the groups that a fault may be on.
func (d *drawing) names() []string {
	if text(d.s.Ring, "bootstrap") == "" {
		return d.groups
	}
	return append(d.groups[:len(d.groups):len(d.groups)], seedServer)
}

// two draws two different names of at least as many.
func (d *drawing) two(names []string) (string, string) {
	i, j := d.intn(int64(len(names))), d.intn(int64(len(names)-1))
	if j >= i {
		j++
	}
	return names[i], names[j]
}

// links are the links that a fault is on: all, those of some members, those out of a
// group or into one, or those between two.
func (d *drawing) links() []Field {
	names := d.names()
	if len(names) > 1 && d.chance(600) {
		a, b := d.two(names)
		switch d.intn(4) {
		case 0:
			return []Field{word("from", a)}
		case 1:
			return []Field{word("to", a)}
		case 2:
			return []Field{word("from", a), word("to", b)}
		}
		return []Field{word("between", "["+a+", "+b+"]")}
	}
	if d.chance(500) {
		return nil
	}
	some := d.selected()
	some.Fixed = false
	return []Field{some}
}

// sides are who is cut from whom by a partition.
func (d *drawing) sides() Field {
	if names := d.names(); len(names) > 1 && d.chance(600) {
		a, b := d.two(names)
		return fixed("groups", "["+a+", "+b+"]")
	}
	return d.selected()
}

// sometimes has a fault be on some messages only, or on all.
func (d *drawing) sometimes() Field {
	if d.chance(600) {
		return Field{}
	}
	f := share("probability", d.between(50, 600))
	f.Fixed = false
	return f
}

// bridge leaves a few nodes on both sides of a partition, or none.
func (d *drawing) bridge() Field {
	if d.chance(800) {
		return Field{}
	}
	return Field{Key: "bridge", Unit: Count, N: 1, Least: 1}
}

func share(key string, perMill int64) Field {
	return Field{Key: key, Unit: PerMill, N: perMill, Least: 5, Fixed: true}
}
