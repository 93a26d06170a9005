package sim

import "unsafe"

// Load is how much is pending in an engine at its fullest instant.
type Load struct {
	Messages     int64
	Timers       int64
	ListElements int64 // beside all those messages together
}

// Footprint estimates the bytes that an engine of this configuration takes under a
// load: all but the handlers' own memory, to within a third where messages are under
// way for a window or two.
func Footprint[M, L any](c Config, load Load) int64 {
	const (
		link = int64(unsafe.Sizeof(uint32(0)))
		// A list lies in the next larger class, three quarters full where lengths are
		// spread, and a stack of free places has half again the room it needs.
		listSlack  = 4.0 / 3
		stackSlack = 3.0 / 2
		// A single worker sends straight into shards that have not yet handled, and so
		// not yet freed, what was for them in the same window.
		turnSlack = 3.0 / 2
		// Go's append leaves a large slice a quarter larger than it needs to be, and
		// mailboxes are as long as the fullest window made each.
		mailSlack = 3.0 / 2
		chunkSize = chunkLen*int64(unsafe.Sizeof(entry{})) + link
	)
	shards := int64(c.Layout().Shards)
	pending := load.Messages + load.Timers
	bytes := (int64(c.Actors) + 1) * int64(unsafe.Sizeof(actor{}))
	bytes += shards * int64(unsafe.Sizeof(queue{})+unsafe.Sizeof(chunkBlock{})+unsafe.Sizeof([slabBlockLen]slot[M]{}))
	bytes += pending / chunkLen * chunkSize
	// Every bucket in use has one chunk that is not full; of a few entries, if the
	// events are few.
	bytes += shards * min(pending/shards, slots) * chunkSize / 2
	held := load.Messages * (int64(unsafe.Sizeof(slot[M]{})) + int64(float64(link)*stackSlack))
	elements := int64(unsafe.Sizeof(*new(L))) * load.ListElements
	held += int64(float64(elements) * listSlack)
	switch {
	case shards == 1:
		bytes += held
	case c.Workers <= 1:
		bytes += int64(float64(held) * turnSlack)
	default:
		letters := load.Messages*int64(unsafe.Sizeof(letter[M]{})) + elements
		bytes += held + int64(float64(letters)*mailSlack)
	}
	return bytes
}
