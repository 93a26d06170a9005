package explore

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/crc64"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"

	"chordsim/chord"
)

// stopAt searches until so many batches are done, and returns what the search
// came to and its checkpoint, if it was cut short.
func stopAt(t *testing.T, m *Model, o Options, batches int) (*Result, []byte) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	o.Progress = func(Progress) {
		if batches == 0 {
			cancel()
		}
		batches--
	}
	var kept bytes.Buffer
	o.Checkpoint = func(cut Cut, save func(io.Writer) error) {
		if cut == NotCut {
			return
		}
		if err := save(&kept); err != nil {
			t.Fatal(err)
		}
	}
	r, err := Search(ctx, m, o)
	if err != nil {
		t.Fatal(err)
	}
	return r, kept.Bytes()
}

// ending is what a search ended with.
func ending(r *Result) string {
	switch {
	case r.Exhaustive:
		return "exhaustive"
	case r.Violation != nil && r.Violation.Stuck:
		return "stuck"
	case r.Violation != nil:
		return "violated"
	}
	return r.Stopped
}

// A search that is interrupted and goes on comes to what it would have come to
// at once, to the last field: between levels, within one, and with other workers
// than before.
func TestResumedComesToTheSame(t *testing.T) {
	with := func(m *Model, change func(*Model)) *Model { change(m); return m }
	within := false // a level
	for _, c := range []struct {
		ends string
		m    *Model
		o    Options
	}{
		{"exhaustive", presetModel("corrected", 4, Atomic), Options{Properties: quick, Liveness: true}},
		{"violated", with(presetModel("corrected", 4, Messages), func(m *Model) { m.Guard = GuardBlind }), Options{Properties: quick}},
		{"violated", with(presetModel("zave2012", 4, Atomic), func(m *Model) { m.Start = []int{2, 0} }), Options{Properties: unrepairable}},
		{"stuck", with(presetModel("corrected", 4, Atomic), func(m *Model) { m.Rules.Notify = chord.NotifyCloser }), Options{Properties: quick, Liveness: true}},
		{"violated", with(presetModel("corrected", 4, Atomic), func(m *Model) { m.Guard = GuardOff }), Options{Find: chord.WordSplit}},
		{"depth 15 was the limit", presetModel("corrected", 5, Messages), Options{Properties: quick, Depth: 15}},
	} {
		t.Run(c.ends, func(t *testing.T) {
			n := -1 // batches; where a search stands is said before the first, too
			counted := c.o
			counted.Workers, counted.Progress = 3, func(Progress) { n++ }
			whole := search1(t, c.m, counted)
			if ending(whole) != c.ends {
				t.Fatalf("%s: %+v", ending(whole), whole)
			}
			points, shared := []int{0, n / 2, n - 1}, []int{1, 3}
			if testing.Short() {
				points, shared = points[2:], shared[1:]
			}
			for _, k := range slices.Compact(points) {
				for _, workers := range shared {
					o := c.o
					o.Workers = 4 - workers
					short, kept := stopAt(t, c.m, o, k)
					if short.Cut != Interrupted || short.Exhaustive || short.Violation != nil || len(kept) == 0 {
						t.Fatalf("interrupted after %d of %d batches: %+v, a checkpoint of %d bytes", k, n, short, len(kept))
					}
					h, err := readHeader(bufio.NewReader(bytes.NewReader(kept)), crc64.New(checksums))
					if err != nil {
						t.Fatal(err)
					}
					within = within || h.Parts > 0 && h.Expanded > 0
					if most := 15*short.States + short.Bytes + 2000; int64(len(kept)) > most {
						t.Errorf("%d bytes for %d states, %d waiting", len(kept), short.States, short.Waiting)
					}
					o.Workers, o.Resume = workers, bytes.NewReader(kept)
					if r := search1(t, c.m, o); !reflect.DeepEqual(r, whole) {
						t.Errorf("stopped after %d of %d batches, with %d workers:\n%+v\nat once:\n%+v", k, n, workers, r, whole)
					}
				}
			}
		})
	}
	if !within {
		t.Error("no search was interrupted within a level")
	}
}

// A search may be stopped again and again.
func TestResumedOverAndOver(t *testing.T) {
	m, o := presetModel("corrected", 4, Atomic), Options{Properties: quick, Workers: 2}
	whole := search1(t, m, o)
	r, kept := stopAt(t, m, o, 5)
	times := 0
	for ; r.Cut == Interrupted; times++ {
		o.Resume = bytes.NewReader(kept)
		r, kept = stopAt(t, m, o, 5)
	}
	if times < 5 || !reflect.DeepEqual(r, whole) {
		t.Errorf("after %d times %+v, at once %+v", times, r, whole)
	}
}

// A checkpoint that is made on the way does as well as one made at the end.
func TestCheckpointOnTheWay(t *testing.T) {
	m, o := presetModel("corrected", 4, Atomic), Options{Properties: quick}
	var kept bytes.Buffer
	calls := 0
	o.Checkpoint = func(cut Cut, save func(io.Writer) error) {
		if calls++; calls == 20 {
			if err := save(&kept); err != nil || cut != NotCut {
				t.Errorf("call 20: %d, %v", cut, err)
			}
		}
	}
	whole := search1(t, m, o)
	o.Checkpoint, o.Resume = nil, &kept
	if r := search1(t, m, o); !reflect.DeepEqual(r, whole) {
		t.Errorf("from a checkpoint %+v, at once %+v", r, whole)
	}
}

// Limits on depth and memory are of the search under way alone.
func TestResumedUnderOtherLimits(t *testing.T) {
	m, o := presetModel("corrected", 4, Messages), Options{Properties: quick, Depth: 12}
	deep := search1(t, m, o)
	o.Depth = 7
	r, kept := stopAt(t, m, o, -1)
	if r.Cut != CutByDepth || r.Depth != 7 {
		t.Fatalf("%+v", r)
	}
	o.Resume = bytes.NewReader(kept)
	if again := search1(t, m, o); !reflect.DeepEqual(again, r) {
		t.Errorf("to the same depth again: %+v, before %+v", again, r)
	}
	o.Depth, o.Resume = 12, bytes.NewReader(kept)
	if r := search1(t, m, o); !reflect.DeepEqual(r, deep) {
		t.Errorf("to depth 7 and on to 12: %+v, to 12 at once: %+v", r, deep)
	}
	o.Depth, o.Resume = 6, bytes.NewReader(kept)
	_, err := Search(t.Context(), m, o)
	if want := "it has gone beyond depth 6 already; allow a greater depth than 7"; err == nil || err.Error() != want {
		t.Errorf("to depth 6: %v, want %s", err, want)
	}

	m, o = presetModel("corrected", 5, Messages), Options{Properties: quick, Depth: 14}
	whole := search1(t, m, o)
	o.Memory = 3 << 20
	r, kept = stopAt(t, m, o, -1)
	if r.Cut != CutByMemory {
		t.Fatalf("%+v", r)
	}
	o.Memory, o.Resume = 0, bytes.NewReader(kept)
	if again := search1(t, m, o); !reflect.DeepEqual(again, whole) {
		t.Errorf("with more memory %+v, at once %+v", again, whole)
	}
}

// tiny is a search with a checkpoint of a few hundred bytes.
func tiny(t *testing.T) (*Model, Options, []byte) {
	t.Helper()
	m := presetModel("zave2012", 2, Atomic)
	m.Start = []int{0}
	o := Options{Properties: 1 << chord.AtMostOneRing, Workers: 1, Program: "this"}
	_, kept := stopAt(t, m, o, 3)
	return m, o, kept
}

func resumed(m *Model, o Options, kept []byte) error {
	o.Resume = bytes.NewReader(kept)
	_, err := Search(context.Background(), m, o)
	return err
}

// Whatever byte is another, wherever it ends and if anything follows: an error
// of one line.
func TestDamagedCheckpoints(t *testing.T) {
	m, o, kept := tiny(t)
	if err := resumed(m, o, kept); err != nil {
		t.Fatal(err)
	}
	check := func(what string, at int, damaged []byte, allowed ...error) {
		err := resumed(m, o, damaged)
		if err == nil || strings.Contains(err.Error(), "\n") {
			t.Fatalf("%s at %d of %d: %v", what, at, len(kept), err)
		}
		for _, a := range allowed {
			if errors.Is(err, a) {
				return
			}
		}
		t.Errorf("%s at %d of %d: %v", what, at, len(kept), err)
	}
	for i := range kept {
		check("cut off", i, kept[:i], errTruncated)
		damaged := bytes.Clone(kept)
		damaged[i] ^= 1 << (i % 8)
		check("changed", i, damaged, errDamaged, errNoCheckpoint, errTruncated)
	}
	check("longer", len(kept), append(bytes.Clone(kept), 0), errDamaged)
	check("none", 0, []byte("name: smoke\n"), errNoCheckpoint)
	check("none", 0, bytes.Repeat([]byte("x"), 1<<17), errNoCheckpoint)
}

// A checkpoint of another format says so, and a reader's error is its own.
func TestCheckpointsThatCannotBeRead(t *testing.T) {
	m, o, _ := tiny(t)
	text := checkpointTitle + "7\n{}\n"
	text += fmt.Sprintf("%016x\n", crc64.Checksum([]byte(text), checksums))
	err := resumed(m, o, []byte(text))
	if want := "it has format 7, and this program reads format 1; remove it to begin anew"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	broken := errors.New("the disk is on fire")
	o.Resume = io.MultiReader(strings.NewReader(checkpointTitle), failing{err: broken})
	if _, err := Search(t.Context(), m, o); !errors.Is(err, broken) {
		t.Errorf("%v, want %v", err, broken)
	}
	o.Resume, o.Memory = nil, 1
	o.Checkpoint = func(_ Cut, save func(io.Writer) error) {
		for room := range 3 {
			if err := save(&failing{broken, room}); !errors.Is(err, broken) {
				t.Errorf("room for %d: %v, want %v", room, err, broken)
			}
		}
	}
	search1(t, m, o)
}

// Everything that decides what is found has to be the same, and the error names
// what is not.
func TestCheckpointsOfOtherSearches(t *testing.T) {
	m, o, kept := tiny(t)
	refused := func(m *Model, o Options, want string) {
		t.Helper()
		err := resumed(m, o, kept)
		if err == nil || !strings.HasPrefix(err.Error(), "it is of another search, which differs in "+want) {
			t.Errorf("%v, want it to differ in %s", err, want)
		}
	}
	changes := map[string]struct {
		change func(*Model)
		want   string
	}{
		"IDs": {func(m *Model) { m.IDs = 3 }, "ids (2 there, 3 here); repeat that search, name another file, or remove it to begin anew"},
		"Successors": {func(m *Model) {
			m.Successors, m.Rules.Refresh, m.Rules.DeadSuccessor = 1, chord.RefreshList, chord.DeadNext
		}, "successors (2 there, 1 here)"},
		"Rules":   {func(m *Model) { m.Rules.DeadSuccessor = chord.DeadNext }, "rule dead_successor; "},
		"Grain":   {func(m *Model) { m.Grain = Messages }, "grain (atomic there, messages here)"},
		"Perfect": {func(m *Model) { m.Perfect = false }, "detector (perfect there, timeout here)"},
		"Guard":   {func(m *Model) { m.Guard = GuardOff }, "guard (entries there, off here)"},
		"Checks":  {func(m *Model) { m.Checks = !m.Checks }, "checks (true there, false here)"},
		"Late":    {func(m *Model) { m.Late = true }, "late-notifies (false there, true here)"},
		"Many":    {func(m *Model) { m.Many = true }, "many-notifies (false there, true here)"},
		"Drops":   {func(m *Model) { m.Drops = true }, "drops (false there, true here)"},
		"Start":   {func(m *Model) { m.Start = []int{1} }, "start (0 there, 1 here)"},
	}
	fields := reflect.TypeFor[Model]()
	for i := range fields.NumField() {
		c, ok := changes[fields.Field(i).Name]
		if !ok {
			t.Fatalf("no change of %s is tried", fields.Field(i).Name)
		}
		other := *m
		c.change(&other)
		refused(&other, o, c.want)
	}
	rules := reflect.TypeFor[chord.Rules]()
	for i := range rules.NumField() {
		other := *m
		field := reflect.ValueOf(&other.Rules).Elem().Field(i)
		if field.Kind() == reflect.Bool {
			field.SetBool(!field.Bool())
		} else {
			field.SetUint((field.Uint() + 1) % 3)
		}
		if differences(settings(m, &o), settings(&other, &o)) != ruleName(rules.Field(i).Name) {
			t.Errorf("a change of %s is not noticed", rules.Field(i).Name)
		}
	}
	for want, change := range map[string]func(*Options){
		"properties (AtMostOneRing there, none here)": func(o *Options) { o.Properties = 0 },
		"liveness (false there, true here)":           func(o *Options) { o.Liveness = true },
		"find (nothing there, split here)":            func(o *Options) { o.Find = chord.WordSplit },
		"version (this there, that here)":             func(o *Options) { o.Program = "that" },
	} {
		other := o
		change(&other)
		refused(m, other, want)
	}
	other := *m
	other.IDs, other.Guard = 3, GuardOff
	refused(&other, o, "ids (2 there, 3 here), guard (entries there, off here); ")
}

// A checkpoint that is whole, but whose states are none of this program: the
// first under another hash, one reached by another event or from itself, a
// record with another byte, one state less than there are.
func TestCheckpointsWithStrangeStates(t *testing.T) {
	m, o, kept := tiny(t)
	for name, change := range map[string]func(s *search){
		"nothing":  func(*search) {},
		"hash":     func(s *search) { s.states.blocks[0].hash[0]++ },
		"choice":   func(s *search) { s.states.blocks[0].choice[1] = 99 },
		"parent":   func(s *search) { s.states.blocks[0].parent[1] = 1 },
		"later":    func(s *search) { s.states.blocks[0].parent[1] = 2 },
		"record":   func(s *search) { s.later.parts[0].codes[1] ^= 1 },
		"length":   func(s *search) { s.later.parts[0].codes[0] = 200 },
		"count":    func(s *search) { s.states.count-- },
		"expanded": func(s *search) { s.expanded++ },
	} {
		s := &search{m: m, o: o, states: newVisited()}
		if err := s.resume(bytes.NewReader(kept)); err != nil {
			t.Fatal(err)
		}
		change(s)
		var changed bytes.Buffer
		if err := s.save(&changed); err != nil {
			t.Fatal(err)
		}
		if err := resumed(m, o, changed.Bytes()); (err == nil) != (name == "nothing") || err != nil && !errors.Is(err, errStrange) {
			t.Errorf("%s is another: %v", name, err)
		}
	}
}

// failing is a reader, and a writer that takes so many pieces.
type failing struct {
	err  error
	room int
}

func (f failing) Read([]byte) (int, error) { return 0, f.err }

func (f *failing) Write(p []byte) (int, error) {
	if f.room--; f.room < 0 {
		return 0, f.err
	}
	return len(p), nil
}
