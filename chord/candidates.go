package chord

// Several candidates for the next hop ([ToN03] §V-F, table IV: "a finger's s
// immediate successors"). A node knows the s−1 nodes that follow each of its
// fingers and names, of the closest preceding finger and those of the s−1 that
// come before the key, the one nearest to itself. An entry of the list stands
// alone: what follows it in the list is not before the key, and what follows
// the last one is not known. With s = 1 there is no table, and all is plain
// Chord.

// Followers is the table of the nodes that follow each finger of each node of
// a ring, kept beside the nodes as Lookups are. Rows belong to one node each,
// so that nodes may step side by side.
type Followers struct {
	rows [][]followed // by address
}

// followed is a finger and who comes after it, in ring order. Slices are
// replaced and never written: a settled ring shares one array among all.
type followed struct {
	finger Peer
	next   []Peer
}

// FollowedBytes is the memory that one finger takes in the table, without the
// nodes that follow it: they are shared until they are refreshed.
const FollowedBytes = 40

// NewFollowers returns an empty table for nodes at the addresses 1 to n.
func NewFollowers(n int) *Followers { return &Followers{make([][]followed, n+1)} }

// Settle fills the row of a settled node: after returns who follows a finger,
// at most s−1 nodes, in a slice that nobody will write.
func (f *Followers) Settle(n *Node, after func(finger Peer) []Peer) {
	row := make([]followed, 0, n.fingerLen)
	for i := 0; i < int(n.fingerLen); i++ {
		if n.fingerAddrs[i] != 0 {
			row = append(row, followed{n.finger(i), after(n.finger(i))})
		}
	}
	f.rows[n.Addr] = row
}

// Forget empties the row of a node that has lost its fingers.
func (f *Followers) Forget(a Addr) { f.rows[a] = nil }

// Known returns how many followers of its fingers a node knows, all together.
func (f *Followers) Known(n *Node) (known int) {
	for _, e := range f.rows[n.Addr] {
		known += len(e.next)
	}
	return known
}

// of returns who follows a finger of n, as far as n knows.
func (f *Followers) of(n *Node, finger Peer) []Peer {
	for i := range f.rows[n.Addr] {
		if e := &f.rows[n.Addr][i]; e.finger == finger {
			return e.next
		}
	}
	return nil
}

// learn records who follows a finger that was refreshed, and forgets what n
// has no finger for any more.
func (f *Followers) learn(n *Node, finger Peer, next []Peer) {
	row := f.rows[n.Addr][:0]
	for _, e := range f.rows[n.Addr] {
		if e.finger != finger && n.hasFinger(e.finger) {
			row = append(row, e)
		}
	}
	if n.hasFinger(finger) {
		row = append(row, followed{finger, append([]Peer(nil), next...)})
	}
	f.rows[n.Addr] = row
}

// forget takes the dead out of n's row, as followers and as fingers.
func (f *Followers) forget(n *Node, dead []Addr) {
	row := f.rows[n.Addr][:0]
	for _, e := range f.rows[n.Addr] {
		if contains(dead, e.finger.Addr) {
			continue
		}
		for _, a := range dead {
			if among(e.next, a) {
				e.next = without(e.next, dead)
				break
			}
		}
		row = append(row, e)
	}
	f.rows[n.Addr] = row
}

func without(peers []Peer, dead []Addr) []Peer {
	kept := make([]Peer, 0, len(peers))
	for _, p := range peers {
		if !contains(dead, p.Addr) {
			kept = append(kept, p)
		}
	}
	return kept
}

func (n *Node) hasFinger(p Peer) bool {
	for i := 0; i < int(n.fingerLen); i++ {
		if n.finger(i) == p {
			return true
		}
	}
	return false
}

// several reports whether there are candidates to choose from.
func (o *Out) several() bool { return o.Config.Candidates > 1 && o.Followers != nil }

// route answers "who is next on the way to key, given that D is dead?" as find
// does, by the rules of table IV where they are on: with fromList the owner is
// named from within the list, and the next hop is the nearest candidate.
func (n *Node) route(out *Out, key uint64, dead []Addr, fromList bool) (route, int, Peer) {
	if fromList {
		if i := n.listOwner(key, dead); i >= 0 {
			return routeOwners, i, Peer{}
		}
	}
	r, i, p := n.find(out.Config, key, dead)
	if r == routeNext && out.several() {
		p = n.nearest(out, key, dead, p)
	}
	return r, i, p
}

// listOwner returns the index of the first entry of the list at or after key
// that is not dead, −1 if the key lies beyond the list or nobody is left.
func (n *Node) listOwner(key uint64, dead []Addr) int {
	if !n.inList(key) {
		return -1
	}
	prev, reached := n.ID, false
	for i := 0; i < int(n.listLen); i++ {
		reached = reached || BetweenRightIncl(prev, key, n.listIDs[i])
		if reached && !contains(dead, n.listAddrs[i]) {
			return i
		}
		prev = n.listIDs[i]
	}
	return -1
}

// nearest returns the nearest of the candidates: p and those that follow it
// before the key. Of several that are equally near it is the one closest to
// the key.
func (n *Node) nearest(out *Out, key uint64, dead []Addr, p Peer) Peer {
	cfg := out.Config
	best, least := p, cfg.RoundTrip(n.Addr, p.Addr)
	for _, c := range out.Followers.of(n, p) {
		if !Between(p.ID, c.ID, key) || contains(dead, c.Addr) {
			continue
		}
		if d := cfg.RoundTrip(n.Addr, c.Addr); d <= least {
			best, least = c, d
		}
	}
	return best
}

// learnFollowers takes who follows a finger from the answer that named it: the
// list of the node before it, from the finger on.
func (n *Node) learnFollowers(out *Out, finger Peer, list []Peer) {
	if !out.several() || len(list) == 0 || list[0] != finger {
		return
	}
	out.Followers.learn(n, finger, list[1:min(len(list), out.Config.Candidates)])
}
