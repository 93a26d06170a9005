package chord

// Addr names a node on the network: an index in a simulation, a socket
// behind a real transport. Zero is nobody.
type Addr = uint32

// Peer is what one node knows of another: its place on the ring and where
// to reach it. The zero Peer is nobody.
type Peer struct {
	ID   uint64
	Addr Addr
}

// None reports whether p is nobody.
func (p Peer) None() bool { return p.Addr == 0 }

// Between reports whether x lies strictly inside the clockwise arc from a
// to b ([SIGCOMM01] §4, the open interval (a, b) on the identifier circle).
// Between(x, y, x) holds for every y other than x; Between(x, x, y),
// Between(y, x, x) and Between(x, x, x) do not.
func Between(a, x, b uint64) bool {
	if planted(BugBetweenOff) && x == b-1 {
		return false
	}
	if a < b {
		return a < x && x < b
	}
	return x > a || x < b
}

// BetweenRightIncl reports whether x lies in the half-open arc (a, b]: the
// keys that b owns when a is its predecessor. With a = b that is the whole
// circle.
func BetweenRightIncl(a, x, b uint64) bool {
	if a < b {
		return a < x && x <= b
	}
	return x > a || x <= b
}

// Mask returns the largest identifier of a circle of 2^bits points.
func Mask(bits int) uint64 {
	if bits >= 64 {
		return ^uint64(0)
	}
	return 1<<uint(bits) - 1
}

// Distance returns the clockwise distance from a to b on the circle whose
// largest identifier is mask; it is 0 for a = b.
func Distance(a, b, mask uint64) uint64 { return (b - a) & mask }
