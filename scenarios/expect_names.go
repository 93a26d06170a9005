package scenarios

import (
	"fmt"
	"slices"
	"strings"

	"chordsim/chord"
)

// NameKind is what a name of a scenario stands for.
type NameKind uint8

const (
	NameLookup NameKind = iota + 1
	NameLoad
	NameRing
	NameAwait
	NameTraffic
	NameParam
)

// Named is a name that a scenario gives: a step's `as`, or a param.
type Named struct {
	Name string
	Kind NameKind
	Text bool // a param with a value that is no number, see Scalar.Number
}

// MessageKinds returns the kinds of message that cross the network, as traffic
// names them.
func MessageKinds() []string {
	var kinds []string
	for k := chord.KindNone + 1; k < chord.NumKinds; k++ {
		if !k.Local() {
			kinds = append(kinds, k.String())
		}
	}
	return kinds
}

// nameTree holds every path an expression may read: a node is a segment, and a
// leaf, which may have segments below it (mean, mean.ci95), says what is there.
type nameTree struct {
	below map[string]*nameTree
	order []string
	leaf  bool
	unit  Unit
}

func (t *nameTree) add(path string, unit Unit) {
	for segment := range strings.SplitSeq(path, ".") {
		next := t.below[segment]
		if next == nil {
			next = new(nameTree)
			if t.below == nil {
				t.below = map[string]*nameTree{}
			}
			t.below[segment] = next
			t.order = append(t.order, segment)
		}
		t = next
	}
	t.leaf, t.unit = true, unit
}

// all is the first segment of what is read from the aggregate of a row.
const allSegment = "all"

// newNameTree builds the tree of a scenario that gives the names: what a run
// with one empty measurement of each name would hold, by the same enumeration
// that a real run is read by.
func newNameTree(names []Named, kinds []string) *nameTree {
	tree := new(nameTree)
	run, all := emptyMeasurements(names)
	add := visitor(func(name string, v Value) { tree.add(name, v.Unit) })
	for _, n := range names {
		if n.Kind != NameParam {
			continue
		}
		unit := UnitRatio
		if n.Text {
			unit = UnitText
		}
		add(n.Name, Value{Unit: unit})
	}
	run.each(kinds, add)
	new(HostRun).each(add.under("host"))
	all.each(kinds, add.under(allSegment))
	return tree
}

func emptyMeasurements(names []Named) (*RunResult, *Aggregate) {
	run, all := new(RunResult), new(Aggregate)
	for _, n := range names {
		switch n.Kind {
		case NameLookup:
			run.Lookups = append(run.Lookups, Lookup{Name: n.Name})
			all.Lookups = append(all.Lookups, LookupAll{Name: n.Name})
		case NameLoad:
			run.Loads = append(run.Loads, Load{Name: n.Name})
			all.Loads = append(all.Loads, LoadAll{Name: n.Name})
		case NameRing:
			run.Rings = append(run.Rings, Ring{Name: n.Name})
			all.Rings = append(all.Rings, RingAll{Name: n.Name})
		case NameAwait:
			run.Awaits = append(run.Awaits, Await{Name: n.Name})
			all.Awaits = append(all.Awaits, AwaitAll{Name: n.Name})
		case NameTraffic:
			run.Traffic = append(run.Traffic, Traffic{Name: n.Name})
			all.Traffic = append(all.Traffic, TrafficAll{Name: n.Name})
		}
	}
	return run, all
}

// segment is one part of a path in an expression; at is its column, from 1.
type segment struct {
	name string
	at   int
}

func pathOf(segments []segment) string {
	names := make([]string, len(segments))
	for i, s := range segments {
		names[i] = s.name
	}
	return strings.Join(names, ".")
}

// resolve finds what the segments name. The problem it returns has no index
// and no expression yet.
func (t *nameTree) resolve(segments []segment, repeat int) (Unit, *ExpectProblem) {
	node := t
	for i, s := range segments {
		next := node.below[s.name]
		if next == nil {
			return "", unknownName(node, segments[:i], s)
		}
		node = next
	}
	last := segments[len(segments)-1]
	if !node.leaf {
		return "", &ExpectProblem{Column: last.at, Message: fmt.Sprintf(
			"%s has to be followed by one of its parts: %s", pathOf(segments), someOf(node.order))}
	}
	if last.name == "ci95" && repeat < 2 {
		return "", &ExpectProblem{Column: last.at, Message: fmt.Sprintf(
			"%s needs a repeat of 2 or more; it is %d", pathOf(segments), repeat)}
	}
	return node.unit, nil
}

func unknownName(node *nameTree, known []segment, s segment) *ExpectProblem {
	p := &ExpectProblem{Column: s.at}
	switch {
	case s.name == "ci95" && len(known) > 0 && known[0].name != allSegment:
		p.Message = fmt.Sprintf("ci95 is over the runs of a row: write all.%s.ci95", pathOf(known))
		p.Hint = "all." + pathOf(known) + ".ci95"
	case len(known) == 0:
		p.Message = fmt.Sprintf("unknown name %q", s.name)
		p.Hint = nearest(s.name, node.order)
	case len(node.order) == 0 && node.leaf:
		p.Message = fmt.Sprintf("%s is a value and has no part %q", pathOf(known), s.name)
		return p
	case len(node.order) == 0:
		p.Message = fmt.Sprintf("%s has no part %q", pathOf(known), s.name)
		return p
	default:
		p.Message = fmt.Sprintf("%s has no %q", pathOf(known), s.name)
		p.Hint = nearest(s.name, node.order)
	}
	switch {
	case p.Hint == "":
		p.Message += "; known here: " + someOf(node.order)
	case !strings.Contains(p.Message, p.Hint):
		p.Message += fmt.Sprintf("; did you mean %s?", p.Hint)
	}
	return p
}

// someOf lists names for a message, a dozen at most.
func someOf(names []string) string {
	const most = 12
	if len(names) > most {
		return strings.Join(names[:most], ", ") + ", …"
	}
	return strings.Join(names, ", ")
}

// nearest returns the candidate that a typist most likely meant by the word,
// "" if none is near: at most one edit for every three letters.
func nearest(word string, candidates []string) string {
	best, least := "", len(word)/3+1
	for _, c := range candidates {
		if d := editDistance(word, c); d <= least && (best == "" || d < least) {
			best, least = c, d
		}
	}
	return best
}

// editDistance counts the insertions, deletions, replacements and swaps of
// neighbours that turn a into b (optimal string alignment).
func editDistance(a, b string) int {
	x, y := []rune(a), []rune(b)
	var before, last []int
	row := make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		before, last, row = last, row, slices.Repeat([]int{i + 1}, len(y)+1)
		for j := range y {
			replace := last[j]
			if x[i] != y[j] {
				replace++
			}
			row[j+1] = min(replace, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(y)]
}
