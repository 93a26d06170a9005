package scenarios

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A plain (unquoted) scalar of YAML means what its form says, and readers of
// YAML differ over the forms: 010 is ten, eight or text, 1_000 a number or
// text. The language has only the forms on which all agree; the others are
// refused with a hint, so that nothing is silently changed.

var (
	plainNumber = regexp.MustCompile(`^-?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?$`)
	oddNumber   = regexp.MustCompile(`^[-+]?(0[xXoObB][0-9a-fA-F_]*|[0-9][0-9_]*_[0-9_.]*|\.(inf|Inf|INF|nan|NaN|NAN))$`)
	plusNumber  = regexp.MustCompile(`^\+[0-9.]+([eE][+-]?[0-9]+)?$`)
	leadingZero = regexp.MustCompile(`^-?0[0-9]`)
)

// maxNumberLength bounds a number's text. Its exponent is bounded too: the
// validator reckons exactly and would expand 1e-999999999.
const maxNumberLength = 40

// plainValue returns what a plain scalar means: nil, a bool, a json.Number in
// its canonical form, or a string.
func plainValue(text string) (any, error) {
	switch text {
	case "", "~", "null", "Null", "NULL":
		return nil, nil
	case "true":
		return true, nil
	case "false":
		return false, nil
	}
	if len(text) > 1<<10 {
		return text, nil // no number is that long, and the expressions need not see it
	}
	switch {
	case plusNumber.MatchString(text):
		return nil, fmt.Errorf("the number %s has a sign that YAML readers treat differently; write %s", clip(text), clip(text[1:]))
	case oddNumber.MatchString(text):
		return nil, fmt.Errorf("the number %s is read differently by different YAML readers; write it as plain digits", clip(text))
	case !plainNumber.MatchString(text):
		return text, nil
	case leadingZero.MatchString(text):
		return nil, fmt.Errorf("the number %s begins with a zero: ten, or eight in octal?; write it without, or in quotes if it is text", clip(text))
	}
	return canonicalNumber(text)
}

// canonicalNumber writes a number without an exponent and without zeros at its
// end, so that 1e4 and 10000.0 decode into a whole number as 10000 does.
func canonicalNumber(text string) (any, error) {
	digits, negative := strings.CutPrefix(text, "-")
	d, err := ParseDecimal(digits)
	if len(text) > maxNumberLength || err != nil {
		return nil, fmt.Errorf("the number %s is out of range; numbers have at most %d digits", clip(text), maxDecimalDigits)
	}
	s := d.String()
	if negative && !d.IsZero() {
		s = "-" + s
	}
	return json.Number(s), nil
}

// clip shortens what a message quotes from a file.
func clip(text string) string {
	const limit = 40
	for i := range text {
		if i >= limit {
			return text[:i] + "…"
		}
	}
	return text
}

// quote quotes a text of a file for a message, shortened.
func quote(text string) string { return fmt.Sprintf("%q", clip(text)) }

// printable returns text as it is, or quoted where a terminal would not show it.
func printable(text string) string {
	if utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return text
	}
	return fmt.Sprintf("%q", text)
}
