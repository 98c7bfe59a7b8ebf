package messages

import (
	"context"
	"log/slog"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/jobs"
	"github.com/cirrus/omnichannel/internal/mongodb"
	"github.com/cirrus/omnichannel/internal/providers"
)

const (
	// CommandSend asks the server that holds a channel to send a message now.
	CommandSend = "send"
	// settledLook is how soon a request looks whether another server has settled
	// its message; the pauses grow up to settledLookMost.
	settledLook     = 50 * time.Millisecond
	settledLookMost = time.Second
	// takeOverMost is how many waiting messages of a channel are looked at when
	// its connection is taken; the loop finds the others.
	takeOverMost = 1000
)

// SendCommand names the message of a CommandSend.
type SendCommand struct {
	Message ids.Message `bson:"message"`
}

// SendFor begins to send a message that another server took in; its row tells
// what becomes of it.
func (s *Service) SendFor(ctx context.Context, _ providers.Conn, c SendCommand) (struct{}, error) {
	var row Message
	err := s.store.messages.FindOne(ctx, bson.D{{Key: "_id", Value: c.Message}}).Decode(&row)
	if err != nil || !row.Unsettled || row.Claim != nil {
		return struct{}{}, err
	}
	s.deliver(ctx, row, s.now().Add(s.sendTimeout), askedUntil(row))
	return struct{}{}, nil
}

// askedMargin is how much longer than its request a message is left to whoever
// began to send it.
const askedMargin = 5 * time.Second

// askedUntil is until when the request that stored a message, perhaps another
// server's, waits for its fate; zero when somebody has had the row since.
func askedUntil(row Message) time.Time {
	if row.Revision > 0 {
		return time.Time{}
	}
	return row.NotBefore.Add(-askedMargin)
}

// handOver lets the server that holds the channel send a stored message, and
// answers from its row. The row is what counts: when nobody answers, whoever
// holds the channel next finds it.
func (s *Service) handOver(ctx context.Context, row Message, until time.Time) (SendAnswer, error) {
	waiting, cancel := context.WithDeadline(ctx, until)
	defer cancel()
	if err := s.channels.Ask(waiting, row.Channel, CommandSend, SendCommand{Message: row.ID}, nil); err != nil {
		slog.InfoContext(ctx, "a message waits for the holder of its channel", "message_id", row.ID.String(), "channel_id", row.Channel.String(), "error", err)
	}
	for pause := settledLook; s.unsettled(waiting, row.ID); pause = min(pause*3/2, settledLookMost) {
		if jobs.Pause(waiting, pause) != nil {
			break
		}
	}
	if err := ctx.Err(); err != nil {
		return SendAnswer{}, err
	}
	if err := s.leaveQueued(ctx, row); err != nil {
		return SendAnswer{}, err
	}
	return s.answerOf(ctx, row.ID)
}

func (s *Service) unsettled(ctx context.Context, id ids.Message) bool {
	return s.store.messages.FindOne(ctx, bson.D{{Key: "_id", Value: id}, {Key: "unsettled", Value: true}},
		options.FindOne().SetProjection(bson.D{{Key: "_id", Value: 1}})).Err() == nil
}

// TakeOver sends what waits for a channel that this server holds from now on,
// what the last holder had begun included. It is a channels.Held.
func (s *Service) TakeOver(ctx context.Context, channel ids.Channel) {
	cursor, err := s.store.messages.Find(ctx, bson.D{{Key: "unsettled", Value: true}, {Key: "channelId", Value: channel}},
		options.Find().SetSort(bson.D{{Key: "sequence", Value: 1}}).SetLimit(takeOverMost))
	var rows []Message
	if err == nil {
		err = mongodb.All(ctx, cursor, &rows)
	}
	if err != nil {
		slog.WarnContext(ctx, "the waiting messages of a channel were not read", "channel_id", channel.String(), "error", err)
		return
	}
	now := s.now()
	for _, row := range rows {
		if err := s.takeUp(ctx, row, now); err != nil {
			slog.WarnContext(ctx, "a waiting message was not taken up", "message_id", row.ID.String(), "error", err)
		}
	}
}
