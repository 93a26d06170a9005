package scenarios

import (
	"slices"

	"chordsim/chord"
	"chordsim/dht"
	"chordsim/seed"
)

// layerKind is a kind of message of a layer above the ring; a local one never
// crosses the network.
type layerKind struct {
	kind  chord.Kind
	name  string
	local bool
}

// layerKinds are those of the seed server, then those of stored keys.
var layerKinds = func() []layerKind {
	kinds := []layerKind{
		{seed.GetSeed, "get_seed", false}, {seed.SeedIs, "seed_is", false},
		{seed.AddNode, "add_node", false}, {seed.DeadNode, "dead_node", false}, {seed.Ack, "seed_ack", false},
		{seed.Poll, "seed_poll", false}, {seed.PollAck, "seed_poll_ack", false},
		{seed.CmdJoin, "join", true},
	}
	for k := chord.DataKinds; k < dht.EndKinds; k++ {
		kinds = append(kinds, layerKind{k, dht.KindName(k), dht.Local(k)})
	}
	return kinds
}()

// crossing returns the kinds of a layer that cross the network.
func crossing(own func(chord.Kind) bool) []chord.Kind {
	var kinds []chord.Kind
	for _, k := range layerKinds {
		if !k.local && own(k.kind) {
			kinds = append(kinds, k.kind)
		}
	}
	return kinds
}

// seedKinds returns those between nodes and the seed server, dataKinds those of
// stored keys.
func seedKinds() []chord.Kind { return crossing(seed.Owns) }
func dataKinds() []chord.Kind { return crossing(dht.Owns) }

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

// MessageKinds returns the names of the kinds of message that cross the
// network: the ring's, then those of the layers above it.
func MessageKinds() []string {
	return kindNames(append(ringKinds(), crossing(chord.Kind.Layer)...))
}

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
	for _, k := range crossing(chord.Kind.Layer) {
		if met(kindName(k)) {
			kinds = append(kinds, k)
		}
	}
	return kindNames(kinds)
}
