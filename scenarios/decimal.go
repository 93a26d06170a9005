package scenarios

import (
	"bytes"
	"encoding/json"
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
	if digits, negative := strings.CutPrefix(mantissa, "-"); negative && strings.Trim(digits, "0123456789.") == "" && digits != "" {
		return Decimal{}, fmt.Errorf("%s is below 0", text)
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
