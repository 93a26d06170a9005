package fuzz

import (
	"context"
	"fmt"
	"testing"
)

func TestTry(t *testing.T) {
	for _, p := range Protocols {
		n := map[string]int{}
		var tally Tally
		for i := range uint64(300) {
			s := Draw(1, i, p)
			v, err := s.Run(context.Background())
			if err != nil {
				t.Fatalf("%v\n%s", err, s.Text("x", ""))
			}
			n[fmt.Sprint(v.Class, v.Promised, v.Healed)]++
			tally.add(&v.Tally)
		}
		fmt.Println(p, n)
		if p == "corrected" {
			for _, m := range tally.Marked() {
				fmt.Println(m)
			}
		}
	}
}
