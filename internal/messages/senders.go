package messages

import (
	"context"
	"fmt"
	"sync"

	"github.com/cirrus/omnichannel/internal/ids"
)

// senders counts the work of this process that a request need not wait for,
// deliveries and files, and keeps the deliveries of one session in line
// without asking the store.
type senders struct {
	mu     sync.Mutex
	closed bool
	lines  *lanes[ids.Session]
	wg     sync.WaitGroup
	ctx    context.Context // of what is under way
	stop   context.CancelFunc
	begins context.Context // ended: nothing more begins
	shut   context.CancelFunc
}

func newSenders() *senders {
	s := &senders{lines: newLanes[ids.Session](1)}
	s.ctx, s.stop = context.WithCancel(context.Background())
	s.begins, s.shut = context.WithCancel(s.ctx)
	return s
}

// begin counts a piece of work; false means that the process is stopping.
func (s *senders) begin() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.wg.Add(1)
	return true
}

// close begins nothing more and waits for what is under way; when ctx ends
// first that is cut off.
func (s *senders) close(ctx context.Context) error {
	s.mu.Lock()
	s.closed = true
	s.shut()
	s.mu.Unlock()
	done := make(chan struct{})
	go func() {
		s.wg.Wait()
		close(done)
	}()
	select {
	case <-done:
		s.stop()
		return nil
	case <-ctx.Done():
		s.stop()
		<-done
		return fmt.Errorf("sends under way were cut off; they are unknown until their status comes: %w", ctx.Err())
	}
}
