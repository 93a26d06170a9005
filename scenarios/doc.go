// Package scenarios is the language of chordsim and what runs it: bytes become
// a checked Scenario (Parse), a Scenario becomes a Result (Run), and a Result
// becomes tables, CSV and JSON. It draws nothing.
//
// The built-in library is the .yaml files of this folder, embedded.
//
// # Reading a scenario
//
// A file goes through these stages, each of which sees only what passed the one
// before:
//
//	guard.go     limits on bytes and tokens: nothing hostile reaches a parser
//	tree.go      the YAML as a tree of values with their places in the file
//	literal.go   what an unquoted scalar means, ambiguous ones refused
//	overrides.go --set, --seed and --repeat
//	params.go    params and vary: one tree for each row
//	schema.go    the JSON Schema reflected from the types
//	violations.go what breaks it, in words
//	forms.go     values with a short form: decoding and schema
//	check.go     what no schema can say: how values fit together
//	names.go     names of steps, reserved words, right names for wrong ones
//	problem.go   the error: everything that is wrong, with its places
//
// The types of a scenario, and of single values in it:
//
//	scenario.go  Scenario, its rows, and Spec: what one run does
//	ring.go network.go steps.go step_*.go
//	units.go decimal.go fraction.go rate.go    durations, sizes, exact numbers
//	defaults.go            all defaults
//
// Parse promises that a file of at most a mebibyte takes no more than a second
// and 200 MB whatever is in it, that nothing in it is silently changed, and
// that what it returns can be run without another check of its form.
package scenarios
