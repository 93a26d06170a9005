package sim

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func mustPanic(t *testing.T, want string, f func()) {
	t.Helper()
	defer func() {
		t.Helper()
		if got := fmt.Sprint(recover()); !strings.Contains(got, want) {
			t.Errorf("panic %q, want one about %q", got, want)
		}
	}()
	f()
}

var divisions = []Config{
	{Shards: 1}, {Shards: 2, Workers: 1}, {Shards: 3, Workers: 2}, {Shards: 4, Workers: 4},
	{Shards: 8, Workers: 2}, {Shards: 16, Workers: 1}, {Shards: 16, Workers: 4}, {Shards: 100, Workers: 200},
}

// The promise: the same digest, counters and windows for any division into shards
// and any number of workers.
func TestDivisionMakesNoDifference(t *testing.T) {
	type outcome struct {
		digest uint64
		stats  Stats
		ends   string
	}
	var want outcome
	for i, c := range divisions {
		c.Actors, c.Window = 1000, latency
		e := newTown(c)
		var ends []Time
		e.OnWindow = func(end Time) { ends = append(ends, end) }
		e.Run(20 * latency)
		got := outcome{e.Digest(), e.Stats(), fmt.Sprint(ends)}
		if i == 0 {
			want = got
			if want.stats.Delivered < 10_000 || want.stats.Timers < 100 {
				t.Fatalf("too little happened: %+v", want.stats)
			}
		}
		if got != want {
			t.Errorf("with %d shards and %d workers\n%+v, want\n%+v", c.Shards, c.Workers, got, want)
		}
	}
	if other := newTown(Config{Actors: 999, Window: latency}); !other.Run(20*latency) || other.Digest() == want.digest {
		t.Errorf("another town has the same digest %#x", want.digest)
	}
}

// The digest of the town is a golden: a changed order, stream or hash shows here.
func TestTownGolden(t *testing.T) {
	e := newTown(Config{Actors: 300, Shards: 4, Window: latency})
	e.Run(100 * latency)
	if got, want := e.Digest(), uint64(0xf79683fd80623e08); got != want {
		t.Errorf("digest %#x, want %#x", got, want)
	}
}

// Room for actors who never come does not change the digest, nor do actors who are
// given nothing.
func TestDigestIgnoresTheUntouched(t *testing.T) {
	digest := func(c Config) uint64 {
		e := New(c, newGossip(c))
		*e.Shard(3).Digest(3) = Mix(0, 5)
		return e.Digest()
	}
	if digest(Config{Actors: 3}) != digest(Config{Actors: 300, Shards: 16, Window: 1}) {
		t.Error("the digest depends on the room for actors")
	}
	a, b := New(Config{Actors: 9}, newGossip(Config{Actors: 9})), New(Config{Actors: 9}, newGossip(Config{Actors: 9}))
	*a.Shard(3).Digest(3) = 7
	*b.Shard(4).Digest(4) = 7
	if a.Digest() == b.Digest() {
		t.Error("the digest does not say whose hash is whose")
	}
}

func TestMixDependsOnEveryWordAndItsPlace(t *testing.T) {
	seen := map[uint64]string{}
	for _, words := range [][]uint64{{}, {0}, {0, 0}, {1}, {1, 0}, {0, 1}, {1, 1}, {2, 1}, {1, 2}, {1 << 63}, {0, 1 << 63}} {
		h := uint64(0)
		for _, w := range words {
			h = Mix(h, w)
		}
		if other, ok := seen[h]; ok {
			t.Errorf("%v and %s have the hash %#x", words, other, h)
		}
		seen[h] = fmt.Sprint(words)
	}
}

// Cutting a run anywhere, even between two events of an instant's neighbourhood,
// changes nothing.
func TestCutsMakeNoDifference(t *testing.T) {
	c := Config{Actors: 50, Shards: 4, Window: latency}
	const until = 30 * latency
	whole := newTown(c)
	whole.Run(until)
	rapid.Check(t, func(t *rapid.T) {
		c := c
		c.Workers = rapid.IntRange(1, 2).Draw(t, "workers")
		cuts := rapid.SliceOfN(rapid.Int64Range(0, int64(until)), 0, 20).Draw(t, "cuts")
		slices.Sort(cuts)
		e := newTown(c)
		for _, cut := range append(cuts, int64(until)) {
			if e.Run(Time(cut)); e.Now() != Time(cut) {
				t.Fatalf("now %d after a run until %d", e.Now(), cut)
			}
			if next, ok := e.Next(); !ok || next < Time(cut) {
				t.Fatalf("next event at %d %v after a run until %d", next, ok, cut)
			}
		}
		if e.Digest() != whole.Digest() {
			t.Fatalf("digest %#x, uncut %#x", e.Digest(), whole.Digest())
		}
	})
}

// mute does nothing and notes what it is given.
type mute struct {
	got   []string
	do    func(sh *Shard[word, peer], h Header)
	heard []peer
}

func (*mute) Touch(Addr) {}
func (u *mute) Message(sh *Shard[word, peer], h Header, m *word, list []peer) {
	u.got = append(u.got, fmt.Sprintf("%d:%d→%d#%d(%d)", h.At, h.From, h.To, h.Seq, m.kind))
	u.heard = append(u.heard, list...)
	if u.do != nil {
		u.do(sh, h)
	}
}
func (u *mute) Timer(_ *Shard[word, peer], h Header, data uint64) {
	u.got = append(u.got, fmt.Sprintf("%d:%d!%d(%d)", h.At, h.From, h.Seq, data))
}

// newMute makes an engine of one handler for all shards; such tests use one worker.
func newMute(c Config) (*Engine[word, peer], *mute) {
	u := &mute{}
	return New(c, func(int) Handler[word, peer] { return u }), u
}

func TestHandlersSeeTheTotalOrder(t *testing.T) {
	e, u := newMute(Config{Actors: 9})
	e.Shard(2).SetTimer(2, 7, 0, maxTimerData)
	e.Inject(Header{At: 7, From: 3, To: 1, Seq: 1}, &word{kind: 30}, nil)
	e.Inject(Header{At: 7, From: 3, To: 9, Seq: 0}, &word{kind: 31}, []peer{{id: 5}, {id: 6}})
	e.Inject(Header{At: 7, From: 0, To: 4, Seq: 9}, &word{kind: 32}, nil)
	e.Inject(Header{At: 5, From: 8, To: 4, Seq: 2}, &word{kind: 33}, nil)
	e.Run(8)
	want := []string{"5:8→4#2(33)", "7:0→4#9(32)", "7:2!0(9223372036854775807)", "7:3→9#0(31)", "7:3→1#1(30)"}
	if !slices.Equal(u.got, want) || !slices.Equal(u.heard, []peer{{id: 5}, {id: 6}}) {
		t.Errorf("handled %v with lists %v, want %v", u.got, u.heard, want)
	}
	if want := (Stats{Events: 5, Injected: 4, Delivered: 4, Timers: 1, Windows: 1}); e.Stats() != want {
		t.Errorf("counted %+v, want %+v", e.Stats(), want)
	}
}

// Until is exclusive: an event at the very time stays.
func TestRunStopsBeforeUntil(t *testing.T) {
	e, u := newMute(Config{Actors: 1, Window: 10})
	e.Inject(Header{At: 7, To: 1}, &word{}, nil)
	e.Inject(Header{At: 8, To: 1, Seq: 1}, &word{}, nil)
	e.Run(8)
	if next, ok := e.Next(); len(u.got) != 1 || next != 8 || !ok {
		t.Errorf("handled %v, next %d %v", u.got, next, ok)
	}
	e.Run(9)
	if _, ok := e.Next(); len(u.got) != 2 || ok {
		t.Errorf("handled %v, more pending %v", u.got, ok)
	}
}

// A century without events costs nothing, on every level of the calendar, and the
// last instant of time is not beyond the end of it.
func TestEmptyWindowsAreSkipped(t *testing.T) {
	e, u := newMute(Config{Actors: 100, Shards: 4, Window: 1_000_000})
	times := []Time{5, 3_000_000_000, 3_000_500_000, 86_400_000_000_000, 100 * 31_557_600_000_000_000, Forever - 1}
	for i, at := range times {
		e.Inject(Header{At: at, To: Addr(1 + 25*i%100), Seq: uint32(i)}, &word{}, nil)
	}
	var ends []Time
	e.OnWindow = func(end Time) { ends = append(ends, end) }
	e.Run(Forever)
	want := []Time{times[0] + 1_000_000, times[1] + 1_000_000, times[3] + 1_000_000, times[4] + 1_000_000, Forever}
	if len(u.got) != len(times) || !slices.Equal(ends, want) {
		t.Errorf("handled %v in windows that end at %v, want %v", u.got, ends, want)
	}
}

// A message between two shards arrives whole at the earliest allowed instant, the
// window's end.
func TestLeastLatencyIsAllowed(t *testing.T) {
	for workers := 1; workers <= 2; workers++ {
		c := Config{Actors: 3, Shards: 2, Workers: workers, Window: 10}
		us := []*mute{{}, {}}
		e := New(c, func(i int) Handler[word, peer] { return us[i] })
		us[0].do = func(sh *Shard[word, peer], h Header) {
			for i := range uint32(3) {
				sh.Send(Header{At: h.At + 10, From: h.To, To: 3, Seq: i}, &word{kind: uint64(i)}, make([]peer, i*30))
			}
			sh.Send(Header{At: sh.Now(), From: 1, To: 1, Seq: 3}, &word{kind: 9}, nil) // to itself, at once
			us[0].do = nil
		}
		e.Inject(Header{At: 4, To: 1}, &word{}, nil)
		e.Run(15)
		if want := []string{"14:1→3#0(0)", "14:1→3#1(1)", "14:1→3#2(2)"}; !slices.Equal(us[1].got, want) || len(us[1].heard) != 90 {
			t.Errorf("%d workers: arrived %v with %d elements, want %v with 90", workers, us[1].got, len(us[1].heard), want)
		}
		if want := []string{"4:0→1#0(0)", "4:1→1#3(9)"}; !slices.Equal(us[0].got, want) {
			t.Errorf("%d workers: at the sender %v, want %v", workers, us[0].got, want)
		}
	}
}

// What would break the promise is a panic, whether or not the two actors happen to
// share a shard, and it reaches the caller of Run from any worker.
func TestTravelInTimeIsAPanic(t *testing.T) {
	for name, c := range map[string]struct {
		want string
		do   func(sh *Shard[word, peer], h Header)
	}{
		"below the latency":   {"inside the window that ends at 14", func(sh *Shard[word, peer], h Header) { sh.Send(Header{At: 13, From: 1, To: 3}, &word{}, nil) }},
		"a neighbour, too":    {"shorter than the least latency 10ns", func(sh *Shard[word, peer], h Header) { sh.Send(Header{At: 13, From: 1, To: 0}, &word{}, nil) }},
		"to itself, past":     {"in the past", func(sh *Shard[word, peer], h Header) { sh.Send(Header{At: 3, From: 1, To: 1}, &word{}, nil) }},
		"timer, past":         {"timer of 1 at 3ns", func(sh *Shard[word, peer], h Header) { sh.SetTimer(1, 3, 0, 0) }},
		"timer, 64 bits":      {"data has 63 bits", func(sh *Shard[word, peer], h Header) { sh.SetTimer(1, 5, 0, 1<<63) }},
		"timer of a stranger": {"this is shard 0", func(sh *Shard[word, peer], h Header) { sh.SetTimer(3, 5, 0, 0) }},
		"no such actor":       {"the largest address is 3", func(sh *Shard[word, peer], h Header) { sh.Send(Header{At: 99, From: 1, To: 4}, &word{}, nil) }},
		"list too long": {"the most is 64", func(sh *Shard[word, peer], h Header) {
			sh.Send(Header{At: 99, From: 1, To: 3}, &word{}, make([]peer, 65))
		}},
	} {
		for workers := 1; workers <= 2; workers++ {
			us := []*mute{{do: c.do}, {}}
			e := New(Config{Actors: 3, Shards: 2, Workers: workers, Window: 10}, func(i int) Handler[word, peer] { return us[i] })
			e.Inject(Header{At: 4, To: 1}, &word{}, nil)
			t.Run(name, func(t *testing.T) { mustPanic(t, c.want, func() { e.Run(100) }) })
		}
	}
	e, u := newMute(Config{Actors: 3})
	e.Run(50)
	mustPanic(t, "not before now (50ns)", func() { e.Inject(Header{At: 49, To: 1}, &word{}, nil) })
	mustPanic(t, "the largest address is 3", func() { e.Inject(Header{At: 50, To: 4}, &word{}, nil) })
	mustPanic(t, "timer of 1 at 49ns", func() { e.Shard(1).SetTimer(1, 49, 0, 0) })
	mustPanic(t, "in the past of 50ns", func() { e.Run(49) })
	u.do = func(*Shard[word, peer], Header) { e.Inject(Header{At: 200, To: 1}, &word{}, nil) }
	e.Inject(Header{At: 50, To: 1}, &word{}, nil)
	mustPanic(t, "only at a barrier", func() { e.Run(100) })
}

func TestKeysAreUnique(t *testing.T) {
	e, _ := newMute(Config{Actors: 3})
	e.Inject(Header{At: 4, To: 1, Seq: 8}, &word{}, nil)
	e.Inject(Header{At: 4, To: 2, Seq: 8}, &word{}, nil)
	mustPanic(t, "event (4ns, 0, 8) after (4ns, 0, 8)", func() { e.Run(5) })
}

func TestSequenceNumbersAreOneASender(t *testing.T) {
	e, _ := newMute(Config{Actors: 9, Shards: 4, Window: 1})
	for a := range Addr(10) {
		for want := range uint32(3) {
			if got := e.Shard(a).Next(a); got != want {
				t.Errorf("number %d of actor %d, want %d", got, a, want)
			}
		}
	}
	e.Shard(5).actors[5-e.Shard(5).first].seq = 1<<32 - 1
	mustPanic(t, "actor 5 has used up", func() { e.Shard(5).Next(5) })
}

// Without a least latency there is one shard, messages may arrive at once, and Run
// still comes to a barrier every now and then.
func TestNoLeastLatencyMeansOneShard(t *testing.T) {
	e, u := newMute(Config{Actors: 100, Shards: 16, Workers: 4})
	if got := e.Layout(); got.Shards != 1 || e.Workers() != 1 {
		t.Fatalf("%+v and %d workers", got, e.Workers())
	}
	hops := Addr(0)
	u.do = func(sh *Shard[word, peer], h Header) {
		if hops++; hops < 100 {
			sh.Send(Header{At: h.At, From: h.To, To: h.To + 1, Seq: sh.Next(h.To)}, &word{}, nil)
		}
	}
	e.Inject(Header{At: 3, To: 1}, &word{}, nil)
	e.Run(3 * loneWindow)
	if len(u.got) != 100 || u.got[99] != "3:99→100#0(0)" || e.Stats().Windows != 1 {
		t.Errorf("handled %v in %d windows", u.got, e.Stats().Windows)
	}
}

func TestLayoutCoversAllAddresses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := Config{Actors: rapid.IntRange(0, MaxActors).Draw(t, "actors"), Shards: rapid.IntRange(1, MaxShards).Draw(t, "shards"), Window: 1}
		l := c.Layout()
		if l.Shards < 1 || l.Shards > c.Shards || l.ShardOf(Addr(c.Actors)) != l.Shards-1 || l.ShardOf(0) != 0 {
			t.Fatalf("%+v is divided into %+v", c, l)
		}
		// Half the block would need more shards than were asked for.
		if l.Shift > 0 && c.Actors>>(l.Shift-1) < c.Shards {
			t.Fatalf("%+v is divided into %+v: blocks are too large", c, l)
		}
		i := rapid.IntRange(0, l.Shards-1).Draw(t, "shard")
		if l.ShardOf(l.First(i)) != i || i > 0 && l.ShardOf(l.First(i)-1) != i-1 {
			t.Fatalf("%+v: shard %d begins at %d", l, i, l.First(i))
		}
	})
}

// The timeline lives on barriers: it may inject, send and set timers from the
// window's end on, and they are handled like any other.
func TestBarriersMayAddEvents(t *testing.T) {
	for workers := 1; workers <= 2; workers++ {
		us := []*mute{{}, {}}
		e := New(Config{Actors: 3, Shards: 2, Workers: workers, Window: 10}, func(i int) Handler[word, peer] { return us[i] })
		e.Inject(Header{At: 4, To: 1, Seq: e.Shard(0).Next(0)}, &word{}, nil)
		e.OnWindow = func(end Time) {
			if end != e.Now() || end > 14 {
				return
			}
			e.Inject(Header{At: end, To: 3, Seq: e.Shard(0).Next(0)}, &word{kind: 1}, nil)
			e.Shard(1).Send(Header{At: end, From: 1, To: 3, Seq: e.Shard(1).Next(1)}, &word{kind: 2}, nil)
			e.Shard(3).SetTimer(3, end, e.Shard(3).Next(3), 3)
		}
		e.Run(100)
		if want := []string{"14:0→3#1(1)", "14:1→3#0(2)", "14:3!0(3)"}; !slices.Equal(us[1].got, want) {
			t.Errorf("%d workers: handled %v, want %v", workers, us[1].got, want)
		}
	}
}

func TestStopEndsTheRunAtABarrier(t *testing.T) {
	for _, c := range divisions[:4] {
		c.Actors, c.Window = 100, latency
		e := newTown(c)
		var last Time
		e.OnWindow = func(end Time) {
			if last = end; end > 3*latency {
				e.Stop()
			}
		}
		if e.Run(20*latency) || !e.Stopped() || e.Now() != last || last > 4*latency+1 {
			t.Errorf("%d workers: stopped %v at %v, the last window ended at %v", c.Workers, e.Stopped(), e.Now(), last)
		}
		if before := e.Stats(); e.Run(20*latency) || e.Stats() != before || e.Now() != last {
			t.Errorf("%d workers: a stopped engine went on to %v", c.Workers, e.Now())
		}
	}
}

// Pending shows each message in flight once, with its list, and no timer: what is
// pending at a barrier is what arrives later.
func TestPendingIsWhatWillArrive(t *testing.T) {
	for workers := 1; workers <= 2; workers++ {
		us := []*mute{{}, {}, {}}
		e := New(Config{Actors: 9, Shards: 3, Workers: workers, Window: 10}, func(i int) Handler[word, peer] { return us[i] })
		us[0].do = func(sh *Shard[word, peer], h Header) {
			for i, at := range []Time{20, 40, 1 << 31, 1 << 45, 1 << 55} {
				sh.Send(Header{At: at, From: h.To, To: Addr(1 + 2*i), Seq: sh.Next(h.To)}, &word{kind: uint64(i)}, make([]peer, i))
				sh.SetTimer(h.To, at, sh.Next(h.To), 0)
			}
			us[0].do = nil
		}
		e.Inject(Header{At: 4, To: 1}, &word{kind: 99}, nil)
		e.Run(30) // the first has arrived
		var pending []string
		lists := 0
		e.Pending(func(h Header, m *word, list []peer) {
			pending = append(pending, fmt.Sprintf("%d:%d→%d#%d(%d)", h.At, h.From, h.To, h.Seq, m.kind))
			lists += len(list)
		})
		var arrived []string
		for _, u := range us {
			u.got, u.heard = nil, nil
		}
		e.Run(Forever)
		for _, u := range us {
			for _, s := range u.got {
				if !strings.Contains(s, "!") {
					arrived = append(arrived, s)
				}
			}
			lists -= len(u.heard)
		}
		slices.Sort(pending)
		slices.Sort(arrived)
		if !slices.Equal(pending, arrived) || len(pending) != 4 || lists != 0 {
			t.Errorf("%d workers: pending %v, arrived %v", workers, pending, arrived)
		}
		e.Pending(func(h Header, _ *word, _ []peer) { t.Errorf("%+v is still pending", h) })
	}
}

// The hot path does not allocate once the slabs have their size.
func TestSteadyStateDoesNotAllocate(t *testing.T) {
	for _, shards := range []int{1, 8} {
		e := newTown(Config{Actors: 500, Shards: shards, Window: latency})
		e.Run(200 * latency)
		events := e.Stats().Events
		now := e.Now()
		if n := testing.AllocsPerRun(20, func() { now += latency; e.Run(now) }); n != 0 {
			t.Errorf("%d shards: %v allocations a window", shards, n)
		}
		if e.Stats().Events-events < 2000 {
			t.Errorf("only %d events in the measured windows", e.Stats().Events-events)
		}
	}
}

func TestBadConfigurationsAreNamed(t *testing.T) {
	err := Config{Actors: -1, Shards: MaxShards + 1, Workers: -2, Window: -5}.Validate()
	want := "-1 actors, the range is 0..2147483647\n1025 shards, the range is 1..1024\n-2 workers, give 1 or more\na window of -5ns, give the least latency"
	if fmt.Sprint(err) != want {
		t.Errorf("errors\n%v, want\n%s", err, want)
	}
	if err := (Config{}).Validate(); err != nil {
		t.Errorf("the zero configuration is refused: %v", err)
	}
	mustPanic(t, "-1 actors", func() { newMute(Config{Actors: -1}) })
	type linked struct {
		//lint:ignore U1000 there to be a pointer
		next *int
	}
	mustPanic(t, "must have no pointers", func() { New[linked, peer](Config{}, nil) })
	mustPanic(t, "must have no pointers", func() { New[word, [2]linked](Config{}, nil) })
	mustPanic(t, "at most 64 bytes, it has 72", func() { New[[9]uint64, peer](Config{}, nil) })
}

// eager notes which actors are touched before which are called.
type eager struct {
	mute
	touched []Addr
	ahead   []int // at each call: how many more were touched than called
}

func (g *eager) Touch(to Addr) { g.touched = append(g.touched, to) }
func (g *eager) Message(_ *Shard[word, peer], h Header, _ *word, _ []peer) {
	g.ahead = append(g.ahead, len(g.touched)-len(g.ahead))
}

// Inside a bucket every actor but the first is touched once, in the order of its
// events, and those of the next eight events are touched before a call.
func TestActorsAreTouchedAhead(t *testing.T) {
	g := &eager{}
	e := New(Config{Actors: 40}, func(int) Handler[word, peer] { return g })
	for round := range Time(3) { // a bucket each, on two levels of the calendar
		g.touched, g.ahead = nil, nil
		for a := Addr(40); a > 0; a-- {
			e.Inject(Header{At: round<<30 + Time(a), To: a, Seq: uint32(a)}, &word{}, nil)
		}
		e.Run(round<<30 + 100)
		for i, a := range g.touched {
			if a != Addr(i+2) {
				t.Fatalf("touched %v", g.touched)
			}
		}
		for i, n := range g.ahead {
			// The first is not touched, so at call i the events up to i+n are warm.
			if want := min(touchAhead, 39-i); n != want {
				t.Errorf("at call %d, %d more events are touched, want %d", i, n, want)
			}
		}
		if len(g.touched) != 39 || len(g.ahead) != 40 {
			t.Errorf("touched %d, called %d", len(g.touched), len(g.ahead))
		}
	}
}
