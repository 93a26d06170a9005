package chord

import "testing"

// What a message carries decides its bytes: 4 for each identifier or address
// (Li et al., IPTPS 2004). A peer is both, a dead node is named by its address.
func TestIDsCarried(t *testing.T) {
	a, b := named(1), named(2)
	for _, c := range []struct {
		name string
		m    Message
		list int
		want int
	}{
		{"a question for the state", Message{Kind: GetState, Flags: FlagList}, 0, 0},
		{"predecessor and successor", Message{Kind: State, A: a.Addr, B: b.Addr}, 0, 4},
		{"no predecessor, a list", Message{Kind: State}, 20, 40},
		{"predecessor and list", Message{Kind: State, A: a.Addr}, 20, 42},
		{"a ping", Message{Kind: Ping}, 0, 0},
		{"a key and three dead", Message{Kind: FindNext}, 3, 4},
		{"the next", Message{Kind: Next, A: a.Addr}, 0, 2},
		{"the next and two to fall back on", Message{Kind: Next, A: a.Addr}, 2, 6},
		{"owners", Message{Kind: Owners}, 3, 6},
		{"nobody", Message{Kind: NoNext}, 0, 0},
		{"a key and its initiator", Message{Kind: Forward}, 0, 2},
		{"a key, its initiator and who named the owner", Message{Kind: Forward, A: a.Addr, B: b.Addr}, 0, 4},
		{"an owner's answer", Message{Kind: Answer, A: a.Addr, B: b.Addr}, 0, 4},
		{"an answer", Message{Kind: Answer, A: a.Addr}, 0, 2},
		{"an answer with a list", Message{Kind: Answer, A: a.Addr}, 4, 10},
		{"a failure", Message{Kind: Answer}, 0, 0},
		{"the notifier", Message{Kind: Notify}, 0, 2},
		{"the new one", Message{Kind: NewSuccessor, A: a.Addr}, 0, 2},
		{"a leaver's last entry", Message{Kind: LeavePred, A: a.Addr}, 0, 2},
		{"a leaver's list", Message{Kind: LeavePred, A: a.Addr}, 3, 8},
		{"a leaver without predecessor", Message{Kind: LeaveSucc}, 0, 0},
		{"an acknowledgement", Message{Kind: LeaveAck}, 0, 0},
	} {
		if got := c.m.IDs(c.list); got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}

// Every kind has a name of its own, and exactly the commands stay at home.
func TestKinds(t *testing.T) {
	seen := map[string]bool{}
	for k := KindNone; k < NumKinds; k++ {
		if name := k.String(); name == "" || name == "unknown" || seen[name] {
			t.Errorf("kind %d is called %q", k, name)
		} else {
			seen[name] = true
		}
		if want := k == KindNone || k >= CmdStart; k.Local() != want {
			t.Errorf("%s: Local is %v", k, !want)
		}
	}
	if NumKinds.String() != "unknown" {
		t.Errorf("no kind is called %q", NumKinds)
	}
}

// Questions, and nothing else, are reported to have reached nobody; the report
// finds the call it is about.
func TestBounceOf(t *testing.T) {
	questions := map[Kind]bool{GetState: true, Ping: true, FindNext: true, LeavePred: true, LeaveSucc: true, Forward: true}
	for k := KindNone; k < NumKinds; k++ {
		m := Message{Kind: k, Key: 9, Call: 7, Slot: 3, Flags: FlagLookup | FlagList}
		bounce, ok := BounceOf(&m)
		if ok != questions[k] {
			t.Errorf("%s: reported %v", k, ok)
		}
		if want := (Message{Kind: Bounce, Call: 7, Slot: 3, Flags: FlagLookup}); ok && bounce != want {
			t.Errorf("%s: %+v", k, bounce)
		}
	}
}
