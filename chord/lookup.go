package chord

import "unsafe"

// Lookups are kept beside the nodes, in a table of the host's: a node may
// have any number of them under way and still be a small plain value. A
// record belongs to a node and a number; messages and timers carry the slot
// as well, and a slot whose record has another owner or number is stale.

type lookupPurpose uint8

const (
	lookupFree   lookupPurpose = iota
	lookupUser                 // CmdLookup
	lookupFinger               // fix_fingers
	lookupJoin                 // a joiner looks up its own identifier
	lookupRelay                // a hop of somebody else's recursive lookup, waiting for its ack
)

// lookup is one record.
type lookup struct {
	key       uint64
	start     int64
	named     int64 // when the owner's name came, under OwnerAnswers its own answer
	node      Addr
	number    uint32 // of the lookup
	contact   uint32 // of the request in flight, 0: none
	tag       uint32
	next      uint32 // free list
	walk      uint32 // index of its walk; 0: none
	initCall  uint32 // a relay's initiator
	initSlot  uint32
	initiator Addr
	to        Peer // the node in contact
	path      uint16
	timeouts  uint16
	contacts  uint16
	purpose   lookupPurpose
	phase     lookupPhase
	finger    uint8
	tries     uint8
	state     uint8
	wantList  bool
	deep      bool // the owner may be named from anywhere in a list
	byOwner   bool // the owner itself is to answer
	answerer  Peer // who has named the owner: of a relay set if its hop is the one to the owner
}

// lookupPhase is what the request in flight asks.
type lookupPhase uint8

const (
	contactNamed lookupPhase = iota // a node that was named, for the first time
	contactNamer                    // a node visited before, again
	contactOwner                    // the owner, whether it lives
)

// walk is the memory of a lookup that is steered by its holder: the nodes
// that timed out, the nodes visited, the owners named.
type walk struct {
	next     uint32
	nDead    uint8
	nVisited uint8
	nOwners  uint8
	owner    uint8 // the one in contact
	head     Peer  // the successor of the node visited last (Fallback)
	dead     [maxDead]Addr
	visited  [maxVisited]Peer
	owners   [MaxSuccessors]Peer // under Fallback the candidates, until an owner is named
}

// maxDead bounds the nodes one lookup may find dead; a lookup that has met
// more has failed. maxVisited bounds how far it can be led back.
const (
	maxDead    = 64
	maxVisited = 64
)

func (w *walk) visit(p Peer) {
	if w.nVisited == maxVisited {
		copy(w.visited[:], w.visited[1:])
		w.nVisited--
	}
	w.visited[w.nVisited] = p
	w.nVisited++
}

const blockBits = 8

// LookupBytes is what a lookup under way takes in a table, WalkBytes what one
// takes beside that which is steered by its holder: every iterative one, and
// every recursive hop that waits for its ack.
const (
	LookupBytes = int64(unsafe.Sizeof(lookup{}))
	WalkBytes   = int64(unsafe.Sizeof(walk{}))
)

// Lookups is the table of the lookups under way at the nodes of one host.
// The zero value is empty and ready.
type Lookups struct {
	records  [][]lookup
	walks    [][]walk
	free     uint32 // slot + 1 of the first free record
	freeWalk uint32
	active   int
}

// Active returns how many records are in use.
func (t *Lookups) Active() int { return t.active }

func (t *Lookups) at(slot uint32) *lookup {
	return &t.records[slot>>blockBits][slot&(1<<blockBits-1)]
}

// add makes a record for a lookup of node n.
func (t *Lookups) add(n *Node) (uint32, *lookup) {
	if t.free == 0 {
		base := uint32(len(t.records)) << blockBits
		if base > maxSlot {
			panic("chord: more than 2^26 lookups under way at one host")
		}
		block := make([]lookup, 1<<blockBits)
		for i := range block {
			block[i].next = base + uint32(i) + 2
		}
		block[len(block)-1].next = 0
		t.records = append(t.records, block)
		t.free = base + 1
	}
	slot := t.free - 1
	l := t.at(slot)
	t.free = l.next
	*l = lookup{node: n.Addr, number: n.nextCall()}
	t.active++
	return slot, l
}

// get returns the record of a node's lookup, nil if it is over.
func (t *Lookups) get(slot uint32, node Addr, number uint32) *lookup {
	if slot>>blockBits >= uint32(len(t.records)) {
		return nil
	}
	l := t.at(slot)
	if l.purpose == lookupFree || l.node != node || l.number != number {
		return nil
	}
	return l
}

// contact returns the record whose request in flight has the number.
func (t *Lookups) contact(slot uint32, node Addr, number uint32) *lookup {
	if slot>>blockBits >= uint32(len(t.records)) {
		return nil
	}
	l := t.at(slot)
	if l.purpose == lookupFree || l.node != node || l.contact != number || number == 0 {
		return nil
	}
	return l
}

// steer gives a record a walk.
func (t *Lookups) steer(l *lookup) *walk {
	if l.walk != 0 {
		return t.walkOf(l)
	}
	if t.freeWalk == 0 {
		base := uint32(len(t.walks)) << blockBits
		block := make([]walk, 1<<blockBits)
		for i := range block {
			block[i].next = base + uint32(i) + 2
		}
		block[len(block)-1].next = 0
		t.walks = append(t.walks, block)
		t.freeWalk = base + 1
	}
	l.walk = t.freeWalk
	w := t.walkOf(l)
	t.freeWalk = w.next
	w.nDead, w.nVisited, w.nOwners, w.owner, w.head = 0, 0, 0, 0, Peer{}
	return w
}

func (t *Lookups) walkOf(l *lookup) *walk {
	i := l.walk - 1
	return &t.walks[i>>blockBits][i&(1<<blockBits-1)]
}

func (t *Lookups) release(slot uint32, l *lookup) {
	if l.walk != 0 {
		t.walkOf(l).next = t.freeWalk
		t.freeWalk = l.walk
	}
	*l = lookup{next: t.free}
	t.free = slot + 1
	t.active--
}

// Users returns how many users' lookups are under way, those of layers left out.
func (t *Lookups) Users() int64 {
	n := int64(0)
	for _, block := range t.records {
		for i := range block {
			if block[i].purpose == lookupUser && !block[i].wantList {
				n++
			}
		}
	}
	return n
}

// Abandon ends every lookup of the nodes for which gone holds and hands the
// users' ones to each. The host calls it when nodes have crashed.
func (t *Lookups) Abandon(gone func(Addr) bool, each func(tag uint32, node Addr)) {
	for b := range t.records {
		for i := range t.records[b] {
			l := &t.records[b][i]
			if l.purpose == lookupFree || !gone(l.node) {
				continue
			}
			if l.purpose == lookupUser {
				each(l.tag, l.node)
			}
			t.release(uint32(b)<<blockBits|uint32(i), l)
		}
	}
}

// route is what a node knows of the way to a key.
type route uint8

const (
	routeNone   route = iota // nobody left
	routeNext                // the closest preceding node
	routeOwners              // the list from an entry on holds the owner
)

// find answers "who is next on the way to key, given that D is dead?"
// ([ToN03] §IV-E.3 closest_preceding_node over fingers and list). For
// routeOwners the second result is the index of the first owner in the list;
// further entries may still be in D.
func (n *Node) find(cfg *Config, key uint64, dead []Addr) (route, int, Peer) {
	first := -1
	for i := 0; i < int(n.listLen); i++ {
		if !contains(dead, n.listAddrs[i]) {
			first = i
			break
		}
	}
	if first >= 0 && BetweenRightIncl(n.ID, key, n.listIDs[first]) {
		return routeOwners, first, Peer{}
	}
	// A first entry that is not at or after the key comes before it and can be
	// named, so nobody is left only if the whole list is in D, or empty, and no
	// finger before the key is alive.
	if p := n.closestPreceding(cfg, key, dead); !p.None() {
		return routeNext, 0, p
	}
	return routeNone, 0, Peer{}
}

// closestPreceding returns the entry of fingers ∪ L closest before key that
// is not in dead. The list is in ring order, so a finger beyond its end is
// closer than any entry, and one before its end is the list's business, unless
// the whole list is dead.
func (n *Node) closestPreceding(cfg *Config, key uint64, dead []Addr) Peer {
	mask := cfg.Mask()
	limit := (Distance(n.ID, key, mask) - 1) & mask // the greatest distance before key
	var covered uint64                              // how far the list goes
	if k := int(n.listLen); k > 0 {
		covered = Distance(n.ID, n.listIDs[k-1], mask)
	}
	if at := n.farthestFinger(mask, covered, limit, dead); at >= 0 {
		return n.finger(at)
	}
	var best uint64
	at := -1
	for i := 0; i < int(n.listLen); i++ {
		d := Distance(n.ID, n.listIDs[i], mask)
		if d <= limit && d > best && !contains(dead, n.listAddrs[i]) {
			best, at = d, i
		}
	}
	if at >= 0 {
		return n.entry(at)
	}
	if at := n.farthestFinger(mask, 0, min(covered, limit), dead); at >= 0 {
		return n.finger(at)
	}
	return Peer{}
}

// farthestFinger returns the index of the stored finger at the greatest
// distance in (from, to] that is not in dead; −1 if there is none.
func (n *Node) farthestFinger(mask, from, to uint64, dead []Addr) int {
	at := -1
	for i := 0; i < int(n.fingerLen); i++ {
		d := Distance(n.ID, n.fingerIDs[i], mask)
		if d > from && d <= to && n.fingerAddrs[i] != 0 && !contains(dead, n.fingerAddrs[i]) {
			from, at = d, i
		}
	}
	return at
}

func contains(dead []Addr, a Addr) bool {
	for _, d := range dead {
		if d == a {
			return true
		}
	}
	return false
}
