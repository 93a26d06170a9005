//go:build !unix

package scenarios

// addressSpace returns 0: no limit is known.
func addressSpace() int64 { return 0 }
