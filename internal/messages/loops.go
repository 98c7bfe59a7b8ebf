package messages

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/providers"
)

// expired is the code of a message that was given up.
const expired = "expired"

// Loop is something that this room must do again and again; app runs it.
type Loop struct {
	Name     string
	Interval time.Duration
	Run      func(ctx context.Context) error
}

// Loops lists what must run beside the requests. Every server may run all of
// them at once: each row is claimed in the store.
func (s *Service) Loops() []Loop {
	return []Loop{
		{Name: "waiting", Interval: time.Second, Run: s.sweepRecent},
		{Name: "waiting_long", Interval: 20 * time.Second, Run: s.sweep},
		{Name: "queued", Interval: time.Second, Run: s.sendDue},
		{Name: "unknown", Interval: time.Minute, Run: s.expireUnknown},
		{Name: "files", Interval: 2 * time.Second, Run: s.fetchDue},
		{Name: "passing_files", Interval: 2 * time.Second, Run: s.passOn},
		{Name: "strays", Interval: 10 * time.Minute, Run: s.dropStrays},
		{Name: "queues", Interval: queuesMeasured, Run: s.measureQueues},
	}
}

// due gives the messages of a queue whose time, a field of theirs, has come,
// the longest waiting first.
func (s *Service) due(ctx context.Context, queue bson.E, at string, now time.Time, find *options.FindOptionsBuilder) ([]Message, error) {
	filter := bson.D{queue, {Key: at, Value: bson.D{{Key: "$lte", Value: now}}}}
	if elsewhere := s.channels.Elsewhere(); len(elsewhere) > 0 && at != "giveUpAt" {
		others := bson.D{{Key: "channelId", Value: bson.D{{Key: "$nin", Value: elsewhere}}}}
		// What is over its time, somebody must end, whoever holds the channel.
		filter = append(filter, bson.E{Key: "$or", Value: bson.A{others, bson.D{{Key: "giveUpAt", Value: bson.D{{Key: "$lt", Value: now}}}}}})
	}
	cursor, err := s.store.messages.Find(ctx, filter, find.SetSort(bson.D{{Key: at, Value: 1}}))
	if err != nil {
		return nil, err
	}
	var rows []Message
	err = mongodb.All(ctx, cursor, &rows)
	return rows, err
}

// sendDue takes up queued messages that no request is waiting for: those that
// outlived their request, and those of servers that died. A claim that has
// run out makes its message unknown.
func (s *Service) sendDue(ctx context.Context) error {
	now := s.now()
	rows, err := s.due(ctx, bson.E{Key: "unsettled", Value: true}, "notBefore", now, options.Find().SetLimit(sweepMost))
	if err != nil {
		return fmt.Errorf("read queued messages: %w", err)
	}
	for _, row := range rows {
		if err := s.takeUp(ctx, row, now); err != nil {
			slog.WarnContext(ctx, "a queued message was not taken up", "message_id", row.ID.String(), "error", err)
		}
	}
	return nil
}

func (s *Service) takeUp(ctx context.Context, row Message, now time.Time) error {
	hold, err := s.channels.HoldOf(ctx, row.Channel)
	if err != nil && !fault.Is(err, fault.NotFound) { // deleted: its messages fail
		return err
	}
	switch {
	case row.Claim != nil && row.Claim.Fence > 0 && hold.Here && hold.Fence > row.Claim.Fence:
		if err := s.disclaim(ctx, &row); err != nil { // its sender holds the connection no more
			return err
		}
	case row.Claim != nil && now.Before(row.Claim.Until):
		return nil // somebody is at it
	case row.Claim != nil:
		return s.record(ctx, row, outcomeChange{token: row.Claim.Token, unknown: true, failure: &providers.MessageError{
			Code: string(providers.ReasonTimeout.Code()), Detail: "The server that was sending this message stopped in the middle. Nobody knows whether it was sent.",
		}})
	case now.After(row.GiveUpAt):
		return s.record(ctx, row, outcomeChange{failure: &providers.MessageError{
			Code: expired, Detail: fmt.Sprintf("The message waited for %s without being sent.", queuedMost),
		}})
	}
	// Nobody else looks at it while this server tries.
	next := now.Add(s.sendTimeout + askedMargin)
	res, err := s.store.messages.UpdateOne(ctx,
		bson.D{{Key: "_id", Value: row.ID}, {Key: "channelId", Value: row.Channel}, {Key: "unsettled", Value: true}, {Key: "rev", Value: row.Revision}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "notBefore", Value: next}}}, {Key: "$inc", Value: bson.D{{Key: "rev", Value: 1}}}})
	if err != nil {
		return fmt.Errorf("take up queued message %s: %w", row.ID, err)
	}
	if res.MatchedCount == 1 {
		s.deliver(ctx, row, now.Add(s.sendTimeout), askedUntil(row))
	}
	return nil
}

// disclaim takes a claim away whose holder has lost the connection: whatever it
// had sent, the repeat is the same message.
func (s *Service) disclaim(ctx context.Context, row *Message) error {
	res, err := s.store.messages.UpdateOne(ctx,
		bson.D{{Key: "_id", Value: row.ID}, {Key: "channelId", Value: row.Channel}, {Key: "unsettled", Value: true}, {Key: "claim.token", Value: row.Claim.Token}},
		bson.D{{Key: "$unset", Value: bson.D{{Key: "claim", Value: ""}}}, {Key: "$set", Value: bson.D{{Key: "perhaps", Value: true}}}, {Key: "$inc", Value: bson.D{{Key: "rev", Value: 1}}}})
	if err != nil {
		return fmt.Errorf("take message %s over: %w", row.ID, err)
	}
	if res.MatchedCount == 1 {
		row.Claim, row.Perhaps, row.Revision = nil, true, row.Revision+1
	}
	return nil
}

// expireUnknown fails messages that no proof has settled within a day.
func (s *Service) expireUnknown(ctx context.Context) error {
	rows, err := s.due(ctx, bson.E{Key: "status", Value: providers.MessageUnknown}, "giveUpAt", s.now(), options.Find().SetLimit(sweepMost))
	if err != nil {
		return fmt.Errorf("read unknown messages: %w", err)
	}
	for _, row := range rows {
		err := s.record(ctx, row, outcomeChange{seen: providers.MessageUnknown, failure: &providers.MessageError{
			Code: expired, Detail: "Nothing has shown within a day whether the message was sent.",
		}})
		if err != nil {
			slog.WarnContext(ctx, "an unknown message was not given up", "message_id", row.ID.String(), "error", err)
		}
	}
	return nil
}
