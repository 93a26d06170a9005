package scenarios

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/expr-lang/expr"
)

// references checks the section reference for one row, and gives the row those that
// it is about. Names of metrics are compiled against what the row's steps measure.
func (s *semantics) references(params []Param, labels []Param, named []Named) {
	list := s.root.child("reference")
	if list == nil || list.kind != sequenceNode || s.dirty["reference"] {
		return
	}
	values := map[string]Scalar{}
	for _, p := range slices.Concat(params, labels) {
		values[p.Name] = p.Value
	}
	tree := newNameTree(named, params, MessageKinds())
	for i := range s.spec.Reference {
		r := &s.spec.Reference[i]
		path := fmt.Sprintf("reference[%d]", i)
		metric := s.metric(path+".metric", r.Metric, tree)
		out, applies := s.reference(path, r, values)
		if metric != nil && applies {
			out.Index, out.metric = i, metric
			s.spec.References = append(s.spec.References, out)
		}
	}
}

// unusedReferences reports published numbers that no row is about: a value that is
// none of the varied ones, or a condition that never holds. What the command line sets
// may leave rows out.
func unusedReferences(file string, root *tree, rows []SpecRow, problems *problemList) {
	for i, r := range rows[0].Spec.Reference {
		path := fmt.Sprintf("reference[%d]", i)
		steps, err := parsePath(path)
		if err != nil {
			panic("scenarios: " + err.Error())
		}
		t, _ := root.find(steps)
		used := map[string]bool{}
		applies := false
		for _, row := range rows {
			for _, reference := range row.Spec.References {
				if reference.Index != i {
					continue
				}
				applies = true
				for _, p := range slices.Concat(row.Params, row.Labels) {
					if p.Name == r.Against {
						used[string(p.Value)] = true
					}
				}
			}
		}
		if !applies {
			problems.add(problemAt(file, t.head(), path, "no row is compared with this reference", "mend its where, or the values of published"))
			continue
		}
		for _, key := range slices.Sorted(maps.Keys(r.Published.By)) {
			if _, ok := valueAt(used, Scalar(key)); !ok {
				problems.add(problemAt(file, t.child("published").head(), path+".published",
					fmt.Sprintf("no row has %s = %s", r.Against, key), "give vary this value, or remove it"))
			}
		}
	}
}

// metric compiles what a reference compares: a number of one run.
func (s *semantics) metric(path, text string, tree *nameTree) *Expectation {
	b := &binder{tree: tree, repeat: s.spec.Repeat.Most}
	program, err := expr.Compile(text, append(b.options(), expr.AsFloat64())...)
	problems := b.report()
	if len(problems) == 0 && err != nil {
		p := problemOf(err)
		if strings.HasPrefix(p.Message, "expected float64") {
			p.Message = "what is compared has to be a number; name what a run measures"
		}
		problems = []ExpectProblem{p}
	}
	if len(problems) == 0 && b.all != "" {
		problems = []ExpectProblem{{Message: b.all + " is over all runs of a row; what is compared is the mean of numbers of single runs, so leave all. out"}}
	}
	if len(problems) == 0 && b.host {
		problems = []ExpectProblem{{Message: "host is of this machine and has no place in a comparison; name what a run measures"}}
	}
	for _, p := range problems {
		message, hint := splitMessage(p.Message)
		s.fail(path, message, hint)
	}
	if len(problems) > 0 {
		return nil
	}
	return &Expectation{Text: text, program: program, names: b.names}
}

// reference finds the published number of a row, and whether there is one.
func (s *semantics) reference(path string, r *ReferenceSpec, values map[string]Scalar) (Reference, bool) {
	out := Reference{
		Label: r.Label, Axis: r.Axis, Source: r.Source, Kind: r.Kind, Against: r.Against, AtLabel: r.AtLabel, At: Undefined(), Published: r.Published.Number,
		Low: Undefined(), High: Undefined(), Runs: r.Runs, Judge: r.Judge, Tolerance: r.Tolerance, Note: r.Note,
	}
	applies := true
	for _, name := range slices.Sorted(maps.Keys(r.Where)) {
		value, ok := values[name]
		if !ok {
			s.fail(path+".where", fmt.Sprintf("there is no param %q", name), "name one of params or vary"+didYouMean(name, slices.Sorted(maps.Keys(values))))
		}
		applies = applies && ok && equalScalars(value, Scalar(r.Where[name]))
	}
	if r.At != nil {
		out.At = number(*r.At)
	}
	if r.At != nil && r.Against != "" || r.AtLabel != "" && r.At == nil {
		s.fail(path+".against", "at and at_label are of one number, against is of a mapping", "write at: NUMBER with at_label, or against: NAME")
		return out, false
	}
	if (r.Published.By != nil) != (r.Against != "") {
		s.fail(path+".published", "a mapping is against a param, one number is not", "write against: NAME with published: {VALUE: number}, or neither")
		return out, false
	}
	if r.Judge == JudgePrediction && s.spec.Repeat.Most < 2 && r.Tolerance.IsZero() {
		s.fail(path+".judge", "one run has no prediction interval", "write repeat: 2 or more, or a tolerance")
		return out, false
	}
	if r.Judge == JudgeInside && r.Interval.IsZero() || r.Judge != JudgeInside && r.Judge != JudgeNone && !r.Interval.IsZero() {
		s.fail(path+".judge", "an interval and judge: inside belong together", "write both, or neither")
		return out, false
	}
	if r.Against == "" {
		if !r.Interval.IsZero() {
			out.Low, out.High = number(r.Interval.Range[0]), number(r.Interval.Range[1])
			applies = s.around(path, &out) && applies
		}
		return out, applies
	}
	for _, key := range slices.Sorted(maps.Keys(r.Interval.By)) {
		if _, ok := valueAt(r.Published.By, Scalar(key)); !ok {
			s.fail(path+".interval", fmt.Sprintf("%s = %s has an interval and no published number", r.Against, key), "give it one, or remove it")
			return out, false
		}
	}
	value, ok := values[r.Against]
	if !ok {
		s.fail(path+".against", fmt.Sprintf("there is no param %q", r.Against), "name one of params or vary"+didYouMean(r.Against, slices.Sorted(maps.Keys(values))))
		return out, false
	}
	if x, isNumber := value.Number(); isNumber {
		out.At = number(x)
	}
	var there bool
	if out.Published, there = valueAt(r.Published.By, value); !there {
		return out, false
	}
	if !r.Interval.IsZero() {
		interval, given := valueAt(r.Interval.By, value)
		if !given {
			message := fmt.Sprintf("%s = %s has a published number and no interval", r.Against, value)
			s.fail(path+".interval", message, "give it one: [low, high]")
			return out, false
		}
		out.Low, out.High = number(interval[0]), number(interval[1])
		applies = s.around(path, &out) && applies
	}
	return out, applies
}

// around checks that a published interval holds the published number.
func (s *semantics) around(path string, r *Reference) bool {
	if float64(r.Low) <= r.Published && r.Published <= float64(r.High) {
		return true
	}
	s.fail(path+".interval", fmt.Sprintf("[%v, %v] does not hold the published %v", r.Low, r.High, number(r.Published)), "write [low, high] around it")
	return false
}
