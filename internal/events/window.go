package events

import (
	"container/heap"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/ids"
)

// item is a pending delivery in memory.
type item struct {
	Delivery
	line  *line
	event *Row // nil: to be read

	body       []byte // of the request; nil: to be rendered
	renderedAt time.Time
	missing    string // why it can never be rendered
	// doubted: it failed as the only call under way, and another one was taken
	// next. Should it fail again, that is the event's fault, not the endpoint's.
	doubted bool
}

// line is what waits of one key, in the order of positions. Its first item is
// the only one that may be sent.
type line struct {
	key   bson.ObjectID
	items []*item
	busy  bool // its first item is under way
	place int  // in the queue of those that are not busy
}

// readyAt is when the line's first item may be sent.
func (l *line) readyAt() time.Time { return l.items[0].NextAt }

// window holds pending deliveries of one endpoint, and tells which may be sent.
type window struct {
	byID  map[ids.Delivery]*item
	lines map[bson.ObjectID]*line
	queue queue // lines that are not busy
	busy  map[*line]struct{}
}

func newWindow() *window {
	return &window{byID: map[ids.Delivery]*item{}, lines: map[bson.ObjectID]*line{}, busy: map[*line]struct{}{}}
}

// add takes a delivery in, unless it is there; event may be nil.
func (w *window) add(row Delivery, event *Row) {
	if w.byID[row.ID] != nil {
		return
	}
	it := &item{Delivery: row, event: event}
	w.byID[row.ID] = it
	l := w.lines[row.Key]
	if l == nil {
		it.line = &line{key: row.Key, items: []*item{it}}
		w.lines[row.Key] = it.line
		heap.Push(&w.queue, it.line)
		return
	}
	it.line = l
	from := 0
	if l.busy { // the one under way stays the first, whatever is replayed
		from = 1
	}
	at, _ := slices.BinarySearchFunc(l.items[from:], row.Position, func(other *item, position int64) int { return int(other.Position - position) })
	l.items = slices.Insert(l.items, from+at, it)
	if !l.busy {
		heap.Fix(&w.queue, l.place)
	}
}

// ready gives the first of the items that may be sent now; nil when there is
// none.
func (w *window) ready(now time.Time) *item {
	if len(w.queue) == 0 || w.queue[0].readyAt().After(now) {
		return nil
	}
	return w.queue[0].items[0]
}

// isReady tells whether an item may be sent now.
func (w *window) isReady(it *item, now time.Time) bool {
	return w.byID[it.ID] == it && !it.line.busy && it.line.items[0] == it && !it.line.readyAt().After(now)
}

// readyBut gives the first of the items that may be sent now and whose keys are
// not among some; nil when there is none.
func (w *window) readyBut(now time.Time, some map[bson.ObjectID]struct{}) *item {
	best := -1
	for i, l := range w.queue {
		if _, is := some[l.key]; !is && !l.readyAt().After(now) && (best < 0 || w.queue.Less(i, best)) {
			best = i
		}
	}
	if best < 0 {
		return nil
	}
	return w.queue[best].items[0]
}

// next is when an item will be ready; false when none waits for that.
func (w *window) next() (time.Time, bool) {
	if len(w.queue) == 0 {
		return time.Time{}, false
	}
	return w.queue[0].readyAt(), true
}

// begin notes that a ready item is under way.
func (w *window) begin(it *item) {
	heap.Remove(&w.queue, it.line.place)
	it.line.busy = true
	w.busy[it.line] = struct{}{}
}

// again puts an item that was under way back; it may be sent from at on.
func (w *window) again(it *item, at time.Time) {
	it.NextAt = at
	w.release(it.line)
}

// done takes an item that was under way out.
func (w *window) done(it *item) {
	delete(w.byID, it.ID)
	it.line.items = it.line.items[1:]
	w.release(it.line)
}

func (w *window) release(l *line) {
	l.busy = false
	delete(w.busy, l)
	if len(l.items) == 0 {
		delete(w.lines, l.key)
		return
	}
	heap.Push(&w.queue, l)
}

// upcoming gives items that are about to be sent and that want asks for, most
// at most: the first ones of all lines before any second one.
func (w *window) upcoming(now time.Time, most int, want func(*item) bool) []*item {
	lines := make([]*line, 0, len(w.lines))
	for _, l := range w.queue {
		if !l.readyAt().After(now) {
			lines = append(lines, l)
		}
	}
	for l := range w.busy {
		lines = append(lines, l)
	}
	var found []*item
	for depth := 0; depth < lookAhead && len(lines) > 0; depth++ {
		lines = slices.DeleteFunc(lines, func(l *line) bool { return len(l.items) <= depth })
		for _, l := range lines {
			if want(l.items[depth]) {
				if found = append(found, l.items[depth]); len(found) == most {
					return found
				}
			}
		}
	}
	return found
}

// lookAhead is how many of one line are rendered at once.
const lookAhead = 64

// queue orders lines that are not busy: those that are ready by position,
// those that wait by their time after them.
type queue []*line

// Len implements heap.Interface.
func (q queue) Len() int { return len(q) }

// Less implements heap.Interface. An item that never had to wait has the zero
// time, and so comes before one that has.
func (q queue) Less(i, j int) bool {
	a, b := q[i].items[0], q[j].items[0]
	if !a.NextAt.Equal(b.NextAt) {
		return a.NextAt.Before(b.NextAt)
	}
	return a.Position < b.Position
}

// Swap implements heap.Interface.
func (q queue) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].place, q[j].place = i, j
}

// Push implements heap.Interface.
func (q *queue) Push(x any) {
	l := x.(*line)
	l.place = len(*q)
	*q = append(*q, l)
}

// Pop implements heap.Interface.
func (q *queue) Pop() any {
	last := len(*q) - 1
	l := (*q)[last]
	(*q)[last] = nil
	*q = (*q)[:last]
	return l
}
