package scenarios

import (
	"fmt"
	"slices"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/checker/nature"
)

// binder replaces every path of an expression by a call that reads its value,
// and collects what is wrong with the names and with forms of the language
// that have no place in an expectation. Replacing comes before expr-lang
// checks the types, so that a text compared with a number is found as well.
type binder struct {
	tree     *nameTree
	repeat   int
	names    []boundName // the index is the argument of the call
	problems []ExpectProblem
	parts    map[ast.Node]bool // nodes that belong to a larger path or call
	all      string            // a path over all runs, if there is one
	single   string            // a path of one run, if there is one
	host     bool              // a path of the host occurs
}

// options compile an expression through the binder.
func (b *binder) options() []expr.Option {
	return append(expectOptions(), expr.Patch(partFinder{b}), expr.Patch(b))
}

// report returns the problems by column, each once.
func (b *binder) report() []ExpectProblem {
	slices.SortStableFunc(b.problems, func(x, y ExpectProblem) int { return x.Column - y.Column })
	return slices.Compact(b.problems)
}

// partFinder goes over the tree before the binder: nodes are visited children
// first, and the binder has to know heal in heal.time from a heal alone.
type partFinder struct{ b *binder }

func (f partFinder) Visit(node *ast.Node) {
	if f.b.parts == nil {
		f.b.parts = map[ast.Node]bool{}
	}
	switch n := (*node).(type) {
	case *ast.MemberNode:
		f.b.parts[n.Node], f.b.parts[n.Property] = true, true
	case *ast.CallNode:
		f.b.parts[n.Callee] = true
	case *ast.ChainNode:
		f.b.parts[n.Node] = true
	}
}

// Visit is called for every node, children first.
func (b *binder) Visit(node *ast.Node) {
	switch n := (*node).(type) {
	case *ast.IdentifierNode, *ast.MemberNode, *ast.ChainNode:
		if !b.parts[n] {
			b.bind(node)
		}
	case *ast.CallNode:
		b.call(n)
		// The check before the binding took unknown names for anything and
		// settled the type; the one after it has to look at the arguments.
		n.SetNature(nature.Nature{})
	case *ast.IntegerNode, *ast.FloatNode, *ast.StringNode, *ast.BoolNode, *ast.ArrayNode,
		*ast.UnaryNode, *ast.ConditionalNode, *ast.BuiltinNode:
	case *ast.BinaryNode:
		if n.Operator == "??" {
			b.problem(n, "?? has no place in an expectation: an undefined number always fails it")
		}
	default:
		b.problem(n, "this form has no place in an expectation; use names, numbers, texts, operators and functions")
	}
}

func (b *binder) problem(n ast.Node, format string, args ...any) {
	b.problems = append(b.problems, ExpectProblem{Column: n.Location().From + 1, Message: fmt.Sprintf(format, args...)})
}

// bind replaces a whole path.
func (b *binder) bind(node *ast.Node) {
	segments, ok := segmentsOf(*node)
	if !ok {
		b.problem(*node, "a name is written as in lookup.during.path.mean")
		return
	}
	unit, problem := b.tree.resolve(segments, b.repeat)
	if problem != nil {
		b.problems = append(b.problems, *problem)
		return
	}
	path := pathOf(segments)
	switch {
	case segments[0].name == allSegment:
		b.all = path
	case len(segments) > 1:
		b.single = path
	}
	b.host = b.host || segments[0].name == "host"
	name := boundName{path, unit}
	index := slices.Index(b.names, name)
	if index < 0 {
		index = len(b.names)
		b.names = append(b.names, name)
	}
	reader := "Number"
	switch unit {
	case UnitText:
		reader = "Text"
	case UnitTruth:
		reader = "Truth"
	}
	ast.Patch(node, &ast.CallNode{
		Callee:    &ast.IdentifierNode{Value: reader},
		Arguments: []ast.Node{&ast.IntegerNode{Value: index}},
	})
}

// segmentsOf takes a path apart.
func segmentsOf(node ast.Node) ([]segment, bool) {
	switch n := node.(type) {
	case *ast.IdentifierNode:
		return []segment{{n.Value, n.Location().From + 1}}, true
	case *ast.MemberNode:
		property, ok := n.Property.(*ast.StringNode)
		if !ok || n.Optional {
			return nil, false
		}
		left, ok := segmentsOf(n.Node)
		return append(left, segment{property.Value, property.Location().From + 1}), ok
	}
	return nil, false
}

// call checks the name of a function and what can be known of its arguments.
func (b *binder) call(n *ast.CallNode) {
	callee, ok := n.Callee.(*ast.IdentifierNode)
	if !ok {
		b.problem(n.Callee, "a name is no function")
		return
	}
	known := functionNames()
	if !slices.Contains(known, callee.Value) {
		p := ExpectProblem{Column: callee.Location().From + 1, Hint: nearest(callee.Value, known)}
		p.Message = fmt.Sprintf("unknown function %q; known are %s", callee.Value, someOf(known))
		if p.Hint != "" {
			p.Message = fmt.Sprintf("unknown function %q; did you mean %s?", callee.Value, p.Hint)
		}
		b.problems = append(b.problems, p)
		return
	}
	if callee.Value == "duration" && len(n.Arguments) == 1 {
		if text, ok := n.Arguments[0].(*ast.StringNode); ok {
			if _, err := durationSeconds(text.Value); err != nil {
				b.problem(text, "%v", err)
			}
		}
	}
}
