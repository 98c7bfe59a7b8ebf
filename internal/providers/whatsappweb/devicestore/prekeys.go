package devicestore

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"

	"go.mau.fi/whatsmeow/util/keys"
	"go.mongodb.org/mongo-driver/v2/bson"
)

func (d *device) preKeyID(id uint32) string { return d.id(kindPreKey, fmt.Sprintf("%08x", id)) }

// preKey reads a row.
func (d *device) preKey(r *row) (*keys.PreKey, error) {
	id, err := strconv.ParseUint(d.keyOf(kindPreKey, r.ID), 16, 32)
	if err != nil || len(r.plain) != 32 {
		return nil, fmt.Errorf("one-time key %s of channel %s: %w", r.ID, d.holding.channel, errDamaged)
	}
	return &keys.PreKey{KeyPair: *keys.NewKeyPairFromPrivateKey([32]byte(r.plain)), KeyID: uint32(id)}, nil
}

// newPreKeys makes the next ones. No id comes twice, not even after the newest
// was used.
func (d *device) newPreKeys(c *change, count int, uploaded bool) []*keys.PreKey {
	made := make([]*keys.PreKey, count)
	for i := range made {
		made[i] = keys.NewPreKey(d.lastPreKey + uint32(i) + 1)
		c.put(&row{ID: d.preKeyID(made[i].KeyID), Uploaded: uploaded, plain: made[i].Priv[:]})
	}
	if count > 0 {
		last := made[count-1].KeyID
		c.set = append(c.set, bson.E{Key: "pairing.lastPreKey", Value: int64(last)})
		c.then(func() { d.lastPreKey = last })
	}
	return made
}

// GetOrGenPreKeys gives that many that were not uploaded, the oldest first, and
// makes what is missing.
func (d *device) GetOrGenPreKeys(ctx context.Context, count uint32) ([]*keys.PreKey, error) {
	var out []*keys.PreKey
	err := d.write(ctx, func(ctx context.Context, c *change) error {
		rows, err := d.scan(ctx, match{prefixes: []string{d.id(kindPreKey, "")}})
		if err != nil {
			return err
		}
		for _, r := range rows {
			if r.Uploaded {
				continue
			}
			key, err := d.preKey(r)
			if err != nil {
				return err
			}
			out = append(out, key)
		}
		slices.SortFunc(out, func(x, y *keys.PreKey) int { return cmp.Compare(x.KeyID, y.KeyID) })
		if uint32(len(out)) > count {
			out = out[:count]
		}
		out = append(out, d.newPreKeys(c, int(count)-len(out), false)...)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// GenOnePreKey makes one that counts as uploaded: it is handed to somebody.
func (d *device) GenOnePreKey(ctx context.Context) (*keys.PreKey, error) {
	var made []*keys.PreKey
	err := d.write(ctx, func(_ context.Context, c *change) error {
		made = d.newPreKeys(c, 1, true)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return made[0], nil
}

// GetPreKey gives nil when there is none.
func (d *device) GetPreKey(ctx context.Context, id uint32) (*keys.PreKey, error) {
	r, err := d.get(ctx, d.preKeyID(id))
	if err != nil || r == nil {
		return nil, err
	}
	return d.preKey(r)
}

// RemovePreKey forgets one that was used.
func (d *device) RemovePreKey(ctx context.Context, id uint32) error {
	return d.remove(ctx, d.preKeyID(id))
}

// MarkPreKeysAsUploaded marks all up to an id.
func (d *device) MarkPreKeysAsUploaded(ctx context.Context, upTo uint32) error {
	return d.write(ctx, func(ctx context.Context, c *change) error {
		rows, err := d.scan(ctx, match{prefixes: []string{d.id(kindPreKey, "")}})
		if err != nil {
			return err
		}
		last := d.preKeyID(upTo)
		for _, r := range rows {
			if r.Uploaded || r.ID > last {
				continue
			}
			uploaded := *r
			uploaded.Uploaded = true
			c.put(&uploaded)
		}
		return nil
	})
}

// UploadedPreKeyCount counts them.
func (d *device) UploadedPreKeyCount(ctx context.Context) (int, error) {
	n, err := d.count(ctx, append(within(d.id(kindPreKey, "")), bson.E{Key: "uploaded", Value: true}))
	return int(n), err
}
