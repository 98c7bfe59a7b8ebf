package messages

import (
	"context"
	"fmt"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/cirrus/omnichannel/internal/events"
	"github.com/cirrus/omnichannel/internal/providers"
)

// gatewayChange passes an inbound of a channel in gateway mode on: no contact,
// session or message is kept, only the event until it is delivered.
type gatewayChange struct {
	ch channelFacts
	in providers.Inbound
}

func passThrough(ch channelFacts, in providers.Inbound) routed {
	return &gatewayChange{ch: ch, in: in}
}

func (c *gatewayChange) route() string { return string(c.ch.ID[:]) }

func (c *gatewayChange) wants(*wants) {}

func (c *gatewayChange) apply(_ context.Context, b *batch) error {
	kind, ok := gatewayTypes[fmt.Sprintf("%T", c.in.Payload)]
	if !ok {
		return nil
	}
	row := events.New(c.ch.Account, kind, b.now)
	row.Channel, row.ExpiresAt = c.ch.ID, b.now.Add(events.KeptInGateway)
	row.Facts = bson.D{{Key: "payload", Value: c.in.Payload}, {Key: "kind", Value: strings.TrimPrefix(fmt.Sprintf("%T", c.in.Payload), "providers.")}}
	address(&row, c.ch.Holder.Config)
	b.events = append(b.events, &row)
	return nil
}

// gatewayTypes are the events that stand for inbounds nobody keeps.
var gatewayTypes = map[string]events.Type{
	"providers.MessageReceived": events.MessageReceived,
	"providers.MessageEdited":   events.MessageEdited,
	"providers.MessageRevoked":  events.MessageRevoked,
	"providers.StatusChanged":   events.MessageStatus,
}
