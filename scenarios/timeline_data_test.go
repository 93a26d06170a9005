package scenarios

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Operations that take a while stand in charts over time and before those who watch,
// and so does a file that is put at once; other steps of one instant do not.
func TestMarksOfOperations(t *testing.T) {
	file := filepath.Join(t.TempDir(), "two.json")
	if err := os.WriteFile(file, []byte(`{"a": "1", "b": "2"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	sc := mustParse(t, `name: x
timeline:
  - start: {nodes: 5}
  - put: {count: 3}
  - put: {file: `+file+`, at: 10s}
  - put: {count: 3, over: 10s, at: 20s}
  - get: {rate: 2/s, for: 10s, at: 40s}
  - get: {each: on, at: 60s}
  - workload: {rate: 2/s, for: 10s, keys: 3, at: 70s}
  - delete: {each: on, over: 10s, at: 90s}
`, Overrides{})
	r, err := Run(context.Background(), sc, RunOptions{})
	if err != nil {
		t.Fatal(err)
	}
	want := []Mark{{10, "put 2"}, {20, "put 3"}, {40, "get 2/s"}, {70, "workload"}, {90, "delete 8"}}
	if diff := cmp.Diff(want, r.Rows[0].Runs[0].Marks); diff != "" {
		t.Error(diff)
	}
}
