package local

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// pollEvery is how often a condition is looked at that gives no signal.
const pollEvery = 20 * time.Millisecond

// record is what server.json says of the last start.
type record struct {
	PID  int `json:"pid"`
	Port int `json:"port"`
}

// readRecord reads the record of the last start; the zero record when there
// is none, or when it is no record (a crash can leave anything).
func readRecord(dir string) (record, error) {
	text, err := os.ReadFile(filepath.Join(dir, "server.json"))
	if errors.Is(err, os.ErrNotExist) {
		return record{}, nil
	}
	if err != nil {
		return record{}, fmt.Errorf("read the record of the local MongoDB: %w", err)
	}
	var rec record
	if json.Unmarshal(text, &rec) != nil || rec.Port < 0 || rec.Port > 65535 {
		return record{}, nil
	}
	return rec, nil
}

func writeRecord(dir string, rec record) error {
	text, err := json.Marshal(rec)
	if err != nil {
		return fmt.Errorf("write the record of the local MongoDB: %w", err)
	}
	if err := writeAtomically(filepath.Join(dir, "server.json"), text); err != nil {
		return fmt.Errorf("write the record of the local MongoDB: %w", err)
	}
	return nil
}

func writeAtomically(path string, text []byte) error {
	if err := os.WriteFile(path+".new", text, 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// awaitOldServer tells whether the recorded server runs and serves. One that
// is about to end is waited for: its data is not free before. A server that
// holds the data but is not the recorded one is an error.
func awaitOldServer(ctx context.Context, dir string, rec record) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, 2*shutdownPatience)
	defer cancel()
	for {
		held, err := dataHeld(dir)
		if err != nil || !held {
			return false, err
		}
		if rec.Port > 0 {
			// Only the pid tells whether it is our server that answers there.
			if pid, err := primaryPID(ctx, rec.Port); err == nil && pid == rec.PID {
				return true, nil
			}
		}
		if err := pause(ctx); err != nil {
			return false, fmt.Errorf("another mongod (pid %s) holds %s and is not the one that was started here on port %d; end it first: %w",
				holderOf(dir), filepath.Join(dir, "data"), rec.Port, err)
		}
	}
}

// dataHeld tells whether a live mongod has the data directory open: it keeps
// mongod.lock flocked while it runs, and leaves the file behind when it dies.
func dataHeld(dir string) (bool, error) {
	f, err := os.Open(filepath.Join(dir, "data", "mongod.lock"))
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look for a running local MongoDB: %w", err)
	}
	defer f.Close()
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_SH|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return true, nil
	}
	if err != nil {
		return false, fmt.Errorf("look for a running local MongoDB: %w", err)
	}
	return false, nil
}

// holderOf gives the pid that mongod wrote into its lock file.
func holderOf(dir string) string {
	text, err := os.ReadFile(filepath.Join(dir, "data", "mongod.lock"))
	if err != nil || len(text) == 0 {
		return "unknown"
	}
	return strings.TrimSpace(string(text))
}

// lockFile takes the exclusive lock of a file, which is made if needed. The
// kernel drops the lock when its holder dies.
func lockFile(ctx context.Context, path string) (unlock func(), err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			return func() { f.Close() }, nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) && !errors.Is(err, syscall.EINTR) {
			f.Close()
			return nil, err
		}
		if err := pause(ctx); err != nil {
			f.Close()
			return nil, err
		}
	}
}

// pause waits for the next look at a condition.
func pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(pollEvery):
		return nil
	}
}
