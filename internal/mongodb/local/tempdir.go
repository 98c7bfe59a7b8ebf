package local

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// tempPrefix begins the names of folders that TempDir makes.
const tempPrefix = "omnichannel-mongod-"

// TempDir makes a folder for a server that this process throws away. remove
// deletes it, after the server's Close. Folders that killed processes left
// behind are swept first.
func TempDir() (dir string, remove func() error, err error) {
	sweep(os.TempDir(), time.Now())
	dir, err = os.MkdirTemp("", tempPrefix)
	if err != nil {
		return "", nil, fmt.Errorf("make a temporary folder for MongoDB: %w", err)
	}
	// Locked until remove, or until the kernel closes it: see sweep.
	mark, err := os.Create(filepath.Join(dir, "owner.lock"))
	if err == nil {
		err = syscall.Flock(int(mark.Fd()), syscall.LOCK_EX)
	}
	if err != nil {
		return "", nil, fmt.Errorf("mark a temporary folder for MongoDB as in use: %w", err)
	}
	return dir, func() error { return errors.Join(os.RemoveAll(dir), mark.Close()) }, nil
}

// sweep removes the temporary folders whose owner is gone. A young one is
// left alone: its owner may not have marked it yet.
func sweep(root string, now time.Time) {
	dirs, _ := filepath.Glob(filepath.Join(root, tempPrefix+"*"))
	for _, dir := range dirs {
		info, err := os.Stat(dir)
		if err != nil || now.Sub(info.ModTime()) < time.Minute {
			continue
		}
		if f, err := os.Open(filepath.Join(dir, "owner.lock")); err == nil {
			abandoned := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
			f.Close()
			if !abandoned {
				continue
			}
		}
		os.RemoveAll(dir) // another process may sweep it too
	}
}
