package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"chordsim/chord"
	"chordsim/explore"
	"chordsim/scenarios"

	"github.com/spf13/cobra"
)

// errViolated is the error of a search that found a violation, which is said
// already.
var errViolated = fmt.Errorf("a violation was found: %w", errMissed)

// exploreFlags are the flags of explore, as given.
type exploreFlags struct {
	protocol   string
	ids        int
	successors int
	start      []string
	grain      string
	detector   string
	guard      string
	set        []string
	drops      bool
	many       bool
	late       bool
	checks     bool
	properties []string
	find       string
	liveness   bool
	ablate     bool
	depth      int
	memory     string
	workers    int
	checkpoint string
	out        string
}

func (a *app) exploreCommand() *cobra.Command {
	var f exploreFlags
	c := &cobra.Command{
		Use:   "explore",
		Short: "Look at everything that may happen to a small ring",
		Long: `explore goes through every order of joins, crashes, messages and timers that a
ring of a few real nodes may see, from an ideal ring on, breadth first: what it
finds wrong comes with a shortest way to it. A search that was cut short by a
limit is never called exhaustive.

With --checkpoint FILE a search that is interrupted, or cut short by --memory or
--depth, is kept in the file, and every five minutes before that. The same command
goes on from there, with the same outcome as if it had not been stopped; --depth,
--memory and --workers may be others. Once the search has ended by itself, with a
violation or without, the file is removed.

Exit status: 0 nothing is wrong, in any state or as deep as --depth asked for;
1 a violation was found; 2 the command line or the checkpoint is wrong; 3 cut short,
by --memory or interrupted; 4 a file cannot be written.`,
		Example: `  chordsim explore
  chordsim explore --protocol zave2012 --ids 2 --start 0 --grain atomic
  chordsim explore --grain atomic --guard off --properties AtMostOneRing --out found
  chordsim explore --ids 5 --grain atomic --memory 4GB --checkpoint five.checkpoint`,
		Args: takes(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error {
			m, o, err := f.read()
			if err != nil {
				return &usageError{err, c.CommandPath()}
			}
			if f.ablate {
				return a.ablate(c.Context(), m, o, &f)
			}
			return a.explore(c.Context(), m, o, &f)
		},
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.StringVar(&f.protocol, "protocol", "corrected", "preset of rules: corrected, ton2003, sigcomm2001 or zave2012")
	flags.IntVar(&f.ids, "ids", 4, fmt.Sprintf("identifiers, 1 to %d", explore.MaxIDs))
	flags.IntVar(&f.successors, "successors", 2, fmt.Sprintf("length of the successor list, 1 to %d", explore.MaxList))
	flags.StringSliceVar(&f.start, "start", nil, "members of the ideal ring to begin with: 0,1,2 (default: every ring of successors + 1)")
	flags.StringVar(&f.grain, "grain", "messages", "messages: each is delivered on its own; atomic: a query and its answer are one event")
	flags.StringVar(&f.detector, "detector", "perfect", "perfect: who is not there is reported; timeout: any question may time out")
	flags.StringVar(&f.guard, "guard", "", "who may crash: on, as the proof assumes; blind, lists in flight not counted; entries,\n"+
		"each other member keeps a live entry; off (default on, under zave2012 entries)")
	flags.StringArrayVar(&f.set, "set", nil, "switch a rule of the preset: better_successor=adopt (repeatable)")
	flags.BoolVar(&f.drops, "drops", false, "notifies may be lost")
	flags.BoolVar(&f.many, "many-notifies", false, "any number of notifies of a node to another may be on the way; else one stands for all")
	flags.BoolVar(&f.late, "late-notifies", false, "a notify on its way to who crashes may arrive at its next life; else it is dropped")
	flags.BoolVar(&f.checks, "checks", false, "explore check_predecessor, too, where rectify does its work already")
	flags.StringSliceVar(&f.properties, "properties", nil, "what has to hold in every state (default: what maintenance\n"+
		"cannot restore; under corrected also SufficientPrincipals)")
	flags.StringVar(&f.find, "find", "", "look for a ring that is loopy, split or broken instead; with --liveness, and stays so")
	flags.BoolVar(&f.liveness, "liveness", false, "from every state, fair rounds without churn have to lead to the ideal ring")
	flags.BoolVar(&f.ablate, "ablate", false, "switch off each rule of corrected, alone and with each other whose absence alone\n"+
		"has no consequence, and say what follows")
	flags.IntVar(&f.depth, "depth", 0, "events from the start, at most (0: any number)")
	flags.StringVar(&f.memory, "memory", "2GB", "memory that states may take")
	flags.IntVar(&f.workers, "workers", min(2, runtime.NumCPU()), "goroutines; what is found does not depend on it")
	flags.StringVar(&f.checkpoint, "checkpoint", "", "file to keep the search in when it is cut short, and to go on from if it is there")
	flags.StringVar(&f.out, "out", "", "folder for what was found: a scenario that replays it, and sequence diagrams")
	return c
}

// read makes a model and options of the flags.
func (f *exploreFlags) read() (*explore.Model, *explore.Options, error) {
	var bad []error
	note := func(err error) {
		if err != nil {
			bad = append(bad, err)
		}
	}
	m := &explore.Model{IDs: f.ids, Successors: f.successors, Drops: f.drops, Many: f.many, Late: f.late}
	o := &explore.Options{Liveness: f.liveness, Depth: f.depth, Workers: f.workers}
	var err error
	m.Start, err = f.members()
	note(err)
	m.Rules, err = scenarios.ParseRules(f.protocol, f.successors, f.set)
	note(err)
	m.Checks = f.checks || m.Rules.Notify != chord.NotifyRectify
	m.Grain, err = explore.ParseGrain(f.grain)
	note(err)
	if f.guard == "" {
		f.guard = explore.GuardOn.String()
		if f.protocol == "zave2012" {
			f.guard = explore.GuardEntries.String()
		}
	}
	m.Guard, err = explore.ParseGuard(f.guard)
	note(err)
	switch f.detector {
	case "perfect", "timeout":
		m.Perfect = f.detector == "perfect"
	default:
		note(fmt.Errorf("there is no detector %q; there are perfect, timeout", f.detector))
	}
	o.Properties, err = f.wanted()
	note(err)
	switch o.Find = chord.Word(f.find); o.Find {
	case "", chord.WordLoopy, chord.WordSplit, chord.WordBroken:
	default:
		note(fmt.Errorf("--find %q: want loopy, split or broken", f.find))
	}
	o.Memory, err = parseMemory(f.memory)
	note(err)
	if f.find != "" && len(f.properties) > 0 {
		note(errors.New("--find looks for a ring instead of --properties; give one of them"))
	}
	for _, s := range f.set {
		if rule := ruleOf(s); slices.Contains(unexplored, rule) {
			others := slices.DeleteFunc(slices.Clone(unexplored), func(r string) bool { return r == rule })
			note(fmt.Errorf("--set %s: %s is not in the model; neither are %s", s, rule, strings.Join(others, ", ")))
		}
	}
	if n := len(m.Start); f.protocol == "corrected" && 0 < n && n <= f.successors && len(f.properties) == 0 && f.find == "" {
		note(fmt.Errorf("--start has %s, and SufficientPrincipals needs successors + 1 = %d; name more, or the --properties that have to hold",
			plural(n, "member"), f.successors+1))
	}
	note(f.checkAblate())
	if f.depth < 0 {
		note(fmt.Errorf("--depth is %d: want 0 (any number of events) or more", f.depth))
	}
	if f.workers < 1 || f.workers > mostWorkers {
		note(fmt.Errorf("--workers is %d: want 1 to %d", f.workers, mostWorkers))
	}
	if len(bad) == 0 {
		note(m.Validate())
	}
	return m, o, errors.Join(bad...)
}

// members are those to start with.
func (f *exploreFlags) members() ([]int, error) {
	var ids []int
	for _, word := range f.start {
		id, err := strconv.Atoi(strings.TrimSpace(word))
		if err != nil {
			return nil, fmt.Errorf("--start: %q is no identifier; write numbers from 0 on, as 0,1,2", word)
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// wanted are the properties that have to hold.
func (f *exploreFlags) wanted() (set chord.Properties, err error) {
	for _, name := range f.properties {
		p, ok := chord.ParseProperty(name)
		if !ok {
			var names []string
			for p := range chord.Property(chord.NumProperties) {
				names = append(names, p.String())
			}
			return 0, fmt.Errorf("there is no property %q; there are %s", name, strings.Join(names, ", "))
		}
		set = set.With(p)
	}
	if len(f.properties) > 0 {
		return set, nil
	}
	for p := range chord.Property(chord.NumProperties) {
		if !p.Repairable() || f.protocol == "corrected" && p == chord.SufficientPrincipals {
			set = set.With(p)
		}
	}
	return set, nil
}

// mostWorkers is more than any machine has use for.
const mostWorkers = 1024

// parseMemory reads 500MB or 2GB.
func parseMemory(text string) (int64, error) {
	for _, unit := range []struct {
		suffix string
		bytes  int64
	}{{"MB", 1e6}, {"GB", 1e9}} {
		digits, ok := strings.CutSuffix(text, unit.suffix)
		if n, err := strconv.ParseInt(strings.TrimSpace(digits), 10, 32); ok && err == nil && n > 0 {
			return n * unit.bytes, nil
		}
	}
	return 0, fmt.Errorf("--memory %q: write a whole number of MB or GB, as 500MB or 2GB", text)
}

func (a *app) explore(ctx context.Context, m *explore.Model, o *explore.Options, f *exploreFlags) error {
	pace := a.explorePace("")
	with := *o
	with.Progress = pace.update
	keep, err := a.keeper(f.checkpoint, &with)
	if err != nil {
		return err
	}
	var folder *scenarios.Folder
	if f.out != "" {
		if folder, err = scenarios.OpenFolder(f.out); err != nil {
			return err
		}
		defer folder.Abandon() // does nothing to one that has files
	}
	r, err := explore.Search(ctx, m, with)
	pace.close()
	if err != nil {
		return keep.refused(err)
	}
	// The files first: who reads what is printed may stop reading. What was found is
	// printed even if it cannot be written.
	var unwritten error
	if r.Violation != nil && folder != nil {
		unwritten = writeFound(folder, m, f, r.Violation)
	}
	if err := a.printSearch(m, o, f, r, pace.rate(r.States), unwritten == nil); err != nil {
		return err
	}
	if r.Violation == nil && folder != nil && folder.Has(foundFiles[0]) {
		fmt.Fprintf(a.stdout, "nothing was written to %s: what is there is of an earlier search\n", f.out)
	}
	if with.Resume != nil {
		fmt.Fprintf(a.stdout, "resumed from %s: %d states, depth %d\n", f.checkpoint, pace.first.States, pace.first.Depth)
	}
	if err := errors.Join(unwritten, keep.end(r)); err != nil {
		return err
	}
	if r.Violation != nil {
		return errViolated
	}
	return keep.cutShort(r)
}
