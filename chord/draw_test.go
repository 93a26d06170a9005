package chord

import (
	"slices"

	"pgregory.net/rapid"
)

// drawRing draws a sorted ring on a circle of 3 to 64 bits, members spread out
// or crowded at the powers of two behind one of them, where fingers are most
// distinct, and a configuration with lists of any length.
func drawRing(t *rapid.T) ([]Peer, Config) {
	bits := rapid.IntRange(3, 64).Draw(t, "bits")
	cfg := Config{Bits: bits, Successors: rapid.IntRange(1, MaxSuccessors).Draw(t, "r"), LookupDeadline: 1}
	mask := cfg.Mask()
	ids := []uint64{rapid.Uint64Range(0, mask).Draw(t, "id")}
	if rapid.Bool().Draw(t, "crowded") {
		cfg.Successors = rapid.IntRange(1, 3).Draw(t, "short r")
		for i := range bits {
			if rapid.IntRange(0, 9).Draw(t, "there") > 0 {
				ids = append(ids, (ids[0]+1<<uint(i)+rapid.Uint64Range(0, 3).Draw(t, "aside"))&mask)
			}
		}
	}
	ids = append(ids, rapid.SliceOfN(rapid.Uint64Range(0, mask), 0, 40).Draw(t, "ids")...)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	ring := make([]Peer, len(ids))
	for i, id := range ids {
		ring[i] = Peer{id, Addr(i + 1)}
	}
	return ring, cfg
}

// settled is the i-th member of a settled ring.
func settled(ring []Peer, i int, cfg *Config) *Node {
	n := &Node{}
	n.Init(ring[i])
	n.Settle(cfg, ring[(i+len(ring)-1)%len(ring)], trueList(ring, i, cfg.Successors), trueArc(ring))
	return n
}
