package d360

import (
	"sort"
	"sync"
	"time"
)

// Clock tells the time and wakes. Everything in the sandbox that waits (the
// 24 hour window, throttles, receipts, retries, media links) asks it, so that a
// test moves a whole day in one call.
type Clock interface {
	Now() time.Time
	// AfterFunc calls f once, d from now, in a goroutine of its own or in that of
	// whoever moves the clock.
	AfterFunc(d time.Duration, f func()) Timer
}

// Timer is a call that AfterFunc promised. Stop reports whether it prevented it.
type Timer interface {
	Stop() bool
}

type systemClock struct{}

// Now is the time of the machine.
func (systemClock) Now() time.Time { return time.Now() }

// AfterFunc is that of the time package.
func (systemClock) AfterFunc(d time.Duration, f func()) Timer { return time.AfterFunc(d, f) }

// ManualClock is a Clock that stands still until Advance moves it. It is safe
// for concurrent use.
type ManualClock struct {
	mu     sync.Mutex
	now    time.Time
	next   uint64
	timers map[uint64]*manualTimer
}

type manualTimer struct {
	clock *ManualClock
	id    uint64
	at    time.Time
	f     func()
}

// NewManualClock returns a clock that shows now.
func NewManualClock(now time.Time) *ManualClock {
	return &ManualClock{now: now, timers: map[uint64]*manualTimer{}}
}

// Now is the time that was last set.
func (c *ManualClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// AfterFunc calls f from within the Advance that reaches its time.
func (c *ManualClock) AfterFunc(d time.Duration, f func()) Timer {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.next++
	t := &manualTimer{clock: c, id: c.next, at: c.now.Add(d), f: f}
	c.timers[t.id] = t
	return t
}

// Stop prevents the call, if it is still to come.
func (t *manualTimer) Stop() bool {
	t.clock.mu.Lock()
	defer t.clock.mu.Unlock()
	_, pending := t.clock.timers[t.id]
	delete(t.clock.timers, t.id)
	return pending
}

// Advance moves the clock by d and runs, in order and in this goroutine, all
// that falls due, including what those calls schedule within d.
func (c *ManualClock) Advance(d time.Duration) {
	c.mu.Lock()
	end := c.now.Add(d)
	for {
		t := c.earliest(end)
		if t == nil {
			break
		}
		delete(c.timers, t.id)
		if t.at.After(c.now) {
			c.now = t.at
		}
		c.mu.Unlock()
		t.f()
		c.mu.Lock()
	}
	c.now = end
	c.mu.Unlock()
}

func (c *ManualClock) earliest(end time.Time) *manualTimer {
	due := make([]*manualTimer, 0, len(c.timers))
	for _, t := range c.timers {
		if !t.at.After(end) {
			due = append(due, t)
		}
	}
	if len(due) == 0 {
		return nil
	}
	sort.Slice(due, func(i, j int) bool {
		if due[i].at.Equal(due[j].at) {
			return due[i].id < due[j].id
		}
		return due[i].at.Before(due[j].at)
	})
	return due[0]
}

// scheduler keeps the timers of one server, so that Close ends them all and
// their number stays bounded.
type scheduler struct {
	clock Clock
	limit int

	mu      sync.Mutex
	next    uint64
	pending map[uint64]Timer
	closed  bool
	refused int64
	running sync.WaitGroup
}

func newScheduler(clock Clock, limit int) *scheduler {
	return &scheduler{clock: clock, limit: limit, pending: map[uint64]Timer{}}
}

// after runs f in d, at once when d is not positive. It reports false, and
// counts, when the server is closed or too much is pending already.
func (s *scheduler) after(d time.Duration, f func()) bool {
	s.mu.Lock()
	if s.closed || (d > 0 && len(s.pending) >= s.limit) {
		s.refused++
		s.mu.Unlock()
		return false
	}
	if d <= 0 {
		s.running.Add(1)
		s.mu.Unlock()
		defer s.running.Done()
		f()
		return true
	}
	s.next++
	id := s.next
	s.pending[id] = s.clock.AfterFunc(d, func() { s.fire(id, f) })
	s.mu.Unlock()
	return true
}

func (s *scheduler) fire(id uint64, f func()) {
	s.mu.Lock()
	_, there := s.pending[id]
	delete(s.pending, id)
	if s.closed || !there {
		s.mu.Unlock()
		return
	}
	s.running.Add(1)
	s.mu.Unlock()
	defer s.running.Done()
	f()
}

// clear stops everything that is pending; the scheduler goes on working.
func (s *scheduler) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, t := range s.pending {
		t.Stop()
		delete(s.pending, id)
	}
}

func (s *scheduler) close() {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.clear()
	s.running.Wait()
}

func (s *scheduler) waiting() (pending int, refused int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.pending), s.refused
}
