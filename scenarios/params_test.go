package scenarios

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func mustParse(t *testing.T, text string, o Overrides) *Scenario {
	t.Helper()
	sc, err := Parse("s.yaml", []byte(text), o)
	if err != nil {
		t.Fatal(err)
	}
	return sc
}

const varied = `name: varied
title: ${nodes} nodes, ${p} fail
params: {nodes: 100, p: 50%, on: on, word: "7"}
vary:
  p: [10%, 0.25]
  ring.successors: [2, 4, 8]
ring:
  retry: ${on}
timeline:
  - start: {nodes: "${nodes}"}
  - wait: ${nodes}ms
  - fail: {fraction: "${p}"}
expect:
  - ring.members == ${nodes} - round(p * nodes)
`

func TestRowsAreTheProductInTheOrderOfTheFile(t *testing.T) {
	sc := mustParse(t, varied, Overrides{})
	var got []string
	for _, r := range sc.Rows() {
		fail := r.Spec.Timeline[2].Action.(*FailStep)
		got = append(got, fmt.Sprintf("%s=%s %s=%s: %s, %d successors, %v fail", r.Labels[0].Name, r.Labels[0].Value,
			r.Labels[1].Name, r.Labels[1].Value, r.Spec.Title, r.Spec.Ring.Successors, fail.Fraction))
		if len(r.Spec.Expectations) != 1 || r.Spec.Expectations[0].Text != "ring.members == 100 - round(p * nodes)" {
			t.Errorf("the expectations are %v", r.Spec.Expectations)
		}
	}
	want := []string{
		"p=10% ring.successors=2: 100 nodes, 10% fail, 2 successors, 0.1 fail",
		"p=10% ring.successors=4: 100 nodes, 10% fail, 4 successors, 0.1 fail",
		"p=10% ring.successors=8: 100 nodes, 10% fail, 8 successors, 0.1 fail",
		"p=0.25 ring.successors=2: 100 nodes, 0.25 fail, 2 successors, 0.25 fail",
		"p=0.25 ring.successors=4: 100 nodes, 0.25 fail, 4 successors, 0.25 fail",
		"p=0.25 ring.successors=8: 100 nodes, 0.25 fail, 8 successors, 0.25 fail",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows differ (-want +got):\n%s", diff)
	}
	row := sc.Rows()[0]
	if diff := cmp.Diff([]Param{{"nodes", "100"}, {"p", "10%"}, {"on", "on"}, {"word", "7"}}, row.Params); diff != "" {
		t.Errorf("params differ (-want +got):\n%s", diff)
	}
	// Alone, a param keeps its type; within a text it becomes text.
	if s := row.Spec; s.Timeline[0].Action.(*StartStep).Nodes != 100 || s.Timeline[1].Action.(*WaitStep).For != 100*Millisecond || !bool(s.Ring.Retry) {
		t.Errorf("params were put in as %+v", s)
	}
	p := problemsOf(t, strings.Replace(varied, `nodes: "${nodes}"`, `nodes: "${word}"`, 1), Overrides{})
	if p.List[0].Message != `nodes must be a whole number, not "7" (${word} is 7)` {
		t.Errorf("a quoted number stays a text; got %v", p)
	}
}

func TestOverrides(t *testing.T) {
	seed, repeat := uint64(7), 3
	sc := mustParse(t, varied, Overrides{
		Set:  []string{"nodes=20", "p=0.4", "timeline[1].wait=1h", "network.loss=1%", "output.plots=[latency, traffic]", `title="a, b"`, "ring.stabilize.every=5s"},
		Seed: &seed, Repeat: &repeat,
	})
	if len(sc.Rows()) != 3 {
		t.Errorf("%d rows; a varied param that is set has that one value", len(sc.Rows()))
	}
	s := sc.Rows()[2].Spec
	fail := s.Timeline[2].Action.(*FailStep).Fraction.String()
	got := fmt.Sprint(sc.Seed, sc.Repeat, sc.Title, fail, s.Timeline[1].Action.(*WaitStep).For,
		s.Network.Loss, s.Output.Plots, s.Ring.Stabilize, s.Ring.Successors, sc.Rows()[2].Labels)
	want := "7 3a, b0.41h 0.01 [latency traffic] {5s 0.5} 8 [{p 0.4} {ring.successors 8}]"
	if got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	one := mustParse(t, varied, Overrides{Set: []string{"ring.successors=16", "p=0"}})
	if rows := one.Rows(); len(rows) != 1 || rows[0].Spec.Ring.Successors != 16 {
		t.Errorf("a varied path that is set has %d rows", len(rows))
	}
}

func TestOverridesThatMakeNoSense(t *testing.T) {
	for set, want := range map[string]string{
		"p":                         "--set p: it has no value; write --set name=value",
		"p=":                        "--set p=: it has no value; write --set name=value",
		"p=2":                       "s.yaml:12:22: fraction: a fraction is at most 1, not 2 (${p} is 2); did you mean 2%?",
		"ring.successors=99":        "--set ring.successors=99: successors must be at most 64, not 99",
		"ring.sucessors=9":          `--set ring.sucessors=9: unknown key "sucessors" in ring; did you mean "successors"?`,
		"nods=9":                    `--set nods=9: there is no param and no section "nods"; did you mean "nodes"?`,
		"timeline[9].wait=5m":       "--set timeline[9].wait=5m: timeline has no item 9; it has 3, counted from 0",
		"timeline[1].fail.count=5":  "--set timeline[1].fail.count=5: a step has one action, not wait and fail; begin another step with - before the second",
		"timeline[1].wait.for.x=5m": `--set timeline[1].wait.for.x=5m: timeline[1].wait is "${nodes}ms" here and has no key "for"; write it as a mapping in the file`,
		"vary.p=[1]":                "--set vary.p=[1]: vary.p cannot be set; set a param by its name alone",
		"seed=010":                  "--set seed=010: the number 010 begins with a zero: ten, or eight in octal?; write it without, or in quotes if it is text",
		"output.plots=[latency":     "--set output.plots=[latency: broken YAML: sequence end token ']' not found",
		"output.plots[0]=latency":   "--set output.plots[0]=latency: output.plots is not in the file; only items of lists that are there can be set",
		"expect[0]=ring.membrs > 1": `--set expect[0]=ring.membrs > 1: ring has no "membrs"; did you mean members?`,
		"ring=corrected":            `--set ring=corrected: ring must be a mapping, not "corrected"`,
		"title=a\nb":                `--set "title=a\nb": the value is not one line of text`,
	} {
		p := problemsOf(t, varied, Overrides{Set: []string{set}})
		if got := p.List[0].String(); got != want {
			t.Errorf("--set %s:\n got %s\nwant %s", set, got, want)
		}
	}
}

func TestTooManyRows(t *testing.T) {
	list := strings.Repeat("%d, ", 40)
	numbers := make([]any, 40)
	for i := range numbers {
		numbers[i] = i + 1
	}
	values := fmt.Sprintf(list, numbers...)
	text := "name: x\nvary:\n  ring.bits: [" + values + "]\n  ring.successors: [" + values + "]\ntimeline: [{start: {nodes: 1}}]\n"
	p := problemsOf(t, text, Overrides{})
	if got := p.Error(); got != "s.yaml:4:3: vary makes more rows than a scenario may have (1000, fewer for a long one); split the scenario" {
		t.Error(got)
	}
}

func TestSelectRow(t *testing.T) {
	repeat := 3
	sc := mustParse(t, varied, Overrides{Repeat: &repeat})
	for only, want := range map[string]string{
		"":                                 "[0 1 2 3 4 5] [1 2 3]",
		"p=10%":                            "[0 1 2] [1 2 3]",
		"p=0.1":                            "[0 1 2] [1 2 3]",
		"p=25%,seed=3":                     "[3 4 5] [3]",
		"p=0.25, ring.successors=4,seed=1": "[4] [1]",
		"ring.successors=8":                "[2 5] [1 2 3]",
	} {
		rows, seeds, err := sc.SelectRow(only)
		if got := fmt.Sprint(rows, seeds); err != nil || got != want {
			t.Errorf("%q selects %s, %v; want %s", only, got, err, want)
		}
	}
	for only, want := range map[string]string{
		"p":        "--only p: write it as p=0.3,seed=44",
		"p=0.3":    "--only p=0.3: no row has these values",
		"q=1":      "--only q: nothing of this name is varied; known are seed, p, ring.successors",
		"seed=4":   "--only seed=4: the seeds are 1 to 3",
		"seed=x":   "--only seed=x: the seeds are 1 to 3",
		"p=1,2":    "--only p=1,2: no row has these values",
		"seed=0,p": "--only seed=0,p: the seeds are 1 to 3",
	} {
		_, _, err := sc.SelectRow(only)
		if err == nil || err.Error() != want {
			t.Errorf("%q: %v; want %s", only, err, want)
		}
	}
	// What a failed run names finds exactly that run.
	for i, row := range sc.Rows() {
		rows, seeds, err := sc.SelectRow(onlyOf(row.Labels, 2))
		if err != nil || len(rows) != 1 || rows[0] != i || len(seeds) != 1 || seeds[0] != 2 {
			t.Errorf("row %d is found as %v, %v, %v", i, rows, seeds, err)
		}
	}
}

// Every section of a scenario can be set and varied.
func TestSectionsCanBeSet(t *testing.T) {
	sc, err := Parse("x.yaml", []byte("name: x\nvary: {data.write_quorum: [1, 2]}\ntimeline: [{start: {nodes: 9}}, {put: {count: 1}}]\n"),
		Overrides{Set: []string{"data.replicas=3", "network.loss=1%", "output.sample=2s", "ring.bits=20"}})
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range sc.Rows() {
		if s := row.Spec; s.Data.Replicas != 3 || s.Data.WriteQuorum != i+1 || s.Output.Sample != 2*Second || s.Ring.Bits != 20 || s.Network.Loss.IsZero() {
			t.Errorf("row %d has %+v, %+v", i, s.Data, s.Output)
		}
	}
}

// A formula over params is a number, alone or within a text; vary gives it another value a row.
func TestFormulas(t *testing.T) {
	sc := mustParse(t, `name: formulas
title: lists of ${max(s, 4)}
params: {s: 1, nodes: 10}
vary: {s: [1, 16]}
ring: {successors: "${max(s, 4)}"}
timeline:
  - start: {nodes: "${nodes * (s + 1) / 2}"}
  - wait: ${s / 2 + 0.25}s
`, Overrides{})
	var got []string
	for _, r := range sc.Rows() {
		got = append(got, fmt.Sprintf("%s: %d, %d, %v", r.Spec.Title, r.Spec.Ring.Successors,
			r.Spec.Timeline[0].Action.(*StartStep).Nodes, r.Spec.Timeline[1].Action.(*WaitStep).For))
	}
	if diff := cmp.Diff([]string{"lists of 4: 4, 10, 750ms", "lists of 16: 16, 85, 8.25s"}, got); diff != "" {
		t.Errorf("rows differ (-want +got):\n%s", diff)
	}
}
