package scenarios

import (
	"strings"

	"chordsim/sim"
)

// await waits until the ring is as described.
func (t *timeline) await(name string, a *AwaitStep) func() error {
	begin, step := t.now(), t.step
	deadline := begin + sim.Time(a.Within)
	result := &Await{Name: name, For: awaited(a), Required: bool(a.Required), Time: Undefined()}
	t.measured = append(t.measured, measured{step: step, await: result})
	check := func() bool {
		if result.Held {
			return true
		}
		if t.w.is(a) {
			result.Held = true
			result.Time = Seconds(int64(t.now() - begin))
		}
		return result.Held
	}
	if bool(a.Background) {
		var again func()
		again = func() {
			if at := t.now() + sim.Time(a.Check); !check() && at <= deadline {
				t.agenda.at(at, step, again)
			}
		}
		again()
		return nil
	}
	return func() error {
		return t.advanceUntil(sim.Time(a.Check), func() bool {
			return check() || t.now()+sim.Time(a.Check) > deadline
		})
	}
}

// is reports whether the ring is as awaited, with nobody on the way into it.
// The dearest question comes last.
func (w *world) is(a *AwaitStep) bool {
	if w.joiners.nth(0) >= 0 {
		return false
	}
	s := w.takeSnapshot()
	switch a.Ring {
	case "ideal":
		if !s.IsIdeal() {
			return false
		}
	case "ring":
		if word := s.Word(); word != "ideal" && word != "ring" {
			return false
		}
	}
	if a.Stability != nil && !atLeast(int64(w.stable()), int64(w.members.count), *a.Stability) {
		return false
	}
	if a.RightLists != nil {
		r := s.Report()
		if !atLeast(r.RightListEntries, r.ListEntries, *a.RightLists) {
			return false
		}
	}
	if a.RightFingers != nil {
		right, all := w.rightFingers(s)
		return atLeast(right, all, *a.RightFingers)
	}
	return true
}

// atLeast reports whether part/whole ≥ f, exactly; of nothing, all is there.
func atLeast(part, whole int64, f Fraction) bool {
	return whole == 0 || !f.exceeds(uint64(part), uint64(whole))
}

func awaited(a *AwaitStep) string {
	var parts []string
	if a.Ring != "" {
		parts = append(parts, "ring "+a.Ring)
	}
	if a.RightFingers != nil {
		parts = append(parts, "right_fingers "+a.RightFingers.String())
	}
	if a.RightLists != nil {
		parts = append(parts, "right_lists "+a.RightLists.String())
	}
	if a.Stability != nil {
		parts = append(parts, "stability "+a.Stability.String())
	}
	return strings.Join(parts, ", ")
}

// measure measures the ring, the load, the traffic.
func (t *timeline) measure(name string, a *MeasureStep) func() error {
	w, step := t.w, t.step
	if a.Ring {
		r := w.ring(name)
		t.measured = append(t.measured, measured{step: step, ring: &r})
	}
	if a.Data {
		d := w.audit(name)
		t.measured = append(t.measured, measured{step: step, data: &d})
	}
	if a.Load != nil && a.Load.Stored {
		keys, bytes, requests := w.storedLoads()
		for _, part := range []struct {
			of     string
			amount []int64
		}{{"", keys}, {"bytes", bytes}, {"requests", requests}} {
			l := NewLoad(name, NewLoadTally(part.amount))
			if l.Of = part.of; l.Of != "" {
				l.Name += "." + l.Of
			}
			t.measured = append(t.measured, measured{step: step, load: &l})
		}
	} else if a.Load != nil {
		l := NewLoad(name, NewLoadTally(w.loads(a.Load.Keys, t.rand(drawKeys))))
		t.measured = append(t.measured, measured{step: step, load: &l})
	}
	if !a.Traffic {
		return nil
	}
	before := w.read()
	end := t.now() + sim.Time(a.Over)
	t.agenda.at(end, step, func() {
		tally, micros := w.read().since(before, w.kinds)
		r := NewTraffic(name, tally, micros)
		t.measured = append(t.measured, measured{step: step, traffic: &r})
	})
	return t.until(end)
}
