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
	"join=successor", "join_stabilizes=off", "better_successor=adopt", "better_successor=adopt_alive", "chase=off",
	"dead_successor=keep", "dead_successor=next", "notify=closer", "clear_predecessor=off", "refresh=entry",
}

// unexplored are the other rules of corrected: what they are about does not
// happen in the model.
const unexplored = "rejoin, leave, first_round, finger_order, timed_out_entry, refresh_tells"

// ablate searches once with each rule switched off, and then once with every two
// whose absence had no consequence: one may stand in for the other.
func (a *app) ablate(ctx context.Context, m *explore.Model, o *explore.Options, f *exploreFlags) error {
	if f.protocol != "corrected" {
		return usagef("--ablate is about the rules of corrected, not of %s", f.protocol)
	}
	var rows [][]string
	without := func(off ...string) (harmless bool, err error) {
		r, err := a.searchWithout(ctx, m, o, f, off)
		if err != nil {
			return false, err
		}
		harmless = r.Violation == nil
		if len(off) < 2 || !harmless || !r.Exhaustive {
			name := strings.Join(off, " ")
			if len(off) == 0 {
				name = "all rules on"
			}
			rows = append(rows, []string{name, strconv.FormatInt(r.States, 10), strconv.Itoa(r.Depth), yesNo(r.Exhaustive), mayCrash(r), whatFollows(r)})
		}
		return harmless, nil
	}
	if _, err := without(); err != nil {
		return err
	}
	var harmless []string
	for _, off := range ablations {
		ok, err := without(off)
		if err != nil {
			return err
		}
		if ok {
			harmless = append(harmless, off)
		}
	}
	for i, one := range harmless {
		for _, other := range harmless[i+1:] {
			if rule, _, _ := strings.Cut(one, "="); strings.HasPrefix(other, rule+"=") {
				continue
			}
			if _, err := without(one, other); err != nil {
				return err
			}
		}
	}
	fmt.Fprintf(a.stdout, "What each rule is worth: %d ids, lists of %d, grain %v, detector %s, guard %v\n",
		m.IDs, m.Successors, m.Grain, f.detector, m.Guard)
	header := []string{"rule", "states", "depth", "exhaustive", "may_crash", "what follows"}
	if err := layOut(a.stdout, formatTable, header, nil, rows); err != nil {
		return err
	}
	_, err := fmt.Fprintf(a.stdout, "may_crash: of the members of all states, those whom the guard lets crash\n"+
		"of two rules off, only those are listed of which something follows, or that were not finished; not in the model: %s\n", unexplored)
	return err
}

// searchWithout searches with some rules switched off, all others on.
func (a *app) searchWithout(ctx context.Context, m *explore.Model, o *explore.Options, f *exploreFlags, off []string) (*explore.Result, error) {
	one, with := *m, *o
	with.Liveness = true
	var err error
	if one.Rules, err = scenarios.ParseRules(f.protocol, f.successors, append(slices.Clone(f.set), off...)); err != nil {
		return nil, &usageError{err: err}
	}
	one.Checks = true // clear_predecessor is on, too
	r, _, err := a.search(ctx, &one, &with)
	if err != nil {
		return nil, &usageError{err: err}
	}
	return r, ctx.Err()
}

// mayCrash is the share of members that a guard lets crash.
func mayCrash(r *explore.Result) string {
	if r.Members == 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f%%", 100*float64(r.Crashes)/float64(r.Members))
}
