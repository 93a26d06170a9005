package sim

// word is a message of the tests; peer the element of its list.
type word struct {
	kind uint64
	//lint:ignore U1000 a message has a size
	body [4]uint64
}

type peer struct {
	id uint64
	//lint:ignore U1000 an element has a size
	addr uint32
}

const latency Time = 50_000_000

// gossip is a synthetic protocol: what an actor does depends on all that it has
// received, so that any change of order anywhere soon changes everything.
type gossip struct {
	first Addr
	state []uint64
	n     uint64 // actors
	warm  uint64
	list  [MaxList]peer
}

func newGossip(c Config) func(int) Handler[word, peer] {
	l := c.Layout()
	return func(shard int) Handler[word, peer] {
		return &gossip{first: l.First(shard), state: make([]uint64, 1<<l.Shift), n: uint64(c.Actors)}
	}
}

func (g *gossip) Touch(to Addr) { g.warm += g.state[to-g.first] }

func (g *gossip) Message(sh *Shard[word, peer], h Header, m *word, list []peer) {
	d := sh.Digest(h.To)
	*d = Mix(h.Mix(*d), m.kind)
	for i := range list {
		*d = Mix(*d, list[i].id)
	}
	s := &g.state[h.To-g.first]
	*s = scramble(*s ^ *d)
	draw := *s
	if draw%16 == 0 {
		sh.SetTimer(h.To, h.At+Time(Uniform(draw, 4_000_000_000)), sh.Next(h.To), draw>>1)
		return
	}
	g.send(sh, h.To, h.At, draw)
}

func (g *gossip) Timer(sh *Shard[word, peer], h Header, data uint64) {
	d := sh.Digest(h.To)
	*d = Mix(h.Mix(*d), data)
	g.send(sh, h.To, h.At, data)
}

func (g *gossip) send(sh *Shard[word, peer], from Addr, now Time, draw uint64) {
	var list []peer
	if draw%8 == 1 {
		list = g.list[:1+Uniform(scramble(draw), MaxList)]
		for i := range list {
			list[i] = peer{id: draw + uint64(i)}
		}
	}
	delay := latency + Time(draw>>32%3)*(latency/64) // many at the same instant
	to := Addr(1 + Uniform(draw, g.n))
	sh.Send(Header{At: now + delay, From: from, To: to, Seq: sh.Next(from)}, &word{kind: draw}, list)
}

// newTown makes an engine whose every actor has a message under way.
func newTown(c Config) *Engine[word, peer] {
	e := New(c, newGossip(c))
	for a := range Addr(c.Actors) {
		e.Inject(Header{At: Time(a % 7), To: a + 1, Seq: e.Shard(0).Next(0)}, &word{kind: uint64(a)}, nil)
	}
	return e
}
