package messages

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

// tellNumber plans what the number's own webhook hears of a message that was
// stored.
func (c *inboundChange) tellNumber(b *batch, contact ids.Contact, row *Message) {
	if c.ch.Hook.none() {
		return
	}
	var at *file
	if row.Media != nil {
		at = &file{id: row.Media.Reserved, mimetype: row.Media.Mimetype, name: row.Media.FileName}
	}
	n := c.ch.Hook.heard(c.in, at)
	n.contact, n.id, n.at = contact, row.ProviderID, row.Timestamp
	b.pass(c.ch, n)
}

// stray tells of what was typed on the phone, which the number's own webhook
// hears of also where no session is open to store it in.
func (c *inboundChange) stray() bool { return c.in.FromPhone && !c.ch.Hook.none() }

// tellStray plans what the number's own webhook hears of a message that nobody
// stores. Only a digest tells when it comes again.
func (c *inboundChange) tellStray(b *batch, contact ids.Contact) {
	seen, known := b.seenBodies[c.key]
	if !c.stray() || known && b.now.Sub(seen) < traceFor {
		return
	}
	b.seen(c.key, traceFor)
	n := c.ch.Hook.heard(c.in, nil)
	n.contact = contact
	b.pass(c.ch, n)
}

// tellNumber plans what the number's own webhook hears of a deletion.
func (c *revokeChange) tellNumber(b *batch, plan *messagePlan) {
	if c.ch.Hook.none() {
		return
	}
	var to providers.Address
	if contact := b.byContact[plan.row.Contact]; contact != nil {
		to = contact.replyTo
	}
	n := c.ch.Hook.revoked(c.revoke, to)
	n.contact = plan.row.Contact
	b.pass(c.ch, n)
}

// toldOf is what the number's own webhook hears of a message that the provider
// took. What is sent does not depend on it: when the webhook cannot be looked up
// it is told nothing.
func (s *Service) toldOf(ctx context.Context, row Message, receipt providers.Receipt) (hook, *notice) {
	ch, err := s.channels.Get(ctx, row.Channel)
	var told hook
	if err == nil {
		told, err = s.hookOf(ctx, ch)
	}
	if err != nil && !fault.Is(err, fault.NotFound) {
		slog.WarnContext(ctx, "the webhook of a number was not told of a message that was sent", "message_id", row.ID.String(), "error", err)
	}
	if err != nil || !told.wants(events.NumberMessageSent) {
		return hook{}, nil
	}
	row.Content = s.outbound(row).Content
	var at *file
	if m := row.Media; m != nil {
		at = &file{id: m.ID, mimetype: m.Mimetype, name: m.FileName, size: m.Size, sha256: m.SHA256}
	}
	n := told.heard(sentAs(row, receipt), at)
	return told, &n
}

// sentAs is a message that was sent, as one that was typed on the phone would be.
func sentAs(row Message, receipt providers.Receipt) providers.MessageReceived {
	said := providers.MessageReceived{
		ID: receipt.ID, From: providers.Party{Addresses: []providers.Address{row.To}}, FromPhone: true, Timestamp: receipt.Timestamp, Content: row.Content, Quote: row.Quote,
	}
	if row.To.Kind == providers.KindGroup {
		said.Group = &providers.Group{Address: row.To}
	}
	return said
}

// attachment is what the number's own webhook hears of a message's file; nil:
// nothing.
func (s *Service) attachment(ctx context.Context, row Message, got Media) (channelFacts, *notice, error) {
	facts, err := s.facts(ctx, row.Channel)
	if fault.Is(err, fault.NotFound) { // the channel is gone; its messages stay readable
		return facts, nil, nil
	}
	if err != nil || !facts.Hook.wants(events.NumberAttachment) || row.Media.Reserved.IsZero() {
		return facts, nil, err
	}
	var contact contacts.Contact
	err = s.store.contacts.FindOne(ctx, bson.D{{Key: "_id", Value: row.Contact}}).Decode(&contact)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return facts, nil, nil // erased: so is the message
	}
	if err != nil {
		return facts, nil, err
	}
	said := providers.MessageReceived{
		ID: row.ProviderID, From: providers.Party{Addresses: []providers.Address{contact.ReplyTo}, Name: contact.Name},
		FromPhone: row.Direction == Outbound, Timestamp: row.Timestamp, Content: row.Content, Quote: row.Quote,
	}
	if contact.Type == contacts.GroupType {
		said.Group = &providers.Group{Address: contact.ReplyTo, Name: contact.Name}
		if row.Author != nil && !row.Author.Address.IsZero() {
			said.From = providers.Party{Addresses: []providers.Address{row.Author.Address}, Name: row.Author.Name}
		}
	}
	at := &file{id: got.ID, mimetype: got.Mimetype, name: got.FileName, size: got.Size, sha256: got.SHA256, status: got.Status, problem: got.Error}
	n := facts.Hook.heard(said, at)
	n.kind, n.contact, n.fleeting = events.NumberAttachment, contact.ID, contact.IsIgnored
	return facts, &n, nil
}

// noteBattery keeps what another gateway tells of a phone's battery.
func (s *Service) noteBattery(ctx context.Context, channel ids.Channel, event providers.GatewayEvent) error {
	type charge struct {
		Battery *float64 `json:"battery"`
		Plugged *bool    `json:"plugged"`
	}
	var said struct {
		charge
		Body json.RawMessage `json:"body"`
	}
	if err := json.Unmarshal(event.Raw, &said); err != nil { // of a shape that nobody knows
		slog.InfoContext(ctx, "a battery's charge cannot be read", "channel_id", channel.String())
		return nil
	}
	var inner charge
	_ = json.Unmarshal(said.Body, &inner) // a body that is none says nothing
	if said.Battery == nil {
		said.Battery = inner.Battery
	}
	if said.Plugged == nil {
		said.Plugged = inner.Plugged
	}
	if said.Battery == nil && said.Plugged == nil {
		return nil
	}
	return s.channels.NoteBattery(ctx, channel, said.Battery, said.Plugged)
}
