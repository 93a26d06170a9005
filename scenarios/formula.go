package scenarios

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"

	"github.com/expr-lang/expr"
)

const maxFormulaBytes = 200

// formula computes ${max(s, 4)}: an expression over the params of a row that
// are numbers, with the functions of expectBuiltins. The result is a number
// below 10^15, written as a scenario would.
func formula(text string, params map[string]*tree) (json.Number, error) {
	if len(text) > maxFormulaBytes {
		return "", fmt.Errorf("it has %d bytes; %d are allowed", len(text), maxFormulaBytes)
	}
	numbers := map[string]float64{}
	for _, name := range slices.Sorted(maps.Keys(params)) {
		p := params[name]
		if n, ok := p.value.(json.Number); ok && !p.broken {
			if v, err := n.Float64(); err == nil {
				numbers[name] = v
			}
		}
	}
	program, err := expr.Compile(text, append(languageOptions(), expr.Env(numbers), expr.AsFloat64())...)
	if err != nil {
		return "", errors.New(problemOf(err).Message)
	}
	value, err := expr.Run(program, numbers)
	if err != nil {
		return "", errors.New(problemOf(err).Message)
	}
	v := value.(float64)
	if !(math.Abs(v) < 1e15) {
		return "", fmt.Errorf("it comes to %v", v)
	}
	return json.Number(strconv.FormatFloat(v, 'f', -1, 64)), nil
}
