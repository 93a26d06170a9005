package scenarios

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

// Every key and value of the library stands where its place says, with
// whatever line ends and characters around it.
func TestPlacesPointAtTheText(t *testing.T) {
	for _, e := range Library() {
		text := strings.Replace(string(e.Data), "\ndescription: ", "\nsummary: ", 1) // a second one comes below
		for name, variant := range map[string]string{
			"as it is":  text,
			"CRLF":      strings.ReplaceAll(text, "\n", "\r\n"),
			"BOM":       "\ufeff" + text,
			"non-ASCII": "# żółć €€€\n" + strings.ReplaceAll(text, "title: ", `"ti\u0074le": `),
			"double":    "\"description\": \"a\n  é \\n b\\\n  c\n\n  d\"\n" + text,
			"single":    "description: 'a\n  é''\n\n  d'\n" + text,
			"plain":     "description: a\n  é # no more\n" + text,
			"literal":   "description: |+ # kept\n  a\n\n   é\n\n\n" + text,
			"folded":    "description: >-\n  a\n\n   é\n\n" + text,
			"flow":      "x: [a,\n\n  {b: é,\n  c: d\n  }, # e\n ]\n" + text,
		} {
			lines := strings.Split(strings.TrimPrefix(variant, "\ufeff"), "\n")
			root, problems := parseTree([]byte(variant))
			if len(problems) > 0 {
				t.Fatalf("%s, %s: %v", e.Name, name, problems)
			}
			root.visit(func(n *tree) {
				if n.key == "description" {
					return
				}
				if n.key != "" && n.key != "title" {
					checkPlace(t, lines, n.keyAt, n.key)
				}
				if n.kind == scalarNode && !strings.Contains(n.text, "\n") && !strings.HasPrefix(at(lines, n.at), ">") {
					checkPlace(t, lines, n.at, n.text)
				}
			})
		}
	}
}

func (t *tree) visit(f func(*tree)) {
	f(t)
	for _, c := range t.children {
		c.visit(f)
	}
}

// at returns what stands at a place.
func at(lines []string, p place) string {
	line := lines[p.line-1]
	for range p.column - 1 {
		_, size := utf8.DecodeRuneInString(line)
		line = line[size:]
	}
	return line
}

// checkPlace looks for a text at a place; it may go on in the next lines.
func checkPlace(t *testing.T, lines []string, p place, text string) {
	t.Helper()
	got := strings.TrimLeft(at(lines, p), `"'`)
	for next := p.line; next < len(lines) && len(got) < len(text) && strings.HasPrefix(text, strings.TrimSpace(got)+" "); next++ {
		got = strings.TrimSpace(got) + " " + strings.TrimSpace(lines[next])
	}
	if !strings.HasPrefix(got, text) {
		t.Errorf("%d:%d is said to have %q and has %q", p.line, p.column, text, got)
	}
}

// A plain scalar means what all readers of YAML take it for, or nothing.
func TestPlainValues(t *testing.T) {
	for text, want := range map[string]any{
		"": nil, "~": nil, "null": nil, "true": true, "false": false,
		"0": json.Number("0"), "-0": json.Number("0"), "42": json.Number("42"), "-5": json.Number("-5"), "0.50": json.Number("0.5"), ".5": json.Number("0.5"),
		"1e4": json.Number("10000"), "10000.0": json.Number("10000"), "-1.5E-1": json.Number("-0.15"), "1.": json.Number("1"),
		"on": "on", "yes": "yes", "True": "True", "5m": "5m", "50%": "50%", "1:30": "1:30", "1,000": "1,000", "a_1": "a_1", "1e": "1e", "12h": "12h",
	} {
		if got, err := plainValue(text); err != nil || got != want {
			t.Errorf("%q means %#v, %v; want %#v", text, got, err, want)
		}
	}
	for _, text := range []string{"010", "-07", "00", "0.1e99", "0x1F", "0o17", "0b11", "1_000", "1_0.5", ".inf", "-.Inf", ".NaN", "+1", "+.5", "1e400", "1e-400", "12345678901234567890", strings.Repeat("1", 50)} {
		if got, err := plainValue(text); err == nil {
			t.Errorf("%q was taken for %#v", text, got)
		}
	}
}

// What is quoted is text.
func TestTreeOfAFile(t *testing.T) {
	root, problems := parseTree([]byte("--- # one document may say that it begins\na: [1, '2', \"3\\u00e9\", x y]\nb:\n  c: |\n    d\n    e\n  f: >-\n    g\n    h\n"))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	want := map[string]any{
		"a": []any{json.Number("1"), "2", "3é", "x y"},
		"b": map[string]any{"c": "d\ne\n", "f": "g h"},
	}
	if diff := cmp.Diff(want, root.plain(func(*tree) bool { return true })); diff != "" {
		t.Errorf("the tree differs (-want +got):\n%s", diff)
	}
}

func TestPaths(t *testing.T) {
	for _, text := range []string{"ring", "ring.successors", "timeline[2].fail.fraction", "a[0][12].b_c"} {
		steps, err := parsePath(text)
		if err != nil || pathText(steps) != text {
			t.Errorf("%q became %q, %v", text, pathText(steps), err)
		}
	}
	for _, text := range []string{"", ".", "a.", ".a", "a..b", "[1]", "a[", "a[]", "a[-1]", "a[01]", "a[1", "a[1]b", "a[99999999999999999999]", "A", "a b", "a-b"} {
		if steps, err := parsePath(text); err == nil {
			t.Errorf("%q was read as %v", text, steps)
		}
	}
}
