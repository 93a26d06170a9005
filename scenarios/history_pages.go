package scenarios

import (
	"fmt"
	"io"
	"slices"
)

// keyPage is the history of a key that is not linearizable, as a page of HTML. It
// is too long for result.json, which names the file.
type keyPage struct {
	key  uint32
	html []byte
}

// mostPages bounds the pages of a measure, and those of a result.
const mostPages = 3

// historyPrefix is what the names of their files begin with.
const historyPrefix = "history-"

func (d *Data) pageName(p *keyPage) string {
	return fmt.Sprintf("%s%s-key-%d.html", historyPrefix, d.Name, p.key)
}

// hasHistories reports whether a run has pages to be written.
func (r *RunResult) hasHistories() bool {
	return slices.ContainsFunc(r.Data, func(d Data) bool { return len(d.pages) > 0 })
}

func (r *RunResult) dropHistories() {
	for i := range r.Data {
		r.Data[i].pages = nil
	}
}

// keepHistories leaves pages to the first of the finished runs that has some, by
// row and seed: those of a thousand runs would fill the memory.
func (r *runner) keepHistories() {
	last := len(r.done)
	if !r.done[last-1].result.hasHistories() {
		return
	}
	switch {
	case r.paged == 0:
		r.paged = last
	case r.done[last-1].compare(r.done[r.paged-1].job) < 0:
		r.done[r.paged-1].result.dropHistories()
		r.paged = last
	default:
		r.done[last-1].result.dropHistories()
	}
}

// nameHistories names the pages that are written: of the first run that has some,
// one a key.
func (r *Result) nameHistories() {
	for i := range r.Rows {
		for j := range r.Rows[i].Runs {
			if run := &r.Rows[i].Runs[j]; run.hasHistories() {
				run.nameHistories()
				return
			}
		}
	}
}

func (r *RunResult) nameHistories() {
	var keys []uint32
	for i := range r.Data {
		d := &r.Data[i]
		d.Histories = nil
		for k := range d.pages {
			if p := &d.pages[k]; len(keys) < mostPages && !slices.Contains(keys, p.key) {
				keys = append(keys, p.key)
				d.Histories = append(d.Histories, d.pageName(p))
			}
		}
	}
}

// writeHistories writes the pages that the result names. One that was read from a
// file has none.
func (f *Folder) writeHistories(r *Result) error {
	for i := range r.Rows {
		for j := range r.Rows[i].Runs {
			for k := range r.Rows[i].Runs[j].Data {
				if err := f.writePages(&r.Rows[i].Runs[j].Data[k]); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (f *Folder) writePages(d *Data) error {
	for i := range d.pages {
		p := &d.pages[i]
		if name := d.pageName(p); slices.Contains(d.Histories, name) {
			if err := f.Write(name, func(w io.Writer) error { _, err := w.Write(p.html); return err }); err != nil {
				return err
			}
		}
	}
	return nil
}
