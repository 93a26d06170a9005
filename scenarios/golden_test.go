package scenarios

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var rewriteDigests = flag.Bool("rewrite-digests", false, "write the golden digests anew")

const goldenFolder = "testdata/golden"

// goldenLatencies are the models that take the place of MODEL in
// latency.yaml.
var goldenLatencies = []string{
	"{model: constant, delay: 50ms}",
	"{model: uniform, min: 10ms, max: 90ms}",
	"{model: exponential, mean: 50ms}",
	"{model: exponential, mean: 50ms, min: 10ms}",
	"{model: lognormal, median: 50ms, sigma: 0.7, min: 10ms}",
	"{model: euclidean, dimensions: 2, diameter: 100ms, min: 5ms}",
	"{model: euclidean, dimensions: 3, diameter: 100ms, min: 5ms}",
	"{model: transit-stub}",
	"{model: matrix, file: rtt.txt, unit: ms, kind: rtt}",
}

// goldenCase is one scenario whose outcome is written down.
type goldenCase struct {
	name, text string
}

func goldenCases(t *testing.T) []goldenCase {
	t.Helper()
	var cases []goldenCase
	for _, name := range []string{"corrected", "ton2003", "sigcomm2001", "latency", "churn", "echord", "seed", "data", "echord-data", "faults"} {
		text, err := os.ReadFile(filepath.Join(goldenFolder, name+".yaml"))
		if err != nil {
			t.Fatal(err)
		}
		if name != "latency" {
			cases = append(cases, goldenCase{name, string(text)})
			continue
		}
		for _, model := range goldenLatencies {
			cases = append(cases, goldenCase{name + " " + model, strings.Replace(string(text), "latency: MODEL", "latency: "+model, 1)})
		}
	}
	return cases
}

// outcome runs a golden case and returns its digest and a hash of all of its
// result but host.
func (c goldenCase) outcome(t *testing.T, o Overrides, run RunOptions) (digest, hash string) {
	t.Helper()
	sc, err := Parse(filepath.Join(goldenFolder, "case.yaml"), []byte(c.text), o)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Run(context.Background(), sc, run)
	if err != nil {
		t.Fatal(err)
	}
	if r.Host == nil {
		t.Fatal("a result says nothing of its host")
	}
	r.Host = nil
	data, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return r.Rows[0].Runs[0].Run.Digest, fmt.Sprintf("%x", sha256.Sum256(data))
}

// TestGoldenDigests holds the promise that everything stands on: the digest
// and the whole of result.json but host are the same for any number of shards
// and workers and on every architecture. A change of these values needs a
// line in the changelog that says which behaviour changed.
func TestGoldenDigests(t *testing.T) {
	file := filepath.Join(goldenFolder, "digests.txt")
	var got bytes.Buffer
	for _, c := range goldenCases(t) {
		digest, hash := c.outcome(t, Overrides{}, RunOptions{Shards: 1, Workers: 1})
		fmt.Fprintf(&got, "%s\n  digest %s\n  result %s\n", c.name, digest, hash)
		divisions := []RunOptions{
			{Shards: 4, Workers: 2}, {Shards: 16, Workers: 2}, // where workers meet: what a short test, and so the race detector, sees
			{Shards: 1, Workers: 2}, {Shards: 4, Workers: 1}, {Shards: 16, Workers: 1},
		}
		if testing.Short() {
			divisions = divisions[:2]
		}
		for _, o := range divisions {
			if d, h := c.outcome(t, Overrides{}, o); d != digest || h != hash {
				t.Errorf("%s: %d shards and %d workers give digest %s, result %s; one of each %s, %s", c.name, o.Shards, o.Workers, d, h, digest, hash)
			}
		}
		seed := uint64(4242)
		if d, h := c.outcome(t, Overrides{Seed: &seed}, RunOptions{}); d == digest || h == hash {
			t.Errorf("%s: another seed gives the same digest %s or result", c.name, d)
		}
	}
	if *rewriteDigests {
		if err := os.WriteFile(file, got.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got.Bytes(), want) {
		t.Errorf("the outcomes are not those of %s:\n%s", file, got.String())
	}
}
