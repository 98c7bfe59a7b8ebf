package chats

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/messages"
	"github.com/cirrus/omnichannel/internal/providers"
)

// traceFor is how long the id of an erased message stays, and nothing else of it.
// WhatsApp redelivers for some days only; a phone tells up to a year of its
// history to a device that is linked anew.
const traceFor = 366 * 24 * time.Hour

// present leaves out the traces of erased messages.
var present = bson.E{Key: "expiresAt", Value: absent}

// trace is what is left of an erased message.
type trace struct {
	ID        bson.Binary `bson:"_id"` // see messageID
	Channel   ids.Channel `bson:"channelId"`
	ExpiresAt time.Time   `bson:"expiresAt"`
}

// traces are the ids of erased messages.
type traces map[string]struct{}

// of tells whether a message was erased.
func (t traces) of(id bson.Binary) bool {
	_, erased := t[string(id.Data)]
	return erased
}

// either tells whether a message was erased, whoever wrote it.
func (t traces) either(channel ids.Channel, id ids.ProviderMessage) bool {
	return t.of(messageID(channel, false, id)) || t.of(messageID(channel, true, id))
}

// and adds others.
func (t traces) and(others traces) traces {
	maps.Copy(t, others)
	return t
}

// leaveTraces leaves of messages what tells that they were erased.
func (s *Service) leaveTraces(ctx context.Context, of bson.D) error {
	_, err := s.messages.UpdateMany(ctx, of, mongo.Pipeline{{{Key: "$replaceWith", Value: bson.D{
		{Key: "_id", Value: "$_id"}, {Key: "channelId", Value: "$channelId"}, {Key: "expiresAt", Value: s.now().Add(traceFor)},
	}}}})
	return err
}

// Erased notes messages that were erased elsewhere, so that nobody brings them
// here, whether or not they were here. Again is no error.
func (s *Service) Erased(ctx context.Context, channel ids.Channel, gone []messages.ErasedMessage) error {
	if s.limit == 0 || len(gone) == 0 {
		return nil
	}
	ch, err := s.channels.Get(ctx, channel)
	if fault.Is(err, fault.NotFound) || err == nil && ch.Provider != providers.WhatsAppWeb {
		return nil
	}
	if err != nil {
		return err
	}
	models := make([]mongo.WriteModel, 0, len(gone))
	for _, one := range gone {
		left := trace{ID: messageID(channel, one.FromMe, one.ID), Channel: channel, ExpiresAt: s.now().Add(traceFor)}
		models = append(models, mongo.NewReplaceOneModel().SetUpsert(true).SetFilter(bson.D{{Key: "_id", Value: left.ID}}).SetReplacement(left))
	}
	return bulk(ctx, s.messages, models, nil)
}

// tracesOf gives those of the messages that were erased.
func (s *Service) tracesOf(ctx context.Context, asked []bson.Binary) (traces, error) {
	found := traces{}
	if len(asked) == 0 {
		return found, nil
	}
	cursor, err := s.messages.Find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: asked}}}}, options.Find().SetProjection(bson.D{{Key: "expiresAt", Value: 1}}))
	if err != nil {
		return nil, fmt.Errorf("look for erased messages: %w", err)
	}
	var rows []trace
	if err := cursor.All(ctx, &rows); err != nil {
		return nil, fmt.Errorf("look for erased messages: %w", err)
	}
	for _, row := range rows {
		if !row.ExpiresAt.IsZero() {
			found[string(row.ID.Data)] = struct{}{}
		}
	}
	return found, nil
}

// unerased leaves out of a history what was erased: in a group the messages, in a
// chat with a person whatever is not newer than one of them, and with it the chat
// where nothing newer is told. What others quote of it goes, too.
func (s *Service) unerased(ctx context.Context, channel ids.Channel, told []providers.Chat) ([]providers.Chat, error) {
	var asked []bson.Binary
	for _, chat := range told {
		for _, m := range chat.Messages[:min(s.limit, len(chat.Messages))] {
			asked = append(asked, messageID(channel, m.Message.FromPhone, m.Message.ID))
			if quote := m.Message.Quote; quote != nil {
				asked = append(asked, messageID(channel, false, quote.ID), messageID(channel, true, quote.ID))
			}
		}
	}
	erased, err := s.tracesOf(ctx, asked)
	if err != nil || len(erased) == 0 {
		return told, err
	}
	left := make([]providers.Chat, 0, len(told))
	for _, chat := range told {
		spared := erased.spared(channel, chat.Messages)
		if len(spared) > 0 || len(chat.Messages) == 0 {
			chat.Messages = spared
			left = append(left, chat)
		}
	}
	return left, nil
}

// spared gives what may be kept of messages that are told newest first.
func (t traces) spared(channel ids.Channel, told []providers.ChatMessage) []providers.ChatMessage {
	spared := make([]providers.ChatMessage, 0, len(told))
	for _, one := range told {
		if t.of(messageID(channel, one.Message.FromPhone, one.Message.ID)) {
			if one.Message.Group == nil {
				break
			}
			continue
		}
		if quote := one.Message.Quote; quote != nil && t.either(channel, quote.ID) {
			one.Message.Quote = nil
		}
		spared = append(spared, one)
	}
	return slices.Clip(spared)
}
