package scenarios

import (
	"encoding/json"
	"strconv"
	"strings"
)

// Scalar is a value as a scenario writes it: a number, a percentage, or text.
type Scalar string

// Number returns the scalar as an expectation reads it, 0.5 for both 0.5 and
// 50%, and whether it is a number at all.
func (s Scalar) Number() (float64, bool) {
	text, percent := strings.CutSuffix(strings.TrimSpace(string(s)), "%")
	// ParseFloat also takes hexadecimal, underscores, "inf" and "nan", which
	// no scenario means as numbers.
	if strings.Trim(text, "+-.0123456789eE") != "" {
		return 0, false
	}
	x, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0, false
	}
	if percent {
		x /= 100
	}
	return x, true
}

// equalScalars reports whether two are the same text or the same number.
func equalScalars(a, b Scalar) bool {
	x, ok := a.Number()
	y, ok2 := b.Number()
	return a == b || ok && ok2 && x == y
}

// MarshalJSON writes a number where the text is one by the grammar of JSON,
// a string otherwise.
func (s Scalar) MarshalJSON() ([]byte, error) {
	if _, ok := s.Number(); ok && json.Valid([]byte(s)) {
		return []byte(s), nil
	}
	return json.Marshal(string(s))
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (s *Scalar) UnmarshalJSON(data []byte) error {
	var text string
	if json.Unmarshal(data, &text) == nil {
		*s = Scalar(text)
		return nil
	}
	var number json.Number
	if err := json.Unmarshal(data, &number); err != nil {
		return err
	}
	*s = Scalar(number)
	return nil
}
