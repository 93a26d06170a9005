package chord

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// believe builds a snapshot from "member<predecessor: list | …", by
// identifier; the address of x is x+1, and who has no line of its own is
// dead.
func believe(bits, r int, ring string) *Snapshot {
	peer := func(id string) Peer {
		x, err := strconv.ParseUint(id, 10, 64)
		if err != nil {
			panic(err)
		}
		return Peer{ID: x, Addr: Addr(x + 1)}
	}
	s := NewSnapshot(bits, r)
	for line := range strings.SplitSeq(ring, "|") {
		node, entries, found := strings.Cut(line, ":")
		if !found {
			continue
		}
		self, before, known := strings.Cut(strings.TrimSpace(node), "<")
		var pred Peer
		if known {
			pred = peer(before)
		}
		var list []Peer
		for _, e := range strings.Fields(entries) {
			list = append(list, peer(e))
		}
		s.Add(peer(self), pred, list)
	}
	s.Seal()
	return s
}

func mustPanic(t *testing.T, what string, do func()) {
	t.Helper()
	defer func() {
		if recover() == nil {
			t.Errorf("no panic on %s", what)
		}
	}()
	do()
}

func TestWords(t *testing.T) {
	for _, c := range []struct {
		name, ring string
		want       Word
		cutOff     int
		rings      int
	}{
		{"three in order", "0<4: 2 4 | 2<0: 4 0 | 4<2: 0 2", WordIdeal, 0, 1},
		{"a wrong predecessor", "0<2: 2 4 | 2<0: 4 0 | 4<2: 0 2", WordRing, 0, 1},
		{"a short list", "0<4: 2 4 | 2<0: 4 | 4<2: 0 2", WordRing, 0, 1},
		{"a list that is too long", "0<2: 2 0 | 2<0: 0", WordRing, 0, 1},
		{"an appendage", "0<4: 2 4 | 2<0: 4 0 | 3: 4 | 4<2: 0 2", WordRing, 0, 1},
		{"a dead head", "0<4: 1 2 | 2<0: 4 0 | 4<2: 0 2", WordRing, 0, 1},
		{"winds twice", "0<3: 2 4 | 1<4: 3 0 | 2<0: 4 1 | 3<1: 0 2 | 4<2: 1 3", WordLoopy, 0, 1},
		{"two rings", "0<4: 4 | 4<0: 0 | 1<3: 3 | 3<1: 1", WordSplit, 0, 2},
		{"two loners", "0<0: 0 | 1<1: 1", WordSplit, 0, 2},
		{"one cut off", "0<4: 2 4 | 2<0: 4 0 | 3: 5 6 | 4<2: 0 2", WordBroken, 1, 1},
		{"two rings and one cut off", "0<4: 4 | 4<0: 0 | 1<3: 3 | 3<1: 1 | 2: 7", WordBroken, 1, 2},
		{"all attached to one cut off", "0: 1 | 1: 3 | 3: 5", WordBroken, 1, 0},
		{"nobody knows anybody", "0: | 1:", WordBroken, 2, 0},
		{"nobody", "", WordBroken, 0, 0},
		{"alone", "5<5: 5", WordIdeal, 0, 1},
		{"alone, and nobody has notified it", "5: 5", WordIdeal, 0, 1},
		{"alone with an empty list", "5<5:", WordBroken, 1, 0},
		{"alone, listed twice", "5<5: 5 5", WordRing, 0, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := believe(3, 2, c.ring)
			r := s.Report()
			if r.Word != c.want || s.Word() != c.want || s.IsIdeal() != (c.want == WordIdeal) {
				t.Errorf("reported as %v, ideal %v; want %s", &r, s.IsIdeal(), c.want)
			}
			if r.CutOff != c.cutOff || r.Rings != c.rings {
				t.Errorf("%d cut off, %d rings; want %d and %d", r.CutOff, r.Rings, c.cutOff, c.rings)
			}
		})
	}
}

// States of [Zave12]'s counterexamples (protocol §4): the last good state and
// the first bad one, with what breaks in it.
func TestPublishedCounterexamples(t *testing.T) {
	for _, c := range []struct {
		name, good, bad string
		breaks          []Property
		repairable      bool
	}{
		{"merges",
			"0<3: 3 | 1: 3 | 2: 3 | 3<2: 0",
			"0<3: 2 | 1: 3 | 2: 3 | 3<2: 0",
			[]Property{OrderedMerges}, true},
		{"appendages",
			"0<3: 2 | 1: 3 | 2<0: 0 2 | 3<1: 0 2",
			"1: 3 | 2<0: 0 2 | 3<1: 0 2",
			[]Property{OrderedAppendages}, true},
		{"valid-list",
			"0<3: 2 3 | 1: 2 0 | 2<1: 3 | 3<2: 0",
			"0<3: 1 3 | 1: 2 0 | 2<1: 3 | 3<2: 0",
			[]Property{ValidSuccessorList}, true},
		{"valid-list, the skipped member's successor dead",
			"0<3: 1 3 | 1<0: 0 | 3<2: 0",
			"0<3: 1 3 | 1<0: 2 0 | 3<2: 0",
			[]Property{ValidSuccessorList}, true},
		{"connected",
			"0<2: 2 0",
			"0<2: 2 0 | 1: 2",
			[]Property{ConnectedAppendages, OneLiveSuccessor}, false},
		{"ring-lost",
			"0<2: 2 | 2<1: 0",
			"0<2: 1 | 2<1: 0",
			[]Property{AtLeastOneRing, OneLiveSuccessor}, false},
		{"shortest",
			"0<1: 0",
			"0<1: 1",
			[]Property{AtLeastOneRing, OneLiveSuccessor}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			good, bad := believe(2, 2, c.good).Report(), believe(2, 2, c.bad).Report()
			for _, p := range c.breaks {
				if !good.Holds.Has(p) || bad.Holds.Has(p) {
					t.Errorf("%v holds before: %v, after: %v; want true, false", p, good.Holds.Has(p), bad.Holds.Has(p))
				}
			}
			if !good.Repairable() || bad.Repairable() != c.repairable {
				t.Errorf("repairable before: %v, after: %v; want true, %v", good.Repairable(), bad.Repairable(), c.repairable)
			}
		})
	}
}

// Gaps that add up to exactly the whole circle, and sums of gaps beyond 64
// bits, which a plain sum would lose.
func TestListsAtTheFullCircle(t *testing.T) {
	const top = ^uint64(0)
	for _, c := range []struct {
		self              uint64
		list              []uint64
		ordered, distinct bool
	}{
		{7, []uint64{}, true, true},
		{7, []uint64{6}, true, true},
		{7, []uint64{7}, true, false}, // a gap between equals is 2^64
		{7, []uint64{8, 9, 6}, true, true},
		{7, []uint64{8, 9, 7}, true, false},     // ends at itself: 2^64
		{7, []uint64{8, 9, 7, 8}, false, false}, // 2^64 + 1
		{7, []uint64{8, 9, 8}, false, false},    // back to an entry
		{7, []uint64{8, 8}, false, false},
		{7, []uint64{9, 8}, false, true},          // 2^64 + 1, nobody twice
		{7, []uint64{top, 0, 6}, true, true},      // through zero
		{7, []uint64{top, 6, 0}, false, true},     // through zero twice
		{7, []uint64{6, 5, 4, 3, 2}, false, true}, // around almost five times
		{0, []uint64{top}, true, true},
		{top, []uint64{0, top}, true, false},
	} {
		s := NewSnapshot(64, 6)
		var list []Peer
		for _, id := range c.list {
			list = append(list, Peer{id, 2})
		}
		s.Add(Peer{c.self, 1}, Peer{}, list)
		s.Seal()
		ordered, _ := s.OrderedSuccessorLists()
		distinct, _ := s.NoDuplicates()
		if ordered != c.ordered || distinct != c.distinct {
			t.Errorf("%d: %d is ordered %v, distinct %v; want %v, %v", c.self, c.list, ordered, distinct, c.ordered, c.distinct)
		}
	}
}

func TestPrincipals(t *testing.T) {
	for _, c := range []struct{ name, ring, want string }{
		{"ideal", "0: 2 4 | 2: 4 0 | 4: 0 2", "0 2 4"},
		{"from x to x is all but x", "0: 2 | 2: 2 | 4: 0", "2"},
		{"a dead entry does not skip", "0: 1 2 | 2: 4 0 | 4: 0 2", "0 2 4"},
		{"the arc from a dead entry skips", "0: 1 4 | 2: 4 0 | 4: 0 2", "0 4"},
		{"a dead entry twice skips all", "0: 1 1 | 2: 4 0 | 4: 0 2", ""},
		{"a list that winds twice", "0: 4 2 | 2: 4 0 | 4: 0 2", "4"},
		{"around zero", "0: 2 4 | 2: 4 0 | 4: 2", "2 4"},
		{"alone", "5: 5", "5"},
	} {
		var have []string
		s := believe(3, 1, c.ring)
		for _, p := range s.AppendPrincipals(nil) {
			have = append(have, fmt.Sprint(p.ID))
		}
		if got := strings.Join(have, " "); got != c.want {
			t.Errorf("%s: principals %q, want %q", c.name, got, c.want)
		}
		if s.Principals() != len(have) {
			t.Errorf("%s: %d principals counted, %d listed", c.name, s.Principals(), len(have))
		}
		if ok, _ := s.SufficientPrincipals(); ok != (len(have) >= 2) {
			t.Errorf("%s: %d principals sufficient for r = 1: %v", c.name, len(have), ok)
		}
	}
}

func TestReportText(t *testing.T) {
	for ring, want := range map[string]string{
		"0<4: 2 4 | 2<0: 4 0 | 4<2: 0 2": "ideal",
		"0: 2 4 | 2<0: 4 0 | 4<2: 0 2":   "ring; violated: Ideal",
		"0<0: 0 | 1: 1": "split; violated: AtMostOneRing OrderedRing SufficientPrincipals NoDuplicates Ideal; " +
			"not repairable by the protocol: AtMostOneRing OrderedRing",
	} {
		r := believe(3, 2, ring).Report()
		if have := r.String(); have != want {
			t.Errorf("%s: report says\n%s, want\n%s", ring, have, want)
		}
		if r.Invariant() != !strings.Contains(want, "SufficientPrincipals") {
			t.Errorf("%s: invariant %v", ring, r.Invariant())
		}
	}
	cut := believe(3, 1, "0: 2 | 2: 0 | 4: 5").Report()
	if !cut.Holds.Has(SufficientPrincipals) || cut.Invariant() {
		t.Errorf("the invariant holds with a member cut off: %v", &cut)
	}
}

// idealRing draws an ideal ring: any bits, any members, any list length.
func idealRing(t *rapid.T) *Snapshot {
	bits := rapid.IntRange(1, 64).Draw(t, "bits")
	r := rapid.IntRange(1, 12).Draw(t, "r")
	limit := 40
	if bits < 5 {
		limit = 1 << bits
	}
	ids := rapid.SliceOfNDistinct(rapid.Uint64Range(0, Mask(bits)), 1, limit, rapid.ID).Draw(t, "ids")
	g := naiveRing{bits: bits, r: r}
	for i, id := range ids {
		g.m = append(g.m, naiveNode{self: Peer{ID: id, Addr: Addr(i + 1)}})
	}
	for a := range g.m {
		g.m[a].list = g.rightList(a)
		s, _ := g.live(g.kth(a, 1))
		g.m[s].pred = g.m[a].self
	}
	return g.snapshot(nil)
}

func TestIdealRingsSatisfyEverything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := idealRing(t)
		r := s.Report()
		want := everyProperty
		if s.Len() <= s.R {
			want &^= 1 << SufficientPrincipals
		}
		if s.Len() == 1 {
			want &^= 1 << NoDuplicates // a node alone lists itself
		}
		if r.Word != WordIdeal || r.Holds != want {
			t.Fatalf("%d members, r %d: %v", s.Len(), s.R, &r)
		}
		n := s.Len()
		if r.Principals != n || r.RightSuccessors != n || r.RightPredecessors != n ||
			r.RightListEntries != r.ListEntries || r.ListEntries != int64(n*min(s.R, n-1)) {
			t.Fatalf("%d members, r %d: %+v", n, s.R, r)
		}
	})
}
