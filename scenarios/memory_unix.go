//go:build unix && !linux

package scenarios

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// PeakMemory returns the most memory the process has ever held at once, in
// bytes of physical memory; 0 if the system does not say.
func PeakMemory() int64 {
	var usage unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &usage); err != nil {
		return peakOfRuntime()
	}
	if runtime.GOOS == "darwin" || runtime.GOOS == "ios" {
		return int64(usage.Maxrss) // bytes there, kilobytes on the others
	}
	return int64(usage.Maxrss) * 1024
}
