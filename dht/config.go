package dht

// Config is what the stored keys of a ring have in common. It is shared by all
// nodes and not changed while any of them steps. Times are virtual nanoseconds.
type Config struct {
	Replicas    int // k: a key is held by its owner and the k−1 nodes after it, 1 to MaxReplicas
	WriteQuorum int // of the k: a put is acknowledged when so many hold it, 1 to k

	// Repair is the time within which every copy is checked against its owner,
	// if both are there: two rounds of a node fit into it. 0: never.
	Repair int64

	Timeout  int64 // an answer later than this is none
	Tries    int   // sends before a peer counts as dead, at least 1
	Deadline int64 // an operation begins no new attempt after this
	Pause    int64 // between two attempts

	HandOver HandOverRule

	// Two rules to be broken on purpose, so that it shows what they are worth.
	AcknowledgeEarly bool // a put is acknowledged before its quorum holds it
	DropEarly        bool // a copy is dropped when it is offered, not when it has been taken over
}

// MaxReplicas is the most copies of a key.
const MaxReplicas = 16

// HandOverRule is how keys change hands.
type HandOverRule uint8

const (
	// HandOverSafe copies first, deletes when the new holders have
	// acknowledged, sends requests that come to the wrong node on to the right
	// one, and repairs.
	HandOverSafe HandOverRule = iota
	// HandOverEChord is E-Chord's: batches are acknowledged on receipt, nobody
	// asks whether a node owns what it is given, later values replace earlier
	// ones as they arrive, a leaver gives its keys away once, nothing is tried
	// twice.
	HandOverEChord
)

// versions reports whether a record replaces only an older one.
func (c *Config) versions() bool { return c.HandOver == HandOverSafe }

// readQuorum is how many copies a reader has to see where it cannot ask the
// owner: so many meet every write quorum.
func (c *Config) readQuorum() int { return c.Replicas - c.WriteQuorum + 1 }

// round is the interval of a node's repair rounds: two of them leave an eighth
// of Config.Repair for the exchange itself. It is the same at all nodes, so that
// an owner vouches for a copy once in each interval of its holder.
func (c *Config) round() int64 { return c.Repair / 16 * 7 }
