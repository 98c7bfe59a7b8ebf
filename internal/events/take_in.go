package events

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// takeIn brings offers, and what the store has, into the window.
func (e *endpoint) takeIn(ctx context.Context) error {
	e.mu.Lock()
	offered, lost, newest := e.offered, e.lost, e.newest
	e.offered, e.lost, e.newest = nil, false, nil
	e.mu.Unlock()
	if newest != nil && newest.URL != e.config.URL {
		e.looked = time.Time{} // nothing goes to where it was
	}
	if lost {
		e.complete, e.readTo = false, 0
	}
	for _, row := range offered {
		if row.Position <= e.highest {
			continue // the store had it already
		}
		if !e.complete || len(e.window.byID) >= windowMost {
			e.complete = false
			break
		}
		e.window.add(row.Delivery, row.event)
		e.highest, e.readTo = row.Position, row.Position
	}
	if err := e.count(ctx); err != nil {
		return err
	}
	if e.complete || len(e.window.byID) > windowMost/2 {
		return nil
	}
	return e.read(ctx)
}

// count reads all that is pending again where the store has more of it than is
// known here: a replay whose owner was never told. What is settled here and not
// there counts as known; while that is being written down, nobody can say.
func (e *endpoint) count(ctx context.Context) error {
	if !e.complete || e.flushing {
		return nil
	}
	e.mu.Lock()
	recount := e.recount
	e.recount = false
	e.mu.Unlock()
	if !recount {
		return nil
	}
	known := int64(len(e.window.byID) + len(e.settling))
	n, err := e.room.left(ctx, append(pendingOf(e.account, e.id), bson.E{Key: "last", Value: bson.D{{Key: "$lte", Value: e.highest}}}), known+1)
	if err != nil {
		return fmt.Errorf("count what is pending for platform config %s: %w", e.id, err)
	}
	if n > known {
		e.complete, e.readTo = false, 0
		e.quiet.Store(false)
	}
	return nil
}

// read takes in pending deliveries of the store, from readTo on. Those that
// are settled here but not there yet are left out: they were taken note of
// before the store is asked, and are forgotten after it knows.
func (e *endpoint) read(ctx context.Context) error {
	rows, err := e.room.pending(ctx, e.account, e.id, e.readTo, windowMost)
	if err != nil {
		e.lose() // for the next time
		return fmt.Errorf("read what is pending for platform config %s: %w", e.id, err)
	}
	for _, row := range rows {
		if len(e.window.byID) >= windowMost {
			return nil // the rest follows
		}
		if _, settled := e.settling[row.ID]; !settled {
			e.window.add(row, nil)
		}
		// What is counted are whole rows, which were made as a whole.
		e.readTo, e.highest = row.Position, max(e.highest, row.LastIn)
	}
	e.complete = len(rows) < windowMost
	return nil
}
