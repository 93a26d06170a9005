// Package seed is the seed server of E-Chord and the client that each node of
// the ring has for it: two state machines beside the ring's, in messages of
// package chord. The server is not a member of the ring. It knows nodes that
// have registered and names one of them to whoever wants to join.
//
// # What it promises
//
//   - [Server.Step] and [Client.Step] are plain functions of their state and
//     the event: no clock, no random source, no goroutine, no log. Random bits
//     come in with the event. The one map, of the server, is only looked up.
//   - A [Client] is a plain value without pointers, as a chord.Node is.
//   - No event panics: what answers no open request is counted or dropped.
//
// # What it asks of its host
//
//   - Messages for which [Owns] holds, timers for which [OwnsTimer] holds, and
//     bounces with chord.FlagLayer that come from the server go to the client
//     of the node they are for; all that comes to the server's address goes to
//     the server, unless it is down.
//   - [Client.Heed] is called after each step of the node, before its output is
//     carried out; what Client.Step returns is done to the node.
//   - Under a perfect detector a request that reaches nobody is answered with
//     [BounceOf] it.
//   - Who is a member without having asked, the host makes known to both sides:
//     [Server.Register], [Client.Registered].
//
// # Order of reading
//
//	message.go   kinds of messages and timers, what each carries
//	server.go    get_seed, add_node, dead_node, the poll
//	client.go    how a node asks, registers and reports
//
// # Source
//
// E-Chord's seed server, as the sequences of its requests show it: get_seed,
// add_node, dead_node, a poll of one known node every 5 s with a timeout of
// 15 s, 4 tries of a node 2 s apart.
package seed
