package scenarios

import (
	"bufio"
	"os"
	"strconv"
	"strings"
)

// PeakMemory returns the most memory the process has ever held at once, in
// bytes of physical memory; 0 if the system does not say.
func PeakMemory() int64 {
	status, err := os.Open("/proc/self/status")
	if err != nil {
		return peakOfRuntime()
	}
	defer status.Close()
	for lines := bufio.NewScanner(status); lines.Scan(); {
		if text, ok := strings.CutPrefix(lines.Text(), "VmHWM:"); ok {
			kilobytes, err := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(text), " kB"), 10, 64)
			if err == nil {
				return kilobytes * 1024
			}
		}
	}
	return peakOfRuntime()
}
