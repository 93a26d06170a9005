package scenarios

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var rewriteResults = flag.Bool("rewrite-results", false, "rewrite testdata/result from what the tests find")

// madeUp is a result of two rows with two runs each, small enough to be
// reckoned by hand.
func madeUp(t *testing.T) *Result {
	t.Helper()
	r := &Result{Name: "made-up", Title: "A result for tests", Version: "test", Seed: 7, Repeat: 2, Scenario: "name: made-up\n"}
	for i, p := range []Scalar{"0.1", "50%"} {
		row := Row{Labels: []Param{{"p", p}}, Params: []Param{{"p", p}, {"nodes", "4"}}}
		for j := range 2 {
			row.Runs = append(row.Runs, madeUpRun(7+uint64(j), i, j))
		}
		r.Rows = append(r.Rows, row)
	}
	r.Host = &Host{OS: "test", Runs: []HostRun{{Row: 0, Seed: 7, Wall: 2, PeakMemory: 3e9}}}
	names := []Named{{"during", NamedLookup}, {"before", NamedLoad}, {"hurt", NamedRing}, {"heal", NamedAwait}, {"calm", NamedTraffic}}
	expectations, problems := CompileExpectations(names, []string{
		`ring.verdict == "ideal"`,
		`lookup.during.failed_share <= p`,
		`heal.time < duration("1m")`,
		`all.ring.hurt.verdict.broken < 0.75`,
		`all.lookup.during.path.mean.ci95 < 100`,
		`host.peak_memory < 1e9`,
	}, ExpectOptions{Repeat: 2, Params: []Param{{"p", "0.1"}, {"nodes", "4"}}})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	r.Conclude([][]*Expectation{expectations, expectations})
	return r
}

func madeUpRun(seed uint64, row, j int) RunResult {
	tally := fiveLookups()
	for range j {
		tally.Add(Correct, 6, 0, true, 400*millisecond, 4_000_000)
	}
	traffic := NewTrafficTally([]string{"ping", "pong"})
	traffic.Add(0, int64(10*(j+1)), int64(200*(j+1)))
	if j == 1 {
		traffic.Add(1, 5, 100)
	}
	run := RunResult{
		Seed:    seed,
		Lookups: []Lookup{NewLookup("during", tally)},
		Loads:   []Load{NewLoad("before", NewLoadTally([]int64{0, 1, 3, int64(4 + 4*j)}))},
		Rings: []Ring{{Name: "hurt", Time: 60, Verdict: "ring", Members: 2, Principals: 2,
			RightSuccessors: 0.5, RightPredecessors: 0.5, RightLists: 0.25, RightFingers: 0, Stability: 1}},
		Awaits:  []Await{{Name: "heal", For: "ring ideal", Held: true, Required: true, Time: Number(30 + 2*j)}},
		Traffic: []Traffic{NewTraffic("calm", traffic, 10_000_000)},
		Ring:    Ring{Time: 120, Verdict: "ideal", Members: 2, Principals: 2, RightSuccessors: 1, RightPredecessors: 1, RightLists: 1, RightFingers: 1, Stability: 1},
		Run:     RunSummary{Digest: fmt.Sprintf("%016x", seed), Events: 1000, Messages: 700, Virtual: 120},
		Marks:   []Mark{{60, "fail 50%"}},
	}
	storeData(&run, j)
	if row == 1 {
		run.Rings[0].Verdict = []string{"broken", "split"}[j]
		run.Awaits[0].Held, run.Awaits[0].Time = false, Undefined()
	}
	s := NewSeriesRecorder(SeriesRing, SeriesColumn{Name: "members"}, SeriesColumn{Name: "latency", Unit: "s"})
	s.Append(0, 4, Undefined())
	s.Append(60_000*millisecond, 2, 0.25)
	run.Series = []Series{s.Series()}
	return run
}

// storeData adds what a run with stored keys measures: eight puts, gets of all
// sorts, no deletes, and half of the keys lost.
func storeData(run *RunResult, j int) {
	puts, gets := new(OperationTally), new(OperationTally)
	for i := range int64(8) {
		puts.acknowledged++
		puts.answered((i+1)*10*millisecond, i%2 == 0)
	}
	puts.failed, puts.abandoned = 2, 1
	gets.found, gets.missing, gets.failed, gets.abandoned = 5, 2, 1, int64(j)
	gets.stale, gets.unavailable, gets.wrongValue, gets.readYourWrites, gets.monotonicReads = 1, 2, 0, 1, int64(j)
	for i := range int64(7) {
		gets.answered((i+2)*10*millisecond, i%2 == 0)
	}
	run.Operations = []Operation{
		NewOperation("mixed", "put", puts), NewOperation("mixed", "get", gets), NewOperation("mixed", "delete", new(OperationTally)),
	}
	for _, part := range []struct {
		of     string
		amount []int64
	}{{"", []int64{2, 6}}, {"bytes", []int64{2000, int64(6000 + j)}}, {"requests", []int64{0, 23}}} {
		l := NewLoad("held", NewLoadTally(part.amount))
		if l.Of = part.of; l.Of != "" {
			l.Name += "." + l.Of
		}
		run.Loads = append(run.Loads, l)
	}
	run.Data = []Data{
		{Name: "placed", Time: 60, Keys: 8, Readable: 8, LostShare: 0, NewlyLostShare: 0, ExpectedLostShare: Undefined(), Copies: 16, FullShare: 1,
			Linearizable: Linearizability{Keys: 8}},
		{Name: "after", Time: 90, Keys: 8, Readable: 3, Unreadable: int64(1 - j), Lost: int64(4 + j), LostShare: Ratio(int64(4+j), 8),
			NewlyLost: int64(4 + j), NewlyLostShare: Ratio(int64(4+j), 8), ExpectedLostShare: 0.25, Resurrected: 1, Copies: 5, FullShare: 0.25,
			Linearizable: Linearizability{Keys: 8, Violated: int64(j), Unchecked: 1}},
	}
	if j == 1 {
		run.Data[1].pages = []keyPage{{3, []byte("<html>the history of key-3</html>\n")}}
	}
}

// golden compares with a file of testdata/result.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", "result", name)
	if *rewriteResults {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; go test ./scenarios -rewrite-results makes it", err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", path, diff)
	}
}

func TestResultFiles(t *testing.T) {
	r := madeUp(t)
	folder, err := OpenFolder(filepath.Join(t.TempDir(), "new", "folder"))
	if err != nil {
		t.Fatal(err)
	}
	if err := folder.WriteResult(r); err != nil {
		t.Fatal(err)
	}
	if err := folder.Write("junit.xml", func(w io.Writer) error { return WriteJUnit(w, []*Result{r}) }); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(folder.Path(""))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, file := range files {
		names = append(names, file.Name())
		data, err := os.ReadFile(folder.Path(file.Name()))
		if err != nil {
			t.Fatal(err)
		}
		golden(t, file.Name(), data)
	}
	want := []string{
		"awaits.csv", "data.csv", "distributions.csv", "histograms.csv", "history-after-key-3.html", "junit.xml", "linearizable.csv",
		"loads-bytes.csv", "loads-requests.csv", "loads.csv", "lookups.csv", "losses.csv", "operation-latencies.csv", "operations.csv",
		"quantiles.csv", "reads.csv", "result.json", "rings.csv", "runs.csv", "series-ring.csv", "traffic.csv",
	}
	if diff := cmp.Diff(want, names); diff != "" {
		t.Error(diff)
	}
}

func TestResultSurvivesItsFile(t *testing.T) {
	r := madeUp(t)
	var file bytes.Buffer
	if err := WriteJSON(&file, r); err != nil {
		t.Fatal(err)
	}
	text := file.String()
	back, err := ReadJSON(&file)
	if err != nil {
		t.Fatal(err)
	}
	var again bytes.Buffer
	if err := WriteJSON(&again, back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(text, again.String()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(allCSV(t, r), allCSV(t, back)); diff != "" {
		t.Error(diff)
	}
}

func allCSV(t *testing.T, r *Result) string {
	t.Helper()
	var all bytes.Buffer
	for _, table := range Tables(r) {
		if err := WriteCSV(&all, &table); err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}

func TestReadJSONRefusesWhatIsNoResult(t *testing.T) {
	for text, want := range map[string]string{
		`{"schema": 99}`: "a result of form 99; this chordsim reads form 1",
		`[]`:             "no result of chordsim",
		``:               "no result of chordsim",
	} {
		if _, err := ReadJSON(strings.NewReader(text)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v; want %s", text, err, want)
		}
	}
}

// The machine shows in host and nowhere else.
func TestNothingButHostKnowsTheMachine(t *testing.T) {
	a, b := madeUp(t), madeUp(t)
	b.Host.Runs[0].PeakMemory = 1
	b.Conclude(compiledForRows(b, `host.peak_memory < 1e9`, t))
	a.Conclude(compiledForRows(a, `host.peak_memory < 1e9`, t))
	if a.Host.Expectations[0].Outcome == b.Host.Expectations[0].Outcome {
		t.Fatal("the expectation on the host does not see the host")
	}
	a.Host, b.Host = nil, nil
	one, _ := json.Marshal(a)
	two, _ := json.Marshal(b)
	if diff := cmp.Diff(string(one), string(two)); diff != "" {
		t.Error(diff)
	}
}

func compiledForRows(r *Result, text string, t *testing.T) [][]*Expectation {
	t.Helper()
	e, problems := CompileExpectations(nil, []string{text}, ExpectOptions{Repeat: r.Repeat})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return slices.Repeat([][]*Expectation{e}, len(r.Rows))
}

func TestAggregateOfARow(t *testing.T) {
	all := madeUp(t).Rows[1].All
	l := all.Lookups[0]
	if l.Count != 11 || l.Correct != 5 || l.Failed != 2 {
		t.Errorf("counts are not summed: %+v", l)
	}
	// Means of the runs 2 and 3 (0, 2, 4 and 0, 2, 4, 6), times t(1)/2 = 6.353.
	near9(t, "path.mean", l.Path.Mean.Mean, 2.5)
	near9(t, "path.mean.ci95", l.Path.Mean.CI95, 12.706205/2)
	near9(t, "path.p50", l.Path.P50, 2) // of 0 0 2 2 4 4 6: the fourth
	near9(t, "path.max", l.Path.Max, 6)
	near9(t, "failed_share", l.FailedShare.Mean, (0.25+0.2)/2)
	load := all.Loads[0]
	near9(t, "load.p50", load.P50, 1) // of 0 0 1 1 3 3 4 8
	near9(t, "load.max_over_mean", load.MaxOverMean.Mean, (2+8.0/3)/2)
	if load.Keys != 20 || load.Nodes != 8 {
		t.Errorf("keys %d on %d nodes, want 20 on 8", load.Keys, load.Nodes)
	}
	hurt := all.Rings[0]
	if hurt.Verdict.Broken.Runs != 1 || hurt.Verdict.Split.Runs != 1 || hurt.Verdict.Ideal.Runs != 0 || hurt.Lost().Share != 1 {
		t.Errorf("verdicts %+v", hurt.Verdict)
	}
	if await := all.Awaits[0]; await.Held.Runs != 0 || await.Time.Mean.Defined() {
		t.Errorf("an await that never held has %+v", await)
	}
	// One run had 5 pongs in 10 node-seconds, the other none.
	traffic := all.Traffic[0]
	near9(t, "pong", traffic.Kinds[1].Messages.Mean, 0.25)
	near9(t, "all kinds", traffic.Messages.Mean, (1+2.5)/2)
	if all.Run.Messages != 1400 || all.Runs != 2 {
		t.Errorf("run %+v", all.Run)
	}
}

// What was done with stored keys, and what became of them: counts are summed,
// shares are means over runs.
func TestAggregateOfStoredKeys(t *testing.T) {
	all := madeUp(t).Rows[0].All
	put, get := all.Operations[0], all.Operations[1]
	if put.Kind != "put" || put.Count != 22 || put.Acknowledged != 16 || put.Failed != 4 || put.Abandoned != 2 {
		t.Errorf("puts %+v", put)
	}
	near9(t, "put.failed_share", put.FailedShare.Mean, 0.2)
	near9(t, "put.latency.p50", put.Latency.P50, 0.04)
	near9(t, "put.latency.mean", put.Latency.Mean.Mean, 0.045)
	if get.Found != 10 || get.Missing != 4 || get.Stale != 2 || get.Unavailable != 4 || get.ReadYourWrites != 2 || get.MonotonicReads != 1 {
		t.Errorf("gets %+v", get)
	}
	near9(t, "get.unavailable_share", get.UnavailableShare.Mean, 0.25)
	lost := all.Data[1]
	if lost.Keys != 16 || lost.Lost != 9 || lost.NewlyLost != 9 || lost.Unreadable != 1 || lost.Copies != 10 || lost.Linearizable != (Linearizability{16, 1, 2}) {
		t.Errorf("data %+v", lost)
	}
	near9(t, "lost_share", lost.LostShare.Mean, 4.5/8)
	near9(t, "lost_share.ci95", lost.LostShare.CI95, 12.706205/16)
	near9(t, "expected_lost_share", lost.ExpectedLostShare.Mean, 0.25)
	if bytes := all.Loads[2]; bytes.Name != "held.bytes" || bytes.Of != "bytes" || bytes.Keys != 16_001 || bytes.Max != 6001 {
		t.Errorf("bytes %+v", bytes)
	}
}

func TestOutcomesOfExpectations(t *testing.T) {
	r := madeUp(t)
	var got []string
	for _, e := range r.Failures() {
		got = append(got, e.String())
	}
	want := []string{
		`FAIL p=0.1 seed=7: lookup.during.failed_share <= p: lookup.during.failed_share = 0.25, p = 0.1`,
		`FAIL p=0.1 seed=8: lookup.during.failed_share <= p: lookup.during.failed_share = 0.2, p = 0.1`,
		`FAIL p=50% seed=7: heal: await ring ideal: it did not come to hold`,
		`UNDEFINED p=50% seed=7: heal.time < duration("1m"): heal.time = undefined`,
		`FAIL p=50% seed=8: heal: await ring ideal: it did not come to hold`,
		`UNDEFINED p=50% seed=8: heal.time < duration("1m"): heal.time = undefined`,
		`FAIL p=0.1 seed=7: host.peak_memory < 1e9: host.peak_memory = 3000000000`,
		`UNDEFINED p=0.1 seed=8: host.peak_memory < 1e9: host.peak_memory = undefined`,
		`UNDEFINED p=50% seed=7: host.peak_memory < 1e9: host.peak_memory = undefined`,
		`UNDEFINED p=50% seed=8: host.peak_memory < 1e9: host.peak_memory = undefined`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// An unfinished row says nothing about all runs; a row without any stays.
func TestConcludeOfAnInterruptedResult(t *testing.T) {
	r := madeUp(t)
	r.Rows[0].Runs = r.Rows[0].Runs[:1]
	r.Rows[1].Runs = nil
	r.Conclude(compiledForRows(r, `all.ring.verdict.ideal == 1`, t))
	if n := len(r.Expectations); n != 0 {
		t.Errorf("%d expectations over all runs of rows that are not complete", n)
	}
	if r.Rows[1].Runs == nil || r.Rows[0].All.Runs != 1 || r.Finished() != 1 {
		t.Errorf("rows %+v", r.Rows)
	}
	if _, err := json.Marshal(Tables(r)); err != nil {
		t.Error(err)
	}
}

func TestOnlyTheFirstOfManyRunsKeepsItsSeries(t *testing.T) {
	r := &Result{Repeat: keepSeries + 1, Rows: make([]Row, 1)}
	for j := range keepSeries + 1 {
		r.Rows[0].Runs = append(r.Rows[0].Runs, madeUpRun(uint64(j), 0, 0))
	}
	r.Conclude(make([][]*Expectation, 1))
	for j, run := range r.Rows[0].Runs {
		if (len(run.Series) > 0) != (j == 0) {
			t.Errorf("run %d has %d series", j, len(run.Series))
		}
	}
}

func TestAFileIsWrittenWholeOrNotAtAll(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	if err := WriteFile(path, func(w io.Writer) error { _, err := io.WriteString(w, "old"); return err }); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("the pen broke")
	err := WriteFile(path, func(w io.Writer) error {
		if _, err := w.Write(bytes.Repeat([]byte("new"), 10_000)); err != nil {
			return err
		}
		return broken
	})
	var output *OutputError
	if !errors.Is(err, broken) || !errors.As(err, &output) || output.Path != path {
		t.Errorf("error %v", err)
	}
	data, err := os.ReadFile(path)
	if string(data) != "old" || err != nil {
		t.Errorf("the file holds %.20q, %v", data, err)
	}
	if left, _ := os.ReadDir(filepath.Dir(path)); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}

func TestAFolderThatCannotBeMadeIsAnOutputError(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	_, err := OpenFolder(filepath.Join(file, "folder"))
	var output *OutputError
	if !errors.As(err, &output) {
		t.Fatalf("error %v", err)
	}
	want := "cannot write results to " + filepath.Join(file, "folder") + ": not a directory; choose another folder with --out"
	if runtime.GOOS != "windows" && err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	if err := CheckFile(filepath.Dir(file), "--junit"); err == nil || !strings.Contains(err.Error(), "choose another file with --junit") {
		t.Errorf("a folder as a file: %v", err)
	}
	if err := CheckFile(filepath.Join(filepath.Dir(file), "missing", "x"), "--trace"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file in no folder: %v", err)
	}
}

func TestAnAbandonedFolderGoesUnlessItHoldsSomething(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a")
	for _, keep := range []bool{false, true} {
		folder, err := OpenFolder(path)
		if err != nil {
			t.Fatal(err)
		}
		if keep {
			if err := folder.Write("x", func(io.Writer) error { return nil }); err != nil {
				t.Fatal(err)
			}
		}
		folder.Abandon()
		if _, err := os.Stat(path); (err == nil) != keep {
			t.Errorf("kept %v: %v", keep, err)
		}
	}
}

func TestValuesForPeople(t *testing.T) {
	for _, c := range []struct {
		v    Value
		want string
	}{
		{numberOf(UnitSeconds, 1312.5), "21m53s"}, {numberOf(UnitSeconds, 0.1974567), "197ms"},
		{numberOf(UnitSeconds, 2.34567), "2.35s"}, {numberOf(UnitSeconds, 0.0123456), "12.35ms"}, {numberOf(UnitSeconds, 0), "0s"},
		{numberOf(UnitShare, 0.9987), "99.87%"}, {numberOf(UnitShare, 1), "100%"}, {numberOf(UnitShare, 0.0000123), "0.0012%"},
		{numberOf(UnitRatio, 3.84021), "3.84"}, {numberOf(UnitRatio, 12345.678), "12346"}, {numberOf(UnitRatio, 0.00001234), "1.23e-05"},
		{numberOf(UnitBytes, 2.345e9), "2.345 GB"}, {numberOf(UnitBytes, 12), "12 B"}, {numberOf(UnitByteRate, 1500), "1.5 kB/s"},
		{countOf(1234567), "1,234,567"}, {countOf(-1000), "-1,000"}, {truthOf(false), "false"}, {textOf("ideal"), "ideal"},
		{numberOf(UnitRate, Undefined()), "–"},
	} {
		if got := c.v.String(); got != c.want {
			t.Errorf("%v %s is shown as %s, want %s", c.v.Number, c.v.Unit, got, c.want)
		}
	}
}

func TestPeakMemoryCoversWhatWasHeld(t *testing.T) {
	held := make([]byte, 64<<20)
	for i := 0; i < len(held); i += 4096 {
		held[i] = 1
	}
	peak := PeakMemory()
	runtime.KeepAlive(held)
	if peak < 64<<20 {
		t.Errorf("peak is %d bytes with 64 MiB held", peak)
	}
}
