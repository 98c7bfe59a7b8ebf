package messages

import (
	"context"
	"encoding/binary"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/providers"
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

// sweepYoung is how long what waits is looked at every second: mostly its message
// is a moment behind. What is older is looked at seldom, since on a number that
// another system sends with, too, every status of that waits for nothing.
const sweepYoung = 30 * time.Second

// sweep looks whether the messages that waiting rows are about have come, and
// applies those. Applying twice changes nothing, so any server may sweep. Rows
// whose message never comes expire by themselves.
func (s *Service) sweep(ctx context.Context) error {
	return s.eachWaiting(ctx, bson.ObjectID{}, s.sweepRows)
}

// sweepRecent is sweep for what has not waited long.
func (s *Service) sweepRecent(ctx context.Context) error {
	var since bson.ObjectID // which begins with its second
	binary.BigEndian.PutUint32(since[:], uint32(time.Now().Add(-sweepYoung).Unix()))
	return s.eachWaiting(ctx, since, s.sweepRows)
}

// eachWaiting hands out every waiting row after one, a few at a time.
func (s *Service) eachWaiting(ctx context.Context, after bson.ObjectID, take func(context.Context, []waitingRow) error) error {
	for {
		cursor, err := s.store.waiting.Find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$gt", Value: after}}}},
			options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}).SetLimit(sweepMost))
		if err != nil {
			return fmt.Errorf("read waiting rows: %w", err)
		}
		var rows []waitingRow
		if err := mongodb.All(ctx, cursor, &rows); err != nil {
			return fmt.Errorf("read waiting rows: %w", err)
		}
		if len(rows) == 0 {
			return nil
		}
		after = rows[len(rows)-1].ID
		if err := take(ctx, rows); err != nil {
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
	next, settled, err := row.again(ch)
	if err != nil {
		return false, err
	}
	err = s.group.submit(ctx, next)
	return *settled, err
}

// again makes the change that waited; settled tells, once it is committed,
// whether its message was there.
func (r *waitingRow) again(ch channelFacts) (next change, settled *bool, err error) {
	switch r.Kind {
	case waitingStatus:
		status, err := unpack[providers.StatusChanged](r)
		c := newStatus(ch, status)
		c.waited = true
		return c, &c.settled, err
	case waitingEdit:
		edit, err := unpack[providers.MessageEdited](r)
		c := newEdit(ch, edit)
		c.waited = true
		return c, &c.settled, err
	default:
		revoke, err := unpack[providers.MessageRevoked](r)
		c := newRevoke(ch, revoke)
		c.waited = true
		return c, &c.settled, err
	}
}

func unpack[T any](r *waitingRow) (T, error) {
	var payload T
	err := bson.Unmarshal(r.Change, &payload)
	return payload, err
}

// forgetWaiting deletes what waits on a person's channel and says something of
// the person: statuses that name the person, and the new words of edits. An
// edit does not say whose it is, so all of the channel's go; the price is that
// another one's edit of the last ten minutes may be lost, if it came before
// its message.
func (s *Service) forgetWaiting(ctx context.Context, p contacts.Person) error {
	keys := contacts.KeysOf(p.Addresses)
	return s.eachWaiting(ctx, bson.ObjectID{}, func(ctx context.Context, rows []waitingRow) error {
		for _, row := range rows {
			if row.Channel != p.Channel || !row.says(keys) {
				continue
			}
			if _, err := s.store.waiting.DeleteOne(ctx, bson.D{{Key: "_id", Value: row.ID}}); err != nil {
				return fmt.Errorf("forget waiting row %s: %w", row.ID.Hex(), err)
			}
		}
		return nil
	})
}

// says tells whether a row says something of the person with these keys, or
// perhaps does.
func (r *waitingRow) says(keys []string) bool {
	switch r.Kind {
	case waitingEdit:
		return true
	case waitingStatus:
		status, err := unpack[providers.StatusChanged](r)
		return err != nil || slices.Contains(keys, status.Address.Key())
	default:
		return false
	}
}
