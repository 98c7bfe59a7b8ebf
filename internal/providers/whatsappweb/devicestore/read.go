package devicestore

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

const (
	// idsPerRead bounds how many rows one question asks for by id.
	idsPerRead = 1000
	// rowsPerWrite bounds a transaction where rows do not depend on one another:
	// a history of tens of thousands must not hold up a send.
	rowsPerWrite = 1000
)

// get gives a row; nil when there is none.
func (d *device) get(ctx context.Context, id string) (*row, error) {
	rows, err := d.getMany(ctx, id)
	return rows[id], err
}

// getMany gives rows by id; those that are not there are missing. Within a write
// they are as they are going to be.
func (d *device) getMany(ctx context.Context, ids ...string) (map[string]*row, error) {
	if err := d.readable(); err != nil {
		return nil, err
	}
	out, missing, mark := d.remembered(ctx, ids)
	for some := range slices.Chunk(missing, idsPerRead) {
		found, err := d.find(ctx, among(some))
		if err != nil {
			return nil, err
		}
		for _, r := range found {
			out[r.ID] = r
		}
		for _, id := range some {
			if d.cached(id) {
				d.recent.fill(mark, id, out[id])
			}
		}
	}
	return out, nil
}

// among finds rows by id. One alone the store looks up without making a plan.
func among(ids []string) bson.D {
	if len(ids) == 1 {
		return bson.D{{Key: "_id", Value: ids[0]}}
	}
	return bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}}
}

// remembered gives the rows that a write or the cache has, the ids that neither
// knows, and the cache's mark from before they are read.
func (d *device) remembered(ctx context.Context, ids []string) (out map[string]*row, missing []string, mark uint64) {
	out = make(map[string]*row, len(ids))
	c := d.inside(ctx)
	for _, id := range ids {
		if c != nil {
			if r, known := c.get(id); known {
				keep(out, id, r)
				continue
			}
		}
		r, known, at := d.recent.get(id)
		if known {
			keep(out, id, r)
			continue
		}
		if len(missing) == 0 {
			mark = at
		}
		missing = append(missing, id)
	}
	return out, missing, mark
}

func keep(out map[string]*row, id string, r *row) {
	if r != nil {
		out[id] = r
	}
}

// match says which rows scan looks for: those whose id begins with one of the
// prefixes, and the sender keys of members. A prefix ends with a separator or a
// colon.
type match struct {
	prefixes []string
	members  []string
}

func (m match) fits(r *row) bool {
	return r.Member != "" && slices.Contains(m.members, r.Member) ||
		slices.ContainsFunc(m.prefixes, func(p string) bool { return strings.HasPrefix(r.ID, p) })
}

func (m match) filter() bson.D {
	var any bson.A
	for _, prefix := range m.prefixes {
		any = append(any, within(prefix))
	}
	if len(m.members) > 0 {
		any = append(any, bson.D{{Key: "member", Value: bson.D{{Key: "$in", Value: m.members}}}})
	}
	return bson.D{{Key: "$or", Value: any}}
}

// within finds the ids that begin with a prefix.
func within(prefix string) bson.D {
	last := len(prefix) - 1
	return bson.D{{Key: "_id", Value: bson.D{{Key: "$gte", Value: prefix}, {Key: "$lt", Value: prefix[:last] + string(prefix[last]+1)}}}}
}

// scan gives the rows that match, as they are going to be, by no order.
func (d *device) scan(ctx context.Context, m match) ([]*row, error) {
	if err := d.readable(); err != nil {
		return nil, err
	}
	found, err := d.find(ctx, m.filter())
	c := d.inside(ctx)
	if err != nil || c == nil {
		return found, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	found = slices.DeleteFunc(found, func(r *row) bool { _, changed := c.rows[r.ID]; return changed })
	for _, r := range c.rows {
		if r != nil && m.fits(r) {
			found = append(found, r)
		}
	}
	return found, nil
}

// find reads rows from the store and opens them. One that cannot be opened counts
// as missing, as if whoever damaged it had deleted it: what it held, the two ends
// make anew. That is better than a number which nobody can use.
func (d *device) find(ctx context.Context, filter bson.D, opts ...options.Lister[options.FindOptions]) ([]*row, error) {
	if err := d.settle(ctx); err != nil {
		return nil, err
	}
	var found []*row
	err := d.read(ctx, func(ctx context.Context) error {
		found = nil
		cursor, err := d.holding.store.rows.Find(ctx, filter, opts...)
		if err != nil {
			return err
		}
		return cursor.All(ctx, &found)
	})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(found, func(r *row) bool {
		err := d.open(r)
		if err != nil {
			slog.ErrorContext(ctx, "a row of a device cannot be opened, and counts as missing", "channel_id", d.holding.channel.String(), "row", r.ID[:min(len(r.ID), len(d.prefix))], "error", err)
		}
		return err != nil
	}), nil
}

// count counts rows in the store.
func (d *device) count(ctx context.Context, filter bson.D) (n int64, err error) {
	if err := d.readable(); err != nil {
		return 0, err
	}
	if err := d.settle(ctx); err != nil {
		return 0, err
	}
	err = d.read(ctx, func(ctx context.Context) error {
		n, err = d.holding.store.rows.CountDocuments(ctx, filter)
		return err
	})
	return n, err
}

// read runs a question to the store, again while its failure is a moment's
// trouble. A failure for good stops the holding.
func (d *device) read(ctx context.Context, op func(ctx context.Context) error) error {
	trusted, cancel, err := d.holding.trusted(ctx)
	if err != nil {
		return d.failedInside(ctx, d.holding.stop(err))
	}
	defer cancel()
	err = d.holding.again(trusted, func() error { return op(trusted) })
	if err == nil {
		return nil
	}
	return d.failedInside(ctx, d.failed(ctx, because(trusted, err)))
}

// because adds to an error that a context has ended, and why.
func because(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil && !errors.Is(err, cause) {
		return errors.Join(cause, err)
	}
	return err
}

// failed gives the error of an operation that could not be done: the caller's
// own, when the caller gave up, else that of the holding, which stops.
func (d *device) failed(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil && !errors.Is(cause, ErrUntrusted) {
		return fmt.Errorf("ask the store of device %s: %w", d.holding.channel, cause)
	}
	return d.holding.stop(err)
}

// failedInside lets the write that a context belongs to know of a failure.
func (d *device) failedInside(ctx context.Context, err error) error {
	if c := d.inside(ctx); c != nil {
		return c.fail(err)
	}
	return err
}

// held asks whether the device is still ours; if not, the holding stops.
func (d *device) held(ctx context.Context) error {
	return d.read(ctx, func(ctx context.Context) error {
		err := d.holding.store.devices.FindOne(ctx, d.mine(), options.FindOne().SetProjection(bson.D{{Key: "_id", Value: 1}})).Err()
		if errors.Is(err, mongo.ErrNoDocuments) {
			return ErrFenced
		}
		return err
	})
}
