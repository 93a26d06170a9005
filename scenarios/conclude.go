package scenarios

import "slices"

// keepSeries is how many runs a row may have for all of them to keep their
// time series; beyond it only the first does. (Of 200 seeds nobody draws 200
// curves, and result.json would be a hundred times its size. To see another
// one, run it alone with --only.)
const keepSeries = 10

// Conclude turns finished runs into a verdict: it aggregates every row,
// evaluates the expectations, and adds one for each required await that was
// not met. The runs of a row must be in the order of their seeds. Expectations
// over all runs are evaluated only in rows of which all planned runs, the
// Repeat of the result, are there. expectations[i] are those of row i, which
// are compiled for its params.
func (r *Result) Conclude(expectations [][]*Expectation) {
	r.Schema = SchemaVersion
	r.Expectations = []ExpectResult{}
	if r.Host != nil {
		r.Host.Expectations = nil
	}
	r.nameHistories()
	kinds := MessageKinds()
	for i := range r.Rows {
		row := &r.Rows[i]
		if len(row.Runs) == 0 {
			row.Runs = []RunResult{}
			continue
		}
		row.All = aggregate(row.Runs)
		for j := range row.Runs {
			r.concludeRun(i, &row.Runs[j], expectations[i], kinds)
			if j > 0 && max(r.Repeat, len(row.Runs)) > keepSeries {
				row.Runs[j].Series = nil
			}
		}
		if !row.Complete(r.Repeat) {
			continue
		}
		values := row.values()
		row.All.each(kinds, visitor(func(name string, v Value) { values[name] = v }).under(allSegment))
		for _, e := range expectations[i] {
			if e.ofRow {
				r.record(e, e.evaluate(values), i, nil)
			}
		}
	}
}

// Complete reports whether a row has all the runs it is to have.
func (row *Row) Complete(repeat int) bool { return row.Enough || len(row.Runs) >= repeat }

// values returns the params of a row as names of expressions.
func (row *Row) values() map[string]Value {
	values := map[string]Value{}
	for _, p := range slices.Concat(row.Params, row.Labels) {
		v := textOf(string(p.Value))
		if x, ok := p.Value.Number(); ok {
			// The text stays: where another row holds no number, it is read.
			v.Unit, v.Number = UnitRatio, Number(x)
		}
		values[p.Name] = v
	}
	return values
}

// runValues returns what a run measured, and its params, as names of expressions.
func (row *Row) runValues(run *RunResult, kinds []string) map[string]Value {
	values := row.values()
	collect := visitor(func(name string, v Value) { values[name] = v })
	run.each(kinds, collect)
	run.eachOfTallies(collect)
	return values
}

func (r *Result) concludeRun(row int, run *RunResult, expectations []*Expectation, kinds []string) {
	seed := run.Seed
	for _, a := range run.Awaits {
		if a.Required && !a.Held {
			name := "await " + a.For
			if a.Name != "" {
				name = a.Name + ": " + name
			}
			r.Expectations = append(r.Expectations, ExpectResult{
				Expression: name, Outcome: Missed, Row: row, Labels: r.Rows[row].Labels, Seed: &seed,
				Error: "it did not come to hold",
			})
		}
	}
	values := r.Rows[row].runValues(run, kinds)
	collect := visitor(func(name string, v Value) { values[name] = v })
	if h := r.Host.run(row, seed); h != nil {
		h.each(collect.under("host"))
	}
	for _, e := range expectations {
		if !e.ofRow {
			r.record(e, e.evaluate(values), row, &seed)
		}
	}
}

// record files a result; what depends on the machine stays with the host.
func (r *Result) record(e *Expectation, result ExpectResult, row int, seed *uint64) {
	result.Row, result.Labels, result.Seed = row, r.Rows[row].Labels, seed
	if !e.ofHost {
		r.Expectations = append(r.Expectations, result)
		return
	}
	if r.Host == nil {
		r.Host = new(Host)
	}
	r.Host.Expectations = append(r.Host.Expectations, result)
}

// Failures returns every expectation that did not hold.
func (r *Result) Failures() []ExpectResult {
	var out []ExpectResult
	for _, e := range r.AllExpectations() {
		if e.Outcome != Passed {
			out = append(out, e)
		}
	}
	return out
}

// AllExpectations returns the results of all expectations, those that read the
// host at the end.
func (r *Result) AllExpectations() []ExpectResult {
	all := slices.Clone(r.Expectations)
	if r.Host != nil {
		all = append(all, r.Host.Expectations...)
	}
	return all
}
