package sim

import "math/bits"

// Mix adds a word to a running hash. It is made for one multiplication a word and
// tells runs apart that differ by accident; it is no defence against an attacker.
// The added constant keeps zero from being a fixed point, so that leading zero
// words count.
func Mix(h, word uint64) uint64 {
	return bits.RotateLeft64((h^word)*0xD6E8FEB86659FD93, 29) + golden
}

// Mix adds the key of an event to a running hash. The receiver is left out: it is
// whose hash it is.
func (h Header) Mix(hash uint64) uint64 {
	return Mix(Mix(hash, uint64(h.At)), key(h.From, h.Seq))
}

// Digest returns one hash of all that the handlers mixed into the actors' hashes,
// combined in the order of addresses. An actor nothing was mixed into does not
// count, so that room for actors who never came does not change it. Call it at a
// barrier.
func (e *Engine[M, L]) Digest() uint64 {
	h := uint64(0)
	for _, sh := range e.shards {
		for i := range sh.actors {
			if d := sh.actors[i].digest; d != 0 {
				h = Mix(Mix(h, uint64(sh.first)+uint64(i)), d)
			}
		}
	}
	return scramble(h)
}
