//go:build !unix

package scenarios

// PeakMemory returns the most memory the process has ever held at once, in
// bytes, as far as Go's runtime knows.
func PeakMemory() int64 { return peakOfRuntime() }
