package scenarios

import (
	"slices"
	"strings"
)

// operations visits what was put, got or deleted in each row; a mix leaves out the
// kinds of which there was none.
func operations(r *Result, visit func(row *Row, o *OperationAll)) {
	for i := range r.Rows {
		all := r.Rows[i].all().Operations
		for j := range all {
			if all[j].Count > 0 {
				visit(&r.Rows[i], &all[j])
			}
		}
	}
}

func operationTable(r *Result, s shape) Table {
	b := newBuilder("operations", "Operations on stored keys", s)
	b.operationColumns()
	for _, name := range []string{"count", "acknowledged", "found", "missing"} {
		b.column(name, UnitCount)
	}
	operations(r, func(row *Row, o *OperationAll) {
		b.operation(row, o)
		b.cell("count", countOf(o.Count))
		if o.Kind == operationNames[getOperation] {
			b.cell("found", countOf(o.Found))
			b.cell("missing", countOf(o.Missing))
		} else {
			b.cell("acknowledged", countOf(o.Acknowledged))
		}
		b.cell("failed", countOf(o.Failed))
		b.cell("abandoned", countOf(o.Abandoned))
		b.mean("failed_share", UnitShare, o.FailedShare)
		b.end()
	})
	return b.shown("acknowledged", "found", "missing")
}

// operationColumns begins a table of operations.
func (b *builder) operationColumns() {
	b.column("operation", UnitText)
	b.column("kind", UnitText)
}

// operation begins a row of it.
func (b *builder) operation(row *Row, o *OperationAll) {
	b.start(row)
	b.cell("operation", textOf(o.Name))
	b.cell("kind", textOf(o.Kind))
}

// shown is done, and leaves columns in which no row has anything to the files.
func (b *builder) shown(names ...string) Table {
	t := b.done()
	for _, name := range names {
		at := b.place[name]
		t.Columns[at].FileOnly = !slices.ContainsFunc(t.Rows, func(row []Value) bool { return row[at].Defined() })
	}
	return t
}

func readTable(r *Result, s shape) Table {
	b := newBuilder("reads", "Consistency of what was read", s)
	operations(r, func(row *Row, o *OperationAll) {
		if o.Kind != operationNames[getOperation] {
			return
		}
		b.start(row)
		b.cell("get", textOf(o.Name))
		b.cell("count", countOf(o.Count))
		b.cell("stale", countOf(o.Stale))
		b.cell("unavailable", countOf(o.Unavailable))
		b.mean("unavailable_share", UnitShare, o.UnavailableShare)
		b.cell("wrong_value", countOf(o.WrongValue))
		b.cell("read_your_writes", countOf(o.ReadYourWrites))
		b.cell("monotonic_reads", countOf(o.MonotonicReads))
		b.end()
	})
	return b.done()
}

func operationLatencyTable(r *Result, s shape) Table {
	b := newBuilder("operation-latencies", "Latency of operations on stored keys", s)
	operations(r, func(row *Row, o *OperationAll) {
		d := &o.Latency
		if d.N == 0 {
			return
		}
		b.operation(row, o)
		b.cell("n", countOf(d.N))
		b.mean("mean", UnitSeconds, d.Mean)
		b.cell("p1", numberOf(UnitSeconds, d.P1))
		b.cell("p10", numberOf(UnitSeconds, d.P10))
		b.cell("p50", numberOf(UnitSeconds, d.P50))
		b.cell("p90", numberOf(UnitSeconds, d.P90))
		b.cell("p99", numberOf(UnitSeconds, d.P99))
		b.cell("max", numberOf(UnitSeconds, d.Max))
		b.end()
	})
	return b.done()
}

// audits visits what had become of the stored keys in each row.
func audits(r *Result, visit func(row *Row, d *DataAll)) {
	for i := range r.Rows {
		all := r.Rows[i].all().Data
		for j := range all {
			visit(&r.Rows[i], &all[j])
		}
	}
}

func dataTable(r *Result, s shape) Table {
	b := newBuilder("data", "Stored keys", s)
	audits(r, func(row *Row, d *DataAll) {
		b.start(row)
		b.cell("data", textOf(d.Name))
		b.cell("keys", countOf(d.Keys))
		b.cell("readable", countOf(d.Readable))
		b.cell("unreadable", countOf(d.Unreadable))
		b.cell("lost", countOf(d.Lost))
		b.cell("resurrected", countOf(d.Resurrected))
		b.cell("copies", countOf(d.Copies))
		b.mean("full_share", UnitShare, d.FullShare)
		b.end()
	})
	return b.done()
}

// lossTable is for a terminal where something was lost or was expected to be.
func lossTable(r *Result, s shape) Table {
	b := newBuilder("losses", "Keys lost", s)
	b.table.FileOnly = true
	audits(r, func(row *Row, d *DataAll) {
		if d.Lost > 0 || d.ExpectedLostShare.Mean.Defined() {
			b.table.FileOnly = false
		}
		b.start(row)
		b.cell("data", textOf(d.Name))
		b.cell("lost", countOf(d.Lost))
		b.mean("lost_share", UnitShare, d.LostShare)
		b.cell("newly_lost", countOf(d.NewlyLost))
		b.mean("newly_lost_share", UnitShare, d.NewlyLostShare)
		b.cell("expected_lost_share", numberOf(UnitShare, d.ExpectedLostShare.Mean))
		b.end()
	})
	return b.done()
}

// linearizableTable names the pages of keys that are not, too.
func linearizableTable(r *Result, s shape) Table {
	b := newBuilder("linearizable", "Linearizability of a sample of the keys", s)
	b.column("data", UnitText)
	found := false
	audits(r, func(row *Row, d *DataAll) {
		if d.Linearizable.Keys == 0 {
			return
		}
		found = found || d.Linearizable.Violated+d.Linearizable.Unchecked > 0
		b.start(row)
		b.cell("data", textOf(d.Name))
		b.cell("keys", countOf(d.Linearizable.Keys))
		b.cell("violated", countOf(d.Linearizable.Violated))
		b.cell("unchecked", countOf(d.Linearizable.Unchecked))
		b.cell("histories", textOf(strings.Join(row.histories(d.Name), " ")))
		b.end()
	})
	if len(b.table.Rows) == 0 {
		return Table{}
	}
	if !found { // whoever reads a terminal is told of what there is
		return b.fileOnly()
	}
	return b.shown("histories")
}

// histories returns the pages that belong to a measure of a row.
func (row *Row) histories(name string) []string {
	var out []string
	for i := range row.Runs {
		for j := range row.Runs[i].Data {
			if d := &row.Runs[i].Data[j]; d.Name == name {
				out = append(out, d.Histories...)
			}
		}
	}
	return out
}
