package scenarios

import (
	"encoding/json"
	"fmt"
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
	r.rows(root, func(labels, params []Param, t *tree) {
		spec := checkRow(file, t, params, &problems)
		sc.rows = append(sc.rows, SpecRow{Labels: labels, Params: params, Spec: spec})
	})
	if err := problems.err(); err != nil {
		return nil, err
	}
	first := sc.rows[0].Spec
	sc.Name, sc.Title, sc.Description = first.Name, first.Title, first.Description
	sc.Seed, sc.Repeat, sc.Output = first.Seed, first.Repeat, first.Output
	return sc, nil
}

// checkRow checks one row's tree and decodes it.
func checkRow(file string, t *tree, params []Param, problems *problemList) *Spec {
	c := &schemaChecker{file: file, root: t, problems: problems, dirty: map[string]bool{}}
	c.check()

	spec := Defaults()
	data, err := json.Marshal(t.plain(func(t *tree) bool { return !t.broken }))
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
	s.expectations(named, params)
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

// expectations compiles what a run must fulfil.
func (s *semantics) expectations(named []Named, params []Param) {
	expect := s.root.child("expect")
	if expect == nil || expect.kind != sequenceNode || s.dirty["timeline"] || s.dirty[""] && s.root.child("timeline") == nil {
		return
	}
	var lines []*tree
	var texts []string
	for _, e := range expect.children {
		if e.kind == scalarNode && !e.broken {
			lines, texts = append(lines, e), append(texts, e.text)
		}
	}
	compiled, found := CompileExpectations(named, texts, ExpectOptions{Repeat: max(s.spec.Repeat, 1), Params: params})
	s.spec.Expectations = compiled
	for _, p := range found {
		at := lines[p.Index].inside(p.Column)
		message, hint := p.Message, ""
		if i := strings.LastIndex(message, "; "); i >= 0 {
			message, hint = message[:i], message[i+2:]
		}
		s.problems.add(problemAt(s.file, at, fmt.Sprintf("expect[%d]", p.Index), message, hint))
	}
}

// inside returns the place of a column, from 1, within a scalar of one line.
// Where the text of the file is not the text of the value, because of escapes,
// line breaks or params, it is the place of the scalar.
func (t *tree) inside(column int) place {
	at := t.at
	if at.token == nil || t.note != "" || at.token.Value != t.text || strings.Contains(at.token.Origin, "\\") || strings.Contains(strings.TrimSpace(at.token.Origin), "\n") {
		return at
	}
	at.column += column - 1
	if t.quoted {
		at.column++
	}
	return at
}
