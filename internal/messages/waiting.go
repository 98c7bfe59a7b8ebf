package messages

import (
	"context"
	"fmt"
	"log/slog"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/fault"
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

// sweepMost is how many waiting rows one sweep looks at.
const sweepMost = 200

// sweep looks whether the messages that waiting rows are about have come, and
// applies those. Applying twice changes nothing, so any server may sweep.
func (s *Service) sweep(ctx context.Context) error {
	cursor, err := s.store.waiting.Find(ctx, bson.D{}, options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}).SetLimit(sweepMost))
	if err != nil {
		return fmt.Errorf("read waiting rows: %w", err)
	}
	var rows []waitingRow
	if err := cursor.All(ctx, &rows); err != nil {
		return fmt.Errorf("read waiting rows: %w", err)
	}
	for _, row := range rows {
		settled, err := s.applyWaiting(ctx, row)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		if !settled && err == nil && s.now().Before(row.ExpiresAt) {
			continue
		}
		if !settled {
			slog.WarnContext(ctx, "news of a message that never came is dropped", "kind", row.Kind, "channel_id", row.Channel.String())
		}
		if _, err := s.store.waiting.DeleteOne(ctx, bson.D{{Key: "_id", Value: row.ID}}); err != nil {
			return fmt.Errorf("delete a waiting row: %w", err)
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
