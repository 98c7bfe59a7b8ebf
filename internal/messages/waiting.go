package messages

import (
	"context"
	"fmt"
	"log/slog"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// The kinds of waiting rows.
const (
	waitingStatus = "status"
	waitingEdit   = "edit"
	waitingRevoke = "revoke"
)

// wait plans a row about a message that nobody knows yet.
func (b *batch) wait(key dedupeID, kind string, change any) {
	raw, err := bson.Marshal(change)
	if err != nil { // our own types: a mistake of ours
		slog.Error("a waiting change cannot be stored", "kind", kind, "error", err)
		return
	}
	b.waiting = append(b.waiting, waitingRow{
		ID: bson.NewObjectID(), Channel: key.channel, Key: bson.Binary{Data: key.key[:]},
		Kind: kind, Change: raw, ExpiresAt: b.now.Add(waitMost),
	})
}

// sweepMost is how many rows a loop looks at in one step.
const sweepMost = 200

// sweep looks whether the messages that waiting rows are about have come, and
// applies those. Applying twice changes nothing, so any server may sweep. Rows
// whose message never comes expire by themselves.
func (s *Service) sweep(ctx context.Context) error {
	for after := (bson.ObjectID{}); ; {
		cursor, err := s.store.waiting.Find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$gt", Value: after}}}},
			options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}).SetLimit(sweepMost))
		if err != nil {
			return fmt.Errorf("read waiting rows: %w", err)
		}
		var rows []waitingRow
		if err := cursor.All(ctx, &rows); err != nil {
			return fmt.Errorf("read waiting rows: %w", err)
		}
		if len(rows) == 0 {
			return nil
		}
		after = rows[len(rows)-1].ID
		if err := s.sweepRows(ctx, rows); err != nil {
			return err
		}
	}
}

// sweepRows asks once for all messages of the rows, and applies those that are
// there; one that fails does not hold up the others.
func (s *Service) sweepRows(ctx context.Context, rows []waitingRow) error {
	w, b := newWants(false), newBatch(s.now(), false)
	for _, row := range rows {
		w.keys[dedupeID{row.Channel, [16]byte(row.Key.Data)}] = struct{}{}
	}
	if err := s.store.readMessages(ctx, w, b); err != nil {
		return fmt.Errorf("look for the messages of waiting rows: %w", err)
	}
	for _, row := range rows {
		key := dedupeID{row.Channel, [16]byte(row.Key.Data)}
		_, gone := b.erased[key]
		if b.byKey[key] == nil && !gone {
			continue
		}
		settled, err := s.applyWaiting(ctx, row)
		if err == nil && settled {
			_, err = s.store.waiting.DeleteOne(ctx, bson.D{{Key: "_id", Value: row.ID}})
		}
		if err != nil {
			slog.WarnContext(ctx, "news that waited for its message was not applied", "kind", row.Kind, "channel_id", row.Channel.String(), "error", err)
		}
	}
	return nil
}

// applyWaiting tells whether the row's message was there.
func (s *Service) applyWaiting(ctx context.Context, row waitingRow) (bool, error) {
	ch, err := s.facts(ctx, row.Channel)
	if err != nil {
		return false, err
	}
	switch row.Kind {
	case waitingStatus:
		c := &statusChange{ch: ch, waited: true}
		if err := bson.Unmarshal(row.Change, &c.status); err != nil {
			return false, err
		}
		err := s.group.submit(ctx, []string{c.route()}, c)
		return c.settled, err
	case waitingEdit:
		c := &editChange{ch: ch, waited: true}
		if err := bson.Unmarshal(row.Change, &c.edit); err != nil {
			return false, err
		}
		err := s.group.submit(ctx, []string{c.route()}, c)
		return c.settled, err
	default:
		c := &revokeChange{ch: ch, waited: true}
		if err := bson.Unmarshal(row.Change, &c.revoke); err != nil {
			return false, err
		}
		err := s.group.submit(ctx, []string{c.route()}, c)
		return c.settled, err
	}
}

// directionOf tells whose message an edit or revoke is about.
func directionOf(fromPhone bool) Direction {
	if fromPhone {
		return Outbound
	}
	return Inbound
}
