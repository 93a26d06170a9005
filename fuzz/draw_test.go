package fuzz

import (
	"context"
	"fmt"
	"testing"
)

func TestTry(t *testing.T) {
	for i := range uint64(5000) {
		s := Draw(1, i, "corrected")
		if !s.Promised() {
			continue
		}
		v, err := s.Run(context.Background())
		if err != nil {
			t.Fatalf("%v\n%s", err, s.Text("x", ""))
		}
		if v.Class != Nothing {
			fmt.Println(i, v.Class, v.Ring, v.Violated, v.At, len(s.Steps))
			fmt.Println(s.Text("x", ""))
		}
	}
}
