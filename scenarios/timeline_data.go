package scenarios

import (
	"fmt"

	"chordsim/chord"
	"chordsim/sim"
)

// driven begins operations one by one: count of them over a while, or as a
// Poisson process of rate for a time. It returns a wait for the end of the last.
func (t *timeline) driven(count int, over Duration, rate *Rate, while Duration,
	begin func(i int), longest sim.Time, answered func() bool) func() error {
	end := t.now() + sim.Time(over)
	if rate != nil {
		end = t.now() + sim.Time(while)
		i := 0
		t.poisson(*rate, end, func() { begin(i); i++ })
	} else {
		t.spread(count, over, begin)
	}
	return func() error {
		if err := t.advance(end); err != nil {
			return err
		}
		// Commands are handled at this very instant, as events.
		return t.untilAnswered(longest, answered)
	}
}

// operations begins those of a step that are all of one kind.
func (t *timeline) operations(name string, kind operationKind, count int, over Duration, rate *Rate, while Duration,
	pick func(i int) (key uint32, size int64)) func() error {
	index, watch := t.w.data.history.watch(name, kind)
	t.measured = append(t.measured, measured{step: t.step, operations: watch})
	switch {
	case rate != nil:
		t.mark("%s %s", operationNames[kind], rate)
	case over > 0:
		t.mark("%s %d", operationNames[kind], count)
	}
	initiators := t.rand(drawInitiators)
	begin := func(i int) {
		m := t.w.members
		if m.count == 0 {
			t.unbegun++
			return
		}
		key, size := pick(i)
		from := m.pick(int(initiators.Intn(uint64(m.count))))
		t.w.operate(index, kind, key, uint32(from), size, from)
	}
	return t.driven(count, over, rate, while, begin, t.longestOperation(), watch.answered)
}

// longestOperation bounds how long a put, get or delete is under way: it begins
// its last attempt before its deadline.
func (t *timeline) longestOperation() sim.Time {
	d := &t.w.data.cfg
	attempt := t.w.cfg.LookupDeadline + int64(d.Tries)*d.Timeout*int64(2+d.Tries)*int64(1+d.Replicas)
	return sim.Time(d.Deadline + attempt)
}

// put has members put keys.
func (t *timeline) put(name string, a *PutStep) func() error {
	d := t.w.data
	keys, sizes := t.rand(drawKeys), t.rand(drawSizes)
	count := int(a.Count)
	pick := func(int) (uint32, int64) { return d.newKey(), a.Size.draw(sizes) }
	switch {
	case a.File != "":
		file := t.plan.masses[a.File]
		count = len(file.keys)
		if a.Over == 0 { // E-Chord's mass insertion is an event, too
			t.mark("put %d", count)
		}
		pick = func(i int) (uint32, int64) { return d.keyOf(file.keys[i]), int64(len(file.values[i])) }
	case a.Keys > 0:
		d.upTo(a.Keys)
		pick = func(int) (uint32, int64) { return uint32(keys.Intn(uint64(a.Keys))), a.Size.draw(sizes) }
	}
	return t.operations(name, putOperation, count, a.Over, a.Rate, a.For, pick)
}

func (s SizeSpec) draw(r *sim.Rand) int64 {
	return int64(s.Min) + int64(r.Intn(uint64(s.Max-s.Min)+1))
}

// get has members read keys.
func (t *timeline) get(name string, a *GetStep) func() error {
	known, keys := uint64(len(t.w.data.keys.IDs)), t.rand(drawKeys)
	count := int(a.Count)
	pick := func(int) (uint32, int64) { return uint32(keys.Intn(known)), 0 }
	switch {
	case known == 0:
		count = 0
		pick = nil // nothing is known at a rate either
	case bool(a.Each):
		count = int(known)
		pick = func(i int) (uint32, int64) { return uint32(i), 0 }
	}
	return t.operations(name, getOperation, count, a.Over, rateOfKnown(a.Rate, known), a.For, pick)
}

// rateOfKnown is the rate, or none where there is no key to choose.
func rateOfKnown(rate *Rate, known uint64) *Rate {
	if known == 0 {
		return nil
	}
	return rate
}

// delete has members delete keys.
func (t *timeline) delete(name string, a *DeleteStep) func() error {
	known, keys := uint64(len(t.w.data.keys.IDs)), t.rand(drawKeys)
	count := int(min(uint64(a.Count), known))
	t.unbegun += a.Count - int64(count)
	pick := func(int) (uint32, int64) { return uint32(keys.Intn(known)), 0 }
	switch {
	case bool(a.Each):
		count = int(known)
		pick = func(i int) (uint32, int64) { return uint32(i), 0 }
	case a.Rate == nil:
		chosen := keys.Sample(uint64(count), known)
		pick = func(i int) (uint32, int64) { return uint32(chosen[i]), 0 }
	}
	return t.operations(name, deleteOperation, count, a.Over, rateOfKnown(a.Rate, known), a.For, pick)
}

// clientBit tells the clients of a workload from addresses.
const clientBit = 1 << 31

// clientName says who a client is: a member that was drawn, or one of a
// workload's own.
func clientName(client uint32) string {
	if client&clientBit != 0 {
		return fmt.Sprintf("client %d", client&^clientBit)
	}
	return fmt.Sprintf("node %d", client)
}

// workload has clients put, get and delete keys for a while.
func (t *timeline) workload(name string, a *WorkloadStep) (func() error, error) {
	w, d := t.w, t.w.data
	t.mark("workload")
	d.upTo(a.Keys)
	pick := func(word uint64) uint32 { return uint32(sim.Uniform(word, uint64(a.Keys))) }
	if a.Popularity.Model == "zipf" {
		zipf, err := sim.NewZipf(uint64(a.Keys), a.Popularity.Exponent.Float())
		if err != nil {
			return nil, Inputf("workload: %v", err)
		}
		pick = func(word uint64) uint32 { return uint32(zipf.Draw(word)) }
	}
	index, watch := d.history.watch(name, putOperation, getOperation, deleteOperation)
	t.measured = append(t.measured, measured{step: t.step, operations: watch})
	keys, sizes, initiators, mix := t.rand(drawKeys), t.rand(drawSizes), t.rand(drawInitiators), t.rand(drawMix)
	at := make([]chord.Addr, a.Clients)
	begin := func(int) {
		m := w.members
		if m.count == 0 {
			t.unbegun++
			return
		}
		var from chord.Addr
		var client uint32
		if a.Clients > 0 {
			c := initiators.Intn(uint64(a.Clients))
			if at[c] == 0 || !m.has(at[c]) {
				at[c] = m.pick(int(initiators.Intn(uint64(m.count))))
			}
			from, client = at[c], clientBit|uint32(c)
		} else {
			from = m.pick(int(initiators.Intn(uint64(m.count))))
			client = uint32(from)
		}
		kind, key := a.Mix.draw(mix.Uint64()), pick(keys.Uint64())
		size := int64(0)
		if kind == putOperation {
			size = a.Size.draw(sizes)
		}
		w.operate(index, kind, key, client, size, from)
	}
	return t.driven(0, 0, a.Rate, a.For, begin, t.longestOperation(), watch.answered), nil
}

// whole is what the shares of a mix add up to, in the unit that they are exact
// in.
const whole = 1_000_000_000

// parts returns the shares of get, put and delete in that unit.
func (m MixSpec) parts() (get, put, del uint64) {
	return m.Get.times(whole), m.Put.times(whole), m.Delete.times(whole)
}

// draw returns what is next.
func (m MixSpec) draw(word uint64) operationKind {
	get, put, _ := m.parts()
	switch at := sim.Uniform(word, whole); {
	case at < get:
		return getOperation
	case at < get+put:
		return putOperation
	}
	return deleteOperation
}
