package chats

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

// syncAtOnce is about how many rows of a history are written at once: it must not
// keep live messages waiting.
const syncAtOnce = 500

// Sync keeps what a phone told of its chats: how they are, and the newest of what
// was said in them. It brings back nobody who is erased meanwhile, and nothing
// that was erased before.
func (s *Service) Sync(ctx context.Context, channel ids.Channel, told []providers.Chat) error {
	if s.limit == 0 || len(told) == 0 {
		return nil
	}
	began := s.gone.now()
	wanted, err := s.wanted(ctx, channel, told)
	if err != nil {
		return err
	}
	for len(wanted) > 0 {
		var part []providers.Chat
		for rows := 0; rows < syncAtOnce && len(wanted) > 0; wanted = wanted[1:] {
			part, rows = append(part, wanted[0]), rows+1+min(s.limit, len(wanted[0].Messages))
		}
		if err := s.between(ctx, channel, func(ctx context.Context) error { return s.syncPart(ctx, channel, s.gone.spared(channel, part, began)) }); err != nil {
			return err
		}
	}
	return nil
}

// syncPart keeps some chats of a history.
func (s *Service) syncPart(ctx context.Context, channel ids.Channel, part []providers.Chat) error {
	part, err := s.unerased(ctx, channel, part)
	if err != nil {
		return err
	}
	p := newPlan(func(Message) bool { return false })
	var chats []mongo.WriteModel
	for _, chat := range part {
		chats = append(chats, p.told(channel, chat, s.limit)...)
	}
	if err := s.unite(ctx, p); err != nil {
		return err
	}
	if err := bulk(ctx, s.messages, p.messages, nil); err != nil {
		return err
	}
	return bulk(ctx, s.chats, chats, nil)
}

// wanted leaves out who is ignored, and nobody.
func (s *Service) wanted(ctx context.Context, channel ids.Channel, told []providers.Chat) ([]providers.Chat, error) {
	var keys []string
	for _, chat := range told {
		keys = append(keys, whoOf(chat.Addresses).keys()...)
	}
	if len(keys) == 0 {
		return nil, nil
	}
	ignored, err := s.contacts.Ignored(ctx, map[ids.Channel][]string{channel: keys})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(told), func(chat providers.Chat) bool {
		names := whoOf(chat.Addresses).keys()
		return len(names) == 0 || slices.ContainsFunc(names, func(key string) bool { return slices.Contains(ignored[channel], key) })
	}), nil
}

// told plans one chat of a history, with its newest messages. How many are unread
// counts as long as nothing was heard since.
func (p *plan) told(channel ids.Channel, chat providers.Chat, limit int) []mongo.WriteModel {
	one := p.begun(channel, whoOf(chat.Addresses))
	if chat.Name != "" {
		one.put("name", chat.Name)
	}
	if at := chat.LastMessageAt; !at.IsZero() {
		one.last = last{Order: orderTold(at, told), At: at, ID: nobody(channel)}
	}
	for _, row := range past(channel, one.who, chat.Messages[:min(limit, len(chat.Messages))], math.MaxInt64) {
		p.keep(row)
		if said := row.asLast(); row.Content.Type != providers.TypeReaction && said.after(one.last) {
			one.last = said
		}
		if row.Name != "" && one.pushName == "" && one.who.group.IsZero() {
			one.pushName = row.Name
		}
	}
	var models []mongo.WriteModel
	if chat.Unread != nil {
		one.first = bson.D{{Key: "unread", Value: int64(*chat.Unread)}}
		models = append(models, mongo.NewUpdateOneModel().SetUpdate(bson.D{{Key: "$set", Value: one.first}}).SetFilter(bson.D{
			{Key: "_id", Value: chatID(channel, one.who.key())}, {Key: "last.order", Value: bson.D{{Key: "$lte", Value: one.last.Order}}},
		}))
	}
	for _, flag := range []struct {
		name string
		is   *bool
	}{{"markedUnread", chat.MarkedUnread}, {"archived", chat.Archived}, {"pinned", chat.Pinned}} {
		if flag.is != nil {
			one.put(flag.name, *flag.is)
		}
	}
	if chat.MutedUntil != nil {
		one.put("mutedUntil", *chat.MutedUntil)
	}
	return append(models, one.model(nil)) // with no news
}

// past are the rows of what was said in a chat, newest first, before the message
// of an order.
func past(channel ids.Channel, in who, messages []providers.ChatMessage, before int64) []Message {
	rows := make([]Message, 0, len(messages))
	for i, m := range messages {
		row, _, ok := messageOf(channel, m.Message, m.Status, time.Time{})
		if !ok || row.Timestamp.IsZero() {
			continue
		}
		row.Chat = in.key()
		row.Order = min(orderTold(row.Timestamp, i), before-1-int64(i))
		rows = append(rows, row)
	}
	return rows
}

// Add keeps messages of a chat that came before the one of an order, newest first,
// as far as there is room for them, and gives them as they are kept. An order of 0
// is none.
func (s *Service) Add(ctx context.Context, ch channels.Channel, chat Chat, before int64, earlier []providers.ChatMessage) ([]Message, error) {
	in := whoOf(chat.addresses())
	if before == 0 {
		before = math.MaxInt64
	}
	rows := past(ch.ID, in, earlier, before)
	if !s.Keeps(ch) || len(rows) == 0 {
		return rows, nil
	}
	left, err := s.wanted(ctx, ch.ID, []providers.Chat{{Addresses: chat.addresses(), Messages: earlier}})
	if err == nil {
		left, err = s.unerased(ctx, ch.ID, left)
	}
	if err != nil || len(left) == 0 {
		return rows, err
	}
	fresh := past(ch.ID, in, left[0].Messages, before)
	there, err := s.messages.CountDocuments(ctx, ofChat(ch.ID, in.key()), options.Count().SetLimit(int64(s.limit)))
	if err != nil {
		return nil, fmt.Errorf("count the messages of a chat of channel %s: %w", ch.ID, err)
	}
	p := newPlan(nil)
	plan := p.begun(ch.ID, in)
	for _, row := range fresh[:min(len(fresh), max(0, s.limit-int(there)))] {
		p.keep(row)
		if said := row.asLast(); said.after(plan.last) {
			plan.last = said
		}
	}
	if len(p.rows) == 0 {
		return rows, nil
	}
	return rows, s.between(ctx, ch.ID, func(ctx context.Context) error {
		if err := bulk(ctx, s.messages, p.messages, nil); err != nil {
			return err
		}
		return s.writeChats(ctx, p)
	})
}

func ofChat(channel ids.Channel, key string) bson.D {
	return bson.D{{Key: "channelId", Value: channel}, {Key: "chat", Value: key}}
}
