package scenarios

import (
	"fmt"
	"math"
	"math/bits"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"unsafe"

	"chordsim/chord"
	"chordsim/sim"
)

// estimate is the memory that one run of the plan will take at most, in
// bytes: nodes, queue, truth, a snapshot, and what lookups leave behind.
func (p *plan) estimate() int64 {
	const (
		truth    = 16 * 2     // of membership, half-full chunks
		snapshot = 70         // of each member, without its list
		entry    = 12         // of a list in it
		answer   = 16         // of each lookup that has ended: latency and stretch
		timer    = 400        // of each lookup under way: its command, message, timers
		fixed    = 24 << 20   // program and runtime
		moment   = 20.0 / 100 // messages under way at once, a node: a lookup in ten seconds and rounds in thirty
	)
	s := p.spec
	lookup := int64(timer + chord.LookupBytes)
	if s.Ring.Lookup != "recursive" || s.Ring.HopAck {
		lookup += chord.WalkBytes
	}
	lists := int64(s.Ring.Successors)
	bytes := fixed + p.nodes*(int64(unsafe.Sizeof(chord.Node{}))+truth+snapshot+entry*lists)
	bytes += sim.Footprint[chord.Message, chord.Peer](
		sim.Config{Actors: int(min(p.nodes+1, sim.MaxActors)), Shards: shardsFor(p.nodes, sim.Time(Second), 1), Window: sim.Time(Second)},
		sim.Load{Messages: int64(float64(p.nodes) * moment), Timers: 5 * p.nodes, ListElements: lists * p.nodes / 50},
	)
	if s.Ring.Candidates > 1 {
		bytes += p.followersBytes()
	}
	if s.Ring.bySeedServer() {
		bytes += p.nodes * seedBytes
	}
	for _, step := range s.Timeline {
		if l, ok := step.Action.(*LookupStep); ok {
			count, underWay := p.lookups(l)
			bytes += count*answer + underWay*lookup
		}
	}
	if s.storesData() {
		bytes += p.dataBytes(lookup)
	}
	return bytes + p.latency.Bytes(uint32(min(p.nodes+1, math.MaxUint32)))
}

// followersBytes is the table of who follows each finger. A ring that stays as
// it was settled shares the peers; finger by finger each node gets its own.
func (p *plan) followersBytes() int64 {
	fingers := int64(min(bits.Len64(uint64(p.nodes))+2, chord.MaxFingers))
	of := int64(p.spec.Ring.Candidates-1) * int64(unsafe.Sizeof(chord.Peer{}))
	return p.nodes * (24 + fingers*(chord.FollowedBytes+of))
}

// lookups returns how many lookups a step begins, and how many of them are
// under way at once.
func (p *plan) lookups(l *LookupStep) (count, underWay int64) {
	switch {
	case l.Rate != nil:
		count = l.Rate.Expected(l.For)
	case l.PerNode != nil && l.PerNode.Every > 0:
		count = int64(min(float64(p.nodes)*float64(l.For)/float64(l.PerNode.Every), math.MaxInt64/1024))
	default:
		count = l.Count
	}
	return count, atOnce(count, max(l.For, l.Over))
}

// atOnce returns how many lookups or operations that begin over a while are under
// way at once: as many as begin within the few seconds that one with some timeouts
// takes.
func atOnce(count int64, over Duration) int64 {
	const lasts = 3 * Second
	return int64(min(float64(count)*float64(lasts)/float64(max(over, lasts)), float64(count)))
}

// sideBySide returns how many runs go on at once, or refuses a scenario of
// which not even one fits.
func sideBySide(plans []*plan, o RunOptions) (int, error) {
	most := int64(0)
	for _, p := range plans {
		most = max(most, p.estimate())
	}
	limit, of := memoryLimit()
	if most > limit {
		return 0, Inputf("a run takes about %s and the %s is %s; write fewer nodes", sizeText(most), of, sizeText(limit))
	}
	if o.Shards > sim.MaxShards {
		return 0, Inputf("--shards %d: at most %d", o.Shards, sim.MaxShards)
	}
	fit := int(min(limit/most, math.MaxInt32))
	if o.Jobs > fit {
		return 0, Inputf("--jobs %d: a run takes about %s and the %s is %s, room for %d", o.Jobs, sizeText(most), of, sizeText(limit), fit)
	}
	if o.Jobs > 0 {
		return o.Jobs, nil
	}
	return max(1, min(fit, runtime.GOMAXPROCS(0)/max(o.Workers, 1))), nil
}

func sizeText(bytes int64) string {
	if bytes < 1<<30 {
		return fmt.Sprintf("%d MB", (bytes+999_999)/1_000_000)
	}
	return fmt.Sprintf("%.1f GB", float64(bytes)/1e9)
}

// memoryLimit is the least of physical memory, the container's limit,
// GOMEMLIMIT and the address space, and its name.
func memoryLimit() (int64, string) {
	limit, of := int64(math.MaxInt64), "memory"
	lower := func(n int64, name string) {
		if n > 0 && n < limit {
			limit, of = n, name
		}
	}
	lower(physicalMemory(), "memory of this machine")
	for _, file := range []string{"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"} {
		if text, err := os.ReadFile(file); err == nil {
			if n, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64); err == nil {
				lower(n, "limit of this container")
			}
		}
	}
	lower(debug.SetMemoryLimit(-1), "limit set by GOMEMLIMIT")
	// Go reserves more addresses than it uses memory.
	lower(addressSpace()/2, "address space allowed, of which half is used,")
	if strconv.IntSize == 32 {
		lower(2<<30, "address space")
	}
	return limit, of
}
