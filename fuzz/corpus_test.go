package fuzz

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"chordsim/scenarios"

	"github.com/google/go-cmp/cmp"
)

const corpus = "testdata/corpus"

// What was found once comes to the same for ever, by the digest, and chordsim run
// says so.
func TestCorpusReplays(t *testing.T) {
	kept, err := ReadCorpus(corpus)
	if err != nil {
		t.Fatal(err)
	}
	classes := map[Class]int{}
	for _, k := range kept {
		classes[k.Class]++
		t.Run(filepath.Base(k.File), func(t *testing.T) {
			v, err := k.Replay(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if !k.Is(v) {
				t.Errorf("it comes to %q, digest %s; it was %q, %s", v.Class, v.Digest, k.Class, k.Digest)
			}
			sc, err := scenarios.Parse(k.File, []byte(k.Text), scenarios.Overrides{})
			if err != nil {
				t.Fatal(err)
			}
			r, err := scenarios.Run(t.Context(), sc, scenarios.RunOptions{Jobs: 1})
			if err != nil {
				t.Fatal(err)
			}
			if digest := r.Rows[0].Runs[0].Run.Digest; digest != k.Digest {
				t.Errorf("without an observer its digest is %s, not %s", digest, k.Digest)
			}
			if (len(r.Failures()) == 0) != (k.Class == Nothing) {
				t.Errorf("its expectations hold: %v; it comes to %q", len(r.Failures()) == 0, k.Class)
			}
		})
	}
	for _, c := range []Class{Nothing, Broken, Split, Stuck} {
		if classes[c] == 0 {
			t.Errorf("no scenario of the corpus comes to %q", c)
		}
	}
}

// What is kept is read as it was written.
func TestFindingsAreKept(t *testing.T) {
	s := firstBroken(t, "sigcomm2001", Broken)
	v, err := s.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(t.TempDir(), "new")
	f := Finding{Scenario: s, Verdict: v}
	file, err := f.Keep(folder)
	if err != nil {
		t.Fatal(err)
	}
	kept, err := ReadCorpus(folder)
	if err != nil || len(kept) != 1 {
		t.Fatal(kept, err)
	}
	_, text := f.FileText(folder)
	if diff := cmp.Diff(Kept{File: file, Text: text, Class: Broken, Digest: v.Digest}, kept[0]); diff != "" {
		t.Error(diff)
	}
	again, err := kept[0].Replay(t.Context())
	if err != nil || !kept[0].Is(again) {
		t.Errorf("it comes to %q, %s, %v", again.Class, again.Digest, err)
	}
	for _, other := range []Verdict{{Class: Broken, Digest: noDigest}, {Class: Split, Digest: v.Digest}, {Class: Panics}} {
		if kept[0].Is(other) {
			t.Errorf("it is taken for %q, %s", other.Class, other.Digest)
		}
	}
}

// A run that panics has no digest: what is kept of it is known by its class.
func TestPanicsAreKept(t *testing.T) {
	s := firstBroken(t, "sigcomm2001", Broken)
	blind := &observer{} // without a map to write the dead into
	v, err := judge(t.Context(), "blind", []byte(s.Text("blind", "")), blind, scenarios.Overrides{})
	if err != nil || v.Class != Panics || v.Digest != "" {
		t.Fatalf("an observer that panics: %q, digest %q, %v", v.Class, v.Digest, err)
	}
	folder := t.TempDir()
	f := Finding{Scenario: s, Verdict: v}
	if _, err := f.Keep(folder); err != nil {
		t.Fatal(err)
	}
	kept, err := ReadCorpus(folder)
	if err != nil || len(kept) != 1 {
		t.Fatal(kept, err)
	}
	if k := kept[0]; k.Class != Panics || !k.Is(v) {
		t.Errorf("%s is not what was kept: %q, %s", k.File, k.Class, k.Digest)
	}
	if again, err := kept[0].Replay(t.Context()); err != nil || kept[0].Is(again) {
		t.Errorf("a replay without the panic is taken for one: %q, %v", again.Class, err)
	}
	other := Finding{Scenario: Draw(2, 0, "sigcomm2001"), Verdict: v}
	if f.name() == other.name() {
		t.Errorf("two scenarios that panic are both called %s", f.name())
	}
}

func TestFilesThatAreNoFindings(t *testing.T) {
	folder := t.TempDir()
	for _, c := range []struct{ text, want string }{
		{"name: some\n", "has no line `# comes to: CLASS, digest DIGEST`; a corpus holds what chordsim fuzz has found"},
		{"# comes to: splitt, digest 0123456789abcdef\n", "comes to \"splitt\", which is no class; " +
			"write one of nothing, panic, broken, split, loopy, stuck, unsafe, lost, unreadable, wrong"},
	} {
		file := filepath.Join(folder, "some.yaml")
		if err := os.WriteFile(file, []byte(c.text), 0o666); err != nil {
			t.Fatal(err)
		}
		var input *scenarios.InputError
		if _, err := ReadCorpus(folder); !errors.As(err, &input) || err.Error() != file+" "+c.want {
			t.Error(err)
		}
	}
	if kept, err := ReadCorpus(filepath.Join(folder, "none")); len(kept) > 0 || err != nil {
		t.Errorf("a corpus that is not there: %v, %v", kept, err)
	}
}

// A kept scenario with a mistake in it is the mistake of whoever made it, as in any scenario.
func TestReplayOfAScenarioWithMistakes(t *testing.T) {
	k := Kept{File: "kept.yaml", Text: "name: kept\ntimelime:\n  - start: {nodes: 5}\n"}
	_, err := k.Replay(t.Context())
	if _, ok := err.(*scenarios.Problems); !ok {
		t.Errorf("the error is %T, %v", err, err)
	}
}
