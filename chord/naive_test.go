package chord

// The verdicts of protocol §3 written straight from the column of
// definitions, quantifier by quantifier, over plain slices. Nothing here is
// fast, and nothing is shared with the verdicts under test but Between.

type naiveNode struct {
	self, pred Peer
	list       []Peer
}

// naiveRing is M, the live members, with what each of them believes; ghosts
// are extended lists in flight.
type naiveRing struct {
	bits, r int
	m       []naiveNode
	ghosts  []naiveNode
}

// live finds the member that a peer names.
func (g naiveRing) live(p Peer) (int, bool) {
	for i, n := range g.m {
		if n.self == p {
			return i, true
		}
	}
	return -1, false
}

// b is the first live entry of n's list, as a place in M.
func (g naiveRing) b(n int) (int, bool) {
	for _, e := range g.m[n].list {
		if i, ok := g.live(e); ok {
			return i, true
		}
	}
	return -1, false
}

// reach is b⁺: reach[x][y] when x reaches y by one step of b or more.
func (g naiveRing) reach() [][]bool {
	n := len(g.m)
	plus := make([][]bool, n)
	for x := range plus {
		plus[x] = make([]bool, n)
		if y, ok := g.b(x); ok {
			plus[x][y] = true
		}
	}
	for via := range plus {
		for x := range plus {
			for y := range plus {
				if plus[x][via] && plus[via][y] {
					plus[x][y] = true
				}
			}
		}
	}
	return plus
}

func (g naiveRing) id(i int) uint64 { return g.m[i].self.ID }

// naiveGraph carries the closure and the set Ring through the definitions.
type naiveGraph struct {
	naiveRing
	plus [][]bool
	ring []bool
}

func (g naiveRing) graph() naiveGraph {
	plus := g.reach()
	ring := make([]bool, len(g.m))
	for i := range ring {
		ring[i] = plus[i][i]
	}
	return naiveGraph{g, plus, ring}
}

func (g naiveGraph) oneLiveSuccessor() bool {
	for n := range g.m {
		if _, ok := g.b(n); !ok {
			return false
		}
	}
	return true
}

func (g naiveGraph) atLeastOneRing() bool {
	for _, on := range g.ring {
		if on {
			return true
		}
	}
	return false
}

func (g naiveGraph) atMostOneRing() bool {
	for x := range g.m {
		for y := range g.m {
			if g.ring[x] && g.ring[y] && !g.plus[x][y] {
				return false
			}
		}
	}
	return true
}

func (g naiveGraph) orderedRing() bool {
	for n1 := range g.m {
		for n3 := range g.m {
			if !g.ring[n1] || !g.ring[n3] {
				continue
			}
			if b, ok := g.b(n1); ok && Between(g.id(n1), g.id(n3), g.id(b)) {
				return false
			}
		}
	}
	return true
}

func (g naiveGraph) connectedAppendages() bool {
	for a := range g.m {
		if g.ring[a] {
			continue
		}
		reaches := false
		for x := range g.m {
			reaches = reaches || g.ring[x] && g.plus[a][x]
		}
		if !reaches {
			return false
		}
	}
	return true
}

// esl is a node and its list, dead entries included.
func (n naiveNode) esl() []uint64 {
	ids := []uint64{n.self.ID}
	for _, e := range n.list {
		ids = append(ids, e.ID)
	}
	return ids
}

// principals is the set of members that none of the lists skips.
func (g naiveRing) principals(lists []naiveNode) []int {
	var set []int
	for p := range g.m {
		skipped := false
		for _, n := range lists {
			esl := n.esl()
			for k := 0; k+1 < len(esl); k++ {
				skipped = skipped || Between(esl[k], g.id(p), esl[k+1])
			}
		}
		if !skipped {
			set = append(set, p)
		}
	}
	return set
}

func (g naiveGraph) sufficientPrincipals() bool {
	return len(g.principals(g.m)) >= g.r+1
}

func (g naiveGraph) orderedSuccessorLists() bool {
	for _, n := range g.m {
		esl := n.esl()
		for j := range esl {
			for k := range esl {
				for l := range esl {
					if j < k && k < l && !Between(esl[j], esl[k], esl[l]) {
						return false
					}
				}
			}
		}
	}
	return true
}

func (g naiveGraph) noDuplicates() bool {
	for _, n := range g.m {
		for j, x := range n.list {
			if x.ID == n.self.ID {
				return false
			}
			for k, y := range n.list {
				if j != k && x.ID == y.ID {
					return false
				}
			}
		}
	}
	return true
}

func (g naiveGraph) antecedentPredecessors() bool {
	for _, n := range g.m {
		p, ok := g.live(n.pred)
		if !ok {
			continue
		}
		if list := g.m[p].list; len(list) == 0 || list[0] != n.self {
			return false
		}
	}
	return true
}

func (g naiveGraph) orderedMerges() bool {
	for n1 := range g.m {
		for n2 := range g.m {
			b1, ok1 := g.b(n1)
			b2, ok2 := g.b(n2)
			if !ok1 || !ok2 || b1 != b2 || !g.ring[n1] || g.ring[n2] || !g.ring[b1] {
				continue
			}
			if !Between(g.id(n1), g.id(n2), g.id(b1)) {
				return false
			}
		}
	}
	return true
}

// clockwise counts the points from a to b by definition: going up, and
// through zero when b is not above.
func (g naiveRing) clockwise(a, b uint64) uint64 {
	if a <= b {
		return b - a
	}
	top := uint64(1)<<(g.bits-1) - 1 + uint64(1)<<(g.bits-1)
	return (top - a) + 1 + b
}

// ringRoot walks from a to the first ring member.
func (g naiveGraph) ringRoot(a int) (int, bool) {
	for range len(g.m) + 1 {
		if g.ring[a] {
			return a, true
		}
		next, ok := g.b(a)
		if !ok {
			return -1, false
		}
		a = next
	}
	return -1, false
}

func (g naiveGraph) orderedAppendages() bool {
	for a := range g.m {
		root, ok := g.ringRoot(a)
		if !ok || g.ring[a] {
			continue
		}
		next, _ := g.b(a)
		if g.clockwise(g.id(next), g.id(root)) >= g.clockwise(g.id(a), g.id(root)) {
			return false
		}
	}
	return true
}

func (g naiveGraph) validSuccessorList() bool {
	for _, n := range g.m {
		for _, v := range g.m {
			if len(n.list) < 2 || !Between(n.list[0].ID, v.self.ID, n.list[1].ID) {
				continue
			}
			for _, u := range g.m {
				if len(u.list) >= 2 && u.list[0] == n.self && u.list[1] == v.self {
					return false
				}
			}
		}
	}
	return true
}

// kth is the k-th successor of member a, 1 ≤ k < N: the member y with k
// members in (a, y].
func (g naiveRing) kth(a, k int) Peer {
	for y := range g.m {
		members := 0
		for z := range g.m {
			if z == y || Between(g.id(a), g.id(z), g.id(y)) {
				members++
			}
		}
		if y != a && members == k {
			return g.m[y].self
		}
	}
	return g.m[a].self // the successor of a node alone
}

// rightList is the list that a has in the ideal ring.
func (g naiveRing) rightList(a int) []Peer {
	if len(g.m) == 1 {
		return []Peer{g.m[a].self}
	}
	var list []Peer
	for k := 1; k <= g.r && k < len(g.m); k++ {
		list = append(list, g.kth(a, k))
	}
	return list
}

func (g naiveGraph) ideal() bool {
	if !g.atLeastOneRing() || !g.atMostOneRing() || !g.orderedRing() {
		return false
	}
	for a := range g.m {
		if !g.ring[a] {
			return false
		}
		want, have := g.rightList(a), g.m[a].list
		if len(want) != len(have) {
			return false
		}
		for k := range want {
			if want[k] != have[k] {
				return false
			}
		}
		for b := range g.m {
			heads := len(have) > 0 && have[0] == g.m[b].self
			if heads != (g.m[b].pred == g.m[a].self) {
				return false
			}
		}
	}
	return true
}

// rings counts the classes of ring members that reach each other.
func (g naiveGraph) rings() int {
	classes := 0
	for x := range g.m {
		first := g.ring[x]
		for y := range x {
			first = first && !(g.ring[y] && g.plus[x][y])
		}
		if first {
			classes++
		}
	}
	return classes
}

// holds judges every property.
func (g naiveGraph) holds() [NumProperties]bool {
	return [NumProperties]bool{
		OneLiveSuccessor:       g.oneLiveSuccessor(),
		AtLeastOneRing:         g.atLeastOneRing(),
		AtMostOneRing:          g.atMostOneRing(),
		OrderedRing:            g.orderedRing(),
		ConnectedAppendages:    g.connectedAppendages(),
		SufficientPrincipals:   g.sufficientPrincipals(),
		OrderedSuccessorLists:  g.orderedSuccessorLists(),
		NoDuplicates:           g.noDuplicates(),
		AntecedentPredecessors: g.antecedentPredecessors(),
		OrderedMerges:          g.orderedMerges(),
		OrderedAppendages:      g.orderedAppendages(),
		ValidSuccessorList:     g.validSuccessorList(),
		Ideal:                  g.ideal(),
	}
}

// word is §3's word, by its own sentence.
func (g naiveGraph) word() Word {
	if !g.atLeastOneRing() || !g.oneLiveSuccessor() {
		return WordBroken
	}
	if g.rings() > 1 {
		return WordSplit
	}
	if !g.orderedRing() {
		return WordLoopy
	}
	if g.ideal() {
		return WordIdeal
	}
	return WordRing
}

// report judges everything a Report holds.
func (g naiveRing) report() Report {
	graph := g.graph()
	rep := Report{
		Word:       graph.word(),
		Members:    len(g.m),
		Principals: len(g.principals(g.m)),
		Rings:      graph.rings(),
	}
	for p, ok := range graph.holds() {
		if ok {
			rep.Holds = rep.Holds.With(Property(p))
		}
	}
	for a, n := range g.m {
		if _, ok := g.b(a); !ok {
			rep.CutOff++
		}
		succ := g.kth(a, 1)
		if len(n.list) > 0 && n.list[0] == succ {
			rep.RightSuccessors++
		}
		if s, _ := g.live(succ); g.m[s].pred == n.self {
			rep.RightPredecessors++
		}
		if len(g.m) == 1 {
			continue
		}
		for k, want := range g.rightList(a) {
			rep.ListEntries++
			if k < len(n.list) && n.list[k] == want {
				rep.RightListEntries++
			}
		}
	}
	return rep
}

// without is the ring after the departure of a member, with the ghosts that
// were meant for it.
func (g naiveRing) without(x int) naiveRing {
	gone := g.m[x].self
	next := naiveRing{bits: g.bits, r: g.r}
	for _, n := range g.m {
		if n.self != gone {
			next.m = append(next.m, n)
		}
	}
	for _, n := range g.ghosts {
		if n.self != gone {
			next.ghosts = append(next.ghosts, n)
		}
	}
	return next
}

// guarded is the condition of §1c.7, ghosts counted.
func (g naiveRing) guarded() bool {
	lists := append(append([]naiveNode{}, g.m...), g.ghosts...)
	for _, n := range lists {
		alive := false
		for _, e := range n.list {
			_, ok := g.live(e)
			alive = alive || ok
		}
		if !alive {
			return false
		}
	}
	return len(g.principals(lists)) >= g.r+1
}
