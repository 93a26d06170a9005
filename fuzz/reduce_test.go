package fuzz

import (
	"slices"
	"testing"
)

// all returns what a scenario can be reduced to.
func all(s *Scenario) (out []*Scenario) {
	reductions, _ := s.reductions()
	for _, r := range reductions {
		out = append(out, s.reduced(r))
	}
	return out
}

// Every reduction changes something: shrinking would take one that does not for ever.
func TestReductionsChangeSomething(t *testing.T) {
	for i := range uint64(60) {
		s := Draw(3, i, "")
		text := s.Text("", "")
		reduced := all(s)
		if s.Text("", "") != text {
			t.Fatalf("draw %d was changed by making it smaller", i)
		}
		for _, c := range reduced {
			if c.Text("", "") == text {
				t.Errorf("a reduction of draw %d is as large as it:\n%s", i, text)
			}
		}
	}
}

// A number comes down to where less of it breaks nothing any more, in few tries: things
// to the last one, a time near enough, for it is not taken down by milliseconds.
func TestNumbersComeDownInFewTries(t *testing.T) {
	for _, c := range []struct {
		unit        Unit
		from, least int64
		needed      int64
		end         int64
	}{
		{Count, 40, 1, 17, 17}, {Count, 40, 1, 1, 1}, {Count, 9, 2, 8, 8},
		{Millis, 15000, 100, 3210, 3410}, {Millis, 15000, 100, 14990, 15000}, {Millis, 15000, 100, 100, 100}, {PerMill, 600, 5, 333, 354},
	} {
		n, tries := c.from, 0
		for again := true; again; {
			again = false
			for _, m := range smaller(n, c.least, c.unit) {
				if tries++; m >= c.needed {
					n, again = m, true
					break
				}
			}
		}
		if n < c.needed || n > c.end || tries > 60 {
			t.Errorf("unit %d: from %d to %d in %d tries, where %d are needed", c.unit, c.from, n, tries, c.needed)
		}
	}
}

// Whatever a scenario is reduced to, its seed server is up in the end; and it is
// reduced to one in which the seed server never goes down.
func TestTheSeedServerComesUpAgain(t *testing.T) {
	drawn, steady := 0, 0
	for i := uint64(0); drawn < 5 && i < 4000; i++ {
		s := Draw(6, i, "")
		if !slices.ContainsFunc(s.Steps, func(s Step) bool { return s.Verb == "seed_server" }) {
			continue
		}
		drawn++
		for _, c := range all(s) {
			for _, c := range append(all(c), c) {
				up, steps := true, 0
				for _, step := range c.Steps {
					if step.Verb != "seed_server" {
						continue
					}
					if steps++; up == (step.Short == "up") {
						t.Fatalf("it is told to be %s, which it is:\n%s", step.Short, c.Text("", ""))
					}
					up = !up
				}
				if !up {
					t.Fatalf("it stays down:\n%s", c.Text("", ""))
				}
				if steps == 0 {
					steady++
				} else if text(c.Ring, "bootstrap") == "" {
					t.Fatalf("there is none:\n%s", c.Text("", ""))
				}
			}
		}
	}
	if drawn < 5 || steady == 0 {
		t.Errorf("%d draws with a seed server that goes, %d reductions in which it does not", drawn, steady)
	}
}

// Whatever a scenario is reduced to, a step names its groups before others mean them;
// and it is reduced to one in which a number stands for a group.
func TestGroupsHaveNames(t *testing.T) {
	drawn, numbers := 0, 0
	for i := uint64(0); drawn < 30 && i < 4000; i++ {
		s := Draw(6, i, "")
		means := func(s *Scenario) (n int) {
			for i := range s.Steps {
				if s.Steps[i].has("group") && s.Steps[i].Verb != "group" {
					n++
				}
			}
			return n
		}
		if means(s) == 0 {
			continue
		}
		drawn++
		for _, c := range append(all(s), s) {
			named := map[string]bool{seedServer: text(c.Ring, "bootstrap") != ""}
			for _, step := range c.Steps {
				for _, name := range step.groups() {
					if !named[name] {
						t.Fatalf("there is no group %s:\n%s", name, c.Text("", ""))
					}
				}
				if step.Verb == "group" {
					named[text(step.Fields, "as")] = true
				}
			}
			if len(c.Steps) == len(s.Steps) && means(c) == means(s)-1 {
				numbers++
			}
		}
	}
	if drawn < 30 || numbers < 30 {
		t.Errorf("%d draws mean groups, %d reductions of them a number instead", drawn, numbers)
	}
}
