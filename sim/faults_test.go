package sim

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// echoes are actors that write down what comes to them, answer every question
// (kind 0) with an echo (kind 1), and send as the faults have it, as a host does.
// On a message of kind timerKind + d they set a timer of d.
type echoes struct {
	faults *Faults
	seen   [][]string // by actor
	sent   []Time     // arrivals as they were decided, lost ones left out
	lost   int
}

const timerKind = 1 << 32

func (x *echoes) Touch(Addr) {}

func (x *echoes) Message(sh *Shard[word, peer], h Header, m *word, _ []peer) {
	d := sh.Digest(h.To)
	*d = Mix(h.Mix(*d), m.kind)
	x.note(h, "message %d", m.kind)
	switch {
	case m.kind >= timerKind:
		sh.SetTimer(h.To, h.At+Time(m.kind-timerKind), sh.Next(h.To), 7)
	case m.kind == 0 && h.From != 0:
		x.send(sh, h.At, h.To, h.From, 1)
	case m.kind > 1 && h.From == 0: // a command: ask actor kind
		x.send(sh, h.At, h.To, Addr(m.kind), 0)
	}
}

func (x *echoes) Timer(sh *Shard[word, peer], h Header, data uint64) {
	d := sh.Digest(h.To)
	*d = Mix(h.Mix(*d), data)
	x.note(h, "timer %d", data)
}

func (x *echoes) note(h Header, format string, args ...any) {
	x.seen[h.To] = append(x.seen[h.To], fmt.Sprintf("%v from %d: ", h.At, h.From)+fmt.Sprintf(format, args...))
}

func (x *echoes) send(sh *Shard[word, peer], now Time, from, to Addr, kind uint64) {
	seq := sh.Next(from)
	n := uint64(from)<<32 | uint64(seq)
	if x.faults.Lost(from, to, n) {
		x.lost++
		return
	}
	put := func(seq uint32) {
		at := now + latency + x.faults.Extra(from, to, uint64(from)<<32|uint64(seq))
		x.sent = append(x.sent, at)
		sh.Send(Header{At: at, From: from, To: to, Seq: seq}, &word{kind: kind}, nil)
	}
	put(seq)
	if x.faults.Twice(from, to, n) {
		put(sh.Next(from))
	}
}

// newEchoes makes an engine of n actors, one shard and no fault.
func newEchoes(n int) (*Engine[word, peer], *echoes) {
	x := &echoes{faults: NewFaults(1), seen: make([][]string, n+1)}
	e := New(Config{Actors: n, Window: latency}, func(int) Handler[word, peer] { return x })
	e.UseFaults(x.faults)
	return e, x
}

// ask lets an actor ask another at an instant.
func ask(e *Engine[word, peer], at Time, from, to Addr) { tell(e, at, from, uint64(to)) }

func tell(e *Engine[word, peer], at Time, to Addr, kind uint64) {
	e.Inject(Header{At: at, To: to, Seq: e.Shard(0).Next(0)}, &word{kind: kind}, nil)
}

func actors(of ...Addr) Actors {
	var s Actors
	for _, a := range of {
		s.Add(a)
	}
	return s
}

// heard returns who has heard what, without commands.
func (x *echoes) heard() string {
	var out []string
	for a, seen := range x.seen {
		for _, s := range seen {
			if !strings.Contains(s, "from 0") {
				out = append(out, fmt.Sprintf("%d at %s", a, s))
			}
		}
	}
	return strings.Join(out, "; ")
}

func TestActorsAreASet(t *testing.T) {
	s := actors(3, 64, 200)
	var got []Addr
	for a := range Addr(300) {
		if s.Has(a) {
			got = append(got, a)
		}
	}
	if !slices.Equal(got, []Addr{3, 64, 200}) || s.Has(1<<31) {
		t.Errorf("the set has %v", got)
	}
	s.remove(64)
	s.remove(5000)
	if s.Has(64) || !s.Has(200) {
		t.Error("the wrong one was removed")
	}
}

// Who can reach whom under each kind of partition: a row for each sender, a + for
// who is reached.
func TestPartitions(t *testing.T) {
	left, right, third := actors(1, 2), actors(3, 4), actors(5)
	for _, c := range []struct {
		name string
		p    Partition
		want string
	}{
		{"two groups", Partition{Groups: []Actors{left, right}}, "++..+ ++..+ ..+++ ..+++ +++++"},
		{"one way", Partition{Groups: []Actors{left, right}, OneWay: true}, "++..+ ++..+ +++++ +++++ +++++"},
		{"three groups", Partition{Groups: []Actors{left, right, third}}, "++... ++... ..++. ..++. ....+"},
		{"three, one way", Partition{Groups: []Actors{third, right, left}, OneWay: true}, "+++++ +++++ ..+++ ..+++ ....+"},
		{"one in no group", Partition{Groups: []Actors{actors(1), right}}, "++..+ +++++ .++++ .++++ +++++"},
		{"a bridge", Partition{Groups: []Actors{left, right}, Bridge: actors(2, 3)}, "+++.+ +++++ +++++ .++++ +++++"},
		{"the rest", Partition{Groups: []Actors{left}, Rest: true, Bridge: actors(4)}, "++.+. ++.+. ..+++ +++++ ..+++"},
		{"the rest, one way", Partition{Groups: []Actors{left}, Rest: true, OneWay: true}, "++... ++... +++++ +++++ +++++"},
	} {
		e, x := newEchoes(5)
		id := x.faults.Begin(c.p)
		var rows []string
		for from := Addr(1); from <= 5; from++ {
			row := ""
			for to := Addr(1); to <= 5; to++ {
				row += map[bool]string{true: ".", false: "+"}[x.faults.Lost(from, to, 9)]
			}
			rows = append(rows, row)
		}
		if got := strings.Join(rows, " "); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		if !x.faults.End(id) || x.faults.End(id) || x.faults.Lost(1, 3, 9) {
			t.Errorf("%s has not ended, or ends twice", c.name)
		}
		e.Run(ms)
	}
}

// The fate of a message is decided when it is sent: one under way arrives in spite
// of a partition that has begun meanwhile, and one sent into it does not arrive
// after it has ended.
func TestFateIsDecidedWhenSent(t *testing.T) {
	e, x := newEchoes(2)
	ask(e, 0, 1, 2)
	ask(e, 60*ms, 1, 2)
	e.Run(10 * ms)
	id := x.faults.Begin(Partition{Groups: []Actors{actors(1), actors(2)}})
	e.Run(80 * ms)
	x.faults.End(id)
	e.Run(halfASecond)
	// The question of 0 ms arrives at 50 ms; its echo is sent into the partition.
	if want := "2 at 50ms from 1: message 0"; x.heard() != want || x.lost != 2 {
		t.Errorf("%s; %d lost; want %s and 2 lost", x.heard(), x.lost, want)
	}
}

const halfASecond = 500 * ms

// Faults on links concern the links they name, with the probability they name.
func TestLinksAndChances(t *testing.T) {
	const draws = 20_000
	share := func(from, to Addr, hit func(f *Faults, from, to Addr, n uint64) bool, fault Fault) float64 {
		f := NewFaults(5)
		f.Begin(fault)
		n := 0
		for i := range uint64(draws) {
			if hit(f, from, to, uint64(from)<<32|i) {
				n++
			}
		}
		return float64(n) / draws
	}
	lost := (*Faults).Lost
	twice := (*Faults).Twice
	late := func(f *Faults, from, to Addr, n uint64) bool { return f.Extra(from, to, n) > 0 }
	some, quarter := actors(1), Chance{1, 4}
	for _, c := range []struct {
		name     string
		from, to Addr
		hit      func(f *Faults, from, to Addr, n uint64) bool
		fault    Fault
		want     float64
	}{
		{"loss everywhere", 2, 3, lost, Loss{Links{}, quarter}, .25},
		{"loss out of one, out", 1, 3, lost, Loss{Links{From: some}, quarter}, .25},
		{"loss out of one, in", 3, 1, lost, Loss{Links{From: some}, quarter}, 0},
		{"loss into one", 3, 1, lost, Loss{Links{To: some}, quarter}, .25},
		{"loss in and out, in", 3, 1, lost, Loss{Links{From: some, Both: true}, quarter}, .25},
		{"loss in and out, elsewhere", 3, 2, lost, Loss{Links{From: some, Both: true}, quarter}, 0},
		{"loss of a link", 1, 2, lost, Loss{Links{From: some, To: actors(2)}, quarter}, .25},
		{"loss of a link, another", 1, 3, lost, Loss{Links{From: some, To: actors(2)}, quarter}, 0},
		{"loss of a link, back", 2, 1, lost, Loss{Links{From: some, To: actors(2)}, quarter}, 0},
		{"loss between", 2, 1, lost, Loss{Links{From: some, To: actors(2), Both: true}, quarter}, .25},
		{"loss of nothing", 1, 2, lost, Loss{Links{}, Chance{0, 1}}, 0},
		{"loss of all", 1, 2, lost, Loss{Links{}, Chance{1, 1}}, 1},
		{"duplication", 1, 2, twice, Duplication{Links{}, quarter}, .25},
		{"duplication elsewhere", 2, 3, twice, Duplication{Links{From: some}, quarter}, 0},
		{"duplication loses none", 1, 2, lost, Duplication{Links{}, quarter}, 0},
		{"reordering", 1, 2, late, Reordering{Links{}, quarter, ms}, .25},
		{"reordering elsewhere", 2, 3, late, Reordering{Links{From: some}, quarter, ms}, 0},
		{"spike", 1, 2, late, Spike{Links{}, quarter, ms}, .25},
		{"spike elsewhere", 2, 3, late, Spike{Links{From: some}, quarter, ms}, 0},
	} {
		if got := share(c.from, c.to, c.hit, c.fault); got < c.want-.02 || got > c.want+.02 || c.want*(1-c.want) == 0 && got != c.want {
			t.Errorf("%s: a share of %v, want %v", c.name, got, c.want)
		}
	}
}

// Two faults of one kind have draws of their own, and add up.
func TestFaultsAddUp(t *testing.T) {
	f := NewFaults(5)
	f.Begin(Loss{Links{}, Chance{1, 2}})
	second := f.Begin(Loss{Links{}, Chance{1, 2}})
	lost := func() (n int) {
		for i := range uint64(10_000) {
			if f.Lost(1, 2, i) {
				n++
			}
		}
		return n
	}
	if n := lost(); n < 7300 || n > 7700 {
		t.Errorf("two losses of a half lose %d of 10,000, want 7500", n)
	}
	f.End(second)
	if n := lost(); n < 4800 || n > 5200 {
		t.Errorf("one that is left loses %d of 10,000, want 5000", n)
	}
	f.Begin(Spike{Links{}, Chance{1, 1}, 30 * ms})
	f.Begin(Spike{Links{}, Chance{1, 1}, 12 * ms})
	if got := f.Extra(1, 2, 0); got != 42*ms {
		t.Errorf("spikes of 30 and 12 ms are %v", got)
	}
}

func TestDuplicatesArriveTwice(t *testing.T) {
	e, x := newEchoes(2)
	x.faults.Begin(Duplication{Links{To: actors(2)}, Chance{1, 1}})
	x.faults.Begin(Spike{Links{To: actors(2)}, Chance{1, 1}, 5 * ms})
	ask(e, 0, 1, 2)
	e.Run(halfASecond)
	want := "1 at 105ms from 2: message 1; 1 at 105ms from 2: message 1; 2 at 55ms from 1: message 0; 2 at 55ms from 1: message 0"
	if x.heard() != want {
		t.Errorf("%s, want %s", x.heard(), want)
	}
}

// Reordering delays by up to its most, every time alike, and lets later messages
// overtake.
func TestReordering(t *testing.T) {
	f := NewFaults(3)
	f.Begin(Reordering{Links{}, Chance{1, 2}, 8 * ms})
	var parts [8]int
	for i := range uint64(16_000) {
		if d := f.Extra(1, 2, i); d > 0 {
			if d > 8*ms {
				t.Fatalf("%v late, the most is 8 ms", d)
			}
			parts[(d-1)/ms]++
		}
	}
	for i, n := range parts {
		if n < 850 || n > 1150 {
			t.Errorf("%d messages are between %d and %d ms late, want about 1000", n, i, i+1)
		}
	}
	e, x := newEchoes(2)
	x.faults.Begin(Reordering{Links{}, Chance{1, 2}, 8 * ms})
	for i := range Time(100) {
		ask(e, i*ms, 1, 2)
	}
	e.Run(halfASecond)
	overtaken := 0
	for i := 1; i < len(x.sent); i++ {
		if x.sent[i] < x.sent[i-1] {
			overtaken++
		}
	}
	if overtaken == 0 {
		t.Error("nobody was overtaken")
	}
}

// faultyGossip is the synthetic protocol on a network with faults.
type faultyGossip struct {
	*gossip
	faults *Faults
}

func (g *faultyGossip) Message(sh *Shard[word, peer], h Header, m *word, list []peer) {
	n := uint64(h.To)<<32 | m.kind&0xffffffff
	to := Addr(1 + Uniform(scramble(m.kind), g.n))
	if !g.faults.Lost(h.To, to, n) {
		g.gossip.Message(sh, h, m, list)
	}
	if g.faults.Twice(h.To, to, n) {
		at := h.At + latency + g.faults.Extra(h.To, to, n)
		sh.Send(Header{At: at, From: h.To, To: to, Seq: sh.Next(h.To)}, &word{kind: scramble(n)}, nil)
	}
}

// With every fault in force, and faults that come and go, the digest is the same
// for any division into shards and any number of workers.
func TestFaultsDoNotDependOnTheDivision(t *testing.T) {
	third := func(k Addr) (s Actors) {
		for a := Addr(1); a <= 200; a++ {
			if a%3 == k {
				s.Add(a)
			}
		}
		return s
	}
	run := func(c Config, faulty bool) (uint64, Stats) {
		c.Actors, c.Window = 200, latency
		f := NewFaults(9)
		make := newGossip(c)
		e := New(c, func(i int) Handler[word, peer] { return &faultyGossip{make(i).(*gossip), f} })
		e.UseFaults(f)
		for a := range Addr(c.Actors) {
			e.Inject(Header{At: Time(a % 7), To: a + 1, Seq: e.Shard(0).Next(0)}, &word{kind: uint64(a)}, nil)
		}
		var begun []FaultID
		for i, fault := range []Fault{
			Partition{Groups: []Actors{third(0), third(1)}}, Loss{Links{}, Chance{1, 50}}, Duplication{Links{}, Chance{1, 4}},
			Reordering{Links{}, Chance{1, 3}, latency}, Spike{Links{From: third(1)}, Chance{1, 1}, latency}, Slowness{third(2), latency / 9},
			Pause{third(1)}, Drift{third(0), 2, 3},
		} {
			if faulty {
				begun = append(begun, f.Begin(fault))
			}
			e.Run(Time(i+1)*latency*3 + 17)
			if i >= 4 && faulty {
				f.End(begun[i-4])
			}
		}
		for _, id := range begun {
			f.End(id)
		}
		e.Run(60 * latency)
		return e.Digest(), e.Stats()
	}
	want, stats := run(Config{}, true)
	if stats.Delivered < 1000 {
		t.Fatalf("too little happened: %+v", stats)
	}
	if none, _ := run(Config{}, false); none == want {
		t.Error("the faults change nothing")
	}
	for _, c := range []Config{{Shards: 7}, {Shards: 16}, {Shards: 7, Workers: 2}, {Shards: 16, Workers: 2}, {Shards: 100, Workers: 3}} {
		if got, s := run(c, true); got != want || s.Events != stats.Events {
			t.Errorf("%d shards and %d workers: digest %#x, %d events; one of each %#x, %d", c.Shards, c.Workers, got, s.Events, want, stats.Events)
		}
	}
}

// Faults that are over cost no memory in the loop.
func TestHealedFaultsDoNotAllocate(t *testing.T) {
	c := Config{Actors: 100, Window: latency}
	e := newTown(c)
	f := NewFaults(1)
	e.UseFaults(f)
	f.End(f.Begin(Pause{actors(1)}))
	e.Run(400 * latency)
	if n := testing.AllocsPerRun(50, func() { e.Run(e.Now() + latency) }); n != 0 {
		t.Errorf("%v allocations a window", n)
	}
}

func TestFaultsChangeOnlyAtBarriers(t *testing.T) {
	e, x := newEchoes(1)
	e.quiet = false
	mustPanic(t, "only at a barrier", func() { x.faults.End(1) })
	mustPanic(t, "only at a barrier", func() { e.UseFaults(x.faults) })
}
