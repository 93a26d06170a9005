package scenarios

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// OutputError is a file or folder of results that could not be written: the
// machine's fault or a folder badly chosen, never the scenario's.
type OutputError struct {
	Path string
	Flag string // that chooses another place; "" is --out
	Err  error
}

func (e *OutputError) Error() string {
	switch e.Flag {
	case "", "--out":
	case "--docs", "--corpus":
		return fmt.Sprintf("cannot write to %s: %v; choose another folder with %s", e.Path, cause(e.Err), e.Flag)
	default:
		return fmt.Sprintf("cannot write to %s: %v; choose another file with %s", e.Path, cause(e.Err), e.Flag)
	}
	return fmt.Sprintf("cannot write results to %s: %v; choose another folder with --out", e.Path, cause(e.Err))
}

func (e *OutputError) Unwrap() error { return e.Err }

// cause takes the system's own words out of an error of a file operation,
// whose path is said already.
func cause(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	var link *os.LinkError
	if errors.As(err, &link) {
		return link.Err
	}
	return err
}

// Folder is where the files of a result go. Each file is written whole or not
// at all: into a temporary file beside it, which then takes its name.
type Folder struct {
	path string
	made []string // folders that OpenFolder has made, the innermost first
}

// OpenFolder makes the folder and finds out, by making a file in it, whether
// results can be written there, so that this is known before a run of hours.
func OpenFolder(path string) (*Folder, error) {
	var made []string // the innermost first
	for p := filepath.Clean(path); ; p = filepath.Dir(p) {
		if _, err := os.Stat(p); err == nil || p == filepath.Dir(p) {
			break
		}
		made = append(made, p)
	}
	if err := os.MkdirAll(path, 0o777); err != nil {
		return nil, &OutputError{Path: path, Err: err}
	}
	if err := probe(path); err != nil {
		return nil, &OutputError{Path: path, Err: err}
	}
	return &Folder{path, made}, nil
}

// CheckFile finds out whether a file, named by a flag of the command line, can
// be written. The file is not touched.
func CheckFile(path, flag string) error {
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return &OutputError{path, flag, errors.New("it is a folder")}
	case err == nil && !info.Mode().IsRegular():
		return nil // a pipe or a device
	}
	if err := probe(filepath.Dir(path)); err != nil {
		return &OutputError{path, flag, err}
	}
	return nil
}

// probe makes a file in a folder and removes it.
func probe(folder string) error {
	file, err := os.CreateTemp(folder, temporary)
	if err != nil {
		return err
	}
	return errors.Join(file.Close(), os.Remove(file.Name()))
}

// Has reports whether there is a file of a name in the folder.
func (f *Folder) Has(name string) bool {
	_, err := os.Stat(filepath.Join(f.path, name))
	return err == nil
}

// Abandon removes the folder if it was made for results that never came.
func (f *Folder) Abandon() {
	for _, path := range f.made {
		os.Remove(path) // fails, as it should, if there is something in it
	}
}

// clear removes the tables, charts and histories of an earlier result, known by
// its result.json.
func (f *Folder) clear() error {
	if _, err := os.Stat(f.Path("result.json")); err != nil {
		return nil
	}
	for _, pattern := range []string{"*.csv", "*.svg", "*.png", historyPrefix + "*.html"} {
		old, err := filepath.Glob(f.Path(pattern))
		if err != nil {
			return err
		}
		for _, file := range old {
			if err := os.Remove(file); err != nil {
				return err
			}
		}
	}
	return nil
}

// temporary is the pattern of the names of unfinished files.
const temporary = ".chordsim-*"

// Path returns the path of a file in the folder.
func (f *Folder) Path(name string) string { return filepath.Join(f.path, name) }

// Write writes one file of the folder.
func (f *Folder) Write(name string, content func(io.Writer) error) error {
	return WriteFile(f.Path(name), content)
}

// WriteFile writes a file whole or not at all. What is no regular file, a pipe
// or a device, is written to as it is; a link is followed.
func WriteFile(path string, content func(io.Writer) error) (err error) {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return writeThrough(path, content)
	}
	file, err := os.CreateTemp(filepath.Dir(path), temporary)
	if err != nil {
		return &OutputError{Path: path, Err: err}
	}
	defer func() {
		if err != nil {
			file.Close()           // the error at hand says more
			os.Remove(file.Name()) // the same
			err = &OutputError{Path: path, Err: err}
		}
	}()
	buffer := bufio.NewWriter(file)
	if err := content(buffer); err != nil {
		return err
	}
	if err := buffer.Flush(); err != nil {
		return err
	}
	// A temporary file is private; a result is as open as any new file.
	if err := file.Chmod(0o644); err != nil && !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}

// writeThrough writes to a pipe or a device.
func writeThrough(path string, content func(io.Writer) error) error {
	file, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return &OutputError{Path: path, Err: err}
	}
	buffer := bufio.NewWriter(file)
	if err := errors.Join(content(buffer), buffer.Flush(), file.Close()); err != nil {
		return &OutputError{Path: path, Err: err}
	}
	return nil
}

// WriteResult writes result.json, a CSV file for every table and series of
// a concluded result, and the histories that it names and still has.
// Files of an earlier result in the folder go, so that what lies there belongs
// together.
func (f *Folder) WriteResult(r *Result) error {
	if err := f.clear(); err != nil {
		return &OutputError{Path: f.path, Err: err}
	}
	if err := f.Write("result.json", func(w io.Writer) error { return WriteJSON(w, r) }); err != nil {
		return err
	}
	for _, t := range Tables(r) {
		if err := f.Write(t.Name+".csv", func(w io.Writer) error { return WriteCSV(w, &t) }); err != nil {
			return err
		}
	}
	return f.writeHistories(r)
}
