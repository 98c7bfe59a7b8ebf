package messages

import (
	"context"
	"crypto/sha256"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/ids"
	"github.com/cirrus/omnichannel/internal/providers"
)

// gatewayChange passes an inbound of a channel in gateway mode on: no contact,
// session or message is kept, only the event until it is delivered, and a
// digest that tells a redelivery.
type gatewayChange struct {
	ch     channelFacts
	in     providers.Inbound
	key    dedupeID
	window time.Duration // how long the same again is a redelivery
	file   ids.Media     // that its file is to have, made before the commit

	duplicate bool
	ignored   bool // it is of a chat with somebody who is
}

// passThrough gives nil for what no event stands for.
func passThrough(ctx context.Context, ch channelFacts, in providers.Inbound) change {
	if _, ok := gatewayTypes[gatewayKind(in)]; ch.Hook.none() && !ok || !ch.Hook.none() && len(ch.Hook.noticesOf(in.Payload)) == 0 {
		slog.DebugContext(ctx, "an inbound of a channel in gateway mode has no event", "channel_id", ch.ID.String(), "kind", gatewayKind(in))
		return nil
	}
	said, window := gatewayKey(in)
	sum := sha256.Sum256([]byte("gateway\x00" + said))
	return &gatewayChange{ch: ch, in: in, key: dedupeID{ch.ID, [16]byte(sum[:16])}, window: window, file: ids.New[ids.Media]()}
}

// gatewayKey is what the redelivery of an inbound has in common with it, and
// for how long that counts: the message's id, else its whole payload. Every
// member of a group and every device tells of a status anew: the first counts.
// Failures are each their own.
func gatewayKey(in providers.Inbound) (string, time.Duration) {
	if status, is := in.Payload.(providers.StatusChanged); is && status.ID != "" && status.Error == nil {
		return fmt.Sprintf("status\x00%s\x00%s", status.ID, status.Status), traceFor
	}
	message, ok := in.Payload.(providers.MessageReceived)
	switch {
	case ok && message.ID != "":
		return fmt.Sprintf("id\x00%t\x00%s", message.FromPhone, message.ID), traceFor
	case ok && message.DedupeWindow > 0:
		return "content\x00" + message.DedupeKey, message.DedupeWindow
	case ok:
		return "content\x00" + message.DedupeKey, traceFor
	}
	raw, err := bson.Marshal(in.Payload)
	if err != nil { // our own types: a mistake of ours, and then nothing is its own redelivery
		slog.Error("an inbound cannot be digested", "kind", gatewayKind(in), "error", err)
		return bson.NewObjectID().Hex(), 0
	}
	return gatewayKind(in) + "\x00" + string(raw), traceFor
}

// gatewayKind is the name of an inbound's payload.
func gatewayKind(in providers.Inbound) string {
	return strings.TrimPrefix(fmt.Sprintf("%T", in.Payload), "providers.")
}

func (c *gatewayChange) route() string { return string(c.ch.ID[:]) }

func (c *gatewayChange) wants(w *wants) {
	w.bodies[c.key], w.afresh = struct{}{}, true
	for _, key := range contacts.KeysOf(chatOf(c.in.Payload)) {
		w.identities[identity{c.ch.ID, key}] = struct{}{}
	}
}

// chatOf is where something happened, by all its names: the group, else whoever
// the chat is with; nil where that is not told.
func chatOf(payload providers.InboundPayload) []providers.Address {
	var group providers.Address
	var person []providers.Address
	switch p := payload.(type) {
	case providers.MessageReceived:
		person = p.From.Addresses
		if p.Group != nil {
			group = p.Group.Address
		}
	case providers.MessageEdited:
		group, person = p.By.Group, p.By.Addresses
	case providers.MessageRevoked:
		group, person = p.By.Group, p.By.Addresses
	case providers.StatusChanged:
		group = p.Address // alone, also where it is a person's
	case providers.GatewayEvent:
		group = p.Chat
		if !p.Chat.IsZero() && p.Chat.Kind != providers.KindGroup { // nobody else is in it
			group, person = providers.Address{}, append([]providers.Address{p.Chat}, p.Who...)
		}
	}
	if !group.IsZero() {
		return []providers.Address{group}
	}
	return person
}

// notices are what the number's own webhook hears of it.
func (c *gatewayChange) notices() []notice {
	if c.ch.Hook.none() {
		return nil
	}
	if message, is := c.in.Payload.(providers.MessageReceived); is && c.hasFile() {
		return []notice{c.ch.Hook.heard(message, &file{id: c.file, mimetype: message.Media.Mimetype, name: message.Media.FileName})}
	}
	return c.ch.Hook.noticesOf(c.in.Payload)
}

// hasFile tells whether a file is to be fetched for the number's own webhook.
func (c *gatewayChange) hasFile() bool {
	message, is := c.in.Payload.(providers.MessageReceived)
	return is && message.Media != nil && len(message.From.Addresses) > 0 && !c.ch.Hook.none()
}

// pass plans a notice about a chat with these contacts.
func (c *gatewayChange) pass(b *batch, with []*contactPlan, n notice) {
	if len(with) > 0 {
		n.contact = with[0].contact
	}
	row := b.pass(c.ch, n)
	if c.hasFile() && (row != nil || c.ch.Hook.wants(events.NumberAttachment)) {
		message, _ := c.in.Payload.(providers.MessageReceived)
		b.fetchToPass(c.ch, c.file, message, n.who, row)
	}
}

func (c *gatewayChange) apply(_ context.Context, b *batch) error {
	seen, known := b.seenBodies[c.key]
	if c.duplicate = known && b.now.Sub(seen) < c.window; c.duplicate {
		return nil
	}
	b.seen(c.key, c.window)
	with := b.contactOf(c.ch.ID, chatOf(c.in.Payload))
	if c.ignored = slices.ContainsFunc(with, func(one *contactPlan) bool { return one.ignored }); c.ignored {
		return nil
	}
	if !c.ch.Hook.none() {
		for _, n := range c.notices() {
			c.pass(b, with, n)
		}
		return nil
	}
	kind := gatewayKind(c.in)
	row := events.New(c.ch.Account, gatewayTypes[kind], b.now)
	row.Channel, row.ExpiresAt = c.ch.ID, b.now.Add(events.KeptInGateway)
	row.Facts = bson.D{{Key: "payload", Value: c.in.Payload}, {Key: "kind", Value: kind}}
	address(&row, c.ch.Holder.Config)
	b.events = append(b.events, &row)
	return nil
}

// seen notes that something that only its digest tells again was taken in.
func (b *batch) seen(key dedupeID, window time.Duration) {
	b.seenBodies[key] = b.now
	b.bodies = append(b.bodies, bodyRow{Channel: key.channel, Key: bson.Binary{Data: key.key[:]}, Window: window})
}

// gatewayTypes are the events that stand for inbounds nobody keeps.
var gatewayTypes = map[string]events.Type{
	"MessageReceived": events.MessageReceived,
	"MessageEdited":   events.MessageEdited,
	"MessageRevoked":  events.MessageRevoked,
	"StatusChanged":   events.MessageStatus,
}
