package messages

import (
	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/providers"
)

// bounded clips the names in an inbound: people choose them, and no provider says
// how long they may be.
func bounded(payload providers.InboundPayload) providers.InboundPayload {
	switch payload := payload.(type) {
	case providers.MessageReceived:
		payload.From.Name, payload.From.Username = contacts.ClipName(payload.From.Name), contacts.ClipName(payload.From.Username)
		if payload.Group != nil {
			group := *payload.Group // the caller's stays
			group.Name = contacts.ClipName(group.Name)
			payload.Group = &group
		}
		return payload
	case providers.GroupSynced:
		payload.Group.Name = contacts.ClipName(payload.Group.Name)
		return payload
	default:
		return payload
	}
}
