package chordsim_test

import (
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestChangelogIsOpen(t *testing.T) {
	if !regexp.MustCompile(`(?m)^## \[.+\] - unreleased$`).MatchString(read(t, "CHANGELOG.md")) {
		t.Error("CHANGELOG.md has no section `## [VERSION] - unreleased` for the next change to go into")
	}
}

// What a page tells the reader to type has to be there.
func TestPagesNameWhatExists(t *testing.T) {
	all := files(t)
	exists := func(name string) bool {
		return slices.ContainsFunc(all, func(f file) bool { return f.name == name || strings.HasPrefix(f.name, name+"/") })
	}
	targets := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^([a-z-]+):`).FindAllStringSubmatch(read(t, "Makefile"), -1) {
		targets[m[1]] = true
	}
	target := regexp.MustCompile("(?m)(?:^ *(?:\\$ )?|`)make ([a-z-]+)")
	link := regexp.MustCompile(`\]\(([^):#]+)(?:#[^)]*)?\)`)
	for _, page := range []string{"README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "CHANGELOG.md"} {
		text := read(t, page)
		for _, m := range target.FindAllStringSubmatch(text, -1) {
			if !targets[m[1]] {
				t.Errorf("%s says make %s; the Makefile has no such target", page, m[1])
			}
		}
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			if !exists(path.Clean(m[1])) {
				t.Errorf("%s links to %s, which is not in the repository", page, m[1])
			}
		}
	}
}

// What sends its reader to a page sends to one that is here.
func TestSourcesNamePagesThatExist(t *testing.T) {
	all := files(t)
	page := regexp.MustCompile(`[\w/-]+\.md\b`)
	for _, f := range all {
		if !f.isText() || f.isTest() {
			continue
		}
		for i, line := range f.lines() {
			for _, name := range page.FindAllString(line, -1) {
				beside := path.Join(path.Dir(f.name), name)
				if !slices.ContainsFunc(all, func(f file) bool { return f.name == name || f.name == beside }) {
					t.Errorf("%s:%d: %s is not in the repository", f.name, i+1, name)
				}
			}
		}
	}
}

// Newcomers and continuous integration run the same tests by the same command.
func TestOneTestCommand(t *testing.T) {
	command := regexp.MustCompile(`(?m)^[ \t]*(?:\$ )?go test \./\.\.\.$`)
	for _, name := range []string{"README.md", "CONTRIBUTING.md", ".ci/run"} {
		if !command.MatchString(read(t, name)) {
			t.Errorf("%s has no line that is the test command `go test ./...`", name)
		}
	}
}
