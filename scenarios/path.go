package scenarios

import (
	"fmt"
	"strconv"
	"strings"
)

// A path names a value of a scenario: "ring.successors", "timeline[2].fail.fraction".

// pathStep is one step of a path: a key, or an item's index.
type pathStep struct {
	key   string
	index int // where key is ""
}

// parsePath reads a path.
func parsePath(text string) ([]pathStep, error) {
	var steps []pathStep
	for part := range strings.SplitSeq(text, ".") {
		key, rest, indexed := strings.Cut(part, "[")
		if !isWord(key) {
			return nil, fmt.Errorf("%s is no path; write it as ring.successors or timeline[2].fail.fraction", quote(text))
		}
		steps = append(steps, pathStep{key: key})
		for indexed {
			var digits string
			digits, rest, indexed = strings.Cut(rest, "]")
			n, err := strconv.Atoi(digits)
			if !indexed || err != nil || n < 0 || digits != strconv.Itoa(n) {
				return nil, fmt.Errorf("%s is no path; write it as ring.successors or timeline[2].fail.fraction", quote(text))
			}
			steps = append(steps, pathStep{index: n})
			if rest == "" {
				break
			}
			if rest[0] != '[' {
				return nil, fmt.Errorf("%s is no path; write it as ring.successors or timeline[2].fail.fraction", quote(text))
			}
			rest = rest[1:]
		}
	}
	return steps, nil
}

// isWord reports whether s matches [a-z][a-z0-9_]*: the form of keys, params
// and names.
func isWord(s string) bool {
	for i := range len(s) {
		c := s[i]
		if !('a' <= c && c <= 'z' || i > 0 && ('0' <= c && c <= '9' || c == '_')) {
			return false
		}
	}
	return s != ""
}

// find returns the value at a path, or the deepest one on the way to it.
func (t *tree) find(steps []pathStep) (at *tree, found bool) {
	at = t
	for _, s := range steps {
		next := at.child(s.key)
		if s.key == "" && at.kind == sequenceNode && s.index < len(at.children) {
			next = at.children[s.index]
		}
		if next == nil {
			return at, false
		}
		at = next
	}
	return at, true
}

// set puts a value at a path; mappings that the file left out are made, items
// of lists are not.
func (t *tree) set(steps []pathStep, value *tree) error {
	at := t
	for i, s := range steps {
		last := i == len(steps)-1
		switch {
		case s.key == "":
			if at.kind != sequenceNode || s.index >= len(at.children) {
				return fmt.Errorf("%s has no item %d; it has %d, counted from 0", pathText(steps[:i]), s.index, len(at.children))
			}
			if last {
				value.key, value.keyAt = "", place{}
				at.children[s.index] = value
				return nil
			}
			at = at.children[s.index]
		case at.kind != mappingNode:
			return fmt.Errorf("%s is %s here and has no key %q; write it as a mapping in the file", pathText(steps[:i]), at.describe(), s.key)
		default:
			next := at.child(s.key)
			if last {
				at.put(s.key, value)
				return nil
			}
			if next == nil {
				if steps[i+1].key == "" {
					return fmt.Errorf("%s is not in the file; only items of lists that are there can be set", pathText(steps[:i+1]))
				}
				next = &tree{kind: mappingNode, at: value.at}
				at.put(s.key, next)
			}
			at = next
		}
	}
	return nil
}

// put sets a key of a mapping.
func (t *tree) put(key string, value *tree) {
	value.key, value.keyAt = key, value.at
	for i, c := range t.children {
		if c.key == key {
			t.children[i] = value
			return
		}
	}
	t.children = append(t.children, value)
}

// pathText writes a path.
func pathText(steps []pathStep) string {
	var b strings.Builder
	for i, s := range steps {
		switch {
		case s.key == "":
			fmt.Fprintf(&b, "[%d]", s.index)
		case i > 0:
			b.WriteString("." + s.key)
		default:
			b.WriteString(s.key)
		}
	}
	if b.Len() == 0 {
		return "the scenario"
	}
	return b.String()
}
