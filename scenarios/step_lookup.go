package scenarios

// LookupStep has members look up keys, in one of three ways: Count lookups at
// once or over a while; a Poisson process of Rate for a time; or each member
// by a timer of its own for a time. It ends with the last answer. Initiators
// are random members but for the third way, keys uniform on the circle.
type LookupStep struct {
	StepCommon
	StepBehind
	StepDraws
	Count   int64       `json:"count,omitempty" jsonschema:"minimum=1,maximum=10000000000" jsonschema_description:"How many, all at the step's instant or spread by over."`
	Over    Duration    `json:"over,omitempty" jsonschema_description:"With count: the time over which they start, at equal intervals."`
	Rate    *Rate       `json:"rate,omitempty" jsonschema_description:"So many a second in all (Poisson)."`
	PerNode *PeriodSpec `json:"per_node,omitempty" jsonschema_description:"Each member looks up a key by its own timer, with a uniform phase."`
	For     Duration    `json:"for,omitempty" jsonschema_description:"With rate or per_node: for how long."`
	Keys    string      `json:"keys,omitempty" jsonschema:"enum=uniform,default=uniform" jsonschema_description:"Which keys."`
}

// Verb returns "lookup".
func (*LookupStep) Verb() string { return "lookup" }

// Lasts returns Over or For: the last answer comes later.
func (s *LookupStep) Lasts() Duration { return max(s.Over, s.For) }

// UnmarshalJSON decodes over the defaults.
func (s *LookupStep) UnmarshalJSON(data []byte) error {
	type form LookupStep
	f, err := decodeOver(data, form{Keys: "uniform"})
	*s = LookupStep(f)
	return err
}
