package scenarios

import (
	"fmt"
	"slices"

	"chordsim/chord"
)

// The names by which a measurement is reached are written down here once: the
// same enumeration gives the compiler of expectations its names (from an empty
// measurement), an evaluation its values, and the tables and CSV files their
// columns.

// visitor is called with each name below a measurement and the value there.
type visitor func(name string, v Value)

// under returns a visitor that puts a prefix before the names.
func (visit visitor) under(prefix string) visitor {
	return func(name string, v Value) {
		if name == "" {
			visit(prefix, v)
		} else {
			visit(prefix+"."+name, v)
		}
	}
}

func (d *Distribution) each(unit Unit, visit visitor) {
	mean := unit
	if mean == UnitCount {
		mean = UnitRatio
	}
	visit("mean", numberOf(mean, d.Mean))
	visit("p1", numberOf(unit, d.P1))
	visit("p10", numberOf(unit, d.P10))
	visit("p50", numberOf(unit, d.P50))
	visit("p90", numberOf(unit, d.P90))
	visit("p99", numberOf(unit, d.P99))
	visit("max", numberOf(unit, d.Max))
}

func (l *Lookup) each(visit visitor) {
	visit("count", countOf(l.Count))
	visit("correct", countOf(l.Correct))
	visit("wrong", countOf(l.Wrong))
	visit("failed", countOf(l.Failed))
	visit("abandoned", countOf(l.Abandoned))
	visit("failed_share", numberOf(UnitShare, l.FailedShare))
	visit("wrong_share", numberOf(UnitShare, l.WrongShare))
	l.Path.each(UnitCount, visit.under("path"))
	l.PathNonlocal.each(UnitCount, visit.under("path_nonlocal"))
	l.Timeouts.each(UnitCount, visit.under("timeouts"))
	l.Latency.each(UnitSeconds, visit.under("latency"))
	l.Stretch.each(UnitRatio, visit.under("stretch"))
}

// mostHops is the longest path that has a share of its own.
const mostHops = 20

// eachOfTallies gives what expectations and references may name beside what tables
// hold, from the tallies of a run that is not from a file: the shares of lookups by path
// length, and the latency of operations that went farther than the client's successor.
func (r *RunResult) eachOfTallies(visit visitor) {
	for i := range r.Lookups {
		l := &r.Lookups[i]
		l.eachPathShare(visit.under("lookup." + l.Name + ".path_share"))
	}
	for i := range r.Operations {
		o := &r.Operations[i]
		nonlocal := o.nonlocalLatency()
		nonlocal.each(UnitSeconds, visit.under(o.Kind+"."+o.Name+".latency_nonlocal"))
	}
}

// nonlocalLatency is the latency of the operations whose lookup was answered by neither
// the client nor its own successor, as path_nonlocal is of lookups.
func (o *Operation) nonlocalLatency() Distribution {
	if o.tally == nil {
		return distributionOf(0, wideSum{}, 1e9, nil)
	}
	if o.tally.local.count == 0 {
		return o.Latency
	}
	var left []int64 // sorted: all without the local ones
	var sum wideSum
	local := o.tally.local.sort()
	for _, latency := range o.tally.latency.sort() {
		if len(local) > 0 && local[0] == latency {
			local = local[1:]
			continue
		}
		left = append(left, latency)
		sum.add(latency)
	}
	return distributionOf(int64(len(left)), sum, 1e9, func(i int64) int64 { return left[i] })
}

// eachPathShare gives the shares of all lookups that have a path.
func (l *Lookup) eachPathShare(visit visitor) {
	var lengths [mostHops + 1]int64
	if l.tally != nil {
		for _, v := range l.tally.path.values() {
			if v.value <= mostHops {
				lengths[v.value] = v.count
			}
		}
	}
	of := l.Path.N
	if l.tally == nil {
		of = 0 // nobody knows any more
	}
	for hops, count := range lengths {
		visit(fmt.Sprintf("hops_%d", hops), numberOf(UnitShare, Ratio(count, of)))
	}
}

// totalName is the name of what a load is of.
func totalName(of string) string {
	if of == "" {
		return "keys"
	}
	return "total"
}

// loadUnits returns the units of a load and of its mean.
func loadUnits(of string) (amount, mean Unit) {
	if of == "bytes" {
		return UnitBytes, UnitBytes
	}
	return UnitCount, UnitRatio
}

func (l *Load) each(visit visitor) {
	amount, mean := loadUnits(l.Of)
	visit(totalName(l.Of), numberOf(amount, Number(l.Keys)))
	visit("nodes", countOf(l.Nodes))
	visit("mean", numberOf(mean, l.Mean))
	visit("p1", numberOf(amount, l.P1))
	visit("p50", numberOf(amount, l.P50))
	visit("p99", numberOf(amount, l.P99))
	visit("max", numberOf(amount, l.Max))
	visit("max_over_mean", numberOf(UnitRatio, l.MaxOverMean))
	visit("p99_over_mean", numberOf(UnitRatio, l.P99OverMean))
	visit("p1_over_mean", numberOf(UnitRatio, l.P1OverMean))
	visit("gini", numberOf(UnitRatio, l.Gini))
	visit("empty_share", numberOf(UnitShare, l.EmptyShare))
}

func (r *Ring) each(visit visitor) {
	visit("verdict", textOf(r.Verdict))
	visit("members", countOf(r.Members))
	visit("principals", countOf(r.Principals))
	visit("cut_off", countOf(r.CutOff))
	visit("right_successors", numberOf(UnitShare, r.RightSuccessors))
	visit("right_predecessors", numberOf(UnitShare, r.RightPredecessors))
	visit("right_lists", numberOf(UnitShare, r.RightLists))
	visit("right_fingers", numberOf(UnitShare, r.RightFingers))
	visit("stability", numberOf(UnitShare, r.Stability))
	visit("false_suspicions", countOf(r.FalseSuspicions))
	holds := visit.under("holds")
	for p := range chord.Property(chord.NumProperties) {
		holds(p.String(), truthOf(!slices.Contains(r.Violated, p.String())))
	}
}

func (a *Await) each(visit visitor) {
	visit("time", numberOf(UnitSeconds, a.Time))
	visit("held", truthOf(a.Held))
}

func (r *Rates) each(visit visitor) {
	visit("messages_per_node_second", numberOf(UnitRate, r.Messages))
	visit("bytes_per_node_second", numberOf(UnitByteRate, r.Bytes))
}

// each visits every kind of message, whether it occurred or not.
func (t *Traffic) each(kinds []string, visit visitor) {
	t.Rates.each(visit)
	for _, kind := range kinds {
		rates := Rates{} // none of the kind: nothing a second
		for _, k := range t.Kinds {
			if k.Kind == kind {
				rates = k.Rates
			}
		}
		rates.each(visit.under(kind))
	}
}

func (r *RunSummary) each(visit visitor) {
	visit("digest", textOf(r.Digest))
	visit("events", countOf(r.Events))
	visit("messages", countOf(r.Messages))
	visit("virtual", numberOf(UnitSeconds, r.Virtual))
}

func (h *HostRun) each(visit visitor) {
	visit("wall", numberOf(UnitSeconds, h.Wall))
	visit("setup", numberOf(UnitSeconds, h.Setup))
	visit("messages_per_wall_second", numberOf(UnitRate, h.MessagesPerWallSecond))
	visit("peak_memory", numberOf(UnitBytes, h.PeakMemory))
	visit("bytes_per_node", numberOf(UnitBytes, h.BytesPerNode))
}

// each visits everything one run measured, by the full names of the scenario
// language.
func (r *RunResult) each(kinds []string, visit visitor) {
	for i := range r.Lookups {
		r.Lookups[i].each(visit.under("lookup." + r.Lookups[i].Name))
	}
	for i := range r.Loads {
		r.Loads[i].each(visit.under("load." + r.Loads[i].Name))
	}
	r.Ring.each(visit.under("ring"))
	for i := range r.Rings {
		r.Rings[i].each(visit.under("ring." + r.Rings[i].Name))
	}
	for i := range r.Awaits {
		if r.Awaits[i].Name != "" {
			r.Awaits[i].each(visit.under(r.Awaits[i].Name))
		}
	}
	for i := range r.Traffic {
		r.Traffic[i].each(kinds, visit.under("traffic."+r.Traffic[i].Name))
	}
	for i := range r.Operations {
		o := &r.Operations[i]
		o.each(visit.under(o.Kind + "." + o.Name))
	}
	for i := range r.Data {
		r.Data[i].each(visit.under("data." + r.Data[i].Name))
	}
	r.Run.each(visit.under("run"))
}

func (i *Interval) each(unit Unit, visit visitor) {
	visit("", numberOf(unit, i.Mean))
	visit("ci95", numberOf(unit, i.CI95))
	visit("min", numberOf(unit, i.Min))
	visit("max", numberOf(unit, i.Max))
}

func (s *Share) each(visit visitor) {
	visit("", numberOf(UnitShare, s.Share))
	visit("runs", countOf(s.Runs))
	visit("ci95", numberOf(UnitShare, s.CI95))
	visit("low", numberOf(UnitShare, s.Low))
	visit("high", numberOf(UnitShare, s.High))
}

func (d *DistributionAll) each(unit Unit, visit visitor) {
	mean := unit
	if mean == UnitCount {
		mean = UnitRatio
	}
	d.Mean.each(mean, visit.under("mean"))
	visit("p1", numberOf(unit, d.P1))
	visit("p10", numberOf(unit, d.P10))
	visit("p50", numberOf(unit, d.P50))
	visit("p90", numberOf(unit, d.P90))
	visit("p99", numberOf(unit, d.P99))
	visit("max", numberOf(unit, d.Max))
}

func (l *LookupAll) each(visit visitor) {
	visit("count", countOf(l.Count))
	visit("correct", countOf(l.Correct))
	visit("wrong", countOf(l.Wrong))
	visit("failed", countOf(l.Failed))
	visit("abandoned", countOf(l.Abandoned))
	l.FailedShare.each(UnitShare, visit.under("failed_share"))
	l.WrongShare.each(UnitShare, visit.under("wrong_share"))
	l.Path.each(UnitCount, visit.under("path"))
	l.PathNonlocal.each(UnitCount, visit.under("path_nonlocal"))
	l.Timeouts.each(UnitCount, visit.under("timeouts"))
	l.Latency.each(UnitSeconds, visit.under("latency"))
	l.Stretch.each(UnitRatio, visit.under("stretch"))
}

func (l *LoadAll) each(visit visitor) {
	amount, mean := loadUnits(l.Of)
	visit(totalName(l.Of), numberOf(amount, Number(l.Keys)))
	visit("nodes", countOf(l.Nodes))
	l.Mean.each(mean, visit.under("mean"))
	visit("p1", numberOf(amount, l.P1))
	visit("p50", numberOf(amount, l.P50))
	visit("p99", numberOf(amount, l.P99))
	visit("max", numberOf(amount, l.Max))
	l.MaxOverMean.each(UnitRatio, visit.under("max_over_mean"))
	l.P99OverMean.each(UnitRatio, visit.under("p99_over_mean"))
	l.P1OverMean.each(UnitRatio, visit.under("p1_over_mean"))
	l.Gini.each(UnitRatio, visit.under("gini"))
	l.EmptyShare.each(UnitShare, visit.under("empty_share"))
}

func (r *RingAll) each(visit visitor) {
	for _, verdict := range Verdicts {
		share := r.Verdict.of(verdict)
		share.each(visit.under("verdict." + verdict))
	}
	visit("members", countOf(r.Members))
	visit("principals", countOf(r.Principals))
	visit("cut_off", countOf(r.CutOff))
	r.RightSuccessors.each(UnitShare, visit.under("right_successors"))
	r.RightPredecessors.each(UnitShare, visit.under("right_predecessors"))
	r.RightLists.each(UnitShare, visit.under("right_lists"))
	r.RightFingers.each(UnitShare, visit.under("right_fingers"))
	r.Stability.each(UnitShare, visit.under("stability"))
	visit("false_suspicions", countOf(r.FalseSuspicions))
}

func (a *AwaitAll) each(visit visitor) {
	a.Time.each(UnitSeconds, visit.under("time"))
	a.Held.each(visit.under("held"))
}

func (r *RatesAll) each(visit visitor) {
	r.Messages.each(UnitRate, visit.under("messages_per_node_second"))
	r.Bytes.each(UnitByteRate, visit.under("bytes_per_node_second"))
}

func (t *TrafficAll) each(kinds []string, visit visitor) {
	t.RatesAll.each(visit)
	for _, kind := range kinds {
		rates := RatesAll{}
		for _, k := range t.Kinds {
			if k.Kind == kind {
				rates = k.RatesAll
			}
		}
		rates.each(visit.under(kind))
	}
}

func (r *RunAll) each(visit visitor) {
	visit("events", countOf(r.Events))
	visit("messages", countOf(r.Messages))
	r.Virtual.each(UnitSeconds, visit.under("virtual"))
}

// each visits the aggregate of a row, by its full names without "all.".
func (a *Aggregate) each(kinds []string, visit visitor) {
	visit("runs", countOf(int64(a.Runs)))
	for i := range a.Lookups {
		a.Lookups[i].each(visit.under("lookup." + a.Lookups[i].Name))
	}
	for i := range a.Loads {
		a.Loads[i].each(visit.under("load." + a.Loads[i].Name))
	}
	a.Ring.each(visit.under("ring"))
	for i := range a.Rings {
		a.Rings[i].each(visit.under("ring." + a.Rings[i].Name))
	}
	for i := range a.Awaits {
		if a.Awaits[i].Name != "" {
			a.Awaits[i].each(visit.under(a.Awaits[i].Name))
		}
	}
	for i := range a.Traffic {
		a.Traffic[i].each(kinds, visit.under("traffic."+a.Traffic[i].Name))
	}
	for i := range a.Operations {
		o := &a.Operations[i]
		o.each(visit.under(o.Kind + "." + o.Name))
	}
	for i := range a.Data {
		a.Data[i].each(visit.under("data." + a.Data[i].Name))
	}
	a.Run.each(visit.under("run"))
}
