package main

import (
	"context"
	"encoding/json"
	"image"
	_ "image/png"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"chordsim/scenarios"
)

// What the pages leave out: nothing that can be written, typed or measured, and
// no file.

// sameChart compares the chart of a run with the one of the page. Coordinates
// are floating point, so that on another processor single pixels may differ.
func sameChart(t *testing.T, drawn, shown string) {
	t.Helper()
	if os.Getenv("REWRITE") != "" {
		data, err := os.ReadFile(drawn)
		if err != nil {
			t.Fatal(err)
		}
		write(t, shown, data)
	}
	images := make([]image.Image, 2)
	for i, name := range []string{drawn, shown} {
		file, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		if images[i], _, err = image.Decode(file); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	size := images[0].Bounds()
	if size != images[1].Bounds() {
		t.Fatalf("%s measures %v, that of the run %v", shown, images[1].Bounds(), size)
	}
	different := 0
	for y := size.Min.Y; y < size.Max.Y; y++ {
		for x := size.Min.X; x < size.Max.X; x++ {
			if images[0].At(x, y) != images[1].At(x, y) {
				different++
			}
		}
	}
	if all := size.Dx() * size.Dy(); different > all/1000 {
		t.Errorf("%d of %d pixels of %s are not those of %s; REWRITE=1 go test ./cmd/chordsim puts them in", different, all, shown, drawn)
	}
}

// Whatever can be written in a scenario or typed, and whatever a run measures,
// is in the README, as code.
func TestReadmeNamesEverything(t *testing.T) {
	var code strings.Builder
	lines := page(t, "README.md")
	for _, b := range blocksOf(lines) {
		code.WriteString(strings.Join(b.lines, "\n") + "\n")
	}
	for _, m := range regexp.MustCompile("`([^`\n]+)`").FindAllStringSubmatch(strings.Join(lines, "\n"), -1) {
		code.WriteString(m[1] + "\n")
	}
	named := map[string]bool{}
	for _, word := range regexp.MustCompile(`[A-Za-z0-9_/-]+`).FindAllString(code.String(), -1) {
		named[word] = true
		for part := range strings.SplitSeq(word, "/") {
			named[part] = true
		}
	}
	needs := func(kind, word string) {
		if !named[word] {
			t.Errorf("README.md does not name the %s %s", kind, word)
		}
	}
	for _, e := range scenarios.Library() {
		needs("scenario", e.Name)
	}
	var schema any
	if err := json.Unmarshal(scenarios.Schema(), &schema); err != nil {
		t.Fatal(err)
	}
	for _, word := range schemaWords(schema) {
		needs("word of the language", word)
	}
	for _, c := range tree(&app{engine: simulator()}).Commands() {
		needs("command", c.Name())
		for _, flag := range regexp.MustCompile(`--[a-z-]+`).FindAllString(c.Flags().FlagUsages(), -1) {
			needs("flag", flag)
		}
	}
	blocks := blocksOf(lines)
	first := slices.IndexFunc(blocks, func(b block) bool { return b.lang == "yaml" })
	text := strings.Join(blocks[first].lines, "\n")
	sc, err := scenarios.Parse("README.md", []byte(text), scenarios.Overrides{Set: []string{"nodes=40"}})
	if err != nil {
		t.Fatal(err)
	}
	r, err := scenarios.Run(context.Background(), sc, scenarios.RunOptions{})
	if err != nil {
		t.Fatal(err)
	}
	tables := scenarios.Tables(r)
	for _, column := range tables[slices.IndexFunc(tables, func(t scenarios.Table) bool { return t.Name == "runs" })].Columns {
		segments := strings.Split(column.Name, ".")
		needs("measurement", segments[len(segments)-1])
	}
}

// schemaWords returns all keys and all words that a value may be.
func schemaWords(schema any) []string {
	var words []string
	switch s := schema.(type) {
	case map[string]any:
		for key, value := range s {
			if properties, ok := value.(map[string]any); ok && key == "properties" {
				for name := range properties {
					words = append(words, name)
				}
			}
			if values, ok := value.([]any); ok && key == "enum" {
				for _, v := range values {
					if word, ok := v.(string); ok {
						words = append(words, word)
					}
				}
			}
			words = append(words, schemaWords(value)...)
		}
	case []any:
		for _, value := range s {
			words = append(words, schemaWords(value)...)
		}
	}
	slices.Sort(words)
	return slices.Compact(words)
}

// Who looks for a behaviour finds its file in the map: every one is there, and
// none that is not.
func TestArchitectureMapsEveryFile(t *testing.T) {
	in := map[string]map[string]bool{} // files named, by folder
	folder := ""
	for _, line := range page(t, "ARCHITECTURE.md") {
		if strings.HasPrefix(line, "#") {
			folder = ""
			if m := regexp.MustCompile("^### `([a-z/]+)`").FindStringSubmatch(line); m != nil {
				folder = path.Clean(m[1])
				in[folder] = map[string]bool{}
			}
		}
		if folder == "" || !strings.HasPrefix(line, "|") {
			continue
		}
		for _, name := range regexp.MustCompile(`[a-z0-9_]+\.go\b`).FindAllString(line, -1) {
			in[folder][name] = true
		}
	}
	for _, folder := range []string{"sim", "chord", "scenarios", "plots", "cmd/chordsim"} {
		files, err := filepath.Glob(filepath.Join(repository, filepath.FromSlash(folder), "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %d files, %v", folder, len(files), err)
		}
		for _, file := range files {
			name := filepath.Base(file)
			if !in[folder][name] && !strings.HasSuffix(name, "_test.go") {
				t.Errorf("ARCHITECTURE.md does not say what %s/%s is for", folder, name)
			}
			delete(in[folder], name)
		}
		for name := range in[folder] {
			t.Errorf("ARCHITECTURE.md has %s/%s in its map; there is no such file", folder, name)
		}
	}
}
