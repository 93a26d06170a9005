package fuzz

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"chordsim/chord"
	"chordsim/scenarios"
)

// Unit is what the number of a field counts.
type Unit uint8

// The units of numbers.
const (
	Words   Unit = iota // no number: a text
	Count               // things
	Millis              // a time, milliseconds
	PerMill             // a share, thousandths
	PerHour             // a rate, times an hour
	Numbers             // no number: hosts by theirs
)

// Field is one entry of a section or step: a key with a number that can be made
// smaller, hosts, or a text.
type Field struct {
	Key   string
	Unit  Unit
	N     int64
	Text  string
	Hosts scenarios.Hosts // never changed, but replaced
	Least int64           // what N is never below
	Fixed bool            // cannot be left out
}

// value returns what is written behind the key.
func (f Field) value() string {
	switch f.Unit {
	case Count:
		return fmt.Sprint(f.N)
	case Millis:
		return millis(f.N)
	case PerMill:
		return fmt.Sprintf("%d.%d%%", f.N/10, f.N%10)
	case PerHour:
		return fmt.Sprintf("%d/h", f.N)
	case Numbers:
		return f.Hosts.String()
	}
	return f.Text
}

func millis(n int64) string { return (time.Duration(n) * time.Millisecond).String() }

// Step is one fault, or whatever else is done to a ring, at a time of its own.
type Step struct {
	Verb   string
	At     int64 // virtual milliseconds
	Nanos  int64 // and what is below one, nanoseconds
	Fields []Field
	Short  string // the word that the step is where it has no time and no fields: its state
}

// instant returns when the step begins, in virtual nanoseconds.
func (s *Step) instant() int64 { return s.At*int64(time.Millisecond) + s.Nanos }

// hosts returns the hosts of the step's numbers, none where it says in another way which.
func (s *Step) hosts() scenarios.Hosts {
	if i := find(s.Fields, "hosts"); i >= 0 {
		return s.Fields[i].Hosts
	}
	return nil
}

// brings reports whether new hosts come with the step.
func (s *Step) brings() bool { return s.Verb == "start" || s.Verb == "join" }

// nodes returns how many new ones the step names.
func (s *Step) nodes() int64 {
	if !s.brings() {
		return 0
	}
	return max(s.number("nodes"), int64(len(s.hosts())))
}

// number returns a number of the step, 0 where it has none.
func (s *Step) number(key string) int64 { return number(s.Fields, key) }

func (s *Step) has(key string) bool { return find(s.Fields, key) >= 0 }

func find(fields []Field, key string) int {
	return slices.IndexFunc(fields, func(f Field) bool { return f.Key == key })
}

func number(fields []Field, key string) int64 {
	if i := find(fields, key); i >= 0 {
		return fields[i].N
	}
	return 0
}

// text returns a text of a section, "" where it has none.
func text(fields []Field, key string) string {
	if i := find(fields, key); i >= 0 {
		return fields[i].Text
	}
	return ""
}

// groups returns the names of the groups that the step means.
func (s *Step) groups() []string {
	var names []string
	for _, key := range []string{"group", "groups", "from", "to", "between"} {
		names = append(names, strings.FieldsFunc(text(s.Fields, key), func(r rune) bool { return strings.ContainsRune("[], ", r) })...)
	}
	return names
}

// lasts returns how long a step goes on by itself, in milliseconds.
func (s *Step) lasts() int64 { return max(s.number("for"), s.number("over")) }

// Scenario is a scenario in the form in which it is drawn and shrunk: sections of
// fields, and steps in the order of their times. Its first step makes the ring.
// After the last one has ended and all is healed, the ring has Bound to become
// ideal.
type Scenario struct {
	Protocol string
	Seed     uint64
	Ring     []Field
	Network  []Field
	Data     []Field // empty: nothing is stored
	Steps    []Step
	// Probe is the instant of the safety phase at which the ring was seen broken, in
	// virtual nanoseconds; 0: what is wrong is seen at the end.
	Probe int64
}

func (s *Scenario) clone() *Scenario {
	c := *s
	c.Ring, c.Network, c.Data = slices.Clone(s.Ring), slices.Clone(s.Network), slices.Clone(s.Data)
	c.Steps = slices.Clone(s.Steps)
	for i := range c.Steps {
		c.Steps[i].Fields = slices.Clone(c.Steps[i].Fields)
	}
	return &c
}

// period is the time between two rounds of stabilization, in milliseconds.
const period = 1000

// successors returns the length of the lists.
func (s *Scenario) successors() int64 { return number(s.Ring, "successors") }

// perfect reports whether no live node is taken for dead.
func (s *Scenario) perfect() bool { return find(s.Ring, "detector") >= 0 }

// nodes returns how many nodes the steps name in all.
func (s *Scenario) nodes() int64 {
	n := int64(0)
	for i := range s.Steps {
		n += s.Steps[i].nodes()
	}
	return n
}

// most bounds the nodes that are ever there: those of a churn by a rate are guessed.
func (s *Scenario) most() int64 {
	n := s.nodes()
	for i := range s.Steps {
		n += s.Steps[i].number("joins") * s.Steps[i].number("for") / (3600 * 1000) * 2
	}
	return n
}

// quiet returns when the last step has ended, in milliseconds.
func (s *Scenario) quiet() int64 {
	end := int64(0)
	for i := range s.Steps {
		end = max(end, s.Steps[i].At+s.Steps[i].lasts())
	}
	return end + 1
}

// Bound returns the time in milliseconds within which the ring has to be ideal when
// all is healed: 20 + 3n + r(r+8) rounds of stabilization of one and a half periods
// each, for at most n nodes and lists of r. Joiners between the same two members
// find their places one after another, a round each; entries of a list are right
// one round after those before them, which for the round robin of [ToN03], over
// list and fingers, takes r+8 rounds instead of one.
func (s *Scenario) Bound() int64 {
	r := s.successors()
	return (20 + 3*s.most() + r*(r+8)) * period * 3 / 2
}

// repaired is how long stored keys are given after that, in milliseconds.
func (s *Scenario) repaired() int64 { return 3*number(s.Data, "repair") + 1000 }

// Text returns the scenario as a file for chordsim run. What is wrong with it is
// expected not to be, so that its expectation fails. The lines of comment come
// first.
func (s *Scenario) Text(name, title string, comment ...string) string {
	var b strings.Builder
	for _, line := range comment {
		fmt.Fprintf(&b, "# %s\n", line)
	}
	fmt.Fprintf(&b, "name: %s\n", name)
	if title != "" {
		fmt.Fprintf(&b, "title: %s\n", title)
	}
	fmt.Fprintf(&b, "seed: %d\n", s.Seed)
	fmt.Fprintf(&b, "ring:\n  protocol: %s\n  stabilize: %s\n", s.Protocol, millis(period))
	section(&b, s.Ring)
	if len(s.Network) > 0 {
		b.WriteString("network:\n")
		section(&b, s.Network)
	}
	if s.stores() {
		b.WriteString("data:\n")
		section(&b, s.Data)
	}
	b.WriteString("timeline:\n")
	probed := s.Probe == 0
	for i := range s.Steps {
		if !probed && s.Steps[i].instant() > s.Probe {
			s.probe(&b)
			probed = true
		}
		s.Steps[i].write(&b, i == 0)
	}
	if !probed {
		s.probe(&b)
	}
	calm := max(s.quiet(), (s.Probe+int64(time.Millisecond)-1)/int64(time.Millisecond))
	fmt.Fprintf(&b, "  - await: {at: %s, ring: ideal, within: %s, required: off, as: heal}\n", millis(calm), millis(s.Bound()))
	if s.stores() {
		fmt.Fprintf(&b, "  - wait: %s\n  - measure: {data: on, as: after}\n", millis(s.repaired()))
	}
	b.WriteString("expect:\n")
	if s.Probe > 0 {
		for p := range chord.Property(chord.NumProperties) {
			if !p.Repairable() || p == chord.SufficientPrincipals {
				fmt.Fprintf(&b, "  - ring.unsafe.holds.%v\n", p)
			}
		}
	}
	b.WriteString("  - heal.held\n")
	b.WriteString("  - ring.members == 0 || ring.verdict != \"broken\" && ring.verdict != \"split\" && ring.verdict != \"loopy\"\n")
	workloads := 0
	for i := range s.Steps {
		if s.Steps[i].Verb == "workload" {
			workloads++
			fmt.Fprintf(&b, "  - get.workload%d.wrong_value == 0\n", workloads)
		}
	}
	if s.stores() {
		b.WriteString("  - data.after.lost == 0 && data.after.unreadable == 0 && data.after.resurrected == 0\n")
	}
	return b.String()
}

// stores reports whether any step stores keys.
func (s *Scenario) stores() bool {
	return slices.ContainsFunc(s.Steps, func(s Step) bool { return s.Verb == "put" || s.Verb == "workload" })
}

func (s *Scenario) probe(b *strings.Builder) {
	fmt.Fprintf(b, "  - measure: {at: %s, ring: on, as: unsafe}\n", time.Duration(s.Probe))
}

func section(b *strings.Builder, fields []Field) {
	for _, f := range fields {
		fmt.Fprintf(b, "  %s: %s\n", f.Key, f.value())
	}
}

// instant are the steps that take no time and need no background.
var instant = []string{"start", "seed_server", "group"}

func (s *Step) write(b *strings.Builder, first bool) {
	if s.Short != "" && s.At == 0 && len(s.Fields) == 0 {
		fmt.Fprintf(b, "  - %s: %s\n", s.Verb, s.Short)
		return
	}
	var parts []string
	if !first {
		parts = append(parts, "at: "+time.Duration(s.instant()).String())
	}
	if s.Short != "" {
		parts = append(parts, "state: "+s.Short)
	}
	for _, f := range s.Fields {
		parts = append(parts, f.Key+": "+f.value())
	}
	if !slices.Contains(instant, s.Verb) {
		parts = append(parts, "background: on")
	}
	fmt.Fprintf(b, "  - %s: {%s}\n", s.Verb, strings.Join(parts, ", "))
}

// sort puts the steps into the order of their times, the first one staying first.
func (s *Scenario) sort() {
	slices.SortStableFunc(s.Steps[1:], func(a, b Step) int { return cmp.Compare(a.instant(), b.instant()) })
}
