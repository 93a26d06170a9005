package chord

// timerKind is what a timer is for. Its data is packed into 63 bits: the kind
// in 5, a slot in 26 and a number in 32.
type timerKind uint8

const (
	timerStabilize timerKind = iota + 1
	timerFixFingers
	timerCheckPredecessor
	timerCall     // slot: the purpose; number: the call
	timerContact  // slot: the lookup's; number: the contact's call
	timerDeadline // slot: the lookup's; number: the lookup's
	timerJoin     // number: the incarnation; look up again

	// TimerHost and above belong to the host: a node never sees them.
	TimerHost = 24
)

var timerLabels = [...]string{
	timerStabilize: "stabilize", timerFixFingers: "fix_fingers", timerCheckPredecessor: "check_predecessor",
	timerCall: "timeout", timerContact: "lookup_timeout", timerDeadline: "lookup_deadline", timerJoin: "join",
}

// TimerName returns what a timer of a node is for, given its kind.
func TimerName(kind uint8) string {
	if int(kind) < len(timerLabels) {
		return timerLabels[kind]
	}
	return "unknown"
}

const maxSlot = 1<<26 - 1

// TimerData packs the data of a timer.
func TimerData(kind uint8, slot, number uint32) uint64 {
	return uint64(kind)<<58 | uint64(slot)<<32 | uint64(number)
}

// TimerParts unpacks it.
func TimerParts(data uint64) (kind uint8, slot, number uint32) {
	return uint8(data >> 58 & 31), uint32(data >> 32 & maxSlot), uint32(data)
}

func (o *Out) timer(at int64, kind timerKind, slot, number uint32) {
	o.Timers = append(o.Timers, Timer{At: at, Data: TimerData(uint8(kind), slot, number)})
}

// First returns the phase of a period: uniform in [0, Every).
func (p Period) First(draw uint64) int64 { return scale(draw, uint64(p.Every)) }

// Next returns one interval: uniform in [Every − Jitter, Every + Jitter].
func (p Period) Next(draw uint64) int64 {
	if p.Jitter == 0 {
		return p.Every
	}
	return p.Every - p.Jitter + scale(draw, uint64(2*p.Jitter)+1)
}
