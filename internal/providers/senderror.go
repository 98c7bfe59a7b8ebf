package providers

import (
	"errors"
	"fmt"
	"time"

	"github.com/cirrus/omnichannel/internal/fault"
)

// Reason is why a provider, or an adapter in its stead, refused. The list is
// closed; package messages translates it to the codes of the wire.
type Reason int

// The reasons there are. ReasonUnknown is the careful default.
const (
	ReasonUnknown               Reason = iota
	ReasonInvalidToken                 // the channel's credential is refused
	ReasonInvalidMessage               // the provider will never take this message
	ReasonRateLimited                  // too fast, for the number or the recipient
	ReasonProviderInternal             // the provider's own failure
	ReasonAccountBlocked               // the number or its account may not send
	ReasonRecipientUnavailable         // this recipient, for now or for good, is out of reach by rule
	ReasonNotOnWhatsApp                // there is nobody under this number
	ReasonInvalidNumber                // not a number
	ReasonReplyWindowClosed            // only a template can be sent
	ReasonMediaUnavailable             // the file cannot be had
	ReasonMediaTooLarge                // the file is over the provider's limit
	ReasonMediaTypeUnsupported         // the provider does not take such files
	ReasonCapabilityUnsupported        // the provider cannot do this at all
	ReasonConnectionClosed             // the channel is not connected
	ReasonTimeout                      // no answer in time
	ReasonUnavailable                  // no connection to the provider
)

// Sent answers: did the provider perhaps do it?
type Sent bool

// No: certainly not done. Maybe: it may have been done, never repeat it.
const (
	No    Sent = false
	Maybe Sent = true
)

// SendError is a failed call to a provider, with the answers that decide what
// happens next.
type SendError struct {
	Reason       Reason
	Sent         Sent          // Maybe is never retried, but under an id of ours (IDMaker), and else becomes status `unknown`
	Retryable    bool          // another try may succeed
	RetryAfter   time.Duration // when; 0: not said
	TellOperator bool          // the channel's state should say so
	ProviderCode string
	Title        string // the provider's words, if any
	Detail       string // what happened and what to do, for the caller
	Field        string // the request's field at fault, by its JSON name, where one is
	Err          error  // for the log
}

// Error gives the detail, the provider's code and the cause.
func (e *SendError) Error() string {
	text := e.Detail
	if e.ProviderCode != "" {
		text += " (provider code " + e.ProviderCode + ")"
	}
	if e.Err != nil {
		text = fmt.Sprintf("%s: %v", text, e.Err)
	}
	return text
}

// Unwrap gives the cause.
func (e *SendError) Unwrap() error { return e.Err }

// Fault is the error as a caller of ours is told of it: with the reason's code,
// the provider's own, the field at fault, and when to try again.
func (e *SendError) Fault() *fault.Error {
	f := fault.Wrap(e, e.Reason.Code(), "%s", e.Detail)
	f.ProviderCode, f.RetryAfter = e.ProviderCode, e.RetryAfter
	if e.Field != "" {
		f.Fields = []fault.Field{{Field: e.Field, Code: string(f.Code), Message: e.Detail}}
	}
	return f
}

// AsSendError finds the SendError in an error. Any other error is one with
// the careful default: perhaps done, not to be repeated.
func AsSendError(err error) *SendError {
	var send *SendError
	if errors.As(err, &send) {
		return send
	}
	return &SendError{Sent: Maybe, Detail: "The provider's answer could not be understood.", Err: err}
}
