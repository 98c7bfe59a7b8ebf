package events

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/jobs"
)

// mark is what is to be written down of one delivery.
type mark struct {
	status  Status
	reason  string // of Failed
	refused bool   // counts against the event
	nextAt  time.Time

	row     Delivery // as it was before
	attempt *Attempt // nil: parked without one
}

// mark notes what came of an item's attempt, and lets its line go on.
func (e *endpoint) mark(it *item, a Attempt, m mark) { e.note(it, &a, m) }

// park gives an item up.
func (e *endpoint) park(it *item, reason string, a *Attempt) {
	e.note(it, a, mark{status: Failed, reason: reason})
}

func (e *endpoint) note(it *item, a *Attempt, m mark) {
	m.row, m.attempt = it.Delivery, a
	e.marks = append(e.marks, m)
	it.Tries++
	if m.refused {
		it.Refusals++
	}
	if m.status == Pending {
		e.window.again(it, m.nextAt)
		return
	}
	e.spend(it)
	e.settling[it.ID] = struct{}{}
	e.window.done(it)
	e.room.metrics.settled.WithLabelValues(string(m.status)).Inc()
}

// flushBackoff is the pause while the store takes nothing.
var flushBackoff = jobs.Backoff{First: 50 * time.Millisecond, Most: 2 * time.Second}

// flushEvery is the least time from one writing to the next: a row is written
// anew as a whole, whether for a few marks or for many. A mark that comes alone
// does not wait.
const flushEvery = 100 * time.Millisecond

// flush writes down all marks there are; those that come meanwhile are the
// next batch. It goes on until the store has them, or ctx ends.
func (e *endpoint) flush(ctx context.Context, closing bool) {
	if e.flushing || len(e.marks) == 0 || !closing && time.Until(e.flushAt) > 0 {
		return
	}
	e.flushing, e.flushAt = true, time.Now().Add(flushEvery)
	batch := e.marks
	e.marks = nil
	e.under.Go(func() {
		var err error
		for failures := 1; ; failures++ {
			if err = e.write(ctx, batch); err == nil || jobs.Pause(ctx, flushBackoff.After(failures)) != nil {
				break
			}
		}
		e.flushed <- flush{batch, err}
	})
}

// flush is a batch of marks whose writing has ended.
type flush struct {
	batch []mark
	err   error // ctx had ended
}

// written forgets what the store knows now.
func (e *endpoint) written(done flush) {
	e.flushing = false
	for _, m := range done.batch {
		if m.status != Pending { // else a later mark may have settled it since
			delete(e.settling, m.row.ID)
		}
	}
	if done.err != nil {
		slog.Warn("what came of deliveries was not written down: they are made again", "platform_config_id", e.id.String(), "deliveries", len(done.batch), "error", done.err)
	}
}

// write writes marks down. Each is guarded by the tries that its delivery had: one
// that was written already, or that a successor or a replay has overtaken,
// changes nothing.
func (s *Service) write(ctx context.Context, batch []mark) error {
	models := make([]mongo.WriteModel, 0, len(batch))
	for _, group := range byRow(batch) {
		models = append(models, mongo.NewUpdateOneModel().SetFilter(bson.D{{Key: "_id", Value: group[0].row.In}}).SetUpdate(marked(group)))
	}
	if _, err := s.rows.BulkWrite(ctx, models); err != nil {
		return fmt.Errorf("write down %d deliveries: %w", len(batch), err)
	}
	var passed []mark
	for _, m := range batch {
		if m.row.PassesOn && m.status == Delivered {
			passed = append(passed, m)
		}
	}
	if len(passed) > 0 {
		return s.forget(ctx, passed)
	}
	return nil
}

// byRow puts marks together that one update writes: of one row, and of each of its
// deliveries one. The marks of a delivery stay in their order.
func byRow(batch []mark) [][]mark {
	var groups [][]mark
	last := map[ids.DeliveryBatch]int{} // the row's last group
	for _, m := range batch {
		at, there := last[m.row.In]
		if !there || slices.ContainsFunc(groups[at], func(other mark) bool { return other.row.ID == m.row.ID }) {
			at = len(groups)
			groups = append(groups, nil)
			last[m.row.In] = at
		}
		groups[at] = append(groups[at], m)
	}
	return groups
}

// marked is the update of a row by marks of its deliveries.
func marked(group []mark) mongo.Pipeline {
	list, changes := make([]ids.Delivery, 0, len(group)), make([]any, 0, len(group)+1)
	for _, m := range group {
		list, changes = append(list, m.row.ID), append(changes, m.change())
	}
	changes = append(changes, nil) // of those that are not in the list, whose index is -1
	mine := bson.D{{Key: "$arrayElemAt", Value: bson.A{bson.D{{Key: "$literal", Value: changes}}, bson.D{{Key: "$indexOfArray", Value: bson.A{list, "$$d._id"}}}}}}
	attempts := bson.D{{Key: "$concatArrays", Value: bson.A{bson.D{{Key: "$ifNull", Value: bson.A{"$$d.attempts", bson.A{}}}}, "$$m.attempts"}}}
	after := with(less("nextAt"), bson.D{{Key: "attempts", Value: bson.D{{Key: "$slice", Value: bson.A{attempts, -attemptsMost}}}}})
	return changed(mine, bson.D{{Key: "$and", Value: bson.A{
		isPending, bson.D{{Key: "$eq", Value: bson.A{"$$d.tries", "$$m.tries"}}},
	}}}, bson.D{{Key: "$mergeObjects", Value: bson.A{after, "$$m.set"}}})
}

// change is what a mark changes: tries guards it, set are new values, and attempts
// come behind those that there were.
func (m *mark) change() bson.D {
	set := bson.D{{Key: "status", Value: m.status}, {Key: "tries", Value: m.row.Tries + 1}}
	if m.refused {
		set = append(set, bson.E{Key: "refusals", Value: m.row.Refusals + 1})
	}
	if m.reason != "" {
		set = append(set, bson.E{Key: "error", Value: m.reason})
	}
	if !m.nextAt.IsZero() {
		set = append(set, bson.E{Key: "nextAt", Value: m.nextAt})
	}
	attempts := []Attempt{}
	if m.attempt != nil {
		attempts = append(attempts, *m.attempt)
		if m.attempt.Answer != "" && !m.row.Channel.IsZero() {
			set = append(set, bson.E{Key: "answersOf", Value: m.row.Channel})
		}
	}
	return bson.D{{Key: "tries", Value: m.row.Tries}, {Key: "set", Value: set}, {Key: "attempts", Value: attempts}}
}

// forget deletes what events say that are kept for their delivery only, once
// every platform has them; other notices stay, to be replayed. That there was an
// event stays: positions have no hole. Each is alone in its batch.
func (s *Service) forget(ctx context.Context, passed []mark) error {
	byConfig := map[ids.PlatformConfig][]ids.EventBatch{}
	var all []ids.EventBatch
	for _, m := range passed {
		byConfig[m.row.Platform] = append(byConfig[m.row.Platform], m.row.Batch)
		all = append(all, m.row.Batch)
	}
	account := passed[0].row.Account
	for config, list := range byConfig {
		if _, err := s.events.UpdateMany(ctx, eventsOf(account, list), bson.D{{Key: "$pull", Value: bson.D{{Key: "events.0.platformConfigIds", Value: config}}}}); err != nil {
			return fmt.Errorf("note that events were passed on: %w", err)
		}
	}
	_, err := s.events.UpdateMany(ctx, append(eventsOf(account, all), bson.E{Key: "events.0.platformConfigIds", Value: bson.D{{Key: "$size", Value: 0}}}),
		bson.D{{Key: "$set", Value: bson.D{{Key: "events.0.gone", Value: true}}}, forgotten})
	if err != nil {
		return fmt.Errorf("delete what was passed on: %w", err)
	}
	return nil
}

// forgotten takes away what an event says that holds it all itself.
var forgotten = bson.E{Key: "$unset", Value: bson.D{{Key: "events.0.facts", Value: ""}, {Key: "events.0.names", Value: ""}, {Key: "expiresAt", Value: ""}}}

// parkAll gives up everything that is pending, once nothing is under way nor
// to be written down.
func (e *endpoint) parkAll(ctx context.Context) error {
	if len(e.window.busy) > 0 || e.flushing || len(e.marks) > 0 {
		return nil
	}
	parked, err := e.room.alter(ctx, pendingOf(e.account, e.id), isPending, with("$$d", bson.D{
		{Key: "status", Value: Failed}, {Key: "error", Value: bson.D{{Key: "$literal", Value: e.parking}}}, triesOn,
	}))
	if err != nil {
		return fmt.Errorf("park what is pending for platform config %s: %w", e.id, err)
	}
	e.room.metrics.settled.WithLabelValues(string(Failed)).Add(float64(parked))
	e.window, e.parking, e.prepared = newWindow(), "", 0
	e.lose() // what was placed meanwhile
	return nil
}
