package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"chordsim/scenarios"

	"github.com/spf13/cobra"
)

// runFlags are the flags of run, as given.
type runFlags struct {
	set                   []string
	seed                  uint64
	repeat                int
	only                  string
	jobs, shards, workers int
	out                   string
	format                string
	junit                 string
	trace                 string
	nodes                 []string
	from, to              time.Duration
	watch                 bool
	every                 time.Duration
	pace                  float64
	noPlots, quiet        bool
}

func (a *app) runCommand() *cobra.Command {
	var f runFlags
	c := &cobra.Command{
		Use:   "run FILE|NAME...",
		Short: "Run scenarios; tables to standard output, files under --out",
		Example: `  chordsim run scenarios/mass-failure.yaml
  chordsim run mass-failure --set p=0.3 --repeat 20
  chordsim run mass-failure-sweep --only p=0.3,seed=44`,
		Args:              takes(1, -1, "a scenario file or a name of the library"),
		ValidArgsFunction: a.completeScenario,
		RunE: func(c *cobra.Command, args []string) error {
			o := scenarios.Overrides{Set: f.set}
			if c.Flags().Changed("seed") {
				o.Seed = &f.seed
			}
			if c.Flags().Changed("repeat") {
				o.Repeat = &f.repeat
			}
			if err := cmp.Or(f.check(), f.checkWatch(c.Flags().Changed)); err != nil {
				return err
			}
			return a.runAll(c.Context(), args, o, &f)
		},
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.StringArrayVar(&f.set, "set", nil, "set a param or a path of the scenario: p=0.3, ring.successors=8 (repeatable)")
	flags.Uint64Var(&f.seed, "seed", 0, "first seed instead of the scenario's")
	flags.IntVar(&f.repeat, "repeat", 0, "runs for each row, with seeds counting up, instead of the scenario's")
	flags.StringVar(&f.only, "only", "", "run only some rows and seeds again: p=0.3,seed=44")
	flags.IntVar(&f.jobs, "jobs", 0, "runs side by side (0: as cores and memory allow)")
	flags.IntVar(&f.shards, "shards", 0, "shards inside one run (0: chosen by its size)")
	flags.IntVar(&f.workers, "workers", 0, "workers inside one run (0: one)")
	flags.StringVar(&f.out, "out", "", "folder for the files (default results/NAME)")
	flags.StringVar(&f.format, "format", formatTable, "of standard output: table, markdown, json or csv")
	flags.StringVar(&f.junit, "junit", "", "write the expectations to a file in JUnit's XML")
	flags.StringVar(&f.trace, "trace", "", "write deliveries to a file as JSON lines")
	flags.StringSliceVar(&f.nodes, "nodes", nil, "addresses of the nodes to trace: 1,17 (default all)")
	flags.DurationVar(&f.from, "from", 0, "virtual time the trace begins at")
	flags.DurationVar(&f.to, "to", 0, "virtual time the trace ends at (0: the end)")
	flags.BoolVar(&f.watch, "watch", false, "show the nodes of a run while it goes on")
	flags.DurationVar(&f.every, "every", watchEvery, "virtual time from one look of --watch to the next")
	flags.Float64Var(&f.pace, "pace", 0, "virtual seconds a second under --watch (0: as fast as it goes)")
	flags.BoolVar(&f.noPlots, "no-plots", false, "draw no charts")
	flags.BoolVar(&f.quiet, "quiet", false, "print nothing but expectations that do not hold")
	c.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(formats, cobra.ShellCompDirectiveNoFileComp)) // cannot fail: the flag is there
	return c
}

// check finds what is wrong with the flags before anything is read.
func (f *runFlags) check() error {
	for _, n := range []struct {
		flag  string
		value int
	}{{"--jobs", f.jobs}, {"--shards", f.shards}, {"--workers", f.workers}} {
		if n.value < 0 {
			return usagef("%s %d is negative; 0 leaves the choice to chordsim", n.flag, n.value)
		}
	}
	if !slices.Contains(formats, f.format) {
		return usagef("unknown format %q; choose one of %s", f.format, strings.Join(formats, ", "))
	}
	if f.trace == "" && (len(f.nodes) > 0 || f.from != 0 || f.to != 0) {
		return usagef("--nodes, --from and --to choose what is traced; name the file with --trace")
	}
	if f.from < 0 || f.to < 0 || (f.to > 0 && f.to <= f.from) {
		return usagef("a trace from %v to %v holds nothing", f.from, f.to)
	}
	_, err := f.addresses()
	return err
}

// addresses returns the nodes to trace.
func (f *runFlags) addresses() ([]uint32, error) {
	var out []uint32
	for _, text := range f.nodes {
		address, err := strconv.ParseUint(strings.TrimSpace(text), 10, 32)
		if err != nil || address == 0 {
			return nil, usagef("--nodes: %q is no address of a node; they are numbered from 1", text)
		}
		out = append(out, uint32(address))
	}
	return out, nil
}

// job is a checked scenario with the place for its files.
type job struct {
	*plan
	count  int // runs to be done
	folder *scenarios.Folder
	repeat string // the command that repeats it
}

// runAll reads every scenario and opens every folder and file before the first
// run starts, so that what can be known to fail fails at once.
func (a *app) runAll(ctx context.Context, names []string, o scenarios.Overrides, f *runFlags) error {
	plans, err := a.parseAll(names, o)
	if err != nil {
		return err
	}
	jobs := make([]job, len(plans))
	total := 0
	for i, p := range plans {
		runs, err := p.runs(f.only)
		if err != nil {
			return err
		}
		if p.check != nil {
			if err := p.check(scenarios.RunOptions{Jobs: f.jobs, Shards: f.shards, Workers: f.workers, Only: f.only}); err != nil {
				return err
			}
		}
		jobs[i] = job{plan: p, count: runs, repeat: repeatCommand(names[i], o)}
		total += runs
	}
	if f.trace != "" && total != 1 {
		return usagef("a trace is of one run, and these are %d; choose one with --only", total)
	}
	if f.watch && total != 1 {
		return usagef("a watch is of one run, and these are %d; choose one with --only", total)
	}
	for _, file := range []struct{ path, flag string }{{f.junit, "--junit"}, {f.trace, "--trace"}} {
		if file.path != "" {
			if err := scenarios.CheckFile(file.path, file.flag); err != nil {
				return err
			}
		}
	}
	for i, p := range plans {
		folder, err := scenarios.OpenFolder(outFolder(f.out, p.name, len(plans) > 1))
		if err != nil {
			return err
		}
		jobs[i].folder = folder
	}
	var results []*scenarios.Result
	var failed []error
	for _, j := range jobs {
		result, err := a.runOne(ctx, j, f)
		if result != nil {
			results = append(results, result)
		}
		if err != nil {
			failed = append(failed, err)
		}
		if s := statusOf(err); s == exitInterrupted || s == exitBroken {
			break
		}
	}
	if f.junit != "" {
		err := scenarios.WriteFile(f.junit, func(w io.Writer) error { return scenarios.WriteJUnit(w, results) })
		failed = append(failed, err)
	}
	return errors.Join(failed...)
}

// outFolder returns where the files of one scenario go.
func outFolder(out, name string, several bool) string {
	switch {
	case out == "":
		return filepath.Join("results", filepath.FromSlash(name))
	case several:
		return filepath.Join(out, filepath.FromSlash(name))
	}
	return out
}

// repeatCommand returns the command line that runs one scenario again.
func repeatCommand(name string, o scenarios.Overrides) string {
	args := []string{"chordsim", "run", name}
	for _, set := range o.Set {
		args = append(args, "--set", set)
	}
	if o.Seed != nil {
		args = append(args, "--seed", strconv.FormatUint(*o.Seed, 10))
	}
	if o.Repeat != nil {
		args = append(args, "--repeat", strconv.Itoa(*o.Repeat))
	}
	return commandLine(args...)
}

// runOne runs one scenario, prints it and writes its files; also what there is
// of an interrupted one.
func (a *app) runOne(ctx context.Context, j job, f *runFlags) (*scenarios.Result, error) {
	a.repeat = j.repeat
	addresses, err := f.addresses()
	if err != nil {
		return nil, err
	}
	options := scenarios.RunOptions{Jobs: f.jobs, Shards: f.shards, Workers: f.workers, Only: f.only}
	bar := a.progress(j.count, f.quiet || f.watch)
	options.Progress = bar.update
	run := func() (_ *scenarios.Result, err error) {
		if !f.watch {
			return j.run(ctx, options)
		}
		ctx, w := a.newWatch(ctx, f)
		defer func() { err = errors.Join(err, w.close()) }()
		options.Watch = w.options(f.every)
		return j.run(ctx, options)
	}
	var result *scenarios.Result
	var failure error
	if f.trace == "" {
		result, failure = run()
	} else {
		err := scenarios.WriteFile(f.trace, func(w io.Writer) error {
			options.Trace = &scenarios.TraceOptions{To: w, Nodes: addresses, From: f.from, Until: f.to}
			result, failure = run()
			return nil // the trace of a failed run is worth having
		})
		failure = errors.Join(failure, err)
	}
	bar.close()
	if result == nil {
		j.folder.Abandon()
		return nil, failure
	}
	if result.Host != nil && result.Host.Note != "" && !f.quiet {
		fmt.Fprintf(a.stderr, "chordsim: note: %s\n", result.Host.Note)
	}
	if result.Interrupted && result.Finished() == 0 {
		j.folder.Abandon()
		return nil, errNothingFinished
	}
	if err := a.deliver(result, j, f); err != nil {
		return result, errors.Join(failure, err)
	}
	switch {
	case failure != nil:
	case result.Interrupted:
		failure = context.Canceled
	case len(result.Failures()) > 0:
		failure = errMissed
	}
	return result, failure
}

// deliver prints a result and writes its files.
func (a *app) deliver(r *scenarios.Result, j job, f *runFlags) error {
	if err := j.folder.WriteResult(r); err != nil {
		return err
	}
	var charts []string
	if !f.noPlots {
		var err error
		if charts, err = a.draw(r, j.folder, r.Charts); err != nil {
			return err
		}
	}
	if !f.quiet {
		if err := printResult(a.stdout, r, f.format); err != nil {
			return fmt.Errorf("cannot write to standard output: %w", err)
		}
	}
	if f.format == formatTable && !f.quiet {
		_, err := fmt.Fprintf(a.stdout, "\nWritten to %s: result.json, CSV files%s\n", j.folder.Path(""), chartList(charts))
		return err
	}
	// Standard output is for machines or for nobody: failures go to people.
	for _, e := range r.Failures() {
		fmt.Fprintln(a.stderr, failureLine(r, &e))
	}
	return nil
}

// chartList names the charts among what was written.
func chartList(files []string) string {
	var names []string
	for _, file := range files {
		if name, ok := strings.CutSuffix(file, ".svg"); ok {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return ""
	}
	return ", charts (SVG, PNG): " + strings.Join(names, ", ")
}

// completeScenario offers the names of the library to the shell beside files.
func (a *app) completeScenario(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var out []string
	for _, e := range a.engine.library() {
		out = append(out, e.name+"\t"+e.title)
	}
	return out, cobra.ShellCompDirectiveDefault
}
