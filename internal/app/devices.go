package app

import (
	"context"
	"fmt"
	"slices"

	"github.com/cirrus/omnichannel/internal/channels"
	"github.com/cirrus/omnichannel/internal/contacts"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb"
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

// everyName adds the name by which linked devices know a person and the contact
// does not: what others say of the person may have that one only. The devices
// forget it last.
func (r *Rooms) everyName(ctx context.Context, p contacts.Person) (contacts.Person, error) {
	more, err := whatsappweb.OtherNames(ctx, r.devices, p.Addresses)
	if err != nil {
		return p, fmt.Errorf("look for every name of contact %s: %w", p.Contact, err)
	}
	p.Addresses = append(slices.Clone(p.Addresses), more...)
	return p, nil
}
