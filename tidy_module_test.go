package chordsim_test

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// goMod is what `go mod edit -json` says of go.mod.
type goMod struct {
	Module  struct{ Path string }
	Require []struct {
		Path     string
		Indirect bool
	}
	Replace, Exclude []struct{}
}

// The modules that are said to be used are those that are, tests included. This
// much can be known without a network.
func TestModuleSaysWhatIsUsed(t *testing.T) {
	var mod goMod
	out, err := exec.Command("go", "mod", "edit", "-json").Output()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(out, &mod); err != nil {
		t.Fatal(err)
	}
	if mod.Module.Path != "chordsim" || len(mod.Replace) > 0 || len(mod.Exclude) > 0 {
		t.Errorf("go.mod names module %q with %d replacements and %d exclusions; want chordsim and none",
			mod.Module.Path, len(mod.Replace), len(mod.Exclude))
	}
	var direct []string
	for _, r := range mod.Require {
		if !r.Indirect {
			direct = append(direct, r.Path)
		}
	}
	used := map[string]bool{}
	said := map[string]bool{}
	for _, f := range goFiles(t) {
		for _, p := range f.imports(t) {
			i := slices.IndexFunc(direct, func(module string) bool { return p == module || strings.HasPrefix(p, module+"/") })
			if i >= 0 {
				used[direct[i]] = true
			} else if first, _, _ := strings.Cut(p, "/"); strings.Contains(first, ".") && !said[p] {
				said[p] = true
				t.Errorf("%s imports %s, which go.mod does not say is used directly; run go mod tidy", f.name, p)
			}
		}
	}
	for _, module := range direct {
		if !used[module] {
			t.Errorf("go.mod requires %s, which nothing imports; run go mod tidy", module)
		}
	}
}

// For the whole answer the go command also reads the modules that the tests of
// libraries need. A machine that neither has them nor can fetch them is told so
// and no more: it can still develop, and continuous integration has the answer.
func TestModuleIsTidy(t *testing.T) {
	var difference, complaint bytes.Buffer
	tidy := exec.Command("go", "mod", "tidy", "-diff")
	tidy.Stdout, tidy.Stderr = &difference, &complaint
	err := tidy.Run()
	switch {
	case difference.Len() > 0:
		t.Errorf("go.mod or go.sum is not tidy; run go mod tidy\n%s", &difference)
	case err != nil:
		t.Logf("go mod tidy could not tell: %v\n%s", err, &complaint)
	}
}
