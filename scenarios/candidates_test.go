package scenarios

import (
	"math"
	"testing"
)

// Stretch falls with the number of candidates, by more than a third from 1 to 8,
// and every lookup is right ([ToN03] table IV, on a small ring).
func TestStretchFallsWithCandidates(t *testing.T) {
	for _, mode := range []string{"iterative", "recursive"} {
		for _, latency := range []string{"{model: euclidean, dimensions: 3, diameter: 100ms}", "{model: transit-stub}"} {
			stretch := map[string]float64{}
			for _, s := range []string{"1", "2", "8"} {
				tl := played(t, "ring: {protocol: ton2003, successors: 8, candidates: "+s+", owner_from_list: on, lookup: "+mode+
					", probe_owner: off, rpc_timeout: 5s}\nnetwork: {latency: "+latency+"}\n"+
					"timeline: [{start: {nodes: 2000}}, {stabilization: off}, {lookup: {count: 2000, over: 20s, as: walk}}]\n", 1)
				l := lookupsOf(t, tl, "walk")
				if l.Correct != 2000 {
					t.Errorf("%s, %s, %s candidates: %d of 2000 are right", mode, latency, s, l.Correct)
				}
				stretch[s] = float64(l.Stretch.P50)
			}
			if stretch["2"] > 0.95*stretch["1"] || stretch["8"] > 0.65*stretch["1"] {
				t.Errorf("%s, %s: the median stretch is %v", mode, latency, stretch)
			}
		}
	}
}

// Under churn fingers are refreshed with those that follow them, and lookups go
// on to find their owners.
func TestCandidatesUnderChurn(t *testing.T) {
	for _, mode := range []string{"iterative", "recursive"} {
		tl := played(t, "ring: {protocol: ton2003, successors: 8, candidates: 4, owner_from_list: on, lookup: "+mode+"}\nnetwork: {latency: 50ms}\n"+
			"timeline: [{join: {nodes: 200, over: 5m}}, {wait: 30m}, {fail: {fraction: 10%}}, {wait: 30m}, {lookup: {count: 500, over: 50s, as: walk}}]\n", 3)
		if l := lookupsOf(t, tl, "walk"); l.Correct != 500 {
			t.Errorf("%s: %d of 500 are right", mode, l.Correct)
		}
		filled := 0
		for a := 1; a < len(tl.w.nodes); a++ {
			filled += tl.w.followers.Known(&tl.w.nodes[a])
		}
		if filled < 400 {
			t.Errorf("%s: %d nodes after fingers are known in all", mode, filled)
		}
	}
}

// A lookup ends where the key lies in a node's list: it is shorter than one that goes
// on to the key's predecessor. Where every owner that a list names is dead it goes on by the
// usual way: half of the nodes fail, nobody repairs, and each lookup finds an owner as
// long as lists of 16 reach the next live node.
func TestOwnerFromList(t *testing.T) {
	path := map[string]float64{}
	for _, on := range []string{"on", "off"} {
		for _, half := range []string{"", "{fail: {fraction: 50%}}, "} {
			tl := played(t, "ring: {protocol: ton2003, successors: 16, candidates: 4, owner_from_list: "+on+"}\nnetwork: {latency: 50ms}\n"+
				"timeline: [{start: {nodes: 500}}, {stabilization: off}, "+half+"{lookup: {count: 1000, over: 100s, as: walk}}]\n", 1)
			l := lookupsOf(t, tl, "walk")
			if l.Correct < 990 {
				t.Errorf("%s %s: %d of 1000 are right, %d wrong, %d failed", on, half, l.Correct, l.Wrong, l.Failed)
			}
			path[on+half] = float64(l.Path.Mean)
		}
	}
	if path["on"] > path["off"]-0.5 {
		t.Errorf("paths of %.2f and %.2f hops: on saves nothing", path["on"], path["off"])
	}
}

// With owner_answers the owner ends a lookup: one round trip later where its initiator asks it, two ways later where
// the node that names it hands the lookup on, instead of one. Everything else stays: the path is that to the key's
// predecessor, and finger refreshes take as many messages.
func TestOwnerAnswers(t *testing.T) {
	const way = 0.05
	for _, c := range []struct {
		mode                string
		perHop, last, owner float64 // seconds: each node of the path; the answer that names the owner; the owner's own
	}{
		{"iterative", 2 * way, 0, 2 * way},
		{"recursive, hop_ack: on", way, way, 2 * way},
		{"recursive, hop_ack: off", way, way, 2 * way},
	} {
		found := map[string]Lookup{}
		for _, on := range []string{"on", "off"} {
			tl := played(t, "ring: {protocol: ton2003, successors: 4, probe_owner: off, owner_answers: "+on+", "+quiet+", lookup: "+c.mode+"}\n"+
				"network: {latency: 50ms}\ntimeline: [{start: {nodes: 100}}, {lookup: {count: 400, as: walk}}]\n", 1)
			l := lookupsOf(t, tl, "walk")
			found[on] = l
			last := c.last
			if on == "on" {
				last = c.owner
			}
			if want := c.perHop*float64(l.Path.Max) + last; l.Correct != 400 || math.Abs(float64(l.Latency.Max)-want) > 1e-6 {
				t.Errorf("%s, %s: %d of 400 are right; the longest takes %v over %v nodes, not %v", c.mode, on, l.Correct, l.Latency.Max, l.Path.Max, want)
			}
		}
		if on, off := found["on"], found["off"]; on.Path != off.Path || on.PathNonlocal != off.PathNonlocal || on.Latency.Mean <= off.Latency.Mean {
			t.Errorf("%s: paths %+v, %+v become %+v, %+v", c.mode, off.Path, off.PathNonlocal, on.Path, on.PathNonlocal)
		}
	}
}

// Refreshes of fingers do not go to the owner.
func TestOwnerAnswersUsersAlone(t *testing.T) {
	for _, mode := range []string{"iterative", "recursive"} {
		var messages []int64
		for _, on := range []string{"on", "off"} {
			tl := played(t, "ring: {successors: 4, stabilize: 5s, fix_fingers: 1s, owner_answers: "+on+", lookup: "+mode+"}\n"+
				"network: {latency: 50ms}\ntimeline: [{start: {nodes: 100}}, {wait: 1m}]\n", 1)
			messages = append(messages, tl.w.messages())
		}
		if messages[0] != messages[1] || messages[0] < 10_000 {
			t.Errorf("%s: %d messages with the owner's answer, %d without", mode, messages[0], messages[1])
		}
	}
}

// Half of the nodes fail and nobody repairs: the owner that was named is dead as often as not, and the next one is
// handed the lookup. Without an ack nobody notices, and the lookup fails.
func TestOwnerAnswersUnlessItIsDead(t *testing.T) {
	for _, ack := range []string{"on", "off"} {
		tl := played(t, "ring: {protocol: ton2003, successors: 16, owner_answers: on, lookup: recursive, hop_ack: "+ack+", lookup_deadline: 1m}\n"+
			"network: {latency: 50ms}\ntimeline: [{start: {nodes: 500}}, {stabilization: off}, {fail: {fraction: 50%}}, "+
			"{lookup: {count: 1000, over: 100s, as: walk}}, {wait: 2m}]\n", 1)
		l := lookupsOf(t, tl, "walk")
		if ack == "on" && (l.Correct < 990 || l.Wrong > 0) || ack == "off" && (l.Failed < 500 || l.Correct < 20) {
			t.Errorf("hop_ack %s: %d right, %d wrong, %d failed", ack, l.Correct, l.Wrong, l.Failed)
		}
	}
}
