package scenarios

import "runtime"

// peakOfRuntime is what Go's runtime has ever asked the system for: an upper
// bound where the system itself does not tell the peak.
func peakOfRuntime() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.Sys)
}
