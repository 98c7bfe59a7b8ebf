package app

import (
	"context"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/contacts"
)

// devices are the linked ones, wherever they are held: a room like others when a
// person is erased.
type devices struct{ channels *channels.Service }

// Erase lets the person's channel forget whom it met under these addresses.
func (d devices) Erase(ctx context.Context, p contacts.Person) (contacts.Erased, error) {
	return contacts.Erased{}, d.channels.Forget(ctx, p.Channel, p.Addresses)
}

// Export hands out nothing: keys and secrets are the device's, and the names are
// those of the contact.
func (d devices) Export(context.Context, contacts.Person, func(string, any) error) error { return nil }
