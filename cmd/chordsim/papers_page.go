package main

import (
	"bytes"
	"cmp"
	_ "embed"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"chordsim/plots"
	"chordsim/scenarios"
)

// drawPaper draws what was published beside what was measured, a chart for each axis
// with two points or more, and returns the stems of the files.
func (a *app) drawPaper(p *paper, folder *scenarios.Folder, formats ...plots.Format) ([]string, error) {
	var stems []string
	for i, chart := range paperCharts(p) {
		name := p.name
		if i > 0 {
			name += fmt.Sprintf("-%d", i+1)
		}
		drawn, err := chart(plots.Head{Name: name, Title: p.scenario.Title})
		if err != nil {
			a.complain(fmt.Sprintf("%s: the chart %s is left out: %v", p.name, name, err))
			continue
		}
		for _, format := range formats {
			if err := folder.Write(name+"."+string(format), func(w io.Writer) error { return drawn.Render(w, format, plots.Size{}) }); err != nil {
				return stems, err
			}
		}
		stems = append(stems, name)
	}
	return stems, nil
}

// paperCharts puts the comparisons of one axis into one chart: a pair of curves for
// each label and for what is varied beside the x axis. Tradeoffs have a chart each.
func paperCharts(p *paper) []func(plots.Head) (*plots.Chart, error) {
	var axes []string
	by := map[string][]scenarios.Comparison{}
	for _, c := range p.Comparisons {
		if !c.At.Defined() || !c.Ours.Mean.Defined() {
			continue
		}
		if by[c.Axis] == nil {
			axes = append(axes, c.Axis)
		}
		by[c.Axis] = append(by[c.Axis], c)
	}
	var out []func(plots.Head) (*plots.Chart, error)
	for _, axis := range axes {
		chart := pairs(by[axis])
		if len(chart.Ours[0].X) < 2 {
			continue
		}
		out = append(out, func(h plots.Head) (*plots.Chart, error) {
			chart.Head, chart.What = h, axis
			chart.Subtitle = sourceOf(by[axis])
			chart.Note = "Dashed: published. Points: means of our runs, with their 95 % intervals."
			return chart.Chart()
		})
	}
	for i := range p.Tradeoffs {
		out = append(out, func(h plots.Head) (*plots.Chart, error) { return tradeoffOf(&p.Tradeoffs[i], h).Chart() })
	}
	return out
}

// pairs groups comparisons into curves.
func pairs(list []scenarios.Comparison) plots.Published {
	var out plots.Published
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b scenarios.Comparison) int { return cmp.Compare(a.At, b.At) })
	place := map[string]int{}
	least, most := float64(list[0].At), float64(list[len(list)-1].At)
	for i := range list {
		c := &list[i]
		out.Parameter = c.Against
		others := labelsText(slices.DeleteFunc(slices.Clone(c.Labels), func(l scenarios.Param) bool {
			return l.Name == c.Against || !varies(list, c.Reference, l)
		}))
		label := c.Label
		if c.Against == "" { // a reference for each place
			label, out.Parameter = c.Axis, cmp.Or(c.AtLabel, "at")
		}
		if others != "" {
			label += ", " + others
		}
		at, known := place[label]
		if !known {
			at = len(out.Ours)
			place[label] = at
			out.Ours = append(out.Ours, plots.Spread{Label: label})
			out.Theirs = append(out.Theirs, plots.Curve{Label: label + " (published)"})
		}
		x, mean, half := float64(c.At), float64(c.Ours.Mean), 0.0
		if c.Ours.CI95.Defined() {
			half = float64(c.Ours.CI95)
		}
		ours, theirs := &out.Ours[at], &out.Theirs[at]
		ours.X, ours.Mean = append(ours.X, x), append(ours.Mean, mean)
		low := mean - half
		if mean >= 0 && c.Published >= 0 {
			low = max(low, 0) // what counts, lasts or is a share is never negative
		}
		ours.Low, ours.High = append(ours.Low, low), append(ours.High, mean+half)
		theirs.X, theirs.Y = append(theirs.X, x), append(theirs.Y, float64(c.Published))
	}
	for i := range out.Theirs {
		for j := range i { // of a scan all have the same: it is drawn once
			if slices.Equal(out.Theirs[i].X, out.Theirs[j].X) && slices.Equal(out.Theirs[i].Y, out.Theirs[j].Y) {
				out.Theirs[j].Label, out.Theirs[i] = "published", plots.Curve{}
				break
			}
		}
	}
	if least > 0 && most/least >= 100 {
		out.Log = 2
	}
	return out
}

// varies reports whether the comparisons of one reference have other values of a label.
func varies(list []scenarios.Comparison, reference int, label scenarios.Param) bool {
	for _, c := range list {
		if c.Reference == reference && !slices.Contains(c.Labels, label) {
			return true
		}
	}
	return false
}

// sourceOf names the sources of comparisons, each once.
func sourceOf(list []scenarios.Comparison) string {
	var sources []string
	for _, c := range list {
		if c.Source != "" && !slices.Contains(sources, c.Source) {
			sources = append(sources, c.Source)
		}
	}
	return strings.Join(sources, ", ")
}

// writePapers writes the page and, where it is asked for elsewhere, its charts.
func (a *app) writePapers(papers []paper, folder *scenarios.Folder, f *papersFlags) error {
	if err := writePage(papers, folder, "", f); err != nil || f.docs == "" {
		return err
	}
	return atDocs(a.writeDocs(papers, f))
}

// writeDocs writes the page and its charts to the folder of --docs.
func (a *app) writeDocs(papers []paper, f *papersFlags) error {
	docs, err := scenarios.OpenFolder(f.docs)
	if err != nil {
		return err
	}
	charts, err := scenarios.OpenFolder(f.docs + "/papers")
	if err != nil {
		return err
	}
	for i := range papers {
		if _, err := a.drawPaper(&papers[i], charts, plots.SVG); err != nil {
			return err
		}
	}
	return writePage(papers, docs, "papers/", f)
}

// writePage writes the page into a folder, with its charts in a folder below.
func writePage(papers []paper, folder *scenarios.Folder, charts string, f *papersFlags) error {
	var b bytes.Buffer
	if err := paperPage(&b, papers, charts, f); err != nil {
		return err
	}
	return folder.Write(path.Base(papersPage), func(w io.Writer) error { _, err := w.Write(b.Bytes()); return err })
}

// paperPage lays out the page: the verdicts, then an experiment a section.
func paperPage(b *bytes.Buffer, papers []paper, charts string, f *papersFlags) error {
	fmt.Fprintf(b, "# The experiments of the Chord papers, repeated\n\nWritten by `%s`, version %s.\n\n", f.command, scenarios.Version)
	b.WriteString(pageIntroduction + "\n")
	if err := printPapers(b, formatMarkdown, papers); err != nil {
		return err
	}
	for i := range papers {
		p := &papers[i]
		writeHead(b, p)
		if err := printComparisons(b, formatMarkdown, p); err != nil {
			return err
		}
		b.WriteString("\n")
		for _, stem := range p.charts {
			fmt.Fprintf(b, "![%s](%s%s.svg)\n\n", p.title(), charts, stem)
		}
		fmt.Fprintf(b, "Parameters: `%s`%s.\n", p.file(), paramsText(p.scenario))
		writeNotes(b, p)
	}
	return nil
}

// file names the file of an experiment, one of the library as the repository has it.
func (p *paper) file() string {
	if strings.HasPrefix(p.scenario.File, papersFolder) {
		return "scenarios/" + p.scenario.File
	}
	return p.scenario.File
}

// writeHead begins the section of an experiment: what it is, and by which formula each
// quantity is measured.
func writeHead(b *bytes.Buffer, p *paper) {
	fmt.Fprintf(b, "\n%s\n", heading(formatMarkdown, 2, p.title()))
	if p.scenario.Description != "" {
		fmt.Fprintf(b, "%s\n\n", strings.TrimSpace(p.scenario.Description))
	}
	measured := p.scenario.Metrics()
	for _, m := range measured {
		fmt.Fprintf(b, "- %s: `%s`", m.Label, m.Formula)
		if m.Source != "" {
			fmt.Fprintf(b, ", %s", m.Source)
		}
		if m.Kind == "plot" {
			b.WriteString(", read off a plot")
		}
		b.WriteString("\n")
	}
	if len(measured) > 0 {
		b.WriteString("\n")
	}
}

// papersPage is the page where the project keeps it.
const papersPage = "docs/papers.md"

// pageIntroduction says how to read the tables, and what is measured.
//
//go:embed papers_introduction.md
var pageIntroduction string

// paramsText lists the params of an experiment.
func paramsText(sc *scenarios.Scenario) string {
	rows := sc.Rows()
	text := ""
	for _, p := range rows[0].Params {
		values := []string{}
		for _, r := range rows {
			for _, q := range r.Params {
				if q.Name == p.Name && !slices.Contains(values, string(q.Value)) {
					values = append(values, string(q.Value))
				}
			}
		}
		text += ", " + p.Name + " = " + strings.Join(values, ", ")
	}
	return text
}

// writeNotes writes what is known of differences, each note once.
func writeNotes(b *bytes.Buffer, p *paper) {
	var seen []string
	for i := range p.Comparisons {
		c := &p.Comparisons[i]
		if c.Note != "" && !slices.Contains(seen, c.Note) {
			seen = append(seen, c.Note)
			fmt.Fprintf(b, "\n%s: %s\n", c.Label, c.Note)
		}
	}
}
