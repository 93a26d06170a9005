package fuzz

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"chordsim/scenarios"
)

// Kept is a scenario of a corpus with what it is to come to.
type Kept struct {
	File   string
	Text   string
	Class  Class // Nothing for what broke once, and is mended
	Digest string
	// Proved: it keeps the assumptions of the proof, which it is held to.
	Proved bool
}

// heading is the line of a kept scenario that says so.
var heading = regexp.MustCompile(`(?m)^# comes to: ([a-z]+)( within the proof)?, digest ([0-9a-f]{16})$`)

// mended is the word for Nothing in a kept scenario.
const mended = "nothing"

// name is what a finding is called: the same for the same. A run that did not end has
// no digest; its scenario has.
func (f *Finding) name() string {
	id := f.Digest
	if id == "" {
		sum := fnv.New64a()
		io.WriteString(sum, f.Text("", ""))
		id = fmt.Sprintf("%016x", sum.Sum64())
	}
	return fmt.Sprintf("%s-%s-%s", f.Protocol, f.Class, id[:8])
}

// Title says in a few words what breaks, and what it assumes.
func (f *Finding) Title() string {
	return fmt.Sprintf("%s under %s, %s", f.Class, f.Protocol, f.Assumes())
}

// FileText returns a finding as a file that chordsim run takes, and the name of the
// file. Folder is where it will lie, for the command in it.
func (f *Finding) FileText(folder string) (name, text string) {
	name = f.name() + ".yaml"
	ring := f.Word
	if ring == "" {
		ring = "not known"
	}
	within := ""
	if f.Promised {
		within = " within the proof"
	}
	comment := []string{
		fmt.Sprintf("comes to: %s%s, digest %s", f.Class, within, cmp.Or(f.Digest, noDigest)),
		"at the end the ring is " + ring,
	}
	if f.Violated != 0 {
		comment = append(comment, "violated on the way: "+f.Violated.String())
	}
	comment = append(comment, "chordsim run "+filepath.ToSlash(filepath.Join(folder, name)))
	return name, f.Text("fuzz/"+f.name(), f.Title(), comment...)
}

// Size returns how many nodes the scenario names, and how many steps its timeline
// has, those after the faults included.
func (f *Finding) Size() (nodes, steps int) {
	steps = len(f.Steps) + 1
	if f.stores() {
		steps += 2
	}
	if f.Probe > 0 {
		steps++
	}
	return int(f.nodes()), steps
}

// noDigest stands for the digest of a run that did not end.
const noDigest = "0000000000000000"

// Keep writes a finding into a folder, which is made if it is not there, and returns
// the file.
func (f *Finding) Keep(folder string) (string, error) {
	name, text := f.FileText(folder)
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return "", &scenarios.OutputError{Path: folder, Err: err}
	}
	path := filepath.Join(folder, name)
	return path, scenarios.WriteFile(path, func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	})
}

// ReadCorpus reads all scenarios of a folder, by name; none where there is no such
// folder. A file without what it is to come to is an *scenarios.InputError.
func ReadCorpus(folder string) ([]Kept, error) {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var out []Kept
	for _, e := range entries {
		if filepath.Ext(e.Name()) != ".yaml" {
			continue
		}
		path := filepath.Join(folder, e.Name())
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		m := heading.FindSubmatch(text)
		if m == nil {
			return nil, scenarios.Inputf("%s has no line `# comes to: CLASS, digest DIGEST`; a corpus holds what chordsim fuzz has found", path)
		}
		k := Kept{File: path, Text: string(text), Digest: string(m[3]), Proved: len(m[2]) > 0}
		if k.Class, err = parseClass(string(m[1])); err != nil {
			return nil, scenarios.Inputf("%s comes to %w", path, err)
		}
		out = append(out, k)
	}
	return out, nil
}

// parseClass reads a class as a kept scenario says it.
func parseClass(word string) (Class, error) {
	if word == mended {
		return Nothing, nil
	}
	if c := Class(word); slices.Contains(Classes, c) {
		return c, nil
	}
	known := mended
	for _, c := range Classes {
		known += ", " + string(c)
	}
	return Nothing, fmt.Errorf("%q, which is no class; write one of %s", word, known)
}

// Is reports whether a replay comes to what the scenario came to when it was kept. A
// run that panics does not end, and has no digest: it is known by its class alone.
func (k *Kept) Is(v Verdict) bool {
	return v.Class == k.Class && (v.Digest == k.Digest || k.Class == Panics)
}

// Replay runs a kept scenario, and judges it as it was judged when it was kept. The
// error of a file that was changed since and is wrong now is a *scenarios.Problems.
func (k *Kept) Replay(ctx context.Context) (Verdict, error) {
	v, err := judge(ctx, k.File, []byte(k.Text), newObserver(k.Proved), scenarios.Overrides{})
	var wrong *scenarios.Problems
	if errors.As(err, &wrong) {
		return v, wrong
	}
	return v, err
}
