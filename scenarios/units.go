package scenarios

import (
	"fmt"
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/invopop/jsonschema"
)

// Duration is a virtual time or a distance between two, in nanoseconds, never
// negative. It is written as a Go duration: 500ms, 1h30m.
type Duration int64

// Units of a Duration.
const (
	Millisecond = Duration(time.Millisecond)
	Second      = Duration(time.Second)
	Minute      = Duration(time.Minute)
	Hour        = Duration(time.Hour)
)

// maxDuration is the longest a scenario can name. A thousand steps of it would
// not fit into an int64; check.go bounds their sum.
const maxDuration = 365 * 24 * Hour

var (
	durationPart = regexp.MustCompile(`([0-9]*\.?[0-9]*)(h|ms|m|s|us|µs|μs|ns)`)
	durationSlip = regexp.MustCompile(`^([0-9.]+) ?([a-zA-Z]+)$`)
)

// durationSlips are units that people write and Go does not know, with what
// they are in one that it does.
var durationSlips = map[string]string{
	"sec": "s", "secs": "s", "second": "s", "seconds": "s",
	"min": "m", "mins": "m", "minute": "m", "minutes": "m",
	"hr": "h", "hrs": "h", "hour": "h", "hours": "h",
	"msec": "ms", "millisecond": "ms", "milliseconds": "ms", "usec": "us",
	"S": "s", "M": "m", "H": "h", "s": "s", "m": "m", "h": "h", "ms": "ms", "us": "us", "ns": "ns",
}

// ParseDuration reads a Go duration from 0 to a year, exactly: one that is no
// whole number of nanoseconds is refused.
func ParseDuration(text string) (Duration, error) {
	const units = "write it with a unit: ns, us, ms, s, m or h"
	if len(text) > 64 {
		return 0, fmt.Errorf("%q… is no duration; %s", text[:16], units)
	}
	d, err := time.ParseDuration(text)
	if err != nil {
		if _, err := strconv.ParseFloat(text, 64); err == nil {
			return 0, fmt.Errorf("%s has no unit; did you mean %sms or %ss?", clip(text), clip(text), clip(text))
		}
		if m := durationSlip.FindStringSubmatch(text); m != nil {
			if unit := durationSlips[m[2]]; unit != "" {
				return 0, fmt.Errorf("%q is no duration; did you mean %s%s?", text, m[1], unit)
			}
			if days, err := strconv.Atoi(m[1]); err == nil && days < 1000 && strings.HasPrefix(m[2], "d") {
				return 0, fmt.Errorf("%q is no duration; did you mean %dh?", text, days*24)
			}
		}
		return 0, fmt.Errorf("%q is no duration; %s", text, units)
	}
	if d < 0 {
		return 0, fmt.Errorf("a duration is not negative, as %s is", text)
	}
	if Duration(d) > maxDuration {
		return 0, fmt.Errorf("%s is longer than a year (8760h)", text)
	}
	if !exactDuration(text, d) {
		return 0, fmt.Errorf("%s is no whole number of nanoseconds", text)
	}
	return Duration(d), nil
}

// exactDuration reports whether d is what text says: time.ParseDuration drops
// what is below a nanosecond.
func exactDuration(text string, d time.Duration) bool {
	sum := new(big.Rat)
	for _, m := range durationPart.FindAllStringSubmatch(text, -1) {
		n, ok := new(big.Rat).SetString(strings.TrimSuffix("0"+m[1], "."))
		unit, err := time.ParseDuration("1" + m[2])
		if !ok || err != nil {
			return false
		}
		sum.Add(sum, n.Mul(n, new(big.Rat).SetInt64(int64(unit))))
	}
	return sum.Cmp(new(big.Rat).SetInt64(int64(d))) == 0
}

// Std returns d as the standard library has it.
func (d Duration) Std() time.Duration { return time.Duration(d) }

// String writes the duration as Go does, without the zeros at its end.
func (d Duration) String() string {
	s := time.Duration(d).String()
	if strings.HasSuffix(s, "m0s") {
		s = s[:len(s)-2]
	}
	if strings.HasSuffix(s, "h0m") {
		s = s[:len(s)-2]
	}
	return s
}

// UnmarshalJSON reads "30s", or the number 0.
func (d *Duration) UnmarshalJSON(data []byte) error {
	text, isNumber, err := scalarText(data)
	if err != nil {
		return err
	}
	if isNumber && text == "0" {
		*d = 0
		return nil
	}
	v, err := ParseDuration(text)
	if err != nil {
		return err
	}
	*d = v
	return nil
}

// JSONSchema describes a duration.
func (Duration) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{
		Format: unitFormat("Duration"),
		AnyOf: []*jsonschema.Schema{
			{Type: "string", Pattern: `^(0|(([0-9]+(\.[0-9]*)?|\.[0-9]+)(h|m|s|ms|us|µs|ns))+)$`},
			{Type: "integer", Minimum: "0", Maximum: "0"},
		},
		Description: "A Go duration: 500ms, 30s, 1h30m.",
	}
}

// Bytes is a size: 20, 20B, 1kB or 1KiB.
type Bytes int64

var byteUnits = map[string]int64{"": 1, "B": 1, "kB": 1000, "MB": 1_000_000, "KiB": 1 << 10, "MiB": 1 << 20}

// ParseBytes reads a size of at most 1 GiB.
func ParseBytes(text string) (Bytes, error) {
	digits := strings.TrimRight(text, "BKMkib ")
	unit, ok := byteUnits[strings.TrimSpace(text[len(digits):])]
	n, err := strconv.ParseInt(digits, 10, 32)
	if err != nil || !ok || n < 0 {
		return 0, fmt.Errorf("%q is no size in bytes; write it as 20, 20B, 1kB or 1KiB", text)
	}
	if n > 1<<30/unit {
		return 0, fmt.Errorf("%s is more than 1 GiB", text)
	}
	return Bytes(n * unit), nil
}

// UnmarshalJSON reads 20 or "1KiB".
func (b *Bytes) UnmarshalJSON(data []byte) error {
	text, _, err := scalarText(data)
	if err != nil {
		return err
	}
	v, err := ParseBytes(text)
	if err != nil {
		return err
	}
	*b = v
	return nil
}

// JSONSchema describes a size.
func (Bytes) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{
		Format: unitFormat("Bytes"),
		AnyOf: []*jsonschema.Schema{
			{Type: "integer", Minimum: "0"},
			{Type: "string", Pattern: `^[0-9]+ *(B|kB|MB|KiB|MiB)?$`},
		},
		Description: "A size in bytes: 20, 20B, 1kB, 1KiB.",
	}
}

// Switch is something that is on or off. YAML 1.2 has only true and false for
// it; on and off read better and mean the same.
type Switch bool

// ParseSwitch reads true, false, on or off.
func ParseSwitch(text string) (Switch, error) {
	switch text {
	case "true", "on":
		return true, nil
	case "false", "off":
		return false, nil
	}
	return false, fmt.Errorf("%q is no switch; write on or off", text)
}

// UnmarshalJSON reads true, false, "on" or "off".
func (s *Switch) UnmarshalJSON(data []byte) error {
	v, err := ParseSwitch(strings.Trim(string(data), `"`))
	if err != nil {
		return err
	}
	*s = v
	return nil
}

// JSONSchema describes a switch.
func (Switch) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{Enum: []any{true, false, "on", "off"}, Description: "on or off; true or false."}
}

// Amount is a number of things: a whole number from 2 on counts them, a
// percentage or a number below 1 is a fraction of what is there.
type Amount struct {
	Count    int64 // 0: Fraction says
	Fraction Fraction
}

// ParseAmount reads 50, 10% or 0.1. What 1 means, one thing or all of them, is
// not guessed.
func ParseAmount(text string) (Amount, error) {
	if f, err := ParseFraction(text); err == nil {
		if f.IsZero() || f.compare(1) == 0 && !strings.HasSuffix(text, "%") {
			return Amount{}, fmt.Errorf("an amount of %s could be a count or a fraction; write 100%% for all", text)
		}
		return Amount{Fraction: f}, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 2 || n > maxNodes {
		return Amount{}, fmt.Errorf("%q is neither a count nor a fraction; write it as 50 or 10%%", text)
	}
	return Amount{Count: n}, nil
}

// Of returns the amount of n things, at most n.
func (a Amount) Of(n int) int {
	if a.Count > 0 {
		return int(min(a.Count, int64(n)))
	}
	return a.Fraction.RoundHalfUp(n)
}

// UnmarshalJSON reads 50, "10%" or 0.1.
func (a *Amount) UnmarshalJSON(data []byte) error {
	text, _, err := scalarText(data)
	if err != nil {
		return err
	}
	v, err := ParseAmount(text)
	if err != nil {
		return err
	}
	*a = v
	return nil
}

// JSONSchema describes an amount.
func (Amount) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{
		Format: unitFormat("Amount"),
		AnyOf: []*jsonschema.Schema{
			{Type: "number", ExclusiveMinimum: "0"},
			{Type: "string", Pattern: `^([0-9]+(\.[0-9]*)?|\.[0-9]+) *%?$`},
		},
		Description: "A count (50) or a fraction (10% or 0.1).",
	}
}

// unitFormat names the format under which the schema has the parser of a type:
// what a pattern lets through can still be out of range.
func unitFormat(name string) string { return "chordsim-" + strings.ToLower(name) }

// unitParsers are the types of scalars that check themselves, by their name in
// the schema: what is wrong with a value is said in their words.
var unitParsers = map[string]func(string) error{
	"Duration":  func(s string) error { _, err := ParseDuration(s); return err },
	"Fraction":  func(s string) error { _, err := ParseFraction(s); return err },
	"Decimal":   func(s string) error { _, err := ParseDecimal(s); return err },
	"Rate":      func(s string) error { _, err := ParseRate(s); return err },
	"Bytes":     func(s string) error { _, err := ParseBytes(s); return err },
	"Switch":    func(s string) error { _, err := ParseSwitch(s); return err },
	"Tolerance": func(s string) error { _, err := ParseTolerance(s); return err },
	"Through":   func(s string) error { _, err := ParseThrough(s); return err },
	"Amount":    func(s string) error { _, err := ParseAmount(s); return err },
}
