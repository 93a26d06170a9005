package scenarios

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// schemaChecker checks one row's tree against the schema.
type schemaChecker struct {
	file     string
	root     *tree
	problems *problemList
	dirty    map[string]bool // sections and steps in which something is wrong
}

// check reports every violation and marks what is broken, so that the rest can
// still be decoded.
func (c *schemaChecker) check() {
	c.touchBroken(c.root, nil)
	err := validator().Validate(c.root.plain(func(t *tree) bool { return true }))
	if err == nil {
		return
	}
	v, ok := err.(*jsonschema.ValidationError)
	if !ok {
		c.problems.add(problemAt(c.file, c.root.at, "", "the scenario cannot be checked: "+err.Error(), ""))
		c.dirty[""] = true
		return
	}
	c.walk(v)
}

// touchBroken marks where a value was refused already.
func (c *schemaChecker) touchBroken(t *tree, path []pathStep) {
	if t.broken {
		c.touch(path)
	}
	for i, child := range t.children {
		step := pathStep{key: child.key}
		if t.kind == sequenceNode {
			step = pathStep{index: i}
		}
		c.touchBroken(child, append(path[:len(path):len(path)], step))
	}
}

// walk finds the violations that count. A value with its own parser is
// reported in that one's words, once.
func (c *schemaChecker) walk(v *jsonschema.ValidationError) {
	t, path := c.locate(v.InstanceLocation)
	if t.broken {
		c.touch(path)
		return
	}
	if unit, parse := unitOf(v.SchemaURL); parse != nil {
		c.unit(t, path, unit, parse)
		return
	}
	switch v.ErrorKind.(type) {
	case *kind.AnyOf:
		branches := slices.DeleteFunc(slices.Clone(v.Causes), func(b *jsonschema.ValidationError) bool {
			return mistaken(b, len(v.InstanceLocation), t)
		})
		if len(branches) == 0 {
			c.report(t, t.head(), path, fmt.Sprintf("%s cannot be %s", pathText(path), t.describe()), "")
			t.broken = true
			return
		}
		c.walk(branches[0])
		return
	case *kind.Schema, *kind.Group, *kind.AllOf, *kind.Reference:
		for _, cause := range v.Causes {
			c.walk(cause)
		}
		return
	}
	c.leaf(v.ErrorKind, t, path)
}

// mistaken reports whether a branch of an alternative is not the one meant: a
// mapping was meant where there is one, a scalar otherwise.
func mistaken(branch *jsonschema.ValidationError, depth int, t *tree) bool {
	if len(branch.InstanceLocation) > depth {
		return false
	}
	if _, parse := unitOf(branch.SchemaURL); parse != nil {
		return t.kind != scalarNode
	}
	switch k := branch.ErrorKind.(type) {
	case *kind.Type:
		return slices.Contains(k.Want, "object") != (t.kind == mappingNode) || t.kind == sequenceNode
	case *kind.Enum:
		return t.kind != scalarNode
	}
	return len(branch.Causes) > 0 && !slices.ContainsFunc(branch.Causes, func(b *jsonschema.ValidationError) bool {
		return !mistaken(b, depth, t)
	})
}

// unitOf returns the name and the parser of the unit type that a schema is of.
func unitOf(url string) (string, func(string) error) {
	_, rest, _ := strings.Cut(url, "#/$defs/")
	name, _, _ := strings.Cut(rest, "/")
	return name, unitParsers[name]
}

// unit reports a scalar in the words of its own parser.
func (c *schemaChecker) unit(t *tree, path []pathStep, unit string, parse func(string) error) {
	name := lastKey(path)
	if t.kind != scalarNode {
		c.report(t, t.head(), path, fmt.Sprintf("%s must be a %s, not %s", name, strings.ToLower(unit), t.describe()), "")
	} else if err := parse(t.text); err != nil {
		message, hint := splitHint(err)
		c.report(t, t.at, path, name+": "+message, hint)
	} else {
		c.report(t, t.at, path, fmt.Sprintf("%s: %s is no %s", name, quote(t.text), strings.ToLower(unit)), "")
	}
	t.broken = true
}

// leaf reports a violation of a single keyword.
func (c *schemaChecker) leaf(k jsonschema.ErrorKind, t *tree, path []pathStep) {
	name := lastKey(path)
	broken := true
	switch k := k.(type) {
	case *kind.AdditionalProperties:
		c.unknownKeys(t, path, k.Properties)
		return
	case *kind.Required:
		for _, key := range k.Missing {
			c.report(t, t.head(), path, fmt.Sprintf("%s has no %s", pathName(path), key), "add "+key)
		}
		return
	case *kind.MinProperties:
		c.report(t, t.head(), path, "a step has no action", "write one of "+strings.Join(stepVerbs, ", "))
	case *kind.MaxProperties:
		c.twoActions(t, path)
	case *kind.Type:
		c.report(t, t.head(), path, fmt.Sprintf("%s must be %s, not %s", name, typeWords(k.Want), t.describe()), "")
	case *kind.Enum:
		c.enum(k, t, path)
	case *kind.Minimum, *kind.ExclusiveMinimum, *kind.Maximum, *kind.ExclusiveMaximum:
		c.report(t, t.at, path, fmt.Sprintf("%s must be %s, not %s", name, limitWords(k), clip(t.text)), "")
	case *kind.MinItems:
		if k.Got > 0 {
			c.report(t, t.head(), path, fmt.Sprintf("%s needs at least %d items, not %d", name, k.Want, k.Got), "")
			break
		}
		c.report(t, t.head(), path, fmt.Sprintf("%s is empty", name), "give it at least one item")
	case *kind.MaxItems:
		c.report(t, t.head(), path, fmt.Sprintf("%s has %d items; it may have %d", name, k.Got, k.Want), "")
	case *kind.UniqueItems:
		c.report(t, t.children[k.Duplicates[1]].at, path, fmt.Sprintf("%s has %s twice", name, t.children[k.Duplicates[1]].describe()), "remove one")
		broken = false
	case *kind.MaxLength:
		c.report(t, t.at, path, fmt.Sprintf("%s has %d characters; it may have %d", name, k.Got, k.Want), "")
	case *kind.Pattern:
		c.report(t, t.at, path, fmt.Sprintf("%s: %s is no name", name, quote(t.text)), patternHints[name])
	default:
		c.report(t, t.head(), path, fmt.Sprintf("%s is not as the schema has it (%s)", pathName(path), strings.Join(k.KeywordPath(), "/")), "see chordsim schema")
	}
	t.broken = t.broken || broken
}

// patternHints say what the patterns of the language ask for: all are names.
var patternHints = map[string]string{
	"name": "write lower-case letters, digits, _ and -; / between folders",
	"as":   "names match [a-z][a-z0-9_]*",
}

func (c *schemaChecker) unknownKeys(t *tree, path []pathStep, keys []string) {
	known := knownKeys(path)
	for _, key := range keys {
		child := t.child(key)
		if child == nil || child.broken {
			continue
		}
		message := fmt.Sprintf("unknown key %s in %s", quote(key), pathName(path))
		hint := ""
		if near := nearest(key, known); near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		} else if len(known) > 0 {
			hint = "known are " + strings.Join(known, ", ")
		}
		c.report(t, child.keyAt, append(slices.Clone(path), pathStep{key: key}), message, hint)
		child.broken = true
	}
}

func (c *schemaChecker) twoActions(t *tree, path []pathStep) {
	var verbs []string
	at := t.at
	for _, child := range t.children {
		if slices.Contains(stepVerbs, child.key) {
			if verbs = append(verbs, child.key); len(verbs) == 2 {
				at = child.keyAt
			}
		}
	}
	if len(verbs) < 2 { // the second key is no action, and reported as unknown
		return
	}
	c.report(t, at, path, fmt.Sprintf("a step has one action, not %s", strings.Join(verbs, " and ")), "begin another step with - before the second")
}

func (c *schemaChecker) enum(k *kind.Enum, t *tree, path []pathStep) {
	name := lastKey(path)
	var words []string
	for _, w := range k.Want {
		words = append(words, fmt.Sprint(w))
	}
	hint := ""
	if near := nearest(t.text, words); near != "" && t.kind == scalarNode {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	oneOf := "one of "
	if len(k.Want) == 1 {
		oneOf = ""
	}
	c.report(t, t.head(), path, fmt.Sprintf("%s must be %s%s, not %s", name, oneOf, enumWords(k.Want), t.describe()), hint)
}

func enumWords(want []any) string {
	words := make([]string, len(want))
	for i, w := range want {
		words[i] = fmt.Sprint(w)
	}
	return strings.Join(words, ", ")
}

func typeWords(want []string) string {
	words := map[string]string{
		"object": "a mapping", "array": "a list", "string": "a text",
		"integer": "a whole number", "number": "a number", "boolean": "true or false",
	}
	var out []string
	for _, w := range want {
		out = append(out, words[w])
	}
	return strings.Join(out, " or ")
}

func limitWords(k jsonschema.ErrorKind) string {
	switch k := k.(type) {
	case *kind.Minimum:
		return "at least " + k.Want.RatString()
	case *kind.ExclusiveMinimum:
		return "above " + k.Want.RatString()
	case *kind.Maximum:
		return "at most " + k.Want.RatString()
	case *kind.ExclusiveMaximum:
		return "below " + k.Want.RatString()
	}
	return "in range"
}

// locate returns the value at a JSON pointer and its path.
func (c *schemaChecker) locate(tokens []string) (*tree, []pathStep) {
	t := c.root
	var path []pathStep
	for _, token := range tokens {
		step := pathStep{key: token}
		if t.kind == sequenceNode {
			n, err := strconv.Atoi(token)
			if err != nil {
				break
			}
			step = pathStep{index: n}
		}
		next, ok := t.find([]pathStep{step})
		if !ok {
			break
		}
		t, path = next, append(path, step)
	}
	return t, path
}

func (c *schemaChecker) report(t *tree, at place, path []pathStep, message, hint string) {
	if t.note != "" {
		message += " (" + t.note + ")"
	}
	text := ""
	if len(path) > 0 {
		text = pathText(path)
	}
	c.problems.add(problemAt(c.file, at, text, message, hint))
	c.touch(path)
}

// touch marks the section or step of a path.
func (c *schemaChecker) touch(path []pathStep) {
	c.dirty[unitOfPath(path)] = true
}

// unitOfPath returns what is checked as a whole: a section, or one step.
func unitOfPath(path []pathStep) string {
	switch {
	case len(path) == 0:
		return ""
	case len(path) > 1 && path[0].key == "timeline":
		return pathText(path[:2])
	}
	return path[0].key
}

// isStepPath reports whether a path is that of a step.
func isStepPath(path []pathStep) bool {
	return len(path) == 2 && path[0].key == "timeline"
}

// lastKey names a value by its key, and an item by its list's.
func lastKey(path []pathStep) string {
	for i := len(path) - 1; i >= 0; i-- {
		if path[i].key != "" {
			if path[i].key == "timeline" && i < len(path)-1 {
				return "a step"
			}
			return path[i].key
		}
	}
	return "a scenario"
}

// pathName names a mapping for "… has no key".
func pathName(path []pathStep) string {
	if isStepPath(path) {
		return "a step"
	}
	return lastKey(path)
}

// knownKeys returns the keys that a mapping at a path may have.
func knownKeys(path []pathStep) []string {
	s := validator()
	for _, step := range path {
		s = object(s)
		if s == nil {
			return nil
		}
		if step.key == "" {
			if items, ok := s.Items2020, s.Items2020 != nil; ok {
				s = items
				continue
			}
			return nil
		}
		if s = s.Properties[step.key]; s == nil {
			return nil
		}
	}
	if s = object(s); s == nil {
		return nil
	}
	var keys []string
	for key := range s.Properties {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// object follows references and alternatives to the schema of a mapping or a
// list.
func object(s *jsonschema.Schema) *jsonschema.Schema {
	for s != nil && s.Ref != nil {
		s = s.Ref
	}
	if s == nil {
		return nil
	}
	for _, alternative := range s.AnyOf {
		if o := object(alternative); o != nil && (len(o.Properties) > 0 || o.Items2020 != nil) {
			return o
		}
	}
	return s
}
