package scenarios

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// The keys of a file have its texts, whatever step names keys before or after, and
// a key that two files have is one. Two texts with one identifier are two keys.
func TestKeysOfFiles(t *testing.T) {
	file := func(text string) string {
		name := filepath.Join(t.TempDir(), "keys.json")
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	// Of 400 texts some share one of 2^14 identifiers.
	texts, byID := []string{}, map[uint64]string{}
	for i := 0; len(texts) < 2; i++ {
		text := fmt.Sprint("text-", i)
		if other, taken := byID[hashed(text, 14)]; taken {
			texts = []string{other, text}
		}
		byID[hashed(text, 14)] = text
	}
	one := file(fmt.Sprintf(`{"alpha": "1", %q: "22", "key-3": "333"}`, texts[0]))
	two := file(fmt.Sprintf(`{"beta": "", %q: "55555", "alpha": "4444"}`, texts[1]))
	tl, all := commandsOf(t, "ring: {bits: 14, successors: 4, "+quiet+`, detector: perfect}
timeline:
  - start: {nodes: 30}
  - put: {count: 2}
  - put: {file: `+one+`, over: 1s}
  - put: {count: 1}
  - put: {file: `+two+`, over: 1s}
  - get: {each: on, as: all_keys}
`, 1)
	d := tl.w.data
	var got []string
	for k := range d.keys.IDs {
		text := d.keyText(uint32(k))
		got = append(got, text)
		if d.keys.IDs[k] != hashed(text, 14) || int(d.keys.Bytes[k]) != len(text) {
			t.Errorf("key %d, %s: identifier %d and %d bytes", k, text, d.keys.IDs[k], d.keys.Bytes[k])
		}
	}
	want := []string{"key-0", "key-1", "alpha", texts[0], "key-3", "key-5", "beta", texts[1]}
	if !slices.Equal(got, want) {
		t.Errorf("keys %q, want %q", got, want)
	}
	var sizes []uint32
	for _, c := range only(putOperation, all) {
		sizes = append(sizes, c.size)
	}
	if want := []uint32{100, 100, 1, 2, 3, 100, 0, 5, 4}; !slices.Equal(sizes, want) {
		t.Errorf("sizes %v, want %v", sizes, want)
	}
	if d.keys.IDs[3] != d.keys.IDs[7] {
		t.Fatal("the two texts have not one identifier")
	}
	for _, o := range tl.result().Operations {
		if o.Name == "all_keys" && (o.Found != 8 || o.WrongValue != 0) {
			t.Errorf("the gets came to %+v", o)
		}
	}
}

// A file of the library is found from wherever its scenario is run; one that lies
// beside the scenario goes first.
func TestFilesOfTheLibrary(t *testing.T) {
	data, _ := Open("echord/mass-data")
	load := func(dir string) *massData {
		t.Helper()
		sc, err := Parse(filepath.Join(dir, "mass-data.yaml"), data, Overrides{})
		if err != nil {
			t.Fatal(err)
		}
		plans, err := sc.plans()
		if err != nil {
			t.Fatal(err)
		}
		return plans[0].masses["mass-data.json"]
	}
	dir := t.TempDir()
	if m := load(dir); len(m.keys) != 1000 {
		t.Errorf("%d keys of the library's file", len(m.keys))
	}
	if err := os.WriteFile(filepath.Join(dir, "mass-data.json"), []byte(`{"mine": "1"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if m := load(dir); len(m.keys) != 1 || m.keys[0] != "mine" {
		t.Errorf("%d keys of the file beside the scenario", len(m.keys))
	}
	// Whoever changes the scenario brings files of his own.
	sc := mustParse(t, strings.Replace(string(data), "over: 10s", "over: 11s", 1), Overrides{})
	if _, err := sc.plans(); err == nil {
		t.Error("a scenario that is not the library's finds the library's file")
	}
}
