package chordsim_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// mapRanges are the functions that range over a map where a result could be
// computed, and why its order shows nowhere.
var mapRanges = exceptions{
	"scenarios.allowReferences": "each part of the schema is changed by itself",
	"scenarios.validator":       "the formats are known by their names",
	"scenarios.knownKeys":       "the keys are sorted after they are collected",
}

// The order of a map is another in every process. Where results are computed,
// none is ranged over, and the keys of one are sorted in the same breath.
func TestMapsHaveNoOrder(t *testing.T) {
	met := map[string]bool{}
	for _, p := range typed(t, results) {
		for _, f := range p.files {
			for _, d := range f.Decls {
				where := p.name + "." + nameOf(d)
				unordered(p.info, d, func(n ast.Node, what string) {
					if !mapRanges.meet(where, met) {
						t.Errorf("%s: %s has %s in the order of a map; sort its keys", p.set.Position(n.Pos()), where, what)
					}
				})
			}
		}
	}
	mapRanges.check(t, met)
}

// unordered reports each place where the order of a map gets out: a range over
// one, or an iterator of package maps that no function of slices sorts at once.
func unordered(info *types.Info, root ast.Node, report func(n ast.Node, what string)) {
	sorted := map[ast.Expr]bool{}
	for n := range ast.Preorder(root) {
		switch n := n.(type) {
		case *ast.RangeStmt:
			if _, ok := info.TypeOf(n.X).Underlying().(*types.Map); ok {
				report(n, "a range")
			}
		case *ast.CallExpr:
			switch name := called(info, n); {
			case strings.HasPrefix(name, "slices.Sorted"):
				sorted[n.Args[0]] = true
			case slices.Contains([]string{"maps.Keys", "maps.Values", "maps.All"}, name) && !sorted[n]:
				report(n, name)
			case name == "reflect.Value.MapRange", name == "reflect.Value.MapKeys", name == "sync.Map.Range":
				report(n, name)
			}
		}
	}
}

// called returns the function of a call as package.Function or package.Type.Method.
func called(info *types.Info, call *ast.CallExpr) string {
	fun := ast.Unparen(call.Fun)
	if indexed, ok := fun.(*ast.IndexExpr); ok {
		fun = indexed.X
	}
	use, ok := fun.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	f, ok := info.Uses[use.Sel].(*types.Func)
	if !ok || f.Pkg() == nil {
		return ""
	}
	if recv := f.Signature().Recv(); recv != nil {
		of := types.TypeString(recv.Type(), func(*types.Package) string { return "" })
		return f.Pkg().Name() + "." + strings.TrimPrefix(of, "*") + "." + f.Name()
	}
	return f.Pkg().Name() + "." + f.Name()
}

// nameOf returns the name of a function, with its receiver's type, or of the first
// thing that another declaration declares.
func nameOf(d ast.Decl) string {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			return d.Name.Name
		}
		return strings.TrimPrefix(types.ExprString(d.Recv.List[0].Type), "*") + "." + d.Name.Name
	case *ast.GenDecl:
		for _, s := range d.Specs {
			if v, ok := s.(*ast.ValueSpec); ok {
				return v.Names[0].Name
			}
		}
	}
	return "_"
}

// typedPackage is a package with the types of its expressions.
type typedPackage struct {
	name  string
	set   *token.FileSet
	files []*ast.File
	info  *types.Info
}

// typed reads packages with their types. What they import comes from the go
// command as the compiler left it, which a test run has made anyway.
func typed(t *testing.T, names []string) []typedPackage {
	t.Helper()
	args := []string{"list", "-export", "-deps", "-json=ImportPath,Export,Dir,GoFiles"}
	for _, name := range names {
		args = append(args, "./"+name)
	}
	var complaint bytes.Buffer
	list := exec.Command("go", args...)
	list.Stderr = &complaint
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, &complaint)
	}
	type listed struct {
		ImportPath, Export, Dir string
		GoFiles                 []string
	}
	all := map[string]listed{}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		all[p.ImportPath] = p
	}
	set := token.NewFileSet()
	imports := importer.ForCompiler(set, "gc", func(path string) (io.ReadCloser, error) {
		if all[path].Export == "" {
			return nil, fmt.Errorf("the go command lists no export data of %s", path)
		}
		return os.Open(all[path].Export)
	})
	var packages []typedPackage
	for _, name := range names {
		p := typedPackage{name, set, nil, &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}}}
		of := all["chordsim/"+name]
		for _, file := range of.GoFiles {
			parsed, err := parser.ParseFile(set, filepath.Join(of.Dir, file), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			p.files = append(p.files, parsed)
		}
		config := types.Config{Importer: imports}
		if _, err := config.Check(of.ImportPath, set, p.files, p.info); err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
	return packages
}

// The rule above is only as good as what it finds.
func TestUnorderedFindsTheOrderOfAMap(t *testing.T) {
	const source = `package p
import ("maps"; "slices"; "reflect")
type table map[string]int
func good(m table, s []int) {
	for range s {}
	_ = slices.Sorted(maps.Keys(m))
	_ = slices.SortedFunc(maps.Values(m), func(a, b int) int { return a - b })
	_ = m["a"]
}
func bad(m table) {
	for range m {}
	for range maps.Keys(m) {}
	_ = slices.Collect(maps.Values(m))
	_ = reflect.ValueOf(m).MapKeys()
}`
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, "p.go", source, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}}
	config := types.Config{Importer: importer.ForCompiler(set, "source", nil)}
	if _, err := config.Check("p", set, []*ast.File{parsed}, info); err != nil {
		t.Fatal(err)
	}
	var got []string
	unordered(info, parsed, func(n ast.Node, what string) {
		got = append(got, fmt.Sprintf("%d %s", set.Position(n.Pos()).Line, what))
	})
	want := []string{"11 a range", "12 maps.Keys", "13 maps.Values", "14 reflect.Value.MapKeys"}
	if !slices.Equal(got, want) {
		t.Errorf("found %q, want %q", got, want)
	}
}
