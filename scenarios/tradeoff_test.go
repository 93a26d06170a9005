package scenarios

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// pointsOf makes a tradeoff of costs and performances.
func pointsOf(pairs ...[2]float64) *Tradeoff {
	t := &Tradeoff{}
	for i, p := range pairs {
		t.Points = append(t.Points, TradeoffPoint{Row: i, Cost: Interval{Mean: number(p[0])}, Performance: Interval{Mean: number(p[1])}})
	}
	return t
}

func (t *Tradeoff) hullRows() []int {
	var rows []int
	for _, p := range t.HullPoints() {
		rows = append(rows, p.Row)
	}
	return rows
}

func TestHull(t *testing.T) {
	nan := float64(Undefined())
	for _, c := range []struct {
		name   string
		points [][2]float64
		want   []int
	}{
		{"a corner", [][2]float64{{3, 1}, {1, 3}, {1.5, 1.5}, {3, 3}}, []int{1, 2, 0}},
		{"above the line", [][2]float64{{1, 3}, {2, 2.5}, {3, 1}}, []int{0, 2}},
		{"on the line", [][2]float64{{1, 3}, {2, 2}, {3, 1}}, []int{0, 2}},
		{"dearer and no better", [][2]float64{{1, 3}, {2, 1}, {3, 1}, {4, 2}}, []int{0, 1}},
		{"equal costs", [][2]float64{{1, 3}, {1, 2}, {2, 1}}, []int{1, 2}},
		{"without a number", [][2]float64{{1, nan}, {2, 2}, {3, 1}}, []int{1, 2}},
		{"one", [][2]float64{{1, 1}}, []int{0}},
		{"none", nil, nil},
	} {
		tradeoff := pointsOf(c.points...)
		tradeoff.markHull()
		if got := tradeoff.hullRows(); !slices.Equal(got, c.want) {
			t.Errorf("%s: rows %v are on the hull, want %v", c.name, got, c.want)
		}
	}
}

// A row is on the hull exactly if some price of cost makes it the only best one:
// tried with the prices at which two rows tie, and those between them.
func TestHullIsWhatSomePriceChooses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 8).Draw(t, "n")
		var pairs [][2]float64
		for range n {
			p := [2]float64{float64(rapid.IntRange(0, 9).Draw(t, "cost")), float64(rapid.IntRange(0, 9).Draw(t, "performance"))}
			if !slices.Contains(pairs, p) {
				pairs = append(pairs, p)
			}
		}
		var prices []float64
		for _, p := range pairs {
			for _, q := range pairs {
				if p[0] < q[0] && p[1] > q[1] {
					prices = append(prices, (p[1]-q[1])/(q[0]-p[0]))
				}
			}
		}
		slices.Sort(prices)
		prices = slices.Compact(prices)
		between := []float64{1e-6, 1e6}
		for i := 1; i < len(prices); i++ {
			between = append(between, (prices[i-1]+prices[i])/2)
		}
		var want []int
		for _, price := range between {
			best := 0
			for i, p := range pairs {
				if p[1]+price*p[0] < pairs[best][1]+price*pairs[best][0] {
					best = i
				}
			}
			if !slices.Contains(want, best) {
				want = append(want, best)
			}
		}
		tradeoff := pointsOf(pairs...)
		tradeoff.markHull()
		got := tradeoff.hullRows()
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Fatalf("of %v rows %v are on the hull; prices choose %v", pairs, got, want)
		}
	})
}

const weighedScenario = `
name: weighed
repeat: 2
params: {stabilize: 5s}
vary: {stabilize: [5s, 20s, 1m]}
ring: {successors: 4, stabilize: "${stabilize}"}
timeline:
  - start: {nodes: 40}
  - measure: {traffic: on, over: 2m, as: rest}
tradeoff:
  - cost: traffic.rest.bytes_per_node_second
    cost_label: bytes
    performance: duration("${stabilize}")
    label: period
`

// Rows are weighed by the means over their runs, in a whole result as in a
// comparison alone.
func TestTradeoff(t *testing.T) {
	sc, err := Parse("weighed.yaml", []byte(weighedScenario), Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	result, err := Run(t.Context(), sc, RunOptions{})
	if err != nil {
		t.Fatal(err)
	}
	compared, err := Compare(t.Context(), sc, CompareOptions{Found: func(_ int, _ uint64, numbers []Number) error {
		if len(numbers) != 2 {
			t.Errorf("a run is kept as %v, want its cost and its performance", numbers)
		}
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	for _, list := range [][]Tradeoff{result.Tradeoffs, compared.Tradeoffs} {
		if len(list) != 1 || len(list[0].Points) != 3 || list[0].CostLabel != "bytes" || list[0].Label != "period" {
			t.Fatalf("weighed: %+v", list)
		}
		for row, p := range list[0].Points {
			traffic := result.Rows[row].All.Traffic[0].Bytes
			if p.Row != row || p.Cost.N != 2 || p.Cost.Mean != traffic.Mean || p.Performance.Mean != []Number{5, 20, 60}[row] {
				t.Errorf("row %d: %+v, the traffic is %v", row, p, traffic)
			}
		}
		// A longer period costs less, and ever less is saved: all are on the hull.
		if got := list[0].hullRows(); !slices.Equal(got, []int{2, 1, 0}) {
			t.Errorf("rows %v are on the hull", got)
		}
		all, hull := TradeoffTable(list, false), TradeoffTable(list, true)
		if len(all.Rows) != 3 || len(hull.Rows) != 3 || len(all.Columns) != len(hull.Columns)+1 {
			t.Errorf("tables of %d and %d rows", len(all.Rows), len(hull.Rows))
		}
	}
}
