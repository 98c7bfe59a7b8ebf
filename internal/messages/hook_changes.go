package messages

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"log/slog"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/fault"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

// tellNumber plans what the number's own webhook hears of a message that was
// stored.
func (c *inboundChange) tellNumber(b *batch, contact *contactPlan, row *Message) {
	if c.ch.Hook.none() {
		return
	}
	var at *file
	if row.Media != nil {
		at = &file{id: row.Media.Reserved, mimetype: row.Media.Mimetype, name: row.Media.FileName}
	}
	n := c.ch.Hook.heard(c.named(contact), at)
	n.contact, n.id, n.at = contact.contact, row.ProviderID, row.Timestamp
	b.pass(c.ch, n)
}

// named is the message with its group's name, which only some messages bring.
func (c *inboundChange) named(contact *contactPlan) providers.MessageReceived {
	in := c.in
	if in.Group != nil && in.Group.Name == "" && contact != nil {
		group := *in.Group
		group.Name = contact.name
		in.Group = &group
	}
	return in
}

// stray tells of what was typed on the phone, which the number's own webhook
// hears of also where no session is open to store it in.
func (c *inboundChange) stray() bool { return c.in.FromPhone && !c.ch.Hook.none() }

// tellStray plans what the number's own webhook hears of a message that nobody
// stores; contact is nil for a stranger. Only a digest tells when it comes again,
// and that what becomes of it is to be told, too.
func (c *inboundChange) tellStray(b *batch, contact *contactPlan) {
	if c.passes = false; !c.stray() || b.knows(c.key) {
		return
	}
	b.seen(c.key, traceFor)
	var at *file
	if c.in.Media != nil {
		at = &file{id: c.file, mimetype: c.in.Media.Mimetype, name: c.in.Media.FileName}
	}
	n := c.ch.Hook.heard(c.named(contact), at)
	n.fleeting = at != nil // its link ends with its delivery
	if contact != nil {
		n.contact = contact.contact
	}
	told := b.pass(c.ch, n)
	if c.passes = at != nil && (told != nil || c.ch.Hook.wants(events.NumberAttachment)); c.passes {
		b.fetchToPass(c.ch, c.file, c.in, n.who, told)
	}
}

// knows tells whether something that only its digest tells again was taken in.
func (b *batch) knows(key dedupeID) bool {
	seen, known := b.seenBodies[key]
	return known && b.now.Sub(seen) < traceFor
}

// strayKey is the digest of a step of a message of which only a digest is kept.
func strayKey(channel ids.Channel, step string, id ids.ProviderMessage) dedupeID {
	sum := sha256.Sum256([]byte("stray\x00" + step + "\x00" + string(id)))
	return dedupeID{channel, [16]byte(sum[:16])}
}

// step tells whether the number's own webhook wants to hear of this one.
func (c *statusChange) step() (key dedupeID, wanted bool) {
	kind, ok := steps[c.status.Status]
	return strayKey(c.ch.ID, string(c.status.Status), c.status.ID), ok && c.status.ID != "" && c.ch.Hook.wants(kind)
}

// tellStray plans what the number's own webhook hears of a step of a message that
// nobody stores; false: it is not known to be one. Every device and every member of
// a group tells of it: the first counts.
func (c *statusChange) tellStray(b *batch, with []*contactPlan) bool {
	key, wanted := c.step()
	if !wanted || !b.knows(c.key()) {
		return false
	}
	if b.knows(key) {
		return true
	}
	b.seen(key, traceFor)
	n, _ := c.ch.Hook.step(c.status)
	if len(with) > 0 {
		n.contact = with[0].contact
	}
	b.pass(c.ch, n)
	return true
}

// strayKey is the digest of the deletion of a message that nobody stores.
func (c *revokeChange) strayKey() dedupeID { return strayKey(c.ch.ID, "revoked", c.target) }

// wantsStray tells whether the number's own webhook hears of the deletion also
// where the message is not stored.
func (c *revokeChange) wantsStray() bool {
	return c.fromPhone && c.ch.Hook.wants(events.NumberMessageRevoked)
}

// tellStray is tellNumber for a message that nobody stores; false: it is not known
// to be one.
func (c *revokeChange) tellStray(b *batch) bool {
	_, gone := b.erased[c.key()]
	if !c.wantsStray() || gone || b.byKey[c.key()] != nil || !b.knows(c.key()) {
		return false
	}
	if c.settled = true; b.knows(c.strayKey()) {
		return true
	}
	b.seen(c.strayKey(), traceFor)
	var to providers.Address
	if chat := c.where(); len(chat) > 0 {
		to = chat[0]
	}
	n := c.ch.Hook.revoked(c.revoke, to)
	if with := b.contactOf(c.ch.ID, c.where()); len(with) > 0 {
		n.contact = with[0].contact
	}
	b.pass(c.ch, n)
	return true
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
	said := sentAs(row, receipt)
	if said.Group != nil {
		said.Group.Name = s.groupName(ctx, row)
	}
	n := told.heard(said, at)
	return told, &n
}

// groupName is what the group of a message is called; empty where that is not
// known.
func (s *Service) groupName(ctx context.Context, row Message) string {
	var group contacts.Contact
	err := s.store.contacts.FindOne(ctx, bson.D{{Key: "_id", Value: row.Contact}}, options.FindOne().SetProjection(bson.D{{Key: "name", Value: 1}})).Decode(&group)
	if err != nil && !errors.Is(err, mongo.ErrNoDocuments) {
		slog.WarnContext(ctx, "the webhook of a number was told of a message without its group's name", "message_id", row.ID.String(), "error", err)
	}
	return group.Name
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
