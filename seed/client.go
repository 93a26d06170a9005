package seed

import (
	"slices"

	"chordsim/chord"
)

// Client is a node's side: it asks the server for a seed, registers the node
// when it has become a member, and reports seeds that were of no use. One
// request is under way at a time. A plain value of 24 bytes.
type Client struct {
	seed   chord.Peer // named last
	number uint32     // of the request under way or, without one, of the last
	doing  task       // the request under way; 0: none
	todo   task       // those that wait for their turn
	tries  uint8      // sends of the request so far
	state  uint8
}

// task is a request, or a set of them. The lowest is made first: a seed is
// reported before another is asked for, so that it is not named again.
type task uint8

const (
	report task = 1 << iota
	ask
	register
)

const (
	bounced    = 1 << iota // the network has reported that the server is down
	late                   // the time for the next try has come
	registered             // the host has made the node known to the server
)

// Word is what has become of a request, for the host to act upon.
type Word uint8

const (
	Nothing   Word = iota
	Enter          // the node joins, or finds its way back, through Seed: CmdBootstrap
	Create         // nobody is known yet: the node is the first of a ring, CmdCreate
	Wait           // a cut-off member has nobody to ask: CmdBootstrap with nobody, it asks again
	Refused        // another address holds the joiner's identifier: it stays out
	Unreached      // the server is out of reach: a joiner stays out, a cut-off member asks again
	Unheard        // the server is out of reach: it will not know of a new member, or a dead one
)

// Begin is for a node that begins another life: requests of the last one are
// void.
func (c *Client) Begin() { *c = Client{number: c.number} }

// Registered begins a life as well, of a node that the server knows from the
// first instant on.
func (c *Client) Registered() {
	c.Begin()
	c.state = registered
}

// Seed returns the node that was named last.
func (c *Client) Seed() chord.Peer { return c.seed }

// Step takes an event that is the client's own. n is its node and is only
// read.
func (c *Client) Step(ev *chord.Event, n *chord.Node, server chord.Addr, out *chord.Out) Word {
	if ev.Timer != 0 {
		if _, _, number := chord.TimerParts(ev.Timer); c.doing != 0 && number == c.number {
			return c.over(late, ev.Now, n, server, out)
		}
		return Nothing
	}
	m := ev.Msg
	word := Nothing
	switch m.Kind {
	case CmdJoin:
		c.todo |= ask
	case Poll:
		reply(ev, out, PollAck)
	case SeedIs:
		if c.answered(m, ask, out) {
			word = c.told(m, n)
		}
	case Ack:
		if of := c.doing; c.answered(m, register|report, out) && of == report {
			c.seed = chord.Peer{} // said once
		}
	case chord.Bounce:
		if c.doing != 0 && m.Call == c.number {
			return c.over(bounced, ev.Now, n, server, out)
		}
	}
	c.next(ev.Now, n, server, out)
	return word
}

// Heed looks at what a step of the node has put out: it has become a member, it
// asks for a member to join through, its lookup through the seed has failed.
// What it takes upon itself is taken out of out.
func (c *Client) Heed(now int64, n *chord.Node, server chord.Addr, out *chord.Out) {
	lost := n.Status == chord.Joining || out.WantBootstrap // the node has no place
	if useless := out.JoinFailed || lost && slices.Contains(out.Suspects, c.seed.Addr); useless && c.doing != ask && !c.seed.None() {
		c.todo |= report
	}
	if out.WantBootstrap {
		out.WantBootstrap = false
		if c.doing != ask {
			c.todo |= ask
		}
	}
	if out.Member {
		if c.state&registered == 0 {
			c.todo |= register
		}
		c.state &^= registered // not of who has lost its place and found it again
	}
	c.next(now, n, server, out)
}

// answered takes the request that m answers off, if it is one of those tasks.
func (c *Client) answered(m *chord.Message, of task, out *chord.Out) bool {
	if c.doing&of == 0 || m.Call != c.number {
		out.Counters[chord.CountLate]++
		return false
	}
	c.doing = 0
	return true
}

// told: the server has named a seed, or says why not.
func (c *Client) told(m *chord.Message, n *chord.Node) Word {
	joiner := n.Status == chord.Joining
	switch {
	case m.Flags&FlagConflict != 0 && joiner:
		c.todo = 0
		return Refused
	case m.Flags&FlagConflict != 0:
		return Wait
	case m.A != 0:
		c.seed = chord.Peer{ID: m.AID, Addr: m.A}
		return Enter
	case joiner:
		return Create
	}
	return Wait
}

// next begins the next request, if none is under way.
func (c *Client) next(now int64, n *chord.Node, server chord.Addr, out *chord.Out) {
	if c.doing != 0 || c.todo == 0 {
		return
	}
	c.doing = c.todo & -c.todo
	c.todo &^= c.doing
	c.number++
	c.tries = 0
	c.send(now, n, server, out)
}

// send makes one try.
func (c *Client) send(now int64, n *chord.Node, server chord.Addr, out *chord.Out) {
	c.tries++
	c.state &^= bounced | late
	var m *chord.Message
	switch c.doing {
	case ask:
		m = out.Send(server, GetSeed)
		m.Key = n.ID
	case register:
		m = out.Send(server, AddNode)
		m.Key = n.ID
	case report:
		m = out.Send(server, DeadNode)
		m.AID, m.A = c.seed.ID, c.seed.Addr
	}
	m.Call = c.number
	out.Wake(now+TryEvery, timerTry, 0, c.number)
}

// over: a try has had its time, or the network has reported the server down.
// Under a perfect detector it takes both, so that a server that lives is never
// given up.
func (c *Client) over(why uint8, now int64, n *chord.Node, server chord.Addr, out *chord.Out) Word {
	c.state |= why
	if c.state&late == 0 || out.Config.Perfect && c.state&bounced == 0 {
		return Nothing
	}
	if c.tries < Tries {
		c.send(now, n, server, out)
		return Nothing
	}
	word := Unheard
	if c.doing == ask || n.Status == chord.Joining {
		word = Unreached
	}
	c.doing = 0
	if n.Status == chord.Joining {
		c.todo = 0
	}
	c.next(now, n, server, out)
	return word
}
