package fuzz

// faultClasses are the faults of links, hosts and clocks. Each ends by itself,
// within the safety phase. Those that lose messages are left out where the detector
// is perfect: no network that loses messages has one.
var faultClasses = []class{
	{"a lossy network", func(d *drawing) {
		d.losing("loss", 0, lasting("for", d.span+d.between(1, 10000), 1000), share("probability", d.between(5, 100)))
	}},
	{"losses at a few", func(d *drawing) {
		d.losing("loss", d.when(), d.lasts(), count("count", d.between(1, 4), 1), share("probability", d.between(100, 900)))
	}},
	{"a partition", func(d *drawing) {
		d.losing("partition", d.when(), d.lasts(), d.selected(), d.word("one_way", "off", "on"), d.bridge())
	}},
	{"messages twice", func(d *drawing) {
		d.step("duplicate", d.lasts(), share("probability", d.between(50, 600)))
	}},
	{"messages out of order", func(d *drawing) {
		d.step("reorder", d.lasts(), share("probability", d.between(50, 600)), lasting("by", d.between(50, 2000), 10))
	}},
	{"late messages", func(d *drawing) {
		d.some(1, 2, func() {
			d.step("delay", d.lasts(), d.selected(), lasting("by", d.between(20, 1500), 10))
		})
	}},
	{"slow nodes", func(d *drawing) {
		d.step("slow", d.lasts(), count("count", d.between(1, 4), 1), lasting("each", d.between(5, 200), 1))
	}},
	{"pauses", func(d *drawing) {
		d.some(1, 3, func() { d.step("pause", d.lasts(), count("count", d.between(1, 4), 1)) })
	}},
	{"clocks that drift", func(d *drawing) {
		d.step("drift", d.lasts(), count("count", d.between(1, 4), 1), fixed("rate", []string{"0.2", "0.7", "1.5", "4"}[d.intn(4)]))
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

// selected is a choice of a few members, or of neighbours.
func (d *drawing) selected() Field {
	if d.chance(300) {
		return count("arc", d.between(2, 8), 2)
	}
	return count("count", d.between(1, 8), 1)
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
