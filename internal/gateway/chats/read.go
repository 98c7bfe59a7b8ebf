package chats

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/providers"
)

var newestFirst = bson.D{{Key: "order", Value: -1}}

// List gives a page of a channel's chats, by when something was last said.
func (s *Service) List(ctx context.Context, q mongodb.ListQuery) (mongodb.ListPage[Chat], error) {
	return mongodb.List[Chat](ctx, s.chats, q)
}

// Order is the field that chats are listed by.
const Order = "last.order"

// Of is the filter of a channel's chats.
func Of(channel ids.Channel) bson.D { return bson.D{{Key: "channelId", Value: channel}} }

// Newest gives the newest message of each chat that has one, by the chat's id.
func (s *Service) Newest(ctx context.Context, of []Chat) (map[string]Message, error) {
	newest := make(map[string]Message, len(of))
	if len(of) == 0 {
		return newest, nil
	}
	wanted := bson.A{}
	for _, chat := range of {
		wanted = append(wanted, chat.Last.ID)
	}
	cursor, err := s.messages.Find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: wanted}}}, present})
	if err != nil {
		return nil, fmt.Errorf("read the newest messages of %d chats: %w", len(of), err)
	}
	var rows []Message
	if err := cursor.All(ctx, &rows); err != nil {
		return nil, fmt.Errorf("read the newest messages of %d chats: %w", len(of), err)
	}
	for _, row := range rows {
		newest[chatID(row.Channel, row.Chat)] = row
	}
	for _, chat := range of {
		if _, there := newest[chat.ID]; there || chat.LastAt().IsZero() {
			continue
		}
		// The last one was deleted: the one before it is.
		row, err := s.newest(ctx, chat)
		if err != nil {
			return nil, fmt.Errorf("read the newest message of chat %s: %w", chat.ID, err)
		}
		if row != nil {
			newest[chat.ID] = *row
		}
	}
	return newest, nil
}

func (s *Service) newest(ctx context.Context, chat Chat) (*Message, error) {
	var row Message
	filter := append(ofChat(chat.Channel, chat.Key), bson.E{Key: "content.type", Value: bson.D{{Key: "$ne", Value: providers.TypeReaction}}})
	err := s.messages.FindOne(ctx, filter, options.FindOne().SetSort(newestFirst)).Decode(&row)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return nil, nil
	}
	return &row, err
}

// Last gives the newest message of a chat, as far as the device has delivered it;
// of one that is gone, no more than its time. False where that is not followed: of
// what nothing is kept, or is not known, more may have come.
func (s *Service) Last(ctx context.Context, ch channels.Channel, of providers.Address) (Message, bool, error) {
	if !s.Keeps(ch) {
		return Message{}, false, nil
	}
	chat, err := s.kept(ctx, With(ch.ID, of))
	if err != nil || chat.LastAt().IsZero() {
		return Message{}, false, err
	}
	ignored, err := s.contacts.Ignored(ctx, map[ids.Channel][]string{ch.ID: keysOf(chat.addresses())})
	if err != nil || len(ignored[ch.ID]) > 0 {
		return Message{}, false, err
	}
	var row Message
	err = s.messages.FindOne(ctx, bson.D{{Key: "_id", Value: chat.Last.ID}, present}).Decode(&row)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return Message{Timestamp: chat.Last.At}, true, nil
	}
	if err != nil {
		return Message{}, false, fmt.Errorf("read the newest message of chat %s: %w", chat.ID, err)
	}
	return row, true, nil
}

// Has tells whether a chat is kept.
func (s *Service) Has(ctx context.Context, ch channels.Channel, of providers.Address) (bool, error) {
	if !s.Keeps(ch) {
		return false, nil
	}
	chat, err := s.kept(ctx, With(ch.ID, of))
	return chat.ID != "", err
}

// With is the chat with somebody, or of a group, as far as their name tells.
func With(channel ids.Channel, of providers.Address) Chat {
	chat := Chat{Channel: channel, Key: of.Key()}
	switch of.Kind {
	case providers.KindGroup:
		chat.Group = of.Value
	case providers.KindLID:
		chat.LID = of.Value
	default:
		chat.Phone = of.Value
	}
	return chat
}

// Past gives what is kept of a chat, and up to limit of its messages, newest
// first; before, where set, is the order of the one behind which.
func (s *Service) Past(ctx context.Context, chat Chat, before int64, limit int) (Chat, []Message, error) {
	chat, err := s.kept(ctx, chat)
	if err != nil {
		return chat, nil, err
	}
	filter := ofChat(chat.Channel, chat.Key)
	if before != 0 {
		filter = append(filter, bson.E{Key: "order", Value: bson.D{{Key: "$lt", Value: before}}})
	}
	cursor, err := s.messages.Find(ctx, filter, options.Find().SetSort(newestFirst).SetLimit(int64(limit)))
	if err != nil {
		return chat, nil, fmt.Errorf("read the messages of a chat of channel %s: %w", chat.Channel, err)
	}
	var rows []Message
	if err := cursor.All(ctx, &rows); err != nil {
		return chat, nil, fmt.Errorf("read the messages of a chat of channel %s: %w", chat.Channel, err)
	}
	return chat, rows, nil
}

// kept is a chat as it is kept; itself, where it is not.
func (s *Service) kept(ctx context.Context, chat Chat) (Chat, error) {
	filter := bson.D{{Key: "_id", Value: chatID(chat.Channel, chat.Key)}}
	if chat.Phone == "" && chat.LID != "" {
		filter = bson.D{{Key: "channelId", Value: chat.Channel}, {Key: "lid", Value: chat.LID}}
	}
	var row Chat
	switch err := s.chats.FindOne(ctx, filter).Decode(&row); {
	case errors.Is(err, mongo.ErrNoDocuments):
		return chat, nil
	case err != nil:
		return chat, fmt.Errorf("look for a chat of channel %s: %w", chat.Channel, err)
	}
	return row, nil
}
