package scenarios

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// topKeys are the sections of a scenario. A param cannot have the name of one:
// it could not be told which is set.
var topKeys = func() (keys []string) {
	for _, f := range reflect.VisibleFields(reflect.TypeFor[scenarioForm]()) {
		if key, _, _ := strings.Cut(f.Tag.Get("json"), ","); key != "" && key != "-" {
			keys = append(keys, key)
		}
	}
	return keys
}()

// What rows may come to: combinations of varied values, values of all rows
// together, and bytes of all texts that params are put into.
const (
	maxRows        = 1000
	maxRowNodes    = 100_000
	maxSubstituted = 8 << 20
)

// dimension is one key of vary: a param or a path, and its values.
type dimension struct {
	name   string
	param  bool
	path   []pathStep
	values []*tree
	source *tree
}

// resolver puts params and varied values into a tree.
type resolver struct {
	file     string
	problems *problemList
	params   *tree // the mapping, or nil
	vary     []dimension
	written  int // bytes of texts with params put in
}

func (r *resolver) fail(at place, path, message, hint string) {
	r.problems.add(problemAt(r.file, at, path, message, hint))
}

// problemAt is a problem at a place of a tree.
func problemAt(file string, at place, path, message, hint string) Problem {
	p := Problem{File: file, Line: at.line, Column: at.column, Path: path, Message: message, Hint: hint, token: at.token}
	if at.override != "" {
		p.File, p.Line, p.Column, p.token = at.override, 0, 0, nil
	}
	return p
}

// take checks params and vary, and takes both out of the tree.
func (r *resolver) take(root *tree) {
	if r.params = root.child("params"); r.params != nil {
		if r.params.kind != mappingNode {
			if !r.params.broken {
				r.fail(r.params.at, "params", "params must be a mapping of names to values, not "+r.params.describe(), "write params: {nodes: 1000}")
			}
			r.params = nil
		} else {
			for _, p := range r.params.children {
				r.checkParam(p)
			}
		}
	}
	if vary := root.child("vary"); vary != nil {
		if vary.kind != mappingNode {
			if !vary.broken {
				r.fail(vary.at, "vary", "vary must be a mapping of names to lists, not "+vary.describe(), "write vary: {p: [0.1, 0.2]}")
			}
		} else {
			for _, v := range vary.children {
				r.takeDimension(root, v)
			}
		}
	}
	root.children = slices.DeleteFunc(root.children, func(c *tree) bool { return c.key == "params" || c.key == "vary" })
	r.limitRows(root)
}

func (r *resolver) checkParam(p *tree) {
	path := "params." + p.key
	switch {
	case p.broken:
	case !isWord(p.key):
		r.fail(p.keyAt, path, fmt.Sprintf("param %s is no name", quote(p.key)), "names match [a-z][a-z0-9_]*")
	case reservedForParams(p.key):
		r.fail(p.keyAt, path, fmt.Sprintf("param %q means something else in expectations", p.key), "choose another name")
	case slices.Contains(topKeys, p.key):
		r.fail(p.keyAt, path, fmt.Sprintf("param %q has the name of a section", p.key), "choose another name")
	case p.kind != scalarNode:
		r.fail(p.keyAt, path, fmt.Sprintf("param %q must be a number, a text or a switch, not %s", p.key, p.describe()), "")
		p.broken = true
	case strings.Contains(p.text, "${"):
		r.fail(p.at, path, fmt.Sprintf("param %q refers to a param", p.key), "write its value out")
		p.broken = true
	}
}

// notVaried are the sections whose values belong to the scenario as a whole.
var notVaried = []string{"name", "title", "description", "seed", "repeat", "params", "vary", "expect", "reference", "tradeoff", "output"}

func (r *resolver) takeDimension(root, v *tree) {
	path := "vary." + v.key
	d := dimension{name: v.key, source: v}
	if r.params.child(v.key) != nil {
		d.param = true
	} else {
		steps, err := parsePath(v.key)
		if err == nil && slices.Contains(notVaried, steps[0].key) {
			err = fmt.Errorf("%s cannot be varied; vary a param, or a path in ring, network or timeline", steps[0].key)
			if steps[0].key == "seed" {
				err = fmt.Errorf("seed cannot be varied; write repeat: n for n seeds")
			}
		}
		if err == nil && !slices.Contains(topKeys, steps[0].key) {
			err = fmt.Errorf("there is no param and no section %q%s", steps[0].key, didYouMean(steps[0].key, append(keysOf(r.params), topKeys...)))
		}
		if err != nil {
			message, hint := splitHint(err)
			r.fail(v.keyAt, path, message, hint)
			return
		}
		d.path = steps
	}
	if v.broken {
		return
	}
	if v.kind != sequenceNode || len(v.children) == 0 {
		r.fail(v.keyAt, path, fmt.Sprintf("vary %q must be a list of values", v.key), "write "+v.key+": [1, 2]")
		return
	}
	seen := map[string]bool{}
	for _, item := range v.children {
		switch {
		case item.broken:
		case item.kind != scalarNode:
			r.fail(item.at, path, fmt.Sprintf("a value of vary %q must be a number, a text or a switch, not %s", v.key, item.describe()), "")
		case strings.Contains(item.text, "${"):
			r.fail(item.at, path, fmt.Sprintf("a value of vary %q refers to a param", v.key), "write its value out")
		case seen[item.text]:
			r.fail(item.at, path, fmt.Sprintf("vary %q has the value %s twice", v.key, quote(item.text)), "remove one")
		default:
			seen[item.text] = true
			d.values = append(d.values, item)
		}
	}
	if len(d.values) > 0 {
		r.vary = append(r.vary, d)
	}
}

// keysOf returns the keys of a mapping, or none of nil.
func keysOf(t *tree) []string {
	var keys []string
	if t != nil {
		for _, c := range t.children {
			keys = append(keys, c.key)
		}
	}
	return keys
}

// limitRows refuses more combinations than a table can show.
func (r *resolver) limitRows(root *tree) {
	rows, size := 1, root.size()
	for _, d := range r.vary {
		rows *= len(d.values)
		if rows > maxRows || rows*size > maxRowNodes {
			r.fail(d.source.keyAt, "vary", fmt.Sprintf("vary makes more rows than a scenario may have (%d, fewer for a long one)", maxRows), "split the scenario")
			r.vary = nil
			return
		}
	}
}

// rows calls each with every combination of the varied values, the last key
// changing fastest: the tree with the values and params put in.
func (r *resolver) rows(root *tree, each func(labels, params []Param, t *tree)) {
	at := make([]int, len(r.vary))
	for {
		var labels []Param
		params := map[string]*tree{}
		var order []Param
		if r.params != nil {
			for _, p := range r.params.children {
				params[p.key] = p
			}
		}
		t := root.clone()
		for i, d := range r.vary {
			v := d.values[at[i]]
			labels = append(labels, Param{d.name, Scalar(v.text)})
			if d.param {
				params[d.name] = v
				continue
			}
			if err := t.set(d.path, v.clone()); err != nil {
				message, hint := splitHint(err)
				r.fail(d.source.keyAt, "vary."+d.name, message, hint)
			}
		}
		if r.params != nil {
			for _, p := range r.params.children {
				order = append(order, Param{p.key, Scalar(params[p.key].text)})
			}
		}
		r.substitute(t, "", params)
		each(labels, order, t)
		i := len(at) - 1
		for ; i >= 0; i-- {
			if at[i]++; at[i] < len(r.vary[i].values) {
				break
			}
			at[i] = 0
		}
		if i < 0 {
			return
		}
	}
}

// referred returns the value of ${name}: a param, or a formula over params. What
// is wrong with it is said, and nil returned.
func (r *resolver) referred(t *tree, path, name string, params map[string]*tree) *tree {
	switch p := params[name]; {
	case p != nil:
		return p
	case isWord(name):
		hint := "name it under params"
		if near := nearest(name, keysOf(r.params)); near != "" {
			hint = fmt.Sprintf("did you mean ${%s}?", near)
		}
		r.fail(t.at, path, fmt.Sprintf("there is no param %q", name), hint)
		return nil
	}
	v, err := formula(name, params)
	if err != nil {
		r.fail(t.at, path, fmt.Sprintf("%s is neither a param nor a formula of params that are numbers: %v", quote("${"+name+"}"), err),
			"write ${name}, or as in ${max(name, 4)}")
		return nil
	}
	return &tree{kind: scalarNode, text: v.String(), value: v}
}

// substitute replaces ${p} in every text: alone it becomes the param's value
// with its type, within a text its text. A formula of params is a number.
func (r *resolver) substitute(t *tree, path string, params map[string]*tree) {
	for i, c := range t.children {
		below := path
		if t.kind == sequenceNode {
			below = fmt.Sprintf("%s[%d]", path, i)
		} else if below = c.key; path != "" {
			below = path + "." + c.key
		}
		r.substitute(c, below, params)
	}
	if t.kind != scalarNode || !strings.Contains(t.text, "${") || t.broken {
		return
	}
	if r.written > maxSubstituted {
		t.broken = true
		return
	}
	if path == "name" {
		r.fail(t.at, path, "the name of a scenario has no params in it", "write it out")
		t.broken = true
		return
	}
	var out strings.Builder
	rest := t.text
	for {
		before, after, found := strings.Cut(rest, "${")
		out.WriteString(before)
		if !found {
			break
		}
		name, tail, closed := strings.Cut(after, "}")
		var p *tree
		if closed {
			name = strings.TrimSpace(name)
			p = r.referred(t, path, name, params)
		} else {
			r.fail(t.at, path, fmt.Sprintf("%s is no reference to a param", quote("${"+after)), "write ${name}")
		}
		if p == nil || p.broken {
			t.broken = true
			return
		}
		t.note = strings.TrimPrefix(t.note+", ", ", ") + fmt.Sprintf("${%s} is %s", name, clip(p.text))
		if before == "" && tail == "" && out.Len() == 0 {
			t.text, t.value, t.quoted = p.text, p.value, p.quoted
			return
		}
		out.WriteString(p.text)
		rest = tail
		if r.written+out.Len() > maxSubstituted {
			if r.written <= maxSubstituted { // said once
				r.fail(t.at, path, "the texts of all rows are too long with their params in them", "")
				r.written = maxSubstituted + 1
			}
			t.broken = true
			return
		}
	}
	r.written += out.Len()
	t.text = out.String()
	t.value = t.text
}
