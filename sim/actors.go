package sim

// Actors is a set of actors: bit a%64 of word a/64 is actor a's. The zero value
// is the empty set, and who lies beyond its end is not in it.
type Actors []uint64

// Add puts an actor into the set, which grows as it needs to.
func (s *Actors) Add(a Addr) {
	for int(a>>6) >= len(*s) {
		*s = append(*s, 0)
	}
	(*s)[a>>6] |= 1 << (a & 63)
}

// Has reports whether the actor is in the set.
func (s Actors) Has(a Addr) bool { return int(a>>6) < len(s) && s[a>>6]>>(a&63)&1 != 0 }

// remove takes an actor out.
func (s Actors) remove(a Addr) {
	if s.Has(a) {
		s[a>>6] &^= 1 << (a & 63)
	}
}
