package scenarios

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/invopop/jsonschema"
)

// Hosts are hosts by their numbers. The hosts of a run are numbered from 1 in the
// order in which its steps bring them; a step that brings hosts by their numbers
// leaves out those in between, which other such steps may bring.
type Hosts []uint32

// JSONSchema describes a list of numbers.
func (Hosts) JSONSchema() *jsonschema.Schema {
	one := uint64(1)
	return &jsonschema.Schema{Type: "array", Items: hostNumber(), MinItems: &one, UniqueItems: true}
}

func hostNumber() *jsonschema.Schema {
	return &jsonschema.Schema{Type: "integer", Minimum: "1", Maximum: json.Number(strconv.Itoa(maxNodes))}
}

// String writes them as a list.
func (h Hosts) String() string { return strings.ReplaceAll(fmt.Sprint([]uint32(h)), " ", ", ") }

// highest returns the highest of the numbers, at least n.
func (h Hosts) highest(n int64) int64 {
	for _, host := range h {
		n = max(n, int64(host))
	}
	return n
}

// Through says which member hosts join through: a random one for each, a random one
// that is the same for all as long as it is a member, or the host of a number as
// long as that is one.
type Through struct {
	Fixed bool
	Host  uint32 // 0: none in particular
}

// ParseThrough reads random, fixed or the number of a host.
func ParseThrough(text string) (Through, error) {
	switch text {
	case "random":
		return Through{}, nil
	case "fixed":
		return Through{Fixed: true}, nil
	}
	n, err := strconv.ParseUint(text, 10, 32)
	if err != nil || n == 0 || n > maxNodes {
		return Through{}, fmt.Errorf("%s is no way in; write random, fixed or the number of a host, from 1 on", quote(text))
	}
	return Through{Host: uint32(n)}, nil
}

// UnmarshalJSON reads "random", "fixed" or a number.
func (t *Through) UnmarshalJSON(data []byte) error {
	text, _, err := scalarText(data)
	if err != nil {
		return err
	}
	v, err := ParseThrough(text)
	if err == nil {
		*t = v
	}
	return err
}

// JSONSchema describes a word or a number.
func (Through) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{
		Format:      unitFormat("Through"),
		AnyOf:       []*jsonschema.Schema{{Type: "string", Enum: []any{"random", "fixed"}}, {Type: "string", Pattern: "^[0-9]+$"}, hostNumber()},
		Description: "random, fixed, or the number of a host.",
	}
}

// arrivals are the hosts that the steps before one bring.
type arrivals struct {
	highest int64
	ranges  []hostRange // of those that steps bring by how many they are
	single  map[uint32]bool
	unknown bool // a churn brings others
}

// hostRange are hosts of successive numbers.
type hostRange struct{ first, last int64 }

// add takes note of so many more hosts, or of those of some numbers.
func (a *arrivals) add(n int64, hosts Hosts) {
	if n > 0 {
		a.ranges = append(a.ranges, hostRange{a.highest + 1, a.highest + n})
		a.highest += n
	}
	for _, h := range hosts {
		if a.single == nil {
			a.single = map[uint32]bool{}
		}
		a.single[h] = true
	}
	a.highest = hosts.highest(a.highest)
}

func (a *arrivals) has(host uint32) bool {
	return a.single[host] || slices.ContainsFunc(a.ranges, func(r hostRange) bool { return r.first <= int64(host) && int64(host) <= r.last })
}

// arrives checks that hosts are brought by one way of saying which, and once.
func (w *timelineWalk) arrives(path string, n int64, hosts Hosts) {
	w.oneOf(path, []string{"nodes", "hosts"}, n > 0, len(hosts) > 0)
	if w.blind {
		return
	}
	for i, h := range hosts {
		at := fmt.Sprintf("%s.hosts[%d]", path, i)
		switch {
		case w.arrived.has(h):
			w.fail(at, fmt.Sprintf("a step before brings host %d", h), "write restart to have it come back")
		case w.arrived.unknown && int64(h) > w.arrived.highest:
			w.fail(at, fmt.Sprintf("a churn before brings hosts, and may have brought host %d", h), "write nodes")
		}
	}
	w.arrived.add(n, hosts)
}

// known checks that hosts are meant that steps before bring.
func (w *timelineWalk) known(path string, hosts Hosts) {
	for i, h := range hosts {
		w.knownHost(fmt.Sprintf("%s[%d]", path, i), h)
	}
}

func (w *timelineWalk) knownHost(path string, host uint32) {
	if w.blind || w.arrived.unknown || w.arrived.has(host) {
		return
	}
	hint := "hosts are numbered from 1 in the order in which steps bring them"
	if w.arrived.highest > 0 {
		hint += fmt.Sprintf(", so far up to %d", w.arrived.highest)
	}
	w.fail(path, fmt.Sprintf("no step before brings host %d", host), hint)
}

// through checks that hosts join through one that steps before bring.
func (w *timelineWalk) through(path string, t Through) {
	if t.Host > 0 {
		w.knownHost(path+".through", t.Host)
	}
}
