//go:build unix

package sim

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func TestOnlyRegularFilesAreOpened(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	huge := filepath.Join(dir, "huge")
	if err := os.WriteFile(huge, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(huge, maxFileBytes+1); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		dir: "not a regular file", pipe: "not a regular file", "/dev/zero": "not a regular file",
		huge: "513 MiB are above the limit of 512", filepath.Join(dir, "none"): "no such file or directory",
	} {
		if f, err := OpenFile(path, maxFileBytes); err == nil || f != nil || err.Error() != path+": "+want {
			t.Errorf("%s: %v", path, err)
		}
	}
}
