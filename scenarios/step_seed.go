package scenarios

import (
	"chordsim/chord"
	"chordsim/sim"

	"github.com/invopop/jsonschema"
)

// SeedServerStep lets the seed server go down or come up. Down it answers
// nothing; it comes up without the nodes it knew, unless Keep said otherwise
// when it went down.
type SeedServerStep struct {
	StepCommon
	State string `json:"state" jsonschema:"required,enum=down,enum=up" jsonschema_description:"down: it crashes; up: it starts again."`
	Keep  Switch `json:"keep,omitempty" jsonschema_description:"down only: the nodes it knows outlast the crash (default off: it comes up knowing nobody)."`
}

// Verb returns "seed_server".
func (*SeedServerStep) Verb() string { return "seed_server" }

// Lasts returns 0.
func (*SeedServerStep) Lasts() Duration { return 0 }

// UnmarshalJSON reads "down", "up" or a mapping.
func (s *SeedServerStep) UnmarshalJSON(data []byte) error {
	type form SeedServerStep
	return decodeEither(data, s,
		func(state string) SeedServerStep { return SeedServerStep{State: state} },
		func() (SeedServerStep, error) {
			f, err := decodeOver(data, form{})
			return SeedServerStep(f), err
		})
}

// JSONSchemaExtend adds the short form.
func (SeedServerStep) JSONSchemaExtend(s *jsonschema.Schema) {
	orShort(s, &jsonschema.Schema{Type: "string", Enum: []any{"down", "up"}})
}

// seedServer checks what a step says of the seed server against the section
// ring.
func (w *timelineWalk) seedServer(path string, action Action) {
	if a, ok := action.(*SeedServerStep); ok && a.State == "down" {
		w.gone = true // joiners may give up, and be started again
	}
	if w.dirty["ring"] {
		return
	}
	there := w.spec.Ring.bySeedServer()
	switch a := action.(type) {
	case *SeedServerStep:
		if !there {
			w.fail(path, "there is no seed server", "write bootstrap: seed-server under ring")
		}
		if a.State == "up" && w.body(path).child("keep") != nil {
			w.fail(path+".keep", "what the seed server keeps is said when it goes down", "write it with state: down")
		}
	case *JoinStep, *RestartStep, *ChurnStep:
		if there && w.body(path).child("through") != nil {
			w.fail(path+".through", "the seed server says through which member a node joins", "remove through, or write bootstrap: random")
		}
	}
}

// hopeless counts hosts among the gone whose nodes have all given up the seed
// server: they can be started again.
func (t *timeline) hopeless() {
	for _, a := range t.w.judge.givenUp {
		if h := t.w.host(a); !t.w.hostUp(h) {
			t.gone.add(h)
		}
	}
	t.w.judge.givenUp = t.w.judge.givenUp[:0]
}

// seedServer lets the seed server go down or come up, before any other event of
// this instant.
func (t *timeline) seedServer(a *SeedServerStep) {
	t.mark("seed server %s", a.State)
	server := &t.w.seeds.server
	if a.State == "down" {
		server.Crash(bool(a.Keep))
		t.w.died(sim.Addr(t.w.seeds.addr))
		return
	}
	t.w.atServer(func(out *chord.Out) { server.Start(int64(t.now()), out) })
}
