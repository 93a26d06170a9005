package main

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"chordsim/scenarios"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// Formats of standard output.
const (
	formatTable    = "table"
	formatMarkdown = "markdown"
	formatJSON     = "json"
	formatCSV      = "csv"
)

var formats = []string{formatTable, formatMarkdown, formatJSON, formatCSV}

// printResult writes a result in one of the formats. JSON is the whole of
// result.json; CSV is every table, each behind a line "# NAME", and an empty
// line between them.
func printResult(w io.Writer, r *scenarios.Result, format string) error {
	if format == formatJSON {
		return scenarios.WriteJSON(w, r)
	}
	tables := scenarios.Tables(r)
	if format == formatCSV {
		for i, t := range tables {
			if i > 0 {
				fmt.Fprintln(w)
			}
			fmt.Fprintf(w, "# %s\n", t.Name)
			if err := scenarios.WriteCSV(w, &t); err != nil {
				return err
			}
		}
		return nil
	}
	fmt.Fprintln(w, strings.TrimSpace(heading(format, 1, titleOf(r))))
	for _, t := range tables {
		if t.FileOnly {
			continue
		}
		fmt.Fprintf(w, "\n%s\n", heading(format, 2, t.Title))
		if err := printTable(w, format, &t); err != nil {
			return err
		}
	}
	if err := printSummary(w, format, r); err != nil {
		return err
	}
	return printExpectations(w, format, r)
}

func titleOf(r *scenarios.Result) string {
	title := r.Name
	if r.Title != "" {
		title += ": " + r.Title
	}
	if runs := r.Finished(); runs > 1 || r.Interrupted {
		title += fmt.Sprintf(" (%s)", plural(runs, "run"))
	}
	return title
}

func heading(format string, level int, text string) string {
	if format == formatMarkdown {
		return strings.Repeat("#", level) + " " + text + "\n"
	}
	return text
}

// printTable lays out one table of a result: texts to the left, numbers to the
// right.
func printTable(w io.Writer, format string, t *scenarios.Table) error {
	var header []string
	var align tw.Alignment
	var shown []int // indices of the columns
	for i, c := range t.Columns {
		if c.FileOnly {
			continue
		}
		shown = append(shown, i)
		header = append(header, c.Name)
		if c.Unit == scenarios.UnitText {
			align = append(align, tw.AlignLeft)
		} else {
			align = append(align, tw.AlignRight)
		}
	}
	rows := make([][]string, len(t.Rows))
	for i, row := range t.Rows {
		for _, at := range shown {
			rows[i] = append(rows[i], row[at].String())
		}
	}
	return layOut(w, format, header, align, rows)
}

// layOut draws a table. Headings are names of the scenario language and stay
// as they are.
func layOut(w io.Writer, format string, header []string, align tw.Alignment, rows [][]string) error {
	options := []tablewriter.Option{
		tablewriter.WithHeaderAutoFormat(tw.Off),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithTrimSpace(tw.Off),
	}
	if align == nil {
		align = tw.MakeAlign(len(header), tw.AlignLeft)
	}
	options = append(options, tablewriter.WithAlignment(align))
	if format == formatMarkdown {
		options = append(options, tablewriter.WithRenderer(renderer.NewMarkdown()))
	} else {
		options = append(options, tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Borders: tw.BorderNone,
			Symbols: tw.NewSymbols(tw.StyleLight),
			Settings: tw.Settings{
				Lines:      tw.Lines{ShowTop: tw.Off, ShowBottom: tw.Off, ShowHeaderLine: tw.On, ShowFooterLine: tw.Off},
				Separators: tw.Separators{ShowHeader: tw.On, ShowFooter: tw.Off, BetweenRows: tw.Off, BetweenColumns: tw.Off},
			},
		})))
	}
	var drawn bytes.Buffer
	table := tablewriter.NewTable(&drawn, options...)
	table.Header(header)
	if err := table.Bulk(rows); err != nil {
		return err
	}
	if err := table.Render(); err != nil {
		return err
	}
	for line := range strings.Lines(drawn.String()) {
		if _, err := fmt.Fprintln(w, strings.TrimRight(line, " \n")); err != nil {
			return err
		}
	}
	return nil
}
