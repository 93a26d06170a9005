package chord

import "math/bits"

// scale maps 64 random bits to [0, n).
func scale(draw, n uint64) int64 {
	hi, _ := bits.Mul64(draw, n)
	return int64(hi)
}

// fork derives the i-th further draw from the random bits of an event (the
// finaliser of SplitMix64, Steele et al. 2014).
func fork(draw uint64, i int) uint64 {
	z := draw + uint64(i)*0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}
