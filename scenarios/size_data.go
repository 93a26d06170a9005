package scenarios

import (
	"math"
	"slices"
	"unsafe"

	"chordsim/dht"
)

// dataLoad is what the steps of a row do to stored keys, at most.
type dataLoad struct {
	keys     int64 // named
	texts    int64 // bytes of the texts of files
	writes   int64
	reads    int64
	underWay int64 // operations at once
}

// dataLoad walks through the timeline.
func (p *plan) dataLoad() dataLoad {
	var d dataLoad
	add := func(count int64, over Duration, writes, reads bool) {
		if writes {
			d.writes += count
		}
		if reads {
			d.reads += count
		}
		d.underWay += atOnce(count, over)
	}
	for _, step := range p.spec.Timeline {
		switch a := step.Action.(type) {
		case *PutStep:
			count := countOrRate(a.Count, a.Rate, a.For)
			if a.File != "" {
				m := p.masses[a.File]
				count = int64(len(m.keys))
				for _, key := range m.keys {
					d.texts += int64(len(key)) + int64(unsafe.Sizeof(key)) + 16 // its entry in a map
				}
			}
			if a.Keys > 0 {
				d.keys = max(d.keys, a.Keys)
			} else {
				d.keys += count
			}
			add(count, max(a.Over, a.For), true, false)
		case *GetStep:
			count := countOrRate(a.Count, a.Rate, a.For)
			if a.Each {
				count = d.keys
			}
			add(count, max(a.Over, a.For), false, true)
		case *DeleteStep:
			count := countOrRate(a.Count, a.Rate, a.For)
			if a.Each {
				count = d.keys
			}
			add(count, max(a.Over, a.For), true, false)
		case *WorkloadStep:
			d.keys = max(d.keys, a.Keys)
			count := countOrRate(0, a.Rate, a.For)
			get, put, del := a.Mix.parts()
			d.writes += int64(mulDiv(uint64(count), put+del, whole))
			d.reads += int64(mulDiv(uint64(count), get, whole))
			d.underWay += atOnce(count, a.For)
		}
	}
	return d
}

// auditsData reports whether a step measures what has become of the keys.
func (s *Spec) auditsData() bool {
	return slices.ContainsFunc(s.Timeline, func(step Step) bool {
		m, ok := step.Action.(*MeasureStep)
		return ok && bool(m.Data)
	})
}

// countOrRate is a number of operations that can be multiplied by their sizes.
func countOrRate(count int64, rate *Rate, while Duration) int64 {
	if rate != nil {
		count = rate.Expected(while)
	}
	return min(count, math.MaxInt64/1024/1024)
}

// dataBytes is the memory that stored keys take, in bytes: what the nodes hold, what
// is known of the truth, and what is under way, a lookup of so many bytes each.
func (p *plan) dataBytes(lookup int64) int64 {
	const (
		grown  = 5.0 / 4                                   // of a slice that has grown by appending
		key    = 8 + 2                                     // dht.Keys
		answer = 16                                        // of each operation that has ended: its latency, twice when it is sorted
		pair   = 2 * (8 + int64(unsafe.Sizeof(session{}))) // of client and key: a map is about half full
		check  = 30 << 20                                  // for linearizability, while it goes on (linearize.go)
	)
	s := p.spec
	d := p.dataLoad()
	replicas := int64(s.Data.Replicas)
	stored := min(d.keys, d.writes)
	perKey := float64(key + int64(unsafe.Sizeof(dht.Record{})))
	bytes := int64(grown*perKey*float64(d.keys)) + d.texts
	bytes += int64(grown * float64(d.writes*int64(unsafe.Sizeof(writtenValue{}))))
	bytes += stored * replicas * dht.RecordBytes
	bytes += (d.writes + d.reads) * answer
	bytes += p.nodes*int64(unsafe.Sizeof(dht.Holder{})) + min(p.nodes, stored*replicas)*dht.BunchBytes
	// An operation has its client's place, and a write its owner's beside it while
	// there are other holders to wait for.
	places := min(replicas, 2)
	bytes += d.underWay * (lookup + places*dht.OpBytes + int64(unsafe.Sizeof(dataOp{})))
	if s.readsData() {
		pairs := min(float64(d.writes+d.reads), float64(p.nodes)*float64(d.keys))
		bytes += int64(min(pairs*float64(pair), math.MaxInt64/4))
		if s.auditsData() {
			bytes += check
		}
	}
	return bytes
}
