package scenarios

import (
	"encoding/json"
	"strings"
)

// Parse reads a scenario, applies the overrides and checks everything that can
// be known before a run: the form, each value, each name, each expectation, in
// every row. file is the name that problems begin with. The error is always
// *Problems and holds all of them; of broken YAML the first.
func Parse(file string, data []byte, o Overrides) (*Scenario, error) {
	var problems problemList
	root, found := parseTree(data)
	for _, p := range found {
		p.File = file
		problems.add(p)
	}
	if root != nil && root.kind != mappingNode && len(found) == 0 {
		p := problemAt(file, root.at, "", "a scenario is a mapping, not "+root.describe(), "begin it with name: …")
		problems.add(p)
	}
	if root == nil || root.kind != mappingNode {
		return nil, problems.err()
	}
	r := &resolver{file: file, problems: &problems}
	r.override(root, o)
	r.take(root)

	sc := &Scenario{File: file, Source: data, Set: o.Set}
	var expected expectations
	r.rows(root, func(labels, params []Param, t *tree) {
		spec := checkRow(file, t, labels, params, &problems, &expected)
		sc.rows = append(sc.rows, SpecRow{Labels: labels, Params: params, Spec: spec})
	})
	expected.compile(file, sc.rows, &problems)
	if problems.err() == nil && len(o.Set) == 0 {
		unusedReferences(file, root, sc.rows, &problems)
	}
	if err := problems.err(); err != nil {
		return nil, err
	}
	first := sc.rows[0].Spec
	sc.Name, sc.Title, sc.Description = first.Name, first.Title, first.Description
	sc.Seed, sc.Repeat, sc.AtLeast, sc.Output = first.Seed, first.Repeat.Most, first.Repeat.Least, first.Output
	return sc, nil
}

// checkRow checks one row's tree and decodes it.
func checkRow(file string, t *tree, labels, params []Param, problems *problemList, expected *expectations) *Spec {
	c := &schemaChecker{file: file, root: t, problems: problems, dirty: map[string]bool{}}
	c.check()

	data, err := json.Marshal(t.plain(func(t *tree) bool { return !t.broken }))
	spec := DefaultsOf(protocolIn(data))
	if err == nil {
		err = json.Unmarshal(data, &spec)
	}
	if err != nil {
		// The schema lets nothing through that does not decode, and what it
		// stopped is left out; but a report without a place beats a panic.
		problems.add(problemAt(file, t.at, "", "the scenario cannot be decoded: "+strings.ReplaceAll(err.Error(), "\n", " "), ""))
		return &spec
	}
	spec.derive()

	s := &semantics{file: file, root: t, spec: &spec, dirty: c.dirty, problems: problems}
	s.locate()
	named := s.names(params)
	s.check()
	s.references(params, labels, named)
	s.tradeoffs(params, named)
	if timeline := t.child("timeline"); timeline != nil && timeline.kind == sequenceNode {
		expected.add(&spec, named, t.child("expect"))
	}
	return &spec
}

// locate gives steps and expectations their lines.
func (s *semantics) locate() {
	if timeline := s.root.child("timeline"); timeline != nil {
		for i := range s.spec.Timeline {
			s.spec.Timeline[i].Index = i
			if i < len(timeline.children) {
				s.spec.Timeline[i].Line = timeline.children[i].at.line
			}
		}
	}
	if expect := s.root.child("expect"); expect != nil {
		for i := range s.spec.Expect {
			if i < len(expect.children) {
				s.spec.Expect[i].Line = expect.children[i].at.line
				s.spec.Expect[i].Column = expect.children[i].at.column
			}
		}
	}
}

// names checks and gives the names of the steps, and returns all that an
// expectation can read.
func (s *semantics) names(params []Param) []Named {
	taken := map[string]string{}
	for _, p := range params {
		taken[p.Name] = "is a param"
	}
	timeline := s.root.child("timeline")
	if timeline == nil || timeline.kind != sequenceNode {
		return nil
	}
	steps, named := namesOf(timeline, taken, func(at place, path, message, hint string) {
		s.problems.add(problemAt(s.file, at, path, message, hint))
	})
	for i := range s.spec.Timeline {
		if i < len(steps) {
			s.spec.Timeline[i].Name = steps[i]
		}
	}
	return named
}
