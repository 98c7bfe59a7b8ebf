package devicestore

import (
	"context"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/mongodb"
)

const (
	// togetherMost bounds how many devices' writes one transaction makes durable.
	togetherMost = 64
	// gathering is how long the next transaction waits, after one of several
	// devices, until as many want to write again.
	gathering = time.Millisecond
	// togetherPatience bounds a transaction of several devices.
	togetherPatience = time.Second
)

// entry is one device's write on its way.
type entry struct {
	ctx   context.Context // ends with the lease
	guard *mongo.UpdateOneModel
	rows  []mongo.WriteModel
	done  chan error
}

// commits makes what the devices of a process write at the same time durable in
// one transaction: most of what a small one costs the database is that it is
// one. A device has one write under way at a time, so that the entries of a
// transaction never touch the same rows. What is done twice, since nobody knows
// whether it was done together, is the same as done once.
type commits struct {
	store *Store

	mu      sync.Mutex
	waiting []*entry
	running bool
	enough  int           // for the next transaction to begin before its time
	full    chan struct{} // there are enough
}

func newCommits(s *Store) *commits { return &commits{store: s, full: make(chan struct{}, 1)} }

// submit makes an entry durable, and waits for that as long as its lease lasts.
func (c *commits) submit(e *entry) error {
	e.done = make(chan error, 1)
	c.mu.Lock()
	c.waiting = append(c.waiting, e)
	if len(c.waiting) == c.enough {
		select {
		case c.full <- struct{}{}:
		default:
		}
	}
	if !c.running {
		c.running = true
		go c.run()
	}
	c.mu.Unlock()
	return <-e.done
}

// run commits until nothing waits.
func (c *commits) run() {
	for {
		batch := c.take()
		if batch == nil {
			return
		}
		c.commit(batch)
		if len(batch) > 1 {
			c.gather(len(batch))
		}
	}
}

// take gives the entries of the next transaction; nil ends the run.
func (c *commits) take() []*entry {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.waiting) == 0 {
		c.running = false
		return nil
	}
	n := min(len(c.waiting), togetherMost)
	batch := append([]*entry(nil), c.waiting[:n]...)
	c.waiting = c.waiting[n:]
	return batch
}

// gather waits for as many as were served last, for a moment.
func (c *commits) gather(last int) {
	c.mu.Lock()
	select { // of an earlier time
	case <-c.full:
	default:
	}
	missing := len(c.waiting) < last
	c.enough = last
	c.mu.Unlock()
	if !missing {
		return
	}
	timer := time.NewTimer(gathering)
	defer timer.Stop()
	select {
	case <-c.full:
	case <-timer.C:
	}
}

// commit answers every entry. When they cannot be done together, because one of
// the devices is another's by now, or is held up, or for any other reason, each
// is done alone, in its own time, and gets an answer of its own.
func (c *commits) commit(batch []*entry) {
	if c.together(batch) == nil {
		for _, e := range batch {
			e.done <- nil
		}
		return
	}
	for _, e := range batch {
		go func() { e.done <- c.store.transact(e.ctx, nil, e) }()
	}
}

// together commits within the shortest lease, and soon: one that is held up must
// not hold up the others.
func (c *commits) together(batch []*entry) error {
	ctx, cancel := context.WithTimeout(context.Background(), togetherPatience)
	defer cancel()
	for _, e := range batch {
		defer context.AfterFunc(e.ctx, cancel)()
	}
	return c.store.transact(ctx, nil, batch...)
}

// transact commits entries in one transaction, each under its guard, with what
// also is to be done in it.
func (s *Store) transact(ctx context.Context, also func(ctx context.Context) error, entries ...*entry) error {
	var guards, rows []mongo.WriteModel
	for _, e := range entries {
		guards, rows = append(guards, e.guard), append(rows, e.rows...)
	}
	unordered := options.BulkWrite().SetOrdered(false)
	return mongodb.Transaction(ctx, s.client, func(ctx context.Context) error {
		found, err := s.devices.BulkWrite(ctx, guards, unordered)
		if err != nil {
			return err
		}
		if found.MatchedCount != int64(len(guards)) {
			return ErrFenced
		}
		if also != nil {
			if err := also(ctx); err != nil {
				return err
			}
		}
		if len(rows) == 0 {
			return nil
		}
		_, err = s.rows.BulkWrite(ctx, rows, unordered)
		return err
	})
}

// guard counts a write in the device's row, if the device is still ours.
func (d *device) guard(c *change) *mongo.UpdateOneModel {
	update := bson.D{{Key: "$inc", Value: bson.D{{Key: "writes", Value: int64(1)}}}}
	if len(c.set) > 0 {
		update = append(update, bson.E{Key: "$set", Value: c.set})
	}
	return mongo.NewUpdateOneModel().SetFilter(d.mine()).SetUpdate(append(update, c.update...))
}
