package scenarios

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
)

// Every scenario of the library is in order, tells what it shows, and expects
// something.
func TestLibrary(t *testing.T) {
	want := "churn concurrent-joins copies data-churn faults graceful-leave hand-over hot-keys load-balance lossy-network " +
		"mass-failure mass-failure-sweep mass-leave million partition path-length ring-split seed-server-down smoke virtual-nodes " +
		"bench/puts bench/steady echord/mass-data echord/mass-join echord/mass-kill echord/mass-leave " +
		"papers/cost-performance papers/figure-10a papers/figure-10b papers/figure-11 papers/figure-12 papers/figure-13 papers/figure-8a papers/figure-8b papers/figure-9 " +
		"papers/table-2 papers/table-3 papers/table-4-3d papers/table-4-square papers/table-4-transit-stub papers/table-4-transit-stub-scan"
	var names []string
	for _, e := range Library() {
		names = append(names, e.Name)
		sc, err := Parse(e.Name+".yaml", e.Data, Overrides{})
		if err != nil {
			t.Errorf("%v", err)
			continue
		}
		if sc.Name != e.Name || sc.Title != e.Title || e.Title == "" {
			t.Errorf("%s is called %s, %q and listed as %q", e.Name, sc.Name, sc.Title, e.Title)
		}
		if comment, _, _ := bytes.Cut(e.Data, []byte("name:")); len(comment)+len(sc.Description) < 200 {
			t.Errorf("%s says in no comment at its beginning and in no description what it shows", e.Name)
		}
		for _, row := range sc.Rows() {
			if n := len(row.Spec.Expectations) + 2*len(row.Spec.References) + 2*len(row.Spec.Tradeoff); n < 2 {
				t.Errorf("%s expects %d things", e.Name, n)
			}
		}
		if data, ok := Open(e.Name); !ok || !bytes.Equal(data, e.Data) {
			t.Errorf("Open does not find %s", e.Name)
		}
	}
	if got := strings.Join(names, " "); got != want {
		t.Errorf("the library has\n%s\nwant\n%s", got, want)
	}
	if _, ok := Open("mass-failure.yaml"); ok {
		t.Error("Open finds a file by its ending")
	}
}

// The benchmark takes the ring of a million, with more bits.
func TestSteadyTakesAMillion(t *testing.T) {
	data, _ := Open("bench/steady")
	sc, err := Parse("steady", data, Overrides{Set: []string{"nodes=1000000", "duration=20s", "bits=32"}})
	if err != nil {
		t.Fatal(err)
	}
	if got := sc.Rows()[0].Spec.MaxNodes(); got != 1_000_000 {
		t.Errorf("%d nodes", got)
	}
}

// A scenario of the library finds the matrix beside it, wherever it is run; another
// text of the same name does not.
func TestMatrixOfTheLibrary(t *testing.T) {
	data, _ := Open("papers/figure-13")
	file := filepath.Join(t.TempDir(), "x.yaml")
	sc, err := Parse(file, data, Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	if err := sc.Check(RunOptions{}); err != nil {
		t.Error(err)
	}
	sc, err = Parse(file, append(data, "\n# mine\n"...), Overrides{})
	if err != nil {
		t.Fatal(err)
	}
	if err := sc.Check(RunOptions{}); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("a copy of the text: %v", err)
	}
}
