package chord

import "fmt"

// Config is everything a node of a ring has in common with every other: the
// size of the identifier circle, the rules it follows and its periods. It is
// shared by all nodes and changed only while none of them steps. Times are
// nanoseconds.
type Config struct {
	Bits       int // m: identifiers are numbers below 2^m, 1 to 64
	Successors int // r: the length of a successor list, 1 to MaxSuccessors
	Rules      Rules

	Stabilize        Period
	FixFingers       Period
	CheckPredecessor Period

	RPCTimeout int64 // an answer later than this counts as a death
	Tries      int   // sends before a peer counts as dead, at least 1

	// Perfect says that requests to the dead bounce: the network itself
	// reports them, no timeout is ever wrong. With After > 0 the report is
	// acted on only that long after the request was sent.
	Perfect bool
	After   int64

	Recursive      bool  // lookups are forwarded instead of steered by their initiator
	Fallback       bool  // a steered lookup asks nodes for their successor, with others to fall back on ([E-Chord])
	Fallbacks      int   // fingers to fall back on, 0 to MaxFallbacks
	LookupDeadline int64 // a lookup older than this has failed
	ProbeOwner     bool  // an iterative lookup contacts the owner before it names it
	// OwnerAnswers has a user's lookup end when the owner that was named has answered itself,
	// iterative or recursive (as [ToN03] table IV seems to). The owner answers that it lives,
	// and does not judge whether the key is its own.
	OwnerAnswers  bool
	HopAck        bool // a recursive hop is acknowledged
	NoRetry       bool // the first timeout fails a lookup
	OwnerFromList bool // a user's lookup ends at a node that has the owner anywhere in its list ([ToN03] table IV)

	// Candidates is how many nodes a node chooses the next hop from: a finger
	// and its next Candidates−1 successors ([ToN03] §V-F), at most Successors;
	// 0 and 1: the finger. Above 1, RoundTrip says how near two nodes are, the
	// same at any time, and Out.Followers holds the table.
	Candidates int
	RoundTrip  func(a, b Addr) int64

	// NoFingers has no finger refreshed, whatever the rules: for hosts to whom
	// only the cyclic order of identifiers matters.
	NoFingers bool

	// RoundsOff stops the periodic rounds; Frozen stops every change of
	// routing state that lookups and timeouts would cause as well. Both
	// are switched by the host between events.
	RoundsOff bool
	Frozen    bool
}

// Period is how often a timer fires: each interval is drawn uniformly from
// Every ± Jitter, both in nanoseconds, and the first one from [0, Every).
// Every = 0 means never.
type Period struct{ Every, Jitter int64 }

// Mask returns the largest identifier of the ring.
func (c *Config) Mask() uint64 { return Mask(c.Bits) }

// Rules are the points in which the published forms of Chord differ. A
// preset is a value of this type; each field can be set on its own.
type Rules struct {
	Join               JoinRule
	JoinStabilizes     bool // a new member stabilizes at once
	FirstRound         FirstRoundRule
	BetterSuccessor    BetterSuccessorRule
	Chase              bool // having adopted a better successor, a node stabilizes again at once
	DeadSuccessor      DeadSuccessorRule
	Rejoin             bool // a cut-off node joins again through the bootstrap
	Notify             NotifyRule
	ClearPredecessor   bool // check_predecessor empties a dead one
	TellOldPredecessor bool // the predecessor that was replaced is told by whom
	Refresh            RefreshRule
	FingerOrder        FingerOrder
	TimedOutEntry      TimedOutEntryRule
	RefreshTells       bool // a lookup that refreshes a finger tells of the dead, too, as a user's does
	Leave              LeaveRule
	Busy               bool // a node in a stabilization answers state queries with "busy" ([Verdi])
}

// JoinRule is what a joiner learns before it is a member.
type JoinRule uint8

const (
	JoinSuccessor        JoinRule = iota // its successor only ([SIGCOMM01] Fig. 7)
	JoinSuccessorList                    // its successor, that one's list, its fingers as hints ([ToN03])
	JoinPredecessorList                  // the list of the member it comes after, in one answer ([Zave17])
	JoinThroughSuccessor                 // successor looked up, then asked for its list ([Verdi])
	JoinShiftedList                      // its successor, and that one's list without its last entry ([E-Chord])
	JoinSuccessorAlive                   // its successor only, if that one answers a ping ([Zave12] with join repaired)
)

// FirstRoundRule is when the periodic timers of a new member fire first.
type FirstRoundRule uint8

const (
	FirstRoundPhase  FirstRoundRule = iota // at a uniform phase of the period, so that rounds are spread over it
	FirstRoundPeriod                       // one whole period after it became a member ([E-Chord])
)

// BetterSuccessorRule is what a node does when its successor names a
// predecessor that lies between the two.
type BetterSuccessorRule uint8

const (
	BetterAdopt      BetterSuccessorRule = iota // adopts it unseen ([SIGCOMM01])
	BetterAdoptAlive                            // adopts it if it answers a ping ([ToN03])
	BetterAsk                                   // adopts it together with its list, in one step ([Zave17])
	BetterPoll                                  // polls every other predecessor; tells the successor of a dead one ([E-Chord])
)

// DeadSuccessorRule is what a node does when its successor does not answer.
type DeadSuccessorRule uint8

const (
	DeadKeep      DeadSuccessorRule = iota // keeps it for ever ([SIGCOMM01] Fig. 7)
	DeadNext                               // takes the next entry that answers; the last one stays ([SIGCOMM01] §5.2)
	DeadReconcile                          // takes the next entry and copies its list; exhausted: the nearest live finger, else itself ([ToN03])
	DeadDrop                               // drops it and stabilizes with the next; exhausted: cut off ([Zave17])
	DeadJoinAgain                          // takes the next entry, the last one untried: without a list it joins again ([E-Chord])
	DeadUpdate                             // stabilize keeps it; update takes the next entry; the last one stays ([Zave12])
)

// NotifyRule is when a notifier becomes the predecessor.
type NotifyRule uint8

const (
	NotifyCloser  NotifyRule = iota // when there is none or the notifier is closer ([SIGCOMM01] Fig. 7)
	NotifyRectify                   // also when the old one does not answer a ping ([Zave17] rectify)
)

// RefreshRule is what a stabilization round refreshes beside the successor.
type RefreshRule uint8

const (
	RefreshList      RefreshRule = iota // the whole list, copied from the successor
	RefreshEntry                        // one distinct entry of list and fingers, round robin ([ToN03])
	RefreshFingers                      // the whole list and all fingers ([SIGCOMM01] §6.5)
	RefreshListEntry                    // then one entry of the list in turn, then one finger ([E-Chord])
	RefreshReconcile                    // then the second entry; a better successor leaves it as it is ([Zave12], lists of 2)
)

// FingerOrder is which finger fix_fingers takes next.
type FingerOrder uint8

const (
	FingerFarthest FingerOrder = iota // in turn, farthest first, each distinct entry once
	FingerRandom                      // a random one ([SIGCOMM01] Fig. 7)
)

// TimedOutEntryRule is what becomes of an entry that timed out in a lookup,
// at the node that timed out on it and at the node that named it.
type TimedOutEntryRule uint8

const (
	TimedOutKeep          TimedOutEntryRule = iota // it stays until it is refreshed ([SIGCOMM01])
	TimedOutRemove                                 // it is removed ([ToN03])
	TimedOutRemoveFingers                          // fingers only; the list belongs to the holder's own maintenance ([Zave17])
)

// LeaveRule is what a voluntary leaver tells whom.
type LeaveRule uint8

const (
	LeaveSilent    LeaveRule = iota // nobody
	LeaveToN                        // predecessor and successor ([ToN03] §IV-E.5)
	LeaveCorrected                  // the predecessor, which takes over the whole list
)

// CheckLists says why lists cannot have r entries under the rules; lists of two can
// under all of them.
func (rules *Rules) CheckLists(r int) error {
	switch {
	case rules.Refresh == RefreshReconcile && r != 2:
		return fmt.Errorf("by refresh: reconcile a node knows a second successor and no more, and lists have length %d here", r)
	case rules.DeadSuccessor == DeadUpdate && r < 2:
		return fmt.Errorf("by dead_successor: update the second successor takes the place of the first, and lists have length %d here", r)
	}
	return nil
}

// Preset returns the rules, the number of sends before a peer counts as
// dead and whether the name is known. r is the list's length: the rules of
// [SIGCOMM01] differ between Fig. 7 (r = 1) and §5.2 (r > 1), and those of
// [Zave12] are about lists of 2. That model with its two repairs has
// JoinSuccessorAlive and BetterAdoptAlive.
func Preset(name string, r int) (rules Rules, tries int, ok bool) {
	switch name {
	case "sigcomm2001":
		rules = Rules{
			Join:            JoinSuccessor,
			BetterSuccessor: BetterAdopt,
			DeadSuccessor:   DeadKeep,
			Notify:          NotifyCloser,
			Refresh:         RefreshFingers,
			FingerOrder:     FingerRandom,
			TimedOutEntry:   TimedOutKeep,
			RefreshTells:    true,
			Leave:           LeaveSilent,
		}
		if r > 1 {
			rules.DeadSuccessor = DeadNext
		}
		return rules, 1, true
	case "ton2003":
		return Rules{
			Join:               JoinSuccessorList,
			JoinStabilizes:     true,
			BetterSuccessor:    BetterAdoptAlive,
			Chase:              true,
			DeadSuccessor:      DeadReconcile,
			Notify:             NotifyCloser,
			ClearPredecessor:   true,
			TellOldPredecessor: true,
			Refresh:            RefreshEntry,
			FingerOrder:        FingerFarthest,
			TimedOutEntry:      TimedOutRemove,
			RefreshTells:       true,
			Leave:              LeaveToN,
		}, 1, true
	case "corrected":
		return Rules{
			Join:             JoinPredecessorList,
			JoinStabilizes:   true,
			BetterSuccessor:  BetterAsk,
			Chase:            true,
			DeadSuccessor:    DeadDrop,
			Rejoin:           true,
			Notify:           NotifyRectify,
			ClearPredecessor: true,
			Refresh:          RefreshList,
			FingerOrder:      FingerFarthest,
			TimedOutEntry:    TimedOutRemoveFingers,
			RefreshTells:     true,
			Leave:            LeaveCorrected,
		}, 2, true
	case "echord":
		return Rules{
			Join:            JoinShiftedList,
			FirstRound:      FirstRoundPeriod,
			BetterSuccessor: BetterPoll,
			DeadSuccessor:   DeadJoinAgain,
			Rejoin:          true,
			Notify:          NotifyCloser,
			Refresh:         RefreshListEntry,
			FingerOrder:     FingerRandom,
			TimedOutEntry:   TimedOutKeep,
			RefreshTells:    true,
			Leave:           LeaveSilent,
		}, 1, true
	case "zave2012":
		return Rules{
			Join:             JoinSuccessor,
			BetterSuccessor:  BetterAdopt,
			DeadSuccessor:    DeadUpdate,
			Notify:           NotifyCloser,
			ClearPredecessor: true,
			Refresh:          RefreshReconcile,
			FingerOrder:      FingerFarthest,
			TimedOutEntry:    TimedOutKeep,
			RefreshTells:     true,
			Leave:            LeaveSilent,
		}, 1, true
	}
	return Rules{}, 0, false
}
