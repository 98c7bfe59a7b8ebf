package chats

import (
	"context"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

// Erase deletes the chat with a person, what the person wrote in groups, and
// what others quote of it there. What the channel's device delivered to this
// server before goes, too, where it is not written yet. Of each message a trace
// stays, so that nobody brings it back. Again is no error.
func (s *Service) Erase(ctx context.Context, channel ids.Channel, names []providers.Address) error {
	if len(keysOf(names)) == 0 {
		return nil
	}
	return s.between(ctx, channel, func(ctx context.Context) error { return s.erase(ctx, channel, names) })
}

func (s *Service) erase(ctx context.Context, channel ids.Channel, names []providers.Address) error {
	keys := keysOf(names)
	own, err := s.ofPerson(ctx, channel, names)
	if err != nil {
		return err
	}
	s.gone.add(chatIDs(channel, own)...)
	if err := s.leaveTraces(ctx, bson.D{{Key: "channelId", Value: channel}, {Key: "chat", Value: bson.D{{Key: "$in", Value: own}}}}); err != nil {
		return fmt.Errorf("erase a person's chat on channel %s: %w", channel, err)
	}
	if _, err := s.chats.DeleteMany(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: chatIDs(channel, own)}}}}); err != nil {
		return fmt.Errorf("erase a person's chat on channel %s: %w", channel, err)
	}
	if err := s.leaveTraces(ctx, naming(channel, "by:", keys)); err != nil {
		return fmt.Errorf("erase what a person wrote in groups on channel %s: %w", channel, err)
	}
	_, err = s.messages.UpdateMany(ctx, naming(channel, "of:", keys), bson.D{
		{Key: "$unset", Value: bson.D{{Key: "quotedMessage", Value: ""}}}, {Key: "$pullAll", Value: bson.D{{Key: "people", Value: prefixed("of:", keys)}}},
	})
	if err != nil {
		return fmt.Errorf("erase what others quote of a person on channel %s: %w", channel, err)
	}
	return nil
}

func naming(channel ids.Channel, prefix string, keys []string) bson.D {
	return bson.D{{Key: "channelId", Value: channel}, {Key: "people", Value: bson.D{{Key: "$in", Value: prefixed(prefix, keys)}}}}
}

// ofPerson gives the keys of all chats that a person may have.
func (s *Service) ofPerson(ctx context.Context, channel ids.Channel, names []providers.Address) ([]string, error) {
	keys := keysOf(names)
	hidden := bson.A{}
	for _, name := range names {
		if name.Kind == providers.KindLID {
			hidden = append(hidden, name.Value)
		}
	}
	if len(hidden) == 0 {
		return keys, nil
	}
	cursor, err := s.chats.Find(ctx, bson.D{{Key: "channelId", Value: channel}, {Key: "lid", Value: bson.D{{Key: "$in", Value: hidden}}}})
	if err != nil {
		return nil, fmt.Errorf("look for a person's chats on channel %s: %w", channel, err)
	}
	var rows []Chat
	if err := cursor.All(ctx, &rows); err != nil {
		return nil, fmt.Errorf("look for a person's chats on channel %s: %w", channel, err)
	}
	for _, row := range rows {
		if !slices.Contains(keys, row.Key) {
			keys = append(keys, row.Key)
		}
	}
	return keys, nil
}

// Export hands out the chat with a person, its messages, and what the person
// wrote in groups.
func (s *Service) Export(ctx context.Context, channel ids.Channel, names []providers.Address, emit func(section string, item any) error) error {
	own, err := s.ofPerson(ctx, channel, names)
	if err != nil || len(own) == 0 {
		return err
	}
	cursor, err := s.chats.Find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: chatIDs(channel, own)}}}})
	if err != nil {
		return fmt.Errorf("export a person's chats on channel %s: %w", channel, err)
	}
	var rows []Chat
	if err := cursor.All(ctx, &rows); err != nil {
		return fmt.Errorf("export a person's chats on channel %s: %w", channel, err)
	}
	for _, row := range rows {
		if err := emit("chats", View(row, nil, s.now())); err != nil {
			return err
		}
	}
	for _, filter := range []bson.D{
		{{Key: "channelId", Value: channel}, {Key: "chat", Value: bson.D{{Key: "$in", Value: own}}}}, naming(channel, "by:", keysOf(names)),
	} {
		if err := s.exportMessages(ctx, filter, emit); err != nil {
			return fmt.Errorf("export a person's messages on channel %s: %w", channel, err)
		}
	}
	return nil
}

func (s *Service) exportMessages(ctx context.Context, filter bson.D, emit func(section string, item any) error) error {
	cursor, err := s.messages.Find(ctx, filter, options.Find().SetBatchSize(syncAtOnce))
	if err != nil {
		return err
	}
	defer func() { _ = cursor.Close(context.WithoutCancel(ctx)) }() // read to its end, or given up
	for cursor.Next(ctx) {
		var row Message
		if err := cursor.Decode(&row); err != nil {
			return err
		}
		if err := emit("chatMessages", ViewMessage(row, Context{})); err != nil {
			return err
		}
	}
	return cursor.Err()
}
