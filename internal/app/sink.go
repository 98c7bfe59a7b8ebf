package app

import (
	"context"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/messages"
	"github.com/cirrus/omnichannel/internal/photos"
	"github.com/cirrus/omnichannel/internal/providers"
)

// sink gives what connections deliver to the room that it is for: what they say
// of themselves to the channels, everything else to the messages.
type sink struct {
	channels *channels.Service
	messages *messages.Service
	photos   *photos.Service
}

// Accept implements providers.Sink.
func (s sink) Accept(ctx context.Context, in ...providers.Inbound) error {
	rest := make([]providers.Inbound, 0, len(in))
	for _, one := range in {
		switch payload := one.Payload.(type) {
		case providers.ConnectionChanged, providers.PairingOffered, providers.PasskeyAsked:
			if err := s.channels.Accept(ctx, one); err != nil {
				return err
			}
		case providers.PhotoChanged:
			if err := s.photos.Accept(ctx, one.Channel, payload); err != nil {
				return err
			}
		default:
			rest = append(rest, one)
		}
	}
	return s.messages.Accept(ctx, rest...)
}
