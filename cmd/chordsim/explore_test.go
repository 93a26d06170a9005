package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"chordsim/chord"
	"chordsim/explore"
	"chordsim/scenarios"
)

// Interrupted, a search says whether it can go on, and goes on.
func TestInterruptedExploreGoesOn(t *testing.T) {
	file := filepath.Join(t.TempDir(), "kept")
	stopped, cancel := context.WithCancel(t.Context())
	cancel()
	for _, c := range []struct {
		ctx            context.Context
		args           string
		status         int
		stdout, stderr string
	}{
		{stopped, "", exitInterrupted, "cut short, interrupted; 1 states were not expanded\n",
			"chordsim: interrupted, and nothing is kept; with --checkpoint FILE a search can go on later\n"},
		{stopped, "--checkpoint " + file, exitInterrupted, "kept in " + file + ": the same command goes on from there\n",
			"chordsim: interrupted; the same command goes on from " + file + "\n"},
		{t.Context(), "--checkpoint " + file, exitHolds, "resumed from " + file + ": 1 states, depth 0\nremoved " + file + ": the search has ended\n", ""},
		{stopped, "--ablate", exitInterrupted, "", "chordsim: interrupted before a search was finished\n"},
	} {
		var stdout, stderr bytes.Buffer
		a := &app{engine: simulator(), stdout: &stdout, stderr: &stderr}
		status := a.main(c.ctx, append([]string{"explore", "--grain", "atomic"}, strings.Fields(c.args)...))
		if status != c.status || !strings.HasSuffix(stdout.String(), c.stdout) || stderr.String() != c.stderr {
			t.Errorf("explore %s: status %d, want %d\n%s%s", c.args, status, c.status, &stdout, &stderr)
		}
	}
	if _, err := os.Stat(file); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the checkpoint of a search that has ended is there: %v", err)
	}
}

// cornered is a small search, with what the program prints of it.
func cornered() (*app, *explore.Model, *explore.Options, *bytes.Buffer) {
	var printed bytes.Buffer
	rules, _, _ := chord.Preset("corrected", 1)
	m := &explore.Model{IDs: 3, Successors: 1, Rules: rules, Grain: explore.Atomic, Perfect: true}
	return &app{engine: simulator(), stdout: &printed, stderr: &printed}, m, &explore.Options{Workers: 1}, &printed
}

// Now and then a search is kept on the way, too.
func TestExploreIsKeptOnTheWay(t *testing.T) {
	a, m, o, printed := cornered()
	file := filepath.Join(t.TempDir(), "kept")
	k, err := a.keeper(file, o)
	if err != nil {
		t.Fatal(err)
	}
	var sizes []int64 // of the file, at each batch
	o.Progress = func(explore.Progress) {
		size := int64(0)
		if info, err := os.Stat(file); err == nil {
			size = info.Size()
		}
		if sizes = append(sizes, size); len(sizes) == 3 {
			k.clock.began = k.clock.began.Add(-keptEvery)
		}
	}
	r, err := explore.Search(t.Context(), m, *o)
	if err != nil || !r.Exhaustive || len(sizes) < 5 || sizes[2] != 0 || sizes[3] == 0 || sizes[3] != sizes[len(sizes)-1] {
		t.Errorf("%+v, %v; bytes of the file: %d", r, err, sizes)
	}
	if err := k.end(r); err != nil || printed.String() != "removed "+file+": the search has ended\n" {
		t.Errorf("%v: %s", err, printed)
	}

	// Writing that takes long is done less often.
	k.clock.wrote = k.clock.wrote.Add(-time.Hour)
	if k.clock.kept(); k.clock.pause < 20*time.Hour || k.clock.due() {
		t.Errorf("after an hour of writing the pause is %v", k.clock.pause)
	}
}

// A folder that is full or gone ends no search, but what could not be kept in
// the end is an error.
func TestExploreThatCannotBeKept(t *testing.T) {
	a, m, o, printed := cornered()
	folder := filepath.Join(t.TempDir(), "folder")
	if err := os.Mkdir(folder, 0o777); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(folder, "kept")
	k, err := a.keeper(file, o)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(folder); err != nil {
		t.Fatal(err)
	}
	k.clock.began = k.clock.began.Add(-keptEvery)
	o.Depth = 5
	r, err := explore.Search(t.Context(), m, *o)
	if err != nil || r.Cut != explore.CutByDepth {
		t.Fatalf("%+v, %v", r, err)
	}
	cannot := "cannot write to " + file + ": no such file or directory; choose another file with --checkpoint"
	if want := "chordsim: note: " + cannot + "; the search goes on\n"; printed.String() != want {
		t.Errorf("%q, want %q", printed, want)
	}
	var output *scenarios.OutputError
	if err := k.end(r); !errors.As(err, &output) || err.Error() != cannot || statusOf(err) != exitBroken {
		t.Errorf("%v, want %s", err, cannot)
	}
}

// A checkpoint is of the sources that the program was built from, or, where no
// revision is all of them, of the very program.
func TestVersionOfACheckpoint(t *testing.T) {
	a := &app{engine: engine{version: "1.2"}}
	build := &debug.BuildInfo{Settings: []debug.BuildSetting{
		{Key: "vcs", Value: "git"}, {Key: "vcs.revision", Value: "0123456789abcdef"}, {Key: "vcs.modified", Value: "false"},
	}}
	if got, want := a.builtFrom(build), "1.2 0123456789ab"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	name, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	sum := fmt.Sprintf(" of %x", sha256.Sum256(program))[:len(" of ")+12]
	build.Settings[2].Value = "true"
	if got, want := a.builtFrom(build), "1.2 0123456789ab"+sum; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := a.builtFrom(nil), "1.2"+sum; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// The line of progress names the rule that is switched off, and what came of it
// stays.
func TestExploreProgress(t *testing.T) {
	var shown bytes.Buffer
	p := (&app{stderr: &shown}).explorePace("2 of 9, chase=off: ")
	p.update(explore.Progress{States: 5})
	p.finish("not shown")
	if p.close(); shown.Len() > 0 {
		t.Errorf("off a terminal: %q", &shown)
	}
	p = (&app{stderr: &shown}).explorePace("2 of 9, chase=off: ")
	p.to = &shown
	p.update(explore.Progress{States: 1000, Depth: 3, Waiting: 4, Bytes: 5e6})
	p.update(explore.Progress{States: 2000})
	if want := "\r\x1b[K2 of 9, chase=off: 1000 states, 0 a second, depth 3, 4 waiting, 5 MB"; shown.String() != want {
		t.Errorf("%q, want %q", &shown, want)
	}
	p.began = p.began.Add(-1000 * time.Second)
	if got := p.rate(101000); got != "100" { // those that were there before do not count
		t.Errorf("%s states a second, want 100", got)
	}
	shown.Reset()
	if p.finish("105239 states, nothing"); shown.String() != "\r\x1b[K2 of 9, chase=off: 105239 states, nothing\n" {
		t.Errorf("%q", &shown)
	}
}
