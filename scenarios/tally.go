package scenarios

// Outcome is how a lookup ended, judged at the instant its initiator received
// the answer (protocol §2).
type Outcome uint8

const (
	Correct   Outcome = iota // the first live member at or after the key
	Wrong                    // any other node, a dead one too
	Failed                   // no answer
	Abandoned                // the initiator died; outside all shares
	numOutcomes
)

// LookupTally records the lookups of one step, in integers only. Which lookups
// a measure is taken over:
//
//   - path, path_nonlocal, latency, stretch: those answered, correct or wrong
//     (path_nonlocal without those that the initiator or its own successor
//     answered; stretch without those within one host);
//   - timeouts: those answered or failed;
//   - failed_share, wrong_share: of those answered or failed.
//
// Abandoned lookups are counted and nothing more. The zero value is ready for
// use. A tally belongs to one goroutine; Merge brings several together.
type LookupTally struct {
	outcomes      [numOutcomes]int64
	path          counts
	pathNonlocal  counts
	timeouts      counts
	latency       samples[int64] // nanoseconds
	latencySum    wideSum
	stretch       ppmSamples
	pathSum       int64
	timeoutsSum   int64
	pathNonlocals int64
}

// Add records one lookup. path is the number of distinct live nodes after the
// initiator up to the key's predecessor, nonlocal says that neither the
// initiator nor its own successor answered, latencyNS counts from the start to
// the answer, and stretchPPM is that latency in millionths of the mean round
// trip between initiator and owner, negative where that is undefined. What the
// outcome leaves out is ignored.
func (t *LookupTally) Add(outcome Outcome, path, timeouts uint16, nonlocal bool, latencyNS, stretchPPM int64) {
	t.outcomes[outcome]++
	if outcome == Abandoned {
		return
	}
	t.timeouts.add(timeouts)
	t.timeoutsSum += int64(timeouts)
	if outcome == Failed {
		return
	}
	t.path.add(path)
	t.pathSum += int64(path)
	if nonlocal {
		t.pathNonlocal.add(path)
		t.pathNonlocals++
	}
	t.latency.add(latencyNS)
	t.latencySum.add(latencyNS)
	if stretchPPM >= 0 {
		t.stretch.add(stretchPPM)
	}
}

// Merge adds o's lookups to t's; the order of merging does not show in any
// result. The tallies share memory afterwards: o is not added to again.
func (t *LookupTally) Merge(o *LookupTally) {
	for i, n := range o.outcomes {
		t.outcomes[i] += n
	}
	t.path.merge(o.path)
	t.pathNonlocal.merge(o.pathNonlocal)
	t.timeouts.merge(o.timeouts)
	t.latency.merge(&o.latency)
	t.latencySum.merge(o.latencySum)
	t.stretch.merge(&o.stretch)
	t.pathSum += o.pathSum
	t.timeoutsSum += o.timeoutsSum
	t.pathNonlocals += o.pathNonlocals
}

// LookupTotals is the running state of a tally, cheap to take at every
// sampling instant: the difference of two says what an interval saw.
type LookupTotals struct {
	Correct, Wrong, Failed, Abandoned int64
	Path                              int64 // over the answered
	Timeouts                          int64 // over the answered and failed
	LatencyNS                         int64 // over the answered
}

// Totals returns the sums so far.
func (t *LookupTally) Totals() LookupTotals {
	return LookupTotals{
		Correct: t.outcomes[Correct], Wrong: t.outcomes[Wrong],
		Failed: t.outcomes[Failed], Abandoned: t.outcomes[Abandoned],
		Path: t.pathSum, Timeouts: t.timeoutsSum, LatencyNS: int64(t.latencySum.lo),
	}
}

// Since returns what was added after o was taken.
func (t LookupTotals) Since(o LookupTotals) LookupTotals {
	return LookupTotals{
		Correct: t.Correct - o.Correct, Wrong: t.Wrong - o.Wrong,
		Failed: t.Failed - o.Failed, Abandoned: t.Abandoned - o.Abandoned,
		Path: t.Path - o.Path, Timeouts: t.Timeouts - o.Timeouts,
		LatencyNS: t.LatencyNS - o.LatencyNS,
	}
}

// Answered returns how many of the lookups got an answer, right or wrong.
func (t LookupTotals) Answered() int64 { return t.Correct + t.Wrong }

// MeanPath returns the mean path length of the answered lookups.
func (t LookupTotals) MeanPath() Number { return Ratio(t.Path, t.Answered()) }

// MeanTimeouts returns the mean number of timeouts of a lookup.
func (t LookupTotals) MeanTimeouts() Number { return Ratio(t.Timeouts, t.Answered()+t.Failed) }

// MeanLatency returns the mean latency of the answered lookups in seconds.
func (t LookupTotals) MeanLatency() Number {
	return quotient(float64(t.LatencyNS), float64(t.Answered()), 1e9)
}

// LoadTally is how many keys each node (host, where hosts run several virtual
// nodes) owns.
type LoadTally struct{ keys histogram }

// NewLoadTally counts a load; keysPerHost is sorted in place.
func NewLoadTally(keysPerHost []int64) *LoadTally {
	return &LoadTally{histogramOf(keysPerHost)}
}

// TrafficTally counts the messages of one measurement by kind. It belongs to
// one goroutine; Merge brings several together.
type TrafficTally struct {
	kinds    []string
	messages []int64
	bytes    []int64
}

// NewTrafficTally returns an empty tally for messages of the named kinds.
func NewTrafficTally(kinds []string) *TrafficTally {
	return &TrafficTally{kinds, make([]int64, len(kinds)), make([]int64, len(kinds))}
}

// Add records messages of the kind with the given index that are so many
// bytes long together.
func (t *TrafficTally) Add(kind int, messages, bytes int64) {
	t.messages[kind] += messages
	t.bytes[kind] += bytes
}

// Merge adds o's messages, which must be of the same kinds.
func (t *TrafficTally) Merge(o *TrafficTally) {
	for i := range o.kinds {
		t.Add(i, o.messages[i], o.bytes[i])
	}
}

// Totals returns the messages and bytes of all kinds together.
func (t *TrafficTally) Totals() (messages, bytes int64) {
	for i := range t.kinds {
		messages += t.messages[i]
		bytes += t.bytes[i]
	}
	return messages, bytes
}

// OperationTally records the puts, gets or deletes of one step, in integers
// only. Abandoned ones, whose client died, are outside all shares; latencies are
// of those that were answered.
type OperationTally struct {
	acknowledged, found, missing, failed, abandoned int64

	// Of gets: older than what was acknowledged before the get began; nothing, or
	// no answer, where there was a value then; not what its writer wrote; older
	// than the client's own last write, or read, before the get began.
	stale, unavailable, wrongValue, readYourWrites, monotonicReads int64

	latency    samples[int64] // nanoseconds
	latencySum wideSum

	// Of those whose lookup was answered by the client or its own successor, few in a
	// ring of some size.
	local samples[int64]
}

func (t *OperationTally) answered(latencyNS int64, local bool) {
	t.latency.add(latencyNS)
	t.latencySum.add(latencyNS)
	if local {
		t.local.add(latencyNS)
	}
}

// Merge adds o's operations to t's; neither is added to again.
func (t *OperationTally) Merge(o *OperationTally) {
	t.acknowledged += o.acknowledged
	t.found += o.found
	t.missing += o.missing
	t.failed += o.failed
	t.abandoned += o.abandoned
	t.stale += o.stale
	t.unavailable += o.unavailable
	t.wrongValue += o.wrongValue
	t.readYourWrites += o.readYourWrites
	t.monotonicReads += o.monotonicReads
	t.local.merge(&o.local)
	t.latency.merge(&o.latency)
	t.latencySum.merge(o.latencySum)
}
