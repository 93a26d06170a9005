package scenarios

import (
	"slices"

	"chordsim/chord"
	"chordsim/seed"
)

// layerKinds are the kinds of message of the layers above the ring, with their
// names; what is local never crosses the network.
var layerKinds = []struct {
	kind  chord.Kind
	name  string
	local bool
}{
	{seed.GetSeed, "get_seed", false}, {seed.SeedIs, "seed_is", false},
	{seed.AddNode, "add_node", false}, {seed.DeadNode, "dead_node", false}, {seed.Ack, "seed_ack", false},
	{seed.Poll, "seed_poll", false}, {seed.PollAck, "seed_poll_ack", false},
	{seed.CmdJoin, "join", true},
}

// seedKinds returns the kinds of message between nodes and the seed server that
// cross the network.
func seedKinds() []chord.Kind {
	var kinds []chord.Kind
	for _, k := range layerKinds {
		if seed.Owns(k.kind) && !k.local {
			kinds = append(kinds, k.kind)
		}
	}
	return kinds
}

// idsOf returns how many identifiers and addresses a message of any layer
// carries with a list of n entries.
func idsOf(m *chord.Message, n int) int {
	if seed.Owns(m.Kind) {
		return seed.IDs(m)
	}
	return m.IDs(n)
}

// kindName returns the name of a kind of any layer.
func kindName(k chord.Kind) string {
	for i := range layerKinds {
		if layerKinds[i].kind == k {
			return layerKinds[i].name
		}
	}
	return k.String()
}

// ringKinds returns the kinds of the ring's messages that cross the network, in
// their order.
func ringKinds() []chord.Kind {
	var kinds []chord.Kind
	for k := range chord.NumKinds {
		if !k.Local() {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// networkKinds returns all kinds of message that cross the network: the ring's,
// then those of the layers above it.
func networkKinds() []chord.Kind {
	kinds := ringKinds()
	for _, k := range layerKinds {
		if !k.local {
			kinds = append(kinds, k.kind)
		}
	}
	return kinds
}

// MessageKinds returns the names of the kinds of message that cross the
// network.
func MessageKinds() []string { return kindNames(networkKinds()) }

func kindNames(kinds []chord.Kind) []string {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = kindName(k)
	}
	return names
}

// messageKinds returns the names of the ring's kinds of message and, of the
// layers above it, of those that were met where traffic was measured: whoever
// has no such layer has no columns of zeros for it.
func (r *Result) messageKinds() []string {
	kinds := ringKinds()
	met := func(name string) bool {
		for i := range r.Rows {
			for j := range r.Rows[i].Runs {
				for _, t := range r.Rows[i].Runs[j].Traffic {
					if slices.ContainsFunc(t.Kinds, func(k KindTraffic) bool { return k.Kind == name }) {
						return true
					}
				}
			}
		}
		return false
	}
	for _, k := range networkKinds()[len(kinds):] {
		if met(kindName(k)) {
			kinds = append(kinds, k)
		}
	}
	return kindNames(kinds)
}
