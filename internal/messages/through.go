package messages

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/jobs"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/web"
)

// CommandSendThrough asks the server that holds a channel in mode gateway to send
// a message that nobody keeps.
const CommandSendThrough = "sendThrough"

// ThroughCommand is the message of a CommandSendThrough.
type ThroughCommand struct {
	Channel    ids.Channel         `bson:"channelId"`
	ID         ids.Message         `bson:"id"`
	ProviderID ids.ProviderMessage `bson:"providerId"`
	To         providers.Address   `bson:"to"`
	Content    providers.Content   `bson:"content"` // as the contact shall see it
	Quote      *providers.Quote    `bson:"quote,omitempty"`
	Media      *Media              `bson:"media,omitempty"`
}

// ThroughResult is the provider's word for it.
type ThroughResult struct {
	ID ids.ProviderMessage `bson:"id"`
}

// NumberAnswer is the answer to a send under a number: SendAnswer, but that there
// is no session where the channel keeps none.
type NumberAnswer struct {
	SessionID *ids.Session            `json:"sessionId"`
	MessageID *ids.ProviderMessage    `json:"messageId"` // the provider's; null while queued
	ID        ids.Message             `json:"_id"`
	Status    providers.MessageStatus `json:"status"`
}

// HTTPStatus is 202 for a message that somebody will still send.
func (a NumberAnswer) HTTPStatus() int { return SendAnswer{Status: a.Status}.HTTPStatus() }

// SendOver sends to a number or a group over a channel of the caller's. In mode
// sessions it is SendTo; in mode gateway the message goes straight to the device,
// and nothing of it is kept: what becomes of it the number's webhook hears.
func (s *Service) SendOver(ctx context.Context, channel ids.Channel, req ToNumber) (NumberAnswer, error) {
	ch, err := s.channels.Get(ctx, channel)
	if err != nil {
		return NumberAnswer{}, err
	}
	if ch.Settings.Mode == channels.Gateway {
		return s.sendThrough(ctx, channel, req)
	}
	answer, err := s.SendTo(ctx, channel, req)
	return NumberAnswer{SessionID: &answer.SessionID, MessageID: answer.MessageID, ID: answer.ID, Status: answer.Status}, err
}

// sendThrough makes the checks of every send, in their order, and asks the holder
// of the device to send. Under one Idempotency-Key the message has one id at
// WhatsApp, too: a repeat is the same message.
func (s *Service) sendThrough(ctx context.Context, channel ids.Channel, req ToNumber) (NumberAnswer, error) {
	content, err := req.content()
	if err != nil {
		return NumberAnswer{}, err
	}
	address, err := recipient(&req)
	if err != nil {
		return NumberAnswer{}, err
	}
	t, err := s.choose(ctx, channel, providers.WhatsAppWeb)
	if err != nil {
		return NumberAnswer{}, err
	}
	t.to, t.through = []providers.Address{address}, true
	if err := t.able(content); err != nil {
		return NumberAnswer{}, err
	}
	conn, err := s.channels.Conn(ctx, channel)
	if err != nil {
		return NumberAnswer{}, err
	}
	row := t.row(ctx, req.Draft, content)
	row.ProviderID = s.channels.MessageIDOf(t.ch.Provider, row.ID)
	defer func() { s.letGo(ctx, row) }()
	if err := s.attach(ctx, t, req.Draft, row); err != nil {
		return NumberAnswer{}, err
	}
	if err := s.resolveReferences(ctx, t, req.Draft, row); err != nil {
		return NumberAnswer{}, err
	}
	out := s.outbound(*row)
	if err := t.check(ctx, conn, out); err != nil {
		return NumberAnswer{}, err
	}
	return s.askThrough(ctx, t, row, ThroughCommand{Channel: channel, ID: row.ID, ProviderID: row.ProviderID, To: address, Content: out.Content, Quote: row.Quote, Media: row.Media})
}

// askThrough waits for the holder's word.
func (s *Service) askThrough(ctx context.Context, t target, row *Message, command ThroughCommand) (NumberAnswer, error) {
	late := fault.New(fault.ProviderTimeout, "WhatsApp gave no answer for channel %s in time.", t.ch.ID)
	limit := s.sendTimeout + fileTime(*row)
	asking, cancel := context.WithTimeoutCause(ctx, limit, late)
	defer cancel()
	web.Final(ctx)
	var sent ThroughResult
	err := s.channels.AskFor(asking, limit, t.ch.ID, CommandSendThrough, command, &sent)
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		err = late
	}
	if err != nil {
		return NumberAnswer{}, throughFault(err, t, row)
	}
	return NumberAnswer{MessageID: &sent.ID, ID: row.ID, Status: providers.MessageSent}, nil
}

// throughFault is why a message that nobody keeps was not sent. Where it perhaps
// was, it names the message: so the number's webhook hears of it.
func throughFault(err error, t target, row *Message) error {
	var failed *providers.SendError
	perhaps := fault.Is(err, fault.ProviderTimeout)
	if errors.As(err, &failed) {
		perhaps, err = failed.Sent == providers.Maybe, sendFault(failed, t.ch.Provider, ids.Message{})
	}
	var f *fault.Error
	if !perhaps || !errors.As(err, &f) {
		return err
	}
	f.Detail = fmt.Sprintf("%s It was perhaps sent: if so, the number's webhook hears of message %s; do not send it again.", f.Detail, row.ProviderID)
	return f.With("_id", row.ID).With("messageId", row.ProviderID).With("messageStatus", string(providers.MessageUnknown))
}

// SendThrough sends a message that nobody keeps, where the device is held, and
// tells the number's webhook of it.
func (s *Service) SendThrough(ctx context.Context, conn providers.Conn, c ThroughCommand) (ThroughResult, error) {
	row := Message{ID: c.ID, Channel: c.Channel, ProviderID: c.ProviderID, To: c.To, Content: c.Content, Quote: c.Quote, Media: c.Media}
	if !paced(ctx, conn, c.To, s.now) {
		detail := "This number sends as fast as it may. Try again."
		if state := conn.State(); state.Status != providers.StatusOpen {
			detail = "This number's connection is being made. Try again. " + state.Detail
		}
		return ThroughResult{}, &providers.SendError{Reason: providers.ReasonUnavailable, Detail: detail}
	}
	talk, cancel := context.WithTimeout(ctx, attemptOf(row))
	defer cancel()
	defer s.underway.begin(sending{c.Channel, c.ProviderID})()
	start := time.Now()
	receipt, err := jobs.Guarded(func() (providers.Receipt, error) { return conn.Send(talk, s.outbound(row)) })
	s.sendMetrics.attempt(row, err, time.Since(start))
	if err != nil {
		failed := providers.AsSendError(err)
		slog.InfoContext(ctx, "a send failed", "message_id", c.ID.String(), "channel_id", c.Channel.String(), "perhaps_sent", bool(failed.Sent), "error", err)
		if failed.TellOperator {
			s.tellOperator(ctx, c.Channel, conn.State())
		}
		return ThroughResult{}, failed
	}
	s.tellThrough(context.WithoutCancel(ctx), row, receipt)
	return ThroughResult{ID: receipt.ID}, nil
}

// tellThrough tells the number's webhook of a message that was sent. When that
// cannot be stored, the message was sent all the same.
func (s *Service) tellThrough(ctx context.Context, row Message, receipt providers.Receipt) {
	told, n := s.toldOf(ctx, row, receipt)
	if n == nil {
		return
	}
	if row.Media != nil { // its file goes with the request
		n = told.sentFile(row, receipt)
	}
	ch, err := s.channels.Get(ctx, row.Channel)
	if err == nil {
		n.id, n.fleeting = receipt.ID, true
		if called := receipt.Address; !called.IsZero() { // what becomes of it is told by this name
			n.chat, n.who = called, append(slices.Clone(n.who), called)
		}
		err = s.group.submit(ctx, &noticeChange{ch: channelFacts{ID: ch.ID, Account: ch.Account, Provider: ch.Provider, Hook: told}, told: *n})
	}
	if err != nil {
		slog.WarnContext(ctx, "the webhook of a number was not told of a message that was sent", "message_id", row.ID.String(), "error", err)
	}
}

// sentFile is the notice of a message that was sent with a file that is not kept.
func (h hook) sentFile(row Message, receipt providers.Receipt) *notice {
	m := row.Media
	n := h.heard(sentAs(row, receipt), &file{mimetype: m.Mimetype, name: m.FileName, size: m.Size, sha256: m.SHA256})
	return &n
}

// noticeChange tells a number's webhook of something, and stores nothing else.
type noticeChange struct {
	ch   channelFacts
	told notice
}

// route is that of a gatewayChange, which tells what becomes of the message.
func (c *noticeChange) route() string { return string(c.ch.ID[:]) }

func (c *noticeChange) wants(*wants) {}

func (c *noticeChange) apply(_ context.Context, b *batch) error {
	b.pass(c.ch, c.told)
	return nil
}
