package scenarios

import (
	"unsafe"

	"chordsim/chord"
	"chordsim/seed"
	"chordsim/sim"
)

// seeds is the seed server of a world, an actor with the address after the last
// node's and a host of its own, and the client that every node has for it.
type seeds struct {
	addr    chord.Addr
	server  seed.Server
	clients []seed.Client // by address; 0 is unused
	draws   sim.Stream    // of the server's events
}

// streamSeeds is the purpose of the server's stream: the bytes of its name, out
// of the way of the small numbers of the others.
const streamSeeds = 0x7365656473

// seedCount is something that happens between nodes and the seed server.
type seedCount uint8

const (
	countGivenUp   seedCount = iota // joiners that stay out: the server is out of reach
	countUnreached                  // requests given up after the last try
	countFounded                    // rings of nodes that were told that nobody is known
	countPolledOut                  // nodes forgotten because they answered no poll
	numSeedCounts
)

var seedCountNames = [numSeedCounts]string{
	countGivenUp:   "joins given up, no seed server",
	countUnreached: "requests that did not reach the seed server",
	countFounded:   "rings founded, the seed server knew nobody",
	countPolledOut: "nodes dropped by the poll of the seed server",
}

// countSeeds adds what happened between nodes and the seed server.
func (w *world) countSeeds(add func(what string, n int64)) {
	for c, name := range seedCountNames {
		add(name, w.sum(func(s *shard) int64 { return s.seeds[c] }))
	}
	add("members reported dead to the seed server", w.judge.falseReports)
}

// seedBytes is the memory that a node takes at both sides of the seed server: its
// client and that one's timer, its entry in a list that has grown, its place in a
// map that has.
const seedBytes = int64(unsafe.Sizeof(seed.Client{})) + 24 + 2*int64(unsafe.Sizeof(chord.Peer{})) + 64

// openSeeds gives the world a seed server, up from the first instant on.
func (w *world) openSeeds() {
	w.seeds = &seeds{addr: chord.Addr(len(w.nodes)), clients: make([]seed.Client, len(w.nodes))}
	w.seeds.draws = sim.NewStream(w.seed, uint64(w.seeds.addr), streamSeeds)
	w.kinds = append(w.kinds, seedKinds()...)
	w.atServer(func(out *chord.Out) { w.seeds.server.Start(int64(w.engine.Now()), out) })
}

// atServer lets the server do something at a barrier.
func (w *world) atServer(do func(out *chord.Out)) {
	at := sim.Addr(w.seeds.addr)
	sh := w.engine.Shard(at)
	s := w.shards[sh.Index()]
	do(&s.out)
	s.dispatch(sh, sim.Header{At: w.engine.Now(), To: at})
	s.out.Reset()
}

// asksServer reports whether who comes now asks the seed server. While it is up
// and there is no ring, the timeline founds one: the first node would be told
// that nobody is known.
func (w *world) asksServer() bool {
	return w.seeds != nil && (w.members.count > 0 || !w.seeds.server.Up())
}

// joinBySeed starts a node and lets it ask the seed server for a member to join
// through.
func (w *world) joinBySeed(a chord.Addr) {
	w.joiners.set(int(a))
	w.nodes[a].Status = chord.Joining // from this instant on, as in join
	w.seeds.clients[a].Begin()
	w.command(a, &chord.Message{Kind: seed.CmdJoin})
}

// register makes a member that did not ask known to the seed server, at this
// instant.
func (w *world) register(a chord.Addr) {
	if w.seeds == nil {
		return
	}
	w.seeds.clients[a].Registered()
	if w.seeds.server.Up() {
		w.seeds.server.Register(w.nodes[a].Self())
	}
}

// seedMessage hands a message to the seed server or to a client of it, and
// reports whether it is for one of them.
func (s *shard) seedMessage(sh *sim.Shard[chord.Message, chord.Peer], h sim.Header, m *chord.Message) bool {
	w := s.world
	toServer := chord.Addr(h.To) == w.seeds.addr
	fromServer := chord.Addr(h.From) == w.seeds.addr
	if !toServer && !seed.Owns(m.Kind) && !(fromServer && m.Kind == chord.Bounce) {
		return false
	}
	ev := chord.Event{Now: int64(h.At), From: chord.Addr(h.From), Msg: m}
	switch {
	case toServer && w.seeds.server.Up():
		ev.Rand = w.seeds.draws.At(uint64(h.From)<<32 | uint64(h.Seq))
		s.serverStep(sh, h, &ev)
	case !toServer && w.nodes[h.To].Status != chord.Absent:
		ev.Rand = w.draws.At(uint64(h.From)<<32 | uint64(h.Seq))
		s.clientStep(sh, h, &ev)
	case w.cfg.Perfect:
		if bounce, ok := seed.BounceOf(m); ok {
			s.send(sh, h.At, h.To, chord.Addr(h.From), &bounce, nil)
		}
	}
	return true
}

// seedTimer does so with a timer.
func (s *shard) seedTimer(sh *sim.Shard[chord.Message, chord.Peer], h sim.Header, data uint64) bool {
	w := s.world
	toServer := chord.Addr(h.To) == w.seeds.addr
	if kind, _, _ := chord.TimerParts(data); !toServer && !seed.OwnsTimer(kind) {
		return false
	}
	ev := chord.Event{Now: int64(h.At), From: chord.Addr(h.From), Timer: data}
	switch {
	case toServer && w.seeds.server.Up():
		s.serverStep(sh, h, &ev)
	case !toServer && w.nodes[h.To].Status != chord.Absent:
		s.clientStep(sh, h, &ev)
	}
	return true
}

// serverStep lets the server take an event.
func (s *shard) serverStep(sh *sim.Shard[chord.Message, chord.Peer], h sim.Header, ev *chord.Event) {
	forgotten := s.world.seeds.server.Step(ev, &s.out)
	switch {
	case forgotten == 0:
	case ev.Timer == 0 && ev.Msg.Kind == seed.DeadNode:
		s.note(h, logReported, uint32(forgotten))
	default:
		s.seeds[countPolledOut]++
	}
	s.dispatch(sh, h)
	s.out.Reset()
}

// clientStep lets a client take an event, and its node what comes of it.
func (s *shard) clientStep(sh *sim.Shard[chord.Message, chord.Peer], h sim.Header, ev *chord.Event) {
	w := s.world
	n, c := &w.nodes[h.To], &w.seeds.clients[h.To]
	tell := func(m chord.Message) {
		s.step(n, &chord.Event{Now: ev.Now, Rand: ev.Rand, Msg: &m})
	}
	switch c.Step(ev, n, w.seeds.addr, &s.out) {
	case seed.Enter:
		p := c.Seed()
		tell(chord.Message{Kind: chord.CmdBootstrap, AID: p.ID, A: p.Addr})
	case seed.Create:
		s.seeds[countFounded]++
		tell(chord.Message{Kind: chord.CmdCreate})
	case seed.Wait:
		tell(chord.Message{Kind: chord.CmdBootstrap})
	case seed.Refused:
		n.Crash()
		s.note(h, logRefused, 0)
	case seed.Unreached:
		s.seeds[countUnreached]++
		if n.Status != chord.Joining {
			tell(chord.Message{Kind: chord.CmdBootstrap})
			break
		}
		s.seeds[countGivenUp]++
		n.Crash()
		s.note(h, logGivenUp, 0)
	case seed.Unheard:
		s.seeds[countUnreached]++
	}
	s.carryOut(sh, h)
}

// consult lets a node's client see what the node has just put out.
func (s *shard) consult(h sim.Header) {
	w, o := s.world, &s.out
	if o.Member || o.WantBootstrap || o.JoinFailed || len(o.Suspects) > 0 {
		w.seeds.clients[h.To].Heed(int64(h.At), &w.nodes[h.To], w.seeds.addr, o)
	}
}

// seeds settles what the log says of the seed server.
func (j *judge) seeds(e *logEntry) {
	w := j.world
	switch e.kind {
	case logRefused:
		j.refused++
	case logGivenUp:
		j.givenUp = append(j.givenUp, e.addr)
	case logReported:
		if w.members.has(chord.Addr(e.what)) {
			j.falseReports++
		}
		return
	}
	w.joiners.clear(int(e.addr))
	j.left = append(j.left, e.addr)
}
