package scenarios

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func goldenText(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(goldenFolder, name+".yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// traceOf runs a golden scenario with a trace and returns its lines, read back.
func traceOf(t *testing.T, text string, o TraceOptions, shards int) (digest, hash string, lines []traceLine) {
	t.Helper()
	var out bytes.Buffer
	o.To = &out
	digest, hash = goldenCase{"traced", text}.outcome(t, Overrides{}, RunOptions{Shards: shards, Workers: min(shards, 2), Trace: &o})
	d := json.NewDecoder(&out)
	d.DisallowUnknownFields()
	for d.More() {
		var l traceLine
		if err := d.Decode(&l); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, l)
	}
	return digest, hash, lines
}

func instant(t *testing.T, l traceLine) time.Duration {
	t.Helper()
	d, err := time.ParseDuration(l.At)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// A trace only looks: digest and result are the same with it. Its lines are in
// the total order of events, (time, sender, sender's number), and they are the
// same lines for any number of shards.
func TestTraceChangesNothingAndIsInOrder(t *testing.T) {
	text := goldenText(t, "churn")
	digest, hash := goldenCase{"plain", text}.outcome(t, Overrides{}, RunOptions{})
	var first []traceLine
	for _, shards := range []int{1, 4, 16} {
		d, h, lines := traceOf(t, text, TraceOptions{}, shards)
		if d != digest || h != hash {
			t.Errorf("%d shards: the digest with a trace is %s, without %s", shards, d, digest)
		}
		if len(lines) < 10_000 {
			t.Fatalf("%d shards: only %d lines", shards, len(lines))
		}
		for i := 1; i < len(lines); i++ {
			a, b := lines[i-1], lines[i]
			ta, tb := instant(t, a), instant(t, b)
			if ta > tb || ta == tb && (a.From > b.From || a.From == b.From && a.Seq >= b.Seq) {
				t.Fatalf("%d shards: line %d, %+v, comes after %+v", shards, i, b, a)
			}
		}
		if first == nil {
			first = lines
			continue
		}
		if len(lines) != len(first) {
			t.Fatalf("%d shards: %d lines, one shard has %d", shards, len(lines), len(first))
		}
		for i := range lines {
			if a, b := mustJSON(t, lines[i]), mustJSON(t, first[i]); a != b {
				t.Fatalf("%d shards: line %d is %s, of one shard %s", shards, i, a, b)
			}
		}
	}
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	data, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// Every event is a line: as many as the run says it had, each with what it
// carries.
func TestTraceShowsEveryEvent(t *testing.T) {
	var out bytes.Buffer
	tl := bed(t, `ring: {successors: 3, stabilize: 5s, fix_fingers: 5s, check_predecessor: 5s}
network: {latency: 50ms}
timeline:
  - start: {nodes: 12}
  - lookup: {per_node: 1s, for: 20s, as: l}
  - leave: {count: 2}
  - join: {nodes: 2}
  - fail: {count: 2}
  - wait: 20s
`, 1, RunOptions{Trace: &TraceOptions{To: &out}})
	play(t, tl)
	if got, want := int64(bytes.Count(out.Bytes(), []byte("\n"))), tl.result().Run.Events; got != want {
		t.Errorf("%d lines of %d events", got, want)
	}
	for _, part := range []string{
		`"kind":"timer stabilize"`, `"kind":"timer fix_fingers"`, `"kind":"timer check_predecessor"`, `"kind":"timer lookup"`,
		`"kind":"timer timeout"`, `"kind":"join","a":"`, `"kind":"leave"`, `"kind":"start"`, `"kind":"find_next","key":"`,
		`"kind":"leave_predecessor","call":`, `"flags":1,"list":["`, `"at":"0s","from":0,"to":1,"seq":0,`,
	} {
		if !strings.Contains(out.String(), part) {
			t.Errorf("no line has %s", part)
		}
	}
}

// What is done about stored keys has its names, too.
func TestTraceOfStoredKeys(t *testing.T) {
	var out bytes.Buffer
	play(t, bed(t, `ring: {successors: 3, stabilize: 5s}
data: {replicas: 2, write_quorum: 2, repair: 5s}
timeline:
  - start: {nodes: 6}
  - put: {count: 20}
  - get: {count: 20}
  - join: {nodes: 2}
  - wait: 20s
`, 1, RunOptions{Trace: &TraceOptions{To: &out}}))
	for _, kind := range []string{"cmd_put", "cmd_get", "put", "put_ack", "get", "value", "copy", "copy_ack", "give", "give_ack", "sync", "sync_ack", "timer data_wait", "timer data_repair"} {
		if !strings.Contains(out.String(), `"kind":"`+kind+`"`) {
			t.Errorf("no line is a %s", kind)
		}
	}
	if strings.Contains(out.String(), "unknown") {
		t.Error("something has no name")
	}
}

// Nodes and times narrow a trace, each to what it would hold anyway.
func TestTraceIsNarrowed(t *testing.T) {
	text := goldenText(t, "corrected")
	_, _, all := traceOf(t, text, TraceOptions{}, 1)
	from, until := 5*time.Second, 9*time.Second
	_, _, some := traceOf(t, text, TraceOptions{Nodes: []uint32{3, 17}, From: from, Until: until}, 4)
	var want []traceLine
	for _, l := range all {
		if d := instant(t, l); (l.To == 3 || l.To == 17) && d >= from && d < until {
			want = append(want, l)
		}
	}
	if got, want := mustJSON(t, some), mustJSON(t, want); got != want || len(some) < 10 {
		t.Errorf("%d lines:\n%s\nwant\n%s", len(some), got, want)
	}
}

// A trace that cannot be written is an error of the machine, and the run ends
// all the same.
func TestTraceThatCannotBeWritten(t *testing.T) {
	full := errors.New("disk full")
	tl := bed(t, calm+"timeline: [{start: {nodes: 5}}, {lookup: {count: 10, as: l}}]\n", 1, RunOptions{Trace: &TraceOptions{To: failingWriter{full}}})
	play(t, tl)
	if !errors.Is(tl.w.trace.err, full) || lookupsOf(t, tl, "l").Correct != 10 {
		t.Errorf("the trace says %v", tl.w.trace.err)
	}
}

type failingWriter struct{ err error }

func (w failingWriter) Write([]byte) (int, error) { return 0, w.err }
