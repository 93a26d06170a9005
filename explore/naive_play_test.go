package explore

import (
	"fmt"
	"strings"
	"testing"

	"chordsim/chord"
	"pgregory.net/rapid"
)

// naiveNode is a node as the table of [Zave12] has it; −1 is nobody.
type naiveNode struct {
	member             bool
	succ, second, pred int
}

// naivePlay is the table, event by event, without a message.
type naivePlay struct {
	join, better bool // a joiner, and who stabilizes, adopts a live successor only
	nodes        []naiveNode
	pending      [][2]int // notifies: from, to
}

func naiveBetween(a, x, b int) bool { return chord.Between(uint64(a), uint64(x), uint64(b)) }

func (p *naivePlay) live(x int) bool { return x >= 0 && p.nodes[x].member }

// do plays a step and reports whether its guard holds.
func (p *naivePlay) do(s Step) bool {
	x := int(s.Node)
	n := &p.nodes[x]
	if s.Event == StepNotify {
		for i, m := range p.pending {
			if m[1] == x {
				p.pending = append(p.pending[:i:i], p.pending[i+1:]...)
				if n.member && (n.pred < 0 || naiveBetween(n.pred, m[0], x)) {
					n.pred = m[0]
				}
				return true
			}
		}
		return false
	}
	if s.Event == StepJoin {
		if n.member {
			return false
		}
		for back := 1; back < len(p.nodes); back++ { // the nearest before it
			m := p.nodes[(x-back+len(p.nodes))%len(p.nodes)]
			if at := (x - back + len(p.nodes)) % len(p.nodes); m.member && naiveBetween(at, x, m.succ) && (!p.join || p.live(m.succ)) {
				*n = naiveNode{true, m.succ, -1, -1}
				return true
			}
		}
		return false
	}
	if !n.member {
		return false
	}
	switch s.Event {
	case StepStabilize:
		if !p.live(n.succ) {
			return false
		}
		if q := p.nodes[n.succ].pred; q >= 0 && naiveBetween(x, q, n.succ) && (!p.better || p.live(q)) {
			n.succ = q
		}
		if n.succ != x {
			p.pending = append(p.pending, [2]int{x, n.succ})
		}
	case StepFlush:
		if n.pred >= 0 && !p.live(n.pred) {
			n.pred = -1
		}
	case StepUpdate:
		if p.live(n.succ) || n.second < 0 {
			return false
		}
		n.succ, n.second = n.second, -1
	case StepReconcile:
		if !p.live(n.succ) {
			return false
		}
		if q := p.nodes[n.succ].succ; q != n.second && (q != n.succ || n.succ == x) {
			n.second = q
		}
	case StepFail:
		others := 0
		for i, o := range p.nodes {
			if i == x || !o.member {
				continue
			}
			others++
			if (o.succ == x || !p.live(o.succ)) && (o.second == x || !p.live(o.second)) {
				return false
			}
		}
		if others == 0 {
			return false
		}
		*n = naiveNode{false, -1, -1, -1}
		var left [][2]int
		for _, m := range p.pending {
			if m[1] != x {
				left = append(left, m)
			}
		}
		p.pending = left
	}
	return true
}

func (p *naivePlay) String() string {
	name := func(x int) string {
		if x < 0 {
			return "-"
		}
		return fmt.Sprint(x)
	}
	var parts []string
	for i, n := range p.nodes {
		if !n.member {
			continue
		}
		text := fmt.Sprintf("%d: %d", i, n.succ)
		if n.second >= 0 {
			text += fmt.Sprintf(" %d", n.second)
		}
		parts = append(parts, text+", pred "+name(n.pred))
	}
	for _, m := range p.pending {
		parts = append(parts, fmt.Sprintf("notify %d→%d", m[0], m[1]))
	}
	return strings.Join(parts, "; ")
}

// Nodes that send each other messages do what the table says, event by event:
// after any steps they are in the same state, and they refuse the same ones.
func TestNodesAreTheModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const nodes = 5
		join, better := rapid.Bool().Draw(t, "join"), rapid.Bool().Draw(t, "better")
		p := NewPlay(zave(join, better), 2)
		p.Found(0)
		m := &naivePlay{join: join, better: better}
		for range nodes {
			m.nodes = append(m.nodes, naiveNode{false, -1, -1, -1})
		}
		m.nodes[0] = naiveNode{true, 0, -1, -1}
		for range 200 {
			s := Step{StepEvent(rapid.SampledFrom([]byte(stepLetters)).Draw(t, "event")), rapid.Uint64Range(0, nodes-1).Draw(t, "node")}
			before := p.String()
			err, ok := p.Do(s), m.do(s)
			if ok != (err == nil) || p.String() != m.String() {
				t.Fatalf("%s\n%v: %v, the table %v\n%s\n%s", before, s, err, ok, p, m)
			}
		}
	})
}

// No steps at all break what is proved of the corrected rules, as long as r+1
// principals remain.
func TestCorrectedStandsAnySteps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const nodes = 7
		r := rapid.IntRange(2, 3).Draw(t, "r")
		rules, _, _ := chord.Preset("corrected", r)
		p := NewPlay(rules, r)
		p.Principals = true
		p.Settle([]uint64{0, 2, 3, 5}[:r+1]...)
		for range 150 {
			s := Step{StepEvent(rapid.SampledFrom([]byte("jjsssnnnfF")).Draw(t, "event")), rapid.Uint64Range(0, nodes-1).Draw(t, "node")}
			before := p.String()
			_ = p.Do(s) // a step that is refused changes nothing
			for _, property := range proved {
				if !holds(p, property) {
					t.Fatalf("%s\n%v: %v fails\n%s", before, s, property, p)
				}
			}
		}
	})
}
