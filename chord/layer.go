package chord

// What a layer above the ring has of this package: numbers for its own kinds of
// messages and timers, the node's output to put its messages into, and lookups
// that end with the owners named instead of contacted. A layer is a state
// machine beside the node, with the node's address; the host hands it what
// carries its numbers.

// Kinds of messages of the layers: from LayerKinds on none is the ring's.
const (
	LayerKinds Kind = 32
	SeedKinds       = LayerKinds     // of the seed server and its clients
	DataKinds       = LayerKinds + 8 // of stored keys
	MaxKinds        = 64             // the end of all kinds
)

// Timers of the layers: from LayerTimers on none is the node's, from TimerHost
// on none is a layer's.
const (
	LayerTimers = 16
	SeedTimers  = LayerTimers
	DataTimers  = LayerTimers + 2
)

// Layer reports whether a kind belongs to a layer above the ring.
func (k Kind) Layer() bool { return k >= LayerKinds }

// Send queues a message of a layer and returns it to be filled in. The pointer
// is good until the next Send.
func (o *Out) Send(to Addr, kind Kind) *Message { return o.send(to, kind) }

// Attach puts a list, of at most MaxSuccessors elements, beside the message
// queued last.
func (o *Out) Attach(list []Peer) {
	o.beginList()
	o.Peers = append(o.Peers, list...)
	o.endList()
}

// Wake queues a timer of a layer.
func (o *Out) Wake(at int64, kind uint8, slot, number uint32) {
	o.timer(at, timerKind(kind), slot, number)
}

// Owners returns what a lookup with FlagList has named: the owner and those who
// come after it, as far as the key's predecessor knew them.
func (o *Out) Owners(f *Finished) []Peer {
	return o.Peers[f.OwnersAt : f.OwnersAt+uint32(f.OwnersLen)]
}

// Fork derives the i-th further draw from the random bits of an event.
func Fork(draw uint64, i int) uint64 { return fork(draw, i) }
