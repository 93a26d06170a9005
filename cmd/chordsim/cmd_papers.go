package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"chordsim/plots"
	"chordsim/scenarios"

	"github.com/olekukonko/tablewriter/tw"
	"github.com/spf13/cobra"
)

// papersFolder is the folder of the library with the experiments of the papers.
const papersFolder = "papers/"

// quickRuns is how many runs a row has under --quick, unless its scenario says by
// at_least that fewer do not tell the spread; one is enough where nothing is judged.
const quickRuns = 3

// papersFlags are the flags of papers, as given.
type papersFlags struct {
	quick     bool
	jobs      int
	set       []string
	out, docs string
	fresh     bool
	command   string // that says the same again, but for where files go
}

func (a *app) papersCommand() *cobra.Command {
	var f papersFlags
	c := &cobra.Command{
		Use:   "papers [NAME|FILE...]",
		Short: "Repeat the experiments of the Chord papers and compare",
		Long: `papers repeats the experiments of the Chord papers, all of them or those named,
and holds what it measures against what was published. Finished runs are kept
under --out: an interrupted command goes on where it was.`,
		Example: `  chordsim papers --quick
  chordsim papers figure-8a table-2
  chordsim papers --docs docs`,
		ValidArgsFunction: a.completePaper,
		RunE: func(c *cobra.Command, args []string) error {
			if f.jobs < 0 {
				return usagef("--jobs %d is negative; 0 leaves the choice to chordsim", f.jobs)
			}
			if f.docs == "" && c.Flags().Changed("docs") {
				return usagef("--docs names no folder; write --docs docs, or leave it out")
			}
			f.command = f.again(args)
			return a.papers(c.Context(), args, &f)
		},
	}
	flags := c.Flags()
	flags.SortFlags = false
	flags.BoolVar(&f.quick, "quick", false, fmt.Sprintf("%d runs a row, or at_least as the scenario says; without what is not judged; full size", quickRuns))
	flags.StringArrayVar(&f.set, "set", nil, "set a param or a path of every experiment: nodes=1000 (repeatable)")
	flags.IntVar(&f.jobs, "jobs", 0, "runs side by side (0: as cores and memory allow)")
	flags.StringVar(&f.out, "out", filepath.Join("results", "papers"), "folder for charts, tables and finished runs")
	flags.StringVar(&f.docs, "docs", "", "write the page and its charts to this folder, too")
	flags.BoolVar(&f.fresh, "fresh", false, "forget the runs that are kept")
	return c
}

// again returns the command that writes the same page.
func (f *papersFlags) again(args []string) string {
	words := append([]string{"chordsim", "papers"}, args...)
	if f.quick {
		words = append(words, "--quick")
	}
	for _, set := range f.set {
		words = append(words, "--set", set)
	}
	return commandLine(words...)
}

// paper is one experiment and what it came to.
type paper struct {
	name     string // without the folder: figure-8a
	scenario *scenarios.Scenario
	scenarios.Compared
	charts []string // stems of the files
}

// papers compares one experiment after another, and writes as it goes.
func (a *app) papers(ctx context.Context, names []string, f *papersFlags) error {
	all := len(names) == 0
	if all {
		names = a.paperNames()
	}
	for i, name := range names {
		if names[i] = a.paperCalled(name); names[i] == "" {
			return a.noPaper(name)
		}
	}
	plans, err := a.parseAll(names, scenarios.Overrides{Set: f.set})
	if err != nil {
		return err
	}
	if f.quick {
		if plans, err = a.quick(names, plans, f.set, all); err != nil {
			return err
		}
	}
	for _, p := range plans {
		if err := p.scenario.Comparable(); err != nil {
			return err
		}
	}
	folder, err := scenarios.OpenFolder(f.out)
	if err != nil {
		return err
	}
	if f.docs != "" {
		if _, err := scenarios.OpenFolder(f.docs); err != nil {
			return atDocs(err)
		}
	}
	program, err := programSum()
	if err != nil {
		return err
	}
	var done []paper
	var failure error
	for _, p := range plans {
		work := paper{name: strings.TrimPrefix(p.name, papersFolder), scenario: p.scenario}
		a.repeat = f.command
		if work.Compared, err = a.comparePaper(ctx, p, program, f); err != nil {
			failure = err
			break
		}
		if work.charts, err = a.drawPaper(&work, folder, plots.SVG, plots.PNG); err != nil {
			return err
		}
		if err := printPaper(a.stdout, formatTable, &work); err != nil {
			return err
		}
		done = append(done, work)
	}
	if failure != nil {
		return failure // the page of what is kept is written when all is there
	}
	if err := a.writePapers(done, folder, f); err != nil {
		return err
	}
	if err := printPapers(a.stdout, formatTable, done); err != nil {
		return err
	}
	for _, p := range done {
		if p.count(scenarios.Differs)+p.count(scenarios.NotMeasured) > 0 || !p.weighed() {
			return errMissed
		}
	}
	return nil
}

// quick reads the scenarios again, with the runs of --quick. Of all experiments,
// those of which nothing is judged are left out.
func (a *app) quick(names []string, plans []*plan, set []string, all bool) ([]*plan, error) {
	var out []*plan
	for i, p := range plans {
		if all && !p.scenario.Judged() {
			continue
		}
		runs := min(max(quickRuns, p.scenario.AtLeast), p.scenario.Repeat)
		if !p.scenario.Judged() {
			runs = 1
		}
		few, err := a.parseAll(names[i:i+1], scenarios.Overrides{Set: set, Repeat: &runs})
		if err != nil {
			return nil, err
		}
		out = append(out, few...)
	}
	return out, nil
}

// comparePaper runs what is not kept of an experiment.
func (a *app) comparePaper(ctx context.Context, p *plan, program string, f *papersFlags) (_ scenarios.Compared, err error) {
	sc := p.scenario
	path := filepath.Join(f.out, "kept", filepath.FromSlash(strings.TrimPrefix(p.name, papersFolder)))
	if f.fresh {
		if err := scenarios.ForgetKept(path); err != nil {
			return scenarios.Compared{}, err
		}
	}
	kept, err := scenarios.OpenKept(path, program, sc)
	if err != nil {
		return scenarios.Compared{}, err
	}
	defer func() { err = errors.Join(err, kept.Close()) }()
	labels := func(row int) []scenarios.Param { return sc.Rows()[row].Labels }
	total, err := p.runs("")
	if err != nil {
		return scenarios.Compared{}, err
	}
	bar := a.progress(total, false)
	defer bar.close()
	o := scenarios.CompareOptions{
		RunOptions: scenarios.RunOptions{Jobs: f.jobs, Progress: bar.update},
		Known:      func(row int, seed uint64) []scenarios.Number { return kept.Find(labels(row), seed) },
		Found: func(row int, seed uint64, numbers []scenarios.Number) error {
			return kept.Add(labels(row), seed, numbers)
		},
	}
	return p.compare(ctx, o)
}

// programSum tells this program from every other one: what another version has
// measured is nothing to go on with.
func programSum() (string, error) {
	path, err := os.Executable()
	if err != nil {
		return "", err
	}
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return "", err
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// paperNames returns the experiments of the library.
func (a *app) paperNames() []string {
	var names []string
	for _, name := range a.libraryNames() {
		if strings.HasPrefix(name, papersFolder) {
			names = append(names, name)
		}
	}
	return names
}

// completePaper offers the experiments to the shell beside files.
func (a *app) completePaper(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
	var out []string
	for _, name := range a.paperNames() {
		out = append(out, strings.TrimPrefix(name, papersFolder))
	}
	return out, cobra.ShellCompDirectiveDefault
}

// paperCalled returns how an experiment is called in the library, any other scenario
// as it is named, and "" for what is neither there nor a file.
func (a *app) paperCalled(name string) string {
	if slices.Contains(a.paperNames(), papersFolder+name) {
		return papersFolder + name
	}
	if _, err := os.Stat(name); name != "-" && errors.Is(err, os.ErrNotExist) && !slices.Contains(a.libraryNames(), name) {
		return ""
	}
	return name
}

func (a *app) noPaper(name string) error {
	var known []string
	for _, paper := range a.paperNames() {
		known = append(known, strings.TrimPrefix(paper, papersFolder))
	}
	if near := closest(name, known); near != "" {
		return usagef("no file and no experiment is called %s; did you mean %s?", name, near)
	}
	return usagef("no file and no experiment is called %s; known are %s", name, strings.Join(known, ", "))
}

// count returns how many comparisons have a verdict.
func (p *paper) count(verdict string) int {
	n := 0
	for i := range p.Comparisons {
		if p.Comparisons[i].Verdict == verdict {
			n++
		}
	}
	return n
}

// atDocs says of an error of writing that it is about --docs.
func atDocs(err error) error {
	var out *scenarios.OutputError
	if errors.As(err, &out) {
		out.Flag = "--docs"
	}
	return err
}

// weighed reports whether every tradeoff has rows of which cost and performance are
// known.
func (p *paper) weighed() bool {
	return !slices.ContainsFunc(p.Tradeoffs, func(t scenarios.Tradeoff) bool { return len(t.HullPoints()) == 0 })
}

// printPaper writes one experiment's table.
func printPaper(w io.Writer, format string, p *paper) error {
	fmt.Fprintf(w, "%s\n", heading(format, 2, p.title()))
	if err := printComparisons(w, format, p); err != nil {
		return err
	}
	_, err := fmt.Fprintln(w)
	return err
}

// title names an experiment and says what it shows.
func (p *paper) title() string {
	if p.scenario.Title == "" {
		return p.name
	}
	return p.name + ": " + p.scenario.Title
}

// printComparisons writes the tables of an experiment.
func printComparisons(w io.Writer, format string, p *paper) error {
	for _, table := range []scenarios.Table{scenarios.ReferenceTable(p.Comparisons), scenarios.TradeoffTable(p.Tradeoffs, true)} {
		if len(table.Rows) == 0 {
			continue
		}
		if err := printTable(w, format, &table); err != nil {
			return err
		}
	}
	return nil
}

// printPapers writes how all experiments came out.
func printPapers(w io.Writer, format string, papers []paper) error {
	var rows [][]string
	for i := range papers {
		p := &papers[i]
		row := []string{p.name, fmt.Sprint(len(p.Comparisons))}
		for _, verdict := range []string{scenarios.AgreesInside, scenarios.AgreesNear, scenarios.Shown, scenarios.Differs, scenarios.NotMeasured} {
			row = append(row, fmt.Sprint(p.count(verdict)))
		}
		rows = append(rows, row)
	}
	header := []string{"experiment", "compared", scenarios.AgreesInside, scenarios.AgreesNear, scenarios.Shown, scenarios.Differs, scenarios.NotMeasured}
	align := tw.MakeAlign(len(header), tw.AlignRight)
	align[0] = tw.AlignLeft
	return layOut(w, format, header, align, rows)
}
