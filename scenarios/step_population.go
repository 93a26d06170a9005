package scenarios

import (
	"slices"

	"github.com/invopop/jsonschema"
)

// The steps that change who is in the ring at one instant or over a while.
// Nodes are counted as hosts: with virtual nodes, all of a host's come and go
// together.

// StartStep builds a ring of nodes that are all members from the first
// instant on, with the right predecessors and successor lists; if Settled also
// with the right fingers.
type StartStep struct {
	StepCommon
	Nodes   int64  `json:"nodes,omitempty" jsonschema:"minimum=1,maximum=100000000" jsonschema_description:"How many members the ring has."`
	Hosts   Hosts  `json:"hosts,omitempty" jsonschema_description:"Its members, by their numbers."`
	Settled Switch `json:"settled,omitempty" jsonschema_description:"The ring is ideal; off: all but the fingers is (default on)."`
}

// Verb returns "start".
func (*StartStep) Verb() string { return "start" }

// Lasts returns 0.
func (*StartStep) Lasts() Duration { return 0 }

// UnmarshalJSON decodes over the defaults.
func (s *StartStep) UnmarshalJSON(data []byte) error {
	type form StartStep
	f, err := decodeOver(data, form{Settled: true})
	*s = StartStep(f)
	return err
}

// JoinStep lets new nodes join through the protocol.
type JoinStep struct {
	StepCommon
	StepBehind
	StepDraws
	Nodes    int64    `json:"nodes,omitempty" jsonschema:"minimum=1,maximum=100000000" jsonschema_description:"How many new nodes."`
	Hosts    Hosts    `json:"hosts,omitempty" jsonschema_description:"The new nodes, by their numbers."`
	Over     Duration `json:"over,omitempty" jsonschema_description:"The time over which they arrive; 0s: at once."`
	Arrivals string   `json:"arrivals,omitempty" jsonschema:"enum=even,enum=poisson,enum=burst,default=even" jsonschema_description:"even: at equal intervals; poisson: at random instants of over; burst: all at once."`
	Through  Through  `json:"through,omitzero" jsonschema_description:"The member each joins through: a random one, the same for all (fixed), or the host of this number as long as it is a member (default random)."`
}

// Verb returns "join".
func (*JoinStep) Verb() string { return "join" }

// Lasts returns Over.
func (s *JoinStep) Lasts() Duration { return s.Over }

// UnmarshalJSON decodes over the defaults.
func (s *JoinStep) UnmarshalJSON(data []byte) error {
	type form JoinStep
	f, err := decodeOver(data, form{Arrivals: "even"})
	*s = JoinStep(f)
	return err
}

// LeaveStep lets members leave voluntarily, drawn without replacement.
type LeaveStep struct {
	StepCommon
	StepBehind
	StepDraws
	Count    int64     `json:"count,omitempty" jsonschema:"minimum=1,maximum=100000000" jsonschema_description:"How many."`
	Fraction *Fraction `json:"fraction,omitempty" jsonschema_description:"Which share of the members, rounded half up."`
	Hosts    Hosts     `json:"hosts,omitempty" jsonschema_description:"These members, by their numbers, in this order."`
	Over     Duration  `json:"over,omitempty" jsonschema_description:"The time over which they leave, at equal intervals; 0s: at once."`
	Guarded  Switch    `json:"guarded,omitempty" jsonschema_description:"Only departures that keep the assumptions of the proof (protocol §1c.7); others are put off."`
}

// Verb returns "leave".
func (*LeaveStep) Verb() string { return "leave" }

// Lasts returns Over.
func (s *LeaveStep) Lasts() Duration { return s.Over }

func (s *LeaveStep) guarded() bool { return bool(s.Guarded) }

// FailStep lets members crash. Exactly one of Count, Fraction, Probability, Arc,
// Region, Hosts and Group is given.
type FailStep struct {
	StepCommon
	StepBehind
	StepDraws
	Count       int64       `json:"count,omitempty" jsonschema:"minimum=1,maximum=100000000" jsonschema_description:"How many, drawn without replacement."`
	Fraction    *Fraction   `json:"fraction,omitempty" jsonschema_description:"Exactly this share of the members, rounded half up, drawn without replacement."`
	Probability *Fraction   `json:"probability,omitempty" jsonschema_description:"Each member fails with this probability, independently."`
	Arc         *Amount     `json:"arc,omitempty" jsonschema_description:"So many neighbours on the ring, from a random member on: a count or a fraction."`
	Region      *RegionSpec `json:"region,omitempty" jsonschema_description:"The members around a random one in the network: domain or stub (transit-stub), site (matrix), or within a distance (euclidean)."`
	Hosts       Hosts       `json:"hosts,omitempty" jsonschema_description:"These members, by their numbers, in this order."`
	Group       string      `json:"group,omitempty" jsonschema:"maxLength=40" jsonschema_description:"The members of a group, by its name."`
	Over        Duration    `json:"over,omitempty" jsonschema_description:"The time over which they crash, at equal intervals; 0s: at one instant."`
	Guarded     Switch      `json:"guarded,omitempty" jsonschema_description:"Only failures that keep the assumptions of the proof (protocol §1c.7); others are put off."`
}

// Verb returns "fail".
func (*FailStep) Verb() string { return "fail" }

// Lasts returns Over.
func (s *FailStep) Lasts() Duration { return s.Over }

func (s *FailStep) guarded() bool { return bool(s.Guarded) }

// selection is who fails where Probability does not say.
func (s *FailStep) selection() *Selection {
	return &Selection{Choice{s.Count, s.Fraction, s.Arc, s.Region, s.Hosts}, s.Group}
}

// RestartStep lets nodes that crashed or left come back with their old
// identifiers: all of them where none of Count, Fraction and Hosts is given. They come
// with an empty state or, with Keep, those that crashed as members go on with what
// they had.
type RestartStep struct {
	StepCommon
	StepBehind
	StepDraws
	Count    int64     `json:"count,omitempty" jsonschema:"minimum=1,maximum=100000000" jsonschema_description:"How many, drawn without replacement."`
	Fraction *Fraction `json:"fraction,omitempty" jsonschema_description:"Which share of those that are gone, rounded half up."`
	Hosts    Hosts     `json:"hosts,omitempty" jsonschema_description:"These of those that are gone, by their numbers, in this order."`
	Over     Duration  `json:"over,omitempty" jsonschema_description:"The time over which they come back, at equal intervals; 0s: at once."`
	Keep     Switch    `json:"keep,omitempty" jsonschema_description:"Who crashed as a member is one again at once, with its lists, fingers and stored keys (default off: all join anew and know nobody)."`
	Through  Through   `json:"through,omitzero" jsonschema_description:"The member each joins through: a random one, the same for all (fixed), or the host of this number as long as it is a member (default random)."`
}

// Verb returns "restart".
func (*RestartStep) Verb() string { return "restart" }

// Lasts returns Over.
func (s *RestartStep) Lasts() Duration { return s.Over }

// All reports whether all nodes that are gone come back.
func (s *RestartStep) All() bool { return s.Count == 0 && s.Fraction == nil && len(s.Hosts) == 0 }

// keepsState reports whether any step lets nodes come back with what they knew.
func (s *Spec) keepsState() bool {
	return slices.ContainsFunc(s.Timeline, func(step Step) bool {
		r, ok := step.Action.(*RestartStep)
		return ok && bool(r.Keep)
	})
}

// UnmarshalJSON reads "all" or a mapping.
func (s *RestartStep) UnmarshalJSON(data []byte) error {
	type form RestartStep
	return decodeEither(data, s,
		func(string) RestartStep { return RestartStep{} },
		func() (RestartStep, error) {
			f, err := decodeOver(data, form{})
			return RestartStep(f), err
		})
}

// JSONSchemaExtend adds the short form.
func (RestartStep) JSONSchemaExtend(s *jsonschema.Schema) {
	orShort(s, &jsonschema.Schema{Type: "string", Enum: []any{"all"}})
}
