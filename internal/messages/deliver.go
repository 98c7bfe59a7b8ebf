package messages

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.opentelemetry.io/otel/trace"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/jobs"
	"github.com/cirrus/omnichannel/internal/providers"
)

const (
	// attemptMost bounds one talk with a provider, but for its file.
	attemptMost = 40 * time.Second
	// slowest is how many bytes of a file must go in a second.
	slowest = 512 << 10
	// claimMargin is how much longer than an attempt its claim holds: the recording
	// of the outcome fits in.
	claimMargin = 80 * time.Second
	// retryMost caps the pause between two tries of one message.
	retryMost = 30 * time.Second
	// retryLeast is the shortest of them.
	retryLeast = 500 * time.Millisecond
	// answerMargin is what the recording of a refusal may take: a request that
	// stops waiting within it hears that its message is queued.
	answerMargin = 2 * time.Second
	// orderPoll is how often a message looks whether those before it are done.
	orderPoll = 20 * time.Millisecond
	// restPoll is orderPoll where no request waits: there may be many, and the one
	// before may rest for minutes.
	restPoll = 250 * time.Millisecond
)

// fate is how a delivery ended, for the request that waits for it.
type fate struct {
	row    Message
	failed *providers.SendError // why, when the row is failed or unknown
	queued bool                 // not tried, or not for good: somebody will
	later  bool                 // with queued: when, its row says
	err    error                // our own failure
}

// deliver takes a queued message to its provider: it waits for the pace and
// for the messages before it, claims, sends, and records what came of it.
// until bounds the waiting; then the message stays queued. asked is until when
// a request waits for the fate: what fails for a moment is refused while one
// does, and tried until GiveUpAt where none does. The attempt itself goes on when
// the caller is gone; ctx only says which trace it belongs to.
func (s *Service) deliver(ctx context.Context, row Message, until, asked time.Time) <-chan fate {
	answer := make(chan fate, 1)
	if !s.senders.begin() {
		answer <- fate{row: row, queued: true}
		return answer
	}
	work := trace.ContextWithSpanContext(s.senders.ctx, trace.SpanContextFromContext(ctx))
	go func() {
		defer s.senders.wg.Done()
		f := s.deliverNow(work, row, until, asked)
		if f.queued && !f.later && f.err == nil {
			f.err = s.leaveQueued(work, row)
		}
		s.sendMetrics.done(row, f)
		answer <- f
	}()
	return answer
}

func (s *Service) deliverNow(ctx context.Context, row Message, until, asked time.Time) fate {
	waiting, stopWaiting := context.WithDeadline(ctx, until)
	defer stopWaiting()
	poll := orderPoll
	if !s.now().Before(asked) {
		poll = restPoll
	}
	leave, err := s.inOrder(waiting, row, poll)
	if err != nil {
		return fate{row: row, queued: true}
	}
	defer leave()
	for try := 0; ; try++ {
		conn, token, kept := s.begin(ctx, waiting, row)
		if kept != nil {
			return *kept
		}
		failed, f := s.attempt(ctx, conn, row)
		if failed == nil {
			return f
		}
		if repeatable(failed, row) && !s.now().Add(answerMargin).Before(asked) {
			return s.queueAgain(ctx, row, failed, token)
		}
		pause := retryPause(failed, try)
		if !repeatable(failed, row) || s.now().Add(pause).After(until) {
			return s.refuse(ctx, row, failed, token)
		}
		if err := s.record(ctx, row, outcomeChange{token: token, retryAt: until, perhaps: bool(failed.Sent)}); err != nil {
			return fate{row: row, err: err}
		}
		if jobs.Pause(waiting, pause) != nil {
			return s.refuse(ctx, row, failed, bson.ObjectID{})
		}
	}
}

// begin gets what an attempt needs: the connection, the pace, and last of all the
// claim, under whose token its outcome counts. Where it does not get that, kept is
// the message's fate.
func (s *Service) begin(ctx, waiting context.Context, row Message) (conn providers.Conn, token bson.ObjectID, kept *fate) {
	conn, err := s.channels.Conn(ctx, row.Channel)
	if cannotSend(err) {
		refused := s.refuse(ctx, row, closedError(err), token)
		return nil, token, &refused
	}
	if err != nil {
		return nil, token, &fate{row: row, queued: true, err: err}
	}
	hold, err := s.channels.HoldOf(ctx, row.Channel)
	if err != nil || !hold.Here { // another server's by now
		return nil, token, &fate{row: row, queued: true, err: err}
	}
	if !paced(waiting, conn, row.To, s.now) {
		return nil, token, &fate{row: row, queued: true}
	}
	token, err = s.claim(ctx, row, hold)
	if err != nil || token.IsZero() {
		return nil, token, &fate{row: row, queued: err == nil, err: err}
	}
	return conn, token, nil
}

// repeatable tells whether a failed attempt may be followed by another. One
// that perhaps succeeded may only where the message has an id that we made: the
// repeat is the same message then.
func repeatable(failed *providers.SendError, row Message) bool {
	return failed.Retryable && (failed.Sent == providers.No || row.ProviderID != "")
}

// queueAgain lets a message rest again that no request waits for. One that could not be
// tried again before it is given up is refused with what the provider said.
func (s *Service) queueAgain(ctx context.Context, row Message, failed *providers.SendError, token bson.ObjectID) fate {
	now := s.now()
	next := now.Add(laterPause(failed, now.Sub(row.GiveUpAt.Add(-queuedMost))))
	if next.After(row.GiveUpAt) {
		return s.refuse(ctx, row, failed, token)
	}
	if err := s.record(ctx, row, outcomeChange{token: token, retryAt: next, perhaps: bool(failed.Sent)}); err != nil {
		return fate{row: row, err: err}
	}
	return fate{row: row, queued: true, later: true}
}

// inOrder waits until no message of the session is before this one. Whoever
// comes too early gives the turn back while it waits: the one before needs it.
func (s *Service) inOrder(ctx context.Context, row Message, poll time.Duration) (leave func(), err error) {
	for {
		leave, err := s.senders.lines.enter(ctx, row.Session)
		if err != nil {
			return nil, err
		}
		before, err := s.before(ctx, row)
		if err == nil && !before {
			return leave, nil
		}
		leave()
		if err != nil {
			return nil, err
		}
		if err := jobs.Pause(ctx, poll); err != nil {
			return nil, err
		}
	}
}

// paced waits until the pacer lets a send to this address go; false when the
// time is up first.
func paced(ctx context.Context, conn providers.Conn, to providers.Address, now func() time.Time) bool {
	pacer, ok := conn.(providers.Pacer)
	if !ok {
		return ctx.Err() == nil
	}
	for {
		pause := pacer.Reserve(to)
		if pause <= 0 {
			return ctx.Err() == nil
		}
		if deadline, ok := ctx.Deadline(); ok && now().Add(pause).After(deadline) {
			return false
		}
		if jobs.Pause(ctx, pause) != nil {
			return false
		}
	}
}

// before tells whether a message of the same session with a lower number still
// waits for its sender.
func (s *Service) before(ctx context.Context, row Message) (bool, error) {
	err := s.store.messages.FindOne(ctx,
		bson.D{{Key: "unsettled", Value: true}, {Key: "sessionId", Value: row.Session}, {Key: "sequence", Value: bson.D{{Key: "$lt", Value: row.Sequence}}}},
		options.FindOne().SetProjection(bson.D{{Key: "_id", Value: 1}})).Err()
	if errors.Is(err, mongo.ErrNoDocuments) {
		return false, nil
	}
	return err == nil, err
}

// claim starts the attempt: whoever's claim is stored by a majority may talk to
// the provider, nobody else as long as it counts, nor need the loop look at it; one
// under a fence counts only until somebody else holds the connection. No token:
// somebody else has it.
func (s *Service) claim(ctx context.Context, row Message, hold channels.Hold) (bson.ObjectID, error) {
	token, end := bson.NewObjectID(), s.now().Add(attemptOf(row)+claimMargin)
	set := bson.D{{Key: "claim", Value: Claim{Token: token, Until: end, Fence: hold.Fence}}}
	if hold.Fence == 0 {
		set = append(set, bson.E{Key: "notBefore", Value: end})
	}
	res, err := s.store.messages.UpdateOne(ctx,
		bson.D{{Key: "_id", Value: row.ID}, {Key: "channelId", Value: row.Channel}, {Key: "unsettled", Value: true}, {Key: "claim", Value: nil}},
		bson.D{
			{Key: "$set", Value: set},
			{Key: "$inc", Value: bson.D{{Key: "rev", Value: 1}}},
		})
	if err != nil {
		return bson.ObjectID{}, fmt.Errorf("claim message %s: %w", row.ID, err)
	}
	if res.MatchedCount == 0 {
		return bson.ObjectID{}, nil
	}
	return token, nil
}

// attemptOf bounds one talk with a provider about a message.
func attemptOf(row Message) time.Duration { return attemptMost + fileTime(row) }

// fileTime is how much longer a message may take for its file.
func fileTime(row Message) time.Duration {
	if row.Media == nil {
		return 0
	}
	return time.Duration(row.Media.Size/slowest) * time.Second
}

// attempt talks to the provider once. A nil error means that the outcome is
// recorded.
func (s *Service) attempt(ctx context.Context, conn providers.Conn, row Message) (*providers.SendError, fate) {
	talk, cancel := context.WithTimeout(ctx, attemptOf(row))
	defer cancel()
	defer s.underway.begin(sending{row.Channel, row.ProviderID})() // until it is recorded
	talk, span := s.tracer.Start(talk, "provider.send", trace.WithSpanKind(trace.SpanKindClient))
	defer span.End()
	start := time.Now()
	receipt, err := jobs.Guarded(func() (providers.Receipt, error) { return conn.Send(talk, s.outbound(row)) })
	if err == nil && receipt.ID == "" {
		err = &providers.SendError{Reason: providers.ReasonProviderInternal, Sent: providers.Maybe, Detail: "The provider took the message without giving it an id."}
	}
	s.sendMetrics.attempt(row, err, time.Since(start))
	describe(span, row, err)
	if err != nil {
		failed := providers.AsSendError(err)
		slog.InfoContext(ctx, "a send failed", "message_id", row.ID.String(), "channel_id", row.Channel.String(), "perhaps_sent", bool(failed.Sent), "error", err)
		if failed.TellOperator {
			s.tellOperator(ctx, row.Channel, conn.State())
		}
		return failed, fate{}
	}
	if receipt.Held != "" {
		slog.WarnContext(ctx, "the provider took a message and holds it back", "message_id", row.ID.String(), "channel_id", row.Channel.String(), "held", receipt.Held)
	}
	outcome := outcomeChange{receipt: &receipt}
	outcome.ch.Hook, outcome.told = s.toldOf(ctx, row, receipt)
	stored, err := s.recordFor(ctx, row, &outcome)
	if err != nil {
		return nil, fate{row: row, err: err}
	}
	return nil, fate{row: stored}
}

// tellOperator shows in the channel's state what only its operator can mend.
func (s *Service) tellOperator(ctx context.Context, channel ids.Channel, state providers.State) {
	if err := s.channels.Report(context.WithoutCancel(ctx), channel, state); err != nil {
		slog.WarnContext(ctx, "a channel's state could not be stored", "channel_id", channel.String(), "error", err)
	}
}

// refuse records that a message failed, or that nobody knows.
func (s *Service) refuse(ctx context.Context, row Message, failed *providers.SendError, token bson.ObjectID) fate {
	outcome := outcomeChange{token: token, failure: messageError(failed), unknown: failed.Sent == providers.Maybe}
	stored, err := s.recordFor(ctx, row, &outcome)
	if err == nil && stored.Status == providers.MessageQueued { // another one's by now
		return fate{row: stored, queued: true}
	}
	if stored.Status == providers.MessageUnknown && failed.Sent == providers.No { // an earlier attempt perhaps succeeded
		copied := *failed
		copied.Sent, copied.Reason = providers.Maybe, providers.ReasonTimeout
		failed = &copied
	}
	return fate{row: stored, failed: failed, err: err}
}

func (s *Service) record(ctx context.Context, row Message, outcome outcomeChange) error {
	_, err := s.recordFor(ctx, row, &outcome)
	return err
}

// recordFor commits an outcome, also when the process is stopping.
func (s *Service) recordFor(ctx context.Context, row Message, outcome *outcomeChange) (Message, error) {
	outcome.message, outcome.to, outcome.ch = row.ID, row.To, channelFacts{ID: row.Channel, Account: row.Account, Hook: outcome.ch.Hook}
	outcome.content = row.Content
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), batchPatience+10*time.Second)
	defer cancel()
	if err := s.group.submit(ctx, outcome); err != nil {
		return row, fmt.Errorf("record the outcome of message %s: %w", row.ID, err)
	}
	return outcome.stored, nil
}

// leaveQueued lets any server try the message from now on.
func (s *Service) leaveQueued(ctx context.Context, row Message) error {
	_, err := s.store.messages.UpdateOne(context.WithoutCancel(ctx),
		bson.D{{Key: "_id", Value: row.ID}, {Key: "channelId", Value: row.Channel}, {Key: "unsettled", Value: true}, {Key: "claim", Value: nil}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "notBefore", Value: s.now()}}}, {Key: "$inc", Value: bson.D{{Key: "rev", Value: 1}}}})
	return err
}

// outbound is what the adapter gets.
func (s *Service) outbound(row Message) providers.Outbound {
	out := providers.Outbound{ID: row.ID, ProviderID: row.ProviderID, To: row.To, Content: row.Content, Quote: row.Quote}
	if row.ShowAgent {
		out.Content = render(row.Content, row.AgentName)
	}
	if row.Media != nil {
		file := row.Media.ID
		out.Media = &providers.OutboundMedia{
			ID: file, Mimetype: row.Media.Mimetype, FileName: row.Media.FileName, Size: row.Media.Size, SHA256: row.Media.SHA256,
			Open: func(ctx context.Context) (io.ReadCloser, error) { return s.files.Open(ctx, file) },
		}
	}
	return out
}

// retryPause is how long to wait before the next try: what the provider said,
// else twice as long each time.
func retryPause(failed *providers.SendError, try int) time.Duration {
	if failed.RetryAfter > 0 {
		return failed.RetryAfter
	}
	return min(retryLeast<<min(try, 10), retryMost)
}

// laterPause is how long a message rests that nobody waits for: what the provider
// said, else half as long as it has waited already.
func laterPause(failed *providers.SendError, waited time.Duration) time.Duration {
	if failed.RetryAfter > 0 {
		return failed.RetryAfter
	}
	return min(max(waited/2, retryLeast), retryMost)
}

// cannotSend tells the errors of a channel that say it does not send. Any other
// is ours, and says nothing of the channel.
func cannotSend(err error) bool {
	return fault.Is(err, fault.WhatsAppConnectionClosed) || fault.Is(err, fault.NotFound)
}

// closedError is a channel that cannot send as a send's failure.
func closedError(err error) *providers.SendError {
	return &providers.SendError{Reason: providers.ReasonConnectionClosed, Detail: "The channel is not connected.", Err: err}
}

var _ providers.Sink = (*Service)(nil)
