package devicestore

import (
	"context"
	"fmt"
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"go.mau.fi/whatsmeow/store"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/mongodb"
)

// change is what one write is going to do, all of it or nothing.
type change struct {
	device *device

	mu   sync.Mutex
	over bool
	rows map[string]*row // nil: deleted
	once []*row          // to be kept where there is none yet
	lids []store.LIDMapping
	// unpaired are taken out of the LID map.
	unpaired []lidRow
	set      bson.D // in the device's row
	// update stands in place of set, for a change of the pairing itself.
	update bson.D
	after  []func() // once it is durable, or is going to be
	flush  bool     // also if it only has what waits for a write
	failed error    // the first failure of the store, whatever became of it
}

// changeKey carries the change of a write in its context.
type changeKey struct{}

// inside gives the change that a context belongs to; nil outside of one, or
// when it is over.
func (d *device) inside(ctx context.Context) *change {
	c, _ := ctx.Value(changeKey{}).(*change)
	if c == nil || c.device != d {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.over {
		return nil
	}
	return c
}

func (c *change) put(r *row) {
	c.device.seal(r)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.rows[r.ID] = r
}

// putOnce keeps a row unless there is one. It is not for rows that are read
// within a write, nor for cached ones.
func (c *change) putOnce(r *row) {
	c.device.seal(r)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.once = append(c.once, r)
}

func (c *change) remove(ids ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, id := range ids {
		c.rows[id] = nil
	}
}

// get gives a row as it is going to be.
func (c *change) get(id string) (r *row, known bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r, known = c.rows[id]
	return r, known
}

// fail keeps the first failure of the store, and gives it.
func (c *change) fail(err error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.failed == nil {
		c.failed = err
	}
	return err
}

// end keeps latecomers from adding to the change, and tells whether the store
// failed.
func (c *change) end() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.over = true
	return c.failed
}

func (c *change) empty() bool {
	return len(c.rows) == 0 && len(c.once) == 0 && len(c.lids) == 0 && len(c.unpaired) == 0 && len(c.set) == 0 && len(c.update) == 0 && !c.flush
}

// alone tells whether a change writes what other devices' changes may write, too,
// or the pairing itself.
func (c *change) alone() bool { return len(c.lids) > 0 || len(c.unpaired) > 0 || len(c.update) > 0 }

// write lets fn gather a change, and makes it durable. Within another one's fn
// it becomes part of that.
func (d *device) write(ctx context.Context, fn func(ctx context.Context, c *change) error) error {
	return d.writeIf(ctx, d.ready, fn)
}

// writeIf is write under another condition than that the device is saved.
func (d *device) writeIf(ctx context.Context, may func() error, fn func(ctx context.Context, c *change) error) error {
	if c := d.inside(ctx); c != nil {
		return fn(ctx, c)
	}
	t, err := d.gather(ctx, may, fn)
	if err != nil {
		return err
	}
	defer t.over()
	return d.commit(ctx, t.change) // not the turn's: what ends with the lease stops the holding
}

// turn is the one write of a device that there is, from its beginning until over.
type turn struct {
	ctx    context.Context // of whoever writes; ends with the lease, too
	change *change
	over   func()
}

// gather takes the turn to write, and has fn say what is to be written. Where it
// fails, the turn is over.
func (d *device) gather(ctx context.Context, may func() error, fn func(ctx context.Context, c *change) error) (t *turn, err error) {
	trusted, cancel, err := d.holding.trusted(ctx)
	if err != nil {
		return nil, d.holding.stop(err)
	}
	over := cancel
	defer func() {
		if t == nil { // it failed, or panicked
			over()
		}
	}()
	d.hurry()
	select {
	case d.holding.writing <- struct{}{}:
		over = func() { <-d.holding.writing; cancel() }
	case <-trusted.Done():
		return nil, d.failed(ctx, context.Cause(trusted))
	}
	if err := may(); err != nil {
		return nil, err
	}
	c := &change{device: d, rows: map[string]*row{}}
	err = fn(context.WithValue(trusted, changeKey{}, c), c)
	if failed := c.end(); failed != nil {
		return nil, failed
	}
	if err != nil {
		return nil, err
	}
	return &turn{ctx: trusted, change: c, over: over}, nil
}

// commit makes a change durable, then lets the caches know it.
func (d *device) commit(ctx context.Context, c *change) error {
	if !c.empty() {
		if err := d.store(ctx, c); err != nil {
			return err
		}
		d.remember(c)
	}
	c.tell()
	return nil
}

// tell does what is to be done once the change is durable; of a decryption that goes
// ahead before it, since one that is not stored ends the holding.
func (c *change) tell() {
	for _, f := range c.after {
		f()
	}
}

// store makes a change durable. Once it has begun, the lease alone ends it.
func (d *device) store(ctx context.Context, c *change) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("write for device %s: %w", d.holding.channel, err)
	}
	if err := d.readable(); err != nil { // somebody else met the end meanwhile
		return err
	}
	trusted, cancel, err := d.holding.trusted(context.WithoutCancel(ctx))
	if err != nil {
		return d.holding.stop(err)
	}
	defer cancel()
	if err := d.transact(trusted, c); err != nil {
		return d.holding.stop(because(trusted, err))
	}
	return nil
}

// remember puts the rows of a change into the cache, as tell does its part.
func (d *device) remember(c *change) {
	d.recent.change(func(entries *simplelru.LRU[string, *row]) {
		for id, r := range c.rows {
			if !d.cached(id) {
				continue
			}
			if r != nil {
				kept := *r
				kept.Box = nil // memory keeps what is in it
				r = &kept
			}
			entries.Add(id, r)
		}
	})
}

// mostCollisions bounds how often a change is tried again that met another
// device writing the same addresses.
const mostCollisions = 10

func (d *device) transact(ctx context.Context, c *change) error {
	handled := d.handled.list()
	e := &entry{ctx: ctx, guard: d.guard(c), rows: append(c.models(), c.cleared(handled)...)}
	err := d.durable(e, c)
	if err == nil {
		d.handled.remove(handled)
	}
	return err
}

// durable commits a change together with other devices' ones; alone, where it
// writes addresses, which all devices share, or the pairing itself, which cannot
// be done twice.
func (d *device) durable(e *entry, c *change) error {
	s := d.holding.store
	if !c.alone() {
		return s.commits.submit(e)
	}
	for n := 0; ; n++ {
		err := s.transact(e.ctx, func(ctx context.Context) error {
			if err := s.lids.remove(ctx, c.unpaired); err != nil {
				return err
			}
			return s.lids.write(ctx, c.lids)
		}, e)
		if len(c.lids) == 0 || n == mostCollisions || !mongodb.IsDuplicateKey(err) {
			return err
		}
	}
}

// mine finds the device's row as long as it is ours.
func (d *device) mine() bson.D {
	h := d.holding
	mine := bson.D{{Key: "_id", Value: h.channel}, {Key: "fence", Value: h.fence.Number}, {Key: "opening", Value: h.opening}}
	if d.condition() == fresh {
		return mine
	}
	return append(mine, bson.E{Key: "pairing.id", Value: d.pairing})
}

func (c *change) models() []mongo.WriteModel {
	models := make([]mongo.WriteModel, 0, len(c.rows)+len(c.once))
	for id, r := range c.rows {
		filter := bson.D{{Key: "_id", Value: id}}
		if r == nil {
			models = append(models, mongo.NewDeleteOneModel().SetFilter(filter))
		} else {
			models = append(models, mongo.NewReplaceOneModel().SetFilter(filter).SetReplacement(r).SetUpsert(true))
		}
	}
	for _, r := range c.once {
		id := r.ID
		r.ID = "" // the filter has it
		models = append(models, mongo.NewUpdateOneModel().SetFilter(bson.D{{Key: "_id", Value: id}}).
			SetUpdate(bson.D{{Key: "$setOnInsert", Value: r}}).SetUpsert(true))
	}
	return models
}
