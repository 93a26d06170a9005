package explore

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"chordsim/chord"
)

// Play is a ring of a few nodes on which steps are played, one after the other.
// Within a step every message is delivered at once, in the order of sending,
// and who asks somebody that is not there is told so at once; only notifies
// wait for a step of their own. Timers are never due.
type Play struct {
	// Principals has a failure leave r+1 principals, too, as the proof of the
	// corrected protocol assumes ([Zave17]).
	Principals bool

	cfg     chord.Config
	lookups chord.Lookups
	out     chord.Out
	nodes   []*chord.Node // all that ever were, by identifier
	now     []playMessage // to be delivered within the step
	held    []playMessage // notifies, oldest first
	snap    *chord.Snapshot
}

type playMessage struct {
	from, to chord.Addr
	msg      chord.Message
	list     []chord.Peer
}

// playBits is the size of the circle; a node's address is its identifier + 1.
const playBits = 8

// mostPlayed bounds the messages of one step. What the nodes of a small ring ask
// each other in one is far below it.
const mostPlayed = 10_000

// NewPlay returns an empty ring whose nodes follow rules with lists of that
// many successors, 1 to chord.MaxSuccessors.
func NewPlay(rules chord.Rules, successors int) *Play {
	p := &Play{
		cfg:  chord.Config{Bits: playBits, Successors: successors, Rules: rules, Tries: 1, Perfect: true, LookupDeadline: 1},
		snap: chord.NewSnapshot(playBits, successors),
	}
	p.out.Config, p.out.Lookups = &p.cfg, &p.lookups
	return p
}

func playPeer(id uint64) chord.Peer { return chord.Peer{ID: id, Addr: chord.Addr(id) + 1} }

// node returns a node by its identifier, made on first use.
func (p *Play) node(id uint64) *chord.Node {
	i, there := slices.BinarySearchFunc(p.nodes, id, func(n *chord.Node, id uint64) int { return cmp.Compare(n.ID, id) })
	if !there {
		n := &chord.Node{}
		n.Init(playPeer(id))
		p.nodes = slices.Insert(p.nodes, i, n)
	}
	return p.nodes[i]
}

func (p *Play) lives(q chord.Peer) bool { return !q.None() && p.node(q.ID).InRing() }

// Found makes a node the only member of a ring: its own successor, without a
// predecessor.
func (p *Play) Found(id uint64) { p.command(p.node(id), chord.Message{Kind: chord.CmdCreate}) }

// Settle makes nodes the members of an ideal ring.
func (p *Play) Settle(ids ...uint64) {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	at := func(i int) chord.Peer { return playPeer(ids[i%len(ids)]) }
	for i, id := range ids {
		var list []chord.Peer
		for k := 1; k <= max(min(p.cfg.Successors, len(ids)-1), 1); k++ {
			list = append(list, at(i+k)) // of a ring of one, itself
		}
		n := p.node(id)
		n.Settle(&p.cfg, at(i+len(ids)-1), list, func(start uint64) (uint64, chord.Peer) {
			j, _ := slices.BinarySearch(ids, start)
			return at(j + len(ids) - 1).ID, at(j)
		})
		n.ForgetFingers()
	}
}

// Steps plays steps up to the first that is refused, and calls after, unless it
// is nil, with the index of each that was played. The error names the step.
func (p *Play) Steps(steps []Step, after func(i int)) error {
	for i, s := range steps {
		if err := p.Do(s); err != nil {
			return fmt.Errorf("step %d, %w", i+1, err)
		}
		if after != nil {
			after(i)
		}
	}
	return nil
}

// Do plays one step. One whose condition does not hold is refused, with an error
// that names it, and changes nothing. A part of the rounds that is none by the
// rules is no error and does nothing: there is no update, reconcile or flush
// without chord.DeadUpdate, chord.RefreshReconcile and ClearPredecessor.
func (p *Play) Do(s Step) error {
	if s.Node > MaxStepNode {
		return fmt.Errorf("%v: identifiers go up to %d", s, MaxStepNode)
	}
	if err := p.try(s); err != nil {
		return fmt.Errorf("%v: %w", s, err)
	}
	return nil
}

func (p *Play) try(s Step) error {
	n, rules := p.node(s.Node), &p.cfg.Rules
	switch s.Event {
	case StepJoin:
		return p.join(n)
	case StepNotify:
		return p.arrive(n)
	}
	if !n.InRing() {
		return fmt.Errorf("%d is no member", n.ID)
	}
	first := p.lives(n.Successor())
	switch s.Event {
	case StepStabilize:
		if stays := rules.DeadSuccessor == chord.DeadUpdate || rules.DeadSuccessor == chord.DeadKeep; stays && !first {
			return fmt.Errorf("the successor of %d is dead", n.ID)
		}
		return p.command(n, chord.Message{Kind: chord.CmdStabilize})
	case StepFlush:
		return p.command(n, chord.Message{Kind: chord.CmdFlush})
	case StepUpdate:
		switch {
		case rules.DeadSuccessor != chord.DeadUpdate:
			return nil
		case first:
			return fmt.Errorf("the successor of %d lives", n.ID)
		case n.ListLen() < 2:
			return fmt.Errorf("%d has no second successor", n.ID)
		}
		return p.command(n, chord.Message{Kind: chord.CmdUpdate})
	case StepReconcile:
		if rules.Refresh == chord.RefreshReconcile && !first {
			return fmt.Errorf("the successor of %d is dead", n.ID)
		}
		return p.command(n, chord.Message{Kind: chord.CmdReconcile})
	case StepFail:
		return p.fail(n)
	}
	return fmt.Errorf("there is no event %q", byte(s.Event))
}

// join tries the members between which and their successor x lies, the nearest
// before x first.
func (p *Play) join(x *chord.Node) error {
	if x.InRing() {
		return fmt.Errorf("%d is a member", x.ID)
	}
	var before []*chord.Node
	for _, m := range p.nodes {
		if m.InRing() && m.ListLen() > 0 && chord.Between(m.ID, x.ID, m.Successor().ID) {
			before = append(before, m)
		}
	}
	if len(before) == 0 {
		return fmt.Errorf("%d lies between no member and its successor", x.ID)
	}
	slices.SortFunc(before, func(a, b *chord.Node) int {
		return cmp.Compare(chord.Distance(a.ID, x.ID, p.cfg.Mask()), chord.Distance(b.ID, x.ID, p.cfg.Mask()))
	})
	for _, m := range before {
		x.Init(playPeer(x.ID))
		err := p.command(x, chord.Message{Kind: chord.CmdJoin, AID: m.ID, A: m.Addr})
		if err != nil || x.InRing() {
			return err
		}
		p.vanish(x)
	}
	return fmt.Errorf("the successor of every member that %d could join through is dead", x.ID)
}

// arrive delivers the notify that has waited longest for n; to nobody, where n
// is not there.
func (p *Play) arrive(n *chord.Node) error {
	i := slices.IndexFunc(p.held, func(m playMessage) bool { return m.to == n.Addr })
	if i < 0 {
		return fmt.Errorf("no notify is on its way to %d", n.ID)
	}
	m := p.held[i]
	p.held = slices.Delete(p.held, i, i+1)
	if !n.InRing() {
		return nil
	}
	p.hand(n, &chord.Event{From: m.from, Msg: &m.msg})
	return p.deliver()
}

// fail lets a member vanish unless that cuts another one off.
func (p *Play) fail(x *chord.Node) error {
	others := 0
	for _, n := range p.nodes {
		if !n.InRing() || n == x {
			continue
		}
		others++
		keeps := func(q chord.Peer) bool { return q.ID != x.ID && p.lives(q) }
		if !slices.ContainsFunc(n.AppendList(nil), keeps) {
			return fmt.Errorf("%d would have no live successor", n.ID)
		}
	}
	if others == 0 {
		return fmt.Errorf("%d is the only member", x.ID)
	}
	if p.Principals {
		s := p.Snapshot()
		if i, _ := s.Index(x.Self()); !chord.NewGuard(s).CanRemove(i) {
			return fmt.Errorf("no more than %d principals would remain", p.cfg.Successors)
		}
	}
	p.vanish(x)
	p.held = slices.DeleteFunc(p.held, func(m playMessage) bool { return m.to == x.Addr })
	return nil
}

// vanish ends a life.
func (p *Play) vanish(x *chord.Node) {
	x.Crash()
	p.lookups.Abandon(func(a chord.Addr) bool { return a == x.Addr }, func(uint32, chord.Addr) {})
}

func (p *Play) command(n *chord.Node, m chord.Message) error {
	p.hand(n, &chord.Event{Msg: &m})
	return p.deliver()
}

// hand gives a node an event and takes up what it sends.
func (p *Play) hand(n *chord.Node, ev *chord.Event) {
	n.Step(ev, &p.out)
	for i := range p.out.Sends {
		s := &p.out.Sends[i]
		m := playMessage{n.Addr, s.To, s.Msg, slices.Clone(p.out.List(s))}
		if s.Msg.Kind == chord.Notify {
			p.held = append(p.held, m)
		} else {
			p.now = append(p.now, m)
		}
	}
	p.out.Reset()
}

// deliver goes on until nobody waits for anything but notifies.
func (p *Play) deliver() error {
	for range mostPlayed {
		if len(p.now) == 0 {
			return nil
		}
		m := p.now[0]
		p.now = slices.Delete(p.now, 0, 1)
		to := p.node(uint64(m.to - 1))
		if to.Status != chord.Absent {
			p.hand(to, &chord.Event{From: m.from, Msg: &m.msg, List: m.list})
		} else if report, ok := chord.BounceOf(&m.msg); ok {
			p.hand(p.node(uint64(m.from-1)), &chord.Event{From: m.to, Msg: &report})
		}
	}
	p.now = p.now[:0]
	return errors.New("the messages of this step never end")
}

// Snapshot returns what the members believe now, sealed. It is good until the
// next step.
func (p *Play) Snapshot() *chord.Snapshot {
	p.snap.Reset(len(p.nodes))
	for _, n := range p.nodes {
		if n.InRing() {
			p.snap.Add(n.Self(), n.Pred, n.AppendList(nil))
		}
	}
	p.snap.Seal()
	return p.snap
}

// String returns the members with their lists and predecessors, and the notifies
// on their way: 0: 3 0, pred 3; 3: 0, pred -; notify 0→3.
func (p *Play) String() string {
	name := func(q chord.Peer) string {
		if q.None() {
			return "-"
		}
		return fmt.Sprint(q.ID)
	}
	var parts []string
	for _, n := range p.nodes {
		if !n.InRing() {
			continue
		}
		text := fmt.Sprintf("%d:", n.ID)
		for _, q := range n.AppendList(nil) {
			text += " " + name(q)
		}
		parts = append(parts, text+", pred "+name(n.Pred))
	}
	for _, m := range p.held {
		parts = append(parts, fmt.Sprintf("notify %d→%d", m.from-1, m.to-1))
	}
	return strings.Join(parts, "; ")
}
