//go:build unix

package scenarios

import "golang.org/x/sys/unix"

// addressSpace returns the bytes of address space that the process is allowed
// (ulimit -v); 0 if there is no limit.
func addressSpace() int64 {
	var limit unix.Rlimit
	if unix.Getrlimit(unix.RLIMIT_AS, &limit) != nil || uint64(limit.Cur) >= 1<<62 {
		return 0
	}
	return int64(limit.Cur)
}
