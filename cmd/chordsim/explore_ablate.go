package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"chordsim/explore"
	"chordsim/scenarios"
)

// ablations are the rules of corrected that matter to a ring without fingers,
// each with what takes its place.
var ablations = []string{
	"join=successor", "join_stabilizes=off", "better_successor=adopt",
	"better_successor=adopt_alive", "chase=off", "dead_successor=keep",
	"notify=closer", "clear_predecessor=off",
}

// checkAblate returns what --ablate does not go together with.
func (f *exploreFlags) checkAblate() error {
	switch {
	case !f.ablate:
	case f.protocol != "corrected":
		return fmt.Errorf("--ablate is about the rules of corrected, not of %s", f.protocol)
	case f.out != "":
		return fmt.Errorf("--ablate prints a table and writes no files; leave out --out, or explore one rule with --set and --out")
	case f.checkpoint != "":
		return fmt.Errorf("--ablate is %d searches and a checkpoint is of one; leave out --checkpoint", len(ablations)+1)
	}
	return nil
}

// without is the settings with a rule switched off, whatever they say of it.
func without(set []string, off string) []string {
	if off == "" {
		return set
	}
	rule, _, _ := strings.Cut(off, "=")
	set = slices.DeleteFunc(slices.Clone(set), func(s string) bool { return strings.HasPrefix(s, rule+"=") })
	return append(set, off)
}

// ablate searches once with each rule switched off.
func (a *app) ablate(ctx context.Context, m *explore.Model, o *explore.Options, f *exploreFlags) error {
	var rows [][]string
	var most, short int
	with := *o
	with.Liveness = true
	all := append([]string{""}, ablations...)
	for i, off := range all {
		one := *m
		var err error
		if one.Rules, err = scenarios.ParseRules(f.protocol, f.successors, without(f.set, off)); err != nil {
			return &usageError{err: err}
		}
		one.Checks = true // all other rules are on, clear_predecessor too
		name := off
		if off == "" {
			name = "all rules on"
		}
		pace := a.explorePace(fmt.Sprintf("%d of %d, %s: ", i+1, len(all), name))
		with.Progress = pace.update
		r, err := explore.Search(ctx, &one, with)
		if err != nil {
			return &usageError{err: err}
		}
		if r.Cut == explore.Interrupted {
			pace.close()
			break
		}
		pace.finish(fmt.Sprintf("%s, %s", plural(int(r.States), "state"), whatFollows(r)))
		most = max(most, int(r.States))
		if r.Cut == explore.CutByMemory || r.Cut == explore.CutByCount {
			short++
		}
		rows = append(rows, []string{name, strconv.FormatInt(r.States, 10), strconv.Itoa(r.Depth), yesNo(r.Exhaustive), whatFollows(r)})
	}
	if len(rows) == 0 {
		return &incompleteError{"interrupted before a search was finished"}
	}
	fmt.Fprintf(a.stdout, "What each rule is worth: %d ids, lists of %d, grain %v, detector %s, guard %v\n",
		m.IDs, m.Successors, m.Grain, f.detector, m.Guard)
	if err := layOut(a.stdout, formatTable, []string{"rule", "states", "depth", "exhaustive", "what follows"}, nil, rows); err != nil {
		return err
	}
	fmt.Fprintf(a.stdout, "%s in the largest search\n", collisions(int64(most)))
	switch {
	case len(rows) < len(all):
		return &incompleteError{fmt.Sprintf("interrupted after %d of %d searches", len(rows), len(all))}
	case short > 0:
		return &incompleteError{fmt.Sprintf("%d of %d searches were cut short by --memory; allow more, or explore fewer --ids", short, len(all))}
	}
	return nil
}
