//go:build planted

package chord

// Planted is the mistake that this test build makes. It is changed only while no
// node steps.
var Planted Bug

func planted(b Bug) bool { return Planted == b }
