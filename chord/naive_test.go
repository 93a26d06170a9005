package chord

import "slices"

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

// blames reports whether the definition of a property fails at member n, the
// one that its statement begins with. What is no statement about each member
// blames nobody.
func (g naiveGraph) blames(p Property, n int) bool {
	node := g.m[n]
	b, hasB := g.b(n)
	switch p {
	case OneLiveSuccessor:
		return !hasB
	case AtMostOneRing:
		return g.ring[n] && g.some(func(y int) bool { return g.ring[y] && !g.plus[n][y] })
	case OrderedRing:
		return g.ring[n] && g.some(func(n3 int) bool { return g.ring[n3] && Between(g.id(n), g.id(n3), g.id(b)) })
	case ConnectedAppendages:
		return !g.ring[n] && !g.some(func(x int) bool { return g.ring[x] && g.plus[n][x] })
	case OrderedSuccessorLists:
		esl := node.esl()
		for j := range esl {
			for k := range esl {
				for l := range esl {
					if j < k && k < l && !Between(esl[j], esl[k], esl[l]) {
						return true
					}
				}
			}
		}
	case NoDuplicates:
		for j, x := range node.list {
			if x.ID == node.self.ID {
				return true
			}
			for k, y := range node.list {
				if j != k && x.ID == y.ID {
					return true
				}
			}
		}
	case AntecedentPredecessors:
		pred, alive := g.live(node.pred)
		return alive && (len(g.m[pred].list) == 0 || g.m[pred].list[0] != node.self)
	case OrderedMerges: // n is n2
		return !g.ring[n] && hasB && g.ring[b] && g.some(func(n1 int) bool {
			b1, ok := g.b(n1)
			return g.ring[n1] && ok && b1 == b && !Between(g.id(n1), g.id(n), g.id(b))
		})
	case OrderedAppendages:
		root, ok := g.ringRoot(n)
		return ok && !g.ring[n] && g.clockwise(g.id(b), g.id(root)) >= g.clockwise(g.id(n), g.id(root))
	case ValidSuccessorList:
		return len(node.list) >= 2 && g.some(func(v int) bool {
			return Between(node.list[0].ID, g.id(v), node.list[1].ID) && g.some(func(u int) bool {
				list := g.m[u].list
				return len(list) >= 2 && list[0] == node.self && list[1] == g.m[v].self
			})
		})
	}
	return false
}

func (g naiveRing) some(is func(int) bool) bool {
	for n := range g.m {
		if is(n) {
			return true
		}
	}
	return false
}

// holds judges a property.
func (g naiveGraph) holds(p Property) bool {
	switch p {
	case AtLeastOneRing:
		return g.some(func(n int) bool { return g.ring[n] })
	case SufficientPrincipals:
		return len(g.principals(g.m)) >= g.r+1
	case Ideal:
		return g.ideal()
	}
	return !g.some(func(n int) bool { return g.blames(p, n) })
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
	if !g.holds(AtLeastOneRing) || !g.holds(AtMostOneRing) || !g.holds(OrderedRing) {
		return false
	}
	for a, n := range g.m {
		if !g.ring[a] || !slices.Equal(n.list, g.rightList(a)) {
			return false
		}
		for b := range g.m {
			heads := len(n.list) > 0 && n.list[0] == g.m[b].self
			if alone := len(g.m) == 1 && n.pred.None(); heads != (g.m[b].pred == n.self) && !alone {
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

// word is §3's word, by its own sentence.
func (g naiveGraph) word() Word {
	if !g.holds(AtLeastOneRing) || !g.holds(OneLiveSuccessor) {
		return WordBroken
	}
	if g.rings() > 1 {
		return WordSplit
	}
	if !g.holds(OrderedRing) {
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
	for p := range Property(NumProperties) {
		if graph.holds(p) {
			rep.Holds = rep.Holds.With(p)
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
