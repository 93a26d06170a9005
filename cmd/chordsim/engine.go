package main

import (
	"context"

	"chordsim/scenarios"
)

// engine is what the command line needs of a simulator: a narrow door, so that
// the tests of the command line can put one of their own behind it.
type engine struct {
	parse   func(file string, data []byte, o scenarios.Overrides) (*plan, error)
	library func() []entry
	schema  func() ([]byte, error)
	version string
}

// plan is a scenario that has been read and checked.
type plan struct {
	name string
	// check looks at the files that the scenario names and at the memory that
	// it takes; nil: there is nothing to check.
	check func(scenarios.RunOptions) error
	runs  func(only string) (int, error) // values times seeds that --only leaves
	run   func(context.Context, scenarios.RunOptions) (*scenarios.Result, error)
	// compare runs it for its references alone; scenario is what it was read into.
	compare  func(context.Context, scenarios.CompareOptions) (scenarios.Compared, error)
	scenario *scenarios.Scenario
}

// entry is a scenario of the library.
type entry struct {
	name  string // without .yaml: bench/steady
	title string
	data  []byte
}
