package scenarios

import "github.com/invopop/jsonschema"

// RepeatSpec is how many runs a row has: a number, or as many as the means that
// references compare need.
type RepeatSpec struct {
	Most  int      `json:"at_most" jsonschema:"required,minimum=2,maximum=10000" jsonschema_description:"No row has more runs."`
	Least int      `json:"at_least,omitempty" jsonschema:"minimum=2,maximum=10000" jsonschema_description:"No row has fewer runs (default 3)."`
	Until Fraction `json:"until" jsonschema:"required" jsonschema_description:"Runs follow until the 95 % interval of every mean that a reference compares is at most this share of the mean, both ways."`
}

// leastUntil is how many runs there are before their spread is believed.
const leastUntil = 3

// adaptive reports whether the runs of a row end with narrow intervals.
func (r RepeatSpec) adaptive() bool { return !r.Until.IsZero() }

// UnmarshalJSON reads 5 or {"until": "2%", "at_most": 50}.
func (r *RepeatSpec) UnmarshalJSON(data []byte) error {
	type form RepeatSpec
	return decodeEither(data, r,
		func(runs int) RepeatSpec { return RepeatSpec{Most: runs} },
		func() (RepeatSpec, error) {
			f, err := decodeOver(data, form{Least: leastUntil})
			return RepeatSpec(f), err
		})
}

// JSONSchemaExtend adds the short form.
func (RepeatSpec) JSONSchemaExtend(s *jsonschema.Schema) {
	orShort(s, &jsonschema.Schema{Type: "integer", Minimum: "1", Maximum: "10000"})
}

// enough reports whether the intervals over these runs of a row are narrow enough:
// runs[i][j] is what run i measured for reference j. A mean of 0 without spread is
// narrow; what is not judged by its mean, and a number of which there was no sample, say
// nothing.
func (r RepeatSpec) enough(references []Reference, runs [][]Number) bool {
	if !r.adaptive() || len(runs) < r.Least {
		return false
	}
	for j := range references {
		if references[j].Judge == JudgePoisson || references[j].Judge == JudgeNone {
			continue
		}
		i := intervalOf(columnOf(runs, j))
		if i.CI95.Defined() && float64(i.CI95) > r.Until.Float()*max(float64(i.Mean), -float64(i.Mean)) {
			return false
		}
	}
	return true
}

// columnOf returns one reference's number of every run.
func columnOf(runs [][]Number, j int) []Number {
	out := make([]Number, len(runs))
	for i := range runs {
		out[i] = runs[i][j]
	}
	return out
}
