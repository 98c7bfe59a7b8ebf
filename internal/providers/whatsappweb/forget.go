package whatsappweb

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"go.mau.fi/whatsmeow/types"

	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/phone"
	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/devicestore"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/wire"
)

// Forget deletes what the device keeps of people and groups: keys, names,
// secrets, sent messages, and which hidden address a number has. Who writes
// again is a stranger: the device asks for the message once more, with new keys.
func (c *Conn) Forget(ctx context.Context, who []providers.Address) error {
	all := everyForm(who)
	if len(all) == 0 {
		return nil
	}
	c.numbers.forget(all)
	c.unread.forget(all)
	return c.holding.Forget(ctx, all)
}

// OtherNames gives the hidden address of somebody who is known by the number
// only, or the number of who is known by the hidden address only, as far as any
// device was told. Who has both has no other: a pair that says otherwise is about
// somebody else, who has the number now.
func OtherNames(ctx context.Context, devices *devicestore.Store, who []providers.Address) ([]providers.Address, error) {
	known := map[providers.AddressKind]bool{}
	for _, a := range who {
		known[a.Kind] = true
	}
	jids, err := devices.OtherNames(ctx, everyForm(who))
	if err != nil {
		return nil, err
	}
	var others []providers.Address
	for _, jid := range jids {
		if a := wire.AddressOf(jid); !known[a.Kind] {
			others = append(others, a)
		}
	}
	return others, nil
}

// dropping deletes the secrets of what an inbound brought: the client keeps them
// before anybody was asked whether the message may be kept.
func (c *Conn) dropping(in providers.InboundPayload) func(context.Context) error {
	var id ids.ProviderMessage
	var who []providers.Address
	switch in := in.(type) {
	case providers.MessageReceived:
		id, who = in.ID, in.From.Addresses
		if in.Group != nil {
			who = append(slices.Clone(who), in.Group.Address)
		}
	case providers.MessageEdited:
		id, who = in.ID, slices.Concat(in.By.Addresses, in.Chat)
	}
	if id == "" || len(who) == 0 {
		return nil
	}
	return func(ctx context.Context) error { return c.holding.ForgetMessage(ctx, string(id), everyForm(who)) }
}

// Forget is that of Conn, on a device that nobody has open.
func (a *Adapter) Forget(ctx context.Context, ch providers.Channel, who []providers.Address) error {
	all := everyForm(who)
	if len(all) == 0 {
		return nil
	}
	fence, err := fenceOf(ch)
	if err != nil {
		return fmt.Errorf("forget people on channel %s: %w", ch.ID, err)
	}
	holding, err := a.options.Devices.Open(ctx, ch.ID, fence)
	if err != nil {
		return fmt.Errorf("forget people on channel %s: %w", ch.ID, err)
	}
	return errors.Join(holding.Forget(ctx, all), holding.Close(ctx))
}

// Discard deletes the channel's device with all it keeps. The phone goes on
// listing it until it is removed there: unlink it before, where that can be.
func (a *Adapter) Discard(ctx context.Context, ch providers.Channel) error {
	fence, err := fenceOf(ch)
	if err != nil {
		return fmt.Errorf("discard the device of channel %s: %w", ch.ID, err)
	}
	return a.options.Devices.Discard(ctx, ch.ID, fence)
}

// fenceOf is a channel's lease as the store takes it.
func fenceOf(ch providers.Channel) (devicestore.Fence, error) {
	if ch.Lease == nil || ch.Lease.TrustedUntil == nil {
		return devicestore.Fence{}, ErrNoLease
	}
	return devicestore.Fence{Number: ch.Lease.Fence, TrustedUntil: ch.Lease.TrustedUntil}, nil
}

// everyForm gives the JIDs that addresses may stand for, a number in each way of
// writing it; those that WhatsApp has none for are left out.
func everyForm(who []providers.Address) []types.JID {
	var all []types.JID
	for _, a := range who {
		values := []string{a.Value}
		if a.Kind == providers.KindPhone {
			values = append(values, phone.Forms(a.Value)...)
		}
		for _, value := range values {
			if jid := wire.JIDOf(providers.Address{Kind: a.Kind, Value: value}); !jid.IsEmpty() {
				all = append(all, jid)
			}
		}
	}
	return all
}
