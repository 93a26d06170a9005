package main

import (
	"fmt"
	"io"
	"math/bits"
	"strconv"
	"strings"

	"chordsim/chord"
	"chordsim/explore"
	"chordsim/scenarios"

	"github.com/olekukonko/tablewriter/tw"
)

func yesNo(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

// whatFollows says in a few words what a search found.
func whatFollows(r *explore.Result) string {
	v := r.Violation
	switch {
	case v == nil && r.Exhaustive:
		return "nothing"
	case v == nil:
		return "nothing so far: " + r.Stopped
	case v.Stuck:
		return fmt.Sprintf("liveness is lost after %s: fair rounds never reach the ideal ring", plural(len(v.Events), "event"))
	}
	return fmt.Sprintf("%s: %v violated after %s", v.Word, v.Violated, plural(len(v.Events), "event"))
}

// bytesPerState is the memory for each state, of a search that is large enough for
// tables that grow by doubling to say anything.
func bytesPerState(r *explore.Result) string {
	if r.States < 10_000 {
		return "–"
	}
	return strconv.FormatInt(r.BytesPerState(), 10)
}

// collisions says how many states of so many were taken for others, if the hash
// by which they are told apart is as good as random: n²/2 pairs, each with a
// chance of 2⁻⁶⁴.
func collisions(states int64) string {
	return fmt.Sprintf("hash: 64 bits, %.1e expected collisions", float64(states)*float64(states)/(1<<65))
}

// printSearch says what was searched, what was found and how one comes there, and
// whether that was written.
func (a *app) printSearch(m *explore.Model, o *explore.Options, f *exploreFlags, r *explore.Result, rate string, written bool) error {
	fmt.Fprintf(a.stdout, "explore %s: %s, lists of %d, grain %v, detector %s, guard %v%s\n",
		f.protocol, plural(m.IDs, "id"), m.Successors, m.Grain, f.detector, m.Guard, f.others())
	right := tw.MakeAlign(6, tw.AlignRight)
	err := layOut(a.stdout, formatTable,
		[]string{"states", "transitions", "depth", "states_per_second", "bytes_per_state", "exhaustive"}, right,
		[][]string{{
			count(r.States), count(r.Transitions), strconv.Itoa(r.Depth), rate, bytesPerState(r), yesNo(r.Exhaustive),
		}})
	if err != nil {
		return err
	}
	v := r.Violation
	if v == nil {
		fmt.Fprintln(a.stdout, collisions(r.States))
	}
	switch {
	case v == nil && r.Exhaustive && o.Find != "" && o.Liveness:
		fmt.Fprintf(a.stdout, "from no state does a ring stay %s in fair rounds\n", o.Find)
	case v == nil && r.Exhaustive && o.Find != "":
		fmt.Fprintf(a.stdout, "no ring is %s in any state\n", o.Find)
	case v == nil && r.Exhaustive:
		fmt.Fprintf(a.stdout, "no violation in any state: %v\n", o.Properties)
		if o.Liveness {
			fmt.Fprintln(a.stdout, "live: from every state, fair rounds, one order of events each, lead to the ideal ring")
		}
	case v == nil:
		fmt.Fprintf(a.stdout, "cut short, %s; %d states were not expanded\n", r.Stopped, r.Waiting)
	default:
		fmt.Fprintf(a.stdout, "%s\nfrom the ideal ring of %s:\n", whatFollows(r), idList(v.Start))
		printEvents(a.stdout, v.Events, 1)
		for i, events := range v.Rounds {
			fmt.Fprintf(a.stdout, "fair round %d:\n", i+1)
			printEvents(a.stdout, events, 1)
		}
		if n := len(v.Rounds); n > 0 {
			fmt.Fprintf(a.stdout, "after which the ring is as it was after an earlier round\n")
		}
		if f.out != "" && written {
			fmt.Fprintf(a.stdout, "written to %s: %s\n", f.out, strings.Join(foundFiles, ", "))
		}
	}
	return nil
}

// others are the flags that change what is searched, as far as they are given and
// the heading does not name them already.
func (f *exploreFlags) others() string {
	var b strings.Builder
	for _, s := range f.set {
		b.WriteString(", " + s)
	}
	if len(f.start) > 0 {
		b.WriteString(", start " + strings.Join(f.start, " "))
	}
	for _, flag := range []struct {
		on   bool
		name string
	}{
		{f.drops, "drops"}, {f.many, "many notifies"}, {f.late, "late notifies"}, {f.checks, "checks"}, {f.liveness, "liveness"},
		{len(f.properties) > 0, "properties " + strings.Join(f.properties, " ")}, {f.find != "", "find " + f.find},
	} {
		if flag.on {
			b.WriteString(", " + flag.name)
		}
	}
	return b.String()
}

func printEvents(w io.Writer, events []explore.Event, first int) {
	for i, e := range events {
		fmt.Fprintf(w, "%4d  %-28v %s\n", first+i, e, e.Words())
	}
}

func idList(ids []int) string {
	var words []string
	for _, id := range ids {
		words = append(words, strconv.Itoa(id))
	}
	return strings.Join(words, ", ")
}

// foundFiles are what is written of a violation.
var foundFiles = []string{"found.yaml", "found.mmd", "found.svg"}

// writeFound writes a violation as a scenario that replays it, and as
// diagrams.
func writeFound(folder *scenarios.Folder, m *explore.Model, f *exploreFlags, v *explore.Violation) error {
	out, err := explore.Replay(startAt(m, v.Start), v.Events, len(v.Rounds))
	if err != nil {
		return err
	}
	for i, content := range []func(io.Writer) error{
		func(w io.Writer) error { return writeScenario(w, m, f, v, out.Snapshot) },
		func(w io.Writer) error { return explore.WriteMermaid(w, m, v) },
		func(w io.Writer) error { return explore.WriteSVG(w, m, v) },
	} {
		if err := folder.Write(foundFiles[i], content); err != nil {
			return err
		}
	}
	return nil
}

// startAt is the model with the members that a violation begins with.
func startAt(m *explore.Model, start []int) *explore.Model {
	one := *m
	one.Start = start
	return &one
}

// writeScenario writes the scenario that replays a violation.
func writeScenario(w io.Writer, m *explore.Model, f *exploreFlags, v *explore.Violation, end *chord.Snapshot) error {
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	onOff := map[bool]string{true: "on", false: "off"}
	say("name: found")
	what := fmt.Sprintf("%v violated", v.Violated)
	if v.Stuck {
		what = "fair rounds never reach the ideal ring"
	}
	say("title: \"chordsim explore, %s, %d ids: %s\"", f.protocol, m.IDs, what)
	say("ring:\n  protocol: %s\n  successors: %d\n  bits: %d\n  detector: %s", f.protocol, m.Successors, max(3, bits.Len(uint(m.IDs-1))), f.detector)
	if len(f.set) > 0 {
		say("  rules: %s", scenarios.RulesText(f.set))
	}
	say("timeline:\n  - play:\n      ids: %d\n      start: [%s]\n      grain: %v\n      guard: %v", m.IDs, idList(v.Start), m.Grain, m.Guard)
	say("      drops: %s\n      many_notifies: %s\n      late_notifies: %s\n      checks: %s",
		onOff[m.Drops], onOff[m.Many], onOff[m.Late], onOff[m.Checks])
	if len(v.Events) == 0 {
		say("      events: []")
	} else {
		say("      events:")
	}
	for _, e := range v.Events {
		say("        - %v # %s", e, e.Words())
	}
	if len(v.Rounds) > 0 {
		say("      rounds: %d", len(v.Rounds))
	}
	say("expect:\n  - ring.verdict == %q", end.Word())
	for p := range chord.Property(chord.NumProperties) {
		// Of what fair rounds stay in, that is what is violated at their end.
		if ok, _ := end.Check(p); v.Violated.Has(p) && !ok {
			say("  - not ring.holds.%v", p)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
