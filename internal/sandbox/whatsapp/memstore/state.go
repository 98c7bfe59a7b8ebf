package memstore

import (
	"bytes"
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
)

type version struct {
	number uint64
	hash   [128]byte
}

type mac struct {
	version uint64
	value   []byte
}

// PutAppStateSyncKey keeps a key, unless a newer one has its id.
func (r *rows) PutAppStateSyncKey(ctx context.Context, id []byte, key store.AppStateSyncKey) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if old, there := r.syncKeys[string(id)]; !there || key.Timestamp > old.Timestamp {
		put(ctx, r.syncKeys, string(id), key)
	}
	return nil
}

// GetAppStateSyncKey gives nil when there is none.
func (r *rows) GetAppStateSyncKey(_ context.Context, id []byte) (*store.AppStateSyncKey, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if key, there := r.syncKeys[string(id)]; there {
		return &key, nil
	}
	return nil, nil
}

// GetLatestAppStateSyncKeyID gives nil when there is none.
func (r *rows) GetLatestAppStateSyncKeyID(context.Context) ([]byte, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var latest []byte
	var newest int64
	for id, key := range r.syncKeys {
		if latest == nil || key.Timestamp > newest {
			latest, newest = []byte(id), key.Timestamp
		}
	}
	return latest, nil
}

// GetAllAppStateSyncKeys gives them, the newest first.
func (r *rows) GetAllAppStateSyncKeys(context.Context) ([]*store.AppStateSyncKey, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	out := make([]*store.AppStateSyncKey, 0, len(r.syncKeys))
	for _, key := range r.syncKeys {
		out = append(out, &key)
	}
	slices.SortFunc(out, func(x, y *store.AppStateSyncKey) int { return cmp.Compare(y.Timestamp, x.Timestamp) })
	return out, nil
}

// PutAppStateVersion keeps how far a collection was read.
func (r *rows) PutAppStateVersion(ctx context.Context, name string, number uint64, hash [128]byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	put(ctx, r.versions, name, version{number, hash})
	return nil
}

// GetAppStateVersion gives zeros for a collection that was never read.
func (r *rows) GetAppStateVersion(_ context.Context, name string) (uint64, [128]byte, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	v := r.versions[name]
	return v.number, v.hash, nil
}

// DeleteAppStateVersion forgets a collection, its MACs with it.
func (r *rows) DeleteAppStateVersion(ctx context.Context, name string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	remove(ctx, r.versions, name)
	remove(ctx, r.macs, name)
	return nil
}

// PutAppStateMutationMACs keeps those of one version.
func (r *rows) PutAppStateMutationMACs(ctx context.Context, name string, number uint64, mutations []store.AppStateMutationMAC) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	table := maps.Clone(r.macs[name])
	if table == nil {
		table = map[string]mac{}
	}
	for _, m := range mutations {
		if old, there := table[string(m.IndexMAC)]; !there || number >= old.version {
			table[string(m.IndexMAC)] = mac{number, bytes.Clone(m.ValueMAC)}
		}
	}
	put(ctx, r.macs, name, table)
	return nil
}

// DeleteAppStateMutationMACs forgets those of some indexes.
func (r *rows) DeleteAppStateMutationMACs(ctx context.Context, name string, indexMACs [][]byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	table := maps.Clone(r.macs[name])
	for _, index := range indexMACs {
		delete(table, string(index))
	}
	put(ctx, r.macs, name, table)
	return nil
}

// GetAppStateMutationMAC gives the newest of an index, nil when there is none.
func (r *rows) GetAppStateMutationMAC(_ context.Context, name string, indexMAC []byte) ([]byte, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.macs[name][string(indexMAC)].value, nil
}

// PutPushName keeps what somebody calls themselves. It reports whether it is new,
// and what it was before.
func (r *rows) PutPushName(ctx context.Context, user types.JID, name string) (bool, string, error) {
	return r.rename(ctx, user, name, func(c *types.ContactInfo) *string { return &c.PushName })
}

// PutBusinessName keeps what a business calls itself, in the same way.
func (r *rows) PutBusinessName(ctx context.Context, user types.JID, name string) (bool, string, error) {
	return r.rename(ctx, user, name, func(c *types.ContactInfo) *string { return &c.BusinessName })
}

func (r *rows) rename(ctx context.Context, user types.JID, name string, field func(*types.ContactInfo) *string) (bool, string, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := r.contacts[user]
	old := *field(&c)
	if old == name {
		return false, "", nil
	}
	*field(&c), c.Found = name, true
	put(ctx, r.contacts, user, c)
	return true, old, nil
}

// PutContactName keeps a name of the address book. The interface names its
// arguments the other way round, but callers pass the first name first.
func (r *rows) PutContactName(ctx context.Context, user types.JID, first, full string) error {
	return r.PutAllContactNames(ctx, []store.ContactEntry{{JID: user, FirstName: first, FullName: full}})
}

// PutAllContactNames keeps many.
func (r *rows) PutAllContactNames(ctx context.Context, contacts []store.ContactEntry) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, entry := range contacts {
		c := r.contacts[entry.JID]
		c.FirstName, c.FullName, c.Found = entry.FirstName, entry.FullName, true
		put(ctx, r.contacts, entry.JID, c)
	}
	return nil
}

// PutManyRedactedPhones keeps what groups tell of hidden numbers.
func (r *rows) PutManyRedactedPhones(ctx context.Context, entries []store.RedactedPhoneEntry) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, entry := range entries {
		c := r.contacts[entry.JID]
		c.RedactedPhone, c.Found = entry.RedactedPhone, true
		put(ctx, r.contacts, entry.JID, c)
	}
	return nil
}

// GetContact gives one that is not Found for somebody unknown.
func (r *rows) GetContact(_ context.Context, user types.JID) (types.ContactInfo, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.contacts[user], nil
}

// GetAllContacts gives all that are known.
func (r *rows) GetAllContacts(context.Context) (map[types.JID]types.ContactInfo, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return maps.Clone(r.contacts), nil
}

// PutMutedUntil keeps it for a chat; the zero time is not muted.
func (r *rows) PutMutedUntil(ctx context.Context, chat types.JID, until time.Time) error {
	return r.changeChat(ctx, chat, func(c *types.LocalChatSettings) { c.MutedUntil = until })
}

// PutPinned keeps it for a chat.
func (r *rows) PutPinned(ctx context.Context, chat types.JID, pinned bool) error {
	return r.changeChat(ctx, chat, func(c *types.LocalChatSettings) { c.Pinned = pinned })
}

// PutArchived keeps it for a chat.
func (r *rows) PutArchived(ctx context.Context, chat types.JID, archived bool) error {
	return r.changeChat(ctx, chat, func(c *types.LocalChatSettings) { c.Archived = archived })
}

func (r *rows) changeChat(ctx context.Context, chat types.JID, change func(*types.LocalChatSettings)) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := r.chats[chat]
	c.Found = true
	change(&c)
	put(ctx, r.chats, chat, c)
	return nil
}

// GetChatSettings gives ones that are not Found for a chat that has none.
func (r *rows) GetChatSettings(_ context.Context, chat types.JID) (types.LocalChatSettings, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.chats[chat], nil
}
