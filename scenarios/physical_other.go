//go:build !linux

package scenarios

// physicalMemory returns 0: not known.
func physicalMemory() int64 { return 0 }
