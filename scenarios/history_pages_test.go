package scenarios

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Where keys of E-Chord are written and read while the ring is in churn, some are
// not linearizable. Pages of the first run that has some are named by the result and
// written; they go with the next result.
func TestHistoriesAreWrittenAndCleared(t *testing.T) {
	sc := mustParse(t, `name: x
repeat: 3
ring: {protocol: echord, bits: 32, stabilize: 1s}
timeline:
  - start: {nodes: 30}
  - workload: {rate: 20/s, for: 20s, keys: 4, mix: {get: 50%, put: 50%}, background: on}
  - churn: {for: 20s, joins: 2/s, departures: 2/s}
  - measure: {data: on, as: early}
  - measure: {data: on, as: late}
`, Overrides{})
	r, err := Run(context.Background(), sc, RunOptions{Jobs: 3})
	if err != nil {
		t.Fatal(err)
	}
	var named []string
	for _, run := range r.Rows[0].Runs {
		if len(named) > 0 && run.hasHistories() {
			t.Errorf("seed %d keeps pages that nobody will see", run.Seed)
		}
		for _, d := range run.Data {
			if d.Linearizable.Violated < int64(len(d.Histories)) {
				t.Errorf("%d pages of %d keys", len(d.Histories), d.Linearizable.Violated)
			}
			named = append(named, d.Histories...)
		}
	}
	if len(named) == 0 || len(named) > mostPages {
		t.Fatalf("pages %v, want 1 to %d", named, mostPages)
	}
	folder, err := OpenFolder(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	written := func() []string {
		files, err := filepath.Glob(folder.Path("*.html"))
		if err != nil {
			t.Fatal(err)
		}
		for i := range files {
			files[i] = filepath.Base(files[i])
		}
		return files
	}
	if err := folder.WriteResult(r); err != nil {
		t.Fatal(err)
	}
	slices.Sort(named)
	if got := written(); !slices.Equal(got, named) {
		t.Errorf("written are %v, named %v", got, named)
	}
	page, err := os.ReadFile(folder.Path(named[0]))
	if err != nil || !strings.Contains(string(page), "<html") || !strings.Contains(string(page), "key-") {
		t.Errorf("%s is no page of a key: %.80s, %v", named[0], page, err)
	}
	if table := linearizableTable(r, shapeOf(r)); !strings.Contains(table.Rows[0][len(table.Columns)-1].Text, named[0]) {
		t.Errorf("the table names %v", table.Rows[0])
	}
	again := madeUp(t)
	for i := range again.Rows {
		for j := range again.Rows[i].Runs {
			again.Rows[i].Runs[j].dropHistories()
		}
	}
	if err := folder.WriteResult(again); err != nil {
		t.Fatal(err)
	}
	if got := written(); len(got) != 0 {
		t.Errorf("left behind: %v", got)
	}
}

// The pages that stay are those of the first run by row and seed, whichever is done
// first; of a key that several measures show there is one.
func TestWhichHistoriesAreKept(t *testing.T) {
	done := func(row int, seed uint64, keys ...uint32) finishedRun {
		f := finishedRun{job: job{row, seed}, result: RunResult{Seed: seed, Data: []Data{{Name: "early"}, {Name: "late"}}}}
		for _, k := range keys {
			for i := range f.result.Data {
				f.result.Data[i].pages = append(f.result.Data[i].pages, keyPage{k, nil})
			}
		}
		return f
	}
	r := new(runner)
	for _, f := range []finishedRun{done(1, 1, 7), done(0, 3, 8), done(0, 2), done(0, 4, 9), done(0, 1, 4, 5)} {
		r.done = append(r.done, f)
		r.keepHistories()
	}
	for i := range r.done {
		if has := r.done[i].result.hasHistories(); has != (i == 4) {
			t.Errorf("run %+v has pages: %v", r.done[i].job, has)
		}
	}
	run := &r.done[4].result
	run.Data[1].pages = append(run.Data[1].pages, keyPage{6, nil}, keyPage{10, nil})
	run.nameHistories()
	if early, late := run.Data[0].Histories, run.Data[1].Histories; !slices.Equal(early, []string{"history-early-key-4.html", "history-early-key-5.html"}) ||
		!slices.Equal(late, []string{"history-late-key-6.html"}) {
		t.Errorf("named are %v and %v", early, late)
	}
}
