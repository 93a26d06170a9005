package chord

import "strings"

// Property is one row of the table of verdicts (protocol §3).
type Property uint8

// The properties, in the order in which a report lists them. OneLiveSuccessor
// and SufficientPrincipals together are the inductive invariant of the
// corrected protocol ([Zave17]).
const (
	OneLiveSuccessor Property = iota
	AtLeastOneRing
	AtMostOneRing
	OrderedRing
	ConnectedAppendages
	SufficientPrincipals
	OrderedSuccessorLists
	NoDuplicates
	AntecedentPredecessors
	OrderedMerges
	OrderedAppendages
	ValidSuccessorList
	Ideal
	NumProperties int = iota
)

// propertyTable says for each property its name, how to check it, and whether
// maintenance can restore it.
var propertyTable = [NumProperties]struct {
	name       string
	check      func(*Snapshot) (bool, Peer)
	repairable bool
}{
	OneLiveSuccessor:       {"OneLiveSuccessor", (*Snapshot).OneLiveSuccessor, false},
	AtLeastOneRing:         {"AtLeastOneRing", (*Snapshot).AtLeastOneRing, false},
	AtMostOneRing:          {"AtMostOneRing", (*Snapshot).AtMostOneRing, false},
	OrderedRing:            {"OrderedRing", (*Snapshot).OrderedRing, false},
	ConnectedAppendages:    {"ConnectedAppendages", (*Snapshot).ConnectedAppendages, false},
	SufficientPrincipals:   {"SufficientPrincipals", (*Snapshot).SufficientPrincipals, true},
	OrderedSuccessorLists:  {"OrderedSuccessorLists", (*Snapshot).OrderedSuccessorLists, true},
	NoDuplicates:           {"NoDuplicates", (*Snapshot).NoDuplicates, true},
	AntecedentPredecessors: {"AntecedentPredecessors", (*Snapshot).AntecedentPredecessors, true},
	OrderedMerges:          {"OrderedMerges", (*Snapshot).OrderedMerges, true},
	OrderedAppendages:      {"OrderedAppendages", (*Snapshot).OrderedAppendages, true},
	ValidSuccessorList:     {"ValidSuccessorList", (*Snapshot).ValidSuccessorList, true},
	Ideal:                  {"Ideal", (*Snapshot).Ideal, true},
}

// String returns the papers' name of the property.
func (p Property) String() string { return propertyTable[p].name }

// Repairable reports whether a violation can heal by maintenance alone,
// without the rule that lets a cut-off node join again ([Zave12]: these five
// properties, once lost, are lost for good).
func (p Property) Repairable() bool { return propertyTable[p].repairable }

// Check judges one property: whether it holds, and a member at which it does
// not, where one is to blame.
func (s *Snapshot) Check(p Property) (bool, Peer) { return propertyTable[p].check(s) }

// Properties is a set of properties.
type Properties uint16

// ParseProperty returns the property of a name, and whether there is one.
func ParseProperty(name string) (Property, bool) {
	for p := range Property(NumProperties) {
		if p.String() == name {
			return p, true
		}
	}
	return 0, false
}

// Has reports whether the set contains p.
func (set Properties) Has(p Property) bool { return set>>p&1 != 0 }

// With returns the set with p in it.
func (set Properties) With(p Property) Properties { return set | 1<<p }

// String lists the set's properties, separated by blanks.
func (set Properties) String() string {
	var names []string
	for p := range Property(NumProperties) {
		if set.Has(p) {
			names = append(names, p.String())
		}
	}
	return strings.Join(names, " ")
}

const (
	everyProperty = Properties(1)<<NumProperties - 1
	// invariant is [Zave17]'s inductive invariant.
	invariant = Properties(1)<<OneLiveSuccessor | 1<<SufficientPrincipals
)

// Word is the state of a ring in one word.
type Word string

// The words, from best to worst. A ring gets the last that fits: several
// rings with one cut-off member are broken, and Report.Rings still says how
// many there are.
const (
	WordIdeal  Word = "ideal"  // one ordered ring of all members, every pointer right
	WordRing   Word = "ring"   // one ordered ring, all attached, not ideal
	WordLoopy  Word = "loopy"  // one cycle that winds around more than once
	WordSplit  Word = "split"  // several rings, every member on or attached to one
	WordBroken Word = "broken" // no ring, or a member without a live successor
)

// Report is every verdict on one snapshot. Shares are left to the caller: the
// totals are Members for successors and predecessors, ListEntries for entries.
type Report struct {
	Word Word
	// Holds is the set of properties that hold.
	Holds Properties

	Members    int
	Principals int
	CutOff     int // members without a live successor
	Rings      int // cycles of b

	// RightSuccessors counts the members whose list begins with the next
	// member, RightPredecessors those whose predecessor is the one before;
	// both are itself for a node alone.
	RightSuccessors   int
	RightPredecessors int
	// RightListEntries counts the places k in lists that hold the k-th
	// successor, of ListEntries = N·min(r, N−1); a missing entry is wrong,
	// one beyond the places is not counted.
	RightListEntries int64
	ListEntries      int64
}

// Report judges everything: O(N·r), about a dozen passes.
func (s *Snapshot) Report() Report {
	r := Report{
		Members:    s.Len(),
		Principals: s.Principals(),
		CutOff:     s.CutOff(),
		Rings:      s.Rings(),
	}
	for p := range Property(NumProperties) {
		if ok, _ := s.Check(p); ok {
			r.Holds = r.Holds.With(p)
		}
	}
	r.Word = wordFor(r.Holds)
	s.countRight(&r)
	return r
}

// countRight fills in the shares.
func (s *Snapshot) countRight(r *Report) {
	alone := s.Len() == 1
	for i := range s.rows {
		at := int32(i)
		if s.heads(at, s.after(at)) {
			r.RightSuccessors++
		}
		if s.rows[i].pred == s.before(at) {
			r.RightPredecessors++
		}
		if !alone {
			r.RightListEntries += int64(s.rightEntries(at))
			r.ListEntries += int64(s.fullList())
		}
	}
}

func wordFor(holds Properties) Word {
	switch {
	case !holds.Has(AtLeastOneRing) || !holds.Has(OneLiveSuccessor):
		return WordBroken
	case !holds.Has(AtMostOneRing):
		return WordSplit
	case !holds.Has(OrderedRing):
		return WordLoopy
	case !holds.Has(Ideal):
		return WordRing
	}
	return WordIdeal
}

// Word judges only what the word needs.
func (s *Snapshot) Word() Word {
	var holds Properties
	for _, p := range [...]Property{OneLiveSuccessor, AtLeastOneRing, AtMostOneRing, OrderedRing, Ideal} {
		if ok, _ := s.Check(p); ok {
			holds = holds.With(p)
		}
	}
	return wordFor(holds)
}

// IsIdeal reports whether the ring is ideal. It stops at the first member
// that is not, so that waiting for a ring to heal can ask once a virtual
// second.
func (s *Snapshot) IsIdeal() bool {
	ok, _ := s.Ideal()
	return ok
}

// Invariant reports [Zave17]'s inductive invariant: OneLiveSuccessor and
// SufficientPrincipals.
func (r *Report) Invariant() bool { return r.Holds&invariant == invariant }

// Violated returns the set of properties that do not hold.
func (r *Report) Violated() Properties { return everyProperty &^ r.Holds }

// Unrepairable returns the violated properties that maintenance cannot
// restore.
func (r *Report) Unrepairable() Properties {
	var set Properties
	for p := range Property(NumProperties) {
		if !r.Holds.Has(p) && !p.Repairable() {
			set = set.With(p)
		}
	}
	return set
}

// Repairable reports whether maintenance alone, without the rejoin rule, can
// still make the ring ideal, as far as the snapshot tells.
func (r *Report) Repairable() bool { return r.Unrepairable() == 0 }

// String returns the word, then what is violated, then which of it the
// protocol cannot repair.
func (r *Report) String() string {
	var b strings.Builder
	b.WriteString(string(r.Word))
	if v := r.Violated(); v != 0 {
		b.WriteString("; violated: " + v.String())
	}
	if v := r.Unrepairable(); v != 0 {
		b.WriteString("; not repairable by the protocol: " + v.String())
	}
	return b.String()
}
