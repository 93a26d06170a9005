package scenarios

import (
	"bytes"
	"embed"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
)

//go:embed *.yaml bench/*.yaml echord/*.yaml echord/*.json papers/*.yaml
var libraryFiles embed.FS

// Entry is a scenario of the built-in library.
type Entry struct {
	Name  string // "mass-failure", "bench/steady"
	Title string
	Data  []byte
}

// Library returns the built-in scenarios by name, folders last.
func Library() []Entry { return library() }

var library = sync.OnceValue(func() []Entry {
	var entries []Entry
	for _, pattern := range []string{"*.yaml", "*/*.yaml"} {
		files, err := fs.Glob(libraryFiles, pattern)
		if err != nil {
			panic("scenarios: " + err.Error())
		}
		from := len(entries)
		for _, file := range files {
			data, err := libraryFiles.ReadFile(file)
			if err != nil {
				panic("scenarios: " + err.Error())
			}
			entries = append(entries, Entry{Name: strings.TrimSuffix(file, ".yaml"), Title: titleOf(data), Data: data})
		}
		// By name, not by file: "-" comes before ".".
		slices.SortFunc(entries[from:], func(a, b Entry) int { return strings.Compare(a.Name, b.Name) })
	}
	return entries
})

// titleOf reads the title of a scenario, params and all.
func titleOf(data []byte) string {
	root, problems := parseTree(data)
	if len(problems) > 0 {
		return ""
	}
	if title := root.child("title"); title != nil {
		return title.text
	}
	return ""
}

// folderOf returns the folder of the library that a scenario lies in, and
// whether its text is the library's: then the files it names are there, too.
func folderOf(sc *Scenario) (string, bool) {
	data, ok := Open(sc.Name)
	return path.Dir(sc.Name), ok && bytes.Equal(data, sc.Source)
}

// Open returns the text of a built-in scenario and whether there is one of
// this name.
func Open(name string) ([]byte, bool) {
	for _, e := range Library() {
		if e.Name == name {
			return e.Data, true
		}
	}
	return nil, false
}
