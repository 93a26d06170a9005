package scenarios

import (
	"math"
	"testing"

	"chordsim/sim"

	"gonum.org/v1/gonum/stat/distuv"
)

// known is the half-width from which a gamma interval over n runs takes this variance
// of the mean as if it were known.
func known(variance float64, n int, level float64) float64 {
	normal := distuv.UnitNormal.Quantile(0.5 + level/2)
	return math.Sqrt(variance) * normal / student(n-1, level) * student95(n-1)
}

// Intervals at other levels and p-values of counts, against published tables and sums
// of the probabilities.
func TestStatisticsOfExpectations(t *testing.T) {
	for _, c := range []struct {
		what      string
		got, want any
	}{
		// Student's t at 99.8 % over that at 95 %: one and two degrees of freedom have closed
		// forms, 318.308839 : 12.706205 and 22.327125 : 4.302653; nine 4.296806 : 2.262157.
		{"two runs", halfwidth(1, 2, 0.998), 25.05145},
		{"three runs", halfwidth(1, 3, 0.998), 5.189153},
		{"ten runs", halfwidth(0.5, 10, 0.998), 1.8994287 / 2},
		{"the same level", halfwidth(0.25, 10, 0.95), 0.25},
		// With events that come singly, half of chi-squared's quantiles (Garwood 1936): for
		// five at 95 % 1.6235 and 11.6683, for none 3.6889. A spread of the very variance
		// of a Poisson count of 5 in 100 runs, had it been known.
		{"none, low", gammaBound(0, 0, 100, 0.95, 0.01, false), 0.},
		{"none, high", gammaBound(0, 0, 100, 0.95, 0.01, true), 0.036888794},
		{"five, low", gammaBound(5, known(5, 100, 0.95), 100, 0.95, 1, false), 1.6234864},
		{"five, high", gammaBound(5, known(5, 100, 0.95), 100, 0.95, 1, true), 11.668332},
		// Two together are one event of double weight.
		{"five pairs, low", gammaBound(10, known(20, 100, 0.95), 100, 0.95, 1, false), 2 * 1.6234864},
		{"five pairs, high", gammaBound(10, known(20, 100, 0.95), 100, 0.95, 1, true), 2 * 11.668332},
		// With many it is Student's, 99.8 % of 100 runs: 3.1746 for the normal 3.0902.
		{"many, low", gammaBound(1e8, 1e4, 100, 0.998, 1, false), 1e8 - 1e4*3.17460/1.98422},
		{"many, high", gammaBound(1e8, 1e4, 100, 0.998, 1, true), 1e8 + 1e4*3.17460/1.98422},
		{"no spread", gammaBound(7, 0, 10, 0.95, 1, false), 7.},
		// Four events, whose spread came out at half of that: above, one counts whole.
		{"evenly spread, high", gammaBound(4, known(2, 100, 0.95), 100, 0.95, 1, true), 8.923094},
		{"nothing of three", poissonValue(0, 3), 0.099574137},
		{"nine of three", poissonValue(9, 3), 0.007605984},
		{"three of three", poissonValue(3, 3), 1.},
		{"two of a half", poissonValue(2, 0.5), 0.180408021},
		{"a hundred of eighty", poissonValue(100, 80), 0.034216626},
		{"one of twenty", poissonValue(1, 20), 0.000000087},
		{"none of none", poissonValue(0, 0), 1.},
		{"one of none", poissonValue(1, 0), 0.},
	} {
		got, ok := c.got.(float64)
		if want := c.want.(float64); !ok || !(math.Abs(got-want) <= 1e-6*want) {
			t.Errorf("%s: %v, want %v", c.what, c.got, c.want)
		}
	}
	for want, got := range map[string]any{
		"halfwidth: 1 runs have no interval; give the runs as a whole number of 2 or more":                       halfwidth(1, 1, 0.9),
		"halfwidth: 2.5 runs have no interval; give the runs as a whole number of 2 or more":                     halfwidth(1, 2.5, 0.9),
		"halfwidth: a level of 1 is not between 0 and 1; write 0.998 for 99.8 %":                                 halfwidth(1, 2, 1),
		"gamma_low: 1 runs have no interval; give the runs as a whole number of 2 or more":                       gammaBound(1, 1, 1, 0.9, 1, false),
		"gamma_high: a level of 0 is not between 0 and 1; write 0.998 for 99.8 %":                                gammaBound(1, 1, 2, 0, 1, true),
		"gamma_high: a mean of -1 with a half-width of 1 is none of events that are counted; both are 0 or more": gammaBound(-1, 1, 10, 0.9, 1, true),
		"gamma_high: 9 runs say too little about how events come together; give 10 or more":                      gammaBound(1, 1, 9, 0.9, 1, true),
		"gamma_low: an event that adds 0 to the mean is none; give what one adds, such as 1 / all.runs":          gammaBound(1, 1, 10, 0.9, 0, false),
		"poisson: 1.5 is no count":               poissonValue(1.5, 1),
		"poisson: -1 is no count":                poissonValue(-1, 1),
		"poisson: a mean of -2 is not 0 or more": poissonValue(1, -2),
	} {
		if err, ok := got.(error); !ok || err.Error() != want {
			t.Errorf("%v, want %s", got, want)
		}
	}
}

// What floats cannot hold is undefined, and the search for it ends.
func TestGammaIntervalEnds(t *testing.T) {
	for _, x := range []any{
		gammaBound(1, 1, 100, 0.9, 1e200, true), gammaBound(1, 1, 100, 0.9999999999999999, 1, false),
	} {
		if v, ok := x.(float64); !ok || !math.IsNaN(v) {
			t.Errorf("%v is given, want nothing", x)
		}
	}
}

// Of 2500 samples of 100 runs the interval at 99.8 % misses what is expected about
// five times, be it 4 losses or 400, one by one or some of them together; Student's
// misses many times more where few are expected.
func TestGammaIntervalKeepsItsLevel(t *testing.T) {
	const runs, level = 100, 0.998
	samples, most := 2500, 14 // a Poisson count of mean 5 is above that once in 4,000
	if testing.Short() {
		samples, most = 500, 6 // one of mean 1 once in 12,000
	}
	rng := sim.NewRand(sim.NewStream(1, 2, 3))
	poisson := func(mean float64) float64 {
		n := 0.0
		for at := -math.Log(1 - rng.Float01()); at < mean; at -= math.Log(1 - rng.Float01()) {
			n++
		}
		return n
	}
	all, students := 0, 0
	for _, events := range []float64{4, 12, 50, 400} {
		for _, pairs := range []float64{0, 0.3} { // this share of the events is two losses at once
			expected := events * (1 + pairs) / runs
			missed, student := 0, 0
			for range samples {
				values := make([]Number, runs)
				for i := range values {
					values[i] = Number(poisson(events*(1-pairs)/runs) + 2*poisson(events*pairs/runs))
				}
				x := intervalOf(values)
				bound := func(upper bool) float64 {
					return gammaBound(float64(x.Mean), float64(x.CI95), runs, level, 1./runs, upper).(float64)
				}
				if expected < bound(false) || bound(true) < expected {
					missed++
				}
				if math.Abs(float64(x.Mean)-expected) > halfwidth(float64(x.CI95), runs, level).(float64) {
					student++
				}
			}
			if missed > most {
				t.Errorf("%v events, a share of %v pairs: the interval at 99.8 %% misses %d of %d times, want about %d and at most %d", events, pairs, missed, samples, samples/500, most)
			}
			t.Logf("%v events, a share of %v pairs: of %d intervals at 99.8 %% the gamma interval misses %d, Student's %d", events, pairs, samples, missed, student)
			all, students = all+missed, students+student
		}
	}
	if all == 0 || students < 5*all {
		t.Errorf("the gamma interval misses %d times and Student's %d: want some, and many more; is this a test?", all, students)
	}
}
