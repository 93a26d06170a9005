package scenarios

import (
	"encoding/json"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestNearestRank(t *testing.T) {
	for _, c := range []struct {
		percent int
		n, want int64
	}{
		{0, 7, 0}, {1, 100, 0}, {1, 101, 1}, {50, 1, 0}, {50, 4, 1}, {50, 5, 2},
		{90, 10, 8}, {99, 100, 98}, {99, 101, 99}, {100, 7, 6}, {99, 1 << 62, 4565569158243114024},
	} {
		if got := rank(c.percent, c.n); got != c.want {
			t.Errorf("rank(%d, %d) = %d, want %d", c.percent, c.n, got, c.want)
		}
	}
}

func near9(t *testing.T, what string, got Number, want float64) {
	t.Helper()
	if math.IsNaN(want) != !got.Defined() || math.Abs(float64(got)-want) > 1e-6*math.Max(1, math.Abs(want)) {
		t.Errorf("%s = %v, want %v", what, got, want)
	}
}

// The quantiles are those of printed tables.
func TestStudent95(t *testing.T) {
	for freedom, want := range map[int]float64{1: 12.706205, 2: 4.302653, 3: 3.182446, 9: 2.262157, 199: 1.971957} {
		near9(t, "quantile", Number(student95(freedom)), want)
	}
}

func TestIntervalOf(t *testing.T) {
	// Mean 2.5, variance 5/3, error of the mean 0.6454972, times 3.182446.
	i := intervalOf([]Number{4, Undefined(), 1, 3, 2})
	near9(t, "mean", i.Mean, 2.5)
	near9(t, "ci95", i.CI95, 2.05426)
	near9(t, "min", i.Min, 1)
	near9(t, "max", i.Max, 4)
	if i.N != 4 {
		t.Errorf("n = %d, want 4", i.N)
	}
	one := intervalOf([]Number{7})
	near9(t, "mean of one", one.Mean, 7)
	near9(t, "ci95 of one", one.CI95, math.NaN())
	none := intervalOf([]Number{Undefined()})
	near9(t, "mean of none", none.Mean, math.NaN())
}

func TestWilson(t *testing.T) {
	for _, c := range []struct {
		k, n      int64
		low, high float64
	}{
		{1, 10, 0.017876, 0.404150},     // published: 0.0179 to 0.4042
		{0, 200, 0, 0.01884532},         // z²/(n+z²)
		{200, 200, 1 - 0.01884532, 1},   // its mirror image
		{50, 100, 0.4038315, 0.5961685}, // symmetric around a half
		{0, 0, math.NaN(), math.NaN()},
	} {
		low, high := wilson95(c.k, c.n)
		near9(t, "low", low, c.low)
		near9(t, "high", high, c.high)
	}
}

func TestShareOfHasStudentsIntervalOfTheIndicators(t *testing.T) {
	s := shareOf(3, 4)
	want := intervalOf([]Number{1, 1, 0, 1})
	near9(t, "share", s.Share, 0.75)
	near9(t, "ci95", s.CI95, float64(want.CI95))
}

func TestGini(t *testing.T) {
	for _, c := range []struct {
		keys []int64
		want float64
	}{
		{[]int64{5, 5, 5}, 0},
		{[]int64{0, 0, 0, 4}, 0.75},    // one holds everything: (n-1)/n
		{[]int64{4, 3, 2, 1}, 0.25},    // 2·30/(4·10) − 5/4
		{[]int64{0, 0}, math.NaN()},    // nothing to share
		{[]int64{}, math.NaN()},        // nobody to share
		{[]int64{1, 1, 2, 2}, 1.0 / 6}, // 2·17/(4·6) − 5/4
	} {
		near9(t, "gini", gini(histogramOf(c.keys)), c.want)
	}
}

func TestWideSumBeyond64Bits(t *testing.T) {
	var s, part wideSum
	for range 6 {
		s.add(math.MaxInt64)
	}
	for range 3 {
		part.add(math.MaxInt64)
	}
	part.merge(part)
	if part != s {
		t.Errorf("merged %v, added %v", part, s)
	}
	near9(t, "mean", number(s.over(6)/math.MaxInt64), 1)
	near9(t, "sum", number(s.over(1)/math.MaxInt64), 6)
	near9(t, "of none", number(s.over(0)), math.NaN())
}

func TestNumberIsRoundedOnce(t *testing.T) {
	for x, want := range map[float64]string{
		1.0 / 3: "0.333333333", 2e9 / 3: "666666667", 1e-12 / 7: "1.42857143e-13",
		math.Copysign(0, -1): "0", math.Inf(1): "undefined", math.NaN(): "undefined", 42: "42", 1e20: "100000000000000000000",
	} {
		if got := number(x).String(); got != want {
			t.Errorf("number(%v) = %s, want %s", x, got, want)
		}
	}
}

func TestNumberInJSON(t *testing.T) {
	data, err := json.Marshal([]Number{1.5, Undefined(), number(1e21)})
	if err != nil || string(data) != "[1.5,null,1e+21]" {
		t.Fatalf("%s, %v", data, err)
	}
	var back []Number
	if err := json.Unmarshal(data, &back); err != nil || back[0] != 1.5 || back[1].Defined() || back[2] != 1e21 {
		t.Errorf("%v, %v", back, err)
	}
}

// Percentiles and means of chunked samples agree with a plain sorted slice,
// however the samples were split among tallies.
func TestSamplesAgreeWithASlice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(rapid.Int64Range(0, 1<<40), 1, 2000).Draw(t, "samples")
		cut := rapid.IntRange(0, len(all)).Draw(t, "cut")
		var whole, a, b samples[int64]
		var ppm, ppmA, ppmB ppmSamples
		for i, x := range all {
			whole.add(x)
			ppm.add(x)
			if i < cut {
				a.add(x)
				ppmA.add(x)
			} else {
				b.add(x)
				ppmB.add(x)
			}
		}
		b.merge(&a)
		ppmB.merge(&ppmA)
		want := slices.Sorted(slices.Values(all))
		if !slices.Equal(whole.sort(), want) || !slices.Equal(b.sort(), want) {
			t.Fatal("not the sorted samples")
		}
		for i, x := range want {
			if ppm.at(int64(i)) != x || ppmB.at(int64(i)) != x {
				t.Fatalf("sample %d is %d and %d, want %d", i, ppm.at(int64(i)), ppmB.at(int64(i)), x)
			}
		}
		if ppm.sum != ppmB.sum {
			t.Fatal("the sums differ")
		}
	})
}

func TestHistogramsAgreeWithASlice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOf(rapid.Int64Range(0, 9))
		a, b := values.Draw(t, "a"), values.Draw(t, "b")
		all := slices.Sorted(slices.Values(slices.Concat(a, b)))
		merged := mergeHistograms(histogramOf(a), histogramOf(b))
		n, sum := merged.totals()
		if n != int64(len(all)) {
			t.Fatalf("%d samples, want %d", n, len(all))
		}
		var total int64
		for i, x := range all {
			total += x
			if got := merged.at(int64(i)); got != x {
				t.Fatalf("sample %d is %d, want %d", i, got, x)
			}
		}
		if sum.lo != uint64(total) {
			t.Fatalf("sum %d, want %d", sum.lo, total)
		}
	})
}

func TestScalar(t *testing.T) {
	for text, want := range map[Scalar]float64{"0.5": 0.5, "50%": 0.5, "1e4": 10000, "-3": -3} {
		if got, ok := text.Number(); !ok || got != want {
			t.Errorf("%s is %v, %v; want %v", text, got, ok, want)
		}
	}
	for _, text := range []Scalar{"", "30s", "inf", "0x10", "1_000", "nan", "ideal", "%"} {
		if got, ok := text.Number(); ok {
			t.Errorf("%q is read as %v", text, got)
		}
	}
	params := []Scalar{"0.30", "50%", "30s", "010", "\"x\""}
	data, err := json.Marshal(params)
	if err != nil || string(data) != `[0.30,"50%","30s","010","\"x\""]` {
		t.Fatalf("%s, %v", data, err)
	}
	var back []Scalar
	if err := json.Unmarshal(data, &back); err != nil || !slices.Equal(back, params) {
		t.Errorf("%v, %v", back, err)
	}
}
