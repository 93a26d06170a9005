package chord

import "fmt"

// A leaver hands its list to its predecessor and goes when that has been
// acknowledged (protocol §1c.8). Until then it answers as any member does, and
// what it tells outlives it: a node that takes it for its successor holds
// [leaver] + the leaver's list, cut to r entries, of which the first is about
// to go. So, while it is leaving,
//
//   - it is no live entry of anybody's and no principal, as if departed;
//   - its list, and those in flight that may still become its list, keep on
//     skipping whom they skip: others copy them;
//   - the heads of these lists live, and none of them departs: the head is what
//     every copy of such a list holds beside the leaver, however short it is. Nobody
//     becomes a leaver's head that is leaving, too (Node.passesOver).

// CanRetire reports whether the condition holds while the i-th member is
// leaving and after it has left; false for one that departs already.
func (g *Guard) CanRetire(i int) bool {
	x := int32(i)
	if g.gone[x] || g.starvedByLeaver(x) > 0 {
		return false
	}
	left := g.principals
	if g.skips[x] == 0 {
		left--
	}
	return left > g.s.R
}

// Retire lets the i-th member begin to leave, allowed or not. It panics on one
// that departs already.
func (g *Guard) Retire(i int) {
	x := int32(i)
	if g.gone[x] {
		panic(fmt.Sprintf("chord: guard: member %d departs twice", g.s.rows[x].addr))
	}
	g.starved = g.starvedByLeaver(x)
	g.takeEntries(x)
	for i := x; ; {
		g.rows[i].live = 0
		if g.headLives(i, x) {
			g.rows[i].live = 1
		}
		if i = g.nextOf(x, i); i == 0 {
			break
		}
	}
}

// starvedByLeaver counts the rows without what they need once x is leaving.
func (g *Guard) starvedByLeaver(x int32) int {
	starved := g.starved + g.starvedUsers(x)
	for i := x; ; {
		if g.rows[i].live > 0 && !g.headLives(i, x) {
			starved++
		}
		if i = g.nextOf(x, i); i == 0 {
			return starved
		}
	}
}

// headLives reports whether the head of a row lives, and not as x.
func (g *Guard) headLives(i, x int32) bool {
	row, _ := g.row(i)
	refs := g.s.refs(row)
	return len(refs) > 0 && refs[0] >= 0 && refs[0] != x && !g.gone[refs[0]]
}

// ofLeaver reports whether a row is one of a leaver's: its only live entry that
// counts is its head.
func (g *Guard) ofLeaver(i int32) bool {
	_, self := g.row(i)
	return self >= 0 && g.gone[self] && !g.mute[self]
}

// headLoss is what a leaver's row loses with x.
func (g *Guard) headLoss(i, x int32) int32 {
	row, _ := g.row(i)
	if g.s.refs(row)[0] == x {
		return g.rows[i].live
	}
	return 0
}
