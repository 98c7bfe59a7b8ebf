package memstore

import (
	"context"
	"time"

	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
)

const (
	// keepBuffered is how long WhatsApp keeps what a device did not acknowledge.
	keepBuffered = 14 * 24 * time.Hour
	// keepOutgoing is how long somebody may ask for a message again.
	keepOutgoing = 7 * 24 * time.Hour
)

type secretKey struct {
	chat, sender types.JID
	id           types.MessageID
}

type secret struct {
	key    []byte
	sender types.JID
}

type outgoingKey struct {
	chat types.JID
	id   types.MessageID
}

type outgoing struct {
	format string
	plain  []byte
	at     time.Time
}

// PutMessageSecrets keeps many; incomplete ones are passed over.
func (r *rows) PutMessageSecrets(ctx context.Context, inserts []store.MessageSecretInsert) error {
	for _, in := range inserts {
		if in.Chat.IsEmpty() || in.Sender.IsEmpty() || in.ID == "" || len(in.Secret) == 0 {
			continue
		}
		if err := r.PutMessageSecret(ctx, in.Chat, in.Sender, in.ID, in.Secret); err != nil {
			return err
		}
	}
	return nil
}

// PutMessageSecret keeps the first that comes for a message.
func (r *rows) PutMessageSecret(ctx context.Context, chat, sender types.JID, id types.MessageID, key []byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	name := secretKey{chat.ToNonAD(), sender.ToNonAD(), id}
	if _, there := r.secrets[name]; !there {
		put(ctx, r.secrets, name, secret{key, sender.ToNonAD()})
	}
	return nil
}

// GetMessageSecret finds it by either address of chat and sender, and gives the
// sender's as it was kept; nil when there is none.
func (r *rows) GetMessageSecret(_ context.Context, chat, sender types.JID, id types.MessageID) ([]byte, types.JID, error) {
	chats, senders := r.container.aliases(chat), r.container.aliases(sender)
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, c := range chats {
		for _, s := range senders {
			if found, there := r.secrets[secretKey{c, s, id}]; there {
				return found.key, found.sender, nil
			}
		}
	}
	return nil, types.EmptyJID, nil
}

// PutPrivacyTokens keeps tokens, unless newer ones are there; when they were last
// handed out stays where the new ones do not say.
func (r *rows) PutPrivacyTokens(ctx context.Context, tokens ...store.PrivacyToken) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, t := range tokens {
		t.User = t.User.ToNonAD()
		old, there := r.tokens[t.User]
		if there && t.Timestamp.Before(old.Timestamp) {
			continue
		}
		if t.SenderTimestamp.IsZero() {
			t.SenderTimestamp = old.SenderTimestamp
		}
		put(ctx, r.tokens, t.User, t)
	}
	return nil
}

// GetPrivacyToken finds the newest under either address; nil when there is none.
func (r *rows) GetPrivacyToken(_ context.Context, user types.JID) (*store.PrivacyToken, error) {
	aliases := r.container.aliases(user)
	r.mu.Lock()
	defer r.mu.Unlock()
	var newest *store.PrivacyToken
	for _, j := range aliases {
		if t, there := r.tokens[j]; there && (newest == nil || t.Timestamp.After(newest.Timestamp)) {
			newest = &t
		}
	}
	if newest != nil {
		newest.User = user.ToNonAD()
	}
	return newest, nil
}

// DeleteExpiredPrivacyTokens forgets those from before cutoff and counts them.
func (r *rows) DeleteExpiredPrivacyTokens(ctx context.Context, cutoff time.Time) (int64, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var n int64
	for j, t := range r.tokens {
		if t.Timestamp.Before(cutoff) {
			remove(ctx, r.tokens, j)
			n++
		}
	}
	return n, nil
}

// PutNCTSalt keeps it.
func (r *rows) PutNCTSalt(_ context.Context, salt []byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.salt = salt
	return nil
}

// GetNCTSalt gives nil when there is none.
func (r *rows) GetNCTSalt(context.Context) ([]byte, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.salt, nil
}

// DeleteNCTSalt forgets it.
func (r *rows) DeleteNCTSalt(ctx context.Context) error { return r.PutNCTSalt(ctx, nil) }

// GetBufferedEvent gives what was decrypted; without plaintext once it was
// handled, nil when it never came.
func (r *rows) GetBufferedEvent(_ context.Context, hash [32]byte) (*store.BufferedEvent, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if e, there := r.buffered[hash]; there {
		return &e, nil
	}
	return nil, nil
}

// PutBufferedEvent keeps what was decrypted.
func (r *rows) PutBufferedEvent(ctx context.Context, hash [32]byte, plaintext []byte, serverTime time.Time) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	put(ctx, r.buffered, hash, store.BufferedEvent{Plaintext: plaintext, InsertTime: r.now(), ServerTime: serverTime})
	return nil
}

// ClearBufferedEventPlaintext is called once it was handled: only that it came
// is kept.
func (r *rows) ClearBufferedEventPlaintext(ctx context.Context, hash [32]byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if e, there := r.buffered[hash]; there {
		e.Plaintext = nil
		put(ctx, r.buffered, hash, e)
	}
	return nil
}

// DeleteOldBufferedHashes forgets what can no longer come again.
func (r *rows) DeleteOldBufferedHashes(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for hash, e := range r.buffered {
		if e.InsertTime.Before(r.now().Add(-keepBuffered)) {
			remove(ctx, r.buffered, hash)
		}
	}
	return nil
}

// GetOutgoingEvent finds a sent message by either address of its chat; an empty
// format when it is not there.
func (r *rows) GetOutgoingEvent(_ context.Context, chat, alias types.JID, id types.MessageID) (string, []byte, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, j := range []types.JID{chat, alias} {
		if e, there := r.outgoing[outgoingKey{j, id}]; there {
			return e.format, e.plain, nil
		}
	}
	return "", nil, nil
}

// AddOutgoingEvent keeps a sent message for whoever asks for it again.
func (r *rows) AddOutgoingEvent(ctx context.Context, chat types.JID, id types.MessageID, format string, plaintext []byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	put(ctx, r.outgoing, outgoingKey{chat, id}, outgoing{format, plaintext, r.now()})
	return nil
}

// DeleteOldOutgoingEvents forgets what nobody may ask for any more.
func (r *rows) DeleteOldOutgoingEvents(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for key, e := range r.outgoing {
		if e.at.Before(r.now().Add(-keepOutgoing)) {
			remove(ctx, r.outgoing, key)
		}
	}
	return nil
}
