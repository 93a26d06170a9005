package scenarios

import (
	"encoding/json"
	"fmt"
	"io"
)

// WriteJSON writes a result as result.json holds it: indented, members in the
// order of the types, text as it is.
func WriteJSON(w io.Writer, r *Result) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	out.SetIndent("", " ")
	return out.Encode(r)
}

// ReadJSON reads a result.json of this version of the form.
func ReadJSON(rd io.Reader) (*Result, error) {
	r := new(Result)
	if err := json.NewDecoder(rd).Decode(r); err != nil {
		return nil, fmt.Errorf("no result of chordsim: %w", err)
	}
	if r.Schema != SchemaVersion {
		return nil, fmt.Errorf("a result of form %d; this chordsim reads form %d", r.Schema, SchemaVersion)
	}
	return r, nil
}
