package scenarios

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"github.com/expr-lang/expr/vm"
)

// Outcomes of an expectation.
const (
	Passed   = "pass"
	Missed   = "fail"
	NoSample = "undefined" // it read a number of which there was no sample
)

// ExpectResult is what an expectation came to, for one run or for one row.
type ExpectResult struct {
	Expression string      `json:"expression"`
	Row        int         `json:"row"` // index into Result.Rows
	Labels     []Param     `json:"labels,omitempty"`
	Seed       *uint64     `json:"seed,omitempty"` // absent: over all runs of the row
	Outcome    string      `json:"outcome"`        // Passed, Missed or NoSample
	Values     []ReadValue `json:"values,omitempty"`
	Error      string      `json:"error,omitempty"` // why there is no truth value
}

// ReadValue is a name of an expression, or a computed side of a comparison in
// it, with its value.
type ReadValue struct {
	Name  string `json:"name"`
	Value Value  `json:"value"`
	Unit  Unit   `json:"unit"`
}

// UnmarshalJSON reads the value by its unit.
func (r *ReadValue) UnmarshalJSON(data []byte) error {
	var raw struct {
		Name  string
		Value json.RawMessage
		Unit  Unit
	}
	if err := json.Unmarshal(data, &raw); err != nil {
		return err
	}
	*r = ReadValue{Name: raw.Name, Unit: raw.Unit, Value: Value{Unit: raw.Unit, Number: Undefined()}}
	switch {
	case string(raw.Value) == "null":
		return nil
	case raw.Unit == UnitText:
		return json.Unmarshal(raw.Value, &r.Value.Text)
	case raw.Unit == UnitTruth:
		var b bool
		err := json.Unmarshal(raw.Value, &b)
		r.Value = truthOf(b)
		return err
	}
	return json.Unmarshal(raw.Value, &r.Value.Number)
}

// String returns the result as one line without the scenario's name:
//
//	FAIL seed=42: heal.time < duration("20m"): heal.time = 1312.5s
func (r *ExpectResult) String() string {
	var b strings.Builder
	b.WriteString(r.Word())
	b.WriteByte(' ')
	b.WriteString(r.Where())
	b.WriteString(": ")
	b.WriteString(r.Expression)
	for i, v := range r.Values {
		b.WriteString([]string{": ", ", "}[min(i, 1)])
		b.WriteString(v.Name + " = " + v.Value.Exact())
	}
	if r.Error != "" {
		b.WriteString(": " + r.Error)
	}
	return b.String()
}

// Word returns the outcome in capitals: PASS, FAIL or UNDEFINED.
func (r *ExpectResult) Word() string { return strings.ToUpper(r.Outcome) }

// Where names the row and the run: "p=0.3 seed=44", "p=0.3 all runs".
func (r *ExpectResult) Where() string {
	where := ""
	for _, l := range r.Labels {
		where += l.Name + "=" + string(l.Value) + " "
	}
	if r.Seed == nil {
		return where + "all runs"
	}
	return where + "seed=" + strconv.FormatUint(*r.Seed, 10)
}

// errUndefined stops an evaluation that reads a number without a sample.
var errUndefined = errors.New("a number without a sample")

// readings is the environment of one evaluation: what the names of the
// expression are. Its exported methods are what the binder puts in place of
// the names; they cannot be called by name from an expression.
type readings struct {
	values    []Value
	undefined bool // one was read that is
}

// must stops the evaluation unless the value that was read is defined.
func (r *readings) must(defined bool) error {
	if defined {
		return nil
	}
	r.undefined = true
	return errUndefined
}

// Number reads a number.
func (r *readings) Number(i int) (float64, error) {
	n := r.values[i].Number
	return float64(n), r.must(n.Defined())
}

// Text reads a text.
func (r *readings) Text(i int) (string, error) {
	text := r.values[i].Text
	return text, r.must(text != "")
}

// Truth reads a truth value.
func (r *readings) Truth(i int) (bool, error) {
	n := r.values[i].Number
	return n != 0, r.must(n.Defined())
}

// environment holds the values of the names of the expression; one that is missing,
// because a run ended before its step, is undefined.
func (e *Expectation) environment(values map[string]Value) *readings {
	env := new(readings)
	for _, name := range e.names {
		v, found := values[name.path]
		if !found {
			v = Value{Unit: name.unit, Number: Undefined()}
		}
		env.values = append(env.values, v)
	}
	return env
}

// number returns the number that the expression of a reference stands for,
// undefined where it reads one without a sample.
func (e *Expectation) number(values map[string]Value) Number {
	env := e.environment(values)
	x, err := vm.Run(e.program, env)
	if err != nil || env.undefined {
		return Undefined()
	}
	return number(x.(float64))
}

// evaluate decides the expectation on the values found by path; a path that is
// missing, because a run ended before its step, is undefined.
func (e *Expectation) evaluate(values map[string]Value) ExpectResult {
	out := ExpectResult{Expression: e.Text, Outcome: Missed}
	env := e.environment(values)
	for i, name := range e.names {
		out.Values = append(out.Values, ReadValue{name.path, env.values[i], env.values[i].Unit})
	}
	for _, o := range e.operands {
		side := Value{Unit: UnitRatio, Number: Undefined()}
		if x, err := vm.Run(o.program, &readings{values: env.values}); err == nil {
			side.Number = number(x.(float64))
		}
		out.Values = append(out.Values, ReadValue{o.text, side, side.Unit})
	}
	truth, err := vm.Run(e.program, env)
	switch {
	case env.undefined || errors.Is(err, errUndefined):
		out.Outcome = NoSample
	case err != nil:
		out.Outcome, out.Error = Missed, problemOf(err).Message
	case truth == true:
		out.Outcome = Passed
	}
	return out
}
