package chord

// Bug is a mistake that a test build makes on purpose, so that it shows whether a
// search for mistakes finds it. Ordinary builds make none (planted_off.go).
type Bug uint8

// The bugs, each in one place.
const (
	NoBug           Bug = iota
	BugAdoptUnasked     // a better successor is adopted without asking it
	BugRectifyNever     // rectify never replaces a dead predecessor
	BugListUncut        // a list is not cut to its length
	BugStaleReply       // a reply to an earlier request is taken for the answer to this one
	BugNotifyAstray     // notify goes to the last entry of the list
	BugBetweenOff       // Between is off by one at its upper end
	NumBugs         int = iota
)

var bugNames = [NumBugs]string{
	NoBug:           "none",
	BugAdoptUnasked: "adopt without asking",
	BugRectifyNever: "rectify that never replaces a dead predecessor",
	BugListUncut:    "list not truncated",
	BugStaleReply:   "stale reply accepted",
	BugNotifyAstray: "notify to the wrong node",
	BugBetweenOff:   "off by one in between",
}

// String says in words what is wrong.
func (b Bug) String() string { return bugNames[b] }
