package scenarios

import (
	"chordsim/chord"
	"chordsim/dht"
)

// kindName returns the name of a kind of any layer.
func kindName(k chord.Kind) string {
	if k >= chord.DataKinds && k < dht.EndKinds {
		return dht.KindName(k)
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
	return append(ringKinds(), dataKinds()...)
}

// dataKinds returns those of stored keys.
func dataKinds() []chord.Kind {
	var kinds []chord.Kind
	for k := chord.DataKinds; k < dht.EndKinds; k++ {
		if !dht.Local(k) {
			kinds = append(kinds, k)
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
