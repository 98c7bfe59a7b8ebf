package jobs

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"
)

// defaultLoopBackoff is the pause after a failed run, where a loop names none.
var defaultLoopBackoff = Backoff{First: 100 * time.Millisecond, Most: 30 * time.Second}

// Loop runs something again and again: when woken, and at the latest after
// Interval. Runs never overlap. One that fails or panics is logged and pauses
// the loop by Backoff; waking does not shorten that pause.
//
// Fill the fields, then Start; Stop ends it. The zero of an optional field is
// good.
type Loop struct {
	// Name is for logs and metrics, in snake_case.
	Name string
	// Interval is the longest time between two runs; the first is at once.
	Interval time.Duration
	// Run does one round. Its context ends with Stop.
	Run func(ctx context.Context) error
	// Wake, when something can be received from it, starts a run early.
	// Give it a buffer of one, send without waiting, never close it. Optional.
	Wake <-chan struct{}
	// Backoff is the pause after failed runs. Optional.
	Backoff Backoff
	// Logger is told of failed runs. Optional.
	Logger *slog.Logger
	// Observe is told of each run: how late it began after it was due or
	// woken, how long it took, and its error. Optional.
	Observe func(name string, lag, took time.Duration, err error)

	mu      sync.Mutex
	cancel  context.CancelFunc
	stopped chan struct{}
}

// Start begins the loop; it goes on until Stop, or until ctx ends. Starting a
// running loop does nothing; one that ended begins anew.
func (l *Loop) Start(ctx context.Context) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cancel != nil {
		select {
		case <-l.stopped: // with its context
			l.cancel()
		default:
			return
		}
	}
	ctx, l.cancel = context.WithCancel(ctx)
	l.stopped = make(chan struct{})
	go func(stopped chan struct{}) {
		defer close(stopped)
		l.loop(ctx)
	}(l.stopped)
}

// Stop ends the loop and returns when its last run has. It may be called at
// any time, several times, and by several at once; never from within Run.
func (l *Loop) Stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cancel == nil {
		return
	}
	l.cancel()
	<-l.stopped
	l.cancel = nil
}

func (l *Loop) loop(ctx context.Context) {
	backoff := l.Backoff
	if backoff == (Backoff{}) {
		backoff = defaultLoopBackoff
	}
	failures := 0
	for due := time.Now(); ctx.Err() == nil; {
		if err := l.once(ctx, due); err != nil && ctx.Err() == nil {
			failures++
			wait := Jitter(backoff.After(failures), rand.Float64())
			l.logger().ErrorContext(ctx, "a background run failed", "loop", l.Name, "failures", failures,
				"pause_ms", wait.Milliseconds(), "error", err)
			due = time.Now().Add(wait)
			if Pause(ctx, wait) != nil {
				return
			}
			continue
		}
		failures = 0
		due = l.await(ctx)
	}
}

// await waits for the interval or a wake, and gives when that was.
func (l *Loop) await(ctx context.Context) (due time.Time) {
	timer := time.NewTimer(l.Interval)
	defer timer.Stop()
	due = time.Now().Add(l.Interval)
	select {
	case <-ctx.Done():
	case <-timer.C:
	case <-l.Wake:
		due = time.Now()
	}
	return due
}

// once makes one run, a panic being an error with its stack.
func (l *Loop) once(ctx context.Context, due time.Time) error {
	began := time.Now()
	_, err := Guarded(func() (struct{}, error) { return struct{}{}, l.Run(ctx) })
	if l.Observe != nil {
		l.Observe(l.Name, max(began.Sub(due), 0), time.Since(began), err)
	}
	return err
}

func (l *Loop) logger() *slog.Logger {
	if l.Logger == nil {
		return slog.New(slog.DiscardHandler)
	}
	return l.Logger
}
