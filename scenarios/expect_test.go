package scenarios

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var expectNames = []Named{
	{"during", NamedLookup}, {"heal", NamedAwait}, {"before", NamedLoad}, {"hurt", NamedRing}, {"calm", NamedTraffic},
}

var expectParams = []Param{{"p", "0.5"}, {"r", "2"}, {"nodes", "10"}, {"model", "constant"}, {"mixed", "3"}, {"mixed", "three"}}

func compileOne(text string, repeat int) (*Expectation, []ExpectProblem) {
	e, problems := CompileExpectations(expectNames, []string{text}, ExpectOptions{Repeat: repeat, Params: expectParams})
	if len(problems) > 0 {
		return nil, problems
	}
	return e[0], nil
}

func TestExpectationProblems(t *testing.T) {
	for _, c := range []struct {
		text    string
		column  int
		message string
		hint    string
	}{
		{`heal.tiem < 3`, 6, `heal has no "tiem"; did you mean time?`, "time"},
		{`lookup.durign.count == 1`, 8, `lookup has no "durign"; did you mean during?`, "during"},
		{`rign.verdict == "ideal"`, 1, `unknown name "rign"; did you mean ring?`, "ring"},
		{`heal.time.mean > 1`, 11, `heal.time is a value and has no part "mean"`, ""},
		{`lookup.during > 1`, 8, `lookup.during has to be followed by one of its parts: count, correct,`, ""},
		{`lookup.during.path.mean.ci95 < 1`, 25, `ci95 is over the runs of a row: write all.lookup.during.path.mean.ci95`, "all.lookup.during.path.mean.ci95"},
		{`all.ring.verdict.ideal == 1 && ring.members > 3`, 1, `all.ring.verdict.ideal is over all runs of a row, ring.members is of a single run`, ""},
		{`ring.verdict > 3`, 14, `> stands between a word and a number, which do not go together`, ""},
		{`sqrt(ring.verdict) > 1`, 11, `this takes a number, and is given a word`, ""},
		{`model > 3`, 7, `> stands between a word and a number, which do not go together`, ""},
		{`mixed > 3`, 7, `> stands between a word and a number, which do not go together`, ""},
		{`heal.held == 1`, 11, `== stands between a truth and a number, which do not go together`, ""},
		{`p`, 1, `the expression is a number and does not say what holds; compare it, as in … > 0`, ""},
		{`heal.time = 3`, 11, `= does not compare; did you mean ==?`, ""},
		{`heal.time > > 3`, 13, `> cannot stand here`, ""},
		{`heal.time > 3 4`, 15, `"4" cannot stand here`, ""},
		{`heal.time > 3 )`, 15, `")" cannot stand here`, ""},
		{`heal.time <`, 11, `the expression ends too early`, ""},
		{`log(nodes) > 1`, 1, `unknown function "log"; did you mean log2?`, "log2"},
		{`now() > 3`, 1, `unknown function "now"`, "pow"},
		{`Number(0) > 3`, 1, `unknown function "Number"`, ""},
		{`heal.time < duration("20 min")`, 22, `"20 min" is no duration; write it as in 90s, 1h30m`, ""},
		{`any([1], # > 0)`, 10, `this form has no place in an expectation`, ""},
		{`let x = 1; x > 0`, 5, `this form has no place in an expectation`, ""},
		{`(heal.time ?? 3) > 2`, 12, `?? has no place in an expectation`, ""},
		{`heal["time"] < p and heal[0] < 3`, 26, `a name is written as in lookup.during.path.mean`, ""},
		{strings.Repeat("(", 5000), 1, `the expression has 5000 bytes; 4096 are allowed`, ""},
	} {
		_, problems := compileOne(c.text, 3)
		if len(problems) == 0 {
			t.Errorf("%s: no problem found", c.text)
			continue
		}
		p := problems[0]
		if p.Column != c.column || !strings.HasPrefix(p.Message, c.message) || p.Hint != c.hint {
			t.Errorf("%s: column %d: %s (hint %q); want column %d: %s (hint %q)", c.text, p.Column, p.Message, p.Hint, c.column, c.message, c.hint)
		}
	}
}

func TestEveryProblemOfEveryExpectationIsReported(t *testing.T) {
	_, problems := CompileExpectations(expectNames, []string{`heal.tiem < 1 && rign.verdict == "x"`, `heal.held`, `1 <`}, ExpectOptions{})
	var got []string
	for _, p := range problems {
		got = append(got, p.Error())
	}
	want := []string{
		`expect[0], column 6: heal has no "tiem"; did you mean time?`,
		`expect[0], column 18: unknown name "rign"; did you mean ring?`,
		`expect[2], column 3: the expression ends too early`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestCi95NeedsTwoRuns(t *testing.T) {
	const text = `all.lookup.during.path.mean.ci95 < 1`
	if _, problems := compileOne(text, 2); len(problems) > 0 {
		t.Errorf("with two runs: %v", problems)
	}
	_, problems := compileOne(text, 1)
	if len(problems) != 1 || !strings.Contains(problems[0].Message, "needs a repeat of 2 or more; it is 1") {
		t.Errorf("with one run: %v", problems)
	}
}

// Every name that a run or a row holds can be read, and no other.
func TestEveryMeasuredNameCompiles(t *testing.T) {
	run, all := emptyMeasurements(expectNames)
	check := func(name string, v Value) {
		text := name + ` == 1`
		switch v.Unit {
		case UnitText:
			text = name + ` == "x"`
		case UnitTruth:
			text = `not ` + name
		}
		if _, problems := compileOne(text, 2); len(problems) > 0 {
			t.Errorf("%s: %v", text, problems)
		}
	}
	count := 0
	run.each(MessageKinds(), func(name string, v Value) { count++; check(name, v) })
	all.each(MessageKinds(), visitor(check).under("all"))
	new(HostRun).each(visitor(check).under("host"))
	if count < 80 {
		t.Errorf("only %d names", count)
	}
}

func TestEvaluate(t *testing.T) {
	values := map[string]Value{
		"heal.time": numberOf(UnitSeconds, 1312.5), "heal.held": truthOf(true),
		"ring.verdict": textOf("broken"), "lookup.during.failed": countOf(0),
		"lookup.during.path.mean": numberOf(UnitRatio, Undefined()),
		"p":                       numberOf(UnitRatio, 0.5), "r": numberOf(UnitRatio, 2), "nodes": numberOf(UnitRatio, 10),
		"mixed":    {Unit: UnitRatio, Number: 3, Text: "3"},
		"all.runs": countOf(200), "all.ring.hurt.verdict.broken.runs": countOf(150),
	}
	for _, c := range []struct{ text, want string }{
		{`heal.time < duration("20m")`, `FAIL seed=42: heal.time < duration("20m"): heal.time = 1312.5s`},
		{`heal.time < duration("22m")`, `PASS seed=42: heal.time < duration("22m"): heal.time = 1312.5s`},
		{`ring.verdict == "ideal"`, `FAIL seed=42: ring.verdict == "ideal": ring.verdict = "broken"`},
		{`ring.verdict in ["ring", "broken"]`, `PASS seed=42: ring.verdict in ["ring", "broken"]: ring.verdict = "broken"`},
		{`heal.held and lookup.during.failed == 0`, `PASS seed=42: heal.held and lookup.during.failed == 0: heal.held = true, lookup.during.failed = 0`},
		{`lookup.during.path.mean < 5`, `UNDEFINED seed=42: lookup.during.path.mean < 5: lookup.during.path.mean = undefined`},
		{`!(lookup.during.path.mean < 5)`, `UNDEFINED seed=42: !(lookup.during.path.mean < 5): lookup.during.path.mean = undefined`},
		{`lookup.during.failed == 0 || lookup.during.path.mean < 5`, `PASS seed=42: lookup.during.failed == 0 || lookup.during.path.mean < 5: lookup.during.failed = 0, lookup.during.path.mean = undefined`},
		{`load.before.gini < 1`, `UNDEFINED seed=42: load.before.gini < 1: load.before.gini = undefined`},
		{`sqrt(pow(p, r)) == p && log2(8) == 3`, `PASS seed=42: sqrt(pow(p, r)) == p && log2(8) == 3: p = 0.5, r = 2, sqrt(pow(p, r)) = 0.5`},
		{`near(nodes, 9.5, 0.1) && !near(nodes, 12, 0.1)`, `PASS seed=42: near(nodes, 9.5, 0.1) && !near(nodes, 12, 0.1): nodes = 10`},
		{`mixed == "3"`, `PASS seed=42: mixed == "3": mixed = 3`},
		{`p < 0.6 < 0.5`, `FAIL seed=42: p < 0.6 < 0.5: p = 0.5`},
		// 1 − (1 − 1/4)^5 = 0.762695312; Wilson: 150 of 200 is 0.6857 to 0.8049.
		{`within(1-(1-p^r)^(nodes*(1-p)), share_low(all.ring.hurt.verdict.broken.runs, all.runs), share_high(all.ring.hurt.verdict.broken.runs, all.runs))`,
			`PASS all runs: within(1-(1-p^r)^(nodes*(1-p)), share_low(all.ring.hurt.verdict.broken.runs, all.runs), share_high(all.ring.hurt.verdict.broken.runs, all.runs)): ` +
				`p = 0.5, r = 2, nodes = 10, all.ring.hurt.verdict.broken.runs = 150, all.runs = 200, 1 - (1 - p ^ r) ^ (nodes * (1 - p)) = 0.762695312, ` +
				`share_low(all.ring.hurt.verdict.broken.runs, all.runs) = 0.685659017, share_high(all.ring.hurt.verdict.broken.runs, all.runs) = 0.80491832`},
		{`poisson(all.runs, 170) > 0.02`, `PASS all runs: poisson(all.runs, 170) > 0.02: all.runs = 200, poisson(all.runs, 170) = 0.02683716`},
		{`gamma_low(p, p, all.runs, 0.9, p / 4) < gamma_high(p, p, all.runs, 0.9, p / 4)`,
			`PASS all runs: gamma_low(p, p, all.runs, 0.9, p / 4) < gamma_high(p, p, all.runs, 0.9, p / 4): p = 0.5, all.runs = 200, ` +
				`gamma_low(p, p, all.runs, 0.9, p / 4) = 0.1663081, gamma_high(p, p, all.runs, 0.9, p / 4) = 1.16157`},
		{`halfwidth(p, nodes, 99.8) > 1`, `FAIL seed=42: halfwidth(p, nodes, 99.8) > 1: p = 0.5, nodes = 10, halfwidth(p, nodes, 99.8) = undefined: ` +
			`halfwidth: a level of 99.8 is not between 0 and 1; write 0.998 for 99.8 %`},
	} {
		e, problems := compileOne(c.text, 2)
		if len(problems) > 0 {
			t.Errorf("%s: %v", c.text, problems)
			continue
		}
		result := e.evaluate(values)
		seed := uint64(42)
		if !e.ofRow {
			result.Seed = &seed
		}
		if diff := cmp.Diff(c.want, result.String()); diff != "" {
			t.Error(diff)
		}
		again := e.evaluate(values)
		again.Seed = result.Seed
		if again.String() != result.String() {
			t.Errorf("%s: a second evaluation gives %s", c.text, again.String())
		}
	}
}

func TestReadValuesSurviveJSON(t *testing.T) {
	values := []ReadValue{
		{"heal.time", numberOf(UnitSeconds, 1.5), UnitSeconds}, {"heal.held", truthOf(true), UnitTruth},
		{"ring.verdict", textOf("ideal"), UnitText}, {"p", numberOf(UnitRatio, Undefined()), UnitRatio},
	}
	data, err := json.Marshal(values)
	if err != nil {
		t.Fatal(err)
	}
	var back []ReadValue
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	for i := range values {
		if back[i].Name != values[i].Name || back[i].Value.Exact() != values[i].Value.Exact() {
			t.Errorf("%s = %s came back as %s = %s", values[i].Name, values[i].Value.Exact(), back[i].Name, back[i].Value.Exact())
		}
	}
}

func FuzzCompileExpectation(f *testing.F) {
	for _, text := range []string{`heal.time < duration("20m")`, `within(p, 1, 2)`, `a.b[`, "all.ring.verdict.ideal.ci95 > 0", `"\u0000" in []`, `-p ?. x`} {
		f.Add(text)
	}
	values := map[string]Value{"p": numberOf(UnitRatio, 0.5)}
	f.Fuzz(func(t *testing.T, text string) {
		e, problems := compileOne(text, 2)
		for _, p := range problems {
			if p.Message == "" || strings.ContainsAny(p.Message, "\n\r") {
				t.Errorf("%q: the message is %q", text, p.Message)
			}
		}
		if e != nil {
			e.evaluate(values)
		}
	})
}
