package scenarios

import (
	"context"
	"fmt"
	"math"
	"testing"

	"chordsim/dht"
)

// libraryRuns runs a scenario of the library with other params and seeds. All
// that it expects has to hold; of fewer runs than those it is for, what it expects
// of each.
func libraryRuns(t *testing.T, name string, repeat int, set ...string) *Result {
	t.Helper()
	data, ok := Open(name)
	if !ok {
		t.Fatalf("no scenario is called %s", name)
	}
	sc, err := Parse(name+".yaml", data, Overrides{Set: set, Repeat: &repeat})
	if err != nil {
		t.Fatal(err)
	}
	r, err := Run(context.Background(), sc, RunOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range r.AllExpectations() {
		if e.Outcome != Passed && (e.Seed != nil || !testing.Short()) {
			t.Errorf("%s %v: %+v", name, set, e)
		}
	}
	return r
}

// seedsOr is a number of seeds, or fewer where time is short.
func seedsOr(all, few int) int {
	if testing.Short() {
		return few
	}
	return all
}

// Keys change hands and none is lost, with one copy of each: on a network that
// loses nothing, and on one that loses a message in a hundred.
func TestHandOverLosesNothing(t *testing.T) {
	for name, smaller := range map[string]string{"hand-over": "timeline[0].join.nodes=30", "mass-leave": "nodes=50"} {
		for _, loss := range []string{"0", "1%"} {
			t.Run(name+" "+loss, func(t *testing.T) {
				t.Parallel()
				seeds := seedsOr(200, 5)
				r := libraryRuns(t, name, seeds, smaller, "loss="+loss)
				handed := int64(0)
				for _, run := range r.Rows[0].Runs {
					end := run.Data[len(run.Data)-1]
					if end.Name != "end" || end.Keys < 450 || end.Readable != end.Keys || end.Lost != 0 || end.Unreadable != 0 || end.Resurrected != 0 {
						t.Errorf("seed %d: %+v", run.Seed, end)
					}
					for _, c := range run.Counted {
						if c.What == dht.CountHandedOver.String() {
							handed += c.Count
						}
					}
				}
				if handed < int64(200*seeds) {
					t.Errorf("only %d keys have changed hands in %d runs", handed, seeds)
				}
			})
		}
	}
}

// Under churn copies go with their nodes, and some keys with them; what has a
// copy is found when the ring is ideal and one repair period has passed.
func TestNothingUnreadableAfterChurn(t *testing.T) {
	t.Parallel()
	seeds := seedsOr(100, 3)
	lost, without := int64(0), int64(0)
	for _, run := range libraryRuns(t, "data-churn", seeds).Rows[0].Runs {
		end := run.Data[len(run.Data)-1]
		if end.Unreadable != 0 || end.Readable+end.Lost != end.Keys || end.Keys < 900 {
			t.Errorf("seed %d: %+v", run.Seed, end)
		}
		lost += end.Lost
		for _, o := range run.Operations {
			without += o.Unavailable
		}
	}
	if seeds == 100 && (lost == 0 || without == 0) {
		t.Errorf("%d keys were lost and %d reads found nothing: this churn is too mild to show anything", lost, without)
	}
}

// What a failure costs with k copies is p^k, to within four standard errors of the
// mean over the runs; and so is the next failure, after repair.
func TestCopiesCostAsExpected(t *testing.T) {
	const runs, p = 40, 0.3
	for k := 1; k <= 3; k++ {
		r := libraryRuns(t, "copies", runs, fmt.Sprintf("p=%g", p), fmt.Sprintf("k=%d", k), "nodes=200", "keys=200")
		want := math.Pow(p, float64(k))
		for _, name := range []string{"hit", "end"} {
			shares := make([]float64, 0, runs)
			for _, run := range r.Rows[0].Runs {
				for _, d := range run.Data {
					if d.Name == name {
						shares = append(shares, float64(d.NewlyLostShare))
						if math.Abs(float64(d.ExpectedLostShare)-want) > 1e-9 {
							t.Errorf("%d copies: %v expected, want %g", k, d.ExpectedLostShare, want)
						}
					}
				}
			}
			checkMean(t, fmt.Sprintf("%d copies, %s", k, name), shares, want)
		}
	}
}

// checkMean holds the mean of numbers to within four of its standard errors.
func checkMean(t *testing.T, what string, x []float64, want float64) {
	t.Helper()
	sum, squares := 0.0, 0.0
	for _, v := range x {
		sum += v
		squares += v * v
	}
	n := float64(len(x))
	mean := sum / n
	off := 4 * math.Sqrt((squares/n-mean*mean)/(n-1))
	if n < 2 || math.Abs(mean-want) > off || off > want {
		t.Errorf("%s: the mean of %d is %g ± %g, want %g", what, len(x), mean, off, want)
	}
}

// So it is for an exact number of nodes, and for neighbours.
func TestFailuresCostAsExpected(t *testing.T) {
	for _, failure := range []string{"fraction: 40%", "count: 16", "arc: 10", "arc: 40%"} {
		for k := 1; k <= 3; k++ {
			var shares []float64
			expected := 0.0
			for seed := range uint64(25) {
				tl := played(t, calm+fmt.Sprintf(`data: {replicas: %d, write_quorum: %[1]d}
timeline:
  - start: {nodes: 40}
  - put: {count: 100}
  - measure: {data: on}
  - fail: {%s}
  - measure: {data: on, as: hit}
`, k, failure), seed)
				d := dataOf(t, tl, "hit")
				shares = append(shares, float64(d.NewlyLostShare))
				expected = float64(d.ExpectedLostShare)
			}
			checkMean(t, fmt.Sprintf("%d copies, %s", k, failure), shares, expected)
		}
	}
}
