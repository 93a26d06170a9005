package scenarios

import (
	"encoding/json"

	"chordsim/chord"
)

// defaultJitter spreads a period by half both ways: U[15, 45] s around 30 s,
// as the authors' simulator did.
var defaultJitter = Fraction{Decimal{5, 10}}

// Defaults returns what a scenario is where its file says nothing. Defaults
// that follow from other values, and those of steps, are filled in by derive
// and by the steps' UnmarshalJSON; DefaultsOf has those of single protocols.
func Defaults() Spec {
	round := PeriodSpec{Every: 30 * Second, Jitter: defaultJitter}
	return Spec{
		Seed:   1,
		Repeat: RepeatSpec{Most: 1},
		Ring: RingSpec{
			Protocol:         "corrected",
			Bits:             64,
			Successors:       20,
			Stabilize:        round,
			FixFingers:       PeriodSpec{Every: unsaid},
			CheckPredecessor: round,
			RPCTimeout:       500 * Millisecond,
			Lookup:           "iterative",
			FallbackFingers:  2,
			Candidates:       1,
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

// ownDefaults are those of the protocols that have others than Defaults. Of the
// parameters that E-Chord comes with, what it has no use for is off.
var ownDefaults = map[string]func(*RingSpec){
	"echord": func(r *RingSpec) {
		r.Bits = 14
		r.Successors = unsaid // the successor, and a list of bits entries behind it
		r.Stabilize = PeriodSpec{Every: 3 * Second}
		r.CheckPredecessor = PeriodSpec{}
		r.RPCTimeout = 10 * Second
		r.Lookup = "fallback"
		r.ProbeOwner = false
	},
	"zave2012": func(r *RingSpec) {
		r.Successors = 2 // a successor and a second one are all that the model has
	},
}

// jitterOf is the jitter of the ring's periods where none is written.
func jitterOf(protocol string) Fraction {
	if protocol == "echord" {
		return Fraction{} // its rounds come a fixed delay after one another
	}
	return defaultJitter
}

// DefaultsOf returns the defaults of a protocol; of a name that is none, those
// of all others.
func DefaultsOf(protocol string) Spec {
	s := Defaults()
	if own := ownDefaults[protocol]; own != nil {
		own(&s.Ring)
	}
	return s
}

// protocolIn returns the protocol that a scenario names. Whatever is wrong with
// the rest is found when that is decoded.
func protocolIn(data []byte) string {
	var s struct {
		Ring struct {
			Protocol string `json:"protocol"`
		} `json:"ring"`
	}
	_ = json.Unmarshal(data, &s)
	return s.Ring.Protocol
}

// unsaid marks a value that follows from others, unsaidJitter a jitter: no
// number that can be written.
const unsaid = -1

var unsaidJitter = Fraction{Decimal{1, 0}}

func (p *PeriodSpec) deriveJitter(jitter Fraction) {
	if p.Jitter == unsaidJitter {
		p.Jitter = jitter
	}
}

// derive fills in the defaults that follow from other values.
func (s *Spec) derive() {
	r := &s.Ring
	jitter := jitterOf(r.Protocol)
	for _, p := range []*PeriodSpec{&r.Stabilize, &r.FixFingers, &r.CheckPredecessor} {
		p.deriveJitter(jitter)
	}
	if r.Successors == unsaid {
		r.Successors = min(r.Bits+1, chord.MaxSuccessors)
	}
	if r.FixFingers.Every == unsaid {
		// A round that refreshes fingers itself needs no timer beside it.
		r.FixFingers = PeriodSpec{}
		if rule := r.chordConfig().Rules.Refresh; rule == chord.RefreshList || rule == chord.RefreshReconcile {
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
		if l, ok := step.Action.(*LookupStep); ok && l.PerNode != nil {
			l.PerNode.deriveJitter(defaultJitter)
		}
		if c, ok := step.Action.(*ChurnStep); ok && c.ByLifetimes() && c.Return == "" {
			c.Return = "same"
		}
	}
}
