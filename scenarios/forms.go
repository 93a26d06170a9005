package scenarios

import (
	"bytes"
	"encoding/json"

	"github.com/invopop/jsonschema"
)

// Some values have a short form: `stabilize: 30s` for `stabilize: {every: 30s}`.
// In the schema both are alternatives, told apart by being a mapping or not.

// orShort makes the schema s of a mapping one that takes a scalar as well.
func orShort(s *jsonschema.Schema, short *jsonschema.Schema) {
	long := *s
	*s = jsonschema.Schema{AnyOf: []*jsonschema.Schema{short, &long}}
}

// isMapping reports whether JSON is an object.
func isMapping(data []byte) bool { return bytes.HasPrefix(bytes.TrimSpace(data), []byte("{")) }

// isNull reports whether JSON is null: the place of an item that is broken and
// was reported.
func isNull(data []byte) bool { return bytes.Equal(bytes.TrimSpace(data), []byte("null")) }

// decodeOver decodes JSON over defaults. F is a type without UnmarshalJSON.
func decodeOver[F any](data []byte, defaults F) (F, error) {
	err := json.Unmarshal(data, &defaults)
	return defaults, err
}

// decodeEither decodes a value that has a short form: a scalar through short,
// a mapping through long.
func decodeEither[S, V any](data []byte, to *V, short func(S) V, long func() (V, error)) error {
	var v V
	var err error
	switch {
	case isNull(data):
		return nil
	case isMapping(data):
		v, err = long()
	default:
		var s S
		if err = json.Unmarshal(data, &s); err == nil {
			v = short(s)
		}
	}
	if err == nil {
		*to = v
	}
	return err
}
