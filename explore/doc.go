// Package explore looks at what may happen to rings of a few real nodes.
// [Search] goes through all of it: every order of joins, crashes, messages and
// timers, from an ideal ring on. [Play] plays one sequence of steps, written
// the way the counterexamples of [Zave12] are: j2 s2 n0. Both hand events to
// the very [chord.Node.Step] that a simulation does, and ask [chord.Snapshot],
// or verdicts that a test holds to it, what a ring has come to.
//
// # Scope of a search
//
//   - Fingers are off. Only the cyclic order of identifiers matters then, so
//     that a state stands for all its rotations.
//   - A joiner is answered by the member that it asks, and every member that
//     it lies behind is tried. Its question arrives at once.
//   - Of the notifies of one node to another that are on their way, of its
//     earlier lives too, one stands for all, unless Model.Many tells them apart;
//     a new_successor takes the place of the one before it.
//   - A question to who has crashed and is back may find the node of before or
//     the one of now: it may arrive while nobody is there, and be reported later.
//   - With a crash ends what was on its way to the node, notifies only unless
//     Model.Late lets them arrive at its next life; what it sent arrives.
//   - A question of check_predecessor arrives as it is sent; the report that
//     nobody is there takes as long as any other.
//   - One send stands for all tries. Nobody leaves voluntarily, and who is cut
//     off does not come back: the proof assumes that there is no such member.
//
// States are told apart by a hash of 64 bits: of ten million, two are taken
// for one with a chance of 3 in a million.
//
// # Order of reading
//
//	model.go     the ring to explore, and what may happen to it
//	event.go     what happens, in words and as text
//	world.go     nodes and what is on its way to them: how an event happens
//	enabled.go   which events may
//	flight.go    what is on its way to one node
//	round.go     fair rounds: liveness
//	judge.go     verdicts and the guard on failures, on sets of small integers
//	record.go    states as bytes, and the rotation that stands for all
//	search.go    breadth first, by batches that workers share
//	expand.go    what a worker does
//	visited.go, frontier.go  states that are known, and those to be expanded
//	checkpoint.go, resume.go  a search between two batches, as bytes
//	trace.go     the way to a violation
//	steps.go, play.go  the steps of [Zave12], played
//
// # Source
//
// [Zave12] Zave: Using lightweight modeling to understand Chord. ACM SIGCOMM
// Computer Communication Review 42(2), 2012.
package explore
