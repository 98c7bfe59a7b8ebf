package whatsappweb

import (
	"cmp"
	"context"
	"fmt"
	"io"

	"go.mau.fi/whatsmeow/types"

	"github.com/cirrus/omnichannel/internal/providers"
	"github.com/cirrus/omnichannel/internal/providers/whatsappweb/wire"
)

// Known is what a linked device knows of somebody. Names that it was not told
// are empty.
type Known struct {
	Who          `bson:",inline"`
	FullName     string `bson:"fullName,omitempty"`  // in the phone's address book
	FirstName    string `bson:"firstName,omitempty"` // there
	PushName     string `bson:"pushName,omitempty"`  // that they gave themselves
	BusinessName string `bson:"businessName,omitempty"`
}

// Profile is what somebody shows to this account.
type Profile struct {
	Known   `bson:",inline"`
	About   string `bson:"about,omitempty"`
	PhotoID string `bson:"photoId,omitempty"` // empty: none, or hidden
}

// Contacts lists all whom the device knows by a name, without asking WhatsApp.
func (c *Conn) Contacts(ctx context.Context) ([]Known, error) {
	all, err := c.device.Contacts.GetAllContacts(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the contacts of channel %s: %w", c.channel.ID, err)
	}
	var numbers []types.JID
	for jid := range all {
		if jid.Server == types.DefaultUserServer {
			numbers = append(numbers, jid.ToNonAD())
		}
	}
	hidden, err := c.device.LIDs.GetManyLIDsForPNs(ctx, numbers)
	if err != nil {
		return nil, fmt.Errorf("list the contacts of channel %s: %w", c.channel.ID, err)
	}
	// One person may be known by the number and by the hidden address.
	byKey := map[types.JID]Known{}
	for jid, info := range all {
		key, who := jid.ToNonAD(), whoIs(jid)
		if lid := hidden[key]; jid.Server == types.DefaultUserServer && !lid.IsEmpty() {
			key, who.LID = lid.ToNonAD(), lid.User
		}
		if who != (Who{}) && info.Found {
			byKey[key] = byKey[key].and(who, info)
		}
	}
	list := make([]Known, 0, len(byKey))
	for _, one := range byKey {
		if one.FullName+one.FirstName+one.PushName+one.BusinessName != "" {
			list = append(list, one)
		}
	}
	return list, nil
}

// and adds what is known under another name.
func (k Known) and(who Who, info types.ContactInfo) Known {
	return Known{
		Who:      Who{Phone: cmp.Or(k.Phone, who.Phone), LID: cmp.Or(k.LID, who.LID)},
		FullName: cmp.Or(k.FullName, info.FullName), FirstName: cmp.Or(k.FirstName, info.FirstName),
		PushName: cmp.Or(k.PushName, info.PushName), BusinessName: cmp.Or(k.BusinessName, info.BusinessName),
	}
}

// Profile tells what somebody shows, and what the device knows of them; zero
// where nobody is there.
func (c *Conn) Profile(ctx context.Context, of providers.Address) (Profile, error) {
	if err := c.online(ctx); err != nil {
		return Profile{}, err
	}
	p, err := c.personOf(ctx, of)
	if err != nil || p.isNobody() {
		return Profile{}, err
	}
	shown, err := c.client.GetUserInfo(ctx, []types.JID{p.chat()})
	if err != nil {
		return Profile{}, c.askError(fmt.Errorf("ask for a profile: %w", err))
	}
	known := Known{Who: whoOf(p)}
	for _, jid := range []types.JID{p.phone, p.lid} {
		if jid.IsEmpty() {
			continue
		}
		info, err := c.device.Contacts.GetContact(ctx, jid)
		if err != nil {
			return Profile{}, fmt.Errorf("look for a contact of channel %s: %w", c.channel.ID, err)
		}
		known = known.and(known.Who, info)
	}
	about := shown[p.chat()]
	if about.VerifiedName != nil {
		known.BusinessName = about.VerifiedName.Details.GetVerifiedName()
	}
	return Profile{Known: known, About: about.Status, PhotoID: about.PictureID}, nil
}

// photoMost is the most bytes of a profile picture; WhatsApp's have some 100 KiB.
const photoMost = 4 << 20

// Photo gives somebody's profile picture; nil where there is none, or it is
// hidden from this account.
func (c *Conn) Photo(ctx context.Context, of providers.Address) ([]byte, error) {
	if err := c.online(ctx); err != nil {
		return nil, err
	}
	p, err := c.personOf(ctx, of)
	if err != nil || p.isNobody() {
		return nil, err
	}
	file, _, err := c.FetchPhoto(ctx, wire.AddressOf(p.chat()), "")
	if err != nil || file == nil {
		return nil, c.askError(err)
	}
	defer func() { _ = file.Close() }() // it was only read
	image, err := io.ReadAll(io.LimitReader(file, photoMost+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("fetch a profile picture: %w", err)
	case len(image) > photoMost:
		return nil, fmt.Errorf("fetch a profile picture: it has more than %d bytes", photoMost)
	}
	return image, nil
}
