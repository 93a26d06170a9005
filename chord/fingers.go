package chord

import "math/bits"

// The finger table: finger[i] = successor(self + 2^i), i from 0 to m−1 here
// (1 to m in the papers). Those whose start lies in (self, L[last]] are read
// off the list and are never stored. Of the others each distinct node is
// stored once: bit i of fingerMask says that finger[i] differs from
// finger[i−1]. A stored entry of nobody is a finger not known yet.

func fingerStart(id uint64, i int, mask uint64) uint64 { return (id + 1<<uint(i)) & mask }

func (n *Node) finger(i int) Peer { return Peer{n.fingerIDs[i], n.fingerAddrs[i]} }

// Finger returns finger[i], 0 ≤ i < m; nobody if it is not known.
func (n *Node) Finger(cfg *Config, i int) Peer {
	if start := fingerStart(n.ID, i, cfg.Mask()); n.inList(start) {
		return n.ownerInList(start)
	}
	return n.storedFinger(i)
}

func (n *Node) storedFinger(i int) Peer {
	at := bits.OnesCount64(n.fingerMask&(2<<uint(i)-1)) - 1
	return n.finger(at)
}

// runs is a finger table on the way: distinct entries by descending index,
// so that the nearest are the ones that fall off.
type runs struct {
	peer  [64]Peer
	from  [64]uint8 // the least index of each
	count int
}

func (r *runs) add(i int, p Peer) {
	if r.count > 0 && r.peer[r.count-1] == p {
		r.from[r.count-1] = uint8(i)
		return
	}
	r.peer[r.count], r.from[r.count] = p, uint8(i)
	r.count++
}

// storeFingers makes r the finger table. With more than MaxFingers distinct
// ones the nearest are dropped; it returns how many.
func (n *Node) storeFingers(r *runs) (dropped int) {
	if r.count > MaxFingers {
		for _, p := range r.peer[MaxFingers-1 : r.count] {
			if !p.None() {
				dropped++
			}
		}
		r.count = MaxFingers
		r.peer[r.count-1], r.from[r.count-1] = Peer{}, 0
	}
	n.fingerMask, n.fingerLen = 0, uint8(r.count)
	for j := 0; j < r.count; j++ {
		k := r.count - 1 - j
		n.fingerMask |= 1 << r.from[k]
		n.fingerIDs[j], n.fingerAddrs[j] = r.peer[k].ID, r.peer[k].Addr
	}
	return dropped
}

// setFingers makes p the fingers low..high. It starts at finger m−1: what
// stood above, if anything did, would be refreshed by nobody and named for
// ever.
func (n *Node) setFingers(out *Out, low, high int, p Peer) {
	var r runs
	at := int(n.fingerLen)
	for i := out.Config.Bits - 1; i >= 0; i-- {
		if i >= low && i <= high {
			r.add(i, p)
		} else {
			r.add(i, n.finger(at-1))
		}
		if n.fingerMask>>uint(i)&1 != 0 {
			at--
		}
	}
	out.Counters[CountDropped] += uint64(n.storeFingers(&r))
}

// removeFinger forgets every finger that is node a.
func (n *Node) removeFinger(a Addr) {
	for i := 0; i < int(n.fingerLen); i++ {
		if n.fingerAddrs[i] == a {
			n.fingerIDs[i], n.fingerAddrs[i] = 0, 0
		}
	}
}

// nearestFinger returns the stored finger that follows the node most closely:
// by distance, because a stale finger may lie beyond one of a higher index.
func (n *Node) nearestFinger(cfg *Config) Peer {
	mask := cfg.Mask()
	best := Peer{}
	for i := 0; i < int(n.fingerLen); i++ {
		f := n.finger(i)
		if f.None() || f.Addr == n.Addr {
			continue
		}
		if best.None() || Distance(n.ID, f.ID, mask) < Distance(n.ID, best.ID, mask) {
			best = f
		}
	}
	return best
}

// fixFingers refreshes one finger.
func (n *Node) fixFingers(out *Out, ev *Event) {
	if n.has(flagFinger) || n.listLen == 0 {
		return
	}
	if out.Config.NoFingers {
		n.fingersDone(out)
		return
	}
	m := out.Config.Bits
	i := int(n.fingerCursor)
	if out.Config.Rules.FingerOrder == FingerRandom && !n.has(flagAllFingers) {
		if m > 1 {
			i = 1 + int(scale(fork(ev.Rand, 3), uint64(m-1)))
		}
	} else if i >= m || n.inList(fingerStart(n.ID, i, out.Config.Mask())) {
		i = m - 1
		n.fingerCursor = uint8(i)
	}
	start := fingerStart(n.ID, i, out.Config.Mask())
	if n.inList(start) {
		n.fingersDone(out)
		return
	}
	n.set(flagFinger)
	slot, l := out.Lookups.add(n)
	l.purpose, l.finger, l.key = lookupFinger, uint8(i), start
	l.wantList = out.several()
	n.startLookup(out, ev, slot, l)
}

// fingerFound: finger i is owner, named by m: every start in (m, owner] has
// the same finger. The next one to refresh begins at or before m. list is m's,
// as far as it came with the answer.
func (n *Node) fingerFound(out *Out, ev *Event, i int, answerer uint64, owner Peer, list []Peer) {
	mask := out.Config.Mask()
	low, high := i, i
	span := Distance(answerer, owner.ID, mask)
	if answerer == owner.ID {
		span = mask
	}
	covered := func(j int) bool { return Distance(fingerStart(n.ID, j, mask), owner.ID, mask) < span }
	// fix_fingers of [SIGCOMM01] Fig. 7 sets the one that it has drawn.
	if out.Config.Rules.FingerOrder == FingerFarthest || n.has(flagAllFingers) {
		for low > 0 && covered(low-1) && !n.inList(fingerStart(n.ID, low-1, mask)) {
			low--
		}
		for high < out.Config.Bits-1 && covered(high+1) {
			high++
		}
	}
	n.setFingers(out, low, high, owner)
	n.learnFollowers(out, owner, list)
	n.fingerDone(out, ev, low)
}

// fingerDone moves the cursor below finger low and, in a round of all
// fingers, goes on with the next.
func (n *Node) fingerDone(out *Out, ev *Event, low int) {
	n.clear(flagFinger)
	if n.has(flagAllFingers) && int(n.fingerCursor) == out.Config.Bits {
		n.fixFingers(out, ev) // a round began while this one was looked up
		return
	}
	if low == 0 || n.inList(fingerStart(n.ID, low-1, out.Config.Mask())) {
		n.fingersDone(out)
		return
	}
	n.fingerCursor = uint8(low - 1)
	if n.has(flagAllFingers) {
		n.fixFingers(out, ev)
	}
}

// fingersDone ends a turn: every distinct finger has been refreshed once. What
// the list has come to cover is read off it from now on and goes out of the
// table: nobody would refresh it there.
func (n *Node) fingersDone(out *Out) {
	n.fingerCursor = uint8(out.Config.Bits - 1)
	if out.Config.Rules.Refresh == RefreshEntry && !n.entryTurn(out.Config) {
		n.entryCursor = 0 // the fingers were the last of the round robin
	}
	n.clear(flagAllFingers)
	covered := -1
	for covered+1 < out.Config.Bits && n.inList(fingerStart(n.ID, covered+1, out.Config.Mask())) {
		covered++
	}
	if second := bits.TrailingZeros64(n.fingerMask &^ 1); covered >= 0 && (n.fingerAddrs[0] != 0 || second <= covered) {
		n.setFingers(out, 0, covered, Peer{})
	}
}

// adoptHints takes known nodes, sorted by nothing in particular, as first
// fingers ([ToN03]: a joiner copies its successor's table).
func (n *Node) adoptHints(out *Out, hints []Peer) {
	mask := out.Config.Mask()
	for i := 0; i < out.Config.Bits; i++ {
		start := fingerStart(n.ID, i, mask)
		if n.inList(start) {
			continue
		}
		best := Peer{}
		for _, h := range hints {
			if h.None() || h.Addr == n.Addr || Distance(n.ID, h.ID, mask) < Distance(n.ID, start, mask) {
				continue
			}
			if best.None() || Distance(start, h.ID, mask) < Distance(start, best.ID, mask) {
				best = h
			}
		}
		if !best.None() {
			n.setFingers(out, i, i, best)
		}
	}
}
