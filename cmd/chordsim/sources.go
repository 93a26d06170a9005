package main

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"chordsim/scenarios"
)

// maxScenario is one byte more than a scenario may have: enough for the parser
// to see that it is too long, and no more is read of whatever is named.
const maxScenario = 1<<20 + 1

// source is a scenario as it was named and read.
type source struct {
	file string // for messages
	data []byte
}

// read finds a scenario: a file that exists, standard input for "-", or a name
// of the library, with or without .yaml.
func (a *app) read(name string) (source, error) {
	if name == "-" {
		return readAll("standard input", a.stdin)
	}
	file, err := os.Open(name)
	if err == nil {
		defer file.Close()
		if info, err := file.Stat(); err == nil && !info.IsDir() {
			return readAll(name, file)
		}
		// A folder may be called as a scenario is.
	} else if !errors.Is(err, fs.ErrNotExist) {
		var path *fs.PathError
		if errors.As(err, &path) {
			err = path.Err
		}
		return source{}, usagef("cannot read %s: %v", name, err)
	}
	known := a.libraryNames()
	if i := slices.Index(known, name); i >= 0 {
		return source{name + ".yaml", a.engine.library()[i].data}, nil
	}
	if near := closest(name, known); near != "" {
		return source{}, usagef("no file and no scenario of the library is called %s; did you mean %s?", name, near)
	}
	return source{}, usagef("no file and no scenario of the library is called %s; chordsim list shows the library", name)
}

func readAll(name string, from io.Reader) (source, error) {
	data, err := io.ReadAll(io.LimitReader(from, maxScenario))
	if err != nil {
		return source{}, usagef("cannot read %s: %v", name, err)
	}
	return source{name, data}, nil
}

func (a *app) libraryNames() []string {
	var names []string
	for _, e := range a.engine.library() {
		names = append(names, e.name)
	}
	return names
}

// closest returns the name of the library that was most likely meant: one that
// differs in nothing but its folder or ending, or by a slip of the fingers.
func closest(name string, known []string) string {
	bare := strings.TrimSuffix(name[strings.LastIndexByte(name, '/')+1:], ".yaml")
	for _, k := range known {
		if k == bare || strings.HasSuffix(k, "/"+bare) {
			return k
		}
	}
	return scenarios.Nearest(bare, known)
}

// parseAll reads and checks all scenarios before anything is run, and reports
// what is wrong with any of them.
func (a *app) parseAll(names []string, o scenarios.Overrides) ([]*plan, error) {
	var plans []*plan
	var wrong []error
	for _, name := range names {
		s, err := a.read(name)
		if err == nil {
			var p *plan
			if p, err = a.engine.parse(s.file, s.data, o); err == nil {
				plans = append(plans, p)
				continue
			}
		}
		wrong = append(wrong, err)
	}
	if len(wrong) > 0 {
		return nil, errors.Join(wrong...)
	}
	seen := map[string]bool{}
	for _, p := range plans {
		if seen[p.name] {
			return nil, usagef("two scenarios are called %s; run them one after another", p.name)
		}
		seen[p.name] = true
	}
	return plans, nil
}
