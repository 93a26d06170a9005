// Package sim is virtual time for millions of actors: a deterministic
// discrete-event engine, its random streams and its network models. It knows
// nothing of the protocol that runs on it.
//
// # What it promises
//
//  1. Events are handled in the total order of (time, sender, sender's own
//     number). No global counter and no order of insertion ever decides.
//  2. What an actor sees is a function of the configuration and the seed alone:
//     not of the number of shards, of workers, or of where Run was cut.
//  3. Time is an int64 of nanoseconds, and nothing travels into the past: an
//     attempt is a panic, never a silent delay.
//  4. A draw depends on (seed, actor, purpose, number of the draw) only, so that
//     one actor's draws never shift another's.
//  5. In the steady state nothing allocates: every structure is a slab with a
//     free list and grows in blocks that are never copied.
//
// # How it works
//
// Actors are divided into shards, each a contiguous block of addresses with a
// queue, a slab of messages and an arena of lists of its own. The engine takes
// the earliest pending event over all shards, opens a window as long as the
// least latency of the network, and lets every shard handle its events inside
// it: nothing sent inside a window can arrive inside it, so the shards need not
// know of each other until it ends. Then they read their mail, and the
// coordinator, alone, has a barrier.
//
// # Order of reading
//
// time.go (the order), stream.go (random numbers), digest.go, entry.go, queue.go
// and chunks.go (the calendar of pending events), arena.go (where messages and
// lists lie), shard.go (the loop), workers.go (the barrier), engine.go (windows),
// faults.go and held.go (what goes wrong), footprint.go (what it all takes).
package sim
