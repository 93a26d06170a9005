package scenarios

import (
	"chordsim/dht"

	"github.com/invopop/jsonschema"
)

// DataSpec is the section data: how keys are stored, the same at every node. It
// has a meaning where a step stores or reads keys.
type DataSpec struct {
	Replicas    int       `json:"replicas,omitempty" jsonschema:"minimum=1,maximum=16,default=1" jsonschema_description:"Copies of a key: its owner's, and those of the nodes after it."`
	WriteQuorum int       `json:"write_quorum,omitempty" jsonschema:"minimum=1,maximum=16" jsonschema_description:"Copies that are held when a put is acknowledged (default: the majority)."`
	Repair      Duration  `json:"repair,omitempty" jsonschema_description:"Every copy is checked against its owner within this time; 0s: never (default 1m)."`
	Deadline    Duration  `json:"deadline,omitempty" jsonschema_description:"A put, get or delete makes no new attempt after this (default 40 times rpc_timeout)."`
	HandOver    string    `json:"hand_over,omitempty" jsonschema:"enum=safe,enum=echord" jsonschema_description:"How keys change hands: copied, acknowledged by all holders, then deleted, and repaired; or as in E-Chord, in one attempt (default safe; under echord that)."`
	MaxValue    Bytes     `json:"max_value,omitempty" jsonschema_description:"The largest value that is taken (default 1MiB)."`
	Rules       DataRules `json:"rules,omitzero" jsonschema_description:"Rules to be broken, to see what they are worth."`
}

// DataRules are the rules of hand-over and copies that a scenario may break.
type DataRules struct {
	Acknowledge string `json:"acknowledge,omitempty" jsonschema:"enum=quorum,enum=early,default=quorum" jsonschema_description:"A put is acknowledged when its quorum holds it; early: when its owner does."`
	Drop        string `json:"drop,omitempty" jsonschema:"enum=acknowledged,enum=early,default=acknowledged" jsonschema_description:"A copy is dropped when its new holders have acknowledged it; early: when it is sent to them."`
}

// derive fills in what follows from other values.
func (d *DataSpec) derive(r *RingSpec) {
	if d.HandOver == "" {
		d.HandOver = "safe"
		if r.Protocol == "echord" {
			d.HandOver = "echord"
		}
	}
	if d.WriteQuorum == 0 {
		d.WriteQuorum = d.Replicas/2 + 1
	}
	if d.Repair == unsaid {
		d.Repair = Minute
		if d.HandOver == "echord" {
			d.Repair = 0
		}
	}
	if d.Deadline == 0 {
		d.Deadline = min(40*r.RPCTimeout, maxDuration)
	}
}

// config is what the section means to the nodes.
func (d *DataSpec) config(r *RingSpec) dht.Config {
	c := dht.Config{
		Replicas: d.Replicas, WriteQuorum: d.WriteQuorum, Repair: int64(d.Repair),
		Timeout: int64(r.RPCTimeout), Tries: r.RPCTries, Deadline: int64(d.Deadline), Pause: int64(2 * r.RPCTimeout),
		AcknowledgeEarly: d.Rules.Acknowledge == "early", DropEarly: d.Rules.Drop == "early",
	}
	if d.HandOver == "echord" {
		c.HandOver = dht.HandOverEChord
		c.Pause = int64(r.Stabilize.Every) // a leaver tries again after each round
	}
	return c
}

// storesData reports whether any step of the row puts, gets or deletes keys.
func (s *Spec) storesData() bool {
	for _, step := range s.Timeline {
		switch step.Action.(type) {
		case *PutStep, *GetStep, *DeleteStep, *WorkloadStep:
			return true
		}
	}
	return false
}

// readsData reports whether any step reads them.
func (s *Spec) readsData() bool {
	for _, step := range s.Timeline {
		switch step.Action.(type) {
		case *GetStep, *WorkloadStep:
			return true
		}
	}
	return false
}

// SizeSpec is how long values are: uniform from Min to Max bytes.
type SizeSpec struct {
	Min Bytes `json:"min" jsonschema:"required" jsonschema_description:"The shortest."`
	Max Bytes `json:"max" jsonschema:"required" jsonschema_description:"The longest."`
}

// UnmarshalJSON reads "1kB" or {"min": "100B", "max": "10kB"}.
func (s *SizeSpec) UnmarshalJSON(data []byte) error {
	type form SizeSpec
	return decodeEither(data, s,
		func(b Bytes) SizeSpec { return SizeSpec{b, b} },
		func() (SizeSpec, error) {
			f, err := decodeOver(data, form{})
			return SizeSpec(f), err
		})
}

// JSONSchemaExtend adds the short form.
func (SizeSpec) JSONSchemaExtend(s *jsonschema.Schema) {
	orShort(s, &jsonschema.Schema{Ref: "#/$defs/Bytes"})
}

// PopularitySpec is how often each key is chosen.
type PopularitySpec struct {
	Model    string  `json:"model" jsonschema:"required,enum=uniform,enum=zipf" jsonschema_description:"uniform: all alike; zipf: the k-th key as 1/k^exponent."`
	Exponent Decimal `json:"exponent,omitzero" jsonschema_description:"zipf: above 0, at most 5 (default 0.99)."`
}

// defaultExponent is that of the YCSB benchmark (Cooper et al., SoCC 2010).
var defaultExponent = Decimal{99, 100}

// UnmarshalJSON reads "zipf" or {"model": "zipf", "exponent": 1.2}.
func (p *PopularitySpec) UnmarshalJSON(data []byte) error {
	type form PopularitySpec
	return decodeEither(data, p,
		func(model string) PopularitySpec { return PopularitySpec{Model: model, Exponent: defaultExponent} },
		func() (PopularitySpec, error) {
			f, err := decodeOver(data, form{Exponent: defaultExponent})
			return PopularitySpec(f), err
		})
}

// JSONSchemaExtend adds the short form.
func (PopularitySpec) JSONSchemaExtend(s *jsonschema.Schema) {
	orShort(s, &jsonschema.Schema{Type: "string", Enum: []any{"uniform", "zipf"}})
}
