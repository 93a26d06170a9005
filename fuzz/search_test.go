package fuzz

import (
	"context"
	"fmt"
	"os"
	"testing"
)

func TestTrySearch(t *testing.T) {
	r, err := Search(context.Background(), Options{Protocol: os.Getenv("P"), Runs: 192, Jobs: 2, Seed: 3, Limit: 3000})
	fmt.Println(r.Presets, r.Rows, err)
	for _, f := range r.Findings {
		name, text := f.FileText("x")
		fmt.Println(name, f.nodes(), len(f.Steps), f.Finding().Runs)
		fmt.Println(text)
	}
}
func (f Finding) Finding() Finding { return f }
