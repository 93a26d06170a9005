package scenarios

// Operation is what the puts, gets or deletes of one step came to.
type Operation struct {
	Name         string       `json:"name"`
	Kind         string       `json:"kind"` // put, get or delete
	Count        int64        `json:"count"`
	Acknowledged int64        `json:"acknowledged"` // puts and deletes held by their quorum
	Found        int64        `json:"found"`        // gets with a value
	Missing      int64        `json:"missing"`      // gets that were told that there is none
	Failed       int64        `json:"failed"`       // no answer before the deadline
	Abandoned    int64        `json:"abandoned"`    // the client died; outside all shares
	FailedShare  Number       `json:"failed_share"`
	Latency      Distribution `json:"latency"` // seconds, of those answered

	// Gets alone. What was acknowledged counts if it was before the get began.
	Stale            int64  `json:"stale"`       // an older value than the newest acknowledged
	Unavailable      int64  `json:"unavailable"` // missing or failed although a value was acknowledged
	UnavailableShare Number `json:"unavailable_share"`
	WrongValue       int64  `json:"wrong_value"`      // not what the put with its number wrote, or of another key
	ReadYourWrites   int64  `json:"read_your_writes"` // violations: older than the client's own last write of the key
	MonotonicReads   int64  `json:"monotonic_reads"`  // violations: older than the client's own last read of it

	tally *OperationTally
}

// NewOperation sums up the operations of a step that are of one kind.
func NewOperation(name, kind string, t *OperationTally) Operation {
	judged := t.acknowledged + t.found + t.missing + t.failed
	sorted := t.latency.sort()
	return Operation{
		Name: name, Kind: kind, Count: judged + t.abandoned,
		Acknowledged: t.acknowledged, Found: t.found, Missing: t.missing, Failed: t.failed, Abandoned: t.abandoned,
		FailedShare: Ratio(t.failed, judged),
		Latency:     distributionOf(t.latency.count, t.latencySum, 1e9, func(i int64) int64 { return sorted[i] }),
		Stale:       t.stale, Unavailable: t.unavailable, UnavailableShare: Ratio(t.unavailable, judged),
		WrongValue: t.wrongValue, ReadYourWrites: t.readYourWrites, MonotonicReads: t.monotonicReads,
		tally: t,
	}
}

func (o *Operation) each(visit visitor) {
	visit("count", countOf(o.Count))
	if o.Kind == operationNames[getOperation] {
		visit("found", countOf(o.Found))
		visit("missing", countOf(o.Missing))
	} else {
		visit("acknowledged", countOf(o.Acknowledged))
	}
	visit("failed", countOf(o.Failed))
	visit("abandoned", countOf(o.Abandoned))
	visit("failed_share", numberOf(UnitShare, o.FailedShare))
	o.Latency.each(UnitSeconds, visit.under("latency"))
	if o.Kind == operationNames[getOperation] {
		visit("stale", countOf(o.Stale))
		visit("unavailable", countOf(o.Unavailable))
		visit("unavailable_share", numberOf(UnitShare, o.UnavailableShare))
		visit("wrong_value", countOf(o.WrongValue))
		visit("read_your_writes", countOf(o.ReadYourWrites))
		visit("monotonic_reads", countOf(o.MonotonicReads))
	}
}

// OperationAll is an Operation over the runs of a row: counts are summed.
type OperationAll struct {
	Name             string          `json:"name"`
	Kind             string          `json:"kind"`
	Count            int64           `json:"count"`
	Acknowledged     int64           `json:"acknowledged"`
	Found            int64           `json:"found"`
	Missing          int64           `json:"missing"`
	Failed           int64           `json:"failed"`
	Abandoned        int64           `json:"abandoned"`
	FailedShare      Interval        `json:"failed_share"`
	Latency          DistributionAll `json:"latency"`
	Stale            int64           `json:"stale"`
	Unavailable      int64           `json:"unavailable"`
	UnavailableShare Interval        `json:"unavailable_share"`
	WrongValue       int64           `json:"wrong_value"`
	ReadYourWrites   int64           `json:"read_your_writes"`
	MonotonicReads   int64           `json:"monotonic_reads"`
}

func operationAll(group []*Operation) OperationAll {
	pooled := *group[0]
	if len(group) > 1 {
		tally := new(OperationTally)
		for _, o := range group {
			tally.Merge(o.tally)
		}
		pooled = NewOperation(pooled.Name, pooled.Kind, tally)
	}
	return OperationAll{
		Name: pooled.Name, Kind: pooled.Kind, Count: pooled.Count,
		Acknowledged: pooled.Acknowledged, Found: pooled.Found, Missing: pooled.Missing,
		Failed: pooled.Failed, Abandoned: pooled.Abandoned,
		Stale: pooled.Stale, Unavailable: pooled.Unavailable, WrongValue: pooled.WrongValue,
		ReadYourWrites: pooled.ReadYourWrites, MonotonicReads: pooled.MonotonicReads,
		FailedShare:      overAll(group, func(o *Operation) Number { return o.FailedShare }),
		UnavailableShare: overAll(group, func(o *Operation) Number { return o.UnavailableShare }),
		Latency:          distributionAll(pooled.Latency, group, func(o *Operation) Number { return o.Latency.Mean }),
	}
}

func (o *OperationAll) each(visit visitor) {
	visit("count", countOf(o.Count))
	if o.Kind == operationNames[getOperation] {
		visit("found", countOf(o.Found))
		visit("missing", countOf(o.Missing))
	} else {
		visit("acknowledged", countOf(o.Acknowledged))
	}
	visit("failed", countOf(o.Failed))
	visit("abandoned", countOf(o.Abandoned))
	o.FailedShare.each(UnitShare, visit.under("failed_share"))
	o.Latency.each(UnitSeconds, visit.under("latency"))
	if o.Kind == operationNames[getOperation] {
		visit("stale", countOf(o.Stale))
		visit("unavailable", countOf(o.Unavailable))
		o.UnavailableShare.each(UnitShare, visit.under("unavailable_share"))
		visit("wrong_value", countOf(o.WrongValue))
		visit("read_your_writes", countOf(o.ReadYourWrites))
		visit("monotonic_reads", countOf(o.MonotonicReads))
	}
}

// Linearizability is what the check of a sample of keys found.
type Linearizability struct {
	Keys      int64 `json:"keys"`      // in the sample
	Violated  int64 `json:"violated"`  // no order of their operations explains what was read
	Unchecked int64 `json:"unchecked"` // too much at once to be decided within the limits
}

// Data is what has become of the stored keys at one instant. A key counts by the
// newest of its puts and deletes that were acknowledged; a newer one that was not
// will do as well.
type Data struct {
	Name              string          `json:"name"`
	Time              Number          `json:"time"`                // virtual seconds
	Keys              int64           `json:"keys"`                // acknowledged and not deleted
	Readable          int64           `json:"readable"`            // of these: the owner has it
	Unreadable        int64           `json:"unreadable"`          // a live copy is there, and not at the owner
	Lost              int64           `json:"lost"`                // no live copy is there
	LostShare         Number          `json:"lost_share"`          // of keys
	NewlyLost         int64           `json:"newly_lost"`          // and there were copies at the measure before
	NewlyLostShare    Number          `json:"newly_lost_share"`    // of the keys that had copies then
	ExpectedLostShare Number          `json:"expected_lost_share"` // by the failures between the two, if they were at one instant
	Resurrected       int64           `json:"resurrected"`         // deleted keys that the owner has an older value of
	Copies            int64           `json:"copies"`              // records of live nodes, tombstones left out
	FullShare         Number          `json:"full_share"`          // of the keys that are not lost: all current holders have it
	Linearizable      Linearizability `json:"linearizable"`
	Histories         []string        `json:"histories,omitempty"` // files that show keys that are not linearizable, a few of the first run that has some

	pages []keyPage
}

func (d *Data) each(visit visitor) {
	visit("keys", countOf(d.Keys))
	visit("readable", countOf(d.Readable))
	visit("unreadable", countOf(d.Unreadable))
	visit("lost", countOf(d.Lost))
	visit("lost_share", numberOf(UnitShare, d.LostShare))
	visit("newly_lost", countOf(d.NewlyLost))
	visit("newly_lost_share", numberOf(UnitShare, d.NewlyLostShare))
	visit("expected_lost_share", numberOf(UnitShare, d.ExpectedLostShare))
	visit("resurrected", countOf(d.Resurrected))
	visit("copies", countOf(d.Copies))
	visit("full_share", numberOf(UnitShare, d.FullShare))
	d.Linearizable.each(visit.under("linearizable"))
}

func (l *Linearizability) each(visit visitor) {
	visit("keys", countOf(l.Keys))
	visit("violated", countOf(l.Violated))
	visit("unchecked", countOf(l.Unchecked))
}

// DataAll is a Data over the runs of a row: counts are summed.
type DataAll struct {
	Name              string          `json:"name"`
	Keys              int64           `json:"keys"`
	Readable          int64           `json:"readable"`
	Unreadable        int64           `json:"unreadable"`
	Lost              int64           `json:"lost"`
	LostShare         Interval        `json:"lost_share"`
	NewlyLost         int64           `json:"newly_lost"`
	NewlyLostShare    Interval        `json:"newly_lost_share"`
	ExpectedLostShare Interval        `json:"expected_lost_share"`
	Resurrected       int64           `json:"resurrected"`
	Copies            int64           `json:"copies"`
	FullShare         Interval        `json:"full_share"`
	Linearizable      Linearizability `json:"linearizable"`
}

func dataAll(group []*Data) DataAll {
	out := DataAll{
		LostShare:         overAll(group, func(d *Data) Number { return d.LostShare }),
		NewlyLostShare:    overAll(group, func(d *Data) Number { return d.NewlyLostShare }),
		ExpectedLostShare: overAll(group, func(d *Data) Number { return d.ExpectedLostShare }),
		FullShare:         overAll(group, func(d *Data) Number { return d.FullShare }),
	}
	for _, d := range group {
		out.Name = d.Name
		out.Keys += d.Keys
		out.Readable += d.Readable
		out.Unreadable += d.Unreadable
		out.Lost += d.Lost
		out.NewlyLost += d.NewlyLost
		out.Resurrected += d.Resurrected
		out.Copies += d.Copies
		out.Linearizable.Keys += d.Linearizable.Keys
		out.Linearizable.Violated += d.Linearizable.Violated
		out.Linearizable.Unchecked += d.Linearizable.Unchecked
	}
	return out
}

func (d *DataAll) each(visit visitor) {
	visit("keys", countOf(d.Keys))
	visit("readable", countOf(d.Readable))
	visit("unreadable", countOf(d.Unreadable))
	visit("lost", countOf(d.Lost))
	d.LostShare.each(UnitShare, visit.under("lost_share"))
	visit("newly_lost", countOf(d.NewlyLost))
	d.NewlyLostShare.each(UnitShare, visit.under("newly_lost_share"))
	d.ExpectedLostShare.each(UnitShare, visit.under("expected_lost_share"))
	visit("resurrected", countOf(d.Resurrected))
	visit("copies", countOf(d.Copies))
	d.FullShare.each(UnitShare, visit.under("full_share"))
	d.Linearizable.each(visit.under("linearizable"))
}
