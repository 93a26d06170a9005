package scenarios

import (
	"fmt"
	"strings"
)

// What is compiled for one file: expectations may have params in them, as names
// of steps may, and then differ in every row.
const (
	maxExpectTotal  = 256 << 10 // bytes
	maxExpectGroups = 32        // different sets of names
)

// expectations are those of all rows, to be compiled together: rows that give
// the same names share what they have in common.
type expectations struct {
	rows []expectRow
}

type expectRow struct {
	spec  *Spec
	named []Named
	lines []*tree
}

// add takes the expectations of a row; expect may be nil.
func (e *expectations) add(spec *Spec, named []Named, expect *tree) {
	row := expectRow{spec: spec, named: named}
	if expect != nil && expect.kind == sequenceNode {
		for _, line := range expect.children {
			if line.kind == scalarNode && !line.broken {
				row.lines = append(row.lines, line)
			}
		}
	}
	e.rows = append(e.rows, row)
}

// expectGroup are the rows with the same names: each text is compiled once.
type expectGroup struct {
	named  []Named
	repeat int
	texts  []string
	index  map[string]int
	rows   []*expectRow
}

// compile compiles all expectations and reports what is wrong with them.
func (e *expectations) compile(file string, rows []SpecRow, problems *problemList) {
	var params []Param
	for _, r := range rows {
		params = append(params, r.Params...)
	}
	bytes := 0
	groups := e.groups()
	if len(groups) > maxExpectGroups {
		at := groups[maxExpectGroups].rows[0].lines[0].at
		problems.add(problemAt(file, at, "expect",
			fmt.Sprintf("the rows give their steps more than %d different sets of names", maxExpectGroups), "write as without ${…}"))
		return
	}
	for _, g := range groups {
		for _, text := range g.texts {
			bytes += len(text)
		}
		if bytes > maxExpectTotal {
			at := g.rows[0].lines[0].at
			problems.add(problemAt(file, at, "expect",
				fmt.Sprintf("the expectations of all rows together are longer than %d bytes", maxExpectTotal), "write fewer, or without ${…}"))
			return
		}
		compiled, found := CompileExpectations(g.named, g.texts, ExpectOptions{Repeat: g.repeat, Params: distinctParams(params)})
		bad := make([][]ExpectProblem, len(g.texts))
		for _, p := range found {
			bad[p.Index] = append(bad[p.Index], p)
		}
		for _, row := range g.rows {
			for i, line := range row.lines {
				at := g.index[line.text]
				if len(found) == 0 {
					row.spec.Expectations = append(row.spec.Expectations, compiled[at])
				}
				for _, p := range bad[at] {
					message, hint := splitMessage(p.Message)
					if line.note != "" {
						message += " (" + line.note + ")"
					}
					problems.add(problemAt(file, line.inside(p.Column), fmt.Sprintf("expect[%d]", i), message, hint))
				}
			}
		}
	}
}

// groups sorts the rows by the names that they give.
func (e *expectations) groups() []*expectGroup {
	var groups []*expectGroup
	byNames := map[string]*expectGroup{}
	for i := range e.rows {
		row := &e.rows[i]
		if len(row.lines) == 0 {
			continue
		}
		var key strings.Builder
		fmt.Fprintf(&key, "%d", row.spec.Repeat.Most)
		for _, n := range row.named {
			fmt.Fprintf(&key, " %s:%d", n.Name, n.Kind)
		}
		g := byNames[key.String()]
		if g == nil {
			g = &expectGroup{named: row.named, repeat: row.spec.Repeat.Most, index: map[string]int{}}
			byNames[key.String()] = g
			groups = append(groups, g)
		}
		g.rows = append(g.rows, row)
		for _, line := range row.lines {
			if _, ok := g.index[line.text]; !ok {
				g.index[line.text] = len(g.texts)
				g.texts = append(g.texts, line.text)
			}
		}
	}
	return groups
}

// distinctParams leaves out what comes again: a param has one entry for each
// of its values.
func distinctParams(params []Param) []Param {
	seen := map[Param]bool{}
	var out []Param
	for _, p := range params {
		if !seen[p] {
			seen[p] = true
			out = append(out, p)
		}
	}
	return out
}

// inside returns the place of a column, from 1, within a scalar of one line.
// Where the text of the file is not the text of the value, because of escapes,
// line breaks or params, it is the place of the scalar.
func (t *tree) inside(column int) place {
	at := t.at
	if at.token == nil || t.note != "" || !strings.Contains(at.token.Origin, t.text) {
		return at
	}
	at.column += column - 1
	if t.quoted {
		at.column++
	}
	tk := *at.token
	position := *tk.Position
	position.Column = at.column
	tk.Position, at.token = &position, &tk
	return at
}
