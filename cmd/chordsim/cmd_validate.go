package main

import (
	"errors"
	"fmt"

	"chordsim/scenarios"

	"github.com/spf13/cobra"
)

func (a *app) validateCommand() *cobra.Command {
	var set []string
	c := &cobra.Command{
		Use:   "validate FILE|NAME...",
		Short: "Check scenarios without running them",
		Args:  takes(1, -1, "a scenario file"),
		RunE: func(_ *cobra.Command, args []string) error {
			var wrong []error
			for _, name := range args {
				plans, err := a.parseAll([]string{name}, scenarios.Overrides{Set: set})
				if err != nil {
					wrong = append(wrong, err)
					continue
				}
				if check := plans[0].check; check != nil {
					if err := check(scenarios.RunOptions{}); err != nil {
						wrong = append(wrong, err)
						continue
					}
				}
				runs, err := plans[0].runs("")
				if err != nil {
					return err
				}
				fmt.Fprintf(a.stdout, "%s: ok, %s\n", name, plural(runs, "run"))
			}
			return errors.Join(wrong...)
		},
		ValidArgsFunction: a.completeScenario,
	}
	c.Flags().StringArrayVar(&set, "set", nil, "set a param or a path of the scenario first (repeatable)")
	return c
}
