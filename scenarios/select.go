package scenarios

import (
	"slices"
	"strconv"
	"strings"
)

// SelectRow reads what --only names, "p=0.3,seed=44": the rows (as indices of
// Rows) whose labels have these values, and the seeds of the runs in them. What
// it does not name is not narrowed; "" selects everything. The error is an
// InputError.
func (s *Scenario) SelectRow(only string) (rows []int, seeds []uint64, err error) {
	want, err := readSelection(only)
	if err != nil {
		return nil, nil, err
	}
	labels := s.rows[0].Labels
	for _, w := range want {
		if w.Name == "seed" {
			seed, err := strconv.ParseUint(string(w.Value), 10, 64)
			if err != nil || seed < s.Seed || seed-s.Seed >= uint64(s.Repeat) {
				return nil, nil, Inputf("--only seed=%s: the seeds are %d to %d", w.Value, s.Seed, s.Seed+uint64(s.Repeat)-1)
			}
			seeds = []uint64{seed}
			continue
		}
		if !slices.ContainsFunc(labels, func(l Param) bool { return l.Name == w.Name }) {
			known := "seed"
			for _, l := range labels {
				known += ", " + l.Name
			}
			return nil, nil, Inputf("--only %s: nothing of this name is varied; known are %s", w.Name, known)
		}
	}
	for i, row := range s.rows {
		if !slices.ContainsFunc(want, func(w Param) bool { return w.Name != "seed" && !row.has(w) }) {
			rows = append(rows, i)
		}
	}
	if len(rows) == 0 {
		return nil, nil, Inputf("--only %s: no row has these values", only)
	}
	if seeds == nil {
		for i := range s.Repeat {
			seeds = append(seeds, s.Seed+uint64(i))
		}
	}
	return rows, seeds, nil
}

// readSelection parts "p=0.3,seed=44" into its names and values. A comma
// before something without "=" belongs to the value.
func readSelection(only string) ([]Param, error) {
	var want []Param
	if only == "" {
		return nil, nil
	}
	for part := range strings.SplitSeq(only, ",") {
		name, value, ok := strings.Cut(part, "=")
		switch {
		case ok:
			want = append(want, Param{Name: strings.TrimSpace(name), Value: Scalar(value)})
		case len(want) > 0:
			want[len(want)-1].Value += Scalar("," + part)
		default:
			return nil, Inputf("--only %s: write it as p=0.3,seed=44", only)
		}
	}
	return want, nil
}

// has reports whether the row has a label of this value: the same text, or the
// same number.
func (r SpecRow) has(w Param) bool {
	return slices.ContainsFunc(r.Labels, func(l Param) bool { return l.Name == w.Name && equalScalars(l.Value, w.Value) })
}
