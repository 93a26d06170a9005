package explore

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"chordsim/chord"
)

// Kind is what an event is.
type Kind uint8

// The kinds of events. Peer is the other side: whom a joiner joins through,
// who sent what arrives.
const (
	Join      Kind = iota // Node asks Peer, the member before it, for its place
	Placed                // Peer's answer to that arrives (grain messages)
	Stabilize             // the timer of Node's stabilization
	Check                 // that of its check_predecessor
	Query                 // Node's question for a purpose, and the answer to it (grain atomic)
	Ask                   // Node's question arrives at Peer (grain messages)
	Answer                // Peer's answer arrives at Node
	Report                // the network reports to Node that Peer is not there
	Timeout               // Node waits no longer for Peer's answer
	Notify                // Peer's notify arrives at Node
	Told                  // Peer's new_successor arrives at Node
	Lose                  // Peer's notify to Node is lost
	Crash                 // Node crashes
	Reconcile             // Node asks its successor for the one behind it ([Zave12])
	Update                // Node's second successor takes the place of a dead first one ([Zave12])
	Flush                 // Node empties a dead predecessor ([Zave12])
	NotifyOne             // one of several notifies of Peer arrives at Node, and several are left
	numKinds
)

var kindWords = [numKinds]string{
	Join: "join", Placed: "placed", Stabilize: "stabilize", Check: "check_predecessor", Query: "query", Ask: "ask",
	Answer: "answer", Report: "report", Timeout: "timeout", Notify: "notify", Told: "told", Lose: "lose_notify", Crash: "crash",
	Reconcile: "reconcile", Update: "update", Flush: "flush", NotifyOne: "notify_one",
}

// Event is one step of a world.
type Event struct {
	Kind    Kind
	Node    uint8 // whom it happens to
	Peer    uint8 // the other side; Node itself where there is none
	Purpose uint8 // of a question: chord.ForSuccessor and its like
}

// alone reports whether the event has no other side.
func (k Kind) alone() bool {
	switch k {
	case Stabilize, Check, Crash, Reconcile, Update, Flush:
		return true
	}
	return false
}

// purposeful reports whether the event is about a question.
func (k Kind) purposeful() bool {
	return k == Query || k == Ask || k == Answer || k == Report || k == Timeout
}

// String writes the event the way ParseEvent reads it.
func (e Event) String() string {
	switch {
	case e.Kind.alone():
		return fmt.Sprintf("%s %d", kindWords[e.Kind], e.Node)
	case e.Kind.purposeful():
		return fmt.Sprintf("%s %d %d %s", kindWords[e.Kind], e.Node, e.Peer, chord.PurposeName(int(e.Purpose)))
	}
	return fmt.Sprintf("%s %d %d", kindWords[e.Kind], e.Node, e.Peer)
}

// ParseEvent reads an event: its kind, the node that it happens to, the other
// side if there is one and, of a question, what it is for. The error says what
// is wrong.
func ParseEvent(text string, ids int) (Event, error) {
	words := strings.Fields(text)
	if len(words) == 0 {
		return Event{}, fmt.Errorf("an event is empty")
	}
	kind := Kind(slices.Index(kindWords[:], words[0]) & 0xff)
	if kind >= numKinds {
		return Event{}, fmt.Errorf("no event is called %q; there are %s", words[0], strings.Join(kindWords[:], ", "))
	}
	e := Event{Kind: kind}
	form := []*uint8{&e.Node, &e.Peer}
	if kind.alone() {
		form = form[:1]
	}
	want := 1 + len(form)
	if kind.purposeful() {
		want++
	}
	if len(words) != want {
		return Event{}, fmt.Errorf("%q has %d words: %s takes %d", text, len(words), words[0], want)
	}
	for i, to := range form {
		id, err := strconv.Atoi(words[1+i])
		if err != nil || id < 0 || id >= ids {
			return Event{}, fmt.Errorf("%q: %q is no identifier below %d", text, words[1+i], ids)
		}
		*to = uint8(id)
	}
	if len(form) == 1 {
		e.Peer = e.Node
	}
	if kind.purposeful() {
		p := 0
		for p < chord.NumPurposes && chord.PurposeName(p) != words[3] {
			p++
		}
		if p == chord.NumPurposes {
			return Event{}, fmt.Errorf("%q: nothing is asked for %q", text, words[3])
		}
		e.Purpose = uint8(p)
	}
	return e, nil
}

// Words says what happens.
func (e Event) Words() string {
	n, p := e.Node, e.Peer
	about := chord.PurposeName(int(e.Purpose))
	switch e.Kind {
	case Join:
		return fmt.Sprintf("%d joins: %d, the member before it, answers", n, p)
	case Placed:
		return fmt.Sprintf("the list of %d arrives at the joiner %d", p, n)
	case Stabilize:
		return fmt.Sprintf("%d stabilizes", n)
	case Check:
		return fmt.Sprintf("%d checks its predecessor", n)
	case Query:
		if e.Purpose == uint8(chord.ForSuccessor) {
			return fmt.Sprintf("%d stabilizes: it asks %d and has the outcome", n, p)
		}
		return fmt.Sprintf("%d asks %d (%s) and has the outcome", n, p, about)
	case Ask:
		return fmt.Sprintf("the question of %d (%s) arrives at %d", n, about, p)
	case Answer:
		return fmt.Sprintf("the answer of %d (%s) arrives at %d", p, about, n)
	case Report:
		return fmt.Sprintf("%d is told that %d is not there (%s)", n, p, about)
	case Timeout:
		return fmt.Sprintf("%d gives up waiting for %d (%s)", n, p, about)
	case Notify:
		return fmt.Sprintf("the notify of %d arrives at %d", p, n)
	case NotifyOne:
		return fmt.Sprintf("one of the notifies of %d arrives at %d, and several are left", p, n)
	case Told:
		return fmt.Sprintf("%d hears from %d of its new predecessor", n, p)
	case Lose:
		return fmt.Sprintf("the notify of %d to %d is lost", p, n)
	case Crash:
		return fmt.Sprintf("%d crashes", n)
	case Reconcile:
		return fmt.Sprintf("%d asks its successor for the one behind it", n)
	case Update:
		return fmt.Sprintf("%d puts its second successor in the place of the dead first", n)
	case Flush:
		return fmt.Sprintf("%d empties its dead predecessor", n)
	}
	return e.String()
}
