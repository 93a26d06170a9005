package scenarios

import (
	"fmt"
	"strings"
)

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
func newNameTree(names []Named, params []Param, kinds []string) *nameTree {
	tree := new(nameTree)
	run, all := emptyMeasurements(names)
	add := visitor(func(name string, v Value) { tree.add(name, v.Unit) })
	texts := map[string]bool{}
	for _, p := range params {
		if _, ok := p.Value.Number(); !ok {
			texts[p.Name] = true
		}
	}
	for _, p := range params {
		unit := UnitRatio
		if texts[p.Name] { // in one row at least
			unit = UnitText
		}
		add(p.Name, Value{Unit: unit})
	}
	run.each(kinds, add)
	run.eachOfTallies(add)
	new(HostRun).each(add.under("host"))
	all.each(kinds, add.under(allSegment))
	return tree
}

func emptyMeasurements(names []Named) (*RunResult, *Aggregate) {
	run, all := new(RunResult), new(Aggregate)
	for _, n := range names {
		switch n.Kind {
		case NamedLookup:
			run.Lookups = append(run.Lookups, Lookup{Name: n.Name})
			all.Lookups = append(all.Lookups, LookupAll{Name: n.Name})
		case NamedLoad:
			run.Loads = append(run.Loads, Load{Name: n.Name, Of: loadOf(n.Name)})
			all.Loads = append(all.Loads, LoadAll{Name: n.Name, Of: loadOf(n.Name)})
		case NamedRing:
			run.Rings = append(run.Rings, Ring{Name: n.Name})
			all.Rings = append(all.Rings, RingAll{Name: n.Name})
		case NamedAwait:
			run.Awaits = append(run.Awaits, Await{Name: n.Name})
			all.Awaits = append(all.Awaits, AwaitAll{Name: n.Name})
		case NamedPut, NamedGet, NamedDelete:
			kind := operationNames[n.Kind-NamedPut]
			run.Operations = append(run.Operations, Operation{Name: n.Name, Kind: kind})
			all.Operations = append(all.Operations, OperationAll{Name: n.Name, Kind: kind})
		case NamedData:
			run.Data = append(run.Data, Data{Name: n.Name})
			all.Data = append(all.Data, DataAll{Name: n.Name})
		case NamedTraffic:
			run.Traffic = append(run.Traffic, Traffic{Name: n.Name})
			all.Traffic = append(all.Traffic, TrafficAll{Name: n.Name})
		}
	}
	return run, all
}

// loadOf returns what a load is of, by its name: NAME, NAME.bytes, NAME.requests.
func loadOf(name string) string {
	_, of, _ := strings.Cut(name, ".")
	return of
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
