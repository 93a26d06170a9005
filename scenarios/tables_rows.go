package scenarios

import "slices"

func lookupTable(r *Result, s shape) Table {
	b := newBuilder("lookups", "Lookups", s)
	for i := range r.Rows {
		for _, l := range r.Rows[i].all().Lookups {
			b.start(&r.Rows[i])
			b.cell("lookup", textOf(l.Name))
			b.cell("count", countOf(l.Count))
			b.cell("correct", countOf(l.Correct))
			b.cell("wrong", countOf(l.Wrong))
			b.cell("failed", countOf(l.Failed))
			b.cell("abandoned", countOf(l.Abandoned))
			b.mean("failed_share", UnitShare, l.FailedShare)
			b.mean("wrong_share", UnitShare, l.WrongShare)
			b.end()
		}
	}
	return b.done()
}

// all returns the aggregate, an empty one for a row without a finished run.
func (row *Row) all() *Aggregate {
	if row.All == nil {
		return new(Aggregate)
	}
	return row.All
}

func distributionTable(r *Result, s shape) Table {
	b := newBuilder("distributions", "Path length, timeouts, latency and stretch of lookups", s)
	for i := range r.Rows {
		for _, l := range r.Rows[i].all().Lookups {
			for _, q := range []struct {
				name string
				unit Unit
				d    DistributionAll
			}{
				{"path", UnitCount, l.Path}, {"path_nonlocal", UnitCount, l.PathNonlocal},
				{"timeouts", UnitCount, l.Timeouts}, {"latency", UnitSeconds, l.Latency}, {"stretch", UnitRatio, l.Stretch},
			} {
				if q.d.N == 0 {
					continue
				}
				b.start(&r.Rows[i])
				b.cell("lookup", textOf(l.Name))
				b.cell("of", textOf(q.name))
				b.cell("unit", textOf(q.unit.Label()))
				b.cell("n", countOf(q.d.N))
				mean := q.unit
				if mean == UnitCount {
					mean = UnitRatio
				}
				b.mean("mean", mean, q.d.Mean)
				b.cell("p1", numberOf(q.unit, q.d.P1))
				b.cell("p10", numberOf(q.unit, q.d.P10))
				b.cell("p50", numberOf(q.unit, q.d.P50))
				b.cell("p90", numberOf(q.unit, q.d.P90))
				b.cell("p99", numberOf(q.unit, q.d.P99))
				b.cell("max", numberOf(q.unit, q.d.Max))
				b.end()
			}
		}
	}
	// The unit differs from row to row: it is a cell, not part of the headings.
	for i := range b.table.Columns {
		c := &b.table.Columns[i]
		c.FileOnly = c.Name == "unit"
		if c.Unit != UnitText {
			c.Unit = UnitRatio
		}
	}
	return b.done()
}

// loadTable shows the loads of keys, bytes or requests; of names which.
func loadTable(r *Result, s shape, of, name, title string) Table {
	b := newBuilder(name, title, s)
	amount, mean := loadUnits(of)
	for i := range r.Rows {
		for _, l := range r.Rows[i].all().Loads {
			if l.Of != of {
				continue
			}
			b.start(&r.Rows[i])
			b.cell("load", textOf(l.Name))
			b.cell(totalName(of), numberOf(amount, Number(l.Keys)))
			b.cell("nodes", countOf(l.Nodes))
			b.mean("mean", mean, l.Mean)
			b.cell("p1", numberOf(amount, l.P1))
			b.cell("p50", numberOf(amount, l.P50))
			b.cell("p99", numberOf(amount, l.P99))
			b.cell("max", numberOf(amount, l.Max))
			b.mean("max_over_mean", UnitRatio, l.MaxOverMean)
			b.mean("p99_over_mean", UnitRatio, l.P99OverMean)
			b.mean("p1_over_mean", UnitRatio, l.P1OverMean)
			b.mean("gini", UnitRatio, l.Gini)
			b.mean("empty_share", UnitShare, l.EmptyShare)
			b.end()
		}
	}
	return b.done()
}

// endOfRun is how the ring at the end of a run is called in tables.
const endOfRun = "(end)"

func ringTable(r *Result, s shape) Table {
	b := newBuilder("rings", "Ring", s)
	given := verdictsGiven(r)
	for i := range r.Rows {
		all := r.Rows[i].all()
		for _, ring := range append(all.Rings[:len(all.Rings):len(all.Rings)], all.Ring) {
			if ring.Runs == 0 {
				continue
			}
			b.start(&r.Rows[i])
			name := ring.Name
			if name == "" {
				name = endOfRun
			}
			b.cell("ring", textOf(name))
			b.verdicts(&ring, given)
			b.cell("members", countOf(ring.Members))
			b.cell("principals", countOf(ring.Principals))
			b.cell("cut_off", countOf(ring.CutOff))
			b.mean("right_successors", UnitShare, ring.RightSuccessors)
			b.mean("right_predecessors", UnitShare, ring.RightPredecessors)
			b.mean("right_lists", UnitShare, ring.RightLists)
			b.mean("right_fingers", UnitShare, ring.RightFingers)
			b.cell("false_suspicions", countOf(ring.FalseSuspicions))
			b.end()
		}
	}
	return b.done()
}

// verdicts adds the word where rows have one run, else the share of runs each
// verdict was given in, and of the two bad ones together with the interval.
func (b *builder) verdicts(ring *RingAll, given map[string]bool) {
	if !b.shape.repeated {
		for _, verdict := range Verdicts {
			if ring.Verdict.of(verdict).Runs > 0 {
				b.cell("verdict", textOf(verdict))
			}
		}
		return
	}
	b.cell("runs", countOf(ring.Runs))
	for _, verdict := range Verdicts {
		if given[verdict] {
			b.cell("verdict."+verdict, numberOf(UnitShare, ring.Verdict.of(verdict).Share))
		}
	}
	if given["broken"] || given["split"] {
		lost := ring.Lost()
		b.cell("broken_or_split", numberOf(UnitShare, lost.Share))
		b.cell("broken_or_split.low", numberOf(UnitShare, lost.Low))
		b.cell("broken_or_split.high", numberOf(UnitShare, lost.High))
	}
}

// verdictsGiven returns the verdicts that occur anywhere in the result.
func verdictsGiven(r *Result) map[string]bool {
	given := map[string]bool{}
	for i := range r.Rows {
		for j := range r.Rows[i].Runs {
			run := &r.Rows[i].Runs[j]
			given[run.Ring.Verdict] = true
			for _, ring := range run.Rings {
				given[ring.Verdict] = true
			}
		}
	}
	return given
}

func awaitTable(r *Result, s shape) Table {
	b := newBuilder("awaits", "Awaited", s)
	for i := range r.Rows {
		for _, a := range r.Rows[i].all().Awaits {
			b.start(&r.Rows[i])
			b.cell("await", textOf(a.Name))
			b.cell("for", textOf(a.For))
			if s.repeated {
				b.cell("held", numberOf(UnitShare, a.Held.Share))
			} else {
				b.cell("held", truthOf(a.Held.Runs > 0))
			}
			b.mean("time", UnitSeconds, a.Time)
			b.end()
		}
	}
	return b.done()
}

func trafficTable(r *Result, s shape) Table {
	b := newBuilder("traffic", "Traffic", s)
	add := func(row *Row, name, kind string, rates RatesAll) {
		b.start(row)
		b.cell("traffic", textOf(name))
		b.cell("kind", textOf(kind))
		b.mean("messages_per_node_second", UnitRate, rates.Messages)
		b.mean("bytes_per_node_second", UnitByteRate, rates.Bytes)
		b.end()
	}
	for i := range r.Rows {
		for _, t := range r.Rows[i].all().Traffic {
			add(&r.Rows[i], t.Name, "(all)", t.RatesAll)
			for _, k := range t.Kinds {
				add(&r.Rows[i], t.Name, k.Kind, k.RatesAll)
			}
		}
	}
	return b.done()
}

// countedTable sums up over the runs of a row.
func countedTable(r *Result, s shape) Table {
	b := newBuilder("counted", "Counted on the way", s)
	for i := range r.Rows {
		var all []Counted
		for _, run := range r.Rows[i].Runs {
			for _, c := range run.Counted {
				at := slices.IndexFunc(all, func(o Counted) bool { return o.What == c.What })
				if at < 0 {
					at = len(all)
					all = append(all, Counted{What: c.What})
				}
				all[at].Count += c.Count
			}
		}
		for _, c := range all {
			b.start(&r.Rows[i])
			b.cell("what", textOf(c.What))
			b.cell("count", countOf(c.Count))
			b.end()
		}
	}
	return b.done()
}

// runTable has one row a run and one column a name: all that was measured.
func runTable(r *Result, s shape) Table {
	b := newBuilder("runs", "Runs", s)
	kinds := r.messageKinds()
	for i := range r.Rows {
		for j := range r.Rows[i].Runs {
			run := &r.Rows[i].Runs[j]
			b.start(&r.Rows[i])
			b.cell("seed", seedOf(run))
			run.each(kinds, b.cell)
			b.end()
		}
	}
	return b.fileOnly()
}

func histogramTable(r *Result, s shape) Table {
	b := newBuilder("histograms", "Histograms", s)
	for i := range r.Rows {
		for _, h := range r.Rows[i].all().Histograms {
			for j, value := range h.Values {
				b.start(&r.Rows[i])
				b.cell("name", textOf(h.Name))
				b.cell("value", countOf(value))
				b.cell("width", countOf(h.Width))
				b.cell("count", countOf(h.Counts[j]))
				b.end()
			}
		}
	}
	return b.fileOnly()
}

func quantileTable(r *Result, s shape) Table {
	b := newBuilder("quantiles", "Quantiles", s)
	for i := range r.Rows {
		for _, q := range r.Rows[i].all().Quantiles {
			for percent, value := range q.Values {
				b.start(&r.Rows[i])
				b.cell("name", textOf(q.Name))
				b.cell("percent", countOf(int64(percent)))
				b.cell("value", numberOf(UnitRatio, value))
				b.cell("unit", textOf(q.Unit))
				b.end()
			}
		}
	}
	return b.fileOnly()
}

// seriesTables returns a table for each name of a series, over all runs.
func seriesTables(r *Result, s shape) []Table {
	var builders []*builder
	byName := map[string]*builder{}
	for i := range r.Rows {
		for j := range r.Rows[i].Runs {
			run := &r.Rows[i].Runs[j]
			for _, series := range run.Series {
				b := byName[series.Name]
				if b == nil {
					b = newBuilder("series-"+series.Name, "Series "+series.Name, s)
					byName[series.Name] = b
					builders = append(builders, b)
				}
				for _, values := range series.Rows {
					b.start(&r.Rows[i])
					b.cell("seed", seedOf(run))
					for k, v := range values {
						b.cell(series.Columns[k].Name, numberOf(Unit(series.Columns[k].Unit), v))
					}
					b.end()
				}
			}
		}
	}
	var out []Table
	for _, b := range builders {
		out = append(out, b.fileOnly())
	}
	return out
}
