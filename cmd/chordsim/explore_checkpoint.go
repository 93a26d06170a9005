package main

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime/debug"

	"chordsim/explore"
	"chordsim/scenarios"
)

// keeper keeps a search in the file of --checkpoint. Without one it does
// nothing.
type keeper struct {
	a     *app
	file  string
	from  *os.File // what the search goes on from; nil: it begins anew
	there bool     // the file is a checkpoint of this search
	clock keepingClock
	err   error // why the file could not be written last
}

// keeper has a search keep where it stands, and go on from what is there.
func (a *app) keeper(file string, o *explore.Options) (*keeper, error) {
	k := &keeper{a: a, file: file}
	if file == "" {
		return k, nil
	}
	if info, err := os.Stat(file); err == nil && !info.Mode().IsRegular() {
		return nil, usagef("--checkpoint %s is no regular file; name another", file)
	}
	if err := scenarios.CheckFile(file, "--checkpoint"); err != nil {
		return nil, err
	}
	switch from, err := os.Open(file); {
	case err == nil:
		k.from, o.Resume = from, from
	case !errors.Is(err, fs.ErrNotExist):
		return nil, usagef("--checkpoint %s cannot be read: %v; name another file", file, errors.Unwrap(err))
	}
	k.clock.begin()
	build, _ := debug.ReadBuildInfo() // nil if there is none
	o.Checkpoint, o.Program = k.keep, a.builtFrom(build)
	return k, nil
}

// builtFrom is the version, and the revision that the program was built from:
// another one may come to other states. Where no revision says it all, it is the
// program's own bytes that do.
func (a *app) builtFrom(build *debug.BuildInfo) string {
	version, clean := a.engine.version, false
	if build != nil {
		for _, s := range build.Settings {
			switch {
			case s.Key == "vcs.revision":
				version += " " + s.Value[:min(len(s.Value), 12)]
			case s.Key == "vcs.modified":
				clean = s.Value == "false"
			}
		}
	}
	if !clean {
		version += " of " + ownSum()
	}
	return version
}

// ownSum is a checksum of the program itself.
func ownSum() string {
	name, err := os.Executable()
	if err != nil {
		return "unknown bytes"
	}
	file, err := os.Open(name)
	if err != nil {
		return "unknown bytes"
	}
	defer file.Close() // it was only read
	sum := sha256.New()
	if _, err := io.Copy(sum, file); err != nil {
		return "unknown bytes"
	}
	return fmt.Sprintf("%x", sum.Sum(nil)[:6])
}

// keep writes the file if the time has come, or there is no other.
func (k *keeper) keep(cut explore.Cut, save func(io.Writer) error) {
	if cut == explore.NotCut && !k.clock.due() {
		return
	}
	k.close() // some systems rename over no file that is open
	k.err = scenarios.WriteFile(k.file, save)
	k.clock.kept()
	var output *scenarios.OutputError
	if errors.As(k.err, &output) {
		output.Flag = "--checkpoint"
	}
	switch {
	case k.err == nil:
		k.there = true
	case cut == explore.NotCut:
		k.a.complain("note: " + k.err.Error() + "; the search goes on")
	}
}

// close lets go of what the search went on from.
func (k *keeper) close() {
	if k.from != nil {
		k.there = true
		k.from.Close() // it was only read
		k.from = nil
	}
}

// refused is the error of a search that could not begin.
func (k *keeper) refused(err error) error {
	if k.from == nil {
		return &usageError{err: err}
	}
	k.close()
	return usagef("--checkpoint %s: %w", k.file, err)
}

// end removes the file of a search that has ended with an answer, and says so.
func (k *keeper) end(r *explore.Result) error {
	if k.file == "" {
		return nil
	}
	k.close()
	switch {
	case r.Cut != explore.NotCut && k.err != nil:
		return k.err
	case r.Cut == explore.CutByDepth, r.Cut == explore.CutByMemory:
		flag := map[explore.Cut]string{explore.CutByDepth: "--depth", explore.CutByMemory: "--memory"}[r.Cut]
		fmt.Fprintf(k.a.stdout, "kept in %s: the same command with a greater %s goes on from there\n", k.file, flag)
	case r.Cut != explore.NotCut:
		fmt.Fprintf(k.a.stdout, "kept in %s: the same command goes on from there\n", k.file)
	case k.there:
		if err := os.Remove(k.file); err != nil {
			k.a.complain(fmt.Sprintf("note: %s is not needed any more and cannot be removed: %v", k.file, errors.Unwrap(err)))
			return nil
		}
		fmt.Fprintf(k.a.stdout, "removed %s: the search has ended\n", k.file)
	}
	return nil
}

// cutShort is the error of a search that ended before its end, with what to do;
// nil if that is what --depth asked for.
func (k *keeper) cutShort(r *explore.Result) error {
	const fewer = "explore fewer --ids or --grain atomic"
	switch r.Cut {
	case explore.Interrupted:
		if k.file == "" {
			return &incompleteError{"interrupted, and nothing is kept; with --checkpoint FILE a search can go on later"}
		}
		return &incompleteError{"interrupted; the same command goes on from " + k.file}
	case explore.CutByMemory:
		if k.file == "" {
			return &incompleteError{"cut short by --memory; allow more, with --checkpoint FILE to go on later if that is not enough, or " + fewer}
		}
		return &incompleteError{fmt.Sprintf("cut short by --memory; allow more and go on from %s, or %s", k.file, fewer)}
	case explore.CutByCount:
		return &incompleteError{"cut short, " + r.Stopped + "; " + fewer}
	}
	return nil
}
