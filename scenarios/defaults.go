package scenarios

import "chordsim/chord"

// defaultJitter spreads a period by half both ways: U[15, 45] s around 30 s,
// as the authors' simulator did.
var defaultJitter = Fraction{Decimal{5, 10}}

// Defaults returns what a scenario is where its file says nothing. Defaults
// that follow from other values, and those of steps, are filled in by derive
// and by the steps' UnmarshalJSON.
func Defaults() Spec {
	round := PeriodSpec{Every: 30 * Second, Jitter: defaultJitter}
	return Spec{
		Seed:   1,
		Repeat: 1,
		Ring: RingSpec{
			Protocol:         "corrected",
			Bits:             64,
			Successors:       20,
			Stabilize:        round,
			FixFingers:       PeriodSpec{Every: unsaid},
			CheckPredecessor: round,
			RPCTimeout:       500 * Millisecond,
			Lookup:           "iterative",
			ProbeOwner:       true,
			HopAck:           true,
			Retry:            true,
			Detector:         DetectorSpec{Model: "timeout"},
			VirtualNodes:     1,
			Bootstrap:        "random",
			IDs:              "random",
		},
		Data: DataSpec{Replicas: 1, Repair: unsaid, MaxValue: 1 << 20},
		Network: NetworkSpec{
			Latency:     LatencySpec{Model: "constant", Delay: 50 * Millisecond},
			MessageSize: MessageSizeSpec{Header: 20, PerID: 4},
		},
	}
}

// unsaid marks a period that follows from other values.
const unsaid = -1

// derive fills in the defaults that follow from other values.
func (s *Spec) derive() {
	r := &s.Ring
	if r.FixFingers.Every == unsaid {
		// A round that refreshes fingers itself needs no timer beside it.
		r.FixFingers = PeriodSpec{}
		if r.chordConfig().Rules.Refresh == chord.RefreshList {
			r.FixFingers = PeriodSpec{Every: 30 * Second, Jitter: defaultJitter}
		}
	}
	if r.LookupDeadline == 0 {
		r.LookupDeadline = min(20*r.RPCTimeout, maxDuration)
	}
	if r.RPCTries == 0 {
		_, r.RPCTries, _ = chord.Preset(r.Protocol, r.Successors)
	}
	s.Data.derive(r)
	for _, step := range s.Timeline {
		if c, ok := step.Action.(*ChurnStep); ok && c.ByLifetimes() && c.Return == "" {
			c.Return = "same"
		}
	}
}
