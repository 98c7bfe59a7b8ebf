package messages

import (
	"context"
	"fmt"
	"sync"
)

// backlog holds what waits for a batch. Changes of one route leave it in order,
// and none leaves while an earlier one is under way, so that two batches meet
// on one contact only when it has several names. Routes take turns: a busy one
// does not keep the others waiting.
type backlog struct {
	places chan struct{} // one for each change that waits

	mu     sync.Mutex
	wake   *sync.Cond
	lines  map[string]*routeLine // those with changes waiting or under way
	ready  []*routeLine          // with changes waiting and none under way
	closed bool
}

// routeLine is what waits of one route.
type routeLine struct {
	route string
	items []*item
	held  bool // a batch has some of its changes
}

func newBacklog(most int) *backlog {
	q := &backlog{places: make(chan struct{}, most), lines: map[string]*routeLine{}}
	q.wake = sync.NewCond(&q.mu)
	return q
}

// put adds a change; it waits for a place until ctx ends.
func (q *backlog) put(ctx context.Context, it *item) error {
	select {
	case q.places <- struct{}{}:
	case <-ctx.Done():
		return fmt.Errorf("wait for a place in the commit queue: %w", ctx.Err())
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		<-q.places
		return errClosed
	}
	l := q.lines[it.route]
	if l == nil {
		l = &routeLine{route: it.route}
		q.lines[it.route] = l
	}
	l.items = append(l.items, it)
	if !l.held && len(l.items) == 1 {
		q.ready = append(q.ready, l)
		q.wake.Signal()
	}
	return nil
}

// take gives the next batch, as soon as there is one, and the lines that are
// to be released after it; false when the queue is closed and empty.
func (q *backlog) take(most int) (items []*item, held []*routeLine, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.ready) == 0 {
		if q.closed && len(q.lines) == 0 {
			return nil, nil, false
		}
		q.wake.Wait()
	}
	for len(q.ready) > 0 && len(items) < most {
		l := q.ready[0]
		q.ready = q.ready[1:]
		n := min(len(l.items), most-len(items))
		items, l.items = append(items, l.items[:n]...), l.items[n:]
		l.held, held = true, append(held, l)
	}
	for range items {
		<-q.places
	}
	return items, held, true
}

// release lets the next changes of the lines go.
func (q *backlog) release(held []*routeLine) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, l := range held {
		l.held = false
		if len(l.items) == 0 {
			delete(q.lines, l.route)
			continue
		}
		q.ready = append(q.ready, l)
	}
	q.wake.Broadcast()
}

// close refuses what comes from now on; what waits is still handed out.
func (q *backlog) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.wake.Broadcast()
}
