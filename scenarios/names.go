package scenarios

import (
	"fmt"
	"slices"
	"sync"

	"github.com/expr-lang/expr/builtin"
)

// Names. A step is named by `as`; what it measured is reached under that name
// in expectations, tables and charts. A step without one that measures
// something (lookup, await, measure, put, get, delete, workload) is named after its action and its number
// among the steps of that action, from 1, named ones included: lookup1,
// lookup2, await1, measure1. So a name stays when a later step is added or
// another one gets a name of its own.

// NamedKind is what a name stands for.
type NamedKind uint8

const (
	NamedLookup  NamedKind = iota // lookup.NAME
	NamedLoad                     // load.NAME
	NamedRing                     // ring.NAME
	NamedAwait                    // NAME.time, NAME.held
	NamedTraffic                  // traffic.NAME
	NamedPut                      // put.NAME
	NamedGet                      // get.NAME
	NamedDelete                   // delete.NAME
	NamedData                     // data.NAME
)

// Named is something that an expectation can read. A step that measures several
// things has one for each, all of the same name.
type Named struct {
	Name string
	Kind NamedKind
}

// operators are the words of the expression language that are neither names
// nor functions.
var operators = []string{
	"and", "or", "not", "in", "true", "false", "nil", "let", "if", "else",
	"matches", "contains", "endsWith", "startsWith",
}

// groups are the names that every expectation can read, and what a ring has
// beside its named measures.
var groups = sync.OnceValue(func() (words struct{ top, ofRing []string }) {
	names := newNameTree(nil, nil, nil)
	words.top = append(slices.Clone(names.order), "lookup", "load", "traffic", "put", "get", "delete", "data", allSegment)
	words.ofRing = names.below["ring"].order
	return words
})

// reservedForParams reports whether a param of this name could not be read in
// an expectation.
func reservedForParams(name string) bool {
	return slices.Contains(operators, name) || slices.Contains(groups().top, name)
}

// reservedForSteps reports whether a word means something else in an
// expectation. (ring.members would be a measure and a number at once.)
func reservedForSteps(name string) bool {
	_, builtIn := builtin.Index[name]
	return builtIn || reservedForParams(name) || slices.Contains(functionNames(), name) || slices.Contains(groups().ofRing, name)
}

// checkName says what is wrong with the name of a step.
func checkName(name string) error {
	switch {
	case len(name) > 40:
		return fmt.Errorf("the name %s is longer than 40 characters", quote(name))
	case !isWord(name):
		return fmt.Errorf("%s is no name; names match [a-z][a-z0-9_]*", quote(name))
	case reservedForSteps(name):
		return fmt.Errorf("the name %q means something else in expectations; choose another", name)
	}
	return nil
}

// namesOf gathers the names of a timeline, from the tree: what is wrong inside
// a step does not take its name away, so that an expectation is not blamed for
// it. It returns the name of each step, "" where it has none.
// taken says by what a name is taken already: "is a param".
func namesOf(timeline *tree, taken map[string]string, fail func(at place, path, message, hint string)) (steps []string, named []Named) {
	steps = make([]string, len(timeline.children))
	count := map[string]int{}
	for i, step := range timeline.children {
		verb, body := stepAction(step)
		if body == nil {
			continue
		}
		count[verb]++
		name, at := "", step.at
		if as := body.child("as"); as != nil {
			if as.kind != scalarNode || as.broken {
				continue
			}
			name, at = as.text, as.at
			if err := checkName(name); err != nil {
				message, hint := splitHint(err)
				fail(at, fmt.Sprintf("timeline[%d].%s.as", i, verb), message, hint)
			}
		} else if slices.Contains(measuringVerbs, verb) {
			name = fmt.Sprintf("%s%d", verb, count[verb])
		}
		if name == "" {
			continue
		}
		if before, ok := taken[name]; ok {
			fail(at, fmt.Sprintf("timeline[%d].%s.as", i, verb),
				fmt.Sprintf("the name %q %s already", name, before), "choose another")
			continue
		}
		taken[name] = fmt.Sprintf("belongs to the step of line %d", step.at.line)
		steps[i] = name
		named = append(named, measuredBy(name, verb, body)...)
	}
	return steps, named
}

// measuringVerbs are the steps that have a name without being given one.
var measuringVerbs = []string{"lookup", "await", "measure", "put", "get", "delete", "workload"}

// stepAction returns a step's action and what is given for it; a misspelt
// action counts as the one that it is nearly.
func stepAction(step *tree) (verb string, body *tree) {
	if step.kind != mappingNode {
		return "", nil
	}
	for _, c := range step.children {
		if slices.Contains(stepVerbs, c.key) {
			return c.key, c
		}
	}
	for _, c := range step.children {
		if near := nearest(c.key, stepVerbs); near != "" {
			return near, c
		}
	}
	return "", nil
}

// measuredBy lists what a step measures.
func measuredBy(name, verb string, body *tree) []Named {
	switch verb {
	case "lookup":
		return []Named{{Name: name, Kind: NamedLookup}}
	case "await":
		return []Named{{Name: name, Kind: NamedAwait}}
	case "put":
		return []Named{{Name: name, Kind: NamedPut}}
	case "get":
		return []Named{{Name: name, Kind: NamedGet}}
	case "delete":
		return []Named{{Name: name, Kind: NamedDelete}}
	case "workload":
		return []Named{{Name: name, Kind: NamedPut}, {Name: name, Kind: NamedGet}, {Name: name, Kind: NamedDelete}}
	case "measure":
		var out []Named
		for _, m := range []struct {
			key  string
			kind NamedKind
		}{{"load", NamedLoad}, {"ring", NamedRing}, {"traffic", NamedTraffic}, {"data", NamedData}} {
			if c := body.child(m.key); c != nil && c.text != "false" && c.text != "off" {
				out = append(out, Named{Name: name, Kind: m.kind})
				if m.kind == NamedLoad && c.text == storedLoad {
					out = append(out, Named{Name: name + ".bytes", Kind: NamedLoad}, Named{Name: name + ".requests", Kind: NamedLoad})
				}
			}
		}
		return out
	}
	return nil
}

// didYouMean returns "; did you mean …?" for a misspelt word, or "".
func didYouMean(word string, candidates []string) string {
	if near := nearest(word, candidates); near != "" {
		return fmt.Sprintf("; did you mean %q?", near)
	}
	return ""
}

// nearest returns the candidate that a misspelt word most likely means, or "":
// at most one edit for every three letters.
func nearest(word string, candidates []string) string {
	if len(word) > maxKeyBytes {
		return ""
	}
	best, least := "", 1+len(word)/3
	for _, c := range candidates {
		if d := editDistance(word, c); d < least || d == least && best == "" {
			best, least = c, d
		}
	}
	return best
}

// editDistance counts the insertions, deletions, replacements and swaps of
// neighbours that turn a into b (optimal string alignment).
func editDistance(a, b string) int {
	rows := [3][]int{make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		before, above, row := rows[(i+1)%3], rows[(i-1)%3], rows[i%3]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			row[j] = min(above[j]+1, row[j-1]+1, above[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
	}
	return rows[len(a)%3][len(b)]
}
