package chord

import "fmt"

// Guard answers which members may depart, one after another, without leaving
// the assumptions under which the corrected protocol is proved (protocol
// §1c.7): every remaining member, and every list in flight, keeps a live
// entry, and at least r+1 principals remain. It starts from a sealed snapshot
// with its ghosts and follows the departures that Remove tells it of; members
// that join, and messages sent, after the snapshot need a new one.
//
// Who crashes departs at once (Remove). Who leaves goes on answering until its
// predecessor has taken note (Retire; verdict_leaver.go).
//
// A departing member takes with it its own list and the ghosts that were to
// become its list; the arcs of all other lists, ghosts included, keep on
// skipping whom they skip, with the departed now a dead entry in them.
//
// Reset costs O(N·r). CanRemove and Remove of x cost O(r + the lists that
// name x + the members that x's own lists skip), where the last term is 0 for
// lists without gaps and is not paid by CanRemove while principals abound.
// Memory: about 22 bytes a member and 4 a list entry.
type Guard struct {
	s *Snapshot

	rows []guardRow // the members' lists, then the ghosts
	gone []bool     // of each member: departed, or about to
	mute []bool     // of each member: departed, and its rows with it
	// users[userStart[i]:userStart[i+1]] are the rows whose lists name
	// member i, ascending; a row that names it twice is there twice.
	userStart []int32
	users     []int32
	// The ghosts of each member: ghostOf[i] is the first row, or 0 (row 0
	// is a member's), guardRow.sibling the one after it.
	ghostOf []int32

	skips      []int32 // arcs over each member, as in snapCover, of rows still there
	members    int
	principals int
	starved    int // rows still there without a live entry
}

type guardRow struct {
	live    int32 // live entries, repetitions counted
	sibling int32
}

// NewGuard returns a guard over a sealed snapshot, which must not change
// while the guard is in use.
func NewGuard(s *Snapshot) *Guard {
	g := &Guard{}
	g.Reset(s)
	return g
}

// Reset starts over on a sealed snapshot, reusing the buffers.
func (g *Guard) Reset(s *Snapshot) {
	n := s.Len()
	g.s, g.members, g.starved = s, n, 0
	g.gone = resize(g.gone, n)
	clear(g.gone)
	g.mute = resize(g.mute, n)
	clear(g.mute)
	g.ghostOf = resize(g.ghostOf, n)
	clear(g.ghostOf)
	g.rows = resize(g.rows, n+len(s.ghosts))
	g.skips = resize(g.skips, n+1)
	clear(g.skips)
	g.userStart = resize(g.userStart, n+1)
	clear(g.userStart)

	span := func(from, to int32) {
		g.skips[from]++
		g.skips[to]--
	}
	for i := range g.rows {
		row, self := g.row(int32(i))
		s.skipped(row, self, span)
		live := int32(0)
		for _, ref := range s.refs(row) {
			if ref >= 0 {
				live++
				g.userStart[ref]++
			}
		}
		g.rows[i] = guardRow{live: live}
		if live == 0 {
			g.starved++
		}
		if i >= n && self >= 0 {
			g.rows[i].sibling = g.ghostOf[self]
			g.ghostOf[self] = int32(i)
		}
	}
	g.principals = sumArcs(g.skips[:n])
	g.index()
}

// index turns the number of users of each member into the users themselves.
func (g *Guard) index() {
	total := int32(0)
	for i, users := range g.userStart {
		total += users
		g.userStart[i] = total // one past the member's last user; filled from the back
	}
	g.users = resize(g.users, int(total))
	for i := len(g.rows) - 1; i >= 0; i-- {
		row, _ := g.row(int32(i))
		for _, ref := range g.s.refs(row) {
			if ref >= 0 {
				g.userStart[ref]--
				g.users[g.userStart[ref]] = int32(i)
			}
		}
	}
}

// row returns a row of the snapshot and the ref of the node whose list it is.
func (g *Guard) row(i int32) (*snapRow, int32) {
	if n := int32(g.s.Len()); i >= n {
		ghost := &g.s.ghosts[i-n]
		return ghost, ghost.pred
	}
	return &g.s.rows[i], i
}

// leaves reports whether a row is gone, or goes with member x.
func (g *Guard) leaves(i, x int32) bool {
	_, self := g.row(i)
	return self >= 0 && (self == x || g.mute[self])
}

// Stays reports whether the i-th member has not been told to depart.
func (g *Guard) Stays(i int) bool { return !g.gone[i] }

// Members and Principals count those that remain.
func (g *Guard) Members() int    { return g.members }
func (g *Guard) Principals() int { return g.principals }

// Holds reports whether the condition holds as things are.
func (g *Guard) Holds() bool { return g.starved == 0 && g.principals > g.s.R }

// CanRemove reports whether the condition holds once the i-th member (in the
// order of identifiers, see Snapshot.Index) has departed; false for one that
// has already. Where it is violated beforehand, only the departure of the
// members that violate it can be allowed.
func (g *Guard) CanRemove(i int) bool {
	x := int32(i)
	if g.gone[x] || g.starvedWithout(x) > 0 {
		return false
	}
	left := g.principals
	if g.skips[x] == 0 {
		left--
	}
	// Without x's arcs no fewer members are principals, so that this many
	// is enough; only below it do those matter whom x alone skips.
	if left > g.s.R {
		return true
	}
	left += g.skipsOf(x, -1)
	g.skipsOf(x, +1)
	return left > g.s.R
}

// Remove lets the i-th member depart, allowed or not. It panics on one that
// has already.
func (g *Guard) Remove(i int) {
	x := int32(i)
	if g.gone[x] {
		panic(fmt.Sprintf("chord: guard: member %d departs twice", g.s.rows[x].addr))
	}
	g.starved = g.starvedWithout(x)
	g.takeEntries(x)
	g.principals += g.skipsOf(x, -1)
	g.mute[x] = true
}

// takeEntries takes x out as a live entry, a principal and a member.
func (g *Guard) takeEntries(x int32) {
	g.eachUser(x, func(user, loss int32) { g.rows[user].live -= loss })
	if g.skips[x] == 0 {
		g.principals--
	}
	g.gone[x] = true
	g.members--
}

func (g *Guard) usersOf(x int32) []int32 {
	return g.users[g.userStart[x]:g.userStart[x+1]]
}

// starvedWithout counts the rows without a live entry once x has departed.
func (g *Guard) starvedWithout(x int32) int {
	starved := g.starved
	for i := x; ; {
		if g.rows[i].live == 0 {
			starved-- // it goes with x
		}
		if i = g.nextOf(x, i); i == 0 {
			break
		}
	}
	return starved + g.starvedUsers(x)
}

// starvedUsers counts the rows of others that live by x alone.
func (g *Guard) starvedUsers(x int32) int {
	starved := 0
	g.eachUser(x, func(user, loss int32) {
		if g.rows[user].live == loss && !g.leaves(user, x) {
			starved++
		}
	})
	return starved
}

// eachUser calls do for every row that loses live entries with x, once, with
// how many.
func (g *Guard) eachUser(x int32, do func(user, loss int32)) {
	users := g.usersOf(x)
	for len(users) > 0 {
		user, times := users[0], 1
		for times < len(users) && users[times] == user {
			times++
		}
		users = users[times:]
		loss := int32(times)
		if g.ofLeaver(user) {
			loss = g.headLoss(user, x)
		}
		if loss > 0 {
			do(user, loss)
		}
	}
}

// nextOf walks the rows that depart with x: its own, then its ghosts; it
// returns 0 after the last.
func (g *Guard) nextOf(x, i int32) int32 {
	if i == x {
		return g.ghostOf[x]
	}
	return g.rows[i].sibling
}

// skipsOf adds by, which is 1 or −1, to the count of every member that x's
// rows skip, and returns by how much the number of other principals rises.
func (g *Guard) skipsOf(x, by int32) int {
	rise := 0
	span := func(from, to int32) {
		for p := from; p < to; p++ {
			was := g.skips[p]
			g.skips[p] += by
			if g.gone[p] || p == x {
				continue
			}
			if was == 0 {
				rise--
			} else if g.skips[p] == 0 {
				rise++
			}
		}
	}
	for i := x; ; {
		row, self := g.row(i)
		g.s.skipped(row, self, span)
		if i = g.nextOf(x, i); i == 0 {
			return rise
		}
	}
}
