package scenarios

// NewLookup sums up the lookups of a step. The tally stays with the result
// until the row is aggregated and is not added to again.
func NewLookup(name string, t *LookupTally) Lookup {
	var count int64
	for _, n := range t.outcomes {
		count += n
	}
	judged := count - t.outcomes[Abandoned]
	return Lookup{
		Name: name, Count: count,
		Correct: t.outcomes[Correct], Wrong: t.outcomes[Wrong],
		Failed: t.outcomes[Failed], Abandoned: t.outcomes[Abandoned],
		FailedShare:  Ratio(t.outcomes[Failed], judged),
		WrongShare:   Ratio(t.outcomes[Wrong], judged),
		Path:         histogram(t.path.values()).distribution(),
		PathNonlocal: histogram(t.pathNonlocal.values()).distribution(),
		Timeouts:     histogram(t.timeouts.values()).distribution(),
		Latency:      latencyDistribution(t),
		Stretch:      t.stretch.distribution(),
		tally:        t,
	}
}

// distributionOf builds a distribution out of n samples with the given sum,
// the i-th smallest of which is at(i), in units of the given size.
func distributionOf(n int64, sum wideSum, unit float64, at func(int64) int64) Distribution {
	percentile := func(percent int) Number {
		if n == 0 {
			return Undefined()
		}
		return number(float64(at(rank(percent, n))) / unit)
	}
	return Distribution{
		N: n, Mean: number(sum.over(n) / unit),
		P1: percentile(1), P10: percentile(10), P50: percentile(50),
		P90: percentile(90), P99: percentile(99), Max: percentile(100),
	}
}

func (h histogram) distribution() Distribution {
	n, sum := h.totals()
	return distributionOf(n, sum, 1, h.at)
}

func latencyDistribution(t *LookupTally) Distribution {
	sorted := t.latency.sort()
	return distributionOf(t.latency.count, t.latencySum, 1e9, func(i int64) int64 { return sorted[i] })
}

func (s *ppmSamples) distribution() Distribution {
	return distributionOf(s.count(), s.sum, 1e6, s.at)
}

// NewLoad sums up a load. Without a node or a key there is no mean to compare
// with, and what is divided by it is undefined.
func NewLoad(name string, t *LoadTally) Load {
	d := t.keys.distribution()
	_, sum := t.keys.totals()
	load := Load{
		Name: name, Keys: sum.whole(), Nodes: d.N, Mean: d.Mean,
		P1: d.P1, P50: d.P50, P99: d.P99, Max: d.Max,
		Gini: gini(t.keys), EmptyShare: Ratio(t.empty(), d.N), tally: t,
	}
	overMean := func(x Number) Number {
		return quotient(float64(x)*float64(d.N), sum.float(), 1)
	}
	load.MaxOverMean, load.P99OverMean, load.P1OverMean = overMean(d.Max), overMean(d.P99), overMean(d.P1)
	return load
}

// empty returns the number of nodes without a key.
func (t *LoadTally) empty() int64 {
	if len(t.keys) > 0 && t.keys[0].value == 0 {
		return t.keys[0].count
	}
	return 0
}

// NewTraffic sums up a measurement in which nodes were up for
// nodeMicroseconds together (nodes times virtual microseconds). Kinds that did
// not occur are left out.
func NewTraffic(name string, t *TrafficTally, nodeMicroseconds int64) Traffic {
	rates := func(messages, bytes int64) Rates {
		up := float64(nodeMicroseconds) / 1e6
		return Rates{quotient(float64(messages), up, 1), quotient(float64(bytes), up, 1)}
	}
	out := Traffic{Name: name, Rates: rates(t.Totals())}
	for i, kind := range t.kinds {
		if t.messages[i] > 0 {
			out.Kinds = append(out.Kinds, KindTraffic{kind, rates(t.messages[i], t.bytes[i])})
		}
	}
	return out
}
