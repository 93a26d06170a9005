package scenarios

import (
	"slices"
	"strconv"
	"strings"
)

// Table is one table of a result: text tables, markdown, CSV and charts are
// all made from it.
type Table struct {
	Name     string // of the file: lookups
	Title    string // "Lookups"
	Columns  []Column
	Rows     [][]Value
	FileOnly bool // too long for a terminal
}

// Column is named as in the scenario language.
type Column struct {
	Name     string
	Unit     Unit
	FileOnly bool // what a terminal shows without it
}

// Heading returns the name for machines, with the unit: "time [s]". Names of
// rates say theirs already.
func (c Column) Heading() string {
	if label := c.Unit.Label(); label != "" && !strings.Contains(c.Name, "_per_") {
		return c.Name + " [" + label + "]"
	}
	return c.Name
}

// Tables returns the tables of a concluded result, those without a row left
// out: first what a terminal shows, then what only files hold.
func Tables(r *Result) []Table {
	shape := shapeOf(r)
	var out []Table
	for _, t := range []Table{
		ReferenceTable(r.Comparisons),
		TradeoffTable(r.Tradeoffs, false),
		lookupTable(r, shape),
		distributionTable(r, shape),
		operationTable(r, shape),
		readTable(r, shape),
		operationLatencyTable(r, shape),
		dataTable(r, shape),
		lossTable(r, shape),
		linearizableTable(r, shape),
		loadTable(r, shape, "", "loads", "Keys a node"),
		loadTable(r, shape, "bytes", "loads-bytes", "Bytes of values a node"),
		loadTable(r, shape, "requests", "loads-requests", "Requests answered a node"),
		ringTable(r, shape),
		awaitTable(r, shape),
		trafficTable(r, shape),
		countedTable(r, shape),
		runTable(r, shape),
		histogramTable(r, shape),
		quantileTable(r, shape),
	} {
		if len(t.Rows) > 0 {
			out = append(out, t)
		}
	}
	return append(out, seriesTables(r, shape)...)
}

// shape is what the tables of a result have in common.
type shape struct {
	labels   []string // varied names
	repeated bool     // a row has several runs, so means have intervals
}

func shapeOf(r *Result) shape {
	var s shape
	for i := range r.Rows {
		if i == 0 {
			for _, l := range r.Rows[i].Labels {
				s.labels = append(s.labels, l.Name)
			}
		}
		s.repeated = s.repeated || len(r.Rows[i].Runs) > 1
	}
	return s
}

// builder puts a table together row by row: every cell names its column, and a
// column comes into being with the first cell that names it.
type builder struct {
	table Table
	place map[string]int
	shape shape
	row   []Value
}

func newBuilder(name, title string, s shape) *builder {
	if s.repeated {
		title += " (means over the runs of a row, counts summed)"
	}
	b := &builder{table: Table{Name: name, Title: title}, place: map[string]int{}, shape: s}
	for _, l := range s.labels {
		b.table.Columns = append(b.table.Columns, Column{Name: l, Unit: UnitText})
	}
	return b
}

// column returns the place of what is measured, a new column the first time. What is
// called as a varied value is called NAME_measured.

func (b *builder) column(name string, unit Unit) int {
	at, known := b.place[name]
	if !known {
		at = len(b.table.Columns)
		b.place[name] = at
		if slices.Contains(b.shape.labels, name) {
			name += "_measured"
		}
		b.table.Columns = append(b.table.Columns, Column{Name: name, Unit: unit})
	}
	return at
}

// start begins a row of the table with the labels of a row of the result.
func (b *builder) start(row *Row) {
	b.row = nil
	for _, l := range row.Labels {
		b.row = append(b.row, textOf(string(l.Value)))
	}
}

func (b *builder) cell(name string, v Value) {
	at := b.column(name, v.Unit)
	for len(b.row) <= at {
		b.row = append(b.row, Value{Unit: UnitText})
	}
	b.row[at] = v
}

// mean adds a mean over runs, with its half-width where there are several.
func (b *builder) mean(name string, unit Unit, i Interval) {
	b.cell(name, numberOf(unit, i.Mean))
	if b.shape.repeated {
		b.cell(name+".ci95", numberOf(unit, i.CI95))
	}
}

func (b *builder) end() { b.table.Rows = append(b.table.Rows, b.row) }

// done returns the table, all rows of it filled up to the same length.
func (b *builder) done() Table {
	for i, row := range b.table.Rows {
		for at := len(row); at < len(b.table.Columns); at++ {
			row = append(row, Value{Unit: UnitText})
		}
		b.table.Rows[i] = row
	}
	return b.table
}

// fileOnly is done for a table that a terminal does not show.
func (b *builder) fileOnly() Table {
	b.table.FileOnly = true
	return b.done()
}

// seedOf returns a seed as a cell: an identifier, so not shown as a quantity.
func seedOf(run *RunResult) Value { return textOf(strconv.FormatUint(run.Seed, 10)) }
