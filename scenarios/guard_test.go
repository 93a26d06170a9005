package scenarios

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/goccy/go-yaml/lexer"
)

// Files that keep a parser busy, and the guard's word for each. They are
// refused before anything is parsed.
func TestGuardRefusesHostileFiles(t *testing.T) {
	repeat := func(n int, s string) string { return strings.Repeat(s, n) }
	for _, c := range []struct{ name, text, want string }{
		{"brackets", "a: " + repeat(40_000, "["), "nested deeper than 32 levels"},
		{"braces", repeat(40_000, "{"), "nested deeper than 32 levels"},
		{"brackets and pairs", repeat(40_000, "[a: "), "nested deeper than 32 levels"},
		{"pairs in braces", "{" + repeat(5_000, `a: "b" `), "nested deeper than 32 levels"},
		{"lists in lists", repeat(40_000, "- "), "nested deeper than 32 levels"},
		{"keys of keys", repeat(40_000, "? "), `keys written with "?" are not part of the language`},
		{"stairs", stairs(33, "a:"), "nested deeper than 32 levels"},
		{"stairs of lists", stairs(17, "-\n%[1]s a:"), "nested deeper than 32 levels"},
		{"a million brackets", repeat(1<<20, "["), "more than 100000 lines and signs"},
		{"a million lines", repeat(1<<19, "#\n"), "more than 100000 lines and signs"},
		{"too many values", "a: [" + repeat(15_000, "1,") + "]", "more than 20000 words and signs"},
		{"too long", repeat(1<<20+1, "a"), "the file has 1048577 bytes; a scenario has at most 1048576"},
		{"blank lines", "a: |\n" + repeat(60_000, "\n"), "more than 100 blank lines in a row"},
		{"blank lines with blanks", "a: |\n" + repeat(60_000, "   \n"), "more than 100 blank lines in a row"},
		{"a long key", repeat(100_000, "k") + ": [1, 2, 3]", "key \"" + repeat(40, "k") + "…\" is longer than 80 bytes"},
		{"bombs", "a: &a [x, x]\nb: &b [*a, *a]\n", "anchors and aliases are not part of the language"},
		{"no UTF-8", "name: \xff\n", "byte 0xff is no UTF-8"},
		{"half a rune", "name: \xe2\x82", "byte 0xe2 is no UTF-8"},
		{"a surrogate", "name: \xed\xa0\x80", "byte 0xed is no UTF-8"},
		{"NUL", "name: a\x00b\n", "control character U+0000"},
		{"escape", "name: \x1b[31m\n", "control character U+001B"},
		{"a lone carriage return", "name: a\rtitle: b\n", "control character U+000D"},
		{"a byte order mark inside", "name: a\ufeff\n", "control character U+FEFF"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text, problem := guardBytes([]byte(c.text))
			if problem == nil {
				_, problem = scan(text)
			}
			if problem == nil {
				t.Fatal("it passed the guard")
			}
			if problem.Message != c.want {
				t.Errorf("refused as %q, want %q", problem.Message, c.want)
			}
		})
	}
}

func stairs(n int, step string) string {
	var b strings.Builder
	for i := range n {
		indent := strings.Repeat(" ", 2*i)
		b.WriteString(indent)
		if strings.Contains(step, "%") {
			fmt.Fprintf(&b, step, indent)
		} else {
			b.WriteString(step)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// What the guard lets through at its limits is not much work for anyone.
func TestParseBoundsItsMemory(t *testing.T) {
	numbered := func(n int, form string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, form, i)
		}
		return b.String()
	}
	const head = "name: x\nparams: {p: 1}\ntimeline:\n- start: {nodes: 10}\n"
	for name, text := range map[string]string{
		"keys":           numbered(4000, "k%070d: 1\n"),
		"flow keys":      "{" + numbered(4000, "k%070d: 1,") + "}",
		"steps":          head + numbered(2500, "- wiat: %dm\n"),
		"plots":          head + "output: {plots: [" + numbered(9000, "l%d,") + "]}",
		"same plot":      head + "output: {plots: [" + strings.Repeat("latency,", 9000) + "]}",
		"deep keys":      deepKeys(),
		"long text":      head + "description: " + strings.Repeat("x ", 500_000),
		"long number":    "seed: " + strings.Repeat("1", 1_000_000),
		"wide exponent":  "seed: 1e-999999999",
		"long param":     "params: {p: " + strings.Repeat("x", 60_000) + "}\nexpect:\n" + strings.Repeat("- a${p}\n", 5000),
		"rows":           "params: {p: 1}\nvary: {p: [" + numbered(900, "%d,") + "]}\nexpect:\n" + numbered(80, "- ${p} > %d\n"),
		"rows of names":  "params: {p: 1}\nvary: {p: [" + numbered(900, "%d,") + "]}\ntimeline:\n- lookup: {count: 1, as: \"a${p}\"}\nexpect: [p > 0]\n",
		"rows of rows":   "vary: {ring.bits: [" + numbered(60, "%d,") + "], ring.successors: [" + numbered(60, "%d,") + "]}\n",
		"expectations":   head + "expect:\n" + strings.Repeat("- "+strings.Repeat("p+", 2000)+"1\n", 200),
		"parentheses":    head + "expect:\n- " + strings.Repeat("(", 2000) + "\n",
		"broken, in one": "a: [" + strings.Repeat("1,", 8000) + "}",
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			p := problemsOf(t, text, Overrides{})
			report := len(p.Error()) + len(p.Annotate(false))
			runtime.ReadMemStats(&after)
			if mb := (after.TotalAlloc - before.TotalAlloc) >> 20; mb > 200 {
				t.Errorf("%d MB were allocated, want at most 200", mb)
			}
			if report > 1<<20 {
				t.Errorf("the report has %d bytes, more than the longest file", report)
			}
		})
	}
}

func deepKeys() string {
	var b strings.Builder
	for i := range 28 {
		b.WriteString(strings.Repeat(" ", i) + strings.Repeat("a", 70) + ":\n")
	}
	return b.String() + strings.Repeat(" ", 28) + "b: [" + strings.Repeat("1,", 9000) + "]"
}

// The depth that is counted is that of the nesting, no more: what is legal is
// not refused.
func TestNestingIsCountedExactly(t *testing.T) {
	for _, c := range []struct {
		text string
		want int
	}{
		{"a: 1\nb: 2\n", 1},
		{"a:\n  b: 1\nc:\n  d: 1\n", 2},
		{"a:\n- b: 1\n- c: 1\n", 3},
		{"a:\n- b:\n  - c:\n    - d: 1\n", 7},
		{"- - - 1\n", 3},
		{"a: {b: [1, {c: 2}], d: {e: 3}}\n", 4},
		{"a: [b: 1, c: 2]\n", 2},
		{"a: \"[[[[\" # {{{{\nb: '{{{'\nc: x[y{\n", 1},
		{"a: |\n  - - - [[[[\n  b: {{\nc: 1\n", 1},
		{"a:\n    b:\n        c: 1\nd:\n  e: 1\n", 3},
	} {
		var n nesting
		deepest := 0
		for _, tk := range lexer.Tokenize(c.text) {
			deepest = max(deepest, n.add(tk))
		}
		if deepest != c.want {
			t.Errorf("%q is nested %d deep, want %d", c.text, deepest, c.want)
		}
	}
}

func TestPlainLineEnds(t *testing.T) {
	text, problem := guardBytes([]byte("\ufeffa: 1\r\nb: 2\r\n"))
	if problem != nil || text != "a: 1\nb: 2\n" {
		t.Errorf("got %q, %v", text, problem)
	}
}
