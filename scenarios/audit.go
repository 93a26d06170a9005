package scenarios

import (
	"chordsim/chord"
	"chordsim/dht"
)

// audit holds what the nodes have against what was acknowledged.
func (w *world) audit(name string) Data {
	d := w.data
	out := Data{Name: name, Time: Seconds(int64(w.engine.Now()))}
	held := make([]dht.Record, len(d.keys.IDs)) // the newest live copy of each key
	w.eachHolder(func(_ chord.Addr, h *dht.Holder, s *dht.Store) {
		s.Each(h, func(r dht.Record) {
			if !r.Deleted() {
				out.Copies++
			}
			if r.Newer(held[r.Key]) {
				held[r.Key] = r
			}
		})
	})
	var full, had int64
	before, known := d.held, d.known // keys that had copies at the audit before, that there were
	d.held, d.known = keySet{}, keySet{}
	for k := range d.history.truth {
		key, need := uint32(k), d.history.newest(uint32(k))
		if need.Version == 0 {
			continue
		}
		atOwner, at := w.ownersRecord(key)
		if need.Deleted() {
			if at && need.Newer(atOwner) && !atOwner.Deleted() {
				out.Resurrected++
			}
			continue
		}
		out.Keys++
		hadCopies := before.has(k) || !known.has(k) // what was put since had some
		d.known.add(k)
		if hadCopies {
			had++
		}
		if need.Newer(held[k]) {
			out.Lost++
			if hadCopies {
				out.NewlyLost++
			}
			continue
		}
		d.held.add(k)
		switch {
		case at && !need.Newer(atOwner):
			out.Readable++
		default:
			out.Unreadable++
		}
		if w.isFull(key, need) {
			full++
		}
	}
	out.LostShare, out.NewlyLostShare = Ratio(out.Lost, out.Keys), Ratio(out.NewlyLost, had)
	out.FullShare = Ratio(full, out.Readable+out.Unreadable)
	out.ExpectedLostShare = d.expected.share()
	d.expected = expectedLoss{}
	out.Linearizable, out.pages = d.history.check()
	return out
}

// eachHolder visits all members with what they hold.
func (w *world) eachHolder(visit func(chord.Addr, *dht.Holder, *dht.Store)) {
	for a := w.members.live.next(1); a >= 0; a = w.members.live.next(a + 1) {
		h, s := w.holder(chord.Addr(a))
		visit(chord.Addr(a), h, s)
	}
}

// ownersRecord returns what the true owner of a key has of it.
func (w *world) ownersRecord(key uint32) (dht.Record, bool) {
	o := w.members.owner(w.data.keys.IDs[key])
	if o.None() {
		return dht.Record{}, false
	}
	_, s := w.holder(o.Addr)
	return s.Find(o.Addr, key)
}

// isFull reports whether all nodes that are to hold a key do.
func (w *world) isFull(key uint32, need dht.Record) bool {
	p := w.members.owner(w.data.keys.IDs[key])
	for range min(w.data.cfg.Replicas, w.members.count) {
		_, s := w.holder(p.Addr)
		if r, ok := s.Find(p.Addr, key); !ok || need.Newer(r) {
			return false
		}
		p = w.members.owner((p.ID + 1) & w.cfg.Mask())
	}
	return true
}

// keySet is a set of keys.
type keySet struct{ words []uint64 }

func (s *keySet) has(k int) bool { return k>>6 < len(s.words) && s.words[k>>6]>>(k&63)&1 != 0 }

func (s *keySet) add(k int) {
	for k>>6 >= len(s.words) {
		s.words = append(s.words, 0)
	}
	s.words[k>>6] |= 1 << (k & 63)
}

// expectedLoss is the probability that all copies of a key go in the failures
// since the last audit, once all are placed: known for one failure at one
// instant, and nothing else that takes copies away.
type expectedLoss struct {
	failures int
	p        float64
}

func (e expectedLoss) share() Number {
	if e.failures != 1 {
		return Undefined()
	}
	return number(e.p)
}

// unknownLoss is that of nodes that go in a way of which nothing is expected.
var unknownLoss = expectedLoss{failures: 2}

// expect notes a departure and all before it.
func (d *stored) expect(e expectedLoss) {
	if d != nil {
		d.expected = e
	}
}

// expectLoss returns what is expected after a failure of f of n hosts: of
// neighbours, of exactly so many, or of each with a probability. Where a host runs
// several nodes copies are not independent, and nothing is expected.
func (t *timeline) expectLoss(a *FailStep, f, n int) expectedLoss {
	d := t.w.data
	if d == nil || a.Over > 0 || bool(a.Guarded) || a.Group != "" || len(a.Hosts) > 0 || t.w.virtual > 1 || n == 0 {
		return unknownLoss
	}
	k := min(d.cfg.Replicas, n)
	p := 1.0
	switch {
	case a.Probability != nil:
		for range k {
			p *= a.Probability.Float()
		}
	case a.Arc != nil && f < n:
		p = float64(max(f-k+1, 0)) / float64(n)
	default:
		for j := range k {
			p *= float64(max(f-j, 0)) / float64(n-j)
		}
	}
	return expectedLoss{d.expected.failures + 1, p}
}

// storedLoads counts by the host what its nodes store and have served: keys,
// bytes of values, requests.
func (w *world) storedLoads() (keys, bytes, requests []int64) {
	hosts := w.used/w.virtual + 1
	byHost := [3][]int64{make([]int64, hosts), make([]int64, hosts), make([]int64, hosts)}
	w.eachHolder(func(a chord.Addr, h *dht.Holder, s *dht.Store) {
		at := w.host(a)
		s.Each(h, func(r dht.Record) {
			if !r.Deleted() {
				byHost[0][at]++
			}
		})
		byHost[1][at] += h.Bytes()
		byHost[2][at] += h.Served()
	})
	return w.ofAlive(byHost[0]), w.ofAlive(byHost[1]), w.ofAlive(byHost[2])
}
