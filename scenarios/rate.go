package scenarios

import (
	"fmt"
	"math/bits"
	"strconv"
	"strings"

	"github.com/invopop/jsonschema"
)

// Rate is how often something happens, as Num/Den times a second. Written as a
// number of times a second, or with a unit: 10, 0.5, 10/s, 6/m, 100/h.
type Rate struct{ Decimal }

// rateUnits are the times a rate can be given for, in seconds.
var rateUnits = map[string]uint64{"s": 1, "m": 60, "h": 3600}

// ParseRate reads 10, 10/s, 6/m or 100/h.
func ParseRate(text string) (Rate, error) {
	body, unit, found := strings.Cut(text, "/")
	if !found {
		unit = "s"
	}
	seconds, ok := rateUnits[unit]
	d, err := ParseDecimal(strings.TrimSpace(body))
	if err != nil || !ok {
		return Rate{}, fmt.Errorf("%q is no rate; write it as 10 (a second), 10/s, 6/m or 100/h", text)
	}
	if d.compare(1_000_000*seconds) > 0 {
		return Rate{}, fmt.Errorf("a rate is at most 1000000/s, not %s", text)
	}
	// Below 10^9·3600 the denominator fits whatever the digits allowed by
	// ParseDecimal were; more digits than that are refused.
	if d.Den > 1e15 {
		return Rate{}, fmt.Errorf("%q has more than 15 decimals", text)
	}
	return Rate{Decimal{d.Num, d.Den * seconds}}, nil
}

// PerSecond returns the rate in times a second.
func (r Rate) PerSecond() float64 { return float64(r.Num) / float64(r.denominator()) }

// Mean returns the mean time between two events, rounded to the nanosecond; 0
// for the rate 0, at which nothing ever happens.
func (r Rate) Mean() Duration {
	if r.Num == 0 {
		return 0
	}
	hi, lo := bits.Mul64(r.denominator(), uint64(Second))
	if hi >= r.Num {
		return maxDuration
	}
	q, _ := bits.Div64(hi, lo, r.Num)
	return min(Duration(min(q, uint64(maxDuration))), maxDuration)
}

// Expected returns how many events a time sees on average, rounded up.
func (r Rate) Expected(d Duration) int64 {
	hi, lo := bits.Mul64(r.Num, uint64(d))
	den := r.denominator()
	if hi >= den {
		return 1<<63 - 1
	}
	q, _ := bits.Div64(hi, lo, den)
	return int64(q/uint64(Second)) + 1
}

// String writes the rate as times a second.
func (r Rate) String() string { return strconv.FormatFloat(r.PerSecond(), 'g', -1, 64) + "/s" }

// UnmarshalJSON reads 10 or "10/s".
func (r *Rate) UnmarshalJSON(data []byte) error {
	text, _, err := scalarText(data)
	if err != nil {
		return err
	}
	v, err := ParseRate(text)
	if err != nil {
		return err
	}
	*r = v
	return nil
}

// JSONSchema describes a rate.
func (Rate) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{
		Format: unitFormat("Rate"),
		AnyOf: []*jsonschema.Schema{
			{Type: "number", Minimum: "0"},
			{Type: "string", Pattern: `^([0-9]+(\.[0-9]*)?|\.[0-9]+) *(/[smh])?$`},
		},
		Description: "How often: a number of times a second, or with its unit: 10/s, 6/m, 100/h.",
	}
}
