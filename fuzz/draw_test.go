package fuzz

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"testing"
)

func TestTry(t *testing.T) {
	n, _ := strconv.ParseUint(os.Getenv("N"), 10, 64)
	from, _ := strconv.ParseUint(os.Getenv("FROM"), 10, 64)
	for i := from; i < from+n; i++ {
		s := Draw(1, i, os.Getenv("P"))
		if os.Getenv("ALL") == "" && !s.Proved() {
			continue
		}
		v, err := s.Run(context.Background())
		if err != nil {
			t.Fatalf("%v\n%s", err, s.Text("x", ""))
		}
		if v.Class != Nothing {
			fmt.Println(i, v.Class, v.Word, v.Violated, v.At, len(s.Steps))
		}
	}
}
