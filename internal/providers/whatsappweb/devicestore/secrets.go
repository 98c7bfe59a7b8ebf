package devicestore

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
)

const (
	// keepSecrets is how long after a message its secret opens what refers to
	// it: votes, edits, encrypted reactions.
	keepSecrets = 180 * 24 * time.Hour
	// keepTokens is longer than the client uses or keeps a token: the week that
	// it is from and three more.
	keepTokens = 35 * 24 * time.Hour
)

func (d *device) secretID(id types.MessageID, chat, sender types.JID) string {
	return d.id(kindSecret, id, chat.ToNonAD().String(), sender.ToNonAD().String())
}

// PutMessageSecret keeps the first that comes for a message.
func (d *device) PutMessageSecret(ctx context.Context, chat, sender types.JID, id types.MessageID, secret []byte) error {
	return d.PutMessageSecrets(ctx, []store.MessageSecretInsert{{Chat: chat, Sender: sender, ID: id, Secret: secret}})
}

// PutMessageSecrets keeps many; incomplete ones are passed over.
func (d *device) PutMessageSecrets(ctx context.Context, inserts []store.MessageSecretInsert) error {
	for some := range slices.Chunk(inserts, rowsPerWrite) {
		if err := d.putSecrets(ctx, some); err != nil {
			return err
		}
	}
	return nil
}

func (d *device) putSecrets(ctx context.Context, inserts []store.MessageSecretInsert) error {
	return d.write(ctx, func(_ context.Context, c *change) error {
		for _, r := range d.secretRows(inserts) {
			c.putOnce(r)
		}
		return nil
	})
}

// secretRows gives the rows of secrets, those of complete ones, and one for each.
func (d *device) secretRows(inserts []store.MessageSecretInsert) []*row {
	rows := make([]*row, 0, len(inserts))
	seen := map[string]bool{}
	expires := until(d.holding.store.now(), keepSecrets)
	for _, in := range inserts {
		id := d.secretID(in.ID, in.Chat, in.Sender)
		if in.Chat.IsEmpty() || in.Sender.IsEmpty() || in.ID == "" || len(in.Secret) == 0 || seen[id] {
			continue
		}
		seen[id] = true
		rows = append(rows, &row{ID: id, plain: in.Secret, ExpiresAt: expires})
	}
	return rows
}

// GetMessageSecret finds it by either address of chat and sender, and gives the
// sender's as it was kept; nil when there is none.
func (d *device) GetMessageSecret(ctx context.Context, chat, sender types.JID, id types.MessageID) ([]byte, types.JID, error) {
	chats, err := d.aliases(ctx, chat)
	if err != nil {
		return nil, types.EmptyJID, err
	}
	senders, err := d.aliases(ctx, sender)
	if err != nil {
		return nil, types.EmptyJID, err
	}
	var ids []string
	for _, c := range chats {
		for _, s := range senders {
			ids = append(ids, d.secretID(id, c, s))
		}
	}
	rows, err := d.getMany(ctx, ids...)
	if err != nil {
		return nil, types.EmptyJID, err
	}
	for _, id := range ids {
		if r := rows[id]; r != nil {
			kept, err := parseJID(id[strings.LastIndex(id, separator)+1:])
			if err != nil {
				return nil, types.EmptyJID, fmt.Errorf("read the sender of secret %s: %w", id, err)
			}
			return r.plain, kept, nil
		}
	}
	return nil, types.EmptyJID, nil
}

func (d *device) tokenID(user types.JID) string { return d.id(kindToken, user.ToNonAD().String()) }

// PutPrivacyTokens keeps tokens, unless newer ones are there; when they were
// last handed out stays where the new ones do not say. Times are kept in
// seconds.
func (d *device) PutPrivacyTokens(ctx context.Context, tokens ...store.PrivacyToken) error {
	return d.write(ctx, func(ctx context.Context, c *change) error {
		ids := make([]string, len(tokens))
		for i, t := range tokens {
			ids[i] = d.tokenID(t.User)
		}
		known, err := d.getMany(ctx, ids...)
		if err != nil {
			return err
		}
		for i, t := range tokens {
			old := known[ids[i]]
			if old != nil && t.Timestamp.Unix() < old.At {
				continue
			}
			token := &row{ID: ids[i], At: t.Timestamp.Unix(), plain: t.Token, ExpiresAt: until(t.Timestamp, keepTokens)}
			switch {
			case !t.SenderTimestamp.IsZero():
				at := t.SenderTimestamp.Unix()
				token.SentAt = &at
			case old != nil:
				token.SentAt = old.SentAt
			}
			known[ids[i]] = token
			c.put(token)
		}
		return nil
	})
}

// GetPrivacyToken finds the newest under either address; nil when there is none.
func (d *device) GetPrivacyToken(ctx context.Context, user types.JID) (*store.PrivacyToken, error) {
	aliases, err := d.aliases(ctx, user)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(aliases))
	for i, alias := range aliases {
		ids[i] = d.tokenID(alias)
	}
	rows, err := d.getMany(ctx, ids...)
	if err != nil {
		return nil, err
	}
	var newest *row
	for _, id := range ids {
		if r := rows[id]; r != nil && (newest == nil || r.At > newest.At) {
			newest = r
		}
	}
	if newest == nil {
		return nil, nil
	}
	token := &store.PrivacyToken{User: user.ToNonAD(), Token: newest.plain, Timestamp: time.Unix(newest.At, 0)}
	if newest.SentAt != nil {
		token.SenderTimestamp = time.Unix(*newest.SentAt, 0)
	}
	return token, nil
}

// DeleteExpiredPrivacyTokens forgets those from before cutoff and counts them.
func (d *device) DeleteExpiredPrivacyTokens(ctx context.Context, cutoff time.Time) (int64, error) {
	var n int64
	err := d.write(ctx, func(ctx context.Context, c *change) error {
		rows, err := d.scan(ctx, match{prefixes: []string{d.id(kindToken, "")}})
		if err != nil {
			return err
		}
		for _, r := range rows {
			if r.At < cutoff.Unix() {
				c.remove(r.ID)
				n++
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

// PutNCTSalt keeps it.
func (d *device) PutNCTSalt(ctx context.Context, salt []byte) error {
	return d.write(ctx, func(_ context.Context, c *change) error {
		c.put(&row{ID: d.id(kindSalt), plain: salt})
		return nil
	})
}

// GetNCTSalt gives nil when there is none.
func (d *device) GetNCTSalt(ctx context.Context) ([]byte, error) {
	return d.secret(ctx, d.id(kindSalt))
}

// DeleteNCTSalt forgets it.
func (d *device) DeleteNCTSalt(ctx context.Context) error { return d.remove(ctx, d.id(kindSalt)) }
