package scenarios

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var rewriteProblems = flag.Bool("rewrite-problems", false, "rewrite testdata/bad/*.want from what Parse says")

// Each file of testdata/bad has all that Parse says of it beside it.
func TestProblems(t *testing.T) {
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no files: %v", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			_, err = Parse(filepath.Base(file), data, Overrides{})
			if err == nil {
				t.Fatal("nothing was found")
			}
			got := err.Error() + "\n"
			want := strings.TrimSuffix(file, ".yaml") + ".want"
			if *rewriteProblems {
				if err := os.WriteFile(want, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			expected, err := os.ReadFile(want)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(expected), got); diff != "" {
				t.Errorf("problems differ (-want +got):\n%s", diff)
			}
		})
	}
}

func problemsOf(t *testing.T, text string, o Overrides) *Problems {
	t.Helper()
	_, err := Parse("s.yaml", []byte(text), o)
	problems, ok := err.(*Problems)
	if !ok {
		t.Fatalf("Parse returned %v, want problems", err)
	}
	return problems
}

func TestAnnotateMarksTheColumn(t *testing.T) {
	p := problemsOf(t, "name: x\nring:\n  sucessors: 3\ntimeline:\n  - start: {nodes: 1}\nexpect:\n  - ring.verdict == ring.verdikt\n", Overrides{})
	want := `s.yaml:3:3: unknown key "sucessors" in ring; did you mean "successors"?
   1 | name: x
   2 | ring:
>  3 |   sucessors: 3
         ^
   4 | timeline:
   5 |   - start: {nodes: 1}
   6 | expect:

s.yaml:7:26: ring has no "verdikt"; did you mean verdict?
   4 | timeline:
   5 |   - start: {nodes: 1}
   6 | expect:
>  7 |   - ring.verdict == ring.verdikt
                                ^
`
	got := p.Annotate(false)
	trim := func(s string) string { // the printer leaves blanks at the ends of lines
		lines := strings.Split(s, "\n")
		for i := range lines {
			lines[i] = strings.TrimRight(lines[i], " ")
		}
		return strings.Join(lines, "\n")
	}
	if diff := cmp.Diff(trim(want), trim(got)); diff != "" {
		t.Errorf("annotation differs (-want +got):\n%s", diff)
	}
}

// The printer takes the square of the length of a line; such lines are left
// out, their problems are not.
func TestAnnotateShowsTheFileAsItIs(t *testing.T) {
	file := []string{"name: x", "timeline:", "  - start: {nodes: 3}", "  - heal:", "  - wait: 1", "  - wait: 2s", ""}
	p := problemsOf(t, strings.Join(file, "\n"), Overrides{})
	if len(p.List) != 2 {
		t.Fatal(p)
	}
	shown := regexp.MustCompile(`(?m)^>? +(\d+) \| (.*?) *$`).FindAllStringSubmatch(p.Annotate(false), -1)
	if len(shown) < 10 {
		t.Errorf("only %d lines are shown:\n%s", len(shown), p.Annotate(false))
	}
	for _, line := range shown {
		if n, _ := strconv.Atoi(line[1]); n < 1 || n >= len(file) || line[2] != file[n-1] {
			t.Errorf("line %s is shown as %q", line[1], line[2])
		}
	}
}

func TestAnnotateLeavesOutEndlessLines(t *testing.T) {
	p := problemsOf(t, "name: x\nring: {sucessors: 3} # "+strings.Repeat("x", 10_000)+"\ntimeline: [{start: {nodes: 1}}]\n", Overrides{})
	if got := p.Annotate(false); got != p.Error()+"\n" {
		t.Errorf("annotated as %d bytes, want the %d of the bare problem", len(got), len(p.Error())+1)
	}
}

func TestNoMoreThanAHundredProblems(t *testing.T) {
	p := problemsOf(t, "name: x\ntimeline: [{start: {nodes: 1}}]\n"+strings.Repeat("output: {plots: []}\n", 150), Overrides{})
	if len(p.List) != maxProblems || p.More != 49 {
		t.Errorf("%d problems and %d more, want %d and 49", len(p.List), p.More, maxProblems)
	}
	if !strings.HasSuffix(p.Error(), "\nand 49 more problems") || !strings.HasSuffix(p.Annotate(false), "\nand 49 more problems\n") {
		t.Error("the report does not say how many were left out")
	}
}
