package gateway

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb"
)

// slowDown is how long to wait where WhatsApp finds that a number asks too much.
const slowDown = 30 * time.Second

// none is the body of a command that needs none, or the result of one that has
// none.
type none struct{}

// answer registers what a linked device does for this room where it is held.
func answer[Body, Result any](s *channels.Service, kind string, do func(ctx context.Context, conn *whatsappweb.Conn, body Body) (Result, error)) {
	channels.Answer(s, kind, func(ctx context.Context, conn providers.Conn, body Body) (Result, error) {
		device, ok := conn.(*whatsappweb.Conn)
		if !ok {
			var nothing Result
			return nothing, &providers.SendError{Reason: providers.ReasonCapabilityUnsupported, Detail: "This channel has no linked device."}
		}
		result, err := do(ctx, device, body)
		return result, refused(err, device.State())
	})
}

// askDevice lets a number's linked device do something, wherever it is held. One
// that is not connected, and is not about to be, is refused at once.
func (s *Service) askDevice(ctx context.Context, kind string, body, result any) error {
	id := channelOf(ctx)
	if err := s.connected(ctx, id); err != nil {
		return err
	}
	return s.ask(ctx, id, kind, body, result)
}

func (s *Service) connected(ctx context.Context, id ids.Channel) error {
	_, err := s.open(ctx, id)
	return err
}

// open gives a channel that is connected, or is about to be.
func (s *Service) open(ctx context.Context, id ids.Channel) (channels.Channel, error) {
	ch, _, err := s.channels.Now(ctx, id)
	if err != nil {
		return ch, err
	}
	switch ch.State.Status {
	case providers.StatusOpen, providers.StatusConnecting:
		return ch, nil
	}
	return ch, fault.New(fault.WhatsAppConnectionClosed, "Channel %s is %s. %s", id, ch.State.Status, ch.State.Detail)
}

// refusals are what WhatsApp's codes mean to whoever asked; 5xx, and any other,
// is a failure of its own.
var refusals = map[int]struct {
	code   fault.Code
	detail string
}{
	400: {fault.ValidationFailed, "WhatsApp finds what was asked malformed."},
	401: {fault.Forbidden, "WhatsApp does not let this number do that: it is no admin of the group, or not in it."},
	403: {fault.Forbidden, "WhatsApp does not let this number do that: it is no admin of the group, or not in it."},
	404: {fault.NotFound, "WhatsApp does not find that group or person."},
	405: {fault.Forbidden, "WhatsApp does not allow that here."},
	406: {fault.ValidationFailed, "WhatsApp does not accept what was given."},
	409: {fault.Conflict, "Another device changed the same at this moment. Look at how it is now, then try again."},
	410: {fault.NotFound, "That is gone from WhatsApp: a link that was revoked, or a group that was deleted."},
	419: {fault.Conflict, "A limit of WhatsApp's is reached: of members of a group, or of groups."},
	423: {fault.Conflict, "WhatsApp has locked that."},
	429: {fault.RateLimited, "This number asks too much of WhatsApp. Wait."},
}

// onField names the field of a request in a refusal of WhatsApp's of what stands in
// it.
func onField(field string, err error) error {
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != fault.ValidationFailed || f.ProviderCode == "" || len(f.Fields) > 0 {
		return err
	}
	named := *f
	named.Fields = []fault.Field{{Field: field, Code: "refused", Message: f.Detail}}
	return &named
}

// refusal is a no of WhatsApp's, as the caller is told of it.
func refusal(no *whatsappweb.RefusedError) error {
	row, known := refusals[no.Code]
	if !known {
		row.code, row.detail = fault.ProviderUnavailable, fmt.Sprintf("WhatsApp did not do it (%d). Try again; GET …/status tells how the connection is.", no.Code)
	}
	f := fault.Wrap(no, row.code, "%s", row.detail)
	f.ProviderCode = strconv.Itoa(no.Code)
	if row.code == fault.RateLimited {
		f.RetryAfter = slowDown
	}
	return f
}
