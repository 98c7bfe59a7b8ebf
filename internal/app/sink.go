package app

import (
	"context"
	"errors"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/gateway/chats"
	"github.com/cirrus/omnichannel/internal/messages"
	"github.com/cirrus/omnichannel/internal/photos"
	"github.com/cirrus/omnichannel/internal/providers"
)

// sink gives what connections deliver to the room that it is for: what they say
// of themselves to the channels, what phones show to the chats, everything else to
// the messages.
type sink struct {
	channels *channels.Service
	messages *messages.Service
	photos   *photos.Service
	chats    *chats.Service
}

// Accept implements providers.Sink.
func (s sink) Accept(ctx context.Context, in ...providers.Inbound) error {
	rest := make([]providers.Inbound, 0, len(in))
	shown := make([]providers.Inbound, 0, len(in))
	for _, one := range in {
		switch payload := one.Payload.(type) {
		case providers.ConnectionChanged, providers.PairingOffered, providers.PasskeyAsked:
			if err := s.channels.Accept(ctx, one); err != nil {
				return err
			}
			if payload, ok := one.Payload.(providers.ConnectionChanged); ok && payload.State.Status == providers.StatusLoggedOut {
				if err := s.chats.Forget(ctx, one.Channel); err != nil {
					return err
				}
			}
		case providers.PhotoChanged:
			if err := s.photos.Accept(ctx, one.Channel, payload); err != nil {
				return err
			}
		case providers.ChatsSynced, providers.ChatChanged, providers.SentHere:
			shown = append(shown, one)
		default:
			rest, shown = append(rest, one), append(shown, one)
		}
	}
	kept := s.chats.Take(ctx, shown...) // beside the messages: neither waits for the other
	return errors.Join(s.messages.Accept(ctx, rest...), kept())
}
