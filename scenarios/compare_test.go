package scenarios

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"chordsim/sim"
)

func numbers(values ...float64) []Number {
	out := make([]Number, len(values))
	for i, v := range values {
		out[i] = Number(v)
	}
	return out
}

func TestComparisonIsJudged(t *testing.T) {
	five := numbers(1, 2, 3, 4, 5) // mean 3, s² 2.5, t 2.776445
	threePercent := Tolerance{Size: Fraction{Decimal{3, 2}}, Relative: true}
	oneInSeven := numbers(slices.Concat(slices.Repeat([]float64{2}, 43), slices.Repeat([]float64{3}, 7))...)
	for _, c := range []struct {
		what      string
		reference Reference
		values    []Number
		low, high float64
		want      string
	}{
		{"one experiment", Reference{Published: 7.8, Runs: 1}, five, -1.808940, 7.808940, AgreesInside},
		{"beyond it", Reference{Published: 7.9, Runs: 1}, five, -1.808940, 7.808940, Differs},
		{"the mean of five", Reference{Published: 5.7, Runs: 5}, five, 0.2235540, 5.776446, AgreesInside},
		{"beyond it, but near", Reference{Published: 3.4, Runs: 5, Tolerance: Tolerance{Absolute: Decimal{4, 1}}}, numbers(3, 3, 3), 3, 3, AgreesNear},
		{"a little beyond that", Reference{Published: 3.4, Runs: 5, Tolerance: Tolerance{Absolute: Decimal{39, 100}}}, numbers(3, 3, 3), 3, 3, Differs},
		{"near by a share of what was published", Reference{Published: -4, Runs: 1, Tolerance: Tolerance{Size: Fraction{Decimal{1, 10}}, Relative: true}}, numbers(-4.4, -4.4), -4.4, -4.4, AgreesNear},
		{"in the published interval", Reference{Published: 9, Judge: JudgeInside, Low: 2, High: 3.5}, five, 2, 3.5, AgreesInside},
		{"not in it, as far as five runs can say", Reference{Published: 3.5, Judge: JudgeInside, Low: 3.1, High: 3.5}, five, 3.1, 3.5, AgreesNear},
		{"not in it by more than our own interval", Reference{Published: 5.5, Judge: JudgeInside, Low: 5, High: 6}, five, 5, 6, Differs}, // 3 ± 1.96
		{"not in it, a run alone", Reference{Published: 5, Judge: JudgeInside, Low: 4, High: 6}, numbers(3), 4, 6, Differs},
		// Of as many tosses of a coin as there are counts: 5 of 5 are expected once in 32 times, 6 of 6 in 64.
		{"only shown", Reference{Published: 9, Judge: JudgeNone, Low: 3.1, High: 3.5}, five, 3.1, 3.5, Shown},
		{"none, counted once", Reference{Published: 5, Runs: 1, Judge: JudgePoisson}, numbers(0), 0, 5, AgreesInside},
		{"more than that", Reference{Published: 6, Runs: 1, Judge: JudgePoisson}, numbers(0), 0, 5, Differs},
		// 20 in ten runs: an eleventh has 0 to 6, by sums of the binomial probabilities.
		{"two a run", Reference{Published: 6, Runs: 1, Judge: JudgePoisson}, numbers(1, 3, 2, 2, 2, 2, 2, 2, 2, 2), 0, 6, AgreesInside},
		{"no count", Reference{Published: 2, Runs: 1, Judge: JudgePoisson}, numbers(1, 2.5), 0, 0, NotMeasured},
		// Whole numbers, mean 2.14, s 0.35051, t 2.00958: what 7 of 50 runs give is not ruled out, though Student's interval ends at 2.8514.
		{"what one in seven gives", Reference{Published: 3, Runs: 1}, oneInSeven, 1.428615, 3, AgreesInside},
		{"the mean of many such", Reference{Published: 3, Runs: 50}, oneInSeven, 1.999125, 2.280875, Differs},
		{"what none gives", Reference{Published: 1, Runs: 1}, oneInSeven, 1.428615, 3, Differs},
		{"the tolerance itself", Reference{Published: 0.09, Runs: 1, Tolerance: threePercent}, numbers(0.0927, 0.0927), 0.0927, 0.0927, AgreesNear},
		{"one run says little", Reference{Published: 3.1, Runs: 1}, numbers(3), math.NaN(), math.NaN(), Differs},
		{"nothing was measured", Reference{Published: 3, Runs: 1}, []Number{Undefined()}, math.NaN(), math.NaN(), NotMeasured},
	} {
		if c.reference.Judge == "" {
			c.reference.Judge, c.reference.Low, c.reference.High = JudgePrediction, Undefined(), Undefined()
		}
		got := c.reference.compare(c.values)
		same := func(a Number, b float64) bool {
			return !a.Defined() && math.IsNaN(b) || math.Abs(float64(a)-b) < 1e-5
		}
		if got.Verdict != c.want || !same(got.Low, c.low) || !same(got.High, c.high) {
			t.Errorf("%s: %s in %v to %v, want %s in %v to %v", c.what, got.Verdict, got.Low, got.High, c.want, c.low, c.high)
		}
	}
}

// The prediction interval holds an experiment more in 95 % of all cases, after few
// runs as after many.
func TestPredictionHoldsOneMore(t *testing.T) {
	const samples = 4000
	rng := sim.NewRand(sim.NewStream(1, 2, 4))
	draw := func() float64 { // nearly normal
		sum := 0.0
		for range 12 {
			sum += rng.Float01()
		}
		return 10 + sum
	}
	for _, n := range []int{3, 10, 100} {
		held := 0
		for range samples {
			values := make([]Number, n)
			for i := range values {
				values[i] = Number(draw())
			}
			r := Reference{Published: draw(), Runs: 1, Judge: JudgePrediction}
			if c := r.compare(values); c.Verdict == AgreesInside {
				held++
			}
		}
		// Four standard deviations below. Above, the distribution-free interval adds up to 2 %.
		if share := float64(held) / samples; share < 0.935 || share > 0.975 {
			t.Errorf("after %d runs the interval holds one more in %.2f %% of the cases, want 95 %% to 97 %%", n, 100*share)
		}
	}
}

// comparable is a scenario whose rows need different numbers of runs.
const comparable = `name: compared
repeat: {until: 15%, at_most: 9, at_least: 2}
params: {keys: 100}
vary: {keys: [200, 2000, 20000]}
timeline:
  - start: {nodes: 100}
  - measure: {load: {keys: "${keys}"}, as: placed}
reference:
  - metric: load.placed.p99
    against: keys
    published: {200: 9, 2000: 90, 20000: 900}
    tolerance: 10%
  - metric: load.placed.mean
    where: {keys: 200}
    published: 2
`

func TestRunsEndWhenIntervalsAreNarrow(t *testing.T) {
	sc, err := Parse("compared.yaml", []byte(comparable), Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	var first []Comparison
	for jobs := 1; jobs <= 3; jobs++ {
		result, err := Run(t.Context(), sc, RunOptions{Jobs: jobs})
		if err != nil {
			t.Fatal(err)
		}
		for i, row := range result.Rows {
			c := result.Comparisons[0]
			for _, other := range result.Comparisons {
				if other.Row == i {
					c = other
					break
				}
			}
			n := len(row.Runs)
			if c.Ours.N != n || row.Enough != (n < 9) {
				t.Errorf("row %d has %d runs, its comparison %d, enough: %v", i, n, c.Ours.N, row.Enough)
			}
			if narrow := float64(c.Ours.CI95) <= 0.15*float64(c.Ours.Mean); narrow != row.Enough && n < 9 {
				t.Errorf("row %d ends after %d runs with %v ± %v", i, n, c.Ours.Mean, c.Ours.CI95)
			}
		}
		if len(result.Comparisons) != 4 {
			t.Errorf("%d comparisons, want 4", len(result.Comparisons))
		}
		compared, err := Compare(t.Context(), sc, CompareOptions{RunOptions: RunOptions{Jobs: jobs}, Found: func(int, uint64, []Number) error { return nil }})
		if err != nil {
			t.Fatal(err)
		}
		if jobs == 1 {
			first = result.Comparisons
		}
		for _, got := range [][]Comparison{result.Comparisons, compared.Comparisons} {
			if !reflect.DeepEqual(printed(got), printed(first)) {
				t.Errorf("with %d jobs the comparisons are %v, want %v", jobs, printed(got), printed(first))
			}
		}
	}
	counts := map[int]bool{}
	for _, c := range first {
		counts[c.Ours.N] = true
	}
	if len(counts) < 2 {
		t.Errorf("all rows have the same number of runs: is this a test?")
	}
}

// printed makes comparisons comparable, with undefined numbers in them.
func printed(list []Comparison) []string {
	var out []string
	for _, c := range list {
		var cells []string
		for _, cell := range c.cells() {
			cells = append(cells, cell.Value.Exact())
		}
		out = append(out, strings.Join(cells, " "))
	}
	return out
}

// A published number that is off makes the run miss an expectation.
func TestPublishedNumberThatIsOffIsAFailure(t *testing.T) {
	for text, want := range map[string]int{comparable: 0, strings.Replace(comparable, "20000: 900", "20000: 1500", 1): 1} {
		sc, err := Parse("compared.yaml", []byte(text), Overrides{})
		if err != nil {
			t.Fatal(err)
		}
		result, err := Run(t.Context(), sc, RunOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if got := result.Failures(); len(got) != want {
			t.Errorf("%d failures, want %d: %v", len(got), want, got)
		}
	}
}

// What is kept is not run again, and nothing else is taken for it.
func TestComparisonGoesOnWhereItWas(t *testing.T) {
	stem := filepath.Join(t.TempDir(), "kept", "compared")
	sc, err := Parse("compared.yaml", []byte(comparable), Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	compare := func(program string, most int) (found int, list []Comparison) {
		t.Helper()
		kept, err := OpenKept(stem, program, sc)
		if err != nil {
			t.Fatal(err)
		}
		defer kept.Close()
		ctx, cancel := context.WithCancel(t.Context())
		compared, err := Compare(ctx, sc, CompareOptions{
			RunOptions: RunOptions{Jobs: 1},
			Known:      func(row int, seed uint64) []Number { return kept.Find(sc.Rows()[row].Labels, seed) },
			Found: func(row int, seed uint64, numbers []Number) error {
				if found++; found == most {
					cancel()
				}
				return kept.Add(sc.Rows()[row].Labels, seed, numbers)
			},
		})
		if (err != nil) != (most > 0) {
			t.Fatalf("the comparison ended with %v", err)
		}
		return found, compared.Comparisons
	}
	interrupted, _ := compare("a", 4)
	files, err := filepath.Glob(stem + "-*.jsonl")
	if err != nil || len(files) != 1 {
		t.Fatalf("runs are kept in %v (%v)", files, err)
	}
	half, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(files[0], append(half, `{"run":"keys=2000,see`...), 0o666); err != nil {
		t.Fatal(err)
	}
	rest, list := compare("a", 0)
	again, same := compare("a", 0)
	other, last := compare("b", 0)
	if still, _ := compare("a", 0); still != 0 {
		t.Errorf("another program's runs have cost %d of this one's", still)
	}
	if interrupted != 4 || again != 0 || rest == 0 || rest+interrupted != other {
		t.Errorf("%d runs, then %d, %d and with another program %d; want 4, the rest, none, all", interrupted, rest, again, other)
	}
	for _, got := range [][]Comparison{same, last} {
		if !reflect.DeepEqual(printed(list), printed(got)) {
			t.Errorf("%v, then %v", printed(list), printed(got))
		}
	}
}
