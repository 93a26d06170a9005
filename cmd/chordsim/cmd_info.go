package main

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"
)

func (a *app) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of the scenario language, for editors",
		Args:  takes(0, 0, ""),
		RunE: func(*cobra.Command, []string) error {
			schema, err := a.engine.schema()
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(a.stdout, "%s\n", schema)
			return err
		},
	}
}

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  takes(0, 0, ""),
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintf(a.stdout, "chordsim %s (%s, %s/%s)\n", a.engine.version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return err
		},
	}
}
