package local

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"
)

// replicaSet is the name of the one-node replica set.
const replicaSet = "rs0"

// startAttempts bounds how often another free port is tried: a port that was
// free a moment ago may be taken by the time mongod binds it.
const startAttempts = 5

// Options say where a local server lives. Only Dir is required.
type Options struct {
	// Dir holds everything the server writes; see the package comment.
	Dir string
	// Port to listen on; 0 takes the port of the last start, or a free one.
	Port int
	// CacheDir holds the fetched mongod; empty means omnichannel/mongod in
	// the user's cache directory.
	CacheDir string
	// CacheGiB is the size of mongod's cache; 0 means a quarter, which is
	// enough for developing. MongoDB begins to write changed pages out when
	// they are a twentieth of it.
	CacheGiB float64
	// TestCommands makes the server take configureFailPoint, by which tests
	// have it fail on purpose. Fail points are the whole server's.
	TestCommands bool
	// Logger is told of starts, joins and ends; nil means silence.
	Logger *slog.Logger
	// Stdout gets one line for people when something takes long, such as the
	// one-time fetch; nil means silence.
	Stdout io.Writer
}

// Server is a running mongod, started by this process or joined.
type Server struct {
	dir    string
	port   int
	joined bool
	child  *child // nil when joined
	logger *slog.Logger

	closing  sync.Once
	closeErr error
}

// Start gives the running server of opts.Dir: joined if some process runs one
// there, started otherwise. It returns when the node is primary. Its errors
// say what to do, and carry the end of mongod's log where mongod failed.
func Start(ctx context.Context, opts Options) (*Server, error) {
	opts, err := opts.withDefaults()
	if err != nil {
		return nil, err
	}
	unlock, err := lockFile(ctx, filepath.Join(opts.Dir, "start.lock"))
	if err != nil {
		return nil, fmt.Errorf("wait for another process that starts a local MongoDB in %s: %w", opts.Dir, err)
	}
	defer unlock()

	rec, err := readRecord(opts.Dir)
	if err != nil {
		return nil, err
	}
	running, err := awaitOldServer(ctx, opts.Dir, rec)
	if err != nil {
		return nil, err
	}
	if running {
		opts.Logger.InfoContext(ctx, "joined a running local MongoDB", "pid", rec.PID, "port", rec.Port)
		return &Server{dir: opts.Dir, port: rec.Port, joined: true, logger: opts.Logger}, nil
	}
	binary, err := findMongod(ctx, opts)
	if err != nil {
		return nil, err
	}
	return startOnSomePort(ctx, opts, binary, rec.Port)
}

func (o Options) withDefaults() (Options, error) {
	if o.Dir == "" {
		return o, errors.New("start a local MongoDB: no folder given")
	}
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return o, fmt.Errorf("start a local MongoDB in %s: %w", o.Dir, err)
	}
	o.Dir = dir
	if err := os.MkdirAll(filepath.Join(dir, "data"), 0o700); err != nil {
		return o, fmt.Errorf("make the folder of the local MongoDB: %w", err)
	}
	if o.CacheDir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return o, fmt.Errorf("find the user's cache directory (set HOME or XDG_CACHE_HOME): %w", err)
		}
		o.CacheDir = filepath.Join(cache, "omnichannel", "mongod")
	}
	if o.CacheGiB == 0 {
		o.CacheGiB = 0.25
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Stdout == nil {
		o.Stdout = io.Discard
	}
	return o, nil
}

// startOnSomePort starts mongod on the wished port, else on the recorded one,
// else on free ones.
func startOnSomePort(ctx context.Context, opts Options, binary string, recorded int) (*Server, error) {
	port := opts.Port
	if port == 0 && recorded != 0 && portFree(recorded) {
		port = recorded
	}
	for attempt := 1; ; attempt++ {
		chosen := port
		if chosen == 0 {
			var err error
			if chosen, err = freePort(); err != nil {
				return nil, fmt.Errorf("find a free port for the local MongoDB: %w", err)
			}
		}
		srv, err := startOn(ctx, opts, binary, chosen)
		if err == nil {
			return srv, nil
		}
		if opts.Port != 0 || attempt == startAttempts || !errors.Is(err, errPortTaken) {
			return nil, err
		}
		port = 0
	}
}

func startOn(ctx context.Context, opts Options, binary string, port int) (*Server, error) {
	began := time.Now()
	c, err := startChild(binary, opts, port)
	if err != nil {
		return nil, err
	}
	if err := writeRecord(opts.Dir, record{PID: c.pid(), Port: port}); err != nil {
		c.kill()
		return nil, err
	}
	if err := awaitPrimary(ctx, port, c.exited); err != nil {
		c.kill()
		return nil, c.describeFailure(opts.Dir, port, err)
	}
	opts.Logger.InfoContext(ctx, "started a local MongoDB",
		"pid", c.pid(), "port", port, "dir", opts.Dir, "took_ms", time.Since(began).Milliseconds())
	return &Server{dir: opts.Dir, port: port, child: c, logger: opts.Logger}, nil
}

// URI is the address to give to a driver. It names the replica set and no
// database.
func (s *Server) URI() string { return uriOf(s.port) }

// Joined tells whether another process started the server and will end it.
func (s *Server) Joined() bool { return s.joined }

// Exited is closed when the server's process has ended, by Close or by
// itself. For a joined server it is nil and never fires.
func (s *Server) Exited() <-chan struct{} {
	if s.child == nil {
		return nil
	}
	return s.child.exited
}

// PID is the process of a server that this process started; 0 for a joined one.
func (s *Server) PID() int {
	if s.child == nil {
		return 0
	}
	return s.child.cmd.Process.Pid
}

// Close shuts the server down and waits for its end: by command, then by
// SIGTERM, and by SIGKILL when ctx ends first or ten seconds were not enough.
// A joined server is left running. Further calls give the first one's answer.
func (s *Server) Close(ctx context.Context) error {
	s.closing.Do(func() {
		if s.joined {
			return
		}
		s.closeErr = s.child.shutdown(ctx, s.port)
		s.logger.InfoContext(ctx, "ended the local MongoDB", "pid", s.child.pid(), "port", s.port)
	})
	return s.closeErr
}

func uriOf(port int) string {
	return "mongodb://127.0.0.1:" + strconv.Itoa(port) + "/?replicaSet=" + replicaSet
}
