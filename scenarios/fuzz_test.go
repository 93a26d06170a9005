package scenarios

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Whatever the bytes, Parse ends with a scenario that can be looked at or with
// problems that have their places in the file.
func FuzzParse(f *testing.F) {
	for _, e := range Library() {
		f.Add(e.Data, "")
	}
	files, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, "timeline[0].start.nodes=[7]")
	}
	f.Add([]byte(varied), "p=0.5")
	f.Fuzz(func(t *testing.T, data []byte, set string) {
		var o Overrides
		if set != "" {
			o.Set = []string{set}
		}
		sc, err := Parse("f", data, o)
		if err == nil {
			for _, row := range sc.Rows() {
				if row.Spec.MaxNodes() < 1 {
					t.Error("a timeline that runs has no nodes")
				}
				for _, step := range row.Spec.Timeline {
					if step.Action.Lasts() < 0 || step.Action.Common() == nil {
						t.Errorf("step %d lasts %v", step.Index, step.Action.Lasts())
					}
				}
			}
			return
		}
		problems := err.(*Problems)
		if len(problems.List) == 0 || sc != nil {
			t.Fatal("an error without problems, or with a scenario")
		}
		lines := strings.Split(strings.TrimPrefix(string(data), "\ufeff"), "\n")
		for _, p := range problems.List {
			if p.Message == "" || strings.ContainsAny(p.Message+p.Hint, "\n\r") {
				t.Errorf("a message of more or less than one line: %q; %q", p.Message, p.Hint)
			}
			if strings.HasPrefix(p.File, "--set ") {
				continue
			}
			// (Columns can be off: the scanner loses count in malformed escapes.)
			if p.Line < 1 || p.Line > len(lines) || p.Column < 1 {
				t.Errorf("%v: outside of the file", p)
			}
		}
		problems.Annotate(true)
	})
}
