package scenarios

import (
	"errors"
	"fmt"
	"math/bits"
	"strings"

	"github.com/invopop/jsonschema"
)

// Fraction is a share from 0 to 1, kept exactly: 0.5, .3333 or 50%.
type Fraction struct{ Decimal }

// errAboveOne has the hint for the likeliest slip.
var errAboveOne = errors.New("a fraction is at most 1")

// ParseFraction reads 0.5 or 50%.
func ParseFraction(text string) (Fraction, error) {
	body, percent := strings.CutSuffix(text, "%")
	d, err := ParseDecimal(strings.TrimSpace(body))
	if err != nil {
		return Fraction{}, fmt.Errorf("%q is no fraction; write it as 0.5 or 50%%", text)
	}
	if percent {
		if d, err = ParseDecimal(d.String() + "e-2"); err != nil {
			return Fraction{}, fmt.Errorf("%q has more than %d digits", text, maxDecimalDigits-2)
		}
	}
	if d.compare(1) > 0 {
		if !percent && d.compare(100) <= 0 {
			return Fraction{}, fmt.Errorf("%w, not %s; did you mean %s%%?", errAboveOne, text, text)
		}
		return Fraction{}, fmt.Errorf("%w, not %s; write it as 0.5 or 50%%", errAboveOne, text)
	}
	return Fraction{d}, nil
}

// RoundHalfUp returns the fraction of n things as a count.
func (f Fraction) RoundHalfUp(n int) int {
	if n <= 0 {
		return 0
	}
	return int(f.times(uint64(n)))
}

// Of returns the fraction of a duration, rounded to the nanosecond.
func (f Fraction) Of(d Duration) Duration { return Duration(f.times(uint64(d))) }

// Hit reports whether an event of this probability happens, given 64 random
// bits: exactly draw/2^64 < f, so 0 never hits and 1 always does.
func (f Fraction) Hit(draw uint64) bool {
	hi, _ := bits.Mul64(draw, f.denominator())
	return hi < f.Num
}

// exceeds reports whether f > part/whole, exactly.
func (f Fraction) exceeds(part, whole uint64) bool {
	ahi, alo := bits.Mul64(f.Num, whole)
	bhi, blo := bits.Mul64(part, f.denominator())
	return ahi > bhi || ahi == bhi && alo > blo
}

// UnmarshalJSON reads 0.5, "0.5" or "50%".
func (f *Fraction) UnmarshalJSON(data []byte) error {
	text, _, err := scalarText(data)
	if err != nil {
		return err
	}
	v, err := ParseFraction(text)
	if err != nil {
		return err
	}
	*f = v
	return nil
}

// JSONSchema describes a fraction.
func (Fraction) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{
		Format: unitFormat("Fraction"),
		AnyOf: []*jsonschema.Schema{
			{Type: "number", Minimum: "0", Maximum: "1"},
			{Type: "string", Pattern: `^([0-9]+(\.[0-9]*)?|\.[0-9]+) *%?$`},
		},
		Description: "A share from 0 to 1: 0.5 or 50%.",
	}
}
