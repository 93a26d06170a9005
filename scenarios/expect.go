package scenarios

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/parser"
	"github.com/expr-lang/expr/vm"
)

// Limits of one expectation. The parser of expr-lang recurses, so the length
// bounds its stack as well.
const (
	maxExpectBytes = 4096
	maxExpectNodes = 1000
)

// ExpectOptions is what a scenario says about its expectations beside names.
type ExpectOptions struct {
	Repeat int      // runs of a row; a ci95 needs 2
	Params []Param  // of all rows, read by their bare names; one may come again
	Kinds  []string // kinds of message of traffic; nil: MessageKinds()
}

// ExpectProblem is what is wrong with one expectation.
type ExpectProblem struct {
	Index      int // of the expression, from 0
	Expression string
	Column     int    // in the expression, in characters from 1
	Message    string // lower case, one line
	Hint       string // the right name, if there is one near
}

func (p ExpectProblem) Error() string {
	return fmt.Sprintf("expect[%d], column %d: %s", p.Index, p.Column, p.Message)
}

// Expectation is a compiled expression, evaluated for every run or, where it
// reads the aggregate, once for every row. It holds no state of an evaluation.
type Expectation struct {
	Text string

	ofRow    bool
	ofHost   bool
	names    []boundName
	program  *vm.Program
	operands []operand
}

// boundName is a path that occurs in an expression.
type boundName struct {
	path string
	unit Unit
}

// operand is a computed side of a comparison, shown beside the names when the
// expectation is reported.
type operand struct {
	text    string
	program *vm.Program
}

// CompileExpectations compiles the expressions against the names a scenario
// gives and returns every problem of all of them. The expectations are nil if
// there is one.
func CompileExpectations(names []Named, expressions []string, opts ExpectOptions) ([]*Expectation, []ExpectProblem) {
	if opts.Kinds == nil {
		opts.Kinds = MessageKinds()
	}
	tree := newNameTree(names, opts.Params, opts.Kinds)
	var out []*Expectation
	var problems []ExpectProblem
	for i, text := range expressions {
		e, found := compileExpectation(text, tree, opts.Repeat)
		for _, p := range found {
			p.Index, p.Expression = i, text
			problems = append(problems, p)
		}
		out = append(out, e)
	}
	if len(problems) > 0 {
		return nil, problems
	}
	return out, nil
}

func compileExpectation(text string, tree *nameTree, repeat int) (*Expectation, []ExpectProblem) {
	if len(text) > maxExpectBytes {
		return nil, []ExpectProblem{{Column: 1, Message: fmt.Sprintf(
			"the expression has %d bytes; %d are allowed", len(text), maxExpectBytes)}}
	}
	b := &binder{tree: tree, repeat: repeat}
	program, err := expr.Compile(text, append(b.options(), expr.AsBool())...)
	if problems := b.report(); len(problems) > 0 {
		return nil, problems
	}
	if err != nil {
		return nil, []ExpectProblem{problemOf(err)}
	}
	e := &Expectation{Text: text, program: program, names: b.names, ofRow: b.all != "", ofHost: b.host}
	if e.ofRow && b.single != "" {
		return nil, []ExpectProblem{{Column: 1, Message: fmt.Sprintf(
			"%s is over all runs of a row, %s is of a single run: write all. in front of both", b.all, b.single)}}
	}
	e.operands = compileOperands(text, b)
	return e, nil
}

// problemOf puts an error of expr-lang into one line.
func problemOf(err error) ExpectProblem {
	var at *file.Error
	if !errors.As(err, &at) {
		first, _, _ := strings.Cut(err.Error(), "\n")
		return ExpectProblem{Column: 1, Message: inWords(first)}
	}
	message := at.Message
	if message == "" || strings.Contains(message, "unexpected token EOF") {
		message = "the expression ends too early"
	}
	if message[0] >= 'A' && message[0] <= 'Z' {
		message = strings.ToLower(message[:1]) + message[1:]
	}
	return ExpectProblem{Column: at.Column + 1, Message: inWords(message)}
}

// compileOperands returns the computed sides of the comparisons at the top of
// an expression that is known to compile.
func compileOperands(text string, b *binder) []operand {
	config := conf.CreateNew()
	for _, option := range expectOptions() {
		option(config)
	}
	tree, err := parser.ParseWithConfig(text, config)
	if err != nil {
		return nil
	}
	var out []operand
	for _, node := range comparedNodes(tree.Node) {
		side := &binder{tree: b.tree, repeat: b.repeat, names: b.names}
		program, err := expr.Compile(node.String(), append(side.options(), expr.AsFloat64())...)
		if err == nil && len(side.problems) == 0 {
			out = append(out, operand{node.String(), program})
		}
	}
	return out
}

// comparedNodes returns the operands of comparisons that are worth showing:
// computed, not a plain name or constant.
func comparedNodes(node ast.Node) []ast.Node {
	var out []ast.Node
	switch n := node.(type) {
	case *ast.BinaryNode:
		switch n.Operator {
		case "&&", "and", "||", "or":
			return append(comparedNodes(n.Left), comparedNodes(n.Right)...)
		case "<", "<=", ">", ">=", "==", "!=":
			out = []ast.Node{n.Left, n.Right}
		}
	case *ast.UnaryNode:
		return comparedNodes(n.Node)
	case *ast.CallNode:
		out = n.Arguments
	}
	return slices.DeleteFunc(slices.Clone(out), func(n ast.Node) bool { return !computed(n) })
}

// computed reports whether a node is more than a name or a constant.
func computed(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.BinaryNode:
		return computed(n.Left) || computed(n.Right) || named(n.Left) || named(n.Right)
	case *ast.UnaryNode:
		return computed(n.Node)
	case *ast.CallNode:
		return slices.ContainsFunc(n.Arguments, func(a ast.Node) bool { return named(a) || computed(a) })
	case *ast.BuiltinNode:
		return slices.ContainsFunc(n.Arguments, func(a ast.Node) bool { return named(a) || computed(a) })
	}
	return false
}

func named(n ast.Node) bool {
	switch n.(type) {
	case *ast.IdentifierNode, *ast.MemberNode:
		return true
	}
	return false
}
