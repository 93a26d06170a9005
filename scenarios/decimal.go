package scenarios

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/bits"
	"strconv"
	"strings"

	"github.com/invopop/jsonschema"
)

// Decimal is a number from 0 on, kept exactly as it was written: Num/Den,
// where Den is a power of ten that shares no factor ten with Num. Two equal
// numbers are equal as Go values.
type Decimal struct{ Num, Den uint64 }

// maxDecimalDigits keeps Num and Den, and their product with a count of up to
// 10^18, within two machine words.
const maxDecimalDigits = 18

// ParseDecimal reads a number such as 3, 0.25, .5 or 1e-3.
func ParseDecimal(text string) (Decimal, error) {
	mantissa, exponent := text, 0
	if i := strings.IndexAny(text, "eE"); i >= 0 {
		e, err := strconv.Atoi(strings.TrimPrefix(text[i+1:], "+"))
		if err != nil || e < -maxDecimalDigits || e > maxDecimalDigits {
			return Decimal{}, fmt.Errorf("%q is no number", text)
		}
		mantissa, exponent = text[:i], e
	}
	whole, part, _ := strings.Cut(mantissa, ".")
	digits := strings.TrimLeft(whole+part, "0")
	if whole+part == "" || strings.Trim(whole+part, "0123456789") != "" {
		return Decimal{}, fmt.Errorf("%q is no number", text)
	}
	scale := len(part) - exponent
	for scale > 0 && strings.HasSuffix(digits, "0") {
		digits, scale = digits[:len(digits)-1], scale-1
	}
	if digits == "" {
		return Decimal{0, 1}, nil
	}
	if scale < 0 {
		digits += strings.Repeat("0", -scale)
		scale = 0
	}
	if len(digits) > maxDecimalDigits || scale > maxDecimalDigits {
		return Decimal{}, fmt.Errorf("%q has more than %d digits", text, maxDecimalDigits)
	}
	num, err := strconv.ParseUint(digits, 10, 64)
	if err != nil {
		return Decimal{}, fmt.Errorf("%q is no number", text)
	}
	den := uint64(1)
	for range scale {
		den *= 10
	}
	return Decimal{num, den}, nil
}

// Float returns the nearest float.
func (d Decimal) Float() float64 {
	f, err := strconv.ParseFloat(d.String(), 64) // one rounding, where Num/Den could take three
	if err != nil {
		panic("scenarios: " + err.Error())
	}
	return f
}

// IsZero reports whether the number is 0.
func (d Decimal) IsZero() bool { return d.Num == 0 }

// String writes the number without an exponent.
func (d Decimal) String() string {
	s := strconv.FormatUint(d.Num, 10)
	scale := 0
	for den := d.Den; den >= 10; den /= 10 {
		scale++
	}
	if scale == 0 {
		return s
	}
	if len(s) <= scale {
		s = strings.Repeat("0", scale-len(s)+1) + s
	}
	return s[:len(s)-scale] + "." + s[len(s)-scale:]
}

// compare returns how d compares with n.
func (d Decimal) compare(n uint64) int {
	hi, lo := bits.Mul64(n, d.denominator())
	switch {
	case hi > 0 || lo > d.Num:
		return -1
	case lo < d.Num:
		return 1
	}
	return 0
}

// denominator makes the zero value the number 0.
func (d Decimal) denominator() uint64 { return max(d.Den, 1) }

// times returns n·d rounded half up.
func (d Decimal) times(n uint64) uint64 {
	hi, lo := bits.Mul64(n, d.Num)
	if hi >= d.denominator() {
		return 1<<64 - 1
	}
	q, r := bits.Div64(hi, lo, d.denominator())
	if r >= d.denominator()-r {
		q++
	}
	return q
}

// UnmarshalJSON reads a number.
func (d *Decimal) UnmarshalJSON(data []byte) error {
	text, _, err := scalarText(data)
	if err != nil {
		return err
	}
	v, err := ParseDecimal(text)
	if err != nil {
		return err
	}
	*d = v
	return nil
}

// JSONSchema describes a number.
func (Decimal) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{Type: "number", Minimum: "0", Format: unitFormat("Decimal"), Description: "A number from 0 on."}
}

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

// scalarText returns the text of a JSON number or string, and whether it was a
// number.
func scalarText(data []byte) (text string, isNumber bool, err error) {
	data = bytes.TrimSpace(data)
	if len(data) > 0 && data[0] == '"' {
		err = json.Unmarshal(data, &text)
		return text, false, err
	}
	var n json.Number
	if err := json.Unmarshal(data, &n); err != nil || len(n) == 0 {
		return "", false, fmt.Errorf("%s is neither a number nor text", data)
	}
	return string(n), true, nil
}
