package scenarios

import (
	"math/bits"

	"chordsim/chord"
	"chordsim/sim"
)

// meter reads what the nodes have sent and how long they have been there.
type meter struct {
	sent        [chord.MaxKinds]traffic
	nodeSeconds wideSum // node-nanoseconds
}

// read takes the meter, at a barrier.
func (w *world) read() meter {
	w.judge.elapse(w.engine.Now())
	m := meter{nodeSeconds: w.judge.nodeTime}
	for _, s := range w.shards {
		for k := range s.sent {
			m.sent[k].messages += s.sent[k].messages
			m.sent[k].bytes += s.sent[k].bytes
		}
	}
	return m
}

// since returns what was sent of some kinds between two readings, and the time
// that the members spent between them, all together, in node-microseconds.
func (m meter) since(o meter, kinds []chord.Kind) (*TrafficTally, int64) {
	tally := NewTrafficTally(kindNames(kinds))
	for i, k := range kinds {
		tally.Add(i, m.sent[k].messages-o.sent[k].messages, m.sent[k].bytes-o.sent[k].bytes)
	}
	lo, borrow := bits.Sub64(m.nodeSeconds.lo, o.nodeSeconds.lo, 0)
	hi, _ := bits.Sub64(m.nodeSeconds.hi, o.nodeSeconds.hi, borrow)
	micros, _ := bits.Div64(hi%1000, lo, 1000)
	return tally, int64(micros)
}

// elapse adds the time since the last change of the membership: so many
// members for so long.
func (j *judge) elapse(now sim.Time) {
	hi, lo := bits.Mul64(uint64(now-j.counted), uint64(j.world.members.count))
	j.nodeTime.merge(wideSum{hi, lo})
	j.counted = now
}
