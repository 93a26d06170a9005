package fuzz

import (
	"os"
	"path/filepath"
	"strings"
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
			if v.Class != k.Class || v.Digest != k.Digest {
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
	if again, err := kept[0].Replay(t.Context()); err != nil || again.Class != Broken || again.Digest != v.Digest {
		t.Errorf("it comes to %q, %s, %v", again.Class, again.Digest, err)
	}
}

func TestAFileThatIsNoFinding(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "some.yaml"), []byte("name: some\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadCorpus(folder); err == nil || !strings.Contains(err.Error(), "some.yaml has no line `# comes to: ") {
		t.Error(err)
	}
	if kept, err := ReadCorpus(filepath.Join(folder, "none")); len(kept) > 0 || err != nil {
		t.Errorf("a corpus that is not there: %v, %v", kept, err)
	}
}
