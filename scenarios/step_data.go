package scenarios

// Keys of a run are numbered from 0 in the order in which steps first name
// them; those of a file have its texts, the others are called key-0, key-1 and
// so on. Members drawn at random are the clients, unless a workload says how
// many there are.

// PutStep has members put keys: Count of them at once or over a while, a Poisson
// process of Rate for a time, or those of a file. It ends with the last answer.
type PutStep struct {
	StepCommon
	StepBehind
	StepDraws
	Count int64    `json:"count,omitempty" jsonschema:"minimum=1,maximum=100000000" jsonschema_description:"How many, all at the step's instant or spread by over."`
	File  string   `json:"file,omitempty" jsonschema:"maxLength=4096" jsonschema_description:"Each key of a JSON object of key to value, in its order; the path is relative to the scenario."`
	Over  Duration `json:"over,omitempty" jsonschema_description:"With count or file: the time over which they start, at equal intervals."`
	Rate  *Rate    `json:"rate,omitempty" jsonschema_description:"So many a second in all (Poisson)."`
	For   Duration `json:"for,omitempty" jsonschema_description:"With rate: for how long."`
	Keys  int64    `json:"keys,omitempty" jsonschema:"minimum=1,maximum=10000000" jsonschema_description:"A uniform one of so many keys each time; without it, a key that nobody has named before."`
	Size  SizeSpec `json:"size,omitzero" jsonschema_description:"Bytes of each value: 1kB, or min and max (default 100)."`
}

// Verb returns "put".
func (*PutStep) Verb() string { return "put" }

// Lasts returns Over or For: the last answer comes later.
func (s *PutStep) Lasts() Duration { return max(s.Over, s.For) }

// UnmarshalJSON decodes over the defaults.
func (s *PutStep) UnmarshalJSON(data []byte) error {
	type form PutStep
	f, err := decodeOver(data, form{Size: SizeSpec{100, 100}})
	*s = PutStep(f)
	return err
}

// GetStep has members read keys that were named before: Count uniform ones,
// a Poisson process of Rate for a time, or each of them once.
type GetStep struct {
	StepCommon
	StepBehind
	StepDraws
	Count int64    `json:"count,omitempty" jsonschema:"minimum=1,maximum=100000000" jsonschema_description:"How many, all at the step's instant or spread by over."`
	Each  Switch   `json:"each,omitempty" jsonschema_description:"Every key once, in their order."`
	Over  Duration `json:"over,omitempty" jsonschema_description:"With count or each: the time over which they start, at equal intervals."`
	Rate  *Rate    `json:"rate,omitempty" jsonschema_description:"So many a second in all (Poisson)."`
	For   Duration `json:"for,omitempty" jsonschema_description:"With rate: for how long."`
}

// Verb returns "get".
func (*GetStep) Verb() string { return "get" }

// Lasts returns Over or For.
func (s *GetStep) Lasts() Duration { return max(s.Over, s.For) }

// DeleteStep has members delete keys that were named before: Count uniform ones
// without repetition, a Poisson process of Rate for a time, or each of them.
type DeleteStep struct {
	StepCommon
	StepBehind
	StepDraws
	Count int64    `json:"count,omitempty" jsonschema:"minimum=1,maximum=100000000" jsonschema_description:"How many different ones, all at the step's instant or spread by over."`
	Each  Switch   `json:"each,omitempty" jsonschema_description:"Every key once, in their order."`
	Over  Duration `json:"over,omitempty" jsonschema_description:"With count or each: the time over which they start, at equal intervals."`
	Rate  *Rate    `json:"rate,omitempty" jsonschema_description:"So many a second in all (Poisson)."`
	For   Duration `json:"for,omitempty" jsonschema_description:"With rate: for how long."`
}

// Verb returns "delete".
func (*DeleteStep) Verb() string { return "delete" }

// Lasts returns Over or For.
func (s *DeleteStep) Lasts() Duration { return max(s.Over, s.For) }

// WorkloadStep has clients put, get and delete keys for a while, as a Poisson
// process of Rate.
type WorkloadStep struct {
	StepCommon
	StepBehind
	StepDraws
	Rate       *Rate          `json:"rate" jsonschema:"required" jsonschema_description:"Operations a second in all (Poisson)."`
	For        Duration       `json:"for" jsonschema:"required" jsonschema_description:"For how long."`
	Mix        MixSpec        `json:"mix,omitzero" jsonschema_description:"The shares of get, put and delete (default 90% get, 10% put)."`
	Keys       int64          `json:"keys" jsonschema:"required,minimum=1,maximum=10000000" jsonschema_description:"The first so many keys."`
	Popularity PopularitySpec `json:"popularity,omitzero" jsonschema_description:"uniform, or zipf with its exponent (default uniform)."`
	Clients    int64          `json:"clients,omitempty" jsonschema:"minimum=1,maximum=1000000" jsonschema_description:"So many clients, each at a member of its own until that is gone; without it, a random member each time."`
	Size       SizeSpec       `json:"size,omitzero" jsonschema_description:"Bytes of each value: 1kB, or min and max (default 100)."`
}

// MixSpec is the mix of a workload; the shares add up to 1.
type MixSpec struct {
	Get    Fraction `json:"get,omitzero" jsonschema_description:"Reads."`
	Put    Fraction `json:"put,omitzero" jsonschema_description:"Writes."`
	Delete Fraction `json:"delete,omitzero" jsonschema_description:"Deletes."`
}

// Verb returns "workload".
func (*WorkloadStep) Verb() string { return "workload" }

// Lasts returns For.
func (s *WorkloadStep) Lasts() Duration { return s.For }

// UnmarshalJSON decodes over the defaults.
func (s *WorkloadStep) UnmarshalJSON(data []byte) error {
	type form WorkloadStep
	f, err := decodeOver(data, form{Size: SizeSpec{100, 100}, Popularity: PopularitySpec{Model: "uniform"}})
	if f.Mix == (MixSpec{}) {
		f.Mix = MixSpec{Get: Fraction{Decimal{9, 10}}, Put: Fraction{Decimal{1, 10}}}
	}
	*s = WorkloadStep(f)
	return err
}
