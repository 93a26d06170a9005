package main

import (
	"fmt"
	"os"
	"path/filepath"

	"chordsim/scenarios"

	"github.com/spf13/cobra"
)

func (a *app) plotCommand() *cobra.Command {
	var out string
	c := &cobra.Command{
		Use:   "plot RESULT",
		Short: "Draw the charts of a result.json, or of the folder it is in, again",
		Args:  takes(1, 1, "result"),
		RunE: func(_ *cobra.Command, args []string) error {
			path := args[0]
			if info, err := os.Stat(path); err == nil && info.IsDir() {
				path = filepath.Join(path, "result.json")
			}
			result, err := readResult(path)
			if err != nil {
				return err
			}
			if out == "" {
				out = filepath.Dir(path)
			}
			folder, err := scenarios.OpenFolder(out)
			if err != nil {
				return err
			}
			charts, err := a.draw(result, folder, result.Charts)
			if err != nil {
				return err
			}
			for _, chart := range charts {
				fmt.Fprintln(a.stdout, folder.Path(chart))
			}
			return nil
		},
	}
	c.Flags().StringVar(&out, "out", "", "folder for the charts (default the result's own)")
	return c
}

// readResult reads a result.json; what cannot be read was badly named.
func readResult(path string) (*scenarios.Result, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, usagef("cannot read the result: %v", err)
	}
	defer file.Close()
	result, err := scenarios.ReadJSON(file)
	if err != nil {
		return nil, usagef("%s: %v", path, err)
	}
	return result, nil
}
