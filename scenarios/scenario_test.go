package scenarios

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func specOf(t *testing.T, text string) *Spec {
	t.Helper()
	return mustParse(t, text, Overrides{}).Rows()[0].Spec
}

// A file that says nothing but the least has the defaults.
func TestDefaults(t *testing.T) {
	got := specOf(t, "name: least\ntimeline:\n  - start: {nodes: 5}\n")
	want := Defaults()
	want.Name = "least"
	want.Ring.LookupDeadline = 10 * Second
	want.Ring.RPCTries = 2
	want.Ring.FixFingers = want.Ring.Stabilize
	want.Data.WriteQuorum, want.Data.Repair, want.Data.Deadline, want.Data.HandOver = 1, Minute, 20*Second, "safe"
	want.Timeline = []Step{{Index: 0, Line: 3, Action: &StartStep{Nodes: 5, Settled: true}}}
	if diff := cmp.Diff(&want, got); diff != "" {
		t.Errorf("it differs (-want +got):\n%s", diff)
	}
	if r := specOf(t, "name: x\nring: {protocol: ton2003, rpc_timeout: 1s}\ntimeline: [{start: {nodes: 5}}]\n").Ring; r.RPCTries != 1 || r.LookupDeadline != 20*Second || r.FixFingers.Every != 0 {
		t.Errorf("ton2003 sends %d times, a lookup takes %v, fingers are fixed every %v beside the rounds", r.RPCTries, r.LookupDeadline, r.FixFingers.Every)
	}
}

// How keys are stored follows from the protocol and from how many copies there are.
func TestDefaultsOfData(t *testing.T) {
	const rest = "timeline: [{start: {nodes: 5}}]\n"
	if d := specOf(t, "name: x\nring: {protocol: echord}\n"+rest).Data; d.HandOver != "echord" || d.Repair != 0 || d.Replicas != 1 {
		t.Errorf("E-Chord's keys are stored by %+v", d)
	}
	if d := specOf(t, "name: x\nring: {protocol: echord}\ndata: {hand_over: safe, replicas: 3}\n"+rest).Data; d.Repair != Minute || d.WriteQuorum != 2 {
		t.Errorf("with safe hand-over by %+v", d)
	}
	if d := specOf(t, "name: x\nring: {rpc_timeout: 1s}\ndata: {replicas: 4, repair: 0s}\n"+rest).Data; d.WriteQuorum != 3 || d.Repair != 0 || d.Deadline != 40*Second {
		t.Errorf("four copies by %+v", d)
	}
}

// Steps that store and read keys have short forms and defaults of their own.
func TestDataForms(t *testing.T) {
	const before = "name: x\ntimeline: [{start: {nodes: 5}}, {put: {count: 3}}, "
	for _, c := range [][2]string{
		{"put: {count: 1}", "put: {count: 1, size: {min: 100B, max: 100}}"},
		{"put: {count: 1, size: 1kB}", "put: {count: 1, size: {min: 1kB, max: 1000}}"},
		{"workload: {rate: 1/s, for: 1m, keys: 2}", "workload: {rate: 60/m, for: 60s, keys: 2, mix: {get: 90%, put: 0.1}, size: 100}"},
		{"workload: {rate: 1/s, for: 1m, keys: 2, popularity: zipf}", "workload: {rate: 1/s, for: 1m, keys: 2, popularity: {model: zipf, exponent: 0.99}}"},
	} {
		a, b := specOf(t, before+"{"+c[0]+"}]\n"), specOf(t, before+"{"+c[1]+"}]\n")
		if diff := cmp.Diff(a.Timeline, b.Timeline, cmp.Comparer(func(x, y *Rate) bool { return x == y || x.PerSecond() == y.PerSecond() })); diff != "" {
			t.Errorf("%s and %s differ:\n%s", c[0], c[1], diff)
		}
	}
}

// Short forms and long ones come to the same.
func TestForms(t *testing.T) {
	const rest = "timeline: [{start: {nodes: 5}}]\n"
	for _, c := range [][2]string{
		{"ring: {stabilize: 10s}", "ring: {stabilize: {every: 10s, jitter: 0.5}}"},
		{"ring: {detector: perfect}", "ring: {detector: {model: perfect}}"},
		{"network: {latency: 20ms}", "network: {latency: {model: constant, delay: 20ms}}"},
		{"ring: {retry: off}", "ring: {retry: false}"},
		{"network: {loss: 5%}", "network: {loss: 0.05}"},
		{"seed: 1e3", "seed: 1000"},
	} {
		a, b := specOf(t, "name: x\n"+c[0]+"\n"+rest), specOf(t, "name: x\n"+c[1]+"\n"+rest)
		if diff := cmp.Diff(a, b); diff != "" {
			t.Errorf("%s and %s differ:\n%s", c[0], c[1], diff)
		}
		if cmp.Equal(a, specOf(t, "name: x\n"+rest)) {
			t.Errorf("%s changes nothing", c[0])
		}
	}
}

func TestSteps(t *testing.T) {
	half, at := Fraction{Decimal{5, 10}}, 2*Hour
	rate, off, on := Rate{Decimal{2, 10}}, Switch(false), Switch(true)
	s := specOf(t, `name: steps
timeline:
  - start: {nodes: 100, settled: off}
  - join: {nodes: 10, over: 1m, arrivals: poisson, through: fixed, background: on}
  - leave: {count: 5, guarded: on}
  - fail: {fraction: 50%, as: blow, at: 2h}
  - fail: {probability: 0.5}
  - fail: {arc: 50%}
  - restart: all
  - restart: {fraction: 0.5, over: 5m}
  - churn: {for: 1h, joins: 0.2, departures: 0.2/s, depart: leave}
  - churn: {for: 1h, lifetime: {distribution: exponential, mean: 1h}, downtime: {distribution: pareto, shape: 1.5, mean: 1h}}
  - churn: {for: 1h, lifetime: {distribution: file, file: up.txt}}
  - lookup: {count: 10, over: 1m}
  - lookup: {rate: 0.2, for: 5m, as: some}
  - lookup: {per_node: 10s, for: 5m}
  - stabilization: off
  - stabilization: {rounds: on}
  - wait: 5m
  - wait: {at: 20h}
  - await: {ring: ideal, within: 1h}
  - await: {right_lists: 50%, within: 1h, required: off, check: 10s}
  - measure: {ring: on, load: {keys: 10}}
  - measure: {traffic: on, over: 1m, as: cost}
`)
	exp := DistributionSpec{Distribution: "exponential", Mean: Hour}
	pareto := DistributionSpec{Distribution: "pareto", Shape: Decimal{15, 10}, Mean: Hour}
	until := 20 * Hour
	want := []Action{
		&StartStep{Nodes: 100},
		&JoinStep{StepBehind: StepBehind{true}, Nodes: 10, Over: Minute, Arrivals: "poisson", Through: Through{Fixed: true}},
		&LeaveStep{Count: 5, Guarded: true},
		&FailStep{StepCommon: StepCommon{As: "blow", At: &at}, Fraction: &half},
		&FailStep{Probability: &half},
		&FailStep{Arc: &Amount{Fraction: half}},
		&RestartStep{},
		&RestartStep{Fraction: &half, Over: 5 * Minute},
		&ChurnStep{For: Hour, Joins: &rate, Departures: &rate, Depart: "leave"},
		&ChurnStep{For: Hour, Lifetime: &exp, Downtime: &pareto, Depart: "crash", Return: "same"},
		&ChurnStep{For: Hour, Lifetime: &DistributionSpec{Distribution: "file", File: "up.txt"}, Depart: "crash", Return: "same"},
		&LookupStep{Count: 10, Over: Minute, Keys: "uniform"},
		&LookupStep{StepCommon: StepCommon{As: "some"}, Rate: &rate, For: 5 * Minute, Keys: "uniform"},
		&LookupStep{PerNode: &PeriodSpec{Every: 10 * Second, Jitter: half}, For: 5 * Minute, Keys: "uniform"},
		&StabilizationStep{State: &off},
		&StabilizationStep{Rounds: &on},
		&WaitStep{For: 5 * Minute},
		&WaitStep{StepCommon: StepCommon{At: &until}},
		&AwaitStep{Ring: "ideal", Within: Hour, Check: Second, Required: true},
		&AwaitStep{RightLists: &half, Within: Hour, Check: 10 * Second},
		&MeasureStep{Ring: true, Load: &LoadSpec{Keys: 10}},
		&MeasureStep{StepCommon: StepCommon{As: "cost"}, Traffic: true, Over: Minute},
	}
	names := []string{3: "blow", 11: "lookup1", 12: "some", 13: "lookup3", 18: "await1", 19: "await2", 20: "measure1", 21: "cost"}
	for i, step := range s.Timeline {
		if diff := cmp.Diff(want[i], step.Action); diff != "" {
			t.Errorf("step %d differs (-want +got):\n%s", i, diff)
		}
		if step.Name != names[i] || step.Index != i || step.Line != i+3 || step.Action.Verb() == "" {
			t.Errorf("step %d is called %q in line %d, want %q in %d", i, step.Name, step.Line, names[i], i+3)
		}
		if InBackground(step.Action) != (i == 1) {
			t.Errorf("step %d in the background: %v", i, i != 1)
		}
	}
	if len(s.Timeline) != len(want) {
		t.Errorf("%d steps, want %d", len(s.Timeline), len(want))
	}
}

func TestMaxNodes(t *testing.T) {
	for text, want := range map[string][2]int64{
		"- start: {nodes: 100}\n- join: {nodes: 20}\n- fail: {count: 5}\n- restart: all":                                                                       {120, 120},
		"- start: {nodes: 100}\n- churn: {for: 100s, joins: 10, departures: 10}":                                                                               {1100 + 4*31, 1100 + 12*32},
		"- start: {nodes: 100}\n- churn: {for: 1h, departures: 1}":                                                                                             {100, 100},
		"- start: {nodes: 100}\n- churn: {for: 1h, return: none, lifetime: {distribution: constant, value: 1m}}":                                               {100, 100},
		"- start: {nodes: 100}\n- churn: {for: 1h, lifetime: {distribution: constant, value: 1m}, downtime: {distribution: constant, value: 1m}}":              {100, 100},
		"- start: {nodes: 100}\n- churn: {for: 1h, return: new, lifetime: {distribution: constant, value: 1m}, downtime: {distribution: constant, value: 1m}}": {3100, 4000},
	} {
		for _, virtual := range []int64{1, 8} {
			s := specOf(t, fmt.Sprintf("name: x\nring: {virtual_nodes: %d}\ntimeline:\n%s\n", virtual, text))
			if got := s.MaxNodes(); got < want[0]*virtual || got > want[1]*virtual {
				t.Errorf("%s with %d virtual nodes: at most %d nodes, want %d to %d times that", text, virtual, got, want[0], want[1])
			}
		}
	}
}

func TestSquareRoot(t *testing.T) {
	for _, n := range []int64{0, 1, 2, 3, 4, 5, 8, 9, 10, 15, 16, 17, 1e6, 1e6 + 1, 1 << 40, 999999999999} {
		r := squareRoot(n)
		if r*r < n || r > 0 && (r-1)*(r-1) >= n {
			t.Errorf("the root of %d is %d", n, r)
		}
	}
}
