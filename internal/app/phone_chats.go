package app

import (
	"context"

	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/gateway/chats"
)

// phoneChats are those of linked devices' phones: a room like others when a
// person is erased.
type phoneChats struct{ chats *chats.Service }

// Erase deletes the person's chat, and what the person wrote in groups. The
// messages are not counted: most are copies of those that another room counts.
func (c phoneChats) Erase(ctx context.Context, p contacts.Person) (contacts.Erased, error) {
	return contacts.Erased{}, c.chats.Erase(ctx, p.Channel, p.Addresses)
}

// Export hands out the same.
func (c phoneChats) Export(ctx context.Context, p contacts.Person, emit func(section string, item any) error) error {
	return c.chats.Export(ctx, p.Channel, p.Addresses, emit)
}
