package sim

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestReadTrace(t *testing.T) {
	tr, err := ReadTrace(strings.NewReader("# up down up\n10 2.5 1e3\n\n0, 60, 30 # begins down\r\n7\n"), "f")
	if err != nil {
		t.Fatal(err)
	}
	s := Time(time.Second)
	want := [][]Time{{10 * s, 5 * s / 2, 1000 * s}, {0, 60 * s, 30 * s}, {7 * s}}
	var got [][]Time
	for i := range tr.Nodes() {
		got = append(got, tr.Periods(i))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Appending to what Periods returns does not reach the next node's.
func TestPeriodsAreApart(t *testing.T) {
	tr, err := ReadTrace(strings.NewReader("1 2\n3 4\n"), "f")
	if err != nil {
		t.Fatal(err)
	}
	_ = append(tr.Periods(0), 99)
	if got := tr.Periods(1)[0]; got != Time(3*time.Second) {
		t.Errorf("the next node's first time is %v", got)
	}
}

func TestTraceProblems(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"empty", "\n# nothing\n", "f: no times"},
		{"a zero later", "0 1 0\n", `f:1:5: "0": only the first time of a line may be 0, for a node that begins down`},
		{"negative", "1 -2\n-1 5\n", "f:1:3: \"-2\" is no time above 0\nf:2:1: \"-1\" is no time above 0"},
		{"words", "up 3\n", `f:1:1: "up" is no number of seconds`},
		{"too long", "1e9\n", `f:1:1: "1e9" is above the limit of 315360000 seconds`},
		{"far too long", "1e99\n", `f:1:1: "1e99" is above the limit of 315360000 seconds`},
		{"an empty cell", "1,,2\n", "f:1:3: an empty cell before the comma: write - for a missing one"},
	} {
		tr, err := ReadTrace(strings.NewReader(c.text), "f")
		if err == nil || err.Error() != c.want || tr != nil {
			t.Errorf("%s: got\n%v\nwant\n%s", c.name, err, c.want)
		}
	}
}

func TestTraceIsLimited(t *testing.T) {
	line := strings.Repeat("1 ", maxLineBytes/2-1) + "\n"
	_, err := ReadTrace(strings.NewReader(strings.Repeat(line, 17)), "f")
	if err == nil || err.Error() != "f:17: more than the limit of 8388608 times" {
		t.Errorf("%v", err)
	}
}

func TestLoadTrace(t *testing.T) {
	path := filepath.Join(t.TempDir(), "trace")
	if err := os.WriteFile(path, []byte("1 2 3\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if tr, err := LoadTrace(path); err != nil || tr.Nodes() != 1 || len(tr.Periods(0)) != 3 {
		t.Errorf("%v, %v", tr, err)
	}
	if _, err := LoadTrace(path + "x"); err == nil || err.Error() != path+"x: no such file or directory" {
		t.Errorf("%v", err)
	}
}

// FuzzTrace: whatever the bytes, either times in range or a few lines.
func FuzzTrace(f *testing.F) {
	for _, text := range []string{"", "1 2 3\n0 4\n", "0", "1,,2", "x", "1e9", "\x00", "1 0 1", "nan"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		tr, err := ReadTrace(strings.NewReader(string(text)), "f")
		if err != nil {
			if n := strings.Count(err.Error(), "\n"); tr != nil || n > maxFileProblems {
				t.Fatalf("%d lines", n+1)
			}
			return
		}
		for i := range tr.Nodes() {
			for j, p := range tr.Periods(i) {
				if p < 0 || p > MaxPeriod || p == 0 && j > 0 {
					t.Fatalf("time %d of node %d is %v", j, i, p)
				}
			}
		}
	})
}
