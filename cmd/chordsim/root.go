package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

// root builds the tree of commands.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "chordsim",
		Short: "Run scenarios of Chord rings on a virtual clock",
		Long: `chordsim runs scenarios of Chord rings on a virtual clock: thousands, up to
millions, of nodes with the real protocol logic, joining, failing and looking up
keys as a YAML file says.

Exit status: 0 all expectations hold; 1 one does not; 2 the scenario or the
command line is wrong; 3 interrupted, what was finished is written; 4 the machine
or chordsim itself failed.`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          a.knownCommand,
		RunE:          func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SetIn(a.stdin)
	root.SetOut(a.stdout)
	root.SetErr(a.stderr)
	root.AddCommand(a.runCommand(), a.papersCommand(), a.exploreCommand(), a.fuzzCommand(), a.validateCommand(), a.listCommand(), a.showCommand(),
		a.plotCommand(), a.schemaCommand(), a.versionCommand())
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return &usageError{err, c.CommandPath()}
	})
	return root
}

// knownCommand refuses what is no command, with the one that is nearly so.
func (a *app) knownCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	message := fmt.Sprintf("unknown command %q", args[0])
	c.SuggestionsMinimumDistance = 2
	if near := c.SuggestionsFor(args[0]); len(near) > 0 {
		message += fmt.Sprintf("; did you mean %s?", strings.Join(near, " or "))
	}
	return &usageError{fmt.Errorf("%s", message), c.CommandPath()}
}

// takes checks how many arguments a command has; most < 0 is any number.
func takes(least, most int, what string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		switch {
		case len(args) < least:
			return &usageError{fmt.Errorf("%s: %s is missing", c.Name(), what), c.CommandPath()}
		case most == 0 && len(args) > 0:
			return &usageError{fmt.Errorf("%s takes no arguments", c.Name()), c.CommandPath()}
		case most >= 0 && len(args) > most:
			return &usageError{fmt.Errorf("%s takes one %s, not %d", c.Name(), what, len(args)), c.CommandPath()}
		}
		return nil
	}
}
