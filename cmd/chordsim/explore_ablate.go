package main

import (
	"cmp"
	"context"
	"errors"
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
var unexplored = []string{"rejoin", "leave", "first_round", "finger_order", "timed_out_entry", "refresh_tells"}

// checkAblate returns what --ablate does not go together with.
func (f *exploreFlags) checkAblate() error {
	switch {
	case !f.ablate:
	case f.protocol != "corrected":
		return fmt.Errorf("--ablate is about the rules of corrected, not of %s", f.protocol)
	case f.find != "":
		return errors.New("--ablate says of each rule what follows without it, whatever that is; leave out --find")
	case f.out != "":
		return errors.New("--ablate prints a table and writes no files; leave out --out, or explore one rule with --set and --out")
	case f.checkpoint != "":
		return errors.New("--ablate is many searches and a checkpoint is of one; leave out --checkpoint")
	}
	return nil
}

// ablation is a search with each rule switched off.
type ablation struct {
	a        *app
	m        *explore.Model
	o        *explore.Options
	f        *exploreFlags
	rows     [][]string
	searches int
	short    int   // of them, by --memory
	tooMany  int   // of them, by the number of states
	most     int64 // states of one
}

// unpaired is tried alone: with it the timers of all rounds are events of their
// own, and each search has millions of states.
const unpaired = "refresh=entry"

// ablate searches once with each rule switched off, and then once with every two
// whose absence had no consequence: one may stand in for the other.
func (a *app) ablate(ctx context.Context, m *explore.Model, o *explore.Options, f *exploreFlags) error {
	f.checks, f.liveness = true, true // whatever was said: check_predecessor is one of the rules, and liveness what they are for
	b := &ablation{a: a, m: m, o: o, f: f}
	stopped := b.all(ctx)
	if stopped != nil && !errors.Is(stopped, context.Canceled) {
		return stopped
	}
	if b.searches == 0 {
		return &incompleteError{"interrupted before a search was finished"}
	}
	if err := b.print(); err != nil {
		return err
	}
	switch {
	case stopped != nil:
		return &incompleteError{fmt.Sprintf("interrupted in search %d; the table has those before", b.searches+1)}
	case b.short > 0:
		return &incompleteError{fmt.Sprintf("%d of %d searches were cut short by --memory; allow more, or explore fewer --ids", b.short, b.searches)}
	case b.tooMany > 0:
		return &incompleteError{fmt.Sprintf("%d of %d searches were cut short, there are too many states; explore fewer --ids", b.tooMany, b.searches)}
	}
	return nil
}

// all searches, until the context ends.
func (b *ablation) all(ctx context.Context) error {
	if _, err := b.without(ctx); err != nil {
		return err
	}
	var harmless []string
	for _, off := range ablations {
		ok, err := b.without(ctx, off)
		if err != nil {
			return err
		}
		if ok && off != unpaired {
			harmless = append(harmless, off)
		}
	}
	for i, one := range harmless {
		for _, other := range harmless[i+1:] {
			if ruleOf(other) == ruleOf(one) {
				continue
			}
			if _, err := b.without(ctx, one, other); err != nil {
				return err
			}
		}
	}
	return nil
}

// ruleOf is the rule of a setting.
func ruleOf(setting string) string {
	rule, _, _ := strings.Cut(setting, "=")
	return rule
}

// without searches with some rules switched off, whatever --set says of them, and
// the others as they are. It reports whether nothing was found.
func (b *ablation) without(ctx context.Context, off ...string) (harmless bool, err error) {
	one, with := *b.m, *b.o
	with.Liveness = true
	set := slices.DeleteFunc(slices.Clone(b.f.set), func(s string) bool {
		return slices.ContainsFunc(off, func(o string) bool { return ruleOf(o) == ruleOf(s) })
	})
	if one.Rules, err = scenarios.ParseRules(b.f.protocol, b.f.successors, append(set, off...)); err != nil {
		return false, &usageError{err: err}
	}
	one.Checks = true // clear_predecessor is on, too
	all := "all rules on"
	if len(b.f.set) > 0 {
		all = "as set"
	}
	name := cmp.Or(strings.Join(off, " "), all)
	pace := b.a.explorePace(fmt.Sprintf("search %d, %s: ", b.searches+1, name))
	with.Progress = pace.update
	r, err := explore.Search(ctx, &one, with)
	if err != nil {
		pace.close()
		return false, &usageError{err: err}
	}
	if r.Cut == explore.Interrupted {
		pace.close()
		return false, context.Canceled
	}
	pace.finish(fmt.Sprintf("%s, %s", plural(int(r.States), "state"), whatFollows(r)))
	b.searches++
	b.most = max(b.most, r.States)
	switch r.Cut {
	case explore.CutByMemory:
		b.short++
	case explore.CutByCount:
		b.tooMany++
	}
	harmless = r.Violation == nil
	if len(off) < 2 || !harmless || !r.Exhaustive {
		b.rows = append(b.rows, []string{
			name, count(r.States), strconv.Itoa(r.Depth), yesNo(r.Exhaustive), mayCrash(r), whatFollows(r),
		})
	}
	return harmless, nil
}

// print writes the table.
func (b *ablation) print() error {
	out := b.a.stdout
	fmt.Fprintf(out, "What each rule is worth: %d ids, lists of %d, grain %v, detector %s, guard %v%s\n",
		b.m.IDs, b.m.Successors, b.m.Grain, b.f.detector, b.m.Guard, b.f.others())
	header := []string{"rule", "states", "depth", "exhaustive", "may_crash", "what follows"}
	if err := layOut(out, formatTable, header, nil, b.rows); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "%s in the largest search\n"+
		"may_crash: of the members of all states, those whom the guard lets crash\n"+
		"of two rules off, only those are listed of which something follows, or not finished; %s is tried alone;\n"+
		"not in the model: %s\n", collisions(b.most), unpaired, strings.Join(unexplored, ", "))
	return err
}

// mayCrash is the share of members that a guard lets crash.
func mayCrash(r *explore.Result) string {
	if r.Members == 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f%%", 100*float64(r.Crashes)/float64(r.Members))
}
