// Package dht stores keys on a ring of package chord: a second state machine
// beside each node, which puts, gets and deletes on behalf of clients, holds
// records, and hands them on when the ring changes. It knows nothing of networks,
// clocks or simulations.
//
// # What it promises
//
//   - [Store.Step] is the one way in for messages, commands and timers of this
//     layer; [Store.Observe] looks at a node after each step of the ring, and
//     [Store.Found] takes the end of a lookup. The same input gives the same
//     output.
//   - A [Holder] is a plain value; records lie in the [Store] of their host, which
//     has an explicit [Store.Clone] and a canonical encoding.
//   - Steps do not allocate once tables and buffers have grown.
//   - Under [HandOverSafe] a put is acknowledged when its quorum holds it, and a
//     node drops a copy only when all current holders have acknowledged theirs, so
//     that an acknowledged key goes with the last of its holders and not before.
//     Of two writes the later version wins, of equal versions the larger writer's;
//     a delete leaves a tombstone.
//   - Within [Config.Repair] of the ring being ideal every record is where it
//     belongs, if the network lets enough messages through.
//
// # What it asks of its host
//
//   - It hands what carries a kind of this layer, its timers, and bounces of its
//     requests (chord.FlagLayer, with the kind of the request as Path) to Step; it
//     hands chord.CmdLeave there first, and to the ring when [Out.Gone] is set;
//     meanwhile the node knows that it is going to leave (chord.Node.Part).
//   - It calls Observe after each step of the ring, and Found for each finished
//     lookup whose tag has [LookupTag].
//   - It calls [Store.Local] after each step, so that a node need not send messages
//     to itself.
//   - When a node is gone it calls [Store.Clear], [Holder.Reset] and
//     [Store.Abandon].
//
// # Order of reading
//
//	record.go   a key's value with its version, and how it travels
//	config.go   copies, quorum, repair, the two ways in which keys change hands
//	message.go  kinds of messages
//	store.go    where records lie
//	ops.go      what is under way at a node
//	holder.go   what a node has beside its records
//	step.go     from an event to its handler
//	client.go   put, get, delete at who asks
//	owner.go    the owner orders writes and brings them to the other holders
//	give.go     records change hands in batches; a new predecessor gets its keys
//	leave.go    a leaver gives all it has
//	repair.go   holders compare, and what nobody vouches for finds its owner
//
// # Sources
//
// Copies on the nodes after the owner are those of DHash: Dabek, Kaashoek, Karger,
// Morris, Stoica: Wide-area cooperative storage with CFS. SOSP 2001. Versions are
// those of hybrid logical clocks: Kulkarni, Demirbas, Madappa, Avva, Leone: Logical
// Physical Clocks. OPODIS 2014. [HandOverEChord] is E-Chord's way.
package dht
