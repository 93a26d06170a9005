package seed

import "chordsim/chord"

// Kinds of messages between a node and the seed server.
const (
	GetSeed  = chord.SeedKinds + iota // Key: the asker's identifier; the answer is SeedIs
	SeedIs                            // A: a known node, nobody if there is none yet; FlagConflict
	AddNode                           // Key: the identifier of the sender, a new member; the answer is Ack
	DeadNode                          // A: a node that was of no use as a seed; the answer is Ack
	Ack                               // the request was carried out
	Poll                              // the server's: are you there?
	PollAck                           // yes
	CmdJoin                           // the host's: ask for a seed and join
)

// FlagConflict says in SeedIs that another address holds the asker's
// identifier.
const FlagConflict = 1

// Timers.
const (
	timerTry    = chord.SeedTimers     // a client's; number: the request
	timerServer = chord.SeedTimers + 1 // slot 0: the next poll, number: the life; else the timeout of the poll in slot−1
)

// Times of E-Chord, in nanoseconds, and how often a node tries.
const (
	second      = int64(1e9)
	TryEvery    = 2 * second
	Tries       = 4
	PollEvery   = 5 * second
	PollTimeout = 15 * second
)

// Owns reports whether a kind is one of this package.
func Owns(k chord.Kind) bool { return k >= GetSeed && k <= CmdJoin }

// OwnsTimer reports whether a kind of timer is one of this package.
func OwnsTimer(kind uint8) bool { return kind == timerTry || kind == timerServer }

// TimerName returns what a timer of this package is for.
func TimerName(kind uint8) string {
	if kind == timerTry {
		return "seed_try"
	}
	return "seed_poll"
}

// IDs returns how many identifiers and addresses a message carries, by the rule
// of chord.Message.IDs: a peer is two, be it the sender itself.
func IDs(m *chord.Message) int {
	switch m.Kind {
	case GetSeed, AddNode, DeadNode:
		return 2
	case SeedIs:
		if m.A != 0 {
			return 2
		}
	}
	return 0
}

// BounceOf returns the report that request m reached nobody and whether the
// asker is owed one.
func BounceOf(m *chord.Message) (chord.Message, bool) {
	switch m.Kind {
	case GetSeed, AddNode, DeadNode, Poll:
		return chord.Message{Kind: chord.Bounce, Call: m.Call, Slot: m.Slot, Flags: chord.FlagLayer}, true
	}
	return chord.Message{}, false
}
