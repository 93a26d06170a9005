package chord

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// A ring to which members join one upon another, their messages delivered in
// any order, ends with the predecessors, lists and fingers of a settled one,
// under every preset and every way of joining.
func TestGrownRingIsASettledOne(t *testing.T) {
	for _, c := range []struct {
		name, preset string
		settings     []string
	}{
		{"sigcomm2001", "sigcomm2001", nil},
		{"ton2003", "ton2003", nil},
		{"corrected", "corrected", nil},
		{"corrected, joining through the successor", "corrected", []string{"join=through"}},
		{"corrected, busy", "corrected", []string{"busy=on"}},
		{"corrected, recursive", "corrected", []string{"lookup=recursive"}},
		{"corrected, acknowledged", "corrected", []string{"lookup=acked"}},
		{"corrected, perfect", "corrected", []string{"detector=perfect"}},
		{"zave2012", "zave2012", nil},
		{"zave2012, repaired", "zave2012", []string{"join=alive", "better=alive"}},
		{"echord", "echord", nil},
		{"echord, iterative", "echord", []string{"lookup=iterative"}},
		{"corrected, with fingers to fall back on", "corrected", []string{"join=through", "lookup=fallback"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) { grow(t, c.preset, c.settings) })
		})
	}
}

func grow(t *rapid.T, preset string, settings []string) {
	r := rapid.IntRange(1, 4).Draw(t, "r")
	switch preset {
	case "zave2012":
		r = 2
	case "sigcomm2001":
	default:
		r = max(r, 2)
	}
	m := newMiniature(preset, r)
	m.mute = true
	for _, s := range settings {
		if err := m.apply(s); err != nil {
			t.Fatal(err)
		}
	}
	ids := rapid.SliceOfNDistinct(rapid.Uint64Range(1, 255), r+1, 14, rapid.ID).Draw(t, "ids")
	m.settle(slices.Clone(ids[:r+1])...)

	// Joins, rounds and deliveries in any order. Nothing is lost and no request
	// runs out: as long as messages arrive nobody is suspected.
	for next := r + 1; next < len(ids); {
		switch rapid.IntRange(0, 9).Draw(t, "what") {
		case 0:
			through := named(ids[rapid.IntRange(0, r).Draw(t, "through")])
			m.command(ids[next], Message{Kind: CmdJoin, AID: through.ID, A: through.Addr})
			next++
		case 1:
			m.fire(ids[rapid.IntRange(0, next-1).Draw(t, "node")], timerStabilize)
		default:
			if len(m.flight) > 0 {
				m.arrive(rapid.IntRange(0, len(m.flight)-1).Draw(t, "message"))
			}
		}
		checkNodes(t, m, preset == "corrected")
	}
	rounds := 3 * len(ids)
	if m.cfg.Rules.FingerOrder == FingerRandom && m.cfg.Rules.Refresh != RefreshFingers {
		rounds = 100 + 10*len(ids) // until every finger has been drawn
	}
	for turn := range rounds {
		for len(m.flight) > 0 {
			m.arrive(rapid.IntRange(0, len(m.flight)-1).Draw(t, "message"))
			checkNodes(t, m, preset == "corrected")
		}
		for _, id := range ids {
			if m.node(id).Status == Joining && m.fire(id, timerJoin) {
				through := named(ids[0])
				m.command(id, Message{Kind: CmdBootstrap, AID: through.ID, A: through.Addr})
			}
		}
		leadBack(m, ids, turn)
		// With everybody asking at once, "busy" would be all that is answered.
		for _, id := range ids {
			m.fire(id, timerStabilize)
			m.run(false)
			m.fire(id, timerFixFingers)
			m.run(false)
		}
	}
	checkIdeal(t, m, ids)
	if n := m.lookups.Active(); n != 0 {
		t.Fatalf("%d lookups never ended", n)
	}
}

// leadBack names a member to every other whose list has run empty (the rule of
// [E-Chord]), each time another one: two such members can be in each other's
// way.
func leadBack(m *miniature, ids []uint64, turn int) {
	for i, id := range ids {
		if n := m.node(id); n.InRing() && n.placing(&m.cfg) {
			through := named(ids[(i+1+turn%(len(ids)-1))%len(ids)])
			m.command(id, Message{Kind: CmdBootstrap, AID: through.ID, A: through.Addr})
		}
	}
}

// A settled ring that is left alone changes no routing state.
func TestSettledRingStaysAsItIs(t *testing.T) {
	for _, preset := range []string{"sigcomm2001", "ton2003", "corrected", "echord", "zave2012"} {
		t.Run(preset, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				r, least := rapid.IntRange(1, 5).Draw(t, "r"), 1
				if preset == "zave2012" {
					r, least = 2, 3 // in a ring of two a node comes to have itself second
				}
				m := newMiniature(preset, r)
				m.mute = true
				ids := rapid.SliceOfNDistinct(rapid.Uint64Range(1, 255), least, 12, rapid.ID).Draw(t, "ids")
				m.settle(slices.Clone(ids)...)
				before := routing(m)
				for range 40 {
					id := rapid.SampledFrom(ids).Draw(t, "node")
					m.fire(id, rapid.SampledFrom([]timerKind{timerStabilize, timerFixFingers, timerCheckPredecessor}).Draw(t, "timer"))
					for range rapid.IntRange(0, 6).Draw(t, "messages") {
						if len(m.flight) > 0 {
							m.arrive(rapid.IntRange(0, len(m.flight)-1).Draw(t, "message"))
						}
					}
				}
				m.run(false)
				if after := routing(m); !slices.Equal(before, after) {
					t.Fatalf("%v became %v", before, after)
				}
				checkIdeal(t, m, ids)
			})
		})
	}
}

// routing is what every node knows of others.
func routing(m *miniature) []nodeText {
	var texts []nodeText
	for _, n := range m.nodes {
		texts = append(texts, m.describeNode(n))
	}
	return texts
}
