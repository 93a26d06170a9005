package scenarios

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestMassData(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data.json")
	text := "\ufeff{\r\n  \"b\" : \"2\",\"a\":\"\", \n\t\"\\u00fc\\ud83d\\ude00\": \"\\\"\\ufffd\\n\"}\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	m, err := readMassData(path, 10)
	if err != nil {
		t.Fatal(err)
	}
	if keys, values := []string{"b", "a", "ü😀"}, []string{"2", "", "\"\ufffd\n"}; !slices.Equal(m.keys, keys) || !slices.Equal(m.values, values) {
		t.Errorf("%q: %q", m.keys, m.values)
	}
}

// What is said of each mistake, to the byte.
func TestMassDataProblems(t *testing.T) {
	long := strings.Repeat("k", maxMassKeyBytes+1)
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "f:1:1: empty: give one object of keys and values"},
		{"blank", "\n \n", "f:3:1: empty: give one object of keys and values"},
		{"no key", " {\n}\n", "f:1:2: no key in the object"},
		{"an array", `[{"a":"b"}]`, "f:1:1: an array, not an object of keys and values"},
		{"a text", "\n \"a\"", "f:2:2: a text, not an object of keys and values"},
		{"a number", "-1", "f:1:1: a number, not an object of keys and values"},
		{"values of other kinds", "{\"a\": 1,\n \"b\": true, \"c\" :null,\n\"d\":{\"e\":\"f\"},\n\"g\":[[]], \"h\": \"fine\"}",
			"f:1:7: the value of \"a\" is a number, not a text in quotes\nf:2:7: the value of \"b\" is a truth value, not a text in quotes\nf:2:18: the value of \"c\" is null, not a text in quotes\nf:3:5: the value of \"d\" is an object, not a text in quotes\nf:4:5: the value of \"g\" is an array, not a text in quotes"},
		{"twice", "{\"a\":\"1\",\n\"b\":\"2\",\n  \"\\u0061\":\"3\", \"b\": \"2\",\n\"a\":\"4\"}",
			"f:3:3: key \"a\" twice: it is in line 1 already\nf:3:17: key \"b\" twice: it is in line 2 already\nf:4:1: key \"a\" twice: it is in line 1 already"},
		{"large values", "{\"a\":\"12345678901\",\n\"b\":\"1234567890\", \"c\": \"\\u00fc\\u00fc\\u00fc\\u00fc\\u00fc\\u00fc\"}",
			"f:1:6: the value of \"a\" has 11 bytes, above the limit of 10\nf:2:24: the value of \"c\" has 12 bytes, above the limit of 10"},
		{"an empty key", "{\"\":\"v\",\"a\":\"b\",\"\":\"w\"}", "f:1:2: an empty key: a key has 1 to 1024 bytes\nf:1:17: an empty key: a key has 1 to 1024 bytes"},
		{"a long key", `{"` + long + `":"v"}`, "f:1:2: key \"kkkkkkkkkkkkkkkkkkkkkkkk\"… has 1025 bytes, above the limit of 1024"},
		{"key and value", `{"":0}`, "f:1:2: an empty key: a key has 1 to 1024 bytes\nf:1:5: the value of \"\" is a number, not a text in quotes"},
		{"unprintable", "{\"\\u0000\\n\u2028\":1}", "f:1:16: the value of \"\\x00\\n\\u2028\" is a number, not a text in quotes"},
		{"half a pair", `{"\ud800":"a","b":"\ude00","c":"\ud83d\u0061", "\ud83d\ude00":"\\ud800"}`,
			"f:1:2: half of a surrogate pair in a key is no text: write both halves\nf:1:19: half of a surrogate pair in the value of \"b\" is no text: write both halves\nf:1:32: half of a surrogate pair in the value of \"c\" is no text: write both halves"},
		{"something after it", "{\"a\":\"b\"}\n {\"c\":\"d\"}", "f:2:2: something after the object: a file is one object"},
		{"a comma after it", `{"a":"b"},`, "f:1:10: something after the object: a file is one object"},
		{"problems and something after it", `{"a":0}x`, "f:1:6: the value of \"a\" is a number, not a text in quotes\nf:1:8: something after the object: a file is one object"},
		{"a trailing comma", "{\"a\":\"b\",\n}", "f:2:1: no JSON: invalid character '}' looking for beginning of object key string"},
		{"single quotes", "{\n 'a':'b'}", "f:2:2: no JSON: invalid character '\\'' looking for beginning of object key string"},
		{"not closed", "{\"a\":\"b\"\n", "f:1:9: no JSON: unexpected end of JSON input"},
		{"a text not closed", "{\"a\":0,\n\"b\":\"", "f:2:5: no JSON: unexpected end of JSON input"},
		{"a word", "{\"a\":nul}", "f:1:9: no JSON: invalid character '}' in literal null (expecting 'l')"},
		{"inside of a value", "{\"a\":{\n\"b\":,}}", "f:2:5: no JSON: invalid character ',' looking for beginning of value"},
		{"a line break in a text", "{\"a\":\"\n\"}", "f:1:7: no JSON: invalid character '\\n' in string literal"},
		{"a comma alone", ",", "f:1:1: no JSON: invalid character ',' looking for beginning of value"},
		{"YAML", "a: b\n", "f:1:1: no JSON: invalid character 'a' looking for beginning of value"},
		{"deep", `{"a":` + strings.Repeat("[", 20000), "f:1:10005: no JSON: invalid character '[' exceeded max depth"},
		{"bytes", "{\"a\":\n\"b\xff\"}", "f:2:3: byte 0xff is no UTF-8: save the file as UTF-8"},
		{"UTF-16", "\xff\xfe{\x00", "f:1:1: byte 0xff is no UTF-8: save the file as UTF-8"},
		{"too many", "{\"a\":\"1\",\n\"b\":\"2\",\n\"c\":\"3\",\n\"d\":\"4\",\"e\":\"5\",\n\"f\":\"6\",\"g\":\"7\"}", "f:5:9: more keys than the limit of 6"},
	} {
		m, err := parseMassData("f", []byte(c.text), 10, 6)
		if err == nil || err.Error() != c.want || m != nil {
			t.Errorf("%s: got\n%v\nwant\n%s", c.name, err, c.want)
		}
	}
}

func TestMassDataProblemsAreLimited(t *testing.T) {
	text := "{\n" + strings.Repeat("\"\":\"\",\n", 30) + "\"a\":\"b\"}"
	_, err := parseMassData("f", []byte(text), 10, maxMassKeys)
	lines := strings.Split(err.Error(), "\n")
	if last := lines[len(lines)-1]; len(lines) != maxMassProblems+1 || last != "f: not read beyond line 21 after 20 problems" {
		t.Errorf("%d lines, the last is %q", len(lines), last)
	}
}

// Files that are too large, too long or none at all are refused before they are read.
func TestMassDataLimits(t *testing.T) {
	dir := t.TempDir()
	huge, full := filepath.Join(dir, "huge.json"), filepath.Join(dir, "full.json")
	if err := os.WriteFile(huge, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(huge, maxMassBytes+1); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for i := range maxMassKeys + 1 {
		fmt.Fprintf(&b, "%c\n\"%x\":\"\"", map[bool]rune{true: '{', false: ','}[i == 0], i)
	}
	if err := os.WriteFile(full, []byte(b.String()+"}"), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		huge:                         huge + ": 65 MiB are above the limit of 64",
		dir:                          dir + ": not a regular file",
		filepath.Join(dir, "nobody"): filepath.Join(dir, "nobody") + ": no such file or directory",
		full:                         full + ":1000002:1: more keys than the limit of 1000000",
	} {
		if m, err := readMassData(path, 10); m != nil || err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// What is written is what is read, in the same order, whatever the texts.
func TestMassDataRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys := rapid.SliceOfNDistinct(rapid.StringN(1, 20, maxMassKeyBytes), 1, 30, rapid.ID).Draw(t, "keys")
		var want massData
		var b strings.Builder
		for i, key := range keys {
			value := rapid.StringN(0, 20, 100).Draw(t, "value")
			k, err := json.Marshal(key)
			v, err2 := json.Marshal(value)
			if err != nil || err2 != nil {
				t.Fatal(err, err2)
			}
			fmt.Fprintf(&b, "%s%s :%s", rapid.SampledFrom([]string{" ", "\n", "\r\n\t"}).Draw(t, "blank"), k, v)
			if i < len(keys)-1 {
				b.WriteString(" ,")
			}
			want.keys, want.values = append(want.keys, strings.ToValidUTF8(key, "\ufffd")), append(want.values, strings.ToValidUTF8(value, "\ufffd"))
		}
		got, err := parseMassData("f", []byte("{"+b.String()+"}"), 100, maxMassKeys)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got.keys, want.keys) || !slices.Equal(got.values, want.values) {
			t.Fatalf("read %q, wrote %q", got, want)
		}
	})
}

// FuzzMassData: whatever the bytes, either keys and values within the limits, as
// the library reads them, or a few printable lines with places in the file.
func FuzzMassData(f *testing.F) {
	for _, text := range []string{
		"", "{}", `{"a":"b"}`, "\ufeff{\"a\":\"b\",\n\"c\":\"d\"}\n", `{"a":"b","a":"c"}`, `{"a":1,"b":[],"c":{"d":null}}`, `{"":"x"} y`, `{"a":"b",}`,
		`{"\ud800":"\udc00","\ud83d\ude00":"\ufffd"}`, "{\"\xff\":\"\"}", `{"a"::"b"}`, `[1`, `{"a":"0123456789abcdef"}`, "{\"a\":\"\x00\"}", `{]`, `,{"a":"b"}`,
		`{"a":"1","b":"2","c":"3","d":"4","e":"5","f":"6","g":"7","h":"8","i":"9"}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		const maxValue, maxKeys = 12, 8
		m, err := parseMassData("f", data, maxValue, maxKeys)
		if err != nil {
			lines := strings.Split(err.Error(), "\n")
			if m != nil || len(lines) > maxMassProblems+1 {
				t.Fatalf("%d lines: %v", len(lines), err)
			}
			for _, line := range lines {
				var at, column int
				if strings.ContainsFunc(line, func(r rune) bool { return !unicode.IsPrint(r) }) || len(line) > 500 || !utf8.ValidString(line) {
					t.Fatalf("%q", line)
				}
				if strings.HasPrefix(line, "f: not read beyond line") {
					continue
				}
				rows := strings.Split(string(data), "\n")
				if n, err := fmt.Sscanf(line, "f:%d:%d:", &at, &column); n != 2 || at < 1 || at > len(rows) || column < 1 || column > len(rows[at-1])+1 {
					t.Fatalf("%q is outside of the file: %v", line, err)
				}
			}
			return
		}
		var want map[string]string
		if err := json.Unmarshal([]byte(strings.TrimPrefix(string(data), "\ufeff")), &want); err != nil {
			t.Fatalf("read what is no JSON: %v", err)
		}
		if len(m.keys) != len(want) || len(m.values) != len(want) || len(want) == 0 || len(want) > maxKeys {
			t.Fatalf("%d keys, %d values, want %d", len(m.keys), len(m.values), len(want))
		}
		for i, key := range m.keys {
			if v, ok := want[key]; !ok || v != m.values[i] || len(v) > maxValue {
				t.Fatalf("%q: %q, want %q", key, m.values[i], v)
			}
		}
	})
}

// A file that a put step names is read when the scenario is checked, from beside it,
// and every problem of it is one error of the user's.
func TestCheckReadsFilesOfData(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"good.json": `{"a": "1", "b": "22"}`, "long.json": `{"a": "333"}`, "twice.json": "{\"a\": \"1\",\n\"a\": \"2\"}", "list.json": `["a"]`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	at := func(name string) string { return filepath.Join(dir, name) }
	for name, want := range map[string]string{
		"good.json":  "",
		"long.json":  at("long.json") + `:1:7: the value of "a" has 3 bytes, above the limit of 2`,
		"twice.json": at("twice.json") + `:2:1: key "a" twice: it is in line 1 already`,
		"list.json":  at("list.json") + ":1:1: an array, not an object of keys and values",
		"none.json":  at("x.yaml") + ":3: there is no file " + at("none.json") + "; a path begins at the scenario's folder",
	} {
		text := "name: x\ndata: {max_value: 2B}\ntimeline: [{start: {nodes: 3}}, {put: {file: " + name + "}}]\n"
		sc, err := Parse(filepath.Join(dir, "x.yaml"), []byte(text), Overrides{})
		if err != nil {
			t.Fatal(err)
		}
		err = sc.Check(RunOptions{})
		if want == "" && err != nil || want != "" && (!isInput(err) || err.Error() != want) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
}

// All files are looked at, whatever is wrong with the first; what is wrong with one
// that is named twice is said once.
func TestCheckNamesAllBadFiles(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{"list.json": `["a"]`, "two.json": `{"": "1", "b": 2}`, "life.txt": "x\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	text := `name: x
timeline:
  - start: {nodes: 3}
  - put: {file: list.json}
  - put: {file: two.json}
  - put: {file: none.json}
  - put: {file: list.json}
  - churn: {lifetime: {distribution: file, file: life.txt}, return: none, for: 1m}
`
	sc, err := Parse(filepath.Join(dir, "x.yaml"), []byte(text), Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	err = sc.Check(RunOptions{})
	if err == nil || !isInput(err) {
		t.Fatalf("the error is %v", err)
	}
	lines := strings.Split(err.Error(), "\n")
	want := []string{"list.json:1:1: ", "two.json:1:2: ", "two.json:1:16: ", "x.yaml:6: there is no file ", "life.txt:1"}
	if len(lines) != len(want) {
		t.Fatalf("%d problems, want %d:\n%v", len(lines), len(want), err)
	}
	for i := range want {
		if !strings.HasPrefix(lines[i], filepath.Join(dir, want[i])) {
			t.Errorf("problem %d is %q, want %s…", i+1, lines[i], want[i])
		}
	}
}
