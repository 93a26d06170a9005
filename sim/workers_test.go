package sim

import (
	"sync/atomic"
	"testing"
)

// Every phase does every task exactly once and is over when run returns, however
// unlike the tasks are in length: long ones put the helpers and the coordinator to
// sleep, short ones find them awake.
func TestCrewDoesEachTaskOnceAPhase(t *testing.T) {
	const tasks, phases = 7, 300
	for workers := 2; workers <= 5; workers++ {
		var done [tasks]int // written by whoever has the task: the race detector sees a missing barrier
		var sum atomic.Uint64
		c := newCrew(workers, tasks, func(phase, task int) {
			done[task]++
			if long := (phase + task) % 10; long == 0 {
				h := uint64(phase)
				for range 20_000 {
					h = scramble(h)
				}
				sum.Add(h)
			}
		})
		for phase := range phases {
			c.run(phase)
			for task, n := range done {
				if n != phase+1 {
					t.Fatalf("%d workers: task %d done %d times in %d phases", workers, task, n, phase+1)
				}
			}
			if phase%50 == 0 { // a long barrier: the helpers fall asleep
				h := uint64(phase)
				for range 200_000 {
					h = scramble(h)
				}
				sum.Add(h)
			}
		}
		c.stop()
	}
}

func TestCrewHandsOnAPanic(t *testing.T) {
	c := newCrew(3, 8, func(_, task int) {
		if task == 5 {
			fail("task %d is broken", task)
		}
	})
	mustPanic(t, "sim: task 5 is broken", func() { c.run(0) })
	c.stop()
}
