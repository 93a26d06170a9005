package scenarios

import (
	"chordsim/chord"
	"chordsim/sim"
)

// sampler takes the state of the run at regular instants, for the series.
// Where the scenario gives no interval it begins with a second for each
// thousand nodes, so that sampling costs the same share of a run of any size,
// and each time a series grows beyond maxSamples it throws every other sample
// away and doubles the interval: however long a run is, a few hundred remain,
// and which ones is a function of the scenario alone.
type sampler struct {
	every    sim.Time
	adaptive bool
	kinds    []chord.Kind // of messages, a column each

	// One a sample.
	times   []sim.Time
	meters  []meter
	answers []LookupTotals
	rings   []ringSample
}

type ringSample struct {
	members, cutOff                          int64
	successors, predecessors, lists, fingers Number
}

const (
	sampleOfNode = sim.Time(Millisecond)
	firstSample  = sim.Time(Second) // at least
	maxSamples   = 512
	maxAsked     = 10_000 // of an interval that the scenario gives
)

// newSampler returns a sampler for a run of so many nodes.
func newSampler(every Duration, nodes int64, kinds []chord.Kind) *sampler {
	s := &sampler{every: sim.Time(every), kinds: kinds}
	if every == 0 {
		s.adaptive = true
		s.every = max(firstSample, sim.Time(nodes)*sampleOfNode)
	}
	return s
}

// begin promises the samples. The first is taken when time begins to pass:
// after the steps at its very beginning.
func (s *sampler) begin(t *timeline) {
	var again func()
	again = func() {
		s.take(t)
		t.agenda.at(t.now()+s.every, -1, again)
	}
	t.agenda.at(t.now(), -1, again)
}

// end takes the last sample. One that was taken at this instant before its
// steps were done makes room for it.
func (s *sampler) end(t *timeline) {
	if n := len(s.times) - 1; n >= 0 && s.times[n] == t.now() {
		s.times, s.meters, s.answers, s.rings = s.times[:n], s.meters[:n], s.answers[:n], s.rings[:n]
	}
	s.take(t)
}

func (s *sampler) take(t *timeline) {
	w := t.w
	s.times = append(s.times, t.now())
	s.meters = append(s.meters, w.read())
	s.answers = append(s.answers, w.judge.totals())
	s.rings = append(s.rings, w.sampleRing())
	if n := len(s.times); n > maxAsked || (s.adaptive && n > maxSamples) {
		s.thin()
	}
}

// thin drops every other sample; the first stays.
func (s *sampler) thin() {
	n := 0
	for i := 0; i < len(s.times); i += 2 {
		s.times[n], s.meters[n], s.answers[n], s.rings[n] = s.times[i], s.meters[i], s.answers[i], s.rings[i]
		n++
	}
	s.times, s.meters, s.answers, s.rings = s.times[:n], s.meters[:n], s.answers[:n], s.rings[:n]
	s.every *= 2
}

// sampleRing is the part of a verdict that a series shows.
func (w *world) sampleRing() ringSample {
	s := w.takeSnapshot()
	r := s.Report()
	right, all := w.rightFingers(s)
	return ringSample{
		members: int64(r.Members), cutOff: int64(r.CutOff),
		successors:   Ratio(int64(r.RightSuccessors), int64(r.Members)),
		predecessors: Ratio(int64(r.RightPredecessors), int64(r.Members)),
		lists:        Ratio(r.RightListEntries, r.ListEntries),
		fingers:      Ratio(right, all),
	}
}

// series returns what was sampled.
func (s *sampler) series() []Series {
	kinds := kindNames(s.kinds)
	var messages, sizes []SeriesColumn
	for _, k := range kinds {
		messages = append(messages, SeriesColumn{Name: k, Unit: "1/s"})
		sizes = append(sizes, SeriesColumn{Name: k, Unit: "B/s"})
	}
	ring := NewSeriesRecorder(SeriesRing, RingColumns...)
	lookups := NewSeriesRecorder(SeriesLookups, LookupColumns...)
	traffic := NewSeriesRecorder(SeriesTraffic, messages...)
	volume := NewSeriesRecorder(SeriesTrafficBytes, sizes...)
	for i, at := range s.times {
		r := s.rings[i]
		ring.Append(int64(at), Number(r.members), Number(r.cutOff), r.successors, r.predecessors, r.lists, r.fingers)
		if i == 0 {
			continue
		}
		a := s.answers[i].Since(s.answers[i-1])
		lookups.Append(int64(at), Number(a.Correct), Number(a.Wrong), Number(a.Failed), Number(a.Abandoned),
			a.MeanPath(), a.MeanTimeouts(), a.MeanLatency())
		tally, micros := s.meters[i].since(s.meters[i-1], s.kinds)
		row, rowBytes := make([]Number, len(kinds)), make([]Number, len(kinds))
		for k := range kinds {
			row[k] = quotient(float64(tally.messages[k]), float64(micros)/1e6, 1)
			rowBytes[k] = quotient(float64(tally.bytes[k]), float64(micros)/1e6, 1)
		}
		traffic.Append(int64(at), row...)
		volume.Append(int64(at), rowBytes...)
	}
	return []Series{ring.Series(), lookups.Series(), traffic.Series(), volume.Series()}
}

// totals sums up the lookups of all steps so far.
func (j *judge) totals() LookupTotals {
	var sum LookupTotals
	for _, l := range j.lookups {
		sum = sum.plus(l.tally.Totals())
	}
	return sum
}

func (t LookupTotals) plus(o LookupTotals) LookupTotals {
	return LookupTotals{
		Correct: t.Correct + o.Correct, Wrong: t.Wrong + o.Wrong,
		Failed: t.Failed + o.Failed, Abandoned: t.Abandoned + o.Abandoned,
		Path: t.Path + o.Path, Timeouts: t.Timeouts + o.Timeouts, LatencyNS: t.LatencyNS + o.LatencyNS,
	}
}
