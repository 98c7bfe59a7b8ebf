package events

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/jobs"
)

const (
	// feedMost is how many events a feed remembers for its listeners, no longer
	// than renderedFor.
	feedMost = 1000
	// feedBytes is how much text they may have, about.
	feedBytes = 4 << 20
	// feedEvery is how long a feed may not know of events that no change stream
	// told of.
	feedEvery = 2 * time.Second
	// handfulMost is how many events a listener takes at once: what it holds
	// while its client is slow.
	handfulMost = 64
)

// feed reads and renders an account's events once, for all who listen on this
// server.
type feed struct {
	room    *Service
	account ids.Account
	wake    chan struct{}
	end     context.CancelFunc

	listeners int // guarded by the room's mu

	mu     sync.Mutex
	frames []frame
	bytes  int
	before int64         // the position before the first frame
	upTo   int64         // the position that was read up to
	more   chan struct{} // closed when there is more
}

// join gives the account's feed, which begins behind a position.
func (s *Service) join(account ids.Account, position int64) *feed {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.feeds[account]
	if f == nil {
		ctx, end := context.WithCancel(s.streams)
		f = &feed{room: s, account: account, wake: make(chan struct{}, 1), end: end, before: position, upTo: position, more: make(chan struct{})}
		s.feeds[account] = f
		if ctx.Err() == nil { // else Close waits already
			s.wg.Go(func() { f.run(ctx) })
		}
	}
	f.listeners++
	return f
}

// quit ends a feed that nobody listens to any more.
func (s *Service) quit(f *feed) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f.listeners--; f.listeners == 0 {
		f.end()
		delete(s.feeds, f.account)
	}
}

// news wakes the account's feed, if anybody listens.
func (s *Service) news(account ids.Account) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if f := s.feeds[account]; f != nil {
		signal(f.wake)
	}
}

// feedBackoff is the pause after events could not be read.
var feedBackoff = jobs.Backoff{First: 100 * time.Millisecond, Most: 5 * time.Second}

func (f *feed) run(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for failures := 0; ; {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		case <-f.wake:
		}
		wait := feedEvery
		if err := f.read(ctx); err != nil && ctx.Err() == nil {
			failures++
			wait = feedBackoff.After(failures)
			slog.WarnContext(ctx, "events for listeners were not read", "account_id", string(f.account), "failures", failures, "error", err)
		} else {
			failures = 0
		}
		timer.Reset(wait)
	}
}

// read takes in all events that there are.
func (f *feed) read(ctx context.Context) error {
	for {
		after := f.upTo // only run writes it
		frames, upTo, err := f.room.page(ctx, f.account, after, nil)
		if fault.Is(err, fault.CursorExpired) {
			return f.skip(ctx)
		}
		if err != nil || upTo == after {
			return err
		}
		f.publish(frames, upTo)
	}
}

// skip goes on behind a hole. The listeners meet it in the store, and end.
func (f *feed) skip(ctx context.Context) error {
	newest, err := f.room.position(ctx, f.account)
	if err != nil {
		return err
	}
	slog.ErrorContext(ctx, "events were deleted before all who listen had heard of them", "account_id", string(f.account), "position", f.upTo)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.frames, f.bytes, f.before, f.upTo = nil, 0, newest, newest
	f.tell()
	return nil
}

// tell wakes the listeners; f.mu is held.
func (f *feed) tell() {
	close(f.more)
	f.more = make(chan struct{})
}

// publish shows events to the listeners, and forgets the oldest.
func (f *feed) publish(frames []frame, upTo int64) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.frames = append(f.frames, frames...)
	for _, one := range frames {
		f.bytes += len(one.text)
	}
	f.upTo = upTo
	if slices.ContainsFunc(frames, func(one frame) bool { return one.kind == ContactErased }) {
		// What was rendered before shows the person.
		f.frames, f.bytes, f.before = nil, 0, upTo
	}
	drop := 0
	for drop < len(f.frames) && (len(f.frames)-drop > feedMost || f.bytes > feedBytes) {
		f.bytes -= len(f.frames[drop].text)
		f.before = f.frames[drop].position
		drop++
	}
	if drop > 0 {
		f.frames = append(make([]frame, 0, len(f.frames)-drop+pageMost), f.frames[drop:]...)
	}
	f.tell()
}

// after gives some of the events behind a position; known tells whether the
// feed still has them. When there are none yet, more is closed once there are.
func (f *feed) after(position int64) (frames []frame, more <-chan struct{}, known bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if position < f.before {
		return nil, nil, false
	}
	if position >= f.upTo {
		return nil, f.more, true
	}
	from := int(position - f.before) // a frame a position
	if time.Since(f.frames[from].at) > renderedFor {
		return nil, nil, false // messages and contacts may have changed since
	}
	return f.frames[from:min(from+handfulMost, len(f.frames))], nil, true
}
