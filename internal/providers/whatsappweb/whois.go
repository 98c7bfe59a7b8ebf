package whatsappweb

import (
	"context"
	"fmt"

	"go.mau.fi/whatsmeow/types"

	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/wire"
)

// Who is somebody on WhatsApp: the number as it is registered there, and the
// hidden address; either may be unknown, both are of nobody.
type Who struct {
	Phone string `bson:"phone,omitempty"` // digits
	LID   string `bson:"lid,omitempty"`   // the user part
}

func whoOf(p person) Who { return Who{Phone: p.phone.User, LID: p.lid.User} }

// WhoIs finds who has a number, by either way of writing it, or a hidden
// address. What WhatsApp says of a number is believed for a day, that it does not
// have it for ten minutes: whoever asks for too many is banned.
func (c *Conn) WhoIs(ctx context.Context, of providers.Address) (Who, error) {
	if err := c.online(ctx); err != nil {
		return Who{}, err
	}
	p, err := c.personOf(ctx, of)
	return whoOf(p), err
}

// personOf finds somebody by number or hidden address; nobody is a zero person.
func (c *Conn) personOf(ctx context.Context, of providers.Address) (person, error) {
	switch of.Kind {
	case providers.KindPhone:
		p, err := c.find(ctx, of.Value)
		if err != nil {
			return person{}, c.askError(fmt.Errorf("look for a number on WhatsApp: %w", err))
		}
		return p, nil
	case providers.KindLID:
		return c.findHidden(ctx, wire.JIDOf(of))
	default:
		return person{}, noAddress(of)
	}
}

// findHidden finds whose hidden address this is. Of strangers WhatsApp tells no
// number; that they have devices shows that they are there.
func (c *Conn) findHidden(ctx context.Context, lid types.JID) (person, error) {
	if pn, err := c.device.LIDs.GetPNForLID(ctx, lid); err == nil && !pn.IsEmpty() {
		return person{phone: pn.ToNonAD(), lid: lid}, nil
	}
	known, err := c.client.GetUserInfo(ctx, []types.JID{lid})
	if err != nil {
		return person{}, c.askError(fmt.Errorf("look for a hidden address on WhatsApp: %w", err))
	}
	if len(known[lid].Devices) == 0 {
		return person{}, nil
	}
	return person{lid: lid}, nil
}
