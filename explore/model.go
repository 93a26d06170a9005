package explore

import (
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"strings"

	"chordsim/chord"
)

// MaxIDs is the greatest number of identifiers that can be explored, MaxList
// the longest successor list.
const (
	MaxIDs  = 8
	MaxList = 6
)

// Grain is how finely events are told apart.
type Grain uint8

// The grains. Atomic: a query and its answer are one event, and an event has
// one query at most; notifies are apart. Messages: every message is delivered
// by an event of its own.
const (
	Messages Grain = iota
	Atomic
)

var grainNames = [...]string{"messages", "atomic"}

func (g Grain) String() string { return grainNames[g] }

// ParseGrain reads a grain by its name.
func ParseGrain(name string) (Grain, error) {
	i := slices.Index(grainNames[:], name)
	if i < 0 {
		return 0, fmt.Errorf("there is no grain %q; there are %s", name, strings.Join(grainNames[:], ", "))
	}
	return Grain(i), nil
}

// Guard is which members may crash.
type Guard uint8

// GuardOn: only those without whom the assumptions of the proof still hold,
// lists in flight counted ([chord.Guard]). GuardBlind: the same, with the
// lists of members alone. GuardEntries: every other member keeps a live entry,
// and no more is asked ([Zave12], event F). GuardOff: any but the last one.
const (
	GuardOn Guard = iota
	GuardOff
	GuardBlind
	GuardEntries
)

var guardNames = [...]string{"on", "off", "blind", "entries"}

func (g Guard) String() string { return guardNames[g] }

// ParseGuard reads a guard by its name.
func ParseGuard(name string) (Guard, error) {
	i := slices.Index(guardNames[:], name)
	if i < 0 {
		return 0, fmt.Errorf("there is no guard %q; there are %s", name, strings.Join(guardNames[:], ", "))
	}
	return Guard(i), nil
}

// Model is the ring to explore and what may happen to it.
type Model struct {
	IDs        int // identifiers there are, 1 to MaxIDs
	Successors int // r, 1 to MaxList
	Rules      chord.Rules
	Grain      Grain
	Perfect    bool // the detector: a question to who is not there is reported; else any question may time out
	Guard      Guard
	Checks     bool  // check_predecessor, if it clears the predecessor: rectify replaces a dead one without it
	Drops      bool  // notifies may be lost
	Many       bool  // any number of notifies of one node to another may be on the way; else one stands for all
	Late       bool  // a notify on its way to who crashes may arrive at its next life; else it is dropped
	Start      []int // members of the ideal ring to begin with; none: every ring of r+1 there is
}

// Validate returns everything that is wrong with the model, joined.
func (m *Model) Validate() error {
	var bad []error
	add := func(format string, args ...any) { bad = append(bad, fmt.Errorf(format, args...)) }
	if m.IDs < 1 || m.IDs > MaxIDs {
		add("ids is %d: want 1 to %d", m.IDs, MaxIDs)
	}
	if m.Successors < 1 || m.Successors > MaxList {
		add("successors is %d: want 1 to %d", m.Successors, MaxList)
	}
	if len(m.Start) == 0 && m.IDs >= 1 && m.Successors >= m.IDs {
		add("a ring of successors + 1 = %d members does not fit into %d ids; name the members to start with", m.Successors+1, m.IDs)
	}
	if m.Rules.DeadSuccessor == chord.DeadJoinAgain || m.Rules.BetterSuccessor == chord.BetterPoll || m.Rules.Refresh == chord.RefreshListEntry {
		add("rules of echord rest on fingers and lookups, which are not explored; take another preset")
	}
	if m.Rules.Join == chord.JoinShiftedList {
		add("by join: shifted_list a joiner drops an entry that others would have no room for, and states are told apart without those; take another rule")
	}
	if err := m.Rules.CheckLists(m.Successors); err != nil {
		bad = append(bad, err)
	}
	for i, s := range m.Start {
		switch {
		case s < 0 || s >= m.IDs:
			add("start: %d is no identifier below %d", s, m.IDs)
		case slices.Contains(m.Start[:i], s):
			add("start: %d is there twice", s)
		}
	}
	return errors.Join(bad...)
}

// config is the model in words of the protocol. Fingers are off, so that only
// the cyclic order of identifiers matters. Who is cut off stays so: the proof
// assumes that it never happens, and coming back through a bootstrap is beyond
// it. One send stands for all tries.
func (m *Model) config() chord.Config {
	rules := m.Rules
	rules.Rejoin = false
	rules.ClearPredecessor = rules.ClearPredecessor && m.Checks
	if rules.Refresh == chord.RefreshFingers {
		rules.Refresh = chord.RefreshList
	}
	cfg := chord.Config{
		Bits: max(1, bits.Len(uint(m.IDs-1))), Successors: m.Successors, Rules: rules, Tries: 1,
		Perfect: m.Perfect, LookupDeadline: 1, NoFingers: true,
	}
	if !m.Perfect {
		cfg.RPCTimeout = 1
	}
	return cfg
}

// starts are the sets of members that the search begins with.
func (m *Model) starts() [][]int {
	if len(m.Start) > 0 {
		members := slices.Clone(m.Start)
		slices.Sort(members)
		return [][]int{members}
	}
	var all [][]int
	for set := range 1 << m.IDs {
		if bits.OnesCount(uint(set)) != m.Successors+1 {
			continue
		}
		var members []int
		for i := range m.IDs {
			if set>>i&1 != 0 {
				members = append(members, i)
			}
		}
		all = append(all, members)
	}
	return all
}

// eager reports whether rounds begin as early as they may. That loses nothing
// where only a node's own round changes its list, and where nobody's answer depends on
// whether it is in one.
func (m *Model) eager() bool {
	return !m.parts() && !m.Rules.Busy && !m.Rules.TellOldPredecessor && m.Rules.Refresh != chord.RefreshEntry
}

// parts reports whether maintenance comes in parts, each an event of its own
// ([Zave12]): stabilize, reconcile, update, flush. Under grain Atomic such an
// event has all of its queries answered.
func (m *Model) parts() bool {
	return m.Rules.Refresh == chord.RefreshReconcile || m.Rules.DeadSuccessor == chord.DeadUpdate
}
