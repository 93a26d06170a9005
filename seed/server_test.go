package seed

import (
	"slices"
	"testing"

	"chordsim/chord"

	"pgregory.net/rapid"
)

// desk is a server with what it puts out.
type desk struct {
	Server
	cfg chord.Config
	out chord.Out
}

func newDesk() *desk {
	d := &desk{}
	d.out.Config = &d.cfg
	d.Start(0, &d.out)
	return d
}

// take hands the server a message and returns the messages that come of it and
// the node that it forgets.
func (d *desk) take(from chord.Addr, random uint64, m chord.Message) ([]chord.Send, chord.Addr) {
	d.out.Reset()
	forgotten := d.Step(&chord.Event{From: from, Rand: random, Msg: &m}, &d.out)
	return d.out.Sends, forgotten
}

// wake hands it a timer.
func (d *desk) wake(now int64, data uint64) ([]chord.Send, chord.Addr) {
	d.out.Reset()
	forgotten := d.Step(&chord.Event{Now: now, Timer: data}, &d.out)
	return d.out.Sends, forgotten
}

// failer is what *testing.T and *rapid.T have in common.
type failer interface {
	Helper()
	Fatalf(format string, args ...any)
}

// get asks for a seed.
func (d *desk) get(t failer, p chord.Peer, random uint64) (seed chord.Peer, conflict bool) {
	t.Helper()
	sends, _ := d.take(p.Addr, random, chord.Message{Kind: GetSeed, Key: p.ID, Call: 7})
	if len(sends) != 1 || sends[0].To != p.Addr || sends[0].Msg.Kind != SeedIs || sends[0].Msg.Call != 7 {
		t.Fatalf("get_seed of %v is answered with %v", p, sends)
	}
	m := sends[0].Msg
	return chord.Peer{ID: m.AID, Addr: m.A}, m.Flags&FlagConflict != 0
}

func at(addr chord.Addr) chord.Peer { return chord.Peer{ID: 100 * uint64(addr), Addr: addr} }

// Every known node but the asker is named, as often as any other; nobody where
// there is no other.
func TestSeedsAreDrawnFromTheOthers(t *testing.T) {
	for known := range 5 {
		for asker := chord.Addr(1); asker <= 5; asker++ {
			d := newDesk()
			for a := range known {
				d.Register(at(chord.Addr(a + 1)))
			}
			others := known
			if int(asker) <= known {
				others--
			}
			named := map[chord.Addr]int{}
			for i := range uint64(64) {
				p, conflict := d.get(t, at(asker), i<<58)
				if conflict || p.Addr != 0 && p != at(p.Addr) {
					t.Fatalf("%d known: %d is told %v, conflict %v", known, asker, p, conflict)
				}
				named[p.Addr]++
			}
			if others == 0 {
				if named[0] != 64 {
					t.Errorf("%d known: %d is told %v", known, asker, named)
				}
				continue
			}
			for a := chord.Addr(1); int(a) <= known; a++ {
				want := 64 / others
				if a == asker {
					want = 0
				}
				if n := named[a]; n < want || n > want+1 || a == asker && n != 0 {
					t.Errorf("%d known: %d is told %d %d times of 64", known, asker, a, n)
				}
			}
		}
	}
}

// Of two addresses with one identifier the first holds it, until it is gone.
func TestAnIdentifierBelongsToTheFirst(t *testing.T) {
	d := newDesk()
	first, second := chord.Peer{ID: 9, Addr: 1}, chord.Peer{ID: 9, Addr: 2}
	for _, p := range []chord.Peer{first, second} {
		if sends, _ := d.take(p.Addr, 0, chord.Message{Kind: AddNode, Key: p.ID, Call: 3}); len(sends) != 1 || sends[0].Msg.Kind != Ack || sends[0].Msg.Call != 3 {
			t.Errorf("add_node is answered with %v", sends)
		}
	}
	if _, conflict := d.get(t, second, 0); !conflict {
		t.Error("the second is not told of the conflict")
	}
	if p, conflict := d.get(t, first, 0); conflict || !p.None() {
		t.Errorf("the holder is told %v, conflict %v", p, conflict)
	}
	if _, gone := d.take(3, 0, chord.Message{Kind: DeadNode, AID: 9, A: 2}); gone != 0 {
		t.Errorf("%d is forgotten; it was never known", gone)
	}
	sends, gone := d.take(3, 0, chord.Message{Kind: DeadNode, AID: 9, A: 1, Call: 5})
	if gone != 1 || len(sends) != 1 || sends[0].Msg.Kind != Ack || sends[0].Msg.Call != 5 {
		t.Errorf("dead_node: %v, %d forgotten", sends, gone)
	}
	if _, conflict := d.get(t, second, 0); conflict {
		t.Error("the dead still holds its identifier")
	}
}

// Whatever registers, goes and asks, the server knows what a plain list would.
func TestServerKnowsWhatAListWould(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := newDesk()
		var list []chord.Peer
		peer := rapid.Custom(func(t *rapid.T) chord.Peer {
			return chord.Peer{ID: rapid.Uint64Range(0, 9).Draw(t, "id"), Addr: chord.Addr(rapid.IntRange(1, 12).Draw(t, "addr"))}
		})
		for range rapid.IntRange(0, 40).Draw(t, "steps") {
			p := peer.Draw(t, "peer")
			holder := slices.IndexFunc(list, func(o chord.Peer) bool { return o.ID == p.ID })
			if rapid.Bool().Draw(t, "register") {
				d.take(p.Addr, 0, chord.Message{Kind: AddNode, Key: p.ID})
				if holder < 0 {
					list = append(list, p)
				}
			} else {
				_, gone := d.take(99, 0, chord.Message{Kind: DeadNode, AID: p.ID, A: p.Addr})
				if known := holder >= 0 && list[holder] == p; known != (gone != 0) {
					t.Fatalf("%v forgotten: %d, known: %v", p, gone, known)
				} else if known {
					list = slices.Delete(list, holder, holder+1)
				}
			}
			if d.Known() != len(list) {
				t.Fatalf("%d known, want %v", d.Known(), list)
			}
			for _, o := range list {
				if _, conflict := d.get(t, chord.Peer{ID: o.ID, Addr: 50}, 0); !conflict {
					t.Fatalf("%v is not known", o)
				}
			}
		}
	})
}

// One node is polled every 5 s, each in its turn, and those are forgotten that
// do not answer within 15 s. Who is known when a round begins, and stays, is
// asked in this round, whoever comes and goes meanwhile.
func TestPollGoesAround(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := newDesk()
		next := chord.Addr(1)
		for range rapid.IntRange(1, 8).Draw(t, "known") {
			d.Register(at(next))
			next++
		}
		owed := slices.Clone(d.known) // in this round
		polls := len(owed)
		for now := PollEvery; ; now += PollEvery {
			sends, _ := d.wake(now, chord.TimerData(timerServer, 0, d.life))
			if len(d.out.Timers) == 0 || d.out.Timers[0].At != now+PollEvery {
				t.Fatalf("the next poll: %v", d.out.Timers)
			}
			if polls == 0 {
				break
			}
			polls--
			if len(sends) == 0 {
				if len(d.known) > 0 {
					t.Fatalf("nobody is polled; known: %v", d.known)
				}
				continue
			}
			to := sends[0].To
			if sends[0].Msg.Kind != Poll || d.out.Timers[1].At != now+PollTimeout {
				t.Fatalf("%v, timers %v", sends, d.out.Timers)
			}
			owed = slices.DeleteFunc(owed, func(p chord.Peer) bool { return p.Addr == to })
			d.take(to, 0, chord.Message{Kind: PollAck, Call: sends[0].Msg.Call, Slot: sends[0].Msg.Slot})
			for n := rapid.IntRange(0, 3).Draw(t, "go"); n > 0 && len(d.known) > 0; n-- {
				p := rapid.SampledFrom(d.known).Draw(t, "who")
				d.take(99, 0, chord.Message{Kind: DeadNode, AID: p.ID, A: p.Addr})
				owed = slices.DeleteFunc(owed, func(o chord.Peer) bool { return o == p })
			}
			if rapid.Bool().Draw(t, "one comes") {
				d.Register(at(next))
				next++
			}
		}
		if len(owed) > 0 {
			t.Fatalf("%v had no turn", owed)
		}
	})
}

// A node that does not answer is forgotten when its time is over, one that
// answers stays, and an answer that is too late is counted.
func TestPollForgetsTheSilent(t *testing.T) {
	d := newDesk()
	d.Register(at(1))
	d.Register(at(2))
	tick := chord.TimerData(timerServer, 0, d.life)
	var calls []chord.Send
	var timeouts []uint64
	for i := range int64(2) {
		sends, _ := d.wake((i+1)*PollEvery, tick)
		calls = append(calls, sends...)
		timeouts = append(timeouts, d.out.Timers[1].Data)
	}
	if len(calls) != 2 || calls[0].To != 2 || calls[1].To != 1 {
		t.Fatalf("polled: %v", calls)
	}
	if sends, _ := d.wake(3*PollEvery, tick); len(sends) != 0 {
		t.Errorf("who is being asked is asked again: %v", sends)
	}
	answer := func(i int) {
		d.take(calls[i].To, 0, chord.Message{Kind: PollAck, Call: calls[i].Msg.Call, Slot: calls[i].Msg.Slot})
	}
	answer(1)
	if _, gone := d.wake(4*PollEvery, timeouts[1]); gone != 0 {
		t.Errorf("%d has answered and is forgotten", gone)
	}
	if _, gone := d.wake(4*PollEvery, timeouts[0]); gone != 2 || d.Known() != 1 {
		t.Errorf("%d is forgotten, %d known", gone, d.Known())
	}
	if answer(0); d.out.Counters[chord.CountLate] != 1 || d.Known() != 1 {
		t.Errorf("%d late, %d known", d.out.Counters[chord.CountLate], d.Known())
	}
}

// Under a perfect detector nobody is given up but by the network's report.
func TestPollUnderAPerfectDetector(t *testing.T) {
	d := newDesk()
	d.cfg.Perfect = true
	d.Register(at(1))
	sends, _ := d.wake(PollEvery, chord.TimerData(timerServer, 0, d.life))
	if len(d.out.Timers) != 1 || len(sends) != 1 {
		t.Fatalf("%v, timers %v", sends, d.out.Timers)
	}
	bounce, ok := BounceOf(&sends[0].Msg)
	if !ok || bounce.Flags&chord.FlagLayer == 0 {
		t.Fatalf("a poll is no question: %v", bounce)
	}
	if _, gone := d.take(1, 0, bounce); gone != 1 || d.Known() != 0 {
		t.Errorf("%d is forgotten, %d known", gone, d.Known())
	}
}

// What a crash leaves depends on the disk; polls and timers of the life before
// are void.
func TestServerCrashes(t *testing.T) {
	for _, keep := range []bool{true, false} {
		d := newDesk()
		d.Register(at(1))
		d.Register(at(2))
		tick := chord.TimerData(timerServer, 0, d.life)
		sends, _ := d.wake(PollEvery, tick)
		timeout := d.out.Timers[1].Data
		if d.Crash(keep); d.Up() {
			t.Fatal("up after a crash")
		}
		d.out.Reset()
		d.Start(7, &d.out)
		if !d.Up() || len(d.out.Timers) != 1 || d.out.Timers[0].At != 7+PollEvery {
			t.Fatalf("timers %v", d.out.Timers)
		}
		d.out.Reset()
		if d.Start(8, &d.out); len(d.out.Timers) != 0 {
			t.Error("who is up starts again")
		}
		if got, _ := d.wake(2*PollEvery, tick); len(got)+len(d.out.Timers) != 0 {
			t.Errorf("a timer of the life before: %v, %v", got, d.out.Timers)
		}
		want := 0
		if keep {
			want = 2
		}
		if _, gone := d.wake(4*PollEvery, timeout); gone != 0 || d.Known() != want {
			t.Errorf("keep %v: %d is forgotten for %v, %d known", keep, gone, sends, d.Known())
		}
		if p, _ := d.get(t, at(3), 0); p.None() == keep {
			t.Errorf("keep %v: the seed is %v", keep, p)
		}
		d.Register(at(4))
		if d.Known() != want+1 {
			t.Errorf("keep %v: %d known", keep, d.Known())
		}
	}
}
