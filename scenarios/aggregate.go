package scenarios

import "strconv"

// Aggregate is a row seen over its runs, what expectations read as all.NAME:
// means and shares as the mean over runs with Student's 95 % interval, counts
// summed, the maximum as the maximum, percentiles pooled over all samples of
// all runs, verdicts as shares of runs.
type Aggregate struct {
	Runs       int            `json:"runs"`
	Lookups    []LookupAll    `json:"lookups,omitempty"`
	Loads      []LoadAll      `json:"loads,omitempty"`
	Rings      []RingAll      `json:"rings,omitempty"`
	Awaits     []AwaitAll     `json:"awaits,omitempty"`
	Traffic    []TrafficAll   `json:"traffic,omitempty"`
	Operations []OperationAll `json:"operations,omitempty"`
	Data       []DataAll      `json:"data,omitempty"`
	Ring       RingAll        `json:"ring"`
	Run        RunAll         `json:"run"`
	Histograms []Histogram    `json:"histograms,omitempty"`
	Quantiles  []Quantiles    `json:"quantiles,omitempty"`
}

// DistributionAll is a distribution over the runs of a row.
type DistributionAll struct {
	N    int64    `json:"n"`
	Mean Interval `json:"mean"`
	P1   Number   `json:"p1"`
	P10  Number   `json:"p10"`
	P50  Number   `json:"p50"`
	P90  Number   `json:"p90"`
	P99  Number   `json:"p99"`
	Max  Number   `json:"max"`
}

// LookupAll is a Lookup over the runs of a row.
type LookupAll struct {
	Name         string          `json:"name"`
	Count        int64           `json:"count"`
	Correct      int64           `json:"correct"`
	Wrong        int64           `json:"wrong"`
	Failed       int64           `json:"failed"`
	Abandoned    int64           `json:"abandoned"`
	FailedShare  Interval        `json:"failed_share"`
	WrongShare   Interval        `json:"wrong_share"`
	Path         DistributionAll `json:"path"`
	PathNonlocal DistributionAll `json:"path_nonlocal"`
	Timeouts     DistributionAll `json:"timeouts"`
	Latency      DistributionAll `json:"latency"`
	Stretch      DistributionAll `json:"stretch"`
}

// LoadAll is a Load over the runs of a row.
type LoadAll struct {
	Name        string   `json:"name"`
	Of          string   `json:"of,omitempty"`
	Keys        int64    `json:"keys"`
	Nodes       int64    `json:"nodes"`
	Mean        Interval `json:"mean"`
	P1          Number   `json:"p1"`
	P50         Number   `json:"p50"`
	P99         Number   `json:"p99"`
	Max         Number   `json:"max"`
	MaxOverMean Interval `json:"max_over_mean"`
	P99OverMean Interval `json:"p99_over_mean"`
	P1OverMean  Interval `json:"p1_over_mean"`
	Gini        Interval `json:"gini"`
	EmptyShare  Interval `json:"empty_share"`
}

// VerdictShares says in which share of the runs each verdict was given.
type VerdictShares struct {
	Ideal  Share `json:"ideal"`
	Ring   Share `json:"ring"`
	Loopy  Share `json:"loopy"`
	Split  Share `json:"split"`
	Broken Share `json:"broken"`
}

// of returns the share of one of Verdicts.
func (v *VerdictShares) of(verdict string) *Share {
	return [...]*Share{&v.Ideal, &v.Ring, &v.Loopy, &v.Split, &v.Broken}[verdictIndex(verdict)]
}

func verdictIndex(verdict string) int {
	for i, v := range Verdicts {
		if v == verdict {
			return i
		}
	}
	panic("scenarios: unknown verdict " + verdict)
}

// RingAll is a Ring over the runs of a row.
type RingAll struct {
	Name              string        `json:"name,omitempty"`
	Runs              int64         `json:"runs"` // that came as far as this measure
	Verdict           VerdictShares `json:"verdict"`
	Members           int64         `json:"members"`
	Principals        int64         `json:"principals"`
	CutOff            int64         `json:"cut_off"`
	RightSuccessors   Interval      `json:"right_successors"`
	RightPredecessors Interval      `json:"right_predecessors"`
	RightLists        Interval      `json:"right_lists"`
	RightFingers      Interval      `json:"right_fingers"`
	Stability         Interval      `json:"stability"`
	FalseSuspicions   int64         `json:"false_suspicions"`
}

// Lost is the share of runs in which the ring was broken or split.
func (r *RingAll) Lost() Share {
	return shareOf(r.Verdict.Broken.Runs+r.Verdict.Split.Runs, r.Runs)
}

// AwaitAll is an Await over the runs of a row.
type AwaitAll struct {
	Name string   `json:"name,omitempty"`
	For  string   `json:"for"`
	Held Share    `json:"held"`
	Time Interval `json:"time"` // over the runs in which it held
}

// RatesAll are Rates over the runs of a row.
type RatesAll struct {
	Messages Interval `json:"messages_per_node_second"`
	Bytes    Interval `json:"bytes_per_node_second"`
}

// TrafficAll is a Traffic over the runs of a row.
type TrafficAll struct {
	Name string `json:"name"`
	RatesAll
	Kinds []KindTrafficAll `json:"kinds,omitempty"`
}

// KindTrafficAll is a KindTraffic over the runs of a row.
type KindTrafficAll struct {
	Kind string `json:"kind"`
	RatesAll
}

// RunAll sums up the runs of a row.
type RunAll struct {
	Events   int64    `json:"events"`
	Messages int64    `json:"messages"`
	Virtual  Interval `json:"virtual"`
}

// aggregate sums up the runs of a row, which may have come to different
// lengths. The order of the runs does not show in any number but through the
// rounding of sums of floats, so it has to be the order of the seeds.
func aggregate(runs []RunResult) *Aggregate {
	a := &Aggregate{Runs: len(runs)}
	for _, g := range gather(runs, func(r *RunResult) []Lookup { return r.Lookups }, func(l *Lookup, _ int) string { return l.Name }) {
		tally := poolLookups(g)
		a.Lookups = append(a.Lookups, lookupAll(g, tally))
		a.Histograms = append(a.Histograms, pathHistogram(g[0].Name, tally))
		a.Quantiles = append(a.Quantiles, lookupQuantiles(g[0].Name, tally)...)
	}
	for _, g := range gather(runs, func(r *RunResult) []Load { return r.Loads }, func(l *Load, _ int) string { return l.Name }) {
		tally := poolLoads(g)
		a.Loads = append(a.Loads, loadAll(g, tally))
		a.Histograms = append(a.Histograms, loadHistogram(g[0].Name, tally))
	}
	for _, g := range gather(runs, func(r *RunResult) []Ring { return r.Rings }, func(r *Ring, _ int) string { return r.Name }) {
		a.Rings = append(a.Rings, ringAll(g))
	}
	// Most awaits have no name; the place in the timeline tells them apart.
	awaits := gather(runs, func(r *RunResult) []Await { return r.Awaits }, func(_ *Await, i int) string { return strconv.Itoa(i) })
	for _, g := range awaits {
		a.Awaits = append(a.Awaits, awaitAll(g))
	}
	for _, g := range gather(runs, func(r *RunResult) []Traffic { return r.Traffic }, func(t *Traffic, _ int) string { return t.Name }) {
		a.Traffic = append(a.Traffic, trafficAll(g))
	}
	for _, g := range gather(runs, func(r *RunResult) []Operation { return r.Operations }, func(o *Operation, _ int) string { return o.Kind + o.Name }) {
		a.Operations = append(a.Operations, operationAll(g))
	}
	for _, g := range gather(runs, func(r *RunResult) []Data { return r.Data }, func(d *Data, _ int) string { return d.Name }) {
		a.Data = append(a.Data, dataAll(g))
	}
	ends := make([]*Ring, len(runs))
	for i := range runs {
		ends[i] = &runs[i].Ring
		a.Run.Events += runs[i].Run.Events
		a.Run.Messages += runs[i].Run.Messages
	}
	a.Ring = ringAll(ends)
	a.Run.Virtual = over(runs, func(r *RunResult) Number { return r.Run.Virtual })
	return a
}

// gather groups what the runs measured by key, in the order of the timeline.
func gather[T any](runs []RunResult, list func(*RunResult) []T, key func(*T, int) string) [][]*T {
	var out [][]*T
	place := map[string]int{}
	for i := range runs {
		items := list(&runs[i])
		for j := range items {
			k := key(&items[j], j)
			at, known := place[k]
			if !known {
				at = len(out)
				place[k] = at
				out = append(out, nil)
			}
			out[at] = append(out[at], &items[j])
		}
	}
	return out
}

// over takes one quantity of each item and sums it up.
func over[T any](items []T, get func(*T) Number) Interval {
	values := make([]Number, len(items))
	for i := range items {
		values[i] = get(&items[i])
	}
	return intervalOf(values)
}

// overAll is over for pointers, as gather returns them.
func overAll[T any](items []*T, get func(*T) Number) Interval {
	return over(items, func(p **T) Number { return get(*p) })
}

// poolLookups merges the tallies of one step over the runs.
func poolLookups(group []*Lookup) *LookupTally {
	if len(group) == 1 {
		return group[0].tally
	}
	pooled := new(LookupTally)
	for _, l := range group {
		pooled.Merge(l.tally)
	}
	return pooled
}

func lookupAll(group []*Lookup, tally *LookupTally) LookupAll {
	pooled := *group[0]
	if len(group) > 1 {
		pooled = NewLookup(group[0].Name, tally)
	}
	return LookupAll{
		Name: pooled.Name, Count: pooled.Count, Correct: pooled.Correct, Wrong: pooled.Wrong,
		Failed: pooled.Failed, Abandoned: pooled.Abandoned,
		FailedShare:  overAll(group, func(l *Lookup) Number { return l.FailedShare }),
		WrongShare:   overAll(group, func(l *Lookup) Number { return l.WrongShare }),
		Path:         distributionAll(pooled.Path, group, func(l *Lookup) Number { return l.Path.Mean }),
		PathNonlocal: distributionAll(pooled.PathNonlocal, group, func(l *Lookup) Number { return l.PathNonlocal.Mean }),
		Timeouts:     distributionAll(pooled.Timeouts, group, func(l *Lookup) Number { return l.Timeouts.Mean }),
		Latency:      distributionAll(pooled.Latency, group, func(l *Lookup) Number { return l.Latency.Mean }),
		Stretch:      distributionAll(pooled.Stretch, group, func(l *Lookup) Number { return l.Stretch.Mean }),
	}
}

func distributionAll[T any](pooled Distribution, group []*T, mean func(*T) Number) DistributionAll {
	return DistributionAll{
		N: pooled.N, Mean: overAll(group, mean),
		P1: pooled.P1, P10: pooled.P10, P50: pooled.P50, P90: pooled.P90, P99: pooled.P99, Max: pooled.Max,
	}
}

func poolLoads(group []*Load) *LoadTally {
	pooled := new(LoadTally)
	for _, l := range group {
		pooled.keys = mergeHistograms(pooled.keys, l.tally.keys)
	}
	return pooled
}

func loadAll(group []*Load, tally *LoadTally) LoadAll {
	pooled := NewLoad(group[0].Name, tally)
	return LoadAll{
		Name: pooled.Name, Of: group[0].Of, Keys: pooled.Keys, Nodes: pooled.Nodes,
		P1: pooled.P1, P50: pooled.P50, P99: pooled.P99, Max: pooled.Max,
		Mean:        overAll(group, func(l *Load) Number { return l.Mean }),
		MaxOverMean: overAll(group, func(l *Load) Number { return l.MaxOverMean }),
		P99OverMean: overAll(group, func(l *Load) Number { return l.P99OverMean }),
		P1OverMean:  overAll(group, func(l *Load) Number { return l.P1OverMean }),
		Gini:        overAll(group, func(l *Load) Number { return l.Gini }),
		EmptyShare:  overAll(group, func(l *Load) Number { return l.EmptyShare }),
	}
}

func ringAll(group []*Ring) RingAll {
	out := RingAll{
		Runs:              int64(len(group)),
		RightSuccessors:   overAll(group, func(r *Ring) Number { return r.RightSuccessors }),
		RightPredecessors: overAll(group, func(r *Ring) Number { return r.RightPredecessors }),
		RightLists:        overAll(group, func(r *Ring) Number { return r.RightLists }),
		RightFingers:      overAll(group, func(r *Ring) Number { return r.RightFingers }),
		Stability:         overAll(group, func(r *Ring) Number { return r.Stability }),
	}
	var given [5]int64
	for _, r := range group {
		out.Name = r.Name
		out.Members += r.Members
		out.Principals += r.Principals
		out.CutOff += r.CutOff
		out.FalseSuspicions += r.FalseSuspicions
		given[verdictIndex(r.Verdict)]++
	}
	for i, verdict := range Verdicts {
		*out.Verdict.of(verdict) = shareOf(given[i], out.Runs)
	}
	return out
}

func awaitAll(group []*Await) AwaitAll {
	var held int64
	for _, a := range group {
		if a.Held {
			held++
		}
	}
	return AwaitAll{
		Name: group[0].Name, For: group[0].For,
		Held: shareOf(held, int64(len(group))),
		Time: overAll(group, func(a *Await) Number { return a.Time }),
	}
}

func ratesAll(group []*Rates) RatesAll {
	return RatesAll{
		Messages: overAll(group, func(r *Rates) Number { return r.Messages }),
		Bytes:    overAll(group, func(r *Rates) Number { return r.Bytes }),
	}
}

func trafficAll(group []*Traffic) TrafficAll {
	var all []*Rates
	var kinds []string
	byKind := map[string][]*Rates{}
	for _, t := range group {
		all = append(all, &t.Rates)
		for i := range t.Kinds {
			kind := t.Kinds[i].Kind
			if byKind[kind] == nil {
				kinds = append(kinds, kind)
			}
			byKind[kind] = append(byKind[kind], &t.Kinds[i].Rates)
		}
	}
	out := TrafficAll{Name: group[0].Name, RatesAll: ratesAll(all)}
	for _, kind := range kinds {
		rates := byKind[kind]
		for len(rates) < len(group) { // runs without a message of the kind
			rates = append(rates, new(Rates))
		}
		out.Kinds = append(out.Kinds, KindTrafficAll{kind, ratesAll(rates)})
	}
	return out
}
