package chats

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/providers"
)

// write writes a batch: its messages, what is changed of messages, its chats, and
// what goes behind all that. What fails for a moment is done again from there, so
// that what was written is not counted twice.
func (s *Service) write(ctx context.Context, batch []*order) error {
	var ignored map[ids.Channel][]string
	err := patiently(ctx, func() (err error) {
		ignored, err = s.ignored(ctx, batch)
		return err
	})
	if err != nil {
		return err
	}
	p, err := s.addMessages(ctx, batch, ignored)
	if err == nil {
		err = bulk(ctx, s.messages, p.changes, nil)
	}
	if err == nil {
		err = s.writeChats(ctx, p)
	}
	if err != nil {
		return err
	}
	return s.removeAll(ctx, p.after)
}

// addMessages writes the messages of a batch, and gives the plan of it. One that
// was erased before it came again, as its trace tells, is no part of that.
func (s *Service) addMessages(ctx context.Context, batch []*order, ignored map[ids.Channel][]string) (*plan, error) {
	var erased traces
	for {
		p := newPlan(func(m Message) bool { return s.recent.Contains(string(m.ID.Data)) || erased.of(m.ID) })
		for _, one := range batch {
			for _, in := range one.in {
				if !slices.ContainsFunc(begun(in).keys(), func(key string) bool { return slices.Contains(ignored[in.Channel], key) }) {
					p.add(in, one.markRead)
				}
			}
		}
		if err := patiently(ctx, func() error { return s.unite(ctx, p) }); err != nil {
			return nil, err
		}
		there, err := s.added(ctx, p)
		if err != nil {
			return nil, err
		}
		var found traces
		err = patiently(ctx, func() error {
			found, err = s.tracesOf(ctx, there)
			return err
		})
		if err != nil || len(found) == 0 {
			return p, err
		}
		erased = found.and(erased)
	}
}

// added writes the messages of a plan, and gives those that were there.
func (s *Service) added(ctx context.Context, p *plan) (there []bson.Binary, err error) {
	err = bulk(ctx, s.messages, p.messages, func(i int, added bool) {
		if added {
			s.uncounted.Add(string(p.rows[i].ID.Data), struct{}{})
		} else {
			there = append(there, p.rows[i].ID)
		}
	})
	return there, err
}

// writeChats writes the chats of a plan. Each counts those of its messages that
// were added and not counted yet, by whichever try.
func (s *Service) writeChats(ctx context.Context, p *plan) error {
	var models []mongo.WriteModel
	var of []*chatPlan
	for _, one := range p.order {
		if model := one.model(s.uncounted.Contains); model != nil {
			models, of = append(models, model), append(of, one)
		}
	}
	return bulk(ctx, s.chats, models, func(i int, _ bool) {
		for _, m := range of[i].rows {
			s.recent.Add(string(m.ID.Data), struct{}{})
			if s.uncounted.Remove(string(m.ID.Data)) {
				s.count(m.Channel, m.Chat)
			}
		}
	})
}

// removeAll deletes what people deleted. What cannot be is told and left: the
// rest of the batch is written.
func (s *Service) removeAll(ctx context.Context, all []removal) error {
	for _, gone := range all {
		err := patiently(ctx, func() error { return s.remove(ctx, gone) })
		if mongodb.IsTransient(err) || ctx.Err() != nil {
			return err
		}
		if err != nil {
			slog.Error("something cannot be deleted from a chat and is left", "channel_id", gone.channel.String(), "error", err)
		}
	}
	return nil
}

// begun is the chat that a delivery may begin, or that it says something new in;
// none for one that says nothing.
func begun(in providers.Inbound) who {
	switch payload := in.Payload.(type) {
	case providers.MessageReceived:
		return chatOf(payload)
	case providers.SentHere:
		return chatOf(payload.Message)
	case providers.GroupSynced:
		return who{group: payload.Group.Address}
	case providers.MessageEdited:
		if !payload.By.Group.IsZero() {
			return who{group: payload.By.Group}
		}
		return whoOf(slices.Concat(payload.By.Addresses, payload.Chat))
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

// bulkTries is how often what met itself is tried.
const bulkTries = 5

// bulk writes in any order, again what fails for a moment, and no more than that.
// Two that make the same row at once meet each other: the later one is tried again
// and finds it. What can never be written is told and left out. done, where set,
// hears of each that was written, and whether it added a row.
func bulk(ctx context.Context, into *mongo.Collection, models []mongo.WriteModel, done func(i int, added bool)) error {
	left := make([]int, 0, len(models))
	for i := range models {
		left = append(left, i)
	}
	return patiently(ctx, func() (err error) {
		for range bulkTries {
			if left, err = once(ctx, into, models, left, done); err != nil || len(left) == 0 {
				return err
			}
		}
		return fmt.Errorf("write to %s: %d rows met others again and again", into.Name(), len(left))
	})
}

// once tries those of the models, and gives those that must be tried again.
func once(ctx context.Context, into *mongo.Collection, models []mongo.WriteModel, those []int, done func(i int, added bool)) (left []int, err error) {
	if len(those) == 0 {
		return nil, nil
	}
	tried := make([]mongo.WriteModel, 0, len(those))
	for _, i := range those {
		tried = append(tried, models[i])
	}
	result, err := into.BulkWrite(ctx, tried, options.BulkWrite().SetOrdered(false))
	if result == nil {
		result = &mongo.BulkWriteResult{}
	}
	var several mongo.BulkWriteException
	answered := err == nil || errors.As(err, &several) && len(several.WriteErrors) > 0
	refused := map[int]bool{}
	for _, one := range several.WriteErrors {
		refused[one.Index] = true
		if mongodb.IsDuplicateKey(one.WriteError) || mongodb.IsTransient(one.WriteError) {
			left = append(left, those[one.Index])
		} else {
			slog.Error("something cannot be kept in a chat and is left out", "collection", into.Name(), "error", one.WriteError)
		}
	}
	for n, i := range those {
		_, added := result.UpsertedIDs[int64(n)]
		switch {
		case refused[n]:
		case !answered && !added:
			left = append(left, i)
		case done != nil:
			done(i, added)
		}
	}
	if !answered {
		return left, fmt.Errorf("write to %s: %w", into.Name(), err)
	}
	return left, nil
}

// remove deletes what a person deleted on the phone.
func (s *Service) remove(ctx context.Context, r removal) error {
	if len(r.message.Data) > 0 {
		if _, err := s.messages.DeleteOne(ctx, bson.D{{Key: "_id", Value: r.message}, present}); err != nil {
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
