package scenarios

// ChurnStep lets nodes come and go for a while, in one of two ways. By rates:
// joins of new nodes and departures of random members are two Poisson
// processes. By lifetimes: every member, present and future, stays for a time
// drawn from Lifetime, and is away for one drawn from Downtime before it
// returns.
type ChurnStep struct {
	StepCommon
	StepBehind
	StepDraws
	For        Duration          `json:"for" jsonschema:"required" jsonschema_description:"How long it goes on."`
	Joins      *Rate             `json:"joins,omitempty" jsonschema_description:"By rates: new nodes (Poisson)."`
	Departures *Rate             `json:"departures,omitempty" jsonschema_description:"By rates: members that go (Poisson)."`
	Lifetime   *DistributionSpec `json:"lifetime,omitempty" jsonschema_description:"By lifetimes: how long a member stays."`
	Downtime   *DistributionSpec `json:"downtime,omitempty" jsonschema_description:"By lifetimes: how long it is away."`
	Depart     string            `json:"depart,omitempty" jsonschema:"enum=crash,enum=leave,default=crash" jsonschema_description:"How they go."`
	Return     string            `json:"return,omitempty" jsonschema:"enum=same,enum=new,enum=none" jsonschema_description:"By lifetimes: with which identifier they return, or not at all (default same)."`
	Through    Through           `json:"through,omitzero" jsonschema_description:"The member each joins through: a random one, the same for all (fixed), or the host of this number as long as it is a member (default random)."`
	Guarded    Switch            `json:"guarded,omitempty" jsonschema_description:"Only departures that keep the assumptions of the proof (protocol §1c.7); others are put off."`
}

// Verb returns "churn".
func (*ChurnStep) Verb() string { return "churn" }

// Lasts returns For.
func (s *ChurnStep) Lasts() Duration { return s.For }

func (s *ChurnStep) guarded() bool { return bool(s.Guarded) }

// bringsOthers reports whether hosts come that no step names.
func (s *ChurnStep) bringsOthers() bool {
	return s.Joins != nil && !s.Joins.IsZero() || s.Return == "new"
}

// ByLifetimes reports which of the two ways it is.
func (s *ChurnStep) ByLifetimes() bool { return s.Lifetime != nil }

// UnmarshalJSON decodes over the defaults.
func (s *ChurnStep) UnmarshalJSON(data []byte) error {
	type form ChurnStep
	f, err := decodeOver(data, form{Depart: "crash"})
	*s = ChurnStep(f)
	return err
}
