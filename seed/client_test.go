package seed

import (
	"testing"
	"unsafe"

	"chordsim/chord"
)

const server chord.Addr = 1000

// person is a node with its client.
type person struct {
	Client
	node chord.Node
	cfg  chord.Config
	out  chord.Out
}

func newPerson(status chord.Status) *person {
	p := &person{}
	p.out.Config = &p.cfg
	p.node.Init(chord.Peer{ID: 500, Addr: 5})
	p.node.Status = status
	return p
}

func (p *person) take(now int64, m chord.Message) Word {
	p.out.Reset()
	return p.Client.Step(&chord.Event{Now: now, From: server, Msg: &m}, &p.node, server, &p.out)
}

func (p *person) wake(now int64, data uint64) Word {
	p.out.Reset()
	return p.Client.Step(&chord.Event{Now: now, Timer: data}, &p.node, server, &p.out)
}

// heed lets the client see what a step has put out.
func (p *person) heed(put func(*chord.Out)) {
	p.out.Reset()
	put(&p.out)
	p.Heed(0, &p.node, server, &p.out)
}

// sent returns the one message that was put out, and its timer.
func (p *person) sent(t *testing.T, kind chord.Kind) (chord.Message, chord.Timer) {
	t.Helper()
	if len(p.out.Sends) != 1 || p.out.Sends[0].Msg.Kind != kind || p.out.Sends[0].To != server || len(p.out.Timers) != 1 {
		t.Fatalf("sent %v, timers %v, want one message of kind %d", p.out.Sends, p.out.Timers, kind)
	}
	return p.out.Sends[0].Msg, p.out.Timers[0]
}

func (p *person) silent(t *testing.T) {
	t.Helper()
	if len(p.out.Sends)+len(p.out.Timers) != 0 {
		t.Fatalf("sent %v, timers %v", p.out.Sends, p.out.Timers)
	}
}

// joining is a person that has asked for a seed.
func joining(t *testing.T) (p *person, call uint32) {
	t.Helper()
	p = newPerson(chord.Joining)
	p.take(0, chord.Message{Kind: CmdJoin})
	m, _ := p.sent(t, GetSeed)
	if m.Key != 500 {
		t.Fatalf("asks as %d", m.Key)
	}
	return p, m.Call
}

// A request is sent four times, 2 s apart, and given up 2 s after the last.
func TestFourTries(t *testing.T) {
	for _, c := range []struct {
		name   string
		status chord.Status
		put    func(*chord.Out)
		kind   chord.Kind
		want   Word
	}{
		{"a joiner asks", chord.Joining, func(o *chord.Out) { o.WantBootstrap = true }, GetSeed, Unreached},
		{"a cut-off member asks", chord.Member, func(o *chord.Out) { o.WantBootstrap = true }, GetSeed, Unreached},
		{"a member registers", chord.Member, func(o *chord.Out) { o.Member = true }, AddNode, Unheard},
		{"a joiner reports", chord.Joining, func(o *chord.Out) { o.JoinFailed = true }, DeadNode, Unreached},
	} {
		p := newPerson(c.status)
		p.seed = at(3)
		p.heed(c.put)
		first, timer := p.sent(t, c.kind)
		for now := TryEvery; now < Tries*TryEvery; now += TryEvery {
			if timer.At != now {
				t.Errorf("%s: the timer goes off at %d, want %d", c.name, timer.At, now)
			}
			if w := p.wake(now, timer.Data); w != Nothing {
				t.Errorf("%s: %d after %d ns", c.name, w, now)
			}
			var m chord.Message
			if m, timer = p.sent(t, c.kind); m != first {
				t.Errorf("%s: sends %v, then %v", c.name, first, m)
			}
		}
		if w := p.wake(Tries*TryEvery, timer.Data); w != c.want {
			t.Errorf("%s: %d in the end, want %d", c.name, w, c.want)
		}
		p.silent(t)
		if w := p.wake(Tries*TryEvery, timer.Data); w != Nothing || len(p.out.Sends) > 0 {
			t.Errorf("%s: the timer goes off twice: %d, %v", c.name, w, p.out.Sends)
		}
	}
}

// What the answers mean to a joiner and to a cut-off member.
func TestAnswers(t *testing.T) {
	none, one, clash := chord.Message{Kind: SeedIs}, chord.Message{Kind: SeedIs, AID: 300, A: 3}, chord.Message{Kind: SeedIs, Flags: FlagConflict}
	for _, c := range []struct {
		status chord.Status
		m      chord.Message
		want   Word
	}{
		{chord.Joining, none, Create}, {chord.Joining, one, Enter}, {chord.Joining, clash, Refused},
		{chord.Member, none, Wait}, {chord.Member, one, Enter}, {chord.Member, clash, Wait},
	} {
		p := newPerson(c.status)
		p.heed(func(o *chord.Out) { o.WantBootstrap = true })
		if p.out.WantBootstrap {
			t.Error("the host is asked as well")
		}
		asked, timer := p.sent(t, GetSeed)
		p.wake(TryEvery, timer.Data)
		c.m.Call = asked.Call // to the first try, after the second
		if w := p.take(TryEvery, c.m); w != c.want || c.want == Enter && p.Seed() != at(3) {
			t.Errorf("status %d, %v: %d, want %d; seed %v", c.status, c.m, w, c.want, p.Seed())
		}
		p.silent(t)
		if w := p.take(TryEvery, c.m); w != Nothing || p.out.Counters[chord.CountLate] != 1 {
			t.Errorf("a second answer: %d, %d late", w, p.out.Counters[chord.CountLate])
		}
		if w := p.wake(2*TryEvery, timer.Data); w != Nothing || len(p.out.Sends) != 0 {
			t.Errorf("answered, and asks again: %d, %v", w, p.out.Sends)
		}
	}
}

// A seed that was of no use is reported before another is asked for, and once.
func TestReportsBeforeItAsksAgain(t *testing.T) {
	for name, failed := range map[string]func(*chord.Out){
		"the lookup failed":  func(o *chord.Out) { o.JoinFailed = true },
		"the seed was given": func(o *chord.Out) { o.Suspects = append(o.Suspects, 9, 3) },
	} {
		p, call := joining(t)
		p.take(0, chord.Message{Kind: SeedIs, AID: 300, A: 3, Call: call})
		p.heed(failed)
		m, _ := p.sent(t, DeadNode)
		if m.AID != 300 || m.A != 3 {
			t.Fatalf("%s: reports %v", name, m)
		}
		p.heed(func(o *chord.Out) { failed(o); o.WantBootstrap = true })
		p.silent(t)
		p.take(0, chord.Message{Kind: Ack, Call: m.Call})
		if len(p.out.Sends) == 1 && p.out.Sends[0].Msg.Kind == DeadNode { // it failed twice
			p.take(0, chord.Message{Kind: Ack, Call: p.out.Sends[0].Msg.Call})
		}
		p.sent(t, GetSeed)
		p.heed(failed)
		p.silent(t)
	}
	p, call := joining(t)
	p.take(0, chord.Message{Kind: SeedIs, AID: 300, A: 3, Call: call})
	p.heed(func(o *chord.Out) { o.Suspects = append(o.Suspects, 9) })
	p.silent(t) // somebody else was
	p.node.Status = chord.Member
	p.heed(func(o *chord.Out) { o.Suspects = append(o.Suspects, 3) })
	p.silent(t) // it has its place: what becomes of the seed is the ring's business
	p.heed(func(o *chord.Out) { o.Suspects = append(o.Suspects, 3); o.WantBootstrap = true })
	p.sent(t, DeadNode) // it has lost it
}

// A member registers, be it by the word of the server that nobody is known; not
// if the host has done so.
func TestMembersRegister(t *testing.T) {
	member := func(o *chord.Out) { o.Member = true }
	p, _ := joining(t)
	p.node.Status = chord.Member
	p.heed(member)
	p.silent(t) // one request at a time
	p.take(0, chord.Message{Kind: SeedIs, Call: p.number})
	if m, _ := p.sent(t, AddNode); m.Key != 500 {
		t.Errorf("registers as %d", m.Key)
	}
	p.take(0, chord.Message{Kind: Ack, Call: p.number})
	p.silent(t)

	p = newPerson(chord.Member)
	p.Registered()
	p.heed(member)
	p.silent(t)
	p.heed(member) // again: the server may have dropped it
	p.sent(t, AddNode)
	p.Registered()
	p.Begin() // another life
	p.heed(member)
	p.sent(t, AddNode)
}

// Nothing of an earlier life touches the present one.
func TestAnotherLifeOfAClient(t *testing.T) {
	p, call := joining(t)
	timer := p.out.Timers[0].Data
	p.Begin()
	if w := p.take(0, chord.Message{Kind: SeedIs, AID: 300, A: 3, Call: call}); w != Nothing {
		t.Errorf("an answer to the life before: %d", w)
	}
	p.take(0, chord.Message{Kind: CmdJoin})
	if m, _ := p.sent(t, GetSeed); m.Call == call {
		t.Error("numbers begin anew")
	}
	if w := p.take(0, chord.Message{Kind: SeedIs, AID: 300, A: 3, Call: call}); w != Nothing {
		t.Errorf("an answer to the life before, during a request: %d", w)
	}
	if w := p.wake(TryEvery, timer); w != Nothing || len(p.out.Sends) != 0 {
		t.Errorf("a timer of the life before: %d, %v", w, p.out.Sends)
	}
}

// Under a perfect detector a server that is slow is waited for, and one that is
// down is tried at the same times as without it.
func TestTriesUnderAPerfectDetector(t *testing.T) {
	p, call := joining(t)
	p.cfg.Perfect = true
	timer := p.out.Timers[0].Data
	for i := range 3 {
		if w := p.wake(TryEvery, timer); w != Nothing || len(p.out.Sends) != 0 {
			t.Fatalf("timer %d: %d, %v", i, w, p.out.Sends)
		}
	}
	bounce, ok := BounceOf(&chord.Message{Kind: GetSeed, Call: call})
	if !ok {
		t.Fatal("get_seed is no question")
	}
	p.take(TryEvery, bounce) // the second try, at once: its time had come
	for try := 2; ; try++ {
		_, timer := p.sent(t, GetSeed)
		if w := p.take(TryEvery, bounce); w != Nothing || len(p.out.Sends) != 0 {
			t.Fatalf("try %d: a bounce alone: %d, %v", try, w, p.out.Sends)
		}
		if w := p.wake(TryEvery, timer.Data); try == Tries {
			if w != Unreached {
				t.Errorf("%d in the end", w)
			}
			break
		} else if w != Nothing {
			t.Fatalf("try %d: %d", try, w)
		}
	}
}

// A node answers a poll, whatever else it does.
func TestPollIsAnswered(t *testing.T) {
	p, _ := joining(t)
	p.take(0, chord.Message{Kind: Poll, Call: 77, Slot: 2})
	if s := p.out.Sends; len(s) != 1 || s[0].To != server || s[0].Msg != (chord.Message{Kind: PollAck, Call: 77, Slot: 2}) {
		t.Errorf("%v", s)
	}
}

// Sizes of messages, who is told of what reaches nobody, and that the kinds stay
// within the room that package chord has for them.
func TestMessages(t *testing.T) {
	for _, c := range []struct {
		m        chord.Message
		ids      int
		question bool
	}{
		{chord.Message{Kind: GetSeed, Key: 1}, 2, true},
		{chord.Message{Kind: SeedIs}, 0, false},
		{chord.Message{Kind: SeedIs, AID: 1, A: 1}, 2, false},
		{chord.Message{Kind: AddNode, Key: 1}, 2, true},
		{chord.Message{Kind: DeadNode, AID: 1, A: 1}, 2, true},
		{chord.Message{Kind: Ack}, 0, false},
		{chord.Message{Kind: Poll}, 0, true},
		{chord.Message{Kind: PollAck}, 0, false},
	} {
		if _, question := BounceOf(&c.m); IDs(&c.m) != c.ids || question != c.question || !Owns(c.m.Kind) {
			t.Errorf("%v: %d ids, question %v, owned %v", c.m, IDs(&c.m), question, Owns(c.m.Kind))
		}
	}
	if Owns(chord.NumKinds-1) || Owns(chord.DataKinds) || CmdJoin >= chord.DataKinds || timerServer >= chord.DataTimers {
		t.Error("the kinds are not those that package chord has room for")
	}
	if n := unsafe.Sizeof(Client{}); n > 24 {
		t.Errorf("a client has %d bytes", n)
	}
}

// Steps do not allocate once the buffers have grown.
func TestStepsDoNotAllocate(t *testing.T) {
	d, p := newDesk(), newPerson(chord.Joining)
	d.Register(at(1))
	d.Register(at(2))
	get, join := chord.Message{Kind: GetSeed, Key: 500, Call: 1}, chord.Message{Kind: CmdJoin}
	if n := testing.AllocsPerRun(100, func() {
		d.take(5, 1<<63, get)
		d.wake(0, chord.TimerData(timerServer, 0, d.life))
		p.Begin()
		p.take(0, join)
		p.take(0, chord.Message{Kind: SeedIs, AID: 100, A: 1, Call: p.number})
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
