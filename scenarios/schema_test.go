package scenarios

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

func compiledSchema(t *testing.T) (*jsonschema.Schema, map[string]any) {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("s.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("s.json")
	if err != nil {
		t.Fatal(err)
	}
	return s, doc.(map[string]any)
}

// The schema for editors takes every file of the library as it is, params not
// yet put in, and refuses what is wrong in itself.
func TestSchemaForEditors(t *testing.T) {
	s, _ := compiledSchema(t)
	for _, e := range Library() {
		root, _ := parseTree(e.Data)
		if err := s.Validate(root.plain(func(*tree) bool { return true })); err != nil {
			t.Errorf("%s: %v", e.Name, err)
		}
	}
	for _, bad := range []string{
		"name: x\n",
		"name: x\ntimeline: [{wait: 5}]\n",
		"name: x\ntimeline: [{wait: 5 min}]\n",
		"name: x\ntimeline: [{wiat: 5m}]\n",
		"name: x\ntimeline: [{wait: 5m, fail: {count: 1}}]\n",
		"name: x\nring: {bits: 65}\ntimeline: [{wait: 5m}]\n",
		"name: x\nnetwork: {loss: 1.5}\ntimeline: [{wait: 5m}]\n",
		"name: x\nring: {retry: perhaps}\ntimeline: [{wait: 5m}]\n",
	} {
		root, _ := parseTree([]byte(bad))
		if s.Validate(root.plain(func(*tree) bool { return true })) == nil {
			t.Errorf("%q passes", bad)
		}
	}
}

// Editors show the description of every key.
func TestSchemaDescribesEveryKey(t *testing.T) {
	_, doc := compiledSchema(t)
	var walk func(path string, s any)
	keys := 0
	walk = func(path string, s any) {
		switch s := s.(type) {
		case map[string]any:
			if properties, ok := s["properties"].(map[string]any); ok {
				for name, p := range properties {
					keys++
					if d, _ := p.(map[string]any)["description"].(string); !strings.HasSuffix(d, ".") {
						t.Errorf("%s.%s is described as %q", path, name, d)
					}
				}
			}
			for key, below := range s {
				walk(path+"/"+key, below)
			}
		case []any:
			for _, below := range s {
				walk(path, below)
			}
		}
	}
	walk("", doc)
	if keys < 100 {
		t.Errorf("only %d keys were found", keys)
	}
}

// What the schema calls a default is one.
func TestSchemaDefaults(t *testing.T) {
	defaults := Defaults()
	check := func(v reflect.Value) {
		for i := range v.NumField() {
			f := v.Type().Field(i)
			_, text, ok := strings.Cut(f.Tag.Get("jsonschema"), "default=")
			if !ok {
				continue
			}
			text, _, _ = strings.Cut(text, ",")
			got, err := json.Marshal(v.Field(i).Interface())
			if err != nil {
				t.Fatal(err)
			}
			if strings.Trim(string(got), `"`) != text {
				t.Errorf("%s is %s without a value, and %s by the schema", f.Name, got, text)
			}
		}
	}
	check(reflect.ValueOf(defaults))
	check(reflect.ValueOf(defaults.Ring))
}

// Each model takes the parameters of its struct in sim and no others.
func TestParametersAreThoseOfSim(t *testing.T) {
	snake := func(name string) string {
		var b strings.Builder
		for i, r := range name {
			if i > 0 && 'A' <= r && r <= 'Z' {
				b.WriteByte('_')
			}
			b.WriteRune(r)
		}
		return strings.ToLower(b.String())
	}
	compare := func(kind string, v any, known []string) {
		var want []string
		for _, f := range reflect.VisibleFields(reflect.TypeOf(v)) {
			if f.Name != "Table" { // of a matrix: what was read from the file
				want = append(want, snake(f.Name))
			}
		}
		for _, w := range want {
			if !strings.Contains(" "+strings.Join(known, " ")+" ", " "+w+" ") {
				t.Errorf("%s has the parameter %s, and the language does not", kind, w)
			}
		}
		if len(want) != len(known) {
			t.Errorf("%s has %v; the language has %v", kind, want, known)
		}
	}
	for kind, known := range latencyParams {
		compare(kind, LatencySpec{Model: kind}.Params(), known)
	}
	for kind, known := range distributionParams {
		if p := (DistributionSpec{Distribution: kind}).Params(); p != nil {
			compare(kind, p, known)
		}
	}
}
