package jobs_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/cirrus/omnichannel/internal/jobs"
)

func TestLoopRunsAtOnceAndByInterval(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		var at []time.Duration
		loop := &jobs.Loop{Name: "x", Interval: time.Minute, Run: func(context.Context) error {
			at = append(at, time.Since(start))
			return nil
		}}
		loop.Start(t.Context())
		loop.Start(t.Context()) // running already
		time.Sleep(150 * time.Second)
		loop.Stop()
		if want := []time.Duration{0, time.Minute, 2 * time.Minute}; !slices.Equal(at, want) {
			t.Errorf("ran at %v, want %v", at, want)
		}
	})
}

func TestLoopWakesEarlyAndTellsItsLag(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		wake := make(chan struct{}, 1)
		start := time.Now()
		var at, lags, took []time.Duration
		loop := &jobs.Loop{
			Name: "x", Interval: time.Hour, Wake: wake,
			Run: func(context.Context) error {
				at = append(at, time.Since(start))
				time.Sleep(time.Second)
				return nil
			},
			Observe: func(name string, lag, t time.Duration, err error) {
				lags, took = append(lags, lag), append(took, t)
			},
		}
		loop.Start(t.Context())
		time.Sleep(10 * time.Second)
		wake <- struct{}{}
		time.Sleep(10 * time.Second)
		loop.Stop()
		if want := []time.Duration{0, 10 * time.Second}; !slices.Equal(at, want) {
			t.Errorf("ran at %v, want %v", at, want)
		}
		if want := []time.Duration{0, 0}; !slices.Equal(lags, want) {
			t.Errorf("lags %v, want %v", lags, want)
		}
		if want := []time.Duration{time.Second, time.Second}; !slices.Equal(took, want) {
			t.Errorf("took %v, want %v", took, want)
		}
	})
}

func TestLoopBacksOffFromErrorsAndPanics(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		var errs []error
		start, runs := time.Now(), 0
		var at []time.Duration
		wake := make(chan struct{}, 1)
		loop := &jobs.Loop{
			Name: "x", Interval: time.Hour, Wake: wake, Logger: slog.New(slog.NewJSONHandler(&log, nil)),
			Backoff: jobs.Backoff{First: 10 * time.Second, Most: 20 * time.Second},
			Run: func(context.Context) error {
				at = append(at, time.Since(start))
				runs++
				switch runs {
				case 1:
					return errors.New("boom")
				case 2, 3:
					panic("bang")
				}
				return nil
			},
			Observe: func(_ string, _, _ time.Duration, err error) { errs = append(errs, err) },
		}
		loop.Start(t.Context())
		wake <- struct{}{} // does not shorten the pause; is seen after it
		time.Sleep(30 * time.Minute)
		loop.Stop()
		if len(at) != 5 { // three failures, a good one, the wake
			t.Fatalf("ran at %v", at)
		}
		for i, want := range []time.Duration{10 * time.Second, 20 * time.Second, 20 * time.Second} {
			if got := at[i+1] - at[i]; got < want*8/10 || got > want*12/10 {
				t.Errorf("pause %d is %v, want about %v", i, got, want)
			}
		}
		for _, want := range []string{`"loop":"x"`, "boom", "panic: bang", "loop_test.go", `"failures":3`} {
			if !strings.Contains(log.String(), want) {
				t.Errorf("no %q in the log: %s", want, log.String())
			}
		}
		if errs[0] == nil || errs[1] == nil || errs[3] != nil || errs[4] != nil {
			t.Errorf("observed %v", errs)
		}
	})
}

func TestLoopStopEndsARunAndWaitsForIt(t *testing.T) {
	t.Parallel()
	running := make(chan struct{})
	ended := false
	loop := &jobs.Loop{Name: "x", Interval: time.Hour, Run: func(ctx context.Context) error {
		close(running)
		<-ctx.Done()
		ended = true
		return ctx.Err()
	}}
	loop.Start(t.Context())
	<-running
	loop.Stop()
	if !ended {
		t.Error("Stop returned before the run had ended")
	}
}

func TestLoopStartsAnewAfterItsContext(t *testing.T) {
	t.Parallel()
	ran := make(chan struct{})
	loop := &jobs.Loop{Name: "x", Interval: time.Hour, Run: func(context.Context) error {
		ran <- struct{}{}
		return nil
	}}
	ctx, cancel := context.WithCancel(t.Context())
	loop.Start(ctx)
	<-ran
	cancel()
	for started := false; !started; {
		loop.Start(t.Context()) // nothing, as long as the first has not ended
		select {
		case <-ran:
			started = true
		case <-time.After(time.Millisecond):
		}
	}
	loop.Stop()
}

func TestLoopStartStopStress(t *testing.T) {
	t.Parallel()
	var running, runs atomic.Int32
	loop := &jobs.Loop{Name: "x", Interval: time.Microsecond, Run: func(context.Context) error {
		if running.Add(1) != 1 {
			t.Error("two runs at once")
		}
		runs.Add(1)
		running.Add(-1)
		return nil
	}}
	loop.Stop() // never started
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 200 {
				loop.Start(t.Context())
				loop.Stop()
			}
		})
	}
	wg.Wait()
	loop.Stop()
	before := runs.Load()
	loop.Start(t.Context())
	for runs.Load() == before {
		<-time.After(time.Millisecond)
	}
	loop.Stop()
	if running.Load() != 0 {
		t.Error("a run goes on after Stop")
	}
}

func TestBackoff(t *testing.T) {
	t.Parallel()
	b := jobs.Backoff{First: time.Second, Most: time.Minute}
	for failures, want := range map[int]time.Duration{
		-1: 0, 0: 0, 1: time.Second, 2: 2 * time.Second, 3: 4 * time.Second, 6: 32 * time.Second, 7: time.Minute, 5000: time.Minute,
	} {
		if got := b.After(failures); got != want {
			t.Errorf("after %d failures %v, want %v", failures, got, want)
		}
	}
	if got := (jobs.Backoff{First: time.Second, Most: time.Minute, Factor: 3}).After(3); got != 9*time.Second {
		t.Errorf("with factor 3: %v", got)
	}
	if got := (jobs.Backoff{First: time.Second, Most: time.Minute, Factor: 1}).After(9); got != time.Second {
		t.Errorf("with factor 1: %v", got)
	}
	for r, want := range map[float64]time.Duration{0: 8 * time.Second, 0.5: 10 * time.Second, 1: 12 * time.Second} {
		if got := jobs.Jitter(10*time.Second, r); got != want {
			t.Errorf("jitter %v: %v, want %v", r, got, want)
		}
	}
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for range 100 {
		if wait := b.Next(now, 2).Sub(now); wait < 1600*time.Millisecond || wait > 2400*time.Millisecond {
			t.Fatalf("next in %v", wait)
		}
	}
}
