package sim

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestReadMatrix(t *testing.T) {
	m := readTestMatrix(t)
	if m.Sites() != 4 || m.Missing() != 1 {
		t.Errorf("%d sites, %d missing", m.Sites(), m.Missing())
	}
	if d, ok := m.Cell(1, 3); d != 50500*Time(time.Microsecond) || !ok {
		t.Errorf("cell 1, 3: %v, %v", d, ok)
	}
	if _, ok := m.Cell(2, 0); ok {
		t.Error("cell 2, 0 is not missing")
	}
	// The diagonal may be missing: it is the way to oneself.
	if m, err := ReadMatrix(strings.NewReader("-1 5\n6 nan\n"), "f", "us", false); err != nil || m.rows[0][0] != 0 || m.rows[1][1] != 0 || m.missing != 0 {
		t.Errorf("%+v, %v", m, err)
	}
}

func TestMatrixUnits(t *testing.T) {
	for unit, want := range map[string]Time{"ns": 1000, "us": 250_000, "ms": 250 * ms, "s": 250_000 * ms} {
		m, err := ReadMatrix(strings.NewReader("0,250\n250,0\n"), "f", unit, false)
		if err != nil {
			t.Fatal(err)
		}
		if d, _ := m.Cell(0, 1); unit != "ns" && d != want || unit == "ns" && d != 0 {
			t.Errorf("250 %s: %v", unit, d)
		}
	}
	if _, err := ReadMatrix(strings.NewReader("0"), "f", "min", false); err == nil || err.Error() != `unit: "min" is none of ns, us, ms, s` {
		t.Errorf("%v", err)
	}
}

func TestMatrixProblems(t *testing.T) {
	wide := strings.Repeat("0 ", maxMatrixRows+1)
	for _, c := range []struct{ name, text, want string }{
		{"empty", "# nothing\n\n", "f: no numbers"},
		{"not square: rows missing", "0 1 2\n1 0 2\n", "f: 2 rows, but 3 numbers in the first: a matrix is square"},
		{"not square: a row too many", "0 1\n1 0\n1 2\n3 4\n", "f:3: one more row than the 2 numbers of the first: a matrix is square"},
		{"ragged", "0 1 2\n1 0\n\n1 2 0 4\n", "f:2: 2 numbers in the row, but 3 in the first\nf:4: 4 numbers in the row, but 3 in the first"},
		{"holes", "0 -1\n- 0\n", "f:1:3: missing: `missing: drop` loses the messages of such pairs\nf:2:1: missing: `missing: drop` loses the messages of such pairs"},
		{"an empty cell", "0,,1\n1,0\n", "f:1:3: an empty cell before the comma: write - for a missing one"},
		{"negative", "0 -2\n1 0\n", `f:1:3: "-2" is negative`},
		{"words", "site a b\na 0 1\nb 1 0\n", "f:1:1: \"site\" is no number\nf:1:6: \"a\" is no number\nf:1:8: \"b\" is no number\nf:2:1: \"a\" is no number\nf:3:1: \"b\" is no number"},
		{"bytes", "0 \x00\xff\n1 0\n", `f:1:3: "\x00\xff" is no number`},
		{"a long word", "0 " + strings.Repeat("x", 99) + "\n1 0\n", `f:1:3: "xxxxxxxxxxxxxxxxxxxxxxxx"… is no number`},
		{"too large", "0 3600001\n1 0\n", `f:1:3: "3600001" is above the limit of 1h0m0s: check the unit`},
		{"too wide", wide, "f:1: 8193 numbers in the row are above the limit of 8192"},
	} {
		m, err := ReadMatrix(strings.NewReader(c.text), "f", "ms", false)
		if err == nil || err.Error() != c.want || m != nil {
			t.Errorf("%s: got\n%v\nwant\n%s", c.name, err, c.want)
		}
	}
}

func TestMatrixProblemsAreLimited(t *testing.T) {
	text := strings.Repeat("x ", 100) + "\n" + strings.Repeat("y ", 100)
	_, err := ReadMatrix(strings.NewReader(text), "f", "ms", false)
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != maxFileProblems+1 || lines[maxFileProblems] != "f: not read beyond line 1 after 20 problems" {
		t.Errorf("%d lines, the last is %q", len(lines), lines[len(lines)-1])
	}
}

// A wide first row alone takes no memory for the rows that never come.
func TestMatrixTakesMemoryAsItIsRead(t *testing.T) {
	text := strings.Repeat("1 ", maxMatrixRows) + "\n"
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := ReadMatrix(strings.NewReader(text), "f", "ms", false)
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; err == nil || took > 4<<20 {
		t.Errorf("%v after %d bytes", err, took)
	}
}

func TestLoadMatrix(t *testing.T) {
	path := filepath.Join(t.TempDir(), "matrix.txt")
	if err := os.WriteFile(path, []byte(testMatrix), 0o600); err != nil {
		t.Fatal(err)
	}
	p := MatrixLatency{File: path, Unit: "ms", Kind: "rtt", Missing: "drop"}
	loaded, err := p.Load()
	if err != nil || loaded.Table.Sites() != 4 {
		t.Fatalf("%v, %v", loaded.Table, err)
	}
	a, b := mustBuild(t, p, 1, 10), mustBuild(t, loaded, 1, 10)
	for to := uint32(2); to <= 10; to++ {
		if a.Lost(1, to) != b.Lost(1, to) || a.Delay(1, to, 0) != b.Delay(1, to, 0) {
			t.Errorf("read when built and before: other delays from 1 to %d", to)
		}
	}
	p.Missing = "error"
	if _, err := p.Load(); err == nil || !strings.HasPrefix(err.Error(), path+":3:1: missing") {
		t.Errorf("%v", err)
	}
}

// What is written is what is read, whatever stands between the numbers.
func TestMatrixRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 12).Draw(t, "n")
		want := rapid.SliceOfN(rapid.Uint32Range(0, 3_600_000_000), n*n, n*n).Draw(t, "cells")
		between := rapid.SampledFrom([]string{" ", "\t", ",", ", ", " ,\t"})
		end := rapid.SampledFrom([]string{"\n", "\r\n", " # row\n", "\n\n#\n"})
		var text strings.Builder
		for row := range n {
			for column := range n {
				if column > 0 {
					text.WriteString(between.Draw(t, "between"))
				}
				fmt.Fprint(&text, want[row*n+column])
			}
			text.WriteString(end.Draw(t, "end"))
		}
		m, err := ReadMatrix(strings.NewReader(text.String()), "f", "us", false)
		if err != nil {
			t.Fatal(err)
		}
		for i, us := range want {
			if m.rows[i/n][i%n] != us {
				t.Fatalf("cell %d, %d is %d, want %d", i/n, i%n, m.rows[i/n][i%n], us)
			}
		}
	})
}

// FuzzMatrix: whatever the bytes, either a square matrix in range or a few
// printable lines.
func FuzzMatrix(f *testing.F) {
	for _, text := range []string{
		"", "0", "-", testMatrix, "0 1\n1 0", "0,1\r\n1,0\r\n", "\xef\xbb\xbf0 1\n1 0\n", "0 1\n1\n", "0,,1\n", ",", "#", "nan nan\nnan nan",
		"1e9 1e-9\n-1.0 .5\n", "\x00\n\xff\xfe\n", "0 1 # c\n\n1 0\n2 2\n", "99999999999999999999e999999999999", strings.Repeat("1 ", 9000),
		"x x x x x x x x x x x x x x x x x x x x x x x x x",
	} {
		f.Add([]byte(text), true)
		f.Add([]byte(text), false)
	}
	f.Fuzz(func(t *testing.T, text []byte, drop bool) {
		m, err := ReadMatrix(strings.NewReader(string(text)), "f", "ms", drop)
		if err != nil {
			lines := strings.Split(err.Error(), "\n")
			if m != nil || len(lines) > maxFileProblems+1 || !utf8.ValidString(err.Error()) {
				t.Fatalf("%d lines: %q", len(lines), err)
			}
			for _, line := range lines {
				if strings.ContainsFunc(line, func(r rune) bool { return !unicode.IsPrint(r) }) || len(line) > 300 {
					t.Fatalf("%q", line)
				}
			}
			return
		}
		if m.n < 1 || len(m.rows) != m.n || m.n > (len(text)+1)/2 {
			t.Fatalf("%d numbers in the first of %d rows of %d bytes", m.n, len(m.rows), len(text))
		}
		holes := 0
		for i, row := range m.rows {
			if len(row) != m.n {
				t.Fatalf("row %d has %d numbers of %d", i, len(row), m.n)
			}
			for j, us := range row {
				if us == missingCell {
					holes++
				} else if d, _ := m.Cell(i, j); d > MaxLatency {
					t.Fatalf("cell %d, %d is %v", i, j, d)
				}
			}
			if row[i] == missingCell {
				t.Fatalf("site %d cannot reach itself", i)
			}
		}
		if holes != m.missing || holes > 0 && !drop {
			t.Fatalf("%d holes, %d counted", holes, m.missing)
		}
	})
}

func BenchmarkReadMatrix(b *testing.B) {
	row := strings.Repeat("123456 ", 1000) + "\n"
	text := strings.Repeat(row, 1000)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for range b.N {
		if _, err := ReadMatrix(strings.NewReader(text), "f", "us", false); err != nil {
			b.Fatal(err)
		}
	}
}
