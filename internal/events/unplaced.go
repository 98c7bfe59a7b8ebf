package events

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
)

// heardMost is how many batches are remembered that the stream told of.
const heardMost = 4096

// heard are an account's new batches, in the order of their commits, as the
// change stream told of them. To search the store for them costs more the more
// were placed: the store keeps the index entries of some minutes, and a search
// walks over all of them.
type heard struct {
	mu   sync.Mutex
	list []ids.EventBatch
	gap  bool // there may be others: they must be searched for
}

// add remembers a batch, or that too many wait.
func (h *heard) add(id ids.EventBatch) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.list) >= heardMost {
		h.list, h.gap = nil, true
	}
	h.list = append(h.list, id)
}

// miss notes that there may be batches that nobody told of.
func (h *heard) miss() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.gap = true
}

// first gives the batches that come next, at most so many, and whether there may
// be others before them, of which it is told once.
func (h *heard) first(most int) (list []ids.EventBatch, gap bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	gap, h.gap = h.gap, false
	return slices.Clone(h.list[:min(most, len(h.list))]), gap
}

// drop forgets the batches up to and with the last of these; an overflow may
// have forgotten them before.
func (h *heard) drop(list []ids.EventBatch) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if n := len(list); n > 0 && n <= len(h.list) && h.list[n-1] == list[n-1] {
		h.list = h.list[n:]
	}
}

// some tells whether anything is to be placed or searched for.
func (h *heard) some() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.gap || len(h.list) > 0
}

// source is where an owner finds what it places next.
type source interface {
	// some tells, before any transaction, whether one may find anything.
	some(ctx context.Context) (bool, error)
	// next reads what comes next, in an order that each session's events have,
	// too. ctx must carry a transaction: in its snapshot, whatever was committed
	// before a batch that is there is there as well.
	next(ctx context.Context) ([]Batch, error)
	// placed is called with what next gave, once it was placed.
	placed(batches []Batch)
}

// source chooses: a long backlog first, then what may have been missed, then
// what was heard.
func (o *owner) source() source {
	if len(o.queue) > 0 {
		return backlog{o}
	}
	list, gap := o.heard.first(readMost)
	if gap {
		return &search{owner: o}
	}
	return &hearing{owner: o, list: list}
}

// behind tells whether more is known to wait.
func (o *owner) behind() bool { return len(o.queue) > 0 || o.heard.some() }

// lost forgets what was to come next: it must be searched for.
func (o *owner) lost() {
	o.queue = nil
	o.heard.miss()
}

// hearing places what the stream told of. The stream tells of commits in their
// order, and so of a session's events in theirs.
type hearing struct {
	*owner
	list []ids.EventBatch
}

func (h *hearing) some(context.Context) (bool, error) { return len(h.list) > 0, nil }

func (h *hearing) next(ctx context.Context) ([]Batch, error) {
	batches, err := h.these(ctx, h.list) // but for those that a search placed
	return first(batches), err
}

func (h *hearing) placed(batches []Batch) {
	if n := len(batches); n > 0 && count(batches) >= placeMost {
		h.heard.drop(h.list[:slices.Index(h.list, batches[n-1].ID)+1])
		return
	}
	h.heard.drop(h.list)
}

// search looks through all that waits.
type search struct {
	*owner
	cut bool // more is there
}

func (s *search) some(ctx context.Context) (bool, error) {
	err := s.room.events.FindOne(ctx, s.own(), options.FindOne().SetProjection(bson.D{{Key: "_id", Value: 1}})).Err()
	if errors.Is(err, mongo.ErrNoDocuments) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("look for new events of account %s: %w", s.account, err)
	}
	return true, nil
}

// readMost is how many batches are read before it is asked how many there are.
const readMost = 50

func (s *search) next(ctx context.Context) ([]Batch, error) {
	waiting, err := readBatches(ctx, s.room.events, s.own(), options.Find().SetLimit(readMost))
	if err == nil && len(waiting) == readMost {
		err = errMany
	}
	if err != nil {
		return nil, err
	}
	batches := first(inOrder(waiting))
	s.cut = len(batches) < len(waiting)
	return batches, nil
}

func (s *search) placed([]Batch) {
	if s.cut {
		s.heard.miss()
	}
}

// errMany says that a transaction must not read all that waits.
var errMany = errors.New("many events wait")

// queued is a batch of a long backlog.
type queued struct {
	id     ids.EventBatch
	events int
}

// backlog places a long backlog, whose order was worked out by lineUp.
type backlog struct{ *owner }

func (b backlog) some(context.Context) (bool, error) { return true, nil }

func (b backlog) next(ctx context.Context) ([]Batch, error) {
	var list []ids.EventBatch
	for n := 0; len(list) < len(b.queue) && n < placeMost; {
		one := b.queue[len(list)]
		list = append(list, one.id)
		n += one.events
	}
	whole, err := b.these(ctx, list)
	if err == nil && len(whole) != len(list) {
		err = errMoved
	}
	return whole, err
}

func (b backlog) placed(batches []Batch) { b.queue = b.queue[len(batches):] }

// lineUp puts all batches that wait into the queue: of a long backlog the order
// is that of all there are, and it is worked out once.
func (o *owner) lineUp(ctx context.Context) error {
	// No transaction: reading a very long backlog may take longer than one may.
	session, err := o.room.db.Client().StartSession(options.Session().SetSnapshot(true))
	if err != nil {
		return fmt.Errorf("read the events that wait of account %s: %w", o.account, err)
	}
	defer session.EndSession(context.WithoutCancel(ctx))
	numbers := bson.D{{Key: "events._id", Value: 1}, {Key: "events.sessionId", Value: 1}, {Key: "events.sequence", Value: 1}}
	waiting, err := readBatches(mongo.NewSessionContext(ctx, session), o.room.events, o.own(), options.Find().SetProjection(numbers))
	if err != nil {
		return err
	}
	o.queue = o.queue[:0]
	for _, batch := range inOrder(waiting) {
		o.queue = append(o.queue, queued{batch.ID, len(batch.Events)})
	}
	return nil
}

// own is the filter of the account's batches that wait.
func (o *owner) own() bson.D {
	return bson.D{{Key: "unplaced", Value: true}, {Key: "accountId", Value: o.account}}
}

// these reads those of some batches that still wait, in the order of the list.
func (o *owner) these(ctx context.Context, list []ids.EventBatch) ([]Batch, error) {
	at := make(map[ids.EventBatch]int, len(list))
	for i, id := range list {
		at[id] = i
	}
	batches, err := readBatches(ctx, o.room.events, append(eventsOf(o.account, list), bson.E{Key: "unplaced", Value: true}),
		options.Find().SetHint(bson.D{{Key: "_id", Value: 1}}))
	slices.SortFunc(batches, func(a, b Batch) int { return at[a.ID] - at[b.ID] })
	return batches, err
}

// first gives as many batches as one transaction places.
func first(batches []Batch) []Batch {
	n := 0
	for i := range batches {
		if n >= placeMost {
			return batches[:i]
		}
		n += len(batches[i].Events)
	}
	return batches
}

func readBatches(ctx context.Context, from *mongo.Collection, filter bson.D, how *options.FindOptionsBuilder) ([]Batch, error) {
	cursor, err := from.Find(ctx, filter, how.SetSort(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	var batches []Batch
	if err := mongodb.All(ctx, cursor, &batches); err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	return batches, nil
}
