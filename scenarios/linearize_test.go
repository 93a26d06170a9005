package scenarios

import (
	"bytes"
	"cmp"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func put(client, value uint32, call, ret int64) operation {
	return operation{client: client, write: true, value: value, call: call, ret: ret}
}

func get(client, value uint32, call, ret int64) operation {
	return operation{client: client, value: value, call: call, ret: ret}
}

// lost is a put that never got an answer.
func lost(client, value uint32, call int64) operation {
	return operation{client: client, write: true, value: value, call: call, pending: true}
}

func TestLinearizable(t *testing.T) {
	for _, c := range []struct {
		name string
		ops  []operation
		want verdict
	}{
		{"nothing happened", nil, yes},
		{"nothing is there before the first put", []operation{get(1, 0, 0, 1), put(2, 1, 2, 3), get(1, 1, 4, 5)}, yes},
		{"read what was written", []operation{put(1, 1, 0, 1), get(2, 1, 2, 3), put(1, 2, 4, 5), get(2, 2, 6, 7)}, yes},
		{"stale after an acknowledged put", []operation{put(1, 1, 0, 1), put(1, 2, 2, 3), get(2, 1, 4, 5)}, no},
		{"nothing after an acknowledged put", []operation{put(1, 1, 0, 1), get(2, 0, 2, 3)}, no},
		{"never written", []operation{put(1, 1, 0, 1), get(2, 7, 2, 3)}, no},
		{"read before it was written", []operation{get(2, 1, 0, 1), put(1, 1, 2, 3)}, no},
		{"read while it was written, old", []operation{put(1, 1, 0, 1), put(1, 2, 2, 9), get(2, 1, 3, 4)}, yes},
		{"read while it was written, new", []operation{put(1, 1, 0, 1), put(1, 2, 2, 9), get(2, 2, 3, 4)}, yes},
		{"new, then old, while it was written", []operation{put(1, 1, 0, 1), put(1, 2, 2, 9), get(2, 2, 3, 4), get(3, 1, 5, 6)}, no},
		{"old, then new, while it was written", []operation{put(1, 1, 0, 1), put(1, 2, 2, 9), get(2, 1, 3, 4), get(3, 2, 5, 6)}, yes},
		{"two at once, either wins", []operation{put(1, 1, 0, 9), put(2, 2, 0, 9), get(3, 1, 10, 11)}, yes},
		{"two at once, both win", []operation{put(1, 1, 0, 9), put(2, 2, 0, 9), get(3, 1, 10, 11), get(4, 2, 12, 13)}, no},
		{"an update is lost, as with any register", []operation{put(1, 1, 0, 1), get(2, 1, 2, 3), get(3, 1, 2, 3), put(2, 2, 4, 5), put(3, 3, 6, 7), get(2, 3, 8, 9)}, yes},
		{"touching in one instant, old", []operation{put(1, 1, 0, 5), get(2, 0, 5, 6)}, yes},
		{"touching in one instant, new", []operation{get(2, 1, 0, 5), put(1, 1, 5, 6)}, yes},
		{"deleted", []operation{put(1, 1, 0, 1), put(1, 0, 2, 3), get(2, 0, 4, 5)}, yes},
		{"found again after it was deleted", []operation{put(1, 1, 0, 1), put(1, 0, 2, 3), get(2, 1, 4, 5)}, no},
		{"deleted twice", []operation{put(1, 1, 0, 1), put(1, 0, 2, 3), get(2, 0, 4, 5), put(1, 2, 6, 7), put(3, 0, 8, 9), get(2, 0, 10, 11)}, yes},
		{"without an answer, and never happened", []operation{put(1, 1, 0, 1), lost(2, 2, 2), get(3, 1, 4, 5), get(3, 1, 90, 91)}, yes},
		{"without an answer, and happened late", []operation{put(1, 1, 0, 1), lost(2, 2, 2), get(3, 1, 4, 5), get(3, 2, 90, 91)}, yes},
		{"without an answer, and happened before its call", []operation{put(1, 1, 0, 1), get(3, 2, 4, 5), lost(2, 2, 6)}, no},
		{"without an answer, happened and was undone", []operation{put(1, 1, 0, 1), lost(2, 2, 2), get(3, 2, 4, 5), get(3, 1, 6, 7)}, no},
		{"a delete without an answer", []operation{put(1, 1, 0, 1), lost(2, 0, 2), get(3, 1, 4, 5), get(3, 0, 6, 7)}, yes},
		{"a get without an answer", []operation{put(1, 1, 0, 1), {client: 2, value: 9, call: 2, pending: true}, get(3, 1, 4, 5)}, yes},
	} {
		slices.Reverse(c.ops) // the order of the slice is none of time
		if got := linearizable(c.ops); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

// Whatever goes beyond a limit is unchecked, and nothing below it.
func TestLinearizableIsBounded(t *testing.T) {
	sequence := func(n int) []operation {
		var ops []operation
		for i := range int64(n) {
			ops = append(ops, put(1, uint32(i+1), 10*i, 10*i+1))
		}
		return ops
	}
	unanswered := func(n int, read bool) []operation {
		var ops []operation
		for i := range n {
			ops = append(ops, lost(1, uint32(i+1), int64(i)))
			if read {
				ops = append(ops, get(2, uint32(i+1), int64(1000+10*i), int64(1001+10*i)))
			}
		}
		return ops
	}
	// Any order of the puts, each with a get of its value in time, and one get of a
	// value that nobody wrote: every subset has to be tried.
	knot := func(n int) []operation {
		ops := []operation{get(99, 1000, 0, 1000)}
		for i := range uint32(n) {
			ops = append(ops, put(i, i+1, 0, 1000))
		}
		return ops
	}
	for _, c := range []struct {
		name string
		ops  []operation
		want verdict
	}{
		{"as many as are checked", sequence(maxChecked), yes},
		{"one more", sequence(maxChecked + 1), unchecked},
		{"unanswered, and read", unanswered(maxCheckedPending, true), yes},
		{"one more of them", unanswered(maxCheckedPending+1, true), unchecked},
		{"many unanswered that nobody read", unanswered(1000, false), yes},
		{"a small knot", knot(8), no},
		{"a large knot", knot(40), unchecked},
	} {
		if got := linearizable(c.ops); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	budget := 100
	model := register(&budget)
	for range 1000 {
		model.Step(uint32(0), put(1, 1, 0, 1), nil)
	}
	if ok, _ := model.Step(uint32(0), put(1, 1, 0, 1), nil); ok {
		t.Error("a step beyond the budget is possible")
	}
}

func TestOperationsThatReturnBeforeTheyAreCalled(t *testing.T) {
	defer func() {
		if got := recover(); got != "scenarios: an operation of node 3 returned before it was called" {
			t.Errorf("panic %v", got)
		}
	}()
	linearizable([]operation{put(3, 1, 5, 4)})
}

// registerHistory draws what clients of a register see that does each operation in
// an instant.
func registerHistory(t *rapid.T) []operation {
	type done struct {
		operation
		at int64
	}
	var all []done
	pending := 0
	for i := range rapid.IntRange(1, 60).Draw(t, "operations") {
		d := done{at: int64(20*i) + rapid.Int64Range(0, 60).Draw(t, "at")} // a few at once
		d.client = rapid.Uint32Range(1, 5).Draw(t, "client")
		d.call = d.at - rapid.Int64Range(0, 40).Draw(t, "before")
		d.ret = d.at + rapid.Int64Range(0, 40).Draw(t, "after")
		switch rapid.IntRange(0, 9).Draw(t, "what") {
		case 0, 1, 2, 3:
			d.write, d.value = true, uint32(i+1)
		case 4:
			d.write = true
		}
		if pending < maxCheckedPending && rapid.IntRange(0, 9).Draw(t, "fate") == 0 {
			pending++
			d.pending, d.ret = true, 0
			if rapid.Bool().Draw(t, "never") {
				d.at = math.MaxInt64
			}
		}
		all = append(all, d)
	}
	byInstant := slices.Clone(all)
	slices.SortStableFunc(byInstant, func(a, b done) int { return cmp.Compare(a.at, b.at) })
	value := uint32(0)
	var ops []operation
	for _, d := range byInstant {
		if d.write {
			value = d.value
		} else {
			d.value = value
		}
		ops = append(ops, d.operation)
	}
	return ops
}

// What a register did is linearizable, and no more so when one get finds what was
// overwritten before it was called.
func TestLinearizableOfARegister(t *testing.T) {
	spoilt := 0
	rapid.Check(t, func(t *rapid.T) {
		ops := rapid.Permutation(registerHistory(t)).Draw(t, "ops")
		if got := linearizable(ops); got != yes {
			t.Fatalf("%v for %v", got, ops)
		}
		for i, op := range ops {
			if op.write || op.pending {
				continue
			}
			for _, old := range ops {
				overwritten := slices.ContainsFunc(ops, func(w operation) bool {
					return w.write && !w.pending && w.call > old.ret && w.ret < op.call
				})
				if old.write && !old.pending && old.value != 0 && overwritten {
					bad := slices.Clone(ops)
					bad[i].value = old.value
					if got := linearizable(bad); got != no {
						t.Fatalf("%v for %v with the stale value %d", got, bad, old.value)
					}
					spoilt++
					return
				}
			}
		}
	})
	if spoilt == 0 {
		t.Error("no history had a get to spoil")
	}
}

// Against the definition: any order of any of the operations.
func TestLinearizableAgreesWithTheDefinition(t *testing.T) {
	var possible func(left []operation, value uint32) bool
	possible = func(left []operation, value uint32) bool {
		if !slices.ContainsFunc(left, func(op operation) bool { return !op.pending }) {
			return true
		}
		for i, op := range left {
			if !op.write && op.value != value || slices.ContainsFunc(left, func(o operation) bool { return o.until() < op.call }) {
				continue
			}
			next := value
			if op.write {
				next = op.value
			}
			if possible(slices.Concat(left[:i], left[i+1:]), next) {
				return true
			}
		}
		return false
	}
	found := map[bool]int{}
	rapid.Check(t, func(t *rapid.T) {
		var ops []operation
		for i := range rapid.IntRange(1, 6).Draw(t, "operations") {
			op := operation{client: uint32(i), call: rapid.Int64Range(0, 12).Draw(t, "call")}
			op.ret = op.call + rapid.Int64Range(0, 6).Draw(t, "took")
			op.write = rapid.Bool().Draw(t, "write")
			op.value = rapid.Uint32Range(0, 2).Draw(t, "value")
			op.pending = op.write && rapid.IntRange(0, 4).Draw(t, "fate") == 0
			ops = append(ops, op)
		}
		want := possible(ops, 0)
		found[want]++
		if got := linearizable(ops); (got == yes) != want || got == unchecked {
			t.Fatalf("%v, want %v for %v", got, want, ops)
		}
	})
	least := 10
	if testing.Short() { // the library draws a fifth of the histories
		least = 1
	}
	if found[true] < least || found[false] < least {
		t.Errorf("drew %v of each", found)
	}
}

func TestWriteHistory(t *testing.T) {
	ops := []operation{put(70000, 1, 0, 1e9), put(7, 2, 2e9, 3e9), get(9, 1, 4e9, 5e9), put(7, 0, 25e8, 6e9), lost(9, 4, 45e8), get(70000, 4, 7e9, 8e9)}
	page := func(ops []operation) string {
		var b bytes.Buffer
		if err := writeHistory(&b, "</script>ключ", ops); err != nil {
			t.Fatal(err)
		}
		return b.String()
	}
	want := page(ops)
	for _, text := range []string{"put #2", `"get: #1"`, `"delete"`, "put #4, no answer", `"node 70000"`, `"OriginalStart":"2500000000"`, "ключ"} {
		if !strings.Contains(want, text) {
			t.Errorf("the page has no %s", text)
		}
	}
	if strings.Contains(want, "</script>ключ") {
		t.Error("the key ends the page's script")
	}
	for range 20 {
		slices.Reverse(ops)
		ops[1], ops[4] = ops[4], ops[1]
		if page(ops) != want {
			t.Fatal("the page is another for the same operations")
		}
	}
	var b bytes.Buffer
	if err := writeHistory(&b, "k", nil); err == nil || err.Error() != "no operation to show" {
		t.Errorf("no operations: %v", err)
	}
	if err := writeHistory(&b, "k", make([]operation, maxChecked+1)); err == nil || err.Error() != "201 operations on the key are more than the 200 that can be shown" {
		t.Errorf("too many: %v", err)
	}
	if b.Len() > 0 {
		t.Error("an error after a part of the page")
	}
}

// The lines of a node lie beneath each other, by its address, and no operation
// covers another of its line.
func TestLanes(t *testing.T) {
	ops := []operation{put(5, 1, 0, 10), put(2, 2, 1, 2), put(5, 3, 5, 6), put(5, 4, 6, 7), put(5, 5, 11, 12), lost(2, 6, 3), put(2, 7, 100, 101)}
	if got, want := lanes(ops), []int{2, 0, 3, 4, 2, 0, 1}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}

// The dearest check there is, and an ordinary one.
func BenchmarkLinearizable(b *testing.B) {
	hard := []operation{get(99, 1000, 0, 1000)}
	for i := range uint32(maxChecked - 1) {
		hard = append(hard, put(i, i+1, 0, 1000))
	}
	var plain []operation
	for i := range int64(maxChecked / 2) {
		plain = append(plain, put(1, uint32(i+1), 10*i, 10*i+5), get(2, uint32(i+1), 10*i+4, 10*i+8))
	}
	for name, ops := range map[string][]operation{"unchecked": hard, "plain": plain} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for range b.N {
				linearizable(ops)
			}
		})
	}
}
