package main

import (
	"bytes"
	"strings"
	"testing"

	"chordsim/fuzz"
)

// The table of a search has a row for each preset and assumption, with each number in
// its column, and fits a terminal.
func TestTableOfASearch(t *testing.T) {
	r := &fuzz.Report{
		Runs: 1000,
		Rows: []fuzz.Row{
			{Protocol: "corrected", Assumes: fuzz.Proof, Runs: 11, Violated: 12, Healed: 13, Empty: 14, Count: map[fuzz.Class]int{
				fuzz.Split: 15, fuzz.Loopy: 16, fuzz.Broken: 17, fuzz.Stuck: 18, fuzz.Unsafe: 19, fuzz.Lost: 20, fuzz.Unreadable: 21, fuzz.Wrong: 22,
				fuzz.Panics: 23,
			}},
			{Protocol: "sigcomm2001", Assumes: fuzz.Partition, Runs: 98765},
		},
		Tally: fuzz.Tally{Counted: []fuzz.Met{{What: "answers too late", Count: 44}}},
	}
	var printed bytes.Buffer
	a := &app{stdout: &printed, stderr: &printed}
	if err := a.printFuzz(r, &fuzzFlags{}, true); err != nil {
		t.Fatal(err)
	}
	const want = `
 protocol     assumes                runs  violated  healed  split  loopy  broken  stuck  empty  unsafe  lost  unreadable  wrong  panic
────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
 corrected    within the proof         11        12      13     15     16      17     18     14      19    20          21     22     23
 sigcomm2001  timeouts, partition  98,765         0       0      0      0       0      0      0       0     0           0      0      0

`
	if !strings.Contains(printed.String(), want) {
		t.Errorf("the table is\n%s", &printed)
	}
	for line := range strings.Lines(printed.String()) {
		if n := len([]rune(line)); n > 140 {
			t.Errorf("%d characters: %s", n, line)
		}
	}
	if !strings.Contains(printed.String(), "\nCounted on the way\n") || !strings.Contains(printed.String(), "\n answers too late     44\n") {
		t.Errorf("nothing is said of what was counted:\n%s", &printed)
	}
	for _, c := range fuzz.Classes {
		if !strings.Contains(fuzzNote, string(c)) && c != fuzz.Panics {
			t.Errorf("the note does not say what %s means", c)
		}
	}
}
