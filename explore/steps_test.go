package explore

import (
	"strings"
	"testing"
)

func TestParseSteps(t *testing.T) {
	steps, err := ParseSteps(" j1 s10\n n0\tF255 u7 r3 f2 ")
	want := []Step{{StepJoin, 1}, {StepStabilize, 10}, {StepNotify, 0}, {StepFail, 255}, {StepUpdate, 7}, {StepReconcile, 3}, {StepFlush, 2}}
	if err != nil || len(steps) != len(want) {
		t.Fatalf("%v, %v", steps, err)
	}
	for i, s := range steps {
		if s != want[i] {
			t.Errorf("step %d is %v, want %v", i+1, s, want[i])
		}
	}
	if none, err := ParseSteps(" \n"); err != nil || len(none) != 0 {
		t.Errorf("%v, %v", none, err)
	}
	for _, bad := range []string{"x1", "J1", "s", "1", "s-1", "s+1", "s256", "s01", "s1,", "§1", "s1s2", "s 1"} {
		_, err := ParseSteps("j1 " + bad)
		if err == nil || !strings.HasPrefix(err.Error(), "step 2, ") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v", bad, err)
		}
	}
	_, err = ParseSteps("s0 x1")
	if want := `step 2, "x1": write one of the letters j, s, n, f, u, r, F and the number of a node up to 255, such as s0`; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

// FuzzSteps: no text makes the reader or a ring panic, what is read is written as
// it was, and whatever is played leaves lists that a snapshot takes.
func FuzzSteps(f *testing.F) {
	for _, c := range counterexamples {
		f.Add(c.steps)
	}
	f.Add("j1 x1")
	f.Fuzz(func(t *testing.T, text string) {
		steps, err := ParseSteps(text)
		if err != nil {
			return
		}
		words := strings.Fields(text)
		p := NewPlay(zave(false, true), 2)
		p.Found(0)
		for i, s := range steps {
			if s.String() != words[i] {
				t.Fatalf("%q is read as %v", words[i], s)
			}
			before := p.String()
			if err := p.Do(s); err != nil && p.String() != before {
				t.Fatalf("%v: %s became %s", err, before, p)
			}
			if p.Snapshot().Len() == 0 {
				t.Fatalf("after %v nobody is left", s)
			}
		}
	})
}
