package scenarios

import "github.com/invopop/jsonschema"

// Faults. A fault begins with its step. With `for` it ends after that time, and
// the next step waits for the end, unless the fault is in the background; without
// it lasts until a step heal ends it, and the next step begins at once.

// StepFault is what every fault has.
type StepFault struct {
	StepCommon
	StepBehind
	StepDraws
	For Duration `json:"for,omitempty" jsonschema_description:"How long it lasts; without it, until a step heal ends it."`
}

// Lasts returns For.
func (s *StepFault) Lasts() Duration { return s.For }

func (s *StepFault) lasting() *StepFault { return s }

// fault is an action that is one.
type fault interface {
	Action
	lasting() *StepFault
}

// Choice says which members are meant: one way of saying it is given. Those without
// numbers are drawn when the step begins; hosts that join later are not among them.
type Choice struct {
	Count    int64       `json:"count,omitempty" jsonschema:"minimum=1,maximum=100000000" jsonschema_description:"So many members, drawn without replacement."`
	Fraction *Fraction   `json:"fraction,omitempty" jsonschema_description:"Exactly this share of the members, rounded half up, drawn without replacement."`
	Arc      *Amount     `json:"arc,omitempty" jsonschema_description:"So many neighbours on the ring, from a random member on: a count or a fraction."`
	Region   *RegionSpec `json:"region,omitempty" jsonschema_description:"The members around a random one in the network: domain or stub (transit-stub), site (matrix), or within a distance (euclidean)."`
	Hosts    Hosts       `json:"hosts,omitempty" jsonschema_description:"These members, by their numbers."`
}

// Selection is a choice of members, or a group that was named before.
type Selection struct {
	Choice
	Group string `json:"group,omitempty" jsonschema:"maxLength=40" jsonschema_description:"The hosts of a group, by its name; seed-server: the seed server."`
}

// none reports whether nobody in particular is meant.
func (s *Selection) none() bool {
	return s.Count == 0 && s.Fraction == nil && s.Arc == nil && s.Region == nil && len(s.Hosts) == 0 && s.Group == ""
}

// RegionSpec is a part of the network around a random member.
type RegionSpec struct {
	Of     string   `json:"of,omitempty" jsonschema:"enum=domain,enum=stub,enum=site" jsonschema_description:"domain, stub: the same transit domain or stub domain (transit-stub); site: the same site (matrix)."`
	Within Duration `json:"within,omitempty" jsonschema_description:"euclidean: a message takes at most this from the member in the middle."`
}

// UnmarshalJSON reads "stub" or {"within": "10ms"}.
func (r *RegionSpec) UnmarshalJSON(data []byte) error {
	type form RegionSpec
	return decodeEither(data, r,
		func(of string) RegionSpec { return RegionSpec{Of: of} },
		func() (RegionSpec, error) {
			f, err := decodeOver(data, form{})
			return RegionSpec(f), err
		})
}

// JSONSchemaExtend adds the short form.
func (RegionSpec) JSONSchemaExtend(s *jsonschema.Schema) {
	orShort(s, &jsonschema.Schema{Enum: []any{"domain", "stub", "site"}})
}

// Links are the ways that a fault is on: without a word all of them; with a
// selection those into and out of it; with From and To those from one group to
// another; with Between those from either of two groups to the other.
type Links struct {
	Selection
	From    string   `json:"from,omitempty" jsonschema:"maxLength=40" jsonschema_description:"Only messages of this group; seed-server: of the seed server."`
	To      string   `json:"to,omitempty" jsonschema:"maxLength=40" jsonschema_description:"Only messages to this group; seed-server: to the seed server."`
	Between []string `json:"between,omitempty" jsonschema:"minItems=2,maxItems=2,uniqueItems=true" jsonschema_description:"Only messages between these two groups, both ways."`
}

// GroupStep gives hosts a name, by which later steps mean them. A host is in one
// group at most: who is in one already is passed over.
type GroupStep struct {
	StepCommon
	StepDraws
	Choice
	Rest Switch `json:"rest,omitempty" jsonschema_description:"All members that are in no group."`
}

// Verb returns "group".
func (*GroupStep) Verb() string { return "group" }

// Lasts returns 0.
func (*GroupStep) Lasts() Duration { return 0 }

// PartitionStep cuts the network: a selection from everybody else, those who join
// later too, or several groups from each other.
type PartitionStep struct {
	StepFault
	Selection
	Groups []string `json:"groups,omitempty" jsonschema:"minItems=2,maxItems=100,uniqueItems=true" jsonschema_description:"These groups are cut from each other; who is in none of them reaches all."`
	OneWay Switch   `json:"one_way,omitempty" jsonschema_description:"Only messages out of the selection, or from a group to a later one, are lost."`
	Bridge int64    `json:"bridge,omitempty" jsonschema:"minimum=1,maximum=100000000" jsonschema_description:"So many random members stay outside and reach all."`
}

// Verb returns "partition".
func (*PartitionStep) Verb() string { return "partition" }

// LossStep loses messages.
type LossStep struct {
	StepFault
	Links
	Probability Fraction `json:"probability" jsonschema:"required" jsonschema_description:"The probability that a message is lost."`
}

// Verb returns "loss".
func (*LossStep) Verb() string { return "loss" }

// DuplicateStep lets messages arrive twice.
type DuplicateStep struct {
	StepFault
	Links
	Probability Fraction `json:"probability" jsonschema:"required" jsonschema_description:"The probability that a message arrives twice, the second time with a delay of its own."`
}

// Verb returns "duplicate".
func (*DuplicateStep) Verb() string { return "duplicate" }

// ReorderStep lets messages be overtaken.
type ReorderStep struct {
	StepFault
	Links
	Probability Fraction `json:"probability" jsonschema:"required" jsonschema_description:"The probability that a message is late."`
	By          Duration `json:"by" jsonschema:"required" jsonschema_description:"The most that it is late; every time up to that is equally likely."`
}

// Verb returns "reorder".
func (*ReorderStep) Verb() string { return "reorder" }

// DelayStep makes messages late.
type DelayStep struct {
	StepFault
	Links
	By          Duration  `json:"by" jsonschema:"required" jsonschema_description:"How much later messages arrive."`
	Probability *Fraction `json:"probability,omitempty" jsonschema_description:"The probability that a message is late (default 100%)."`
}

// Verb returns "delay".
func (*DelayStep) Verb() string { return "delay" }

// SlowStep lets nodes take a time to process a message.
type SlowStep struct {
	StepFault
	Selection
	Each Duration `json:"each" jsonschema:"required" jsonschema_description:"The time that a node takes for a message; others wait their turn."`
}

// Verb returns "slow".
func (*SlowStep) Verb() string { return "slow" }

// PauseStep lets nodes process nothing.
type PauseStep struct {
	StepFault
	Selection
}

// Verb returns "pause".
func (*PauseStep) Verb() string { return "pause" }

// DriftStep lets clocks go wrong.
type DriftStep struct {
	StepFault
	Selection
	Rate Decimal `json:"rate" jsonschema:"required" jsonschema_description:"How fast the clocks run: at 1.25 a timer of 10s comes after 8s."`
}

// Verb returns "drift".
func (*DriftStep) Verb() string { return "drift" }

// HealStep ends faults.
type HealStep struct {
	StepCommon
	Fault string `json:"fault" jsonschema:"required,maxLength=40" jsonschema_description:"The name of the step whose fault ends, or all."`
}

// allFaults is the word that ends all faults; no step can be called that.
const allFaults = "all"

// Verb returns "heal".
func (*HealStep) Verb() string { return "heal" }

// Lasts returns 0.
func (*HealStep) Lasts() Duration { return 0 }

// UnmarshalJSON reads the name of a fault, "all", or a mapping.
func (s *HealStep) UnmarshalJSON(data []byte) error {
	type form HealStep
	return decodeEither(data, s,
		func(name string) HealStep { return HealStep{Fault: name} },
		func() (HealStep, error) {
			f, err := decodeOver(data, form{})
			return HealStep(f), err
		})
}

// JSONSchemaExtend adds the short form.
func (HealStep) JSONSchemaExtend(s *jsonschema.Schema) {
	orShort(s, &jsonschema.Schema{Type: "string"})
}
