package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"chordsim/chord"
	"chordsim/fuzz"
	"chordsim/scenarios"

	"github.com/olekukonko/tablewriter/tw"
	"github.com/spf13/cobra"
)

// fuzzFlags are the flags of fuzz, as given.
type fuzzFlags struct {
	protocol    string
	lasts       time.Duration
	runs        uint64
	seed        uint64
	jobs        int
	out, corpus string
	quiet       bool
}

func (a *app) fuzzCommand() *cobra.Command {
	var f fuzzFlags
	c := &cobra.Command{
		Use:   "fuzz",
		Short: "Search for scenarios that break a ring, and make them small",
		Long: `fuzz draws scenarios from a seed: members that come, go and crash, faults of
links, hosts and clocks. Each has a while of faults, then all is healed, and the
ring has to become ideal within a bound. Runs are counted by their preset and by
what they assume: the proof of corrected, a perfect detector, timeouts, with losses
or partitions. The smallest violation of each class in each row is made smaller and
written to --out, as a scenario for chordsim run.

Exit status: 1 if anything was violated that is promised: by a run under corrected
with a perfect detector and guarded departures; or if chordsim itself panicked, or if
a scenario of the corpus comes to something else than it did. What the other presets
and detectors do is counted.`,
		Example: `  chordsim fuzz --for 10m
  chordsim fuzz --protocol ton2003 --runs 1000 --seed 7`,
		Args: takes(0, 0, ""),
		RunE: func(c *cobra.Command, _ []string) error { return a.fuzz(c.Context(), c, &f) },
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.StringVar(&f.protocol, "protocol", "", "a preset: "+strings.Join(fuzz.Protocols, ", ")+" (default any of them)")
	flags.DurationVar(&f.lasts, "for", time.Minute, "how long to draw, by the clock of the host")
	flags.Uint64Var(&f.runs, "runs", 0, "so many runs, instead of a time: the outcome is a function of the seed alone")
	flags.Uint64Var(&f.seed, "seed", 1, "the seed of the search")
	flags.IntVar(&f.jobs, "jobs", 0, "runs side by side (0: as many as cores)")
	flags.StringVar(&f.out, "out", filepath.Join("results", "fuzz"), "folder for what was found")
	flags.StringVar(&f.corpus, "corpus", "", "folder of findings: those in it are run again first, new ones are added")
	flags.BoolVarP(&f.quiet, "quiet", "q", false, "show no progress")
	return c
}

func (a *app) fuzz(ctx context.Context, c *cobra.Command, f *fuzzFlags) error {
	switch {
	case f.protocol != "" && !slices.Contains(fuzz.Protocols, f.protocol):
		message := fmt.Sprintf("--protocol %s: there are %s", f.protocol, strings.Join(fuzz.Protocols, ", "))
		if _, _, known := chord.Preset(f.protocol, 2); known {
			message = fmt.Sprintf("--protocol %s is a model without lookups, for chordsim explore; there are %s",
				f.protocol, strings.Join(fuzz.Protocols, ", "))
		} else if near := scenarios.Nearest(f.protocol, fuzz.Protocols); near != "" {
			message = fmt.Sprintf("--protocol %s: did you mean %s?", f.protocol, near)
		}
		return usagef("%s", message)
	case f.jobs < 0:
		return usagef("--jobs %d is negative; 0 is as many as cores", f.jobs)
	case c.Flags().Changed("runs") && c.Flags().Changed("for"):
		return usagef("--runs and --for both say when to stop; give one of them")
	case c.Flags().Changed("runs") && f.runs == 0:
		return usagef("--runs must be above 0")
	case f.lasts <= 0:
		return usagef("--for must be above 0s")
	}
	folders, err := f.folders()
	for _, folder := range folders {
		defer folder.Abandon() // does nothing to one that has files
	}
	if err != nil {
		return err
	}
	o := fuzz.Options{Protocol: f.protocol, Seed: f.seed, Runs: f.runs, Jobs: f.jobs, Limit: fuzz.DefaultLimit}
	if o.Jobs == 0 {
		o.Jobs = runtime.GOMAXPROCS(0)
	}
	changed, err := a.replayCorpus(ctx, f.corpus)
	if err != nil {
		return err
	}
	if o.Runs == 0 {
		var over atomic.Bool
		timer := time.AfterFunc(f.lasts, func() { over.Store(true) })
		defer timer.Stop()
		o.Enough = over.Load
	}
	if a.terminal() && !f.quiet {
		o.Progress = a.fuzzProgress
		defer fmt.Fprint(a.stderr, "\r\x1b[K")
	}
	r, err := fuzz.Search(ctx, o)
	if r.Runs == 0 && err != nil && !changed {
		return errors.Join(err, errNothingFinished)
	}
	if err := a.printFuzz(r, f, err == nil); err != nil {
		return err
	}
	switch {
	case r.Broken() || changed: // which an interrupt does not hide
		return errMissed
	case err != nil:
		return err
	}
	return nil
}

// folders are those for findings, which are opened before anything is searched. Beside
// an error come those that were opened before.
func (f *fuzzFlags) folders() ([]*scenarios.Folder, error) {
	var out []*scenarios.Folder
	for _, of := range []struct{ path, flag string }{{f.out, "--out"}, {f.corpus, "--corpus"}} {
		if of.path == "" {
			continue
		}
		folder, err := scenarios.OpenFolder(of.path)
		if err != nil {
			var output *scenarios.OutputError
			if errors.As(err, &output) {
				output.Flag = of.flag
			}
			return out, err
		}
		out = append(out, folder)
	}
	return out, nil
}

// fuzzProgress shows where a search stands, in one line.
func (a *app) fuzzProgress(p fuzz.Progress) {
	line := fmt.Sprintf("%d runs", p.Runs)
	if p.Of > 0 {
		line += fmt.Sprintf(" of %d", p.Of)
	}
	line += fmt.Sprintf(", %s", plural(p.Violations, "violation"))
	if p.Shrinking > 0 {
		line += fmt.Sprintf(", %d to be made small", p.Shrinking)
	}
	fmt.Fprintf(a.stderr, "\r\x1b[K%s", line)
}

// replayCorpus runs the scenarios of a corpus again, and reports whether any comes
// to something else than it did.
func (a *app) replayCorpus(ctx context.Context, folder string) (changed bool, err error) {
	if folder == "" {
		return false, nil
	}
	kept, err := fuzz.ReadCorpus(folder)
	if err != nil {
		return false, err
	}
	for _, k := range kept {
		v, err := k.Replay(ctx)
		if err != nil {
			return changed, err
		}
		if !k.Is(v) {
			changed = true
			fmt.Fprintf(a.stdout, "%s comes to %s, digest %s; it was %s, digest %s: if that is meant, say so in its first line\n",
				k.File, classOf(v.Class), cmp.Or(v.Digest, "none"), classOf(k.Class), k.Digest)
		}
	}
	if len(kept) == 0 {
		fmt.Fprintf(a.stdout, "%s: no scenario yet; what is found begins it\n", folder)
	} else if !changed {
		fmt.Fprintf(a.stdout, "%s: %s, each as it was\n", folder, plural(len(kept), "scenario"))
	}
	return changed, nil
}

func classOf(c fuzz.Class) string {
	if c == fuzz.Nothing {
		return "nothing"
	}
	return string(c)
}

// fuzzNote says what the columns of the first table mean.
const fuzzNote = `violated: on the way, a property that maintenance cannot restore; healed: of those, ideal within the bound all the same
split, loopy, broken: how the ring ended, not repairable; stuck: repairable, one ordered ring, but not ideal within the bound
empty: nobody was left; unsafe: the invariant of the proof was violated on the way; lost, unreadable, wrong: stored keys
`

// printFuzz writes the tables of a search, and keeps what it found. small: it was not
// interrupted before that was made small.
func (a *app) printFuzz(r *fuzz.Report, f *fuzzFlags, small bool) error {
	found, unwritten := keepFindings(r, f, small) // first: who reads what is printed may stop reading
	fmt.Fprintf(a.stdout, "%s\n\n", plural(int(r.Runs), "run"))
	header := []string{
		"protocol", "assumes", "runs", "violated", "healed", "split", "loopy", "broken", "stuck", "empty", "unsafe", "lost", "unreadable", "wrong", "panic",
	}
	var rows [][]string
	for i := range r.Rows {
		row := &r.Rows[i]
		cells := []string{row.Protocol, string(row.Assumes)}
		for _, column := range header[len(cells):] {
			cells = append(cells, count(int64(fuzzCount(row, column))))
		}
		rows = append(rows, cells)
	}
	if err := layOut(a.stdout, formatTable, header, rightAfter(2, len(header)), rows); err != nil {
		return err
	}
	fmt.Fprint(a.stdout, "\n", fuzzNote)
	for _, t := range []struct {
		title string
		met   []fuzz.Met
	}{{"Met on the way", r.Tally.Marked()}, {"Counted on the way", r.Tally.Counted}} {
		rows = nil
		for _, m := range t.met {
			rows = append(rows, []string{m.What, fmt.Sprint(m.Count)})
		}
		if len(rows) == 0 {
			continue
		}
		fmt.Fprintf(a.stdout, "\n%s\n", t.title)
		if err := layOut(a.stdout, formatTable, []string{"what", "times"}, rightAfter(1, 2), rows); err != nil {
			return err
		}
	}
	heading := "Made small"
	if !small {
		heading = "Found, and not all made small yet"
	}
	if len(found) > 0 {
		fmt.Fprintf(a.stdout, "\n%s\n%s\n", heading, strings.Join(found, "\n"))
	}
	return unwritten
}

// fuzzCount returns how many runs of a row belong into a column: those of a class,
// or those of the word at its top.
func fuzzCount(row *fuzz.Row, column string) int {
	switch column {
	case "runs":
		return row.Runs
	case "violated":
		return row.Violated
	case "healed":
		return row.Healed
	case "empty":
		return row.Empty
	}
	return row.Count[fuzz.Class(column)]
}

// rightAfter aligns all but the first of n columns to the right.
func rightAfter(first, n int) tw.Alignment {
	align := tw.MakeAlign(n, tw.AlignRight)
	for i := range first {
		align[i] = tw.AlignLeft
	}
	return align
}

// keepFindings writes what was found, and says of each by what command it is run
// again. Into a corpus comes only what was made small.
func keepFindings(r *fuzz.Report, f *fuzzFlags, small bool) (lines []string, err error) {
	for i := range r.Findings {
		found := &r.Findings[i]
		file, err := found.Keep(f.out)
		if err != nil {
			return lines, err
		}
		if f.corpus != "" && small {
			if _, err := found.Keep(f.corpus); err != nil {
				return lines, err
			}
		}
		nodes, steps := found.Size()
		lines = append(lines, fmt.Sprintf("%s, %s, %s: %s",
			found.Title(), plural(nodes, "node"), plural(steps, "step"), commandLine("chordsim", "run", file)))
	}
	return lines, nil
}
