package scenarios

import (
	"chordsim/chord"
	"chordsim/dht"
	"chordsim/explore"
	"chordsim/seed"
	"chordsim/sim"
)

// world is the ring, the network under it and the truth about both, for one
// run. Nodes are one slab indexed by address; a host runs virtual of them
// side by side, at neighbouring addresses.
type world struct {
	cfg     chord.Config
	net     network
	seed    uint64
	virtual int
	ids     identifiers

	engine *sim.Engine[chord.Message, chord.Peer]
	nodes  []chord.Node // by address; 0 is unused
	shards []*shard
	used   int // addresses given out so far

	followers *chord.Followers // nil where a node has one candidate for the next hop

	faults   *sim.Faults // nil before the first
	members  *membership
	data     *stored      // nil where nothing is stored
	joiners  bitset       // told to join and not members yet
	keeps    bool         // who crashes may come back with what it knew
	kept     bitset       // if so: who did
	kinds    []chord.Kind // of messages that may cross this network
	judge    judge
	work     []*workload
	seeds    *seeds // nil without a seed server
	snapshot *chord.Snapshot
	draws    sim.Stream // of the events, mixed with who sent them
	trace    *tracer
	played   *explore.Outcome  // of a step of play; nil: there was none
	stepped  func(*chord.Node) // looks at a node after each of its steps; nil but in tests
	watched  *watched          // nil where nobody observes
}

// network is what the engine does not know: delays, losses and sizes.
type network struct {
	latency   sim.Latency
	loss      Fraction // of all messages
	header    int64    // bytes of a message without ids
	perID     int64    // bytes of each id or address carried
	window    sim.Time
	bootstrap sim.Time // from asking for a member to its name
}

// worldSize is what a world is built for.
type worldSize struct {
	addresses       int
	shards, workers int
	seedServer      bool // it has the address after the last node's
}

// Purposes of the streams of a run; the steps of the timeline have their own.
const (
	streamIDs uint64 = iota + 1
	streamEvent
	streamLatency
	streamLoss
	streamPlaces
	streamBootstrap
	streamKeys
	streamPhase
	streamStep // + number of the stream << 8 | purpose within the step
)

func newWorld(cfg chord.Config, net network, seed uint64, virtual int, hashed bool, size worldSize) *world {
	w := &world{
		cfg: cfg, net: net, seed: seed, virtual: virtual,
		ids:      identifiers{bits: cfg.Bits, hashed: hashed, key: sim.NewStream(seed, 0, streamIDs)},
		nodes:    make([]chord.Node, size.addresses+1),
		members:  newMembership(size.addresses),
		joiners:  newBitset(size.addresses + 1),
		kinds:    ringKinds(),
		snapshot: chord.NewSnapshot(cfg.Bits, cfg.Successors),
		draws:    sim.NewStream(seed, 0, streamEvent),
	}
	w.judge.world = w
	if cfg.Candidates > 1 {
		w.followers = chord.NewFollowers(size.addresses)
		w.cfg.RoundTrip = w.roundTrip
	}
	actors := size.addresses
	if size.seedServer {
		actors++
	}
	w.engine = sim.New(sim.Config{
		Actors: actors, Shards: size.shards, Workers: size.workers, Window: net.window,
	}, func(i int) sim.Handler[chord.Message, chord.Peer] {
		s := &shard{world: w}
		s.out.Config = &w.cfg
		s.out.Lookups = &s.lookups
		s.out.Followers = w.followers
		s.latency = sim.NewStream(seed, 0, streamLatency)
		s.loss = sim.NewStream(seed, 0, streamLoss)
		s.keys = sim.NewStream(seed, 0, streamKeys)
		s.phases = sim.NewStream(seed, 0, streamPhase)
		w.shards = append(w.shards, s)
		return s
	})
	w.engine.OnWindow = w.judge.window
	if size.seedServer {
		w.openSeeds()
	}
	return w
}

// newAddresses gives out n addresses.
func (w *world) newAddresses(n int) (first chord.Addr, ok bool) {
	if w.used+n >= len(w.nodes) {
		return 0, false
	}
	first = chord.Addr(w.used + 1)
	w.used += n
	return first, true
}

// host returns the 1-based number of the host of a node.
func (w *world) host(a chord.Addr) uint32 { return uint32(int(a-1)/w.virtual) + 1 }

// roundTrip is the mean time there and back between the hosts of two nodes.
func (w *world) roundTrip(a, b chord.Addr) int64 {
	return int64(w.net.latency.MeanRTT(w.host(a), w.host(b)))
}

// command hands a node a command of the timeline's, to be handled before any
// other event at this instant.
func (w *world) command(to chord.Addr, m *chord.Message) {
	w.inject(w.engine.Now(), to, m)
}

func (w *world) inject(at sim.Time, to chord.Addr, m *chord.Message) {
	h := sim.Header{At: at, From: 0, To: sim.Addr(to), Seq: w.engine.Shard(0).Next(0)}
	w.engine.Inject(h, m, nil)
}

// shard is one shard's side of the world: it lets nodes step and carries out
// what they want done. It reads nothing that another shard may change inside
// a window.
type shard struct {
	world   *world
	out     chord.Out
	lookups chord.Lookups
	latency sim.Stream
	loss    sim.Stream
	keys    sim.Stream
	phases  sim.Stream

	log      []logEntry
	finished []chord.Finished
	started  []int64 // lookups, by workload
	losing   bool    // a node of this shard has gone: its lookups are to be given up
	sent     [chord.MaxKinds]traffic
	seeds    [numSeedCounts]int64
	lost     int64
	faulty   [numFaultCounts]int64
	traced   []traced
	warmth   uint64

	stored  dht.Store
	dataOut dht.Out
	done    []dht.Done
}

type traffic struct{ messages, bytes int64 }

// Touch loads what every step of a node reads first.
func (s *shard) Touch(a sim.Addr) {
	if int(a) < len(s.world.nodes) { // beyond lies the seed server
		s.warmth += s.world.nodes[a].Touch()
	}
}

// Message hands a message to a node, or finds it dead.
func (s *shard) Message(sh *sim.Shard[chord.Message, chord.Peer], h sim.Header, m *chord.Message, list []chord.Peer) {
	w := s.world
	hashMessage(sh.Digest(h.To), h, m, list)
	if w.trace.wants(h) {
		s.traceMessage(h, m, list)
	}
	if w.seeds != nil && s.seedMessage(sh, h, m) {
		return
	}
	n := &w.nodes[h.To]
	if n.Status == chord.Absent {
		s.nobody(sh, h, m)
		return
	}
	ev := chord.Event{
		Now: int64(h.At), From: chord.Addr(h.From), Msg: m, List: list,
		Rand: w.draws.At(uint64(h.From)<<32 | uint64(h.Seq)),
	}
	if w.watched != nil {
		w.watched.step(s, n, &ev)
	} else {
		s.step(n, &ev)
	}
	s.carryOut(sh, h)
}

// nobody handles what arrives where no node is. Commands too: who was told to
// start, join or look up has crashed at the same instant.
func (s *shard) nobody(sh *sim.Shard[chord.Message, chord.Peer], h sim.Header, m *chord.Message) {
	switch m.Kind {
	case chord.CmdLookup:
		s.note(h, logAbandoned, m.Call)
	case dht.CmdPut, dht.CmdGet:
		s.note(h, logForsaken, m.Call)
	}
	if s.world.cfg.Perfect {
		bounce, ok := chord.BounceOf(m)
		if dataKind(m) {
			bounce, ok = dht.BounceOf(m)
		}
		if ok {
			s.send(sh, h.At, h.To, chord.Addr(h.From), &bounce, nil)
		}
	}
}

// Timer hands a node one of its timers, or the host one of its own.
func (s *shard) Timer(sh *sim.Shard[chord.Message, chord.Peer], h sim.Header, data uint64) {
	w := s.world
	hashTimer(sh.Digest(h.To), h, data)
	if w.trace.wants(h) {
		s.traceTimer(h, data)
	}
	if w.seeds != nil && s.seedTimer(sh, h, data) {
		return
	}
	n := &w.nodes[h.To]
	if n.Status == chord.Absent {
		return
	}
	if kind, slot, number := chord.TimerParts(data); kind >= chord.TimerHost {
		s.workTimer(sh, h, slot, number)
		return
	}
	ev := chord.Event{
		Now: int64(h.At), From: chord.Addr(h.From), Timer: data,
		Rand: w.draws.At(uint64(h.From)<<32 | uint64(h.Seq)),
	}
	if w.watched != nil {
		w.watched.step(s, n, &ev)
	} else {
		s.step(n, &ev)
	}
	s.carryOut(sh, h)
}

// carryOut sends, sets and logs what a step has put out.
func (s *shard) carryOut(sh *sim.Shard[chord.Message, chord.Peer], h sim.Header) {
	if look := s.world.stepped; look != nil {
		look(&s.world.nodes[h.To])
	}
	if s.world.seeds != nil {
		s.consult(h)
	}
	o := &s.out
	s.dispatch(sh, h)
	if o.Member {
		s.note(h, logMember, 0)
		s.takeUpWork(sh, h)
	}
	if o.Left {
		s.note(h, logLeft, 0)
	}
	if o.WantBootstrap {
		s.note(h, logBootstrap, 0)
	}
	for _, a := range o.Suspects {
		s.note(h, logSuspect, uint32(a))
	}
	for i := range o.Finished {
		if s.world.data != nil && o.Finished[i].Tag&dht.LookupTag != 0 {
			continue
		}
		s.note(h, logFinished, uint32(len(s.finished)))
		s.finished = append(s.finished, o.Finished[i])
	}
	if s.world.data != nil {
		s.carryOutData(h)
	}
	o.Reset()
}

// dispatch sends the messages and sets the timers of a step.
func (s *shard) dispatch(sh *sim.Shard[chord.Message, chord.Peer], h sim.Header) {
	o := &s.out
	for i := range o.Sends {
		out := &o.Sends[i]
		if out.To == 0 {
			continue // it was for the node itself
		}
		s.send(sh, h.At, h.To, out.To, &out.Msg, o.List(out))
	}
	for _, t := range o.Timers {
		sh.SetTimer(h.To, sim.Time(t.At), sh.Next(h.To), t.Data)
	}
}

// send counts a message, and draws its fate and its delay from streams of its
// own, so that no other message's are shifted.
func (s *shard) send(sh *sim.Shard[chord.Message, chord.Peer], now sim.Time, from sim.Addr, to chord.Addr, m *chord.Message, list []chord.Peer) {
	w := s.world
	seq := sh.Next(from)
	t := &s.sent[m.Kind]
	if m.Kind != chord.Bounce { // the network's own word costs nothing
		t.messages++
		t.bytes += w.size(m, list)
	}
	n := uint64(from)<<32 | uint64(seq)
	if !w.net.loss.IsZero() && w.net.loss.Hit(s.loss.At(n)) {
		s.lost++
		return
	}
	a, b := w.host(chord.Addr(from)), w.host(to)
	if w.net.latency.Lost(a, b) {
		s.lost++
		return
	}
	delay := w.net.latency.Delay(a, b, s.latency.At(n))
	if w.faults != nil {
		s.sendFaulty(sh, sim.Header{At: now, From: from, To: sim.Addr(to), Seq: seq}, delay, m, list)
		return
	}
	sh.Send(sim.Header{At: now + delay, From: from, To: sim.Addr(to), Seq: seq}, m, list)
}

// size returns the bytes of a message.
func (w *world) size(m *chord.Message, list []chord.Peer) int64 {
	if dataKind(m) {
		ids, payload := w.data.keys.Size(m, list)
		return w.net.header + w.net.perID*int64(ids) + payload
	}
	ids := m.IDs(len(list))
	if seed.Owns(m.Kind) {
		ids = seed.IDs(m)
	}
	return w.net.header + w.net.perID*int64(ids)
}

// hashMessage mixes all that a node is handed into its digest. Slots are a
// matter of memory and stay out.
func hashMessage(d *uint64, h sim.Header, m *chord.Message, list []chord.Peer) {
	x := sim.Mix(*d, uint64(h.At))
	x = sim.Mix(x, uint64(h.From)<<32|uint64(h.Seq))
	x = sim.Mix(x, m.Key)
	x = sim.Mix(x, m.AID)
	x = sim.Mix(x, m.BID)
	x = sim.Mix(x, uint64(m.A)<<32|uint64(m.B))
	x = sim.Mix(x, uint64(m.Initiator)<<32|uint64(m.InitCall))
	x = sim.Mix(x, uint64(m.Call)<<32|uint64(m.Path)<<16|uint64(m.Timeouts))
	x = sim.Mix(x, uint64(m.Kind)<<16|uint64(m.Flags)<<8|uint64(len(list)))
	for _, p := range list {
		x = sim.Mix(x, p.ID)
		x = sim.Mix(x, uint64(p.Addr))
	}
	*d = x
}

// hashTimer does so for a timer: its kind and number.
func hashTimer(d *uint64, h sim.Header, data uint64) {
	kind, _, number := chord.TimerParts(data)
	x := sim.Mix(*d, uint64(h.At))
	x = sim.Mix(x, uint64(h.From)<<32|uint64(h.Seq))
	*d = sim.Mix(x, uint64(kind)<<32|uint64(number))
}
