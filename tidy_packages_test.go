package chordsim_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// arrows says what each package may import of the project. A package that is not
// here must be added with a reason to be.
var arrows = map[string][]string{
	".":            {},
	"sim":          {},
	"chord":        {},
	"plots":        {},
	"seed":         {"chord"},
	"dht":          {"chord"},
	"explore":      {"chord"},
	"scenarios":    {"sim", "chord", "seed", "dht", "explore"},
	"fuzz":         {"scenarios", "sim", "chord"}, // streams to draw from; nodes to look at
	"cmd/chordsim": {"scenarios", "plots", "explore", "chord", "fuzz"},
}

// libraries says which package may use which library outside its tests, by the
// beginning of the library's path. A library serves one package: who replaces it
// has one folder to look through.
var libraries = map[string][]string{
	"plots": {"gonum.org/v1/plot", "golang.org/x/image"},
	"scenarios": {
		"github.com/goccy/go-yaml", "github.com/expr-lang/expr", "github.com/invopop/jsonschema",
		"github.com/santhosh-tekuri/jsonschema", "gonum.org/v1/gonum/stat", "golang.org/x/sys", "github.com/anishathalye/porcupine",
	},
	"cmd/chordsim": {
		"github.com/spf13/", "github.com/olekukonko/tablewriter", "github.com/schollz/progressbar", "charm.land/bubbletea",
		"golang.org/x/term",
	},
}

// testLibraries are open to the tests of every package beside its own.
var testLibraries = []string{"pgregory.net/rapid", "github.com/google/go-cmp", "github.com/rogpeppe/go-internal", "github.com/cockroachdb/datadriven"}

// results are the packages whose every number may reach a result or a digest.
var results = []string{"sim", "chord", "seed", "dht", "explore", "scenarios", "fuzz"}

// goFile is a parsed file.
type goFile struct {
	file
	set *token.FileSet
	ast *ast.File
}

func (f goFile) at(n ast.Node) token.Position { return f.set.Position(n.Pos()) }

// imports returns the imported paths by the name they have in the file.
func (f goFile) imports(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, spec := range f.ast.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		name := path.Base(p)
		if spec.Name != nil {
			name = spec.Name.Name
		}
		out[name] = p
	}
	return out
}

func goFiles(t *testing.T) []goFile {
	t.Helper()
	set := token.NewFileSet()
	var out []goFile
	for _, f := range files(t) {
		if !f.isGo() {
			continue
		}
		parsed, err := parser.ParseFile(set, f.name, f.data, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, goFile{f, set, parsed})
	}
	return out
}

func TestImportArrows(t *testing.T) {
	for _, f := range goFiles(t) {
		allowed, known := arrows[f.dir()]
		if !known {
			t.Errorf("%s: package %s has no arrows; say in this test what it may import", f.name, f.dir())
			continue
		}
		for _, p := range f.imports(t) {
			own, ofProject := strings.CutPrefix(p, "chordsim/")
			first, _, _ := strings.Cut(p, "/")
			begins := func(prefix string) bool { return strings.HasPrefix(p, prefix) }
			switch {
			case ofProject && slices.Contains(allowed, own), ofProject && f.isTest() && own == f.dir():
			case ofProject:
				t.Errorf("%s imports %s; %s may import of the project: %q", f.name, p, f.dir(), allowed)
			case !strings.Contains(first, "."): // the standard library
			case slices.ContainsFunc(libraries[f.dir()], begins):
			case f.isTest() && slices.ContainsFunc(testLibraries, begins):
			default:
				t.Errorf("%s imports %s; %s may use: %q", f.name, p, f.dir(), libraries[f.dir()])
			}
		}
	}
}

// banned are uses of the standard library that the project does without.
var banned = []struct {
	pkg    string         // its import path
	names  *regexp.Regexp // what of it
	in     []string       // packages; all if nil
	tests  bool           // in tests too
	except exceptions
	why    string
}{
	{
		pkg: "math/rand", names: regexp.MustCompile(`.`), tests: true,
		why: "its streams are shared and change between versions of Go; draw from a sim.Stream, in tests also from rapid",
	},
	{
		pkg: "math/rand/v2", names: regexp.MustCompile(`.`), tests: true,
		why: "one actor's draws would shift another's; draw from a sim.Stream, in tests also from rapid",
	},
	{
		pkg: "crypto/rand", names: regexp.MustCompile(`.`), tests: true,
		why: "nothing here may be unrepeatable",
	},
	{
		pkg: "time", names: regexp.MustCompile(`^(Now|Since|Until|Sleep|After|AfterFunc|Tick|NewTimer|NewTicker)$`), tests: true,
		except: exceptions{
			"cmd/chordsim/progress.go":         "the bar shows the host's time",
			"cmd/chordsim/explore_progress.go": "states a second are the host's",
			"cmd/chordsim/pace.go":             "a watched run is held back to it; what the run finds does not depend on that",
			"scenarios/run.go":                 "how long a run took is in result.host, which no digest covers",
			"scenarios/run_result.go":          "so is the time that placing keys took, apart from it",
			"cmd/chordsim/cmd_fuzz.go":         "how long to search is asked for in it; what a run finds does not depend on that",
		},
		why: "a run knows virtual time only, and a test that waits fails on a busy machine",
	},
	{
		pkg: "context", names: regexp.MustCompile(`^With(Timeout|Deadline)`), tests: true,
		why: "the host's clock would decide what happens",
	},
	{
		pkg: "unsafe", names: regexp.MustCompile(`^(Pointer|Add|Slice|SliceData|String|StringData)$`),
		why: "sizes are constants and harmless, pointers are neither",
	},
	{
		pkg: "sync/atomic", names: regexp.MustCompile(`^(Add|And|Or|CompareAndSwap|Load|Store|Swap)`), tests: true,
		why: "a plain 64-bit word need not be aligned on 386; use atomic.Int64 and its like",
	},
	{
		pkg: "os", names: regexp.MustCompile(`^Exit$`),
		except: exceptions{
			"cmd/chordsim/main.go": "the one place where an error becomes a status",
		},
		why: "return an error; main turns it into a status",
	},
	{
		pkg: "log", names: regexp.MustCompile(`.`),
		why: "return what happened, or count it",
	},
	{
		pkg: "fmt", names: regexp.MustCompile(`^Print(f|ln)?$`),
		why: "write to the writer that was handed in",
	},
	{
		// The rest of the package is exact: it rounds once, or takes numbers apart.
		pkg: "math", in: results,
		names: regexp.MustCompile(`^(A?(Sin|Cos|Tan)h?|Sincos|Atan2|Cbrt|Erf.*|Exp(2|m1)?|FMA|Gamma|Hypot|J[01n]|Lgamma|Log(1p|2|10)?|Pow(10)?|Y[01n])$`),
		except: exceptions{
			"scenarios/expect_functions.go": "an expectation may compute as it likes: it reads results, and none depends on it",
		},
		why: "its last bit differs between architectures; sim has Exp, Log and Pow of its own",
	},
}

func TestBannedUses(t *testing.T) {
	for _, ban := range banned {
		met := map[string]bool{}
		for _, f := range goFiles(t) {
			if f.isTest() && !ban.tests || ban.in != nil && !slices.Contains(ban.in, f.dir()) {
				continue
			}
			imports := f.imports(t)
			if imports["."] != "" {
				t.Errorf("%s imports %s into its own names; write out where a name is from", f.name, imports["."])
			}
			for n := range ast.Preorder(f.ast) {
				use, ok := n.(*ast.SelectorExpr)
				if !ok || !ban.names.MatchString(use.Sel.Name) {
					continue
				}
				of, ok := use.X.(*ast.Ident)
				if !ok || importedAs(imports, of.Name) != ban.pkg || ban.except.meet(f.name, met) {
					continue
				}
				t.Errorf("%s: %s.%s: %s", f.at(use), of.Name, use.Sel.Name, ban.why)
			}
		}
		ban.except.check(t, met)
	}
}

// importedAs returns what an identifier before a dot stands for. The name of a
// second major version is that of the folder above it.
func importedAs(imports map[string]string, name string) string {
	if p, ok := imports["v2"]; ok && path.Base(path.Dir(p)) == name {
		return p
	}
	return imports[name]
}

// The protocol is a pure state machine: it runs behind a socket and inside an
// explorer as well, and a copy of a node is a clone. So are the machines beside
// it, which may look things up in a map.
func TestProtocolIsPure(t *testing.T) {
	allowed := []string{"cmp", "errors", "fmt", "math", "math/bits", "slices", "strconv", "strings", "unsafe"} // of unsafe sizes only, see banned
	for _, f := range goFiles(t) {
		if f.dir() != "chord" && f.dir() != "seed" || f.isTest() {
			continue
		}
		for _, p := range f.imports(t) {
			if !slices.Contains(allowed, p) && p != "chordsim/chord" {
				t.Errorf("%s imports %s; the protocol has no clock, no lock, no log and no randomness of its own: %q", f.name, p, allowed)
			}
		}
		for n := range ast.Preorder(f.ast) {
			switch n.(type) {
			case *ast.GoStmt, *ast.ChanType, *ast.SelectStmt, *ast.SendStmt:
				t.Errorf("%s: the protocol does one thing at a time", f.at(n))
			case *ast.MapType:
				if f.dir() == "chord" {
					t.Errorf("%s: a map cannot be copied as a value, and has no order", f.at(n))
				}
			}
		}
	}
}

// A test that does not run is worse than none: it is counted.
func TestNothingIsSkipped(t *testing.T) {
	for _, f := range goFiles(t) {
		if !f.isTest() {
			continue
		}
		for n := range ast.Preorder(f.ast) {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				continue
			}
			if use, ok := call.Fun.(*ast.SelectorExpr); ok && slices.Contains([]string{"Skip", "Skipf", "SkipNow"}, use.Sel.Name) {
				t.Errorf("%s: make it run everywhere, or leave it out", f.at(call))
			}
		}
	}
}

func TestPackagesAreDocumented(t *testing.T) {
	docs := map[string][]string{}
	for _, f := range goFiles(t) {
		if f.dir() != "." && f.isTest() {
			continue
		}
		docs[f.dir()] = append(docs[f.dir()], f.ast.Doc.Text())
	}
	for dir := range arrows {
		want := "Package " + path.Base(dir)
		switch {
		case dir == ".":
			want = "Package chordsim_test"
		case strings.HasPrefix(dir, "cmd/"):
			want = "Command " + path.Base(dir)
		}
		texts := slices.DeleteFunc(docs[dir], func(s string) bool { return s == "" })
		if len(texts) != 1 || !strings.HasPrefix(texts[0], want+" ") {
			t.Errorf("%s: %d files have a package comment; one must, and it must begin with %q", dir, len(texts), want)
		}
	}
}
