package chord

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// settleFollowers fills the table of a ring for some of its nodes.
func settleFollowers(f *Followers, ring []Peer, s int, nodes ...*Node) {
	for _, n := range nodes {
		f.Settle(n, func(finger Peer) []Peer { return trueList(ring, slices.Index(ring, finger), s-1) })
	}
}

// candidateRing is a ring of 16 nodes, 16 apart on 8 bits, and node 0 of it.
func candidateRing(s int) (*Node, *Out, []Peer) {
	var ring []Peer
	for i := range 16 {
		ring = append(ring, named(uint64(16*i)))
	}
	cfg := &Config{Bits: 8, Successors: max(s, 2), Candidates: s}
	out := &Out{Config: cfg, Lookups: &Lookups{}, Followers: NewFollowers(512)}
	n := settled(ring, 0, cfg)
	settleFollowers(out.Followers, ring, s, n)
	return n, out, ring
}

// far says that all are far from node 0 but those named.
func far(near ...uint64) func(a, b Addr) int64 {
	return func(_, b Addr) int64 {
		for i, id := range near {
			if named(id).Addr == b {
				return int64(i + 1)
			}
		}
		return 100
	}
}

// Node 0 has the list 16 to 64 and the finger 128. On the way to 200 it goes to the nearest of
// 128 and the three after it that is before the key and not dead.
func TestNearestCandidate(t *testing.T) {
	for _, c := range []struct {
		name string
		s    int
		near []uint64
		key  uint64
		dead []Addr
		want uint64
	}{
		{"one candidate", 1, []uint64{160}, 200, nil, 128},
		{"the finger is the nearest", 4, []uint64{128, 160}, 200, nil, 128},
		{"a follower is", 4, []uint64{160, 128}, 200, nil, 160},
		{"the last follower is", 4, []uint64{176}, 200, nil, 176},
		{"one too far behind", 4, []uint64{192, 144}, 200, nil, 144},
		{"the key's owner", 4, []uint64{160, 144}, 150, nil, 144},
		{"a node at the key", 4, []uint64{160, 144}, 160, nil, 144},
		{"a dead one", 4, []uint64{160, 144}, 200, []Addr{named(160).Addr}, 144},
		{"all are equally near", 4, nil, 200, nil, 176},
		{"a follower of another finger", 4, []uint64{80}, 200, nil, 176},
		{"the end of the list", 4, []uint64{80}, 120, nil, 64},
	} {
		n, out, _ := candidateRing(c.s)
		out.Config.RoundTrip = far(c.near...)
		if r, _, p := n.route(out, c.key, c.dead, false); r != routeNext || p != named(c.want) {
			t.Errorf("%s: route %d to %v, want %v", c.name, r, p, named(c.want))
		}
	}
}

// With one candidate the way is that of plain Chord, whatever the table says.
func TestOneCandidateIsPlain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, _, cfg := drawKnowing(t)
		key, dead := rapid.Uint64Range(0, cfg.Mask()).Draw(t, "key"), drawDead(t, n)
		r, i, p := n.find(&cfg, key, dead)
		for _, s := range []int{0, 1} {
			cfg.Candidates = s
			out := Out{Config: &cfg, Followers: &Followers{}} // which would panic
			if r2, i2, p2 := n.route(&out, key, dead, false); r2 != r || i2 != i || p2 != p {
				t.Fatalf("%d candidates: route %d %d %v, want %d %d %v", s, r2, i2, p2, r, i, p)
			}
		}
	})
}

// A list names the owner of every key up to its last entry, and whoever comes
// after a dead one.
func TestOwnerFromList(t *testing.T) {
	n, out, _ := candidateRing(4)
	out.Config.RoundTrip = far()
	for key := uint64(1); key <= 64; key++ {
		want := named((key + 15) / 16 * 16)
		if r, i, _ := n.route(out, key, nil, true); r != routeOwners || n.entry(i) != want {
			t.Errorf("the owner of %d: route %d, entry %d, want %v", key, r, i, want)
		}
	}
	if r, _, _ := n.route(out, 65, nil, true); r != routeNext {
		t.Errorf("beyond the list the route is %d", r)
	}
	if r, i, _ := n.route(out, 20, []Addr{named(32).Addr}, true); r != routeOwners || n.entry(i) != named(48) {
		t.Errorf("after a dead owner: route %d, entry %d", r, i)
	}
	if r, _, p := n.route(out, 60, []Addr{named(64).Addr}, true); r != routeNext || p != named(48) {
		t.Errorf("without an owner left: route %d to %v", r, p)
	}
	if r, _, p := n.route(out, 40, nil, false); r != routeNext || p != named(32) {
		t.Errorf("where it is off: route %d to %v", r, p)
	}
}

// A finger that is refreshed brings those that follow it, and the dead are
// forgotten; what others share is not written.
func TestFollowersAreLearnt(t *testing.T) {
	n, out, ring := candidateRing(4)
	out.Config.RoundTrip = far()
	old := out.Followers.of(n, named(128))
	n.fingerFound(out, &Event{}, 7, 120, named(130), []Peer{named(130), named(144), named(146), named(160), named(176)})
	if got := out.Followers.of(n, named(130)); !slices.Equal(got, []Peer{named(144), named(146), named(160)}) {
		t.Errorf("after a refresh %v follow", got)
	}
	if got := out.Followers.of(n, named(128)); got != nil {
		t.Errorf("%v follow a finger that is gone", got)
	}
	out.Config.Rules.TimedOutEntry = TimedOutRemove
	n.timedOut(out, &Event{}, []Addr{named(146).Addr})
	if got := out.Followers.of(n, named(130)); !slices.Equal(got, []Peer{named(144), named(160)}) {
		t.Errorf("after a timeout %v follow", got)
	}
	if !slices.Equal(old, ring[9:12]) {
		t.Errorf("the settled followers have become %v", old)
	}
}
