package devicestore

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"go.mau.fi/whatsmeow/store"
	"go.mongodb.org/mongo-driver/v2/bson"
)

// syncKey is what the row of a key of the app state seals.
type syncKey struct {
	Key         []byte `bson:"key"`
	Fingerprint []byte `bson:"fingerprint"`
}

func (d *device) syncKeyID(id []byte) string {
	return d.id(kindSyncKey, hex.EncodeToString(id))
}

// PutAppStateSyncKey keeps a key, unless a newer one has its id.
func (d *device) PutAppStateSyncKey(ctx context.Context, id []byte, key store.AppStateSyncKey) error {
	return d.write(ctx, func(ctx context.Context, c *change) error {
		old, err := d.get(ctx, d.syncKeyID(id))
		if err != nil || old != nil && old.At >= key.Timestamp {
			return err
		}
		plain, err := bson.Marshal(syncKey{key.Data, key.Fingerprint})
		if err != nil {
			return err
		}
		c.put(&row{ID: d.syncKeyID(id), At: key.Timestamp, plain: plain})
		return nil
	})
}

func readSyncKey(r *row) (*store.AppStateSyncKey, error) {
	var key syncKey
	if err := bson.Unmarshal(r.plain, &key); err != nil {
		return nil, fmt.Errorf("decode app state key %s: %w", r.ID, err)
	}
	return &store.AppStateSyncKey{Data: key.Key, Fingerprint: key.Fingerprint, Timestamp: r.At}, nil
}

// GetAppStateSyncKey gives nil when there is none.
func (d *device) GetAppStateSyncKey(ctx context.Context, id []byte) (*store.AppStateSyncKey, error) {
	r, err := d.get(ctx, d.syncKeyID(id))
	if err != nil || r == nil {
		return nil, err
	}
	return readSyncKey(r)
}

// syncKeys gives the rows of the app state's keys, the newest first. There is
// one a month or so.
func (d *device) syncKeys(ctx context.Context) ([]*row, error) {
	rows, err := d.scan(ctx, match{prefixes: []string{d.id(kindSyncKey, "")}})
	slices.SortFunc(rows, func(x, y *row) int { return cmp.Compare(y.At, x.At) })
	return rows, err
}

// GetLatestAppStateSyncKeyID gives nil when there is none.
func (d *device) GetLatestAppStateSyncKeyID(ctx context.Context) ([]byte, error) {
	rows, err := d.syncKeys(ctx)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return hex.DecodeString(d.keyOf(kindSyncKey, rows[0].ID))
}

// GetAllAppStateSyncKeys gives them, the newest first.
func (d *device) GetAllAppStateSyncKeys(ctx context.Context) ([]*store.AppStateSyncKey, error) {
	rows, err := d.syncKeys(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]*store.AppStateSyncKey, len(rows))
	for i, r := range rows {
		if out[i], err = readSyncKey(r); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// PutAppStateVersion keeps how far a collection was read.
func (d *device) PutAppStateVersion(ctx context.Context, name string, version uint64, hash [128]byte) error {
	return d.write(ctx, func(_ context.Context, c *change) error {
		c.put(&row{ID: d.id(kindCollection, name), Version: int64(version), Public: hash[:]})
		return nil
	})
}

// GetAppStateVersion gives zeros for a collection that was never read.
func (d *device) GetAppStateVersion(ctx context.Context, name string) (uint64, [128]byte, error) {
	r, err := d.get(ctx, d.id(kindCollection, name))
	if err != nil || r == nil {
		return 0, [128]byte{}, err
	}
	if len(r.Public) != 128 {
		return 0, [128]byte{}, fmt.Errorf("app state %s of channel %s: %w", name, d.holding.channel, errDamaged)
	}
	return uint64(r.Version), [128]byte(r.Public), nil
}

// DeleteAppStateVersion forgets a collection, its MACs with it.
func (d *device) DeleteAppStateVersion(ctx context.Context, name string) error {
	return d.write(ctx, func(ctx context.Context, c *change) error {
		rows, err := d.scan(ctx, match{prefixes: []string{d.id(kindMutation, name, "")}})
		for _, r := range rows {
			c.remove(r.ID)
		}
		c.remove(d.id(kindCollection, name))
		return err
	})
}

func (d *device) mutationID(name string, indexMAC []byte) string {
	return d.id(kindMutation, name, hex.EncodeToString(indexMAC))
}

// PutAppStateMutationMACs keeps those of one version. Of each index only the
// newest is ever asked for.
func (d *device) PutAppStateMutationMACs(ctx context.Context, name string, version uint64, mutations []store.AppStateMutationMAC) error {
	for some := range slices.Chunk(mutations, rowsPerWrite) {
		if err := d.putMutations(ctx, name, version, some); err != nil {
			return err
		}
	}
	return nil
}

// PutAppState keeps how far a collection was read, and what the MACs are of it
// then, so that nobody sees the one without the other; only more than fit into one
// write go before.
func (d *device) PutAppState(ctx context.Context, name string, version uint64, hash [128]byte, gone [][]byte, mutations []store.AppStateMutationMAC) error {
	if len(mutations) > rowsPerWrite {
		if err := d.DeleteAppStateMutationMACs(ctx, name, gone); err != nil {
			return err
		}
		most := len(mutations) - rowsPerWrite
		if err := d.PutAppStateMutationMACs(ctx, name, version, mutations[:most]); err != nil {
			return err
		}
		gone, mutations = nil, mutations[most:]
	}
	return d.write(ctx, func(ctx context.Context, _ *change) error {
		return errors.Join(
			d.DeleteAppStateMutationMACs(ctx, name, gone),
			d.PutAppStateMutationMACs(ctx, name, version, mutations),
			d.PutAppStateVersion(ctx, name, version, hash),
		)
	})
}

func (d *device) putMutations(ctx context.Context, name string, version uint64, mutations []store.AppStateMutationMAC) error {
	return d.write(ctx, func(ctx context.Context, c *change) error {
		ids := make([]string, len(mutations))
		for i, m := range mutations {
			ids[i] = d.mutationID(name, m.IndexMAC)
		}
		known, err := d.getMany(ctx, ids...)
		if err != nil {
			return err
		}
		for i, m := range mutations {
			if old := known[ids[i]]; old == nil || uint64(old.Version) <= version {
				c.put(&row{ID: ids[i], Version: int64(version), Public: m.ValueMAC})
			}
		}
		return nil
	})
}

// DeleteAppStateMutationMACs forgets those of some indexes.
func (d *device) DeleteAppStateMutationMACs(ctx context.Context, name string, indexMACs [][]byte) error {
	ids := make([]string, len(indexMACs))
	for i, index := range indexMACs {
		ids[i] = d.mutationID(name, index)
	}
	return d.remove(ctx, ids...)
}

// GetAppStateMutationMAC gives the newest of an index, nil when there is none.
func (d *device) GetAppStateMutationMAC(ctx context.Context, name string, indexMAC []byte) ([]byte, error) {
	r, err := d.get(ctx, d.mutationID(name, indexMAC))
	if err != nil || r == nil {
		return nil, err
	}
	return r.Public, nil
}
