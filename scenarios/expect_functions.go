package scenarios

import (
	"fmt"
	"math"
	"time"

	"github.com/expr-lang/expr"
	"gonum.org/v1/gonum/stat/distuv"
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
	{"poisson", numeric(func(x ...float64) any { return poissonValue(x[0], x[1]) }), new(func(float64, float64) float64)},
}

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

func shareBound(k, n float64, upper bool) float64 {
	low, high := wilson95(int64(k), int64(n))
	if upper {
		return float64(high)
	}
	return float64(low)
}

// halfwidth returns the half-width of Student's interval at a level, a share from 0
// to 1, from that at 95 % over n runs.
func halfwidth(ci95, n, level float64) any {
	switch {
	case n != math.Trunc(n) || n < 2 || n > math.MaxInt32:
		return fmt.Errorf("halfwidth: %v runs have no interval; give the runs as a whole number of 2 or more", n)
	case !(0 < level && level < 1):
		return fmt.Errorf("halfwidth: a level of %v is not between 0 and 1; write 0.998 for 99.8 %%", level)
	}
	freedom := int(n) - 1
	return ci95 * sevenDigits(student(freedom, level)/student95(freedom))
}

// poissonValue returns the exact two-sided p-value of a count where so many are
// expected: twice the probability of the nearer tail, the count itself included, and
// at most 1.
func poissonValue(count, mean float64) any {
	switch {
	case count != math.Trunc(count) || count < 0 || count > 1<<53:
		return fmt.Errorf("poisson: %v is no count", count)
	case !(mean >= 0) || mean > 1<<53:
		return fmt.Errorf("poisson: a mean of %v is not 0 or more", mean)
	case mean == 0 && count == 0:
		return 1.0
	case mean == 0:
		return 0.0 // what cannot happen has happened
	}
	p := distuv.Poisson{Lambda: mean}
	atMost, atLeast := p.CDF(count), 1.0
	if count > 0 {
		atLeast = 1 - p.CDF(count-1)
	}
	// Nine places, for the last bits differ between architectures.
	return min(1, math.Round(float64(2e9*max(0, min(atMost, atLeast))))/1e9)
}

// expectOptions are the options that every expectation is compiled with.
func expectOptions() []expr.Option {
	options := []expr.Option{expr.Env(new(readings)), expr.DisableAllBuiltins(), expr.MaxNodes(maxExpectNodes)}
	for _, name := range expectBuiltins {
		options = append(options, expr.EnableBuiltin(name))
	}
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
