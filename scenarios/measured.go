package scenarios

// measuredRow is what the runs of a row measured for its references, and then for its
// tradeoffs, cost and performance of each. Whether there
// are enough of them is asked of runs without a gap, from the first seed on: how many
// workers there are does not show.
type measuredRow struct {
	runs   map[uint64][]Number // by seed
	first  [][]Number          // those from the first seed on
	enough int                 // so many of these are; 0: not yet
}

// measure notes what a finished run measured.
func (r *runner) measure(j job, result *RunResult) []Number {
	spec := r.sc.Rows()[j.row].Spec
	if !spec.compares() {
		return nil
	}
	row := Row{Labels: r.sc.Rows()[j.row].Labels, Params: r.sc.Rows()[j.row].Params}
	values := row.runValues(result, MessageKinds())
	var numbers []Number
	for i := range spec.References {
		numbers = append(numbers, spec.References[i].read(values))
	}
	for _, w := range spec.Weighed {
		numbers = append(numbers, w.cost.number(values), w.performance.number(values))
	}
	r.note(j, numbers)
	return numbers
}

// note files the numbers of a run and asks whether these are enough.
func (r *runner) note(j job, numbers []Number) {
	m, spec := &r.measured[j.row], r.sc.Rows()[j.row].Spec
	if m.runs == nil {
		m.runs = map[uint64][]Number{}
	}
	m.runs[j.seed] = numbers
	for m.enough == 0 {
		next, there := m.runs[r.sc.Seed+uint64(len(m.first))]
		if !there {
			return
		}
		m.first = append(m.first, next)
		if spec.Repeat.enough(spec.References, m.first) {
			m.enough = len(m.first)
		}
	}
}

// superfluous reports whether a row has enough runs without this one.
func (r *runner) superfluous(j job) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	m := &r.measured[j.row]
	if m.enough == 0 || j.seed-r.sc.Seed < uint64(m.enough) {
		return false
	}
	r.finished++
	return true
}

// compares reports whether anything of a run is compared with other numbers.
func (s *Spec) compares() bool { return len(s.References)+len(s.Weighed) > 0 }

// complete reports whether all runs of a row are done.
func (r *runner) complete(row int) bool {
	m := &r.measured[row]
	return len(m.first) >= r.sc.Repeat || m.enough > 0
}

// comparisons holds the references of a row against its runs, if all are done.
func (r *runner) comparisons(row int) []Comparison {
	m, spec := &r.measured[row], r.sc.Rows()[row]
	if !r.complete(row) {
		return nil
	}
	var out []Comparison
	for i := range spec.Spec.References {
		c := spec.Spec.References[i].compare(columnOf(m.first, i))
		c.Row, c.Labels = row, spec.Labels
		out = append(out, c)
	}
	return out
}

// compare files the comparisons of a row, each among the expectations as well.
func (r *runner) compare(result *Result, row int) {
	for _, c := range r.comparisons(row) {
		result.Comparisons = append(result.Comparisons, c)
		result.Expectations = append(result.Expectations, c.expectation())
	}
}
