package scenarios

import (
	"fmt"
	"slices"
	"strings"

	"chordsim/sim"

	"github.com/invopop/jsonschema"
)

// NetworkSpec is the section network: what happens to a message between two
// hosts.
type NetworkSpec struct {
	Latency     LatencySpec     `json:"latency,omitzero" jsonschema_description:"How long a message takes (default constant, 50ms)."`
	Loss        Fraction        `json:"loss,omitzero" jsonschema_description:"The probability that a message is lost, below 1 (default 0)."`
	MessageSize MessageSizeSpec `json:"message_size,omitzero" jsonschema_description:"How the bytes of a message are counted."`
}

// MessageSizeSpec is the rule for the size of a message; the default is that of
// the published churn studies (Li et al., IPTPS 2004).
type MessageSizeSpec struct {
	Header Bytes `json:"header,omitempty" jsonschema_description:"Bytes of every message (default 20)."`
	PerID  Bytes `json:"per_id,omitempty" jsonschema_description:"Bytes of each identifier or address carried (default 4)."`
}

// LatencySpec is a latency model with its parameters: those of sim, by the same
// names. What the model does not have is refused, what it has and is missing
// here is 0.
type LatencySpec struct {
	Model string `json:"model" jsonschema:"required,enum=constant,enum=uniform,enum=exponential,enum=lognormal,enum=euclidean,enum=transit-stub,enum=matrix" jsonschema_description:"The model; its parameters stand beside it."`

	Delay    Duration `json:"delay,omitempty" jsonschema_description:"constant: every message takes this."`
	Min      Duration `json:"min,omitempty" jsonschema_description:"The floor: no message is faster. Without one, exponential, uniform and lognormal run in one shard."`
	Max      Duration `json:"max,omitempty" jsonschema_description:"uniform: the longest delay."`
	Mean     Duration `json:"mean,omitempty" jsonschema_description:"exponential: the mean, floor included."`
	Median   Duration `json:"median,omitempty" jsonschema_description:"lognormal: the median."`
	Sigma    Decimal  `json:"sigma,omitzero" jsonschema_description:"lognormal: the standard deviation of the logarithm."`
	Diameter Duration `json:"diameter,omitempty" jsonschema_description:"euclidean: the delay across the diagonal."`

	Dimensions int `json:"dimensions,omitempty" jsonschema:"minimum=2,maximum=3" jsonschema_description:"euclidean: hosts lie in a square (2) or a cube (3)."`

	File    string `json:"file,omitempty" jsonschema:"maxLength=4096" jsonschema_description:"matrix: n × n latencies; the path is relative to the scenario."`
	Unit    string `json:"unit,omitempty" jsonschema:"enum=ns,enum=us,enum=ms,enum=s" jsonschema_description:"matrix: the unit of the numbers."`
	Kind    string `json:"kind,omitempty" jsonschema:"enum=rtt,enum=one-way" jsonschema_description:"matrix: there and back, or one way."`
	Missing string `json:"missing,omitempty" jsonschema:"enum=error,enum=drop" jsonschema_description:"matrix: a missing number is an error, or messages there are lost."`

	Sites string `json:"sites,omitempty" jsonschema:"enum=random,enum=in-turn" jsonschema_description:"matrix: each host has a random row, or the next one in turn (default random)."`

	Domains       int      `json:"domains,omitempty" jsonschema:"minimum=1,maximum=65536" jsonschema_description:"transit-stub: transit domains."`
	TransitNodes  int      `json:"transit_nodes,omitempty" jsonschema:"minimum=1,maximum=65536" jsonschema_description:"transit-stub: routers in each transit domain."`
	Stubs         int      `json:"stubs,omitempty" jsonschema:"minimum=1,maximum=65536" jsonschema_description:"transit-stub: stub domains at each transit router."`
	Routers       int      `json:"routers,omitempty" jsonschema:"minimum=1,maximum=65536" jsonschema_description:"transit-stub: routers of all domains together."`
	DomainDegree  Decimal  `json:"domain_degree,omitzero" jsonschema_description:"transit-stub: mean links of a transit domain to others."`
	TransitDegree Decimal  `json:"transit_degree,omitzero" jsonschema_description:"transit-stub: mean links of a transit router to others of its domain."`
	StubDegree    Decimal  `json:"stub_degree,omitzero" jsonschema_description:"transit-stub: mean links of a stub router to others of its domain."`
	InterTransit  Duration `json:"inter_transit,omitempty" jsonschema_description:"transit-stub: a link between transit domains."`
	IntraTransit  Duration `json:"intra_transit,omitempty" jsonschema_description:"transit-stub: a link inside a transit domain."`
	TransitStub   Duration `json:"transit_stub,omitempty" jsonschema_description:"transit-stub: the link from a stub to its transit router."`
	IntraStub     Duration `json:"intra_stub,omitempty" jsonschema_description:"transit-stub: a link inside a stub."`
}

// latencyParams are the parameters of each model.
var latencyParams = map[string][]string{
	"constant":    {"delay"},
	"uniform":     {"min", "max"},
	"exponential": {"mean", "min"},
	"lognormal":   {"median", "sigma", "min"},
	"euclidean":   {"dimensions", "diameter", "min"},
	"matrix":      {"file", "unit", "kind", "missing", "sites", "min"},
	"transit-stub": {"domains", "transit_nodes", "stubs", "routers", "domain_degree", "transit_degree", "stub_degree",
		"inter_transit", "intra_transit", "transit_stub", "intra_stub", "min"},
}

// UnmarshalJSON reads "50ms", for a constant delay, or a model with parameters.
func (l *LatencySpec) UnmarshalJSON(data []byte) error {
	type form LatencySpec
	return decodeEither(data, l,
		func(delay Duration) LatencySpec { return LatencySpec{Model: "constant", Delay: delay} },
		func() (LatencySpec, error) {
			f, err := decodeOver(data, form{})
			return LatencySpec(f), err
		})
}

// JSONSchemaExtend adds the short form.
func (LatencySpec) JSONSchemaExtend(s *jsonschema.Schema) {
	orShort(s, &jsonschema.Schema{Ref: "#/$defs/Duration"})
}

// Params returns the model as sim has it; a matrix is still to be loaded, from
// its path as it is written.
func (l LatencySpec) Params() sim.LatencyParams {
	t := func(d Duration) sim.Time { return sim.Time(d) }
	switch l.Model {
	case "constant":
		return sim.ConstantLatency{Delay: t(l.Delay)}
	case "uniform":
		return sim.UniformLatency{Min: t(l.Min), Max: t(l.Max)}
	case "exponential":
		return sim.ExponentialLatency{Mean: t(l.Mean), Min: t(l.Min)}
	case "lognormal":
		return sim.LognormalLatency{Median: t(l.Median), Sigma: l.Sigma.Float(), Min: t(l.Min)}
	case "euclidean":
		return sim.EuclideanLatency{Dimensions: l.Dimensions, Diameter: t(l.Diameter), Min: t(l.Min)}
	case "matrix":
		return sim.MatrixLatency{File: l.File, Unit: l.Unit, Kind: l.Kind, Missing: l.Missing, Sites: l.Sites, Min: t(l.Min)}
	case "transit-stub":
		return sim.TransitStubLatency{
			Domains: l.Domains, TransitNodes: l.TransitNodes, Stubs: l.Stubs, Routers: l.Routers,
			DomainDegree: l.DomainDegree.Float(), TransitDegree: l.TransitDegree.Float(), StubDegree: l.StubDegree.Float(),
			InterTransit: t(l.InterTransit), IntraTransit: t(l.IntraTransit), TransitStub: t(l.TransitStub), IntraStub: t(l.IntraStub),
			Min: t(l.Min),
		}.WithDefaults()
	}
	panic(fmt.Sprintf("scenarios: no latency model %q", l.Model))
}

// foreign returns the parameters among the keys that a kind of model or
// distribution does not have, with those it has.
func foreign(keys *tree, kind string, params map[string][]string, always ...string) (bad []*tree, known string) {
	own := params[kind]
	for _, c := range keys.children {
		if !slices.Contains(own, c.key) && !slices.Contains(always, c.key) {
			bad = append(bad, c)
		}
	}
	return bad, strings.Join(own, ", ")
}

// DistributionSpec is a distribution of times: how long a node stays, or how
// long it is away. Names as in sim.
type DistributionSpec struct {
	Distribution string   `json:"distribution" jsonschema:"required,enum=exponential,enum=pareto,enum=weibull,enum=lognormal,enum=constant,enum=uniform,enum=file" jsonschema_description:"The distribution; its parameters stand beside it."`
	Mean         Duration `json:"mean,omitempty" jsonschema_description:"exponential, pareto, weibull: the mean."`
	Shape        Decimal  `json:"shape,omitzero" jsonschema_description:"pareto, weibull: the shape."`
	Min          Duration `json:"min,omitempty" jsonschema_description:"pareto, instead of mean; uniform: the least time."`
	Max          Duration `json:"max,omitempty" jsonschema_description:"uniform: the longest time."`
	Scale        Duration `json:"scale,omitempty" jsonschema_description:"weibull, instead of mean."`
	Median       Duration `json:"median,omitempty" jsonschema_description:"lognormal: the median."`
	Sigma        Decimal  `json:"sigma,omitzero" jsonschema_description:"lognormal: the standard deviation of the logarithm."`
	Value        Duration `json:"value,omitempty" jsonschema_description:"constant: always this."`
	File         string   `json:"file,omitempty" jsonschema:"maxLength=4096" jsonschema_description:"file: seconds up, down, up, … of a node in each line, which then stays as it is; the path is relative to the scenario."`
}

// distributionParams are the parameters of each distribution.
var distributionParams = map[string][]string{
	"exponential": {"mean"},
	"pareto":      {"shape", "mean", "min"},
	"weibull":     {"shape", "mean", "scale"},
	"lognormal":   {"median", "sigma"},
	"constant":    {"value"},
	"uniform":     {"min", "max"},
	"file":        {"file"},
}

// Params returns the distribution as sim has it; nil for a file, which is read
// by sim.ReadTrace.
func (d DistributionSpec) Params() sim.DistributionParams {
	t := func(d Duration) sim.Time { return sim.Time(d) }
	switch d.Distribution {
	case "exponential":
		return sim.ExponentialDist{Mean: t(d.Mean)}
	case "pareto":
		return sim.ParetoDist{Shape: d.Shape.Float(), Mean: t(d.Mean), Min: t(d.Min)}
	case "weibull":
		return sim.WeibullDist{Shape: d.Shape.Float(), Mean: t(d.Mean), Scale: t(d.Scale)}
	case "lognormal":
		return sim.LognormalDist{Median: t(d.Median), Sigma: d.Sigma.Float()}
	case "constant":
		return sim.ConstantDist{Value: t(d.Value)}
	case "uniform":
		return sim.UniformDist{Min: t(d.Min), Max: t(d.Max)}
	case "file":
		return nil
	}
	panic(fmt.Sprintf("scenarios: no distribution %q", d.Distribution))
}
