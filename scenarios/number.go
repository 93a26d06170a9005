package scenarios

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
)

// Number is a measured value as it is reported: rounded to significantDigits,
// or undefined where there was no sample to measure. In JSON an undefined
// number is null; in an expectation, reading one makes the expectation fail.
type Number float64

// significantDigits is how far a reported number goes. Sums and percentiles
// are integers, so the last division is the only place where architectures
// could differ, and nine digits are far from where they would.
const significantDigits = 9

// Undefined returns the number of a measurement without a sample.
func Undefined() Number { return Number(math.NaN()) }

// Defined reports whether the number was measured at all.
func (n Number) Defined() bool { return !math.IsNaN(float64(n)) }

// number rounds x for reporting. Not-a-number and the infinities become
// undefined. It is the one way from a float to a Result.
func number(x float64) Number {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return Undefined()
	}
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(x, 'e', significantDigits-1, 64), 64)
	if err != nil {
		return Undefined() // rounding up overflowed
	}
	return Number(rounded + 0) // + 0 turns a negative zero into zero
}

// Ratio returns a/b, undefined for b = 0.
func Ratio(a, b int64) Number {
	if b == 0 {
		return Undefined()
	}
	return number(float64(a) / float64(b))
}

// quotient returns a/b in units of the given size, rounded once at the end.
func quotient(a, b, unit float64) Number { return number(a / b / unit) }

// Seconds turns virtual nanoseconds into seconds, the unit of every time in a
// Result.
func Seconds(ns int64) Number { return number(float64(ns) / 1e9) }

// MarshalJSON writes the shortest decimal that reads back as n, or null.
func (n Number) MarshalJSON() ([]byte, error) {
	if !n.Defined() {
		return []byte("null"), nil
	}
	return []byte(n.String()), nil
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (n *Number) UnmarshalJSON(data []byte) error {
	if bytes.Equal(data, []byte("null")) {
		*n = Undefined()
		return nil
	}
	var x float64
	if err := json.Unmarshal(data, &x); err != nil {
		return err
	}
	*n = Number(x)
	return nil
}

// String writes the number as in JSON, but "undefined" for null: whole up to
// 10^21, as a count is read, in exponents beyond and below a millionth.
func (n Number) String() string {
	if !n.Defined() {
		return "undefined"
	}
	form := byte('f')
	if abs := math.Abs(float64(n)); abs != 0 && (abs < 1e-6 || abs >= 1e21) {
		form = 'e'
	}
	return strconv.FormatFloat(float64(n), form, -1, 64)
}
