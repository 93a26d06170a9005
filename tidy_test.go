// Package chordsim_test holds the repository as a whole to what no single package
// can hold itself to: which package may import which, what the results may be
// computed with, how large and how long a file may be, and that nothing in the
// tree is dead, half done or out of format.
//
// Order of reading: tidy_test.go (files and text), tidy_packages_test.go (imports
// and calls), tidy_order_test.go (maps), tidy_module_test.go (go.mod), and
// tidy_docs_test.go (the pages people read).
//
// A rule with exceptions names each beside its reason, and an exception that is
// not needed any more is an error too.
package chordsim_test

import (
	"bytes"
	"errors"
	"go/format"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

const (
	maxBlob  = 256 << 10 // bytes; git keeps every version of a large file for ever
	maxLines = 500       // of a Go file: one concept that fits in a head
	maxWidth = 160       // characters of a line, a tab being one
)

// longFiles may have more than maxLines lines.
var longFiles = exceptions{}

// leftovers are the marks of work that is not done.
var leftovers = regexp.MustCompile(`\b(TO` + `DO|FIX` + `ME|XX` + `X)\b`)

// exceptions are the files that a rule leaves out, each with its reason.
type exceptions map[string]string

// meet reports whether the rule leaves a file out, and remembers that it had to.
func (e exceptions) meet(file string, met map[string]bool) bool {
	met[file] = true
	_, ok := e[file]
	return ok
}

// check complains of exceptions that no file needs.
func (e exceptions) check(t *testing.T, met map[string]bool) {
	t.Helper()
	for file := range e {
		if !met[file] {
			t.Errorf("%s is an exception that it does not need", file)
		}
	}
}

// file is one file of the repository.
type file struct {
	name string // with slashes, from the root
	data []byte
}

func (f file) isGo() bool   { return strings.HasSuffix(f.name, ".go") }
func (f file) isTest() bool { return strings.HasSuffix(f.name, "_test.go") }
func (f file) dir() string  { return path.Dir(f.name) }

// isText reports whether people write and read the file: the inputs of tests may
// be anything.
func (f file) isText() bool {
	written := strings.HasPrefix(f.name, "docs/papers") // by a command
	return f.name != "go.sum" && !written && !strings.Contains("/"+f.name, "/testdata/") &&
		utf8.Valid(f.data) && !bytes.ContainsRune(f.data, 0)
}

// lines returns the lines without their ends.
func (f file) lines() []string {
	return strings.Split(strings.TrimSuffix(string(f.data), "\n"), "\n")
}

// files returns what git keeps or would add; without git, all but hidden folders
// and results. The tree is walked in either case, because that is how the go
// command learns that a cached pass has grown old.
func files(t *testing.T) []file {
	t.Helper()
	list, err := exec.Command("git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard").Output()
	known := strings.Split(string(list), "\x00")
	if err != nil || !slices.Contains(known, "go.mod") {
		known = nil
	}
	slices.Sort(known)
	var out []file
	err = filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		if d.IsDir() {
			if name == ".git" || name == "results" {
				return fs.SkipDir
			}
			return nil
		}
		if _, ok := slices.BinarySearch(known, name); known != nil && !ok || !d.Type().IsRegular() {
			return nil
		}
		data, err := os.ReadFile(filepath.FromSlash(name))
		if errors.Is(err, fs.ErrNotExist) {
			return nil // a temporary file of something that runs beside the test
		}
		out = append(out, file{name, data})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(out) < 50 {
		t.Fatalf("found only %d files; the rules would hold for nothing", len(out))
	}
	return out
}

func TestFilesAreSmall(t *testing.T) {
	met := map[string]bool{}
	for _, f := range files(t) {
		if len(f.data) > maxBlob {
			t.Errorf("%s has %d bytes, the most is %d", f.name, len(f.data), maxBlob)
		}
		if n := len(f.lines()); f.isGo() && n > maxLines && !longFiles.meet(f.name, met) {
			t.Errorf("%s has %d lines, the most is %d; give its second concept a file of its own", f.name, n, maxLines)
		}
	}
	longFiles.check(t, met)
}

func TestGoIsFormatted(t *testing.T) {
	for _, f := range files(t) {
		if !f.isGo() {
			continue
		}
		want, err := format.Source(f.data)
		if err != nil {
			t.Errorf("%s: %v", f.name, err)
		} else if !bytes.Equal(f.data, want) {
			t.Errorf("%s is not formatted; run gofmt -w %s", f.name, f.name)
		}
	}
}

func TestTextIsTidy(t *testing.T) {
	// A struct tag and a row of a table cannot be broken, an address should not be.
	unbreakable := regexp.MustCompile("`[a-z]+:\"|^\\s*\\||://")
	// What a test quotes, an input or a message, is as long as it is.
	quoted := regexp.MustCompile("\"(?:[^\"\\\\]|\\\\.)*\"|`[^`]*`")
	for _, f := range files(t) {
		if !f.isText() {
			continue
		}
		if !bytes.HasSuffix(f.data, []byte("\n")) || bytes.HasSuffix(f.data, []byte("\n\n")) {
			t.Errorf("%s does not end with one newline", f.name)
		}
		for i, line := range f.lines() {
			width := line
			if f.isTest() {
				width = quoted.ReplaceAllString(line, `""`)
			}
			if n := utf8.RuneCountInString(width); n > maxWidth && !unbreakable.MatchString(line) {
				t.Errorf("%s:%d: %d characters, the most is %d", f.name, i+1, n, maxWidth)
			}
			if strings.TrimRight(line, " \t\r") != line {
				t.Errorf("%s:%d: blanks at the end of the line", f.name, i+1)
			}
			if mark := leftovers.FindString(line); mark != "" {
				t.Errorf("%s:%d: %s: do it, or open an issue", f.name, i+1, mark)
			}
		}
	}
}

// A file under testdata is used if the tests of its package name it, without its
// extension at least, or name the folder it lies in. A folder of inputs for
// fuzzing belongs to the target of its name.
func TestTestdataIsUsed(t *testing.T) {
	all := files(t)
	sources := map[string]string{}
	for _, f := range all {
		if f.isTest() {
			sources[f.dir()] += string(f.data)
		}
	}
	for _, f := range all {
		dir, rest, ok := strings.Cut(f.name, "/testdata/")
		if !ok {
			continue
		}
		folder, base := path.Split(rest)
		folder = strings.TrimSuffix(folder, "/")
		stem, _, _ := strings.Cut(base, ".")
		wanted := []string{stem}
		switch inputs, isInput := strings.CutPrefix(folder, "fuzz/"); {
		case isInput:
			wanted = []string{"func " + inputs + "("}
		case folder != "":
			wanted = append(wanted, "testdata/"+folder, `"testdata", "`+folder)
		}
		if !slices.ContainsFunc(wanted, func(s string) bool { return strings.Contains(sources[dir], s) }) {
			t.Errorf("%s is named by no test of %s", f.name, dir)
		}
	}
}
