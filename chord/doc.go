// Package chord is the protocol: one node of a Chord ring as a pure state
// machine, its messages, and the verdicts on a ring of them. It knows nothing
// of networks, clocks or simulations, and imports nothing of this project.
//
// # What it promises
//
//   - [Node.Step] is the one way into a node. The same node, event and
//     configuration give the same node and the same output: no clock, random
//     source, map, goroutine or log decides anything. Randomness comes in with
//     the event.
//   - A [Node] is a plain value without pointers: a copy is a clone.
//   - No event panics, not even one that no node would send: what answers no
//     open question is counted and dropped.
//   - Steps do not allocate once the buffers of [Out] and [Lookups] have grown.
//   - A list has at most r entries and not the node itself, unless it is all
//     that the node knows or, by RefreshReconcile, the second entry.
//   - The published forms of the protocol are values of [Rules] over this one
//     machine; [Preset] names them.
//
// # What it asks of its host
//
// The host delivers what a step puts into Out, calls Reset, and keeps these
// rules:
//
//   - A timer comes back with its data as an event whose From is the node
//     itself. None is ever cancelled; a late one is recognised.
//   - Requests and answers carry From, the address of their sender.
//   - A node that begins a life is given [Node.Init] first, a later one too:
//     the numbers of its requests go on, so that late answers to the earlier
//     life are known for what they are.
//   - When a node has crashed or left, [Lookups.Abandon] gives up its lookups.
//   - With [Config.Perfect] a request that reaches nobody is answered with
//     [BounceOf] it, and none is lost.
//   - [Out.WantBootstrap] is answered with CmdBootstrap.
//
// # Order of reading
//
//	ring.go        arcs and distances on the circle
//	config.go      parameters, rules, presets
//	message.go     kinds of events and what they carry
//	node.go        the state, and requests in flight
//	step.go        the one place that branches on the kind of an event
//	out.go         what goes in and comes out with a step
//	join.go        how a node becomes a member
//	stabilize.go   successors: stabilize, dead ones, cut-off nodes
//	rectify.go     predecessors: notify, rectify, check_predecessor
//	successors.go  the list
//	fingers.go     the finger table and fix_fingers
//	refresh.go     the round robin of the 2003 paper
//	stabilize_echord.go, refresh_list.go  the rounds of E-Chord
//	zave.go        reconcile, update and flush of the 2012 model
//	leave.go       voluntary departures
//	lookup.go      lookups under way, and what a node knows of the way to a key
//	iterative.go   lookups steered by their initiator
//	fallback.go    those of E-Chord, with fingers to fall back on
//	recursive.go   lookups handed on
//	lookup_end.go  how lookups begin and end
//	timer.go       timers and periods
//	snapshot.go    what all members believed at one instant
//	verdict*.go    the properties of the proofs, judged on a snapshot
//
// The transcripts in testdata/transcripts show each rule at work, message by
// message, on rings of a few nodes.
//
// # Sources
//
// [SIGCOMM01] Stoica, Morris, Karger, Kaashoek, Balakrishnan: Chord: A Scalable
// Peer-to-peer Lookup Service for Internet Applications. SIGCOMM 2001.
//
// [ToN03] Stoica, Morris, Liben-Nowell, Karger, Kaashoek, Dabek, Balakrishnan:
// Chord: A Scalable Peer-to-peer Lookup Protocol for Internet Applications.
// IEEE/ACM Transactions on Networking 11(1), 2003.
//
// [Zave12] Zave: Using lightweight modeling to understand Chord. ACM SIGCOMM
// Computer Communication Review 42(2), 2012.
//
// [Zave17] Zave: Reasoning about identifier spaces: How to make Chord correct.
// IEEE Transactions on Software Engineering 43(12), 2017.
//
// [Verdi] The verdi-chord development, which verifies an implementation of the
// corrected protocol in Coq.
//
// [E-Chord] A Chord of processes that talk JSON over TCP, with stored keys and
// a server that names members to joiners (github.com/notTypecast/E-Chord).
package chord
