package fuzz

import "chordsim/chord"

// Met is something that runs met, and how often.
type Met struct {
	What  string
	Count int64
}

// Tally is what runs met on their way: the marks of the protocol, and what the
// scenario counted.
type Tally struct {
	Marks     [chord.NumMarks]int64
	DeadTwice int64 // a stabilize met a dead successor twice in a row
	Counted   []Met
}

func (t *Tally) add(o *Tally) {
	for m, n := range o.Marks {
		t.Marks[m] += n
	}
	t.DeadTwice += o.DeadTwice
next:
	for _, c := range o.Counted {
		for i := range t.Counted {
			if t.Counted[i].What == c.What {
				t.Counted[i].Count += c.Count
				continue next
			}
		}
		t.Counted = append(t.Counted, c)
	}
}

// Marked returns all marks with their counts, those that were never met too.
func (t *Tally) Marked() []Met {
	var out []Met
	for m, n := range t.Marks {
		out = append(out, Met{chord.Mark(m).String(), n})
		if chord.Mark(m) == chord.MarkDeadSuccessor {
			out = append(out, Met{"a stabilize met a dead successor twice in a row", t.DeadTwice})
		}
	}
	return out
}
