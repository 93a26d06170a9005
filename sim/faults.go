package sim

import (
	"math/bits"
	"slices"
)

// Faults are the faults in force on the links between actors and on the actors
// themselves. All shards read the same set; it changes only at a barrier. What a
// fault on a link does to a message is decided when the message is sent: one that
// is under way when a fault begins arrives as if there were none, and one that was
// sent while it lasted keeps what it was given after it has ended. What a fault on
// an actor does is decided when an event comes to it (held.go) or, for its clock,
// when it sets a timer.
//
// Draws are from a stream of each fault's own, by the message's number, so that
// neither another fault nor another message shifts them.
type Faults struct {
	seed uint64
	last FaultID

	partitions   []inForce[Partition]
	losses       []inForce[Loss]
	duplications []inForce[Duplication]
	reorderings  []inForce[Reordering]
	spikes       []inForce[Spike]
	slownesses   []inForce[Slowness]
	pauses       []inForce[Pause]
	drifts       []inForce[Drift]

	resume func() // serves who is held by nothing any more; nil without an engine
}

// FaultID tells the faults of a run apart; 0 is none's.
type FaultID uint64

// purposeFault is that of the faults' streams, with the fault as actor: the bytes
// of its name.
const purposeFault = 0x6661756c74 // "fault"

// NewFaults returns a set in which no fault is in force.
func NewFaults(seed uint64) *Faults { return &Faults{seed: seed} }

// Fault is *one* thing that goes wrong: Partition, Loss, Duplication, Reordering,
// Spike, Slowness, Pause or Drift.
type Fault interface {
	begin(f *Faults, id FaultID)
}

// Partition loses all messages between its groups. An actor is in one group at most;
// a bridge, and who is in no group, reaches all and is reached by all.
type Partition struct {
	Groups []Actors
	Rest   bool   // who is in none of them is in one more, the last
	Bridge Actors // who is here is in none
	OneWay bool   // only what goes from a group to a later one is lost
}

// Links are the ways from an actor of From to one of To; no set at all stands for
// all actors.
type Links struct {
	From, To Actors
	Both     bool // and the ways back
}

// Chance is a probability of Num/Den; Num ≤ Den, Den > 0.
type Chance struct{ Num, Den uint64 }

// Loss loses each message with a probability.
type Loss struct {
	Links
	Chance
}

// Duplication lets a message arrive a second time, with a delay of its own.
type Duplication struct {
	Links
	Chance
}

// Reordering delays a share of the messages by a uniform time of 1 ns to Most, so
// that later ones overtake them; Most > 0.
type Reordering struct {
	Links
	Chance
	Most Time
}

// Spike delays a share of the messages by By > 0, all by the same.
type Spike struct {
	Links
	Chance
	By Time
}

// Slowness lets actors take a time, Each > 0, to process a message. What comes
// meanwhile waits its turn, first come first served; timers do not wait.
type Slowness struct {
	Of   Actors
	Each Time
}

// Pause lets actors process nothing. Messages and timers wait until the end, and
// are then handled in the order in which they came, one a nanosecond.
type Pause struct{ Of Actors }

// Drift lets the clocks of actors run Num/Den times as fast as they should: a timer
// of 10 s comes after 10 s · Den/Num. It is about timers set while it lasts.
// Num > 0, Den > 0.
type Drift struct {
	Of       Actors
	Num, Den uint64
}

// inForce is a fault with its number and its stream.
type inForce[F any] struct {
	id    FaultID
	draws Stream
	fault F
}

func enforce[F any](f *Faults, list *[]inForce[F], id FaultID, fault F) {
	*list = append(*list, inForce[F]{id, NewStream(f.seed, uint64(id), purposeFault), fault})
}

func (p Partition) begin(f *Faults, id FaultID)   { enforce(f, &f.partitions, id, p) }
func (l Loss) begin(f *Faults, id FaultID)        { enforce(f, &f.losses, id, l) }
func (d Duplication) begin(f *Faults, id FaultID) { enforce(f, &f.duplications, id, d) }
func (r Reordering) begin(f *Faults, id FaultID)  { enforce(f, &f.reorderings, id, r) }
func (s Spike) begin(f *Faults, id FaultID)       { enforce(f, &f.spikes, id, s) }
func (s Slowness) begin(f *Faults, id FaultID)    { enforce(f, &f.slownesses, id, s) }
func (d Drift) begin(f *Faults, id FaultID)       { enforce(f, &f.drifts, id, d) }
func (p Pause) begin(f *Faults, id FaultID) {
	enforce(f, &f.pauses, id, Pause{slices.Clone(p.Of)}) // Died changes it
}

// Begin puts a fault in force, beside those that are. Call it at a barrier.
func (f *Faults) Begin(fault Fault) FaultID {
	f.last++
	fault.begin(f, f.last)
	return f.last
}

// End ends a fault, and reports whether it was in force. Call it at a barrier.
func (f *Faults) End(id FaultID) bool {
	ended := lift(&f.partitions, id) || lift(&f.losses, id) || lift(&f.duplications, id) || lift(&f.reorderings, id) ||
		lift(&f.spikes, id) || lift(&f.slownesses, id) || lift(&f.pauses, id) || lift(&f.drifts, id)
	f.wake()
	return ended
}

func lift[F any](list *[]inForce[F], id FaultID) bool {
	n := len(*list)
	*list = slices.DeleteFunc(*list, func(x inForce[F]) bool { return x.id == id })
	return len(*list) < n
}

// Died says that the process of an actor is no more: no pause holds it, and what
// waited for it goes to whoever is found at its address. Call it at a barrier.
func (f *Faults) Died(a Addr) {
	paused := false
	for i := range f.pauses {
		paused = paused || f.pauses[i].fault.Of.Has(a)
		f.pauses[i].fault.Of.remove(a)
	}
	if paused {
		f.wake()
	}
}

func (f *Faults) wake() {
	if f.resume != nil {
		f.resume()
	}
}

// has reports whether the way from one actor to another is among the links.
func (l *Links) has(from, to Addr) bool {
	return among(l.From, from) && among(l.To, to) || l.Both && among(l.From, to) && among(l.To, from)
}

func among(s Actors, a Addr) bool { return s == nil || s.Has(a) }

// hit draws once.
func (c Chance) hit(draw uint64) bool {
	hi, _ := bits.Mul64(draw, c.Den)
	return hi < c.Num
}

// cuts reports whether no message gets from one actor to the other.
func (p *Partition) cuts(from, to Addr) bool {
	a, b := p.group(from), p.group(to)
	return a >= 0 && b >= 0 && (a < b || a > b && !p.OneWay)
}

// group is the index of the actor's group, −1 for a bridge.
func (p *Partition) group(a Addr) int {
	if p.Bridge.Has(a) {
		return -1
	}
	i := slices.IndexFunc(p.Groups, func(g Actors) bool { return g.Has(a) })
	if i < 0 && p.Rest {
		return len(p.Groups)
	}
	return i
}

// Lost reports whether the faults lose the n-th message of an actor: n is the
// sender's address << 32 | the message's number.
func (f *Faults) Lost(from, to Addr, n uint64) bool {
	for i := range f.partitions {
		if f.partitions[i].fault.cuts(from, to) {
			return true
		}
	}
	for i := range f.losses {
		if x := &f.losses[i]; x.fault.has(from, to) && x.fault.hit(x.draws.At(n)) {
			return true
		}
	}
	return false
}

// Twice reports whether the message is to arrive twice. The second is a message
// with a number of its own, that is neither lost nor doubled.
func (f *Faults) Twice(from, to Addr, n uint64) bool {
	for i := range f.duplications {
		if x := &f.duplications[i]; x.fault.has(from, to) && x.fault.hit(x.draws.At(n)) {
			return true
		}
	}
	return false
}

// Extra is what the faults add to the delay of the message: the sum of all that
// concern it.
func (f *Faults) Extra(from, to Addr, n uint64) Time {
	extra := Time(0)
	for i := range f.spikes {
		if x := &f.spikes[i]; x.fault.has(from, to) && x.fault.hit(x.draws.At(n)) {
			extra = extra.after(x.fault.By)
		}
	}
	for i := range f.reorderings {
		if x := &f.reorderings[i]; x.fault.has(from, to) && x.fault.hit(x.draws.At(n)) {
			extra = extra.after(1 + Time(Uniform(scramble(x.draws.At(n)), uint64(x.fault.Most))))
		}
	}
	return extra
}

// paused reports whether the actor processes nothing.
func (f *Faults) paused(a Addr) bool {
	for i := range f.pauses {
		if f.pauses[i].fault.Of.Has(a) {
			return true
		}
	}
	return false
}

// processing is the time that the actor takes for a message, 0 if it is not slow.
func (f *Faults) processing(a Addr) Time {
	each := Time(0)
	for i := range f.slownesses {
		if x := &f.slownesses[i]; x.fault.Of.Has(a) {
			each = each.after(x.fault.Each)
		}
	}
	return each
}

// clock is how long a timer of d takes by the actor's clock.
func (f *Faults) clock(a Addr, d Time) Time {
	for i := range f.drifts {
		x := &f.drifts[i]
		if !x.fault.Of.Has(a) {
			continue
		}
		hi, lo := bits.Mul64(uint64(d), x.fault.Den)
		if hi >= x.fault.Num {
			return Forever
		}
		q, _ := bits.Div64(hi, lo, x.fault.Num)
		d = Time(min(q, uint64(Forever)))
	}
	return d
}
