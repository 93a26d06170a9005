package fuzz

import (
	"context"
	"fmt"
	"testing"
	"time"
)

func TestTry(t *testing.T) {
	s := Draw(1, 2788, "corrected")
	v, _ := s.Run(context.Background())
	b := time.Now()
	f, err := Shrink(context.Background(), s, v, 6000)
	fmt.Println(err, f.Runs, time.Since(b), f.Class, f.Violated, f.Promised)
	fmt.Println(f.Text("x", ""))
}
