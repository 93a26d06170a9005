package scenarios

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/invopop/jsonschema"
)

// ReferenceSpec is one quantity that was published, beside what a run measures of
// it: the section reference is a list of them.
type ReferenceSpec struct {
	Metric    string           `json:"metric" jsonschema:"required,maxLength=4096" jsonschema_description:"What is compared: a number of one run, as in an expectation: lookup.walk.path.mean, or a formula of such."`
	Label     string           `json:"label,omitempty" jsonschema:"maxLength=100" jsonschema_description:"What it is, for tables and charts (default: the metric)."`
	Source    string           `json:"source,omitempty" jsonschema:"maxLength=200" jsonschema_description:"Where it was published."`
	Kind      string           `json:"kind,omitempty" jsonschema:"enum=text,enum=plot,default=text" jsonschema_description:"text: printed as a number; plot: read off a plot."`
	Against   string           `json:"against,omitempty" jsonschema:"maxLength=100" jsonschema_description:"The param by whose values published is a mapping."`
	Where     map[string]Plain `json:"where,omitempty" jsonschema_description:"Params with the values they have in the rows that this is about (default: all rows)."`
	At        *float64         `json:"at,omitempty" jsonschema_description:"Its place on the chart, where published is one number."`
	AtLabel   string           `json:"at_label,omitempty" jsonschema:"maxLength=100" jsonschema_description:"What at counts: the x axis of its chart."`
	Axis      string           `json:"axis,omitempty" jsonschema:"maxLength=100" jsonschema_description:"The y axis of its chart: references with the same one share a chart (default: the label)."`
	Published Published        `json:"published" jsonschema:"required" jsonschema_description:"The number, or a mapping of the values of a param to numbers."`
	Interval  Ranges           `json:"interval,omitzero" jsonschema_description:"judge: inside or none: the published interval, [low, high], or a mapping to such."`
	Runs      int              `json:"runs,omitempty" jsonschema:"minimum=1,maximum=10000,default=1" jsonschema_description:"How many runs the published number is the mean of (default 1)."`
	Judge     string           `json:"judge,omitempty" jsonschema:"enum=prediction,enum=inside,enum=poisson,enum=none,default=prediction" jsonschema_description:"prediction: the published number lies in the 95 % prediction interval of so many runs. inside: the mean lies in the published interval. poisson: prediction, of a count of rare events. none: shown, not judged, for a scan of what is not documented. A difference below tolerance agrees whatever the interval says."`
	Tolerance Tolerance        `json:"tolerance,omitzero" jsonschema_description:"The largest difference that agrees: 3% of the published number, or 0.01 (default 0)."`
	Note      string           `json:"note,omitempty" jsonschema:"maxLength=2000" jsonschema_description:"What is known of a difference."`
}

// UnmarshalJSON decodes over the defaults.
func (r *ReferenceSpec) UnmarshalJSON(data []byte) error {
	type form ReferenceSpec
	f, err := decodeOver(data, form{Kind: "text", Runs: 1, Judge: JudgePrediction})
	*r = ReferenceSpec(f)
	if r.Label == "" {
		r.Label = r.Metric
	}
	if r.Axis == "" {
		r.Axis = r.Label
	}
	return err
}

// How a reference is judged.
const (
	JudgePrediction = "prediction"
	JudgeInside     = "inside"
	JudgePoisson    = "poisson"
	JudgeNone       = "none"
)

// Plain is a number, a text or a switch, as it is written.
type Plain string

// UnmarshalJSON reads the scalar.
func (p *Plain) UnmarshalJSON(data []byte) error {
	text, _, err := scalarText(data)
	*p = Plain(text)
	return err
}

// JSONSchema describes a scalar.
func (Plain) JSONSchema() *jsonschema.Schema { return scalarSchema() }

// Published is a number, or one for each value of a param.
type Published struct {
	Number float64
	By     map[string]float64 // nil: there is only Number
}

// UnmarshalJSON reads 4.6 or {"10": 4.6, "20": 5}.
func (p *Published) UnmarshalJSON(data []byte) error {
	if isMapping(data) {
		return json.Unmarshal(data, &p.By)
	}
	return json.Unmarshal(data, &p.Number)
}

// JSONSchema describes the two forms.
func (Published) JSONSchema() *jsonschema.Schema {
	number := &jsonschema.Schema{Type: "number"}
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{number, {Type: "object", AdditionalProperties: number}}}
}

// Ranges is an interval, or one for each value of a param.
type Ranges struct {
	Range [2]float64
	By    map[string][2]float64 // nil: there is only Range
	given bool
}

// IsZero reports whether nothing was written.
func (r Ranges) IsZero() bool { return !r.given }

// UnmarshalJSON reads [1, 2] or {"10": [1, 2]}.
func (r *Ranges) UnmarshalJSON(data []byte) error {
	r.given = true
	if isMapping(data) {
		return json.Unmarshal(data, &r.By)
	}
	return json.Unmarshal(data, &r.Range)
}

// JSONSchema describes the two forms.
func (Ranges) JSONSchema() *jsonschema.Schema {
	two := uint64(2)
	pair := &jsonschema.Schema{Type: "array", Items: &jsonschema.Schema{Type: "number"}, MinItems: &two, MaxItems: &two}
	return &jsonschema.Schema{AnyOf: []*jsonschema.Schema{pair, {Type: "object", AdditionalProperties: pair}}}
}

// Tolerance is a difference from something: a share of it or a number of its own.
type Tolerance struct {
	Size     Fraction // written with a percent sign
	Absolute Decimal  // written as a number
	Relative bool
}

// ParseTolerance reads 3% or 0.01.
func ParseTolerance(text string) (Tolerance, error) {
	if strings.HasSuffix(text, "%") {
		f, err := ParseFraction(text)
		return Tolerance{Size: f, Relative: true}, err
	}
	d, err := ParseDecimal(text)
	if err != nil {
		return Tolerance{}, fmt.Errorf("%q is no tolerance; write it as 3%% of the published number, or as a number such as 0.01", text)
	}
	return Tolerance{Absolute: d}, nil
}

// IsZero reports whether only an equal number agrees.
func (t Tolerance) IsZero() bool { return t.Size.IsZero() && t.Absolute.IsZero() }

// Of returns the largest difference from x.
func (t Tolerance) Of(x float64) float64 {
	if t.Relative {
		return math.Abs(x) * t.Size.Float()
	}
	return t.Absolute.Float()
}

// String returns the tolerance as it is written.
func (t Tolerance) String() string {
	if t.Relative {
		return shortNumber(100*t.Size.Float()) + "%"
	}
	return shortNumber(t.Absolute.Float())
}

// UnmarshalJSON reads "3%" or 0.01.
func (t *Tolerance) UnmarshalJSON(data []byte) error {
	text, _, err := scalarText(data)
	if err != nil {
		return err
	}
	*t, err = ParseTolerance(text)
	return err
}

// MarshalJSON writes it as it is read.
func (t Tolerance) MarshalJSON() ([]byte, error) {
	if t.Relative {
		return json.Marshal(t.String())
	}
	return []byte(t.Absolute.String()), nil
}

// JSONSchema describes a tolerance.
func (Tolerance) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{
		Format: unitFormat("Tolerance"),
		AnyOf: []*jsonschema.Schema{
			{Type: "number", Minimum: "0"},
			{Type: "string", Pattern: `^([0-9]+(\.[0-9]*)?|\.[0-9]+) *%$`},
		},
		Description: "A share (3%) or a number (0.01).",
	}
}

// Reference is a published number that belongs to one row.
type Reference struct {
	Index     int // in the list of the scenario
	Label     string
	Axis      string
	Source    string
	Kind      string
	Against   string // "": it stands for itself
	At        Number // its place along Against, or as written; undefined: it has none
	AtLabel   string // what At counts, where it is as written
	Published float64
	Low, High Number // judge inside: the published interval
	Runs      int
	Judge     string
	Tolerance Tolerance
	Note      string

	metric *Expectation
}

// read returns what a run measured, undefined where there was no sample.
func (r *Reference) read(values map[string]Value) Number { return r.metric.number(values) }

// valueAt returns the entry of a mapping for the value of a param: the same text,
// or the same number.
func valueAt[V any](by map[string]V, value Scalar) (out V, ok bool) {
	if v, ok := by[string(value)]; ok {
		return v, true
	}
	for _, key := range slices.Sorted(maps.Keys(by)) {
		if equalScalars(Scalar(key), value) {
			return by[key], true
		}
	}
	return out, false
}
