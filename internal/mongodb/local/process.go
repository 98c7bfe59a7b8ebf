package local

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"time"
)

// errPortTaken marks a start that failed because somebody else listens there.
var errPortTaken = errors.New("the port is taken")

// shutdownPatience is how long a graceful shutdown may take before signals.
const shutdownPatience = 10 * time.Second

// exitNetwork is mongod's exit code when it cannot listen.
const exitNetwork = 48

// logTail is how much of mongod's log an error carries, in bytes.
const logTail = 2048

// child is a mongod that this process started. exited is closed when it ended.
type child struct {
	cmd    *exec.Cmd
	exited chan struct{}
}

// startChild starts mongod. It does not wait for it to serve.
func startChild(binary string, opts Options, port int) (*child, error) {
	args := []string{
		"--dbpath", filepath.Join(opts.Dir, "data"),
		"--logpath", filepath.Join(opts.Dir, "mongod.log"),
		"--bind_ip", "127.0.0.1",
		"--port", strconv.Itoa(port),
		"--replSet", replicaSet,
		"--wiredTigerCacheSizeGB", strconv.FormatFloat(opts.CacheGiB, 'f', -1, 64),
		"--nounixsocket",
		// What a killed server was writing keeps its rows from others for this
		// long, not for the minute that is MongoDB's own. A try of ours takes 5 s
		// at most.
		"--setParameter", "transactionLifetimeLimitSeconds=10",
		// What rows were is kept for half a minute, not for five: a session's row
		// changes with each of its messages, and writing its history down was a third
		// of what mongod does to make room. A read as of one moment, such as that of
		// all events of an account that wait, has as long.
		"--setParameter", "minSnapshotHistoryWindowInSeconds=30",
		// Changed pages stay in the cache until they are a fifth of it, not a
		// twentieth: a conversation's rows change again and again within seconds, and
		// writing them out between was a fifth of what mongod does under load.
		"--wiredTigerEngineConfigString", "eviction_dirty_target=20,eviction_dirty_trigger=40",
	}
	if opts.TestCommands {
		args = append(args, "--setParameter", "enableTestCommands=1")
	}
	cmd := exec.Command(binary, args...)
	cmd.SysProcAttr = childAttributes()
	c := &child{cmd: cmd, exited: make(chan struct{})}
	started := make(chan error)
	go func() {
		// The kernel's watch over the parent is on this thread, not on the
		// process: the thread must live as long as the child.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // why it ended stands in its log
			close(c.exited)
		}
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("start %s: %w", binary, err)
	}
	return c, nil
}

func (c *child) pid() int { return c.cmd.Process.Pid }

// kill ends the child at once and waits for its end.
func (c *child) kill() {
	_ = c.cmd.Process.Kill() // it has ended already
	<-c.exited
}

func (c *child) shutdown(ctx context.Context, port int) error {
	ctx, cancel := context.WithTimeout(ctx, shutdownPatience)
	defer cancel()
	if err := shutdownCommand(ctx, port); err != nil {
		_ = c.cmd.Process.Signal(syscall.SIGTERM) // it has ended already
	}
	select {
	case <-c.exited:
		return nil
	case <-ctx.Done():
		c.kill()
		return fmt.Errorf("the local MongoDB (pid %d) did not shut down in time and was killed; its journal recovers at the next start: %w",
			c.pid(), ctx.Err())
	}
}

// describeFailure adds what mongod itself said to a start that failed. The
// child has ended.
func (c *child) describeFailure(dir string, port int, err error) error {
	tail := tailOf(filepath.Join(dir, "mongod.log"), logTail)
	if c.cmd.ProcessState.ExitCode() == exitNetwork {
		err = fmt.Errorf("%w: %w", errPortTaken, err)
	}
	return fmt.Errorf("start a local MongoDB in %s on port %d: %w; the end of its log:\n%s", dir, port, err, tail)
}

// tailOf gives the last whole lines of a file, at most limit bytes of them, or
// why there are none.
func tailOf(path string, limit int64) string {
	f, err := os.Open(path)
	if err != nil {
		return "(" + err.Error() + ")"
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "(" + err.Error() + ")"
	}
	from := max(0, info.Size()-limit)
	text, err := io.ReadAll(io.NewSectionReader(f, from, limit))
	if err != nil {
		return "(" + err.Error() + ")"
	}
	if _, rest, cut := bytes.Cut(text, []byte("\n")); cut && from > 0 {
		text = rest
	}
	return string(text)
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

func portFree(port int) bool {
	l, err := net.Listen("tcp", "127.0.0.1:"+strconv.Itoa(port))
	if err != nil {
		return false
	}
	return l.Close() == nil
}
