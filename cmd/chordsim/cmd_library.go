package main

import (
	"strings"

	"github.com/spf13/cobra"
)

func (a *app) listCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the built-in scenarios",
		Args:  takes(0, 0, ""),
		RunE: func(*cobra.Command, []string) error {
			rows := [][]string{}
			for _, e := range a.engine.library() {
				rows = append(rows, []string{e.name, e.title})
			}
			return layOut(a.stdout, formatTable, []string{"scenario", "title"}, nil, rows)
		},
	}
}

func (a *app) showCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "show NAME",
		Short: "Print a built-in scenario",
		Args:  takes(1, 1, "name of the library"),
		RunE: func(_ *cobra.Command, args []string) error {
			name := strings.TrimSuffix(args[0], ".yaml")
			for _, e := range a.engine.library() {
				if e.name == name {
					_, err := a.stdout.Write(e.data)
					return err
				}
			}
			if near := closest(name, a.libraryNames()); near != "" {
				return usagef("no scenario of the library is called %s; did you mean %s?", args[0], near)
			}
			return usagef("no scenario of the library is called %s; chordsim list shows the library", args[0])
		},
		ValidArgsFunction: a.completeScenario,
	}
}
