package scenarios

import "testing"

// A step may mean more members than there are: it has those that are there, and the
// run counts the others.
func TestMembersThatAreNotThere(t *testing.T) {
	for step, want := range map[string]int64{
		"slow: {count: 23, each: 1ms, for: 1s}":       3,
		"pause: {arc: 25, for: 1s}":                   5,
		"group: {count: 30, as: all_of_them}":         10,
		"partition: {count: 20, bridge: 21, for: 1s}": 1,
		"slow: {count: 20, each: 1ms, for: 1s}":       0,
		"pause: {fraction: 100%, for: 1s}":            0,
		"fail: {count: 22}":                           0, // departures spared, which has a line of its own
	} {
		r := runOf(t, "name: s\nring: {successors: 4}\ntimeline:\n  - start: {nodes: 20}\n  - "+step+"\n", RunOptions{Jobs: 1})
		n := int64(0)
		for _, c := range r.Rows[0].Runs[0].Counted {
			if c.What == "members meant by a step, not there" {
				n = c.Count
			}
		}
		if n != want {
			t.Errorf("%s: %d members were not there, want %d", step, n, want)
		}
	}
}
