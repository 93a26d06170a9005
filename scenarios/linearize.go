package scenarios

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/anishathalye/porcupine"
)

// Is there an order of all operations on a key, in which each takes effect at one
// instant between its call and its return, and every get finds what the last put
// before it wrote? (Herlihy and Wing, "Linearizability: a correctness condition for
// concurrent objects", TOPLAS 1990.) The search is NP-hard for what it is used on.
// No clock bounds it here, or one machine would find what another does not: what
// lies beyond these limits is unchecked.
const (
	maxChecked        = 200       // operations of a key
	maxCheckedPending = 10        // of them, writes without an answer that may have been read
	maxCheckSteps     = 1_000_000 // attempts to put an operation next: about 100 ms, 30 MB
)

// operation is one put, delete or get of a key, as its client saw it. Times are
// virtual nanoseconds; two operations of which one returns in the instant in which
// the other is called may have happened in either order.
type operation struct {
	client  uint32 // the address of the node that was asked
	write   bool   // a put or a delete; otherwise a get
	value   uint32 // the number of the put that wrote the value, unique in the run; 0: no value, deleted
	call    int64
	ret     int64 // not before call
	pending bool  // never answered: ret means nothing, a write may have happened at any time since call, or never
}

// verdict is what a check found.
type verdict uint8

const (
	unchecked verdict = iota // beyond the limits
	yes
	no
)

func (v verdict) String() string { return [...]string{"unchecked", "yes", "no"}[v] }

// linearizable checks all operations on one key, from the first on, in any order:
// before them it has no value.
func linearizable(history []operation) verdict {
	ops := checked(history)
	pending := 0
	for _, op := range ops {
		if op.pending {
			pending++
		}
	}
	if len(ops) > maxChecked || pending > maxCheckedPending {
		return unchecked
	}
	budget := maxCheckSteps
	switch ok := porcupine.CheckOperations(register(&budget), timed(ops)); {
	case ok:
		return yes
	case budget < 0:
		return unchecked
	}
	return no
}

// checked returns the operations that can decide, by their calls. A get without an
// answer says nothing. A put without an answer whose value no get found is as good
// as never made: it can come after all others.
func checked(history []operation) []operation {
	read := map[uint32]bool{0: true} // only asked, never walked
	for _, op := range history {
		if !op.write && !op.pending {
			read[op.value] = true
		}
	}
	return ordered(history, func(op operation) bool { return !op.pending || op.write && read[op.value] })
}

// ordered returns the operations that are kept, in an order that is a function of
// the set of them.
func ordered(history []operation, keep func(operation) bool) []operation {
	var ops []operation
	for _, op := range history {
		if keep(op) {
			if !op.pending && op.ret < op.call {
				panic(fmt.Sprintf("scenarios: an operation of node %d returned before it was called", op.client))
			}
			ops = append(ops, op)
		}
	}
	slices.SortFunc(ops, func(a, b operation) int {
		byWhat := cmp.Or(cmp.Compare(a.client, b.client), strings.Compare(a.String(), b.String()))
		return cmp.Or(cmp.Compare(a.call, b.call), byWhat, cmp.Compare(a.until(), b.until()))
	})
	return ops
}

// until is when an operation had happened at the latest.
func (op operation) until() int64 {
	if op.pending {
		return math.MaxInt64
	}
	return op.ret
}

// register is the model that a key is held to. Each attempt takes one of the budget;
// when it is used up nothing is possible any more, and the search ends at once.
// Without a budget there is no limit.
func register(budget *int) porcupine.Model {
	return porcupine.Model{
		Init: func() any { return uint32(0) },
		Step: func(state, input, _ any) (bool, any) {
			if budget != nil {
				if *budget--; *budget < 0 {
					return false, state
				}
			}
			op := input.(operation)
			if op.write {
				return true, op.value
			}
			return op.value == state.(uint32), state
		},
		DescribeOperation:         func(input, _ any) string { return input.(operation).String() },
		DescribeState:             func(state any) string { return valueText(state.(uint32)) },
		DescribeOperationMetadata: func(client any) string { return clientName(client.(uint32)) },
	}
}

// timed returns the operations as the library takes them. What has no answer ends
// after everything else.
func timed(ops []operation) []porcupine.Operation {
	end := int64(0)
	for _, op := range ops {
		end = max(end, op.call, op.ret)
	}
	out := make([]porcupine.Operation, len(ops))
	for i, op := range ops {
		out[i] = porcupine.Operation{Input: op, Call: op.call, Return: min(op.until(), end+1), Metadata: op.client}
	}
	return out
}

// String is how an operation is shown.
func (op operation) String() string {
	text := "get: " + valueText(op.value)
	switch {
	case op.write && op.value == 0:
		text = "delete"
	case op.write:
		text = "put " + valueText(op.value)
	}
	if op.pending {
		text += ", no answer"
	}
	return text
}

func valueText(value uint32) string {
	if value == 0 {
		return "none"
	}
	return fmt.Sprintf("#%d", value)
}

// writeHistory writes the operations on a key as a page of HTML that shows which
// orders of them are possible, and where none is. What a node did at once stands in
// lines of its own. A search that is cut short shows how far it came. It is an
// error if there are none, or more than are checked.
//
// The page is the same, byte for byte, for the same operations in any order.
func writeHistory(w io.Writer, key string, history []operation) error {
	ops := ordered(history, func(op operation) bool { return !op.pending || op.write })
	switch {
	case len(ops) == 0:
		return errors.New("no operation to show")
	case len(ops) > maxChecked:
		return fmt.Errorf("%d operations on the key are more than the %d that can be shown", len(ops), maxChecked)
	}
	shown := timed(ops)
	for i, lane := range lanes(ops) {
		shown[i].ClientId = lane
	}
	budget := maxCheckSteps
	_, info := porcupine.CheckOperationsVerbose(register(&budget), shown, 0)
	// The library collects the orders that it tried in a map of pointers, sorts them
	// by length alone, and hands them out as they lie: here they get one order.
	for _, tried := range info.PartialLinearizations() {
		slices.SortFunc(tried, func(a, b []int) int { return cmp.Or(len(b)-len(a), slices.Compare(a, b)) })
	}
	last := shown[0].Return
	for _, op := range shown {
		last = max(last, op.Return)
	}
	info.AddAnnotations([]porcupine.Annotation{{Tag: "key", Start: shown[0].Call, End: last, Description: shortText(key)}})
	return porcupine.Visualize(register(nil), info, w)
}

// lanes gives each operation the number of a line, so that those of one node lie
// beneath each other, by its address, and none covers another.
func lanes(ops []operation) []int {
	type lane struct {
		client uint32
		nth    int
		until  int64
	}
	var all []lane
	of := make([]int, len(ops)) // indices into all
	for i, op := range ops {
		nth := 0
		at := slices.IndexFunc(all, func(l lane) bool {
			if l.client != op.client {
				return false
			}
			nth++
			return l.until < op.call
		})
		if at < 0 {
			at = len(all)
			all = append(all, lane{client: op.client, nth: nth})
		}
		all[at].until = op.until()
		of[i] = at
	}
	sorted := slices.Clone(all)
	slices.SortFunc(sorted, func(a, b lane) int { return cmp.Or(cmp.Compare(a.client, b.client), a.nth-b.nth) })
	out := make([]int, len(ops))
	for i, at := range of {
		out[i] = slices.IndexFunc(sorted, func(l lane) bool { return l.client == all[at].client && l.nth == all[at].nth })
	}
	return out
}
