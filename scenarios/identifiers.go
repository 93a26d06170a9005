package scenarios

import (
	"crypto/sha1"
	"encoding/binary"
	"strconv"

	"chordsim/chord"
	"chordsim/sim"
)

// identifiers gives every address its identifier. Drawn ones are drawn
// without replacement: a Feistel network over the bits of the circle, keyed
// by the seed, maps addresses to identifiers one to one, so that no two ever
// meet and none has to be remembered.
type identifiers struct {
	bits   int
	hashed bool
	key    sim.Stream
}

const feistelRounds = 8

func (d identifiers) of(a chord.Addr) uint64 {
	mask := chord.Mask(d.bits)
	if d.hashed {
		return hashed("10.0.0.0:"+strconv.FormatUint(uint64(a), 10), d.bits)
	}
	low := uint(d.bits+1) / 2
	lo, hi := uint64(a-1)&(1<<low-1), uint64(a-1)>>low
	loMask, hiMask := uint64(1)<<low-1, mask>>low
	for r := uint64(0); r < feistelRounds; r += 2 {
		hi ^= sim.NewStream(d.key.At(r), lo, r).At(0) & hiMask
		lo ^= sim.NewStream(d.key.At(r+1), hi, r).At(0) & loMask
	}
	return hi<<low | lo
}

// hashed returns the last bits of the SHA-1 of a text, as E-Chord and [SIGCOMM01]
// name nodes and keys.
func hashed(text string, bits int) uint64 {
	sum := sha1.Sum([]byte(text))
	return binary.BigEndian.Uint64(sum[len(sum)-8:]) & chord.Mask(bits)
}
