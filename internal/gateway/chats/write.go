package chats

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/providers"
)

// write writes a batch. Messages and chats are independent, so that both go at
// once; what is deleted goes behind them.
func (s *Service) write(ctx context.Context, batch []*order) error {
	ignored, err := s.ignored(ctx, batch)
	if err != nil {
		return err
	}
	p := newPlan(func(m Message) bool { return s.recent.Contains(string(m.ID.Data)) })
	for _, one := range batch {
		for _, in := range one.in {
			if !slices.ContainsFunc(begun(in).keys(), func(key string) bool { return slices.Contains(ignored[in.Channel], key) }) {
				p.add(in, one.markRead)
			}
		}
	}
	if err := s.unite(ctx, p); err != nil {
		return err
	}
	if err := s.both(ctx, p.messages, p.models()); err != nil {
		return err
	}
	for _, gone := range p.after {
		if err := s.remove(ctx, gone); err != nil {
			return err
		}
	}
	for _, m := range p.fresh {
		s.recent.Add(string(m.ID.Data), struct{}{})
		s.count(m.Channel, m.Chat)
	}
	return nil
}

// begun is the chat that a delivery may begin; none for one that only changes
// what is there.
func begun(in providers.Inbound) who {
	switch payload := in.Payload.(type) {
	case providers.MessageReceived:
		return chatOf(payload)
	case providers.SentHere:
		return chatOf(payload.Message)
	case providers.GroupSynced:
		return who{group: payload.Group.Address}
	default:
		return who{}
	}
}

// ignored gives the identities of ignored contacts among those of a batch.
func (s *Service) ignored(ctx context.Context, batch []*order) (map[ids.Channel][]string, error) {
	identities := map[ids.Channel][]string{}
	for _, one := range batch {
		for _, in := range one.in {
			for _, key := range begun(in).keys() {
				if !slices.Contains(identities[in.Channel], key) {
					identities[in.Channel] = append(identities[in.Channel], key)
				}
			}
		}
	}
	if len(identities) == 0 {
		return nil, nil
	}
	return s.contacts.Ignored(ctx, identities)
}

// both writes messages and chats.
func (s *Service) both(ctx context.Context, messages, chats []mongo.WriteModel) error {
	var other error
	var wg sync.WaitGroup
	wg.Go(func() { other = bulk(ctx, s.messages, messages) })
	err := bulk(ctx, s.chats, chats)
	wg.Wait()
	return errors.Join(err, other)
}

// bulkTries is how often what met itself is tried.
const bulkTries = 5

// bulk writes in any order. Two that make the same row at once meet each other:
// the later one is tried again and finds it. What can never be written is told
// and left out.
func bulk(ctx context.Context, into *mongo.Collection, models []mongo.WriteModel) error {
	for range bulkTries {
		if len(models) == 0 {
			return nil
		}
		_, err := into.BulkWrite(ctx, models, options.BulkWrite().SetOrdered(false))
		var several mongo.BulkWriteException
		if !errors.As(err, &several) || len(several.WriteErrors) == 0 {
			if err != nil {
				return fmt.Errorf("write to %s: %w", into.Name(), err)
			}
			return nil
		}
		var again []mongo.WriteModel
		for _, one := range several.WriteErrors {
			if mongodb.IsDuplicateKey(one.WriteError) || mongodb.IsTransient(one.WriteError) {
				again = append(again, models[one.Index])
			} else {
				slog.Error("something cannot be kept in a chat and is left out", "collection", into.Name(), "error", one.WriteError)
			}
		}
		models = again
	}
	return fmt.Errorf("write to %s: %d rows met others again and again", into.Name(), len(models))
}

// remove deletes what a person deleted on the phone.
func (s *Service) remove(ctx context.Context, r removal) error {
	if len(r.message.Data) > 0 {
		if _, err := s.messages.DeleteOne(ctx, bson.D{{Key: "_id", Value: r.message}}); err != nil {
			return fmt.Errorf("delete a message of channel %s: %w", r.channel, err)
		}
		return nil
	}
	_, err := s.messages.DeleteMany(ctx, bson.D{
		{Key: "channelId", Value: r.channel}, {Key: "chat", Value: bson.D{{Key: "$in", Value: r.keys}}}, {Key: "timestamp", Value: bson.D{{Key: "$lte", Value: r.until}}},
	})
	if err == nil && r.chat {
		_, err = s.chats.DeleteMany(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: chatIDs(r.channel, r.keys)}}}, {Key: "last.at", Value: bson.D{{Key: "$lte", Value: r.until}}}})
	}
	if err != nil {
		return fmt.Errorf("clear a chat of channel %s: %w", r.channel, err)
	}
	return nil
}

func chatIDs(channel ids.Channel, keys []string) []string {
	all := make([]string, 0, len(keys))
	for _, key := range keys {
		all = append(all, chatID(channel, key))
	}
	return all
}

// unite makes one chat of two: somebody had one by the hidden address before
// their number was known.
func (s *Service) unite(ctx context.Context, p *plan) error {
	two := map[string]*chatPlan{}
	for _, one := range p.order {
		if one.who.lid.IsZero() {
			continue
		}
		hidden := chatID(one.channel, one.who.lid.Key())
		if one.who.phone.IsZero() {
			s.united.Remove(hidden)
		} else if !s.united.Contains(hidden) {
			two[hidden] = one
		}
	}
	if len(two) == 0 {
		return nil
	}
	asked := make([]string, 0, len(two))
	for hidden := range two {
		asked = append(asked, hidden)
	}
	cursor, err := s.chats.Find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: asked}}}})
	if err != nil {
		return fmt.Errorf("look for chats by hidden address: %w", err)
	}
	var found []Chat
	if err := cursor.All(ctx, &found); err != nil {
		return fmt.Errorf("look for chats by hidden address: %w", err)
	}
	for _, old := range found {
		if err := s.move(ctx, old, two[old.ID]); err != nil {
			return fmt.Errorf("unite chat %s with that of its number: %w", old.ID, err)
		}
	}
	for _, hidden := range asked {
		s.united.Add(hidden, struct{}{})
	}
	return nil
}

// move gives a chat's messages to another one, and what is set on it where that
// one is new. The old row goes last, so that what is interrupted is done again.
func (s *Service) move(ctx context.Context, old Chat, to *chatPlan) error {
	_, err := s.messages.UpdateMany(ctx, bson.D{{Key: "channelId", Value: old.Channel}, {Key: "chat", Value: old.Key}}, bson.D{{Key: "$set", Value: bson.D{{Key: "chat", Value: to.who.key()}}}})
	if err != nil {
		return err
	}
	moved := old
	moved.ID, moved.Key, moved.Phone = chatID(to.channel, to.who.key()), to.who.key(), to.who.phone.Value
	if _, err = s.chats.InsertOne(ctx, moved); mongodb.IsDuplicateKey(err) {
		_, err = s.chats.UpdateOne(ctx, bson.D{{Key: "_id", Value: moved.ID}}, bson.D{{Key: "$max", Value: bson.D{{Key: "last", Value: old.Last}}}})
	}
	if err == nil {
		_, err = s.chats.DeleteOne(ctx, bson.D{{Key: "_id", Value: old.ID}})
	}
	return err
}
