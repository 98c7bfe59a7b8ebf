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

// flushEvery is the least time from one writing to the next: a few marks at a
// time cost the store as much as many. A mark that comes alone does not wait.
const flushEvery = 50 * time.Millisecond

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

// write writes marks down. Each is guarded by the tries that its row had: one
// that was written already, or that a successor or a replay has overtaken,
// changes nothing.
func (s *Service) write(ctx context.Context, batch []mark) error {
	var passed []mark
	plain := map[int][]mark{} // by tries
	models := make([]mongo.WriteModel, 0, len(batch))
	for _, m := range batch {
		if m.row.PassesOn && m.status == Delivered {
			passed = append(passed, m)
		}
		if m.status == Delivered && m.attempt != nil {
			plain[m.row.Tries] = append(plain[m.row.Tries], m)
			continue
		}
		filter := bson.D{{Key: "_id", Value: m.row.ID}, {Key: "status", Value: Pending}, {Key: "tries", Value: m.row.Tries}}
		models = append(models, mongo.NewUpdateOneModel().SetFilter(filter).SetUpdate(m.update()))
	}
	// Behind the others: a row's earlier mark may stand among those.
	for tries, marks := range plain {
		for chunk := range slices.Chunk(marks, markMost) {
			models = append(models, delivered(tries, chunk))
		}
	}
	if _, err := s.rows.BulkWrite(ctx, models); err != nil {
		return fmt.Errorf("write down %d deliveries: %w", len(batch), err)
	}
	if len(passed) > 0 {
		return s.forget(ctx, passed)
	}
	return nil
}

// markMost is how many deliveries one update marks: the server looks each one's
// attempt up in the list.
const markMost = 100

// delivered marks rows that were tried equally often. What most marks say is
// one update for all, at half the cost.
func delivered(tries int, marks []mark) mongo.WriteModel {
	list, attempts := make([]ids.Delivery, 0, len(marks)), make([]*Attempt, 0, len(marks))
	for _, m := range marks {
		list, attempts = append(list, m.row.ID), append(attempts, m.attempt)
	}
	attempt := bson.D{{Key: "$arrayElemAt", Value: bson.A{bson.D{{Key: "$literal", Value: attempts}}, bson.D{{Key: "$indexOfArray", Value: bson.A{list, "$_id"}}}}}}
	before := bson.D{{Key: "$ifNull", Value: bson.A{"$attempts", bson.A{}}}}
	all := bson.D{{Key: "$slice", Value: bson.A{bson.D{{Key: "$concatArrays", Value: bson.A{before, bson.A{attempt}}}}, -attemptsMost}}}
	return mongo.NewUpdateManyModel().
		SetFilter(bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: list}}}, {Key: "status", Value: Pending}, {Key: "tries", Value: tries}}).
		SetHint(bson.D{{Key: "_id", Value: 1}}).
		SetUpdate(mongo.Pipeline{
			{{Key: "$set", Value: bson.D{{Key: "status", Value: Delivered}, {Key: "tries", Value: tries + 1}, {Key: "attempts", Value: all}}}},
			{{Key: "$unset", Value: "nextAt"}},
		})
}

func (m *mark) update() bson.D {
	set := bson.D{{Key: "status", Value: m.status}, {Key: "tries", Value: m.row.Tries + 1}}
	update := bson.D{}
	if m.refused {
		set = append(set, bson.E{Key: "refusals", Value: m.row.Refusals + 1})
	}
	if m.reason != "" {
		set = append(set, bson.E{Key: "error", Value: m.reason})
	}
	if m.nextAt.IsZero() {
		update = append(update, bson.E{Key: "$unset", Value: bson.D{{Key: "nextAt", Value: ""}}})
	} else {
		set = append(set, bson.E{Key: "nextAt", Value: m.nextAt})
	}
	if m.attempt != nil {
		update = append(update, bson.E{Key: "$push", Value: bson.D{{Key: "attempts", Value: bson.D{
			{Key: "$each", Value: []Attempt{*m.attempt}}, {Key: "$slice", Value: -attemptsMost},
		}}}})
		if m.attempt.Answer != "" && !m.row.Channel.IsZero() {
			set = append(set, bson.E{Key: "answersOf", Value: m.row.Channel})
		}
	}
	return append(update, bson.E{Key: "$set", Value: set})
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
	res, err := e.room.rows.UpdateMany(ctx, pendingOf(e.account, e.id), bson.D{
		{Key: "$set", Value: bson.D{{Key: "status", Value: Failed}, {Key: "error", Value: e.parking}}}, {Key: "$inc", Value: bson.D{{Key: "tries", Value: 1}}},
	})
	if err != nil {
		return fmt.Errorf("park what is pending for platform config %s: %w", e.id, err)
	}
	e.room.metrics.settled.WithLabelValues(string(Failed)).Add(float64(res.ModifiedCount))
	e.window, e.parking, e.prepared = newWindow(), "", 0
	e.lose() // what was placed meanwhile
	return nil
}
