package memstore

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/util/keys"
)

type preKey struct {
	key      *keys.PreKey
	uploaded bool
}

// groupUser names a sender key.
type groupUser struct{ group, user string }

// PutIdentity keeps the identity of a device.
func (r *rows) PutIdentity(ctx context.Context, address string, key [32]byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	put(ctx, r.identities, address, key)
	return nil
}

// DeleteAllIdentities forgets those of all devices of somebody.
func (r *rows) DeleteAllIdentities(ctx context.Context, user string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for address := range r.identities {
		if strings.HasPrefix(address, user+":") {
			remove(ctx, r.identities, address)
		}
	}
	return nil
}

// DeleteIdentity forgets one.
func (r *rows) DeleteIdentity(ctx context.Context, address string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	remove(ctx, r.identities, address)
	return nil
}

// IsTrustedIdentity holds for the identity that is kept, and for any while none
// is.
func (r *rows) IsTrustedIdentity(_ context.Context, address string, key [32]byte) (bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	known, there := r.identities[address]
	return !there || known == key, nil
}

// GetSession gives nil when there is none.
func (r *rows) GetSession(_ context.Context, address string) ([]byte, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.sessions[address], nil
}

// HasSession tells whether there is one.
func (r *rows) HasSession(_ context.Context, address string) (bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	_, there := r.sessions[address]
	return there, nil
}

// GetManySessions has every address, with nil where there is no session.
func (r *rows) GetManySessions(_ context.Context, addresses []string) (map[string][]byte, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := make(map[string][]byte, len(addresses))
	for _, address := range addresses {
		out[address] = r.sessions[address]
	}
	return out, nil
}

// PutSession keeps a session.
func (r *rows) PutSession(ctx context.Context, address string, session []byte) error {
	return r.PutManySessions(ctx, map[string][]byte{address: session})
}

// PutManySessions keeps all of them or none.
func (r *rows) PutManySessions(ctx context.Context, sessions map[string][]byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for address, session := range sessions {
		put(ctx, r.sessions, address, session)
	}
	return nil
}

// DeleteAllSessions forgets those with all devices of somebody.
func (r *rows) DeleteAllSessions(ctx context.Context, user string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for address := range r.sessions {
		if strings.HasPrefix(address, user+":") {
			remove(ctx, r.sessions, address)
		}
	}
	return nil
}

// DeleteSession forgets one.
func (r *rows) DeleteSession(ctx context.Context, address string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	remove(ctx, r.sessions, address)
	return nil
}

// MigratePNToLID moves sessions, identities and sender keys of somebody from
// their number to their hidden address, over what stands there.
func (r *rows) MigratePNToLID(ctx context.Context, pn, lid types.JID) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	from, to := pn.SignalAddressUser()+":", lid.SignalAddressUser()+":"
	move(ctx, r.sessions, from, to)
	move(ctx, r.identities, from, to)
	for key, value := range r.senderKeys {
		if rest, moved := strings.CutPrefix(key.user, from); moved {
			put(ctx, r.senderKeys, groupUser{key.group, to + rest}, value)
			remove(ctx, r.senderKeys, key)
		}
	}
	return nil
}

func move[V any](ctx context.Context, table map[string]V, from, to string) {
	for address, value := range table {
		if rest, moved := strings.CutPrefix(address, from); moved {
			put(ctx, table, to+rest, value)
			remove(ctx, table, address)
		}
	}
}

// newPreKey makes the next one. The caller holds r.mu.
func (r *rows) newPreKey(ctx context.Context, uploaded bool) *keys.PreKey {
	r.lastPreKey++
	k := keys.NewPreKey(r.lastPreKey)
	put(ctx, r.preKeys, k.KeyID, preKey{key: k, uploaded: uploaded})
	return k
}

// GetOrGenPreKeys gives that many that were not uploaded, the oldest first, and
// makes what is missing.
func (r *rows) GetOrGenPreKeys(ctx context.Context, count uint32) ([]*keys.PreKey, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []*keys.PreKey
	for _, k := range r.preKeys {
		if !k.uploaded {
			out = append(out, k.key)
		}
	}
	slices.SortFunc(out, func(x, y *keys.PreKey) int { return cmp.Compare(x.KeyID, y.KeyID) })
	if uint32(len(out)) > count {
		out = out[:count]
	}
	for uint32(len(out)) < count {
		out = append(out, r.newPreKey(ctx, false))
	}
	return out, nil
}

// GenOnePreKey makes one that counts as uploaded: it is handed to somebody.
func (r *rows) GenOnePreKey(ctx context.Context) (*keys.PreKey, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.newPreKey(ctx, true), nil
}

// GetPreKey gives nil when there is none.
func (r *rows) GetPreKey(_ context.Context, id uint32) (*keys.PreKey, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.preKeys[id].key, nil
}

// RemovePreKey forgets one that was used.
func (r *rows) RemovePreKey(ctx context.Context, id uint32) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	remove(ctx, r.preKeys, id)
	return nil
}

// MarkPreKeysAsUploaded marks all up to an id.
func (r *rows) MarkPreKeysAsUploaded(ctx context.Context, upTo uint32) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for id, k := range r.preKeys {
		if id <= upTo && !k.uploaded {
			put(ctx, r.preKeys, id, preKey{key: k.key, uploaded: true})
		}
	}
	return nil
}

// UploadedPreKeyCount counts them.
func (r *rows) UploadedPreKeyCount(context.Context) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for _, k := range r.preKeys {
		if k.uploaded {
			n++
		}
	}
	return n, nil
}

// PutSenderKey keeps the key of a member of a group.
func (r *rows) PutSenderKey(ctx context.Context, group, user string, key []byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	put(ctx, r.senderKeys, groupUser{group, user}, key)
	return nil
}

// GetSenderKey gives nil when there is none.
func (r *rows) GetSenderKey(_ context.Context, group, user string) ([]byte, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.senderKeys[groupUser{group, user}], nil
}
