package scenarios

import (
	"encoding/json"

	"github.com/invopop/jsonschema"
)

// Scenario is a checked file: every row of it has passed every check.
type Scenario struct {
	File        string // as given to Parse
	Source      []byte // its text
	Name        string
	Title       string
	Description string
	Seed        uint64 // of the first run of each row
	Repeat      int    // runs of each row, at most: seeds Seed to Seed+Repeat-1
	AtLeast     int    // runs of each row before the spread of their numbers is believed; 0: not said
	Output      OutputSpec
	Set         []string // the overrides of --set

	rows []SpecRow
}

// Rows returns the combinations of the varied values, the last key of vary
// changing fastest; one without labels where nothing is varied.
func (s *Scenario) Rows() []SpecRow { return s.rows }

// SpecRow is one combination of the varied values.
type SpecRow struct {
	Labels []Param // the varied names, in the file's order
	Params []Param // all params with their values in this row
	Spec   *Spec
}

// Spec is what one run does, apart from its seed: the scenario with the values
// of one row. It is shared by the runs of the row and never changed.
type Spec struct {
	Name        string          `json:"name" jsonschema:"required,maxLength=100,pattern=^[a-z0-9][a-z0-9_-]*(/[a-z0-9][a-z0-9_-]*)*$" jsonschema_description:"The name of the scenario and of the folder of its results."`
	Title       string          `json:"title,omitempty" jsonschema:"maxLength=200" jsonschema_description:"One line for tables and charts."`
	Description string          `json:"description,omitempty" jsonschema:"maxLength=10000" jsonschema_description:"What the scenario shows."`
	Seed        uint64          `json:"seed,omitempty" jsonschema:"minimum=0,maximum=999999999999999,default=1" jsonschema_description:"The seed of the first run."`
	Repeat      RepeatSpec      `json:"repeat,omitzero" jsonschema_description:"Runs of each row, with seeds from seed on (default 1)."`
	Ring        RingSpec        `json:"ring,omitzero" jsonschema_description:"The protocol and its parameters."`
	Network     NetworkSpec     `json:"network,omitzero" jsonschema_description:"What happens to a message."`
	Data        DataSpec        `json:"data,omitzero" jsonschema_description:"How keys are stored."`
	Timeline    []Step          `json:"timeline" jsonschema:"required,minItems=1,maxItems=1000" jsonschema_description:"What happens, in order."`
	Expect      []ExpectLine    `json:"expect,omitempty" jsonschema:"maxItems=1000" jsonschema_description:"What must hold for the run to pass."`
	Output      OutputSpec      `json:"output,omitzero" jsonschema_description:"What is drawn."`
	Reference   []ReferenceSpec `json:"reference,omitempty" jsonschema:"maxItems=200" jsonschema_description:"What was published, to be held against what is measured."`
	Tradeoff    []TradeoffSpec  `json:"tradeoff,omitempty" jsonschema:"maxItems=20" jsonschema_description:"What the rows cost against how well they do."`

	Expectations []*Expectation `json:"-"` // Expect, compiled
	References   []Reference    `json:"-"` // those of Reference that this row is about

	Weighed []Weighed `json:"-"` // Tradeoff, compiled
}

// ExpectLine is one expectation and where it stands.
type ExpectLine struct {
	Text         string
	Line, Column int // 0 for an override
}

// UnmarshalJSON reads the text.
func (e *ExpectLine) UnmarshalJSON(data []byte) error {
	return json.Unmarshal(data, &e.Text)
}

// JSONSchema describes an expression.
func (ExpectLine) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{Type: "string", Description: `An expression over what was measured: ring.verdict == "ideal".`}
}

// OutputSpec is the section output.
type OutputSpec struct {
	Plots  []string `json:"plots,omitempty" jsonschema:"uniqueItems=true,enum=ring-health,enum=path-length,enum=path-length-by-nodes,enum=load-histogram,enum=lorenz,enum=load-by-keys,enum=load-by-virtual-nodes,enum=lookup-outcomes,enum=latency,enum=traffic,enum=loss,enum=tradeoff" jsonschema_description:"The charts."`
	Sample Duration `json:"sample,omitempty" jsonschema_description:"The interval of time series; 0s or none: chosen from the length of the run."`
}

// scenarioForm is a whole file: a Spec before params are put in.
type scenarioForm struct {
	Spec
	Params paramsForm `json:"params,omitzero" jsonschema_description:"Values to be used as ${name}."`
	Vary   varyForm   `json:"vary,omitzero" jsonschema_description:"Values for params or paths: a row of runs for every combination."`
}

type paramsForm map[string]any

// JSONSchema describes names with scalars.
func (paramsForm) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{
		Type:                 "object",
		PropertyNames:        &jsonschema.Schema{Pattern: "^[a-z][a-z0-9_]*$"},
		AdditionalProperties: scalarSchema(),
	}
}

type varyForm map[string]any

// JSONSchema describes names and paths with lists of scalars.
func (varyForm) JSONSchema() *jsonschema.Schema {
	one := uint64(1)
	return &jsonschema.Schema{
		Type:                 "object",
		AdditionalProperties: &jsonschema.Schema{Type: "array", Items: scalarSchema(), MinItems: &one, UniqueItems: true},
	}
}

func scalarSchema() *jsonschema.Schema {
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{{Type: "string"}, {Type: "number"}, {Type: "boolean"}}}
}

// maxNodes is the largest ring the language can ask for; memory says sooner.
const maxNodes = 100_000_000

// MaxNodes returns about how many addresses a run uses, virtual nodes included:
// the nodes of start and join and those that churn adds. What the times of a
// churn come to is seen when it is prepared (room.go).
func (s *Spec) MaxNodes() int64 {
	hosts := s.namedHosts()
	for _, step := range s.Timeline {
		if c, ok := step.Action.(*ChurnStep); ok && c.ByLifetimes() && c.Return == "new" {
			// Each host is replaced once a cycle of life and absence.
			if cycle := meanOf(c.Lifetime) + meanOf(c.Downtime); cycle > 0 {
				hosts += int64(min(float64(hosts)*float64(c.For)/float64(cycle)+float64(hosts), 1e12))
			}
		}
	}
	return min(hosts, 1<<40) * int64(s.Ring.VirtualNodes)
}

// namedHosts bounds the hosts that the timeline names: those of start and join,
// and of joins by a rate, which has room for eight standard deviations above its
// mean.
func (s *Spec) namedHosts() int64 {
	hosts := int64(0)
	for _, step := range s.Timeline {
		switch a := step.Action.(type) {
		case *StartStep:
			hosts = a.Hosts.highest(hosts + a.Nodes)
		case *JoinStep:
			hosts = a.Hosts.highest(hosts + a.Nodes)
		case *ChurnStep:
			if a.Joins == nil {
				continue
			}
			if mean := a.Joins.Expected(a.For); mean > 0 {
				hosts += min(mean+8*squareRoot(mean)+8, 1<<40)
			}
		}
	}
	return min(hosts, 1<<40)
}

func meanOf(d *DistributionSpec) Duration {
	if d == nil || d.Params() == nil {
		return 0
	}
	dist, err := newDistribution(*d)
	if err != nil {
		return 0
	}
	return Duration(dist.Mean())
}

// squareRoot returns the root of n, rounded up, for n up to 2^62.
func squareRoot(n int64) int64 {
	low, high := int64(0), int64(1)<<31
	for low < high {
		if mid := (low + high) / 2; mid*mid >= n {
			high = mid
		} else {
			low = mid + 1
		}
	}
	return low
}
