package explore

import (
	"context"
	"os"
	"strconv"
	"testing"
	"time"

	"chordsim/chord"
)

func env(name string, or int) int {
	if v, err := strconv.Atoi(os.Getenv(name)); err == nil {
		return v
	}
	return or
}

func preset() string {
	if p := os.Getenv("P"); p != "" {
		return p
	}
	return "corrected"
}

func TestTry(t *testing.T) {
	r := env("R", 2)
	rules, _, _ := chord.Preset(preset(), r)
	m := &Model{IDs: env("N", 4), Successors: r, Rules: rules, Grain: Grain(env("GRAIN", 1)), Perfect: true, Checks: env("CHECK", 0) == 1, Guard: Guard(env("GUARD", 0))}
	if env("FIX", 0) == 1 {
		m.Rules.Join, m.Rules.BetterSuccessor = chord.JoinSuccessorAlive, chord.BetterAdoptAlive
	}
	for _, c := range os.Getenv("START") {
		m.Start = append(m.Start, int(c-'0'))
	}
	begin := time.Now()
	props := quick
	if env("ONE", 0) == 1 {
		props = 1 << chord.AtMostOneRing
	}
	res, err := Search(context.Background(), m, Options{Find: chord.Word(os.Getenv("FIND")), Properties: props, Liveness: env("LIVE", 0) == 1, Workers: env("W", 2), Depth: env("D", 0), Memory: 6 << 30, Progress: func() func(Progress) {
		d := -1
		return func(p Progress) {
			if p.Depth != d {
				d = p.Depth
				println(p.Depth, p.States, p.Transitions, p.Waiting, p.Bytes>>20, int(time.Since(begin).Seconds()))
			}
		}
	}()})
	if err != nil {
		t.Fatal(err)
	}
	el := time.Since(begin).Seconds()
	t.Logf("%+v %s bytes/state %d, %.0f states/s %.1fs", res.Progress, res.Stopped, res.BytesPerState(), float64(res.States)/el, el)
	if v := res.Violation; v != nil {
		t.Logf("violated %v stuck %v start %v", v.Violated, v.Stuck, v.Start)
		for _, e := range v.Events {
			t.Log(e.Words())
		}
	}
}
