package scenarios

import (
	"strconv"
	"strings"
	"time"
)

// Unit says what a number counts. Every quantity has one unit wherever it
// appears: in expectations, result.json, CSV and charts.
type Unit string

const (
	UnitCount    Unit = "count" // whole things
	UnitRatio    Unit = "ratio" // a mean of counts, or one number over another
	UnitShare    Unit = "share" // 0 to 1, shown in percent
	UnitSeconds  Unit = "s"
	UnitBytes    Unit = "bytes"
	UnitRate     Unit = "1/s"
	UnitByteRate Unit = "bytes/s"
	UnitText     Unit = "text"
	UnitTruth    Unit = "truth"
)

// Label returns the unit as a heading carries it, "" where the number needs
// none.
func (u Unit) Label() string {
	switch u {
	case UnitCount, UnitRatio, UnitShare, UnitText, UnitTruth:
		return ""
	}
	return string(u)
}

// Value is something measured with its unit: a number, or by its unit a text
// or a truth.
type Value struct {
	Unit   Unit
	Number Number // 1 for true
	Text   string // where Unit is UnitText; "" is undefined
}

func numberOf(unit Unit, n Number) Value { return Value{Unit: unit, Number: n} }
func countOf(n int64) Value              { return Value{Unit: UnitCount, Number: Number(n)} }

func textOf(text string) Value {
	return Value{Unit: UnitText, Number: Undefined(), Text: text}
}

func truthOf(b bool) Value {
	v := Value{Unit: UnitTruth}
	if b {
		v.Number = 1
	}
	return v
}

// Defined reports whether there was anything to measure.
func (v Value) Defined() bool {
	if v.Unit == UnitText {
		return v.Text != ""
	}
	return v.Number.Defined()
}

// Raw returns the value for machines: the bare number, "" if undefined.
func (v Value) Raw() string {
	switch {
	case !v.Defined():
		return ""
	case v.Unit == UnitText:
		return v.Text
	case v.Unit == UnitTruth:
		return strconv.FormatBool(v.Number != 0)
	}
	return v.Number.String()
}

// Exact returns the value with its unit and all its digits, as the line of a
// failed expectation shows it: 1312.5s, "broken", 0.25.
func (v Value) Exact() string {
	switch {
	case !v.Defined():
		return "undefined"
	case v.Unit == UnitText:
		return strconv.Quote(v.Text)
	case v.Unit == UnitSeconds:
		return v.Raw() + "s"
	}
	return v.Raw()
}

// String returns the value for people, to about four digits: 21m52s, 197ms,
// 12.5%, 1.2 MB.
func (v Value) String() string {
	if !v.Defined() {
		if v.Unit == UnitText {
			return ""
		}
		return "–"
	}
	x := float64(v.Number)
	switch v.Unit {
	case UnitSeconds:
		return shortDuration(x)
	case UnitShare:
		return shortNumber(100*x) + "%"
	case UnitBytes:
		return shortBytes(x)
	case UnitByteRate:
		return shortBytes(x) + "/s"
	case UnitText, UnitTruth:
		return v.Raw()
	case UnitCount:
		return grouped(x)
	}
	return shortNumber(x)
}

// MarshalJSON writes the bare value, null if undefined.
func (v Value) MarshalJSON() ([]byte, error) {
	switch {
	case !v.Defined():
		return []byte("null"), nil
	case v.Unit == UnitText:
		return []byte(strconv.Quote(v.Text)), nil
	case v.Unit == UnitTruth:
		return []byte(v.Raw()), nil
	}
	return v.Number.MarshalJSON()
}

// shortNumber writes x with four significant digits and at most four after
// the point, without trailing zeros; whole numbers stay whole.
func shortNumber(x float64) string {
	abs := x
	if abs < 0 {
		abs = -abs
	}
	digits := 4
	for limit := 1.0; digits > 0 && abs >= limit; limit *= 10 {
		digits--
	}
	if abs > 0 && abs < 0.001 {
		return strconv.FormatFloat(x, 'g', 3, 64)
	}
	text := strconv.FormatFloat(x, 'f', digits, 64)
	if strings.Contains(text, ".") {
		text = strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
	}
	return text
}

// grouped writes a count with its thousands set apart.
func grouped(x float64) string {
	text := strconv.FormatFloat(x, 'f', -1, 64)
	whole, rest, _ := strings.Cut(text, ".")
	sign := ""
	if strings.HasPrefix(whole, "-") {
		sign, whole = "-", whole[1:]
	}
	var b strings.Builder
	for i, digit := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(digit)
	}
	if rest != "" {
		rest = "." + rest
	}
	return sign + b.String() + rest
}

// shortDuration writes seconds as a Go duration of about four digits.
func shortDuration(seconds float64) string {
	d := time.Duration(seconds * 1e9)
	switch abs := d.Abs(); {
	case abs >= time.Minute:
		d = d.Round(time.Second)
	case abs >= time.Second:
		d = d.Round(10 * time.Millisecond)
	case abs >= 100*time.Millisecond:
		d = d.Round(time.Millisecond)
	case abs >= time.Millisecond:
		d = d.Round(10 * time.Microsecond)
	case abs >= 10*time.Microsecond:
		d = d.Round(time.Microsecond)
	}
	return d.String()
}

// shortBytes writes a size in decimal units.
func shortBytes(x float64) string {
	for _, step := range []struct {
		size float64
		name string
	}{{1e12, "TB"}, {1e9, "GB"}, {1e6, "MB"}, {1e3, "kB"}} {
		if x >= step.size {
			return shortNumber(x/step.size) + " " + step.name
		}
	}
	return shortNumber(x) + " B"
}
