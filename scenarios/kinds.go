package scenarios

import "chordsim/chord"

// layerKinds are the kinds of message of the layers above the ring, with their
// names; what is local never crosses the network.
var layerKinds = []struct {
	kind  chord.Kind
	name  string
	local bool
}{}

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
