package scenarios

import (
	"fmt"
	"strings"
	"testing"

	"chordsim/sim"
)

func drawing(t *testing.T, p sim.DistributionParams) sim.Distribution {
	t.Helper()
	d, err := sim.NewDistribution(p)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// However the times are distributed there is room for all who come, in each of
// twenty runs, and not for many times as many.
func TestThereIsRoomForReplacements(t *testing.T) {
	minute := sim.Time(Minute)
	for _, c := range []struct {
		name string
		life sim.DistributionParams
	}{
		{"constant", sim.ConstantDist{Value: minute}},
		{"uniform", sim.UniformDist{Min: 1, Max: 2 * minute}},
		{"exponential", sim.ExponentialDist{Mean: minute}},
		{"weibull", sim.WeibullDist{Shape: 0.4, Mean: minute}},
		{"pareto", sim.ParetoDist{Shape: 1.1, Mean: minute}},
		{"lognormal", sim.LognormalDist{Median: minute / 7, Sigma: 2}},
	} {
		life, down := drawing(t, c.life), drawing(t, sim.ExponentialDist{Mean: minute / 10})
		for _, over := range []sim.Time{minute / 5, 10 * minute, 300 * minute} {
			for _, hosts := range []int64{1, 30, 1000} {
				room, most, all := replacements(life, down, over, hosts), int64(0), int64(0)
				for seed := range uint64(20) {
					words, came := sim.NewRand(sim.NewStream(seed, 1, 2)), int64(0)
					for range hosts {
						for at := sim.Time(0); ; came++ {
							if at += life.Draw(words.Uint64()) + down.Draw(words.Uint64()); at >= over {
								break
							}
						}
					}
					most = max(most, came)
					all += came
				}
				if most > room {
					t.Errorf("%s, %d hosts for %v: %d came, there is room for %d", c.name, hosts, over, most, room)
				}
				if limit := 3*all/20 + hosts/2 + 60; room > limit {
					t.Errorf("%s, %d hosts for %v: room for %d, while %d came on the average", c.name, hosts, over, room, all/20)
				}
			}
		}
	}
}

// Everybody is counted: who joins after a churn has begun, and what churns make
// of each other's hosts.
func TestRoomCountsEverybody(t *testing.T) {
	const churn = "lifetime: {distribution: constant, value: 10s}, downtime: {distribution: constant, value: 1s}, return: new"
	for _, timeline := range []string{
		"- start: {nodes: 5}\n- churn: {for: 60s, " + churn + ", background: on}\n- join: {nodes: 50}\n- wait: 60s\n",
		"- start: {nodes: 50}\n- churn: {for: 60s, " + churn + ", background: on}\n- churn: {for: 60s, joins: 3/s}\n",
		"- start: {nodes: 5}\n- churn: {for: 60s, " + churn + "}\n- churn: {for: 60s, " + churn + "}\n",
		"- start: {nodes: 10}\n- churn: {for: 60s, lifetime: {distribution: file, file: churn/lives.txt}, return: new}\n",
	} {
		for _, virtual := range []int{1, 3} {
			tl := bed(t, fmt.Sprintf("ring: {%s, virtual_nodes: %d}\ntimeline:\n%s", brisk, virtual, timeline), 1, RunOptions{})
			play(t, tl)
			if room := len(tl.w.nodes) - 1; tl.w.used > room || room > 4*tl.w.used+100*virtual {
				t.Errorf("%s: %d addresses of %d were used", timeline, tl.w.used, room)
			}
		}
	}
}

// A circle with too few identifiers for what churn may make is refused.
func TestRoomIsLimitedByTheCircle(t *testing.T) {
	sc := mustParse(t, "name: x\nring: {bits: 7, successors: 2}\ntimeline:\n- start: {nodes: 20}\n"+
		"- churn: {for: 60s, lifetime: {distribution: file, file: testdata/golden/updown.txt}, return: new}\n", Overrides{})
	if _, err := sc.plans(); err != nil {
		t.Errorf("60 nodes have no room on 128 identifiers: %v", err)
	}
	sc = mustParse(t, "name: x\nring: {bits: 5, successors: 2}\ntimeline:\n- start: {nodes: 20}\n"+
		"- churn: {for: 60s, lifetime: {distribution: file, file: testdata/golden/updown.txt}, return: new}\n", Overrides{})
	if _, err := sc.plans(); err == nil || !strings.Contains(err.Error(), "5 bits have fewer identifiers than the 60 nodes") {
		t.Errorf("60 nodes on 32 identifiers: %v", err)
	}
}
