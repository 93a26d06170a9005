// Package explore has what a small ring can come to: over real nodes of package
// chord, with every event a step of its own, in any order that whoever asks
// wants.
//
// # What it promises
//
//   - The nodes are those of every run: they are handed events by
//     [chord.Node.Step] and by nothing else.
//   - [Play] does one event of the model of [Zave12] at a time, and refuses one
//     whose condition does not hold; after each, every verdict of
//     [chord.Snapshot] can be asked for.
//   - No clock, random number or order of a map decides anything.
//
// # Order of reading
//
//	steps.go  steps as they are written: j1 s1 n0 F1 s0
//	play.go   a ring that they are played on
package explore
