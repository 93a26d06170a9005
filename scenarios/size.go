package scenarios

import (
	"fmt"
	"math"
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
		answer   = 16         // of each lookup: latency and stretch
		fixed    = 24 << 20   // program and runtime
		moment   = 20.0 / 100 // messages under way at once, a node: a lookup in ten seconds and rounds in thirty
	)
	s := p.spec
	lists := int64(s.Ring.Successors)
	bytes := fixed + p.nodes*(int64(unsafe.Sizeof(chord.Node{}))+truth+snapshot+entry*lists)
	bytes += sim.Footprint[chord.Message, chord.Peer](
		sim.Config{Actors: int(min(p.nodes, sim.MaxActors)), Shards: shardsFor(p.nodes, 0, 1)},
		sim.Load{Messages: int64(float64(p.nodes) * moment), Timers: 5 * p.nodes, ListElements: lists * p.nodes / 50},
	)
	for _, step := range s.Timeline {
		l, ok := step.Action.(*LookupStep)
		if !ok {
			continue
		}
		lookups := l.Count
		switch {
		case l.Rate != nil:
			lookups = l.Rate.Expected(l.For)
		case l.PerNode != nil && l.PerNode.Every > 0:
			lookups = int64(min(float64(p.nodes)*float64(l.For)/float64(l.PerNode.Every), math.MaxInt64/1024))
		}
		bytes += lookups * answer
	}
	return bytes + p.latency.Bytes(uint32(min(p.nodes, math.MaxUint32)))
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
	if strconv.IntSize == 32 {
		lower(2<<30, "address space")
	}
	return limit, of
}
