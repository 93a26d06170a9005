package chord

import (
	"bytes"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// twins is a ring of a few nodes at small addresses, whose every step is done
// a second time by a node decoded from the encoding of the first.
type twins struct {
	t       *rapid.T
	cfg     Config
	nodes   []Node
	flight  []parcel
	out     Out
	lookups Lookups
}

func (w *twins) step(i int, ev Event) {
	n := &w.nodes[i]
	n.ForgetFingers()
	code := n.AppendCanonical(nil, &w.cfg, len(w.nodes))
	var twin Node
	if rest := twin.DecodeCanonical(&w.cfg, i, len(w.nodes), append(code, 0xff)); !bytes.Equal(rest, []byte{0xff}) {
		w.t.Fatalf("of % x and one byte more, % x is left", code, rest)
	}
	twinEvent, twinMsg := ev, Message{}
	ofLookup := false
	if ev.Msg != nil {
		twinMsg = *ev.Msg
		twinEvent.Msg = &twinMsg
		ofLookup = twinMsg.Flags&FlagLookup != 0 || twinMsg.Kind == CmdJoin
		if !twinMsg.Kind.request() && twinMsg.Call != 0 && !ofLookup {
			if n.inFlight(twinMsg.Slot, twinMsg.Call) {
				twinMsg.Call = twin.calls[twinMsg.Slot].number
			} else {
				twinMsg.Call = 0xffff // late
			}
		}
	} else if kind, slot, number := TimerParts(ev.Timer); timerKind(kind) == timerCall && n.inFlight(slot, number) {
		twinEvent.Timer = TimeoutOf(&twin, int(slot))
	} else if timerKind(kind) != timerCall {
		twinEvent.Timer = TimerData(kind, slot, uint32(twin.Inc))
	}
	n.Step(&ev, &w.out)
	n.ForgetFingers()
	for k := range w.out.Sends {
		s := &w.out.Sends[k]
		w.flight = append(w.flight, parcel{from: n.Addr, to: s.To, msg: s.Msg, list: slices.Clone(w.out.List(s))})
	}
	if !ofLookup {
		out := Out{Config: &w.cfg, Lookups: &Lookups{}}
		twin.Step(&twinEvent, &out)
		twin.ForgetFingers()
		for _, sends := range [][]Send{out.Sends, w.out.Sends} {
			for k := range sends {
				if sends[k].Msg.Kind.request() {
					sends[k].Msg.Call = 0
				}
			}
		}
		for k := range out.Sends {
			if m := &out.Sends[k].Msg; !m.Kind.request() {
				m.Call = w.out.Sends[k].Msg.Call // it was not asked under another number
			}
		}
		if !slices.Equal(out.Sends, w.out.Sends) || !slices.Equal(out.Peers, w.out.Peers) {
			w.t.Fatalf("%v: the decoded node sends %+v, the other %+v", ev, out.Sends, w.out.Sends)
		}
		a, b := n.AppendCanonical(nil, &w.cfg, len(w.nodes)), twin.AppendCanonical(nil, &w.cfg, len(w.nodes))
		if !bytes.Equal(a, b) {
			w.t.Fatalf("after %v: % x, and % x of the decoded node", ev, a, b)
		}
	}
	w.out.Reset()
}

func TestADecodedNodeStepsTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const size = 5
		preset := rapid.SampledFrom([]string{"corrected", "ton2003", "zave2012"}).Draw(t, "preset")
		rules, _, _ := Preset(preset, 2)
		rules.Rejoin = false
		w := &twins{t: t, nodes: make([]Node, size), cfg: Config{
			Bits: 3, Successors: 2, Rules: rules, Tries: 1, RPCTimeout: 1, LookupDeadline: 1,
			NoFingers: true, // they are not in the encoding
		}}
		w.out.Config, w.out.Lookups = &w.cfg, &w.lookups
		peer := func(i int) Peer { return Peer{uint64(i), Addr(i + 1)} }
		for i := range w.nodes {
			w.nodes[i].Init(peer(i))
		}
		w.step(0, Event{Msg: &Message{Kind: CmdCreate}})
		for range rapid.IntRange(10, 60).Draw(t, "events") {
			i := rapid.IntRange(0, size-1).Draw(t, "node")
			n := &w.nodes[i]
			switch what := rapid.IntRange(0, 9).Draw(t, "what"); {
			case what == 0 && n.InRing() && i != 0:
				n.Crash()
				w.lookups.Abandon(func(a Addr) bool { return a == n.Addr }, func(uint32, Addr) {})
			case what <= 2 && n.Status == Absent:
				n.Init(peer(i))
				w.step(i, Event{Msg: &Message{Kind: CmdJoin, AID: 0, A: 1}})
			case what <= 3 && n.InRing():
				w.step(i, Event{From: n.Addr, Timer: StabilizeTimer(n)})
			case what == 4 && n.InRing():
				n.NotHeard()
				w.step(i, Event{From: n.Addr, Timer: CheckPredecessorTimer(n)})
			case what == 5:
				for slot := range NumPurposes {
					if to, _ := n.Waiting(slot); !to.None() {
						w.step(i, Event{From: n.Addr, Timer: TimeoutOf(n, slot)})
						break
					}
				}
			case len(w.flight) > 0:
				k := rapid.IntRange(0, len(w.flight)-1).Draw(t, "message")
				p := w.flight[k]
				w.flight = slices.Delete(w.flight, k, k+1)
				if to := int(p.to) - 1; w.nodes[to].Status != Absent {
					w.step(to, Event{From: p.from, Msg: &p.msg, List: p.list})
				}
			}
		}
	})
}

// The same node, turned around the circle with all that it knows, has the same
// encoding.
func TestCanonicalTurns(t *testing.T) {
	const size = 5
	cfg := Config{Bits: 3, Successors: 2}
	var n, turned Node
	n.Init(Peer{1, 2})
	n.Status, n.Pred = Member, Peer{0, 1}
	n.push(Peer{3, 4})
	n.push(Peer{4, 5})
	code := n.AppendCanonical(nil, &cfg, size)
	turned.DecodeCanonical(&cfg, 3, size, code)
	if want := (Peer{2, 3}); turned.Pred != want || turned.entry(0) != (Peer{0, 1}) || turned.entry(1) != (Peer{1, 2}) {
		t.Errorf("by two: predecessor %v, list %v %v", turned.Pred, turned.entry(0), turned.entry(1))
	}
	if again := turned.AppendCanonical(nil, &cfg, size); !bytes.Equal(code, again) {
		t.Errorf("% x turned is % x", code, again)
	}
}

// Whether a node leaves is not in the encoding, so that there is none of a leaver.
func TestALeaverHasNoEncoding(t *testing.T) {
	cfg := Config{Bits: 3, Successors: 2}
	var n Node
	n.Init(Peer{1, 2})
	n.Status = Member
	n.AppendCanonical(nil, &cfg, 5)
	n.Part()
	defer func() {
		if recover() == nil {
			t.Error("it has one")
		}
	}()
	n.AppendCanonical(nil, &cfg, 5)
}
