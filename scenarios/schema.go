package scenarios

import (
	"bytes"
	"encoding/json"
	"strings"
	"sync"

	reflector "github.com/invopop/jsonschema"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// reflectSchema returns the schema of the language, made from the Go types.
func reflectSchema() *reflector.Schema {
	r := reflector.Reflector{
		Anonymous:                  true,
		ExpandedStruct:             true,
		RequiredFromJSONSchemaTags: true,
	}
	s := r.Reflect(&scenarioForm{})
	step, one := s.Definitions["stepForm"], uint64(1)
	step.MinProperties, step.MaxProperties = &one, &one
	s.Title = "chordsim scenario"
	return s
}

// Schema returns the JSON Schema of the language, for editors: draft 2020-12,
// indented. Where a value may come from a param, it takes ${name} as well.
func Schema() []byte {
	root := schemaTree()
	allowReferences(root)
	root["$defs"].(map[string]any)["Reference"] = map[string]any{
		"type": "string", "pattern": `\$\{[^}]+\}`, "description": "The value of a param, or of a formula over params: ${max(s, 4)}.",
	}
	out, err := json.MarshalIndent(root, "", "  ")
	if err != nil {
		panic("scenarios: " + err.Error())
	}
	return append(out, '\n')
}

func schemaTree() map[string]any {
	data, err := json.Marshal(reflectSchema())
	if err != nil {
		panic("scenarios: " + err.Error())
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var root map[string]any
	if err := d.Decode(&root); err != nil {
		panic("scenarios: " + err.Error())
	}
	return root
}

// allowReferences lets every property and item that is a scalar also be a text
// with a ${param} in it.
func allowReferences(s map[string]any) {
	for key, below := range s {
		switch key {
		case "properties", "$defs":
			for name, v := range below.(map[string]any) {
				if p, ok := v.(map[string]any); ok && name != "params" && name != "vary" && name != "name" {
					allowReferences(p)
					if key == "properties" && isScalarSchema(p) {
						description := p["description"]
						delete(p, "description")
						either := map[string]any{"anyOf": []any{p, map[string]any{"$ref": "#/$defs/Reference"}}}
						if description != nil {
							either["description"] = description
						}
						below.(map[string]any)[name] = either
					}
				}
			}
		case "anyOf":
			for _, v := range below.([]any) {
				if p, ok := v.(map[string]any); ok {
					allowReferences(p)
				}
			}
		}
	}
}

// isScalarSchema reports whether a schema is one of scalars that a text with a
// param in it would not satisfy.
func isScalarSchema(s map[string]any) bool {
	switch s["type"] {
	case "integer", "number", "boolean":
		return true
	case "string":
		return s["enum"] != nil || s["pattern"] != nil
	}
	ref, _ := s["$ref"].(string)
	return unitParsers[strings.TrimPrefix(ref, "#/$defs/")] != nil || s["enum"] != nil
}

// validator is the compiled schema that Parse checks with: params have been
// put in by then.
var validator = sync.OnceValue(func() *jsonschema.Schema {
	const url = "scenario.json"
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	for name, parse := range unitParsers {
		c.RegisterFormat(&jsonschema.Format{Name: unitFormat(name), Validate: func(v any) error {
			switch v := v.(type) {
			case string:
				return parse(v)
			case json.Number:
				return parse(string(v))
			}
			return nil // not a scalar: the type says so
		}})
	}
	if err := c.AddResource(url, any(schemaTree())); err != nil {
		panic("scenarios: " + err.Error())
	}
	return c.MustCompile(url)
})
