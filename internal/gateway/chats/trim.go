package chats

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
)

const (
	// sweepEvery is how often some chats are looked at that nothing happens in.
	sweepEvery = time.Minute
	// sweepMost is how many.
	sweepMost = 200
	// trimPatience bounds the trimming of one chat.
	trimPatience = 20 * time.Second
)

// Loop is something that must be done again and again; app runs it.
type Loop struct {
	Name     string
	Interval time.Duration
	Run      func(ctx context.Context) error
}

// Loops lists what must run beside the requests.
func (s *Service) Loops() []Loop {
	return []Loop{{Name: "chats_trimmed", Interval: sweepEvery, Run: s.sweep}}
}

// count notes a new message; a chat with a quarter more than it may keep is
// trimmed soon.
func (s *Service) count(channel ids.Channel, key string) {
	id := chatID(channel, key)
	n, _ := s.counted.Get(id)
	if n++; n <= s.limit/4 {
		s.counted.Add(id, n)
		return
	}
	select {
	case s.trims <- Chat{ID: id, Channel: channel, Key: key}:
		s.counted.Remove(id)
	default: // the sweep comes by
	}
}

// trimSoon trims what count found.
func (s *Service) trimSoon() {
	for chat := range s.trims {
		ctx, cancel := context.WithTimeout(context.Background(), trimPatience)
		if err := s.trim(ctx, chat); err != nil {
			slog.Warn("a chat could not be trimmed; the sweep tries again", "channel_id", chat.Channel.String(), "error", err)
		}
		cancel()
	}
}

// trim deletes all but the newest messages of a chat.
func (s *Service) trim(ctx context.Context, chat Chat) error {
	cursor, err := s.messages.Find(ctx, ofChat(chat.Channel, chat.Key), options.Find().SetSort(newestFirst).SetLimit(int64(s.limit)+1).
		SetProjection(bson.D{{Key: "_id", Value: 0}, {Key: "order", Value: 1}}))
	if err != nil {
		return fmt.Errorf("trim chat %s: %w", chat.ID, err)
	}
	var rows []struct {
		Order int64 `bson:"order"`
	}
	if err := cursor.All(ctx, &rows); err != nil {
		return fmt.Errorf("trim chat %s: %w", chat.ID, err)
	}
	if len(rows) <= s.limit {
		return nil
	}
	filter := append(ofChat(chat.Channel, chat.Key), bson.E{Key: "order", Value: bson.D{{Key: "$lt", Value: rows[s.limit-1].Order}}})
	if _, err := s.messages.DeleteMany(ctx, filter); err != nil {
		return fmt.Errorf("trim chat %s: %w", chat.ID, err)
	}
	return nil
}

// sweep looks at some chats: those of channels of which nothing is kept go, and
// so does what is too much.
func (s *Service) sweep(ctx context.Context) error {
	s.sweeps.Lock()
	defer s.sweeps.Unlock()
	cursor, err := s.chats.Find(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$gt", Value: s.walked}}}},
		options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}).SetLimit(sweepMost).SetProjection(bson.D{{Key: "channelId", Value: 1}, {Key: "key", Value: 1}}))
	if err != nil {
		return fmt.Errorf("look at chats: %w", err)
	}
	var rows []Chat
	if err := cursor.All(ctx, &rows); err != nil {
		return fmt.Errorf("look at chats: %w", err)
	}
	var gone, counted ids.Channel
	for _, row := range rows {
		if row.Channel == gone {
			continue
		}
		if row.Channel != counted {
			kept, err := s.sweepChannel(ctx, row.Channel)
			if err != nil {
				return err
			}
			if !kept {
				gone = row.Channel
				continue
			}
			counted = row.Channel
		}
		if err := s.trim(ctx, row); err != nil {
			return err
		}
	}
	s.walked = ""
	if len(rows) == sweepMost {
		s.walked = rows[len(rows)-1].ID
	}
	return nil
}

// sweepChannel deletes the chats of a channel that are too many; all, where
// nothing is kept of it.
func (s *Service) sweepChannel(ctx context.Context, id ids.Channel) (kept bool, err error) {
	ch, err := s.channels.Get(ctx, id)
	switch {
	case fault.Is(err, fault.NotFound):
		return false, s.Drop(ctx, id)
	case err == nil && !s.Keeps(ch):
		return false, s.Forget(ctx, id)
	}
	if err != nil {
		return true, err
	}
	cursor, err := s.chats.Find(ctx, bson.D{{Key: "channelId", Value: id}}, options.Find().SetSort(bson.D{{Key: Order, Value: -1}, {Key: "_id", Value: -1}}).
		SetSkip(int64(s.most)).SetLimit(sweepMost).SetProjection(bson.D{{Key: "channelId", Value: 1}, {Key: "key", Value: 1}}))
	if err != nil {
		return true, fmt.Errorf("look for chats that are too many: %w", err)
	}
	var rows []Chat
	if err := cursor.All(ctx, &rows); err != nil {
		return true, fmt.Errorf("look for chats that are too many: %w", err)
	}
	for _, row := range rows {
		if err := s.drop(ctx, row); err != nil {
			return true, err
		}
	}
	return true, nil
}

// drop deletes a chat with its messages.
func (s *Service) drop(ctx context.Context, chat Chat) error {
	_, err := s.messages.DeleteMany(ctx, ofChat(chat.Channel, chat.Key))
	if err == nil {
		_, err = s.chats.DeleteOne(ctx, bson.D{{Key: "_id", Value: chat.ID}})
	}
	if err != nil {
		return fmt.Errorf("delete chat %s: %w", chat.ID, err)
	}
	return nil
}

// Forget deletes all chats of a channel: its device is linked no more. What it
// delivered here before goes, too, where it is not written yet. The traces of who
// was erased stay: the phone tells its history to the next device that is linked.
func (s *Service) Forget(ctx context.Context, channel ids.Channel) error {
	return s.between(ctx, channel, func(ctx context.Context) error {
		return s.forget(ctx, channel, bson.D{{Key: "channelId", Value: channel}, present})
	})
}

// Drop is Forget, with the traces: the channel is gone.
func (s *Service) Drop(ctx context.Context, channel ids.Channel) error {
	return s.between(ctx, channel, func(ctx context.Context) error { return s.forget(ctx, channel, Of(channel)) })
}

func (s *Service) forget(ctx context.Context, channel ids.Channel, messages bson.D) error {
	s.gone.add(channel.String())
	_, err := s.messages.DeleteMany(ctx, messages)
	if err == nil {
		_, err = s.chats.DeleteMany(ctx, Of(channel))
	}
	if err != nil {
		return fmt.Errorf("delete the chats of channel %s: %w", channel, err)
	}
	return nil
}

// empty deletes, once, the chats of a channel of which nothing is kept any more.
func (s *Service) empty(ctx context.Context, channel ids.Channel) error {
	if _, done := s.emptied.Load(channel); done {
		return nil
	}
	if err := s.Forget(ctx, channel); err != nil {
		return err
	}
	s.emptied.Store(channel, struct{}{})
	return nil
}
