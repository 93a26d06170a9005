package scenarios

import (
	"fmt"

	"chordsim/sim"
)

// streamRoom is the purpose of the sample's stream, which belongs to no run: the
// bytes of its name, out of the way of the others.
const streamRoom = 0x726f6f6d

// room is how many addresses a run of the row may give out, virtual nodes
// included: those that the timeline names and, where churn brings hosts back as
// somebody new, those that times and files come to.
func (p *plan) room() (int64, error) {
	s := p.spec
	hosts := s.namedHosts()
	for i := range s.Timeline {
		c, ok := s.Timeline[i].Action.(*ChurnStep)
		if !ok || !c.ByLifetimes() || c.Return != "new" {
			continue
		}
		lifetime, trace, err := p.times(c.Lifetime)
		switch {
		case err != nil:
			return 0, err
		case trace != nil:
			hosts += tracedHosts(trace, hosts)
			continue
		case hosts > maxNodes:
			continue // no memory will do
		}
		downtime, _, err := p.times(c.Downtime)
		if err != nil {
			return 0, err
		}
		hosts += replacements(lifetime, downtime, sim.Time(c.For), hosts)
	}
	nodes := min(hosts, 1<<40) * int64(s.Ring.VirtualNodes)
	if b := s.Ring.Bits; b < 40 && nodes > 1<<b {
		return 0, fmt.Errorf("%d bits have fewer identifiers than the %d nodes that churn may make; write more bits", b, nodes)
	}
	return nodes, nil
}

// tracedHosts bounds the hosts that a churn by a trace makes: each host comes
// back as somebody new at most as often as the busiest line says.
func tracedHosts(t *sim.Trace, hosts int64) int64 {
	most := 0
	for i := range t.Nodes() {
		most = max(most, len(t.Periods(i)))
	}
	return hosts * int64(most/2)
}

// replacements bounds how many hosts a churn makes that replaces each of so
// many whenever it has been away. How often that is says a sample of hosts: the
// mean cycle does not, because most lives of a heavy tail are far shorter than
// the mean. Four standard deviations are added for the sample, and eight for
// the run.
func replacements(life, down sim.Distribution, over sim.Time, hosts int64) int64 {
	const (
		sample = 64
		most   = 1 << 12 // of one host of the sample: beyond, it goes on as it did
	)
	words := sim.NewRand(sim.NewStream(0, 0, streamRoom))
	sum, squares := int64(0), int64(0)
	for range sample {
		n := int64(0)
		for at := sim.Time(0); ; n++ {
			if at += life.Draw(words.Uint64()) + down.Draw(words.Uint64()); at >= over {
				break
			}
			if n == most {
				n = int64(mulDiv(most, uint64(over), uint64(at)))
				break
			}
		}
		n = min(n, 1<<24)
		sum += n
		squares += n * n
	}
	deviation := float64(squareRoot(sample*squares-sum*sum)) / sample              // of one host
	each := float64(float64(sum)/sample) + max(float64(4*deviation/8), 4.0/sample) // 8 = √sample
	run := float64(8 * deviation * float64(squareRoot(hosts)))
	return int64(min(float64(float64(hosts)*each)+run+8, 1<<40))
}
