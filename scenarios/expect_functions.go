package scenarios

import (
	"fmt"
	"math"
	"time"

	"github.com/expr-lang/expr"
)

// expectBuiltins are the functions of expr-lang that an expectation may call;
// the rest of them, the wall clock among them, has no business there.
var expectBuiltins = []string{"abs", "ceil", "floor", "round", "min", "max"}

// expectFunctions are the functions of ours. Times are in seconds throughout.
//
//	duration("20m")         seconds of a Go duration: 1200
//	sqrt(x) pow(x, y) log2(x)
//	within(x, low, high)    low <= x <= high
//	near(x, y, tolerance)   |x - y| <= tolerance * |y|
//	share_low(k, n)         bounds of Wilson's 95 % interval for a share of
//	share_high(k, n)        k in n runs
//	halfwidth(ci95, n, level)  half-width of a mean's interval over n runs at
//	                        another level, such as 0.998, from that at 95 %
//	gamma_low(mean, ci95, n, level, one)   bounds of the gamma interval of a mean
//	gamma_high(mean, ci95, n, level, one)  over n runs that rare events add up to
//	poisson(count, mean)    p-value of a count under a mean: the probability of
//	                        one at least as far out, on both sides
var expectFunctions = []struct {
	name string
	call func(args ...any) (any, error)
	form any // a pointer to a func of the type it is checked as
}{
	{"duration", durationSeconds, new(func(string) float64)},
	{"sqrt", numeric(func(x ...float64) any { return math.Sqrt(x[0]) }), new(func(float64) float64)},
	{"pow", numeric(func(x ...float64) any { return math.Pow(x[0], x[1]) }), new(func(float64, float64) float64)},
	{"log2", numeric(func(x ...float64) any { return math.Log2(x[0]) }), new(func(float64) float64)},
	{"within", numeric(func(x ...float64) any { return x[1] <= x[0] && x[0] <= x[2] }), new(func(float64, float64, float64) bool)},
	{"near", numeric(func(x ...float64) any { return math.Abs(x[0]-x[1]) <= x[2]*math.Abs(x[1]) }), new(func(float64, float64, float64) bool)},
	{"share_low", numeric(func(x ...float64) any { return shareBound(x[0], x[1], false) }), new(func(float64, float64) float64)},
	{"share_high", numeric(func(x ...float64) any { return shareBound(x[0], x[1], true) }), new(func(float64, float64) float64)},
	{"halfwidth", numeric(func(x ...float64) any { return halfwidth(x[0], x[1], x[2]) }), new(func(float64, float64, float64) float64)},
	{"gamma_low", numeric(func(x ...float64) any { return gammaBound(x[0], x[1], x[2], x[3], x[4], false) }), new(ofFive)},
	{"gamma_high", numeric(func(x ...float64) any { return gammaBound(x[0], x[1], x[2], x[3], x[4], true) }), new(ofFive)},
	{"poisson", numeric(func(x ...float64) any { return poissonValue(x[0], x[1]) }), new(func(float64, float64) float64)},
}

type ofFive func(mean, ci95, n, level, one float64) float64

func durationSeconds(args ...any) (any, error) {
	d, err := time.ParseDuration(args[0].(string))
	if err != nil {
		return nil, fmt.Errorf("%q is no duration; write it as in 90s, 1h30m", args[0])
	}
	return d.Seconds(), nil
}

// numeric turns a function of floats into one of expr-lang, whose whole
// numbers are int. What it returns may be an error.
func numeric(f func(x ...float64) any) func(...any) (any, error) {
	return func(args ...any) (any, error) {
		x := make([]float64, len(args))
		for i, a := range args {
			switch a := a.(type) {
			case float64:
				x[i] = a
			case int:
				x[i] = float64(a)
			default:
				return nil, fmt.Errorf("%v is no number", a)
			}
		}
		value := f(x...)
		if err, ok := value.(error); ok {
			return nil, err
		}
		if v, ok := value.(float64); ok && (math.IsInf(v, 0) || math.IsNaN(v)) {
			return nil, errUndefined
		}
		return value, nil
	}
}

// quotientOf divides. Of nothing there is no share: a division by 0 is as
// undefined as a number without a sample, and never infinitely large.
var quotientOf = numeric(func(x ...float64) any { return x[0] / x[1] })

// languageOptions are what expectations and formulas of params have in common:
// how long they may be, and which functions of expr-lang they may call.
func languageOptions() []expr.Option {
	options := []expr.Option{expr.DisableAllBuiltins(), expr.MaxNodes(maxExpectNodes)}
	for _, name := range expectBuiltins {
		options = append(options, expr.EnableBuiltin(name))
	}
	return options
}

// expectOptions are the options that every expectation is compiled with.
func expectOptions() []expr.Option {
	options := append(languageOptions(), expr.Env(new(readings)))
	for _, f := range expectFunctions {
		options = append(options, expr.Function(f.name, f.call, f.form))
	}
	options = append(options,
		expr.Function("quotient", quotientOf, new(func(float64, float64) float64), new(func(int, int) float64),
			new(func(float64, int) float64), new(func(int, float64) float64)),
		expr.Operator("/", "quotient"))
	return options
}

// functionNames lists what an expectation may call.
func functionNames() []string {
	names := append([]string(nil), expectBuiltins...)
	for _, f := range expectFunctions {
		names = append(names, f.name)
	}
	return names
}
