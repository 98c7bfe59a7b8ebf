package messages

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/mongodb"
)

// writes tells whether the plan has anything to write.
func (b *batch) writes() bool {
	return len(b.contacts)+len(b.sessions)+len(b.inserted)+len(b.messages)+len(b.events)+len(b.waiting)+len(b.bodies)+len(b.passing)+len(b.passed) > 0
}

// planPatience bounds the tries of one plan; what still fails then is planned
// again on fresh rows.
const planPatience = 4 * time.Second

// write commits the plan: all of it or nothing.
func (s *store) write(ctx context.Context, b *batch) error {
	ctx, cancel := context.WithTimeout(ctx, planPatience)
	defer cancel()
	err := mongodb.Transaction(ctx, s.client, func(ctx context.Context) error {
		for _, step := range []func(context.Context, *batch) error{
			s.holdPlatforms, s.writeContacts, s.writeSessions, s.writeMessages, s.writeEvents, s.writeRest,
		} {
			if err := step(ctx, b); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("commit a batch: %w", err)
	}
	return nil
}

// holdPlatforms relies on the platforms that get sessions from others: a write
// each, which collides with the deletion of one.
func (s *store) holdPlatforms(ctx context.Context, b *batch) error {
	for config, account := range b.held {
		if err := s.platforms.Hold(ctx, account, config); err != nil {
			return err
		}
	}
	return nil
}

func (s *store) writeContacts(ctx context.Context, b *batch) error {
	var rows []contacts.Contact
	var updates []mongo.WriteModel
	for _, plan := range b.contacts {
		if plan.isNew {
			rows = append(rows, plan.row)
			continue
		}
		updates = append(updates, plan.model(b.now))
	}
	if err := mongodb.Insert(ctx, s.contacts, rows); err != nil {
		return err
	}
	if err := bulk(ctx, s.contacts, updates, int64(len(updates))); err != nil {
		return err
	}
	return s.writeWindows(ctx, b.wrote)
}

// model writes what the batch learned of a contact, guarded: only a live one
// takes it, and an ignored one opens no session but by a send.
func (p *contactPlan) model(now time.Time) mongo.WriteModel {
	filter := bson.D{{Key: "_id", Value: p.contact}, {Key: "condition", Value: contacts.Live}}
	if p.opens && !p.bySend {
		filter = append(filter, bson.E{Key: "isIgnored", Value: false})
	}
	update := bson.D{{Key: "$set", Value: append(bson.D{{Key: "updatedAt", Value: now}}, p.set...)}}
	if len(p.learned) > 0 {
		update = append(update, bson.E{Key: "$addToSet", Value: bson.D{
			{Key: "identities", Value: bson.D{{Key: "$each", Value: contacts.KeysOf(p.learned)}}},
			{Key: "addresses", Value: bson.D{{Key: "$each", Value: p.learned}}},
		}})
	}
	return mongo.NewUpdateOneModel().SetFilter(filter).SetUpdate(update)
}

func (s *store) writeMessages(ctx context.Context, b *batch) error {
	if err := mongodb.Insert(ctx, s.messages, b.inserted); err != nil {
		return err
	}
	updates := make([]mongo.WriteModel, 0, len(b.messages))
	for _, plan := range b.messages {
		var set, unset bson.D
		for field, value := range plan.set {
			if value == nil {
				unset = append(unset, bson.E{Key: field, Value: ""})
			} else {
				set = append(set, bson.E{Key: field, Value: value})
			}
		}
		update := bson.D{{Key: "$inc", Value: bson.D{{Key: "rev", Value: 1}}}}
		if len(set) > 0 {
			update = append(update, bson.E{Key: "$set", Value: set})
		}
		if len(unset) > 0 {
			update = append(update, bson.E{Key: "$unset", Value: unset})
		}
		updates = append(updates, mongo.NewUpdateOneModel().
			SetFilter(bson.D{{Key: "_id", Value: plan.row.ID}, {Key: "channelId", Value: plan.row.Channel}, {Key: "rev", Value: plan.row.Revision}}).
			SetUpdate(update))
	}
	return bulk(ctx, s.messages, updates, int64(len(updates)))
}

func (s *store) writeEvents(ctx context.Context, b *batch) error {
	rows := make([]events.Row, 0, len(b.events))
	for _, row := range b.events {
		rows = append(rows, *row)
	}
	return events.Append(ctx, s.events, rows...)
}

func (s *store) writeRest(ctx context.Context, b *batch) error {
	if len(b.waiting) > 0 {
		if _, err := s.waiting.InsertMany(ctx, b.waiting); err != nil {
			return err
		}
	}
	if err := s.writePassing(ctx, b); err != nil {
		return err
	}
	for _, body := range b.bodies {
		// A row seen within the window does not match, and the upsert then
		// fails on its _id: the batch is planned again and finds the duplicate.
		_, err := s.bodies.UpdateOne(ctx,
			bson.D{{Key: "_id", Value: bodyID(body.Channel, body.Key.Data)}, {Key: "seenAt", Value: bson.D{{Key: "$lte", Value: b.now.Add(-body.Window)}}}},
			bson.D{{Key: "$set", Value: bson.D{{Key: "seenAt", Value: b.now}}}}, options.UpdateOne().SetUpsert(true))
		if err != nil {
			return err
		}
	}
	return nil
}

// bulk writes updates; fewer matches than wanted mean that the plan was made
// on rows that have changed since. It stops at the first failure: that one has
// ended the transaction, and what came after would only say so.
func bulk(ctx context.Context, to *mongo.Collection, updates []mongo.WriteModel, want int64) error {
	if len(updates) == 0 {
		return nil
	}
	res, err := to.BulkWrite(ctx, updates, options.BulkWrite().SetOrdered(true))
	if err != nil {
		return err
	}
	if res.MatchedCount != want {
		return errStale
	}
	return nil
}
