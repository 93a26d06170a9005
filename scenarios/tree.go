package scenarios

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// place is where something stands: in the file, or in an override.
type place struct {
	override     string // "--set p=0.3"; "" for the file
	line, column int
	token        *token.Token
}

func placeOf(tk *token.Token) place {
	return place{line: tk.Position.Line, column: tk.Position.Column, token: tk}
}

// treeKind is the form of a tree node.
type treeKind uint8

const (
	scalarNode treeKind = iota
	mappingNode
	sequenceNode
)

// tree is a value of the file with its place: what is left of the YAML once
// its form is checked. Params are put in and rows are varied on it, the schema
// is checked against it, and every later problem finds its line through it.
type tree struct {
	kind     treeKind
	at       place // of the value
	key      string
	keyAt    place // of the key; no token for an item
	text     string
	quoted   bool
	value    any // of a scalar: nil, bool, json.Number or string
	children []*tree
	note     string // "${p} is 1.5", where the value came from a param
	broken   bool   // already reported: nothing more is said about it
}

// child returns the value under a key, or nil.
func (t *tree) child(key string) *tree {
	if t == nil || t.kind != mappingNode {
		return nil
	}
	for _, c := range t.children {
		if c.key == key {
			return c
		}
	}
	return nil
}

// head is where a problem with t as a whole is shown: a mapping at its key.
func (t *tree) head() place {
	if t.kind != scalarNode && t.key != "" {
		return t.keyAt
	}
	return t.at
}

// describe says in a word what t is.
func (t *tree) describe() string {
	switch t.kind {
	case mappingNode:
		return "a mapping"
	case sequenceNode:
		return "a list"
	}
	return quote(t.text)
}

// clone returns a deep copy.
func (t *tree) clone() *tree {
	c := *t
	c.children = make([]*tree, len(t.children))
	for i, child := range t.children {
		c.children[i] = child.clone()
	}
	return &c
}

// size counts the nodes.
func (t *tree) size() int {
	n := 1
	for _, c := range t.children {
		n += c.size()
	}
	return n
}

// plain returns t as encoding/json would have it, without what keep refuses.
// A refused item of a list becomes null, so that the others keep their places.
func (t *tree) plain(keep func(*tree) bool) any {
	switch t.kind {
	case mappingNode:
		m := make(map[string]any, len(t.children))
		for _, c := range t.children {
			if keep(c) {
				m[c.key] = c.plain(keep)
			}
		}
		return m
	case sequenceNode:
		l := make([]any, len(t.children))
		for i, c := range t.children {
			if keep(c) {
				l[i] = c.plain(keep)
			}
		}
		return l
	}
	return t.value
}

// treeBuilder turns the parser's nodes into a tree and gathers what is wrong
// with single keys and values on the way.
type treeBuilder struct {
	problems []Problem
}

// parseTree reads one document. Broken YAML is one problem, the first; all
// others are gathered.
func parseTree(data []byte) (*tree, []Problem) {
	text, problem := guardBytes(data)
	if problem != nil {
		return nil, []Problem{*problem}
	}
	tokens, problem := scan(text)
	if problem != nil {
		return nil, []Problem{*problem}
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		var bad yaml.Error
		if errors.As(err, &bad) && bad.GetToken() != nil {
			return nil, []Problem{*syntaxProblem(bad.GetToken(), bad.GetMessage())}
		}
		return nil, []Problem{{Line: 1, Column: 1, Message: "broken YAML"}}
	}
	relink(tokens)
	var bodies []ast.Node
	for _, doc := range file.Docs {
		if doc.Body != nil {
			bodies = append(bodies, doc.Body)
		}
	}
	switch len(bodies) {
	case 0:
		return nil, []Problem{{Line: 1, Column: 1, Message: "the file is empty", Hint: "see chordsim show smoke for an example"}}
	case 1:
	default:
		return nil, []Problem{*tokenProblem(bodies[1].GetToken(), "a second document begins here", "keep one scenario a file")}
	}
	b := &treeBuilder{}
	root := b.build(bodies[0])
	return root, b.problems
}

// relink makes the list of tokens again what was scanned: where a key has no value the
// parser puts one in, which would be shown in place of the lines around a problem.
func relink(tokens token.Tokens) {
	for i, tk := range tokens {
		tk.Prev, tk.Next = nil, nil
		if i > 0 {
			tk.Prev, tokens[i-1].Next = tokens[i-1], tk
		}
	}
}

func (b *treeBuilder) fail(tk *token.Token, message, hint string) {
	b.problems = append(b.problems, *tokenProblem(tk, message, hint))
}

func (b *treeBuilder) build(n ast.Node) *tree {
	t := &tree{at: placeOf(n.GetToken())}
	switch n := n.(type) {
	case *ast.MappingNode:
		b.mapping(t, n.Values)
	case *ast.MappingValueNode:
		b.mapping(t, []*ast.MappingValueNode{n})
	case *ast.SequenceNode:
		t.kind = sequenceNode
		for i, v := range n.Values {
			item := b.build(v)
			if item.kind == scalarNode && item.value == nil && !item.broken {
				tk := v.GetToken()
				if i < len(n.Entries) && tk.Type == token.ImplicitNullType {
					tk = n.Entries[i].Start // nothing stands where the value would
				}
				b.fail(tk, "an item of the list has no value", "give it one or remove it")
				item.broken = true
			}
			t.children = append(t.children, item)
		}
	case *ast.LiteralNode:
		t.text, t.quoted = n.Value.Value, true
		t.value = t.text
	default:
		b.scalar(t, n)
	}
	return t
}

func (b *treeBuilder) mapping(t *tree, pairs []*ast.MappingValueNode) {
	t.kind = mappingNode
	first := map[string]place{}
	for i, pair := range pairs {
		keyToken := pair.Key.GetToken()
		if i == 0 {
			t.at = placeOf(keyToken)
		}
		key := keyToken.Value
		if before, ok := first[key]; ok {
			b.fail(keyToken, fmt.Sprintf("key %s is already there in line %d", quote(key), before.line), "keep one of them")
			continue
		}
		first[key] = placeOf(keyToken)
		value := b.build(pair.Value)
		value.key, value.keyAt = key, placeOf(keyToken)
		if value.kind == scalarNode && value.value == nil && !value.broken {
			b.fail(keyToken, fmt.Sprintf("key %s has no value", quote(key)), "give it one or leave the key out")
			value.broken = true
		}
		t.children = append(t.children, value)
	}
}

func (b *treeBuilder) scalar(t *tree, n ast.Node) {
	tk := n.GetToken()
	t.text = tk.Value
	switch tk.Type {
	case token.SingleQuoteType, token.DoubleQuoteType:
		t.quoted, t.value = true, t.text
	case token.ImplicitNullType:
		t.text = ""
	default:
		v, err := plainValue(t.text)
		if err != nil {
			message, hint := splitHint(err)
			b.fail(tk, message, hint)
			t.broken = true
			return
		}
		t.value = v
	}
	if i := strings.IndexFunc(t.text, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' || 0x7f <= r && r < 0xa0 }); i >= 0 {
		b.fail(tk, "the text has a control character in it", "remove it")
		t.broken = true
	}
}

// splitHint parts the message of an error from its hint.
func splitHint(err error) (message, hint string) { return splitMessage(err.Error()) }

// splitMessage parts a message from its hint at the last "; ".
func splitMessage(text string) (message, hint string) {
	if i := strings.LastIndex(text, "; "); i >= 0 {
		return text[:i], text[i+2:]
	}
	return text, ""
}
