//go:build !planted

package chord

// planted reports whether the build makes a mistake: this one makes none, and the
// compiler drops what would.
func planted(Bug) bool { return false }
