package fuzz

import "chordsim/sim"

// class is a class of faults, or of what else befalls a ring. A draw has it or not.
type class struct {
	name string
	draw func(d *drawing)
}

// classes are what befalls the members and the keys of a ring; faultClasses are the
// rest. A draw switches each on or off.
var classes = []class{
	{"joins in bursts", func(d *drawing) {
		d.some(1, 3, func() {
			d.step("join", count("nodes", d.between(1, 6), 1), word("arrivals", "burst"))
		})
	}},
	{"joins over a while", func(d *drawing) {
		d.some(1, 2, func() { d.step("join", count("nodes", d.between(1, 8), 1), d.over()) })
	}},
	{"leaves", func(d *drawing) {
		d.some(1, 3, func() { d.step("leave", d.guard(count("count", d.between(1, 4), 1), d.over())...) })
	}},
	{"crashes over a while", func(d *drawing) {
		d.some(1, 3, func() { d.step("fail", d.guard(count("count", d.between(1, 6), 1), d.over())...) })
	}},
	{"crashes at one instant", func(d *drawing) {
		d.some(1, 3, func() { d.step("fail", d.guard(count("count", d.between(1, 5), 1))...) })
	}},
	{"crashes of neighbours", func(d *drawing) {
		d.some(1, 2, func() { d.step("fail", d.guard(count("arc", d.between(2, 4), 2))...) })
	}},
	{"crashes of a group, a region or a share", func(d *drawing) {
		d.some(1, 2, func() { d.step("fail", d.guard(d.victims(), d.over())...) })
	}},
	{"restarts", func(d *drawing) {
		d.some(1, 2, func() { d.step("restart", count("count", d.between(1, 6), 1), d.over()) })
	}},
	{"restarts within a moment", func(d *drawing) {
		d.some(1, 3, func() {
			at := d.when()
			d.at(at, "fail", d.guard(count("count", d.between(1, 3), 1))...)
			d.at(at+d.between(1, 300), "restart", count("count", d.between(1, 3), 1))
		})
	}},
	{"joins beside a crash", func(d *drawing) {
		d.some(1, 3, func() {
			at := d.when()
			d.at(at, "join", count("nodes", d.between(1, 4), 1), word("arrivals", "burst"))
			d.at(at+d.between(0, 1500), "fail", d.guard(count("count", d.between(1, 3), 1))...)
		})
	}},
	{"churn by rates", func(d *drawing) {
		d.step("churn", d.guard(
			lasting("for", d.between(2000, 20000), 1000), rate("joins", d.between(60, 4000)), rate("departures", d.between(60, 4000)),
			d.word("depart", "crash", "leave"))...)
	}},
	{"churn by lifetimes", func(d *drawing) {
		d.step("churn", d.guard(
			lasting("for", d.between(2000, 20000), 1000),
			fixed("lifetime", "{distribution: exponential, mean: "+millis(d.between(3000, 40000))+"}"),
			fixed("downtime", "{distribution: exponential, mean: "+millis(d.between(50, 5000))+"}"),
			d.word("depart", "crash", "leave"))...)
	}},
	{"a seed server that goes", func(d *drawing) {
		if text(d.s.Ring, "bootstrap") == "" {
			return
		}
		at := d.when()
		down := Step{Verb: "seed_server", At: at, Short: "down"}
		if d.chance(500) {
			down.Fields = []Field{word("keep", "on")}
		}
		d.s.Steps = append(d.s.Steps, down)
		d.s.Steps = append(d.s.Steps, Step{Verb: "seed_server", At: at + d.between(500, 8000), Short: "up"})
	}},
	{"stored keys", func(d *drawing) {
		if d.s.Protocol == "echord" {
			d.s.Data = []Field{{Key: "hand_over", Text: "safe", Fixed: true}}
		}
		d.s.Data = append(d.s.Data,
			Field{Key: "replicas", Unit: Count, N: d.between(1, min(4, d.s.successors()+1)), Least: 1},
			lasting("repair", d.between(2000, 8000), 1000))
		d.some(1, 2, func() { d.step("put", count("count", d.between(1, 20), 1), d.over()) })
		if d.chance(500) {
			d.step("workload", fixed("rate", "2/s"), lasting("for", d.between(1000, 15000), 1000), count("keys", d.between(1, 10), 1),
				word("mix", "{get: 50%, put: 40%, delete: 10%}"))
		}
	}},
	{"lookups", func(d *drawing) {
		d.some(1, 2, func() { d.step("lookup", count("count", d.between(1, 30), 1), d.over()) })
	}},
}

// settings are what a draw may change about the ring and the network, each on or
// off.
var settings = []class{
	{"other latencies", func(d *drawing) {
		d.s.Network = append(d.s.Network, word("latency", []string{
			"20ms", "{model: uniform, min: 5ms, max: 150ms}", "{model: exponential, mean: 50ms, min: 5ms}",
			"{model: exponential, mean: 80ms, min: 2ms}", "{model: lognormal, median: 40ms, sigma: 1, min: 5ms}",
			"{model: euclidean, dimensions: 2, diameter: 150ms}", "{model: transit-stub, domains: 2, transit_nodes: 2, stubs: 2, routers: 40}",
		}[d.intn(7)]))
	}},
	{"few identifiers", func(d *drawing) { d.ring(count("bits", d.between(10, 16), 8)) }},
	{"no check of predecessors", func(d *drawing) { d.ring(word("check_predecessor", "0s")) }},
	{"quick checks of predecessors", func(d *drawing) {
		if find(d.s.Ring, "check_predecessor") < 0 {
			d.ring(word("check_predecessor", "1s"))
		}
	}},
	{"quick rounds of fingers", func(d *drawing) {
		if d.s.Protocol == "corrected" {
			d.ring(word("fix_fingers", "2s"))
		}
	}},
	{"late reports of deaths", func(d *drawing) {
		if i := find(d.s.Ring, "detector"); i >= 0 {
			d.s.Ring[i].Text = "{model: perfect, after: 300ms}"
		}
	}},
	{"a join in two steps", func(d *drawing) {
		if d.s.Protocol == "corrected" {
			d.ring(word("rules", "{join: through_successor}"))
		}
	}},
	{"short timeouts", func(d *drawing) {
		if !d.s.perfect() {
			d.ring(word("rpc_timeout", "200ms"))
		}
	}},
	{"a seed server", func(d *drawing) { d.ring(word("bootstrap", "seed-server")) }},
	{"recursive lookups", func(d *drawing) {
		if d.s.Protocol != "echord" {
			d.ring(word("lookup", "recursive"))
		}
	}},
}

func count(key string, n, least int64) Field {
	return Field{Key: key, Unit: Count, N: n, Least: least, Fixed: true}
}

func lasting(key string, n, least int64) Field {
	return Field{Key: key, Unit: Millis, N: n, Least: least, Fixed: true}
}

func rate(key string, n int64) Field { return Field{Key: key, Unit: PerHour, N: n, Least: 1} }

func fixed(key, text string) Field { return Field{Key: key, Text: text, Fixed: true} }

func word(key, text string) Field { return Field{Key: key, Text: text} }

// drawing is a scenario under way.
type drawing struct {
	s      *Scenario
	rand   *sim.Rand
	span   int64 // of the safety phase, milliseconds
	guards bool

	groups  []string // that have a name
	grouped int64    // since when, milliseconds
}

func (d *drawing) intn(n int64) int64 { return int64(d.rand.Intn(uint64(n))) }

// between draws from low to high, both included.
func (d *drawing) between(low, high int64) int64 { return low + d.intn(high-low+1) }

// chance comes true so many times of a thousand.
func (d *drawing) chance(perMill int64) bool { return d.intn(1000) < perMill }

func (d *drawing) when() int64 { return d.between(0, d.span) }

// some does something from low to high times.
func (d *drawing) some(low, high int64, do func()) {
	for range d.between(low, high) {
		do()
	}
}

func (d *drawing) ring(f Field) { d.s.Ring = append(d.s.Ring, f) }

func (d *drawing) step(verb string, fields ...Field) { d.at(d.when(), verb, fields...) }

// at adds a step at a time, or later if it means groups that have no name by then.
func (d *drawing) at(at int64, verb string, fields ...Field) {
	fields = append([]Field{}, fields...)
	for i := len(fields) - 1; i >= 0; i-- {
		if fields[i].Key == "" {
			fields = append(fields[:i], fields[i+1:]...)
		}
	}
	step := Step{Verb: verb, At: at, Fields: fields}
	if len(step.groups()) > 0 {
		step.At = max(at, d.grouped)
	}
	d.s.Steps = append(d.s.Steps, step)
}

// over is a time over which a step goes on, or none.
func (d *drawing) over() Field {
	if d.chance(400) {
		return Field{}
	}
	return Field{Key: "over", Unit: Millis, N: d.between(100, 10000), Least: 100}
}

// word draws one of several words; the first one goes without saying.
func (d *drawing) word(key string, words ...string) Field {
	if w := d.intn(int64(len(words))); w > 0 {
		return word(key, words[w])
	}
	return Field{}
}

// guard has departures keep the assumptions of the proof, if all of this draw do.
func (d *drawing) guard(fields ...Field) []Field {
	if d.guards {
		fields = append(fields, word("guarded", "on"))
	}
	return fields
}
