package whatsappweb

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"go.mau.fi/whatsmeow"
	"go.mau.fi/whatsmeow/socket"
	"go.mau.fi/whatsmeow/store"

	"github.com/cirrus/omnichannel/internal/providers"
)

// verdict is what a refusal of WhatsApp's means.
type verdict struct {
	reason    providers.Reason
	retryable bool
	after     time.Duration
	operator  bool
	detail    string
}

// acknowledgements has the error codes with which WhatsApp acknowledges a
// message that it does not deliver, and those of the questions asked on the way.
// What they mean was learned by those who met them: WhatsApp documents none.
var acknowledgements = map[int]verdict{
	400: {reason: providers.ReasonInvalidMessage, detail: "WhatsApp finds the message malformed."},
	401: {reason: providers.ReasonRecipientUnavailable, detail: "WhatsApp does not let this number write to this recipient."},
	403: {reason: providers.ReasonRecipientUnavailable, detail: "This number may not write here: it is not in the group, or only admins may write."},
	404: {reason: providers.ReasonRecipientUnavailable, detail: "WhatsApp does not find the recipient; a group may have been deleted."},
	405: {reason: providers.ReasonCapabilityUnsupported, detail: "WhatsApp does not allow this kind of message here."},
	406: {reason: providers.ReasonInvalidMessage, detail: "WhatsApp does not accept the message."},
	410: {reason: providers.ReasonRecipientUnavailable, detail: "The recipient is gone from WhatsApp."},
	420: {reason: providers.ReasonRecipientUnavailable, detail: "The group's settings do not let this number write."},
	421: {reason: providers.ReasonProviderInternal, retryable: true, detail: "WhatsApp wants the message sealed anew: the group has changed."},
	429: {reason: providers.ReasonRateLimited, retryable: true, after: 30 * time.Second, operator: true, detail: "WhatsApp finds that this number asks or sends too much in a short time. Send fewer messages for a while, above all to people who did not write first."},
	463: {reason: providers.ReasonAccountBlocked, operator: true},
	475: {reason: providers.ReasonProviderInternal, retryable: true, detail: "WhatsApp knows other addresses for this recipient now."},
	479: {reason: providers.ReasonInvalidMessage, detail: "WhatsApp refuses messages of this form."},
}

// verdictOf reads a code; 5xx are WhatsApp's own failures.
func verdictOf(code int) verdict {
	if v, known := acknowledgements[code]; known {
		return v
	}
	if code >= 500 {
		return verdict{reason: providers.ReasonProviderInternal, retryable: true, after: 5 * time.Second, detail: "WhatsApp failed to take the message."}
	}
	return verdict{reason: providers.ReasonUnknown, detail: "WhatsApp refused the message without a known reason."}
}

// sendError translates a failed call to WhatsApp; handed tells whether the
// message had been handed to the connection by then.
func (c *Conn) sendError(err error, handed bool) error {
	if e := c.refusal(err); e != nil {
		return e
	}
	if !handed {
		return c.unsent(err)
	}
	e := &providers.SendError{
		Reason: providers.ReasonTimeout, Sent: providers.Maybe, Retryable: true, Err: err,
		Detail: "WhatsApp did not acknowledge the message in time; it may have been delivered. A repeat under the same id is the same message.",
	}
	if errors.Is(err, whatsmeow.ErrMessageTimedOut) {
		// A connection that acknowledges nothing is of no use.
		c.tell(signal{run: func() { c.step(signal{trigger: silence, detail: detailSilent}) }})
	}
	return e
}

// refusal reads an error that is WhatsApp's explicit answer; nil for others.
func (c *Conn) refusal(err error) error {
	var code int
	var query *whatsmeow.IQError
	switch {
	case errors.Is(err, whatsmeow.ErrServerReturnedError):
		text := err.Error()
		code, _ = strconv.Atoi(text[strings.LastIndexByte(text, ' ')+1:])
	case errors.Is(err, whatsmeow.ErrNotInGroup):
		code = 403
	case errors.Is(err, whatsmeow.ErrGroupNotFound):
		code = 404
	case errors.As(err, &query) && query.Code != 0:
		code = query.Code
	default:
		return nil
	}
	v := verdictOf(code)
	e := &providers.SendError{
		Reason: v.reason, Retryable: v.retryable, RetryAfter: v.after, TellOperator: v.operator,
		ProviderCode: strconv.Itoa(code), Detail: v.detail, Err: err,
	}
	if code == 463 {
		c.mu.Lock()
		until := c.heldTo
		c.mu.Unlock()
		e.Detail = heldBack(until)
	}
	if e.TellOperator {
		c.setAdvice(e.Detail)
	}
	return e
}

// unsent is for messages that were certainly not sent.
func (c *Conn) unsent(err error) error {
	var network net.Error
	switch {
	case errors.Is(err, whatsmeow.ErrNotConnected), errors.Is(err, whatsmeow.ErrNotLoggedIn), errors.Is(err, socket.ErrSocketClosed),
		errors.Is(err, whatsmeow.ErrIQDisconnected), errors.Is(err, store.ErrDeviceDeleted), c.ctx.Err() != nil:
		return c.notConnected(err)
	case errors.Is(err, whatsmeow.ErrUnknownServer), errors.Is(err, whatsmeow.ErrRecipientADJID):
		return &providers.SendError{Reason: providers.ReasonInvalidNumber, Err: err, Detail: "WhatsApp has no such recipient."}
	case errors.Is(err, whatsmeow.ErrIQTimedOut), errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled), errors.As(err, &network):
		return &providers.SendError{Reason: providers.ReasonUnavailable, Retryable: true, Err: err, Detail: "WhatsApp did not answer in time; the message was not sent."}
	}
	return &providers.SendError{Reason: providers.ReasonUnavailable, Retryable: true, Err: err, Detail: "The message could not be prepared; it was not sent."}
}

// notConnected says that nothing was sent, and what the connection's state says.
func (c *Conn) notConnected(err error) error {
	c.mu.Lock()
	state, elsewhere := c.shown(), c.elsewhere
	c.mu.Unlock()
	e := &providers.SendError{
		Reason: providers.ReasonConnectionClosed, Err: err,
		Detail: fmt.Sprintf("Channel %s is not connected to WhatsApp (%s). %s", c.channel.ID, state.Status, state.Detail),
	}
	// On its way back, here or at another owner.
	if state.Status == connecting || state.Status == open || elsewhere {
		e.Reason, e.Retryable = providers.ReasonUnavailable, true
	}
	return e
}

func notOnWhatsApp(to providers.Address) error {
	return &providers.SendError{
		Reason: providers.ReasonNotOnWhatsApp, Field: "recipientNumber",
		Detail: fmt.Sprintf("The number %s is not on WhatsApp.", to.Value),
	}
}

func noAddress(to providers.Address) error {
	return &providers.SendError{
		Reason: providers.ReasonInvalidNumber,
		Detail: fmt.Sprintf("WhatsApp Web cannot write to an address of kind %q.", to.Kind),
	}
}

// asRefusal keeps a SendError, and takes any other error of composing for a
// message that cannot be sent at all.
func asRefusal(err error) error {
	var e *providers.SendError
	if errors.As(err, &e) {
		return e
	}
	return &providers.SendError{Reason: providers.ReasonInvalidMessage, Err: err, Detail: "The message cannot be written in WhatsApp's form."}
}
