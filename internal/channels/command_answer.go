package channels

import (
	"context"
	"errors"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/providers"
)

// answer is what came of a command.
type answer struct {
	Result bson.Raw  `bson:"result,omitempty"`
	Send   *sendFail `bson:"send,omitempty"`
	Fault  *failed   `bson:"fault,omitempty"`
}

// sendFail is a providers.SendError on its way between servers.
type sendFail struct {
	Reason       providers.Reason `bson:"reason"`
	Maybe        bool             `bson:"maybe,omitempty"`
	Retryable    bool             `bson:"retryable,omitempty"`
	RetryAfter   time.Duration    `bson:"retryAfter,omitempty"`
	TellOperator bool             `bson:"tellOperator,omitempty"`
	Code         string           `bson:"code,omitempty"`
	Title        string           `bson:"title,omitempty"`
	Detail       string           `bson:"detail,omitempty"`
	Field        string           `bson:"field,omitempty"`
	Cause        string           `bson:"cause,omitempty"`
}

// failed is a fault on its way between servers.
type failed struct {
	Code       fault.Code     `bson:"code"`
	Detail     string         `bson:"detail"`
	Fields     []fault.Field  `bson:"fields,omitempty"`
	Provider   string         `bson:"provider,omitempty"`
	RetryAfter time.Duration  `bson:"retryAfter,omitempty"`
	Extra      map[string]any `bson:"extra,omitempty"`
	Cause      string         `bson:"cause,omitempty"`
}

// answerFrom is what a command came to.
func answerFrom(result bson.Raw, err error) answer {
	var send *providers.SendError
	var f *fault.Error
	switch {
	case err == nil:
		return answer{Result: result}
	case errors.As(err, &send):
		return answer{Send: &sendFail{
			Reason: send.Reason, Maybe: bool(send.Sent), Retryable: send.Retryable, RetryAfter: send.RetryAfter, TellOperator: send.TellOperator,
			Code: send.ProviderCode, Title: send.Title, Detail: send.Detail, Field: send.Field, Cause: text(send.Err),
		}}
	case errors.As(err, &f):
		return answer{Fault: &failed{
			Code: f.Code, Detail: f.Detail, Fields: f.Fields, Provider: f.ProviderCode, RetryAfter: f.RetryAfter, Extra: f.Extra, Cause: text(f.Err),
		}}
	case errors.Is(err, context.DeadlineExceeded):
		return answer{Fault: &failed{Code: fault.ProviderTimeout, Detail: "WhatsApp gave no answer in time. It was perhaps done; look before asking again.", Cause: text(err)}}
	default:
		return answer{Fault: &failed{Code: fault.Internal, Cause: text(err)}}
	}
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// err is the error that the holder met.
func (a *answer) err() error {
	cause := func(text string) error {
		if text == "" {
			return nil
		}
		return errors.New(text)
	}
	switch {
	case a.Send != nil:
		return &providers.SendError{
			Reason: a.Send.Reason, Sent: providers.Sent(a.Send.Maybe), Retryable: a.Send.Retryable, RetryAfter: a.Send.RetryAfter,
			TellOperator: a.Send.TellOperator, ProviderCode: a.Send.Code, Title: a.Send.Title, Detail: a.Send.Detail, Field: a.Send.Field, Err: cause(a.Send.Cause),
		}
	case a.Fault != nil:
		return &fault.Error{
			Code: a.Fault.Code, Detail: a.Fault.Detail, Fields: a.Fault.Fields, ProviderCode: a.Fault.Provider, RetryAfter: a.Fault.RetryAfter,
			Extra: a.Fault.Extra, Err: cause(a.Fault.Cause),
		}
	default:
		return nil
	}
}
