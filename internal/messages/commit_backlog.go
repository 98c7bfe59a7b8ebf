package messages

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// worthwhile says how many routes must wait for a batch to begin beside none,
// one and two others. A batch costs the database about as much as ten changes in
// it do, and one that waits for the disk leaves the processors to the next: small
// batches wait for company, large ones overlap. Measured in turn, with 32 callers:
// where twelve are company enough, two batches take turns, and take in a seventh
// less than one that has them all, at a fifth more of the processors.
var worthwhile = []int{1, 24, 72}

// gathering is how long a batch waits, when one has just ended, for the callers of
// that one: whoever was answered mostly has more to say at once. Half as long is
// too short for thirty of them on two processors.
const gathering = 3 * time.Millisecond

// overdue is when a batch no longer keeps others waiting for company: it waits
// for something else than usual.
const overdue = 50 * time.Millisecond

// backlog holds what waits for a batch. Changes of one route leave it in order,
// and none leaves while an earlier one is under way, so that two batches seldom
// meet on one contact: when it has several names, or one has news of its messages.
// Routes take turns: a busy one does not keep the others waiting.
type backlog struct {
	places chan struct{} // one for each change that waits

	mu     sync.Mutex
	wake   *sync.Cond
	lines  map[string]*routeLine // those with changes waiting or under way
	ready  []*routeLine          // with changes waiting and none under way
	brisk  int                   // batches under way that are not overdue
	asking int                   // callers with changes waiting
	usual  int                   // how many callers the next batch is likely to have
	until  time.Time             // so long it waits for them
	closed bool
}

// flight is a batch under way.
type flight struct {
	lines  []*routeLine
	asking int // callers with changes in it
	brisk  bool
	late   *time.Timer
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
	if it.first {
		q.asking++
	}
	ready := !l.held && len(l.items) == 1
	if ready {
		q.ready = append(q.ready, l)
	}
	if ready || it.first && q.asking == q.usual {
		q.wake.Signal()
	}
	return nil
}

// take gives the next batch as soon as there is one that is worth it, and what
// is to be landed after it; false when the backlog is closed and empty.
func (q *backlog) take(most int) (items []*item, f *flight, ok bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for !q.worth() {
		if q.closed && len(q.lines) == 0 {
			return nil, nil, false
		}
		q.wake.Wait()
	}
	f = &flight{brisk: true}
	for len(q.ready) > 0 && len(items) < most {
		l := q.ready[0]
		q.ready = q.ready[1:]
		n := min(len(l.items), most-len(items))
		items, l.items = append(items, l.items[:n]...), l.items[n:]
		l.held, f.lines = true, append(f.lines, l)
	}
	for _, it := range items {
		<-q.places
		if it.first {
			f.asking++
		}
	}
	q.asking -= f.asking
	q.brisk++
	f.late = time.AfterFunc(overdue, func() { q.slow(f) })
	return items, f, true
}

// worth tells whether a batch may begin now.
func (q *backlog) worth() bool {
	switch {
	case q.closed:
		return len(q.ready) > 0
	case q.brisk == 0 && q.asking < q.usual && time.Now().Before(q.until):
		return false
	}
	return len(q.ready) >= worthwhile[min(q.brisk, len(worthwhile)-1)]
}

// slow lets others begin without company.
func (q *backlog) slow(f *flight) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.tire(f)
	q.wake.Broadcast()
}

func (q *backlog) tire(f *flight) {
	if f.brisk {
		f.brisk = false
		q.brisk--
	}
}

// land ends a batch: the next changes of its routes may go.
func (q *backlog) land(f *flight) {
	f.late.Stop()
	q.mu.Lock()
	defer q.mu.Unlock()
	q.tire(f)
	for _, l := range f.lines {
		l.held = false
		if len(l.items) == 0 {
			delete(q.lines, l.route)
			continue
		}
		q.ready = append(q.ready, l)
	}
	q.gather(f.asking)
	q.wake.Broadcast()
}

// gather lets the next batch wait for the callers of the one that has ended, when
// there were several: somebody alone is not to wait for others.
func (q *backlog) gather(ended int) {
	if q.usual = 0; q.brisk > 0 || ended < 2 {
		return
	}
	q.usual, q.until = min(ended+q.asking, batchMost), time.Now().Add(gathering)
	time.AfterFunc(gathering, q.wake.Broadcast)
}

// close refuses what comes from now on; what waits is still handed out.
func (q *backlog) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.wake.Broadcast()
}
