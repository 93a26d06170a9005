package plots_test

import (
	"bytes"
	"fmt"
	"log"

	"chordsim/plots"
)

// show prints what a chart consists of.
func show(c *plots.Chart, err error) {
	if err != nil {
		fmt.Println("error:", err)
		return
	}
	fmt.Printf("%s: %s, against %s\n", c.Name, c.Title, c.X.Label)
	for _, p := range c.Panels {
		fmt.Printf("  %s:", p.Y.Label)
		for _, s := range p.Series {
			fmt.Printf(" %q %v", s.Label, s.Y)
		}
		fmt.Println()
	}
}

func ExampleChart_Render() {
	c, err := plots.RingHealth{
		Head:       plots.Head{Subtitle: "10,000 nodes, half fail at once"},
		Seconds:    []float64{0, 600, 601, 900},
		Successors: []float64{100, 100, 49.8, 100},
		Fingers:    []float64{100, 100, 50.1, 97},
		Members:    []float64{10000, 10000, 5000, 5000},
		Events:     []plots.Event{{X: 601, Label: "fail 50 %"}},
	}.Chart()
	if err != nil {
		log.Fatal(err)
	}
	var svg bytes.Buffer
	if err := c.Render(&svg, plots.SVG, plots.Size{Width: 900, Height: 540}); err != nil {
		log.Fatal(err)
	}
	fmt.Println(bytes.Contains(svg.Bytes(), []byte("virtual time (min)")), bytes.Contains(svg.Bytes(), []byte("fail 50 %")))
	// Output: true true
}

func ExampleRingHealth() {
	show(plots.RingHealth{
		Seconds:    []float64{0, 60, 120},
		Successors: []float64{100, 50, 100},
		Members:    []float64{1000, 500, 500},
	}.Chart())
	// Output:
	// ring-health: Ring health over time, against virtual time
	//   right routing state: "successors" [100 50 100]
	//   members: "members" [1000 500 500]
}

func ExamplePathLength() {
	show(plots.PathLength{Groups: []plots.Distribution{
		{Label: "before", Values: []float64{2, 3, 3, 4}},
		{Label: "after", Values: []float64{3, 5}, Counts: []float64{1, 3}},
	}}.Chart())
	// Output:
	// path-length: Path length of lookups, against path length
	//   share of lookups: "before" [25 50 25] "after" [25 75]
}

func ExamplePathNodes() {
	show(plots.PathNodes{
		Groups:    []plots.Spread{{Label: "mean", X: []float64{128, 256}, Mean: []float64{3.4, 3.9}, Low: []float64{1, 1}, High: []float64{6, 7}}},
		Reference: []plots.Curve{{Label: "[SIGCOMM01] figure 10a", X: []float64{128, 256}, Y: []float64{3.39, 3.88}}},
	}.Chart())
	// Output:
	// path-nodes: Path length against the number of nodes, against nodes
	//   path length: "mean" [3.4 3.9] "[SIGCOMM01] figure 10a" [3.39 3.88]
}

func ExampleLoadHistogram() {
	show(plots.LoadHistogram{Groups: []plots.Distribution{
		{Label: "1 virtual node", Values: []float64{0, 1, 2, 130}, Counts: []float64{1, 2, 1, 4}},
	}}.Chart())
	// Output:
	// load-histogram: Keys a node, against keys a node in bins of 5
	//   share of nodes: "1 virtual node" [50 50]
}

func ExampleLorenz() {
	show(plots.Lorenz{Groups: []plots.Distribution{
		{Label: "keys (Gini 0.50)", Values: []float64{0, 1, 3}, Counts: []float64{2, 1, 1}},
	}}.Chart())
	// Output:
	// lorenz: How evenly the load is spread, against share of nodes, from the least loaded
	//   share of the load: "keys (Gini 0.50)" [0 0 25 100] "all alike" [0 100]
}

func ExampleLoss() {
	show(plots.Loss{
		Parameter: "p", LogShares: true,
		Groups: []plots.Spread{
			{Label: "k = 1", X: []float64{0.1, 0.5}, Mean: []float64{10.2, 49}, Low: []float64{9.8, 48}, High: []float64{10.6, 50}},
			{Label: "k = 8", X: []float64{0.1, 0.5}, Mean: []float64{0, 0.4}, Low: []float64{0, 0.35}, High: []float64{0.0003, 0.45}},
		},
		Expected: []plots.Curve{{X: []float64{0.1, 0.5}, Y: []float64{10, 50}}, {X: []float64{0.1, 0.5}, Y: []float64{1e-6, 0.390625}}},
		Formula:  "expected: p^k",
	}.Chart())
	// Output:
	// loss: Keys lost, against p
	//   share of keys lost: "k = 1" [10.2 49] "k = 8" [0 0.4] "" [10 50] "" [1e-06 0.390625] "expected: p^k" []
}

func ExampleLoadPercentiles() {
	show(plots.LoadPercentiles{
		Against: plots.VirtualNodes,
		Groups:  []plots.Spread{{Label: "10,000 nodes", X: []float64{1, 20}, Mean: []float64{100, 100}, Low: []float64{0, 50}, High: []float64{477, 161}}},
	}.Chart())
	// Output:
	// load-virtual-nodes: Keys a node against virtual nodes, against virtual nodes a real node
	//   keys a node: "10,000 nodes" [100 100]
}

func ExampleOutcomes() {
	show(plots.Outcomes{
		Seconds: []float64{30, 60},
		Correct: []float64{200, 95},
		Failed:  []float64{0, 5},
	}.Chart())
	// Output:
	// outcomes: Lookup outcomes over time, against virtual time
	//   share of lookups: "correct" [100 95] "wrong" [0 0] "failed" [0 5] "abandoned" [0 0]
	//   not correct: "" [0 5]
}

func ExampleLatency() {
	show(plots.Latency{Groups: []plots.Distribution{
		{Label: "settled", Values: []float64{0.1, 0.2, 0.2, 0.4}},
	}}.Chart())
	// Output:
	// latency: Lookup latency, against latency
	//   answered within: "settled" [0 25 25 75 75 100]
}

func ExampleTraffic() {
	show(plots.Traffic{
		Seconds: []float64{10, 20},
		Kinds:   []plots.Kind{{Label: "ping", Rate: []float64{0.1, 0.1}}, {Label: "stabilize", Rate: []float64{0.5, 0.6}}},
	}.Chart())
	// Output:
	// traffic: Messages sent by kind over time, against virtual time
	//   messages a node: "stabilize" [0.5 0.6] "ping" [0.1 0.1]
}

func ExampleShare() {
	show(plots.Share{
		Head:      plots.Head{Title: "Rings broken or split"},
		Parameter: "length of the successor list",
		Whole:     true,
		Groups:    []plots.Spread{{Label: "measured", X: []float64{8, 16}, Mean: []float64{86, 1}, Low: []float64{80, 0}, High: []float64{90, 3}}},
		Expected:  []plots.Curve{{Label: "1 − (1 − p^r)^(N(1−p))", X: []float64{8, 16}, Y: []float64{85.9, 0.8}}},
	}.Chart())
	// Output:
	// share: Rings broken or split, against length of the successor list
	//   share of runs: "measured" [86 1] "1 − (1 − p^r)^(N(1−p))" [85.9 0.8]
}
