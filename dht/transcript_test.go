package dht

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/cockroachdb/datadriven"
)

// playLines plays lines of a script, from a line "ring" on in a new miniature.
// With echo each line is repeated before what comes of it.
func playLines(m *miniature, lines string, echo bool) (*miniature, string, error) {
	var text strings.Builder
	for _, line := range strings.Split(strings.TrimSpace(lines), "\n") {
		words := strings.Fields(line)
		if echo {
			fmt.Fprintf(&text, "> %s\n", line)
		}
		var err error
		if words[0] == "ring" {
			m, err = newRing(words[1:])
		} else {
			err = m.play(words[0], words[1:])
		}
		if err != nil {
			return m, text.String(), fmt.Errorf("%s: %w", line, err)
		}
		text.WriteString(m.text.String())
		m.text.Reset()
	}
	return m, text.String(), nil
}

func linesOf(d *datadriven.TestData) string {
	first := d.Cmd
	for _, a := range d.CmdArgs {
		first += " " + a.String()
	}
	return first + "\n" + d.Input
}

// TestTranscripts plays the scripts of testdata/transcripts. Every line is one
// thing that happens; what comes of it stands below. With -rewrite the outputs
// are written anew.
func TestTranscripts(t *testing.T) {
	datadriven.Walk(t, "testdata/transcripts", func(t *testing.T, path string) {
		var m *miniature
		datadriven.RunTest(t, path, func(t *testing.T, d *datadriven.TestData) string {
			var text string
			var err error
			if m, text, err = playLines(m, linesOf(d), d.Input != ""); err != nil {
				d.Fatalf(t, "%s%v", text, err)
			}
			return text
		})
	})
}

// The same script gives the same text, also where another was played before it.
func TestScriptsAreDeterministic(t *testing.T) {
	paths, err := filepath.Glob("testdata/transcripts/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatal(paths, err)
	}
	play := func(path string) string {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var m *miniature
		var all strings.Builder
		datadriven.RunTestFromString(t, string(data), func(t *testing.T, d *datadriven.TestData) string {
			var text string
			if m, text, err = playLines(m, linesOf(d), true); err != nil {
				t.Fatal(err)
			}
			all.WriteString(text)
			return d.Expected
		})
		return all.String()
	}
	for _, path := range paths {
		first, second := play(path), play(path)
		if first != second || !strings.Contains(first, "→") {
			t.Errorf("%s: once\n%s\nand then\n%s", path, first, second)
		}
	}
}
