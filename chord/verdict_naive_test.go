package chord

import (
	"cmp"
	"slices"
	"testing"
)

const (
	comparedRings = 100_000
	// Each truth value of each property must come up this often for the
	// comparison to mean something.
	leastSeen = 100
)

func TestVerdictsAgreeWithTheDefinitions(t *testing.T) {
	draw := ringDraw{state: 1}
	var held, failed [NumProperties]int
	words := map[Word]int{}
	snaps := map[[2]int]*Snapshot{}
	for range comparedRings {
		g := draw.ring()
		key := [2]int{g.bits, g.r}
		snaps[key] = g.snapshot(snaps[key])
		s := snaps[key]

		want, have := g.report(), s.Report()
		if want != have {
			t.Fatalf("%v\nreported %+v (%v)\nby definition %+v (%v)", g, have, have.Holds, want, want.Holds)
		}
		if s.Word() != want.Word || s.IsIdeal() != (want.Word == WordIdeal) {
			t.Fatalf("%v\nword %s, ideal %v; by definition %s", g, s.Word(), s.IsIdeal(), want.Word)
		}
		var principals []Peer
		for _, p := range g.principals(g.m) {
			principals = append(principals, g.m[p].self)
		}
		slices.SortFunc(principals, func(a, b Peer) int { return cmp.Compare(a.ID, b.ID) })
		if set := s.AppendPrincipals(nil); !slices.Equal(set, principals) {
			t.Fatalf("%v\nprincipals %v, by definition %v", g, set, principals)
		}
		words[want.Word]++
		for p := range Property(NumProperties) {
			if want.Holds.Has(p) {
				held[p]++
			} else {
				failed[p]++
			}
		}
	}
	for p := range Property(NumProperties) {
		if held[p] < leastSeen || failed[p] < leastSeen {
			t.Errorf("%v held %d times and failed %d times: want %d of each", p, held[p], failed[p], leastSeen)
		}
	}
	for _, w := range []Word{WordIdeal, WordRing, WordLoopy, WordSplit, WordBroken} {
		if words[w] < leastSeen {
			t.Errorf("%s came up %d times, want %d", w, words[w], leastSeen)
		}
	}
}

// The witness of a violation is a member at which the definition fails.
func TestWitnessesAreToBlame(t *testing.T) {
	draw := ringDraw{state: 2}
	blamed := [NumProperties]int{}
	for range 10_000 {
		g := draw.ring()
		s := g.snapshot(nil)
		graph := g.graph()
		for p := range Property(NumProperties) {
			ok, who := s.Check(p)
			if ok != who.None() && p != AtLeastOneRing && p != SufficientPrincipals && p != Ideal {
				t.Fatalf("%v\n%v holds: %v, and blames %x", g, p, ok, who)
			}
			if who.None() {
				continue
			}
			n, _ := g.live(who)
			toBlame := n >= 0 && graph.blames(p, n)
			switch p {
			case SufficientPrincipals:
				toBlame = n >= 0 && !slices.Contains(g.principals(g.m), n)
			case Ideal:
				before := slices.IndexFunc(g.m, func(a naiveNode) bool { i, _ := g.live(a.self); return g.kth(i, 1) == who })
				toBlame = n >= 0 && (g.m[n].pred != g.m[before].self || !slices.Equal(g.m[n].list, g.rightList(n)))
			}
			if ok || !toBlame {
				t.Fatalf("%v\n%v blames %x", g, p, who)
			}
			blamed[p]++
		}
	}
	for p, times := range blamed {
		if times < leastSeen && Property(p) != AtLeastOneRing {
			t.Errorf("%v blamed a member %d times, want %d", Property(p), times, leastSeen)
		}
	}
}
