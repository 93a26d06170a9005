package scenarios

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestNearest(t *testing.T) {
	known := []string{"start", "join", "leave", "fail", "restart", "lookup", "wait", "await", "measure"}
	for word, want := range map[string]string{
		"strat": "start", "wiat": "wait", "awiat": "await", "lokup": "lookup", "lookups": "lookup", "mesure": "measure", "jion": "join",
		"crash": "", "x": "", "": "", "completely": "", strings.Repeat("lookup", 30): "",
	} {
		if got := nearest(word, known); got != want {
			t.Errorf("%q is taken for %q, want %q", word, got, want)
		}
	}
}

// The distance of strings that are one edit apart is one, and a distance is
// symmetric and never longer than the longer string.
func TestEditDistance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[a-d]{0,8}`)
		a, b := word.Draw(t, "a"), word.Draw(t, "b")
		d := editDistance(a, b)
		if d != editDistance(b, a) || d > max(len(a), len(b)) || (d == 0) != (a == b) {
			t.Fatalf("%q and %q are %d apart, the other way %d", a, b, d, editDistance(b, a))
		}
		if i := rapid.IntRange(0, len(a)).Draw(t, "i"); editDistance(a, a[:i]+"x"+a[i:]) != 1 {
			t.Fatalf("an insertion into %q is no single edit", a)
		}
		if len(a) > 1 && a[0] != a[1] && editDistance(a, a[1:2]+a[:1]+a[2:]) != 1 {
			t.Fatalf("a swap in %q is no single edit", a)
		}
	})
}

// A name that means something in expectations cannot be given to a step or
// param: every word that they know is reserved.
func TestReservedWords(t *testing.T) {
	for _, word := range []string{"ring", "lookup", "load", "traffic", "run", "host", "all", "duration", "near", "max", "len", "not", "in", "true", "verdict", "members", "false_suspicions"} {
		if checkName(word) == nil {
			t.Errorf("a step can be called %s", word)
		}
	}
	for _, word := range []string{"ring", "lookup", "all", "host", "and", "nil"} {
		if !reservedForParams(word) {
			t.Errorf("a param can be called %s", word)
		}
	}
	for _, word := range []string{"heal", "during", "after", "before", "lookup1", "p"} {
		if err := checkName(word); err != nil {
			t.Error(err)
		}
	}
	if reservedForParams("duration") || reservedForParams("nodes") {
		t.Error("duration or nodes cannot be a param")
	}
	if checkName(strings.Repeat("a", 41)) == nil || checkName("A") == nil || checkName("1a") == nil || checkName("_a") == nil {
		t.Error("what is no name passes for one")
	}
}
