package chats

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/providers"
)

// errClosed: the room takes nothing more.
var errClosed = fault.New(fault.ProviderUnavailable, "This server is shutting down: its chats take nothing more.")

// order is one delivery of a device, or a task that must be done between its
// deliveries.
type order struct {
	in       []providers.Inbound
	markRead bool // what comes in is shown as read at once
	task     func() error
	done     chan error
}

// handful is what one lane gathered.
type handful struct {
	orders  []*order
	written chan struct{} // closed once they were answered
}

// put hands an order to the lane of its channel.
func (s *Service) put(ctx context.Context, channel ids.Channel, one *order) (written func() error) {
	one.done = make(chan error, 1)
	s.mu.RLock()
	defer s.mu.RUnlock()
	if s.closed {
		return func() error { return errClosed }
	}
	select {
	case s.lane(channel) <- one:
	case <-ctx.Done():
		return func() error { return ctx.Err() }
	}
	return func() error {
		select {
		case err := <-one.done:
			return err
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (s *Service) lane(channel ids.Channel) chan *order {
	return s.lanes[int(channel[len(channel)-1])%len(s.lanes)]
}

// between does something behind what a channel's device delivered here before,
// and before what it delivers after; again, while its failure is one that passes.
// It must not be called from within a lane.
func (s *Service) between(ctx context.Context, channel ids.Channel, do func(ctx context.Context) error) error {
	task := func() error {
		ctx, cancel := context.WithTimeout(ctx, taskPatience)
		defer cancel()
		if err := ctx.Err(); err != nil { // nobody waits for it any more
			return err
		}
		return patiently(ctx, func() error { return do(ctx) })
	}
	if len(s.lanes) == 0 {
		return task()
	}
	return s.put(ctx, channel, &order{task: task})()
}

// work does what comes in one lane.
func (s *Service) work(lane chan *order) {
	var last handful // that the lane handed over
	for first := range lane {
		for next := first; next != nil; {
			if next.task != nil {
				if last.written != nil {
					<-last.written
				}
				next.done <- next.task()
				next = nil
				continue
			}
			last = handful{written: make(chan struct{})}
			last.orders, next = gather(next, lane)
			s.gathered <- last
		}
	}
}

// writeGathered writes what the lanes gather, in the order in which they handed it
// over, all that waits at once: most of what a small batch costs the store is that
// it is one. What fails together is written lane by lane, so that no lane's trouble
// is another's.
func (s *Service) writeGathered() {
	for first := range s.gathered {
		together := []handful{first}
		orders := slices.Clone(first.orders)
		for len(orders) < batchMost && len(s.gathered) > 0 {
			next := <-s.gathered
			together, orders = append(together, next), append(orders, next.orders...)
		}
		if len(together) == 1 || !s.keepTogether(orders) {
			var lanes sync.WaitGroup
			for _, one := range together {
				lanes.Go(func() { s.keep(one.orders) })
			}
			lanes.Wait()
		}
		for _, one := range together {
			close(one.written)
		}
	}
}

// keepTogether writes what several lanes gathered; where that fails, nobody is
// answered.
func (s *Service) keepTogether(orders []*order) bool {
	ctx, cancel := context.WithTimeout(context.Background(), s.together)
	defer cancel()
	if s.write(ctx, orders) != nil {
		return false
	}
	for _, one := range orders {
		one.done <- nil
	}
	return true
}

// gather takes all deliveries that wait, as one batch, up to a task, which it
// gives, too.
func gather(first *order, lane chan *order) (batch []*order, task *order) {
	batch = []*order{first}
	for len(batch) < batchMost {
		select {
		case next, ok := <-lane:
			if !ok || next.task != nil {
				return batch, next
			}
			batch = append(batch, next)
		default:
			return batch, nil
		}
	}
	return batch, nil
}

// keep writes a batch. What can never be written must not hold up what else a
// device delivers: it is dropped, and told.
func (s *Service) keep(batch []*order) {
	ctx, cancel := context.WithTimeout(context.Background(), batchPatience)
	defer cancel()
	err := s.write(ctx, batch)
	if err != nil && !mongodb.IsTransient(err) && ctx.Err() == nil {
		if len(batch) > 1 {
			for _, one := range batch {
				s.keep([]*order{one})
			}
			return
		}
		slog.Error("something cannot be kept in a chat and is left out", "channel_id", batch[0].in[0].Channel.String(), "error", err)
		err = nil
	}
	for _, one := range batch {
		one.done <- err
	}
}

// patiently does something again while its failure is one that passes.
func patiently(ctx context.Context, do func() error) error {
	for pause := 5 * time.Millisecond; ; pause = min(2*pause, time.Second) {
		err := do()
		if err == nil || !mongodb.IsTransient(err) {
			return err
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return err
		}
	}
}
