package main

import (
	"context"

	"chordsim/scenarios"
)

// simulator is the engine behind the command line.
func simulator() engine {
	return engine{
		parse: func(file string, data []byte, o scenarios.Overrides) (*plan, error) {
			sc, err := scenarios.Parse(file, data, o)
			if err != nil {
				return nil, err
			}
			return &plan{
				check: sc.Check,
				name:  sc.Name,
				runs: func(only string) (int, error) {
					rows, seeds, err := sc.SelectRow(only)
					return len(rows) * len(seeds), err
				},
				run: func(ctx context.Context, o scenarios.RunOptions) (*scenarios.Result, error) {
					return scenarios.Run(ctx, sc, o)
				},
				compare: func(ctx context.Context, o scenarios.CompareOptions) (scenarios.Compared, error) {
					return scenarios.Compare(ctx, sc, o)
				},
				scenario: sc,
			}, nil
		},
		library: func() []entry {
			var out []entry
			for _, e := range scenarios.Library() {
				out = append(out, entry{e.Name, e.Title, e.Data})
			}
			return out
		},
		schema:  func() ([]byte, error) { return scenarios.Schema(), nil },
		version: scenarios.Version,
	}
}
