package scenarios

import (
	"bytes"
	"slices"

	"chordsim/dht"
	"chordsim/sim"
)

// historySample keeps all that happened to a few keys, so that their histories
// can be checked for linearizability: the first sampledKeys keys, and of each the
// first maxChecked operations.
type historySample struct {
	keys    [][]operation
	checked []checkedKey // by key, as far as they were checked
}

// checkedKey is what the last check of a key found, of so many operations of
// which so many were answered.
type checkedKey struct {
	operations, answered int
	verdict              verdict
}

const sampledKeys = 64

// begin notes an operation and returns its place among those of its key; −1 if
// it is not in the sample.
func (s *historySample) begin(o *dataOp) int32 {
	if o.key >= sampledKeys {
		return -1
	}
	for int(o.key) >= len(s.keys) {
		s.keys = append(s.keys, nil)
	}
	ops := s.keys[o.key]
	if len(ops) == maxChecked {
		return -1
	}
	op := operation{client: o.client, write: o.kind != getOperation, call: int64(o.start), pending: true}
	if o.kind == putOperation {
		op.value = o.value
	}
	s.keys[o.key] = append(ops, op)
	return int32(len(ops))
}

// end notes its answer.
func (s *historySample) end(o *dataOp, at sim.Time, r dht.Record) {
	if o.sample < 0 {
		return
	}
	op := &s.keys[o.key][o.sample]
	op.ret, op.pending = int64(at), false
	if o.kind == getOperation && !r.Deleted() {
		op.value = r.Value
	}
}

// verdict checks a key, unless nothing has happened to it since it was checked.
func (s *historySample) verdict(key int, ops []operation) verdict {
	now := checkedKey{operations: len(ops)}
	for i := range ops {
		if !ops[i].pending {
			now.answered++
		}
	}
	for key >= len(s.checked) {
		s.checked = append(s.checked, checkedKey{})
	}
	last := &s.checked[key]
	if last.operations != now.operations || last.answered != now.answered {
		now.verdict = linearizable(ops)
		*last = now
	}
	return last.verdict
}

// complete leaves out the gets that found what was put after the sample of the
// key was full.
func complete(ops []operation) []operation {
	if len(ops) < maxChecked {
		return ops
	}
	put := map[uint32]bool{0: true} // only asked, never walked
	for _, op := range ops {
		if op.write {
			put[op.value] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(ops), func(op operation) bool { return !op.write && !op.pending && !put[op.value] })
}

// check counts the verdicts on the keys of the sample, and makes pages of the
// first that are not linearizable.
func (h *dataHistory) check() (found Linearizability, pages []keyPage) {
	for k, ops := range h.sample.keys {
		if len(ops) == 0 {
			continue
		}
		found.Keys++
		ops = complete(ops)
		switch h.sample.verdict(k, ops) {
		case unchecked:
			found.Unchecked++
		case no:
			found.Violated++
			if len(pages) == mostPages {
				continue
			}
			var page bytes.Buffer
			if err := writeHistory(&page, h.of.keyText(uint32(k)), ops); err != nil {
				panic("scenarios: " + err.Error()) // it was checked, so it can be shown
			}
			pages = append(pages, keyPage{uint32(k), page.Bytes()})
		}
	}
	return found, pages
}
