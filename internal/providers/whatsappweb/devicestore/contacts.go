package devicestore

import (
	"context"
	"fmt"
	"slices"
	"time"

	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
)

// contactID leaves the device out: the client names some people with that of
// the message it read.
func (d *device) contactID(user types.JID) string {
	return d.id(kindContact, user.ToNonAD().String())
}

// PutPushName keeps what somebody calls themselves. It reports whether it is
// new, and what it was before.
func (d *device) PutPushName(ctx context.Context, user types.JID, name string) (bool, string, error) {
	return d.rename(ctx, user, name, func(c *contactRow) *string { return &c.Push })
}

// PutBusinessName keeps what a business calls itself, in the same way.
func (d *device) PutBusinessName(ctx context.Context, user types.JID, name string) (bool, string, error) {
	return d.rename(ctx, user, name, func(c *contactRow) *string { return &c.Business })
}

func (d *device) rename(ctx context.Context, user types.JID, name string, field func(*contactRow) *string) (changed bool, old string, err error) {
	if d.unwanted.has(user, d.holding.store.now()) {
		return false, "", nil
	}
	// The client says it again with every message: first without a turn to write.
	known, err := d.get(ctx, d.contactID(user))
	if err != nil || *field(contactOf(known)) == name {
		return false, "", err
	}
	err = d.changeContacts(ctx, []types.JID{user}, func(_ int, c *contactRow) {
		old = *field(c)
		changed = old != name
		*field(c) = name
	})
	if err != nil || !changed {
		return false, "", err
	}
	return true, old, nil
}

// contactOf gives a copy of a row's contact; an empty one for no row.
func contactOf(r *row) *contactRow {
	if r == nil || r.Contact == nil {
		return &contactRow{}
	}
	contact := *r.Contact
	return &contact
}

// changeContacts changes some contacts, and writes those that fn did change.
func (d *device) changeContacts(ctx context.Context, users []types.JID, fn func(i int, c *contactRow)) error {
	return d.write(ctx, func(ctx context.Context, c *change) error {
		ids := make([]string, len(users))
		for i, user := range users {
			ids[i] = d.contactID(user)
		}
		known, err := d.getMany(ctx, ids...)
		if err != nil {
			return err
		}
		for i, id := range ids {
			contact := contactOf(known[id])
			before := *contact
			fn(i, contact)
			if known[id] == nil || *contact != before {
				// Also for the next of the same user.
				known[id] = &row{ID: id, Contact: contact}
				c.put(known[id])
			}
		}
		return nil
	})
}

// PutContactName keeps a name of the address book. whatsmeow's interface names
// its arguments the other way round, but its client passes the first name first.
func (d *device) PutContactName(ctx context.Context, user types.JID, first, full string) error {
	return d.PutAllContactNames(ctx, []store.ContactEntry{{JID: user, FirstName: first, FullName: full}})
}

// PutAllContactNames keeps many.
func (d *device) PutAllContactNames(ctx context.Context, contacts []store.ContactEntry) error {
	return changeInParts(ctx, d, contacts, func(e store.ContactEntry) types.JID { return e.JID }, func(e store.ContactEntry, c *contactRow) {
		c.First, c.Full = e.FirstName, e.FullName
	})
}

// changeInParts changes the contacts of a long list.
func changeInParts[E any](ctx context.Context, d *device, entries []E, jid func(E) types.JID, fn func(E, *contactRow)) error {
	for some := range slices.Chunk(entries, rowsPerWrite) {
		users := make([]types.JID, len(some))
		for i, entry := range some {
			users[i] = jid(entry)
		}
		if err := d.changeContacts(ctx, users, func(i int, c *contactRow) { fn(some[i], c) }); err != nil {
			return err
		}
	}
	return nil
}

// PutManyRedactedPhones keeps what groups tell of hidden numbers.
func (d *device) PutManyRedactedPhones(ctx context.Context, entries []store.RedactedPhoneEntry) error {
	return changeInParts(ctx, d, entries, func(e store.RedactedPhoneEntry) types.JID { return e.JID }, func(e store.RedactedPhoneEntry, c *contactRow) {
		c.Redacted = e.RedactedPhone
	})
}

func (r *row) info() types.ContactInfo {
	c := contactOf(r)
	return types.ContactInfo{
		Found: r != nil, FirstName: c.First, FullName: c.Full, PushName: c.Push, BusinessName: c.Business, RedactedPhone: c.Redacted,
	}
}

// GetContact gives one that is not Found for somebody unknown.
func (d *device) GetContact(ctx context.Context, user types.JID) (types.ContactInfo, error) {
	r, err := d.get(ctx, d.contactID(user))
	if err != nil {
		return types.ContactInfo{}, err
	}
	return r.info(), nil
}

// GetAllContacts gives all that are known.
func (d *device) GetAllContacts(ctx context.Context) (map[types.JID]types.ContactInfo, error) {
	rows, err := d.scan(ctx, match{prefixes: []string{d.id(kindContact, "")}})
	if err != nil {
		return nil, err
	}
	out := make(map[types.JID]types.ContactInfo, len(rows))
	for _, r := range rows {
		user, err := parseJID(d.keyOf(kindContact, r.ID))
		if err != nil {
			return nil, fmt.Errorf("read the JID of contact %s: %w", r.ID, err)
		}
		out[user] = r.info()
	}
	return out, nil
}

// PutMutedUntil keeps it for a chat, in seconds; the zero time is not muted.
func (d *device) PutMutedUntil(ctx context.Context, chat types.JID, until time.Time) error {
	return d.changeChat(ctx, chat, func(c *chatRow) {
		switch {
		case until.Equal(store.MutedForever):
			c.MutedUntil = -1
		case until.IsZero():
			c.MutedUntil = 0
		default:
			c.MutedUntil = until.Unix()
		}
	})
}

// PutPinned keeps it for a chat.
func (d *device) PutPinned(ctx context.Context, chat types.JID, pinned bool) error {
	return d.changeChat(ctx, chat, func(c *chatRow) { c.Pinned = pinned })
}

// PutArchived keeps it for a chat.
func (d *device) PutArchived(ctx context.Context, chat types.JID, archived bool) error {
	return d.changeChat(ctx, chat, func(c *chatRow) { c.Archived = archived })
}

func (d *device) changeChat(ctx context.Context, chat types.JID, fn func(*chatRow)) error {
	return d.write(ctx, func(ctx context.Context, c *change) error {
		id := d.id(kindChat, chat.String())
		known, err := d.get(ctx, id)
		if err != nil {
			return err
		}
		var settings chatRow
		if known != nil && known.Chat != nil {
			settings = *known.Chat
		}
		fn(&settings)
		c.put(&row{ID: id, Chat: &settings})
		return nil
	})
}

// GetChatSettings gives ones that are not Found for a chat that has none.
func (d *device) GetChatSettings(ctx context.Context, chat types.JID) (types.LocalChatSettings, error) {
	r, err := d.get(ctx, d.id(kindChat, chat.String()))
	if err != nil || r == nil || r.Chat == nil {
		return types.LocalChatSettings{}, err
	}
	return r.Chat.settings(), nil
}

// AllChatSettings gives those of every chat that has any.
func (d *device) AllChatSettings(ctx context.Context) (map[types.JID]types.LocalChatSettings, error) {
	rows, err := d.scan(ctx, match{prefixes: []string{d.id(kindChat, "")}})
	if err != nil {
		return nil, err
	}
	out := make(map[types.JID]types.LocalChatSettings, len(rows))
	for _, r := range rows {
		chat, err := parseJID(d.keyOf(kindChat, r.ID))
		if err != nil {
			return nil, fmt.Errorf("read the JID of chat %s: %w", r.ID, err)
		}
		if r.Chat != nil {
			out[chat] = r.Chat.settings()
		}
	}
	return out, nil
}

func (c *chatRow) settings() types.LocalChatSettings {
	settings := types.LocalChatSettings{Found: true, Pinned: c.Pinned, Archived: c.Archived}
	switch at := c.MutedUntil; {
	case at < 0:
		settings.MutedUntil = store.MutedForever
	case at > 0:
		settings.MutedUntil = time.Unix(at, 0)
	}
	return settings
}
