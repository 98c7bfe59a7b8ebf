package devicestore

import (
	"bytes"
	"context"
	"strings"

	"go.mau.fi/whatsmeow/types"
)

// PutIdentity keeps the identity of somebody's device.
func (d *device) PutIdentity(ctx context.Context, address string, key [32]byte) error {
	id := d.id(kindIdentity, address)
	// The client says it again with every message.
	if known, err := d.get(ctx, id); err != nil {
		return err
	} else if known != nil && bytes.Equal(known.Public, key[:]) {
		return nil
	}
	return d.write(ctx, func(_ context.Context, c *change) error {
		c.put(&row{ID: id, Public: key[:]})
		c.comesBack(userOf(address))
		return nil
	})
}

// DeleteAllIdentities forgets those of all devices of somebody.
func (d *device) DeleteAllIdentities(ctx context.Context, user string) error {
	return d.removeAll(ctx, match{prefixes: []string{d.id(kindIdentity, user+":")}})
}

// DeleteIdentity forgets one.
func (d *device) DeleteIdentity(ctx context.Context, address string) error {
	return d.remove(ctx, d.id(kindIdentity, address))
}

// IsTrustedIdentity holds for the identity that is kept, and for any while none
// is.
func (d *device) IsTrustedIdentity(ctx context.Context, address string, key [32]byte) (bool, error) {
	known, err := d.get(ctx, d.id(kindIdentity, address))
	if err != nil {
		return false, err
	}
	return known == nil || bytes.Equal(known.Public, key[:]), nil
}

// GetSession gives nil when there is none.
func (d *device) GetSession(ctx context.Context, address string) ([]byte, error) {
	return d.secret(ctx, d.id(kindSession, address))
}

// HasSession tells whether there is one.
func (d *device) HasSession(ctx context.Context, address string) (bool, error) {
	session, err := d.GetSession(ctx, address)
	return session != nil, err
}

// GetManySessions has every address, with nil where there is no session.
func (d *device) GetManySessions(ctx context.Context, addresses []string) (map[string][]byte, error) {
	ids := make([]string, len(addresses))
	for i, address := range addresses {
		ids[i] = d.id(kindSession, address)
	}
	rows, err := d.getMany(ctx, ids...)
	if err != nil {
		return nil, err
	}
	out := make(map[string][]byte, len(addresses))
	for i, address := range addresses {
		out[address] = nil
		if r := rows[ids[i]]; r != nil {
			out[address] = r.plain
		}
	}
	return out, nil
}

// PutSession keeps a session.
func (d *device) PutSession(ctx context.Context, address string, session []byte) error {
	return d.PutManySessions(ctx, map[string][]byte{address: session})
}

// PutManySessions keeps all of them or none. They are durable when it returns:
// only then may be sent what was encrypted with them.
func (d *device) PutManySessions(ctx context.Context, sessions map[string][]byte) error {
	return d.write(ctx, func(_ context.Context, c *change) error {
		for address, session := range sessions {
			c.put(&row{ID: d.id(kindSession, address), plain: session})
			c.comesBack(userOf(address))
		}
		return nil
	})
}

// DeleteAllSessions forgets those with all devices of somebody.
func (d *device) DeleteAllSessions(ctx context.Context, user string) error {
	return d.removeAll(ctx, match{prefixes: []string{d.id(kindSession, user+":")}})
}

// DeleteSession forgets one.
func (d *device) DeleteSession(ctx context.Context, address string) error {
	return d.remove(ctx, d.id(kindSession, address))
}

// PutSenderKey keeps the key of a member of a group.
func (d *device) PutSenderKey(ctx context.Context, group, user string, key []byte) error {
	return d.write(ctx, func(_ context.Context, c *change) error {
		c.put(&row{ID: d.id(kindSenderKey, group, user), Member: d.member(userOf(user)), plain: key})
		c.comesBack(userOf(user))
		return nil
	})
}

// GetSenderKey gives nil when there is none.
func (d *device) GetSenderKey(ctx context.Context, group, user string) ([]byte, error) {
	return d.secret(ctx, d.id(kindSenderKey, group, user))
}

// MigratePNToLID moves sessions, identities and sender keys of somebody from
// their number to their hidden address, all together, over what stands there.
// The client asks for it with every message: who has moved is remembered.
func (d *device) MigratePNToLID(ctx context.Context, pn, lid types.JID) error {
	from, to := pn.SignalAddressUser(), lid.SignalAddressUser()
	if err := d.readable(); err != nil || d.moved.Contains(from) {
		return err
	}
	return d.write(ctx, func(ctx context.Context, c *change) error {
		rows, err := d.scan(ctx, match{prefixes: []string{d.id(kindSession, from+":"), d.id(kindIdentity, from+":")}, members: []string{d.member(from)}})
		if err != nil {
			return err
		}
		for _, old := range rows {
			at := strings.LastIndex(old.ID, separator) + 1
			moved := *old
			moved.ID = old.ID[:at] + to + strings.TrimPrefix(old.ID[at:], from)
			if old.Member != "" {
				moved.Member = d.member(to)
			}
			c.remove(old.ID)
			c.put(&moved)
		}
		c.then(func() { d.moved.Add(from, struct{}{}) })
		return nil
	})
}

// comesBack notes that a number has rows again that may have to move.
func (c *change) comesBack(user string) {
	c.then(func() { c.device.moved.Remove(user) })
}

// then adds what is to be done once the change is durable.
func (c *change) then(f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.after = append(c.after, f)
}

// member names a user in the sender keys of this pairing.
func (d *device) member(user string) string { return d.prefix + user }

// userOf gives the user part of a Signal address.
func userOf(address string) string {
	user, _, _ := strings.Cut(address, ":")
	return user
}

// secret gives what a row seals; nil when there is no such row.
func (d *device) secret(ctx context.Context, id string) ([]byte, error) {
	r, err := d.get(ctx, id)
	if err != nil || r == nil {
		return nil, err
	}
	return r.plain, nil
}

func (d *device) remove(ctx context.Context, ids ...string) error {
	return d.write(ctx, func(_ context.Context, c *change) error {
		c.remove(ids...)
		return nil
	})
}

// removeAll deletes the rows that match.
func (d *device) removeAll(ctx context.Context, m match) error {
	return d.write(ctx, func(ctx context.Context, c *change) error {
		rows, err := d.scan(ctx, m)
		for _, r := range rows {
			c.remove(r.ID)
		}
		return err
	})
}
